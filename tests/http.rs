//! The whole server without a socket: what clients ask, what they get, and what hostile ones get.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::{
    collections::BTreeSet,
    io::Read,
    sync::{Arc, atomic::Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use jiff::civil::Date;
use poppywatch::{
    app::{AsOf, Source, SourceError},
    domain::CountryPack,
    http::{Cors, HttpLimits, HttpState, router},
    snapshot::Snapshot,
};
use proptest::prelude::*;
use serde_json::Value;
use support::{LAYERS, PLACES, state};
use tower::ServiceExt;

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn link(&self, rel: &str) -> Option<String> {
        let links = self.json()["links"].clone();
        let link = links.as_array()?.iter().find(|link| link["rel"] == rel)?.clone();
        Some(link["href"].as_str()?.to_owned())
    }
}

async fn ask(server: &Router, request: Request<Body>) -> Got {
    let response = server.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 28).await.unwrap().to_vec();
    Got { status: parts.status, headers: parts.headers, body }
}

fn request(path: &str) -> axum::http::request::Builder {
    let path = path.strip_prefix("http://maps.example").unwrap_or(path);
    Request::builder().uri(path).header(header::HOST, "maps.example")
}

async fn get(server: &Router, path: &str) -> Got {
    ask(server, request(path).body(Body::empty()).unwrap()).await
}

async fn fine(server: &Router, path: &str) -> Got {
    let got = get(server, path).await;
    assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.text());
    got
}

#[tokio::test]
async fn qgis_finds_its_way_from_the_landing_page_to_features() {
    let server = router(state());
    // QGIS and GDAL append the base address's query everywhere.
    let landing = fine(&server, "/?season=2025-2026&cell=square:1000").await;
    assert_eq!(landing.header("content-type"), "application/json");
    let desc = landing.json()["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["rel"] == "service-desc")
        .unwrap()
        .clone();
    assert_eq!(desc["type"], "application/vnd.oai.openapi+json;version=3.0");
    let api = fine(&server, desc["href"].as_str().unwrap()).await.json();
    assert_eq!(api["openapi"], "3.0.3");
    assert_eq!(api["components"]["parameters"]["limit"]["schema"]["maximum"], 10_000);
    assert_eq!(api["components"]["parameters"]["limit"]["schema"]["default"], 1000);
    let data = landing.link("data").unwrap();
    assert_eq!(data, "http://maps.example/collections?season=2025-2026&cell=square:1000");
    let collections = fine(&server, &data).await.json();
    for (entry, layer) in collections["collections"].as_array().unwrap().iter().zip(LAYERS) {
        assert_eq!(entry["id"], layer.id());
        assert_eq!(entry["notes"][0]["kind"], "simulated");
        assert_eq!(entry["attribution"], "© OpenStreetMap contributors");
        let literal = format!("/collections/{}/items", layer.id());
        assert!(api["paths"][&literal]["get"]["operationId"].is_string());
        for link in entry["links"].as_array().unwrap() {
            let href = link["href"].as_str().unwrap();
            assert!(href.contains("season=2025-2026&cell=square:1000"), "{href}");
            fine(&server, href).await;
        }
        let one = fine(&server, &format!("/collections/{}", layer.id())).await;
        assert!(one.link("items").is_some() && one.link("describedBy").is_some());
    }
    for path in ["/conformance", "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad"] {
        fine(&server, path).await;
    }
}

#[tokio::test]
async fn the_interface_tells_the_defaults_and_bounds_that_hold() {
    let api = fine(&router(state()), "/api").await.json();
    let parameters = &api["components"]["parameters"];
    let defaults = poppywatch::layers::LayerQuery::on(support::TODAY);
    assert_eq!(parameters["permutations"]["schema"]["default"], defaults.permutations);
    assert_eq!(parameters["seed"]["schema"]["default"], defaults.seed);
    assert_eq!(parameters["alpha"]["schema"]["default"], defaults.alpha);
    assert_eq!(parameters["alpha"]["schema"]["maximum"], 0.1);
    assert_eq!(parameters["cell"]["schema"]["default"], "square:1000");
    let cell = parameters["cell"]["description"].as_str().unwrap();
    assert!(cell.contains("a multiple of 50 from 50 to 50000"), "{cell}");
}

#[tokio::test]
async fn operation_ids_are_unique_and_references_lead_somewhere() {
    let server = router(state());
    let api = fine(&server, "/api").await.json();
    let mut ids = BTreeSet::new();
    for path in api["paths"].as_object().unwrap().values() {
        let operation = &path["get"];
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()));
        for parameter in operation["parameters"].as_array().unwrap() {
            if let Some(target) = parameter["$ref"].as_str() {
                let pointer = target.strip_prefix('#').unwrap();
                assert!(api.pointer(pointer).is_some(), "{target}");
            }
        }
    }
}

