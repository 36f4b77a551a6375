//! Files that other programs open: GeoPackage and CSV as GDAL reads them, GeoJSON as serde does.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use gdal::{
    Dataset, Metadata,
    vector::{LayerAccess, OGRFieldType, OGRwkbGeometryType},
};
use poppywatch::{
    encode::{About, Page, write_collection, write_csv, write_gpkg},
    layers::{GeometryKind, Layer, LayerQuery},
};
use support::{LAYERS, PLACES, TODAY};

fn about(layer: &dyn Layer) -> About {
    About::layer(layer, &support::snapshot(7), TODAY)
}

#[test]
fn a_geopackage_has_ids_types_and_notes() {
    let snapshot = support::snapshot(7);
    for layer in LAYERS {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("1.gpkg"), folder.path().join("2.gpkg"));
        for path in [&one, &two] {
            let features = layer.features(&snapshot, &LayerQuery::on(TODAY)).unwrap();
            let rows = write_gpkg(path, *layer, features, None, &about(*layer)).unwrap();
            assert!(rows == PLACES as usize || layer.id() == "empty");
        }
        assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap(), "the same bytes");
        let file = Dataset::open(&one).unwrap();
        let mut table = file.layer(0).unwrap();
        assert_eq!(table.name(), layer.id());
        let kinds: Vec<_> = table.defn().fields().map(|f| (f.name(), f.field_type())).collect();
        let wanted = [
            ("name", OGRFieldType::OFTString),
            ("state", OGRFieldType::OFTString),
            ("area_m2", OGRFieldType::OFTReal),
            ("visits", OGRFieldType::OFTInteger64),
            ("on_the_line", OGRFieldType::OFTInteger),
            ("reported_on", OGRFieldType::OFTDate),
        ];
        assert_eq!(kinds, wanted.map(|(name, kind)| (name.to_owned(), kind)));
        let shape = match layer.geometry() {
            GeometryKind::Point => OGRwkbGeometryType::wkbPoint,
            GeometryKind::MultiLineString => OGRwkbGeometryType::wkbMultiLineString,
            GeometryKind::MultiPolygon => OGRwkbGeometryType::wkbMultiPolygon,
        };
        assert_eq!(table.defn().geometry_type(), shape);
        assert_eq!(table.metadata_item("simulated", "").as_deref(), Some("true"));
        let notes = table.metadata_item("source_notes", "").unwrap();
        assert!(notes.contains("Simulated") && notes.contains("© OpenStreetMap"), "{notes}");
        if layer.id() != "empty" {
            let first = table.features().next().unwrap();
            assert_eq!(first.fid(), Some(1));
            assert_eq!(first.field_as_string(0).unwrap().as_deref(), Some("Tà \"Tổng\" \\"));
            drop(first);
            let last = table.feature(PLACES).unwrap();
            assert_eq!(last.field_as_double(2).unwrap(), None, "unknown is null");
            assert_eq!(last.field_as_integer64(3).unwrap(), Some(PLACES.cast_signed() - 4));
        }
        let schema = file
            .execute_sql(
                format!("SELECT sql FROM sqlite_master WHERE name = '{}'", layer.id()),
                None,
                gdal::vector::sql::Dialect::DEFAULT,
            )
            .unwrap();
        let sql = schema.unwrap().features().next().unwrap().field_as_string(0).unwrap().unwrap();
        assert!(sql.contains("\"on_the_line\" BOOLEAN"), "{sql}");
    }
}

#[test]
fn csv_says_what_it_is_and_runs_no_formula() {
    let snapshot = support::snapshot(7);
    for layer in LAYERS {
        let mut bytes = Vec::new();
        let features = layer.features(&snapshot, &LayerQuery::on(TODAY)).unwrap();
        let rows = write_csv(&mut bytes, *layer, features, Some(40), &about(*layer)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let names = table.headers().unwrap().clone();
        let place = if layer.geometry() == GeometryKind::Point { "lon" } else { "wkt" };
        assert!(names.iter().any(|name| name == place), "{names:?}");
        assert_eq!(names.iter().next_back(), Some("source_notes"));
        let mut read = 0;
        let about = about(*layer);
        for row in table.records() {
            let row = row.unwrap();
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '@', '+'])), "{row:?}");
            let said = row.iter().next_back().unwrap();
            let wanted = if read == 0 { about.line_in_full() } else { about.words() };
            assert_eq!(said, wanted);
            assert!(said.contains("Simulated") && (read == 0 || said.len() < 60), "{said}");
            read += 1;
        }
        assert_eq!(read, rows);
    }
}

#[test]
fn geojson_comes_back_whole() {
    let snapshot = support::snapshot(7);
    for layer in LAYERS {
        let mut bytes = Vec::new();
        let features = layer.features(&snapshot, &LayerQuery::on(TODAY)).unwrap();
        let page = Page { limit: Some(10), offset: 3, matched: None };
        let written =
            write_collection(&mut bytes, *layer, features, &page, &about(*layer), |_| Vec::new())
                .unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("\\\"") && !text.contains("\\\\"), "QGIS could not read it");
        let read: geojson::FeatureCollection =
            text.parse::<geojson::GeoJson>().unwrap().try_into().unwrap();
        assert_eq!(read.features.len(), written.returned);
        let members = read.foreign_members.unwrap();
        assert_eq!(members["simulated"], true);
        assert_eq!(members["notes"][0]["kind"], "simulated");
        assert_eq!(members["attribution"], "© OpenStreetMap contributors", "as in collections");
        for feature in &read.features {
            let properties = feature.properties.as_ref().unwrap();
            let names: Vec<_> = layer.properties().iter().map(|p| p.name).collect();
            assert_eq!(properties.keys().collect::<Vec<_>>(), names);
        }
        if layer.id() != "empty" {
            assert_eq!(written.next.map(|cursor| cursor.id), Some(13));
            assert!(
                matches!(&read.features[0].id, Some(geojson::feature::Id::Number(n)) if n.as_u64() == Some(4))
            );
        }
    }
}
