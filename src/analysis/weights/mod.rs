//! Who is whose neighbour, and how much of one.
//!
//! `neighbours` holds lists in which every link weighs the same, which is what maps of cells need
//! and what the shared draws are fast on; `rows` holds a number for each link; `links` is what the
//! local statistics ask of either.

mod links;
mod neighbours;
mod rows;

pub use links::Links;
pub use neighbours::Neighbours;
pub use rows::{BadWeights, Sums, Weights};
