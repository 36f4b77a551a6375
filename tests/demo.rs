//! The demo that ships: its simulated files are those of the seed, and they look like the field.

use std::{fs, path::PathBuf};

use poppywatch::{
    demo::{self, SEED, Simulated, World},
    domain::{CountryPack, Plot, PlotId, resolve},
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
    (names.sort(), there.sort());
    assert_eq!(there, names);
}

#[test]
#[ignore = "writes data/demo/simulated"]
fn write_the_files_of_the_seed() {
    fs::create_dir_all(data("simulated")).unwrap();
    for file in demo::files(&world(), SEED) {
        fs::write(data("simulated").join(&file.name), &file.text).unwrap();
    }
}

#[test]
fn the_seasons_are_of_the_scale_that_was_reported() {
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
        let mut sources = std::collections::BTreeMap::new();
        for plot in &plots {
            *sources.entry(plot.first_source.word()).or_insert(0) += 1;
        }
        println!("  {sources:?}");
        let mut states = std::collections::BTreeMap::new();
        for plot in &plots {
            let state = plot.state_on(season.season.last_day()).map(|it| it.word());
            *states.entry(state).or_insert(0) += 1;
        }
        println!("  {states:?}");
        if plots.is_empty() {
            continue;
        }
        assert!((7_000.0..110_000.0).contains(&whole), "{}: {whole} m²", season.season);
        let small = areas.iter().filter(|&&area| area <= 400.0).count();
        assert!(small * 10 > areas.len() * 8, "{small} of {} under 400 m²", areas.len());
        assert!(areas.iter().all(|area| (10.0..=2_600.0).contains(area)));
        let ids: std::collections::BTreeSet<&PlotId> = plots.iter().map(|it| &it.id).collect();
        assert_eq!(ids.len(), plots.len());
    }
}
