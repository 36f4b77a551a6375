//! hotspot-areas: hot cells joined, circles, and groups of plots, on a drawn season with a crowd.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use std::collections::BTreeSet;

use geo::{Contains, Intersects, Validation};
use geo_types::{MultiPolygon, Rect};
use jiff::civil::date;
use layers_kit::{Sketch, all, build, facts, json, query, small_season};
use poppywatch::{
    domain::{Extent, Facts, Plot},
    layers::{
        CellKind, Choices, Figure, LayerError, LayerFeature, LayerQuery, Shape, Value, layer,
    },
    snapshot::Snapshot,
};
use serde_json::Value as Json;

const METHODS: [&str; 5] = ["cells", "dbscan", "hdbscan", "scan", "density"];

/// Eighteen plots close together in the south-east, six some 600 m beside them.
fn crowd() -> Vec<Plot> {
    let plot = |n: u64| {
        let (east, north) = (0.000_3 * (n % 5) as f64, 0.000_4 * (n / 5) as f64);
        let aside = if n < 18 { 0.0 } else { 0.006 };
        let sketch =
            Sketch::new(20 + n, 2024, 102.765 + east + aside, 22.305 + north, date(2025, 2, 10));
        if n == 3 { sketch.plot() } else { sketch.measured(100.0).plot() }
    };
    (0..24).map(plot).collect()
}

fn crowded(turned: bool) -> Snapshot {
    let mut facts = Facts { legs: Vec::new(), empty_searches: Vec::new(), ..facts() };
    facts.plots.extend(crowd());
    if turned {
        facts.plots.reverse();
    }
    build(facts)
}

fn ask(method: &str, cell: CellKind) -> LayerQuery {
    let choices = Choices { method: Some(method.to_owned()), ..Choices::default() };
    // Enough for a lone cell among all that are tested.
    let permutations = if method == "scan" { 99 } else { 19_999 };
    LayerQuery { cell, choices, permutations, ..query() }
}

fn features<'s>(snapshot: &'s Snapshot, query: &LayerQuery) -> Vec<LayerFeature<'s>> {
    all(layer("hotspot-areas").unwrap(), snapshot, query)
}

fn said(snapshot: &Snapshot, query: &LayerQuery) -> Vec<Json> {
    let areas = layer("hotspot-areas").unwrap();
    let each = features(snapshot, query);
    each.iter().map(|it| json(areas, it)["properties"].clone()).collect()
}

fn ground<'f>(feature: &'f LayerFeature<'_>) -> &'f MultiPolygon<f64> {
    match &feature.shape {
        Shape::Area(area) => area,
        Shape::Point(_) | Shape::Lines(_) => panic!("an area is ground"),
    }
}

#[test]
fn every_method_finds_the_crowd_whatever_the_order_of_facts() {
    let (plain, turned) = (crowded(false), crowded(true));
    let areas = layer("hotspot-areas").unwrap();
    for method in METHODS {
        for cell in [CellKind::Square(500), CellKind::Hexagon(500), CellKind::H3(9)] {
            let query = ask(method, cell);
            let found = features(&plain, &query);
            // One crowded cell among few is no rarity to a shuffle.
            if found.is_empty() && (method, cell) == ("cells", CellKind::H3(9)) {
                continue;
            }
            assert!(!found.is_empty(), "{method} {cell:?}");
            let drawn = |found: &[LayerFeature<'_>]| -> Vec<Json> {
                found.iter().map(|it| json(areas, it)).collect()
            };
            assert_eq!(drawn(&found), drawn(&features(&turned, &query)), "{method}");
            let crowd = Rect::new((102.765, 22.305), (102.7722, 22.3066));
            assert!(found.iter().any(|it| ground(it).intersects(&crowd)), "{method}");
            let mut ids = BTreeSet::new();
            for (feature, said) in found.iter().zip(said(&plain, &query)) {
                assert!(ground(feature).is_valid(), "{method}: {:?}", ground(feature));
                assert!(feature.id < 1 << 53 && ids.insert(feature.id));
                assert_eq!(said["method"], method);
                let communes = said["communes"].as_str().unwrap();
                assert!(["Mù Cả", "Tà Tổng", "Mù Cả; Tà Tổng"].contains(&communes), "{said}");
                let again = areas.feature(&plain, &query, feature.id).unwrap();
                assert_eq!(again.as_ref(), Some(feature));
                for reason in ["reason_vi", "reason_en"] {
                    assert!(said[reason].as_str().unwrap().contains("2024-2025"), "{said}");
                }
            }
        }
    }
}

