//! Moran's I: do neighbours hold alike, over the whole map?
//!
//! I = (n/S0) Σ_i Σ_j w_ij z_i z_j / Σ_i z_i², z_i = x_i − x̄: above −1/(n − 1) where high lies
//! beside high and low beside low, below where they alternate. No unit.
//!
//! Source: Moran (1950); moments under normality and under randomisation by Cliff and Ord (1981),
//! *Spatial processes*, §1.4; METHODS §3. A unit's link to itself says nothing here and is left
//! out; a unit without neighbours stays in n, in the mean and in the variance (as in esda; spdep
//! with `adjust.n = FALSE`). Cost: one pass over the links, and one for each permutation.

use super::{Chance, NoGlobal, Simulated, kurtosis, prepared, shuffled_maps};
use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Watch},
    weights::{Sums, Weights},
};

/// Moran's I of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlobalMoran {
    /// How many units.
    pub n: usize,
    /// The statistic.
    pub i: f64,
    /// By chance, if the values came from a normal distribution.
    pub normality: Chance,
    /// By chance, if the given values lay in random order. Needs four units.
    pub randomisation: Chance,
}

/// Moran's I of `values` (finite) over `weights`.
///
/// # Errors
///
/// [`NoGlobal`]: fewer than three units, all the same, no links, or weights that sum to nothing.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn global_moran(values: &[f64], weights: &Weights) -> Result<GlobalMoran, NoGlobal> {
    let weights = weights.without_self();
    let (z, sums) = prepared(values, &weights)?;
    Ok(of_parts(&z, cross(&z, &weights), sums))
}

/// The statistic and its moments from deviations, Σ w_ij z_i z_j and the sums of the weights.
pub(in crate::analysis) fn of_parts(z: &[f64], cross: f64, sums: Sums) -> GlobalMoran {
    let n = z.len() as f64;
    let i = n / sums.s0 * cross / z.iter().map(|z| z * z).sum::<f64>();
    let Sums { s0, s1, s2 } = sums;
    let expected = -1.0 / (n - 1.0);
    let square = expected * expected;
    let normal = (n * n * s1 - n * s2 + 3.0 * s0 * s0) / (s0 * s0 * (n * n - 1.0)) - square;
    let randomisation = if z.len() > 3 {
        let b2 = kurtosis(z);
        let by_order = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0)
            - b2 * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
        let random = by_order / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) - square;
        Chance::of(i, expected, random)
    } else {
        Chance::without(expected, NoGlobal::TooFew)
    };
    GlobalMoran { n: z.len(), i, normality: Chance::of(i, expected, normal), randomisation }
}

/// I of shuffled maps, and how many reach the observed one.
///
/// # Errors
///
/// [`Gone`] where the asker has gone; inside, [`NoGlobal`] as [`global_moran`] has it.
///
/// # Panics
///
/// As [`global_moran`].
pub fn global_moran_shuffled(
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
    let factor = z.len() as f64 / sums.s0 / z.iter().map(|z| z * z).sum::<f64>();
    let statistic = |map: &[f64]| factor * cross(map, &weights);
    let terms = |i: usize| weights.row(i).map(|(j, w)| (w * z[i] * z[j]).abs()).sum::<f64>();
    let scale = factor * (0..z.len()).map(terms).sum::<f64>();
    let all = shuffled_maps(&z, draws, watch, statistic)?;
    Ok(Ok(Simulated::of(statistic(&z), scale, &all)))
}

