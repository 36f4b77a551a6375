//! Squares and equal-area hexagons in the metric CRS, with permanent ids.
//!
//! The grid starts at the origin of the CRS and never moves, so that a cell keeps its id when
//! communes are merged, when plots are added and from one season to the next.

use std::fmt;

use geo_types::Coord;
use thiserror::Error;

use crate::crs::MetricCrs;

/// The least cell size and the step between sizes, in metres: what fits into an id.
pub const SIZE_STEP: u32 = 50;

/// The greatest cell size, in metres.
pub const SIZE_MAX: u32 = 50_000;

/// Columns and rows run from −2^20 to 2^20 − 1.
const REACH: i32 = 1 << 20;

/// The form of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellForm {
    /// A square with sides along the axes.
    Square,
    /// A regular hexagon with a corner to the north.
    Hexagon,
}

/// A grid: the CRS, the form, the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grid {
    crs: MetricCrs,
    form: CellForm,
    size: u32,
}

/// A cell of a grid. Ordered by row, then column, as its packed id is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Counted northward from the origin of the CRS.
    pub row: i32,
    /// Counted eastward from the origin of the CRS.
    pub col: i32,
}

/// A size that no grid can have.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a cell of {0} m: use a multiple of {SIZE_STEP} m from {SIZE_STEP} to {SIZE_MAX}")]
pub struct NotACellSize(pub u32);

impl Grid {
    /// Squares of `size` metres a side, or hexagons of the same area.
    ///
    /// # Errors
    ///
    /// [`NotACellSize`] unless `size` is a multiple of 50 m from 50 m to 50 km: what an id of 53
    /// bits can tell apart.
    pub fn new(crs: MetricCrs, form: CellForm, size: u32) -> Result<Self, NotACellSize> {
        if size.is_multiple_of(SIZE_STEP) && (SIZE_STEP..=SIZE_MAX).contains(&size) {
            Ok(Self { crs, form, size })
        } else {
            Err(NotACellSize(size))
        }
    }

    /// [`Self::new`] for a size that stands in the code and is one.
    pub(super) fn of_known_size(crs: MetricCrs, form: CellForm, size: u32) -> Self {
        debug_assert!(Self::new(crs, form, size).is_ok(), "a size that a grid can have");
        Self { crs, form, size }
    }

    /// The CRS it lies in.
    pub const fn crs(self) -> MetricCrs {
        self.crs
    }

    /// The form of its cells.
    pub const fn form(self) -> CellForm {
        self.form
    }

    /// Metres a side of a square; of a hexagon, of the square of the same area.
    pub const fn size(self) -> u32 {
        self.size
    }

    /// The ground of a whole cell, m² in the plane of the CRS.
    pub fn cell_area(self) -> f64 {
        f64::from(self.size).powi(2)
    }

    /// Width of a column and height of a row.
    fn pitch(self) -> (f64, f64) {
        let size = f64::from(self.size);
        match self.form {
            CellForm::Square => (size, size),
            CellForm::Hexagon => (size * HEXAGON_SIDE * 3f64.sqrt(), size * HEXAGON_SIDE * 1.5),
        }
    }

    /// The cell in which `place` (metres) lies. Of a square the west and south sides belong to it;
    /// on the side of a hexagon rounding decides, always alike. `None` for a place too far away
    /// for any id, or not finite.
    pub fn cell_at(self, place: Coord<f64>) -> Option<Cell> {
        let (width, height) = self.pitch();
        let (col, row) = match self.form {
            CellForm::Square => ((place.x / width).floor(), (place.y / height).floor()),
            CellForm::Hexagon => {
                // Axial coordinates, rounded in the cube: Patel, "Hexagonal grids" (redblobgames).
                let r = place.y / height;
                let q = place.x / width - r / 2.0;
                let (mut rq, mut rr, rs) = (q.round(), r.round(), (-q - r).round());
                let (dq, dr, ds) = ((rq - q).abs(), (rr - r).abs(), (rs + q + r).abs());
                if dq > dr && dq > ds {
                    rq = -rr - rs;
                } else if dr > ds {
                    rr = -rq - rs;
                }
                (rq + ((rr - rr.rem_euclid(2.0)) / 2.0), rr)
            }
        };
        let fits = |index: f64| (f64::from(-REACH)..f64::from(REACH)).contains(&index);
        (fits(col) && fits(row)).then_some(Cell { row: row as i32, col: col as i32 })
    }

    /// The middle of a cell, in metres.
    pub fn centre(self, cell: Cell) -> Coord<f64> {
        let (width, height) = self.pitch();
        let (col, row) = (f64::from(cell.col), f64::from(cell.row));
        match self.form {
            CellForm::Square => Coord { x: (col + 0.5) * width, y: (row + 0.5) * height },
            CellForm::Hexagon => {
                Coord { x: (col + 0.5 * f64::from(odd(cell.row))) * width, y: row * height }
            }
        }
    }

