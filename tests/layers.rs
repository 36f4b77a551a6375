//! Every layer of the catalogue on a season of seven plots: what it says, page by page and piece
//! by piece.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use std::{collections::BTreeSet, fs, path::Path};

use geo::{BoundingRect, Intersects};
use geo_types::{LineString, MultiLineString, Rect};
use jiff::civil::date;
use layers_kit::{
    SIDE, SOUTH, TODAY, WEST, all, build, facts, json, query, rectangle, small_season, takes, unit,
};
use poppywatch::{
    domain::{Changes, Extent, Facts, Level, Metres, Position, Season, Track},
    layers::{
        CATALOGUE, CellKind, Choices, GeometryKind, Interval, Layer, LayerError, LayerFeature,
        LayerQuery, Shape, Value, ValueKind, layer, schema,
    },
    snapshot::Snapshot,
};

#[test]
fn every_layer_answers_the_small_season() {
    let snapshot = small_season();
    for layer in CATALOGUE {
        let features: Vec<_> =
            all(*layer, &snapshot, &query()).iter().map(|it| json(*layer, it)).collect();
        insta::assert_json_snapshot!(layer.id(), features);
    }
}

/// Questions that between them use every parameter.
fn questions() -> Vec<LayerQuery> {
    let plain = query();
    let february = Interval { from: Some(date(2025, 2, 1)), to: Some(date(2025, 2, 20)) };
    vec![
        plain.clone(),
        LayerQuery { season: Some("2023-2024".parse().unwrap()), ..plain.clone() },
        LayerQuery { season: Some("2019-2020".parse().unwrap()), ..plain.clone() },
        LayerQuery { cell: CellKind::Hexagon(500), ..plain.clone() },
        LayerQuery { cell: CellKind::H3(8), ..plain.clone() },
        LayerQuery { cell: CellKind::Commune, ..plain.clone() },
        LayerQuery { datetime: Some(february), ..plain.clone() },
        LayerQuery { units_on: Some(TODAY), alpha: 0.1, seed: 9, ..plain.clone() },
        LayerQuery { resolution: Some(Metres::whole(2000)), ..plain.clone() },
        LayerQuery { choices: choices(&[("method", "moran")]), ..plain.clone() },
        LayerQuery { choices: choices(&[("method", "join-counts")]), ..plain.clone() },
        LayerQuery {
            choices: choices(&[("value", "rate"), ("weights", "knn:2")]),
            ..plain.clone()
        },
        LayerQuery { today: date(2027, 1, 1), ..plain },
    ]
}

#[test]
fn every_answer_keeps_the_promises_of_its_layer() {
    let snapshot = small_season();
    for layer in CATALOGUE {
        for query in questions().into_iter().filter(|query| takes(*layer, query)) {
            let features = all(*layer, &snapshot, &query);
            let mut ids = BTreeSet::new();
            for feature in &features {
                assert!(feature.id < 1 << 53 && ids.insert(feature.id), "{}", layer.id());
                promised(*layer, feature);
            }
            let ordered = features.windows(2).all(|pair| pair[0].cursor() < pair[1].cursor());
            assert!(ordered, "{} {query:?}", layer.id());
            assert_eq!(layer.count(&snapshot, &query).unwrap(), features.len(), "{}", layer.id());
            if query.resolution.is_none() {
                for feature in &features {
                    let again = layer.feature(&snapshot, &query, feature.id).unwrap();
                    assert_eq!(again.as_ref(), Some(feature));
                }
            }
            assert_eq!(layer.feature(&snapshot, &query, 3).unwrap().is_some(), ids.contains(&3));
        }
    }
}

