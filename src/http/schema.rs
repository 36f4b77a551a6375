//! `GET /collections/{layer}/schema`: the properties of a layer (OGC API Features Part 5), by which
//! newer clients know the columns without guessing.

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    answer::{Keep, answer},
    asked::{Asked, Place},
    collections::known,
    documents,
    problem::Problem,
    state::HttpState,
};
use crate::{
    encode::Format,
    layers::{GeometryKind, Layer, Property, ValueKind},
};

const OFFERED: [Format; 2] = [Format::Schema, Format::Html];

/// The schema of a layer.
pub(super) async fn schema(
    State(state): State<HttpState>,
    Place(id): Place<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let layer = known(&state, &id)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, own) = (asked.key(format), asked.own_links(format, &OFFERED));
    let address = asked.base.join(&asked.path, &asked.analytic);
    answer(&state, &asked, key, Keep::Document, move |_context| {
        let document = document(layer, &address);
        Ok(documents::made(format, layer.title(), None, &own, &document))
    })
    .await
}

/// JSON Schema 2020-12 of the features of `layer`.
fn document(layer: &dyn Layer, address: &str) -> Value {
    let mut properties = Map::new();
    properties.insert(
        "id".to_owned(),
        json!({
            "title": "id", "type": "integer", "x-ogc-role": "id", "x-ogc-propertySeq": 1,
            "readOnly": true,
        }),
    );
    properties.insert(
        "geometry".to_owned(),
        json!({
            "title": "Hình / Shape",
            "format": match layer.geometry() {
                GeometryKind::Point => "geometry-point",
                GeometryKind::MultiLineString => "geometry-multilinestring",
                GeometryKind::MultiPolygon => "geometry-multipolygon",
            },
            "x-ogc-role": "primary-geometry",
            "x-ogc-propertySeq": 2,
        }),
    );
    for (place, property) in layer.properties().iter().enumerate() {
        properties.insert(property.name.to_owned(), column(property, place + 3));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": format!("{} / {}", layer.title().vi, layer.title().en),
        "description": format!("{} / {}", layer.description().vi, layer.description().en),
        "properties": properties,
        "additionalProperties": false,
    })
}

fn column(property: &Property, place: usize) -> Value {
    let mut column = json!({
        "title": format!("{} / {}", property.title.vi, property.title.en),
        "title_vi": property.title.vi,
        "title_en": property.title.en,
        "description": format!("{} / {}", property.description.vi, property.description.en),
        "description_vi": property.description.vi,
        "description_en": property.description.en,
        // A plain word although a value can be null: QGIS does not read lists of types.
        "type": match property.kind {
            ValueKind::Bool => "boolean",
            ValueKind::Integer => "integer",
            ValueKind::Real => "number",
            ValueKind::Text | ValueKind::Date => "string",
        },
        "x-ogc-propertySeq": place,
    });
    if property.kind == ValueKind::Date {
        column["format"] = json!("date");
    }
    if let Some(unit) = property.unit {
        column["x-ogc-unit"] = json!(unit);
        column["x-ogc-unitLang"] = json!("UCUM");
    }
    if !property.words.is_empty() {
        column["enum"] = json!(property.words);
    }
    column
}
