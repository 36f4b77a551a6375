//! Every layer that we serve, in every format, by HTTP, on a season of seven plots; and in QGIS.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod layers_kit;
mod support;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use jiff::civil::Date;
use poppywatch::{
    app::{AsOf, Source, SourceError},
    domain::CountryPack,
    encode::Tile,
    http::{HttpLimits, HttpState, ServeLimits, router},
    layers::{CATALOGUE, GeometryKind},
    snapshot::Snapshot,
};
use support::loopback::Running;
use tower::ServiceExt;

struct SmallSeason(Arc<Snapshot>);

impl Source for SmallSeason {
    fn snapshot(&self, _as_of: Option<AsOf>) -> Result<Arc<Snapshot>, SourceError> {
        Ok(Arc::clone(&self.0))
    }

    fn today(&self) -> Date {
        layers_kit::TODAY
    }

    fn pack(&self) -> &CountryPack {
        self.0.pack()
    }
}

fn state(snapshot: Snapshot) -> HttpState {
    let source = Arc::new(SmallSeason(Arc::new(snapshot)));
    HttpState::new(source, support::pool(), CATALOGUE, &HttpLimits::default())
}

async fn get(server: &Router, path: &str) -> (StatusCode, Vec<u8>) {
    let asked = Request::builder().uri(path).header(header::HOST, "a").body(Body::empty());
    let response = server.clone().oneshot(asked.unwrap()).await.unwrap();
    let status = response.status();
    (status, to_bytes(response.into_body(), 1 << 28).await.unwrap().to_vec())
}

/// How many features each layer has in the season of the kit, as HTTP says.
async fn counts(server: &Router, query: &str) -> Vec<u64> {
    let mut counts = Vec::new();
    for layer in CATALOGUE {
        let path = format!("/collections/{}/items{query}", layer.id());
        let (status, body) = get(server, &path).await;
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        let page: geojson::FeatureCollection =
            text.parse::<geojson::GeoJson>().unwrap().try_into().unwrap();
        let matched = page.foreign_members.as_ref().unwrap()["numberMatched"].as_u64().unwrap();
        assert_eq!(page.features.len() as u64, matched.min(1000), "{path}");
        counts.push(matched);
    }
    counts
}

#[tokio::test]
async fn every_layer_answers_in_every_format() {
    let server = router(state(layers_kit::small_season()));
    let place = geo_types::Coord { x: layers_kit::WEST + 0.02, y: layers_kit::SOUTH + 0.02 };
    for (layer, count) in CATALOGUE.iter().zip(counts(&server, "").await) {
        let path = format!("/collections/{}", layer.id());
        for more in [
            "",
            "/schema",
            "/items?f=html",
            "/items?f=csv",
            "/items?f=gpkg",
            "/items?resultType=hits",
            "/items?units_on=today&cell=hexagon:2000",
            "/tiles",
            "/tiles/WebMercatorQuad?f=tilejson",
            "/styles/default?f=mapbox",
            "/styles/default?f=qml",
        ] {
            let (status, body) = get(&server, &format!("{path}{more}")).await;
            let text = String::from_utf8_lossy(&body);
            assert_eq!(status, StatusCode::OK, "{path}{more}: {text}");
        }
        for zoom in [0, 8, 12, 14] {
            let (zoom, row, column) = Tile::holding(zoom, place).get();
            let tile = format!("{path}/tiles/WebMercatorQuad/{zoom}/{row}/{column}");
            let (status, _) = get(&server, &tile).await;
            assert!(status == StatusCode::OK || status == StatusCode::NO_CONTENT, "{tile}");
            assert!(zoom > 0 || count == 0 || status == StatusCode::OK, "{tile} lost everything");
        }
    }
}

#[tokio::test]
async fn an_empty_deployment_answers_too() {
    let pack = Arc::new(CountryPack::lai_chau());
    let server = router(state(Snapshot::empty(pack).unwrap()));
    counts(&server, "").await;
    assert_eq!(get(&server, "/").await.0, StatusCode::OK);
    assert_eq!(get(&server, "/collections").await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_pages_of_every_layer_are_every_feature_once() {
    let server = router(state(layers_kit::small_season()));
    for (layer, count) in CATALOGUE.iter().zip(counts(&server, "").await) {
        let mut next = Some(format!("/collections/{}/items?limit=7", layer.id()));
        let mut seen = 0;
        while let Some(path) = next {
            let (status, body) = get(&server, &path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
            for feature in page["features"].as_array().unwrap() {
                let one = format!("/collections/{}/items/{}", layer.id(), feature["id"]);
                if seen < 3 {
                    assert_eq!(get(&server, &one).await.0, StatusCode::OK, "{one}");
                }
                seen += 1;
            }
            let links = page["links"].as_array().unwrap();
            let link = links.iter().find(|link| link["rel"] == "next");
            next = link.map(|link| link["href"].as_str().unwrap().replace("http://a", ""));
        }
        assert_eq!(seen, count, "{}", layer.id());
    }
}

#[test]
fn qgis_opens_every_layer() {
    let season = "2024-2025";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let counts = runtime.block_on(async {
        counts(&router(state(layers_kit::small_season())), &format!("?season={season}")).await
    });
    let layers: Vec<String> = CATALOGUE
        .iter()
        .zip(counts)
        // QGIS 3.22 cannot guess the columns of a layer in which there is nothing (qgis#56946).
        .filter(|(_, count)| *count > 0)
        .map(|(layer, count)| {
            let kind = match layer.geometry() {
                GeometryKind::Point => 1,
                GeometryKind::MultiLineString => 5,
                GeometryKind::MultiPolygon => 6,
            };
            format!("{}:{kind}:{count}", layer.id())
        })
        .collect();
    assert!(layers.len() > 6, "{layers:?}");
    let server = Running::start(state(layers_kit::small_season()), ServeLimits::default());
    server.open_in_qgis(season, &layers, "late");
}
