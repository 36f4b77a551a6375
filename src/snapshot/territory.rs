//! Units of all times, and which of them were in force when.

use std::{collections::HashMap, sync::Arc};

use geo_types::Coord;
use jiff::civil::Date;
use rayon::prelude::*;

use super::{Atlas, LineageReport, Memo, Unit, UnitsOf, atlas::Rules, lineage::lineage};
use crate::domain::{BorderLine, Boundary, Level, Plot};

/// Units of all times, and an atlas for every epoch: a longest span of days in which the set of
/// units and lines in force does not change.
pub(super) struct Territory {
    pub(super) units: Arc<[Unit]>,
    /// Oldest first; days without any unit or line belong to none.
    pub(super) atlases: Vec<Atlas>,
    /// Lineages: they outlive a change of plots.
    memo: Memo,
}

impl Territory {
    /// `order` tells when a data set of boundaries came, the later the greater.
    pub(super) fn new(
        mut boundaries: Vec<Boundary>,
        border_lines: Vec<BorderLine>,
        order: HashMap<String, usize>,
        rules: Rules,
    ) -> Self {
        if !boundaries.is_sorted_by_key(|boundary| &boundary.key) {
            boundaries.sort_by(|a, b| a.key.cmp(&b.key));
        }
        let units: Arc<[Unit]> = Unit::all(boundaries, rules.crs).into();
        let border_lines: Arc<[BorderLine]> = border_lines.into();
        let order = Arc::new(order);
        let spans = spans(&units, &border_lines);
        let atlases = spans
            .into_iter()
            .map(|(from, to)| {
                let (units, lines) = (Arc::clone(&units), Arc::clone(&border_lines));
                Atlas::new(from, to, units, lines, Arc::clone(&order), rules)
            })
            .collect();
        Self { units, atlases, memo: Memo::new() }
    }

    /// The atlas of a day.
    pub(super) fn on(&self, day: Date) -> Option<&Atlas> {
        let next = self.atlases.partition_point(|atlas| atlas.from() <= day);
        let atlas = self.atlases.get(next.checked_sub(1)?)?;
        atlas.to().is_none_or(|end| day < end).then_some(atlas)
    }

    /// Makes the sheets that `plots` and the last epoch need, all threads at work, before anybody
    /// waits for them one by one.
    pub(super) fn prepare(&self, plots: &[Plot]) {
        let mut needed = vec![false; self.atlases.len()];
        let mut last = None;
        for plot in plots {
            let day = plot.reported_on;
            if last.is_some_and(|atlas: &Atlas| atlas.holds_on(day)) {
                continue;
            }
            last = self.on(day);
            if let Some(atlas) = last {
                let place = self.atlases.partition_point(|other| other.from() < atlas.from());
                needed[place] = true;
            }
        }
        if let Some(newest) = needed.last_mut() {
            *newest = true;
        }
        let atlases = self.atlases.par_iter().zip(needed);
        atlases.filter(|(_, needed)| *needed).for_each(|(atlas, _)| atlas.prepare());
    }

    /// Which unit became which, kept by epochs.
    pub(super) fn lineage(&self, from: Date, to: Date, level: Level) -> Arc<LineageReport> {
        let (Some(from), Some(to)) = (self.on(from), self.on(to)) else { return Arc::default() };
        self.memo.get_or_make(format!("lineage {level} {} {}", from.from(), to.from()), || {
            lineage(&self.units, &from.sheet(level).units, &to.sheet(level).units)
        })
    }

    /// The units in force on the plot's own date, the day of its first sighting.
    pub(super) fn homes(&self, plot: &Plot, metric: Coord<f64>) -> UnitsOf {
        self.on(plot.reported_on).map_or(UnitsOf::NOWHERE, |atlas| {
            atlas.homes(plot.position.coord(), metric.x.is_finite().then_some(metric))
        })
    }
}

/// The epochs as half-open spans.
fn spans(units: &[Unit], lines: &[BorderLine]) -> Vec<(Date, Option<Date>)> {
    let held = (units.iter().map(|unit| (unit.key().valid_from, unit.boundary().valid_to)))
        .chain(lines.iter().map(|line| (line.valid_from, line.valid_to)));
    let mut turns: Vec<(Date, i64)> = Vec::new();
    for (from, to) in held {
        if to.is_some_and(|end| end <= from) {
            continue; // never in force
        }
        turns.push((from, 1));
        turns.extend(to.map(|end| (end, -1)));
    }
    turns.sort_unstable();
    let (mut spans, mut in_force) = (Vec::new(), 0);
    for (place, (day, turn)) in turns.iter().enumerate() {
        in_force += turn;
        let next = turns.get(place + 1).map(|(day, _)| *day);
        if next != Some(*day) && in_force > 0 {
            spans.push((*day, next));
        }
    }
    spans
}
