//! Other programs on the store: GDAL (and so QGIS) opens every table as it is, and may not write.
//!
//! GDAL looks at a file beside SQLite and so drops this process's locks on it: no store is open
//! here while GDAL is.

mod store_support;

use std::path::{Path, PathBuf};

use gdal::vector::sql::Dialect;
use gdal::{
    Dataset, DatasetOptions, GdalOpenFlags,
    vector::{LayerAccess, OGRFieldType, OGRwkbGeometryType as Wkb},
};
use poppywatch::{
    domain::{Event, PlotId, SiteId, SiteLink},
    store::{Store, StoreError},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use rusqlite::Connection;
use store_support::{dataset, event, leg, pack, quiet, sighting, source, time};
use tempfile::TempDir;

/// A store with some of everything, superseded rows among it.
fn store() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kho dữ liệu.gpkg");
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let mut runner = TestRunner::deterministic();
    for second in 0..10 {
        let events: Vec<_> =
            (0..40).map(|_| event().new_tree(&mut runner).unwrap().current()).collect();
        store.append(&events, time(second), &quiet).unwrap();
    }
    // One plot that nobody rejects, at a site.
    let plot = PlotId("2024-2025/good".to_owned());
    let link = SiteLink {
        plot: plot.clone(),
        site: SiteId("S-good".to_owned()),
        date: jiff::civil::date(2025, 3, 1),
        rule: "new/1".to_owned(),
        source: source("good", 2),
    };
    let seen = sighting(&plot.0, 7, 7, true, source("good", 1));
    store.append(&[seen, Event::SiteLinked(link)], time(20), &quiet).unwrap();
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
    (folder, path)
}

fn count(path: &Path, table: &str) -> u64 {
    let conn = Connection::open(path).unwrap();
    let count: i64 =
        conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
    count.cast_unsigned()
}

fn for_update(path: &Path) -> Dataset {
    let open_flags = GdalOpenFlags::GDAL_OF_UPDATE | GdalOpenFlags::GDAL_OF_VECTOR;
    Dataset::open_ex(path, DatasetOptions { open_flags, ..DatasetOptions::default() }).unwrap()
}

#[test]
fn gdal_and_we_share_one_sqlite() {
    let (_folder, path) = store();
    let file = Dataset::open(&path).unwrap();
    let mut answer =
        file.execute_sql("SELECT sqlite_source_id()", None, Dialect::DEFAULT).unwrap().unwrap();
    let theirs = answer.features().next().unwrap().field_as_string(0).unwrap().unwrap();
    let ours: String = Connection::open_in_memory()
        .unwrap()
        .query_row("SELECT sqlite_source_id()", [], |row| row.get(0))
        .unwrap();
    assert_eq!(ours, theirs, "two SQLites in one process crash on a GeoPackage");
}

