//! At which scale? Where to begin, how far neighbours reach, and what the choice of cells decides.

pub mod incremental_moran;
mod rings;
pub mod spacing;
pub mod stability;
