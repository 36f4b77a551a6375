//! hotspot-areas: hotspots as ground that can be walked to.

mod area;
mod figures;
mod layer;
mod learnt;
mod methods;
mod reason;
mod scanned;

pub use layer::HotspotAreas;
use layer::{Area, Asked};
