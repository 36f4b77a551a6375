//! Where patrols crowd, plots are found: a crowd of patrols is told from a crowd of plots, by
//! hotspots in words, by rates and by the scan. A drawn season with one corner that was walked nine
//! times as often, or that is full of plots.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use geo_types::{LineString, MultiLineString};
use jiff::civil::date;
use layers_kit::{SIDE, SOUTH, Sketch, WEST, all, build, facts, json, query, source};
use poppywatch::{
    domain::{Facts, Metres, PatrolLeg, Plot, Season, SightingSource, Track},
    layers::{CellKind, Choices, LayerQuery, Value, layer},
    snapshot::Snapshot,
};
use serde_json::Value as Json;

const ROWS: u8 = 9;
const COLS: u8 = 16;
const EAST: f64 = 2.0 * SIDE / 16.0;
const NORTH: f64 = SIDE / 9.0;

/// A walk from west to east through the middle of a row, as far as the column `to`.
fn walk(row: u8, to: u8, number: u8) -> PatrolLeg {
    let y = SOUTH + NORTH * (f64::from(row) + 0.5) + 0.000_05 * f64::from(number);
    let track: LineString<f64> = vec![(WEST, y), (WEST + EAST * f64::from(to), y)].into();
    PatrolLeg {
        id: format!("T{number}-{row}/2025-02-16"),
        season: Season::starting(2024).unwrap(),
        date: date(2025, 2, 1 + number.cast_signed()),
        team: None,
        track: Track(MultiLineString(vec![track])),
        walked: None,
        sweep_width: Some(Metres::whole(40)),
        source: source("tracks", &format!("{number}-{row}")),
    }
}

fn every_other(row: u8, col: u8) -> u32 {
    u32::from((row + col).is_multiple_of(2))
}

fn in_corner(row: u8, col: u8) -> bool {
    row < 4 && col < 5
}

/// So many plots in a part of the grid.
fn grow(plots: &mut Vec<Plot>, (row, col): (u8, u8), many: u32) {
    for one in 0..many {
        let number = plots.len() as u64 + 1;
        let east = EAST * (f64::from(col) + 0.3 + 0.06 * f64::from(one));
        let north = NORTH * (f64::from(row) + 0.5);
        let on = date(2025, 2, 20);
        plots.push(Sketch::new(number, 2024, WEST + east, SOUTH + north, on).plot());
    }
}

fn searched_facts(often: u8, many: impl Fn(u8, u8) -> u32) -> Facts {
    let mut legs: Vec<PatrolLeg> = (0..ROWS).map(|row| walk(row, COLS, 0)).collect();
    legs.extend((0..4).flat_map(|row| (1..often).map(move |number| walk(row, 5, number))));
    let mut plots = Vec::new();
    for (row, col) in (0..ROWS).flat_map(|row| (0..COLS).map(move |col| (row, col))) {
        grow(&mut plots, (row, col), many(row, col));
    }
    Facts { plots, legs, empty_searches: Vec::new(), ..facts() }
}

/// All ground alike: swept nine times as much, the corner shows seven times as many plots.
fn patrols() -> Facts {
    searched_facts(9, |row, col| if in_corner(row, col) { 3 } else { every_other(row, col) })
}

/// All ground searched alike, and plots crowd in the corner.
fn crowd() -> Facts {
    searched_facts(1, |row, col| if in_corner(row, col) { 7 } else { every_other(row, col) })
}

fn asked(value: &str) -> LayerQuery {
    let choices = Choices { value: Some(value.into()), ..Choices::default() };
    LayerQuery { cell: CellKind::Square(500), permutations: 9_999, choices, ..query() }
}

fn cells(snapshot: &Snapshot, query: &LayerQuery) -> Vec<Json> {
    let hotspots = layer("hotspots").unwrap();
    let features = all(hotspots, snapshot, query);
    features.iter().map(|it| json(hotspots, it)["properties"].clone()).collect()
}

fn hot(cells: &[Json]) -> Vec<&Json> {
    cells.iter().filter(|it| it["class"].as_str().unwrap().starts_with("hot-")).collect()
}

fn by_search(snapshot: &Snapshot, query: &LayerQuery) -> Option<Value<'static>> {
    let figures = layer("hotspots").unwrap().summary(snapshot, query).unwrap();
    figures.into_iter().find(|it| it.name == "hot_by_search").map(|it| it.value)
}

#[test]
fn a_crowd_of_patrols_is_told_from_a_crowd_of_plots() {
    let snapshot = build(patrols());
    let query = asked("count");
    let told = cells(&snapshot, &query);
    let found = hot(&told);
    assert!(found.len() > 10, "{}", found.len());
    for cell in &found {
        let (vi, en) = (cell["reason_vi"].as_str().unwrap(), cell["reason_en"].as_str().unwrap());
        assert!(en.contains("It may only be that much was searched"), "{en}");
        assert!(vi.contains("Có thể chỉ vì ở đây rà soát nhiều"), "{vi}");
        let expected = cell["expected"].as_f64().unwrap();
        let plots = cell["neighbourhood"].as_f64().unwrap();
        assert!(expected > 0.6 * plots, "{cell}");
    }
    assert_eq!(
        by_search(&snapshot, &query),
        Some(Value::Integer(i64::try_from(found.len()).unwrap()))
    );
    let rates = asked("rate");
    let told = cells(&snapshot, &rates);
    assert!(hot(&told).is_empty(), "{:?}", hot(&told).first());
    assert_eq!(by_search(&snapshot, &rates), None);
}