#[test]
fn areas_of_cells_are_the_hot_cells_and_nothing_else() {
    let snapshot = crowded(false);
    for alpha in [0.1, 0.01] {
        let query = LayerQuery { alpha, ..ask("cells", CellKind::Square(500)) };
        let cells = layer("hotspots").unwrap();
        let asked = LayerQuery { choices: Choices::default(), ..query.clone() };
        let (mut hot, mut held, mut plots) = (0, 0, 0);
        let areas = features(&snapshot, &query);
        for cell in all(cells, &snapshot, &asked) {
            let middle = geo::Centroid::centroid(ground(&cell)).unwrap();
            let within = areas.iter().filter(|area| ground(area).contains(&middle)).count();
            let said = json(cells, &cell)["properties"].clone();
            let is_hot = said["class"].as_str().unwrap().starts_with("hot-");
            assert_eq!(within, usize::from(is_hot), "{said}");
            hot += within;
            plots += if is_hot { said["count"].as_u64().unwrap() } else { 0 };
        }
        for area in said(&snapshot, &query) {
            held += area["cells"].as_u64().unwrap();
            plots -= area["plots"].as_u64().unwrap();
            assert!(area["q"].as_f64().unwrap() <= alpha, "{area}");
            assert!(area["class"].as_str().unwrap().starts_with("hot-"));
        }
        assert!(hot > 1);
        assert_eq!((held, plots), (hot as u64, 0));
    }
}

#[test]
fn groups_tell_their_plots_areas_and_seasons() {
    let snapshot = crowded(false);
    let groups = said(&snapshot, &ask("dbscan", CellKind::default()));
    // Within a kilometre all 24 are one group, and the strongest.
    assert_eq!((&groups[0]["plots"], &groups[0]["rank"]), (&24.into(), &1.into()));
    assert_eq!((&groups[0]["unmeasured"], &groups[0]["area_m2"]), (&1.into(), &2300.0.into()));
    assert!(
        groups[0]["p"].is_null() && groups[0]["alpha"].is_null() && groups[0]["cells"].is_null()
    );
    let near = LayerQuery {
        choices: Choices {
            method: Some("dbscan".into()),
            distance: Some(100.0),
            ..Choices::default()
        },
        ..query()
    };
    let groups = said(&snapshot, &near);
    let mut plots: Vec<_> =
        groups.iter().map(|it| (it["rank"].as_u64(), it["plots"].as_u64())).collect();
    plots.sort_unstable();
    assert_eq!(plots, [(Some(1), Some(18)), (Some(2), Some(6))]);
    // The ground of a season before joins in when it is asked for.
    let small = small_season();
    assert!(said(&small, &ask("dbscan", CellKind::default())).is_empty());
    let since = Some("2023-2024".parse().unwrap());
    let span = LayerQuery { since, ..ask("dbscan", CellKind::default()) };
    let span = LayerQuery { season: Some("2024-2025".parse().unwrap()), ..span };
    let groups = said(&small, &span);
    assert_eq!(groups.len(), 1);
    assert_eq!((&groups[0]["plots"], &groups[0]["simulated"]), (&5.into(), &true.into()));
    assert_eq!(groups[0]["first_season"], "2023-2024");
    assert_eq!(groups[0]["last_season"], "2024-2025");
    assert_eq!(groups[0]["communes"], "Tà Tổng");
}

#[test]
fn a_circle_tells_what_was_expected() {
    let snapshot = crowded(false);
    for cell in [CellKind::Square(500), CellKind::Square(1000)] {
        let circles = said(&snapshot, &ask("scan", cell));
        assert!(circles[0]["p"].as_f64().unwrap() <= 0.01, "{circles:?}");
        let number = |name: &str| circles[0][name].as_f64().unwrap();
        assert!(number("plots") > number("expected") && number("relative_risk") > 1.0);
        assert!(number("llr") > 0.0);
        assert_eq!(circles[0]["class"], "significant");
    }
    // Two communes cannot be scanned: no area, and no error.
    assert!(said(&snapshot, &ask("scan", CellKind::Commune)).is_empty());
}

