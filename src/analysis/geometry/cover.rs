//! The cells that cover an area, each with its share of the area.
//!
//! The area is halved along rows and columns until a block of cells lies wholly inside or is a
//! single cell (Sutherland and Hodgman 1974 for the cuts). Cost: about the cells on the boundary
//! times the corners around each, plus the cells.

use geo_types::Coord;

use super::{
    bounds::bounds,
    grid::{Cell, CellForm, Grid},
    ground::{Ground, shoelace},
};

/// A cell and the part of the area in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Covered {
    /// The cell.
    pub cell: Cell,
    /// m² of the area in it, in the plane; more than 0.
    pub area: f64,
    /// The rings of that part, outer ones counter-clockwise, where it is not the whole cell. A cut
    /// may run back and forth along the cell's side; areas and even-odd questions stand that.
    pub part: Option<Vec<Vec<Coord<f64>>>>,
}

impl Covered {
    /// The part as ground to ask questions of.
    pub fn ground(&self, grid: Grid) -> Ground {
        match &self.part {
            Some(rings) => Ground::new(rings),
            None => Ground::new(&[grid.ring(self.cell)]),
        }
    }
}

/// Too many cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// The most that were allowed.
    pub most: usize,
}

/// Parts smaller than this, in m², are rounding and no ground.
const SPECK: f64 = 0.01;

/// The cells of `grid` that share ground with the area inside `rings` (see
/// [`super::ground::rings`]), ascending.
///
/// # Errors
///
/// [`TooMany`] where more than `most` cells would be needed; known before much work is done.
pub fn cover(grid: Grid, rings: &[Vec<Coord<f64>>], most: usize) -> Result<Vec<Covered>, TooMany> {
    let area: f64 = rings.iter().map(|ring| shoelace(ring)).sum();
    if area / grid.cell_area() > most as f64 {
        return Err(TooMany { most });
    }
    let Some((low, high)) = bounds(rings.iter().flatten()) else { return Ok(Vec::new()) };
    let Some((first, last)) = grid.span(low, high) else { return Err(TooMany { most }) };
    let mut found = Vec::new();
    let block = Block { first, last };
    cut(grid, block, rings.to_vec(), most, &mut found)?;
    found.sort_unstable_by_key(|covered| covered.cell);
    Ok(found)
}

/// Cells from `first` to `last`, both included.
#[derive(Clone, Copy)]
struct Block {
    first: Cell,
    last: Cell,
}

impl Block {
    fn cells(self) -> impl Iterator<Item = Cell> {
        (self.first.row..=self.last.row)
            .flat_map(move |row| (self.first.col..=self.last.col).map(move |col| Cell { row, col }))
    }

    fn halves(self) -> [Self; 2] {
        let Self { first, last } = self;
        if last.row - first.row >= last.col - first.col {
            let middle = first.row + (last.row - first.row) / 2;
            [
                Self { first, last: Cell { row: middle, col: last.col } },
                Self { first: Cell { row: middle + 1, col: first.col }, last },
            ]
        } else {
            let middle = first.col + (last.col - first.col) / 2;
            [
                Self { first, last: Cell { row: last.row, col: middle } },
                Self { first: Cell { row: first.row, col: middle + 1 }, last },
            ]
        }
    }

    /// The rectangle around the block: south-west and north-east.
    fn rectangle(self, grid: Grid) -> (Coord<f64>, Coord<f64>) {
        let corners: Vec<_> = [self.first, self.last]
            .into_iter()
            .chain((grid.form() == CellForm::Hexagon).then(|| {
                // The odd row of the block reaches half a column further, its even row half a
                // column less: both are asked.
                Cell { row: self.first.row + 1, col: self.first.col }
            }))
            .chain(
                (grid.form() == CellForm::Hexagon)
                    .then(|| Cell { row: self.last.row - 1, col: self.last.col }),
            )
            .flat_map(|cell| grid.ring(cell))
            .collect();
        bounds(&corners).unwrap_or_default()
    }
}

fn cut(
    grid: Grid,
    block: Block,
    rings: Vec<Vec<Coord<f64>>>,
    most: usize,
    found: &mut Vec<Covered>,
) -> Result<(), TooMany> {
    let single = block.first == block.last;
    let convex = if single {
        grid.ring(block.first)
    } else {
        let (low, high) = block.rectangle(grid);
        vec![low, Coord { x: high.x, y: low.y }, high, Coord { x: low.x, y: high.y }, low]
    };
    let whole = shoelace(&convex);
    let rings = clip(rings, &convex);
    let area: f64 = rings.iter().map(|ring| shoelace(ring)).sum();
    if area <= SPECK {
        return Ok(());
    }
    if area >= whole - SPECK {
        let full = grid.cell_area();
        found.extend(block.cells().map(|cell| Covered { cell, area: full, part: None }));
    } else if single {
        found.push(Covered { cell: block.first, area, part: Some(rings) });
    } else {
        let [one, other] = block.halves();
        cut(grid, one, rings.clone(), most, found)?;
        cut(grid, other, rings, most, found)?;
    }
    if found.len() > most { Err(TooMany { most }) } else { Ok(()) }
}

