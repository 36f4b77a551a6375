//! The JSON schema of a row of each kind of import, written from the table of fields.

use serde_json::{Map, Value, json};

use super::fields::{FieldSpec, What, fields_of};
use crate::domain::DatasetKind;

/// The schema of a row of `kind`: its fields, what they hold, and the headings that are guessed.
pub fn schema_of(kind: DatasetKind) -> Value {
    let fields = fields_of(kind);
    let mut properties = Map::new();
    for spec in fields {
        properties.insert(spec.name.to_owned(), property(spec));
    }
    let required: Vec<&str> =
        fields.iter().filter(|spec| spec.required).map(|spec| spec.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("A row of an import of {kind}"),
        "description": "Columns are mapped to these fields by --map field=column or a mapping \
            file; `x-headings` are guessed (tone marks, case, spaces and signs are nothing). Other \
            columns are dropped and counted; columns that carry a person are dropped and only \
            their filled rows are counted.",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(spec: &FieldSpec) -> Value {
    let mut property = Map::new();
    let mut put = |key: &str, value: Value| {
        property.insert(key.to_owned(), value);
    };
    put("description", json!(spec.about.en));
    put("x-description-vi", json!(spec.about.vi));
    match spec.what {
        What::Text | What::Code | What::Wkt => put("type", json!("string")),
        What::Date => {
            put("type", json!("string"));
            put("format", json!("date"));
        }
        What::Time => {
            put("type", json!("string"));
            put("format", json!("date-time"));
        }
        What::Season => {
            put("type", json!("string"));
            put("pattern", json!("^[0-9]{4}-[0-9]{4}$"));
        }
        What::Area => {
            put("type", json!("number"));
            put("minimum", json!(0));
            put("x-unit", json!("m²; the heading may say ha or km²"));
        }
        What::Metres => {
            put("type", json!("number"));
            put("minimum", json!(0));
            put("x-unit", json!("m"));
        }
        What::Count => {
            put("type", json!("integer"));
            put("minimum", json!(0));
        }
        What::Longitude => range(&mut put, 180),
        What::Latitude => range(&mut put, 90),
        What::East | What::North => put("type", json!("number")),
        What::Words(words) => {
            put("type", json!("string"));
            put("enum", json!(words));
        }
    }
    put("x-headings", json!(spec.headings));
    if !spec.of_level.is_empty() {
        let of_level: Map<String, Value> = spec
            .of_level
            .iter()
            .map(|(level, headings)| (level.word().to_owned(), json!(headings)))
            .collect();
        put("x-headings-of-level", Value::Object(of_level));
    }
    Value::Object(property)
}

fn range(put: &mut impl FnMut(&str, Value), degrees: i32) {
    put("type", json!("number"));
    put("minimum", json!(-degrees));
    put("maximum", json!(degrees));
}
