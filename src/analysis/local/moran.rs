//! Local Moran's I: is a place among its like, or does it stand out from what is around it?
//!
//! Sources: Anselin (1995), *Local indicators of spatial association*, Geographical Analysis 27
//! (statistic, moments under total randomisation); Sokal, Oden and Thomson (1998), *Local spatial
//! autocorrelation in a biological model*, Geographical Analysis 30 (moments where the place keeps
//! its value); METHODS §2. The scaling is spdep's: with m2 = Σ z²/n the mean of I_i over
//! row-standardised weights is the global I.
//!
//! The z is an effect size; p comes from [`crate::analysis::chance::permutation`]. No z changes when a row of weights
//! is scaled, the statistic does. Cost: one pass over the links, on all threads.

use rayon::prelude::*;

use super::getis_ord::{FEWEST_A_THREAD, NoZ, Rest, TOO_FEW};
use crate::analysis::{chance::tally::TIE, weights::Links};

/// A place and what is around it, each above (High) or below (Low) the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quadrant {
    /// High among high: a cluster.
    HighHigh,
    /// Low among high: a gap.
    LowHigh,
    /// Low among low.
    LowLow,
    /// High among low: a place by itself, such as the first plot of a valley.
    HighLow,
}

impl Quadrant {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HighHigh => "HH",
            Self::LowHigh => "LH",
            Self::LowLow => "LL",
            Self::HighLow => "HL",
        }
    }
}

/// What chance lets expect of a statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The mean.
    pub expected: f64,
    /// The variance.
    pub variance: f64,
}

/// One unit's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalMoran {
    /// I_i = z_i L_i / m2; `None` where all values are the same or fewer than three.
    pub statistic: Option<f64>,
    /// L_i = Σ_j w_ij z_j, over deviations from the mean.
    pub lag: f64,
    /// Where the unit and its neighbours lie; `None` where either is at the mean.
    pub quadrant: Option<Quadrant>,
    /// Under total randomisation: all values may lie anywhere.
    pub total: Option<Moments>,
    /// Where the unit keeps its own value.
    pub conditional: Option<Moments>,
    /// (I_i − E)/√V by the conditional moments, or why there is none.
    pub z: Result<f64, NoZ>,
}

/// Deviations from the mean, exactly 0 where only rounding would make them anything else: what is
/// shuffled for the p of local Moran.
pub fn deviations(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let one = |x: &f64| {
        let deviation = x - mean;
        if deviation.abs() <= TIE * (x.abs() + mean.abs()) { 0.0 } else { deviation }
    };
    values.iter().map(one).collect()
}

/// Local Moran of every unit. `values` are finite; a weight of a unit for itself is passed over.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn local_moran(values: &[f64], weights: &impl Links) -> Vec<LocalMoran> {
    assert_eq!(values.len(), weights.units(), "one row of weights a value");
    let n = values.len() as f64;
    let deviations = deviations(values);
    let m2 = deviations.iter().map(|z| z * z).sum::<f64>() / n;
    let m4 = deviations.iter().map(|z| z.powi(4)).sum::<f64>() / n;
    let b2 = m4 / (m2 * m2);
    let constant = values.windows(2).all(|pair| pair[0] == pair[1]) || m2 == 0.0;
    let each = |place: usize| {
        let z = deviations[place];
        let (mut links, mut lag, mut size, mut w, mut w2) = (0, 0.0, 0.0, 0.0, 0.0);
        for (other, weight) in weights.others(place) {
            links += 1;
            lag += weight * deviations[other];
            size += (weight * deviations[other]).abs();
            w += weight;
            w2 += weight * weight;
        }
        if lag.abs() <= TIE * size {
            lag = 0.0;
        }
        let none = if values.len() < TOO_FEW {
            Some(NoZ::TooFew)
        } else if constant {
            Some(NoZ::Constant)
        } else {
            None
        };
        if let Some(why) = none {
            let nothing = LocalMoran {
                statistic: None,
                lag: 0.0,
                quadrant: None,
                total: None,
                conditional: None,
                z: Err(why),
            };
            return nothing;
        }
        let statistic = z * lag / m2;
        let total = Moments {
            expected: -w / (n - 1.0),
            variance: w2 * (n - b2) / (n - 1.0)
                + (w * w - w2) * (2.0 * b2 - n) / ((n - 1.0) * (n - 2.0))
                - (w / (n - 1.0)).powi(2),
        };
        // The variance of the others' values, over m2, and what their weights leave of it.
        let others = m2 - z * z / (n - 1.0);
        let rest = Rest::lost(values, place, others * n, m2 * n);
        let others = rest.as_ref().map_or(others, |rest| rest.squares / n);
        let spread = w2 - w * w / (n - 1.0);
        let conditional = Moments {
            expected: -(z * z) * w / ((n - 1.0) * m2),
            variance: (z / m2).powi(2) * (n / (n - 2.0)) * spread.max(0.0) * others.max(0.0),
        };
        let answer = if links == 0 {
            Err(NoZ::Island)
        } else if spread <= TIE * w2 {
            Err(NoZ::Saturated)
        } else if rest.as_ref().is_some_and(|rest| rest.constant) {
            Err(NoZ::Constant)
        } else if z == 0.0 {
            Err(NoZ::AtMean)
        } else {
            let above = rest.map_or(statistic - conditional.expected, |rest| {
                let row = weights.others(place);
                z / m2 * row.map(|(to, w)| w * (values[to] - rest.mean)).sum::<f64>()
            });
            Ok(above / conditional.variance.sqrt())
        };
        LocalMoran {
            statistic: Some(statistic),
            lag,
            quadrant: quadrant(z, lag),
            total: Some(total),
            conditional: Some(conditional),
            z: answer,
        }
    };
    (0..values.len()).into_par_iter().with_min_len(FEWEST_A_THREAD).map(each).collect()
}

