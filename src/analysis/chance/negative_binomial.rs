//! Counts that scatter more than those of Poisson, as their mean itself varies by a gamma distribution.
//!
//! P(Y ≤ k) = I_p(r, k + 1) with p = μ/σ² and r = μ²/(σ² − μ), of the mean μ and the variance σ²; with
//! σ² = μ it is Poisson's. Source: Johnson, Kemp and Kotz (2005), *Univariate discrete distributions*,
//! §5.6; the incomplete beta function is [`super::special`]'s. No unit but counts.

use super::{
    exact_interval::{poisson_lower, poisson_upper},
    special::beta_share,
};

/// The variance in excess of the mean, as a share of it, below which a count is Poisson's: the tails
/// then agree to more digits than anybody reads.
const POISSON: f64 = 1e-6;

/// A count with its mean and variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial {
    mean: f64,
    variance: f64,
}

impl NegativeBinomial {
    /// `None` where the mean is not above 0 and finite. A variance below the mean is taken as the mean.
    pub fn new(mean: f64, variance: f64) -> Option<Self> {
        let known = mean > 0.0 && mean.is_finite() && variance.is_finite();
        known.then(|| Self { mean, variance: variance.max(mean) })
    }

    /// Its mean.
    pub const fn mean(self) -> f64 {
        self.mean
    }

    /// P(Y ≥ events): small where more were found than can be expected.
    pub fn upper(self, events: u64) -> f64 {
        let k = events as f64;
        match self.shape() {
            _ if events == 0 => 1.0,
            None => poisson_upper(k, self.mean).unwrap_or(1.0),
            Some((r, p)) => beta_share(k, r, 1.0 - p),
        }
    }

    /// P(Y ≤ events): small where fewer were found.
    pub fn lower(self, events: u64) -> f64 {
        let k = events as f64;
        match self.shape() {
            None => poisson_lower(k, self.mean).unwrap_or(1.0),
            Some((r, p)) => beta_share(r, k + 1.0, p),
        }
    }

    /// r and p; `None` of Poisson's.
    fn shape(self) -> Option<(f64, f64)> {
        let more = self.variance - self.mean;
        (more > POISSON * self.mean)
            .then(|| (self.mean * self.mean / more, self.mean / self.variance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Σ of the probabilities one by one, by their ratio p(k + 1)/p(k) = (k + r)/(k + 1)·(1 − p).
    fn plain(mean: f64, variance: f64, events: u64) -> (f64, f64) {
        let (r, p) = (mean * mean / (variance - mean), mean / variance);
        let mut at = (r * p.ln()).exp();
        let mut below = 0.0;
        for k in 0..events {
            below += at;
            at *= (k as f64 + r) / (k as f64 + 1.0) * (1.0 - p);
        }
        (1.0 - below, below + at)
    }

    #[test]
    fn as_worked_by_hand() {
        // r = 1, p = 1/2: P(Y ≥ k) = 2^−k.
        let coin = NegativeBinomial::new(1.0, 2.0).unwrap();
        assert!((coin.upper(3) - 0.125).abs() < 1e-14 && (coin.lower(2) - 0.875).abs() < 1e-14);
        assert!((coin.lower(0) - 0.5).abs() < 1e-14 && coin.upper(0) == 1.0);
        // No variance but that of counting: Poisson.
        let poisson = NegativeBinomial::new(4.0, 3.0).unwrap();
        assert!((poisson.upper(9) - 0.021_363_434).abs() < 1e-8);
        assert!((poisson.lower(8) - (1.0 - 0.021_363_434)).abs() < 1e-8);
        assert!(NegativeBinomial::new(0.0, 1.0).is_none());
        assert!(NegativeBinomial::new(f64::NAN, 1.0).is_none());
    }

    #[test]
    fn it_comes_to_poisson_without_a_step() {
        for events in [1, 5, 20, 60] {
            let near = NegativeBinomial::new(10.0, 10.0 * (1.0 + 2.0 * POISSON)).unwrap();
            let poisson = NegativeBinomial::new(10.0, 10.0).unwrap();
            let (a, b) = (near.upper(events), poisson.upper(events));
            assert!((a / b - 1.0).abs() < 1e-3, "{events}: {a} {b}");
        }
    }

    proptest! {
        #[test]
        fn tails_are_those_of_the_plain_sum(
            mean in 0.01..50.0_f64,
            more in 0.001..20.0_f64,
            events in 0..200_u64,
        ) {
            let of = NegativeBinomial::new(mean, mean * (1.0 + more)).unwrap();
            let (upper, lower) = plain(mean, mean * (1.0 + more), events);
            prop_assert!((of.upper(events) - upper).abs() < 1e-9, "{} {upper}", of.upper(events));
            prop_assert!((of.lower(events) - lower).abs() < 1e-9, "{} {lower}", of.lower(events));
        }
    }
}
