//! The shared draws against slow loops and against every order of tiny maps.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::{collection::vec, prelude::*};

use super::{pool::Pool, *};
use crate::analysis::{
    chance::{draws::Draws, tally::TIE},
    local::moran::deviations,
    watch::{Gone, Nobody, Watch},
    weights::{Links, Neighbours, Weights},
};

const DRAWS: Draws<'_> = Draws { permutations: 60, seed: 7, analysis: "test" };

const STATISTICS: [Statistic; 3] = [Statistic::Gi, Statistic::GiStar, Statistic::Moran];

/// A row as the draws meet it: heaviest first, then by unit; of Gi* under the total null the unit
/// itself is in it.
fn row(weights: &Weights, unit: usize, statistic: Statistic, null: Null) -> Vec<(usize, f64)> {
    let own = statistic == Statistic::GiStar && null == Null::Total;
    let mut row: Vec<(usize, f64)> =
        weights.others(unit).chain(own.then(|| (unit, weights.own(unit)))).collect();
    row.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    row
}

/// The statistic of a unit whose own value is `own`, and how large its terms are.
fn statistic(of: Statistic, own: f64, terms: &[f64]) -> (f64, f64) {
    let sum: f64 = terms.iter().sum();
    let size: f64 = terms.iter().map(|x| x.abs()).sum();
    if of == Statistic::Moran { (own * sum, own.abs() * size) } else { (sum, size) }
}

/// Slow and obvious: for every unit, every shuffled map from the start.
fn slowly(
    values: &[f64],
    weights: &Weights,
    of: Statistic,
    null: Null,
    draws: Draws<'_>,
) -> Counts {
    let streams = draws.streams();
    let n = values.len();
    let values = if of == Statistic::Moran { deviations(values) } else { values.to_vec() };
    let (mut ge, mut le) = (vec![0; n], vec![0; n]);
    for number in 0..u64::from(draws.permutations) {
        let mut pool = Pool::new(n);
        pool.shuffle(&streams, number, n);
        for unit in 0..n {
            let row = row(weights, unit, of, null);
            let drawn: Vec<usize> = pool.units.iter().map(|unit| *unit as usize).collect();
            let (own, drawn): (f64, Vec<usize>) = match (of, null) {
                (Statistic::Moran, Null::Total) => (values[drawn[0]], drawn[1..].to_vec()),
                (_, Null::Total) => (0.0, drawn),
                (_, Null::Conditional) => {
                    (values[unit], drawn.into_iter().filter(|other| *other != unit).collect())
                }
            };
            let real: Vec<f64> = row.iter().map(|(j, w)| w * values[*j]).collect();
            let chance: Vec<f64> = row.iter().zip(drawn).map(|((_, w), j)| w * values[j]).collect();
            let (observed, size) = statistic(of, values[unit], &real);
            let (simulated, _) = statistic(of, own, &chance);
            ge[unit] += u32::from(simulated >= observed - TIE * size);
            le[unit] += u32::from(simulated <= observed + TIE * size);
        }
    }
    Counts { permutations: draws.permutations, ge, le }
}

fn sparse() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(0.0), Just(1.0), Just(3.0), 0.1..2000.0_f64]
}

fn lists(n: usize) -> impl Strategy<Value = Neighbours> {
    vec((0..n, 0..n), 0..3 * n).prop_map(move |pairs| Neighbours::from_pairs(n, pairs))
}

fn map() -> impl Strategy<Value = (Vec<f64>, Neighbours)> {
    (1_usize..14).prop_flat_map(|n| (vec(sparse(), n), lists(n)))
}

/// A map of whole numbers, as counts of plots are.
fn counted() -> impl Strategy<Value = (Vec<f64>, Neighbours)> {
    (1_usize..14).prop_flat_map(|n| (vec((0_i32..6).prop_map(f64::from), n), lists(n)))
}

/// Weights that are few or many, equal or not, a unit's own among them.
fn weighted() -> impl Strategy<Value = (Vec<f64>, Weights)> {
    (1_usize..9).prop_flat_map(|n| {
        let weight = prop_oneof![4 => Just(0.0), 2 => Just(1.0), 2 => Just(0.5), 1 => 0.1..3.0_f64, 1 => Just(-0.7)];
        (vec(sparse(), n), vec(vec(weight, n), n)).prop_map(|(values, rows)| {
            let rows = rows.into_iter().map(|row| (0..).zip(row).collect()).collect();
            (values, Weights::from_rows(rows).unwrap())
        })
    })
}

