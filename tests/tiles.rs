//! Encode, then decode: what goes into a tile comes out of it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::borrow::Cow;

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use poppywatch::{
    domain::Text,
    encode::{BUFFER, EXTENT, Tile, encode_tile},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, Value, ValueKind,
    },
    snapshot::Snapshot,
};
use proptest::prelude::*;

/// As much of a decoder as the tests need: it panics on anything that the specification forbids.
mod decode {
    #[derive(Debug, PartialEq)]
    pub enum Word {
        Text(String),
        Double(f64),
        Unsigned(u64),
        Signed(i64),
        Bool(bool),
    }

    #[derive(Debug, Default)]
    pub struct Layer {
        pub name: String,
        pub version: u64,
        pub extent: u64,
        pub features: Vec<Feature>,
        pub keys: Vec<String>,
        pub values: Vec<Word>,
    }

    #[derive(Debug, Default)]
    pub struct Feature {
        pub id: u64,
        pub kind: u64,
        pub tags: Vec<u64>,
        pub paths: Vec<Path>,
    }

    #[derive(Debug, Default, Clone, PartialEq)]
    pub struct Path {
        pub places: Vec<[i64; 2]>,
        pub closed: bool,
    }

    enum Part<'b> {
        Number(u64),
        Fixed([u8; 8]),
        Bytes(&'b [u8]),
    }

    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (first, rest) = bytes.split_first().expect("a number ends");
            *bytes = rest;
            number |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                return number;
            }
        }
        panic!("a number of more than ten bytes");
    }

    fn parts(mut bytes: &[u8]) -> Vec<(u64, Part<'_>)> {
        let mut parts = Vec::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let part = match key & 7 {
                0 => Part::Number(varint(&mut bytes)),
                1 => {
                    let (fixed, rest) = bytes.split_at(8);
                    bytes = rest;
                    Part::Fixed(fixed.try_into().unwrap())
                }
                2 => {
                    let length = varint(&mut bytes) as usize;
                    let (inner, rest) = bytes.split_at(length);
                    bytes = rest;
                    Part::Bytes(inner)
                }
                other => panic!("wire type {other}"),
            };
            parts.push((key >> 3, part));
        }
        parts
    }

    fn numbers(mut bytes: &[u8]) -> Vec<u64> {
        let mut numbers = Vec::new();
        while !bytes.is_empty() {
            numbers.push(varint(&mut bytes));
        }
        numbers
    }

    fn zigzag(number: u64) -> i64 {
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    pub fn tile(bytes: &[u8]) -> Layer {
        let mut whole = parts(bytes);
        assert_eq!(whole.len(), 1, "one layer");
        let Some((3, Part::Bytes(inner))) = whole.pop() else { panic!("no layer") };
        let mut layer = Layer::default();
        for part in parts(inner) {
            match part {
                (1, Part::Bytes(name)) => layer.name = String::from_utf8(name.into()).unwrap(),
                (2, Part::Bytes(inner)) => layer.features.push(feature(inner)),
                (3, Part::Bytes(key)) => layer.keys.push(String::from_utf8(key.into()).unwrap()),
                (4, Part::Bytes(inner)) => layer.values.push(word(inner)),
                (5, Part::Number(extent)) => layer.extent = extent,
                (15, Part::Number(version)) => layer.version = version,
                (other, _) => panic!("field {other}"),
            }
        }
        layer
    }

    fn word(bytes: &[u8]) -> Word {
        match parts(bytes).pop().unwrap() {
            (1, Part::Bytes(text)) => Word::Text(String::from_utf8(text.into()).unwrap()),
            (3, Part::Fixed(bytes)) => Word::Double(f64::from_le_bytes(bytes)),
            (5, Part::Number(number)) => Word::Unsigned(number),
            (6, Part::Number(number)) => Word::Signed(zigzag(number)),
            (7, Part::Number(yes)) => Word::Bool(yes == 1),
            (other, _) => panic!("value of field {other}"),
        }
    }

    fn feature(bytes: &[u8]) -> Feature {
        let mut feature = Feature::default();
        for part in parts(bytes) {
            match part {
                (1, Part::Number(id)) => feature.id = id,
                (2, Part::Bytes(tags)) => feature.tags = numbers(tags),
                (3, Part::Number(kind)) => feature.kind = kind,
                (4, Part::Bytes(commands)) => feature.paths = paths(&numbers(commands)),
                (other, _) => panic!("field {other} of a feature"),
            }
        }
        feature
    }

    fn paths(commands: &[u64]) -> Vec<Path> {
        let mut paths: Vec<Path> = Vec::new();
        let mut at = [0_i64; 2];
        let mut rest = commands.iter();
        while let Some(command) = rest.next() {
            let (id, count) = (command & 7, command >> 3);
            assert!(count > 0, "a command without a count");
            if id == 7 {
                assert_eq!(count, 1);
                paths.last_mut().expect("a ring is open").closed = true;
                continue;
            }
            for _ in 0..count {
                let step = [zigzag(*rest.next().unwrap()), zigzag(*rest.next().unwrap())];
                assert!(id == 1 || step != [0, 0], "a line of no length");
                at = [at[0] + step[0], at[1] + step[1]];
                match id {
                    1 => paths.push(Path { places: vec![at], closed: false }),
                    2 => paths.last_mut().expect("a line is begun").places.push(at),
                    other => panic!("command {other}"),
                }
            }
        }
        paths
    }

    pub fn doubled_area(ring: &[[i64; 2]]) -> i64 {
        (0..ring.len())
            .map(|n| (ring[n], ring[(n + 1) % ring.len()]))
            .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
            .sum()
    }
}