#[tokio::test]
async fn pages_together_are_every_feature_once() {
    let server = router(state());
    for layer in ["plots", "plot-outlines", "patrol-tracks"] {
        let mut next = Some(format!("/collections/{layer}/items?cell=commune&limit=700&seed=3"));
        let mut ids = Vec::new();
        while let Some(address) = next {
            let page = fine(&server, &address).await;
            assert_eq!(page.header("content-type"), "application/geo+json");
            assert_eq!(page.header("ogc-numbermatched"), PLACES.to_string());
            let document = page.json();
            assert_eq!(document["numberMatched"], PLACES);
            assert!(document.get("timeStamp").is_none());
            let features = document["features"].as_array().unwrap().clone();
            assert_eq!(document["numberReturned"], features.len());
            ids.extend(features.iter().map(|feature| feature["id"].as_u64().unwrap()));
            next = page.link("next");
            if let Some(next) = &next {
                assert!(next.contains("items?cell=commune&limit=700&seed=3&cursor="), "{next}");
                assert!(page.header("link").contains("rel=\"next\""));
            }
        }
        assert_eq!(ids, (1..=PLACES).collect::<Vec<_>>());
    }
    assert_eq!(fine(&server, "/collections/empty/items").await.json()["numberMatched"], 0);
}

#[tokio::test]
async fn items_take_their_parameters() {
    let server = router(state());
    let hits = fine(&server, "/collections/plots/items?resultType=hits").await;
    assert_eq!(hits.json()["features"].as_array().unwrap().len(), 0);
    assert!(hits.json()["numberMatched"] == PLACES && hits.link("next").is_none());
    let few = fine(&server, "/collections/plots/items?bbox=102.29,21.79,102.35,21.81").await;
    assert_eq!(few.json()["numberMatched"], 2);
    let clamped = fine(&server, "/collections/plots/items?limit=1000000").await;
    assert_eq!(clamped.json()["numberReturned"], PLACES);
    let later = fine(&server, "/collections/plots/items?limit=1&offset=5").await;
    assert_eq!(later.json()["features"][0]["id"], 6);
    let one = fine(&server, "/collections/plots/items/6?season=2025-2026").await;
    assert_eq!(one.json()["id"], 6);
    assert_eq!(
        one.link("collection").unwrap(),
        "http://maps.example/collections/plots?season=2025-2026"
    );
    fine(&server, "/collections/plots/items?datetime=2026-01-01/P2D&limit=1&limit=1").await;
    fine(&server, "/collections/plots/items/?limit=1").await;
}

