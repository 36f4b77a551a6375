//! Points that a cluster can be made of: finite, in a plane.

use geo_types::Coord;
use thiserror::Error;

/// The most points in one question: places and cells are counted in 32 bits.
pub const MOST: usize = 1 << 28;

/// The greatest coordinate: squares of distances stay far below the greatest number.
pub const FARTHEST: f64 = 1e150;

/// Points in a plane, in any unit of length, every coordinate a number within [`FARTHEST`].
/// Holding one is the proof.
///
/// Their places in the slice decide ties (the lower place first): whoever wants an answer that
/// does not depend on the order of rows sorts them by id before.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a>(&'a [Coord<f64>]);

/// Why points cannot be clustered.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BadPoints {
    /// A coordinate is not a number within [`FARTHEST`].
    #[error("point {place} has no finite coordinates: leave it out, or give it a position")]
    NotFinite {
        /// Its place in the slice.
        place: usize,
    },
    /// More points than places can be counted.
    #[error("{count} points are more than {MOST}: ask about a part of them")]
    TooMany {
        /// How many there were.
        count: usize,
    },
}

impl<'a> Points<'a> {
    /// Accepts points whose coordinates are all finite, and within [`FARTHEST`].
    ///
    /// # Errors
    ///
    /// [`BadPoints`]: the first place that is not finite, or too many points.
    pub fn new(points: &'a [Coord<f64>]) -> Result<Self, BadPoints> {
        if points.len() > MOST {
            return Err(BadPoints::TooMany { count: points.len() });
        }
        let within = |value: f64| value.abs() <= FARTHEST;
        match points.iter().position(|at| !(within(at.x) && within(at.y))) {
            Some(place) => Err(BadPoints::NotFinite { place }),
            None => Ok(Self(points)),
        }
    }

    /// The points.
    pub fn get(self) -> &'a [Coord<f64>] {
        self.0
    }

    /// How many they are.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_refused() {
        let points = [Coord { x: 0.0, y: 1.0 }, Coord { x: f64::NAN, y: 1.0 }];
        assert_eq!(Points::new(&points).unwrap_err(), BadPoints::NotFinite { place: 1 });
        let points = [Coord { x: 0.0, y: -2e150 }];
        assert_eq!(Points::new(&points).unwrap_err(), BadPoints::NotFinite { place: 0 });
        assert!(Points::new(&[]).unwrap().is_empty());
    }
}
