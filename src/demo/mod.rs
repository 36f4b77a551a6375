//! A simulated world: the seasons of the demo deployment, and worlds of any size for benches.
//!
//! Nothing here is real but the names of communes. Simulated poppy grows, teams walk with a bias to
//! the usual places, and only what somebody comes across is reported, so that what the product
//! shows about effort, lines and seasons has something to show it on.
//!
//! Made without the mathematics library: only `+ − × ÷ √`, which IEEE 754 fixes to the bit, so that
//! a seed gives the same bytes on every machine (`chance`, `ground`).

mod bulk;
mod chance;
mod files;
mod grid_world;
mod ground;
mod history;
mod manifest;
mod outreach;
mod relief;
mod seasons;
mod walk;
mod world;

pub use bulk::{events, facts, plots};
pub use files::{DemoFile, SEED, files};
pub use manifest::{Manifest, ManifestFile};
pub use seasons::{Simulated, simulate};
pub use world::{Commune, World, WorldError};
