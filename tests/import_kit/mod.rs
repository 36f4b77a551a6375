//! Small files to import, made on the spot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use gdal::{
    Dataset, DriverManager,
    vector::{Feature, Geometry, LayerAccess, LayerOptions, OGRwkbGeometryType},
};
use jiff::civil::{Date, date};
use poppywatch::{
    domain::{CountryPack, DatasetKind},
    ingest::{Context, ImportRequest, IngestError, Reading, Silent, read_file},
};

/// Today, as far as these tests go.
pub const TODAY: Date = date(2026, 7, 1);

/// A folder for the files of one test; gone afterwards.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        self.bytes(name, text.as_bytes())
    }

    /// The same features in another format, written by GDAL.
    pub fn convert(file: &Path, ending: &str) -> PathBuf {
        let path = file.with_extension(ending);
        let driver = match ending {
            "gpkg" => "GPKG",
            "fgb" => "FlatGeobuf",
            "shp" => "ESRI Shapefile",
            other => panic!("no driver for {other}"),
        };
        let driver = DriverManager::get_driver_by_name(driver).unwrap();
        let source = Dataset::open(file).unwrap();
        let mut source = source.layer(0).unwrap();
        let mut dataset = driver.create_vector_only(&path).unwrap();
        let wgs84 = source.spatial_ref().unwrap();
        let layer = dataset
            .create_layer(LayerOptions {
                name: "p",
                srs: Some(&wgs84),
                ty: OGRwkbGeometryType::wkbPolygon,
                options: (ending == "shp").then_some(&["ENCODING=UTF-8"]),
            })
            .unwrap();
        let fields: Vec<(String, u32)> =
            source.defn().fields().map(|it| (it.name(), it.field_type())).collect();
        let named: Vec<(&str, u32)> = fields.iter().map(|it| (it.0.as_str(), it.1)).collect();
        layer.create_defn_fields(&named).unwrap();
        for feature in source.features() {
            let mut copy = Feature::new(layer.defn()).unwrap();
            copy.set_geometry(feature.geometry().unwrap().clone()).unwrap();
            for index in 0..fields.len() {
                if let Some(value) = feature.field(index).unwrap() {
                    copy.set_field(index, &value).unwrap();
                }
            }
            copy.create(&layer).unwrap();
        }
        dataset.close().unwrap();
        path
    }

    /// A GeoPackage with the layers `one` and `two`, a square each.
    pub fn two_layers(&self) -> PathBuf {
        let path = self.path().join("two.gpkg");
        let driver = DriverManager::get_driver_by_name("GPKG").unwrap();
        let mut dataset = driver.create_vector_only(&path).unwrap();
        let wgs84 = gdal::spatial_ref::SpatialRef::from_epsg(4326).unwrap();
        for name in ["one", "two"] {
            let mut layer = dataset
                .create_layer(LayerOptions {
                    name,
                    srs: Some(&wgs84),
                    ty: OGRwkbGeometryType::wkbPolygon,
                    options: None,
                })
                .unwrap();
            layer.create_feature(Geometry::bbox(102.7, 22.4, 102.701, 22.401).unwrap()).unwrap();
        }
        dataset.close().unwrap();
        path
    }
}

pub fn request(path: &Path, kind: DatasetKind) -> ImportRequest {
    ImportRequest::new(path, kind)
}

/// Reads as the deployment that ships would.
pub fn read(request: &ImportRequest) -> Result<Reading, IngestError> {
    let pack = CountryPack::lai_chau();
    read_file(request, &Context::empty(&pack, TODAY), &Silent)
}

/// Why the whole file is refused.
pub fn refused(request: &ImportRequest) -> String {
    match read(request) {
        Ok(reading) => panic!("it was read: {}", reading.report),
        Err(error) => error.to_string(),
    }
}

/// Every reason of every rejected row, a text a row.
pub fn rejected(reading: &Reading) -> Vec<String> {
    reading
        .report
        .rejected_rows
        .iter()
        .map(|row| row.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        .collect()
}

pub fn warnings(reading: &Reading) -> Vec<&'static str> {
    reading.report.warnings.iter().map(|warning| warning.code).collect()
}

/// The rings of a square as GeoJSON, counter-clockwise from its south-west corner.
pub fn square(x: f64, y: f64, size: f64) -> String {
    outline(x, y, size, false)
}

/// The rings of a square, wound either way.
pub fn outline(x: f64, y: f64, size: f64, clockwise: bool) -> String {
    let at = |dx: f64, dy: f64| format!("[{:.7},{:.7}]", x + dx * size, y + dy * size);
    let mut ring = [at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0), at(0.0, 0.0)];
    if clockwise {
        ring.reverse();
    }
    format!("[[{}]]", ring.join(","))
}

/// A collection of polygons with the ids `f0`, `f1` and so on.
pub fn plots_geojson(rings: &[&str]) -> String {
    let mut text = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (n, rings) in rings.iter().enumerate() {
        let comma = if n > 0 { "," } else { "" };
        write!(
            text,
            r#"{comma}{{"type":"Feature","properties":{{"id":"f{n}","area_m2":{}}},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#,
            n + 1
        )
        .unwrap();
    }
    text + "]}"
}

/// A table of `rows` good plots, far apart.
pub fn table(home: &Home, rows: usize) -> PathBuf {
    let mut text = String::from("id,date,lon_wgs84,lat_wgs84,area\n");
    for n in 0..rows {
        let (x, y) = (n % 500, n / 500);
        let (lon, lat) = (102.2 + x as f64 * 0.002, 22.0 + y as f64 * 0.002);
        writeln!(text, "p{n},2019-01-03,{lon:.4},{lat:.4},{}", 15 + n % 400).unwrap();
    }
    home.write("table.csv", &text)
}
