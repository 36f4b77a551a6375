//! `GET /`: the landing page for programs, the web map for people.

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{
    answer::{Keep, Made, answer},
    asked::Asked,
    documents, extent,
    problem::Problem,
    state::HttpState,
    web_map,
};
use crate::encode::{About, Format};

const OFFERED: [Format; 2] = [Format::Json, Format::Html];

/// The landing page, or the web map where a browser asks.
pub(super) async fn landing(
    State(state): State<HttpState>,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    if format == Format::Html {
        return web_map::page(&asked.headers);
    }
    let key = asked.key(format);
    let question = asked.clone();
    let pack = state.source.pack().clone();
    answer(&state, &asked, key, Keep::Document, move |context| {
        let snapshot = &context.snapshot;
        let mut links = question.own_links(format, &OFFERED);
        links.extend([
            question.link(
                "/api",
                "service-desc",
                Format::OpenApi,
                "Mô tả giao diện / The interface (OpenAPI 3.0)",
            ),
            question.link_in(
                "/api",
                "service-doc",
                Format::Html,
                "Mô tả giao diện / The interface, for people",
            ),
            question.link(
                "/conformance",
                "conformance",
                Format::Json,
                "Chuẩn đáp ứng / Conformance classes",
            ),
            question.link("/collections", "data", Format::Json, "Các lớp bản đồ / The layers"),
            question.link(
                "/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                Format::Json,
                "Lưới ô / Tile matrix sets",
            ),
        ]);
        let seasons: Vec<_> = snapshot.seasons().iter().map(ToString::to_string).collect();
        let mut document = json!({
            "title": pack.title,
            "title_vi": pack.title,
            "title_en": pack.title_en,
            "description": "poppywatch: nương cây thuốc phiện, địa giới, điểm nóng, mức độ rà soát \
                / plots of opium poppy, boundaries, hotspots, coverage",
            "languages": pack.languages,
            "timeZone": pack.time_zone,
            "metricCrs": format!("EPSG:{}", pack.metric_crs),
            "seasons": seasons,
            "extent": extent::document(snapshot),
            "links": documents::links(&links),
        });
        documents::add_about(&mut document, &About::everything(snapshot, context.today));
        Ok(Made::json(format, &document))
    })
    .await
}
