//! How many cells an answer may have.

/// The most cells that an answer has: a country of 500,000 km² in squares of a kilometre, a
/// province of 9,000 km² in squares of 150 m; some 100 MB.
pub(in crate::layers) const MOST_CELLS: usize = 500_000;
