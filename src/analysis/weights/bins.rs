//! Things sorted by the square bucket of a plane that they lie in.

use geo_types::Coord;
use rayon::prelude::*;

/// Buckets of one side, rows and columns counted from a corner. What lies in a bucket is found by
/// its sorted key: no table, so that a wide empty plane costs nothing.
pub(super) struct Bins {
    low: Coord<f64>,
    side: f64,
    /// (row, column) in one number, and what lies there; ascending.
    sorted: Vec<(u64, u32)>,
}

fn key(row: u32, col: u32) -> u64 {
    u64::from(row) << 32 | u64::from(col)
}

impl Bins {
    /// Empty buckets over the rectangle, `side` wide, or wider where numbers would not do.
    pub(super) fn over((low, high): (Coord<f64>, Coord<f64>), side: f64) -> Self {
        let extent = (high.x - low.x).max(high.y - low.y);
        let side = side.max(extent / f64::from(1 << 30)).max(f64::MIN_POSITIVE);
        Self { low, side, sorted: Vec::new() }
    }

    /// The side of a bucket.
    pub(super) fn side(&self) -> f64 {
        self.side
    }

    /// The row of a northing; what lies south of the rectangle is in the first.
    pub(super) fn row(&self, y: f64) -> u32 {
        ((y - self.low.y) / self.side) as u32
    }

    /// The column of an easting, likewise.
    pub(super) fn col(&self, x: f64) -> u32 {
        ((x - self.low.x) / self.side) as u32
    }

    /// The northing at which `row` begins.
    pub(super) fn south(&self, row: u32) -> f64 {
        self.low.y + f64::from(row) * self.side
    }

    /// Fills the buckets with `things`: row, column, number.
    pub(super) fn filled(mut self, things: impl Iterator<Item = (u32, u32, u32)>) -> Self {
        self.sorted = things.map(|(row, col, thing)| (key(row, col), thing)).collect();
        self.sorted.par_sort_unstable();
        self
    }

    /// What lies in these columns of a row, both included.
    pub(super) fn between(&self, row: u32, west: u32, east: u32) -> &[(u64, u32)] {
        let from = self.sorted.partition_point(|(it, _)| *it < key(row, west));
        let rest = &self.sorted[from..];
        // Few lie there: walking is quicker than halving again.
        let last = key(row, east);
        let count = rest.iter().take_while(|(it, _)| *it <= last).count();
        &rest[..count]
    }
}
