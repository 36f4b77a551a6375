//! Which counts the overall rate does not explain.
//!
//! Under a Poisson count with the mean E_i = n_i Σ y/Σ n: P(Y ≤ y_i) and P(Y ≥ y_i). Source:
//! Choynowski (1959), *Maps based on probabilities*. It takes events as independent: where they
//! come in groups it is too sure of itself; and it is one test a unit: adjust for many. Counts
//! only: for square metres there is no p. Cost: one incomplete gamma function a unit.

use crate::analysis::chance::exact_interval::{
    Interval, poisson_interval, poisson_lower, poisson_upper,
};

use super::{Cases, overall};

/// A unit's count against what its population lets expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surprise {
    /// E = n Σ y/Σ n, events.
    pub expected: f64,
    /// P(Y ≤ y): small where there is less than expected. `None` where the events are no whole
    /// number, or there is none anywhere.
    pub lower: Option<f64>,
    /// P(Y ≥ y): small where there is more.
    pub upper: Option<f64>,
}

/// The surprise of each kept unit.
pub fn surprise(cases: &Cases) -> Vec<Surprise> {
    let rate = overall(cases).unwrap_or(0.0);
    let one = |(events, population): (&f64, &f64)| {
        let expected = population * rate;
        Surprise {
            expected,
            lower: poisson_lower(*events, expected),
            upper: poisson_upper(*events, expected),
        }
    };
    cases.events.iter().zip(&cases.population).map(one).collect()
}

/// The exact interval (Garwood) of each kept unit's rate at confidence `level`, in the unit of the
/// rate; `None` where the events are no whole number.
pub fn rate_interval(cases: &Cases, level: f64) -> Vec<Option<Interval>> {
    let one = |(y, n): (&f64, &f64)| poisson_interval(*y, level).map(|it| it.per(*n));
    cases.events.iter().zip(&cases.population).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_against_its_expectation_as_worked_by_hand() {
        // 0 of 1 and 4 of 3: the rate is 1. P(Y ≤ 0 | 1) = e^−1; P(Y ≥ 4 | 3) = 1 − 13 e^−3.
        let some = |all: [f64; 2]| all.map(Some);
        let cases = Cases::new(&some([0.0, 4.0]), &some([1.0, 3.0]));
        let found = surprise(&cases);
        assert_eq!((found[0].expected, found[0].upper), (1.0, Some(1.0)));
        assert!((found[0].lower.unwrap() - (-1.0_f64).exp()).abs() < 1e-14);
        assert!((found[1].upper.unwrap() - (1.0 - 13.0 * (-3.0_f64).exp())).abs() < 1e-14);
        let interval = rate_interval(&cases, 0.95)[0].unwrap();
        assert!(interval.low == 0.0 && (interval.high + 0.025_f64.ln()).abs() < 1e-9);

        let areas = Cases::new(&some([0.5, 4.0]), &some([1.0, 3.0]));
        assert_eq!((surprise(&areas)[0].lower, rate_interval(&areas, 0.95)[0]), (None, None));
        let none = Cases::new(&some([0.0, 0.0]), &some([1.0, 3.0]));
        assert_eq!(surprise(&none)[0].upper, None);
    }
}
