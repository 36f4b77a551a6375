//! The query string: pairs in their order, read strictly and written back the same way.

use std::fmt::Write as _;

use super::problem::{Fault, Problem};

/// Longest query string in bytes.
const MAX_BYTES: usize = 8192;

/// Most pairs.
const MAX_PAIRS: usize = 64;

/// The decoded pairs of a query string, in the order of the request, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a query string. The same pair twice is once; one name with two values is a fault.
    pub(super) fn read(raw: Option<&str>) -> Result<Self, Problem> {
        let raw = raw.unwrap_or_default();
        if raw.len() > MAX_BYTES {
            return Err(Problem::too_long(format!(
                "The query has {} bytes; at most {MAX_BYTES} are read",
                raw.len()
            )));
        }
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let read = |part: &str| {
                decode(part).ok_or_else(|| {
                    Problem::unreadable("The query is not percent-encoded UTF-8: write % as %25")
                })
            };
            let (name, value) = (read(name)?, read(value)?);
            match pairs.iter().find(|(known, _)| *known == name) {
                Some((_, known)) if *known == value => {}
                Some(_) => {
                    return Err(Problem::parameter(&name, "is given twice with different values"));
                }
                None => pairs.push((name, value)),
            }
        }
        if pairs.len() > MAX_PAIRS {
            return Err(Problem::unreadable(format!("More than {MAX_PAIRS} parameters")));
        }
        Ok(Self { pairs })
    }

    /// Refuses every name that is not in `known`, and lists the right ones.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let faults: Vec<Fault> = self
            .pairs
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(name, _)| Fault {
                parameter: name.clone(),
                detail: format!("is unknown here; known are {}", known.join(", ")),
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Problem::parameters(faults)) }
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The pairs whose names are in `names`, in their order.
    pub(super) fn keep(&self, names: &[&str]) -> Self {
        let kept = |pair: &&(String, String)| names.contains(&pair.0.as_str());
        Self { pairs: self.pairs.iter().filter(kept).cloned().collect() }
    }

    /// The same pairs, `name` set to `value` in its place or at the end, or gone.
    pub(super) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut pairs = self.pairs.clone();
        let place = pairs.iter().position(|(known, _)| known == name);
        match (place, value) {
            (Some(place), Some(value)) => value.clone_into(&mut pairs[place].1),
            (Some(place), None) => drop(pairs.remove(place)),
            (None, Some(value)) => pairs.push((name.to_owned(), value.to_owned())),
            (None, None) => {}
        }
        Self { pairs }
    }

    /// As text with its `?`; empty where there are no pairs.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (place, (name, value)) in self.pairs.iter().enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            encode(&mut text, name);
            text.push('=');
            encode(&mut text, value);
        }
        text
    }
}

/// Reads percent-encoding and `+`; `None` where it is broken or no UTF-8.
pub(super) fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Writes what RFC 3986 lets stand in a query and people can read: `square:1000`, `2025-01-01/..`.
fn encode(text: &mut String, part: &str) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/,".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pairs_keep_their_order_and_come_once() {
        let query = Query::read(Some("b=1&a=x%20y&b=1&c=%C3%A0")).unwrap();
        assert_eq!(query.text(), "?b=1&a=x%20y&c=%C3%A0");
        assert_eq!(
            query.with("a", Some("z")).with("d", Some("0-1")).text(),
            "?b=1&a=z&c=%C3%A0&d=0-1"
        );
        assert_eq!(query.keep(&["c", "b"]).text(), "?b=1&c=%C3%A0");
    }

    #[test]
    fn broken_queries_are_refused() {
        for raw in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=1&a=2"] {
            assert!(Query::read(Some(raw)).is_err(), "{raw}");
        }
        assert!(Query::read(Some(&"a".repeat(9000))).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(pairs in prop::collection::hash_map(".{1,9}", ".{0,9}", 0..5)) {
            let query = Query { pairs: pairs.into_iter().collect() };
            let text = query.text();
            prop_assert_eq!(Query::read(text.strip_prefix('?')).unwrap(), query);
        }
    }
}
