//! Metres on the ground, without the mathematics library.
//!
//! Series of the WGS 84 ellipsoid: a degree's length to better than a part in a million. PROJ is
//! not asked here, so that the simulation does not depend on its version.

use geo::{BoundingRect, Contains};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};

use super::chance::Chance;

const RADIANS_PER_DEGREE: f64 = 0.017_453_292_519_943_295;
/// Eastward and northward parts of twelve directions, 30° apart, counter-clockwise from east.
const TWELVE: [(f64, f64); 12] = [
    (1.0, 0.0),
    (H, 0.5),
    (0.5, H),
    (0.0, 1.0),
    (-0.5, H),
    (-H, 0.5),
    (-1.0, 0.0),
    (-H, -0.5),
    (-0.5, -H),
    (0.0, -1.0),
    (0.5, -H),
    (H, -0.5),
];
/// √3 / 2.
const H: f64 = 0.866_025_403_784_438_6;

/// Metres in a degree of longitude and in one of latitude at latitude `lat`.
pub(super) fn metres_per_degree(lat: f64) -> (f64, f64) {
    let angle = lat * RADIANS_PER_DEGREE;
    let square = angle * angle;
    // Taylor's series of the cosine, enough for any latitude.
    let mut cos = 1.0;
    let mut term = 1.0;
    for k in 1..12 {
        let k = f64::from(k);
        term *= -square / ((2.0 * k - 1.0) * (2.0 * k));
        cos += term;
    }
    let cos2 = 2.0 * cos * cos - 1.0;
    let cos3 = cos * (4.0 * cos * cos - 3.0);
    (
        111_412.84 * cos - 93.5 * cos3,
        111_132.954 - 559.822 * cos2 + 1.175 * (2.0 * cos2 * cos2 - 1.0),
    )
}

/// The place `east` and `north` metres from `from`.
pub(super) fn shifted(from: Coord<f64>, east: f64, north: f64) -> Coord<f64> {
    let (x, y) = metres_per_degree(from.y);
    Coord { x: from.x + east / x, y: from.y + north / y }
}

/// Metres east and north from one place to another nearby.
pub(super) fn offset(from: Coord<f64>, to: Coord<f64>) -> (f64, f64) {
    let (x, y) = metres_per_degree(f64::midpoint(from.y, to.y));
    ((to.x - from.x) * x, (to.y - from.y) * y)
}

/// Metres between two places nearby.
pub(super) fn metres(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let (east, north) = offset(from, to);
    (east * east + north * north).sqrt()
}

/// Metres from a place to the nearest edge of an outline.
pub(super) fn metres_to_edge(place: Coord<f64>, outline: &MultiPolygon<f64>) -> f64 {
    let (x, y) = metres_per_degree(place.y);
    let here = |c: Coord<f64>| ((c.x - place.x) * x, (c.y - place.y) * y);
    let mut best = f64::INFINITY;
    for ring in outline.iter().map(Polygon::exterior) {
        for edge in ring.lines() {
            let ((ax, ay), (bx, by)) = (here(edge.start), here(edge.end));
            let (dx, dy) = (bx - ax, by - ay);
            let along = -(ax * dx + ay * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE);
            let along = along.clamp(0.0, 1.0);
            let (px, py) = (ax + along * dx, ay + along * dy);
            best = best.min(px * px + py * py);
        }
    }
    best.sqrt()
}

/// Ground with its rectangle, for quick answers.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub(super) outline: MultiPolygon<f64>,
    pub(super) rect: Rect<f64>,
}

impl Ground {
    /// `None` for an outline without vertices.
    pub(super) fn new(outline: MultiPolygon<f64>) -> Option<Self> {
        let rect = outline.bounding_rect()?;
        Some(Self { outline, rect })
    }

    pub(super) fn holds(&self, place: Coord<f64>) -> bool {
        let (min, max) = (self.rect.min(), self.rect.max());
        (min.x..=max.x).contains(&place.x)
            && (min.y..=max.y).contains(&place.y)
            && self.outline.contains(&place)
    }

