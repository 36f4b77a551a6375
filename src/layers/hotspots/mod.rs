//! hotspots: where plots crowd more than chance would have it, and how the last such map did.

mod by_search;
mod chances;
mod figures;
mod layer;
mod map;
mod measured;
mod properties;
mod question;
mod raw_rate;
mod reason;
mod score_words;
mod stability;
mod test;
mod trend;
mod validation;
mod verdicts;

pub use layer::Hotspots;
pub(super) use verdicts::{HotCell, hot_cells};
