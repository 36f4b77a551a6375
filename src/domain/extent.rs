//! A rectangle of longitude and latitude.

use geo_types::{Coord, Rect};
use thiserror::Error;

/// A rectangle in WGS 84 degrees, south ≤ north. West may be greater than east: the rectangle
/// then crosses the antimeridian, as RFC 7946 §5.2 and OGC API Features (bbox) have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Four numbers that are no rectangle.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NotAnExtent {
    /// South is above north.
    #[error("south {south} lies above north {north}: the order is west,south,east,north")]
    UpsideDown {
        /// The second number.
        south: f64,
        /// The fourth number.
        north: f64,
    },
    /// A number is not finite or out of range.
    #[error("{0} is not a longitude (-180 to 180) or latitude (-90 to 90) in degrees")]
    OutOfRange(f64),
}

impl Extent {
    /// The whole Earth.
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// Accepts west, south, east, north in degrees.
    ///
    /// # Errors
    ///
    /// [`NotAnExtent`] where south is above north or a number is no longitude or latitude.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, NotAnExtent> {
        for lon in [west, east] {
            if !(-180.0..=180.0).contains(&lon) {
                return Err(NotAnExtent::OutOfRange(lon));
            }
        }
        for lat in [south, north] {
            if !(-90.0..=90.0).contains(&lat) {
                return Err(NotAnExtent::OutOfRange(lat));
            }
        }
        if south > north {
            return Err(NotAnExtent::UpsideDown { south, north });
        }
        Ok(Self { west, south, east, north })
    }

    /// The rectangle around a geometry whose coordinates were checked before.
    pub fn around(rect: Rect<f64>) -> Self {
        Self { west: rect.min().x, south: rect.min().y, east: rect.max().x, north: rect.max().y }
    }

    /// West, south, east, north.
    pub fn get(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// One rectangle, or the two on either side of the antimeridian.
    pub fn rectangles(self) -> Vec<Rect<f64>> {
        let rect = |west, east| {
            Rect::new(Coord { x: west, y: self.south }, Coord { x: east, y: self.north })
        };
        if self.west <= self.east {
            vec![rect(self.west, self.east)]
        } else {
            vec![rect(self.west, 180.0), rect(-180.0, self.east)]
        }
    }

    /// Whether the two share a point; edges count.
    pub fn meets(self, other: Self) -> bool {
        let others = other.rectangles();
        self.rectangles().iter().any(|a| {
            others.iter().any(|b| {
                a.min().x <= b.max().x
                    && b.min().x <= a.max().x
                    && a.min().y <= b.max().y
                    && b.min().y <= a.max().y
            })
        })
    }

    /// The smallest rectangle around both. Neither may cross the antimeridian.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }
}
