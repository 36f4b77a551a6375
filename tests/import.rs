//! Files go in: what is accepted becomes facts, what is wrong is said row by row, and what could
//! harm is refused.

mod import_kit;

use import_kit::{
    Home, outline, plots_geojson, read, refused, rejected, request, square, table, warnings,
};
use jiff::civil::date;
use poppywatch::{
    domain::{
        AreaMethod, CountryPack, DatasetKind, Event, GrowthStage, Level, Metres, PlotId, Season,
        SquareMetres,
    },
    ingest::{
        Context, ImportRequest, IngestError, KnownPlot, Limits, Silent, fields_of, read_file,
        schema_of,
    },
};
use unicode_normalization::UnicodeNormalization;

fn fixture(name: &str, kind: DatasetKind) -> ImportRequest {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    ImportRequest::new(folder.join(name), kind)
}

#[test]
fn a_vietnamese_table_becomes_facts_and_people_stay_outside() {
    let reading = read(&fixture("plots-vi.csv", DatasetKind::Plots)).unwrap();
    insta::assert_snapshot!("plots_vi_report", reading.report.to_string());
    let kinds: Vec<&str> = reading.events.iter().map(Event::kind).collect();
    assert_eq!(
        kinds,
        [
            "dataset-imported",
            "plot-sighted",
            "plot-measured",
            "plot-destroyed",
            "plot-verified",
            "plot-sighted",
            "plot-measured",
        ]
    );
    let Event::PlotSighted(first) = &reading.events[1] else { panic!("a sighting") };
    assert_eq!(first.plot.0, "2018-2019/plots-vi-A1");
    assert_eq!(first.source.record, "A1");
    assert_eq!(first.stage, Some(GrowthStage::Flower));
    assert_eq!((first.position.lon(), first.position.lat()), (102.7012, 22.4031));
    let Event::PlotMeasured(area) = &reading.events[2] else { panic!("a measurement") };
    // `15,5` in the same column says that a comma parts the decimals.
    assert_eq!((area.area.get(), area.method), (1070.0, AreaMethod::Tape));
    let json = serde_json::to_string(&reading.report).unwrap()
        + &serde_json::to_string(&reading.events).unwrap();
    assert!(!json.contains("bịa đặt") && !json.contains("000\""), "{json}");
    let Event::DatasetImported(dataset) = &reading.events[0] else { panic!("a data set") };
    assert_eq!(dataset.personal_columns, [("Họ và tên".into(), 2), ("SĐT".into(), 1)]);
}

#[test]
fn the_same_file_gives_the_same_facts() {
    let request = fixture("plots-vi.csv", DatasetKind::Plots);
    assert_eq!(read(&request).unwrap().events, read(&request).unwrap().events);
}

#[test]
fn outreach_searches_and_tracks_are_read() {
    let outreach = read(&fixture("outreach.csv", DatasetKind::Outreach)).unwrap();
    insta::assert_snapshot!("outreach_report", outreach.report.to_string());
    let Event::OutreachHeld(first) = &outreach.events[1] else { panic!("outreach") };
    assert_eq!((first.commune.as_str(), first.meetings, first.pledges), ("03463", 2, Some(31)));
    let Event::OutreachHeld(second) = &outreach.events[2] else { panic!("outreach") };
    assert_eq!(second.pledges, None, "not counted is not zero");

    let searches = read(&fixture("searches.csv", DatasetKind::EmptySearches)).unwrap();
    insta::assert_snapshot!("searches_report", searches.report.to_string());

    let mut tracks = fixture("tracks.geojson", DatasetKind::Tracks);
    tracks.sweep_width = Some(Metres::whole(20));
    let tracks = read(&tracks).unwrap();
    insta::assert_snapshot!("tracks_report", tracks.report.to_string());
    let Event::LegWalked(second) = &tracks.events[2] else { panic!("a leg") };
    // 23:30 UTC is the next morning in Hà Nội.
    assert_eq!(second.date, date(2019, 2, 21));
    assert_eq!(second.track.0.0.len(), 1);
    assert_eq!(second.sweep_width, Some(Metres::whole(20)));
}

