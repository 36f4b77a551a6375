//! The normal distribution's tails: the p of a z where the sampling distribution is near normal.
//!
//! Source: the complementary error function of FreeBSD's msun as carried by `libm`, within one
//! unit in the last place. For sparse counts a normal p is false (METHODS §1): use permutations.

use super::tally::Tail;

/// P(Z ≥ z).
pub fn upper(z: f64) -> f64 {
    0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// P(Z ≤ z).
pub fn lower(z: f64) -> f64 {
    upper(-z)
}

/// P(|Z| ≥ |z|).
pub fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

/// The p of a tail.
pub fn p(z: f64, tail: Tail) -> f64 {
    match tail {
        Tail::Upper => upper(z),
        Tail::Lower => lower(z),
        Tail::TwoSided => two_sided(z),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles_give_known_tails() {
        assert!((upper(1.959_963_984_540_054) - 0.025).abs() < 1e-15);
        assert!((two_sided(-1.959_963_984_540_054) - 0.05).abs() < 1e-15);
        assert_eq!(lower(0.0), 0.5);
        // Far out nothing is lost to 1 − Φ: Φ(−10) = 7.619853024160527e-24.
        assert!((upper(10.0) / 7.619_853_024_160_527e-24 - 1.0).abs() < 1e-12);
        assert_eq!(p(1.0, Tail::Lower), lower(1.0));
        assert_eq!(p(1.0, Tail::Upper) + p(1.0, Tail::Lower), 1.0);
        assert_eq!(p(1.0, Tail::TwoSided), 2.0 * upper(1.0));
    }
}
