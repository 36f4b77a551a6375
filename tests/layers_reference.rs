//! The layers on real communes, where `POPPYWATCH_REFERENCE` names the reference folder.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use std::{fs, path::PathBuf};

use geo::orient::{Direction, Orient};
use geo_types::{Geometry, LineString, MultiLineString, MultiPolygon};
use jiff::civil::date;
use layers_kit::{Sketch, build, query, source};
use poppywatch::{
    analysis::geometry::ground::shoelace,
    domain::{Facts, Footprint, Level, PatrolLeg, Season, Track},
    layers::{CATALOGUE, CellKind, LayerFeature, LayerQuery, Value, layer},
    snapshot::Snapshot,
};

#[expect(clippy::disallowed_methods, reason = "a test asks where the reference data are")]
fn admin() -> Option<PathBuf> {
    let folder = std::env::var("POPPYWATCH_REFERENCE").ok().map(PathBuf::from)?;
    Some(folder.join("data/admin")).filter(|folder| folder.is_dir())
}

/// The communes of a GeoJSON file, a plot in the middle of each, and one long walk across them.
fn facts(path: PathBuf, [code, name]: [&str; 2]) -> Facts {
    let text = fs::read_to_string(path).unwrap();
    let file = text.parse::<geojson::GeoJson>().unwrap();
    let rows = geojson::FeatureCollection::try_from(file).unwrap().features;
    let boundaries: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let words = row.properties.unwrap();
            let word = |key: &str| {
                words[key].as_str().map_or_else(|| words[key].to_string(), ToOwned::to_owned)
            };
            let outline = match Geometry::<f64>::try_from(row.geometry.unwrap()).unwrap() {
                Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
                Geometry::MultiPolygon(polygons) => polygons,
                other => panic!("{other:?} is no ground"),
            };
            // Proving 170,000 vertices valid takes minutes in a debug build, and is not asked here.
            let outline = Footprint::stored(outline.orient(Direction::Default));
            layers_kit::unit(Level::Commune, &word(code), &word(name), None, outline)
        })
        .collect();
    let middle = |outline: &Footprint| {
        let [west, south, east, north] = outline.extent().get();
        (f64::midpoint(west, east), f64::midpoint(south, north))
    };
    let plots = (1..).zip(&boundaries).map(|(number, unit)| {
        let (lon, lat) = middle(&unit.outline);
        Sketch::new(number, 2024, lon, lat, date(2025, 2, 20)).measured(200.0).plot()
    });
    let walk: LineString<f64> =
        boundaries.iter().take(40).map(|unit| middle(&unit.outline)).collect();
    let leg = PatrolLeg {
        id: "1".into(),
        season: Season::starting(2024).unwrap(),
        date: date(2025, 2, 21),
        team: None,
        track: Track(MultiLineString(vec![walk])),
        walked: None,
        sweep_width: None,
        source: source("tracks", "1"),
    };
    Facts { plots: plots.collect(), boundaries, legs: vec![leg], ..Facts::default() }
}

fn sum(snapshot: &Snapshot, id: &str, name: &str, cell: CellKind) -> f64 {
    let layer = layer(id).unwrap();
    let place = layer.properties().iter().position(|it| it.name == name).unwrap();
    let number = |feature: LayerFeature<'_>| match feature.values[place] {
        Value::Real(number) => number,
        Value::Integer(number) => number as f64,
        _ => 0.0,
    };
    let query = LayerQuery { cell, ..query() };
    layer.features(snapshot, &query).unwrap().map(number).sum()
}

#[test]
fn cells_hold_the_ground_and_the_tracks_of_real_communes() {
    let mut cases = 0;
    for (file, names, faults) in [
        ("vn_communes_2025_laichau_fullres.geojson", ["code", "name"], 0.001),
        // Neighbours of this file overlap and leave gaps.
        ("vn_communes_2009_5prov_lowres.geojson", ["commune_id", "commune_vn"], 0.02),
    ] {
        let Some(admin) = admin() else { break };
        let facts = facts(admin.join(file), names);
        let plots = facts.plots.len() as f64;
        let snapshot = build(facts);
        let rings = |polygons: &MultiPolygon<f64>| -> f64 {
            poppywatch::analysis::geometry::ground::rings(polygons)
                .iter()
                .map(|ring| shoelace(ring))
                .sum()
        };
        let ground: f64 = snapshot.units().iter().map(|unit| rings(unit.metric().unwrap())).sum();
        let kinds =
            [CellKind::Square(1000), CellKind::Hexagon(2000), CellKind::H3(8), CellKind::Commune];
        for cell in kinds {
            let cells = sum(&snapshot, "coverage", "ground_m2", cell);
            let off = (cells / ground - 1.0).abs();
            assert!(off < faults, "{file} {cell:?}: {cells} of {ground} m²");
            let found = sum(&snapshot, "hotspots", "count", cell);
            let elsewhere = plots - found;
            assert!(elsewhere <= 0.02 * plots, "{file} {cell:?}: {elsewhere} plots in no cell");
            let km = sum(&snapshot, "coverage", "km", cell);
            println!("{file} {cell:?}: {:.0} km² in cells, {km:.1} km of track", cells / 1e6);
            cases += 1;
        }
        let squares = sum(&snapshot, "coverage", "km", CellKind::Square(1000));
        let hexagons = sum(&snapshot, "coverage", "km", CellKind::Hexagon(500));
        assert!((squares / hexagons - 1.0).abs() < 0.001, "{squares} {hexagons}");
        for layer in CATALOGUE {
            assert!(layer.count(&snapshot, &query()).is_ok());
        }
    }
    println!("cells_hold_the_ground_and_the_tracks_of_real_communes: {cases} cases");
}
