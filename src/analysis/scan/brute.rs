//! Tests: the scan against a slow and obvious one, and what there is to say about odd maps.

use std::collections::BTreeSet;

use geo_types::Coord;
use proptest::{collection::vec, prelude::*};

use super::{
    Model, Question, Rates, Reason, Ring, Scan, Scope, Secondary, Windows,
    data::Data,
    draw::{Chance, Scratch},
    scan, windows,
};
use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Nobody, Watch},
};

const DRAWS: Draws<'_> = Draws { permutations: 34, seed: 3, analysis: "test" };

fn answer(question: &Question<'_>) -> Result<Scan, Reason> {
    scan(question, DRAWS, &Nobody).unwrap()
}

/// The places of every window in space with what its ratio counts, each set once a weight.
fn sets(question: &Question<'_>, population: &[f64]) -> Vec<(Vec<usize>, f64)> {
    let (at, penalty) = match question.windows {
        Windows::Circles { at } => (at, None),
        Windows::Ellipses { at, penalty } => (at, Some(penalty)),
        Windows::Listed(_) => unreachable!("lists are tried by hand"),
    };
    let all: f64 = population.iter().sum();
    let mut sets = Vec::new();
    for shape in windows::shapes(penalty.is_some()) {
        let (sin, cos) = shape.angle.sin_cos();
        let weight =
            (4.0 * shape.long / (shape.long + 1.0).powi(2)).powf(penalty.unwrap_or_default());
        let far = |a: &Coord, b: &Coord| {
            let (x, y) = (b.x - a.x, b.y - a.y);
            ((x * cos + y * sin) / shape.long).hypot(y * cos - x * sin)
        };
        for centre in at {
            for edge in at {
                let reach = far(centre, edge) * (1.0 + 2e-9);
                let within = |place: &usize| far(centre, &at[*place]) <= reach;
                let set: Vec<usize> = (0..at.len()).filter(within).collect();
                let held: f64 = set.iter().map(|place| population[*place]).sum();
                if held <= question.max_population * all * (1.0 + 1e-12) {
                    sets.push((set, weight));
                }
            }
        }
    }
    sets
}

fn x_log(x: f64, by: f64) -> f64 {
    if x > 0.0 { x * (x / by).ln() } else { 0.0 }
}

/// The best ratio of a map, every window in turn.
fn slowly(question: &Question<'_>, data: &Data, sets: &[(Vec<usize>, f64)], cases: &[u32]) -> f64 {
    let all: f64 = cases.iter().map(|c| f64::from(*c)).sum();
    let people: f64 = data.measure.iter().sum();
    let mut best = 0.0_f64;
    let spans = question.spans();
    for (set, weight) in sets {
        for (start, end) in &spans {
            let cells = || {
                set.iter().flat_map(|place| (*start..*end).map(move |t| place * data.periods + t))
            };
            let count: f64 = cells().map(|cell| f64::from(cases[cell])).sum();
            let measure: f64 = cells().map(|cell| data.measure[cell]).sum();
            let expected = if matches!(question.model, Model::Bernoulli { .. }) {
                measure * all / people
            } else {
                measure
            };
            let high = count > expected * (1.0 + 1e-12);
            let low = count < expected * (1.0 - 1e-12);
            if !(high && question.rates.high() && count >= f64::from(question.minimum_cases)
                || low && question.rates.low())
            {
                continue;
            }
            let ratio = if matches!(question.model, Model::Bernoulli { .. }) {
                let outside = people - measure;
                let likelihood = |c: f64, n: f64| x_log(c, n) + x_log(n - c, n);
                likelihood(count, measure) + likelihood(all - count, outside)
                    - likelihood(all, people)
            } else {
                x_log(count, expected) + x_log(all - count, all - expected)
            };
            best = best.max(ratio * weight);
        }
    }
    best
}

