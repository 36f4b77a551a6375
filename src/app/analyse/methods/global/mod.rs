//! The global methods: one answer for the whole file.

mod geary;
mod general_g;
mod incremental_moran;
mod join_counts;
mod moran;
mod table;

pub(super) use geary::METHOD as GEARY;
pub(super) use general_g::METHOD as GENERAL_G;
pub(super) use incremental_moran::METHOD as INCREMENTAL_MORAN;
pub(super) use join_counts::METHOD as JOIN_COUNTS;
pub(super) use moran::METHOD as MORAN;
