//! `poppywatch analyse density` on files: outlines, edges, lines, rasters, and what it refuses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

/// 80 points in a bay of a province; two of them outside of it, one of unknown weight.
fn write_files(folder: &Path) {
    let mut points = "id,x,y,w,season\n".to_owned();
    for n in 0..80 {
        let (x, y) = (300_100 + n * 317 % 3800, 2_400_150 + n * 211 % 2600);
        let w = if n == 7 { String::new() } else { (1 + n % 4).to_string() };
        writeln!(points, "{n},{x},{y},{w},{}", 2023 + n % 2).unwrap();
    }
    points += "98,310000,2400000,1,2024\n99,300000,2410000,1,2024\n";
    fs::write(folder.join("points.csv"), points).unwrap();
    let outline = r#"{"type":"FeatureCollection",
        "crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32648"}},
        "features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[
        [300000,2400000],[304000,2400100],[304000,2403000],[302000,2402000],[300000,2403000],
        [300000,2400000]]]}}]}"#;
    fs::write(folder.join("province.geojson"), outline).unwrap();
    fs::write(folder.join("one.csv"), "id,x,y\n1,300000,2400000\n2,300100,2400100\n").unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_poppywatch"))
        .args(["analyse", "density", "--input"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn answer(folder: &Path, flags: &[&str]) -> Value {
    let arguments = [&["points.csv", "--crs", "32648", "--format", "json"], flags].concat();
    let output = run(folder, &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn edges_are_those_of_the_outline_and_sums_are_told() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    for (edge, slack) in [("none", 1e-3), ("diggle", 1e-3), ("uniform", 0.1)] {
        let flags = ["--outline", "province.geojson", "--edge", edge, "--bandwidth", "900"];
        let said = answer(folder.path(), &flags);
        let summary = &said["summary"];
        let (spread, integral) = (number(&summary["spread"]), number(&summary["integral"]));
        assert!((integral / spread - 1.0).abs() < slack, "{edge}: {integral} {spread}");
        assert_eq!((summary["rule"].as_str(), number(&summary["radius"])), (Some("given"), 900.0));
        assert!((number(&summary["sigma"]) - 900.0 / 8f64.sqrt()).abs() < 1e-9);
        // The bay is cut out: 4 km × 2.95 km less a triangle of 2 km².
        assert!((number(&summary["domain_km2"]) - 9.8).abs() < 0.1, "{}", summary["domain_km2"]);
        assert!(number(&summary["outside"]) >= 2.0);
        for row in said["rows"].as_array().unwrap() {
            assert!(number(&row["density"]) >= 0.0 && number(&row["x"]) < 304_100.0);
        }
    }
    let weighted = answer(folder.path(), &["--value", "w", "--bandwidth", "silverman"]);
    assert_eq!(weighted["summary"]["unknown"], 1);
    assert!(weighted["warnings"].to_string().contains("1 points have no weight"));
}

#[test]
fn lines_hold_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let flags =
        ["--bandwidth", "900", "--outline", "province.geojson", "--edge", "diggle", "--contours"];
    let volume = answer(folder.path(), &[&flags[..], &["volume"]].concat());
    let rows = volume["rows"].as_array().unwrap();
    let shares: Vec<f64> = rows.iter().map(|row| number(&row["share"])).collect();
    assert_eq!(shares, [0.25, 0.5, 0.75, 0.95]);
    for pair in rows.windows(2) {
        assert!(number(&pair[0]["density"]) > number(&pair[1]["density"]));
        assert!(number(&pair[0]["area_km2"]) < number(&pair[1]["area_km2"]));
        assert!(number(&pair[0]["points"]) <= number(&pair[1]["points"]));
    }
    let iso = answer(folder.path(), &[&flags[..], &["iso:2,1e6"]].concat());
    let rows = iso["rows"].as_array().unwrap();
    assert!(number(&rows[0]["area_km2"]) > 1.0);
    // Nothing is so dense: no ground, and no points on it.
    assert_eq!((number(&rows[1]["area_km2"]), number(&rows[1]["points"])), (0.0, 0.0));
    let flags = ["--label", "season", "--against", "2023", "--permutations", "49"];
    let risk = answer(folder.path(), &[&flags[..], &["--contours", "tolerance:0.1"]].concat());
    let directions: Vec<_> =
        risk["rows"].as_array().unwrap().iter().map(|row| row["direction"].as_str()).collect();
    assert_eq!(directions, [Some("more"), Some("less")]);
    assert_eq!(risk["summary"]["against"], 40);
}

#[test]
fn a_raster_is_written_with_what_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let flags = ["points.csv", "--crs", "32648", "--outline", "province.geojson", "--out", "d.tif"];
    let output = run(folder.path(), &flags);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let file = gdal::Dataset::open(folder.path().join("d.tif")).unwrap();
    assert_eq!(file.spatial_ref().unwrap().auth_code().unwrap(), 32648);
    let band = file.rasterband(1).unwrap();
    assert!(band.no_data_value().unwrap().is_nan());
    let values = band.read_band_as::<f32>().unwrap();
    let known: Vec<f32> = values.data().iter().copied().filter(|it| !it.is_nan()).collect();
    assert!(known.len() < values.data().len() && known.iter().all(|it| *it >= 0.0));
    let made = gdal::Metadata::metadata_item(&file, "provenance", "").unwrap();
    assert!(made.contains("\"bandwidth\":\"scott\""), "{made}");
}

#[test]
fn what_cannot_be_answered_is_said() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    for (arguments, words) in [
        (&["points.csv", "--edge", "diggle"][..], &["--edge", "--outline"][..]),
        (&["one.csv"], &["--bandwidth", "scott", "too-few", "metres"]),
        (&["points.csv", "--bandwidth", "wide"], &["--bandwidth", "wide", "silverman"]),
        (&["points.csv", "--bandwidth", "900", "--cell", "0.1"], &["--cell", "ask for cells of"]),
        (&["points.csv", "--against", "2023"], &["--against", "--label"]),
        (&["points.csv", "--label", "season", "--against", "1999"], &["1999", "2023, 2024"]),
        (&["points.csv", "--contours", "iso"], &["--contours", "iso:0.5"]),
        (&["points.csv", "--contours", "volume:2"], &["between 0 and 1"]),
        (&["points.csv", "--contours", "tolerance"], &["--label", "--against"]),
        (&["points.csv", "--outline", "points.csv"], &["--outline", "polygons"]),
        (&["points.csv", "--kernel", "round"], &["--kernel", "quartic"]),
    ] {
        let output = run(folder.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{arguments:?}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: {said}");
        }
    }
}
