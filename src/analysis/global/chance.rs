//! What the global statistics have in common: why there is none, what chance alone would give, and
//! the shuffled maps.
//!
//! Sources: Cliff and Ord (1981), *Spatial processes*, for the two assumptions under which moments
//! are known: values drawn from a normal distribution, and the given values in random order.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::analysis::{
    chance::{
        draws::Draws,
        normal,
        tally::{TIE, Tail, Tally},
    },
    watch::{Gone, Watch},
    weights::{Sums, Weights},
};

/// Below this many units there is no answer.
pub const TOO_FEW: usize = 3;

/// Why a global statistic, or its z, cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoGlobal {
    /// Fewer than three units; for moments under randomisation fewer than four.
    TooFew,
    /// All units hold the same.
    Constant,
    /// No unit has a neighbour.
    NoLinks,
    /// What would be divided by is zero: the weights, or the products of values, sum to nothing.
    ZeroSum,
    /// A value below zero, where the statistic needs amounts.
    Negative,
    /// Every order of the values gives the same, as where everybody is everybody's neighbour.
    NoVariance,
}

impl NoGlobal {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::Constant => "constant",
            Self::NoLinks => "no-links",
            Self::ZeroSum => "zero-sum",
            Self::Negative => "negative",
            Self::NoVariance => "no-variance",
        }
    }
}

/// What a statistic would be by chance under one assumption, and how far from it the observed one
/// lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Its mean.
    pub expected: f64,
    /// Its variance, or why that is not known.
    pub variance: Result<f64, NoGlobal>,
    /// (observed − expected)/√variance, or why there is none.
    pub z: Result<f64, NoGlobal>,
}

impl Chance {
    /// The standing of `observed`. A variance that is nothing but rounding is none.
    pub(in crate::analysis) fn of(observed: f64, expected: f64, variance: f64) -> Self {
        let real = variance.is_finite() && variance > 1e-12 * expected * expected;
        let variance = if real { Ok(variance) } else { Err(NoGlobal::NoVariance) };
        Self { expected, variance, z: variance.map(|it| (observed - expected) / it.sqrt()) }
    }

    /// Without a variance.
    pub(super) fn without(expected: f64, reason: NoGlobal) -> Self {
        Self { expected, variance: Err(reason), z: Err(reason) }
    }

    /// The normal p of a tail; 1 where there is no z. Trust it for many units with values that are
    /// not skewed; else ask the permutations.
    pub fn p(&self, tail: Tail) -> f64 {
        self.z.map_or(1.0, |z| normal::p(z, tail))
    }
}

/// What shuffled maps gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulated {
    /// How many reach the observed statistic, and how many do not pass it.
    pub tally: Tally,
    /// Their mean.
    pub mean: f64,
    /// Their variance, divisor R − 1; `None` for fewer than two.
    pub variance: Option<f64>,
}

impl Simulated {
    /// Sums up `simulated` in order. Values within [`TIE`] of `scale` are ties: where terms of
    /// both signs cancel, the size of the terms and not of their sum decides what is rounding.
    pub(in crate::analysis) fn of(observed: f64, scale: f64, simulated: &[f64]) -> Self {
        let tie = TIE * scale.abs().max(observed.abs());
        let count = |asked: &dyn Fn(f64) -> bool| simulated.iter().filter(|it| asked(**it)).count();
        let tally = Tally {
            permutations: simulated.len() as u32,
            ge: count(&|it| it >= observed - tie || it.is_nan()) as u32,
            le: count(&|it| it <= observed + tie || it.is_nan()) as u32,
        };
        let r = simulated.len() as f64;
        let mean = simulated.iter().sum::<f64>() / r;
        let squares: f64 = simulated.iter().map(|it| (it - mean).powi(2)).sum();
        let variance = (simulated.len() > 1).then(|| squares / (r - 1.0));
        Self { tally, mean, variance }
    }
}

/// Permutations between two looks at whether anybody still waits.
const CHUNK: usize = 16;

/// `statistic` of every shuffled map, in the order of the permutations. Permutation r shuffles the
/// values as given with stream r: no thread and no chunk decides anything.
///
/// # Errors
///
/// [`Gone`] where the asker has gone.
pub(super) fn shuffled_maps<T: Clone + Default + Send>(
    values: &[f64],
    draws: Draws<'_>,
    watch: &dyn Watch,
    statistic: impl Fn(&[f64]) -> T + Sync,
) -> Result<Vec<T>, Gone> {
    let streams = draws.streams();
    let mut all = vec![T::default(); draws.permutations as usize];
    let done = AtomicU64::new(0);
    all.par_chunks_mut(CHUNK).enumerate().try_for_each_init(
        || vec![0.0; values.len()],
        |map, (chunk, answers)| {
            watch.go_on()?;
            for (at, answer) in answers.iter_mut().enumerate() {
                map.copy_from_slice(values);
                streams.stream((chunk * CHUNK + at) as u64).shuffle(map);
                *answer = statistic(map);
            }
            let before = done.fetch_add(answers.len() as u64, Ordering::Relaxed);
            watch.tell(before + answers.len() as u64, u64::from(draws.permutations));
            Ok(())
        },
    )?;
    Ok(all)
}

