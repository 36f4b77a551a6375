//! Giáp ranh: the ground along the line that two units share.

use std::{collections::BTreeMap, sync::OnceLock};

use geo::{Buffer, Simplify};
use geo_types::{MultiLineString, MultiPolygon};

use super::{SharedLine, Side, Unit, atlas::Rules, borders::parted_id, unit::in_degrees};
use crate::{
    crs::MetricCrs,
    domain::{Level, Metres},
};

/// The line is simplified by this part of the strip's half width before the strip is drawn.
const SIMPLER: f64 = 1.0 / 50.0;

/// The ground within the pack's strip distance of the line between two units.
///
/// A place is in the strip of its nearest line of a level, if that is near enough: so it is in one
/// strip a level, and each plot is counted once.
#[derive(Debug)]
pub struct BorderStrip {
    /// For GeoPackage and tiles: a hash of what its line parts, below 2^53, the same in every
    /// snapshot.
    pub id: u64,
    /// The level of its line.
    pub level: Level,
    /// The units of that level on either side.
    pub sides: [Side; 2],
    /// Its lines, as places in [`super::Atlas::lines`] of that level.
    pub lines: Vec<usize>,
    /// How far it reaches to either side.
    pub distance: Metres,
    /// 1 σ of the position of its line.
    pub error: Metres,
    axis: MultiLineString<f64>,
    crs: MetricCrs,
    ground: OnceLock<[MultiPolygon<f64>; 2]>,
}

impl BorderStrip {
    /// Its ground in degrees, for drawing. Simplified by a fiftieth of the distance; what lies in
    /// the strip is told by the distance from the line and not by this.
    pub fn ground(&self) -> &MultiPolygon<f64> {
        &self.drawn()[0]
    }

    /// The same ground in the metric CRS.
    pub fn metric(&self) -> &MultiPolygon<f64> {
        &self.drawn()[1]
    }

    fn drawn(&self) -> &[MultiPolygon<f64>; 2] {
        self.ground.get_or_init(|| {
            let metric = self.axis.buffer(self.distance.get());
            [in_degrees(&metric, self.crs).unwrap_or(MultiPolygon(Vec::new())), metric]
        })
    }
}

/// Strips along `lines`, one for each pair of sides; and the place of each line's strip.
pub(super) fn strips(
    lines: &[SharedLine],
    all: &[Unit],
    rules: Rules,
) -> (Vec<BorderStrip>, Vec<usize>) {
    let mut by_sides: BTreeMap<&[Side; 2], Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        by_sides.entry(&line.sides).or_default().push(place);
    }
    let mut strip_of = vec![0; lines.len()];
    let strip = |(place, (sides, members)): (usize, (&[Side; 2], Vec<usize>))| {
        let level = lines[members[0]].level;
        let parts = members.iter().flat_map(|line| lines[*line].metric.0.iter());
        let error = members.iter().map(|line| lines[*line].error.get()).fold(0.0, f64::max);
        for line in &members {
            strip_of[*line] = place;
        }
        BorderStrip {
            id: parted_id(all, level, sides, &[]),
            level,
            sides: sides.clone(),
            axis: MultiLineString(parts.cloned().collect()).simplify(rules.strip * SIMPLER),
            lines: members,
            distance: Metres::new(rules.strip).unwrap_or_default(),
            error: Metres::new(error).unwrap_or_default(),
            crs: rules.crs,
            ground: OnceLock::new(),
        }
    };
    (by_sides.into_iter().enumerate().map(strip).collect(), strip_of)
}