#[test]
fn all_reasons_of_a_row_come_at_once() {
    let home = Home::new();
    let file = home.write(
        "bad.csv",
        "id,date,lon_wgs84,lat_wgs84,area,season,source,destroyed_on\n\
         ok,2019-01-03,102.7,22.4,15,2018-2019,sweep,\n\
         a,2019-02-30,102.7,22.4,-3,2018,gossip,soon\n\
         b,1970-01-01,102.7,22.4,15,2018-2019,sweep,\n\
         c,2031-01-01,102.7,22.4,15,,sweep,\n\
         d,2018-01-03,102.7,22.4,15,2018-2019,sweep,\n\
         e,2019-01-03,102.7,22.4,0,2018-2019,sweep,\n\
         f,2019-01-20,102.7,22.4,15,2018-2019,sweep,2019-01-03\n\
         g,2019-01-03,22.4,102.7,15,2018-2019,sweep,\n\
         h,2019-01-03,nan,22.4,15,2018-2019,sweep,\n\
         i,2019-01-03,10,50,15,2018-2019,sweep,\n\
         j,2019-01-03,102.7,,15,2018-2019,sweep,\n",
    );
    let reading = read(&request(&file, DatasetKind::Plots)).unwrap();
    insta::assert_snapshot!("bad_rows_report", reading.report.to_string());
    let fields: Vec<&str> =
        reading.report.rejected_rows[0].reasons.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["season", "date", "source", "area", "destroyed_on"]);
    assert_eq!((reading.report.accepted, reading.report.rejected), (1, 10));
}

#[test]
fn a_row_may_tell_about_a_plot_that_is_known() {
    let home = Home::new();
    let file = home.write(
        "later.csv",
        "id,plot,destroyed_on,destroyed_area,destroyed_by,verified_on,verification_result,verified_by\n\
         1,2018-2019/0001,2019-02-01,100,D1,2019-02-09,complete,D2\n\
         2,2018-2019/0002,2019-02-01,,,,,\n\
         3,2018-2019/0001,2018-12-01,,,,,\n",
    );
    let pack = CountryPack::lai_chau();
    let known = |id: &PlotId| {
        (id.0 == "2018-2019/0001").then(|| KnownPlot {
            reported_on: date(2019, 1, 1),
            area: SquareMetres::new(95.0).ok().map(|area| (area, AreaMethod::Tape)),
        })
    };
    let context = Context { known_plot: &known, ..Context::empty(&pack, import_kit::TODAY) };
    let request = request(&file, DatasetKind::Plots);
    let reading = read_file(&request, &context, &Silent).unwrap();
    assert_eq!(reading.report.accepted, 1, "{}", reading.report);
    let reasons = rejected(&reading);
    assert!(reasons[0].contains("0002") && reasons[0].contains("is not known"), "{reasons:?}");
    assert!(reasons[1].contains("before the plot was reported"), "{reasons:?}");
    let season: Season = "2018-2019".parse().unwrap();
    assert_eq!(reading.events[1].plot().map(|id| id.0.as_str()), Some("2018-2019/0001"));
    assert_eq!(season.to_string(), "2018-2019");
}

#[test]
fn more_destroyed_than_measured_and_verified_by_the_same_unit_are_refused() {
    let home = Home::new();
    let file = home.write(
        "sum.csv",
        "id,plot,date,lon_wgs84,lat_wgs84,area,area_method,destroyed_on,destroyed_area,destroyed_by,verified_on,verification_result,verified_by\n\
         1,P,2019-01-01,102.7,22.4,100,tape,2019-02-01,60,D1,,,\n\
         2,P,,,,,,2019-02-02,60,D1,,,\n\
         3,Q,2019-01-01,102.8,22.4,100,tape,2019-02-01,,đội 1,2019-02-09,complete,Đội 1\n\
         4,R,2019-01-01,102.9,22.4,100,eye,2019-02-01,150,D1,2019-01-09,complete,D2\n",
    );
    let mut request = request(&file, DatasetKind::Plots);
    request.season = Some("2018-2019".parse().unwrap());
    let reading = read(&request).unwrap();
    let reasons = rejected(&reading).join("\n");
    assert!(reasons.contains("makes 120 m² destroyed of a plot of 100 m²"), "{reasons}");
    assert!(reasons.contains("is the unit that destroyed the plot"), "{reasons}");
    assert!(reasons.contains("is before it was destroyed"), "{reasons}");
    assert_eq!(reading.report.accepted, 0);
    assert!(reading.events.is_empty(), "nothing accepted, nothing to store");
}