/// Σ_i Σ_j w_ij z_i z_j.
fn cross(z: &[f64], weights: &Weights) -> f64 {
    (0..z.len()).map(|i| z[i] * weights.lag(i, z)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{
        chance::tally::{Tail, Tally},
        global::chance::tests::{moments, orders, row, uneven},
        watch::Nobody,
        weights::Neighbours,
    };

    #[test]
    fn four_in_a_row_as_worked_by_hand() {
        // 1 2 3 4: z = −1.5 −.5 .5 1.5, Σz² = 5; Σ over the three pairs, twice:
        // 2 (.75 − .25 + .75) = 2.5; I = 4/6 · 2.5/5 = 1/3. S0 = 6, S1 = 12, S2 = 4·(1+4+4+1) = 40;
        // V_N = (16·12 − 4·40 + 3·36)/(36·15) − 1/9 = 140/540 − 1/9 = 4/27.
        let moran = global_moran(&[1.0, 2.0, 3.0, 4.0], &row(4)).unwrap();
        assert!((moran.i - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!(moran.normality.expected, -1.0 / 3.0);
        assert!((moran.normality.variance.unwrap() - 4.0 / 27.0).abs() < 1e-15);
        assert!((moran.normality.z.unwrap() - (2.0 / 3.0) / (4.0_f64 / 27.0).sqrt()).abs() < 1e-14);
        assert!(moran.normality.p(Tail::Upper) < 0.05);
    }

    /// The variance under randomisation is that over every order of the values.
    #[test]
    fn moments_are_those_of_all_orders() {
        let (values, weights) = ([0.0, 1.0, 1.0, 7.0, 3.0], uneven());
        let all: Vec<f64> =
            orders(&values).iter().map(|order| global_moran(order, &weights).unwrap().i).collect();
        let (mean, variance) = moments(&all);
        let chance = global_moran(&values, &weights).unwrap().randomisation;
        assert!((chance.expected - mean).abs() < 1e-12);
        assert!((chance.variance.unwrap() - variance).abs() < 1e-12);
    }

    /// The shuffled maps give the p that counting all orders gives.
    #[test]
    fn shuffles_agree_with_all_orders() {
        let (values, weights) = ([0.0, 0.0, 1.0, 7.0, 3.0], uneven());
        let observed = global_moran(&values, &weights).unwrap().i;
        let all: Vec<f64> =
            orders(&values).iter().map(|order| global_moran(order, &weights).unwrap().i).collect();
        let exact = Tally::of(observed, all.iter().copied());
        let draws = Draws { permutations: 4000, seed: 1, analysis: "test" };
        let ours = global_moran_shuffled(&values, &weights, draws, &Nobody).unwrap().unwrap();
        for (ours, exact) in [(ours.tally.ge, exact.ge), (ours.tally.le, exact.le)] {
            let (ours, p) = (f64::from(ours) / 4000.0, f64::from(exact) / 120.0);
            assert!((ours - p).abs() <= 4.0 * (p * (1.0 - p) / 4000.0).sqrt(), "{ours} {p}");
        }
    }

    #[test]
    fn no_answer_has_a_reason() {
        let no = |values: &[f64], weights| global_moran(values, &weights).unwrap_err();
        assert_eq!(no(&[], row(0)), NoGlobal::TooFew);
        assert_eq!(no(&[1.0, 2.0], row(2)), NoGlobal::TooFew);
        assert_eq!(no(&[0.0; 4], row(4)), NoGlobal::Constant);
        let alone = Weights::binary(&Neighbours::from_pairs(4, []));
        assert_eq!(no(&[1.0, 2.0, 3.0, 4.0], alone), NoGlobal::NoLinks);
        let opposed = vec![vec![(1, 1.0)], vec![(2, -1.0)], vec![]];
        assert_eq!(no(&[1.0, 2.0, 3.0], Weights::from_rows(opposed).unwrap()), NoGlobal::ZeroSum);
        let own = Weights::from_rows((0..4).map(|i| vec![(i, 1.0)]).collect()).unwrap();
        assert_eq!(no(&[1.0, 2.0, 3.0, 4.0], own), NoGlobal::NoLinks);
        let everybody = Neighbours::from_pairs(5, (0..5).flat_map(|i| (0..5).map(move |j| (i, j))));
        let all = global_moran(&[1.0, 2.0, 4.0, 8.0, 0.0], &Weights::binary(&everybody)).unwrap();
        assert_eq!(all.randomisation.z, Err(NoGlobal::NoVariance));
        let three = global_moran(&[1.0, 2.0, 4.0], &row(3)).unwrap();
        assert_eq!(three.randomisation.z, Err(NoGlobal::TooFew));
        assert!(three.normality.z.is_ok());
        let draws = Draws { permutations: 9, seed: 1, analysis: "test" };
        let none = global_moran_shuffled(&[1.0; 4], &row(4), draws, &Nobody).unwrap();
        assert_eq!(none, Err(NoGlobal::Constant));
    }

    proptest! {
        #[test]
        fn units_of_values_and_weights_decide_nothing(
            values in vec(0.0..9.0_f64, 5), factor in 0.01..1e3_f64, shift in -50.0..50.0_f64,
        ) {
            let rows = |k: f64| (0..5)
                .map(|i| uneven().row(i).map(|(j, w)| (j as u32, w * k)).collect())
                .collect();
            let other: Vec<f64> = values.iter().map(|x| x * factor + shift).collect();
            let a = global_moran(&values, &uneven());
            let b = global_moran(&other, &Weights::from_rows(rows(factor)).unwrap());
            if let (Ok(a), Ok(b)) = (a, b) {
                prop_assert!((a.i - b.i).abs() < 1e-6);
                let (a, b) = (a.randomisation.z, b.randomisation.z);
                if let (Ok(a), Ok(b)) = (a, b) {
                    prop_assert!((a - b).abs() < 1e-6 * (1.0 + a.abs()));
                }
            }
        }

        #[test]
        fn it_is_the_slow_double_sum_and_names_decide_nothing(
            values in vec(0.0..9.0_f64, 5),
            order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let weights = uneven();
            let mean = values.iter().sum::<f64>() / 5.0;
            let (mut above, mut s0, mut below) = (0.0, 0.0, 0.0);
            for i in 0..5 {
                below += (values[i] - mean).powi(2);
                for j in 0..5 {
                    s0 += weights.between(i, j);
                    above += weights.between(i, j) * (values[i] - mean) * (values[j] - mean);
                }
            }
            let moran = global_moran(&values, &weights).unwrap();
            prop_assert!((moran.i - 5.0 / s0 * above / below).abs() < 1e-12);

            let mut renamed = vec![0.0; 5];
            let mut rows = vec![Vec::new(); 5];
            for i in 0..5 {
                renamed[order[i]] = values[i];
                rows[order[i]] = weights.row(i).map(|(j, w)| (order[j] as u32, w)).collect();
            }
            let other = global_moran(&renamed, &Weights::from_rows(rows).unwrap()).unwrap();
            prop_assert!((moran.i - other.i).abs() < 1e-12);
            let (a, b) = (moran.randomisation.z.unwrap(), other.randomisation.z.unwrap());
            prop_assert!((a - b).abs() < 1e-9 * (1.0 + a.abs()));
        }
    }
}
