//! A piece of ground in the plane of the metric CRS, asked along lines: how much of a path lies
//! in it, which stretches of an east-west line.
//!
//! What any ring winds around is inside (the nonzero rule), so that the outlines of neighbours that
//! overlap by a fault of their file are one ground. Edges wait in bands by their northing, so that a question
//! looks only at those nearby, in a commune of thousands of edges as in a square of four.

use geo_types::{Coord, LineString, MultiPolygon};

use super::bounds::bounds;

/// A piece of ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    area: f64,
    low: Coord<f64>,
    high: Coord<f64>,
    /// Metres from band to band.
    pitch: f64,
    /// For each band, the edges that reach into it.
    bands: Vec<Vec<[Coord<f64>; 2]>>,
}

/// The most bands that are made.
const MOST_BANDS: usize = 1024;

/// Edges that one band shall hold.
const EDGES_A_BAND: usize = 4;

impl Ground {
    /// The ground inside closed `rings`: outer ones counter-clockwise, holes clockwise, in metres.
    pub fn new(rings: &[Vec<Coord<f64>>]) -> Self {
        let nowhere = [f64::INFINITY, f64::NEG_INFINITY].map(|end| Coord { x: end, y: end });
        let (low, high) = bounds(rings.iter().flatten()).unwrap_or(nowhere.into());
        let edges = rings.iter().flat_map(|ring| ring.windows(2).map(|w| [w[0], w[1]]));
        let count = edges.clone().count();
        let wanted = (count / EDGES_A_BAND).clamp(1, MOST_BANDS);
        let pitch = ((high.y - low.y) / wanted as f64).max(f64::MIN_POSITIVE);
        let mut ground = Self { area: 0.0, low, high, pitch, bands: vec![Vec::new(); wanted] };
        for edge in edges {
            let (first, last) = ground.bands_of(edge[0].y.min(edge[1].y), edge[0].y.max(edge[1].y));
            for band in &mut ground.bands[first..=last] {
                band.push(edge);
            }
        }
        ground.area = rings.iter().map(|ring| shoelace(ring)).sum::<f64>().max(0.0);
        ground
    }

    /// The ground of polygons in metres, wound either way. Polygons must not overlap.
    pub fn of(polygons: &MultiPolygon<f64>) -> Self {
        Self::new(&rings(polygons))
    }

    /// m² in the plane.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// South-west and north-east corner of the rectangle around it.
    pub fn bounds(&self) -> (Coord<f64>, Coord<f64>) {
        (self.low, self.high)
    }

    /// Whether `place` lies inside.
    pub fn contains(&self, place: Coord<f64>) -> bool {
        let inside = self.low.x <= place.x
            && place.x <= self.high.x
            && self.low.y <= place.y
            && place.y <= self.high.y;
        let east = |crossing: &(f64, i32)| if crossing.0 > place.x { crossing.1 } else { 0 };
        inside && self.crossings(place.y).iter().map(east).sum::<i32>() != 0
    }

    /// Metres of the straight path from `a` to `b` inside it.
    pub fn length_inside(&self, a: Coord<f64>, b: Coord<f64>) -> f64 {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = dx.hypot(dy);
        let apart = a.x.max(b.x) < self.low.x
            || a.x.min(b.x) > self.high.x
            || a.y.max(b.y) < self.low.y
            || a.y.min(b.y) > self.high.y;
        if apart || length == 0.0 {
            return 0.0;
        }
        // Where the path meets edges, as parts of its length.
        let mut cuts = vec![0.0, 1.0];
        let (first, last) = self.bands_of(a.y.min(b.y), a.y.max(b.y));
        for [p, q] in self.bands[first..=last].iter().flatten() {
            let (ex, ey) = (q.x - p.x, q.y - p.y);
            let cross = dx * ey - dy * ex;
            if cross == 0.0 {
                continue; // alongside: its neighbours in the ring cut here
            }
            let (ax, ay) = (p.x - a.x, p.y - a.y);
            let (along_path, along_edge) =
                ((ax * ey - ay * ex) / cross, (ax * dy - ay * dx) / cross);
            if (0.0..=1.0).contains(&along_path) && (0.0..=1.0).contains(&along_edge) {
                cuts.push(along_path);
            }
        }
        cuts.sort_by(f64::total_cmp);
        let at = |part: f64| Coord { x: a.x + dx * part, y: a.y + dy * part };
        cuts.windows(2)
            .filter(|w| w[1] > w[0] && self.contains(at(f64::midpoint(w[0], w[1]))))
            .map(|w| (w[1] - w[0]) * length)
            .sum()
    }