    /// The corners of a cell on the lattice of all corners, counter-clockwise: cells that meet in
    /// a corner name it alike.
    pub fn corners(self, cell: Cell) -> Vec<(i32, i32)> {
        let (col, row) = (cell.col, cell.row);
        match self.form {
            CellForm::Square => {
                vec![(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1)]
            }
            CellForm::Hexagon => {
                let (x, y) = (2 * col + odd(row), 3 * row);
                [(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)]
                    .map(|(dx, dy)| (x + dx, y + dy))
                    .to_vec()
            }
        }
    }

    /// A corner of the lattice, in metres: the same bits for every cell that has it.
    pub fn corner(self, (i, j): (i32, i32)) -> Coord<f64> {
        let (width, height) = self.pitch();
        match self.form {
            CellForm::Square => Coord { x: f64::from(i) * width, y: f64::from(j) * height },
            CellForm::Hexagon => {
                Coord { x: f64::from(i) * width / 2.0, y: f64::from(j) * height / 3.0 }
            }
        }
    }

    /// The closed ring around a cell, counter-clockwise, in metres.
    pub fn ring(self, cell: Cell) -> Vec<Coord<f64>> {
        let mut ring: Vec<_> =
            self.corners(cell).into_iter().map(|corner| self.corner(corner)).collect();
        ring.push(ring[0]);
        ring
    }

    /// The cells that share a side with it and, of squares, a corner too (queen): eight of a
    /// square, six of a hexagon.
    pub fn neighbours(self, cell: Cell) -> Vec<Cell> {
        let steps: &[(i32, i32)] = match (self.form, odd(cell.row)) {
            (CellForm::Square, _) => {
                &[(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)]
            }
            (CellForm::Hexagon, 0) => &[(-1, -1), (0, -1), (-1, 0), (1, 0), (-1, 1), (0, 1)],
            (CellForm::Hexagon, _) => &[(0, -1), (1, -1), (-1, 0), (1, 0), (0, 1), (1, 1)],
        };
        steps
            .iter()
            .map(|(east, north)| Cell { col: cell.col + east, row: cell.row + north })
            .collect()
    }

    /// The first and the last column and row whose cells can meet the rectangle, in metres: too
    /// much rather than too little. `None` where the rectangle lies out of every id's reach.
    pub fn span(self, min: Coord<f64>, max: Coord<f64>) -> Option<(Cell, Cell)> {
        let margin = i32::from(self.form == CellForm::Hexagon);
        let (first, last) = (self.cell_at(min)?, self.cell_at(max)?);
        Some((
            Cell { row: first.row - margin, col: first.col - margin },
            Cell { row: last.row + margin, col: last.col + margin },
        ))
    }

    /// The id for people: CRS, size, column, row, such as `3405-1000-E275-N2478`; an `H` before
    /// the size of a hexagon, and `W` and `S` with the count below zero.
    pub fn name(self, cell: Cell) -> CellName {
        CellName { grid: self, cell }
    }

    /// The id for tiles and GeoPackage: below 2^53 and never 0. From the highest bit: the form
    /// (1 bit), the size in steps of 50 m (10), the row (21), the column (21).
    pub fn pack(self, cell: Cell) -> u64 {
        let form = u64::from(self.form == CellForm::Hexagon);
        let index = |index: i32| u64::from((index + REACH) as u32 & 0x1f_ffff);
        (form << 52)
            | (u64::from(self.size / SIZE_STEP) << 42)
            | (index(cell.row) << 21)
            | index(cell.col)
    }

    /// The cell of a packed id; `None` where the id is of another grid.
    pub fn unpack(self, id: u64) -> Option<Cell> {
        let index = |bits: u64| (bits & 0x1f_ffff) as i32 - REACH;
        let cell = Cell { row: index(id >> 21), col: index(id) };
        (self.pack(cell) == id).then_some(cell)
    }

    /// The cell of an id for people; `None` where it is of another grid, or no id.
    pub fn parse(self, name: &str) -> Option<Cell> {
        let index = |part: &str, up: char, down: char| -> Option<i32> {
            let sign: i32 = if part.starts_with(up) { 1 } else { -1 };
            sign.checked_mul(part.strip_prefix([up, down])?.parse::<i32>().ok()?)
        };
        let mut parts = name.rsplitn(3, '-');
        let (row, col) = (index(parts.next()?, 'N', 'S')?, index(parts.next()?, 'E', 'W')?);
        let cell = Cell { row, col };
        (self.name(cell).to_string() == name).then_some(cell)
    }
}

/// Side of a hexagon of area 1: (3√3/2) a² = 1.
const HEXAGON_SIDE: f64 = 0.620_403_239_401_399_8;

/// 1 for an odd row, which stands half a column further east.
const fn odd(row: i32) -> i32 {
    row & 1
}

