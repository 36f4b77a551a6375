//! Gi and Gi*: does a place and its neighbourhood hold more than its share?
//!
//! Source: Ord and Getis (1995), *Local spatial autocorrelation statistics*, Geographical
//! Analysis 27, equations 5 and 6 of the standardised forms; METHODS §1. The z is shown as an
//! effect size only: on sparse counts its normal p is false, so p comes from
//! [`crate::analysis::chance::permutation`].
//!
//! Neither z changes when a row of weights is scaled. Cost: one pass over the links, on all
//! threads; sums run in the order of the units.

use rayon::prelude::*;

use crate::analysis::weights::Links;

/// Below this many units an answer carries a warning.
pub const FEW: usize = 30;

/// Below this many units there is no answer.
pub const TOO_FEW: usize = 3;

/// Fewer units than this are not worth a second thread.
pub(super) const FEWEST_A_THREAD: usize = 4_096;

/// A part of a sum that is lost in its rounding.
const LOST: f64 = 1e-12;

/// What is less than this part of a sum has lost half its digits in it.
const NEARLY: f64 = 1e-6;

/// Why a unit has no z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoZ {
    /// Fewer than three units.
    TooFew,
    /// All units that count hold the same.
    Constant,
    /// It has no neighbour (not for Gi*: of that it is a neighbourhood by itself).
    Island,
    /// Everybody is its neighbour: nothing is left to compare with.
    Saturated,
    /// Its value is the mean (local Moran only: its statistic is 0 whatever is around it).
    AtMean,
    /// The phenomenon is not there (local join counts only).
    Absent,
}

impl NoZ {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::Constant => "constant",
            Self::Island => "island",
            Self::Saturated => "saturated",
            Self::AtMean => "at-mean",
            Self::Absent => "absent",
        }
    }
}

/// One unit's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    /// Weighted sum over the neighbourhood; of Gi* the unit itself counts too.
    pub sum: f64,
    /// G: the sum as a share of all units' sum (of Gi without the unit itself), with what chance
    /// lets expect. `None` where that sum is 0.
    pub share: Option<Share>,
    /// Standard deviations above what the whole would let expect, or why there is none.
    pub z: Result<f64, NoZ>,
}

/// A neighbourhood's share of the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// G = Σ_j w_ij x_j / Σ_j x_j.
    pub g: f64,
    /// What chance lets expect of it: W_i/n, of Gi W_i/(n − 1).
    pub expected: f64,
    /// Its variance under chance; the z is (g − expected)/√variance.
    pub variance: f64,
}

/// Gi*: the unit itself belongs to its neighbourhood, with the weight [`Links::own`]. `values` are
/// finite; n is their number.
///
/// z = (Σ_j w_ij x_j − x̄ W_i) / (s √[(n S1_i − W_i²)/(n − 1)]), with mean and deviation (divisor n)
/// over all n.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn gi_star<W: Links>(values: &[f64], weights: &W) -> Vec<Local> {
    let whole = Whole::of(values, weights);
    let n = whole.n;
    let each = |place: usize| {
        let row = weights.others(place).chain([(place, weights.own(place))]);
        let lag = Lag::of(row, values, &whole.deviations);
        let variance = whole.squares / n;
        let of_sum = variance * lag.spread(n) / (n - 1.0);
        let z = if whole.too_few() {
            Err(NoZ::TooFew)
        } else if whole.constant {
            Err(NoZ::Constant)
        } else if lag.saturated(n) {
            Err(NoZ::Saturated)
        } else {
            Ok(lag.deviation / of_sum.sqrt())
        };
        let share = whole.share(lag.sum, lag.total / n, of_sum, whole.sum);
        Local { sum: lag.sum, share, z }
    };
    (0..values.len()).into_par_iter().with_min_len(FEWEST_A_THREAD).map(each).collect()
}

