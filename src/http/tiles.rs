//! Vector tiles of every layer, and the documents by which clients find them.

use std::fmt::Write as _;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    answer::{Context, Keep, Made, answer, answer_in, lane, tag},
    asked::{Asked, Place},
    collections::known,
    documents, extent,
    matrix::{self, ID},
    negotiate,
    params::ANALYTIC,
    problem::Problem,
    query::Query,
    state::HttpState,
};
use crate::{
    app::asking::whole,
    encode::{About, Format, Tile, encode_tile},
    layers::{GeometryKind, Layer, LayerQuery, ValueKind},
};

/// The last zoom that the map asks for: one grid unit is 15 cm there, and closer views enlarge it.
const LAST_ZOOM: u8 = 16;

/// What a tile was made from, in its address: changes nothing but the address, so that a map that
/// hears of a change asks anew while an old tile stays good for the old address.
const VERSION: &str = "v";

/// `GET /collections/{layer}/tiles`
pub(super) async fn tilesets(
    State(state): State<HttpState>,
    Place(id): Place<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    const OFFERED: [Format; 2] = [Format::Json, Format::Html];
    let layer = known(&state, &id)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, question) = (asked.key(format), asked.clone());
    answer(&state, &asked, key, Keep::Document, move |context| {
        let own = question.own_links(format, &OFFERED);
        let path = format!("/collections/{}/tiles/{ID}", layer.id());
        let mut set = description(layer, context, &question);
        let mut links = vec![question.link(&path, "self", Format::Json, layer.title().vi)];
        links.push(question.link_in(&path, "describedby", Format::TileJson, "TileJSON"));
        set["links"] = with_template(&question, layer, documents::links(&links));
        let document = json!({ "tilesets": [set], "links": documents::links(&own) });
        Ok(documents::made(format, layer.title(), None, &own, &document))
    })
    .await
}

/// `GET /collections/{layer}/tiles/WebMercatorQuad`
pub(super) async fn tileset(
    State(state): State<HttpState>,
    Place((id, matrix)): Place<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    const OFFERED: [Format; 3] = [Format::Json, Format::TileJson, Format::Html];
    let layer = known(&state, &id)?;
    matrix::checked(&matrix)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, question) = (asked.key(format), asked.clone());
    let keep = if format == Format::TileJson { Keep::Asking } else { Keep::Document };
    answer(&state, &asked, key, keep, move |context| {
        if format == Format::TileJson {
            return Ok(Made::json(format, &tile_json(layer, context, &question)));
        }
        let own = question.own_links(format, &OFFERED);
        let mut document = description(layer, context, &question);
        document["links"] = with_template(&question, layer, documents::links(&own));
        documents::add_about(&mut document, &About::layer(layer, &context.snapshot, context.today));
        Ok(documents::made(format, layer.title(), None, &own, &document))
    })
    .await
}

