//! A layer's answer as a GeoTIFF, for layers that are drawn on a lattice.

use axum::response::Response;

use super::{
    answer::{Keep, Made, answer_in, lane},
    asked::Asked,
    download::file_name,
    problem::Problem,
    state::HttpState,
};
use crate::{
    encode::{About, Format, layer_geotiff},
    layers::{Layer, LayerQuery, RasterOf},
};

/// Parameters of features, which cut nothing out of a lattice.
const OF_FEATURES: [&str; 5] = ["limit", "bbox", "cursor", "offset", "resultType"];

/// Why `f=tif` gets nothing from a layer that is no lattice.
pub(super) fn no_lattice(state: &HttpState, layer: &dyn Layer) -> Problem {
    let drawn = state.catalogue.iter().filter(|layer| layer.raster().is_some());
    let drawn: Vec<&str> = drawn.map(|layer| layer.id()).collect();
    Problem::parameter(
        "f",
        format!(
            "`{}` is no lattice of values, which is what a GeoTIFF holds: ask for geojson, html, csv or gpkg; \
             a GeoTIFF there is of {}",
            layer.id(),
            drawn.join(", ")
        ),
    )
}

/// The whole lattice of an answer. It is bounded by the layer, so it is made and kept in memory.
pub(super) async fn lattice(
    state: &HttpState,
    asked: &Asked,
    layer: &'static dyn Layer,
    draw: RasterOf,
) -> Result<Response, Problem> {
    if let Some(name) = OF_FEATURES.into_iter().find(|name| asked.query.get(name).is_some()) {
        let detail = "cuts nothing out of a GeoTIFF, which holds the whole lattice: leave it out";
        return Err(Problem::parameter(name, detail));
    }
    let query = asked.question.clone();
    let name = file_name(layer, &query, Format::GeoTiff);
    answer_in(
        lane(layer),
        state,
        asked,
        asked.key(Format::GeoTiff),
        Keep::Document,
        move |context| {
            let query = LayerQuery { asker: context.asker.clone(), ..query };
            let drawn = draw(&context.snapshot, &query)?.map_err(|reason| {
            Problem::not_found(format!(
                "There is no lattice to draw: {reason}; the features (f=geojson) tell why in words"
            ))
        })?;
            let about = About::answer(layer, &context.snapshot, &query)?;
            let mut made = Made::new(Format::GeoTiff, layer_geotiff(layer, &drawn, &about)?);
            made.headers =
                vec![("content-disposition", format!("attachment; filename=\"{name}\""))];
            Ok(made)
        },
    )
    .await
}
