//! Local join counts: where the thing is, is it around as well, more than chance would have it?
//!
//! Source: Anselin and Li (2019), *Operational local join count statistics for cluster detection*,
//! Journal of Geographical Systems 21; METHODS §2. For presence and absence: BB_i = x_i Σ_j w_ij x_j
//! counts the neighbours that have it too. Asked only of units that have it themselves; of the
//! others there is no answer, with the reason.
//!
//! Given that the unit has it, BB_i is a sum drawn from the other n − 1 units, so the moments are
//! those of Gi on 0 and 1 (for equal weights the hypergeometric ones). The z is an effect size; p
//! comes from [`crate::analysis::chance::permutation`] under the conditional null. Cost: one pass over the links.

use thiserror::Error;

use super::{
    getis_ord::{NoZ, gi},
    moran::Moments,
};
use crate::analysis::weights::Links;

/// One unit's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoinCount {
    /// BB_i: the weights of the neighbours that have it, 0 where the unit itself has it not.
    pub statistic: f64,
    /// What chance lets expect where the unit has it: Σ_j w_ij times the others' share of ones.
    /// `None` where there is no z.
    pub moments: Option<Moments>,
    /// (BB_i − E)/√V, or why there is none.
    pub z: Result<f64, NoZ>,
}

/// A value that is neither 0 nor 1.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("the value of unit {place} is {value}: join counts need 1 for present and 0 for absent")]
pub struct NotBinary {
    /// The place of the unit, from 0.
    pub place: usize,
    /// Its value.
    pub value: f64,
}

/// The BB join count of every unit. `values` are 0 or 1.
///
/// # Errors
///
/// [`NotBinary`] for the first value that is neither.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn local_join_counts(
    values: &[f64],
    weights: &impl Links,
) -> Result<Vec<JoinCount>, NotBinary> {
    if let Some(place) = values.iter().position(|x| *x != 0.0 && *x != 1.0) {
        return Err(NotBinary { place, value: values[place] });
    }
    let n = values.len() as f64;
    let ones: f64 = values.iter().sum();
    let answers = gi(values, weights).into_iter().enumerate().map(|(place, local)| {
        let present = values[place] == 1.0;
        let z = match local.z {
            Err(NoZ::TooFew) => Err(NoZ::TooFew),
            _ if !present => Err(NoZ::Absent),
            z => z,
        };
        let moments = z.ok().map(|z| {
            let total: f64 = weights.others(place).map(|(_, weight)| weight).sum();
            let expected = total * (ones - 1.0) / (n - 1.0);
            // Gi's z is of the same sum.
            let spread = local.share.map_or(0.0, |share| share.variance * (ones - 1.0).powi(2));
            debug_assert!(((local.sum - expected) - z * spread.sqrt()).abs() < 1e-6);
            Moments { expected, variance: spread }
        });
        JoinCount { statistic: if present { local.sum } else { 0.0 }, moments, z }
    });
    Ok(answers.collect())
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::weights::Neighbours;

    #[test]
    fn a_ring_of_six_as_worked_by_hand() {
        // 1 1 1 0 0 0 in a ring: the second has both neighbours. The other five hold two ones:
        // E = 2·2/5 = 0.8, hypergeometric V = 2·(2/5)(3/5)(5 − 2)/(5 − 1) = 0.36.
        let ring = Neighbours::from_pairs(6, (0..6).map(|i| (i, (i + 1) % 6)));
        let answer = local_join_counts(&[1.0, 1.0, 1.0, 0.0, 0.0, 0.0], &ring).unwrap();
        assert_eq!(answer[1].statistic, 2.0);
        let moments = answer[1].moments.unwrap();
        assert!((moments.expected - 0.8).abs() < 1e-12 && (moments.variance - 0.36).abs() < 1e-12);
        assert!((answer[1].z.unwrap() - 2.0).abs() < 1e-12);
        assert_eq!((answer[4].statistic, answer[4].z), (0.0, Err(NoZ::Absent)));
    }

    #[test]
    fn an_empty_answer_says_why() {
        let path = |n: usize| Neighbours::from_pairs(n, (1..n).map(|i| (i - 1, i)));
        let why = |values: &[f64], place: usize| {
            local_join_counts(values, &path(values.len())).unwrap()[place].z.unwrap_err()
        };
        assert_eq!(why(&[1.0; 4], 0), NoZ::Constant);
        assert_eq!(why(&[0.0; 4], 0), NoZ::Absent);
        assert_eq!(why(&[0.0, 1.0, 0.0, 0.0], 1), NoZ::Constant);
        assert_eq!(why(&[1.0, 0.0], 0), NoZ::TooFew);
        assert_eq!(why(&[0.0, 1.0, 1.0], 1), NoZ::Saturated);
        let island = Neighbours::from_pairs(4, [(0, 1), (1, 2)]);
        let alone = local_join_counts(&[1.0, 0.0, 0.0, 1.0], &island).unwrap()[3];
        assert_eq!((alone.statistic, alone.z), (0.0, Err(NoZ::Island)));
        let refused = local_join_counts(&[1.0, 2.0, 0.0], &path(3));
        assert_eq!(refused, Err(NotBinary { place: 1, value: 2.0 }));
    }

    proptest! {
        #[test]
        fn joins_are_counted_as_the_slow_loop_counts_them(
            values in vec(0_u8..2, 8), pairs in vec((0_usize..8, 0_usize..8), 0..20),
        ) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let weights = Neighbours::from_pairs(8, pairs);
            for (i, answer) in local_join_counts(&values, &weights).unwrap().iter().enumerate() {
                let both = weights.of(i).iter().filter(|j| values[**j as usize] == 1.0).count();
                let slow = if values[i] == 1.0 { both as f64 } else { 0.0 };
                prop_assert_eq!(answer.statistic, slow);
            }
        }
    }
}