#[test]
fn ids_that_repeat_are_named_with_both_rows() {
    let home = Home::new();
    let head = "id,date,lon_wgs84,lat_wgs84\n";
    let rows = "a,2019-01-03,102.7,22.4\nb,2019-01-03,102.8,22.4\na,2019-01-04,102.9,22.4\n\
                c,2019-01-03,102.7,22.5\nc,2019-01-03,102.7,22.5\n";
    let file = home.write("twice.csv", &format!("{head}{rows}"));
    let reading = read(&request(&file, DatasetKind::Plots)).unwrap();
    let reasons = rejected(&reading);
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[0].contains("row 4") && reasons[1].contains("row 2"), "{reasons:?}");
    assert!(reasons[2].contains("copy of row 5"), "{reasons:?}");
    assert_eq!(reading.report.accepted, 2);
}

#[test]
fn rows_without_ids_are_known_by_their_content() {
    let home = Home::new();
    let head = "date,lon_wgs84,lat_wgs84\n";
    let (a, b) = ("2019-01-03,102.7,22.4\n", "2019-01-03,102.8,22.4\n");
    let one = home.write("one.csv", &format!("{head}{a}{b}{a}"));
    let two = home.write("two.csv", &format!("{head}{b}{a}"));
    let records = |file: &std::path::Path| {
        let mut request = request(file, DatasetKind::Plots);
        request.dataset = Some("same".into());
        let reading = read(&request).unwrap();
        let mut records: Vec<String> =
            reading.events.iter().filter_map(Event::source).map(|it| it.record.clone()).collect();
        records.sort();
        records
    };
    let (one, two) = (records(&one), records(&two));
    assert_eq!((one.len(), two.len()), (3, 2));
    assert!(two.iter().all(|record| one.contains(record)), "{one:?} {two:?}");
    let mut different = one.clone();
    different.dedup();
    assert_eq!(different.len(), 3, "two rows that say the same are two records");
}

#[test]
fn undeclared_degrees_are_refused_with_the_metres_between() {
    let home = Home::new();
    let file = home.write("plots.csv", "id,date,lon,lat\na,2019-01-03,102.7,22.4\n");
    let mut request = request(&file, DatasetKind::Plots);
    let error = refused(&request);
    assert!(error.contains("222 m apart") && error.contains("--crs 4326"), "{error}");
    request.crs = Some(4756);
    let Event::PlotSighted(moved) = &read(&request).unwrap().events[1] else { panic!() };
    assert!((moved.position.lon() - 102.7019).abs() < 1e-4, "{}", moved.position.lon());
    request.crs = Some(999_999);
    assert!(
        refused(&request)
            .contains("EPSG:999999, which is unknown; those of Lai Châu are 4326, 4756")
    );
    request.crs = Some(3405);
    assert!(refused(&request).contains("would fit"));
    request.crs = None;
    request.mapping.crs = Some(4326);
    assert!(read(&request).is_ok(), "a saved mapping may say it");
    // UTM metres named VN-2000: of the three systems of that datum one fits.
    let file = home.write("utm.csv", "id,date,X_vn2000,Y_vn2000\na,2019-01-03,263000,2478000\n");
    let reading = read(&import_kit::request(&file, DatasetKind::Plots)).unwrap();
    assert_eq!(reading.report.crs.unwrap().epsg, 3405);
}

#[test]
fn numbers_and_dates_that_can_be_read_twice_are_flagged() {
    let home = Home::new();
    let file = home.write(
        "unclear.csv",
        "id;date;lon_wgs84;lat_wgs84;area\na;03/04/2019;102.7;22.4;1.070\nb;04/05/2019;102.8;22.4;15\n",
    );
    let mut request = request(&file, DatasetKind::Plots);
    request.season = Some("2018-2019".parse().unwrap());
    let reading = read(&request).unwrap();
    let warned = warnings(&reading);
    assert!(warned.contains(&"number-notation") && warned.contains(&"date-order"), "{warned:?}");
    let Event::PlotMeasured(area) = &reading.events[2] else { panic!() };
    assert_eq!(area.area.get(), 1070.0);
    assert_eq!(area.date, date(2019, 4, 3));
}

