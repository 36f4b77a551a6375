//! Answers with a name. A new one is one file beside these, and one name in [`CATALOGUE`].

mod cells;
mod hotspot_reason;
mod hotspots;
mod layer;
mod say;
mod scope;
mod season;
mod table;
mod units;

pub use layer::{
    CellKind, Cursor, Features, GeometryKind, Interval, Layer, LayerError, LayerFeature,
    LayerQuery, Parameter, Property, Shape, Value, ValueKind,
};

/// Every layer we serve.
pub const CATALOGUE: &[&dyn Layer] =
    &[&units::PROVINCES, &units::DISTRICTS, &units::COMMUNES, &hotspots::Hotspots];

/// The layer with this id.
pub fn layer(id: &str) -> Option<&'static dyn Layer> {
    CATALOGUE.iter().find(|layer| layer.id() == id).copied()
}
