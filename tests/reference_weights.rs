//! Weights against libpysal's in `POPPYWATCH_REFERENCE`: neighbours exactly, weights to 1e-9.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use geo_types::{Coord, Geometry, MultiPolygon};
use poppywatch::analysis::weights::{Ground, Weights, WeightsSpec, from_table, least_band};

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracles() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles");
    folder.is_dir().then_some(folder)
}

fn centroids(path: &Path) -> Vec<Coord<f64>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let number = |text: &str| text.parse::<f64>().unwrap();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| Coord { x: number(&row[1]), y: number(&row[2]) }).collect()
}

fn outlines(path: &Path) -> Vec<MultiPolygon<f64>> {
    let text = fs::read_to_string(path).unwrap();
    let collection: geojson::FeatureCollection = text.parse().unwrap();
    let outline = |feature: geojson::Feature| match feature.geometry.unwrap().try_into().unwrap() {
        Geometry::Polygon(polygon) => polygon.into(),
        Geometry::MultiPolygon(polygons) => polygons,
        other => panic!("{other:?}"),
    };
    collection.features.into_iter().map(outline).collect()
}

fn links(weights: &Weights) -> BTreeMap<(usize, usize), f64> {
    let row = |i| weights.row(i).map(move |(j, w)| ((i, j), w));
    (0..weights.len()).flat_map(row).collect()
}

/// How many links were compared.
fn compare(ours: &Weights, theirs: &Weights, what: &str) -> usize {
    let (ours, theirs) = (links(ours), links(theirs));
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{what}");
    for (link, w) in &ours {
        assert!((w - theirs[link]).abs() <= 1e-9, "{what} {link:?}: {w} {}", theirs[link]);
    }
    ours.len()
}

#[test]
fn weights_are_those_of_libpysal() {
    let (mut cases, mut compared) = (0, 0);
    if let Some(oracles) = oracles() {
        for set in ["columbus", "mexicojoin"] {
            let folder = oracles.join("weights").join(set);
            let points = centroids(&folder.join("centroids.csv"));
            let outlines = outlines(&folder.join("polygons.geojson"));
            let ground = Ground {
                count: points.len(),
                points: Some(&points),
                outlines: Some(&outlines),
                table: None,
            };
            for (spec, file) in [
                ("queen", "queen"),
                ("rook", "rook"),
                ("knn:4", "knn4"),
                ("band", "band_min_threshold"),
                ("kernel:triangular:knn:8", "kernel_triangular_k8"),
                ("kernel:epanechnikov:widest:8", "kernel_epanechnikov_fixed"),
            ] {
                let (ours, _) = spec.parse::<WeightsSpec>().unwrap().make(ground).unwrap();
                let text = fs::read_to_string(folder.join(file).with_extension("csv")).unwrap();
                let theirs = from_table(&text, points.len()).unwrap();
                compared += compare(&ours, &theirs, &format!("{set} {spec}"));
                cases += 1;
            }
            let text = fs::read_to_string(folder.join("expected.json")).unwrap();
            let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
            let least = expected["min_threshold_distance"].as_f64().unwrap();
            assert!((least_band(&points).unwrap() - least).abs() <= 1e-9);
            cases += 1;
        }
    }
    println!("weights_are_those_of_libpysal: {cases} cases, {compared} links compared");
}

/// Bands and inverse distances of the cases that Gi was computed with; how wide the peers' band was
/// is known by their longest link.
#[test]
fn bands_and_inverse_distances_are_those_of_the_local_statistics() {
    let (mut cases, mut compared) = (0, 0);
    if let Some(oracles) = oracles() {
        for (case, spec) in [("columbus_band", "band"), ("columbus_idw", "idw")] {
            let folder = oracles.join("local_gi").join(case);
            let points = centroids(&folder.join("input.csv"));
            let text = fs::read_to_string(folder.join("weights.csv")).unwrap();
            let theirs = from_table(&text, points.len()).unwrap();
            let far = |(i, j): &(usize, usize)| {
                (points[*i].x - points[*j].x).hypot(points[*i].y - points[*j].y)
            };
            let longest = links(&theirs).keys().map(far).fold(0.0, f64::max);
            let spec = format!("{spec}:{}", longest * (1.0 + 1e-9));
            let ground = Ground { count: points.len(), points: Some(&points), ..Ground::default() };
            let (ours, _) = spec.parse::<WeightsSpec>().unwrap().make(ground).unwrap();
            compared += compare(&ours, &theirs, case);
            cases += 1;
        }
    }
    println!("bands_and_inverse_distances: {cases} cases, {compared} links compared");
}

/// On lines that match, a tolerance a little above nothing finds what common vertices find, and
/// rooks that have an edge in common longer than what can be told from a corner.
#[test]
fn a_small_tolerance_finds_what_matching_lines_have_in_common() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        for (set, tolerance) in [("columbus", 1e-6), ("mexicojoin", 1e-6)] {
            let outlines = outlines(&oracles.join("weights").join(set).join("polygons.geojson"));
            let ground =
                Ground { count: outlines.len(), outlines: Some(&outlines), ..Ground::default() };
            for kind in ["queen", "rook"] {
                let made =
                    |spec: String| spec.parse::<WeightsSpec>().unwrap().make(ground).unwrap();
                let exact = links(&made(kind.to_owned()).0);
                let (near, _) = made(format!("{kind}:{tolerance}"));
                for (i, j) in exact.keys() {
                    assert!(near.between(*i, *j) > 0.0, "{set} {kind} {i} {j}");
                }
                compared += exact.len();
            }
        }
    }
    println!("a_small_tolerance_finds_what_matching_lines_have_in_common: {compared} links");
}
