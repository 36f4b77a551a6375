//! The cells of an analysis, and what a season did on them.

mod ground;
mod hexes;
pub(super) mod placed;
pub(super) mod season;

pub(super) use ground::{Cells, MOST_CELLS, cells_around_facts, ground_level};
