//! How many events several units together let expect, and how far chance lets them stray.
//!
//! Each unit's true rate is drawn by itself from a gamma distribution with the mean m and the variance
//! A; given it, its events are Poisson's (Clayton and Kaldor 1987, *Empirical Bayes estimates of
//! age-standardized relative risks for use in disease mapping*, Biometrics 43). m = Σ y/Σ n and, by
//! moments, A = max(0, Σ ((y − m n)² − m n)/Σ n²): every unit's events weigh alike. Marshall's A
//! ([`super::prior`]) divides them by n, and a single event on hardly any population makes it so large
//! that nothing is a wonder any more. Both are taken as known, and the unit that is asked about is
//! among those that they come from: a large crowd hides a little of itself. Together units with the populations n have the mean m Σ n and the variance
//! m Σ n + A Σ n². Where the n are alike, or A is 0, that is one negative binomial count, or a Poisson
//! one; else the tails are summed from the joint probabilities, count by count. Of more than
//! [`MOST_SUMMED`] events the negative binomial count of that mean and variance stands for it, which is
//! near in the middle (within some hundredths) and may be off by a factor of two in far tails.
//!
//! So neighbours are told from neighbours that have nothing to do with each other, whatever their
//! populations are, on both sides. Shuffling cannot do that where populations differ: standardised
//! rates (Assunção and Reis) have one variance but not one shape, and of rare events those of large
//! populations without any lie far below, so that shuffled maps never show as little as much searched
//! ground does. Cost: units times the square of the events, at most that of [`MOST_SUMMED`].

use crate::analysis::{
    chance::{exact_interval::whole, negative_binomial::NegativeBinomial},
    weights::Weights,
};

use super::{Cases, Prior, overall};

/// Up to so many events tails are summed.
const MOST_SUMMED: u64 = 256;

/// A count of so many is exact, and so are sums of some of them.
const MOST_COUNTED: f64 = 1e15;

/// What is left of 1 below this is rounding.
const ROUNDING: f64 = 1e-12;

/// A n/m of all units together, below which rates do not differ: what is left is Poisson's.
const POISSON: f64 = 1e-6;

/// Populations that differ by less are alike, as a share.
const ALIKE: f64 = 1e-9;

/// Events of some units together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// m Σ n.
    pub expected: f64,
    /// P(as many or more): small where there are more than expected.
    pub upper: f64,
    /// P(as few or fewer).
    pub lower: f64,
}

/// The mean of all rates and their variance from unit to unit, every unit's events weighing alike.
/// `None` of no units.
pub fn scattered(cases: &Cases) -> Option<Prior> {
    let mean = overall(cases)?;
    let units = || cases.events.iter().zip(&cases.population);
    let beyond: f64 = units().map(|(y, n)| (y - mean * n).powi(2) - mean * n).sum();
    let squares: f64 = units().map(|(_, n)| n * n).sum();
    Some(Prior { mean, variance: (beyond / squares).max(0.0) })
}

/// Each unit with its neighbours; `None` where it has none, where their events are no counts, or where
/// there is none anywhere.
///
/// # Panics
///
/// Where `near` are not the weights among the kept units.
pub fn neighbourhoods(cases: &Cases, near: &Weights) -> Vec<Option<Together>> {
    let prior = scattered(cases);
    let one = |at: usize| {
        let others = near.places(at);
        let members = || others.iter().map(|other| *other as usize).chain([at]);
        let counts = members().all(|at| whole(cases.events[at]) && cases.events[at] < MOST_COUNTED);
        let prior = prior.filter(|_| counts && !others.is_empty())?;
        let events: f64 = members().map(|at| cases.events[at]).sum();
        let populations: Vec<f64> = members().map(|at| cases.population[at]).collect();
        prior.together(&populations, events as u64)
    };
    (0..cases.len()).map(one).collect()
}