    /// The stretches of the line at northing `y` inside it, from west to east.
    pub fn stretches(&self, y: f64) -> Vec<[f64; 2]> {
        let mut crossings = self.crossings(y);
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut stretches: Vec<[f64; 2]> = Vec::new();
        let mut winding = 0;
        for pair in crossings.windows(2) {
            let ([from, to], turn) = ([pair[0].0, pair[1].0], pair[0].1);
            winding += turn;
            if winding == 0 || to <= from {
                continue;
            }
            match stretches.last_mut() {
                Some(last) if last[1] == from => last[1] = to,
                _ => stretches.push([from, to]),
            }
        }
        stretches
    }

    /// Eastings at which edges cross northing `y`, each with the way it crosses. An edge has its
    /// lower end and not its upper.
    fn crossings(&self, y: f64) -> Vec<(f64, i32)> {
        if !(self.low.y..=self.high.y).contains(&y) {
            return Vec::new();
        }
        let (band, _) = self.bands_of(y, y);
        let edges = self.bands[band].iter().filter(|[p, q]| (p.y <= y) != (q.y <= y));
        edges
            .map(|[p, q]| {
                let x = p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x);
                (x, if q.y > p.y { 1 } else { -1 })
            })
            .collect()
    }

    fn bands_of(&self, from: f64, to: f64) -> (usize, usize) {
        let last = self.bands.len() - 1;
        let band = |y: f64| (((y - self.low.y) / self.pitch).max(0.0) as usize).min(last);
        (band(from), band(to))
    }
}

/// The rings of polygons, outer ones counter-clockwise, holes clockwise, closed.
pub fn rings(polygons: &MultiPolygon<f64>) -> Vec<Vec<Coord<f64>>> {
    let wound = |ring: &LineString<f64>, outer: bool| {
        let mut coords = ring.0.clone();
        if (shoelace(&coords) > 0.0) != outer {
            coords.reverse();
        }
        coords
    };
    polygons
        .iter()
        .flat_map(|polygon| {
            let holes = polygon.interiors().iter().map(move |ring| wound(ring, false));
            std::iter::once(wound(polygon.exterior(), true)).chain(holes)
        })
        .filter(|ring| ring.len() > 3)
        .collect()
}

/// The signed area of a closed ring, counter-clockwise positive, reckoned from its first corner:
/// coordinates of millions of metres would swallow the square metres.
pub fn shoelace(ring: &[Coord<f64>]) -> f64 {
    let Some(o) = ring.first() else { return 0.0 };
    ring.windows(2)
        .map(|w| (w[0].x - o.x) * (w[1].y - o.y) - (w[1].x - o.x) * (w[0].y - o.y))
        .sum::<f64>()
        / 2.0
}

/// Stretches without overlaps, from west to east: what any of the given ones covers.
pub fn merged(mut stretches: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    stretches.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut merged: Vec<[f64; 2]> = Vec::with_capacity(stretches.len());
    for [from, to] in stretches {
        match merged.last_mut() {
            Some(last) if from <= last[1] => last[1] = last[1].max(to),
            _ => merged.push([from, to]),
        }
    }
    merged
}

