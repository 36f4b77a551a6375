//! Re-cultivation, displacement and validation against the peers' answers in
//! `POPPYWATCH_REFERENCE`; silent where that folder is not there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use geo_types::{Coord, Geometry, MultiPolygon};
use poppywatch::analysis::{
    displacement::{Change, Difference, e_test, tne, wdq},
    recultivation::{DISTANCE, Plot, Plots},
    validation::{Cells, table},
};
use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracles() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles");
    folder.is_dir().then_some(folder)
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The rows of a table, each cell by its heading.
fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// 180 plots: distance and overlap to 1e-6, nearest and counts exact (GEOS).
#[test]
fn distances_and_overlaps_agree_with_geos() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        let folder = oracles.join("recultivation");
        let told: geojson::FeatureCollection =
            serde_json::from_value(json(&folder.join("plots.geojson"))).unwrap();
        let of = |feature: &geojson::Feature| {
            let outline: Geometry<f64> = feature.geometry.as_ref().unwrap().try_into().unwrap();
            let outline = match outline {
                Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
                Geometry::MultiPolygon(polygons) => polygons,
                other => panic!("{other:?}"),
            };
            let season = feature.property("season").unwrap().as_i64().unwrap() as i32;
            let cleared = feature.property("status").unwrap() == "destroyed";
            (season, cleared, outline)
        };
        let known: Vec<(i32, bool, MultiPolygon<f64>)> = told.features.iter().map(of).collect();
        let all: Vec<Plot<'_>> = known
            .iter()
            .map(|(season, cleared, outline)| Plot {
                season: *season,
                cleared: *cleared,
                at: Coord { x: 0.0, y: 0.0 },
                error: 0.0,
                outline: Some(outline),
                site: None,
            })
            .collect();
        let plots = Plots::new(&all);
        let ours = plots.earlier(&[50.0, 500.0], DISTANCE);
        for (ours, theirs) in ours.iter().zip(rows(&folder.join("expected.csv"))) {
            let id = &theirs["id"];
            let number = |name: &str| theirs[name].parse::<f64>().ok();
            match ours.nearest {
                Some((place, metres)) => {
                    let expected = number("nearest_destroyed_earlier_m").unwrap();
                    assert!((metres - expected).abs() < 1e-6, "{id}: {metres} {expected}");
                    // GEOS names any of several that overlap.
                    let theirs: usize = theirs["nearest_id"].parse().unwrap();
                    assert!(place == theirs || metres == 0.0 && ours.overlapping > 1, "{id}");
                    let overlap = ours.overlap.unwrap();
                    let area = number("overlap_union_m2").unwrap();
                    assert!((overlap.area - area).abs() < 1e-6, "{id}: {} {area}", overlap.area);
                    let share = number("overlap_share").unwrap();
                    assert!((overlap.share - share).abs() < 1e-9, "{id}");
                    compared += 4;
                }
                None => assert_eq!(theirs["nearest_destroyed_earlier_m"], "", "{id}"),
            }
            let counts = [ours.within[0], ours.within[1], ours.overlapping];
            let expected = ["within_50m", "within_500m", "overlapping"];
            assert_eq!(
                counts.map(|it| it.to_string()),
                expected.map(|it| theirs[it].clone()),
                "{id}"
            );
            compared += 3;
        }
    }
    println!("distances_and_overlaps_agree_with_geos: {compared} values compared");
}