#[test]
fn polygons_are_proved_and_every_fault_is_told() {
    let home = Home::new();
    let bow = "[[[102.7,22.4],[102.71,22.41],[102.71,22.4],[102.7,22.41],[102.7,22.4]]]";
    let flat = "[[[102.7,22.4],[102.71,22.4],[102.7,22.4]]]";
    let wide = "[[[-170,22.4],[170,22.4],[170,22.5],[-170,22.5],[-170,22.4]]]";
    let nan = "[[[102.7,NaN],[102.71,22.4],[102.71,22.41],[102.7,NaN]]]";
    let file = home.write(
        "faults.geojson",
        &plots_geojson(&[&square(102.7, 22.4, 0.001), bow, flat, wide, nan]),
    );
    let mut world = CountryPack::lai_chau();
    for extent in [world.plausible_extent, None] {
        world.plausible_extent = extent;
        let mut request = request(&file, DatasetKind::Plots);
        request.season = Some("2018-2019".parse().unwrap());
        let context = Context::empty(&world, import_kit::TODAY);
        let reading = read_file(&request, &context, &Silent).unwrap();
        assert_eq!(
            (reading.report.accepted, reading.report.rejected),
            (1, 4),
            "{}",
            reading.report
        );
        let reasons = rejected(&reading);
        assert!(reasons[0].contains("no valid outline"), "{reasons:?}");
        let across =
            if extent.is_some() { "outside of this deployment" } else { "across the world" };
        assert!(reasons[2].contains(across), "{reasons:?}");
    }
}

