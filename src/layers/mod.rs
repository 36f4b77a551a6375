//! Answers with a name. A new one is one file beside these, and one name in [`CATALOGUE`].

mod area;
mod area_methods;
mod area_reason;
mod border_lines;
mod border_strips;
mod cells;
mod choices;
mod cleared;
mod commune_search;
mod commune_summary;
mod coverage;
mod density;
mod density_field;
mod density_words;
mod displaced;
mod displacement;
mod displacement_figures;
mod hexes;
mod hotspot_areas;
mod hotspot_question;
mod hotspot_reason;
mod hotspot_stability;
mod hotspot_test;
mod hotspot_trend;
mod hotspot_validation;
mod hotspots;
mod ids;
mod layer;
mod legend;
mod outlines;
mod placed;
mod plot_values;
mod plot_walk;
mod plots;
mod pyramid;
mod recultivation;
mod recultivation_figures;
mod say;
mod schema;
mod scope;
mod season;
mod summary_properties;
mod table;
mod tracks;
mod units;
mod wanted;

pub use choices::Choices;
pub use layer::{
    CellKind, Cursor, Features, Figure, GeometryKind, Interval, Layer, LayerError, LayerFeature,
    LayerQuery, Parameter, Property, Shape, Value, ValueKind,
};
pub use legend::{Entry, Legend, Mark, When, legend};
pub use schema::schema;

/// Every layer we serve.
pub const CATALOGUE: &[&dyn Layer] = &[
    &plots::Plots,
    &outlines::PlotOutlines,
    &units::PROVINCES,
    &units::DISTRICTS,
    &units::COMMUNES,
    &border_lines::BorderLines,
    &border_strips::BorderStrips,
    &commune_summary::CommuneSummary,
    &hotspots::Hotspots,
    &hotspot_areas::HotspotAreas,
    &density::DensityLayer,
    &coverage::Coverage,
    &recultivation::Recultivation,
    &displacement::Displacement,
    &tracks::PatrolTracks,
];

/// The layer with this id.
pub fn layer(id: &str) -> Option<&'static dyn Layer> {
    CATALOGUE.iter().find(|layer| layer.id() == id).copied()
}
