//! Local statistics: what does the neighbourhood of one place say, against the whole map?

pub mod getis_ord;
pub mod join_counts;
pub mod moran;