#[tokio::test]
async fn mistakes_are_named() {
    let server = router(state());
    for (path, status, parameter) in [
        ("/collections/plots/items?colour=red", 400, "colour"),
        ("/collections/plots/items?limit=ten", 400, "limit"),
        ("/collections/plots/items?bbox=3,2,1", 400, "bbox"),
        ("/collections/plots/items?bbox=1,9,2,3", 400, "bbox"),
        ("/collections/plots/items?datetime=soon", 400, "datetime"),
        ("/collections/plots/items?season=2018", 400, "season"),
        ("/collections/plots/items?season=2025-2026&datetime=1999-01-01", 400, "datetime"),
        ("/collections/plots/items?f=gml", 400, "f"),
        ("/collections/plots/items?cursor=x", 400, "cursor"),
        ("/collections/plots/items?seed=1&seed=2", 400, "seed"),
        ("/collections/plots/items?as_of=99", 400, "as_of"),
        ("/collections?limit=10", 400, "limit"),
        ("/?season=x", 400, "season"),
        ("/collections/plots/tiles/WebMercatorQuad/a/0/0", 400, "zoom"),
        ("/collections/plots/tiles/WebMercatorQuad/1/0/2", 404, ""),
        ("/collections/plots/tiles/WebMercatorQuad/23/0/0", 404, ""),
        ("/collections/plots/tiles/Else/0/0/0", 404, ""),
        ("/collections/nothing", 404, ""),
        ("/collections/plots/items/99999", 404, ""),
        ("/collections/plots/items/abc", 404, ""),
        ("/collections/plots/items/-1", 404, ""),
        ("/nothing", 404, ""),
        ("/collections/plots/items?permutations=666", 422, ""),
    ] {
        let got = get(&server, path).await;
        assert_eq!(got.status.as_u16(), status, "{path}");
        assert_eq!(got.header("content-type"), "application/problem+json", "{path}");
        let problem = got.json();
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{problem}");
        assert_eq!(problem["requestId"], got.header("x-request-id"));
        if !parameter.is_empty() {
            assert_eq!(problem["errors"][0]["parameter"], parameter, "{path}");
        }
    }
    let unknown = get(&server, "/collections/plots/items?colour=red").await.json();
    assert!(unknown["detail"].as_str().unwrap().contains("bbox"), "{unknown}");
}

#[tokio::test]
async fn internal_text_is_never_sent() {
    let server = router(state());
    for path in
        ["/collections/plots/items?seed=666", "/collections/plots/items?as_of=2020-01-01T00:00:00Z"]
    {
        let got = get(&server, path).await;
        assert_eq!(got.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!got.text().contains("internal words") && !got.text().contains("secret"));
    }
    // And the server goes on.
    fine(&server, "/collections/plots/items?limit=1").await;
}

/// A deployment that does not know what day it is.
struct NoCalendar(CountryPack);

impl Source for NoCalendar {
    fn snapshot(&self, _as_of: Option<AsOf>) -> Result<Arc<Snapshot>, SourceError> {
        Ok(support::snapshot(7))
    }

    fn today(&self) -> Date {
        panic!("internal words that no client may read")
    }

    fn pack(&self) -> &CountryPack {
        &self.0
    }
}

#[tokio::test]
async fn a_panic_outside_the_crew_is_a_problem_document() {
    let source = Arc::new(NoCalendar(CountryPack::lai_chau()));
    let state = HttpState::new(source, support::pool(), LAYERS, &HttpLimits::default());
    let server = router(state);
    for path in ["/collections", "/collections/plots/items?f=csv"] {
        let got = get(&server, path).await;
        assert_eq!(got.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(got.header("content-type"), "application/problem+json");
        assert_eq!(got.json()["requestId"], got.header("x-request-id"));
        assert!(!got.text().contains("internal words"));
    }
    fine(&server, "/health/live").await;
}

#[tokio::test]
async fn every_answer_has_a_tag_and_is_not_sent_twice() {
    let server = router(state());
    for path in [
        "/",
        "/api",
        "/conformance",
        "/collections",
        "/collections/plots",
        "/collections/plots/schema",
        "/collections/plots/items",
        "/collections/plots/items?f=html",
        "/collections/plots/items?f=csv",
        "/collections/plots/items?f=gpkg",
        "/collections/plots/items/1",
        "/collections/plots/tiles",
        "/collections/plots/tiles/WebMercatorQuad?f=tilejson",
        "/collections/plots/tiles/WebMercatorQuad/8/111/201",
        "/collections/plots/styles",
        "/collections/plots/styles/default",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
    ] {
        let plain = fine(&server, path).await;
        let tag = plain.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path} {tag}");
        assert!(plain.header("vary").contains("Accept-Encoding"), "{path}");
        assert!(!plain.header("cache-control").is_empty(), "{path}");
        assert_eq!(fine(&server, path).await.body, plain.body, "{path}");

        let known = request(path).header("If-None-Match", format!("\"x\", W/{tag}"));
        let known = ask(&server, known.body(Body::empty()).unwrap()).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(known.body.is_empty() && known.header("etag") == tag);

        let packed = request(path).header("Accept-Encoding", "gzip, deflate");
        let packed = ask(&server, packed.body(Body::empty()).unwrap()).await;
        if packed.header("content-encoding") == "gzip" {
            assert_ne!(packed.header("etag"), tag, "{path}");
            let mut body = Vec::new();
            flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut body).unwrap();
            assert_eq!(body, plain.body, "{path}");
        } else {
            assert!(plain.body.len() < 1024 || path.ends_with("gpkg"), "{path}");
        }

        let head = request(path).method(Method::HEAD).body(Body::empty()).unwrap();
        let head = ask(&server, head).await;
        assert!(head.status == StatusCode::OK && head.body.is_empty(), "{path}");
        assert_eq!(head.header("content-length"), plain.body.len().to_string(), "{path}");
        assert_eq!(head.header("etag"), tag);
    }
}

