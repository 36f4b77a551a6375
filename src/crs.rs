//! Every change of coordinates: PROJ, one per thread; and the metric CRS. The crate is built
//! without its `network` feature, so PROJ fetches no grid.
//!
//! Coordinates are always x = east or longitude, y = north or latitude, whatever the authority's
//! axis order.

use std::{cell::RefCell, collections::HashMap};

use geo_types::{Coord, Point};
use proj::{Proj, ProjBuilder};
use rayon::prelude::*;
use thiserror::Error;

use crate::domain::Position;

/// WGS 84, longitude and latitude in degrees: what everything is stored in.
pub const WGS84: Epsg = Epsg(4326);

/// A coordinate reference system by its EPSG code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epsg(pub u32);

/// Why coordinates could not be changed.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum CrsError {
    /// PROJ knows no such system, or no way between the two.
    #[error("EPSG:{from} to EPSG:{to}: {reason}")]
    NoWay {
        /// The system that was given.
        from: u32,
        /// The system that was wanted.
        to: u32,
        /// PROJ's words.
        reason: String,
    },
    /// A coordinate has no counterpart.
    #[error("({x}, {y}) has no place in EPSG:{to}: {reason}")]
    NoPlace {
        /// East or longitude.
        x: f64,
        /// North or latitude.
        y: f64,
        /// The system that was wanted.
        to: u32,
        /// PROJ's words.
        reason: String,
    },
}

thread_local! {
    /// A `Proj` is not `Send`, and costs milliseconds to make.
    static WAYS: RefCell<HashMap<(Epsg, Epsg), Proj>> = RefCell::new(HashMap::new());
}

/// Changes coordinates from one system to the other, all or none.
///
/// # Errors
///
/// [`CrsError`] where PROJ knows no way, or for the first coordinate without a counterpart.
pub fn transform(from: Epsg, to: Epsg, coords: &mut [Coord<f64>]) -> Result<(), CrsError> {
    if from == to || coords.is_empty() {
        return Ok(());
    }
    WAYS.with_borrow_mut(|ways| {
        let way = match ways.entry((from, to)) {
            std::collections::hash_map::Entry::Occupied(way) => way.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => place.insert(way(from, to)?),
        };
        let mut changed = Vec::with_capacity(coords.len());
        for coord in coords.iter() {
            let no_place =
                |reason: String| CrsError::NoPlace { x: coord.x, y: coord.y, to: to.0, reason };
            let point = way.convert(Point(*coord)).map_err(|error| no_place(error.to_string()))?;
            if !point.x().is_finite() || !point.y().is_finite() {
                return Err(no_place("it is outside of the projection".into()));
            }
            changed.push(point.0);
        }
        coords.copy_from_slice(&changed);
        Ok(())
    })
}

fn way(from: Epsg, to: Epsg) -> Result<Proj, CrsError> {
    let no_way = |reason: String| CrsError::NoWay { from: from.0, to: to.0, reason };
    ProjBuilder::new()
        .proj_known_crs(&format!("EPSG:{}", from.0), &format!("EPSG:{}", to.0), None)
        .map_err(|error| no_way(error.to_string()))
}

/// The projected system of the deployment, in which grids and distances are made, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MetricCrs(Epsg);

impl MetricCrs {
    /// Takes the projected system `epsg`.
    ///
    /// # Errors
    ///
    /// [`CrsError`] where PROJ knows no way to it from WGS 84.
    pub fn new(epsg: u32) -> Result<Self, CrsError> {
        way(WGS84, Epsg(epsg)).map(|_| Self(Epsg(epsg)))
    }

    /// Its EPSG code.
    pub const fn epsg(self) -> Epsg {
        self.0
    }

    /// A place in metres.
    ///
    /// # Errors
    ///
    /// [`CrsError`] for a place that the projection does not reach.
    pub fn metric(self, position: Position) -> Result<Coord<f64>, CrsError> {
        let mut coords = [position.coord()];
        transform(WGS84, self.0, &mut coords)?;
        Ok(coords[0])
    }

    /// WGS 84 degrees to metres, on all threads.
    ///
    /// # Errors
    ///
    /// As [`transform`]; some of `coords` may have been changed then.
    pub fn to_metric(self, coords: &mut [Coord<f64>]) -> Result<(), CrsError> {
        coords.par_chunks_mut(4096).try_for_each(|chunk| transform(WGS84, self.0, chunk))
    }

    /// Metres to WGS 84 degrees, on all threads.
    ///
    /// # Errors
    ///
    /// As [`transform`]; some of `coords` may have been changed then.
    pub fn to_degrees(self, coords: &mut [Coord<f64>]) -> Result<(), CrsError> {
        coords.par_chunks_mut(4096).try_for_each(|chunk| transform(self.0, WGS84, chunk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(from: u32, to: u32, x: f64, y: f64) -> Coord<f64> {
        let mut coords = [Coord { x, y }];
        transform(Epsg(from), Epsg(to), &mut coords).unwrap();
        coords[0]
    }

    #[test]
    fn vn2000_degrees_lie_222_metres_off() {
        // DOMAIN §1.1: −104 m north, +196 m east at 22.4 N 102.7 E.
        let wgs = moved(4756, 4326, 102.7, 22.4);
        let (a, b) = (moved(4326, 32648, 102.7, 22.4), moved(4326, 32648, wgs.x, wgs.y));
        let metres = (a.x - b.x).hypot(a.y - b.y);
        assert!((metres - 222.0).abs() < 2.0, "{metres}");
    }

    #[test]
    fn there_and_back_is_the_same_place() {
        let there = moved(4326, 3405, 102.7, 22.4);
        let back = moved(3405, 4326, there.x, there.y);
        let (east, north) = ((back.x - 102.7) * 103_000.0, (back.y - 22.4) * 111_000.0);
        // The datum shift moves the height too, and two dimensions drop it: 1.3 mm.
        assert!(east.hypot(north) < 0.005, "{east} {north} m off");
    }

    #[test]
    fn an_unknown_system_is_named() {
        let error = transform(Epsg(4326), Epsg(1), &mut [Coord { x: 0.0, y: 0.0 }]).unwrap_err();
        assert!(error.to_string().contains("EPSG:1"), "{error}");
    }
}
