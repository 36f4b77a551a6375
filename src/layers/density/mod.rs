//! density: where plots lie most densely, and where they grew since the season before.

mod field;
mod layer;
mod words;

pub use layer::DensityLayer;
use layer::{Answer, DensityRow, Kind, Made};