/// Gi: the neighbours without the unit itself, against the other n − 1 units; a weight of the unit
/// for itself is passed over. `values` are finite.
///
/// z = (L_i − x̄_i W_i)/(s_i √[((n − 1) S1_i − W_i²)/(n − 2)]), with i left out of x̄_i and s_i.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn gi<W: Links>(values: &[f64], weights: &W) -> Vec<Local> {
    let whole = Whole::of(values, weights);
    let others = whole.n - 1.0;
    let each = |place: usize| {
        let lag = Lag::of(weights.others(place), values, &whole.deviations);
        let own = whole.deviations[place];
        // The others' mean and squares, as deviations from the mean of all: no cancellation.
        let mean = -own / others;
        let variance = (whole.squares - own * own) / others - mean * mean;
        let deviation = lag.deviation - mean * lag.total;
        let rest = Rest::lost(values, place, variance * others, whole.squares);
        let (variance, deviation) = rest.as_ref().map_or((variance, deviation), |rest| {
            let row = weights.others(place);
            (rest.squares / others, row.map(|(to, w)| w * (values[to] - rest.mean)).sum())
        });
        let of_sum = variance * lag.spread(others) / (others - 1.0);
        let z = if whole.too_few() {
            Err(NoZ::TooFew)
        } else if lag.links == 0 {
            Err(NoZ::Island)
        } else if lag.saturated(others) {
            Err(NoZ::Saturated)
        } else if whole.constant || rest.is_some_and(|rest| rest.constant) {
            Err(NoZ::Constant)
        } else {
            Ok(deviation / of_sum.sqrt())
        };
        let share = whole.share(lag.sum, lag.total / others, of_sum, whole.sum - values[place]);
        Local { sum: lag.sum, share, z }
    };
    (0..values.len()).into_par_iter().with_min_len(FEWEST_A_THREAD).map(each).collect()
}

/// All units but one that holds nearly all there is: what is left of the sums of all without it is
/// rounding, so it is summed anew.
pub(super) struct Rest {
    pub(super) mean: f64,
    /// The sum of squares of their deviations from it.
    pub(super) squares: f64,
    pub(super) constant: bool,
}

impl Rest {
    /// `None` where `left`, reckoned from the sums of all, is a good part of `squares`, theirs.
    pub(super) fn lost(values: &[f64], place: usize, left: f64, squares: f64) -> Option<Self> {
        // A constant map has nothing to lose. At most one unit can hold so much.
        if squares == 0.0 || left > NEARLY * squares {
            return None;
        }
        let others = || values[..place].iter().chain(&values[place + 1..]).copied();
        let mean = others().sum::<f64>() / (values.len() - 1) as f64;
        let squares = others().map(|value| (value - mean).powi(2)).sum();
        let first = others().next();
        Some(Self { mean, squares, constant: others().all(|value| Some(value) == first) })
    }
}

/// What a row of links holds.
struct Lag {
    links: usize,
    sum: f64,
    deviation: f64,
    /// W_i.
    total: f64,
    /// S1_i.
    squares: f64,
}

impl Lag {
    fn of(row: impl Iterator<Item = (usize, f64)>, values: &[f64], deviations: &[f64]) -> Self {
        let none = Self { links: 0, sum: 0.0, deviation: 0.0, total: 0.0, squares: 0.0 };
        row.fold(none, |lag, (place, weight)| Self {
            links: lag.links + 1,
            sum: lag.sum + weight * values[place],
            deviation: lag.deviation + weight * deviations[place],
            total: lag.total + weight,
            squares: lag.squares + weight * weight,
        })
    }

    /// n S1 − W²: nothing where all `n` units have the same weight.
    fn spread(&self, n: f64) -> f64 {
        (n * self.squares - self.total * self.total).max(0.0)
    }

    fn saturated(&self, n: f64) -> bool {
        self.spread(n) <= LOST * n * self.squares
    }
}

/// What all units have in common.
struct Whole {
    n: f64,
    constant: bool,
    sum: f64,
    sum_of_sizes: f64,
    deviations: Vec<f64>,
    squares: f64,
}

impl Whole {
    fn of(values: &[f64], weights: &impl Links) -> Self {
        assert_eq!(values.len(), weights.units(), "one row of weights a value");
        let n = values.len() as f64;
        let sum = values.iter().sum::<f64>();
        let deviations: Vec<f64> = values.iter().map(|value| value - sum / n).collect();
        let squares = deviations.iter().map(|d| d * d).sum();
        let constant = values.windows(2).all(|pair| pair[0] == pair[1]);
        let sum_of_sizes = values.iter().map(|value| value.abs()).sum();
        Self { n, constant, sum, sum_of_sizes, deviations, squares }
    }

    fn too_few(&self) -> bool {
        self.n < TOO_FEW as f64
    }

