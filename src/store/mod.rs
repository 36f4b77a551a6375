//! What must survive a restart: one append-only, hash-chained log of events, and the tables that
//! people open, folded from it. Both lie in one GeoPackage.

mod backup;
mod cells;
mod error;
mod facts;
mod fold;
mod geometry;
mod geopackage;
mod load;
mod log;
mod open;
mod plot_facts;
mod plots;
mod schema;
mod verify;

pub use error::StoreError;
pub use geopackage::{Appended, Store};
pub use log::Head;
pub use verify::{Difference, Verified};
