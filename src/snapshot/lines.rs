//! Lines between units.

use std::fmt;

use geo_types::{Coord, MultiLineString};

use super::{
    Unit, UnitRef,
    segments::{Segment, Segments},
};
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

    /// Its name (or code, where the data give only that); `units` are [`super::Snapshot::units`].
    pub fn name<'n>(&'n self, units: &'n [Unit]) -> Option<&'n str> {
        match self {
            Self::Unit(unit) => Some(units[unit.index()].name()),
            Self::Named(name) => Some(name),
            Self::Unknown => None,
        }
    }
}

/// A line that parts two units, whole. Where several narrow units lie along the line of two wide
/// ones, each pair of narrow ones has a line of its own.
#[derive(Clone, Debug)]
pub struct SharedLine {
    /// For GeoPackage and tiles: a hash of what it parts, below 2^53, the same in every snapshot.
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
    /// Nearer than 2 √(σ_place² + σ_line²): nobody can tell on which side the place is.
    pub on_the_line: bool,
}

impl fmt::Debug for NearestLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {} m", self.level, self.sides, self.metres)
    }
}

/// The lines of one level, by distance.
pub(super) struct Lines {
    pub(super) lines: Vec<SharedLine>,
    index: Segments,
}

impl Lines {
    pub(super) fn new(lines: Vec<SharedLine>) -> Self {
        let mut segments = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            for part in &line.metric {
                segments.extend(part.0.windows(2).map(|it| Segment::new(it[0], it[1], place)));
            }
        }
        Self { lines, index: Segments::new(segments) }
    }

    /// The nearest line to a place known to `error` metres (1 σ), with its place among the lines.
    pub(super) fn nearest<'s>(
        &'s self,
        all: &'s [Unit],
        at: Coord<f64>,
        error: f64,
    ) -> Option<(usize, NearestLine<'s>)> {
        let (segment, metres) = self.index.nearest(at)?;
        let line = &self.lines[segment.place as usize];
        let nearest = NearestLine {
            level: line.level,
            metres,
            sides: [line.sides[0].name(all), line.sides[1].name(all)],
            line,
            on_the_line: metres < 2.0 * error.hypot(line.error.get()),
        };
        Some((segment.place as usize, nearest))
    }
}
