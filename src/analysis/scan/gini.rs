//! Which set of clusters to tell: one wide cluster, or the smaller ones within it?
//!
//! Source: Han, Zhu, Kulldorff et al. (2016), *Using Gini coefficient to determining optimal cluster
//! reporting sizes for spatial scan statistics*, Int J Health Geogr 15:27; the sizes are SaTScan's.
//!
//! For each greatest size of a told cluster, from 1 to 50 % of the population, the best windows of
//! at most that size that share no place and have a p at most the cutoff are a set. The set and the
//! rest of the map are put in the order of observed over expected, and the Lorenz curve is drawn:
//! the share of the cases over the share of what is expected. [`coefficient`] is twice the area
//! between the curve and the diagonal: 0 where every part has its share, nearer 1 the more the
//! clusters part the crowded ground from the quiet. The set with the greatest coefficient is told;
//! of sets equally good that of the least size, whose clusters are the tightest.
//!
//! The p stay those of the whole scan: the simulated maps are searched up to the greatest window of
//! the question, whatever size is told. The coefficient itself is no test; it only chooses.
//!
//! Where no set has a significant cluster there is nothing to choose from: [`choose`] says `None`.
//!
//! Cost: the map as it is, looked at about five times more (the sizes' sum over the greatest);
//! nothing for the simulated maps.

use rayon::prelude::*;

use super::{
    answer::{Cluster, clusters},
    data::Data,
    observe::{Candidate, Taken, Wanted, best_of, observe},
    question::Question,
    windows::Growth,
};
use crate::analysis::watch::{Gone, Watch};

/// The greatest sizes that are tried, as shares of the population: SaTScan's.
pub const SIZES: [f64; 15] =
    [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50];

/// Coefficients that differ by less are equal: they are sums of a few parts of one.
const EQUAL: f64 = 1e-12;

/// How the told set was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gini {
    /// The coefficient of the set, over 0 to 1.
    pub coefficient: f64,
    /// The least of the sizes that make the set: no told cluster has more of the population.
    pub size: f64,
}

/// The Gini coefficient of clusters that share nothing, each its cases and how many of the
/// `all` cases were expected in it; the rest of the map is one part more.
///
/// 0 where there is no cluster. Their order does not matter.
pub fn coefficient(clusters: &[(f64, f64)], all: f64) -> f64 {
    let (held, expected) =
        clusters.iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    let mut parts = clusters.to_vec();
    // Nothing is left where the clusters hold all; rounding does not make it less than nothing.
    parts.push(((all - held).max(0.0), (all - expected).max(0.0)));
    parts.retain(|(observed, expected)| *observed > 0.0 || *expected > 0.0);
    // By observed over expected, without the division, as a part of which nothing is expected is last.
    parts.sort_unstable_by(|a, b| {
        (a.0 * b.1).total_cmp(&(b.0 * a.1)).then(a.1.total_cmp(&b.1)).then(a.0.total_cmp(&b.0))
    });
    let (mut under, mut reached) = (0.0, 0.0);
    for (observed, expected) in parts {
        // Twice the ground under this piece of the curve.
        under += expected / all * (2.0 * reached + observed / all);
        reached += observed / all;
    }
    1.0 - under
}

/// The sizes that a question lets be tried: those of [`SIZES`] below its greatest window, and that.
pub(super) fn sizes(question: &Question<'_>) -> Vec<f64> {
    let below = SIZES.into_iter().filter(|size| *size < question.max_population);
    below.chain([question.max_population]).collect()
}

/// The set of clusters with the greatest coefficient. `None` where no cluster of any size has a p at
/// most the question's cutoff.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more.
pub(super) fn choose(
    question: &Question<'_>,
    data: &Data,
    growth: &Growth<'_>,
    maxima: &[f64],
    watch: &dyn Watch,
) -> Result<Option<(Gini, Vec<Cluster>)>, Gone> {
    let sizes = sizes(question);
    let centres: Vec<usize> = (0..data.places).collect();
    let of_centres = centres.par_iter().map(|centre| {
        watch.go_on()?;
        Ok(of_centre(question, data, growth, *centre, &sizes))
    });
    let of_centres: Vec<Vec<Option<Candidate>>> = of_centres.collect::<Result<_, Gone>>()?;
    let all = f64::from(data.ratio.cases());
    let mut best: Option<(Gini, Vec<Cluster>)> = None;
    for (nth, size) in sizes.into_iter().enumerate() {
        watch.go_on()?;
        let offers = of_centres.iter().filter_map(|of_sizes| of_sizes[nth].clone()).collect();
        let mut set = clusters(question, data, growth, offers, maxima, question.gini_p);
        set.retain(|cluster| cluster.p <= question.gini_p);
        if set.is_empty() {
            continue;
        }
        let parts = set.iter().map(|it| (f64::from(it.observed), it.expected));
        let coefficient = coefficient(&parts.collect::<Vec<_>>(), all);
        if best.as_ref().is_none_or(|(best, _)| coefficient > best.coefficient + EQUAL) {
            best = Some((Gini { coefficient, size }, set));
        }
    }
    Ok(best)
}

