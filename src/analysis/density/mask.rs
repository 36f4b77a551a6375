//! How much of each cell lies in an area: the domain of a density.
//!
//! Exact, by the signed ground to the east of every edge (the accumulation buffer that draws
//! letters: Levien 2016, *Inside the fastest font renderer in the world*). Cost: the cells that
//! edges cross, plus one pass over all.

use geo_types::{Coord, MultiPolygon};

use super::Lattice;
use crate::analysis::geometry::ground::rings;

/// The cells of a lattice and the share of each that belongs to the domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// The cells.
    pub lattice: Lattice,
    /// 0 to 1, row by row.
    pub cover: Vec<f64>,
}

/// Shares under this are rounding, and none.
const SPECK: f64 = 1e-9;

impl Domain {
    /// The whole lattice.
    pub fn whole(lattice: Lattice) -> Self {
        Self { cover: vec![1.0; lattice.len()], lattice }
    }

    /// What lies inside polygons. What several cover is covered once where a cell is full of it;
    /// polygons that overlap within a cell count there up to the whole cell.
    pub fn inside(lattice: Lattice, outline: &MultiPolygon<f64>) -> Self {
        // One column more: what lies east of the lattice is gathered there and forgotten.
        let mut sums = vec![0.0; (lattice.cols + 1) * lattice.rows];
        for ring in rings(outline) {
            for edge in ring.windows(2) {
                let corner = |c: Coord<f64>| {
                    let at = lattice.steps(c);
                    Coord { x: at.x + 0.5, y: at.y + 0.5 }
                };
                add_edge(&mut sums, &lattice, corner(edge[0]), corner(edge[1]));
            }
        }
        let mut cover = Vec::with_capacity(lattice.len());
        for row in sums.chunks(lattice.cols + 1) {
            let mut sum = 0.0;
            cover.extend(row[..lattice.cols].iter().map(|part| {
                sum += part;
                if sum < SPECK {
                    0.0
                } else if sum > 1.0 - SPECK {
                    1.0
                } else {
                    sum
                }
            }));
        }
        Self { lattice, cover }
    }

    /// The ground of the domain.
    pub fn area(&self) -> f64 {
        self.cover.iter().sum::<f64>() * self.lattice.cell_area()
    }

    /// Whether any of a cell belongs to it.
    pub fn has(&self, cell: usize) -> bool {
        self.cover[cell] > 0.0
    }

    /// Whether the cell in which a place lies belongs to it.
    pub fn holds(&self, place: Coord<f64>) -> bool {
        self.lattice.cell_at(place).is_some_and(|cell| self.has(cell))
    }

    /// The integral of values over it.
    pub fn integral(&self, values: &[f64]) -> f64 {
        let parts = self.cover.iter().zip(values).filter(|(cover, _)| **cover > 0.0);
        parts.map(|(cover, value)| cover * value).sum::<f64>() * self.lattice.cell_area()
    }
}

/// Adds an edge, in columns and rows counted from the south-west corner of the lattice. Going
/// south (the west side of a ring wound counter-clockwise) it adds the ground to its east.
fn add_edge(sums: &mut [f64], lattice: &Lattice, p: Coord<f64>, q: Coord<f64>) {
    let (low, high, sign) = if p.y < q.y { (p, q, -1.0) } else { (q, p, 1.0) };
    let rise = high.y - low.y;
    let (from, to) = (low.y.max(0.0), high.y.min(lattice.rows as f64));
    if rise <= 0.0 || from >= to {
        return;
    }
    let x_at = |y: f64| {
        let along = (y - low.y) / rise;
        low.x * (1.0 - along) + high.x * along
    };
    let stride = lattice.cols + 1;
    let mut y = from;
    for row in from as usize..lattice.rows {
        let next = ((row + 1) as f64).min(to);
        if next > y {
            let here = &mut sums[row * stride..(row + 1) * stride];
            add_stretch(here, lattice.cols, [x_at(y), x_at(next)], sign * (next - y));
            y = next;
        }
        if y >= to {
            break;
        }
    }
}