/// The worked quotient and net effects, ptools' differences with their errors, and its E-test.
#[test]
fn displacement_agrees_with_ptools() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        let folder = oracles.join("evaluation");
        let change = |of: &Value| Change {
            before: of[0].as_u64().unwrap() as u32,
            after: of[1].as_u64().unwrap() as u32,
        };
        for worked in json(&folder.join("definitions.json"))["worked"].as_array().unwrap() {
            let [r, d, c] = ["R", "D", "C"].map(|area| change(&worked[area]));
            assert!((wdq(r, d, c).unwrap() - worked["WDQ_value"].as_f64().unwrap()).abs() < 1e-12);
            assert!((tne(r, d, c).unwrap() - worked["TNE_value"].as_f64().unwrap()).abs() < 1e-12);
            compared += 2;
        }
        for case in json(&folder.join("wdd_expected.json")).as_array().unwrap() {
            let [t, c, d, dc] = ["treated", "control", "disp_treated", "disp_control"]
                .map(|area| change(&case[area]));
            let local = Difference::of(&[(1.0, t), (-1.0, c)]);
            let moved = Difference::of(&[(1.0, d), (-1.0, dc)]);
            let whole = Difference::of(&[(1.0, t), (-1.0, c), (1.0, d), (-1.0, dc)]);
            // ptools gives an interval of 90 %.
            let [low, high] = whole.interval(1.644_853_626_951_472_7);
            for (ours, name) in [
                (local.estimate, "Est_Local"),
                (local.error, "SE_Local"),
                (moved.estimate, "Est_Displace"),
                (moved.error, "SE_Displace"),
                (whole.estimate, "Est_Total"),
                (whole.error, "SE_Total"),
                (whole.z().unwrap(), "Z"),
                (low, "LowCI"),
                (high, "HighCI"),
            ] {
                let theirs = case[name].as_f64().unwrap();
                assert!((ours - theirs).abs() < 1e-9, "{name}: {ours} {theirs}");
                compared += 1;
            }
        }
        let meta = json(&folder.join("meta.json"));
        for (one, other, name) in [(6, 2, "e_test_6_2"), (18, 31, "e_test_18_31")] {
            let (ours, theirs) = (e_test(one, other).unwrap(), meta[name].as_f64().unwrap());
            assert!((ours - theirs).abs() < 1e-9, "{name}: {ours} {theirs}");
            compared += 1;
        }
    }
    println!("displacement_agrees_with_ptools: {compared} values compared");
}

/// ptools' table of first parts of a ranking, cells of one size and of unlike sizes: PAI and PEI to
/// 1e-9, counts exact.
#[test]
fn accuracy_agrees_with_ptools() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        let folder = oracles.join("evaluation");
        let input = rows(&folder.join("pai_input.csv"));
        let of = |name: &str| -> Vec<f64> {
            input.iter().map(|row| row[name].parse().unwrap()).collect()
        };
        let (predicted, actual) = (of("pred"), of("obs"));
        for (file, area) in [
            ("pai_equal_area_expected.csv", vec![1.0; actual.len()]),
            ("pai_unequal_area_expected.csv", of("area")),
        ] {
            // ptools ranks by what is predicted to a unit of area.
            let rank: Vec<f64> = predicted.iter().zip(&area).map(|(it, area)| it / area).collect();
            let ours = table(&rank, Cells { actual: &actual, area: &area });
            let mut foreseen = 0.0;
            for (row, theirs) in ours.iter().zip(rows(&folder.join(file))) {
                foreseen += predicted[row.place];
                assert_eq!(row.place.to_string(), theirs["id"], "{file}");
                assert_eq!(row.captured, theirs["CumCount"].parse::<f64>().unwrap(), "{file}");
                for (ours, name) in [
                    (row.hit_rate.unwrap(), "PCumCount"),
                    (row.area, "CumArea"),
                    (row.area_share.unwrap(), "PCumArea"),
                    (row.pai.unwrap(), "PAI"),
                    (row.pei_cells.unwrap(), "PEI"),
                    (foreseen / row.captured, "RRI"),
                ] {
                    let theirs: f64 = theirs[name].parse().unwrap();
                    assert!((ours - theirs).abs() < 1e-9, "{file} {name}: {ours} {theirs}");
                }
                // Of cells of one size both ideas of the best are the same.
                if file.contains("equal_area") && !file.contains("unequal") {
                    assert!((row.pei.unwrap() - row.pei_cells.unwrap()).abs() < 1e-9);
                }
                assert!(row.pei.unwrap() <= 1.0 + 1e-12);
                compared += 8;
            }
        }
    }
    println!("accuracy_agrees_with_ptools: {compared} values compared");
}