#[test]
fn the_densest_ground_is_that_of_the_layer_density() {
    let bandwidth = Some("400".to_owned());
    let dense = Choices { method: Some("density".into()), bandwidth, ..Choices::default() };
    for snapshot in [crowded(false), small_season()] {
        // A word of another layer does nothing here.
        let value = Some("presence".into());
        let query = LayerQuery { choices: Choices { value, ..dense.clone() }, ..query() };
        let areas = said(&snapshot, &query);
        let density = layer("density").unwrap();
        let choices = Choices { method: None, ..dense.clone() };
        let lines = all(density, &snapshot, &LayerQuery { choices, ..query.clone() });
        let half = lines
            .iter()
            .map(|line| json(density, line)["properties"].clone())
            .find(|line| line["class"] == "densest-50")
            .unwrap();
        let sum = |name: &str| areas.iter().map(|it| it[name].as_f64().unwrap_or(0.0)).sum::<f64>();
        let figures = layer("hotspot-areas").unwrap().summary(&snapshot, &query).unwrap();
        assert!(figures[0].en.contains("half of the density (each plot spread over 400 m), not"));
        // Nothing is too small here, and every patch has a plot.
        assert!(figures.iter().all(|figure| figure.name != "left_out"));
        assert!((sum("area_km2") - half["area_km2"].as_f64().unwrap()).abs() < 1e-3);
        assert_eq!(sum("plots"), half["plots_inside"].as_f64().unwrap());
        // The line adds up whole cells, the pieces shares of their ground.
        let whole = half["unsurveyed_km2"].as_f64().unwrap_or(0.0);
        assert!((sum("unsurveyed_km2") - whole).abs() <= 0.05 * whole);
        // Nobody knows who looked where in the one; in the other it is told piece by piece.
        assert_eq!(areas[0]["unsurveyed_km2"].is_null(), half["unsurveyed_km2"].is_null());
        for area in &areas {
            assert_eq!((&area["class"], &area["rule"]), (&"densest-50".into(), &"given".into()));
            assert_eq!(area["bandwidth_m"], 400.0);
            for none in ["p", "q", "min_pts", "distance", "permutations", "seed", "alpha", "cells"]
            {
                assert!(area[none].is_null(), "{none}: {area}");
            }
            assert!(area["reason_en"].as_str().unwrap().contains("not a test"), "{area}");
            assert!(area["reason_vi"].as_str().unwrap().contains("không phải phép thử"), "{area}");
            let [ground, unknown] =
                ["area_km2", "unsurveyed_km2"].map(|name| area[name].as_f64().unwrap_or(0.0));
            assert!(unknown <= ground && area["simulated"] == true, "{area}");
            let unknown = area["unsurveyed_km2"].as_f64().is_some_and(|km2| km2 >= 0.005);
            let told = area["reason_en"].as_str().unwrap().contains("Nobody searched");
            assert!(told || !unknown, "{area}");
        }
    }
    // Too few plots for a surface: no area, and no error.
    let mut few = facts();
    few.plots.truncate(3);
    assert!(said(&build(few), &ask("density", CellKind::default())).is_empty());
    let cone = Choices { kernel: Some("cone".into()), ..dense };
    let refused = layer("hotspot-areas")
        .unwrap()
        .features(&small_season(), &LayerQuery { choices: cone, ..query() })
        .err();
    assert!(matches!(refused, Some(LayerError::Parameter { parameter: "kernel", .. })));
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let snapshot = small_season();
    let refused = |query: LayerQuery| {
        layer("hotspot-areas").unwrap().features(&snapshot, &query).err().unwrap().to_string()
    };
    assert!(refused(ask("magic", CellKind::default())).contains("none of cells, dbscan"));
    let far = Choices { distance: Some(0.0), ..Choices::default() };
    assert!(refused(LayerQuery { choices: far, ..query() }).contains("1 to 100000 m"));
    let wrong = LayerQuery { alpha: 2.0, ..query() };
    let error = layer("hotspot-areas").unwrap().features(&snapshot, &wrong).err().unwrap();
    assert!(matches!(error, LayerError::Parameter { parameter: "alpha", .. }), "{error}");
}

