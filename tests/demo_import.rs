//! The demo goes through the same door as everybody's files: nothing is rejected, and what comes
//! out of it is what the simulation told.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests may panic and print"
)]

use std::{collections::BTreeMap, fs, path::PathBuf};

use jiff::civil::date;
use poppywatch::{
    demo::{self, Manifest, ManifestFile, SEED, World},
    domain::{CountryPack, DatasetKind, Event, Plot, PlotFacts, PlotId, Position, resolve},
    ingest::{ChildCentre, Context, ImportRequest, Reading, Silent, read_file},
};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(data(name)).unwrap_or_else(|error| panic!("data/{name}: {error}"))
}

fn centres() -> Vec<ChildCentre> {
    let table = text("reference/commune-centres.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let place = |name: &str| headings.iter().position(|it| it == name).unwrap();
    let (name, district, province) = (place("name"), place("district"), place("province"));
    let (lon, lat) = (place("lon"), place("lat"));
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            ChildCentre {
                name: row[name].to_owned(),
                district: Some(row[district].to_owned()),
                province: row[province].to_owned(),
                position: Position::new(row[lon].parse().unwrap(), row[lat].parse().unwrap())
                    .unwrap(),
            }
        })
        .collect()
}

fn import(file: &ManifestFile, pack: &CountryPack, centres: &[ChildCentre]) -> Reading {
    let mut request = ImportRequest::new(data("demo").join(&file.path), file.kind);
    request.dataset = Some(file.dataset.clone());
    request.title = Some(file.title.clone());
    request.licence = Some(file.licence.clone());
    request.attribution.clone_from(&file.attribution);
    request.crs = file.crs;
    request.simulated = file.simulated;
    request.approximate.clone_from(&file.approximate);
    let context = Context { centres, ..Context::empty(pack, date(2026, 11, 23)) };
    read_file(&request, &context, &Silent).unwrap_or_else(|error| panic!("{}: {error}", file.path))
}

#[test]
fn every_file_is_imported_without_a_rejection() {
    let (pack, centres) = (CountryPack::lai_chau(), centres());
    let manifest = Manifest::from_toml(&text("demo/manifest.toml")).unwrap();
    let mut told = BTreeMap::<PlotId, PlotFacts>::new();
    let mut counts = BTreeMap::<&str, usize>::new();
    for file in &manifest.files {
        let Reading { events, report } = import(file, &pack, &centres);
        assert_eq!((report.rejected, report.accepted), (0, report.rows_read), "{report}");
        assert!(report.accepted > 0, "{report}");
        assert!(report.personal_columns.is_empty(), "{report}");
        for warning in &report.warnings {
            println!("{}: {} × {}", file.path, warning.count, warning.code);
        }
        if file.kind != DatasetKind::Plots {
            assert!(report.dropped_columns.len() <= 1, "{report}");
        }
        for event in events {
            *counts.entry(event.kind()).or_default() += 1;
            let Some(plot) = event.plot().cloned() else { continue };
            let facts = told.entry(plot).or_default();
            match event {
                Event::PlotSighted(it) => facts.sightings.push(it),
                Event::PlotMeasured(it) => facts.measurements.push(it),
                Event::PlotDestroyed(it) => facts.destructions.push(it),
                Event::PlotVerified(it) => facts.verifications.push(it),
                Event::PlotRejected(it) => facts.rejections.push(it),
                other => panic!("the demo tells no {}", other.kind()),
            }
        }
    }
    println!("{counts:?}");
    compare(&told, &pack);
}

/// Plot by plot, what was imported says what the simulation said.
fn compare(told: &BTreeMap<PlotId, PlotFacts>, pack: &CountryPack) {
    let world = World::lai_chau(
        &text("demo/odbl/communes-2020.geojson"),
        &text("demo/odbl/communes-2025.geojson"),
        &text("demo/odbl/districts-2020.geojson"),
    )
    .unwrap();
    let mut compared = 0;
    for season in demo::simulate(&world, SEED) {
        for (id, facts) in &season.plots {
            let meant = resolve(1, id, facts, pack).unwrap();
            let read = resolve(1, id, &told[id], pack).unwrap();
            let off = |a: f64, b: f64| (a - b).abs();
            // An outline's own middle stands for the place at which it was taken: some metres.
            let bound = if meant.outline.is_some() { 1e-3 } else { 1e-9 };
            assert!(off(meant.position.lon(), read.position.lon()) < bound, "{id}");
            assert!(off(meant.position.lat(), read.position.lat()) < bound, "{id}");
            let area = |plot: &Plot| plot.area.map(|area| area.get().round());
            assert_eq!(area(&meant), area(&read), "{id}");
            let said = |plot: &Plot| {
                let mut plot = plot.clone();
                plot.position = meant.position;
                plot.area = meant.area;
                plot.outline = None;
                plot.dataset.clear();
                for part in
                    [&mut plot.destroyed_area, &mut plot.in_time_area, &mut plot.verified_area]
                {
                    *part = part.map(|area| area.get().round().try_into().unwrap());
                }
                plot
            };
            assert_eq!(said(&meant), said(&read), "{id}");
            compared += 1;
        }
    }
    assert_eq!(compared, told.len());
    println!("{compared} plots are read as they were told");
}
