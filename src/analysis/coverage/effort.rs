//! What was searched: visits, kilometres, footprint, coverage C and probability of detection.
//!
//! Source: DOMAIN §2.2, items 1 to 3. C = Σ W·L / A (Koopman's coverage factor, effort summed and
//! not merged), POD = 1 − e^−C (random search, the careful choice; Koester et al. 2014). The
//! footprint is the ground within half a sweep width of any track, merged: it saturates, C does
//! not. A search without a track that found nothing counts with the ground searched: one sweep
//! over it.
//!
//! The footprint is measured on east-west lines, each stretch exact, the lines a sixteenth of
//! the narrowest sweep width apart. Against the exact area of a buffered track that is mostly off by
//! less than one part in a hundred; where a long edge runs east and west and hides under another
//! piece of track, by up to half a line's width: one part in 32 (see the tests).

use std::{borrow::Cow, collections::BTreeMap};

use geo_types::{Coord, MultiLineString};
use jiff::civil::Date;
use rayon::prelude::*;

use crate::analysis::geometry::ground::{Ground, common_length, merged};

/// Metres that a leg must run in a unit to be a visit.
pub const VISIT: f64 = 200.0;

/// C of one day from which on that day counts as a search and not as a passing through.
pub const SEARCH: f64 = 0.1;

/// The longest straight piece that is looked up at once, in metres.
const PIECE: f64 = 1000.0;

/// A team-day's track.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    /// The day.
    pub day: Date,
    /// Where they walked, in metres.
    pub track: &'a MultiLineString<f64>,
    /// The sweep width in metres with its range: low, likeliest, high.
    pub width: [f64; 3],
}

/// A search that found nothing.
#[derive(Clone, Debug)]
pub struct Search {
    /// The day.
    pub day: Date,
    /// Where.
    pub place: SearchedPlace,
}

/// The ground of a search, in metres.
#[derive(Clone, Debug)]
pub enum SearchedPlace {
    /// Everything within a distance.
    Circle {
        /// The middle.
        centre: Coord<f64>,
        /// The distance.
        radius: f64,
    },
    /// Everything in an outline.
    Area(Ground),
}

impl SearchedPlace {
    fn bounds(&self) -> (Coord<f64>, Coord<f64>) {
        match self {
            Self::Circle { centre, radius } => (
                Coord { x: centre.x - radius, y: centre.y - radius },
                Coord { x: centre.x + radius, y: centre.y + radius },
            ),
            Self::Area(ground) => ground.bounds(),
        }
    }

    fn stretches(&self, y: f64) -> Vec<[f64; 2]> {
        match self {
            Self::Circle { centre, radius } => {
                capsule(*centre, *centre, *radius, y).into_iter().collect()
            }
            Self::Area(ground) => ground.stretches(y),
        }
    }
}

/// Ground divided into units: the cells of a grid, communes.
pub trait Division: Sync {
    /// How many units there are.
    fn count(&self) -> usize;

    /// The ground of a unit.
    fn ground(&self, unit: usize) -> Cow<'_, Ground>;

    /// Names every unit whose ground may meet the rectangle: rather one too many.
    fn near(&self, low: Coord<f64>, high: Coord<f64>, name: &mut dyn FnMut(usize));
}

/// What was done in one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effort {
    /// Legs of 200 m or more in it, and searches of it.
    pub visits: u32,
    /// Different days of these.
    pub days: u32,
    /// The last of these days.
    pub last_visit: Option<Date>,
    /// Days whose legs and searches together reached C = 0.1.
    pub thorough_days: u32,
    /// Metres of track in it, short legs too.
    pub metres: f64,
    /// Σ W·L and the ground of searches, m², at the low, likeliest and high sweep width.
    pub swept: [f64; 3],
    /// m² of the footprint.
    pub footprint: f64,
}

impl Effort {
    /// Coverage factor C at the low, likeliest and high sweep width over `area` m²; `None` where
    /// there is no ground.
    pub fn coverage(&self, area: f64) -> Option<[f64; 3]> {
        (area > 0.0).then(|| self.swept.map(|swept| swept / area))
    }

    /// The share of `area` that lies in the footprint, at most 1; `None` where there is no ground.
    pub fn footprint_share(&self, area: f64) -> Option<f64> {
        (area > 0.0).then(|| (self.footprint / area).min(1.0))
    }
}

/// The chance that a plot would have been found, by coverage factor `c`: 1 − e^−c.
pub fn detection(c: f64) -> f64 {
    -(-c).exp_m1()
}