/// Adds the part of an edge in one row: from `x` to `x`, over `height` (signed) of the row.
fn add_stretch(row: &mut [f64], cols: usize, x: [f64; 2], height: f64) {
    let (west, east) = (x[0].min(x[1]), x[0].max(x[1]));
    let width = east - west;
    let last = cols as f64;
    // Beyond the west side all of the row lies to its east; beyond the east side none.
    let share = |a: f64, b: f64| if width > 0.0 { (b - a) / width } else { 0.0 };
    if width == 0.0 || east <= 0.0 || west >= last {
        put(row, west.max(0.0).min(last), west.max(0.0).min(last), height);
        return;
    }
    if west < 0.0 {
        put(row, 0.0, 0.0, height * share(west, 0.0));
    }
    let mut a = west.max(0.0);
    let end = east.min(last);
    while a < end {
        let b = (a.floor() + 1.0).min(end);
        put(row, a, b, height * share(a, b));
        a = b;
    }
}

/// Within one column from `a` to `b`: its own cell has what lies to the east of the middle, all
/// cells farther east have it whole.
fn put(row: &mut [f64], a: f64, b: f64, height: f64) {
    let cell = (a as usize).min(row.len() - 1);
    let own = height * ((cell + 1) as f64 - f64::midpoint(a, b)).clamp(0.0, 1.0);
    row[cell] += own;
    if let Some(next) = row.get_mut(cell + 1) {
        *next += height - own;
    }
}

#[cfg(test)]
mod tests {
    use geo::BooleanOps;
    use geo_types::{Rect, polygon};
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::geometry::ground::shoelace;

    fn lattice() -> Lattice {
        Lattice { first: Coord { x: 105.0, y: 205.0 }, cell: 10.0, cols: 8, rows: 6 }
    }

    fn slowly(lattice: &Lattice, outline: &MultiPolygon<f64>) -> Vec<f64> {
        let cells = (0..lattice.len()).map(|place| {
            let centre = lattice.centre(place % lattice.cols, place / lattice.cols);
            let half = lattice.cell / 2.0;
            let cell = Rect::new(
                Coord { x: centre.x - half, y: centre.y - half },
                Coord { x: centre.x + half, y: centre.y + half },
            );
            let part = MultiPolygon::from(cell.to_polygon()).intersection(outline);
            rings(&part).iter().map(|ring| shoelace(ring)).sum::<f64>() / lattice.cell_area()
        });
        cells.collect()
    }

    #[test]
    fn a_hole_and_ground_beyond_the_lattice_are_left_out() {
        let outline: MultiPolygon<f64> = polygon!(
            exterior: [(x: 60.0, y: 213.0), (x: 300.0, y: 195.0), (x: 160.0, y: 290.0)],
            interiors: [[(x: 140.0, y: 220.0), (x: 140.0, y: 240.0), (x: 155.0, y: 230.0)]],
        )
        .into();
        let domain = Domain::inside(lattice(), &outline);
        for (ours, slow) in domain.cover.iter().zip(slowly(&lattice(), &outline)) {
            assert!((ours - slow).abs() < 1e-6, "{ours} {slow}");
        }
        let nothing = Domain::inside(lattice(), &MultiPolygon::new(Vec::new()));
        assert_eq!(nothing.area(), 0.0);
        assert_eq!(Domain::whole(lattice()).area(), 4800.0);
        assert!(domain.holds(Coord { x: 160.0, y: 250.0 }));
        assert!(!domain.holds(Coord { x: 100.0, y: 279.0 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Any triangle, wound either way, reaching beyond every side.
        #[test]
        fn shares_are_those_of_cutting(corners in vec((60.0..240.0_f64, 170.0..300.0_f64), 3)) {
            let ring: Vec<Coord<f64>> = corners.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect();
            let outline: MultiPolygon<f64> =
                geo_types::Polygon::new(geo_types::LineString(ring), Vec::new()).into();
            let domain = Domain::inside(lattice(), &outline);
            for (ours, slow) in domain.cover.iter().zip(slowly(&lattice(), &outline)) {
                prop_assert!((ours - slow).abs() < 1e-5, "{} {}", ours, slow);
            }
        }
    }
}
