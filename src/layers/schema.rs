//! A layer's properties as a JSON Schema of its GeoJSON features.

use serde_json::{Map, Value as Json, json};

use super::{GeometryKind, Layer, Property, ValueKind};

/// The JSON Schema (2020-12) of a feature of `layer` as GeoJSON: every property is always there,
/// and null where it is not known. Titles and descriptions are Vietnamese, with English beside
/// them under `x-en`.
pub fn schema(layer: &dyn Layer) -> Json {
    let properties: Map<String, Json> =
        layer.properties().iter().map(|it| (it.name.to_owned(), property(it))).collect();
    let names: Vec<&str> = layer.properties().iter().map(|it| it.name).collect();
    let geometry = match layer.geometry() {
        GeometryKind::Point => "Point",
        GeometryKind::MultiLineString => "MultiLineString",
        GeometryKind::MultiPolygon => "MultiPolygon",
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("layer-{}.schema.json", layer.id()),
        "title": layer.title().vi,
        "description": layer.description().vi,
        "x-en": { "title": layer.title().en, "description": layer.description().en },
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": { "const": "Feature" },
            "id": { "type": "integer", "minimum": 0, "exclusiveMaximum": 1_u64 << 53 },
            "geometry": {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {
                    "type": { "const": geometry },
                    "coordinates": { "type": "array" },
                },
            },
            "properties": {
                "type": "object",
                "required": names,
                "additionalProperties": false,
                "properties": properties,
            },
        },
    })
}

fn property(property: &Property) -> Json {
    let kind = match property.kind {
        ValueKind::Bool => "boolean",
        ValueKind::Integer => "integer",
        ValueKind::Real => "number",
        ValueKind::Text | ValueKind::Date => "string",
    };
    let mut said = json!({
        "type": [kind, "null"],
        "title": property.title.vi,
        "description": property.description.vi,
        "x-en": { "title": property.title.en, "description": property.description.en },
    });
    if property.kind == ValueKind::Date {
        said["format"] = json!("date");
    }
    if let Some(unit) = property.unit {
        said["x-ogc-unit"] = json!(unit);
    }
    if !property.words.is_empty() {
        // Null is one of the words too: a closed list would else forbid what the type allows. So
        // is the empty text: not applicable.
        let words = property.words.iter().map(|word| json!(word));
        said["enum"] = words.chain([json!(""), Json::Null]).collect();
    }
    said
}
