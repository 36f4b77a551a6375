//! Lines of equal density, as the areas inside them.
//!
//! Marching squares on the centres of the cells (Lorensen and Cline 1987, in the plane): where a
//! side of the lattice joins a centre at or above the level with one below, a corner lies between
//! them by linear interpolation. At the edge of the domain, where nothing is known farther out,
//! half-way between the last centre inside and the first outside; so every line closes. A saddle (two
//! opposite corners above) is joined where the mean of the four is at or above the level.
//!
//! Corners keep a hundredth of a cell away from centres. So no two lines ever touch, and the areas
//! are valid by OGC Simple Features as they are: rings simple, outer ones counter-clockwise, holes
//! inside. A higher level lies inside a lower one. Cost: one pass over the cells.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{Domain, Lattice};
use crate::analysis::geometry::{bounds::bounds, ground::shoelace};

/// Corners keep this part of a step away from centres.
const APART: f64 = 0.01;

/// The ground of `domain` on which `values` are at or above `level`.
///
/// # Panics
///
/// Where `values` are not as many as the cells.
pub fn contours(domain: &Domain, values: &[f64], level: f64) -> MultiPolygon<f64> {
    assert_eq!(values.len(), domain.cover.len(), "one value a cell");
    let field = Field {
        lattice: &domain.lattice,
        value: &|cell| domain.has(cell).then(|| values[cell]),
        level,
    };
    nested(rings(&field))
}

struct Field<'a> {
    lattice: &'a Lattice,
    value: &'a dyn Fn(usize) -> Option<f64>,
    level: f64,
}

/// A centre, in columns and rows; one step beyond the lattice all is outside.
type Node = (isize, isize);

impl Field<'_> {
    fn value_at(&self, (col, row): Node) -> Option<f64> {
        let (cols, rows) = (self.lattice.cols.cast_signed(), self.lattice.rows.cast_signed());
        let inside = (0..cols).contains(&col) && (0..rows).contains(&row);
        inside.then(|| (self.value)((row * cols + col).cast_unsigned())).flatten()
    }

    fn above(&self, node: Node) -> bool {
        self.value_at(node).is_some_and(|value| value >= self.level)
    }

    /// Where the line crosses the side from a centre to the next one east or north.
    fn crossing(&self, a: Node, b: Node) -> Coord<f64> {
        let part = match (self.value_at(a), self.value_at(b)) {
            (Some(from), Some(to)) => ((self.level - from) / (to - from)).clamp(APART, 1.0 - APART),
            _ => 0.5,
        };
        let at = |node: Node| Coord {
            x: self.lattice.first.x + node.0 as f64 * self.lattice.cell,
            y: self.lattice.first.y + node.1 as f64 * self.lattice.cell,
        };
        let (a, b) = (at(a), at(b));
        Coord { x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) }
    }

    fn joined(&self, corners: [Node; 4]) -> bool {
        let mut sum = 0.0;
        for corner in corners {
            match self.value_at(corner) {
                Some(value) => sum += value,
                None => return false,
            }
        }
        sum / 4.0 >= self.level
    }
}

const NOWHERE: u32 = u32::MAX;

