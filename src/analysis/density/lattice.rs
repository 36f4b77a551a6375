//! The lattice of places at which a density is told: the centres of square cells, row by row from
//! the south-west.

use geo_types::Coord;
use thiserror::Error;

/// A lattice of square cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    /// Centre of the south-west cell.
    pub first: Coord<f64>,
    /// Side of a cell, above 0.
    pub cell: f64,
    /// Cells from west to east; at least 1.
    pub cols: usize,
    /// Cells from south to north; at least 1.
    pub rows: usize,
}

/// A lattice of more cells than were allowed.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("{nodes} cells of {cell} a side are more than {most}: ask for cells of {wanted} or more")]
pub struct TooManyNodes {
    /// How many there would be.
    pub nodes: f64,
    /// The side that was asked.
    pub cell: f64,
    /// How many were allowed.
    pub most: usize,
    /// A side that would do.
    pub wanted: f64,
}

impl Lattice {
    /// The cells between the corners of a rectangle, `margin` farther to every side. Cells lie at
    /// multiples of their side from the origin of the plane: they stay where they are when points
    /// are added.
    ///
    /// # Errors
    ///
    /// [`TooManyNodes`] beyond `most`, or where anything is not finite.
    pub fn around(
        low: Coord<f64>,
        high: Coord<f64>,
        margin: f64,
        cell: f64,
        most: usize,
    ) -> Result<Self, TooManyNodes> {
        let from = |least: f64| ((least - margin) / cell).floor();
        let to = |most: f64| ((most + margin) / cell).floor();
        let (west, south) = (from(low.x), from(low.y));
        let (cols, rows) = (to(high.x) - west + 1.0, to(high.y) - south + 1.0);
        let nodes = cols * rows;
        let fits = cols >= 1.0 && rows >= 1.0 && nodes <= most as f64;
        if !fits {
            let wanted = cell * (nodes / most as f64).sqrt() * 1.1;
            return Err(TooManyNodes { nodes, cell, most, wanted: wanted.ceil() });
        }
        let first = Coord { x: (west + 0.5) * cell, y: (south + 0.5) * cell };
        Ok(Self { first, cell, cols: cols as usize, rows: rows as usize })
    }

    /// How many cells there are.
    pub const fn len(&self) -> usize {
        self.cols * self.rows
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ground of a cell.
    pub fn cell_area(&self) -> f64 {
        self.cell * self.cell
    }

    /// Where the centre of the cell at `col` and `row` is.
    pub fn centre(&self, col: usize, row: usize) -> Coord<f64> {
        Coord { x: self.first.x + col as f64 * self.cell, y: self.first.y + row as f64 * self.cell }
    }

    /// A place in columns and rows: the centre of the first cell is (0, 0).
    pub fn steps(&self, place: Coord<f64>) -> Coord<f64> {
        Coord { x: (place.x - self.first.x) / self.cell, y: (place.y - self.first.y) / self.cell }
    }

    /// The number of the cell in which a place lies.
    pub fn cell_at(&self, place: Coord<f64>) -> Option<usize> {
        let at = self.steps(place);
        let (col, row) = ((at.x + 0.5).floor(), (at.y + 0.5).floor());
        let inside =
            (0.0..self.cols as f64).contains(&col) && (0.0..self.rows as f64).contains(&row);
        inside.then(|| row as usize * self.cols + col as usize)
    }

    /// A value between the four centres around a place (bilinear); beyond the outer centres that of
    /// the nearest.
    pub fn between(&self, values: &[f64], place: Coord<f64>) -> f64 {
        let at = self.steps(place);
        let split = |at: f64, count: usize| {
            let at = at.clamp(0.0, (count - 1) as f64);
            let low = (at as usize).min(count.saturating_sub(2));
            (low, (low + 1).min(count - 1), at - low as f64)
        };
        let (west, east, x) = split(at.x, self.cols);
        let (south, north, y) = split(at.y, self.rows);
        let value = |row: usize, col: usize| values[row * self.cols + col];
        let along = |row| value(row, west) * (1.0 - x) + value(row, east) * x;
        along(south) * (1.0 - y) + along(north) * y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn cells_lie_at_multiples_of_their_side() {
        let lattice = Lattice::around(at(12.0, -7.0), at(29.0, 3.0), 0.0, 10.0, 100).unwrap();
        assert_eq!((lattice.first, lattice.cols, lattice.rows), (at(15.0, -5.0), 2, 2));
        assert_eq!(lattice.centre(1, 1), at(25.0, 5.0));
        assert_eq!(lattice.cell_at(at(20.0, 0.0)), Some(3));
        assert_eq!(lattice.cell_at(at(30.0, 0.0)), None);
        let wider = Lattice::around(at(12.0, -7.0), at(29.0, 3.0), 5.0, 10.0, 100).unwrap();
        assert_eq!((wider.first, wider.cols, wider.rows), (at(5.0, -15.0), 4, 3));
        let refused = Lattice::around(at(0.0, 0.0), at(1e4, 1e4), 0.0, 1.0, 100).unwrap_err();
        assert!(Lattice::around(at(0.0, 0.0), at(1e4, 1e4), 0.0, refused.wanted, 100).is_ok());
        assert!(Lattice::around(at(0.0, 0.0), at(f64::NAN, 1.0), 0.0, 1.0, 100).is_err());
    }

    #[test]
    fn between_four_centres_a_plane_is_met() {
        let lattice = Lattice { first: at(5.0, 5.0), cell: 10.0, cols: 3, rows: 2 };
        let plane = |p: Coord<f64>| 2.0 * p.x - 3.0 * p.y + 1.0;
        let values: Vec<f64> =
            (0..6).map(|place| plane(lattice.centre(place % 3, place / 3))).collect();
        for place in [at(5.0, 5.0), at(25.0, 15.0), at(11.3, 8.2)] {
            assert!((lattice.between(&values, place) - plane(place)).abs() < 1e-12);
        }
        assert_eq!(lattice.between(&values, at(-50.0, -50.0)), plane(at(5.0, 5.0)));
        let one = Lattice { first: at(5.0, 5.0), cell: 10.0, cols: 1, rows: 1 };
        assert_eq!(one.between(&[7.0], at(0.0, 90.0)), 7.0);
    }
}
