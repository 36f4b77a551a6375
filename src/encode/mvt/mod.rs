//! Mapbox Vector Tiles 2.1. A tile never loses a plot: points are always written, and ground that
//! the grid would swallow is drawn as the smallest square there is.

mod clip;
mod grid;
mod protobuf;
mod tile;
mod write;

pub use tile::{BUFFER, EXTENT, NotATile, Tile};
pub use write::encode_tile;