impl Prior {
    /// So many `events` of units with these populations together. `None` where nothing can be
    /// expected: no population, or no event anywhere.
    pub fn together(self, populations: &[f64], events: u64) -> Option<Together> {
        let sum: f64 = populations.iter().sum();
        let squares: f64 = populations.iter().map(|n| n * n).sum();
        let expected = self.mean * sum;
        let near = NegativeBinomial::new(expected, expected + self.variance * squares)?;
        let [least, most] = [f64::min, f64::max].map(|of| populations.iter().copied().reduce(of));
        let poisson = self.variance * sum <= POISSON * self.mean;
        let alike =
            poisson || least.zip(most).is_some_and(|(least, most)| most - least <= ALIKE * most);
        // No chance is 0, whatever can be told of it.
        let share = |p: f64| p.clamp(f64::MIN_POSITIVE, 1.0);
        let told = |upper, lower| Together { expected, upper: share(upper), lower: share(lower) };
        if alike || events > MOST_SUMMED {
            return Some(told(near.upper(events), near.lower(events)));
        }
        let joint = self.joint(populations, events as usize);
        let lower: f64 = joint.iter().sum();
        let upper = 1.0 - (lower - joint.last().copied().unwrap_or(0.0));
        let upper = if upper < ROUNDING { near.upper(events).min(ROUNDING) } else { upper };
        Some(told(upper, lower))
    }

    /// The probabilities of 0, 1, …, `most` events of all units.
    fn joint(self, populations: &[f64], most: usize) -> Vec<f64> {
        let mut joint = vec![0.0; most + 1];
        joint[0] = 1.0;
        let mut one = vec![0.0; most + 1];
        for n in populations.iter().filter(|n| **n > 0.0) {
            self.of_one(*n, &mut one);
            // From the end, so that what is still to be read is not yet written over.
            for k in (0..=most).rev() {
                joint[k] = (0..=k).map(|part| joint[part] * one[k - part]).sum();
            }
        }
        joint
    }

