//! Which unit became which: two dated sets laid over each other.

use std::sync::Arc;

use super::UnitRef;

/// Ground that one unit of the earlier set and one of the later set share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lineage {
    /// The unit in force on the first date.
    pub from: UnitRef,
    /// The unit in force on the second date.
    pub to: UnitRef,
    /// The ground they share, m² in the metric CRS.
    pub area_m2: f64,
    /// Its share of `from`, 0 to 1.
    pub share_of_from: f64,
    /// Its share of `to`, 0 to 1.
    pub share_of_to: f64,
}

/// A lineage with what was left out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineageReport {
    /// By `from`, then `to`.
    pub pairs: Arc<Vec<Lineage>>,
    /// Overlaps thinner than the error of the lines, left out.
    pub slivers: usize,
    /// Their ground, m².
    pub sliver_area_m2: f64,
}
