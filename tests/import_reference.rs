//! Real files, where `POPPYWATCH_REFERENCE` names the folder that has them.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that prints what it ran")]

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use poppywatch::{
    domain::{CountryPack, DatasetKind, Event, Level, Metres, Position},
    ingest::{
        ChildCentre, Context, ImportRequest, IngestError, Reading, RowFilter, Silent, read_file,
    },
};

const TODAY: Date = date(2026, 7, 1);

fn reference() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test over reference data")]
    let folder = std::env::var("POPPYWATCH_REFERENCE").ok();
    let folder = folder.map(PathBuf::from).filter(|folder| folder.join("data").is_dir());
    println!("reference data: {} cases can run", if folder.is_some() { "all" } else { "0" });
    folder.map(|folder| folder.join("data"))
}

/// Lai Châu's pack, and one for a deployment without a country's outline.
fn packs() -> [CountryPack; 2] {
    let home = CountryPack::lai_chau();
    let world = CountryPack { plausible_extent: None, ..home.clone() };
    [home, world]
}

fn centres(data: &Path) -> Vec<ChildCentre> {
    let file = data.join("admin/vn_units_pre2025_points_vietnamadminunits.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headings = reader.headers().unwrap().clone();
    let column = |name: &str| headings.iter().position(|other| other == name).unwrap();
    let [province, district, ward, lat, lon] =
        ["province", "district", "ward", "wardLat", "wardLon"].map(column);
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let number = |index: usize| record[index].parse::<f64>().unwrap();
            ChildCentre {
                name: record[ward].to_owned(),
                district: Some(record[district].to_owned()),
                province: record[province].to_owned(),
                position: Position::new(number(lon), number(lat)).unwrap(),
            }
        })
        .collect()
}

fn units(path: PathBuf, level: Level, scheme: &str, from: Date) -> ImportRequest {
    let mut request = ImportRequest::new(path, DatasetKind::Boundaries);
    request.boundary.level = Some(level);
    request.boundary.scheme = Some(scheme.to_owned());
    request.boundary.valid_from = Some(from);
    request.boundary.error = Some(Metres::whole(50));
    request
}

fn read(
    request: &ImportRequest,
    pack: &CountryPack,
    centres: &[ChildCentre],
) -> Result<Reading, IngestError> {
    let context = Context { centres, ..Context::empty(pack, TODAY) };
    let reading = read_file(request, &context, &Silent);
    match &reading {
        Ok(reading) => println!("{}", reading.report),
        Err(error) => println!("refused: {error}\n"),
    }
    reading
}

#[test]
fn boundaries_of_both_times_are_read_and_the_swapped_districts_refused() {
    let Some(data) = reference() else { return };
    let [pack, _] = packs();
    let admin = data.join("admin");
    let centres = centres(&data);
    let old = units(
        admin.join("vn_communes_2009_5prov_lowres.geojson"),
        Level::Commune,
        "census-2009",
        date(2012, 1, 1),
    );
    let reading = read(&old, &pack, &centres).unwrap();
    assert_eq!((reading.report.accepted, reading.report.rejected), (786, 0));
    let ta_tong = reading.events.iter().find_map(|event| match event {
        Event::BoundaryDeclared(unit) if unit.name == "Tà Tổng" => Some(unit),
        _ => None,
    });
    let ta_tong = ta_tong.unwrap();
    assert_eq!(ta_tong.aliases[0], "Xã Tà Tổng");
    assert!(ta_tong.parent.is_some());

    for (file, count) in [
        ("vn_communes_2025_laichau_fullres.geojson", 38),
        ("vn_communes_2025_neighbours_fullres.fgb", 219),
    ] {
        let request = units(admin.join(file), Level::Commune, "gso", date(2025, 7, 1));
        let reading = read(&request, &pack, &centres).unwrap();
        assert_eq!((reading.report.accepted, reading.report.rejected), (count, 0));
        // Leading zeros are kept.
        assert!(reading.events.iter().all(|event| match event {
            Event::BoundaryDeclared(unit) => unit.key.code.len() == 5,
            _ => true,
        }));
    }

    let file = admin.join("vn_districts_pre2025_5prov.geojson");
    let request = units(file, Level::District, "gso", date(2012, 1, 1));
    let error = read(&request, &pack, &centres).unwrap_err();
    assert!(matches!(error, IngestError::ShapesContradictNames { .. }));
    let text = error.to_string();
    assert!(text.contains("Sìn Hồ") && text.contains("Phong Thổ"), "{text}");
    assert!(!text.contains("Mường Tè"), "{text}");

    for (file, from, count) in [
        ("vn_provinces_pre2025_5prov.geojson", date(2004, 1, 1), 5),
        ("vn_provinces_2025_4prov_fullres.geojson", date(2025, 7, 1), 4),
    ] {
        let request = units(admin.join(file), Level::Province, "gso", from);
        let reading = read(&request, &pack, &centres).unwrap();
        assert_eq!((reading.report.accepted, reading.report.rejected), (count, 0));
    }
}

#[test]
fn the_national_border_is_lines_and_countries() {
    let Some(data) = reference() else { return };
    let [pack, _] = packs();
    let file = data.join("admin/national_border_vn_cn_la_osm10m.geojson");
    let only = |value: &str| vec![RowFilter { column: "kind".into(), value: value.into() }];
    let mut lines = ImportRequest::new(&file, DatasetKind::BorderLines);
    lines.boundary.valid_from = Some(date(2009, 7, 14));
    lines.only = only("border_line");
    let reading = read(&lines, &pack, &[]).unwrap();
    assert_eq!((reading.report.accepted, reading.report.rows_left_out), (3, 3));
    let mut countries = units(file, Level::Country, "iso-3166", date(2009, 7, 14));
    countries.only = only("country_clip");
    let reading = read(&countries, &pack, &[]).unwrap();
    assert_eq!((reading.report.accepted, reading.report.rejected), (3, 0));
}

#[test]
fn villages_are_no_plots() {
    let Some(data) = reference() else { return };
    let [pack, _] = packs();
    let file = data.join("admin/villages_geonames_5prov.csv");
    let mut request = ImportRequest::new(file, DatasetKind::Plots);
    request.season = Some("2018-2019".parse().unwrap());
    request.crs = Some(4326);
    let error = read(&request, &pack, &[]).unwrap_err();
    assert!(error.to_string().contains("villages"), "{error}");
}

#[test]
fn parcels_of_the_world_are_plots_of_a_deployment_without_an_outline() {
    let Some(data) = reference() else { return };
    let [home, world] = packs();
    for (file, count) in [
        ("jecam_bf_100plots.shp", 100),
        ("ai4smallfarms_vietnam_100fields_utm48n.gpkg", 100),
        ("field_parcels_15_samples.fgb", 1410),
    ] {
        let path = data.join("plots").join(file);
        let mut request = ImportRequest::new(path, DatasetKind::Plots);
        request.season = Some("2015-2016".parse().unwrap());
        let reading = read(&request, &world, &[]).unwrap();
        assert_eq!((reading.report.accepted, reading.report.rejected), (count, 0), "{file}");
        let again = read_file(&request, &Context::empty(&world, TODAY), &Silent).unwrap();
        assert_eq!(reading.events, again.events);
        // At home they lie outside, and every row says so.
        let at_home = read_file(&request, &Context::empty(&home, TODAY), &Silent);
        match at_home {
            Ok(reading) => assert!(reading.report.rejected > 0, "{file}"),
            Err(error) => assert!(matches!(error, IngestError::Crs { .. }), "{error}"),
        }
    }
}
