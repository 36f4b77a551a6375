//! What a method learns beside its areas: why there is none, and what is left out.

use crate::{analysis::scan::Reason, layers::density::NoSurface};

/// By method.
pub(super) enum Learnt {
    /// Hot cells joined: how many cells were tested.
    Cells {
        /// Those somebody looked at, or all where nothing tells who looked where.
        tested: usize,
    },
    /// Plots grouped.
    Groups {
        /// Plots with a place on the map.
        placed: usize,
        /// How far the plot is that would make a place dense (dbscan).
        kth: Option<Kth>,
    },
    /// A scan.
    Scan {
        /// Places that were searched.
        places: usize,
        /// The p of the strongest circle, where any stands out; or why nothing can be scanned.
        least: Result<Option<f64>, Reason>,
        /// What could not be scanned.
        unscanned: Unscanned,
    },
    /// The densest ground: the patches that are no areas, or why there is no surface.
    Dense(Result<Patches, NoSurface>),
}

/// How far from each plot the plot is that makes its place dense, the plot itself counted, metres.
#[derive(Clone, Copy)]
pub(super) struct Kth {
    pub(super) least: f64,
    pub(super) median: f64,
}

impl Kth {
    /// `None` where there are fewer plots than that.
    pub(super) fn of(mut distances: Vec<f64>) -> Option<Self> {
        distances.sort_by(f64::total_cmp);
        let least = *distances.first()?;
        let high = *distances.get(distances.len() / 2)?;
        let low = *distances.get((distances.len() - 1) / 2)?;
        least.is_finite().then_some(Self { least, median: f64::midpoint(low, high) })
    }
}

/// What a scan of searched ground leaves out: first cells where somebody looked, but hardly anything
/// was searched, or nothing tells how much.
#[derive(Clone, Copy, Default)]
pub(super) struct Unscanned {
    pub(super) cells: usize,
    /// The plots in those.
    pub(super) plots: u64,
    /// The plots in other cells that became known by other ways than search.
    pub(super) other_ways: u64,
}

/// Patches of the densest ground that are no areas.
#[derive(Clone, Copy)]
pub(super) struct Patches {
    /// How far each plot was spread, metres.
    pub(super) radius: f64,
    /// The m² of a cell of the surface.
    pub(super) cell: f64,
    /// Those in which no plot lies.
    pub(super) empty: usize,
    /// Those smaller than a cell of the surface, with plots.
    pub(super) small: usize,
    /// The plots in those.
    pub(super) plots: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_as_many_as_there_are() {
        let of = |distances: &[f64]| Kth::of(distances.to_vec()).map(|it| (it.least, it.median));
        assert_eq!(of(&[3.0, 1.0, 2.0]), Some((1.0, 2.0)));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]), Some((1.0, 2.5)));
        assert_eq!(of(&[f64::INFINITY; 2]), None);
        assert_eq!(of(&[]), None);
    }
}