/// How long the parts are that two lists have in common; each ascending and without overlaps.
pub fn common_length(ours: &[[f64; 2]], theirs: &[[f64; 2]]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(a), Some(b)) = (ours.get(i), theirs.get(j)) {
        sum += (a[1].min(b[1]) - a[0].max(b[0])).max(0.0);
        if a[1] < b[1] { i += 1 } else { j += 1 }
    }
    sum
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, polygon};
    use proptest::prelude::*;

    use super::*;

    /// A square of 100 m with a hole of 20 m, far from the origin, wound the wrong way round.
    fn holed() -> MultiPolygon<f64> {
        let (x, y) = (300_000.0, 2_400_000.0);
        polygon!(
            exterior: [(x: x, y: y), (x: x, y: y + 100.0), (x: x + 100.0, y: y + 100.0),
                (x: x + 100.0, y: y)],
            interiors: [[(x: x + 40.0, y: y + 40.0), (x: x + 60.0, y: y + 40.0),
                (x: x + 60.0, y: y + 60.0), (x: x + 40.0, y: y + 60.0)]],
        )
        .into()
    }

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x: 300_000.0 + x, y: 2_400_000.0 + y }
    }

    #[test]
    fn a_square_with_a_hole_is_measured() {
        let ground = Ground::of(&holed());
        assert_eq!(ground.area(), 10_000.0 - 400.0);
        assert!(ground.contains(at(10.0, 50.0)) && !ground.contains(at(50.0, 50.0)));
        assert!(!ground.contains(at(50.0, 101.0)));
        assert_eq!(ground.stretches(2_400_050.0).len(), 2);
        // From outside through the hole to outside: 100 m less 20 m.
        assert!((ground.length_inside(at(-30.0, 50.0), at(150.0, 50.0)) - 80.0).abs() < 1e-6);
        assert!((ground.length_inside(at(10.0, 10.0), at(10.0, 30.0)) - 20.0).abs() < 1e-6);
        assert_eq!(ground.length_inside(at(-30.0, 50.0), at(-10.0, 50.0)), 0.0);
        assert_eq!(ground.length_inside(at(5.0, 5.0), at(5.0, 5.0)), 0.0);
    }

    #[test]
    fn what_two_outlines_both_cover_is_inside() {
        let square = |x: f64| {
            vec![at(x, 0.0), at(x + 60.0, 0.0), at(x + 60.0, 10.0), at(x, 10.0), at(x, 0.0)]
        };
        let ground = Ground::new(&[square(0.0), square(40.0), square(100.0)]);
        assert!(ground.contains(at(50.0, 5.0)) && ground.contains(at(120.0, 5.0)));
        assert_eq!(ground.stretches(2_400_005.0), [[300_000.0, 300_160.0]]);
    }

    #[test]
    fn nothing_has_no_ground() {
        let ground = Ground::new(&[]);
        assert_eq!(ground.area(), 0.0);
        assert!(!ground.contains(at(0.0, 0.0)));
        assert!(ground.stretches(0.0).is_empty());
    }

    #[test]
    fn overlaps_count_once() {
        let merged = merged(vec![[5.0, 9.0], [0.0, 2.0], [1.0, 3.0], [6.0, 7.0]]);
        assert_eq!(merged, [[0.0, 3.0], [5.0, 9.0]]);
        assert_eq!(common_length(&merged, &[[-1.0, 1.0], [2.0, 6.0], [8.5, 20.0]]), 3.5);
    }

    proptest! {
        /// Stretches over many lines add up to the area; two parts of a path to the whole.
        #[test]
        fn parts_add_up(ax in -50.0..150.0_f64, ay in -50.0..150.0_f64,
            bx in -50.0..150.0_f64, by in -50.0..150.0_f64, cut in 0.1..0.9_f64) {
            let ground = Ground::of(&holed());
            let (a, b) = (at(ax, ay), at(bx, by));
            let c = Coord { x: a.x + (b.x - a.x) * cut, y: a.y + (b.y - a.y) * cut };
            let whole = ground.length_inside(a, b);
            prop_assert!((whole - ground.length_inside(a, c) - ground.length_inside(c, b)).abs() < 1e-5);
            prop_assert!(whole <= (ax - bx).hypot(ay - by) + 1e-6);
        }
    }
}