/// The best window around a centre of each greatest size.
fn of_centre(
    question: &Question<'_>,
    data: &Data,
    growth: &Growth<'_>,
    centre: usize,
    sizes: &[f64],
) -> Vec<Option<Candidate>> {
    let (wanted, none) = (Wanted::of(question), Taken::default());
    let mut best = vec![vec![None; data.spans.len()]; sizes.len()];
    for shape in 0..growth.shapes.len() {
        let steps = growth.steps(centre, shape);
        for (size, best) in sizes.iter().zip(&mut best) {
            // A smaller window around the same centre is the beginning of a greater one.
            let steps = &steps[..growth.within(&steps, *size)];
            observe(data, growth, wanted, (centre, shape), steps, &none, best);
        }
    }
    best.iter().map(|best| best_of(best.iter().flatten(), data.ratio.tie()).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{
        chance::draws::Draws,
        scan::{Model, Reason, Scan, Scope, Secondary, scan},
        watch::Nobody,
    };

    const DRAWS: Draws<'_> = Draws { permutations: 49, seed: 7, analysis: "test" };

    fn answer(question: &Question<'_>) -> Scan {
        scan(question, DRAWS, &Nobody).unwrap().unwrap()
    }

    #[test]
    fn the_curve_as_worked_by_hand() {
        // 6 of 10 cases on a quarter of what is expected: the curve goes over (0.75, 0.4), and
        // 1 − (0.75 × 0.4 + 0.25 × 1.4) = 0.35.
        assert!((coefficient(&[(6.0, 2.5)], 10.0) - 0.35).abs() < 1e-15);
        // 40 and 20 of 100 on a tenth each: (0.8, 0.4), (0.9, 0.6), (1, 1), and
        // 1 − (0.8 × 0.4 + 0.1 × 1.0 + 0.1 × 1.6) = 0.42.
        assert!((coefficient(&[(40.0, 10.0), (20.0, 10.0)], 100.0) - 0.42).abs() < 1e-15);
        // A cluster of few cases: none of 10 on half. The curve lies flat first.
        assert!((coefficient(&[(0.0, 5.0)], 10.0) - 0.5).abs() < 1e-15);
        // Every part has its share; no cluster; all of the map.
        assert!(coefficient(&[(2.0, 2.0), (3.0, 3.0)], 10.0).abs() < 1e-15);
        assert_eq!(coefficient(&[], 10.0), 0.0);
        assert!(coefficient(&[(10.0, 10.0)], 10.0).abs() < 1e-15);
    }

    /// Half the mean difference of all pairs of parts: the coefficient without a curve.
    fn by_pairs(clusters: &[(f64, f64)], all: f64) -> f64 {
        let rest =
            clusters.iter().fold((all, all), |rest, part| (rest.0 - part.0, rest.1 - part.1));
        let parts: Vec<(f64, f64)> = clusters.iter().copied().chain([rest]).collect();
        let pairs = parts.iter().flat_map(|a| parts.iter().map(move |b| a.0 * b.1 - b.0 * a.1));
        pairs.map(f64::abs).sum::<f64>() / (2.0 * all * all)
    }

    proptest! {
        #[test]
        fn the_curve_is_the_mean_difference_in_any_order(
            parts in vec((0_u32..50, 1_u32..50), 1..8), rest in (0_u32..90, 0_u32..90), turn in 0_usize..8,
        ) {
            let sum = |of: fn(&(u32, u32)) -> u32| parts.iter().map(of).sum::<u32>();
            let all = f64::from(sum(|it| it.0) + rest.0 + 1);
            // What is expected sums to the cases.
            let scale = all / f64::from(sum(|it| it.1) + rest.1);
            let mut clusters: Vec<(f64, f64)> =
                parts.iter().map(|it| (f64::from(it.0), f64::from(it.1) * scale)).collect();
            let ours = coefficient(&clusters, all);
            prop_assert!((ours - by_pairs(&clusters, all)).abs() < 1e-12);
            prop_assert!((-1e-12..=1.0).contains(&ours));
            let by = turn % clusters.len();
            clusters.rotate_left(by);
            prop_assert!((coefficient(&clusters, all) - ours).abs() < 1e-14);
        }
    }

    /// Two crowded pairs with quiet ground between: one window over all of it, or two small ones?
    fn two_pairs() -> (Vec<Coord>, [u32; 40], [f64; 40]) {
        // Ever wider apart, so that no two places are equally far from a third.
        let at = (0..40).map(|n| Coord { x: f64::from(n) * (1.0 + f64::from(n) / 990.0), y: 0.0 });
        let mut cases = [1; 40];
        for crowded in [10, 11, 15, 16] {
            cases[crowded] = 6;
        }
        (at.collect(), cases, [10.0; 40])
    }

    #[test]
    fn two_small_clusters_are_told_in_place_of_one_over_both() {
        let (at, cases, population) = two_pairs();
        let plain = Question::on_places(&at, &cases, &population);
        let wide = answer(&plain);
        assert_eq!(wide.gini, None);
        assert_eq!(wide.clusters[0].members.len(), 7);
        let ours = answer(&Question { secondary: Secondary::Gini, ..plain });
        let mut held: Vec<Vec<usize>> = ours
            .clusters
            .iter()
            .map(|cluster| {
                let mut places: Vec<usize> = cluster.members.iter().map(|it| it.place).collect();
                places.sort_unstable();
                places
            })
            .collect();
        held.sort_unstable();
        assert_eq!(held, [vec![10, 11], vec![15, 16]]);
        // Twice 12 of 60 cases on 2 of 40 places: the curve goes over (0.9, 0.6), and
        // 1 − (0.9 × 0.6 + 0.1 × 1.6) = 0.3; the wide one has 27 on 7 places, 0.45 − 0.175.
        let gini = ours.gini.unwrap();
        assert!((gini.coefficient - 0.3).abs() < 1e-12);
        assert_eq!(gini.size, 0.05);
        // The p stay those of windows of every size.
        assert_eq!(ours.maxima, wide.maxima);
    }

    #[test]
    fn where_nothing_is_significant_there_is_no_set() {
        let (at, _, population) = two_pairs();
        let cases: Vec<u32> = (0..40).map(|n| 3 + n * 7 % 3).collect();
        let plain = Question::on_places(&at, &cases, &population);
        let ours = answer(&Question { secondary: Secondary::Gini, ..plain });
        assert_eq!(ours.gini, None);
        // Then the clusters by centres are told, so that the best is always there.
        assert_eq!(ours, answer(&plain));
        assert!(ours.clusters.iter().all(|cluster| cluster.p > 0.05));
    }

    #[test]
    fn only_spatial_scans_of_a_known_risk_have_a_set() {
        let (at, cases, population) = two_pairs();
        let plain = Question {
            secondary: Secondary::Gini,
            periods: 4,
            ..Question::on_places(&at[..10], &cases, &population)
        };
        let refused =
            |question: Question<'_>| scan(&question, DRAWS, &Nobody).unwrap().unwrap_err();
        assert_eq!(refused(Question { scope: Scope::SpaceTime, ..plain }), Reason::NoGini);
        assert_eq!(refused(Question { scope: Scope::Prospective, ..plain }), Reason::NoGini);
        let permuted = Question { model: Model::SpaceTimePermutation, ..plain };
        assert_eq!(refused(permuted), Reason::NoGini);
    }

    #[derive(Clone, Debug)]
    struct Map {
        at: Vec<Coord>,
        cases: Vec<u32>,
        others: Vec<u32>,
    }

    fn maps() -> impl Strategy<Value = Map> {
        (3_usize..14).prop_flat_map(|places| {
            let at = vec((0..6_i32, 0..6_i32), places);
            let count = prop_oneof![0_u32..4, 0_u32..4, 20_u32..60];
            (at, vec(count, places), vec(1_u32..20, places)).prop_map(|(at, cases, others)| Map {
                at: at.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect(),
                cases,
                others,
            })
        })
    }

    /// A window of the slow way: its ratio, its places in ascending order, how far it reaches.
    type Window = (f64, Vec<usize>, f64);

    /// The best window around each place that holds at most this share of the population.
    fn windows(question: &Question<'_>, data: &Data, size: f64) -> Vec<Window> {
        let crate::analysis::scan::Windows::Circles { at } = question.windows else {
            unreachable!("only circles are tried")
        };
        let most = data.population.iter().sum::<f64>() * size * (1.0 + 1e-12);
        let of_centre = |centre: &Coord| {
            let far = |to: &Coord| (to.x - centre.x).hypot(to.y - centre.y);
            let mut reaches: Vec<f64> = at.iter().map(far).collect();
            reaches.sort_unstable_by(f64::total_cmp);
            let mut best: Option<Window> = None;
            for reach in reaches {
                let held: Vec<usize> =
                    (0..at.len()).filter(|it| far(&at[*it]) <= reach * (1.0 + 1e-9)).collect();
                let count: u32 = held.iter().map(|place| data.cases[*place]).sum();
                let measure: f64 = held.iter().map(|place| data.measure[*place]).sum();
                let people: f64 = held.iter().map(|place| data.population[*place]).sum();
                let more = f64::from(count) > data.ratio.expected(measure);
                if people > most || !more || count < question.minimum_cases {
                    continue;
                }
                let ratio = data.ratio.of(count, &data.ratio.measured(measure));
                let tie = data.ratio.tie();
                if ratio > tie && best.as_ref().is_none_or(|best| ratio > best.0 + tie) {
                    best = Some((ratio, held, reach));
                }
            }
            best
        };
        at.iter().filter_map(of_centre).collect()
    }

    /// The sets of a size, best first, no place twice, significant.
    fn slowly(question: &Question<'_>, data: &Data, maxima: &[f64], size: f64) -> Vec<Vec<usize>> {
        let tie = data.ratio.tie();
        // The number of a centre decides only between windows equally good and large.
        let mut windows: Vec<(usize, Window)> =
            windows(question, data, size).into_iter().enumerate().collect();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        while !windows.is_empty() {
            let greatest = windows.iter().map(|it| it.1.0).fold(0.0, f64::max);
            let place = (0..windows.len())
                .filter(|it| windows[*it].1.0 >= greatest - tie)
                .min_by(|a, b| {
                    let ((ca, a), (cb, b)) = (&windows[*a], &windows[*b]);
                    a.1.len().cmp(&b.1.len()).then(a.2.total_cmp(&b.2)).then(ca.cmp(cb))
                })
                .unwrap();
            let (_, (ratio, held, _)) = windows.swap_remove(place);
            if sets.iter().flatten().any(|it| held.contains(it)) {
                continue;
            }
            let reached = maxima.iter().filter(|it| **it >= ratio - tie * 2.0).count();
            if (reached + 1) as f64 / (maxima.len() + 1) as f64 > question.gini_p {
                break;
            }
            sets.push(held);
        }
        sets
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// Against every size tried in turn, every window listed, and the mean difference.
        #[test]
        fn the_set_is_the_best_of_all_sizes(map in maps(), bernoulli: bool, most in 0.1..0.5_f64) {
            let population: Vec<f64> = map.others.iter().map(|it| f64::from(*it)).collect();
            let model = if bernoulli {
                Model::Bernoulli { controls: &map.others }
            } else {
                Model::Poisson { population: &population }
            };
            let question = Question {
                model,
                max_population: most,
                secondary: Secondary::Gini,
                gini_p: 0.2,
                ..Question::on_places(&map.at, &map.cases, &population)
            };
            let Ok(ours) = scan(&question, DRAWS, &Nobody).unwrap() else { return Ok(()) };
            let data = Data::of(&question).unwrap();
            let all = f64::from(data.ratio.cases());
            let mut best: Option<(f64, f64, Vec<Vec<usize>>)> = None;
            for size in SIZES.into_iter().filter(|size| *size < most).chain([most]) {
                let sets = slowly(&question, &data, &ours.maxima, size);
                let part = |set: &Vec<usize>| {
                    let count: u32 = set.iter().map(|place| data.cases[*place]).sum();
                    let measure: f64 = set.iter().map(|place| data.measure[*place]).sum();
                    (f64::from(count), data.ratio.expected(measure))
                };
                let parts: Vec<(f64, f64)> = sets.iter().map(part).collect();
                let gini = by_pairs(&parts, all);
                if !sets.is_empty() && best.as_ref().is_none_or(|best| gini > best.0 + 1e-12) {
                    best = Some((gini, size, sets));
                }
            }
            let Some((gini, size, mut sets)) = best else {
                prop_assert_eq!(ours.gini, None);
                return Ok(());
            };
            let told = ours.gini.unwrap();
            prop_assert!((told.coefficient - gini).abs() < 1e-9, "{:?} {}", told, gini);
            prop_assert_eq!(told.size, size);
            let held = |cluster: &Cluster| {
                let mut places: Vec<usize> = cluster.members.iter().map(|it| it.place).collect();
                places.sort_unstable();
                places
            };
            let mut ours: Vec<Vec<usize>> = ours.clusters.iter().map(held).collect();
            ours.sort_unstable();
            sets.sort_unstable();
            prop_assert_eq!(ours, sets);
        }
    }
}
