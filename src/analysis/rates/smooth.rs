//! Raw rates, excess risk, and empirical-Bayes estimates that lean on the whole or on neighbours.
//!
//! A commune with three households and one plot tops every ranking of raw rates. The estimates of
//! Marshall (1991), *Mapping disease and mortality rates using empirical Bayes estimators*, Applied
//! Statistics 40, pull each rate towards a mean, the more the smaller its population is. Units: those of
//! events per population; the excess risk has none. Answers are for the kept units of [`Cases`], in order.
//! Cost: a pass over the units or links.

use crate::analysis::weights::Weights;

use super::Cases;

/// y_i/n_i.
pub fn raw(cases: &Cases) -> Vec<f64> {
    cases.events.iter().zip(&cases.population).map(|(y, n)| y / n).collect()
}

/// Σ y/Σ n: the rate of the whole. `None` of no units.
pub fn overall(cases: &Cases) -> Option<f64> {
    let population: f64 = cases.population.iter().sum();
    (!cases.is_empty()).then(|| cases.events.iter().sum::<f64>() / population)
}

/// y_i/E_i with E_i = n_i times the overall rate: 2 is twice what its population lets expect.
/// `None` where there is no event anywhere: nothing to compare with.
pub fn excess_risk(cases: &Cases) -> Option<Vec<f64>> {
    let overall = overall(cases).filter(|rate| *rate > 0.0)?;
    Some(raw(cases).iter().map(|rate| rate / overall).collect())
}

/// What is believed of rates before a unit's own count is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// m = Σ y/Σ n.
    pub mean: f64,
    /// A = max(0, s² − m/n̄): the variance of the true rates, without that of counting.
    pub variance: f64,
}

impl Prior {
    /// m + A/(A + m/n) (r − m).
    pub fn estimate(&self, rate: f64, population: f64) -> f64 {
        let counting = self.mean / population;
        // Without any event both are zero, and the mean is the estimate.
        let weight =
            if self.variance > 0.0 { self.variance / (self.variance + counting) } else { 0.0 };
        self.mean + weight * (rate - self.mean)
    }
}

/// The prior of the whole, by moments. `None` of no units.
pub fn prior(cases: &Cases) -> Option<Prior> {
    let all: Vec<usize> = (0..cases.len()).collect();
    (!all.is_empty()).then(|| prior_of(cases, &all))
}

/// Each unit's rate, pulled towards the overall rate. Where rates differ no more than counts do by
/// chance, all get the overall one.
pub fn global_bayes(cases: &Cases) -> Vec<f64> {
    let Some(prior) = prior(cases) else { return Vec::new() };
    let rates = raw(cases).into_iter().zip(&cases.population);
    rates.map(|(rate, population)| prior.estimate(rate, *population)).collect()
}

/// Around which means the spread of a neighbourhood's rates is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LocalPrior {
    /// Around the neighbourhood's own mean (esda, GeoDa; spdep with `geoda = TRUE`).
    #[default]
    Neighbourhood,
    /// Each neighbour around the mean of *its* neighbourhood (`EBlocal` of spdep as it stands).
    EachNeighbours,
}

/// Each unit's rate, pulled towards that of the unit and its neighbours together. Who is a
/// neighbour counts, how much of one does not. A unit without neighbours keeps its raw rate.
///
/// # Panics
///
/// Where `weights` are not those among the kept units.
pub fn local_bayes(cases: &Cases, weights: &Weights, local: LocalPrior) -> Vec<f64> {
    let around = neighbourhoods(cases, weights);
    let rates = raw(cases);
    let mut priors: Vec<Prior> = around.iter().map(|near| prior_of(cases, near)).collect();
    if local == LocalPrior::EachNeighbours {
        let means: Vec<f64> = priors.iter().map(|prior| prior.mean).collect();
        for (near, prior) in around.iter().zip(&mut priors) {
            prior.variance = variance(cases, near, prior.mean, |unit| means[unit]);
        }
    }
    (0..cases.len()).map(|at| priors[at].estimate(rates[at], cases.population[at])).collect()
}

/// Events over population of the unit and its neighbours together: smooth, and blind to outliers.
///
/// # Panics
///
/// As [`local_bayes`].
pub fn spatial_rate(cases: &Cases, weights: &Weights) -> Vec<f64> {
    let rate = |near: &Vec<usize>| {
        near.iter().map(|at| cases.events[*at]).sum::<f64>()
            / near.iter().map(|at| cases.population[*at]).sum::<f64>()
    };
    neighbourhoods(cases, weights).iter().map(rate).collect()
}

/// Each unit with its neighbours, ascending.
fn neighbourhoods(cases: &Cases, weights: &Weights) -> Vec<Vec<usize>> {
    assert_eq!(cases.len(), weights.len(), "weights among the kept units");
    let around = |at: usize| {
        let mut near: Vec<usize> = weights.places(at).iter().map(|j| *j as usize).collect();
        if let Err(place) = near.binary_search(&at) {
            near.insert(place, at);
        }
        near
    };
    (0..cases.len()).map(around).collect()
}

