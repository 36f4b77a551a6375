//! Every address.

use std::convert::Infallible;

use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::{HeaderValue, Uri, header, uri::PathAndQuery},
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use tower::{ServiceExt, service_fn};

use super::{
    collections, conformance, envelope, events, health, items, landing, matrix, openapi,
    problem::Problem, schema, state::HttpState, styles, tiles, web_map,
};

/// What may be done anywhere in this server.
const ALLOWED: &str = "GET, HEAD, OPTIONS";

/// The whole server, without a socket.
pub fn router(state: HttpState) -> Router {
    let addresses = Router::new()
        .route("/", read_only(landing::landing))
        .route("/api", read_only(openapi::openapi))
        .route("/conformance", read_only(conformance::conformance))
        .route("/collections", read_only(collections::collections))
        .route("/collections/{layer}", read_only(collections::collection))
        .route("/collections/{layer}/schema", read_only(schema::schema))
        .route("/collections/{layer}/items", read_only(items::items))
        .route("/collections/{layer}/items/{id}", read_only(items::item))
        .route("/collections/{layer}/styles", read_only(styles::styles))
        .route("/collections/{layer}/styles/{style}", read_only(styles::style))
        .route("/collections/{layer}/tiles", read_only(tiles::tilesets))
        .route("/collections/{layer}/tiles/{matrix}", read_only(tiles::tileset))
        .route("/collections/{layer}/tiles/{matrix}/{zoom}/{row}/{column}", read_only(tiles::tile))
        .route("/tileMatrixSets", read_only(matrix::sets))
        .route("/tileMatrixSets/{matrix}", read_only(matrix::set))
        .route("/events", read_only(events::events))
        .route("/health/live", read_only(health::live))
        .route("/health/ready", read_only(health::ready))
        .fallback_service(read_only(web_map::file).with_state(state.clone()))
        .layer(middleware::from_fn_with_state(state.clone(), envelope::envelope))
        .with_state(state);
    // The path is mended before it is matched, so it takes a router around the router.
    Router::new().fallback_service(service_fn(move |request: Request| {
        let addresses = addresses.clone();
        async move { Ok::<_, Infallible>(addresses.oneshot(mended(request)).await.into_response()) }
    }))
}

/// An address that is only read.
fn read_only<T: 'static>(handler: impl Handler<T, HttpState>) -> MethodRouter<HttpState> {
    get(handler).options(options).fallback(|| async { Problem::method(ALLOWED) })
}

/// QGIS asks by OPTIONS whether it may edit.
async fn options() -> Response {
    ([(header::ALLOW, HeaderValue::from_static(ALLOWED))], "").into_response()
}

/// The request with the slashes at the end of its path taken away.
fn mended(mut request: Request) -> Request {
    let uri = request.uri();
    let path = uri.path().trim_end_matches('/');
    if path.len() == uri.path().len() || uri.path() == "/" {
        return request;
    }
    let path = if path.is_empty() { "/" } else { path };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    if let Ok(path) = format!("{path}{query}").parse::<PathAndQuery>() {
        parts.path_and_query = Some(path);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}