/// The scan finds what the slow one finds, in the map as it is and in every simulated one.
fn check(question: &Question<'_>) -> Result<(), TestCaseError> {
    let ours = answer(question);
    let Ok(data) = Data::of(question) else {
        prop_assert!(ours.is_err());
        return Ok(());
    };
    let Ok(ours) = ours else {
        prop_assert_eq!(ours.unwrap_err(), Reason::NoWindow);
        prop_assert!(sets(question, &data.population).is_empty());
        return Ok(());
    };
    let mut sets = sets(question, &data.population);
    sets.sort_by(|a, b| a.partial_cmp(b).unwrap());
    sets.dedup();
    let observed = slowly(question, &data, &sets, &data.cases);
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-8 * b.max(1.0);
    if let Some(first) = ours.clusters.first() {
        prop_assert!(close(first.llr, observed), "{} {}", first.llr, observed);
        let count: u32 = first.members.iter().map(|member| member.observed).sum();
        let expected: f64 = first.members.iter().map(|member| member.expected).sum();
        prop_assert_eq!(count, first.observed);
        prop_assert!(close(expected, first.expected));
    }
    let (chance, streams) = (Chance::of(question, &data), DRAWS.streams());
    prop_assert_eq!(ours.maxima.len(), 34);
    let mut scratch = Scratch::default();
    for (number, best) in ours.maxima.iter().enumerate() {
        let mut map = vec![0_i32; data.cells()];
        let mut random = streams.stream(number as u64);
        chance.draw(&mut random, &mut scratch, |cell, by| map[cell] += by);
        let map: Vec<u32> = map.into_iter().map(|count| count as u32).collect();
        let slow = slowly(question, &data, &sets, &map);
        prop_assert!(close(*best, slow), "map {}: {} {}", number, best, slow);
    }
    let reached = ours.maxima.iter().filter(|best| **best >= observed - 1e-8).count();
    match ours.clusters.first() {
        Some(first) => prop_assert_eq!(first.p, (reached + 1) as f64 / 35.0),
        None => prop_assert!(reached == 34 || observed <= 1e-8),
    }
    // No two share a cell.
    let mut taken = BTreeSet::new();
    for cluster in &ours.clusters {
        for member in &cluster.members {
            for period in cluster.first..=cluster.last {
                prop_assert!(taken.insert((member.place, period)));
            }
        }
    }
    Ok(())
}

#[derive(Clone, Debug)]
struct Map {
    at: Vec<Coord>,
    periods: usize,
    cases: Vec<u32>,
    others: Vec<u32>,
}

fn maps() -> impl Strategy<Value = Map> {
    (3_usize..9, 1_usize..5).prop_flat_map(|(places, periods)| {
        // On a lattice, so that many are equally far.
        let at = vec((0..4_i32, 0..4_i32), places);
        let cells = places * periods;
        let many = prop_oneof![Just(1_u32), Just(1), Just(700)];
        (at, vec(0_u32..9, cells), vec(0_u32..20, cells), many).prop_map(
            move |(at, cases, others, many)| Map {
                at: at
                    .into_iter()
                    .map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) })
                    .collect(),
                periods,
                cases: cases.into_iter().map(|count| count * many).collect(),
                others: others.into_iter().map(|count| count * many).collect(),
            },
        )
    })
}

fn choices() -> impl Strategy<Value = (Scope, Rates, Secondary, bool, f64)> {
    let scope = prop_oneof![Just(Scope::Spatial), Just(Scope::SpaceTime), Just(Scope::Prospective)];
    let rates = prop_oneof![Just(Rates::High), Just(Rates::Low), Just(Rates::Both)];
    let secondary = prop_oneof![Just(Secondary::Centres), Just(Secondary::Rest)];
    (scope, rates, secondary, prop::bool::weighted(0.2), 0.1..0.5_f64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The critical counts and the lanes are only a short cut.
    #[test]
    fn every_window_of_every_map_is_seen(
        map in maps(), (scope, rates, secondary, ellipses, share) in choices(), which in 0..3,
    ) {
        // Some population wherever there are cases.
        let people = map.cases.iter().zip(&map.others);
        let population: Vec<f64> =
            people.map(|(count, other)| f64::from(count + other) * 0.7).collect();
        // Small shares of large maps, or the tests would be slow.
        let large = map.cases.iter().any(|count| *count > 1000);
        let model = match which {
            0 => Model::Poisson { population: &population },
            1 => Model::Bernoulli { controls: &map.others },
            _ => Model::SpaceTimePermutation,
        };
        let windows = if ellipses && !large {
            Windows::Ellipses { at: &map.at, penalty: 0.5 }
        } else {
            Windows::Circles { at: &map.at }
        };
        let question = Question {
            periods: map.periods,
            model,
            windows,
            scope,
            rates,
            secondary,
            max_population: share,
            ..Question::on_places(&map.at, &map.cases, &population)
        };
        check(&question)?;
    }

    #[test]
    fn scaling_the_population_changes_nothing(map in maps(), twos in -9_i32..9) {
        let population: Vec<f64> = map.cases.iter().map(|count| f64::from(count + 1)).collect();
        let scaled: Vec<f64> = population.iter().map(|p| p * 2_f64.powi(twos)).collect();
        let question = Question {
            periods: map.periods,
            ..Question::on_places(&map.at, &map.cases, &population)
        };
        let other = Question { model: Model::Poisson { population: &scaled }, ..question };
        match (answer(&question), answer(&other)) {
            (Ok(mut a), Ok(b)) => {
                for (a, b) in a.clusters.iter_mut().zip(&b.clusters) {
                    a.population = b.population;
                }
                prop_assert_eq!(a, b);
            }
            (a, b) => prop_assert_eq!(a.unwrap_err(), b.unwrap_err()),
        }
    }

    /// Other names, the same best window; the draws go by the order of names and are others.
    #[test]
    fn relabelling_changes_no_ratio(map in maps()) {
        let population: Vec<f64> = map.others.iter().map(|p| f64::from(p + 1)).collect();
        let back = |cells: &[u32]| -> Vec<u32> {
            cells.chunks(map.periods).rev().flatten().copied().collect()
        };
        let (cases, others) = (back(&map.cases), back(&map.others));
        let other_population: Vec<f64> = others.iter().map(|p| f64::from(p + 1)).collect();
        let at: Vec<Coord> = map.at.iter().rev().copied().collect();
        let none = Draws { permutations: 0, ..DRAWS };
        let found = |question: Question<'_>| {
            let question = Question { periods: map.periods, scope: Scope::SpaceTime, ..question };
            scan(&question, none, &Nobody).unwrap()
        };
        let a = found(Question::on_places(&map.at, &map.cases, &population));
        let b = found(Question::on_places(&at, &cases, &other_population));
        match (a, b) {
            (Ok(a), Ok(b)) => {
                let best = |scan: &Scan| scan.clusters.first().map_or(0.0, |first| first.llr);
                prop_assert!((best(&a) - best(&b)).abs() <= 1e-8 * best(&a).max(1.0));
            }
            (a, b) => prop_assert_eq!(a.unwrap_err(), b.unwrap_err()),
        }
    }
}

