//! Geary's C: how different are neighbours, over the whole map?
//!
//! C = (n − 1)/(2 S0) Σ_i Σ_j w_ij (x_i − x_j)² / Σ_i (x_i − x̄)²: about 1 by chance, below 1 where
//! neighbours are alike (so that a *negative* z says clustering), above where they alternate. It
//! feels differences between neighbours more than Moran's I does, and single extremes more.
//!
//! Source: Geary (1954); moments by Cliff and Ord (1981), *Spatial processes*, §1.4; METHODS §3.
//! The z is (C − 1)/sd as in esda; spdep prints its opposite. A unit's link to itself says nothing
//! and is left out. Cost: one pass over the links, and one for each permutation.

use super::{Chance, NoGlobal, Simulated, kurtosis, prepared, shuffled_maps};
use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Watch},
    weights::{Sums, Weights},
};

/// Geary's C of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geary {
    /// How many units.
    pub n: usize,
    /// The statistic.
    pub c: f64,
    /// By chance, if the values came from a normal distribution.
    pub normality: Chance,
    /// By chance, if the given values lay in random order. Needs four units.
    pub randomisation: Chance,
}

/// Geary's C of `values` (finite) over `weights`.
///
/// # Errors
///
/// [`NoGlobal`]: fewer than three units, all the same, no links, or weights that sum to nothing.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn geary(values: &[f64], weights: &Weights) -> Result<Geary, NoGlobal> {
    let weights = weights.without_self();
    let (z, sums) = prepared(values, &weights)?;
    let c = factor(&z, sums) * differences(&z, &weights);
    let n = z.len() as f64;
    let Sums { s0, s1, s2 } = sums;
    let normal = ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0 * s0) / (2.0 * (n + 1.0) * s0 * s0);
    let randomisation = if z.len() > 3 {
        let b2 = kurtosis(&z);
        let first = (n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * b2);
        let second = 0.25 * (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * b2);
        let third = s0 * s0 * (n * n - 3.0 - (n - 1.0).powi(2) * b2);
        Chance::of(c, 1.0, (first - second + third) / (n * (n - 2.0) * (n - 3.0) * s0 * s0))
    } else {
        Chance::without(1.0, NoGlobal::TooFew)
    };
    Ok(Geary { n: z.len(), c, normality: Chance::of(c, 1.0, normal), randomisation })
}

/// C of shuffled maps, and how many reach the observed one (`le` counts the clustered ones).
///
/// # Errors
///
/// [`Gone`] where the asker has gone; inside, [`NoGlobal`] as [`geary`] has it.
///
/// # Panics
///
/// As [`geary`].
pub fn geary_shuffled(
    values: &[f64],
    weights: &Weights,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Simulated, NoGlobal>, Gone> {
    let weights = weights.without_self();
    let (z, sums) = match prepared(values, &weights) {
        Ok(ready) => ready,
        Err(reason) => return Ok(Err(reason)),
    };
    let factor = factor(&z, sums);
    let statistic = |map: &[f64]| factor * differences(map, &weights);
    let all = shuffled_maps(&z, draws, watch, statistic)?;
    let observed = statistic(&z);
    Ok(Ok(Simulated::of(observed, observed, &all)))
}

fn factor(z: &[f64], sums: Sums) -> f64 {
    (z.len() as f64 - 1.0) / (2.0 * sums.s0 * z.iter().map(|z| z * z).sum::<f64>())
}

/// Σ_i Σ_j w_ij (z_i − z_j)².
fn differences(z: &[f64], weights: &Weights) -> f64 {
    let row = |i: usize| weights.row(i).map(|(j, w)| w * (z[i] - z[j]).powi(2)).sum::<f64>();
    (0..z.len()).map(row).sum()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{
        global::chance::tests::{moments, orders, row, uneven},
        watch::Nobody,
        weights::Neighbours,
    };

    #[test]
    fn four_in_a_row_as_worked_by_hand() {
        // 1 2 3 4: three pairs that differ by 1, twice: 6; C = 3/(2·6) · 6/5 = 0.3.
        // V_N = ((24 + 40)·3 − 144)/(2·5·36) = 48/360.
        let geary = geary(&[1.0, 2.0, 3.0, 4.0], &row(4)).unwrap();
        assert!((geary.c - 0.3).abs() < 1e-15);
        assert!((geary.normality.variance.unwrap() - 48.0 / 360.0).abs() < 1e-15);
        assert!(geary.randomisation.z.unwrap() < 0.0);
    }

    #[test]
    fn moments_are_those_of_all_orders() {
        let (values, weights) = ([0.0, 1.0, 1.0, 7.0, 3.0], uneven());
        let all: Vec<f64> =
            orders(&values).iter().map(|order| geary(order, &weights).unwrap().c).collect();
        let (mean, variance) = moments(&all);
        let chance = geary(&values, &weights).unwrap().randomisation;
        assert!((mean - 1.0).abs() < 1e-12);
        assert!((chance.variance.unwrap() - variance).abs() < 1e-12);
        let draws = Draws { permutations: 4000, seed: 1, analysis: "test" };
        let ours = geary_shuffled(&values, &weights, draws, &Nobody).unwrap().unwrap();
        assert!((ours.mean - 1.0).abs() < 4.0 * (variance / 4000.0).sqrt());
    }

    #[test]
    fn no_answer_has_a_reason() {
        assert_eq!(geary(&[1.0, 2.0], &row(2)), Err(NoGlobal::TooFew));
        assert_eq!(geary(&[0.0; 4], &row(4)), Err(NoGlobal::Constant));
        let alone = Weights::binary(&Neighbours::from_pairs(4, []));
        assert_eq!(geary(&[1.0, 2.0, 3.0, 4.0], &alone), Err(NoGlobal::NoLinks));
        let everybody = Neighbours::from_pairs(5, (0..5).flat_map(|i| (0..5).map(move |j| (i, j))));
        let all = geary(&[1.0, 2.0, 4.0, 8.0, 0.0], &Weights::binary(&everybody)).unwrap();
        assert_eq!(all.randomisation.z, Err(NoGlobal::NoVariance));
        assert!((all.c - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn units_of_values_decide_nothing(
            values in vec(0.0..9.0_f64, 5), factor in 0.01..1e3_f64, shift in -50.0..50.0_f64,
        ) {
            let other: Vec<f64> = values.iter().map(|x| x * factor + shift).collect();
            let (a, b) = (geary(&values, &uneven()), geary(&other, &uneven()));
            if let (Ok(a), Ok(b)) = (a, b) {
                prop_assert!((a.c - b.c).abs() < 1e-6);
            }
        }
    }
}
