//! Shapes by place: the nearest, and all within a reach, out of many.
//!
//! Buckets of a square grid over the middles of the shapes' frames. A question walks outwards ring
//! by ring of buckets and stops where nothing nearer can come.

use geo_types::Coord;

use super::{
    bounds::bounds,
    shape::{Shape, gap},
};

/// Places in buckets.
pub struct Buckets {
    low: Coord<f64>,
    side: f64,
    columns: usize,
    rows: usize,
    /// Where each bucket's members begin, row by row.
    starts: Vec<u32>,
    members: Vec<u32>,
    /// The most that a frame reaches beyond its middle, either way.
    pad: f64,
}

impl Buckets {
    /// Indexes the shapes at `places` of `shapes`.
    pub fn new(shapes: &[Shape], places: &[usize]) -> Self {
        let middles: Vec<Coord<f64>> = places.iter().map(|at| middle(&shapes[*at])).collect();
        let (low, high) = bounds(&middles).unwrap_or_default();
        let reach = |place: &usize| {
            let [from, to] = shapes[*place].frame();
            ((to.x - from.x) / 2.0).max((to.y - from.y) / 2.0)
        };
        let pad = places.iter().map(reach).fold(0.0, f64::max);
        let (width, height) = (high.x - low.x, high.y - low.y);
        let count = places.len().max(1) as f64;
        // About one a bucket; of all in a line, too.
        let side = (width * height / count).sqrt().max(width.max(height) / count).max(1e-3);
        let columns = (width / side) as usize + 1;
        let rows = (height / side) as usize + 1;
        let mut buckets =
            Self { low, side, columns, rows, starts: Vec::new(), members: Vec::new(), pad };
        let mut filed: Vec<(usize, u32)> = middles
            .iter()
            .zip(places)
            .map(|(c, at)| {
                let (column, row) = (buckets.column(c.x), buckets.row(c.y));
                (row * columns + column, *at as u32)
            })
            .collect();
        filed.sort_unstable();
        buckets.starts = vec![0; columns * rows + 1];
        for (bucket, _) in &filed {
            buckets.starts[bucket + 1] += 1;
        }
        for bucket in 0..columns * rows {
            buckets.starts[bucket + 1] += buckets.starts[bucket];
        }
        buckets.members = filed.into_iter().map(|(_, at)| at).collect();
        buckets
    }