fn line(count: usize) -> Vec<Coord> {
    (0..count).map(|x| Coord { x: x as f64 * 1000.0, y: 0.0 }).collect()
}

#[test]
fn a_planted_cluster_is_found_with_all_that_is_told_of_it() {
    let mut at = line(10);
    // Or places 2 and 4 would be equally far from place 3, and enter together.
    at[4].x = 3500.0;
    let cases = [1, 0, 1, 9, 8, 1, 0, 1, 1, 0];
    let ours = answer(&Question::on_places(&at, &cases, &[10.0; 10])).unwrap();
    let first = &ours.clusters[0];
    // Places 3 and 4: 17 of 22 cases where 4.4 are expected.
    let by_hand = 17.0 * (17.0 / 4.4_f64).ln() + 5.0 * (5.0 / 17.6_f64).ln();
    assert!((first.llr - by_hand).abs() < 1e-9);
    assert_eq!((first.centre, first.ring), (3, Ring::Circle { radius: 500.0 }));
    let places: BTreeSet<usize> = first.members.iter().map(|member| member.place).collect();
    assert_eq!(places, BTreeSet::from([3, 4]));
    assert_eq!((first.observed, first.first, first.last, first.high), (17, 0, 0, true));
    assert_eq!((first.p, first.population, first.recurrence), (1.0 / 35.0, 20.0, None));
    assert!((first.ratio - 17.0 / 4.4).abs() < 1e-12 && first.span == Some(500.0));
    let risk = (17.0 / 4.4) / (5.0 / 17.6);
    assert!((first.relative_risk.unwrap() - risk).abs() < 1e-9);
    assert!(first.gumbel.unwrap() < 0.001);
}

#[test]
fn what_begins_at_the_end_is_found_by_looking_at_the_end() {
    let at = line(6);
    // Place 2 begins in the last of four periods.
    let mut cases = vec![1_u32; 24];
    cases[2 * 4 + 3] = 12;
    let question = Question {
        periods: 4,
        model: Model::SpaceTimePermutation,
        scope: Scope::Prospective,
        ..Question::on_places(&at, &cases, &[])
    };
    let ours = answer(&question).unwrap();
    let first = &ours.clusters[0];
    assert_eq!((first.centre, first.first, first.last), (2, 3, 3));
    // 35 cases: 15 of the place, 17 of the period.
    assert!((first.expected - 15.0 * 17.0 / 35.0).abs() < 1e-9);
    assert_eq!(first.relative_risk, None);
    assert!((first.recurrence.unwrap() * first.p - 1.0).abs() < 1e-12);
    // Over all periods together this model says nothing.
    let spatial = Question { scope: Scope::Spatial, ..question };
    assert_eq!(answer(&spatial).unwrap_err(), Reason::TooFewPeriods);
}

#[test]
fn neighbours_of_a_list_need_no_positions() {
    let cases = [0, 6, 0, 0, 5, 0];
    // Places 1 and 4 lie at the two ends of one path.
    let mut lists = vec![Vec::new(); 6];
    lists[1] = vec![(4, 0.5), (0, 3.0)];
    let question = Question {
        windows: Windows::Listed(&lists),
        ..Question::on_places(&[], &cases, &[1.0; 6])
    };
    let ours = answer(&question).unwrap();
    let first = &ours.clusters[0];
    assert_eq!((first.centre, first.observed, first.members.len()), (1, 11, 2));
    assert_eq!((first.ring, first.span), (Ring::Listed { reach: 0.5 }, None));
    // All cases are within: no rate is left without.
    assert_eq!(first.relative_risk, None);
}

