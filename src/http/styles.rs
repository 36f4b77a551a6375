//! Plain styles for clients that bring none of their own. The web map has better ones.

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    answer::{Keep, Made, answer},
    asked::{Asked, Place},
    collections::known,
    documents,
    matrix::ID,
    problem::Problem,
    state::HttpState,
};
use crate::{
    encode::Format,
    layers::{GeometryKind, Layer},
};

/// The one style of each layer.
const NAME: &str = "default";

/// `GET /collections/{layer}/styles`
pub(super) async fn styles(
    State(state): State<HttpState>,
    Place(id): Place<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    const OFFERED: [Format; 2] = [Format::Json, Format::Html];
    let layer = known(&state, &id)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, own) = (asked.key(format), asked.own_links(format, &OFFERED));
    let path = format!("/collections/{}/styles/{NAME}", layer.id());
    let link = asked.link_in(&path, "stylesheet", Format::MapLibre, "MapLibre / Mapbox");
    answer(&state, &asked, key, Keep::Document, move |_context| {
        let document = json!({
            "default": NAME,
            "styles": [{
                "id": NAME,
                "title": format!("{} / {}", layer.title().vi, layer.title().en),
                "links": documents::links(&[link]),
            }],
            "links": documents::links(&own),
        });
        Ok(documents::made(format, layer.title(), None, &own, &document))
    })
    .await
}

/// `GET /collections/{layer}/styles/default?f=mapbox`
pub(super) async fn style(
    State(state): State<HttpState>,
    Place((id, name)): Place<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let layer = known(&state, &id)?;
    if name != NAME {
        return Err(Problem::not_found(format!("There is no style `{name}`; there is {NAME}")));
    }
    asked.only(&[])?;
    let format = asked.format(&[Format::MapLibre])?;
    let key = asked.key(format);
    let path = format!("/collections/{}/tiles/{ID}", layer.id());
    let tiles = asked.base.join(&path, &asked.analytic.with("f", Some("tilejson")));
    answer(&state, &asked, key, Keep::Document, move |_context| {
        Ok(Made::json(format, &maplibre(layer, &tiles)))
    })
    .await
}

/// A MapLibre style of one layer; colours by its first property with a closed list of words.
fn maplibre(layer: &dyn Layer, tiles: &str) -> Value {
    let colour = colour(layer);
    let source = layer.id();
    let part = |kind: &str, paint: Value| {
        json!({
            "id": format!("{source}-{kind}"),
            "type": kind,
            "source": source,
            "source-layer": source,
            "paint": paint,
        })
    };
    let layers = match layer.geometry() {
        GeometryKind::Point => vec![part(
            "circle",
            json!({
                "circle-color": colour,
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 6, 2.5, 12, 5],
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": 1,
            }),
        )],
        GeometryKind::MultiLineString => {
            vec![part("line", json!({ "line-color": colour, "line-width": 1.5 }))]
        }
        GeometryKind::MultiPolygon => vec![
            part("fill", json!({ "fill-color": colour, "fill-opacity": 0.35 })),
            part("line", json!({ "line-color": colour, "line-width": 1 })),
        ],
    };
    json!({
        "version": 8,
        "name": layer.id(),
        "sources": { source: { "type": "vector", "url": tiles } },
        "layers": layers,
    })
}

/// Okabe and Ito's colours, told apart by colour-blind people too.
const COLOURS: [&str; 7] =
    ["#d55e00", "#e69f00", "#0072b2", "#009e73", "#56b4e9", "#cc79a7", "#595959"];

fn colour(layer: &dyn Layer) -> Value {
    let words = layer.properties().iter().find(|property| property.words.len() > 1);
    let Some(property) = words else { return json!(COLOURS[0]) };
    let mut choice = vec![json!("match"), json!(["get", property.name])];
    for (word, colour) in property.words.iter().zip(COLOURS.iter().cycle()) {
        choice.extend([json!(word), json!(colour)]);
    }
    choice.push(json!("#999999"));
    Value::Array(choice)
}