const PROPERTIES: &[Property] = &[
    property("text", ValueKind::Text),
    property("real", ValueKind::Real),
    property("integer", ValueKind::Integer),
    property("bool", ValueKind::Bool),
];

const fn property(name: &'static str, kind: ValueKind) -> Property {
    let text = Text::new("x", "x");
    Property { name, title: text, description: text, kind, unit: None, words: &[] }
}

/// A layer that is only asked for its name and columns.
struct Names;

impl Layer for Names {
    fn id(&self) -> &'static str {
        "plots"
    }
    fn title(&self) -> Text {
        Text::new("x", "x")
    }
    fn description(&self) -> Text {
        Text::new("x", "x")
    }
    fn geometry(&self) -> GeometryKind {
        GeometryKind::Point
    }
    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }
    fn parameters(&self) -> &'static [Parameter] {
        &[]
    }
    fn features<'s>(
        &self,
        _snapshot: &'s Snapshot,
        _query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError> {
        Ok(Box::new(std::iter::empty()))
    }
}

fn encoded(shapes: Vec<Shape<'static>>, tile: Tile) -> Option<decode::Layer> {
    let features = shapes.into_iter().enumerate().map(|(n, shape)| LayerFeature {
        id: n as u64 + 1,
        shape,
        values: vec![
            Value::Text(format!("Bản {}", n % 3).into()),
            Value::Real(n as f64 / 4.0),
            Value::Integer(-n.cast_signed() as i64),
            if n % 2 == 0 { Value::Null } else { Value::Bool(true) },
        ],
    });
    encode_tile(&Names, Box::new(features), tile).map(|bytes| decode::tile(&bytes))
}

/// Longitude and latitude near Lai Châu.
fn place() -> impl Strategy<Value = Coord<f64>> {
    (102.3..103.9, 21.7..22.8).prop_map(|(x, y)| Coord { x, y })
}

/// A star around a place, `size` degrees wide: valid, and of any roughness.
fn outline() -> impl Strategy<Value = MultiPolygon<f64>> {
    let arms = prop::collection::vec(0.2..1.0_f64, 3..40);
    (place(), -6.0..-0.5_f64, arms).prop_map(|(centre, size, arms)| {
        let turn = std::f64::consts::TAU / arms.len() as f64;
        let mut ring: Vec<Coord<f64>> = arms
            .iter()
            .enumerate()
            .map(|(n, arm)| {
                let (angle, arm) = (n as f64 * turn, arm * 10_f64.powf(size));
                Coord { x: centre.x + arm * angle.cos(), y: centre.y + arm * angle.sin() }
            })
            .collect();
        ring.push(ring[0]);
        MultiPolygon(vec![Polygon::new(LineString(ring), vec![])])
    })
}