    /// A place evenly within; after many misses (a sliver) the middle of its rectangle.
    pub(super) fn any_place(&self, chance: &mut Chance) -> Coord<f64> {
        let (min, max) = (self.rect.min(), self.rect.max());
        for _ in 0..400 {
            let place = Coord { x: chance.between(min.x, max.x), y: chance.between(min.y, max.y) };
            if self.outline.contains(&place) {
                return place;
            }
        }
        self.rect.center()
    }

    /// Square kilometres, near enough to weigh by.
    pub(super) fn square_kilometres(&self) -> f64 {
        let (x, y) = metres_per_degree(self.rect.center().y);
        let doubled: f64 = self
            .outline
            .iter()
            .flat_map(|polygon| polygon.exterior().lines())
            .map(|edge| edge.start.x * edge.end.y - edge.end.x * edge.start.y)
            .sum();
        (doubled / 2.0).abs() * x * y / 1e6
    }
}

/// An irregular outline of exactly `area` m² (before rounding to seven decimals, 1 cm) around
/// `centre`, counter-clockwise and never crossing itself: every vertex is seen from the centre.
pub(super) fn irregular(chance: &mut Chance, centre: Coord<f64>, area: f64) -> MultiPolygon<f64> {
    let stretch = chance.between(1.0, 1.9);
    let mut vertices: Vec<(f64, f64)> = TWELVE
        .iter()
        .filter_map(|&(east, north)| {
            let kept = chance.happens(0.75);
            let reach = chance.between(0.75, 1.25);
            kept.then_some((east * reach * stretch, north * reach))
        })
        .collect();
    if vertices.len() < 6 {
        vertices = TWELVE.iter().map(|&(east, north)| (east * stretch, north)).collect();
    }
    // A field lies along its slope: turned by one of the twelve directions.
    let (cos, sin) = TWELVE[chance.below(12)];
    for vertex in &mut vertices {
        *vertex = (vertex.0 * cos - vertex.1 * sin, vertex.0 * sin + vertex.1 * cos);
    }
    let next = vertices.iter().cycle().skip(1);
    let doubled: f64 = vertices.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
    let scale = (area / (doubled / 2.0).max(f64::MIN_POSITIVE)).sqrt();
    let mut ring: Vec<Coord<f64>> = vertices
        .iter()
        .map(|&(east, north)| rounded(shifted(centre, east * scale, north * scale), 1e7))
        .collect();
    ring.push(ring[0]);
    MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())])
}

/// To a part of a degree: `1e6` keeps six decimals (11 cm).
pub(super) fn rounded(place: Coord<f64>, per_degree: f64) -> Coord<f64> {
    let round = |x: f64| (x * per_degree).round() / per_degree;
    Coord { x: round(place.x), y: round(place.y) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Footprint, SquareMetres};

    #[test]
    fn a_degree_has_its_length() {
        // Snyder (1987), table 2: at 22° and 23°.
        let (east, north) = metres_per_degree(22.0);
        assert!(
            (east - 103_264.0).abs() < 10.0 && (north - 110_727.0).abs() < 10.0,
            "{east} {north}"
        );
    }

    #[test]
    fn an_outline_covers_what_it_should() {
        let mut chance = Chance::new(3, 3);
        for area in [15.0, 80.0, 400.0, 2000.0] {
            for _ in 0..50 {
                let outline = irregular(&mut chance, Coord { x: 102.6, y: 22.3 }, area);
                let footprint = Footprint::new(&outline).unwrap();
                let measured = SquareMetres::of(&footprint).get();
                assert!((measured / area - 1.0).abs() < 0.02, "{measured} for {area}");
            }
        }
    }

    #[test]
    fn there_and_back() {
        let from = Coord { x: 103.0, y: 22.0 };
        let to = shifted(from, 1200.0, -700.0);
        let (east, north) = offset(from, to);
        assert!((east - 1200.0).abs() < 0.1 && (north + 700.0).abs() < 0.1, "{east} {north}");
    }
}