#[test]
fn what_could_harm_is_refused_at_the_gate() {
    let home = Home::new();
    let plots = |path: &str| refused(&request(std::path::Path::new(path), DatasetKind::Plots));
    assert!(plots("/vsicurl/http://example.org/a.geojson").contains("never over a network"));
    assert!(plots("https://example.org/a.geojson").contains("never over a network"));
    assert!(plots("/nowhere/a.csv").contains("no such file"));
    assert!(plots("/dev/zero").contains("device"));
    let folder = home.path().to_string_lossy().into_owned();
    assert!(plots(&folder).contains("is no file"));

    let file =
        |name: &str, bytes: &[u8]| refused(&request(&home.bytes(name, bytes), DatasetKind::Plots));
    assert!(file("a.vrt", b"<OGRVRTDataSource/>").contains("virtual"));
    assert!(file("a.zip", b"PK\x03\x04").contains("unpack"));
    assert!(file("bomb.csv", b"PK\x03\x04xxxx").contains("archive"));
    assert!(file("bomb.geojson", b"\x1f\x8bxxxx").contains("archive"));
    assert!(file("a.xlsx", b"PK\x03\x04").contains("CSV"));
    assert!(file("a.pdf", b"%PDF").contains(".geojson"));
    assert!(file("empty.csv", b"").contains("empty"));
    assert!(file("headings.csv", b"id,date,lon,lat\n").contains("no rows"));
    assert!(file("fake.gpkg", b"hello, I am no database").contains("no GeoPackage"));
    assert!(file("fake2.gpkg", b"SQLite format 3\0 and then nothing of it").contains("GeoPackage"));
    assert!(file("fake.fgb", b"hello").contains("FlatGeobuf"));
    assert!(
        file("cut.geojson", br#"{"type":"FeatureCollection","features":[{"type""#).contains("cut")
    );
    assert!(file("a.geojson", b"\xff\xfe{\0}\0").contains("UTF-16"));
    assert!(
        file("latin.csv", b"id,date,lon,lat\na,2019-01-03,102.7,22.4\nb\xe9,,,\n")
            .contains("row 3")
    );
    let link = r#"{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://example.org"}},"features":[]}"#;
    assert!(file("link.geojson", link.as_bytes()).contains("not followed"));
    let part = file("a.dbf", b"x");
    assert!(part.contains("give the .shp"), "{part}");
}

#[test]
fn too_much_is_refused_before_memory_goes() {
    let home = Home::new();
    // 10 GB that take no place on the disk.
    let huge = home.path().join("huge.csv");
    std::fs::File::create(&huge).unwrap().set_len(10 << 30).unwrap();
    let error = refused(&request(&huge, DatasetKind::Plots));
    assert!(error.contains("10.0 GiB") && error.contains("2.0 GiB"), "{error}");

    let ring: Vec<String> =
        (0..2000).map(|n| format!("[{},{}]", 102.7 + f64::from(n) * 1e-6, 22.4)).collect();
    let file = home.write(
        "ring.geojson",
        &plots_geojson(&[&square(102.7, 22.4, 0.001), &format!("[[{}]]", ring.join(","))]),
    );
    let limits = Limits { vertices: 1000, ..Limits::default() };
    let limited = |file: &std::path::Path| {
        let mut request = request(file, DatasetKind::Plots);
        request.season = Some("2018-2019".parse().unwrap());
        request.limits = limits;
        refused(&request)
    };
    let error = limited(&file);
    assert!(error.contains("feature 2 has 2000 vertices") && error.contains("1000"), "{error}");
    for format in ["gpkg", "fgb", "shp"] {
        let other = Home::convert(&file, format);
        // (Shapefile closes the ring.)
        let error = limited(&other);
        assert!(error.contains("feature 2 has 200"), "{format}: {error}");
    }
    let file = table(&home, 11);
    let mut request = request(&file, DatasetKind::Plots);
    request.limits.rows = 10;
    assert!(refused(&request).contains("more than 10 rows"));
}

/// Five million points in one ring: counted in one pass, never built.
#[test]
fn a_ring_of_five_million_points_is_counted_and_refused() {
    use std::io::Write;
    let home = Home::new();
    let path = home.path().join("five.geojson");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    write!(file, r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[[[1,2]"#).unwrap();
    for _ in 1..5_000_000 {
        file.write_all(b",[1,2]").unwrap();
    }
    write!(file, "]]}}}}]}}").unwrap();
    drop(file);
    let error = refused(&request(&path, DatasetKind::Plots));
    assert!(error.contains("feature 1 has 5000000 vertices"), "{error}");
}

/// A copy that broke off: never half of the file as if it were all of it.
#[test]
fn a_file_that_was_cut_off_is_refused() {
    let home = Home::new();
    let rings: Vec<String> =
        (0..200).map(|n| square(102.0 + f64::from(n) * 0.01, 22.4, 0.001)).collect();
    let rings: Vec<&str> = rings.iter().map(String::as_str).collect();
    let whole = home.write("p.geojson", &plots_geojson(&rings));
    for format in ["geojson", "gpkg", "fgb", "shp"] {
        let file = if format == "geojson" { whole.clone() } else { Home::convert(&whole, format) };
        let bytes = std::fs::read(&file).unwrap();
        for part in [30, 60, 90, 99] {
            std::fs::write(&file, &bytes[..bytes.len() * part / 100]).unwrap();
            let mut request = request(&file, DatasetKind::Plots);
            request.season = Some("2018-2019".parse().unwrap());
            match read(&request) {
                Err(_) => {}
                Ok(reading) => {
                    let report = reading.report;
                    panic!("{format} cut at {part} %: {} rows, {report}", report.rows_read);
                }
            }
        }
        std::fs::write(&file, &bytes).unwrap();
    }
}

#[test]
fn a_link_to_a_file_is_the_file() {
    let home = Home::new();
    let file = table(&home, 3);
    let link = home.path().join("link.csv");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert_eq!(read(&request(&link, DatasetKind::Plots)).unwrap().report.accepted, 3);
}

#[test]
fn the_parts_of_a_shapefile_are_missed_by_name() {
    let home = Home::new();
    let file = home.write("p.geojson", &plots_geojson(&[&square(102.7, 22.4, 0.001)]));
    let shp = Home::convert(&file, "shp");
    let mut request = request(&shp, DatasetKind::Plots);
    request.season = Some("2018-2019".parse().unwrap());
    assert_eq!(read(&request).unwrap().report.accepted, 1);
    std::fs::remove_file(shp.with_extension("prj")).unwrap();
    assert!(refused(&request).contains("no .prj"));
    request.crs = Some(4326);
    assert_eq!(read(&request).unwrap().report.accepted, 1);
    for ending in ["dbf", "shx"] {
        let part = shp.with_extension(ending);
        let bytes = std::fs::read(&part).unwrap();
        std::fs::remove_file(&part).unwrap();
        let error = refused(&request);
        assert!(error.contains(&format!(".{ending}")) && error.contains("missing"), "{error}");
        std::fs::write(&part, bytes).unwrap();
    }
}

#[test]
fn text_of_a_shapefile_is_read_or_its_row_is_named() {
    let home = Home::new();
    let units = |name: &str| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"ma_xa":"03463","ten_xa":"{name}"}},"geometry":{{"type":"Polygon","coordinates":{}}}}}]}}"#,
            square(102.7, 22.4, 0.1)
        )
    };
    let file = home.write("u.geojson", &units("Tà Tổng"));
    let shp = Home::convert(&file, "shp");
    let mut request = request(&shp, DatasetKind::Boundaries);
    request.boundary.level = Some(Level::Commune);
    request.boundary.scheme = Some("gso".into());
    request.boundary.valid_from = Some(date(2025, 7, 1));
    let name = |request: &ImportRequest| {
        let reading = read(request).unwrap();
        reading.events.iter().find_map(|event| match event {
            Event::BoundaryDeclared(unit) => Some((unit.name.clone(), unit.key.code.clone())),
            _ => None,
        })
    };
    let right = Some(("Tà Tổng".to_owned(), "03463".to_owned()));
    assert_eq!(name(&request), right, "by its .cpg");
    std::fs::remove_file(shp.with_extension("cpg")).unwrap();
    assert_eq!(name(&request), right, "by its bytes");
    // Bytes of an old Vietnamese font are no UTF-8, and nothing says what they are.
    let dbf = shp.with_extension("dbf");
    let mut bytes = std::fs::read(&dbf).unwrap();
    let at = bytes.windows(2).rposition(|pair| pair == "à".as_bytes()).unwrap();
    bytes[at] = 0xb5;
    bytes[at + 1] = b' ';
    std::fs::write(&dbf, bytes).unwrap();
    let reasons = rejected(&read(&request).unwrap());
    assert!(reasons[0].contains("name") && reasons[0].contains("no text"), "{reasons:?}");
}

