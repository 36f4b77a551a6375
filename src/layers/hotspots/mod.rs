//! hotspots: where plots crowd more than chance would have it, and how the last such map did.

mod layer;
mod question;
mod reason;
mod stability;
mod test;
mod trend;
mod validation;

pub use layer::Hotspots;