#[tokio::test]
async fn a_change_of_the_data_changes_the_answer() {
    let source = support::ByHand::new();
    let state = HttpState::new(
        Arc::clone(&source) as Arc<dyn Source>,
        support::pool(),
        LAYERS,
        &HttpLimits::default(),
    );
    let server = router(state);
    let path = "/collections/plots/items?limit=1";
    let before = fine(&server, path).await;
    assert_eq!(before.json()["revision"], 7);
    source.revision.store(8, Ordering::SeqCst);
    let after = fine(&server, path).await;
    assert_eq!(after.json()["revision"], 8);
    assert_ne!(before.header("etag"), after.header("etag"));
    // The past can be asked for, and is what it was.
    let past = fine(&server, "/collections/plots/items?limit=1&as_of=7").await;
    assert_eq!(past.json()["features"], before.json()["features"]);
    assert_eq!(past.json()["revision"], 7);
}

#[tokio::test]
async fn another_store_of_the_same_revision_is_told_apart() {
    let one = support::ByHand::new();
    let two = Arc::new(OtherStore(support::ByHand::new()));
    let [one, two] = [one as Arc<dyn Source>, two].map(|source| {
        router(HttpState::new(source, support::pool(), LAYERS, &HttpLimits::default()))
    });
    for path in [
        "/collections/plots/items?limit=1",
        "/collections/plots/items?f=csv",
        "/collections/plots/items?f=gpkg",
        "/collections/plots/tiles/WebMercatorQuad?f=tilejson",
    ] {
        let [one, two] = [fine(&one, path).await, fine(&two, path).await];
        assert_ne!(one.header("etag"), two.header("etag"), "{path}");
    }
    let path = "/collections/plots/tiles/WebMercatorQuad?f=tilejson";
    let [one, two] = [fine(&one, path).await.json(), fine(&two, path).await.json()];
    assert_ne!(one["tiles"], two["tiles"]);
}

/// As many events, from another file.
struct OtherStore(Arc<support::ByHand>);

impl Source for OtherStore {
    fn snapshot(&self, _as_of: Option<AsOf>) -> Result<Arc<Snapshot>, SourceError> {
        let sets = vec![poppywatch::domain::Dataset {
            sha256: "01".into(),
            title: Some("Other plots".into()),
            ..support::dataset()
        }];
        Ok(support::snapshot_of(7, sets))
    }

    fn today(&self) -> Date {
        self.0.today()
    }

    fn pack(&self) -> &CountryPack {
        self.0.pack()
    }
}

#[tokio::test]
async fn tiles_are_found_and_served() {
    let server = router(state());
    let path = "/collections/plots/tiles/WebMercatorQuad?f=tilejson&season=2025-2026";
    let tilejson = fine(&server, path).await.json();
    let template = tilejson["tiles"][0].as_str().unwrap();
    assert!(template.contains("/{z}/{y}/{x}?season=2025-2026&v=7-2026-03-01-"), "{template}");
    assert!(tilejson["attribution"].as_str().unwrap().contains("OpenStreetMap"));
    let address = template.replace("{z}", "8").replace("{y}", "111").replace("{x}", "201");
    let tile = fine(&server, &address).await;
    assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert!(tile.body.len() > 10_000);
    let elsewhere = get(&server, "/collections/plots/tiles/WebMercatorQuad/8/0/0").await;
    assert_eq!((elsewhere.status, elsewhere.body.len()), (StatusCode::NO_CONTENT, 0));
    let sets = fine(&server, "/collections/plots/tiles").await.json();
    let links = sets["tilesets"][0]["links"].as_array().unwrap().clone();
    assert!(links.iter().any(|link| link["templated"] == true));
    let style = fine(&server, "/collections/plots/styles/default?f=mapbox").await.json();
    assert_eq!(style["version"], 8);
    let url = style["sources"]["plots"]["url"].as_str().unwrap();
    fine(&server, url).await;
}