/// `GET /collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}`
pub(super) async fn tile(
    State(state): State<HttpState>,
    Place((id, matrix, zoom, row, column)): Place<(String, String, String, String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let layer = known(&state, &id)?;
    matrix::checked(&matrix)?;
    asked.only(&[VERSION])?;
    // `Accept` is not asked: there is one format, and map libraries ask for all kinds of things.
    negotiate::format(&asked.query.keep(&["f"]), &axum::http::HeaderMap::new(), &[Format::Mvt])?;
    let number = |name: &str, text: &str| {
        whole::<u64>(text)
            .ok_or_else(|| Problem::parameter(name, format!("`{text}` is not a whole number")))
    };
    let (zoom, row, column) =
        (number("zoom", &zoom)?, number("row", &row)?, number("column", &column)?);
    let tile =
        Tile::new(zoom, row, column).map_err(|error| Problem::not_found(error.to_string()))?;
    let keep = if asked.query.get(VERSION).is_some() { Keep::TileOfVersion } else { Keep::Asking };
    let query = LayerQuery {
        extent: Some(tile.extent()),
        resolution: tile.resolution(),
        ..asked.question.clone()
    };
    let question = format!("tile {} {query:?} {:?}", layer.id(), tile.get());
    answer_in(lane(layer), &state, &asked, question, keep, move |context| {
        let query = LayerQuery { asker: context.asker.clone(), ..query };
        let features = layer.features(&context.snapshot, &query)?;
        let body = encode_tile(layer, features, tile).unwrap_or_default();
        Ok(Made::new(Format::Mvt, body))
    })
    .await
}

/// The address of tiles with places for their numbers, in the order of OGC or of XYZ.
fn template(asked: &Asked, layer: &dyn Layer, query: &Query, numbers: &str) -> String {
    let path = format!("/collections/{}/tiles/{ID}", layer.id());
    format!("{}/{numbers}{}", asked.base.join(&path, &Query::default()), query.text())
}

fn with_template(asked: &Asked, layer: &dyn Layer, mut links: Value) -> Value {
    let numbers = "{tileMatrix}/{tileRow}/{tileCol}";
    let template = json!({
        "href": template(asked, layer, &asked.analytic, numbers),
        "rel": "item",
        "type": Format::Mvt.media_type(),
        "title": "Mapbox Vector Tiles",
        "templated": true,
    });
    let scheme = json!({
        "href": asked.base.join(&format!("/tileMatrixSets/{ID}"), &Query::default()),
        "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
        "type": Format::Json.media_type(),
        "title": ID,
    });
    if let Some(list) = links.as_array_mut() {
        list.extend([template, scheme]);
    }
    links
}

fn description(layer: &dyn Layer, context: &Context, asked: &Asked) -> Value {
    let [west, south, east, north] = extent::bounds(&context.snapshot);
    json!({
        "title": format!("{} / {}", layer.title().vi, layer.title().en),
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": matrix::URI,
        "tileMatrixSetId": ID,
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": extent::CRS84,
        },
        "layers": [{
            "id": layer.id(),
            "dataType": "vector",
            "geometryDimension": match layer.geometry() {
                GeometryKind::Point => 0,
                GeometryKind::MultiLineString => 1,
                GeometryKind::MultiPolygon => 2,
            },
            "propertiesSchema": { "$ref": asked.base.join(
                &format!("/collections/{}/schema", layer.id()),
                &asked.analytic,
            ) },
        }],
    })
}

/// All that tiles depend on beside their question: the revision, the day, and a mark of the
/// program and of the content. A revision is only a number: another store on the same port may
/// have it too, and tiles that a browser keeps for a day must not show the old store's plots.
fn version(context: &Context) -> String {
    let Context { snapshot, today, .. } = context;
    let mut content = format!("{} {}", env!("CARGO_PKG_VERSION"), snapshot.plot_count(None));
    for set in snapshot.datasets() {
        // Writing to a string cannot fail.
        let _ = write!(content, "\n{} {} {}", set.id, set.sha256, set.accepted);
    }
    format!("{}-{today}-{}", snapshot.revision().0, &tag(content.as_bytes())[..8])
}

/// TileJSON 3.0.0.
fn tile_json(layer: &dyn Layer, context: &Context, asked: &Asked) -> Value {
    let about = About::layer(layer, &context.snapshot, context.today);
    let fields: Map<String, Value> = layer
        .properties()
        .iter()
        .map(|property| {
            let kind = match property.kind {
                ValueKind::Bool => "Boolean",
                ValueKind::Integer | ValueKind::Real => "Number",
                ValueKind::Text | ValueKind::Date => "String",
            };
            (property.name.to_owned(), json!(kind))
        })
        .collect();
    let version = version(context);
    let query = asked.query.keep(&ANALYTIC).with(VERSION, Some(&version));
    json!({
        "tilejson": "3.0.0",
        "name": layer.id(),
        "description": format!("{} / {}", layer.title().vi, layer.title().en),
        "attribution": about.line(),
        "scheme": "xyz",
        "tiles": [template(asked, layer, &query, "{z}/{y}/{x}")],
        "minzoom": 0,
        "maxzoom": LAST_ZOOM,
        "bounds": extent::bounds(&context.snapshot),
        "vector_layers": [{
            "id": layer.id(),
            "description": format!("{} / {}", layer.description().vi, layer.description().en),
            "minzoom": 0,
            "maxzoom": LAST_ZOOM,
            "fields": fields,
        }],
    })
}