/// The closed rings of the line, with what is above on their left.
fn rings(field: &Field<'_>) -> Vec<Vec<Coord<f64>>> {
    // One step of nothing around the lattice.
    let width = field.lattice.cols + 2;
    let height = field.lattice.rows + 2;
    let node = |col: usize, row: usize| -> Node { (col.cast_signed() - 1, row.cast_signed() - 1) };
    // Sides: from a centre to the east, and to the north.
    let eastward = |col: usize, row: usize| (2 * (row * width + col)) as u32;
    let northward = |col: usize, row: usize| (2 * (row * width + col) + 1) as u32;
    let mut next = vec![NOWHERE; 2 * width * height];
    for row in 0..height - 1 {
        for col in 0..width - 1 {
            let corners =
                [node(col, row), node(col + 1, row), node(col + 1, row + 1), node(col, row + 1)];
            let above = corners.map(|corner| field.above(corner));
            let [south, east, north, west] = [
                eastward(col, row),
                northward(col + 1, row),
                eastward(col, row + 1),
                northward(col, row),
            ];
            let mut go = |from: u32, to: u32| next[from as usize] = to;
            // Corners from the south-west, counter-clockwise.
            match above {
                [false, false, false, false] | [true, true, true, true] => {}
                [true, false, false, false] => go(south, west),
                [false, true, false, false] => go(east, south),
                [false, false, true, false] => go(north, east),
                [false, false, false, true] => go(west, north),
                [true, true, false, false] => go(east, west),
                [false, true, true, false] => go(north, south),
                [false, false, true, true] => go(west, east),
                [true, false, false, true] => go(south, north),
                [false, true, true, true] => go(west, south),
                [true, false, true, true] => go(south, east),
                [true, true, false, true] => go(east, north),
                [true, true, true, false] => go(north, west),
                [true, false, true, false] if field.joined(corners) => {
                    go(south, east);
                    go(north, west);
                }
                [true, false, true, false] => {
                    go(south, west);
                    go(north, east);
                }
                [false, true, false, true] if field.joined(corners) => {
                    go(west, south);
                    go(east, north);
                }
                [false, true, false, true] => {
                    go(east, south);
                    go(west, north);
                }
            }
        }
    }
    let place = |side: u32| {
        let from = (side / 2) as usize;
        let (col, row) = (from % width, from / width);
        let to = if side.is_multiple_of(2) { node(col + 1, row) } else { node(col, row + 1) };
        field.crossing(node(col, row), to)
    };
    let mut rings = Vec::new();
    for start in 0..next.len() as u32 {
        let mut ring = Vec::new();
        let mut side = start;
        while next[side as usize] != NOWHERE {
            ring.push(place(side));
            side = std::mem::replace(&mut next[side as usize], NOWHERE);
        }
        if let Some(first) = ring.first().copied() {
            ring.push(first);
            rings.push(ring);
        }
    }
    rings
}