#[tokio::test]
async fn the_schema_tells_every_column() {
    let server = router(state());
    let schema = fine(&server, "/collections/plot-outlines/schema").await;
    assert_eq!(schema.header("content-type"), "application/schema+json");
    let schema = schema.json();
    let properties = &schema["properties"];
    assert_eq!(properties["geometry"]["format"], "geometry-multipolygon");
    assert_eq!(properties["reported_on"]["format"], "date");
    assert_eq!(properties["area_m2"]["x-ogc-unit"], "m2");
    assert_eq!(properties["state"]["enum"][1], "lost");
}

#[tokio::test]
async fn pages_for_people_are_defused() {
    let server = router(state());
    for path in [
        "/collections",
        "/collections/plots",
        "/collections/plots/items?limit=9",
        "/collections/plots/items/3",
        "/conformance",
        "/api",
    ] {
        let asked = request(path).header("Accept", "text/html").body(Body::empty()).unwrap();
        let page = ask(&server, asked).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let text = page.text();
        assert!(text.starts_with("<!doctype html>") && !text.contains("<b>Mù"), "{path}");
        assert!(!text.contains("<script"), "{path}");
        assert!(page.header("content-security-policy").contains("default-src 'self'"));
    }
    let items = fine(&server, "/collections/plots/items?f=html&limit=9").await;
    assert!(items.text().contains("&lt;b&gt;Mù Cả"));
    assert!(items.text().contains("Dữ liệu mô phỏng"), "simulated data say so");
}

#[tokio::test]
async fn whole_layers_come_as_files() {
    let server = router(state());
    let csv = fine(&server, "/collections/plots/items?f=csv&season=2025-2026").await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"plots-2025-2026.csv\"");
    assert_eq!(csv.text().lines().count() as u64, PLACES + 1);
    let file = fine(&server, "/collections/plots/items?f=gpkg&limit=10").await;
    assert!(file.body.starts_with(b"SQLite format 3\0"));
    assert_eq!(file.header("content-length"), file.body.len().to_string());
}

#[tokio::test]
async fn the_server_is_read_only() {
    let server = router(state());
    for path in ["/", "/collections/plots/items", "/collections/plots/items/1", "/health/live"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let asked = request(path).method(method).body(Body::from("x")).unwrap();
            let got = ask(&server, asked).await;
            assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(got.header("allow"), "GET, HEAD, OPTIONS");
            assert_eq!(got.header("content-type"), "application/problem+json");
        }
        let asked = request(path).method(Method::OPTIONS).body(Body::empty()).unwrap();
        let got = ask(&server, asked).await;
        assert_eq!((got.status, got.header("allow")), (StatusCode::OK, "GET, HEAD, OPTIONS"));
    }
}

