//! Exact intervals for small counts: between which true values is the count not surprising?
//!
//! *Poisson* (Garwood 1936): for y events the interval of means μ with P(Y ≥ y | μ) ≥ α/2 and
//! P(Y ≤ y | μ) ≥ α/2; divided by the population it is the interval of a rate. *Binomial*
//! (Clopper and Pearson 1934): the same for a share of y out of n. Both cover the truth at least
//! as often as they promise, whatever the truth is; with few events they are wide, and should be.
//! One of no events still has an upper end: nothing found is not nothing there.
//!
//! Units: counts. Where nothing can be said (a level outside (0, 1), what is no whole number or
//! below zero, more events than trials, no trials) the answer is `None`: square metres are no counts. Cost: about forty steps of
//! bisection on an incomplete gamma or beta function.

use super::special::{beta_share, gamma_lower};

/// A closed interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

impl Interval {
    /// Both ends divided by `by`.
    #[must_use]
    pub fn per(self, by: f64) -> Self {
        Self { low: self.low / by, high: self.high / by }
    }
}

/// The means of a Poisson count that `events` do not speak against, at confidence `level` (0.95).
pub fn poisson_interval(events: f64, level: f64) -> Option<Interval> {
    let tail = tail(level)?;
    if !whole(events) {
        return None;
    }
    // P(Y ≥ y | μ) = P(y, μ), the lower incomplete gamma function; P(Y ≤ y | μ) = 1 − P(y + 1, μ).
    let low = if events == 0.0 {
        0.0
    } else {
        solve(0.0, events, |mean| gamma_lower(events, mean) - tail)
    };
    let shape = events + 1.0;
    let mut far = 2.0 * shape + 10.0;
    while gamma_lower(shape, far) < 1.0 - tail {
        far *= 2.0;
    }
    let high = solve(events, far, |mean| gamma_lower(shape, mean) - (1.0 - tail));
    Some(Interval { low, high })
}

/// The chances of success that `successes` out of `trials` do not speak against, at confidence
/// `level` (0.95). A share of nothing is none.
pub fn binomial_interval(successes: f64, trials: f64, level: f64) -> Option<Interval> {
    let tail = tail(level)?;
    if !(whole(trials) && whole(successes) && trials > 0.0 && successes <= trials) {
        return None;
    }
    let failures = trials - successes;
    // P(X ≥ x | p) = I_p(x, n − x + 1); P(X ≤ x | p) = 1 − I_p(x + 1, n − x).
    let low = if successes == 0.0 {
        0.0
    } else {
        solve(0.0, 1.0, |p| beta_share(successes, failures + 1.0, p) - tail)
    };
    let high = if failures == 0.0 {
        1.0
    } else {
        solve(0.0, 1.0, |p| beta_share(successes + 1.0, failures, p) - (1.0 - tail))
    };
    Some(Interval { low, high })
}

/// P(Y ≤ events) of a Poisson count with this mean: small where fewer were found than `mean` lets
/// expect. `None` where `events` is no count or `mean` is not above zero.
pub fn poisson_lower(events: f64, mean: f64) -> Option<f64> {
    (whole(events) && mean > 0.0).then(|| 1.0 - gamma_lower(events + 1.0, mean))
}

/// P(Y ≥ events): small where more were found. `None` as [`poisson_lower`].
pub fn poisson_upper(events: f64, mean: f64) -> Option<f64> {
    let p = || if events == 0.0 { 1.0 } else { gamma_lower(events, mean) };
    (whole(events) && mean > 0.0).then(p)
}

/// Whether it is a count.
pub fn whole(number: f64) -> bool {
    number.is_finite() && number >= 0.0 && number.fract() == 0.0
}

fn tail(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then(|| (1.0 - level) / 2.0)
}

