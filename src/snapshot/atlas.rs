//! The boundaries in force in one epoch, indexed.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use geo_types::Coord;
use jiff::civil::Date;

use super::{
    BorderStrip, LeftOut, Located, NearestLine, Settled, SharedLine, Unit, UnitRef, UnitsOf,
    borders::{Finder, parted_id},
    ground::Lies,
    kin::Kin,
    lines::Lines,
    sheet::Sheet,
    strips::strips,
};
use crate::{
    crs::{MetricCrs, WGS84, transform},
    domain::{BorderLine, Level, Metres, Position},
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

/// On the calling thread only: it is called inside `OnceLock`s.
impl Rules {
    /// Degrees to metres; `None` where the projection does not reach.
    pub(super) fn metres(self, coords: &mut [Coord<f64>]) -> Option<()> {
        transform(WGS84, self.crs.epsg(), coords).ok()
    }

    /// Metres to degrees; `None` where the projection does not reach.
    pub(super) fn degrees(self, coords: &mut [Coord<f64>]) -> Option<()> {
        transform(self.crs.epsg(), WGS84, coords).ok()
    }
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
    kin: OnceLock<Kin>,
    drawn: OnceLock<[Drawn; Level::ALL.len()]>,
}

/// The lines of one level with their strips.
struct Drawn {
    lines: Lines,
    strips: Vec<BorderStrip>,
    /// The place of each line's strip.
    strip_of: Vec<usize>,
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
        Self {
            from,
            to,
            all,
            border_lines,
            order,
            rules,
            sheets: Default::default(),
            kin: OnceLock::new(),
            drawn: OnceLock::new(),
        }
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

    pub(super) fn all(&self) -> &[Unit] {
        &self.all
    }

    pub(super) fn rules(&self) -> Rules {
        self.rules
    }

    pub(super) fn prepare(&self) {
        for level in Level::ALL {
            self.sheet(level);
        }
        self.drawn(Level::Commune);
    }

    pub(super) fn sheet(&self, level: Level) -> &Sheet {
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

    /// The units of a place in degrees, in metres too where those are known.
    pub(super) fn homes(&self, at: Coord<f64>, metric: Option<Coord<f64>>) -> UnitsOf {
        let levels = [Level::Province, Level::District, Level::Commune];
        let located = levels.map(|level| self.settle(level, at, metric));
        let settled = located.iter().rev().map(|located| located.settled);
        let mut homes = UnitsOf {
            province: located[0].unit,
            district: located[1].unit,
            commune: located[2].unit,
            settled: settled
                .into_iter()
                .find(|settled| *settled != Settled::NoBoundaries)
                .unwrap_or(Settled::NoBoundaries),
            contradicted: false,
        };
        // What the parents' codes say wins over the outlines of the wider levels.
        let parent = |unit: Option<UnitRef>, level| self.kin().parent(unit?, level);
        if let Some(district) = parent(homes.commune, Level::District) {
            homes.contradicted |= homes.district.is_some_and(|outlined| outlined != district);
            homes.district = Some(district);
        }
        let of_commune = parent(homes.commune, Level::Province);
        let of_district = || parent(homes.district, Level::Province);
        if let Some(province) = of_commune.or_else(of_district) {
            homes.contradicted |= homes.province.is_some_and(|outlined| outlined != province);
            homes.province = Some(province);
        }
        homes
    }

    /// The unit of `level` that `unit` is, or belongs to by its parents' codes; `None` where nobody
    /// says so.
    pub fn within(&self, unit: UnitRef, level: Level) -> Option<UnitRef> {
        if self.unit(unit).level() == level { Some(unit) } else { self.kin().parent(unit, level) }
    }

    /// The written rule: see [`Settled`].
    pub(super) fn settle(
        &self,
        level: Level,
        at: Coord<f64>,
        metric: Option<Coord<f64>>,
    ) -> Located {
        let sheet = self.sheet(level);
        if sheet.units.is_empty() {
            return Located { unit: None, settled: Settled::NoBoundaries };
        }
        let (mut inside, mut second, mut edge) = (None, None, None);
        sheet.ground.about(at, |place, lies| match lies {
            Lies::Inside if inside.is_none() => inside = Some(place),
            Lies::Inside => second = second.or(Some(place)),
            Lies::Edge => edge = edge.or(Some(place)),
        });
        let (place, settled) = match (inside, second, edge) {
            (Some(first), Some(_), _) => {
                (Some(self.deepest(sheet, at, metric, first)), Settled::Overlap)
            }
            (Some(place), None, _) => (Some(place), Settled::Inside),
            (None, _, Some(place)) => (Some(place), Settled::Edge),
            (None, _, None) => match self.nearest(sheet, at, metric) {
                Some(place) => (Some(place), Settled::Gap),
                None => (None, Settled::Outside),
            },
        };
        Located { unit: place.map(|place| sheet.units[place]), settled }
    }

    /// Of the units that the place is inside of, that whose edge is farthest; ties by key.
    fn deepest(
        &self,
        sheet: &Sheet,
        at: Coord<f64>,
        metric: Option<Coord<f64>>,
        first: usize,
    ) -> usize {
        let Some(metric) = self.in_metres(at, metric) else { return first };
        let edges = sheet.edges(&self.all);
        let (mut deepest, mut depth) = (first, f64::NEG_INFINITY);
        sheet.ground.about(at, |place, lies| {
            if lies == Lies::Inside {
                let metres = edges.distance_to(place, metric).unwrap_or(f64::NEG_INFINITY);
                if metres > depth {
                    (deepest, depth) = (place, metres);
                }
            }
        });
        deepest
    }

    /// The nearest unit within the tolerance.
    fn nearest(&self, sheet: &Sheet, at: Coord<f64>, metric: Option<Coord<f64>>) -> Option<usize> {
        let metric = self.in_metres(at, metric)?;
        let (edge, metres) = sheet.edges(&self.all).nearest(metric)?;
        (metres <= self.rules.tolerance).then_some(edge.place as usize)
    }

    fn in_metres(&self, at: Coord<f64>, metric: Option<Coord<f64>>) -> Option<Coord<f64>> {
        metric.or_else(|| {
            let mut place = [at];
            self.rules.metres(&mut place)?;
            Some(place[0])
        })
    }

    fn kin(&self) -> &Kin {
        self.kin.get_or_init(|| Kin::new(&self.all, Level::ALL.map(|level| self.sheet(level))))
    }

    /// The unit behind a reference of the same snapshot.
    pub fn unit(&self, unit: UnitRef) -> &Unit {
        &self.all[unit.index()]
    }

    fn drawn(&self, level: Level) -> &Drawn {
        let drawn = self.drawn.get_or_init(|| {
            let given = self.border_lines.iter().filter(|line| line.in_force_on(self.from));
            let finder = Finder {
                all: &self.all,
                sheets: Level::ALL.map(|level| self.sheet(level)),
                kin: self.kin(),
                given: given.collect(),
                rules: self.rules,
            };
            let mut lines = finder.lines();
            for line in &mut lines {
                line.id = parted_id(&self.all, line.level, &line.sides, &line.between);
            }
            Level::ALL.map(|level| {
                let (own, others) = lines.drain(..).partition(|line| line.level == level);
                lines = others;
                let lines = Lines::new(own);
                let (strips, strip_of) = strips(&lines.lines, &self.all, self.rules);
                Drawn { lines, strips, strip_of }
            })
        });
        &drawn[level as usize]
    }

    /// The lines of a level: those that part units of this level and none of a wider one. A line
    /// between communes of two provinces is a line of the provinces.
    pub fn lines(&self, level: Level) -> &[SharedLine] {
        &self.drawn(level).lines.lines
    }

    /// The strips along the lines of a level, one for each pair of units that share a line.
    pub fn strips(&self, level: Level) -> &[BorderStrip] {
        &self.drawn(level).strips
    }

    /// The strip of a level that a place in the metric CRS lies in, with its distance from the
    /// nearest line in metres: the strip of that line, if it is near enough.
    pub fn strip_at(&self, level: Level, metric: Coord<f64>) -> Option<(&BorderStrip, f64)> {
        let drawn = self.drawn(level);
        let (line, nearest) = drawn.lines.nearest(&self.all, metric, 0.0)?;
        let strip = &drawn.strips[drawn.strip_of[line]];
        (nearest.metres <= self.rules.strip).then_some((strip, nearest.metres))
    }

    /// The nearest line of a level to a place in the metric CRS that is known exactly.
    pub fn nearest_line(&self, level: Level, metric: Coord<f64>) -> Option<NearestLine<'_>> {
        self.nearest_line_to(level, metric, Metres::default())
    }

    /// The nearest line of a level to a place in the metric CRS known to `error` (1 σ per axis).
    pub fn nearest_line_to(
        &self,
        level: Level,
        metric: Coord<f64>,
        error: Metres,
    ) -> Option<NearestLine<'_>> {
        self.drawn(level).lines.nearest(&self.all, metric, error.get()).map(|(_, nearest)| nearest)
    }
}
