//! General G: do high values lie beside high ones (hot spots), or low beside low ones?
//!
//! G = Σ_i Σ_{j≠i} w_ij x_i x_j / Σ_i Σ_{j≠i} x_i x_j. Moran's I cannot tell clusters of much from
//! clusters of little; G can: above its expectation S0/(n(n − 1)) much lies together, below it
//! little does. Values are amounts: none below zero. With distance bands use binary weights.
//!
//! Source: Getis and Ord (1992), *The analysis of spatial association by use of distance
//! statistics*, equations 8 to 11; METHODS §3. Links of a unit to itself are left out. Cost: one
//! pass over the links, and one for each permutation.

use super::{Chance, NoGlobal, Simulated, TOO_FEW, constant, shuffled_maps};
use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Watch},
    weights::{Sums, Weights},
};

/// General G of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralG {
    /// How many units.
    pub n: usize,
    /// The statistic.
    pub g: f64,
    /// By chance, if the given values lay in random order. Needs four units.
    pub randomisation: Chance,
}

/// General G of `values` (finite, none below zero) over `weights`.
///
/// # Errors
///
/// [`NoGlobal`]: fewer than three units, a value below zero, all the same, no links, weights that
/// sum to nothing, or fewer than two values above zero.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn general_g(values: &[f64], weights: &Weights) -> Result<GeneralG, NoGlobal> {
    let weights = weights.without_self();
    let (pairs, Sums { s0, s1, s2 }) = prepared(values, &weights)?;
    let g = products(values, &weights) / pairs;
    let n = values.len() as f64;
    let expected = s0 / (n * (n - 1.0));
    let randomisation = if values.len() > 3 {
        let power = |k| values.iter().map(|x| x.powi(k)).sum::<f64>();
        let (m1, m2, m3, m4) = (power(1), power(2), power(3), power(4));
        let square = s0 * s0;
        let b0 = (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * square;
        let b1 = -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * square);
        let b2 = -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * square);
        let b3 = 4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * square;
        let b4 = s1 - s2 + square;
        let sum = b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1.powi(4);
        let four = n * (n - 1.0) * (n - 2.0) * (n - 3.0);
        Chance::of(g, expected, sum / (pairs * pairs * four) - expected * expected)
    } else {
        Chance::without(expected, NoGlobal::TooFew)
    };
    Ok(GeneralG { n: values.len(), g, randomisation })
}

/// G of shuffled maps, and how many reach the observed one.
///
/// # Errors
///
/// [`Gone`] where the asker has gone; inside, [`NoGlobal`] as [`general_g`] has it.
///
/// # Panics
///
/// As [`general_g`].
pub fn general_g_shuffled(
    values: &[f64],
    weights: &Weights,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Simulated, NoGlobal>, Gone> {
    let weights = weights.without_self();
    let pairs = match prepared(values, &weights) {
        Ok((pairs, _)) => pairs,
        Err(reason) => return Ok(Err(reason)),
    };
    let statistic = |map: &[f64]| products(map, &weights) / pairs;
    let all = shuffled_maps(values, draws, watch, statistic)?;
    let observed = statistic(values);
    Ok(Ok(Simulated::of(observed, observed, &all)))
}

/// Σ_i Σ_{j≠i} x_i x_j and the sums of the weights, where there is something to ask.
fn prepared(values: &[f64], weights: &Weights) -> Result<(f64, Sums), NoGlobal> {
    assert_eq!(values.len(), weights.len(), "one row of weights a value");
    if values.len() < TOO_FEW {
        return Err(NoGlobal::TooFew);
    }
    if values.iter().any(|x| *x < 0.0) {
        return Err(NoGlobal::Negative);
    }
    if weights.links() == 0 {
        return Err(NoGlobal::NoLinks);
    }
    if constant(values) {
        return Err(NoGlobal::Constant);
    }
    let sums = weights.sums();
    // One value above zero has no other to make a product with.
    if sums.s0 == 0.0 || values.iter().filter(|x| **x > 0.0).count() < 2 {
        return Err(NoGlobal::ZeroSum);
    }
    let total: f64 = values.iter().sum();
    Ok((values.iter().map(|x| x * (total - x)).sum(), sums))
}

/// Σ_i Σ_j w_ij x_i x_j.
fn products(values: &[f64], weights: &Weights) -> f64 {
    // Sparse maps are mostly zeros, and a row of a zero adds nothing.
    let some = (0..values.len()).filter(|i| values[*i] != 0.0);
    some.map(|i| values[i] * weights.lag(i, values)).sum()
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
        // 0 0 2 3: the only product of neighbours is 6, twice; of all pairs 6, twice: G = 1.
        let g = general_g(&[0.0, 0.0, 2.0, 3.0], &row(4)).unwrap();
        assert_eq!((g.g, g.randomisation.expected), (1.0, 0.5));
        // Beside each other in 3 of 6 places: G is 1 or 0, each with ½.
        assert!((g.randomisation.variance.unwrap() - 0.25).abs() < 1e-12);
        // 1 2 3 4: 2 + 6 + 12 = 20 of 35.
        let g = general_g(&[1.0, 2.0, 3.0, 4.0], &row(4)).unwrap();
        assert!((g.g - 20.0 / 35.0).abs() < 1e-15);
    }

    #[test]
    fn moments_are_those_of_all_orders() {
        let (values, weights) = ([0.0, 1.0, 1.0, 7.0, 3.0], uneven());
        let all: Vec<f64> =
            orders(&values).iter().map(|order| general_g(order, &weights).unwrap().g).collect();
        let (mean, variance) = moments(&all);
        let chance = general_g(&values, &weights).unwrap().randomisation;
        assert!((chance.expected - mean).abs() < 1e-12);
        assert!((chance.variance.unwrap() - variance).abs() < 1e-12);
        let draws = Draws { permutations: 4000, seed: 1, analysis: "test" };
        let ours = general_g_shuffled(&values, &weights, draws, &Nobody).unwrap().unwrap();
        assert!((ours.mean - mean).abs() < 4.0 * (variance / 4000.0).sqrt());
    }

    #[test]
    fn no_answer_has_a_reason() {
        assert_eq!(general_g(&[1.0, 2.0], &row(2)), Err(NoGlobal::TooFew));
        assert_eq!(general_g(&[0.0; 4], &row(4)), Err(NoGlobal::Constant));
        assert_eq!(general_g(&[0.0, 0.0, 5.0, 0.0], &row(4)), Err(NoGlobal::ZeroSum));
        assert_eq!(general_g(&[0.0, -1.0, 5.0, 0.0], &row(4)), Err(NoGlobal::Negative));
        let alone = Weights::binary(&Neighbours::from_pairs(4, []));
        assert_eq!(general_g(&[1.0, 2.0, 3.0, 4.0], &alone), Err(NoGlobal::NoLinks));
    }

    proptest! {
        #[test]
        fn the_unit_of_values_decides_nothing(
            values in vec(0.0..9.0_f64, 5), factor in 0.01..1e3_f64,
        ) {
            let other: Vec<f64> = values.iter().map(|x| x * factor).collect();
            let (a, b) = (general_g(&values, &uneven()), general_g(&other, &uneven()));
            if let (Ok(a), Ok(b)) = (a, b) {
                prop_assert!((a.g - b.g).abs() < 1e-9);
            }
        }
    }
}
