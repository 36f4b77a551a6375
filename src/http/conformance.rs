//! `GET /conformance`

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{
    answer::{Keep, answer},
    asked::Asked,
    documents,
    problem::Problem,
    state::HttpState,
};
use crate::{domain::Text, encode::Format};

/// The classes that this server keeps, no more.
const CLASSES: [&str; 11] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
];

const OFFERED: [Format; 2] = [Format::Json, Format::Html];

/// The conformance classes.
pub(super) async fn conformance(
    State(state): State<HttpState>,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, own) = (asked.key(format), asked.own_links(format, &OFFERED));
    answer(&state, &asked, key, Keep::Document, move |_context| {
        let document = json!({ "conformsTo": CLASSES, "links": documents::links(&own) });
        let title = Text::new("Chuẩn đáp ứng", "Conformance");
        Ok(documents::made(format, title, None, &own, &document))
    })
    .await
}