    fn share(&self, lag: f64, expected: f64, of_sum: f64, all: f64) -> Option<Share> {
        let told = all.abs() > LOST * self.sum_of_sizes && !self.too_few();
        told.then(|| Share { g: lag / all, expected, variance: of_sum / (all * all) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::weights::{Neighbours, Weights};

    /// A row of five: 0 0 6 0 0, each next to the one before and after.
    fn row() -> (Vec<f64>, Neighbours) {
        (vec![0.0, 0.0, 6.0, 0.0, 0.0], Neighbours::from_pairs(5, (0..4).map(|i| (i, i + 1))))
    }

    #[test]
    fn the_row_of_five_as_worked_by_hand() {
        // mean 1.2, s² = 36/5 − 1.44 = 5.76, s = 2.4. In the middle: W = 3, L = 6,
        // z = (6 − 3.6)/(2.4 √[(5·3 − 9)/4]) = 1/√1.5. At the end: W = 2, L = 0,
        // z = −2.4/(2.4 √[(10 − 4)/4]) = −1/√1.5.
        let (values, weights) = row();
        let answer = gi_star(&values, &weights);
        let expected = 1.0 / 1.5_f64.sqrt();
        assert!((answer[2].z.unwrap() - expected).abs() < 1e-12);
        assert!((answer[0].z.unwrap() + expected).abs() < 1e-12);
        assert_eq!(answer[1].sum, 6.0);
        // Gi of the first: others 0 6 0 0, mean 1.5, s² = 9 − 2.25 = 6.75, W = 1, L = 0:
        // z = −1.5/√(6.75 (4 − 1)/3).
        let answer = gi(&values, &weights);
        assert!((answer[0].z.unwrap() + 1.5 / 6.75_f64.sqrt()).abs() < 1e-12);
        // Without the six in the middle nothing is left but zeros.
        assert_eq!(answer[2].z, Err(NoZ::Constant));
    }

    #[test]
    fn an_empty_answer_says_why() {
        let (_, weights) = row();
        assert_eq!(gi_star(&[2.0; 5], &weights)[3].z, Err(NoZ::Constant));
        let two = Neighbours::from_pairs(2, [(0, 1)]);
        assert_eq!(gi_star(&[1.0, 2.0], &two)[0].z, Err(NoZ::TooFew));
        assert_eq!(gi(&[1.0, 2.0], &two)[0].z, Err(NoZ::TooFew));
        let all = Neighbours::from_pairs(3, [(0, 1), (1, 2), (0, 2)]);
        assert_eq!(gi_star(&[1.0, 2.0, 4.0], &all)[0].z, Err(NoZ::Saturated));
        let island = Neighbours::from_pairs(4, [(0, 1), (1, 2)]);
        assert_eq!(gi(&[1.0, 2.0, 4.0, 8.0], &island)[3].z, Err(NoZ::Island));
        assert!(gi_star(&[1.0, 2.0, 4.0, 8.0], &island)[3].z.is_ok());
        assert!(gi_star(&[], &Neighbours::default()).is_empty());
    }

    #[test]
    fn the_share_goes_with_the_z() {
        let (values, weights) = row();
        for local in gi(&values, &weights).into_iter().chain(gi_star(&values, &weights)) {
            let Ok(z) = local.z else { continue };
            let share = local.share.unwrap();
            assert!((z - (share.g - share.expected) / share.variance.sqrt()).abs() < 1e-12);
        }
        // Gi* in the middle: 6 of 6, expected 3/5, variance 5.76·6/4/36 = 0.24.
        let share = gi_star(&values, &weights)[2].share.unwrap();
        assert_eq!((share.g, share.expected), (1.0, 0.6));
        assert!((share.variance - 0.24).abs() < 1e-12);
        assert!(gi(&values, &weights)[2].share.is_none(), "the others hold nothing");
        assert!(gi_star(&[0.0; 5], &weights)[0].share.is_none());
        assert!(gi_star(&[-1.0, 1.0, 0.0, 2.0, -2.0], &weights)[0].share.is_none());
    }

    /// Rows of five units with any weights, itself among them or not.
    fn rows() -> impl Strategy<Value = Weights> {
        let weight = prop_oneof![2 => Just(0.0), 3 => 0.1..4.0_f64];
        vec(vec(weight, 5), 5).prop_map(|rows| {
            let rows = rows.into_iter().map(|row| (0..).zip(row).collect()).collect();
            Weights::from_rows(rows).unwrap()
        })
    }

    proptest! {
        /// The formulas of Ord and Getis, written down again by loops over all pairs.
        #[test]
        fn weighted_rows_agree_with_the_slow_loop(values in vec(0.0..9.0_f64, 5), weights in rows()) {
            let n = 5.0;
            let slow = |i: usize, star: bool| {
                let kept: Vec<usize> = (0..5).filter(|j| star || *j != i).collect();
                let most = (0..5).map(|j| weights.between(i, j)).fold(0.0, f64::max);
                let alone = if most == 0.0 { 1.0 } else { most };
                let w = |j: usize| match weights.between(i, j) {
                    0.0 if j == i => alone,
                    given => given,
                };
                let m = kept.len() as f64;
                let mean = kept.iter().map(|j| values[*j]).sum::<f64>() / m;
                let s2 = kept.iter().map(|j| (values[*j] - mean).powi(2)).sum::<f64>() / m;
                let total: f64 = kept.iter().map(|j| w(*j)).sum();
                let squares: f64 = kept.iter().map(|j| w(*j).powi(2)).sum();
                let lag: f64 = kept.iter().map(|j| w(*j) * values[*j]).sum();
                (lag - mean * total) / (s2 * (m * squares - total * total) / (m - 1.0)).sqrt()
            };
            prop_assume!(values.iter().any(|x| (x - values[0]).abs() > 0.1) && n > 4.0);
            for (star, answer) in [(false, gi(&values, &weights)), (true, gi_star(&values, &weights))] {
                for (i, local) in answer.iter().enumerate() {
                    if let Ok(z) = local.z {
                        let slow = slow(i, star);
                        prop_assert!((z - slow).abs() < 1e-6 * (1.0 + slow.abs()), "{z} {slow}");
                    }
                }
            }
        }

        #[test]
        fn scaling_a_row_changes_no_z(
            values in vec(0.0..9.0_f64, 5), weights in rows(), factors in vec(0.01..100.0_f64, 5),
        ) {
            let scaled = (0..5).map(|i| {
                let row = weights.row(i).map(|(j, w)| (j as u32, w * factors[i]));
                row.collect()
            });
            let scaled = Weights::from_rows(scaled.collect()).unwrap();
            for method in [gi::<Weights>, gi_star] {
                for (i, (a, b)) in
                    method(&values, &weights).iter().zip(method(&values, &scaled)).enumerate()
                {
                    // A unit that nobody links to weighs 1 in its own row whatever the factor.
                    match (a.z, b.z) {
                        (Ok(a), Ok(b)) => {
                            prop_assert!((a - b).abs() < 1e-6 * (1.0 + a.abs()), "{i}: {a} {b}");
                        }
                        (a, b) => prop_assert_eq!(a, b),
                    }
                }
            }
        }

        #[test]
        fn names_decide_nothing(
            values in vec(0.0..50.0_f64, 9),
            pairs in vec((0_usize..9, 0_usize..9), 0..24),
            order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let weights = Neighbours::from_pairs(9, pairs.iter().copied());
            let mut renamed = vec![0.0; 9];
            for (unit, value) in values.iter().enumerate() {
                renamed[order[unit]] = *value;
            }
            let links = pairs.iter().map(|(a, b)| (order[*a], order[*b]));
            let others = Neighbours::from_pairs(9, links);
            for method in [gi::<Neighbours>, gi_star] {
                let (ours, theirs) = (method(&values, &weights), method(&renamed, &others));
                for unit in 0..9 {
                    match (ours[unit].z, theirs[order[unit]].z) {
                        (Ok(a), Ok(b)) => prop_assert!((a - b).abs() < 1e-9, "{a} {b}"),
                        (a, b) => prop_assert_eq!(a, b),
                    }
                }
            }
        }

        #[test]
        fn scaling_and_shifting_change_no_z(
            values in vec(0.0..50.0_f64, 5), factor in 0.01..1e4_f64, shift in -100.0..100.0_f64,
        ) {
            let (_, weights) = row();
            let other: Vec<f64> = values.iter().map(|x| x * factor + shift).collect();
            for method in [gi::<Neighbours>, gi_star] {
                for (a, b) in method(&values, &weights).iter().zip(method(&other, &weights)) {
                    if let (Ok(a), Ok(b)) = (a.z, b.z) {
                        prop_assert!((a - b).abs() < 1e-6, "{a} {b}");
                    }
                }
            }
        }
    }
}
