//! `GET /api`: OpenAPI 3.0.3, built from the catalogue. Clients read page sizes and parameters out
//! of it, and some read all of it once a layer, so it stays small.

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    answer::{Keep, answer},
    asked::Asked,
    documents,
    params::{ANALYTIC, DEFAULT_LIMIT, MAX_LIMIT},
    problem::Problem,
    state::HttpState,
};
use crate::{
    analysis::chance::{permutation::Null, significance::Adjust, tally::Tail},
    analysis::{
        chance::significance::CLASS_RATES,
        geometry::grid::{SIZE_MAX, SIZE_STEP},
    },
    app::asking::{MOST_DISTANCE, PERMUTATIONS},
    domain::Text,
    encode::Format,
    layers::{Layer, LayerQuery, Parameter},
};

const OFFERED: [Format; 2] = [Format::OpenApi, Format::Html];

/// The document.
pub(super) async fn openapi(
    State(state): State<HttpState>,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, own) = (asked.key(format), asked.own_links(format, &OFFERED));
    let server = asked.base.text().to_owned();
    answer(&state, &asked, key, Keep::Document, move |context| {
        let defaults = LayerQuery::on(context.today);
        let document = document(context.catalogue, &server, &defaults);
        let title = Text::new("Mô tả giao diện", "The interface");
        Ok(documents::made(format, title, None, &own, &document))
    })
    .await
}

fn document(catalogue: &[&dyn Layer], server: &str, defaults: &LayerQuery) -> Value {
    let mut paths = Map::new();
    let mut add = |path: &str, operation: Value| {
        paths.insert(path.to_owned(), json!({ "get": operation }));
    };
    for (path, id, summary, tag) in PAGES {
        add(path, operation(id, summary, tag, &ANALYTIC, "application/json"));
    }
    for layer in catalogue {
        describe(layer, &mut add);
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "poppywatch",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "OGC API Features and Tiles, read only.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": server }],
        "tags": [{ "name": "server" }, { "name": "data" }, { "name": "tiles" }],
        "paths": paths,
        "components": { "parameters": parameters(defaults), "responses": responses() },
    })
}

/// Addresses that are no layer's.
const PAGES: [(&str, &str, &str, &str); 6] = [
    ("/", "getLandingPage", "The landing page", "server"),
    ("/conformance", "getConformance", "Conformance classes", "server"),
    ("/api", "getApi", "This document", "server"),
    ("/collections", "getCollections", "The layers", "data"),
    ("/tileMatrixSets", "getTileMatrixSets", "Tile matrix sets", "tiles"),
    (
        "/tileMatrixSets/WebMercatorQuad",
        "getTileMatrixSet",
        "The tile matrix set WebMercatorQuad",
        "tiles",
    ),
];

fn describe(layer: &&dyn Layer, add: &mut impl FnMut(&str, Value)) {
    let (id, title) = (layer.id(), layer.title().en);
    // Every address takes every parameter of analysis; these are the ones that change the answer.
    let (worded, own): (Vec<Parameter>, Vec<Parameter>) =
        layer.parameters().iter().partition(|known| !known.words().is_empty());
    let own: Vec<&str> = own.into_iter().map(Parameter::word).collect();
    let with = |more: &[&'static str]| -> Vec<&str> {
        let datetime = (!own.contains(&Parameter::Datetime.word())).then_some("datetime");
        [&own[..], datetime.as_slice(), &["as_of"], more].concat()
    };
    // Words differ from layer to layer: such parameters stand with each operation.
    let mut add = |path: &str, mut operation: Value| {
        if let Some(list) = operation["parameters"].as_array_mut() {
            list.extend(worded.iter().map(|known| worded_parameter(*known)));
        }
        add(path, operation);
    };
    let path = format!("/collections/{id}");
    add(&path, operation(&format!("{id}.describe"), title, "data", &with(&[]), "application/json"));
    add(
        &format!("{path}/schema"),
        operation(&format!("{id}.schema"), title, "data", &[], "application/schema+json"),
    );
    let mut items = operation(
        &format!("{id}.getFeatures"),
        title,
        "data",
        &with(&["limit", "bbox", "cursor", "offset", "resultType"]),
        "application/geo+json",
    );
    if layer.raster().is_some() {
        items["responses"]["200"]["content"][Format::GeoTiff.media_type()] =
            json!({ "schema": { "type": "string", "format": "binary" } });
    }
    add(&format!("{path}/items"), items);
    let mut item =
        operation(&format!("{id}.getFeature"), title, "data", &with(&[]), "application/geo+json");
    push_path(&mut item, &["featureId"]);
    add(&format!("{path}/items/{{featureId}}"), item);
    let tiles = format!("{path}/tiles");
    add(
        &tiles,
        operation(
            &format!("{id}.collection.vector.getTileSetsList"),
            title,
            "tiles",
            &with(&[]),
            "application/json",
        ),
    );
    add(
        &format!("{tiles}/WebMercatorQuad"),
        operation(
            &format!("{id}.collection.vector.getTileSet"),
            title,
            "tiles",
            &with(&[]),
            "application/json",
        ),
    );
    let mut tile = operation(
        &format!("{id}.collection.vector.getTile"),
        title,
        "tiles",
        &with(&[]),
        Format::Mvt.media_type(),
    );
    push_path(&mut tile, &["tileMatrix", "tileRow", "tileCol"]);
    tile["responses"]["204"] = json!({ "description": "Nothing lies on this tile" });
    add(&format!("{tiles}/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"), tile);
}

