//! A place on the ground, and a length with its unit.

use geo_types::{Coord, Point};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A place in WGS 84: longitude and latitude in degrees, in that order, finite and in range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "[f64; 2]", into = "[f64; 2]")]
pub struct Position {
    lon: f64,
    lat: f64,
}

/// Two numbers that are no longitude and latitude.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error(
    "({lon}, {lat}) is not a longitude and latitude in degrees: \
     longitude runs from -180 to 180, latitude from -90 to 90"
)]
pub struct NotAPosition {
    /// The first number, read as a longitude.
    pub lon: f64,
    /// The second number, read as a latitude.
    pub lat: f64,
}

impl Position {
    /// Accepts a longitude and a latitude in degrees.
    ///
    /// # Errors
    ///
    /// [`NotAPosition`] outside ±180, ±90 or where a number is not finite.
    pub fn new(lon: f64, lat: f64) -> Result<Self, NotAPosition> {
        if lon.abs() <= 180.0 && lat.abs() <= 90.0 {
            Ok(Self { lon, lat })
        } else {
            Err(NotAPosition { lon, lat })
        }
    }

    /// Longitude, degrees east.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude, degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// As a coordinate, x = longitude.
    pub fn coord(self) -> Coord<f64> {
        Coord { x: self.lon, y: self.lat }
    }
}

impl From<Position> for Point<f64> {
    fn from(position: Position) -> Self {
        Self(position.coord())
    }
}

impl TryFrom<[f64; 2]> for Position {
    type Error = NotAPosition;

    fn try_from([lon, lat]: [f64; 2]) -> Result<Self, NotAPosition> {
        Self::new(lon, lat)
    }
}

impl From<Position> for [f64; 2] {
    fn from(position: Position) -> Self {
        [position.lon, position.lat]
    }
}

/// A length in metres, finite and not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Metres(f64);

/// A number that cannot be a length.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("{0} is not a length in metres: it must be a finite number, zero or more")]
pub struct NotALength(pub f64);

impl Metres {
    /// Accepts a finite number of metres, zero or more.
    ///
    /// # Errors
    ///
    /// [`NotALength`] for a negative number, an infinity or NaN.
    pub fn new(metres: f64) -> Result<Self, NotALength> {
        if metres.is_finite() && metres >= 0.0 { Ok(Self(metres)) } else { Err(NotALength(metres)) }
    }

    /// A length known when the program is written.
    pub const fn whole(metres: u32) -> Self {
        Self(metres as f64)
    }

    /// The number of metres.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Metres {
    type Error = NotALength;

    fn try_from(metres: f64) -> Result<Self, NotALength> {
        Self::new(metres)
    }
}

impl From<Metres> for f64 {
    fn from(length: Metres) -> Self {
        length.0
    }
}
