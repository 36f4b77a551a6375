//! All lines of an epoch, each at the widest level that it parts.

use std::collections::BTreeMap;

use geo_types::{Coord, LineString, MultiLineString};

use super::{
    SharedLine, Side, Unit, UnitRef,
    atlas::Rules,
    kin::Kin,
    segments::{Segment, Segments},
    sheet::{Sheet, mostly_covered},
    unit::{divided, id_of},
    walk::{Beyond, Piece, Stretch, Walker, stretches},
};
use crate::domain::{BorderLine, Level, Metres};

/// What a line parts: its level, who lies on either side at that level, and the narrowest units.
type Parts = (Level, [Side; 2], [Option<UnitRef>; 2]);

/// A line in degrees and in metres.
type Line = [LineString<f64>; 2];

/// Who a unit is, by [`Level`].
type Sides = [Option<Side>; Level::ALL.len()];

/// The parts of a line, and the larger error of its sides in metres.
type Drawing = (Vec<Line>, f64);

/// Lines found so far, by what they part.
#[derive(Default)]
struct Found {
    lines: BTreeMap<Parts, Drawing>,
}

impl Found {
    fn add(
        &mut self,
        (level, mut sides, mut between): Parts,
        line: [LineString<f64>; 2],
        error: f64,
    ) {
        // The order of given sides says which one is ours.
        if sides.iter().all(|side| side.unit().is_some()) && sides[0] > sides[1] {
            sides.reverse();
            between.reverse();
        }
        let (lines, largest) = self.lines.entry((level, sides, between)).or_default();
        lines.push(line);
        *largest = largest.max(error);
    }

    /// Lines of `level` and wider ones, by distance.
    fn as_wide_as(&self, level: Level) -> Segments {
        let wide = self.lines.iter().filter(|((found, ..), _)| *found <= level);
        let lines = wide.flat_map(|(_, (lines, _))| lines);
        let edges = lines.flat_map(|[_, metric]| metric.0.windows(2));
        Segments::new(edges.map(|pair| Segment::new(pair[0], pair[1], 0)).collect())
    }
}

/// What the finder looks at.
pub(super) struct Finder<'a> {
    pub(super) all: &'a [Unit],
    pub(super) sheets: [&'a Sheet; Level::ALL.len()],
    pub(super) kin: &'a Kin,
    /// In force in the epoch.
    pub(super) given: Vec<&'a BorderLine>,
    pub(super) rules: Rules,
}