fn quadrant(z: f64, lag: f64) -> Option<Quadrant> {
    Some(match (z.partial_cmp(&0.0)?, lag.partial_cmp(&0.0)?) {
        (std::cmp::Ordering::Equal, _) | (_, std::cmp::Ordering::Equal) => return None,
        (std::cmp::Ordering::Greater, std::cmp::Ordering::Greater) => Quadrant::HighHigh,
        (std::cmp::Ordering::Less, std::cmp::Ordering::Greater) => Quadrant::LowHigh,
        (std::cmp::Ordering::Less, std::cmp::Ordering::Less) => Quadrant::LowLow,
        (std::cmp::Ordering::Greater, std::cmp::Ordering::Less) => Quadrant::HighLow,
    })
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::weights::{Neighbours, Weights};

    fn path(n: usize) -> Neighbours {
        Neighbours::from_pairs(n, (1..n).map(|i| (i - 1, i)))
    }

    #[test]
    fn a_path_of_four_as_worked_by_hand() {
        // Mean 3, z = −3 −2 1 4, m2 = 30/4 = 7.5. First: L = −2, I = 6/7.5 = 0.8.
        // Third: L = −2 + 4 = 2, I = 2/7.5. Conditional: E = −z² W/((n−1) m2) = −9/22.5 = −0.4,
        // V = (9/56.25)(4/2)(1 − 1/3)(7.5 − 3) = 0.96.
        let answer = local_moran(&[0.0, 1.0, 4.0, 7.0], &path(4));
        let first = answer[0];
        assert!((first.statistic.unwrap() - 0.8).abs() < 1e-12);
        assert!((answer[2].statistic.unwrap() - 2.0 / 7.5).abs() < 1e-12);
        let moments = first.conditional.unwrap();
        assert!((moments.expected + 0.4).abs() < 1e-12 && (moments.variance - 0.96).abs() < 1e-12);
        assert!((first.z.unwrap() - 1.2 / 0.96_f64.sqrt()).abs() < 1e-12);
        assert!((first.total.unwrap().expected + 1.0 / 3.0).abs() < 1e-12);
        let words: Vec<_> = answer.iter().map(|one| one.quadrant.map(Quadrant::word)).collect();
        assert_eq!(words, [Some("LL"), Some("LL"), Some("HH"), Some("HH")]);
    }

    /// A value that outweighs all others is left out of their mean: they are no less different.
    #[test]
    fn an_extreme_place_is_compared_with_the_others() {
        let mut values: Vec<f64> = (0..50_u32).map(|at| f64::from(at * 7 % 5)).collect();
        values[0] = 3e9;
        let rest = &values[1..];
        let mean = rest.iter().sum::<f64>() / 49.0;
        let squares = rest.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        // One neighbour of 49: its value's deviation over the deviation of all 49 (divisor 48).
        let expected = (values[1] - mean) / (squares / 48.0 * 48.0 / 49.0).sqrt();
        let found = local_moran(&values, &path(50))[0].z.unwrap();
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        let gi = crate::analysis::local::getis_ord::gi(&values, &path(50))[0].z.unwrap();
        assert!((gi - expected).abs() < 1e-9, "{gi} {expected}");
    }

    #[test]
    fn an_empty_answer_says_why() {
        let why = |values: &[f64], place: usize| {
            local_moran(values, &path(values.len()))[place].z.unwrap_err()
        };
        assert_eq!(why(&[3.0; 5], 1), NoZ::Constant);
        assert_eq!(why(&[0.1, 0.1, 0.1], 1), NoZ::Constant);
        assert_eq!(why(&[1.0, 2.0], 0), NoZ::TooFew);
        assert_eq!(why(&[1.0], 0), NoZ::TooFew);
        // The second of three is everybody's neighbour; the third is the mean.
        assert_eq!(why(&[1.0, 4.0, 2.0], 1), NoZ::Saturated);
        assert_eq!(why(&[0.0, 2.0, 1.0, 0.5, 1.5], 2), NoZ::AtMean);
        assert_eq!(why(&[5.0, 0.0, 0.0, 0.0], 0), NoZ::Constant);
        let island = Neighbours::from_pairs(4, [(0, 1), (1, 2)]);
        let alone = local_moran(&[1.0, 5.0, 2.0, 9.0], &island)[3];
        assert_eq!((alone.z, alone.quadrant), (Err(NoZ::Island), None));
        assert!(local_moran(&[], &Neighbours::default()).is_empty());
    }

    fn rows(n: usize) -> impl Strategy<Value = Weights> {
        vec(vec(prop_oneof![Just(0.0), 0.1..4.0_f64], n), n).prop_map(|rows| {
            let rows = rows.into_iter().map(|row| (0..).zip(row).collect()).collect();
            Weights::from_rows(rows).unwrap()
        })
    }

    /// Every order of the first `n` numbers.
    fn orders(n: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![Vec::new()];
        }
        let shorter = orders(n - 1);
        let with = |order: &Vec<usize>, at: usize| {
            let mut longer = order.clone();
            longer.insert(at, n - 1);
            longer
        };
        shorter.iter().flat_map(|order| (0..n).map(move |at| with(order, at))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Both kinds of moments are means over all orders of the values.
        #[test]
        fn moments_are_those_of_all_orders(values in vec(0.0..9.0_f64, 5), weights in rows(5)) {
            let ours = local_moran(&values, &weights);
            prop_assume!(values.iter().any(|x| (x - values[0]).abs() > 0.1));
            let z = deviations(&values);
            let m2 = z.iter().map(|z| z * z).sum::<f64>() / 5.0;
            let all = orders(5);
            for place in 0..5 {
                let statistic = |order: &[usize]| {
                    let lag: f64 = weights.others(place).map(|(j, w)| w * z[order[j]]).sum();
                    z[order[place]] * lag / m2
                };
                let moments = |kept: &dyn Fn(&[usize]) -> bool| {
                    let some: Vec<f64> =
                        all.iter().filter(|order| kept(order)).map(|order| statistic(order)).collect();
                    let mean = some.iter().sum::<f64>() / some.len() as f64;
                    let squares: f64 = some.iter().map(|x| (x - mean).powi(2)).sum();
                    (mean, squares / some.len() as f64)
                };
                let total = moments(&|_| true);
                let conditional = moments(&|order| order[place] == place);
                for (ours, slow) in
                    [(ours[place].total, total), (ours[place].conditional, conditional)]
                {
                    let ours = ours.unwrap();
                    prop_assert!((ours.expected - slow.0).abs() < 1e-7, "{ours:?} {slow:?}");
                    prop_assert!((ours.variance - slow.1).abs() < 1e-6 * (1.0 + slow.1), "{ours:?} {slow:?}");
                }
            }
        }

        #[test]
        fn scaling_and_shifting_change_neither_z_nor_quadrant(
            values in vec(0.0..9.0_f64, 6), weights in rows(6),
            factor in 0.1..100.0_f64, shift in -50.0..50.0_f64, of_rows in vec(0.1..10.0_f64, 6),
        ) {
            let other: Vec<f64> = values.iter().map(|x| x * factor + shift).collect();
            let scaled = (0..6).map(|i| weights.row(i).map(|(j, w)| (j as u32, w * of_rows[i])).collect());
            let scaled = Weights::from_rows(scaled.collect()).unwrap();
            for (a, b) in local_moran(&values, &weights).iter().zip(local_moran(&other, &scaled)) {
                if let (Ok(a), Ok(b)) = (a.z, b.z) {
                    prop_assert!((a - b).abs() < 1e-5 * (1.0 + a.abs()), "{a} {b}");
                }
                prop_assert_eq!(a.quadrant, b.quadrant);
            }
        }

        /// With rows that sum to 1 the mean of I_i is the global I.
        #[test]
        fn the_mean_is_the_global_statistic(values in vec(0.0..9.0_f64, 6), weights in rows(6)) {
            let weights = weights.without_self().row_standardised();
            prop_assume!((0..6).all(|i| weights.total(i) > 0.5));
            prop_assume!(values.iter().any(|x| (x - values[0]).abs() > 0.1));
            let z = deviations(&values);
            let cross: f64 = (0..6).map(|i| z[i] * weights.lag(i, &z)).sum();
            let global = cross / z.iter().map(|z| z * z).sum::<f64>();
            let local = local_moran(&values, &weights);
            let mean = local.iter().filter_map(|one| one.statistic).sum::<f64>() / 6.0;
            prop_assert!((mean - global).abs() < 1e-9);
        }
    }
}