fn promised(layer: &dyn Layer, feature: &LayerFeature<'_>) {
    let kind = match &feature.shape {
        Shape::Point(_) => GeometryKind::Point,
        Shape::Lines(lines) => {
            assert!(!lines.0.is_empty());
            GeometryKind::MultiLineString
        }
        Shape::Area(area) => {
            assert!(!area.0.is_empty());
            GeometryKind::MultiPolygon
        }
    };
    assert_eq!(kind, layer.geometry());
    assert_eq!(feature.values.len(), layer.properties().len(), "{}", layer.id());
    for (value, property) in feature.values.iter().zip(layer.properties()) {
        let kind = match value {
            Value::Null | Value::NotAsked => continue,
            Value::Bool(_) => ValueKind::Bool,
            Value::Integer(_) => ValueKind::Integer,
            Value::Real(number) => {
                assert!(number.is_finite());
                ValueKind::Real
            }
            Value::Text(word) => {
                let listed = property.words.is_empty()
                    || word.is_empty()
                    || property.words.contains(&word.as_ref());
                assert!(listed, "{}: {word}", property.name);
                ValueKind::Text
            }
            Value::Date(_) => ValueKind::Date,
        };
        assert_eq!(kind, property.kind, "{} {}", layer.id(), property.name);
    }
}

#[test]
fn pages_together_are_the_whole() {
    let snapshot = small_season();
    for layer in CATALOGUE {
        for query in questions().into_iter().filter(|query| takes(*layer, query)) {
            let whole = all(*layer, &snapshot, &query);
            for size in [1, 3, 10] {
                let (mut paged, mut after) = (Vec::new(), None);
                loop {
                    let query = LayerQuery { after, ..query.clone() };
                    let page: Vec<_> =
                        layer.features(&snapshot, &query).unwrap().take(size).collect();
                    let Some(last) = page.last() else { break };
                    after = Some(last.cursor());
                    paged.extend(page);
                }
                assert_eq!(paged, whole, "{} by {size}", layer.id());
            }
        }
    }
}

fn meets(feature: &LayerFeature<'_>, rect: &Rect<f64>) -> bool {
    match &feature.shape {
        Shape::Point(point) => rect.intersects(point),
        Shape::Lines(lines) => lines.intersects(rect),
        Shape::Area(area) => area.intersects(rect),
    }
}

#[test]
fn an_extent_shows_what_meets_it() {
    let snapshot = small_season();
    let pieces = [
        [102.71, 22.31, 102.72, 22.32],
        [102.7396, 22.30, 102.7404, 22.3101],
        [102.715, 22.315, 102.715, 22.315],
        [100.0, 20.0, 105.0, 25.0],
        [104.0, 21.0, 104.1, 21.1],
    ];
    for layer in CATALOGUE {
        for query in questions().into_iter().filter(|query| takes(*layer, query)) {
            let whole = all(*layer, &snapshot, &query);
            for [west, south, east, north] in pieces {
                let extent = Extent::new(west, south, east, north).unwrap();
                let rect = extent.rectangles()[0];
                let query = LayerQuery { extent: Some(extent), ..query.clone() };
                let expected: Vec<_> = whole.iter().filter(|it| meets(it, &rect)).collect();
                // A cell is drawn by its corners, and found by its frame.
                let found = all(*layer, &snapshot, &query);
                let exact: Vec<_> = found.iter().filter(|it| meets(it, &rect)).collect();
                assert_eq!(exact, expected, "{} {extent:?}", layer.id());
                if !matches!(layer.id(), "hotspots" | "coverage") {
                    assert_eq!(found.len(), expected.len(), "{} {extent:?}", layer.id());
                }
                assert_eq!(layer.count(&snapshot, &query).unwrap(), found.len());
            }
        }
    }
}

#[test]
fn merging_loses_no_plot() {
    let snapshot = small_season();
    let plots = layer("plots").unwrap();
    let place = |name: &str| plots.properties().iter().position(|it| it.name == name).unwrap();
    for metres in [0.1, 50.0, 1000.0, 1e6, 4e7] {
        let query = LayerQuery { resolution: Metres::new(metres).ok(), ..query() };
        let features = all(plots, &snapshot, &query);
        let count = |feature: &LayerFeature<'_>| match feature.values[place("plots")] {
            Value::Integer(count) => count,
            _ => panic!("a count is always there"),
        };
        assert_eq!(features.iter().map(count).sum::<i64>(), 8, "at {metres} m");
        // The rejected plot stays by itself.
        let rejected = features
            .iter()
            .filter(|it| it.values[place("state")] == Value::Text("rejected".into()));
        assert_eq!(rejected.count(), 1);
    }
}

