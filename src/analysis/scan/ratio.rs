//! The log likelihood ratio of a window: Kulldorff (1997), equations for the Poisson and the
//! Bernoulli model; the permutation model uses the Poisson one (Kulldorff et al. 2005).
//!
//! Poisson, E expected of C cases: c ln(c/E) + (C − c) ln((C − c)/(C − E)).
//! Bernoulli, n of N looked at: c ln(c/n) + (n − c) ln((n − c)/n), the same outside, less that of
//! the whole map.

/// n ln n for whole numbers up to here comes from a table.
const TABLED: usize = 1 << 20;

/// n ln n.
#[derive(Clone, Debug)]
struct Logs(Vec<f64>);

impl Logs {
    fn up_to(greatest: u32) -> Self {
        Self((0..=(greatest as usize).min(TABLED)).map(|n| times_log(n as f64)).collect())
    }

    fn of(&self, n: u32) -> f64 {
        self.0.get(n as usize).copied().unwrap_or_else(|| times_log(f64::from(n)))
    }
}

/// x ln x, and 0 for 0.
fn times_log(x: f64) -> f64 {
    if x > 0.0 { x * x.ln() } else { 0.0 }
}

/// The ratio of one map: its totals and its logarithms.
#[derive(Clone, Debug)]
pub struct Ratio {
    cases: u32,
    /// Bernoulli: cases and controls; `None` for the models whose measure is what is expected.
    people: Option<u32>,
    logs: Logs,
    /// Bernoulli: the log likelihood of the whole map.
    whole: f64,
}

/// A window's measure with the logarithms that it needs: what does not depend on the cases.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    measure: f64,
    expected: f64,
    inside: f64,
    outside: f64,
}

impl Measured {
    /// How many of the cases are expected here.
    pub fn expected(&self) -> f64 {
        self.expected
    }
}

impl Ratio {
    /// Of `cases` in all; a window's measure is what is expected in it.
    pub fn poisson(cases: u32) -> Self {
        Self { cases, people: None, logs: Logs::up_to(cases), whole: 0.0 }
    }

    /// Of `cases` among `people` in all; a window's measure is its number of people.
    pub fn bernoulli(cases: u32, people: u32) -> Self {
        let logs = Logs::up_to(people);
        let whole = logs.of(cases) + logs.of(people - cases) - logs.of(people);
        Self { cases, people: Some(people), logs, whole }
    }

    /// All cases.
    pub fn cases(&self) -> u32 {
        self.cases
    }

    /// The measure of the whole map.
    pub fn total(&self) -> f64 {
        f64::from(self.people.unwrap_or(self.cases))
    }

    /// How many of the cases are expected where the measure is `measure`.
    pub fn expected(&self, measure: f64) -> f64 {
        match self.people {
            None => measure,
            Some(people) => measure * f64::from(self.cases) / f64::from(people),
        }
    }

    /// The least measure of a window that may be given for `measure`: whole people are whole.
    pub fn at_least(&self, measure: f64) -> f64 {
        if self.people.is_some() { measure.ceil() } else { measure }
    }

    /// The greatest.
    pub fn at_most(&self, measure: f64) -> f64 {
        let measure = measure.min(self.total());
        if self.people.is_some() { measure.floor() } else { measure }
    }

    /// The logarithms for a window of this measure.
    pub fn measured(&self, measure: f64) -> Measured {
        let expected = self.expected(measure);
        let (inside, outside) = match self.people {
            None => (measure.ln(), (f64::from(self.cases) - measure).max(0.0).ln()),
            Some(people) => {
                (self.logs.of(measure as u32), self.logs.of(people - (measure as u32).min(people)))
            }
        };
        Measured { measure, expected, inside, outside }
    }

    /// The log likelihood ratio of `count` cases in the window: 0 or more, whichever way it
    /// deviates. Infinite for what cannot be: cases without people, people without controls.
    pub fn of(&self, count: u32, window: &Measured) -> f64 {
        let rest = self.cases - count;
        let (c, r) = (f64::from(count), f64::from(rest));
        let Some(people) = self.people else {
            let inside = if count == 0 { 0.0 } else { self.logs.of(count) - c * window.inside };
            let outside = if rest == 0 { 0.0 } else { self.logs.of(rest) - r * window.outside };
            return (inside + outside).max(0.0);
        };
        let within = window.measure as u32;
        let without = people - within.min(people);
        if count > within || rest > without {
            return f64::INFINITY;
        }
        let inside = self.logs.of(count) + self.logs.of(within - count) - window.inside;
        let outside = self.logs.of(rest) + self.logs.of(without - rest) - window.outside;
        (inside + outside - self.whole).max(0.0)
    }

    /// Ratios that differ by less are equal: a part in 10¹² of the terms that they are made of.
    pub fn tie(&self) -> f64 {
        let greatest = self.people.unwrap_or(self.cases);
        crate::analysis::chance::tally::TIE * times_log(f64::from(greatest)).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_as_worked_by_hand() {
        // 6 of 10 cases where 3 are expected: 6 ln 2 + 4 ln(4/7).
        let poisson = Ratio::poisson(10);
        let by_hand = 6.0 * 2f64.ln() + 4.0 * (4.0 / 7.0_f64).ln();
        assert!((poisson.of(6, &poisson.measured(3.0)) - by_hand).abs() < 1e-12);
        // All of them where a tenth is expected; none of them.
        assert!((poisson.of(10, &poisson.measured(1.0)) - 10.0 * 10f64.ln()).abs() < 1e-12);
        assert!((poisson.of(0, &poisson.measured(2.0)) - 10.0 * 1.25f64.ln()).abs() < 1e-12);
        // 3 cases of 4 within, 1 of 6 without, 4 of 10 in all.
        let bernoulli = Ratio::bernoulli(4, 10);
        let within = 3.0 * 0.75f64.ln() + 0.25f64.ln();
        let without = (1.0 / 6.0_f64).ln() + 5.0 * (5.0 / 6.0_f64).ln();
        let whole = 4.0 * 0.4f64.ln() + 6.0 * 0.6f64.ln();
        let window = bernoulli.measured(4.0);
        assert!((bernoulli.of(3, &window) - (within + without - whole)).abs() < 1e-12);
        assert!((window.expected() - 1.6).abs() < 1e-12);
        assert!(bernoulli.of(3, &bernoulli.measured(2.0)).is_infinite());
    }

    #[test]
    fn no_deviation_is_no_ratio() {
        let poisson = Ratio::poisson(8);
        assert_eq!(poisson.of(4, &poisson.measured(4.0)), 0.0);
        assert_eq!(poisson.of(8, &poisson.measured(8.0)), 0.0);
        let bernoulli = Ratio::bernoulli(5, 20);
        assert!(bernoulli.of(1, &bernoulli.measured(4.0)) < 1e-12);
    }
}