proptest! {
    #[test]
    fn shared_draws_count_what_the_slow_loop_counts((values, lists) in map()) {
        let weights = Weights::binary(&lists);
        for null in Null::ALL {
            for of in STATISTICS {
                let ours = neighbour_counts(&values, &lists, of, null, DRAWS);
                prop_assert_eq!(&ours, &slowly(&values, &weights, of, null, DRAWS), "{:?} {:?}", of, null);
                let any = weighted_counts(&values, &weights, of, null, DRAWS, &Nobody).unwrap();
                prop_assert_eq!(any, ours);
            }
        }
    }

    #[test]
    fn whole_numbers_are_counted_as_the_slow_loop_counts_them((values, lists) in counted()) {
        let weights = Weights::binary(&lists);
        for null in Null::ALL {
            for of in STATISTICS {
                prop_assert_eq!(
                    neighbour_counts(&values, &lists, of, null, DRAWS),
                    slowly(&values, &weights, of, null, DRAWS), "{:?} {:?}", of, null
                );
            }
        }
    }

    #[test]
    fn any_weights_are_counted_as_the_slow_loop_counts_them((values, weights) in weighted()) {
        for null in Null::ALL {
            for of in STATISTICS {
                prop_assert_eq!(
                    weighted_counts(&values, &weights, of, null, DRAWS, &Nobody).unwrap(),
                    slowly(&values, &weights, of, null, DRAWS), "{:?} {:?}", of, null
                );
            }
        }
    }

    #[test]
    fn scaling_values_or_rows_changes_no_count((values, weights) in weighted(), twos in -8_i32..8) {
        // By powers of two, so that nothing is rounded anew.
        let factor = 2f64.powi(twos);
        let larger: Vec<f64> = values.iter().map(|x| x * factor).collect();
        let rows = (0..weights.len()).map(|i| {
            weights.row(i).map(|(j, w)| (j as u32, w * if i % 2 == 0 { factor } else { 1.0 })).collect()
        });
        let scaled = Weights::from_rows(rows.collect()).unwrap();
        for null in Null::ALL {
            for of in STATISTICS {
                let of_map = |values: &[f64], weights: &Weights| {
                    weighted_counts(values, weights, of, null, DRAWS, &Nobody).unwrap()
                };
                let ours = of_map(&values, &weights);
                prop_assert_eq!(&of_map(&larger, &weights), &ours);
                // Without a neighbour a unit weighs 1 in its own row, whatever the factor.
                prop_assert_eq!(&of_map(&values, &scaled), &ours);
            }
        }
    }
}

/// A regular grid whose weights fall with distance: one pattern for many units, which are sorted,
/// and others for few, which are not.
fn decaying(side: usize) -> Weights {
    let rows = (0..side * side).map(|a| {
        let near = (0..side * side).filter_map(|b| {
            let (rows, columns) = ((a / side).abs_diff(b / side), (a % side).abs_diff(b % side));
            let apart = (rows * rows + columns * columns) as f64;
            (a != b && apart < 5.0).then(|| (b as u32, 1.0 / apart.sqrt()))
        });
        near.collect()
    });
    Weights::from_rows(rows.collect()).unwrap()
}

#[test]
fn patterns_of_many_and_of_few_units_count_the_same() {
    let weights = decaying(8);
    let values: Vec<f64> = (0..64).map(|i| f64::from(i * i % 17) * 0.3).collect();
    let draws = Draws { permutations: 150, ..DRAWS };
    for null in Null::ALL {
        for of in STATISTICS {
            assert_eq!(
                weighted_counts(&values, &weights, of, null, draws, &Nobody).unwrap(),
                slowly(&values, &weights, of, null, draws),
                "{of:?} {null:?}"
            );
        }
    }
}

#[test]
fn threads_and_blocks_decide_nothing() {
    let n = 3000;
    let values: Vec<f64> = (0..n).map(|i| f64::from(i % 7 == 0) * f64::from(i % 11)).collect();
    let lists = Neighbours::from_pairs(n as usize, (1..n as usize).map(|i| (i - 1, i)));
    let draws = Draws { permutations: 5000, ..DRAWS };
    let on = |threads| {
        let crew = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        crew.install(|| counts(&values, &lists, Null::Conditional, draws))
    };
    assert_eq!(on(1), on(3));
    let other = Draws { analysis: "another", ..draws };
    assert_ne!(on(1), counts(&values, &lists, Null::Conditional, other));
    let weights = decaying(12);
    let on = |threads| {
        let crew = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let values = &values[..144];
        crew.install(|| {
            weighted_counts(values, &weights, Statistic::Moran, Null::Conditional, draws, &Nobody)
        })
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_constant_map_finds_nothing() {
    let weights = Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)]);
    for null in Null::ALL {
        for of in STATISTICS {
            let counts = neighbour_counts(&[0.3; 4], &weights, of, null, DRAWS);
            for unit in 0..4 {
                assert_eq!((counts.upper(unit), counts.lower(unit)), (1.0, 1.0), "{of:?} {null:?}");
                assert_eq!(counts.two_sided(unit), 1.0);
            }
        }
    }
    let nobody = counts(&[], &Neighbours::default(), Null::Total, DRAWS);
    assert!(nobody.ge.is_empty());
    let alone = counts(&[1.0], &Neighbours::from_pairs(1, []), Null::Conditional, DRAWS);
    assert_eq!(alone.upper(0), 1.0);
    let empty =
        weighted_counts(&[], &Weights::default(), Statistic::Gi, Null::Total, DRAWS, &Nobody);
    assert!(empty.unwrap().ge.is_empty());
}

