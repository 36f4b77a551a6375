//! density: where plots lie most densely, and where they grew since the season before.

mod densest;
mod field;
mod figures;
mod layer;
mod looked;
mod patches;
mod surface;
mod words;

pub(super) use densest::{NoSurface, densest};
pub(super) use field::{KERNELS, RULES};
pub use layer::DensityLayer;
use layer::{Answer, DensityRow, Kind, Made};