/// Outer rings with the holes that lie in them.
fn nested(rings: Vec<Vec<Coord<f64>>>) -> MultiPolygon<f64> {
    struct Outer {
        area: f64,
        low: Coord<f64>,
        high: Coord<f64>,
        ring: Vec<Coord<f64>>,
        holes: Vec<LineString<f64>>,
    }
    let (outer, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().map(|ring| (shoelace(&ring), ring)).partition(|(area, _)| *area > 0.0);
    let mut outer: Vec<Outer> = outer
        .into_iter()
        .map(|(area, ring)| {
            let (low, high) = bounds(&ring).unwrap_or_default();
            Outer { area, low, high, ring, holes: Vec::new() }
        })
        .collect();
    for (_, hole) in holes {
        let at = hole[0];
        let around = outer.iter_mut().filter(|it| {
            (it.low.x..=it.high.x).contains(&at.x)
                && (it.low.y..=it.high.y).contains(&at.y)
                && winds_around(&it.ring, at)
        });
        // Of several (an island in a lake on an island) the smallest holds it.
        if let Some(smallest) = around.min_by(|a, b| a.area.total_cmp(&b.area)) {
            smallest.holes.push(LineString(hole));
        }
    }
    let polygons = outer.into_iter().map(|it| Polygon::new(LineString(it.ring), it.holes));
    MultiPolygon(polygons.collect())
}

fn winds_around(ring: &[Coord<f64>], at: Coord<f64>) -> bool {
    let crossed = ring.windows(2).filter(|edge| {
        let (p, q) = (edge[0], edge[1]);
        (p.y <= at.y) != (q.y <= at.y) && p.x + (at.y - p.y) / (q.y - p.y) * (q.x - p.x) > at.x
    });
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use geo::{Contains, Validation};
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::geometry::ground::rings as rings_of;

    fn lattice(cols: usize, rows: usize) -> Lattice {
        // Metres of a metric CRS, where rounding is coarsest.
        Lattice { first: Coord { x: 300_050.0, y: 2_400_050.0 }, cell: 100.0, cols, rows }
    }

    fn area(of: &MultiPolygon<f64>) -> f64 {
        rings_of(of).iter().map(|ring| shoelace(ring)).sum()
    }

    #[test]
    fn a_cone_is_cut_in_circles() {
        let domain = Domain::whole(lattice(81, 81));
        let values: Vec<f64> = (0..81 * 81)
            .map(|place| 40.0 - f64::from(place % 81 - 40).hypot(f64::from(place / 81 - 40)))
            .collect();
        for radius in [3.3_f64, 10.0, 25.5] {
            let cut = contours(&domain, &values, 40.0 - radius);
            assert_eq!((cut.0.len(), cut.0[0].interiors().len()), (1, 0));
            let circle = std::f64::consts::PI * (100.0 * radius).powi(2);
            assert!((area(&cut) / circle - 1.0).abs() < 0.02, "{radius}");
        }
        // A crater is a ring with a hole; in the hole an island.
        let crater: Vec<f64> = values.iter().map(|v| ((v - 30.0).abs() - 5.0).abs()).collect();
        let cut = contours(&domain, &crater, 3.0);
        assert!(cut.is_valid());
        assert!(cut.0.iter().any(|polygon| !polygon.interiors().is_empty()));
    }

    #[test]
    fn edges_of_the_domain_close_the_line() {
        let mut domain = Domain::whole(lattice(4, 3));
        let all = contours(&domain, &[1.0; 12], 0.5);
        // Half a step around the centres, the corners cut off.
        assert_eq!(area(&all), 400.0 * 300.0 - 4.0 * 50.0 * 50.0 / 2.0);
        domain.cover[5] = 0.0;
        let holed = contours(&domain, &[1.0; 12], 0.5);
        assert_eq!((holed.0.len(), holed.0[0].interiors().len()), (1, 1));
        assert!(contours(&domain, &[1.0; 12], 1.5).0.is_empty());
        let nowhere = Domain { cover: vec![0.0; 12], ..domain };
        assert!(contours(&nowhere, &[1.0; 12], 0.5).0.is_empty());
    }

    #[test]
    fn saddles_are_joined_by_their_mean() {
        let domain = Domain::whole(lattice(2, 2));
        assert_eq!(contours(&domain, &[1.0, 0.4, 0.4, 1.0], 0.6).0.len(), 1);
        assert_eq!(contours(&domain, &[1.0, 0.1, 0.1, 1.0], 0.6).0.len(), 2);
        assert_eq!(contours(&domain, &[0.4, 1.0, 1.0, 0.4], 0.6).0.len(), 1);
        assert_eq!(contours(&domain, &[0.1, 1.0, 1.0, 0.1], 0.6).0.len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]
        /// On any field: valid, every centre on its right side, and higher levels inside lower ones.
        #[test]
        fn areas_are_valid_and_nested(
            values in vec(prop_oneof![Just(0.0), Just(1.0), Just(0.5), 0.0..1.0_f64], 63),
            holes in vec(prop_oneof![9 => Just(1.0), 1 => Just(0.0)], 63),
            level in prop_oneof![Just(0.5), 0.05..0.6_f64],
        ) {
            let domain = Domain { lattice: lattice(9, 7), cover: holes };
            let low = contours(&domain, &values, level);
            let high = contours(&domain, &values, level + 0.3);
            for cut in [&low, &high] {
                prop_assert!(cut.is_valid(), "{:?}", cut.validation_errors());
            }
            for (place, value) in values.iter().enumerate() {
                let centre = geo_types::Point(domain.lattice.centre(place % 9, place / 9));
                prop_assert_eq!(low.contains(&centre), domain.has(place) && *value >= level);
            }
            prop_assert!(area(&high) <= area(&low) + 1e-6);
            for polygon in &high {
                for corner in &polygon.exterior().0 {
                    // Where both close at the edge of the domain they share the line.
                    let near = [(0.0, 0.0), (1e-4, 0.0), (-1e-4, 0.0), (0.0, 1e-4), (0.0, -1e-4),
                        (1e-4, 1e-4), (-1e-4, 1e-4), (1e-4, -1e-4), (-1e-4, -1e-4)];
                    let held = near.iter().any(|(dx, dy)| low.contains(
                        &geo_types::Point::new(corner.x + dx, corner.y + dy)));
                    prop_assert!(held, "{:?}", corner);
                }
            }
        }
    }
}