#[test]
fn who_has_gone_is_not_served() {
    struct Leaving(AtomicU64);
    impl Watch for Leaving {
        fn tell(&self, done: u64, of: u64) {
            assert!(done <= of);
            self.0.fetch_max(done, Ordering::Relaxed);
        }

        fn gone(&self) -> bool {
            self.0.load(Ordering::Relaxed) > 100
        }
    }
    let draws = Draws { permutations: 100_000, ..DRAWS };
    let values: Vec<f64> = (0..64).map(f64::from).collect();
    let leaving = Leaving(AtomicU64::new(0));
    let answer =
        weighted_counts(&values, &decaying(8), Statistic::Gi, Null::Total, draws, &leaving);
    assert_eq!(answer, Err(Gone));
    assert!(leaving.0.load(Ordering::Relaxed) < 100_000);
}

/// Every order of `n` units.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for unit in 0..n {
        let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
            let with = |at: usize| {
                let mut longer = order.clone();
                longer.insert(at, unit);
                longer
            };
            (0..=order.len()).map(with).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// On a tiny map every order can be listed; under the conditional null those that leave the unit
/// where it is. Our p must be within four standard errors of the share of orders (and of the one
/// that the rule adds above and below the line).
fn agrees_with_every_order(values: &[f64], weights: &Weights) {
    let n = values.len();
    let draws = Draws { permutations: 20_000, ..DRAWS };
    let all = orders(n);
    for of in STATISTICS {
        let shuffled = if of == Statistic::Moran { deviations(values) } else { values.to_vec() };
        for null in Null::ALL {
            let ours = weighted_counts(values, weights, of, null, draws, &Nobody).unwrap();
            for unit in 0..n {
                // Under the conditional null Gi* keeps its own term, which changes no order.
                let row = row(weights, unit, of, null);
                let value = |order: &[usize]| {
                    let terms: Vec<f64> =
                        row.iter().map(|(j, w)| w * shuffled[order[*j]]).collect();
                    statistic(of, shuffled[order[unit]], &terms)
                };
                let straight: Vec<usize> = (0..n).collect();
                let (observed, size) = value(&straight);
                let (mut listed, mut ge, mut le) = (0_u32, 0_u32, 0_u32);
                for order in &all {
                    if null == Null::Conditional && order[unit] != unit {
                        continue;
                    }
                    let (simulated, _) = value(order);
                    listed += 1;
                    ge += u32::from(simulated >= observed - TIE * size);
                    le += u32::from(simulated <= observed + TIE * size);
                }
                for (exact, ours) in [(ge, ours.ge[unit]), (le, ours.le[unit])] {
                    let p = f64::from(exact) / f64::from(listed);
                    let r = f64::from(draws.permutations);
                    let spread = (p * (1.0 - p) * r).sqrt();
                    assert!(
                        (f64::from(ours) - p * r).abs() <= 4.0 * spread + 1e-6,
                        "{of:?} {null:?} {unit}: {p} {ours}"
                    );
                }
            }
        }
    }
}

#[test]
fn chance_is_what_listing_every_order_says() {
    let six = [3.0, 0.0, 1.0, 1.0, 0.0, 5.0];
    let lists = Neighbours::from_pairs(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 3)]);
    agrees_with_every_order(&six, &Weights::binary(&lists));
    agrees_with_every_order(&six, &Weights::binary(&lists).row_standardised());
    // Seven units, no two rows alike, one of them its own neighbour, one an island, one link one way.
    let rows = vec![
        vec![(1, 2.0), (2, 1.0)],
        vec![(0, 0.5), (3, 0.25), (1, 3.0)],
        vec![(0, 1.0), (4, 1.5), (6, 0.3)],
        vec![(1, 1.0)],
        vec![(2, 0.7), (5, 0.9)],
        vec![(0, 1.0), (1, 0.9), (2, 0.8), (3, 0.7), (4, 0.6), (6, 0.5)],
        vec![],
    ];
    let values = [0.4, 2.5, 0.0, 7.0, 1.0, 0.0, 3.0];
    agrees_with_every_order(&values, &Weights::from_rows(rows).unwrap());
}