    /// The probabilities of 0, 1, … events of one unit, each from the one before:
    /// p(k + 1)/p(k) = (k + r)/(k + 1)·(1 − p).
    fn of_one(self, population: f64, into: &mut [f64]) {
        let mean = self.mean * population;
        let more = self.variance * population * population;
        let (r, odds) = (mean * mean / more, more / mean);
        // r ln p and 1 − p of a p near 1, without losing their digits.
        let mut at = (-r * odds.ln_1p()).exp();
        let other = odds / (1.0 + odds);
        for (k, here) in into.iter_mut().enumerate() {
            *here = at;
            at *= (k as f64 + r) / (k as f64 + 1.0) * other;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::chance::draws::Draws;

    #[test]
    fn nothing_is_expected_of_nothing() {
        let prior = Prior { mean: 2.0, variance: 1.0 };
        assert!(prior.together(&[], 0).is_none());
        assert!(Prior { mean: 0.0, variance: 0.0 }.together(&[1.0], 0).is_none());
        // m Σ n = 6 and, without any spread of rates, Poisson: P(Y ≥ 1) = 1 − e^−6.
        let plain = Prior { mean: 2.0, variance: 0.0 }.together(&[1.0, 2.0], 1).unwrap();
        assert!(plain.expected == 6.0 && (plain.upper - (1.0 - (-6.0_f64).exp())).abs() < 1e-14);
    }

    #[test]
    fn one_event_on_hardly_any_population_is_no_scatter() {
        let some = |all: &[f64]| all.iter().copied().map(Some).collect::<Vec<_>>();
        let of = |events: &[f64], population: &[f64]| {
            scattered(&Cases::new(&some(events), &some(population))).unwrap()
        };
        let plain = of(&[1.0, 2.0, 1.0, 2.0], &[1.0; 4]);
        assert_eq!(plain, Prior { mean: 1.5, variance: 0.0 });
        // 3 events on a billionth: m = 9/4, Σ((y − m n)² − m n)/Σ n² = (3.25 + 9 − 9)/4.
        let sliver = of(&[1.0, 2.0, 1.0, 2.0, 3.0], &[1.0, 1.0, 1.0, 1.0, 1e-9]);
        assert!((sliver.variance - 0.8125).abs() < 1e-6, "{sliver:?}");
        // (4 − 2)² − 2 + (0 − 2)² − 2 over 2.
        assert_eq!(of(&[4.0, 0.0], &[1.0, 1.0]), Prior { mean: 2.0, variance: 2.0 });
    }

    #[test]
    fn hardly_any_scatter_is_none() {
        // As a careful reader reproduced it: P(Y ≥ 3 | 1.5…) of Poisson, whatever the last digits.
        let km2 = [2.1, 1.4, 1.4];
        let poisson = Prior { mean: 0.5, variance: 0.0 }.together(&km2, 5).unwrap();
        for variance in [1e-17, 1e-12, 1e-9, 1e-6] {
            let near = Prior { mean: 0.5, variance }.together(&km2, 5).unwrap();
            assert!((near.upper / poisson.upper - 1.0).abs() < 1e-4, "{variance}: {near:?}");
            assert!((near.lower / poisson.lower - 1.0).abs() < 1e-4, "{variance}: {near:?}");
        }
    }

    #[test]
    fn two_units_as_worked_by_hand() {
        // m = A = 1: of n = 1 the chance of k is 2^−(k+1), of n = 2 it is 2^k/3^(k+1).
        // None: 1/2·1/3; one: 1/4·1/3 + 1/2·2/9.
        let two = Prior { mean: 1.0, variance: 1.0 }.together(&[1.0, 2.0], 1).unwrap();
        assert!((two.upper - (1.0 - 1.0 / 6.0)).abs() < 1e-14);
        assert!((two.lower - (1.0 / 6.0 + 1.0 / 12.0 + 1.0 / 9.0)).abs() < 1e-14);
    }

    #[test]
    fn far_tails_and_many_events_are_small_and_no_rounding() {
        let prior = Prior { mean: 1.0, variance: 0.1 };
        for (populations, events) in [(vec![0.1, 0.4], 200), (vec![20.0, 40.0], 4000)] {
            let far = prior.together(&populations, events).unwrap();
            assert!(far.upper > 0.0 && far.upper <= ROUNDING && far.lower > 0.999, "{far:?}");
        }
        let none = prior.together(&[2000.0, 4000.0], 3).unwrap();
        assert!(none.upper == 1.0 && none.lower > 0.0 && none.lower < 1e-40);
    }

    proptest! {
        #[test]
        fn summed_or_by_the_formula_it_is_the_same(
            mean in 0.01..3.0_f64,
            variance in 0.01..3.0_f64,
            n in 0.1..3.0_f64,
            units in 1..10_usize,
            events in 0..40_u64,
        ) {
            let prior = Prior { mean, variance };
            let mut populations = vec![n; units];
            let formula = prior.together(&populations, events).unwrap();
            // Hardly unlike: summed.
            populations.push(1e-7 * n);
            let summed = prior.together(&populations, events).unwrap();
            prop_assert!((formula.upper - summed.upper).abs() < 1e-5, "{formula:?} {summed:?}");
            prop_assert!((formula.lower - summed.lower).abs() < 1e-5, "{formula:?} {summed:?}");
        }
    }

    /// Drawn as the model says it: rates from a gamma distribution, events from Poisson's.
    #[test]
    fn drawn_from_the_model_as_many_come_together() {
        const MAPS: u32 = 40_000;
        // m²/A = 2: a gamma of that shape is the sum of two exponentials.
        let prior = Prior { mean: 1.5, variance: 1.125 };
        let populations = [0.2, 3.0, 0.7];
        let streams = Draws { permutations: MAPS, seed: 1, analysis: "together" }.streams();
        let mut reached = [0_u32; 12];
        for map in 0..MAPS {
            let mut stream = streams.stream(map.into());
            let mut events = 0;
            for n in populations {
                let rate = -((1.0 - stream.unit()) * (1.0 - stream.unit())).ln() * 0.75;
                let least = (-rate * n).exp();
                let mut product = stream.unit();
                while product > least {
                    product *= stream.unit();
                    events += 1;
                }
            }
            for (least, reached) in (0..).zip(reached.iter_mut()) {
                *reached += u32::from(events >= least);
            }
        }
        for (least, reached) in (0..).zip(reached) {
            let told = prior.together(&populations, least).unwrap().upper;
            let drawn = f64::from(reached) / f64::from(MAPS);
            // Four deviations of a half are 0.01.
            assert!((drawn - told).abs() < 0.011, "{least}: {drawn} {told}");
        }
    }
}
