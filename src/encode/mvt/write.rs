//! Features as one layer of a tile.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use super::{
    grid::{self, Kind},
    protobuf::Message,
    tile::{EXTENT, Tile},
};
use crate::layers::{Features, Layer, Value};

/// Writes a tile of one layer, named as the layer is. Unknown values are left out, as the format
/// has none. `None` where no feature lies on the tile.
pub fn encode_tile(layer: &dyn Layer, features: Features<'_>, tile: Tile) -> Option<Vec<u8>> {
    let mut message = Message::default();
    message.number(15, 2);
    message.bytes(1, layer.id().as_bytes());
    message.number(5, EXTENT as u64);
    let mut words = Words::default();
    let mut empty = true;
    for feature in features {
        let Some((kind, commands)) = grid::draw(tile, &feature.shape) else { continue };
        empty = false;
        let mut tags = Vec::with_capacity(feature.values.len() * 2);
        for (key, value) in feature.values.into_iter().enumerate() {
            if let Some(number) = words.number(key, value) {
                tags.push(key as u32);
                tags.push(number);
            }
        }
        message.bytes(2, &write_feature(feature.id, kind, &tags, &commands));
    }
    if empty {
        return None;
    }
    for property in layer.properties() {
        message.bytes(3, property.name.as_bytes());
    }
    for value in &words.written {
        message.bytes(4, value);
    }
    let mut whole = Message::default();
    whole.bytes(3, &message.into_bytes());
    Some(whole.into_bytes())
}

fn write_feature(id: u64, kind: Kind, tags: &[u32], commands: &[u32]) -> Vec<u8> {
    let mut message = Message::default();
    message.number(1, id);
    message.packed(2, tags);
    message.number(3, kind as u64);
    message.packed(4, commands);
    message.into_bytes()
}

/// The values of a tile, each written once.
#[derive(Default)]
struct Words<'s> {
    known: FxHashMap<Word<'s>, u32>,
    /// The last value of each property: neighbours often say the same.
    last: Vec<Option<(Word<'s>, u32)>>,
    written: Vec<Vec<u8>>,
}

impl<'s> Words<'s> {
    /// The number of a value; `None` for one that a tile cannot tell.
    fn number(&mut self, key: usize, value: Value<'s>) -> Option<u32> {
        let told = match value {
            Value::Null | Value::NotAsked => false,
            Value::Real(real) => real.is_finite(),
            Value::Bool(_) | Value::Integer(_) | Value::Text(_) | Value::Date(_) => true,
        };
        if !told {
            return None;
        }
        if self.last.len() <= key {
            self.last.resize(key + 1, None);
        }
        let word = Word(value);
        if let Some((last, number)) = &self.last[key]
            && *last == word
        {
            return Some(*number);
        }
        let next = self.written.len() as u32;
        let number = *self.known.entry(word.clone()).or_insert_with(|| {
            self.written.push(word.write());
            next
        });
        self.last[key] = Some((word, number));
        Some(number)
    }
}

/// A value as a key: never null, never NaN.
#[derive(Clone)]
struct Word<'s>(Value<'s>);

impl Word<'_> {
    fn write(&self) -> Vec<u8> {
        let mut message = Message::default();
        match &self.0 {
            Value::Null | Value::NotAsked => {}
            Value::Bool(yes) => message.number(7, u64::from(*yes)),
            Value::Integer(number) => match u64::try_from(*number) {
                Ok(number) => message.number(5, number),
                Err(_) => message.signed(6, *number),
            },
            Value::Real(number) => message.double(3, *number),
            Value::Text(text) => message.bytes(1, text.as_bytes()),
            Value::Date(day) => message.bytes(1, day.to_string().as_bytes()),
        }
        message.into_bytes()
    }
}

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // By bits: 0.0 and -0.0 are two values here, and a number is always itself.
            (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
            (a, b) => a == b,
        }
    }
}

impl Eq for Word<'_> {}

impl Hash for Word<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
        match &self.0 {
            Value::Null | Value::NotAsked => {}
            Value::Bool(yes) => yes.hash(state),
            Value::Integer(number) => number.hash(state),
            Value::Real(number) => number.to_bits().hash(state),
            Value::Text(text) => text.hash(state),
            Value::Date(day) => day.hash(state),
        }
    }
}
