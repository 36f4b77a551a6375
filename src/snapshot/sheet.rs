//! The units of one level in force in one epoch: one sheet, no ground on it twice by two sources.

use std::{cmp::Reverse, collections::HashMap, sync::OnceLock};

use geo::{BoundingRect, InteriorPoint, Intersects};
use geo_types::{Coord, Point};

use super::{Unit, UnitRef, ground::Ground, segments::Segments, walk};

/// How many sample points a side of a unit's frame when its ground is compared.
const SAMPLES: u32 = 16;

/// A unit that its dates put in force but that does not stand on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The unit.
    pub unit: UnitRef,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why a unit does not stand on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOutReason {
    /// The same scheme and code have a version that began later.
    Succeeded,
    /// More than half of its ground is covered by units of data sets imported later.
    Covered,
}

/// The units of one level in force in one epoch.
pub(super) struct Sheet {
    /// By key.
    pub(super) units: Vec<UnitRef>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) ground: Ground,
    edges: OnceLock<Segments>,
}

impl Sheet {
    /// Chooses from `in_force`, which are of one level and by key. `order` tells when a data set
    /// was imported, the later the greater.
    pub(super) fn new(all: &[Unit], in_force: Vec<UnitRef>, order: impl Fn(&str) -> usize) -> Self {
        let mut left_out = Vec::new();
        let mut latest: HashMap<(&str, &str), UnitRef> = HashMap::new();
        for unit in &in_force {
            let key = all[unit.index()].key();
            // By key, so a later version of the same code comes later.
            latest.insert((&key.scheme, &key.code), *unit);
        }
        let mut packets: HashMap<&str, Vec<UnitRef>> = HashMap::new();
        for unit in in_force {
            let (key, boundary) = (all[unit.index()].key(), all[unit.index()].boundary());
            if latest[&(key.scheme.as_str(), key.code.as_str())] == unit {
                packets.entry(&boundary.source.dataset).or_default().push(unit);
            } else {
                left_out.push(LeftOut { unit, reason: LeftOutReason::Succeeded });
            }
        }
        let mut packets: Vec<(&str, Vec<UnitRef>)> = packets.into_iter().collect();
        packets.sort_by_key(|(dataset, _)| (Reverse(order(dataset)), *dataset));
        let mut units: Vec<UnitRef> = Vec::new();
        for (_, packet) in packets {
            if units.is_empty() {
                units = packet;
                continue;
            }
            let ground = Ground::new(units.iter().map(|unit| &all[unit.index()]));
            for unit in packet {
                if mostly_covered(&all[unit.index()], &ground) {
                    left_out.push(LeftOut { unit, reason: LeftOutReason::Covered });
                } else {
                    units.push(unit);
                }
            }
        }
        units.sort_unstable();
        left_out.sort_by_key(|left_out| left_out.unit);
        let ground = Ground::new(units.iter().map(|unit| &all[unit.index()]));
        Self { units, left_out, ground, edges: OnceLock::new() }
    }

    /// The edges of the units in metres, each with its unit's place on the sheet.
    pub(super) fn edges(&self, all: &[Unit]) -> &Segments {
        self.edges.get_or_init(|| walk::edges(self.units.iter().map(|unit| &all[unit.index()])))
    }
}

/// Whether more than half of the sample points inside `unit` lie on `ground`.
pub(super) fn mostly_covered(unit: &Unit, ground: &Ground) -> bool {
    let Some(frame) = unit.outline().bounding_rect() else { return false };
    let mut samples: Vec<Point<f64>> = Vec::new();
    for row in 0..SAMPLES {
        for column in 0..SAMPLES {
            let along = |n: u32| (f64::from(n) + 0.5) / f64::from(SAMPLES);
            let at = Coord {
                x: frame.min().x + frame.width() * along(column),
                y: frame.min().y + frame.height() * along(row),
            };
            if unit.outline().intersects(&at) {
                samples.push(at.into());
            }
        }
    }
    if samples.is_empty() {
        samples.extend(unit.outline().interior_point());
    }
    let covered = samples.iter().filter(|at| ground.covers(at.0)).count();
    covered * 2 > samples.len()
}