#[test]
fn gdal_opens_every_table() {
    let (_folder, path) = store();
    let expected = [
        ("plot", Wkb::wkbPoint),
        ("plot_current", Wkb::wkbPoint),
        ("plot_outline", Wkb::wkbMultiPolygon),
        ("plot_outline_current", Wkb::wkbMultiPolygon),
        ("site", Wkb::wkbPoint),
        ("site_current", Wkb::wkbPoint),
        ("boundary", Wkb::wkbMultiPolygon),
        ("boundary_current", Wkb::wkbMultiPolygon),
        ("border_line", Wkb::wkbMultiLineString),
        ("border_line_current", Wkb::wkbMultiLineString),
        ("patrol_leg", Wkb::wkbMultiLineString),
        ("patrol_leg_current", Wkb::wkbMultiLineString),
        ("empty_search", Wkb::wkbUnknown),
        ("empty_search_current", Wkb::wkbUnknown),
        ("sighting", Wkb::wkbPoint),
        ("sighting_current", Wkb::wkbPoint),
        ("measurement", Wkb::wkbNone),
        ("destruction", Wkb::wkbNone),
        ("verification", Wkb::wkbNone),
        ("rejection", Wkb::wkbNone),
        ("site_link", Wkb::wkbNone),
        ("outreach", Wkb::wkbNone),
        ("dataset", Wkb::wkbNone),
        ("event", Wkb::wkbNone),
    ];
    let counts = expected.map(|(table, _)| count(&path, table));
    let file = Dataset::open(&path).unwrap();
    assert_eq!(file.driver().short_name(), "GPKG");
    assert_eq!(file.layer_count(), expected.len());
    for ((name, geometry), count) in expected.into_iter().zip(counts) {
        let mut layer = file.layer_by_name(name).unwrap();
        assert_eq!(layer.defn().geometry_type(), geometry, "{name}");
        assert_eq!(layer.feature_count(), count, "{name}");
        assert!(count > 0, "{name} shows nothing");
        assert_eq!(layer.features().count() as u64, count, "{name}");
        if geometry == Wkb::wkbNone {
            continue;
        }
        assert_eq!(layer.spatial_ref().unwrap().auth_code().unwrap(), 4326, "{name}");
        let extent = layer.get_extent().unwrap();
        for feature in layer.features() {
            let around = feature.geometry().unwrap().envelope();
            let slack = 1e-12; // GDAL reads gpkg_contents with fifteen digits
            assert!(
                extent.MinX <= around.MinX + slack
                    && around.MaxX <= extent.MaxX + slack
                    && extent.MinY <= around.MinY + slack
                    && around.MaxY <= extent.MaxY + slack,
                "{name}: a feature lies outside of the extent that gpkg_contents tells"
            );
        }
    }
}