#[test]
fn the_whole_is_told_with_its_denominator() {
    let snapshot = crowded(false);
    let areas = layer("hotspot-areas").unwrap();
    let figures = areas.summary(&snapshot, &ask("dbscan", CellKind::default())).unwrap();
    assert_eq!(figures[0].name, "plots_in_areas");
    assert_eq!(figures[0].en, "24 of 30 plots lie in 1 area.");
    assert_eq!(figures[1].name, "kth_nearest_m");
    // An extent cuts what is shown, not what is found.
    let extent = Extent::new(102.70, 22.30, 102.71, 22.31).unwrap();
    let piece = LayerQuery { extent: Some(extent), ..ask("dbscan", CellKind::default()) };
    assert!(features(&snapshot, &piece).is_empty());
    assert_eq!(areas.summary(&snapshot, &piece).unwrap(), figures);
}

/// The figure of a name, where there is one.
fn figure(snapshot: &Snapshot, query: &LayerQuery, name: &str) -> Option<Figure> {
    let figures = layer("hotspot-areas").unwrap().summary(snapshot, query).unwrap();
    assert!(figures.iter().all(|it| !it.vi.is_empty() && !it.en.is_empty()), "{figures:?}");
    figures.into_iter().find(|figure| figure.name == name)
}

#[test]
fn where_there_is_no_area_the_whole_says_why_and_what_to_ask() {
    let small = small_season();
    let why = |query: &LayerQuery| {
        let why = figure(&small, query, "why_none");
        assert_eq!(why.is_some(), features(&small, query).is_empty(), "{why:?}");
        why.map(|figure| figure.en)
    };
    let near = |distance: f64| {
        let dbscan = ask("dbscan", CellKind::default());
        let choices = Choices { distance: Some(distance), ..dbscan.choices.clone() };
        LayerQuery { choices, ..dbscan }
    };
    let said = why(&near(1000.0)).unwrap();
    assert!(said.starts_with("No place has 5 plots within 1,000 m: the 5th"), "{said}");
    // The distance that it tells of finds a group, and so the sentence is no longer told.
    let next: f64 =
        said.split("distance=").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(next > 1000.0);
    assert_eq!(why(&near(next)), None);
    let median = figure(&small, &near(next), "kth_nearest_m").unwrap();
    assert_eq!(median.unit, Some("m"));
    let said = why(&ask("hdbscan", CellKind::default())).unwrap();
    assert!(said.contains("do not fall into two groups of at least 5"), "{said}");
    let said = why(&ask("cells", CellKind::default())).unwrap();
    assert!(said.contains("tested none is hot at a false-discovery rate of 5 %"), "{said}");
    let said = why(&ask("scan", CellKind::Commune)).unwrap();
    assert!(said.contains("too few to scan"), "{said}");
    // Of a hundred maps none has a p so small.
    let strict = LayerQuery { alpha: 0.001, ..ask("scan", CellKind::default()) };
    let said = why(&strict).unwrap();
    assert!(said.contains("no circle has more plots than chance at p ≤ 0.001 (of the"), "{said}");
    // Too few plots for anything.
    let mut few = facts();
    few.plots.truncate(3);
    let few = build(few);
    for method in ["dbscan", "hdbscan", "density"] {
        let why = figure(&few, &ask(method, CellKind::default()), "why_none");
        let code = why.map(|figure| figure.value);
        let expected = if method == "density" { "too-few" } else { "too-few-plots" };
        assert_eq!(code, Some(Value::Text(expected.into())), "{method}");
    }
    // And none at all.
    let nothing = build(Facts { plots: Vec::new(), ..facts() });
    for method in METHODS {
        assert!(
            figure(&nothing, &ask(method, CellKind::default()), "why_none").is_some(),
            "{method}"
        );
    }
    assert!(figure(&build(Facts::default()), &query(), "why_none").is_some());
}

