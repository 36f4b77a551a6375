//! hotspot-areas: hotspots as ground that can be walked to.

mod area;
mod layer;
mod methods;
mod reason;

pub use layer::HotspotAreas;
use layer::{Area, Asked};