/// Deviations from the mean and the sums of the weights, where there is something to ask.
/// `weights` are without links of a unit to itself.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub(super) fn prepared(values: &[f64], weights: &Weights) -> Result<(Vec<f64>, Sums), NoGlobal> {
    assert_eq!(values.len(), weights.len(), "one row of weights a value");
    if values.len() < TOO_FEW {
        return Err(NoGlobal::TooFew);
    }
    if weights.links() == 0 {
        return Err(NoGlobal::NoLinks);
    }
    if constant(values) {
        return Err(NoGlobal::Constant);
    }
    let sums = weights.sums();
    if sums.s0 == 0.0 {
        return Err(NoGlobal::ZeroSum);
    }
    Ok((deviations(values), sums))
}

/// Whether all values are the same.
pub(in crate::analysis) fn constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// Values less their mean.
pub(in crate::analysis) fn deviations(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

/// b2 = m4/m2², the kurtosis of deviations with divisors n.
pub(super) fn kurtosis(deviations: &[f64]) -> f64 {
    let n = deviations.len() as f64;
    let m2 = deviations.iter().map(|d| d * d).sum::<f64>() / n;
    let m4 = deviations.iter().map(|d| d.powi(4)).sum::<f64>() / n;
    m4 / (m2 * m2)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::analysis::{watch::Nobody, weights::Neighbours};

    /// Five units: weights of many sizes, some one way only, one unit almost alone.
    pub(in crate::analysis) fn uneven() -> Weights {
        Weights::from_rows(vec![
            vec![(1, 1.0), (2, 0.5)],
            vec![(0, 1.0), (3, 2.0)],
            vec![(0, 0.5), (1, 1.0), (3, 0.25)],
            vec![(2, 1.5)],
            vec![(0, 0.1)],
        ])
        .unwrap()
    }

    /// Every order of the values once.
    pub(in crate::analysis) fn orders(values: &[f64]) -> Vec<Vec<f64>> {
        let Some((last, others)) = values.split_last() else { return vec![Vec::new()] };
        let all = orders(others);
        let at = |place: usize| {
            all.iter().map(move |order| {
                let mut order = order.clone();
                order.insert(place, *last);
                order
            })
        };
        (0..values.len()).flat_map(at).collect()
    }

    /// Units in a row, each a neighbour of the one before and after.
    pub(in crate::analysis) fn row(n: usize) -> Weights {
        Weights::binary(&Neighbours::from_pairs(n, (1..n).map(|i| (i - 1, i))))
    }

    /// Mean and variance (divisor: how many there are).
    pub(in crate::analysis) fn moments(all: &[f64]) -> (f64, f64) {
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        (mean, all.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn no_variance_has_no_z_and_a_p_of_one() {
        let none = Chance::of(1.0, 1.0, 1e-16);
        assert_eq!((none.z, none.p(Tail::Upper)), (Err(NoGlobal::NoVariance), 1.0));
        let few = Chance::without(0.5, NoGlobal::TooFew);
        assert_eq!((few.variance, few.p(Tail::TwoSided)), (Err(NoGlobal::TooFew), 1.0));
        assert_eq!(Chance::of(3.0, 1.0, 4.0).z, Ok(1.0));
    }

    #[test]
    fn ties_are_judged_by_the_size_of_the_terms() {
        let simulated = Simulated::of(0.0, 1.0, &[1e-15, -1e-15, 2.0]);
        assert_eq!(simulated.tally, Tally { permutations: 3, ge: 3, le: 2 });
        assert_eq!(Simulated::of(0.0, 1.0, &[1.0]).variance, None);
    }

    #[test]
    fn maps_are_shuffled_alike_on_any_number_of_threads() {
        let values: Vec<f64> = (0..40).map(f64::from).collect();
        let draws = Draws { permutations: 50, seed: 3, analysis: "test" };
        let run = || shuffled_maps(&values, draws, &Nobody, |map| map[0] * 100.0 + map[7]).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(run(), pool.install(run));
    }

    #[test]
    fn nobody_waits_nothing_is_done() {
        struct Away;
        impl Watch for Away {
            fn tell(&self, _done: u64, _of: u64) {}
            fn gone(&self) -> bool {
                true
            }
        }
        let draws = Draws { permutations: 50, seed: 3, analysis: "test" };
        assert_eq!(shuffled_maps(&[1.0], draws, &Away, |map| map[0]), Err(Gone));
    }

    #[test]
    fn every_order_is_listed_once() {
        let mut all = orders(&[1.0, 2.0, 3.0, 4.0]);
        all.sort_by(|a, b| a.partial_cmp(b).unwrap());
        all.dedup();
        assert_eq!(all.len(), 24);
    }
}
