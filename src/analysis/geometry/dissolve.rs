//! Cells joined into areas: their outlines without the sides that two of them share.
//!
//! Units: those of the cells, planar or degrees. Cost: linear in the sides. Cells must share
//! corners bit for bit, wind counter-clockwise and not overlap, as those of a grid do: then every
//! area is valid by OGC Simple Features. Cells that only meet in a corner become polygons of their
//! own that touch there, and a gap that touches the rim in a corner is a hole all the same.

use std::collections::BTreeMap;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rustc_hash::FxHashMap;

use crate::analysis::clusters::union::Union;

/// The ground of these rings (closed or not) together; polygons in the order of their first cell.
pub fn dissolve(rings: &[Vec<Coord<f64>>]) -> MultiPolygon<f64> {
    let sides = Sides::of(rings);
    let component = sides.components(rings.len());
    // A component hangs together by sides, so that it has one outer ring.
    let mut outer: BTreeMap<usize, LineString<f64>> = BTreeMap::new();
    let mut holes: BTreeMap<usize, Vec<LineString<f64>>> = BTreeMap::new();
    for (cell, ring) in sides.rings(&component) {
        if turns_left(&ring) {
            outer.insert(component[cell], ring);
        } else {
            holes.entry(component[cell]).or_default().push(ring);
        }
    }
    let polygon =
        |(component, ring)| Polygon::new(ring, holes.remove(&component).unwrap_or_default());
    MultiPolygon(outer.into_iter().map(polygon).collect())
}

/// A side from one corner to the next, and whose it is.
#[derive(Clone, Copy)]
struct Side {
    from: u32,
    to: u32,
    cell: usize,
}

/// The sides of all cells, in the order of cells and corners.
struct Sides {
    corners: Vec<Coord<f64>>,
    all: Vec<Side>,
    /// From the ends of a side to its place.
    places: FxHashMap<(u32, u32), usize>,
}

impl Sides {
    fn of(rings: &[Vec<Coord<f64>>]) -> Self {
        let mut names: FxHashMap<[u64; 2], u32> = FxHashMap::default();
        let mut corners = Vec::new();
        let mut sides = Vec::new();
        for (cell, ring) in rings.iter().enumerate() {
            let name = |at: &Coord<f64>| {
                *names.entry([at.x.to_bits(), at.y.to_bits()]).or_insert_with(|| {
                    corners.push(*at);
                    (corners.len() - 1) as u32
                })
            };
            let mut around: Vec<u32> = ring.iter().map(name).collect();
            around.dedup();
            if around.first() == around.last() {
                around.pop();
            }
            let next = around.iter().cycle().skip(1);
            let each =
                around.iter().zip(next).map(|(from, to)| Side { from: *from, to: *to, cell });
            sides.extend(each.filter(|side| side.from != side.to));
        }
        let places =
            sides.iter().enumerate().map(|(place, side)| ((side.from, side.to), place)).collect();
        Self { corners, all: sides, places }
    }

    /// By cell the least cell that it hangs together with by sides.
    fn components(&self, count: usize) -> Vec<usize> {
        let sets = Union::new(count);
        for side in &self.all {
            if let Some(other) = self.places.get(&(side.to, side.from)) {
                sets.join(side.cell as u32, self.all[*other].cell as u32);
            }
        }
        (0..count).map(|cell| sets.find(cell as u32) as usize).collect()
    }

    /// The closed rings of sides that no other cell shares, each with a cell that it goes around.
    fn rings(&self, component: &[usize]) -> Vec<(usize, LineString<f64>)> {
        let rim = |side: &Side| !self.places.contains_key(&(side.to, side.from));
        let mut leaving: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for (place, side) in self.all.iter().enumerate().filter(|(_, side)| rim(side)) {
            leaving.entry(side.from).or_default().push(place);
        }
        // Where two cells of one component meet in a corner only, go on along the other one: the
        // gap between them keeps a ring of its own. Of different components, along the same.
        let next = |place: usize| {
            let side = self.all[place];
            let of = |next: &&usize| component[self.all[**next].cell] == component[side.cell];
            let choices = leaving.get(&side.to)?;
            let other = |next: &&usize| of(next) && self.all[**next].cell != side.cell;
            choices.iter().find(other).or_else(|| choices.iter().find(of)).copied()
        };
        let mut walked = vec![false; self.all.len()];
        let mut rings = Vec::new();
        for first in 0..self.all.len() {
            if walked[first] || !rim(&self.all[first]) {
                continue;
            }
            let mut ring = vec![self.corners[self.all[first].from as usize]];
            let mut place = first;
            loop {
                walked[place] = true;
                ring.push(self.corners[self.all[place].to as usize]);
                match next(place) {
                    Some(next) if !walked[next] => place = next,
                    _ => break,
                }
            }
            rings.push((self.all[first].cell, LineString(ring)));
        }
        rings
    }
}

/// Whether a closed ring runs counter-clockwise.
fn turns_left(ring: &LineString<f64>) -> bool {
    let Some(first) = ring.0.first() else { return false };
    let cross = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - *first, pair[1] - *first);
        a.x * b.y - b.x * a.y
    };
    ring.0.windows(2).map(cross).sum::<f64>() > 0.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use geo::{Contains, Validation};
    use geo_types::Point;
    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    fn square((col, row): (i32, i32)) -> Vec<Coord<f64>> {
        let corner = |x: i32, y: i32| Coord { x: f64::from(x), y: f64::from(y) };
        vec![
            corner(col, row),
            corner(col + 1, row),
            corner(col + 1, row + 1),
            corner(col, row + 1),
            corner(col, row),
        ]
    }

    fn joined(cells: &[(i32, i32)]) -> MultiPolygon<f64> {
        dissolve(&cells.iter().map(|cell| square(*cell)).collect::<Vec<_>>())
    }

    #[test]
    fn two_beside_each_other_are_one_and_two_at_a_corner_are_two() {
        let one = joined(&[(0, 0), (1, 0)]);
        assert_eq!(one.0.len(), 1);
        assert_eq!(one.0[0].exterior().0.len(), 7);
        assert_eq!(joined(&[(0, 0), (1, 1)]).0.len(), 2);
        assert!(dissolve(&[]).0.is_empty());
    }

    #[test]
    fn gaps_are_holes_even_where_they_touch_in_a_corner() {
        let gaps = [(1, 1), (2, 2)];
        let cells: Vec<_> = (0..4)
            .flat_map(|row| (0..4).map(move |col| (col, row)))
            .filter(|cell| !gaps.contains(cell))
            .collect();
        let whole = joined(&cells);
        assert!(whole.is_valid());
        assert_eq!((whole.0.len(), whole.0[0].interiors().len()), (1, 2));
    }

    proptest! {
        #[test]
        fn areas_are_valid_and_hold_their_cells_and_no_other(
            cells in btree_set((0_i32..7, 0_i32..7), 0..40),
        ) {
            let whole = joined(&cells.iter().copied().collect::<Vec<_>>());
            prop_assert!(whole.is_valid(), "{:?}", whole);
            let middle = |(col, row): (i32, i32)| {
                Point::new(f64::from(col) + 0.5, f64::from(row) + 0.5)
            };
            let held: BTreeSet<(i32, i32)> = (0..7)
                .flat_map(|row| (0..7).map(move |col| (col, row)))
                .filter(|cell| whole.contains(&middle(*cell)))
                .collect();
            prop_assert_eq!(held, cells);
        }
    }
}
