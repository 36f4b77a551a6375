//! Gi and Gi*: does a place and its neighbourhood hold more than its share?
//!
//! Source: Ord and Getis (1995), *Local spatial autocorrelation statistics*, Geographical
//! Analysis 27, equations 5 and 6 of the standardised forms; METHODS §1. The z is shown as an
//! effect size only: on sparse counts its normal p is false, so p comes from
//! [`super::permutation`].

use super::weights::Neighbours;

/// Below this many units an answer carries a warning.
pub const FEW: usize = 30;

/// Below this many units there is no answer.
pub const TOO_FEW: usize = 3;

/// Why a unit has no z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoZ {
    /// Fewer than three units.
    TooFew,
    /// All units that count hold the same.
    Constant,
    /// It has no neighbour (Gi only: of Gi* it is a neighbourhood by itself).
    Island,
    /// Everybody is its neighbour: nothing is left to compare with.
    Saturated,
}

impl NoZ {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::Constant => "constant",
            Self::Island => "island",
            Self::Saturated => "saturated",
        }
    }
}

/// One unit's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    /// Sum over the neighbourhood; of Gi* the unit itself counts too.
    pub sum: f64,
    /// Standard deviations above what the whole would let expect, or why there is none.
    pub z: Result<f64, NoZ>,
}

/// Gi*: the unit itself belongs to its neighbourhood. `values` are finite; n is their number.
///
/// z = (Σ_j w_ij x_j − x̄ W_i) / (s √[(n S1_i − W_i²)/(n − 1)]), with mean and deviation (divisor n)
/// over all n. Cost: one pass over the links; sums run in the order of the units.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn gi_star(values: &[f64], weights: &Neighbours) -> Vec<Local> {
    let whole = Whole::of(values, weights);
    let n = whole.n;
    let each = |place: usize| {
        let near = weights.of(place);
        let w = (near.len() + 1) as f64;
        let deviation = whole.deviations[place]
            + near.iter().map(|j| whole.deviations[*j as usize]).sum::<f64>();
        let sum = values[place] + near.iter().map(|j| values[*j as usize]).sum::<f64>();
        let z = if whole.too_few() {
            Err(NoZ::TooFew)
        } else if whole.constant {
            Err(NoZ::Constant)
        } else if near.len() + 1 == values.len() {
            Err(NoZ::Saturated)
        } else {
            let s = (whole.squares / n).sqrt();
            Ok(deviation / (s * ((n * w - w * w) / (n - 1.0)).sqrt()))
        };
        Local { sum, z }
    };
    (0..values.len()).map(each).collect()
}

/// Gi: the neighbours without the unit itself, against the other n − 1 units. `values` are finite.
///
/// z = (L_i − x̄_i W_i)/(s_i √[((n − 1) S1_i − W_i²)/(n − 2)]), with i left out of x̄_i and s_i.
/// Cost as [`gi_star`].
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn gi(values: &[f64], weights: &Neighbours) -> Vec<Local> {
    let whole = Whole::of(values, weights);
    let others = whole.n - 1.0;
    let each = |place: usize| {
        let near = weights.of(place);
        let w = near.len() as f64;
        let own = whole.deviations[place];
        // The others' mean and squares, as deviations from the mean of all: no cancellation.
        let mean = -own / others;
        let variance = (whole.squares - own * own) / others - mean * mean;
        let deviation = near.iter().map(|j| whole.deviations[*j as usize]).sum::<f64>() - mean * w;
        let sum = near.iter().map(|j| values[*j as usize]).sum();
        let z = if whole.too_few() {
            Err(NoZ::TooFew)
        } else if near.is_empty() {
            Err(NoZ::Island)
        } else if near.len() + 1 == values.len() {
            Err(NoZ::Saturated)
        } else if whole.constant || variance <= 1e-12 * whole.squares / others {
            Err(NoZ::Constant)
        } else {
            Ok(deviation / (variance * (others * w - w * w) / (others - 1.0)).sqrt())
        };
        Local { sum, z }
    };
    (0..values.len()).map(each).collect()
}

/// What all units have in common.
struct Whole {
    n: f64,
    constant: bool,
    deviations: Vec<f64>,
    squares: f64,
}

impl Whole {
    fn of(values: &[f64], weights: &Neighbours) -> Self {
        assert_eq!(values.len(), weights.len(), "one list of neighbours a value");
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let squares = deviations.iter().map(|d| d * d).sum();
        let constant = values.windows(2).all(|pair| pair[0] == pair[1]);
        Self { n, constant, deviations, squares }
    }

    fn too_few(&self) -> bool {
        self.n < TOO_FEW as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

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

    proptest! {
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
            for method in [gi, gi_star] {
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
            for method in [gi, gi_star] {
                for (a, b) in method(&values, &weights).iter().zip(method(&other, &weights)) {
                    if let (Ok(a), Ok(b)) = (a.z, b.z) {
                        prop_assert!((a - b).abs() < 1e-6, "{a} {b}");
                    }
                }
            }
        }
    }
}
