//! Straight pieces in the metric CRS, found by distance.

use geo_types::{Coord, LineString, MultiPolygon};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::run::Wide;

/// A straight piece with the place of what it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub(super) ends: [Coord<f64>; 2],
    pub(super) place: u32,
}

impl Segment {
    /// The same whichever way it runs, so that the edge that two units share is equally far from
    /// any point for both.
    pub(super) fn new(from: Coord<f64>, to: Coord<f64>, place: usize) -> Self {
        let ends = if (from.x, from.y) <= (to.x, to.y) { [from, to] } else { [to, from] };
        Self { ends, place: place as u32 }
    }

    /// Metres squared to a point.
    pub(super) fn distance_2(&self, at: Coord<f64>) -> f64 {
        let [from, to] = self.ends;
        let (along, off) = (to - from, at - from);
        let length_2 = along.x * along.x + along.y * along.y;
        let share = if length_2 > 0.0 {
            ((off.x * along.x + off.y * along.y) / length_2).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let away = off - along * share;
        away.x * away.x + away.y * away.y
    }

    /// How far along the ray from `from` to `to` it is crossed, as a share of the ray's length.
    pub(super) fn crossed_at(&self, from: Coord<f64>, to: Coord<f64>) -> Option<f64> {
        let (ray, along) = (to - from, self.ends[1] - self.ends[0]);
        let cross = ray.x * along.y - ray.y * along.x;
        if cross == 0.0 {
            return None;
        }
        let off = self.ends[0] - from;
        let on_ray = (off.x * along.y - off.y * along.x) / cross;
        let on_self = (off.x * ray.y - off.y * ray.x) / cross;
        ((0.0..=1.0).contains(&on_ray) && (0.0..=1.0).contains(&on_self)).then_some(on_ray)
    }
}

impl RTreeObject for Segment {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        let [from, to] = self.ends;
        AABB::from_corners([from.x, from.y], [to.x, to.y])
    }
}

impl PointDistance for Segment {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        Self::distance_2(self, Coord { x: point[0], y: point[1] })
    }
}

/// Pieces by distance.
pub(super) struct Segments(RTree<Segment, Wide>);

impl Segments {
    pub(super) fn new(segments: Vec<Segment>) -> Self {
        Self(RTree::bulk_load_with_params(segments))
    }

    /// The edges of polygons, each with the place of its polygon.
    pub(super) fn of<'g>(ground: impl Iterator<Item = (usize, &'g MultiPolygon<f64>)>) -> Self {
        let mut segments = Vec::new();
        for (place, ground) in ground {
            for ring in rings(ground) {
                let edges = ring.0.windows(2).map(|pair| Segment::new(pair[0], pair[1], place));
                segments.extend(edges);
            }
        }
        Self::new(segments)
    }

    /// The nearest piece with its distance in metres; of several equally near the lowest place.
    pub(super) fn nearest(&self, at: Coord<f64>) -> Option<(Segment, f64)> {
        let mut near = self.0.nearest_neighbor_iter_with_distance_2([at.x, at.y]);
        let (first, first_2) = near.next()?;
        let tied = near.take_while(|(_, distance_2)| *distance_2 <= first_2);
        let nearest = tied
            .map(|(segment, _)| segment)
            .fold(first, |best, segment| if segment.place < best.place { segment } else { best });
        Some((*nearest, first_2.sqrt()))
    }

    /// The distance in metres to the nearest piece of one place.
    pub(super) fn distance_to(&self, place: usize, at: Coord<f64>) -> Option<f64> {
        let mut near = self.0.nearest_neighbor_iter_with_distance_2([at.x, at.y]);
        let own = near.find(|(segment, _)| segment.place as usize == place);
        own.map(|(_, distance_2)| distance_2.sqrt())
    }

    /// Pieces whose frame meets the frame of the ray from `from` to `to`.
    pub(super) fn about_ray(
        &self,
        from: Coord<f64>,
        to: Coord<f64>,
    ) -> impl Iterator<Item = &Segment> {
        let envelope = AABB::from_corners([from.x, from.y], [to.x, to.y]);
        self.0.locate_in_envelope_intersecting(envelope)
    }
}

/// Every ring of polygons.
pub(super) fn rings(ground: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    ground.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}
