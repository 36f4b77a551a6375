//! At which scale? Where to begin, how far neighbours reach, and what the choice of cells decides.

pub mod incremental_moran;
pub mod spacing;
pub mod stability;
