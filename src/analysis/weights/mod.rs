//! Who is whose neighbour, and how much of one.
//!
//! `neighbours` holds lists in which every link weighs the same, which is what maps of cells need
//! and what the shared draws are fast on; `rows` holds a number for each link; `links` is what the
//! local statistics ask of either. `contiguity`, `nearest`, `band` and `kernel` make them from
//! places and outlines, `file` from somebody else's table, and `spec` reads which of these is
//! meant. `summary` says what came of it.

mod band;
mod bins;
mod contiguity;
mod edges;
mod file;
mod kernel;
mod links;
mod nearest;
mod neighbours;
mod rows;
mod spec;
mod summary;

pub use band::{MOST_LINKS, NoInverse, TooManyLinks, band, inverse_distance, within};
pub use contiguity::{Contiguity, NoContiguity, ROOK_STRETCH, contiguity};
pub use file::{BadTable, from_table, to_table};
pub use kernel::{Bandwidth, Kernel, kernel};
pub use links::Links;
pub use nearest::{Near, islands_joined, k_nearest, least_band, nearest};
pub use neighbours::Neighbours;
pub use rows::{BadWeights, Sums, Weights};
pub use spec::{BadSpec, Ground, NoWeights, WeightsSpec};
pub use summary::Summary;