fn on_the_sheet(place: [i64; 2]) -> bool {
    let drawn = i64::from(-BUFFER)..=i64::from(EXTENT + BUFFER);
    place.iter().all(|number| drawn.contains(number))
}

proptest! {
    #[test]
    fn a_tile_never_loses_a_point(places in prop::collection::vec(place(), 1..30), zoom in 0_u8..=22) {
        for place in &places {
            let tile = Tile::holding(zoom, *place);
            let layer = encoded(vec![Shape::Point(Point(*place))], tile).expect("the point");
            prop_assert_eq!(layer.features.len(), 1);
            let at = layer.features[0].paths[0].places[0];
            prop_assert!(at.iter().all(|n| (0..=4096).contains(n)), "{:?}", at);
        }
        let shapes = places.iter().map(|place| Shape::Point(Point(*place))).collect();
        let layer = encoded(shapes, Tile::new(0, 0, 0).unwrap()).unwrap();
        prop_assert_eq!(layer.features.len(), places.len());
    }

    #[test]
    fn a_tile_never_loses_an_outline(area in outline(), zoom in 0_u8..=18) {
        let first = area.0[0].exterior().0[0];
        let tile = Tile::holding(zoom, first);
        let layer = encoded(vec![Shape::Area(Cow::Owned(area))], tile).expect("the outline");
        let feature = &layer.features[0];
        prop_assert_eq!(feature.kind, 3);
        prop_assert!(!feature.paths.is_empty());
        for (n, path) in feature.paths.iter().enumerate() {
            prop_assert!(path.closed && path.places.len() >= 3);
            prop_assert!(path.places.iter().all(|at| on_the_sheet(*at)), "{:?}", path);
            let area = decode::doubled_area(&path.places);
            prop_assert!(if n == 0 { area > 0 } else { area != 0 }, "{}", area);
        }
    }

    #[test]
    fn a_tile_never_loses_a_line(places in prop::collection::vec(place(), 2..20), zoom in 0_u8..=18) {
        let tile = Tile::holding(zoom, places[0]);
        let line = MultiLineString(vec![LineString(places)]);
        let layer = encoded(vec![Shape::Lines(Cow::Owned(line))], tile).expect("the line");
        prop_assert_eq!(layer.features[0].kind, 2);
        for path in &layer.features[0].paths {
            prop_assert!(path.places.len() >= 2 && !path.closed);
            prop_assert!(path.places.iter().all(|at| on_the_sheet(*at)));
        }
    }

    #[test]
    fn winding_changes_nothing(area in outline(), zoom in 0_u8..=16) {
        let tile = Tile::holding(zoom, area.0[0].exterior().0[0]);
        let mut turned = area.clone();
        turned.0[0].exterior_mut(|ring| ring.0.reverse());
        let size = |area| {
            let layer = encoded(vec![Shape::Area(Cow::Owned(area))], tile).unwrap();
            layer.features[0].paths.iter().map(|p| decode::doubled_area(&p.places)).sum::<i64>()
        };
        let (a, b) = (size(area), size(turned));
        // Smoothing begins at the other end, so edges may differ by a unit.
        prop_assert!(a > 0 && b > 0 && (a - b).abs() <= 40 + a.max(b) / 10, "{} {}", a, b);
    }
}

#[test]
fn a_way_out_and_back_keeps_a_length() {
    // From nothing on the grid to more than is smoothed away; the decoder refuses steps of no length.
    let there = Coord { x: 102.7, y: 22.4 };
    let tile = Tile::holding(4, there);
    for step in 1..40 {
        let away = Coord { x: there.x + f64::from(step) * 0.001, y: there.y };
        let line = MultiLineString(vec![LineString(vec![there, away, there])]);
        let layer = encoded(vec![Shape::Lines(Cow::Owned(line))], tile).expect("the line");
        assert!(layer.features[0].paths[0].places.len() >= 2);
    }
}