impl Finder<'_> {
    /// Every line of the epoch, by level and what it parts.
    pub(super) fn lines(&self) -> Vec<SharedLine> {
        let mut found = Found::default();
        let levels = Level::ALL.into_iter().rev();
        let levels = levels.filter(|level| !self.sheets[*level as usize].units.is_empty());
        for (pass, level) in levels.enumerate() {
            if pass == 0 {
                self.narrowest(level, &mut found);
            } else {
                self.elsewhere(level, &mut found);
            }
        }
        self.rest_of_given(&mut found);
        found
            .lines
            .into_iter()
            .map(|(parts, (lines, error))| shared_line(parts, lines, error))
            .collect()
    }

    /// Every line that a unit of the narrowest level touches.
    fn narrowest(&self, level: Level, found: &mut Found) {
        let sheet = self.sheets[level as usize];
        let units: Vec<&Unit> = sheet.units.iter().map(|unit| &self.all[unit.index()]).collect();
        let sides: Vec<Sides> = units.iter().map(|unit| self.sides(unit)).collect();
        let walker =
            Walker::new(units.clone(), &sheet.ground, sheet.edges(self.all), self.rules.tolerance);
        let given = self.given_segments();
        let mut shared: BTreeMap<[usize; 2], [Vec<Stretch>; 2]> = BTreeMap::new();
        for (place, unit) in units.iter().enumerate() {
            for mut pieces in walker.rings(place) {
                self.look_wider(unit, &sides[place], &given, &mut pieces);
                walker.smooth(&mut pieces);
                for stretch in stretches(&pieces) {
                    if let Beyond::Neighbour(other) = stretch.beyond {
                        let other = other as usize;
                        let pair = [place.min(other), place.max(other)];
                        shared.entry(pair).or_default()[usize::from(place > other)].push(stretch);
                    } else if let Some(parts) = self.outer(unit, &sides[place], stretch.beyond) {
                        let error = unit.error().get();
                        found.add(parts, [stretch.degrees, stretch.metric], error);
                    }
                }
            }
        }
        for ([one, other], drawn) in shared {
            let parts =
                Self::parted(level, [units[one], units[other]], [&sides[one], &sides[other]]);
            let error = units[one].error().get().max(units[other].error().get());
            for stretch in better_drawn(drawn) {
                found.add(parts.clone(), [stretch.degrees, stretch.metric], error);
            }
        }
    }

    /// Lines between units of a wider level where nobody narrower is known.
    fn elsewhere(&self, level: Level, found: &mut Found) {
        let sheet = self.sheets[level as usize];
        let units: Vec<&Unit> = sheet.units.iter().map(|unit| &self.all[unit.index()]).collect();
        let narrower = || Level::ALL.into_iter().filter(|narrower| *narrower > level);
        let covered: Vec<bool> = (units.iter())
            .map(|unit| narrower().any(|n| mostly_covered(unit, &self.sheets[n as usize].ground)))
            .collect();
        if covered.iter().filter(|covered| !**covered).count() < 2 {
            return;
        }
        let sides: Vec<Sides> = units.iter().map(|unit| self.sides(unit)).collect();
        let walker =
            Walker::new(units.clone(), &sheet.ground, sheet.edges(self.all), self.rules.tolerance);
        let known = found.as_wide_as(level);
        for (place, unit) in units.iter().enumerate().filter(|(place, _)| !covered[*place]) {
            for stretch in walker.rings(place).iter().flat_map(|pieces| stretches(pieces)) {
                let Beyond::Neighbour(other) = stretch.beyond else { continue };
                let other = other as usize;
                if other < place || covered[other] {
                    continue;
                }
                let error = unit.error().get().max(units[other].error().get());
                let parts =
                    Self::parted(level, [unit, units[other]], [&sides[place], &sides[other]]);
                let reach = self.rules.tolerance + 2.0 * error;
                for line in unknown_parts(&stretch.degrees, &stretch.metric, &known, reach) {
                    found.add(parts.clone(), line, error);
                }
            }
        }
    }

    /// What is left of the lines that were given as lines: all of it that lies along no line found.
    fn rest_of_given(&self, found: &mut Found) {
        for given in &self.given {
            let known = found.as_wide_as(given.level);
            let reach = self.rules.tolerance + 2.0 * given.error.get();
            for part in &given.line {
                let degrees = divided(&part.0);
                let mut metric = degrees.clone();
                if self.rules.metres(&mut metric).is_none() {
                    continue;
                }
                let (degrees, metric) = (LineString(degrees), LineString(metric));
                for line in unknown_parts(&degrees, &metric, &known, reach) {
                    let sides = given.sides.clone().map(Side::Named);
                    found.add((given.level, sides, [None; 2]), line, given.error.get());
                }
            }
        }
    }

    fn sides(&self, unit: &Unit) -> Sides {
        Level::ALL.map(|level| {
            let known = level <= unit.level();
            known.then(|| self.kin.side(unit, level, self.sheets[level as usize])).flatten()
        })
    }

    /// What the line between two units of `level` parts: the widest level at which they differ.
    fn parted(level: Level, units: [&Unit; 2], sides: [&Sides; 2]) -> Parts {
        let between = units.map(|unit| Some(unit.reference()));
        let one_scheme = units[0].key().scheme == units[1].key().scheme;
        for wider in Level::ALL.into_iter().filter(|wider| *wider < level) {
            if let (Some(one), Some(other)) = (&sides[0][wider as usize], &sides[1][wider as usize])
            {
                // Bare codes of two schemes say nothing about each other.
                let comparable = one_scheme || (one.unit().is_some() && other.unit().is_some());
                if one != other && comparable {
                    return (wider, [one.clone(), other.clone()], between);
                }
            }
        }
        (level, units.map(|unit| Side::Unit(unit.reference())), between)
    }

    /// What a line without neighbours of its level parts.
    fn outer(&self, unit: &Unit, sides: &Sides, beyond: Beyond) -> Option<Parts> {
        let own = Some(unit.reference());
        match beyond {
            Beyond::Neighbour(_) => None,
            Beyond::Wider(inside, outside) => {
                let level = self.all[outside.index()].level();
                Some((level, [Side::Unit(inside), Side::Unit(outside)], [own, None]))
            }
            Beyond::Given(line) => {
                let line = self.given[line as usize];
                Some((line.level, line.sides.clone().map(Side::Named), [own, None]))
            }
            // A country's own outline ends where its file was cut.
            Beyond::Nobody if unit.level() == Level::Country => None,
            Beyond::Nobody => {
                let inside = sides[Level::Province as usize].clone();
                let inside = inside.unwrap_or(Side::Unit(unit.reference()));
                Some((Level::Province, [inside, Side::Unknown], [own, None]))
            }
        }
    }

    fn given_segments(&self) -> Segments {
        let mut segments = Vec::new();
        for (place, given) in self.given.iter().enumerate() {
            for part in &given.line {
                let mut metric = divided(&part.0);
                if self.rules.metres(&mut metric).is_some() {
                    let edges = metric.windows(2).map(|pair| Segment::new(pair[0], pair[1], place));
                    segments.extend(edges);
                }
            }
        }
        Segments::new(segments)
    }

    /// Asks for pieces beyond which nobody of the own level lies: a wider unit, a given line?
    fn look_wider(&self, unit: &Unit, sides: &Sides, given: &Segments, pieces: &mut [Piece]) {
        let wider: Vec<Level> = (Level::ALL.into_iter())
            .filter(|w| *w < unit.level() && !self.sheets[*w as usize].units.is_empty())
            .collect();
        for piece in pieces.iter_mut().filter(|piece| piece.beyond == Beyond::Nobody) {
            let wider = wider.iter().find_map(|level| self.wider_beyond(*level, sides, piece));
            if let Some((inside, outside)) = wider {
                piece.beyond = Beyond::Wider(inside, outside);
            } else if let Some((line, metres)) = given.nearest(piece.middle()[1]) {
                let error = self.given[line.place as usize].error.get() + unit.error().get();
                if metres <= self.rules.tolerance + error {
                    piece.beyond = Beyond::Given(line.place);
                }
            }
        }
    }

    /// The units of a wider level inside and outside of a piece, where they differ. Looked for at
    /// one and at two tolerances, since wider units are often drawn more coarsely.
    fn wider_beyond(
        &self,
        level: Level,
        sides: &Sides,
        piece: &Piece,
    ) -> Option<(UnitRef, UnitRef)> {
        let sheet = self.sheets[level as usize];
        let at = |metres: f64| {
            let mut place = [piece.outward(metres)];
            self.rules.degrees(&mut place)?;
            let mut unit = None;
            sheet.ground.about(place[0], |place, _| unit = unit.or(Some(sheet.units[place])));
            unit
        };
        let tolerance = self.rules.tolerance;
        let own = sides[level as usize].as_ref().and_then(Side::unit);
        let inside = own.or_else(|| at(-tolerance))?;
        let outside = [tolerance, 2.0 * tolerance].into_iter().filter_map(at);
        outside.into_iter().find(|unit| *unit != inside).map(|outside| (inside, outside))
    }
}

