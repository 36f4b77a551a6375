//! A layer becomes bytes: one format, one file. Every writer takes features one at a time and
//! never holds them all.

mod about;
mod csv;
mod error;
mod format;
mod geojson;
mod geotiff;
mod gpkg;
pub mod html;
mod json;
mod maplibre;
mod mvt;
mod qml;

pub use about::{About, Note, NoteKind};
pub use csv::write_csv;
pub use error::EncodeError;
pub use format::{CompressWhen, Format};
pub use geojson::{Link, Page, Written, write_collection, write_feature};
pub use geotiff::{geotiff, layer_geotiff};
pub use gpkg::write_gpkg;
pub use maplibre::maplibre_style;
pub use mvt::{BUFFER, EXTENT, NotATile, Tile, encode_tile};
pub use qml::qml_style;
