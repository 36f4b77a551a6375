//! Answers with a name. A new one is one file beside these, and one name in [`CATALOGUE`].

mod boundaries;
mod cells;
mod choices;
mod density;
mod displacement;
mod hotspot_areas;
mod hotspots;
mod ids;
mod layer;
mod legend;
mod plots;
mod recultivation;
mod refusal;
mod say;
mod schema;
mod scope;
mod search;
mod shared_properties;
mod table;
mod wanted;

pub use choices::Choices;
pub use layer::{
    CellKind, Choice, Cursor, Features, Figure, GeometryKind, Interval, Layer, LayerError,
    LayerFeature, LayerQuery, LayerRaster, Parameter, Property, RasterOf, Shape, Value, ValueKind,
};
pub use legend::{Entry, Legend, Mark, When, legend};
pub use refusal::Refusal;
pub use schema::schema;

/// Every layer we serve.
pub const CATALOGUE: &[&dyn Layer] = &[
    &plots::Plots,
    &plots::PlotOutlines,
    &boundaries::PROVINCES,
    &boundaries::DISTRICTS,
    &boundaries::COMMUNES,
    &boundaries::BorderLines,
    &boundaries::BorderStrips,
    &boundaries::CommuneSummary,
    &hotspots::Hotspots,
    &hotspot_areas::HotspotAreas,
    &density::DensityLayer,
    &search::Coverage,
    &recultivation::Recultivation,
    &displacement::Displacement,
    &search::PatrolTracks,
];

/// The layer with this id.
pub fn layer(id: &str) -> Option<&'static dyn Layer> {
    CATALOGUE.iter().find(|layer| layer.id() == id).copied()
}
