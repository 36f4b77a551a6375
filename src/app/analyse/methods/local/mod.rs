//! The local methods: an answer for every unit.

mod gi;
mod join_counts;
mod moran;
mod table;

pub(super) use gi::{GI, GI_STAR};
pub(super) use join_counts::METHOD as JOIN_COUNTS;
pub(super) use moran::METHOD as MORAN;