/// What was done in each unit of `division`. `sweep` is the deployment's sweep width in metres: it
/// says how fine lines lie where no leg does, and that a search of less than 200 m × `sweep` is a
/// visit only of the unit where most of it lies.
///
/// Cost: linear in pieces of track times the units near each, on all threads; the same answer on
/// any number of them.
pub fn effort(
    division: &impl Division,
    legs: &[Leg<'_>],
    searches: &[Search],
    sweep: f64,
) -> Vec<Effort> {
    let tasks = tasks(division, legs, searches);
    let mut measured: Vec<(usize, Measured)> = tasks
        .into_par_iter()
        .map(|(unit, task)| (unit, measure(&division.ground(unit), &task, legs, searches, sweep)))
        .collect();
    // Of a small search the unit with most of it is visited; of equal ones the first.
    let mut most = vec![(0.0, usize::MAX); searches.len()];
    for (unit, measured) in &measured {
        for (search, ground) in &measured.searched {
            if *ground > most[*search].0 {
                most[*search] = (*ground, *unit);
            }
        }
    }
    let mut efforts = vec![Effort::default(); division.count()];
    for (unit, measured) in &mut measured {
        for (search, ground) in &measured.searched {
            if *ground >= VISIT * sweep || most[*search].1 == *unit {
                measured.visits.push(searches[*search].day);
            }
        }
        efforts[*unit] = measured.effort(division.ground(*unit).area());
    }
    efforts
}

/// What may concern one unit, in the order of legs and searches.
#[derive(Default)]
struct Task {
    pieces: Vec<(u32, [Coord<f64>; 2])>,
    searches: Vec<usize>,
}

fn tasks(division: &impl Division, legs: &[Leg<'_>], searches: &[Search]) -> BTreeMap<usize, Task> {
    let mut tasks: BTreeMap<usize, Task> = BTreeMap::new();
    for (number, leg) in legs.iter().enumerate() {
        let reach = leg.width[1] / 2.0;
        for piece in leg.track.iter().flat_map(|part| part.0.windows(2)).flat_map(pieces) {
            let [a, b] = piece;
            let low = Coord { x: a.x.min(b.x) - reach, y: a.y.min(b.y) - reach };
            let high = Coord { x: a.x.max(b.x) + reach, y: a.y.max(b.y) + reach };
            division.near(low, high, &mut |unit| {
                tasks.entry(unit).or_default().pieces.push((number as u32, piece));
            });
        }
    }
    for (number, search) in searches.iter().enumerate() {
        let (low, high) = search.place.bounds();
        division.near(low, high, &mut |unit| {
            tasks.entry(unit).or_default().searches.push(number);
        });
    }
    tasks
}

/// Cuts a straight path into equal pieces of at most a kilometre, so that few units are near each.
fn pieces(path: &[Coord<f64>]) -> impl Iterator<Item = [Coord<f64>; 2]> {
    let (a, b) = (path[0], path[1]);
    let count = ((b.x - a.x).hypot(b.y - a.y) / PIECE).ceil().clamp(1.0, 1e6) as u32;
    let at = move |number: u32| {
        if number == count {
            return b;
        }
        let part = f64::from(number) / f64::from(count);
        Coord { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part }
    };
    (0..count).map(move |number| [at(number), at(number + 1)])
}

/// One unit, before the searches are settled.
struct Measured {
    /// Days of visits, by leg.
    visits: Vec<Date>,
    /// Swept m² by day: low, likeliest, high.
    by_day: BTreeMap<Date, [f64; 3]>,
    /// Ground of each search in the unit, m².
    searched: Vec<(usize, f64)>,
    metres: f64,
    footprint: f64,
}

impl Measured {
    fn effort(&self, area: f64) -> Effort {
        let mut days = self.visits.clone();
        days.sort_unstable();
        days.dedup();
        let swept = self
            .by_day
            .values()
            .fold([0.0; 3], |sum, day| [sum[0] + day[0], sum[1] + day[1], sum[2] + day[2]]);
        let thorough = self.by_day.values().filter(|day| day[1] > 0.0 && day[1] >= SEARCH * area);
        Effort {
            visits: self.visits.len() as u32,
            days: days.len() as u32,
            last_visit: days.last().copied(),
            thorough_days: thorough.count() as u32,
            metres: self.metres,
            swept,
            footprint: self.footprint,
        }
    }
}

fn measure(
    ground: &Ground,
    task: &Task,
    legs: &[Leg<'_>],
    searches: &[Search],
    sweep: f64,
) -> Measured {
    let mut measured = Measured {
        visits: Vec::new(),
        by_day: BTreeMap::new(),
        searched: Vec::new(),
        metres: 0.0,
        footprint: 0.0,
    };
    for of_leg in task.pieces.chunk_by(|a, b| a.0 == b.0) {
        let leg = &legs[of_leg[0].0 as usize];
        let metres: f64 = of_leg.iter().map(|(_, [a, b])| ground.length_inside(*a, *b)).sum();
        if metres <= 0.0 {
            continue;
        }
        measured.metres += metres;
        if metres >= VISIT {
            measured.visits.push(leg.day);
        }
        let day = measured.by_day.entry(leg.day).or_default();
        for (swept, width) in day.iter_mut().zip(leg.width) {
            *swept += width * metres;
        }
    }

    let narrowest = task.pieces.iter().map(|(leg, _)| legs[*leg as usize].width[1]);
    let pitch = narrowest.fold(sweep, f64::min).max(1.0) / 16.0;
    let mut covered: Vec<(i64, [f64; 2])> = Vec::new();
    let (low, high) = ground.bounds();
    let lines_of = |from: f64, to: f64| {
        let first = (from.max(low.y) / pitch - 0.5).ceil() as i64;
        let last = (to.min(high.y) / pitch - 0.5).floor() as i64;
        first..=last
    };
    let northing = |line: i64| (line as f64 + 0.5) * pitch;
    for (leg, [a, b]) in &task.pieces {
        let reach = legs[*leg as usize].width[1] / 2.0;
        for line in lines_of(a.y.min(b.y) - reach, a.y.max(b.y) + reach) {
            if let Some(stretch) = capsule(*a, *b, reach, northing(line)) {
                covered.push((line, stretch));
            }
        }
    }
    for number in &task.searches {
        let search = &searches[*number];
        let (from, to) = search.place.bounds();
        let mut area = 0.0;
        for line in lines_of(from.y, to.y) {
            let stretches = merged(search.place.stretches(northing(line)));
            area += common_length(&stretches, &ground.stretches(northing(line))) * pitch;
            covered.extend(stretches.into_iter().map(|stretch| (line, stretch)));
        }
        if area > 0.0 {
            measured.searched.push((*number, area));
            let day = measured.by_day.entry(search.day).or_default();
            *day = day.map(|swept| swept + area);
        }
    }
    covered.sort_unstable_by_key(|(line, _)| *line);
    for on_line in covered.chunk_by(|a, b| a.0 == b.0) {
        let here = ground.stretches(northing(on_line[0].0));
        let stretches = merged(on_line.iter().map(|(_, stretch)| *stretch).collect());
        measured.footprint += common_length(&stretches, &here) * pitch;
    }
    measured
}

/// The stretch of the line at northing `y` within `reach` of the straight path from `a` to `b`.
fn capsule(a: Coord<f64>, b: Coord<f64>, reach: f64, y: f64) -> Option<[f64; 2]> {
    let mut stretch: Option<[f64; 2]> = None;
    let mut widen = |x: f64| {
        let [from, to] = stretch.unwrap_or([x, x]);
        stretch = Some([from.min(x), to.max(x)]);
    };
    for end in [a, b] {
        let half = reach * reach - (y - end.y).powi(2);
        if half >= 0.0 {
            widen(end.x - half.sqrt());
            widen(end.x + half.sqrt());
        }
    }
    let length = (b.x - a.x).hypot(b.y - a.y);
    if length > 0.0 {
        let (nx, ny) = (-(b.y - a.y) / length * reach, (b.x - a.x) / length * reach);
        let corners = [(a, 1.0), (b, 1.0), (b, -1.0), (a, -1.0), (a, 1.0)]
            .map(|(end, side)| Coord { x: end.x + nx * side, y: end.y + ny * side });
        for edge in corners.windows(2) {
            let (p, q) = (edge[0], edge[1]);
            if (p.y <= y) != (q.y <= y) {
                widen(p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x));
            }
        }
    }
    stretch
}

#[cfg(test)]
mod tests {
    use geo::{Buffer, algorithm::Area};
    use geo_types::LineString;
    use jiff::civil::date;
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Two squares of 1 km side by side, far from the origin.
    struct Pair;

    const X: f64 = 300_000.0;
    const Y: f64 = 2_400_000.0;

    impl Division for Pair {
        fn count(&self) -> usize {
            2
        }

        fn ground(&self, unit: usize) -> Cow<'_, Ground> {
            let x = X + 1000.0 * unit as f64;
            let at = |dx: f64, dy: f64| Coord { x: x + dx, y: Y + dy };
            Cow::Owned(Ground::new(&[vec![
                at(0.0, 0.0),
                at(1000.0, 0.0),
                at(1000.0, 1000.0),
                at(0.0, 1000.0),
                at(0.0, 0.0),
            ]]))
        }

        fn near(&self, low: Coord<f64>, high: Coord<f64>, name: &mut dyn FnMut(usize)) {
            for unit in 0..2 {
                let (from, to) = self.ground(unit).bounds();
                if low.x <= to.x && high.x >= from.x && low.y <= to.y && high.y >= from.y {
                    name(unit);
                }
            }
        }
    }

    fn track(places: &[(f64, f64)]) -> MultiLineString<f64> {
        let coords = places.iter().map(|(x, y)| Coord { x: X + x, y: Y + y }).collect();
        MultiLineString(vec![LineString(coords)])
    }

    const WIDTH: [f64; 3] = [20.0, 28.0, 36.0];

    #[test]
    fn a_straight_walk_as_worked_by_hand() {
        // 500 m in the first square, 100 m in the second: a visit of the first only.
        let walk = track(&[(500.0, 500.0), (1100.0, 500.0)]);
        let day = date(2025, 2, 20);
        let legs = [Leg { day, track: &walk, width: WIDTH }];
        let [first, second] = &effort(&Pair, &legs, &[], 28.0)[..] else { panic!() };
        assert_eq!((first.visits, first.days, first.last_visit), (1, 1, Some(day)));
        assert_eq!((second.visits, second.last_visit), (0, None));
        assert!((first.metres - 500.0).abs() < 1e-6 && (second.metres - 100.0).abs() < 1e-6);
        // C = 28 · 500 / 10^6.
        let c = first.coverage(1e6).unwrap();
        assert!((c[1] - 0.014).abs() < 1e-9 && (c[0] - 0.01).abs() < 1e-9);
        assert!((detection(0.014) - 0.013_902).abs() < 1e-6);
        assert_eq!(first.thorough_days, 0);
        // 500 m · 28 m and half a disc of 14 m.
        let expected = 14_000.0 + std::f64::consts::PI * 98.0;
        assert!((first.footprint - expected).abs() < 0.01 * expected, "{}", first.footprint);
        assert_eq!(first.coverage(0.0), None);
    }

    #[test]
    fn walking_twice_doubles_c_and_not_the_footprint() {
        let walk = track(&[(100.0, 300.0), (900.0, 700.0)]);
        let leg = |day| Leg { day: date(2025, 3, day), track: &walk, width: WIDTH };
        let once = &effort(&Pair, &[leg(1)], &[], 28.0)[0];
        let twice = &effort(&Pair, &[leg(1), leg(1), leg(2)], &[], 28.0)[0];
        assert_eq!((twice.visits, twice.days), (3, 2));
        assert!((twice.swept[1] - 3.0 * once.swept[1]).abs() < 1e-6);
        assert!((twice.footprint - once.footprint).abs() < 1e-6);
    }

    #[test]
    fn an_empty_search_is_a_visit_with_its_ground() {
        let centre = Coord { x: X + 990.0, y: Y + 500.0 };
        let day = date(2025, 3, 3);
        let small = Search { day, place: SearchedPlace::Circle { centre, radius: 30.0 } };
        let large = Search { day, place: SearchedPlace::Circle { centre, radius: 300.0 } };
        let all = effort(&Pair, &[], &[small], 28.0);
        // Most of it lies in the first; what spills over is no visit.
        assert_eq!((all[0].visits, all[1].visits), (1, 0));
        let all = effort(&Pair, &[], &[large], 28.0);
        assert_eq!((all[0].visits, all[1].visits), (1, 1));
        let disc = std::f64::consts::PI * 9e4;
        let sum = all[0].swept[1] + all[1].swept[1];
        assert!((sum - disc).abs() < 0.001 * disc, "{sum} {disc}");
        assert_eq!((all[0].thorough_days, all[0].last_visit), (1, Some(day)));
        assert!((all[0].footprint - all[0].swept[1]).abs() < 1e-6);
    }

    #[test]
    fn nobody_did_nothing() {
        assert_eq!(effort(&Pair, &[], &[], 28.0), vec![Effort::default(); 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// The lines are only a measure: geo's buffer must say the same within half a line
        /// along the track, and the tenth of a hundredth that its circles lack.
        #[test]
        #[expect(clippy::disallowed_methods, reason = "the plane of the metric CRS")]
        fn the_footprint_is_the_area_of_the_buffer(
            places in vec((50.0..950.0_f64, 50.0..950.0_f64), 2..6),
        ) {
            // Near the origin, where the buffer keeps its digits.
            let walk = track(&places);
            let leg = Leg { day: date(2025, 3, 1), track: &walk, width: WIDTH };
            let ours = effort(&Pair, &[leg], &[], 28.0)[0].footprint;
            let plain: LineString<f64> = places.iter().copied().collect();
            let theirs = MultiLineString(vec![plain]).buffer(14.0).unsigned_area();
            let length = places.windows(2)
                .map(|w| (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1)).sum::<f64>();
            prop_assume!(length > 100.0);
            prop_assert!((ours - theirs).abs() < (1.0 / 32.0 + 0.001) * theirs, "{ours} {theirs}");
        }
    }
}