    fn column(&self, x: f64) -> usize {
        (((x - self.low.x) / self.side).max(0.0) as usize).min(self.columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        (((y - self.low.y) / self.side).max(0.0) as usize).min(self.rows - 1)
    }

    fn bucket(&self, row: usize, column: usize) -> &[u32] {
        let bucket = row * self.columns + column;
        &self.members[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }

    /// Names the place of every shape whose frame may be within `reach` of `frame`: rather one too
    /// many. Row by row, in a row by column.
    pub fn within(&self, frame: [Coord<f64>; 2], reach: f64, mut name: impl FnMut(usize)) {
        let wide = reach + self.pad;
        let [low, high] = frame;
        let (left, right) = (self.column(low.x - wide), self.column(high.x + wide));
        for row in self.row(low.y - wide)..=self.row(high.y + wide) {
            for column in left..=right {
                for at in self.bucket(row, column) {
                    name(*at as usize);
                }
            }
        }
    }

    /// The place of the shape nearest to `shape` with its distance in metres; of several equally
    /// near the lowest place; `None` where there is none.
    pub fn nearest(&self, shapes: &[Shape], shape: &Shape) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        let look = |members: &[u32], best: &mut Option<(usize, f64)>| {
            for at in members {
                let (at, other) = (*at as usize, &shapes[*at as usize]);
                let bound = best.map_or(f64::INFINITY, |(_, least)| least);
                if gap(shape.frame(), other.frame()) > bound {
                    continue;
                }
                let metres = shape.distance(other);
                if best.is_none_or(|(place, least)| (metres, at) < (least, place)) {
                    *best = Some((at, metres));
                }
            }
        };
        let [low, high] = shape.frame();
        let (left, right) = (self.column(low.x), self.column(high.x));
        let (bottom, top) = (self.row(low.y), self.row(high.y));
        // Frames reach beyond the grid of their middles by no more than the pad on either axis.
        let pad = Coord { x: self.pad, y: self.pad };
        let size = Coord { x: self.columns as f64 * self.side, y: self.rows as f64 * self.side };
        let rim = gap([low, high], [self.low - pad, self.low + size + pad]);
        for ring in 0.. {
            let off = if ring == 0 { 0.0 } else { (ring - 1) as f64 * self.side };
            // A micrometre less, so that rounding ends no walk early.
            let bound = rim.max(off - self.pad) - 1e-6;
            if best.is_some_and(|(_, least)| least < bound) {
                break;
            }
            let (from, to) = (left.checked_sub(ring), right + ring);
            let (under, over) = (bottom.checked_sub(ring), top + ring);
            if from.is_none() && under.is_none() && to >= self.columns && over >= self.rows {
                break;
            }
            let columns = from.unwrap_or(0)..=to.min(self.columns - 1);
            for row in under.unwrap_or(0)..=over.min(self.rows - 1) {
                let whole = ring == 0 || Some(row) == under || row == over;
                if whole {
                    for column in columns.clone() {
                        look(self.bucket(row, column), &mut best);
                    }
                    continue;
                }
                if let Some(column) = from {
                    look(self.bucket(row, column), &mut best);
                }
                if to < self.columns {
                    look(self.bucket(row, to), &mut best);
                }
            }
        }
        best
    }
}

fn middle(shape: &Shape) -> Coord<f64> {
    let [low, high] = shape.frame();
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, polygon};
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn shapes() -> impl Strategy<Value = Vec<Shape>> {
        // Far-off ones too, and many at one place.
        let one =
            (prop_oneof![Just(5.0), 0.0..500.0_f64, -4e4..4e4_f64], 0.0..500.0_f64, 0.0..60.0_f64);
        vec(one, 1..40).prop_map(|all| {
            let shape = |(x, y, side): (f64, f64, f64)| {
                if side < 20.0 {
                    return Shape::point(Coord { x, y });
                }
                let square: MultiPolygon<f64> =
                    polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)].into();
                Shape::outline(&square).unwrap()
            };
            all.into_iter().map(shape).collect()
        })
    }

    proptest! {
        #[test]
        fn buckets_find_what_the_slow_loop_finds(shapes in shapes(), reach in 0.0..300.0_f64, every in 1..4_usize) {
            let places: Vec<usize> = (0..shapes.len()).step_by(every).collect();
            let buckets = Buckets::new(&shapes, &places);
            for shape in &shapes {
                let slow = places
                    .iter()
                    .map(|at| (*at, shape.distance(&shapes[*at])))
                    .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
                prop_assert_eq!(buckets.nearest(&shapes, shape), slow);
                let mut found = Vec::new();
                buckets.within(shape.frame(), reach, |at| {
                    if shape.distance(&shapes[at]) <= reach {
                        found.push(at);
                    }
                });
                found.sort_unstable();
                let slow: Vec<usize> =
                    places.iter().copied().filter(|at| shape.distance(&shapes[*at]) <= reach).collect();
                prop_assert_eq!(found, slow);
            }
        }
    }

    /// Wide frames reach out of the grid of their middles on both axes at once.
    #[test]
    fn a_wide_frame_near_a_corner_is_found() {
        let square = |x: f64, side: f64| {
            let ground: MultiPolygon<f64> =
                polygon![(x: x, y: 0.0), (x: x + side, y: 0.0), (x: x + side, y: side), (x: x, y: side)].into();
            Shape::outline(&ground).unwrap()
        };
        let shapes =
            [square(335.0, 30.0), square(334.0, 34.0), Shape::point(Coord { x: 330.0, y: 0.0 })];
        let buckets = Buckets::new(&shapes, &[0, 1]);
        assert_eq!(buckets.nearest(&shapes, &shapes[2]), Some((1, 4.0)));
    }

    #[test]
    fn nothing_is_near_nothing() {
        let buckets = Buckets::new(&[], &[]);
        assert_eq!(buckets.nearest(&[], &Shape::point(Coord { x: 1.0, y: 1.0 })), None);
        buckets.within([Coord { x: 0.0, y: 0.0 }; 2], 10.0, |_| panic!("nothing is there"));
    }
}
