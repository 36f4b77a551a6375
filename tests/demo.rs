//! The demo that ships: its simulated files are those of the seed, and they look like the field.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic and print")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use poppywatch::{
    demo::{self, Manifest, SEED, Simulated, World},
    domain::{Boundary, CountryPack, Plot, PlotId, SquareMetres, resolve},
};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/demo").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(data(name)).unwrap_or_else(|error| panic!("data/demo/{name}: {error}"))
}

fn world() -> World {
    World::lai_chau(
        &text("odbl/communes-2020.geojson"),
        &text("odbl/communes-2025.geojson"),
        &text("odbl/districts-2020.geojson"),
    )
    .unwrap()
}

fn resolved(season: &Simulated) -> Vec<Plot> {
    let pack = CountryPack::lai_chau();
    let plots = season.plots.iter().zip(1..);
    plots.map(|((id, facts), number)| resolve(number, id, facts, &pack).unwrap()).collect()
}

/// As a page writes it: 31,543.
fn thousands(number: f64) -> String {
    let whole = number.round() as u64;
    format!("{},{:03}", whole / 1000, whole % 1000)
}

#[test]
fn the_files_are_those_of_the_seed() {
    let mut names = Vec::new();
    for file in demo::files(&world(), SEED) {
        let shipped = text(&format!("simulated/{}", file.name));
        assert!(
            shipped == file.text,
            "{} differs; if that is meant: cargo test --test demo -- --ignored",
            file.name
        );
        names.push(file.name);
    }
    let mut there: Vec<String> = fs::read_dir(data("simulated"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    there.sort();
    assert_eq!(there, names);
}

#[test]
#[ignore = "writes data/demo/simulated"]
fn write_the_files_of_the_seed() {
    // Files of a season that is no more must go too.
    let _ = fs::remove_dir_all(data("simulated"));
    fs::create_dir_all(data("simulated")).unwrap();
    for file in demo::files(&world(), SEED) {
        fs::write(data("simulated").join(&file.name), &file.text).unwrap();
    }
}

#[test]
fn the_manifest_names_every_file_and_says_what_the_files_say() {
    let manifest = Manifest::from_toml(&text("manifest.toml")).unwrap();
    let mut named: Vec<String> = manifest.files.iter().map(|it| it.path.clone()).collect();
    let mut there = Vec::new();
    for folder in ["odbl", "simulated"] {
        for entry in fs::read_dir(data(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name != "LICENSE.md" {
                there.push(format!("{folder}/{name}"));
            }
        }
    }
    named.sort();
    there.sort();
    assert_eq!(named, there);
    for file in &manifest.files {
        assert_eq!(file.simulated, file.path.starts_with("simulated/"), "{}", file.path);
        if file.simulated {
            assert!(file.title.contains("mô phỏng") && file.title.contains("simulated"));
            continue;
        }
        let collection: serde_json::Value = serde_json::from_str(&text(&file.path)).unwrap();
        let says = |key: &str| collection[key].as_str().unwrap().to_owned();
        let both = format!("{} / {}", says("approximate"), says("approximate_en"));
        assert_eq!(file.approximate.as_deref(), Some(both.as_str()), "{}", file.path);
        assert_eq!(file.attribution, Some(says("attribution")), "{}", file.path);
        assert_eq!(file.licence, says("licence"), "{}", file.path);
    }
}

/// Neighbours share every vertex of their common line, so that no ground is in two units or none.
#[test]
fn the_units_are_a_clean_coverage_that_merges_without_rest() {
    let world = world();
    let area = |units: &[&Boundary]| -> f64 {
        units.iter().map(|it| SquareMetres::of(&it.outline).get()).sum()
    };
    let old: Vec<&Boundary> = world.communes.iter().map(|it| &it.boundary).collect();
    let new: Vec<&Boundary> = world.later.iter().map(|it| &it.boundary).collect();
    let districts: Vec<&Boundary> = world.wider.iter().collect();
    assert_eq!((old.len(), new.len(), districts.len()), (106, 38, 8));
    for units in [&new, &districts] {
        assert!((area(units) - area(&old)).abs() < 1.0, "{} {}", area(units), area(&old));
    }
    for units in [&old, &new, &districts] {
        let mut edges = BTreeMap::<[(i64, i64); 2], i32>::new();
        let key =
            |c: geo_types::Coord<f64>| ((c.x * 1e6).round() as i64, (c.y * 1e6).round() as i64);
        for unit in units.iter() {
            for polygon in unit.outline.get() {
                for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                    for edge in ring.lines() {
                        // Wound alike, two neighbours walk their common line in opposite ways.
                        let (a, b) = (key(edge.start), key(edge.end));
                        *edges.entry([a.min(b), a.max(b)]).or_default() +=
                            if a < b { 1 } else { -1 };
                    }
                }
            }
        }
        assert!(edges.values().all(|&rest| (-1..=1).contains(&rest)), "an edge is walked twice");
        // What is left over is the province's own line, whichever the units.
        let outer = edges.values().filter(|&&rest| rest != 0).count();
        println!("{} units, {outer} outer edges", units.len());
    }
    let names = |code: &str| world.communes.iter().find(|it| it.code() == code).unwrap();
    assert_eq!(names("03463").boundary.name, "Tà Tổng");
    assert_eq!(names("03463").district.as_deref(), Some("Mường Tè"));
}

#[test]
fn the_seasons_are_of_the_scale_that_was_reported() {
    let readme = fs::read_to_string(data("../README.md")).unwrap();
    for season in demo::simulate(&world(), SEED) {
        let plots = resolved(&season);
        let areas: Vec<f64> = plots.iter().filter_map(|it| it.area).map(|it| it.get()).collect();
        let whole: f64 = areas.iter().sum();
        println!(
            "{}: {} plots, {whole:.0} m², {} legs of {:.0} vertices, {} empty searches, {} meetings",
            season.season,
            plots.len(),
            season.legs.len(),
            season
                .legs
                .iter()
                .map(|it| it.track.0.iter().map(|p| p.0.len()).sum::<usize>() as f64)
                .sum::<f64>()
                / season.legs.len().max(1) as f64,
            season.empty_searches.len(),
            season.outreach.len(),
        );
        let mut sources = BTreeMap::new();
        for plot in &plots {
            *sources.entry(plot.first_source.word()).or_insert(0) += 1;
        }
        println!("  {sources:?}");
        let mut states = BTreeMap::new();
        for plot in &plots {
            let state = plot.state_on(season.season.last_day()).map(|it| it.word());
            *states.entry(state).or_insert(0) += 1;
        }
        println!("  {states:?}");
        if plots.is_empty() {
            continue;
        }
        let row = format!("| {} | {} |", plots.len(), thousands(whole));
        assert!(readme.contains(&row), "data/README.md does not say `{row}` of {}", season.season);
        assert!((7_000.0..110_000.0).contains(&whole), "{}: {whole} m²", season.season);
        let small = areas.iter().filter(|&&area| area <= 400.0).count();
        assert!(small * 10 > areas.len() * 8, "{small} of {} under 400 m²", areas.len());
        assert!(areas.iter().all(|area| (10.0..=2_600.0).contains(area)));
        let ids: std::collections::BTreeSet<&PlotId> = plots.iter().map(|it| &it.id).collect();
        assert_eq!(ids.len(), plots.len());
    }
}