#[test]
fn the_rest_tells_more_than_the_centres() {
    // A strong pair beside a weak place: every centre's best is the strong pair's.
    let at = line(8);
    let cases = [0, 30, 28, 0, 0, 0, 9, 0];
    let many = |secondary| {
        let question = Question { secondary, ..Question::on_places(&at, &cases, &[5.0; 8]) };
        scan(&question, Draws { permutations: 0, ..DRAWS }, &Nobody).unwrap().unwrap().clusters
    };
    let (centres, rest) = (many(Secondary::Centres), many(Secondary::Rest));
    assert_eq!(centres[0], rest[0]);
    assert!(rest.len() >= centres.len());
}

#[test]
fn a_map_without_contrast_has_no_cluster() {
    let at = line(6);
    let ours = answer(&Question::on_places(&at, &[3; 6], &[2.0; 6])).unwrap();
    assert!(ours.clusters.is_empty());
    // All at one place: every window would hold all.
    let together = vec![Coord { x: 5.0, y: 5.0 }; 6];
    let nowhere = answer(&Question::on_places(&together, &[1, 2, 3, 4, 5, 6], &[2.0; 6]));
    assert_eq!(nowhere.unwrap_err(), Reason::NoWindow);
}

#[test]
fn what_cannot_be_scanned_says_why() {
    let at = line(3);
    let spatial = |cases: &[u32], population: &[f64]| {
        answer(&Question::on_places(&at[..cases.len()], cases, population)).map(drop).unwrap_err()
    };
    assert_eq!(spatial(&[5], &[1.0]), Reason::TooFewPlaces);
    assert_eq!(spatial(&[5, 1], &[1.0; 2]), Reason::TooFewPlaces);
    assert_eq!(spatial(&[0; 3], &[1.0; 3]), Reason::TooFewCases);
    assert_eq!(spatial(&[0, 1, 0], &[1.0; 3]), Reason::TooFewCases);
    assert_eq!(spatial(&[1, 1, 1], &[0.0; 3]), Reason::NoPopulation);
    let alone = Reason::CasesWithoutPopulation { place: 1, period: 0 };
    assert_eq!(spatial(&[1, 1, 1], &[1.0, 0.0, 1.0]), alone);
    let bad = Reason::BadPopulation { place: 2, period: 0 };
    assert_eq!(spatial(&[1, 1, 1], &[1.0, 1.0, f64::NAN]), bad);
    assert_eq!(spatial(&[1, 1, 1], &[1.0, 1.0, -1.0]), bad);
    let huge = [u32::MAX / 2; 3];
    assert_eq!(spatial(&huge, &[1.0; 3]), Reason::TooMany);

    let cases = [2, 1, 4];
    let bernoulli = Question {
        model: Model::Bernoulli { controls: &[0; 3] },
        ..Question::on_places(&at, &cases, &[])
    };
    assert_eq!(answer(&bernoulli).unwrap_err(), Reason::NoControls);
    let in_time =
        Question { scope: Scope::SpaceTime, ..Question::on_places(&at, &cases, &[1.0; 3]) };
    assert_eq!(answer(&in_time).unwrap_err(), Reason::TooFewPeriods);
    for reason in [Reason::NoWindow, Reason::TooFewPeriods, alone, bad] {
        assert!(!reason.word().is_empty() && !reason.to_string().is_empty());
    }
}

#[test]
fn threads_decide_nothing() {
    let at: Vec<Coord> =
        (0..40).map(|i| Coord { x: f64::from(i % 7), y: f64::from(i / 7) }).collect();
    let cases: Vec<u32> = (0..160).map(|i| u32::from(i % 11 == 0) * (i % 5 + 1)).collect();
    let population = vec![1.0; 160];
    let question = Question {
        periods: 4,
        scope: Scope::SpaceTime,
        ..Question::on_places(&at, &cases, &population)
    };
    let on = |threads| {
        let crew = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        crew.install(|| answer(&question).unwrap())
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_scan_that_nobody_waits_for_stops() {
    struct Left;
    impl Watch for Left {
        fn tell(&self, _done: u64, _of: u64) {}
        fn gone(&self) -> bool {
            true
        }
    }
    let at = line(5);
    let question = Question::on_places(&at, &[1, 2, 3, 4, 5], &[1.0; 5]);
    assert_eq!(scan(&question, DRAWS, &Left), Err(Gone));
}