#[test]
fn a_crowd_of_plots_on_ground_searched_alike_stays_one() {
    let snapshot = build(crowd());
    for value in ["count", "rate"] {
        let told = cells(&snapshot, &asked(value));
        let found = hot(&told);
        assert!(found.len() > 10, "{value}: {}", found.len());
        for cell in &found {
            let (vi, en) =
                (cell["reason_vi"].as_str().unwrap(), cell["reason_en"].as_str().unwrap());
            assert!(!en.contains("only be that much") && !vi.contains("rà soát nhiều"), "{en}");
            let said =
                en.contains("would hold") && vi.contains("mức trung bình của đất đã rà soát");
            assert_eq!(said, value == "count", "{en}");
            assert_eq!(en.contains("(Gi* of rates)"), value == "rate", "{en}");
            assert_eq!(cell["permutations"].is_null(), value == "rate");
            assert_eq!(cell["null"] == "gamma-poisson", value == "rate");
        }
    }
    assert_eq!(by_search(&snapshot, &asked("count")), Some(Value::Integer(0)));
}

/// z = (r − b)/√(a + b/n), with b = Σy/Σn and a = max(0, Σn(r − b)²/Σn − b/n̄), from what the layer
/// itself tells of plots and searched ground.
#[test]
fn rates_are_compared_as_assuncao_and_reis_standardise_them() {
    let snapshot = build(patrols());
    let told = cells(&snapshot, &asked("rate"));
    let known: Vec<(f64, f64, f64)> = told
        .iter()
        .filter_map(|it| {
            Some((it["count"].as_f64()?, it["searched_km2"].as_f64()?, it["value"].as_f64()?))
        })
        .collect();
    assert!(known.len() > 100);
    let (y, n) = known.iter().fold((0.0, 0.0), |(y, n), one| (y + one.0, n + one.1));
    let b = y / n;
    let s2 = known.iter().map(|(y, n, _)| n * (y / n - b).powi(2)).sum::<f64>() / n;
    let a = (s2 - b / (n / known.len() as f64)).max(0.0);
    for (y, n, value) in known {
        let z = (y / n - b) / (a + b / n).sqrt();
        // The layer rounds to six decimals.
        assert!((z - value).abs() < 1e-4 * (1.0 + z.abs()), "{z} {value}");
    }
}

/// Tips and reports tell nothing of what the search would have found: three of them in a cell that a
/// track grazes make no rate and no circle.
#[test]
fn plots_known_by_other_ways_are_not_held_against_the_search() {
    let mut facts = searched_facts(1, every_other);
    for one in 0..3 {
        let number = facts.plots.len() as u64 + 1;
        let east = EAST * (12.3 + 0.1 * f64::from(one));
        let sketch = Sketch::new(number, 2024, WEST + east, SOUTH + 6.5 * NORTH, date(2025, 2, 20));
        facts.plots.push(sketch.seen(|sighting| sighting.by = SightingSource::Tip).plot());
    }
    let snapshot = build(facts);
    let with_tips = |it: &&Json| it["reason_en"].as_str().unwrap().contains("known by other ways");
    let told = cells(&snapshot, &asked("rate"));
    assert!(hot(&told).is_empty());
    let near: Vec<&Json> = told.iter().filter(with_tips).collect();
    assert!(near.len() >= 4, "{}", near.len());
    for cell in near {
        let more =
            cell["neighbourhood"].as_u64().unwrap() - cell["plots_searched"].as_u64().unwrap();
        assert!((1..=3).contains(&more), "{cell}");
        assert!(cell["reason_vi"].as_str().unwrap().contains("tin báo"), "{cell}");
    }
    let choices = Choices { method: Some("scan".into()), ..Choices::default() };
    let query = LayerQuery { choices, permutations: 999, ..asked("count") };
    let layer = layer("hotspot-areas").unwrap();
    assert!(all(layer, &snapshot, &query).is_empty());
    let figures = layer.summary(&snapshot, &query).unwrap();
    let left_out = figures.iter().find(|figure| figure.name == "left_out").unwrap();
    assert_eq!(left_out.value, Value::Integer(3), "{}", left_out.en);
}

#[test]
fn the_scan_holds_plots_against_the_ground_that_was_searched() {
    let areas = |facts: Facts| {
        let snapshot = build(facts);
        let choices = Choices { method: Some("scan".into()), ..Choices::default() };
        let query = LayerQuery { choices, permutations: 999, ..asked("count") };
        let query =
            LayerQuery { choices: Choices { value: None, ..query.choices.clone() }, ..query };
        let layer = layer("hotspot-areas").unwrap();
        let told: Vec<Json> = all(layer, &snapshot, &query)
            .iter()
            .map(|it| json(layer, it)["properties"].clone())
            .collect();
        told
    };
    let corner = |it: &Json| it["plots"].as_f64().unwrap() > 40.0;
    let found = areas(patrols());
    assert!(!found.iter().any(corner), "a crowd of patrols is none of plots: {found:?}");
    let found = areas(crowd());
    let corner_found = found.iter().find(|it| corner(it)).unwrap();
    let en = corner_found["reason_en"].as_str().unwrap();
    assert!(en.contains("km² searched there lets expect"), "{en}");
    assert!(corner_found["searched_km2"].as_f64().unwrap() > 0.0);
    // Nobody recorded who looked where: all ground is taken as searched, and that is said.
    let unrecorded = Facts { legs: Vec::new(), ..patrols() };
    let found = areas(unrecorded);
    let en = found.iter().find(|it| corner(it)).unwrap()["reason_en"].as_str().unwrap();
    assert!(en.contains("all of it taken as searched"), "{en}");
}