fn prior_of(cases: &Cases, near: &[usize]) -> Prior {
    let sum = |of: &[f64]| near.iter().map(|at| of[*at]).sum::<f64>();
    let mean = sum(&cases.events) / sum(&cases.population);
    Prior { mean, variance: variance(cases, near, mean, |_| mean) }
}

/// max(0, Σ n (r − c)²/Σ n − m/n̄), each rate around its `centre`.
fn variance(cases: &Cases, near: &[usize], mean: f64, centre: impl Fn(usize) -> f64) -> f64 {
    let population: f64 = near.iter().map(|at| cases.population[*at]).sum();
    let square = |at: &usize| {
        let n = cases.population[*at];
        n * (cases.events[*at] / n - centre(*at)).powi(2)
    };
    let spread = near.iter().map(square).sum::<f64>() / population;
    (spread - mean / (population / near.len() as f64)).max(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::weights::Neighbours;

    fn cases(events: &[f64], population: &[f64]) -> Cases {
        let some = |all: &[f64]| all.iter().map(|it| Some(*it)).collect::<Vec<_>>();
        Cases::new(&some(events), &some(population))
    }

    #[test]
    fn two_communes_as_worked_by_hand() {
        // 30 of 100 and 10 of 100: m = .2, s² = .01, m/n̄ = .002, A = .008;
        // weight .008/(.008 + .002) = .8: .2 ± .08.
        let cases = cases(&[30.0, 10.0], &[100.0, 100.0]);
        assert_eq!(raw(&cases), [0.3, 0.1]);
        assert_eq!(overall(&cases), Some(0.2));
        let risk = excess_risk(&cases).unwrap();
        assert!((risk[0] - 1.5).abs() < 1e-15 && (risk[1] - 0.5).abs() < 1e-15);
        let bayes = global_bayes(&cases);
        assert!((bayes[0] - 0.28).abs() < 1e-12 && (bayes[1] - 0.12).abs() < 1e-12);
        // Neighbours of each other are the whole; alone each keeps its own rate.
        let pair = Weights::binary(&Neighbours::from_pairs(2, [(0, 1)]));
        for local in [LocalPrior::Neighbourhood, LocalPrior::EachNeighbours] {
            for (a, b) in local_bayes(&cases, &pair, local).iter().zip(&bayes) {
                assert!((a - b).abs() < 1e-15);
            }
        }
        assert_eq!(spatial_rate(&cases, &pair), [0.2, 0.2]);
        let alone = Weights::binary(&Neighbours::from_pairs(2, []));
        assert_eq!(local_bayes(&cases, &alone, LocalPrior::Neighbourhood), [0.3, 0.1]);
    }

    #[test]
    fn where_nothing_was_found_nothing_is_divided_by() {
        let none = cases(&[0.0, 0.0], &[5.0, 7.0]);
        assert_eq!(excess_risk(&none), None);
        assert_eq!(global_bayes(&none), [0.0, 0.0]);
        let nobody = cases(&[], &[]);
        assert_eq!((overall(&nobody), prior(&nobody)), (None, None));
        assert!(global_bayes(&nobody).is_empty());
    }

    #[test]
    fn rates_that_differ_as_counts_do_are_all_the_overall_one() {
        let cases = cases(&[1.0, 2.0, 0.0], &[10.0, 10.0, 10.0]);
        assert_eq!(prior(&cases).unwrap().variance, 0.0);
        assert_eq!(global_bayes(&cases), [0.1; 3]);
    }

    proptest! {
        #[test]
        fn an_estimate_lies_between_the_rate_and_the_mean(
            units in vec((0_u8..30, 1_u16..2000), 1..30),
        ) {
            let events: Vec<f64> = units.iter().map(|it| f64::from(it.0)).collect();
            let population: Vec<f64> = units.iter().map(|it| f64::from(it.1)).collect();
            let cases = cases(&events, &population);
            let mean = overall(&cases).unwrap();
            for (estimate, rate) in global_bayes(&cases).iter().zip(raw(&cases)) {
                prop_assert!(*estimate >= rate.min(mean) - 1e-12);
                prop_assert!(*estimate <= rate.max(mean) + 1e-12);
            }
        }

        #[test]
        fn the_unit_of_population_scales_the_rate(
            units in vec((1_u8..30, 1_u16..2000), 2..20), factor in 0.5..2.0_f64,
        ) {
            // Not the variance of counting: that depends on events only, so all estimates scale.
            let events: Vec<f64> = units.iter().map(|it| f64::from(it.0)).collect();
            let population: Vec<f64> = units.iter().map(|it| f64::from(it.1)).collect();
            let other: Vec<f64> = population.iter().map(|n| n * factor).collect();
            let (a, b) = (cases(&events, &population), cases(&events, &other));
            for (a, b) in global_bayes(&a).iter().zip(global_bayes(&b)) {
                prop_assert!((a / factor - b).abs() <= 1e-9 * b.abs());
            }
        }
    }
}
