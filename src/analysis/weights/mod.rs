//! Who is whose neighbour, and how much of one.
//!
//! `neighbours` holds lists in which every link weighs the same, which is what maps of cells need
//! and what the shared draws are fast on; `rows` holds a number for each link. `contiguity`,
//! `nearest`, `band` and `kernel` make them from places and outlines, `file` from somebody else's
//! table, and `spec` reads which of these is meant. `summary` says what came of it.

mod band;
mod bins;
mod contiguity;
mod kernel;
mod nearest;
mod neighbours;
mod rows;

pub use band::{MOST_LINKS, NoInverse, TooManyLinks, band, inverse_distance, within};
pub use contiguity::{Contiguity, NoContiguity, ROOK_STRETCH, contiguity};
pub use kernel::{Bandwidth, Kernel, kernel};
pub use nearest::{Near, islands_joined, k_nearest, least_band, nearest};
pub use neighbours::Neighbours;
pub use rows::{BadWeights, Sums, Weights};