#[test]
fn names_values_and_ids_come_back() {
    let shapes = (0..9).map(|n| Shape::Point(Point::new(102.7 + f64::from(n) / 100.0, 22.4)));
    let layer = encoded(shapes.collect(), Tile::new(0, 0, 0).unwrap()).unwrap();
    assert_eq!((layer.name.as_str(), layer.version, layer.extent), ("plots", 2, 4096));
    assert_eq!(layer.keys, ["text", "real", "integer", "bool"]);
    assert_eq!(layer.features.len(), 9);
    let told = |feature: &decode::Feature| -> Vec<(String, &decode::Word)> {
        let pairs = feature.tags.chunks(2);
        pairs.map(|p| (layer.keys[p[0] as usize].clone(), &layer.values[p[1] as usize])).collect()
    };
    let third = &layer.features[3];
    assert_eq!(third.id, 4);
    let values: Vec<_> = told(third).into_iter().map(|(_, value)| value).collect();
    assert_eq!(
        values,
        [
            &decode::Word::Text("Bản 0".into()),
            &decode::Word::Double(0.75),
            &decode::Word::Signed(-3),
            &decode::Word::Bool(true)
        ]
    );
    // Unknown is left out, not zero.
    assert_eq!(told(&layer.features[0]).len(), 3);
    // Each value once.
    assert_eq!(layer.values.len(), 3 + 9 + 9 + 1);
}

#[test]
fn an_outline_around_the_tile_fills_it_and_one_elsewhere_is_not_there() {
    let ring = |points: [(f64, f64); 5]| {
        MultiPolygon(vec![Polygon::new(LineString::from(points.to_vec()), vec![])])
    };
    let world = ring([(90.0, 10.0), (120.0, 10.0), (120.0, 35.0), (90.0, 35.0), (90.0, 10.0)]);
    let tile = Tile::holding(12, Coord { x: 102.7, y: 22.4 });
    let layer = encoded(vec![Shape::Area(Cow::Owned(world.clone()))], tile).unwrap();
    let side = i64::from(EXTENT + 2 * BUFFER);
    let path = &layer.features[0].paths[0];
    assert_eq!(decode::doubled_area(&path.places), 2 * side * side);
    let elsewhere = Tile::holding(12, Coord { x: 10.0, y: 50.0 });
    assert!(encoded(vec![Shape::Area(Cow::Owned(world))], elsewhere).is_none());
}

#[test]
fn holes_are_wound_the_other_way() {
    let square = |low: f64, high: f64| {
        LineString::from(vec![(low, low), (high, low), (high, high), (low, high), (low, low)])
    };
    let area = MultiPolygon(vec![Polygon::new(square(20.0, 24.0), vec![square(21.0, 23.0)])]);
    let layer =
        encoded(vec![Shape::Area(Cow::Owned(area))], Tile::holding(4, Coord { x: 22.0, y: 22.0 }));
    let paths = layer.unwrap().features.remove(0).paths;
    let areas: Vec<_> = paths.iter().map(|path| decode::doubled_area(&path.places)).collect();
    assert!(areas.len() == 2 && areas[0] > 0 && areas[1] < 0, "{areas:?}");
}

/// An alien check: GDAL reads what we wrote.
#[test]
fn gdal_reads_our_tiles() {
    let tile = Tile::holding(8, Coord { x: 102.7, y: 22.4 });
    let query = LayerQuery { extent: Some(tile.extent()), ..LayerQuery::on(support::TODAY) };
    let snapshot = support::snapshot(1);
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = Vec::new();
    for layer in support::LAYERS.iter().take(3) {
        let count = layer.features(&snapshot, &query).unwrap().count();
        let bytes = encode_tile(*layer, layer.features(&snapshot, &query).unwrap(), tile).unwrap();
        let path = folder.path().join(format!("{}.mvt", layer.id()));
        std::fs::write(&path, bytes).unwrap();
        wanted.push((path, count));
    }
    for (path, count) in wanted {
        let text = path.to_str().unwrap();
        let open = gdal::DatasetOptions {
            allowed_drivers: Some(&["MVT"]),
            open_flags: gdal::GdalOpenFlags::GDAL_OF_VECTOR,
            ..gdal::DatasetOptions::default()
        };
        let file = gdal::Dataset::open_ex(text, open).unwrap();
        let layer = file.layer(0).unwrap();
        assert_eq!(gdal::vector::LayerAccess::feature_count(&layer) as usize, count, "{text}");
    }
}
