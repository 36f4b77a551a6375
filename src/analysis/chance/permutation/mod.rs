//! Could chance have done it? Counts of shuffled maps that hold as much, or as little, around a
//! unit as the real one does.
//!
//! Two nulls (METHODS §1). *Total*: the values of a neighbourhood and its own unit are drawn from
//! all n; that is the null which the z of Gi* has. *Conditional*: the unit keeps its own value and
//! its k neighbours are drawn from the other n − 1 (esda, GeoDa, spdep).
//!
//! `question` says what is counted, `patterns` which units ask the same of chance, `pool` draws,
//! `shared` counts.

mod patterns;
mod pool;
mod question;
mod shared;
#[cfg(test)]
mod tests;

pub use question::{Counts, Null, Statistic};
pub use shared::{counts, neighbour_counts, watched_counts, weighted_counts};
