//! Kernels in the plane: how one point is spread around its place.
//!
//! Each integrates to 1. Source: Silverman (1986), section 4.2; the same forms as scikit-learn's.
//! A compact kernel has a *radius* h beyond which it is 0; of the Gaussian h is its standard
//! deviation. *Sigma* is the standard deviation along an axis, by which other programs (spatstat)
//! name a bandwidth: kernels of one sigma smooth alike.

use std::f64::consts::PI;

/// A kernel. With u = d/h:
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// 3/(π h²) (1 − u²)², also called biweight.
    #[default]
    Quartic,
    /// 2/(π h²) (1 − u²).
    Epanechnikov,
    /// exp(−u²/2)/(2π h²).
    Gaussian,
    /// 1/(π h²).
    Uniform,
    /// 3/(π h²) (1 − u), a cone.
    Triangular,
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Self; 5] =
        [Self::Quartic, Self::Epanechnikov, Self::Gaussian, Self::Uniform, Self::Triangular];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quartic => "quartic",
            Self::Epanechnikov => "epanechnikov",
            Self::Gaussian => "gaussian",
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
        }
    }

    /// The kernel of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kernel| kernel.word() == word)
    }

    /// h over sigma: √8 of the quartic, √6 of Epanechnikov's, 1 of the Gaussian.
    pub fn radius_per_sigma(self) -> f64 {
        match self {
            Self::Quartic => 8f64.sqrt(),
            Self::Epanechnikov => 6f64.sqrt(),
            Self::Gaussian => 1.0,
            Self::Uniform => 2.0,
            Self::Triangular => (20.0_f64 / 3.0).sqrt(),
        }
    }

    /// Its value in the middle, per square unit, for a radius h above 0.
    pub fn peak(self, h: f64) -> f64 {
        let h2 = h * h;
        match self {
            Self::Quartic | Self::Triangular => 3.0 / (PI * h2),
            Self::Epanechnikov => 2.0 / (PI * h2),
            Self::Gaussian => 1.0 / (2.0 * PI * h2),
            Self::Uniform => 1.0 / (PI * h2),
        }
    }

    /// Its value over that in the middle, at the square of u = d/h.
    pub fn profile(self, u2: f64) -> f64 {
        match self {
            Self::Gaussian => (-0.5 * u2).exp(),
            // The rim of the uniform disc is outside, as scikit-learn has it; the others are 0 there.
            _ if u2 >= 1.0 => 0.0,
            Self::Quartic => (1.0 - u2) * (1.0 - u2),
            Self::Epanechnikov => 1.0 - u2,
            Self::Uniform => 1.0,
            Self::Triangular => 1.0 - u2.sqrt(),
        }
    }

    /// How far it reaches, in radii: 1, and of the Gaussian 8.5, beyond which it is under 2·10⁻¹⁶
    /// of its peak and left out.
    pub const fn reach(self) -> f64 {
        match self {
            Self::Gaussian => 8.5,
            Self::Quartic | Self::Epanechnikov | Self::Uniform | Self::Triangular => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rings of a disc: the kernel holds 1 in all, and its variance along an axis is sigma².
    #[test]
    fn kernels_hold_one_and_spread_by_sigma() {
        for kernel in Kernel::ALL {
            let (h, steps) = (3.0, 200_000_u32);
            let step = h * kernel.reach() / f64::from(steps);
            let (mut mass, mut spread) = (0.0, 0.0);
            for ring in 0..steps {
                let d = (f64::from(ring) + 0.5) * step;
                let here = kernel.peak(h) * kernel.profile(d * d / (h * h)) * 2.0 * PI * d * step;
                mass += here;
                spread += here * d * d / 2.0;
            }
            let sigma = h / kernel.radius_per_sigma();
            assert!((mass - 1.0).abs() < 1e-9, "{kernel:?} {mass}");
            assert!((spread.sqrt() - sigma).abs() < 1e-8, "{kernel:?} {spread}");
            assert_eq!(Kernel::from_word(kernel.word()), Some(kernel));
        }
        assert_eq!(Kernel::from_word("round"), None);
    }
}
