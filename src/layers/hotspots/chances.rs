//! How likely chance shows as much around a cell, or as little: by shuffled maps; of rates by what
//! the ground searched lets expect, which shuffling cannot tell where it differs from cell to cell
//! (analysis/rates/together.rs).

use super::by_search::BySearch;
use crate::analysis::chance::{permutation::Counts, tally::Tail};

/// The least p that an answer tells, with nine decimals: none is 0.
const LEAST: f64 = 1e-9;

/// The least p of a side on which nothing is.
const EVEN: f64 = 0.5;

/// Of every cell that is tested; of local Moran more is like its neighbours, less unlike them.
pub(super) enum Chances {
    /// From shuffled maps.
    Shuffled(Counts),
    /// Of rates: the p of more and of less.
    Summed(Vec<[f64; 2]>),
}

impl Chances {
    /// Of rates; `likeness` tells of local Moran whether the cell lies above the mean.
    pub(super) fn of_rates(search: &[Option<BySearch>], likeness: Option<&[bool]>) -> Self {
        let each = |at: usize| {
            let Some(BySearch { together, plots, .. }) = search[at] else { return [1.0; 2] };
            let (upper, lower) = (together.upper.max(LEAST), together.lower.max(LEAST));
            // Rates that scatter widely make any plot at all a wonder: as many as expected are none.
            let more = plots as f64 - together.expected;
            let upper = if more <= 0.0 { upper.max(EVEN) } else { upper };
            let lower = if more >= 0.0 { lower.max(EVEN) } else { lower };
            // Low among low is as alike as high among high.
            if likeness.is_none_or(|above| above[at]) { [upper, lower] } else { [lower, upper] }
        };
        Self::Summed((0..search.len()).map(each).collect())
    }

    pub(super) fn upper(&self, at: usize) -> f64 {
        match self {
            Self::Shuffled(counts) => counts.upper(at),
            Self::Summed(both) => both[at][0],
        }
    }

    pub(super) fn lower(&self, at: usize) -> f64 {
        match self {
            Self::Shuffled(counts) => counts.lower(at),
            Self::Summed(both) => both[at][1],
        }
    }

    /// Whether there is rather less than more.
    pub(super) fn less(&self, at: usize) -> bool {
        self.lower(at) < self.upper(at)
    }

    pub(super) fn p(&self, tail: Tail, at: usize) -> f64 {
        tail.of(self.upper(at), self.lower(at))
    }

    /// Shuffled maps with as much and with as little; `None` where none was shuffled.
    pub(super) fn reached(&self, at: usize) -> Option<[u32; 2]> {
        match self {
            Self::Shuffled(counts) => Some([counts.ge[at], counts.le[at]]),
            Self::Summed(_) => None,
        }
    }
}