#[test]
fn a_code_that_came_as_a_number_is_flagged() {
    let home = Home::new();
    let file = home.write(
        "u.geojson",
        &format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"code":3463,"name":"Tà Tổng","valid_from":"2025-07-01"}},"geometry":{{"type":"Polygon","coordinates":{}}}}},
            {{"type":"Feature","properties":{{"code":3464,"valid_to":"x"}},"geometry":{{"type":"Point","coordinates":[102.7,22.4]}}}}]}}"#,
            square(102.7, 22.4, 0.1)
        ),
    );
    let mut request = request(&file, DatasetKind::Boundaries);
    let missing = rejected(&read(&request).unwrap()).join(" ");
    assert!(missing.contains("--level") && missing.contains("--scheme"), "{missing}");
    request.boundary.level = Some(Level::Commune);
    request.boundary.scheme = Some("gso".into());
    let reading = read(&request).unwrap();
    assert!(warnings(&reading).contains(&"code-as-number"), "{}", reading.report);
    let reasons = rejected(&reading).join(" ");
    assert!(reasons.contains("valid_from") && reasons.contains("needs a polygon"), "{reasons}");
    assert_eq!(reading.events[1].source().unwrap().record, "3463@2025-07-01");
}

#[test]
fn a_layer_of_several_is_asked_for() {
    let home = Home::new();
    let gpkg = home.two_layers();
    let mut request = request(&gpkg, DatasetKind::Plots);
    request.season = Some("2018-2019".parse().unwrap());
    let error = refused(&request);
    assert!(error.contains("`one`") && error.contains("`two`"), "{error}");
    request.layer = Some("two".into());
    assert_eq!(read(&request).unwrap().report.accepted, 1);
    request.layer = Some("three".into());
    assert!(refused(&request).contains("no layer `three`"));
}

#[test]
fn the_mapping_that_was_used_serves_the_next_file() {
    let request = fixture("plots-vi.csv", DatasetKind::Plots);
    let first = read(&request).unwrap();
    let mut again = request.clone();
    again.mapping = poppywatch::ingest::Mapping::from_toml(&first.report.mapping_toml()).unwrap();
    let second = read(&again).unwrap();
    assert_eq!(first.events, second.events);
    assert!(second.report.mapping.iter().all(|column| column.given));
    again.mapping.add("site=Họ và tên").unwrap();
    assert!(refused(&again).contains("never people"));
}

/// The schemas that are committed are those of the table of fields.
/// `POPPYWATCH_BLESS=1 cargo test --test import` writes them anew.
#[test]
fn the_schemas_are_those_of_the_fields() {
    #[expect(clippy::disallowed_methods, reason = "a switch for the one who runs the test")]
    let bless = std::env::var("POPPYWATCH_BLESS").is_ok();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for kind in DatasetKind::ALL {
        let text = serde_json::to_string_pretty(&schema_of(kind)).unwrap() + "\n";
        let file = folder.join(format!("import-{kind}.schema.json"));
        if bless {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == text, "{} differs: run with POPPYWATCH_BLESS=1", file.display());
    }
}

