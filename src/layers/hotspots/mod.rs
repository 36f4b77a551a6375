//! hotspots: where plots crowd more than chance would have it, and how the last such map did.

mod figures;
mod layer;
mod map;
mod properties;
mod question;
mod raw_rate;
mod reason;
mod stability;
mod test;
mod trend;
mod validation;
mod verdicts;

pub use layer::Hotspots;
pub(super) use verdicts::{HotCell, hot_cells};