/// A cell's id for people; see [`Grid::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellName {
    grid: Grid,
    cell: Cell,
}

impl fmt::Display for CellName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { grid, cell } = self;
        let form = if grid.form == CellForm::Hexagon { "H" } else { "" };
        let east = if cell.col < 0 { 'W' } else { 'E' };
        let north = if cell.row < 0 { 'S' } else { 'N' };
        let (epsg, size) = (grid.crs.epsg().0, grid.size);
        let (col, row) = (cell.col.unsigned_abs(), cell.row.unsigned_abs());
        write!(f, "{epsg}-{form}{size}-{east}{col}-{north}{row}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn grid(form: CellForm, size: u32) -> Grid {
        static CRS: std::sync::LazyLock<MetricCrs> =
            std::sync::LazyLock::new(|| MetricCrs::new(3405).unwrap());
        Grid::new(*CRS, form, size).unwrap()
    }

    fn both() -> [Grid; 2] {
        [grid(CellForm::Square, 1000), grid(CellForm::Hexagon, 1000)]
    }

    fn shoelace(ring: &[Coord<f64>]) -> f64 {
        let o = ring[0];
        ring.windows(2)
            .map(|w| (w[0].x - o.x) * (w[1].y - o.y) - (w[1].x - o.x) * (w[0].y - o.y))
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn a_cell_has_its_permanent_name() {
        let [squares, hexagons] = both();
        let cell = squares.cell_at(Coord { x: 275_000.0, y: 2_478_999.9 }).unwrap();
        assert_eq!(squares.name(cell).to_string(), "3405-1000-E275-N2478");
        assert_eq!(squares.parse("3405-1000-E275-N2478"), Some(cell));
        for wrong in ["3405-500-E275-N2478", "3405-1000-E0275-N2478", "3405-1000-E275", "", "--"] {
            assert_eq!(squares.parse(wrong), None, "{wrong}");
        }
        let below = Cell { row: -3, col: -7 };
        assert_eq!(hexagons.name(below).to_string(), "3405-H1000-W7-S3");
        assert_eq!(hexagons.parse("3405-H1000-W7-S3"), Some(below));
        assert_eq!(hexagons.unpack(squares.pack(below)), None);
    }

    #[test]
    fn only_sizes_that_fit_an_id_are_taken() {
        let crs = MetricCrs::new(3405).unwrap();
        for wrong in [0, 1, 75, 50_050] {
            assert_eq!(Grid::new(crs, CellForm::Square, wrong), Err(NotACellSize(wrong)));
        }
    }

    #[test]
    fn cells_have_the_promised_area() {
        for grid in both() {
            let area = shoelace(&grid.ring(Cell { row: 2478, col: 275 }));
            assert!((area - 1e6).abs() < 1e-3, "{area}");
        }
    }

    #[test]
    fn neighbours_are_mutual_and_touch() {
        for grid in both() {
            for row in [2478, 2479, -1] {
                let cell = Cell { row, col: 275 };
                let corners: HashSet<_> = grid.corners(cell).into_iter().collect();
                let found = grid.neighbours(cell);
                assert_eq!(found.len(), if grid.form() == CellForm::Square { 8 } else { 6 });
                for other in found {
                    assert!(grid.neighbours(other).contains(&cell));
                    let shared = grid.corners(other).iter().filter(|c| corners.contains(c)).count();
                    assert!(shared == 2 || (grid.form() == CellForm::Square && shared == 1));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn an_id_comes_back_as_its_cell(row in -REACH..REACH, col in -REACH..REACH, size in 1_u32..=1000) {
            for form in [CellForm::Square, CellForm::Hexagon] {
                let grid = grid(form, size * SIZE_STEP);
                let cell = Cell { row, col };
                let id = grid.pack(cell);
                prop_assert!(id > 0 && id < 1 << 53);
                prop_assert_eq!(grid.unpack(id), Some(cell));
                prop_assert_eq!(grid.parse(&grid.name(cell).to_string()), Some(cell));
            }
        }

        #[test]
        fn a_place_lies_in_its_cell(x in -2e5..9e5, y in -1e5..3e6) {
            for grid in both() {
                let place = Coord { x, y };
                let cell = grid.cell_at(place).unwrap();
                let ring = grid.ring(cell);
                for side in ring.windows(2) {
                    let cross = (side[1].x - side[0].x) * (y - side[0].y)
                        - (side[1].y - side[0].y) * (x - side[0].x);
                    prop_assert!(cross > -1e-3, "{cross}");
                }
                let centre = grid.centre(cell);
                for other in grid.neighbours(cell) {
                    let away = grid.centre(other);
                    prop_assert!((centre.x - x).hypot(centre.y - y)
                        <= (away.x - x).hypot(away.y - y) + 1e-6);
                }
            }
        }
    }
}
