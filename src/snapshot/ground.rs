//! Which units of a sheet a point lies in: exact, on coordinates as they were given.

use geo::{BoundingRect, CoordinatePosition, coordinate_position::CoordPos};
use geo_types::{Coord, MultiPolygon, Rect};

use super::Unit;

/// How a unit lies about a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// The point is inside.
    Inside,
    /// The point is exactly on its edge.
    Edge,
}

/// The ground of the units of one sheet.
pub(super) struct Ground {
    units: Vec<(Rect<f64>, MultiPolygon<f64>)>,
}

impl Ground {
    /// Indexes `units`; their places in it are what the answers name.
    pub(super) fn new<'u>(units: impl Iterator<Item = &'u Unit>) -> Self {
        let frame = |unit: &Unit| Some((unit.outline().bounding_rect()?, unit.outline().clone()));
        Self { units: units.filter_map(frame).collect() }
    }

    /// Tells `found` every unit that the point is in or on the edge of, in ascending order.
    pub(super) fn about(&self, at: Coord<f64>, mut found: impl FnMut(usize, Lies)) {
        for (place, (frame, outline)) in self.units.iter().enumerate() {
            let (low, high) = (frame.min(), frame.max());
            if at.x < low.x || at.x > high.x || at.y < low.y || at.y > high.y {
                continue;
            }
            match outline.coordinate_position(&at) {
                CoordPos::Inside => found(place, Lies::Inside),
                CoordPos::OnBoundary => found(place, Lies::Edge),
                CoordPos::Outside => {}
            }
        }
    }

    /// Whether any unit has the point in it or on its edge.
    pub(super) fn covers(&self, at: Coord<f64>) -> bool {
        let mut covered = false;
        self.about(at, |_, _| covered = true);
        covered
    }
}
