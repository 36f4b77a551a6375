//! Which unit became which: two dated sets laid over each other.

use std::{collections::BTreeSet, sync::Arc};

use geo::{BooleanOps, BoundingRect};
use geo_types::{MultiPolygon, Rect};
use rayon::prelude::*;

use super::{Unit, UnitRef, segments::rings, shares::area};

/// Ground that one unit of the earlier set and one of the later set share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lineage {
    /// The unit in force on the first date.
    pub from: UnitRef,
    /// The unit in force on the second date.
    pub to: UnitRef,
    /// The ground they share, m² in the metric CRS.
    pub area_m2: f64,
    /// Its share of `from`, 0 to 1.
    pub share_of_from: f64,
    /// Its share of `to`, 0 to 1.
    pub share_of_to: f64,
}

/// A lineage with what was left out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineageReport {
    /// By `from`, then `to`.
    pub pairs: Arc<Vec<Lineage>>,
    /// Overlaps left out because they are less than half of either unit and, on average, narrower
    /// than 2 √(σ² + σ²) of the two units' lines: nobody can tell them from an error of drawing.
    pub slivers: usize,
    /// Their ground, m².
    pub sliver_area_m2: f64,
}

/// Lays the units `from` over the units `to`, all threads at work.
pub(super) fn lineage(all: &[Unit], from: &[UnitRef], to: &[UnitRef]) -> LineageReport {
    let kept: BTreeSet<UnitRef> = from.iter().copied().filter(|unit| to.contains(unit)).collect();
    let framed = |units: &[UnitRef]| -> Vec<Placed<'_>> {
        let changed = units.iter().filter(|unit| !kept.contains(unit));
        changed.filter_map(|unit| Placed::new(&all[unit.index()])).collect()
    };
    let (from, to) = (framed(from), framed(to));
    let overlaps: Vec<(Lineage, bool)> = from
        .par_iter()
        .flat_map_iter(|from| to.iter().filter_map(|to| overlap(from, to)))
        .collect();
    let mut report = LineageReport::default();
    let mut pairs: Vec<Lineage> = kept
        .iter()
        .filter_map(|unit| {
            let area_m2 = Placed::new(&all[unit.index()])?.area;
            Some(Lineage { from: *unit, to: *unit, area_m2, share_of_from: 1.0, share_of_to: 1.0 })
        })
        .collect();
    for (pair, sliver) in overlaps {
        if sliver {
            report.slivers += 1;
            report.sliver_area_m2 += pair.area_m2;
        } else {
            pairs.push(pair);
        }
    }
    pairs.sort_by_key(|pair| (pair.from, pair.to));
    report.pairs = Arc::new(pairs);
    report
}

struct Placed<'u> {
    unit: &'u Unit,
    metric: &'u MultiPolygon<f64>,
    frame: Rect<f64>,
    area: f64,
}

impl<'u> Placed<'u> {
    fn new(unit: &'u Unit) -> Option<Self> {
        let metric = unit.metric()?;
        Some(Self { unit, metric, frame: metric.bounding_rect()?, area: area(metric) })
    }
}

/// What two units share, and whether it is a sliver.
fn overlap(from: &Placed<'_>, to: &Placed<'_>) -> Option<(Lineage, bool)> {
    let (a, b) = (from.frame, to.frame);
    let apart = a.max().x < b.min().x
        || b.max().x < a.min().x
        || a.max().y < b.min().y
        || b.max().y < a.min().y;
    if apart {
        return None;
    }
    let shared = from.metric.intersection(to.metric);
    let area_m2 = area(&shared);
    if area_m2 <= 0.0 {
        return None;
    }
    let pair = Lineage {
        from: from.unit.reference(),
        to: to.unit.reference(),
        area_m2,
        share_of_from: (area_m2 / from.area).min(1.0),
        share_of_to: (area_m2 / to.area).min(1.0),
    };
    let edges = rings(&shared).flat_map(|ring| ring.0.windows(2));
    let around: f64 = edges.map(|pair| (pair[1] - pair[0]).x.hypot((pair[1] - pair[0]).y)).sum();
    let error = from.unit.error().get().hypot(to.unit.error().get());
    let sliver =
        pair.share_of_from < 0.5 && pair.share_of_to < 0.5 && 2.0 * area_m2 / around < 2.0 * error;
    Some((pair, sliver))
}