/// Where a rising function passes zero between `low` and `high`, to the last bits.
fn solve(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if rising(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, known: f64) -> bool {
        (found - known).abs() <= 1e-9 * known.abs().max(1e-3)
    }

    #[test]
    fn garwood_as_tabled() {
        // qchisq(.025, 2 y)/2 and qchisq(.975, 2 y + 2)/2 by SciPy.
        for (events, low, high) in [
            (0.0, 0.0, 3.6888794541139354),
            (1.0, 0.025317807984289876, 5.571643390938898),
            (3.0, 0.6186721228956014, 8.767273069742323),
            (10.0, 4.7953886961324335, 18.39035604201778),
            (250.0, 219.9679956309373, 282.98770504231607),
            (5000.0, 4862.359188694899, 5140.5489485350045),
        ] {
            let interval = poisson_interval(events, 0.95).unwrap();
            assert!(close(interval.low, low) && close(interval.high, high), "{interval:?}");
        }
        // By hand: P(0 | μ) = e^−μ = 0.025.
        assert!(close(poisson_interval(0.0, 0.95).unwrap().high, -(0.025_f64.ln())));
        let two = Interval { low: 1.0, high: 3.0 };
        assert_eq!(two.per(2.0), Interval { low: 0.5, high: 1.5 });
    }

    #[test]
    fn clopper_and_pearson_as_tabled() {
        // beta.ppf(.025, x, n − x + 1) and beta.ppf(.975, x + 1, n − x) by SciPy.
        for (x, n, low, high) in [
            (0.0, 10.0, 0.0, 0.3084971078187607),
            (1.0, 10.0, 0.0025285785444617848, 0.4450161170281954),
            (5.0, 10.0, 0.18708602844739855, 0.8129139715526015),
            (10.0, 10.0, 0.6915028921812392, 1.0),
            (37.0, 1000.0, 0.02618270884373734, 0.05064112305992485),
            (2000.0, 100_000.0, 0.019141229780473303, 0.02088676697182),
        ] {
            let interval = binomial_interval(x, n, 0.95).unwrap();
            assert!(close(interval.low, low) && close(interval.high, high), "{interval:?}");
        }
        // By hand: (1 − p)^10 = 0.025.
        let none = binomial_interval(0.0, 10.0, 0.95).unwrap();
        assert!(close(none.high, 1.0 - 0.025_f64.powf(0.1)));
    }

    #[test]
    fn nothing_to_say_is_none() {
        assert_eq!(poisson_interval(-1.0, 0.95), None);
        assert_eq!(poisson_interval(f64::NAN, 0.95), None);
        assert_eq!(poisson_interval(3.0, 1.0), None);
        assert_eq!(poisson_interval(2.5, 0.95), None);
        assert_eq!((poisson_lower(2.5, 1.0), poisson_upper(2.0, 0.0)), (None, None));
        assert_eq!(binomial_interval(0.0, 0.0, 0.95), None);
        assert_eq!(binomial_interval(3.0, 2.0, 0.95), None);
        assert_eq!(binomial_interval(3.0, f64::NAN, 0.95), None);
    }

    /// Slow and obvious: the terms of the distribution, added.
    fn by_terms(events: u32, mean: f64) -> f64 {
        let mut term = (-mean).exp();
        let mut sum = term;
        for k in 1..=events {
            term *= mean / f64::from(k);
            sum += term;
        }
        sum
    }

    proptest! {
        #[test]
        fn tails_are_sums_of_terms(events in 0_u32..40, mean in 0.01..60.0_f64) {
            let lower = poisson_lower(f64::from(events), mean).unwrap();
            prop_assert!((lower - by_terms(events, mean)).abs() < 1e-12);
            let upper = poisson_upper(f64::from(events), mean).unwrap();
            let below = if events == 0 { 0.0 } else { by_terms(events - 1, mean) };
            prop_assert!((upper - (1.0 - below)).abs() < 1e-12);
        }

        #[test]
        fn the_ends_are_where_the_tails_are(events in 1_u32..200, level in 0.5..0.999_f64) {
            let y = f64::from(events);
            let interval = poisson_interval(y, level).unwrap();
            let tail = (1.0 - level) / 2.0;
            prop_assert!((poisson_upper(y, interval.low).unwrap() - tail).abs() < 1e-10);
            prop_assert!((poisson_lower(y, interval.high).unwrap() - tail).abs() < 1e-10);
            prop_assert!(interval.low < y && y < interval.high);
        }

        #[test]
        fn a_share_and_its_rest_mirror_each_other(x in 0_u32..50, more in 1_u32..50) {
            let (x, n) = (f64::from(x), f64::from(x + more));
            let share = binomial_interval(x, n, 0.95).unwrap();
            let rest = binomial_interval(n - x, n, 0.95).unwrap();
            prop_assert!((share.low - (1.0 - rest.high)).abs() < 1e-12);
            prop_assert!((share.high - (1.0 - rest.low)).abs() < 1e-12);
        }
    }
}
