//! The one pyramid of tiles that is served: OGC's `WebMercatorQuad`.

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    answer::{Keep, answer},
    asked::{Asked, Place},
    documents,
    problem::Problem,
    state::HttpState,
};
use crate::{
    domain::Text,
    encode::{Format, Tile},
};

/// Its id in addresses.
pub(super) const ID: &str = "WebMercatorQuad";

/// Its name in the registry of OGC.
pub(super) const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

const OFFERED: [Format; 2] = [Format::Json, Format::Html];

/// `GET /tileMatrixSets`
pub(super) async fn sets(
    State(state): State<HttpState>,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, own) = (asked.key(format), asked.own_links(format, &OFFERED));
    let link = asked.link(&format!("/tileMatrixSets/{ID}"), "self", Format::Json, ID);
    answer(&state, &asked, key, Keep::Document, move |_context| {
        let document = json!({
            "tileMatrixSets": [{ "id": ID, "uri": URI, "links": documents::links(&[link]) }],
            "links": documents::links(&own),
        });
        Ok(documents::made(format, TITLE, None, &own, &document))
    })
    .await
}

/// `GET /tileMatrixSets/WebMercatorQuad`
pub(super) async fn set(
    State(state): State<HttpState>,
    Place(matrix): Place<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    checked(&matrix)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, own) = (asked.key(format), asked.own_links(format, &OFFERED));
    answer(&state, &asked, key, Keep::Document, move |_context| {
        Ok(documents::made(format, TITLE, None, &own, &definition()))
    })
    .await
}

const TITLE: Text = Text::new("Lưới ô bản đồ", "Tile matrix sets");

/// Refuses every pyramid but the one there is.
pub(super) fn checked(matrix: &str) -> Result<(), Problem> {
    if matrix == ID {
        return Ok(());
    }
    Err(Problem::not_found(format!("There is no tile matrix set `{matrix}`; there is {ID}")))
}

/// As OGC 17-083r4 annex D.1 has it.
fn definition() -> Value {
    const ORIGIN: f64 = 20_037_508.342_789_244;
    let matrices: Vec<Value> = (0..=Tile::MAX_ZOOM)
        .map(|zoom| {
            let side = 1_u64 << zoom;
            let cell = 2.0 * ORIGIN / 256.0 / side as f64;
            json!({
                "id": zoom.to_string(),
                // A pixel of the standard is 0.28 mm wide.
                "scaleDenominator": cell / 0.000_28,
                "cellSize": cell,
                "pointOfOrigin": [-ORIGIN, ORIGIN],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": side,
                "matrixHeight": side,
            })
        })
        .collect();
    json!({
        "id": ID,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
    })
}
