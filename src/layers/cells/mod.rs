//! The cells of an analysis, and what a season did on them.

mod bound;
mod facts;
mod ground;
mod hexes;
mod on_grid;
pub(super) mod placed;
pub(super) mod season;

pub(super) use bound::MOST_CELLS;
pub(super) use facts::cells_around_facts;
pub(super) use ground::{Cells, ground_level};
