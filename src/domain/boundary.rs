//! Địa giới hành chính: units and the lines between them, always with their dates in force.

use std::{fmt, str::FromStr};

use geo_types::{LineString, MultiLineString};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Footprint, Metres, RecordRef};

/// How high a unit stands. Ordered from the widest to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Quốc gia.
    Country,
    /// Tỉnh.
    Province,
    /// Huyện, until 30 June 2025.
    District,
    /// Xã, phường, thị trấn.
    Commune,
}

/// A word that is no level.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("level `{0}` is unknown: use country, province, district or commune")]
pub struct UnknownLevel(pub String);

impl Level {
    /// From the widest to the narrowest.
    pub const ALL: [Self; 4] = [Self::Country, Self::Province, Self::District, Self::Commune];

    /// The word in files and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        match text.trim().to_lowercase().as_str() {
            "country" | "quốc gia" | "nước" => Ok(Self::Country),
            "province" | "tỉnh" => Ok(Self::Province),
            "district" | "huyện" => Ok(Self::District),
            "commune" | "xã" => Ok(Self::Commune),
            _ => Err(UnknownLevel(text.to_owned())),
        }
    }
}

/// The key of a unit. A code alone is none: codes are re-used with another meaning (Yên Bái and
/// the merged Lào Cai are both 15), so the date from which it held belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnitKey {
    /// Who hands out the codes, such as `gso` or `census-2009`.
    pub scheme: String,
    /// How high the unit stands.
    pub level: Level,
    /// The code as text: leading zeros count.
    pub code: String,
    /// The first day on which it was in force.
    pub valid_from: Date,
}

/// A unit with its outline, for the days on which it was in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boundary {
    /// Its key.
    pub key: UnitKey,
    /// Its name as its own people write it, such as `Tà Tổng`.
    pub name: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The code of the unit it belongs to, in the same scheme, where the source says so.
    pub parent: Option<String>,
    /// The ground.
    pub outline: Footprint,
    /// 1 σ of the position of its lines.
    pub error: Metres,
    /// The first day on which it was no longer in force; `None` while it is.
    pub valid_to: Option<Date>,
    /// The act that made it.
    pub legal_act: Option<String>,
    /// Where it came from.
    pub source: RecordRef,
}

impl Boundary {
    /// Whether it was in force on `day`.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.key.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

/// A line between two units that was given as a line and not found between two outlines: the
/// national border.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BorderLine {
    /// What the line parts.
    pub level: Level,
    /// Its name, such as `Việt Nam – Trung Quốc`.
    pub name: String,
    /// The unit on this side and on the other, by name or code.
    pub sides: [String; 2],
    /// The line, in WGS 84 degrees; each part has at least two vertices, all finite and in range.
    #[serde(with = "parts")]
    pub line: MultiLineString<f64>,
    /// 1 σ of its position.
    pub error: Metres,
    /// The first day on which it held.
    pub valid_from: Date,
    /// The first day on which it no longer held.
    pub valid_to: Option<Date>,
    /// Where it came from.
    pub source: RecordRef,
}

impl BorderLine {
    /// Whether it held on `day`.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

/// Lines as nested arrays, the way GeoJSON writes a `MultiLineString`.
pub(super) mod parts {
    use geo_types::Coord;
    use serde::{Deserializer, Serializer};

    use super::{Deserialize, LineString, MultiLineString, Serialize};

    pub(crate) fn serialize<S: Serializer>(
        lines: &MultiLineString<f64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let parts: Vec<Vec<[f64; 2]>> =
            lines.iter().map(|line| line.0.iter().map(|c| [c.x, c.y]).collect()).collect();
        parts.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<MultiLineString<f64>, D::Error> {
        let parts = Vec::<Vec<[f64; 2]>>::deserialize(deserializer)?;
        let line = |part: Vec<[f64; 2]>| {
            LineString(part.into_iter().map(|[x, y]| Coord { x, y }).collect())
        };
        Ok(MultiLineString(parts.into_iter().map(line).collect()))
    }
}