#[test]
fn a_test_tells_that_it_looks_at_the_last_season_of_a_span() {
    let snapshot = crowded(false);
    for method in METHODS {
        let last = ask(method, CellKind::Square(500));
        let season = Some("2024-2025".parse().unwrap());
        let span = LayerQuery { since: Some("2023-2024".parse().unwrap()), season, ..last.clone() };
        let told = figure(&snapshot, &span, "last_season_only");
        assert_eq!(told.is_some(), ["cells", "scan"].contains(&method), "{method}");
        assert!(figure(&snapshot, &last, "last_season_only").is_none());
        if let Some(told) = told {
            assert!(told.en.contains("2024-2025"));
            let last = LayerQuery { season, ..last };
            assert_eq!(said(&snapshot, &span), said(&snapshot, &last), "{method}");
        }
    }
}

#[test]
fn patches_without_a_plot_are_no_areas_and_are_counted() {
    // A crowd of twelve, and eight plots in a ring: their spreads meet in its middle, where none is.
    let mut facts = Facts { legs: Vec::new(), empty_searches: Vec::new(), ..facts() };
    facts.plots.clear();
    let plot = |n: u64, east: f64, north: f64| {
        Sketch::new(20 + n, 2024, east, north, date(2025, 2, 10)).plot()
    };
    facts.plots.extend((0..8_u64).map(|n| {
        let (sin, cos) = (std::f64::consts::TAU * n as f64 / 8.0).sin_cos();
        plot(n, 102.722 + 0.006 * sin, 22.32 + 0.0056 * cos)
    }));
    facts.plots.extend((8..20_u64).map(|n| plot(n, 102.757 + 1e-5 * n as f64, 22.32)));
    let snapshot = build(facts);
    let choices = Choices {
        method: Some("density".into()),
        bandwidth: Some("1200".into()),
        ..Choices::default()
    };
    let dense = LayerQuery { choices, ..query() };
    let areas = said(&snapshot, &dense);
    assert_eq!((areas.len(), &areas[0]["plots"]), (1, &12.into()));
    let out = figure(&snapshot, &dense, "left_out").unwrap();
    assert_eq!(out.value, Value::Integer(1));
    assert_eq!(out.en, "Not told as areas: 1 patch without a plot.");
    let held = figure(&snapshot, &dense, "plots_in_areas").unwrap().en;
    assert!(held.starts_with("12 of 20 plots lie in 1 area."), "{held}");
}

#[test]
fn plots_that_cannot_be_scanned_are_told_beside_those_in_areas() {
    let snapshot = small_season();
    let asked = ask("scan", CellKind::Square(500));
    let out = figure(&snapshot, &asked, "left_out").unwrap();
    assert!(out.en.starts_with("Not scanned: 2 plots in 5 cells"), "{}", out.en);
    let held = figure(&snapshot, &asked, "plots_in_areas").unwrap();
    assert!(held.en.ends_with(&out.en) && held.vi.ends_with(&out.vi), "{} {}", held.en, held.vi);
}

#[test]
fn ground_searched_in_any_season_of_a_span_is_searched() {
    // The season before found a crowd, and patrols walked; the last one walked elsewhere.
    let mut facts = facts();
    let crowd = (0..12_u64).map(|n| {
        let (east, north) = (0.000_3 * (n % 4) as f64, 0.000_3 * (n / 4) as f64);
        Sketch::new(60 + n, 2023, 102.765 + east, 22.305 + north, date(2024, 2, 10)).plot()
    });
    facts.plots.extend(crowd);
    let earlier = facts.legs.clone().into_iter().map(|mut leg| {
        (leg.date, leg.season) = (date(2024, 2, 12), "2023-2024".parse().unwrap());
        leg.id += "-before";
        leg
    });
    facts.legs.extend(earlier.collect::<Vec<_>>());
    let snapshot = build(facts);
    let choices = Choices {
        method: Some("density".into()),
        bandwidth: Some("500".into()),
        ..Choices::default()
    };
    let season = Some("2024-2025".parse().unwrap());
    let since = Some("2023-2024".parse().unwrap());
    let areas = said(&snapshot, &LayerQuery { choices, season, since, ..query() });
    let crowd = areas.iter().find(|area| area["plots"].as_u64().unwrap() >= 12).unwrap();
    let [ground, unknown] = ["area_km2", "unsurveyed_km2"].map(|it| crowd[it].as_f64().unwrap());
    assert!(ground > 0.1 && unknown < 0.5 * ground, "{crowd}");
}
