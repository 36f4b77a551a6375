//! Headings with an ending: `Diện tích (m2)`, `Area_ha`, `Kinh độ WGS84`.

use super::fields::What;

/// How a heading fits: what its ending says about unit or datum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// What its numbers are multiplied by to give m².
    pub factor: f64,
    /// The unit that it says.
    pub unit: Option<&'static str>,
    /// The datum that it says.
    pub datum: Option<Datum>,
}

impl Fit {
    /// A heading that says neither unit nor datum.
    pub const PLAIN: Self = Self { factor: 1.0, unit: None, datum: None };
}

/// A datum that headings name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    /// WGS 84.
    Wgs84,
    /// VN-2000.
    Vn2000,
}

/// Endings of headings, with the factor to m² for areas.
const AREA_ENDINGS: &[(&str, f64, &str)] = &[
    ("m2", 1.0, "m²"),
    ("metvuong", 1.0, "m²"),
    ("sqm", 1.0, "m²"),
    ("km2", 1e6, "km²"),
    ("ha", 1e4, "ha"),
    ("hecta", 1e4, "ha"),
    ("hectares", 1e4, "ha"),
];
const UNREAD_AREA_ENDINGS: &[&str] = &["sao", "mau", "cong", "acre", "acres", "rai"];
const DATUM_ENDINGS: &[(&str, Datum)] = &[
    ("wgs84", Datum::Wgs84),
    ("wgs", Datum::Wgs84),
    ("4326", Datum::Wgs84),
    ("vn2000", Datum::Vn2000),
];

/// Whether the heading `key` is `wanted` with an ending that `what` may have.
pub fn fit(key: &str, wanted: &str, what: What) -> Option<Fit> {
    let plain = Fit::PLAIN;
    let ending = key.strip_prefix(wanted)?;
    match what {
        _ if ending.is_empty() => Some(plain),
        What::Area => AREA_ENDINGS
            .iter()
            .find(|(word, _, _)| *word == ending)
            .map(|(_, factor, unit)| Fit { factor: *factor, unit: Some(unit), datum: None }),
        What::Metres => matches!(ending, "m" | "met" | "metres" | "meters")
            .then_some(Fit { unit: Some("m"), ..plain }),
        _ if what.is_place() => DATUM_ENDINGS
            .iter()
            .find(|(word, _)| *word == ending.trim_start_matches('m'))
            .map(|(_, datum)| Fit { datum: Some(*datum), ..plain })
            .or_else(|| (ending == "m").then_some(plain)),
        _ => None,
    }
}

/// How a heading that was mapped by hand ends; `None` for a unit of area that is not read.
pub fn fit_of_given(key: &str, what: What) -> Option<Fit> {
    let plain = Fit::PLAIN;
    match what {
        What::Area => {
            // The longest ending first: `km2` ends with `m2` too.
            let mut endings: Vec<_> = AREA_ENDINGS.iter().collect();
            endings.sort_by_key(|(word, _, _)| std::cmp::Reverse(word.len()));
            match endings.iter().find(|(word, _, _)| key.ends_with(word)) {
                Some((_, factor, unit)) => Some(Fit { factor: *factor, unit: Some(unit), ..plain }),
                None if UNREAD_AREA_ENDINGS.iter().any(|word| key.ends_with(word)) => None,
                None => Some(plain),
            }
        }
        _ if what.is_place() => {
            let datum = DATUM_ENDINGS.iter().find(|(word, _)| key.ends_with(word));
            Some(Fit { datum: datum.map(|(_, datum)| *datum), ..plain })
        }
        _ => Some(plain),
    }
}
