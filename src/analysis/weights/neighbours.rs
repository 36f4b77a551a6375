//! Lists of neighbours in compressed rows, every link of the same weight.

use rustc_hash::FxHashMap;

use crate::analysis::geometry::grid::{Cell, Grid};

/// The neighbours of every unit, itself not among them; each list ascending. Links made from pairs or a
/// grid are mutual; those of [`Self::from_lists`] need not be.
///
/// Weights are binary: the z of Getis and Ord does not change when a row is scaled, so
/// row-standardised weights would say the same (METHODS §1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    starts: Vec<u32>,
    list: Vec<u32>,
}

/// Nobody is here.
const NOBODY: u32 = u32::MAX;

impl Neighbours {
    /// Links between `count` units from pairs of their places. A pair in either order, or twice,
    /// is one link; a unit paired with itself, or a place out of range, is left out.
    pub fn from_pairs(count: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut lists = vec![Vec::new(); count];
        for (a, b) in pairs {
            if a != b && a < count && b < count {
                lists[a].push(b as u32);
                lists[b].push(a as u32);
            }
        }
        let mut starts = Vec::with_capacity(count + 1);
        let mut list = Vec::new();
        starts.push(0);
        for mut found in lists {
            found.sort_unstable();
            found.dedup();
            list.extend(found);
            starts.push(list.len() as u32);
        }
        Self { starts, list }
    }

    /// Neighbours from a list for each unit, in any order: one may be the neighbour of another
    /// without the other being its own (k nearest). The unit itself, a place out of range and a
    /// repetition are left out.
    pub fn from_lists(lists: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let lists: Vec<Vec<u32>> = lists.into_iter().collect();
        let count = lists.len() as u32;
        let mut starts = Vec::with_capacity(lists.len() + 1);
        let mut list = Vec::new();
        starts.push(0);
        for (unit, mut found) in (0..count).zip(lists) {
            found.retain(|other| *other != unit && *other < count);
            found.sort_unstable();
            found.dedup();
            list.extend(found);
            starts.push(list.len() as u32);
        }
        Self { starts, list }
    }

    /// The neighbours of grid cells among each other (queen of squares, six of hexagons): cells
    /// that are not in `cells` are nobody's neighbours. `cells` must be ascending and distinct.
    ///
    /// Cost: linear; a look-up table where the cells fill their rectangle well, else a hash.
    pub fn on_grid(grid: Grid, cells: &[Cell]) -> Self {
        debug_assert!(cells.is_sorted_by(|a, b| a < b), "ascending and distinct");
        let place = Places::of(cells);
        let mut starts = Vec::with_capacity(cells.len() + 1);
        let mut list = Vec::with_capacity(cells.len() * 8);
        starts.push(0);
        for cell in cells {
            // In the order of rows and columns, hence ascending.
            list.extend(grid.neighbours(*cell).into_iter().filter_map(|other| place.get(other)));
            starts.push(list.len() as u32);
        }
        Self { starts, list }
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The places of the neighbours of the unit at `place`.
    ///
    /// # Panics
    ///
    /// Where `place` is not below [`Self::len`].
    pub fn of(&self, place: usize) -> &[u32] {
        &self.list[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// How many neighbours the unit at `place` has.
    ///
    /// # Panics
    ///
    /// As [`Self::of`].
    pub fn count(&self, place: usize) -> usize {
        (self.starts[place + 1] - self.starts[place]) as usize
    }
}

/// From a cell to its place in a sorted list.
enum Places {
    Table { first: Cell, width: i64, table: Vec<u32> },
    Hash(FxHashMap<Cell, u32>),
}

impl Places {
    fn of(cells: &[Cell]) -> Self {
        let cols = || cells.iter().map(|cell| cell.col);
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            return Self::Hash(FxHashMap::default());
        };
        let (west, east) = (cols().min().unwrap_or(0), cols().max().unwrap_or(0));
        let width = i64::from(east) - i64::from(west) + 1;
        let height = i64::from(last.row) - i64::from(first.row) + 1;
        let size = width.saturating_mul(height).unsigned_abs() as usize;
        if size > cells.len().saturating_mul(8) + (1 << 20) {
            let numbered = cells.iter().enumerate().map(|(place, cell)| (*cell, place as u32));
            return Self::Hash(numbered.collect());
        }
        let first = Cell { row: first.row, col: west };
        let mut table = vec![NOBODY; size];
        for (place, cell) in cells.iter().enumerate() {
            let (row, col) = (i64::from(cell.row - first.row), i64::from(cell.col - west));
            table[(row * width + col) as usize] = place as u32;
        }
        Self::Table { first, width, table }
    }

    fn get(&self, cell: Cell) -> Option<u32> {
        match self {
            Self::Hash(places) => places.get(&cell).copied(),
            Self::Table { first, width, table } => {
                let row = i64::from(cell.row) - i64::from(first.row);
                let col = i64::from(cell.col) - i64::from(first.col);
                if row < 0 || col < 0 || col >= *width {
                    return None;
                }
                let found = *table.get((row * width + col) as usize)?;
                (found != NOBODY).then_some(found)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_set, prelude::*};

    use super::*;
    use crate::{analysis::geometry::grid::CellForm, crs::MetricCrs};

    #[test]
    fn pairs_become_mutual_links() {
        let weights = Neighbours::from_pairs(3, [(0, 1), (1, 0), (2, 2), (1, 9)]);
        assert_eq!((weights.of(0), weights.of(1), weights.of(2)), (&[1][..], &[0][..], &[][..]));
        assert_eq!(weights.len(), 3);
        assert!(Neighbours::from_pairs(0, []).is_empty());
    }

    #[test]
    fn lists_may_be_one_sided() {
        let weights = Neighbours::from_lists([vec![2, 1, 1, 0, 7], vec![], vec![0]]);
        assert_eq!((weights.of(0), weights.of(1), weights.of(2)), (&[1, 2][..], &[][..], &[0][..]));
    }

    static CRS: std::sync::LazyLock<MetricCrs> =
        std::sync::LazyLock::new(|| MetricCrs::new(3405).unwrap());

    proptest! {
        /// The table and the hash are only short cuts: they must find what comparing all finds.
        #[test]
        fn short_cuts_agree_with_the_slow_loop(
            near in btree_set((0_i32..12, 0_i32..12), 0..80),
            far in btree_set((0_i32..900_000, 0_i32..900_000), 0..3),
            hexagons: bool,
        ) {
            let form = if hexagons { CellForm::Hexagon } else { CellForm::Square };
            let grid = Grid::new(*CRS, form, 1000).unwrap();
            let mut cells: Vec<Cell> =
                near.into_iter().chain(far).map(|(row, col)| Cell { row, col }).collect();
            cells.sort_unstable();
            cells.dedup();
            let weights = Neighbours::on_grid(grid, &cells);
            prop_assert_eq!(weights.len(), cells.len());
            for (place, cell) in cells.iter().enumerate() {
                let around = grid.neighbours(*cell);
                let slow: Vec<u32> = (0..cells.len() as u32)
                    .filter(|other| around.contains(&cells[*other as usize]))
                    .collect();
                prop_assert_eq!(weights.of(place), &slow[..]);
                prop_assert_eq!(weights.count(place), slow.len());
            }
        }
    }
}
