//! An outline on the ground, proved valid.

use geo::{
    Area, BoundingRect, RemoveRepeatedPoints,
    orient::{Direction, Orient},
};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Extent, validity};

/// The outline of a plot or a unit on the ground: one or more polygons.
///
/// Longitude and latitude in degrees (WGS 84), valid by OGC Simple Features, exterior rings
/// counter-clockwise, no vertex twice in a row. Holding one *is* the proof: nobody further right
/// checks again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Rings", into = "Rings")]
pub struct Footprint(MultiPolygon<f64>);

type Rings = Vec<Vec<Vec<[f64; 2]>>>;

/// Why an outline was not accepted; every fault found, so that it is mended in one round.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{}", .faults.join("; "))]
pub struct FootprintFault {
    /// One sentence a fault.
    pub faults: Vec<String>,
}

impl Footprint {
    /// Accepts `outline` wound either way (Shapefile and GeoJSON disagree on it) and mends
    /// repeated vertices; everything else that is wrong is an error.
    ///
    /// # Errors
    ///
    /// Every fault found: coordinates out of range or not finite, too few vertices, rings that
    /// cross themselves or each other, no area.
    pub fn new(outline: &MultiPolygon<f64>) -> Result<Self, FootprintFault> {
        let fault = |text: String| FootprintFault { faults: vec![text] };
        let coords = || {
            outline.0.iter().flat_map(|polygon| {
                std::iter::once(polygon.exterior()).chain(polygon.interiors()).flat_map(|r| &r.0)
            })
        };
        if coords().next().is_none() {
            return Err(fault("the outline is empty".into()));
        }
        let in_range =
            |c: &Coord<f64>| (-180.0..=180.0).contains(&c.x) && (-90.0..=90.0).contains(&c.y);
        if let Some(wrong) = coords().find(|c| !in_range(c)) {
            return Err(fault(format!(
                "vertex ({}, {}) is not a longitude and latitude in degrees",
                wrong.x, wrong.y
            )));
        }
        let mut outline = outline.remove_repeated_points();
        outline.0.retain(|polygon| !polygon.exterior().0.is_empty());
        let faults = validity::faults(&outline);
        if !faults.is_empty() {
            return Err(FootprintFault { faults });
        }
        let outline = outline.orient(Direction::Default);
        #[expect(clippy::disallowed_methods, reason = "only asked whether there is any area")]
        let area = outline.unsigned_area();
        if area <= 0.0 {
            return Err(fault("the outline covers no ground".into()));
        }
        Ok(Self(outline))
    }

    /// Takes back what was written out of a footprint before, unchecked: proved then, proved now.
    /// Only for the store reading its own tables; everything from outside goes through [`Self::new`].
    pub const fn stored(outline: MultiPolygon<f64>) -> Self {
        Self(outline)
    }

    /// The polygons, exterior rings counter-clockwise.
    pub fn get(&self) -> &MultiPolygon<f64> {
        &self.0
    }

    /// The rectangle around it.
    ///
    /// # Panics
    ///
    /// Never: a footprint has vertices.
    #[expect(clippy::expect_used, reason = "proved by new")]
    pub fn extent(&self) -> Extent {
        let rect = self.0.bounding_rect().expect("a footprint has vertices");
        Extent::around(rect)
    }
}

impl TryFrom<Rings> for Footprint {
    type Error = FootprintFault;

    fn try_from(rings: Rings) -> Result<Self, FootprintFault> {
        let ring = |coords: Vec<[f64; 2]>| {
            LineString(coords.into_iter().map(|[x, y]| Coord { x, y }).collect())
        };
        let polygons = rings.into_iter().map(|rings| {
            let mut rings = rings.into_iter().map(ring);
            let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
            Polygon::new(exterior, rings.collect())
        });
        Self::new(&MultiPolygon(polygons.collect()))
    }
}

impl From<Footprint> for Rings {
    fn from(footprint: Footprint) -> Self {
        let ring = |ring: &LineString<f64>| ring.0.iter().map(|c| [c.x, c.y]).collect();
        let polygon = |polygon: &Polygon<f64>| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
        };
        footprint.0.iter().map(polygon).collect()
    }
}

#[cfg(test)]
mod tests {
    use geo::Winding;
    use geo_types::polygon;

    use super::*;

    #[test]
    fn winding_and_repeated_points_change_nothing() {
        let clockwise = polygon![(x: 103.0, y: 22.0), (x: 103.0, y: 22.1), (x: 103.0, y: 22.1),
            (x: 103.1, y: 22.1), (x: 103.1, y: 22.0), (x: 103.0, y: 22.0)];
        let other = polygon![(x: 103.0, y: 22.0), (x: 103.1, y: 22.0), (x: 103.1, y: 22.1),
            (x: 103.0, y: 22.1), (x: 103.0, y: 22.0)];
        let one = Footprint::new(&clockwise.into()).unwrap();
        let two = Footprint::new(&other.into()).unwrap();
        assert!(one.get().0[0].exterior().is_ccw());
        let (one, two) =
            (super::super::SquareMetres::of(&one), super::super::SquareMetres::of(&two));
        assert!((one.get() - two.get()).abs() < 1e-3);
        assert!(one.get() > 1e8);
    }

    #[test]
    fn a_bow_tie_is_refused_with_its_reason() {
        let bow = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0), (x: 1.0, y: 0.0), (x: 0.0, y: 1.0)];
        assert!(!Footprint::new(&bow.into()).unwrap_err().faults.is_empty());
    }

    #[test]
    fn nan_is_refused() {
        let nan = polygon![(x: 0.0, y: 0.0), (x: f64::NAN, y: 1.0), (x: 1.0, y: 0.0)];
        assert!(Footprint::new(&nan.into()).is_err());
    }
}
