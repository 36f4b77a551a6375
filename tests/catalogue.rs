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

/// What the answer to a request with these fields is, and its header fields.
async fn asked(
    server: &Router,
    path: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let asked = Request::builder().uri(path).header(header::HOST, "a");
    let asked = fields.iter().fold(asked, |asked, (name, value)| asked.header(*name, *value));
    let response = server.clone().oneshot(asked.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, to_bytes(response.into_body(), 1 << 28).await.unwrap().to_vec())
}

/// A raster as GDAL reads it: its first cell's corner and size, columns, and its bands.
struct Read {
    corner: (f64, f64),
    cell: f64,
    cols: usize,
    bands: Vec<(String, Vec<f32>)>,
    epsg: i32,
    nodata: bool,
    told: Vec<String>,
}

fn read(bytes: &[u8]) -> Read {
    use gdal::Metadata;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tif");
    std::fs::write(&path, bytes).unwrap();
    let file = gdal::Dataset::open(&path).unwrap();
    let [west, cell, _, north, _, south] = file.geo_transform().unwrap();
    assert!((south + cell).abs() < 1e-9);
    let bands = file.rasterbands().map(Result::unwrap);
    let bands: Vec<(String, Vec<f32>)> = bands
        .map(|band| {
            (band.description().unwrap(), band.read_band_as::<f32>().unwrap().data().to_vec())
        })
        .collect();
    let of_file = ["layer", "simulated", "source_notes", "revision"];
    Read {
        corner: (west, north),
        cell,
        cols: file.raster_size().0,
        epsg: file.spatial_ref().unwrap().auth_code().unwrap(),
        nodata: file.rasterband(1).unwrap().no_data_value().is_some_and(f64::is_nan),
        told: std::iter::once(file.rasterband(1).unwrap().metadata_item("unit", ""))
            .chain(of_file.map(|name| file.metadata_item(name, "")))
            .map(Option::unwrap)
            .collect(),
        bands,
    }
}

impl Read {
    /// The value between the four nearest centres; `None` where one of them is unknown.
    fn at(&self, x: f64, y: f64) -> Option<f64> {
        let (col, row) =
            ((x - self.corner.0) / self.cell - 0.5, (self.corner.1 - y) / self.cell - 0.5);
        let value = |col: f64, row: f64| {
            let value = self.bands[0].1.get(row as usize * self.cols + col as usize)?;
            value.is_finite().then(|| f64::from(*value))
        };
        let (dx, dy) = (col.fract(), row.fract());
        let along = |row: f64| {
            Some(value(col.floor(), row)? * (1.0 - dx) + value(col.floor() + 1.0, row)? * dx)
        };
        Some(along(row.floor())? * (1.0 - dy) + along(row.floor() + 1.0)? * dy)
    }
}

#[tokio::test]
async fn a_lattice_is_given_as_a_geotiff_that_says_what_the_lines_say() {
    let server = router(state(layers_kit::small_season()));
    let items = "/collections/density/items";
    let (status, headers, body) = asked(&server, &format!("{items}?f=tif"), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-type"], "image/tiff; application=geotiff");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"density.tif\"");
    let raster = read(&body);
    let pack = layers_kit::small_season();
    assert_eq!(raster.epsg, pack.metric().epsg().0.cast_signed());
    assert!(raster.nodata);
    let [unit, layer, simulated, notes, revision] = &raster.told[..] else { panic!("five") };
    assert_eq!([unit, layer, simulated, revision], ["1/km2", "density", "true", "42"]);
    assert!(notes.contains("km²"), "{notes}");

    // Along each line the raster has the line's density, but where it ends at the boundary.
    let density = poppywatch::layers::layer("density").unwrap();
    let mut along = 0;
    let query = layers_kit::query();
    let lines = layers_kit::all(density, &pack, &query);
    for line in lines.iter().filter(|line| (300..400).contains(&line.id)) {
        let said = layers_kit::json(density, line)["properties"].clone();
        let poppywatch::layers::Shape::Area(area) = &line.shape else { panic!("ground") };
        for polygon in area.iter() {
            let mut ring = polygon.exterior().0.clone();
            pack.metric().to_metric(&mut ring).unwrap();
            let level = said["level"].as_f64().unwrap();
            for value in ring.iter().filter_map(|at| raster.at(at.x, at.y)) {
                assert!((value / level - 1.0).abs() < 0.02, "{value} on the line of {level}");
                along += 1;
            }
        }
    }
    assert!(along > 100, "{along}");
    // It is known who looked where: ground that nobody searched is told apart from empty ground.
    let [(first, values), (second, searched)] = &raster.bands[..] else { panic!("two bands") };
    assert_eq!((first.as_str(), second.as_str()), ("density", "searched"));
    assert!(values.iter().all(|it| it.is_nan() || *it >= 0.0));
    assert!(searched.contains(&0.0) && searched.contains(&1.0));
    assert!(values.iter().zip(searched).all(|(a, b)| a.is_nan() == b.is_nan()));

    // As every answer it has a tag, and is chosen by `Accept` too.
    let tag = headers["etag"].to_str().unwrap();
    let (status, ..) = asked(&server, &format!("{items}?f=tif"), &[("if-none-match", tag)]).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    let tiff = [("accept", "image/tiff; application=geotiff")];
    let (status, _, same) = asked(&server, items, &tiff).await;
    assert_eq!((status, same == body), (StatusCode::OK, true));

    // In hectares; and a comparison, of which two seasons there are too few plots.
    let (_, _, hectares) = asked(&server, &format!("{items}?f=tif&value=area"), &[]).await;
    assert_eq!(read(&hectares).told[0], "ha/km2");
    let (status, _, body) = asked(&server, &format!("{items}?f=tif&method=risk"), &[]).await;
    let said = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(said.contains("too-few") && said.contains("f=geojson"), "{said}");
}

#[tokio::test]
async fn what_is_no_lattice_says_so() {
    let server = router(state(layers_kit::small_season()));
    let (status, body) = get(&server, "/collections/plots/items?f=tif").await;
    let said = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        said.contains("`plots` is no lattice") && said.contains("there is of density"),
        "{said}"
    );
    let tiff = [("accept", "image/tiff")];
    let (status, ..) = asked(&server, "/collections/plots/items", &tiff).await;
    assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
    let (status, body) = get(&server, "/collections/density/items?f=tif&bbox=102,22,103,23").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(String::from_utf8(body).unwrap().contains("the whole lattice"));

    let json = |body: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&body).unwrap();
    for (layer, offered) in [("density", true), ("plots", false)] {
        let one = json(get(&server, &format!("/collections/{layer}")).await.1);
        let media = "image/tiff; application=geotiff";
        let links = one["links"].as_array().unwrap().clone();
        let link = links.iter().find(|link| link["type"] == media);
        assert_eq!(link.map(|link| link["rel"] == "alternate"), offered.then_some(true));
        let api = json(get(&server, "/api").await.1);
        let items = &api["paths"][format!("/collections/{layer}/items")]["get"];
        assert_eq!(items["responses"]["200"]["content"][media].is_object(), offered);
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
