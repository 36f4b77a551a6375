//! Lines between units, and the strips along them.

use std::fmt;

use geo_types::{MultiLineString, MultiPolygon};

use super::UnitRef;
use crate::domain::{Level, Metres};

/// Who lies on one side of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// A unit of the atlas.
    Unit(UnitRef),
    /// Ground without a unit in the atlas, by the name or code that the data give.
    Named(String),
    /// Ground of which nothing is known.
    Unknown,
}

impl Side {
    /// The unit, where it is one.
    pub const fn unit(&self) -> Option<UnitRef> {
        match self {
            Self::Unit(unit) => Some(*unit),
            Self::Named(_) | Self::Unknown => None,
        }
    }
}

/// A line that parts two units.
#[derive(Clone, Debug)]
pub struct SharedLine {
    /// For GeoPackage and tiles: a hash of what it parts, below 2^53.
    pub id: u64,
    /// The widest level that it parts.
    pub level: Level,
    /// The units of that level on either side, or what is known in their place.
    pub sides: [Side; 2],
    /// The narrowest units on either side, in the same order.
    pub between: [Option<UnitRef>; 2],
    /// The line in degrees (WGS 84).
    pub line: MultiLineString<f64>,
    /// The line in the metric CRS.
    pub metric: MultiLineString<f64>,
    /// Its length in the metric CRS, metres.
    pub length_m: f64,
    /// 1 σ of its position: the larger of the two sides'.
    pub error: Metres,
}

/// The line of one level that is nearest to a place.
#[derive(Clone, Copy)]
pub struct NearestLine<'s> {
    /// Its level.
    pub level: Level,
    /// How far away, in the metric CRS.
    pub metres: f64,
    /// The names of the units of that level on either side; `None`: not known.
    pub sides: [Option<&'s str>; 2],
    /// The line.
    pub line: &'s SharedLine,
    /// Nearer than 2 √(σ_place² + σ_line²).
    pub on_the_line: bool,
}

impl fmt::Debug for NearestLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {} m", self.level, self.sides, self.metres)
    }
}

/// Giáp ranh: the ground within the pack's strip distance of the line between two units.
#[derive(Debug)]
pub struct BorderStrip {
    /// For GeoPackage and tiles: a hash of what its line parts, below 2^53.
    pub id: u64,
    /// The level of its line.
    pub level: Level,
    /// The units of that level on either side.
    pub sides: [Side; 2],
    /// Its lines, as places in [`super::Atlas::lines`] of that level.
    pub lines: Vec<usize>,
    /// How far it reaches to either side.
    pub distance: Metres,
}

impl BorderStrip {
    /// Its ground in degrees, for drawing; membership is by distance from the line, not by this.
    pub fn ground(&self) -> MultiPolygon<f64> {
        MultiPolygon(Vec::new())
    }
}
