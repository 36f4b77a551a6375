//! Global statistics: one figure for the whole map.

mod chance;
pub mod geary;
pub mod general_g;
pub mod join_counts;
pub mod moran;

pub use chance::{Chance, NoGlobal, Simulated, TOO_FEW};
pub(super) use chance::{constant, deviations};
use chance::{kurtosis, prepared, shuffled_maps};
