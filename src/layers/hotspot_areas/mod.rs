//! hotspot-areas: hotspots as ground that can be walked to.

mod area;
mod figures;
mod layer;
mod learnt;
mod methods;
mod reason;

pub use layer::HotspotAreas;
use layer::{Area, Asked};
