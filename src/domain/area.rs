//! Ground, in square metres.

use std::{
    iter::Sum,
    ops::{Add, AddAssign},
};

use geo::GeodesicArea;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Footprint;

/// An area of ground in m², finite and not negative.
///
/// Always square metres: plots of 15 m² are real, hectares appear in reports only.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct SquareMetres(f64);

/// A number that cannot be an area.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("{0} is not an area in m²: it must be a finite number, zero or more")]
pub struct NotAnArea(pub f64);

impl SquareMetres {
    /// No ground at all. Not the same as *unknown*, which is `None`.
    pub const ZERO: Self = Self(0.0);

    /// Accepts a finite number of m², zero or more.
    ///
    /// # Errors
    ///
    /// [`NotAnArea`] for a negative number, an infinity or NaN.
    pub fn new(square_metres: f64) -> Result<Self, NotAnArea> {
        if square_metres.is_finite() && square_metres >= 0.0 {
            Ok(Self(square_metres))
        } else {
            Err(NotAnArea(square_metres))
        }
    }

    /// The ground that `footprint` covers on the ellipsoid, by Karney (2013),
    /// *Algorithms for geodesics*. Plots of 15 m² are real, so nothing is rounded here.
    #[expect(clippy::disallowed_methods, reason = "the one place that measures")]
    pub fn of(footprint: &Footprint) -> Self {
        Self(footprint.get().geodesic_area_signed().max(0.0))
    }

    /// The number of m².
    pub fn get(self) -> f64 {
        self.0
    }

    /// The smaller of two areas.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// This share of the area; `share` outside 0 to 1 (or NaN) is clamped into it.
    #[must_use]
    pub fn part(self, share: f64) -> Self {
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        Self(self.0 * share)
    }
}

impl Add for SquareMetres {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for SquareMetres {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for SquareMetres {
    fn sum<I: Iterator<Item = Self>>(areas: I) -> Self {
        areas.fold(Self::ZERO, Add::add)
    }
}

impl TryFrom<f64> for SquareMetres {
    type Error = NotAnArea;

    fn try_from(square_metres: f64) -> Result<Self, NotAnArea> {
        Self::new(square_metres)
    }
}

impl From<SquareMetres> for f64 {
    fn from(area: SquareMetres) -> Self {
        area.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_finite_and_not_negative() {
        assert!(SquareMetres::new(15.0).is_ok());
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(SquareMetres::new(wrong).is_err());
        }
    }
}