/// The properties of every feature.
fn said(snapshot: &Snapshot, id: &str, query: &LayerQuery) -> Vec<serde_json::Value> {
    let layer = layer(id).unwrap();
    let features = all(layer, snapshot, query);
    features.iter().map(|it| json(layer, it)["properties"].clone()).collect()
}

#[test]
fn where_nobody_searched_nothing_says_that_somebody_did() {
    let unsearched = Facts { legs: Vec::new(), empty_searches: Vec::new(), ..facts() };
    let mut of_one_cell = unsearched.clone();
    of_one_cell.plots.clear();
    of_one_cell.plots.extend(facts().plots.into_iter().take(1));
    for snapshot in [build(unsearched), build(of_one_cell)] {
        for cell in [CellKind::Square(1000), CellKind::Square(4000), CellKind::Commune] {
            let query = LayerQuery { cell, ..query() };
            for cell in said(&snapshot, "hotspots", &query) {
                assert_eq!(cell["domain"], "assumed_all");
                assert!(cell["surveyed"].is_null() && cell["count"].is_u64());
                let [vi, en] = ["reason_vi", "reason_en"].map(|it| cell[it].as_str().unwrap());
                assert!(!vi.contains("đã rà soát") && vi.contains("Coi như"), "{vi}");
                let (before, after) = en.split_once("is assumed searched").unwrap();
                assert!(!before.contains("searched") && !after.contains("searched"), "{en}");
            }
            for cell in said(&snapshot, "coverage", &query) {
                assert_eq!(cell["state"], "unknown");
                assert!(cell["surveyed"].is_null());
            }
        }
    }
}