fn operation(id: &str, summary: &str, tag: &str, parameters: &[&str], media: &str) -> Value {
    let mut all: Vec<Value> = parameters
        .iter()
        .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }))
        .collect();
    all.push(json!({ "$ref": "#/components/parameters/f" }));
    json!({
        "operationId": id,
        "summary": summary,
        "tags": [tag],
        "parameters": all,
        "responses": {
            "200": { "description": "OK", "content": { media: { "schema": {} } } },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    })
}

fn push_path(operation: &mut Value, names: &[&str]) {
    if let Some(list) = operation["parameters"].as_array_mut() {
        list.extend(names.iter().map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "integer" } })
        }));
    }
}

fn worded_parameter(parameter: Parameter) -> Value {
    let words = parameter.words();
    let description = format!("The default is {}", words.first().unwrap_or(&""));
    let schema = json!({ "type": "string", "enum": words, "default": words.first() });
    query(parameter.word(), &description, schema).1
}

#[expect(clippy::needless_pass_by_value, reason = "called with documents made on the spot")]
fn query(name: &str, description: &str, schema: Value) -> (String, Value) {
    let parameter = json!({
        "name": name,
        "in": "query",
        "required": false,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": false,
    });
    (name.to_owned(), parameter)
}

/// What is said of a parameter whose words differ from layer to layer.
const WORDED: &str = "See the operations of the layers that listen to it";

fn parameters(defaults: &LayerQuery) -> Map<String, Value> {
    let [.., loosest_rate] = CLASS_RATES;
    let cell = defaults.cell.to_string();
    Map::from_iter([
        query(
            "limit",
            "Features on a page; more than the maximum is the maximum",
            json!({
                "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT,
            }),
        ),
        query(
            "bbox",
            "west,south,east,north in degrees",
            json!({
                "oneOf": [
                    { "minItems": 4, "maxItems": 4 },
                    { "minItems": 6, "maxItems": 6 },
                ],
                "type": "array",
                "items": { "type": "number" },
            }),
        ),
        query("datetime", "A day, from/to, from/.., ../to", json!({ "type": "string" })),
        query("cursor", "The mark in a next link", json!({ "type": "string" })),
        query(
            "offset",
            "Features to leave out first; cursor is faster",
            json!({ "type": "integer", "minimum": 0, "default": 0 }),
        ),
        query(
            "resultType",
            "hits: only the number of features",
            json!({ "type": "string", "enum": ["results", "hits"], "default": "results" }),
        ),
        query("f", "The format; overrides Accept", json!({ "type": "string" })),
        query(
            "season",
            "The season, 1 July to 30 June, such as 2025-2026; a span of them, such as \
             2021-2022/2025-2026, for layers that compare seasons",
            json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{4}(/[0-9]{4}-[0-9]{4})?$" }),
        ),
        query(
            "cell",
            &format!(
                "square:<metres>, hexagon:<metres>, h3:<resolution> (5 to 9), commune or district; metres \
                 a multiple of {SIZE_STEP} from {SIZE_STEP} to {SIZE_MAX}"
            ),
            json!({ "type": "string", "default": cell }),
        ),
        query(
            "units_on",
            "Units in force on this day, or today, in place of each fact's own",
            json!({ "type": "string" }),
        ),
        query("as_of", "What was known at a revision or time", json!({ "type": "string" })),
        query(
            "permutations",
            "Permutations of a test",
            json!({
                "type": "integer", "minimum": PERMUTATIONS.start(), "maximum": PERMUTATIONS.end(),
                "default": defaults.permutations,
            }),
        ),
        query(
            "seed",
            "Seed of a test",
            json!({ "type": "integer", "minimum": 0, "default": defaults.seed }),
        ),
        query(
            "alpha",
            "False-discovery rate",
            json!({
                "type": "number", "minimum": 0, "exclusiveMinimum": true,
                "maximum": loosest_rate, "default": defaults.alpha,
            }),
        ),
        query("method", WORDED, json!({ "type": "string" })),
        query(
            "weights",
            "Who is whose neighbour: queen, rook, knn:<number>, band:<metres>",
            json!({ "type": "string" }),
        ),
        query("value", WORDED, json!({ "type": "string" })),
        query("null", WORDED, json!({ "type": "string", "enum": Null::WORDS })),
        query("adjust", WORDED, json!({ "type": "string", "enum": Adjust::WORDS })),
        query("tail", WORDED, json!({ "type": "string", "enum": Tail::WORDS })),
        query("kernel", WORDED, json!({ "type": "string" })),
        query(
            "bandwidth",
            "Metres, or the name of a rule that chooses them",
            json!({ "type": "string" }),
        ),
        query(
            "distance",
            "How near is near, in metres",
            json!({
                "type": "number", "minimum": 0, "exclusiveMinimum": true,
                "maximum": MOST_DISTANCE,
            }),
        ),
        query(
            "stability",
            "Whether to ask how an answer holds with other cells and neighbours",
            json!({ "type": "boolean", "default": false }),
        ),
    ])
}

fn responses() -> Value {
    json!({ "Problem": {
        "description": "What is wrong (RFC 9457)",
        "content": { "application/problem+json": { "schema": {
            "type": "object",
            "properties": {
                "type": { "type": "string" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string" },
                "detail_vi": {
                    "type": "string",
                    "description": "The same in Vietnamese, where a person can come to it from the map",
                },
                "instance": { "type": "string" },
                "requestId": { "type": "string" },
                "errors": { "type": "array", "items": {
                    "type": "object",
                    "properties": {
                        "parameter": { "type": "string" },
                        "detail": { "type": "string" },
                    },
                } },
            },
        } } },
    } })
}