#[test]
fn gdal_reads_dates_flags_and_permanent_numbers() {
    let (_folder, path) = store();
    let first: (i64, String) = Connection::open(&path)
        .unwrap()
        .query_row("SELECT plot, reported_on FROM plot WHERE rev_to IS NULL", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let file = Dataset::open(&path).unwrap();
    let layer = file.layer_by_name("plot_current").unwrap();
    let types: Vec<_> =
        layer.defn().fields().map(|field| (field.name(), field.field_type())).collect();
    for (name, wanted) in [
        ("reported_on", OGRFieldType::OFTDate),
        ("area_m2", OGRFieldType::OFTReal),
        ("lancing_assumed", OGRFieldType::OFTInteger),
        ("season", OGRFieldType::OFTString),
    ] {
        assert!(types.contains(&(name.to_owned(), wanted)), "{name}: {types:?}");
    }
    let feature = layer.feature(first.0.cast_unsigned()).expect("the id is the plot's number");
    let index = feature.field_index("reported_on").unwrap();
    let date = feature.field_as_datetime(index).unwrap().unwrap();
    assert_eq!(date.date_naive().to_string(), first.1);
    let log = file.layer_by_name("event").unwrap();
    let time = log.defn().fields().find(|field| field.name() == "recorded_at").unwrap();
    assert_eq!(time.field_type(), OGRFieldType::OFTDateTime);
}

#[test]
fn edits_by_others_are_refused_with_the_way_to_edit() {
    let (_folder, path) = store();
    let before: Vec<_> = ["plot", "event", "sighting", "boundary"].map(|t| count(&path, t)).into();
    let first_sighting: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT min(rev_from) FROM sighting", [], |row| row.get(0))
        .unwrap();
    let first_sighting = first_sighting.cast_unsigned();
    let file = for_update(&path);
    for sql in [
        "UPDATE plot SET area_m2 = 1",
        "DELETE FROM sighting",
        "INSERT INTO outreach SELECT 99999, rev_to, outreach_id, season, date, commune, hamlet, \
         meetings, pledges, dataset, record FROM outreach LIMIT 1",
        "REPLACE INTO dataset SELECT * FROM dataset LIMIT 1",
        "UPDATE event SET payload = '{}' WHERE revision = 1",
        "DELETE FROM plot_number",
        "UPDATE poppywatch SET pack = 'x'",
        "UPDATE plot_current SET area_m2 = 1",
        "DELETE FROM boundary_current",
    ] {
        let refused = file.execute_sql(sql, None, Dialect::DEFAULT).map(|_| ()).unwrap_err();
        let words = refused.to_string();
        assert!(words.contains("poppywatch import FILE --dataset NAME"), "{sql}: {words}");
    }
    drop(file);
    // As QGIS does it: read a feature, change it, write it back.
    let file = for_update(&path);
    let layer = file.layer_by_name("sighting").unwrap();
    let mut feature = layer.feature(first_sighting).unwrap();
    let index = feature.field_index("seen_by").unwrap();
    feature.set_field_string(index, "drone").unwrap();
    // The binding swallows the refusal; the verify below would see the change.
    layer.set_feature(feature).unwrap();
    drop(layer);
    drop(file);
    let after: Vec<_> = ["plot", "event", "sighting", "boundary"].map(|t| count(&path, t)).into();
    assert_eq!(before, after);
    let store = Store::open(&path, &pack()).unwrap();
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
}

#[test]
fn a_spatial_index_made_in_qgis_does_not_hide_what_comes_later() {
    let (_folder, path) = store();
    let file = for_update(&path);
    file.execute_sql("SELECT CreateSpatialIndex('plot', 'geom')", None, Dialect::DEFAULT).unwrap();
    drop(file);
    let triggers = "sqlite_schema WHERE name LIKE 'rtree_plot%' AND type = 'trigger'";
    assert!(count(&path, triggers) > 0, "GDAL made no index");

    let mut store = Store::open(&path, &pack()).unwrap();
    let event = sighting("2024-2025/far", 250, 250, false, source("later", 1));
    store.append(&[dataset("later", 1), event], time(100), &quiet).unwrap();
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
    drop(store);
    assert_eq!(count(&path, triggers), 0);
    let file = Dataset::open(&path).unwrap();
    let mut layer = file.layer_by_name("plot").unwrap();
    layer.set_spatial_filter_rect(105.4, 24.4, 105.6, 24.6);
    assert_eq!(layer.features().count(), 1);
}

/// QGIS 3.22 sets the journal mode back to DELETE when it lets go of a file.
#[test]
fn wal_is_set_again_after_others_took_it_away() {
    let (_folder, path) = store();
    let mode = |conn: &Connection| -> String {
        conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap()
    };
    let other = Connection::open(&path).unwrap();
    let flip = |conn: &Connection| conn.pragma_update(None, "journal_mode", "DELETE");
    flip(&other).unwrap();
    assert_eq!(mode(&other), "delete");

    // It reads while we open: WAL cannot be set, and all works without.
    other.execute_batch("BEGIN; SELECT count(*) FROM plot").unwrap();
    let mut store = Store::open(&path, &pack()).unwrap();
    assert!(store.load(None).is_ok());
    other.execute_batch("COMMIT").unwrap();
    let appended = store.append(&[leg("a", 1, source("w", 1))], time(50), &quiet).unwrap();
    assert_eq!(appended.new, 1);
    assert_eq!(mode(&Connection::open(&path).unwrap()), "wal", "the append set it again");

    // While we have it open, nobody can take it away; once closed, anybody can.
    drop(flip(&other));
    assert_eq!(mode(&Connection::open(&path).unwrap()), "wal");
    store.append(&[leg("b", 2, source("w", 2))], time(51), &quiet).unwrap();
    drop(store);
    flip(&other).unwrap();
    drop(other);
    let store = Store::open(&path, &pack()).unwrap();
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
    assert_eq!(mode(&Connection::open(&path).unwrap()), "wal");
}

#[test]
fn a_geopackage_made_by_gdal_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.gpkg");
    let driver = gdal::DriverManager::get_driver_by_name("GPKG").unwrap();
    let mut theirs = driver.create_vector_only(&path).unwrap();
    theirs.create_layer(gdal::vector::LayerOptions::default()).unwrap();
    theirs.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    for open in [Store::open, Store::create_or_open] {
        let refused = open(&path, &pack()).map(|_| ()).unwrap_err();
        assert!(matches!(refused, StoreError::NotOurs { .. }), "{refused}");
        assert!(refused.to_string().contains("poppywatch import"), "{refused}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
