//! Styles for clients that bring none of their own, out of the legend that the web map has too.

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{
    answer::{Keep, Made, answer},
    asked::{Asked, Place},
    collections::known,
    documents,
    matrix::ID,
    problem::Problem,
    state::HttpState,
};
use crate::encode::{Format, maplibre_style, qml_style};

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
    let links = [
        asked.link_in(&path, "stylesheet", Format::MapLibre, "MapLibre / Mapbox"),
        asked.link_in(&path, "stylesheet", Format::Qml, "QGIS"),
    ];
    answer(&state, &asked, key, Keep::Document, move |_context| {
        let document = json!({
            "default": NAME,
            "styles": [{
                "id": NAME,
                "title": format!("{} / {}", layer.title().vi, layer.title().en),
                "links": documents::links(&links),
            }],
            "links": documents::links(&own),
        });
        Ok(documents::made(format, layer.title(), None, &own, &document))
    })
    .await
}

/// `GET /collections/{layer}/styles/default?f=mapbox`, or `f=qml`
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
    let format = asked.format(&[Format::MapLibre, Format::Qml])?;
    let key = asked.key(format);
    let path = format!("/collections/{}/tiles/{ID}", layer.id());
    let tiles = asked.base.join(&path, &asked.analytic.with("f", Some("tilejson")));
    answer(&state, &asked, key, Keep::Document, move |_context| {
        Ok(match format {
            Format::Qml => Made::new(format, qml_style(layer)),
            _ => Made::json(format, &maplibre_style(layer, &tiles)),
        })
    })
    .await
}