#[tokio::test]
async fn other_origins_read_only_where_they_may() {
    let asked = |path: &str| {
        request(path).header("Origin", "https://a.example").body(Body::empty()).unwrap()
    };
    let closed = ask(&router(state()), asked("/collections")).await;
    assert_eq!(closed.header("access-control-allow-origin"), "");
    let open = ask(&router(state().with_cors(Cors::Any)), asked("/collections")).await;
    assert_eq!(open.header("access-control-allow-origin"), "*");
    assert!(open.header("access-control-expose-headers").contains("OGC-NumberMatched"));
    let list = Cors::Origins(vec!["https://b.example".parse().unwrap()]);
    let other = ask(&router(state().with_cors(list)), asked("/collections")).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn links_begin_with_the_configured_address() {
    let server = router(state().with_base("https://maps.example/opium/").unwrap());
    let landing = fine(&server, "/").await;
    assert_eq!(landing.link("data").unwrap(), "https://maps.example/opium/collections");
    for wrong in ["ftp://x", "maps", "https://x/?a=b", ""] {
        assert!(state().with_base(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    let server = router(state());
    for host in ["a\"onload", "a/b", "", "x y"] {
        let asked = Request::builder().uri("/collections").header(header::HOST, host);
        let got = ask(&server, asked.body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{host}");
    }
}

#[tokio::test]
async fn paths_that_try_tricks_find_nothing() {
    let server = router(state());
    for path in [
        "/../Cargo.toml",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../../Cargo.toml",
        "//etc/passwd",
        "/collections/..%2f..%2fx/items",
        "/collections/plots%00/items",
        "/collections/%ff/items",
        "/%ff",
        "/collections/plots/items/%ff",
        "/collections/plots/items/1%2f2",
        "/C:%5cwindows",
        "/collections/plots/items//",
        "////",
    ] {
        let got = get(&server, path).await;
        assert!(got.status.is_client_error() || got.status.is_success(), "{path} {}", got.status);
        assert!(!got.text().contains("root:") && !got.text().contains("[package]"), "{path}");
    }
}

#[tokio::test]
async fn listeners_hear_of_changes() {
    use http_body_util::BodyExt;

    let source = support::ByHand::new();
    let state = HttpState::new(
        Arc::clone(&source) as Arc<dyn Source>,
        support::pool(),
        LAYERS,
        &HttpLimits { listeners: 1, ..Default::default() },
    );
    let server = router(state);
    let asked = request("/events").body(Body::empty()).unwrap();
    let mut listening = server.clone().oneshot(asked).await.unwrap().into_body();
    let first = listening.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(&first[..], b"event: revision\nid: 7\ndata: 7\n\n");
    assert_eq!(get(&server, "/events").await.status, StatusCode::SERVICE_UNAVAILABLE);
    source.revision.store(8, Ordering::SeqCst);
    let second = listening.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(&second[..], b"event: revision\nid: 8\ndata: 8\n\n");
}

fn query() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("season"),
        Just("cell"),
        Just("units_on"),
        Just("datetime"),
        Just("as_of"),
        Just("permutations"),
        Just("alpha"),
        Just("limit"),
        Just("bbox"),
        Just("cursor"),
        Just("offset"),
        Just("resultType"),
        Just("f"),
        Just("v"),
        Just("x"),
    ]
    .prop_map(str::to_owned);
    let value = prop_oneof![
        "[ -~]{0,12}".prop_map(
            |text| text.replace(['#', ' ', '"', '<', '>', '`', '\\', '^', '{', '|', '}'], "%")
        ),
        "[0-9./:,PTZ-]{0,24}",
        Just("9999-99-99T99:99:99Z".to_owned()),
        Just("-9999-01-01/P99999999999Y".to_owned()),
        Just("P9999999999999D/9999-12-31".to_owned()),
        Just("18446744073709551616".to_owned()),
        Just("1e309,-1e309,NaN,inf".to_owned()),
        Just("square:4294967296".to_owned()),
        Just("2025-2026".to_owned()),
        Just("%F0%9F%8C%BA".to_owned()),
    ];
    prop::collection::vec((name, value), 0..4).prop_map(|pairs| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever stands in the query, it is answered or refused, and never our fault.
    #[test]
    fn no_query_is_our_fault(query in query(), path in prop::sample::select(vec![
        "/", "/api", "/collections", "/collections/empty/items", "/collections/empty/items/1",
        "/collections/empty/tiles/WebMercatorQuad/3/2/1", "/collections/empty/styles/default",
        "/collections/empty/tiles/WebMercatorQuad", "/nothing",
    ])) {
        // A past time is our fault in the test's own source, on purpose.
        prop_assume!(!query.contains("as_of"));
        let Ok(asked) = request(&format!("{path}?{query}")).body(Body::empty()) else {
            return Ok(());
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let got = runtime.block_on(async { ask(&router(state()), asked).await });
        prop_assert!(!got.status.is_server_error(), "{} {}", query, got.text());
        if got.status.is_client_error() {
            prop_assert_eq!(got.header("content-type"), "application/problem+json");
        }
    }
}