/// Cuts closed rings by a closed convex ring, counter-clockwise.
pub(super) fn clip(rings: Vec<Vec<Coord<f64>>>, convex: &[Coord<f64>]) -> Vec<Vec<Coord<f64>>> {
    let mut rings = rings;
    for side in convex.windows(2) {
        let (p, q) = (side[0], side[1]);
        // Left of the side is inside.
        let depth = |c: Coord<f64>| (q.x - p.x) * (c.y - p.y) - (q.y - p.y) * (c.x - p.x);
        rings = rings.into_iter().filter_map(|ring| clip_ring(ring, depth)).collect();
    }
    rings
}

fn clip_ring(ring: Vec<Coord<f64>>, depth: impl Fn(Coord<f64>) -> f64) -> Option<Vec<Coord<f64>>> {
    let depths: Vec<f64> = ring.iter().map(|c| depth(*c)).collect();
    if depths.iter().all(|d| *d >= 0.0) {
        return Some(ring);
    }
    if depths.iter().all(|d| *d <= 0.0) {
        return None;
    }
    let mut cut = Vec::with_capacity(ring.len() + 4);
    for (corners, depths) in ring.windows(2).zip(depths.windows(2)) {
        let ([a, b], [da, db]) = ([corners[0], corners[1]], [depths[0], depths[1]]);
        if da >= 0.0 {
            cut.push(a);
        }
        if (da > 0.0 && db < 0.0) || (da < 0.0 && db > 0.0) {
            let part = da / (da - db);
            cut.push(Coord { x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) });
        }
    }
    let first = *cut.first()?;
    cut.push(first);
    (cut.len() > 3).then_some(cut)
}

#[cfg(test)]
pub(super) mod tests {
    use geo_types::{MultiPolygon, polygon};

    use super::*;
    use crate::{analysis::geometry::ground::rings, crs::MetricCrs};

    fn grid(form: CellForm) -> Grid {
        Grid::new(MetricCrs::new(3405).unwrap(), form, 1000).unwrap()
    }

    /// An L of 10 km with a hole.
    pub(in super::super) fn ell_at(x: f64, y: f64) -> MultiPolygon<f64> {
        polygon!(
            exterior: [(x: x, y: y), (x: x + 10_000.0, y: y), (x: x + 9_500.0, y: y + 4_000.0),
                (x: x + 4_000.0, y: y + 4_500.0), (x: x + 4_200.0, y: y + 10_000.0),
                (x: x, y: y + 9_000.0)],
            interiors: [[(x: x + 1_100.0, y: y + 1_100.0), (x: x + 1_100.0, y: y + 3_050.0),
                (x: x + 2_900.0, y: y + 2_000.0)]],
        )
        .into()
    }

    /// An L with its corners off the lattice.
    fn ell() -> MultiPolygon<f64> {
        ell_at(300_300.0, 2_400_700.0)
    }

    #[test]
    fn parts_add_up_to_the_whole_and_no_cell_is_left_out() {
        let area = ell();
        let ground = Ground::of(&area);
        for form in [CellForm::Square, CellForm::Hexagon] {
            let grid = grid(form);
            let covered = cover(grid, &rings(&area), 1000).unwrap();
            let sum: f64 = covered.iter().map(|it| it.area).sum();
            assert!((sum - ground.area()).abs() < 1.0, "{sum} {}", ground.area());
            assert!(covered.windows(2).all(|w| w[0].cell < w[1].cell));
            assert!(covered.iter().any(|it| it.part.is_none()));
            // Each part holds what lies in both its cell and the area, on a net of places.
            let (low, high) = ground.bounds();
            let (mut x, mut y) = (low.x + 7.3, low.y + 3.1);
            while y < high.y {
                while x < high.x {
                    let place = Coord { x, y };
                    let cell = grid.cell_at(place).unwrap();
                    let held = covered
                        .binary_search_by_key(&cell, |it| it.cell)
                        .is_ok_and(|found| covered[found].ground(grid).contains(place));
                    assert_eq!(held, ground.contains(place), "{form:?} {place:?}");
                    x += 211.7;
                }
                x = low.x + 7.3;
                y += 193.3;
            }
        }
    }

    #[test]
    fn too_many_cells_are_refused() {
        let area = rings(&ell());
        assert_eq!(cover(grid(CellForm::Square), &area, 10), Err(TooMany { most: 10 }));
        assert_eq!(cover(grid(CellForm::Square), &[], 10), Ok(Vec::new()));
    }
}