/// The manual names every field.
#[test]
fn the_manual_names_every_field() {
    let manual = include_str!("../docs/import.md");
    for kind in DatasetKind::ALL {
        let section = manual.split("\n## ").find(|part| part.starts_with(&format!("`{kind}`")));
        let section = section.unwrap_or_else(|| panic!("docs/import.md has no section `{kind}`"));
        for field in fields_of(kind) {
            assert!(section.contains(&format!("`{}`", field.name)), "{kind}: {}", field.name);
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]

    /// The same polygons through four formats, wound either way, give the same facts.
    #[test]
    fn the_format_and_the_winding_change_nothing(
        squares in proptest::collection::vec((0..100u32, 0..100u32, 1..9u32), 1..6),
        clockwise: bool,
    ) {
        let home = Home::new();
        let rings: Vec<String> = squares
            .iter()
            .enumerate()
            .map(|(n, (x, y, size))| {
                let (x, y) = (102.2 + f64::from(*x) * 0.01, 22.0 + f64::from(*y) * 0.005);
                outline(x + n as f64 * 1e-5, y, f64::from(*size) * 1e-4, clockwise)
            })
            .collect();
        let rings: Vec<&str> = rings.iter().map(String::as_str).collect();
        let file = home.write("p.geojson", &plots_geojson(&rings));
        let facts = |path: &std::path::Path| {
            let mut request = request(path, DatasetKind::Plots);
            request.dataset = Some("p".into());
            request.season = Some("2018-2019".parse().unwrap());
            let reading = read(&request).unwrap();
            // FlatGeobuf orders features along a curve.
            let mut facts: Vec<String> = reading.events[1..]
                .iter()
                .map(|event| serde_json::to_string(event).unwrap())
                .collect();
            facts.sort();
            facts
        };
        let expected = facts(&file);
        proptest::prop_assert_eq!(expected.len(), squares.len() * 2);
        for format in ["gpkg", "fgb", "shp"] {
            proptest::prop_assert_eq!(&facts(&Home::convert(&file, format)), &expected, "{}", format);
        }
    }

    /// Signs that part cells elsewhere are text where they are quoted.
    #[test]
    fn text_is_read_as_it_was_written(
        hamlets in proptest::collection::vec("[A-Za-zÀ-ỹ0-9 ;,\"'_-]{1,12}", 1..20),
        sign in proptest::sample::select(&[b';', b',', b'\t'][..]),
    ) {
        let home = Home::new();
        let mut writer = csv::WriterBuilder::new().delimiter(sign).from_writer(Vec::new());
        writer.write_record(["id", "date", "commune", "hamlet", "meetings"]).unwrap();
        for (n, hamlet) in hamlets.iter().enumerate() {
            let (id, hamlet) = (format!("r{n}"), format!("b{hamlet}"));
            writer.write_record([&id, "2018-10-01", "03463", &hamlet, "1"]).unwrap();
        }
        let file = home.bytes("t.csv", &writer.into_inner().unwrap());
        let reading = read(&request(&file, DatasetKind::Outreach)).unwrap();
        let read: Vec<Option<&str>> = reading.events[1..]
            .iter()
            .map(|event| match event {
                Event::OutreachHeld(it) => it.hamlet.as_deref(),
                other => panic!("{other:?}"),
            })
            .collect();
        let written: Vec<String> = hamlets.iter().map(|it| format!("b{it}").trim().nfc().collect()).collect();
        let written: Vec<Option<&str>> = written.iter().map(|it| Some(it.as_str())).collect();
        proptest::prop_assert_eq!(read, written);
    }

    /// What is written as a table is read as it was.
    #[test]
    fn a_table_is_read_as_it_was_written(
        rows in proptest::collection::vec(
            ("[a-z0-9_.-]{1,12}", 0..9000u32, 0..9000u32, 1..200_000u32), 1..20),
        sign in proptest::sample::select(&[b';', b',', b'\t'][..]),
    ) {
        let home = Home::new();
        let mut writer = csv::WriterBuilder::new().delimiter(sign).from_writer(Vec::new());
        writer.write_record(["id", "date", "lon wgs84", "lat wgs84", "area m2", "site"]).unwrap();
        for (n, (site, x, y, area)) in rows.iter().enumerate() {
            writer
                .write_record([
                    format!("r{n}"),
                    "2019-01-03".into(),
                    format!("{:.4}", 102.5 + f64::from(*x) * 1e-4),
                    format!("{:.4}", 22.0 + f64::from(*y) * 1e-4),
                    format!("{:.2}", f64::from(*area) / 100.0),
                    format!("s{site}0"),
                ])
                .unwrap();
        }
        let file = home.bytes("t.csv", &writer.into_inner().unwrap());
        let reading = read(&request(&file, DatasetKind::Plots)).unwrap();
        proptest::prop_assert_eq!(reading.report.accepted, rows.len() as u64);
        let mut sites = reading.events.iter().filter_map(|event| match event {
            Event::SiteLinked(link) => Some(link.site.0.clone()),
            _ => None,
        });
        for (site, ..) in &rows {
            proptest::prop_assert_eq!(sites.next(), Some(format!("s{site}0")));
        }
        let mut areas = reading.events.iter().filter_map(|event| match event {
            Event::PlotMeasured(it) => Some(it.area.get()),
            _ => None,
        });
        for (.., area) in &rows {
            proptest::prop_assert_eq!(areas.next(), Some(f64::from(*area) / 100.0));
        }
    }
}

/// Whatever stands in the cells of a sender, a person's name reaches neither facts nor report.
#[test]
fn names_of_people_are_kept_nowhere() {
    let home = Home::new();
    let file = home.write(
        "people.csv",
        "id,plot,date,lon_wgs84,lat_wgs84,site,area,destroyed_on,destroyed_by,source\n\
         a,,2019-01-03,102.70,22.4,S-12,15,2019-01-20,Giàng A Tủa,sweep\n\
         b,,2019-01-03,102.71,22.4,Nương ông Giàng A Tủa,15,,,sweep\n\
         c,Giàng A Tủa,2019-01-03,102.72,22.4,,15,,,sweep\n\
         Giang_A_Tủa,,2019-01-03,102.73,22.4,,15,,,sweep\n\
         e,,2019-01-03,102.74,22.4,,15,,,ông Tủa\n\
         f,,2019-01-03,102.75,22.4,,Giàng A Tủa,,,sweep\n",
    );
    let reading = read(&request(&file, DatasetKind::Plots)).unwrap();
    assert_eq!((reading.report.accepted, reading.report.rejected), (1, 5));
    let reasons = rejected(&reading).join("\n");
    assert!(reasons.contains("plot looks like a person's name"), "{reasons}");
    assert!(reasons.contains("such as S-12"), "{reasons}");
    assert!(warnings(&reading).contains(&"not-a-code"), "{:?}", reading.report.warnings);
    let all = serde_json::to_string(&reading.report).unwrap()
        + &serde_json::to_string(&reading.events).unwrap()
        + &reading.report.to_string();
    assert!(!all.contains("Tủa") && all.contains("S-12"), "{all}");
    let Some(Event::PlotDestroyed(it)) =
        reading.events.iter().find(|event| matches!(event, Event::PlotDestroyed(_)))
    else {
        panic!("the rest of the row is kept")
    };
    assert_eq!(it.unit, None);
}

#[test]
fn a_team_is_a_code_and_a_hamlet_a_name() {
    let home = Home::new();
    let file = home.write(
        "teams.csv",
        "id,date,team,lon_wgs84,lat_wgs84,radius\n\
         1,2019-02-20,Nguyễn Văn A,102.70,22.40,250\n\
         2,2019-02-20,Đội 1,102.70,22.40,250\n\
         3,2019-02-20,Đồn Biên phòng 303,102.70,22.40,250\n",
    );
    let reading = read(&request(&file, DatasetKind::EmptySearches)).unwrap();
    let teams: Vec<Option<&str>> = reading.events[1..]
        .iter()
        .map(|event| match event {
            Event::SearchedEmpty(it) => it.team.as_deref(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(teams, [None, Some("Đội 1"), Some("Đồn Biên phòng 303")]);
    let warning = reading.report.warnings.iter().find(|it| it.code == "not-a-code").unwrap();
    assert_eq!(warning.count, 1);
    assert!(!reading.report.to_string().contains("Nguyễn"), "{}", reading.report);

    let file = home.write(
        "meetings.csv",
        "id,date,commune,hamlet,meetings\n1,2018-10-01,03463,Bản Phìn Hồ,2\n",
    );
    let reading = read(&request(&file, DatasetKind::Outreach)).unwrap();
    let Event::OutreachHeld(it) = &reading.events[1] else { panic!("outreach") };
    assert_eq!(it.hamlet.as_deref(), Some("Bản Phìn Hồ"));
}

#[test]
fn a_file_that_is_refused_says_which() {
    let error = IngestError::Empty { file: "a.csv".into(), what: "it has no bytes".into() };
    assert_eq!(error.to_string(), "a.csv is empty: it has no bytes");
}