/// Of a line drawn by both neighbours one drawing: that of the lower key, unless it misses more
/// than a tenth of what the other has.
fn better_drawn([one, other]: [Vec<Stretch>; 2]) -> Vec<Stretch> {
    let length = |drawn: &[Stretch]| drawn.iter().map(|stretch| stretch.length).sum::<f64>();
    if length(&one) * 1.1 >= length(&other) { one } else { other }
}

/// The parts of a line that lie farther than `reach` from every known one.
fn unknown_parts(
    degrees: &LineString<f64>,
    metric: &LineString<f64>,
    known: &Segments,
    reach: f64,
) -> Vec<Line> {
    let mut parts: Vec<Line> = Vec::new();
    let mut open = false;
    for (d, m) in degrees.0.windows(2).zip(metric.0.windows(2)) {
        let middle: Coord<f64> = (m[0] + m[1]) * 0.5;
        let far = known.nearest(middle).is_none_or(|(_, metres)| metres > reach);
        match parts.last_mut() {
            Some([degrees, metric]) if far && open => {
                degrees.0.push(d[1]);
                metric.0.push(m[1]);
            }
            _ if far => parts.push([LineString(d.to_vec()), LineString(m.to_vec())]),
            _ => {}
        }
        open = far;
    }
    parts
}

fn shared_line((level, sides, between): Parts, lines: Vec<Line>, error: f64) -> SharedLine {
    let (degrees, metric): (Vec<_>, Vec<_>) =
        lines.into_iter().map(|[degrees, metric]| (degrees, metric)).unzip();
    let step = |pair: &[Coord<f64>]| (pair[1] - pair[0]).x.hypot((pair[1] - pair[0]).y);
    let length_m = metric.iter().flat_map(|line| line.0.windows(2)).map(step).sum();
    SharedLine {
        id: 0,
        level,
        sides,
        between,
        line: MultiLineString(degrees),
        metric: MultiLineString(metric),
        length_m,
        error: Metres::new(error).unwrap_or_default(),
    }
}

/// The id of what is parted: the same in every snapshot as long as the units are.
pub(super) fn parted_id(
    all: &[Unit],
    level: Level,
    sides: &[Side],
    between: &[Option<UnitRef>],
) -> u64 {
    let unit = |unit: UnitRef| all[unit.index()].id().to_string();
    let side = |side: &Side| match side {
        Side::Unit(it) => unit(*it),
        Side::Named(name) => format!("named {name}"),
        Side::Unknown => "unknown".to_owned(),
    };
    let between = between.iter().map(|it| it.map(unit).unwrap_or_default());
    let words: Vec<String> = [level.word().to_owned()]
        .into_iter()
        .chain(sides.iter().map(side))
        .chain(between)
        .collect();
    id_of(words.iter().map(String::as_str))
}