#[test]
fn an_analysis_is_about_the_last_season_in_which_somebody_looked() {
    let mut ahead = facts();
    // Outreach comes first: it must not open an empty map.
    ahead.outreach[0].season = "2025-2026".parse().unwrap();
    ahead.outreach[0].date = date(2025, 9, 3);
    let snapshot = build(ahead.clone());
    let autumn = LayerQuery { today: date(2025, 10, 1), ..query() };
    let season = |snapshot: &Snapshot, query: &LayerQuery| {
        said(snapshot, "hotspots", query)[0]["season"].as_str().unwrap().to_owned()
    };
    assert_eq!(season(&snapshot, &autumn), "2024-2025");
    assert_eq!(said(&snapshot, "commune-summary", &autumn)[0]["season"], "2024-2025");
    // An interval that reaches beyond today ends today.
    let open = Interval { from: Some(date(2025, 2, 1)), to: Some(date(2030, 1, 1)) };
    assert_eq!(season(&snapshot, &LayerQuery { datetime: Some(open), ..query() }), "2024-2025");
    ahead.plots.clear();
    ahead.legs.clear();
    ahead.empty_searches.clear();
    assert_eq!(season(&build(ahead), &autumn), "2025-2026");

    let next = LayerQuery { season: Some("2025-2026".parse().unwrap()), ..query() };
    let later = Interval { from: Some(date(2025, 8, 1)), to: None };
    let later = LayerQuery { datetime: Some(later), ..query() };
    for id in ["hotspots", "coverage", "commune-summary"] {
        for (query, named) in [(&next, "season"), (&later, "datetime")] {
            match layer(id).unwrap().features(&snapshot, query).err().unwrap() {
                LayerError::Parameter { parameter, reason } => {
                    assert_eq!(parameter, named);
                    assert!(reason.to_string().contains("begins on 2025-07-01"), "{reason}");
                }
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn without_boundaries_cells_hold_whole_tracks_and_outlines() {
    let mut long = facts();
    long.boundaries.clear();
    long.empty_searches.clear();
    // Two vertices, some 20 km apart, and a field far longer than a cell.
    let track = LineString::from(vec![(102.705, 22.305), (102.86, 22.42)]);
    long.legs[0].track = Track(MultiLineString(vec![track]));
    let field = rectangle(102.80, 22.30, 102.83, 22.300_1);
    let sketch = layers_kit::Sketch::new(9, 2024, 102.80, 22.300_05, date(2025, 2, 21));
    long.plots = vec![sketch.seen(|it| it.outline = Some(field)).plot()];
    let snapshot = build(long);
    let length = snapshot.legs(None).next().unwrap().length_m / 1000.0;
    let area = snapshot.plot(9).unwrap().plot.area.unwrap().get();
    for cell in [CellKind::Square(1000), CellKind::Square(250), CellKind::Hexagon(500)] {
        let query = LayerQuery { cell, ..query() };
        let sum = |id: &str, name: &str| -> f64 {
            let cells = said(&snapshot, id, &query);
            cells.iter().filter_map(|it| it[name].as_f64()).sum()
        };
        let (km, m2) = (sum("coverage", "km"), sum("hotspots", "area_m2"));
        // Each cell's is rounded to a metre, to a tenth of a square metre.
        assert!((km - length).abs() < 0.05, "{cell:?}: {km} of {length} km");
        assert!((m2 - area).abs() < 5.0, "{cell:?}: {m2} of {area} m²");
    }
}

#[test]
fn a_walk_beside_a_border_searches_nothing_beyond_it() {
    let mut beside = facts();
    beside.empty_searches.clear();
    // A hundred metres west of the line between the communes, in cells that both share.
    let walk = LineString::from(vec![(102.739, 22.305), (102.739, 22.335)]);
    beside.legs[0].track = Track(MultiLineString(vec![walk]));
    let snapshot = build(beside);
    let share = |query: &LayerQuery| -> Vec<(String, f64)> {
        let communes = said(&snapshot, "commune-summary", query);
        let of = |it: &serde_json::Value| {
            (it["name"].as_str().unwrap().to_owned(), it["searched_share"].as_f64().unwrap())
        };
        communes.iter().map(of).collect()
    };
    let shares = share(&query());
    assert_eq!(shares.len(), 2);
    for (name, share) in &shares {
        assert_eq!(*share > 0.0, name == "Tà Tổng", "{name}: {share}");
    }
    let kinds =
        [CellKind::Commune, CellKind::Square(250), CellKind::Hexagon(2000), CellKind::H3(9)];
    for cell in kinds {
        assert_eq!(share(&LayerQuery { cell, ..query() }), shares, "{cell:?}");
    }
    let communes = LayerQuery { cell: CellKind::Commune, ..query() };
    for commune in said(&snapshot, "coverage", &communes) {
        assert_eq!(commune["km"].as_f64().unwrap() > 0.0, commune["name"] == "Tà Tổng");
    }
}

/// A plot on the line between two communes lies in the district of both, whole; where there is no
/// district, it is said and not left empty.
#[test]
fn a_district_holds_what_its_communes_hold() {
    let snapshot = small_season();
    let of = |cell| said(&snapshot, "hotspots", &LayerQuery { cell, ..query() });
    let (districts, communes) = (of(CellKind::District), of(CellKind::Commune));
    let sum = |cells: &[serde_json::Value], name: &str| -> f64 {
        cells.iter().filter_map(|cell| cell[name].as_f64()).sum()
    };
    assert_eq!((districts.len(), communes.len()), (1, 2));
    assert_eq!(districts[0]["name"], "Mường Tè");
    for name in ["count", "area_m2", "ground_m2"] {
        let (one, two) = (sum(&districts, name), sum(&communes, name));
        assert!(one > 0.0 && (one - two).abs() < 1e-6 * one, "{name}: {one}, {two}");
    }
    assert!(districts[0]["reason_en"].as_str().unwrap().contains("district"));

    let mut without = facts();
    without.boundaries.retain(|it| it.key.level != Level::District);
    let asked = LayerQuery { cell: CellKind::District, ..query() };
    let error = layer("hotspots").unwrap().features(&build(without), &asked).err().unwrap();
    assert!(error.to_string().contains("ask for cell=commune"), "{error}");
}

/// A commune across the water has the nearest one for a neighbour; its own islet has too.
#[test]
fn an_island_is_the_neighbour_of_the_nearest_commune() {
    let mut apart = facts();
    apart.legs.clear();
    apart.empty_searches.clear();
    let outline = rectangle(WEST + 0.3, SOUTH, WEST + 0.34, SOUTH + SIDE);
    apart.boundaries.push(unit(Level::Commune, "00999", "Đảo", None, outline));
    let snapshot = build(apart);
    let communes = LayerQuery { cell: CellKind::Commune, ..query() };
    let mut found: Vec<_> = said(&snapshot, "hotspots", &communes)
        .iter()
        .map(|it| (it["name"].as_str().unwrap().to_owned(), it["neighbours"].clone()))
        .collect();
    found.sort_by_key(|(name, _)| name.clone());
    // The two others border on each other, and one of them on the island too.
    let counts: Vec<_> = found.iter().map(|(_, count)| count.as_u64().unwrap()).collect();
    assert_eq!((found.len(), counts.iter().sum::<u64>()), (3, 4), "{found:?}");
    let island = found.iter().find(|(name, _)| name == "Đảo").unwrap();
    assert_eq!(island.1, 1);
}

/// Cells of H3 hold the same ground and the same plots as ours, under the ids that H3 gives them.
#[test]
fn h3_cells_hold_what_there_is() {
    let snapshot = small_season();
    let sum = |cell: CellKind, layer: &str, key: &str| -> f64 {
        let cells = said(&snapshot, layer, &LayerQuery { cell, ..query() });
        cells.iter().filter_map(|it| it[key].as_f64()).sum()
    };
    let ground = sum(CellKind::Square(1000), "coverage", "ground_m2");
    for number in 6..=9 {
        let h3 = CellKind::H3(number);
        let off = sum(h3, "coverage", "ground_m2") / ground - 1.0;
        assert!(off.abs() < 1e-5, "{number}: {off}");
        assert_eq!(sum(h3, "hotspots", "count"), sum(CellKind::Square(1000), "hotspots", "count"));
    }
    let cells = said(&snapshot, "coverage", &LayerQuery { cell: CellKind::H3(8), ..query() });
    assert!(cells.iter().all(|it| it["cell"].as_str().is_some_and(|id| id.starts_with("88"))));
    // Without boundaries the cells around the season's facts stand in.
    let mut bare = facts();
    bare.boundaries.clear();
    let bare = build(bare);
    let around = said(&bare, "hotspots", &LayerQuery { cell: CellKind::H3(8), ..query() });
    let squares = said(&bare, "hotspots", &query());
    let plots = |cells: &[serde_json::Value]| -> f64 {
        cells.iter().filter_map(|it| it["count"].as_f64()).sum()
    };
    assert_eq!(plots(&around), plots(&squares));
    assert!(matches!(
        layer("coverage")
            .unwrap()
            .features(&snapshot, &LayerQuery { cell: CellKind::H3(12), ..query() })
            .err(),
        Some(LayerError::Parameter { parameter: "cell", .. })
    ));
}

#[test]
fn a_share_of_nothing_is_null_and_unknown_is_not_zero() {
    let snapshot = small_season();
    let said = |id: &str, query: &LayerQuery| said(&snapshot, id, query);
    // A season without any fact.
    let empty = LayerQuery { season: Some("2019-2020".parse().unwrap()), ..query() };
    for commune in said("commune-summary", &empty) {
        for share in ["claimed_share", "verified_share", "in_time_share", "searched_share"] {
            assert!(commune[share].is_null(), "{share}");
        }
        assert!(commune["meetings"].is_null());
        assert_eq!(commune["plots"], 0);
    }
    for cell in said("coverage", &empty) {
        assert_eq!(cell["state"], "unknown");
        assert!(cell["surveyed"].is_null() && cell["pod"].is_null() && cell["km"].is_null());
    }
    for cell in said("hotspots", &empty) {
        assert_eq!(cell["domain"], "no-data");
        assert_eq!(cell["status"], "no-data");
        assert_eq!(cell["class"], "not-surveyed");
        assert_eq!(cell["tested"], 0);
        for unknown in ["surveyed", "count", "gi_z", "p", "occupied"] {
            assert!(cell[unknown].is_null(), "{unknown}");
        }
    }
    // Unsearched ground in a season with searches.
    let unsearched: Vec<_> =
        said("hotspots", &query()).into_iter().filter(|it| it["class"] == "not-surveyed").collect();
    assert!(!unsearched.is_empty());
    assert!(unsearched.iter().all(|it| it["count"].is_null() && it["p"].is_null()));
}

#[test]
fn shares_of_an_outline_sum_to_the_plot() {
    let snapshot = small_season();
    for (id, name, cell) in [
        ("commune-summary", "area_m2", CellKind::default()),
        ("hotspots", "area_m2", CellKind::Commune),
        ("hotspots", "area_m2", CellKind::District),
        ("hotspots", "area_m2", CellKind::Square(50)),
        ("hotspots", "area_m2", CellKind::Hexagon(100)),
    ] {
        let layer = layer(id).unwrap();
        let place = layer.properties().iter().position(|it| it.name == name).unwrap();
        let query = LayerQuery { cell, ..query() };
        let areas = all(layer, &snapshot, &query).into_iter().map(|it| match it.values[place] {
            Value::Real(area) => area,
            _ => 0.0,
        });
        let sum: f64 = areas.sum();
        // 300, 600, 45, 120 by tape; the outline's own area.
        let outline = snapshot.plot(4).unwrap().plot.area.unwrap().get();
        assert!((sum - 1065.0 - outline).abs() < 0.6, "{id} {cell:?}: {sum}");
    }
}

#[test]
fn the_order_of_facts_changes_no_answer() {
    let one = small_season();
    let mut shuffled: Facts = facts();
    shuffled.plots.reverse();
    shuffled.boundaries.reverse();
    let other = build(shuffled);
    for layer in CATALOGUE {
        for query in questions().into_iter().filter(|query| takes(*layer, query)) {
            let said = |snapshot: &Snapshot| -> Vec<serde_json::Value> {
                all(*layer, snapshot, &query).iter().map(|it| json(*layer, it)).collect()
            };
            assert_eq!(said(&one), said(&other), "{}", layer.id());
        }
    }
}

#[test]
fn questions_that_cannot_be_answered_are_refused_in_words() {
    let snapshot = small_season();
    let refused = |id: &str, query: LayerQuery| -> LayerError {
        layer(id).unwrap().features(&snapshot, &query).err().unwrap()
    };
    let parameter = |error: LayerError| match error {
        LayerError::Parameter { parameter, .. } => parameter,
        other => panic!("{other}"),
    };
    let wrong = refused("hotspots", LayerQuery { cell: CellKind::Square(77), ..query() });
    assert!(wrong.to_string().contains("multiple of 50"), "{wrong}");
    assert_eq!(
        parameter(refused("hotspots", LayerQuery { permutations: 0, ..query() })),
        "permutations"
    );
    assert_eq!(parameter(refused("hotspots", LayerQuery { alpha: 0.0, ..query() })), "alpha");
    assert_eq!(parameter(refused("hotspots", LayerQuery { alpha: f64::NAN, ..query() })), "alpha");
    let backwards = Interval { from: Some(date(2025, 3, 1)), to: Some(date(2025, 2, 1)) };
    for layer in CATALOGUE {
        let query = LayerQuery { datetime: Some(backwards), ..query() };
        assert_eq!(parameter(refused(layer.id(), query)), "datetime", "{}", layer.id());
    }
    // Ground of a million squares of 50 m would be 2,500 km²: a whole country is too much.
    let mut wide = facts();
    let country = rectangle(102.0, 19.0, 105.0, 23.0);
    wide.boundaries.retain(|it| it.key.level == Level::Province);
    wide.boundaries[0].outline = country;
    let snapshot = build(wide);
    let query = LayerQuery { cell: CellKind::Square(50), ..query() };
    match layer("coverage").unwrap().features(&snapshot, &query).err().unwrap() {
        LayerError::TooMuch(reason) => {
            assert!(reason.to_string().contains("cell=square:"), "{reason}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn without_boundaries_there_are_answers_all_the_same() {
    let snapshot = build(Facts { boundaries: Vec::new(), ..facts() });
    for layer in CATALOGUE {
        for query in questions().into_iter().filter(|query| takes(*layer, query)) {
            for feature in all(*layer, &snapshot, &query) {
                promised(*layer, &feature);
            }
        }
    }
    let hotspots = layer("hotspots").unwrap();
    let first = json(hotspots, &all(hotspots, &snapshot, &query())[0]);
    assert_eq!(first["properties"]["ground"], "around-facts");
    let nothing = build(Facts::default());
    for layer in CATALOGUE {
        assert_eq!(layer.count(&nothing, &query()).unwrap(), 0, "{}", layer.id());
    }
}

/// Stability is a figure of its own: asked for, it changes no other, and not asked for it is empty.
#[test]
fn stability_is_told_where_it_is_asked() {
    let snapshot = small_season();
    let without = |mut row: serde_json::Value| {
        let members = row.as_object_mut().unwrap();
        let stable = ["stability", "stability_maps"].map(|name| members.remove(name).unwrap());
        (stable, row)
    };
    let ask = |cell, stability| -> Vec<_> {
        let choices = Choices { stability, ..Choices::default() };
        let mut rows = said(
            &snapshot,
            "hotspots",
            &LayerQuery { cell, choices, permutations: 999, ..query() },
        );
        // The order depends on what is missing.
        rows.sort_by_key(|row| row["cell"].to_string());
        rows.into_iter().map(without).collect()
    };
    let square = CellKind::Square(1000);
    let mut told = 0;
    for (asked, plain) in ask(square, true).into_iter().zip(ask(square, false)) {
        assert_eq!(asked.1, plain.1);
        assert!(plain.0.iter().all(serde_json::Value::is_null));
        let [share, maps] = asked.0;
        if let Some(share) = share.as_f64() {
            assert!((0.0..=1.0).contains(&share) && (1..=24).contains(&maps.as_u64().unwrap()));
            told += 1;
        }
    }
    assert!(told > 0);
    assert!(ask(CellKind::Commune, true).iter().all(|(stable, _)| stable[0].is_null()));
}

#[test]
fn cells_lie_where_their_ids_say() {
    let snapshot = small_season();
    let hotspots = layer("hotspots").unwrap();
    for feature in all(hotspots, &snapshot, &query()) {
        let Shape::Area(area) = &feature.shape else { panic!("cells are ground") };
        let rect = area.bounding_rect().unwrap();
        // A kilometre, turned a little against the meridian.
        assert!((rect.width() * 103.0 - 1.0).abs() < 0.1, "{rect:?}");
        assert!((rect.height() * 110.7 - 1.0).abs() < 0.1, "{rect:?}");
    }
}

/// `POPPYWATCH_BLESS=1` writes them anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn schemas_are_those_of_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let bless = std::env::var("POPPYWATCH_BLESS").is_ok();
    for layer in CATALOGUE {
        let path = folder.join(format!("layer-{}.schema.json", layer.id()));
        let now = serde_json::to_string_pretty(&schema(*layer)).unwrap() + "\n";
        if bless {
            fs::write(&path, &now).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == now, "{}: run this test with POPPYWATCH_BLESS=1", path.display());
    }
}

fn choices(pairs: &[(&str, &str)]) -> Choices {
    let of = |name: &str| {
        let found = pairs.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Choices {
        method: of("method"),
        weights: of("weights"),
        value: of("value"),
        null: of("null"),
        adjust: of("adjust"),
        tail: of("tail"),
        ..Choices::default()
    }
}

#[test]
fn hotspots_are_asked_by_every_method() {
    let snapshot = small_season();
    let share = |value: &serde_json::Value| value.as_f64().is_none_or(|p| p > 0.0 && p <= 1.0);
    for method in ["gistar", "gi", "moran", "join-counts"] {
        for weights in ["queen", "rook", "knn:3", "band:1500", "queen+knn:1"] {
            for value in ["count", "area", "presence", "rate"] {
                for null in ["total", "conditional"] {
                    let refused =
                        method == "join-counts" && (value != "presence" || null == "total");
                    let asked = [
                        ("method", method),
                        ("weights", weights),
                        ("value", value),
                        ("null", null),
                        ("tail", "two-sided"),
                        ("adjust", "holm"),
                    ];
                    let query = LayerQuery { choices: choices(&asked), ..query() };
                    let hotspots = layer("hotspots").unwrap();
                    if refused {
                        assert!(hotspots.features(&snapshot, &query).is_err(), "{asked:?}");
                        continue;
                    }
                    for cell in said(&snapshot, "hotspots", &query) {
                        assert_eq!(cell["method"], method);
                        // Of rates nothing is shuffled, whatever is asked.
                        let null = if value == "rate" { "gamma-poisson" } else { null };
                        assert_eq!(
                            (&cell["compared"], &cell["null"]),
                            (&value.into(), &null.into())
                        );
                        assert_eq!(cell["permutations"].is_null(), value == "rate");
                        assert!(["p", "p_low", "q"].iter().all(|it| share(&cell[it])), "{cell}");
                        let compared = matches!(cell["status"].as_str(), Some("tested" | "few"));
                        assert_eq!(compared, cell["z"].is_number(), "{cell}");
                        assert_eq!(cell["gi_z"].is_number(), compared && method.starts_with("gi"));
                        assert!(method == "moran" || cell["quadrant"] == "");
                        if cell["status"] == "absent" {
                            assert!(cell["p"].is_null() && cell["count"] == 0, "{cell}");
                        }
                        let named = match method {
                            "gistar" => "(Gi*",
                            "gi" => "(Gi",
                            "moran" => "(Moran",
                            _ => "(join counts",
                        };
                        let of = " of rates";
                        let named = format!("{named}{})", if value == "rate" { of } else { "" });
                        let reason = cell["reason_en"].as_str().unwrap();
                        assert_eq!(compared, reason.contains(&named), "{reason}");
                    }
                }
            }
        }
    }
}

#[test]
fn choices_of_hotspots_beyond_their_bounds_are_refused_in_words() {
    let snapshot = small_season();
    let refused = |asked: &[(&str, &str)]| {
        let query = LayerQuery { choices: choices(asked), ..query() };
        layer("hotspots").unwrap().features(&snapshot, &query).err().unwrap().to_string()
    };
    assert!(refused(&[("method", "magic")]).contains("gistar"));
    assert!(refused(&[("weights", "knn:100")]).contains("at most 64"));
    assert!(refused(&[("weights", "idw:2000")]).contains("analyse"));
    assert!(refused(&[("weights", "band")]).contains("weights"));
    assert!(refused(&[("adjust", "fdr")]).contains("bonferroni"));
    // Without effort data there is nothing to divide by.
    let unsearched = build(Facts { legs: Vec::new(), empty_searches: Vec::new(), ..facts() });
    let query = LayerQuery { choices: choices(&[("value", "rate")]), ..query() };
    let error = layer("hotspots").unwrap().features(&unsearched, &query).err().unwrap();
    assert!(error.to_string().contains("no tracks"), "{error}");
}

#[test]
fn a_season_of_which_nothing_is_known_says_so() {
    let snapshot = small_season();
    let season = Some(Season::starting(1990).unwrap());
    let query = LayerQuery { season, ..query() };
    let figures = layer("hotspots").unwrap().summary(&snapshot, &query).unwrap();
    assert!(said(&snapshot, "hotspots", &query).is_empty());
    assert_eq!(figures.len(), 1);
    assert_eq!((figures[0].name, &figures[0].value), ("status", &Value::Text("no-data".into())));
    assert_eq!(figures[0].en, "Season 1990-1991 has no data: unknown.");
}

/// What was kept from the snapshot before a change must say what a fresh one says.
#[test]
fn one_plot_changed_answers_as_a_fresh_snapshot_does() {
    let before = small_season();
    for cell in [CellKind::Square(1000), CellKind::Hexagon(500), CellKind::Commune] {
        let query = LayerQuery { cell, ..query() };
        for id in ["hotspots", "coverage"] {
            said(&before, id, &query);
        }
        let mut changed = facts();
        let moved = changed.plots.iter_mut().find(|plot| plot.outline.is_none()).unwrap();
        moved.position = Position::new(102.735, 22.335).unwrap();
        let moved = moved.clone();
        let revision = changed.revision;
        let plots = Changes::Plots { revision, plots: vec![moved], datasets: Vec::new() };
        let after = before.with_changes(plots).unwrap();
        let fresh = build(changed);
        for id in ["hotspots", "coverage"] {
            assert_eq!(said(&after, id, &query), said(&fresh, id, &query), "{id} {cell:?}");
        }
        let [old, new] = [&before, &after].map(|snapshot| said(snapshot, "hotspots", &query));
        assert!(cell == CellKind::Commune || old != new, "the change is seen");
    }
}
