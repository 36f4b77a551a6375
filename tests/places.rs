//! Re-cultivation, displacement and the validation of hotspots on seasons drawn by hand.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use geo_types::{LineString, MultiLineString};
use jiff::civil::date;
use layers_kit::{Sketch, all, build, facts, json, query};
use poppywatch::{
    domain::{Facts, PatrolLeg, Plot, Season, Track},
    layers::{CellKind, Figure, LayerError, LayerQuery, Value, layer},
    snapshot::Snapshot,
};
use serde_json::Value as Json;

fn said(snapshot: &Snapshot, id: &str, query: &LayerQuery) -> Vec<Json> {
    let layer = layer(id).unwrap();
    all(layer, snapshot, query).iter().map(|it| json(layer, it)["properties"].clone()).collect()
}

fn figures(snapshot: &Snapshot, id: &str, query: &LayerQuery) -> Vec<Figure> {
    layer(id).unwrap().summary(snapshot, query).unwrap()
}

fn figure<'f>(figures: &'f [Figure], name: &str) -> &'f Figure {
    figures.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn real(figures: &[Figure], name: &str) -> Option<f64> {
    match figure(figures, name).value {
        Value::Real(value) => Some(value),
        Value::Integer(value) => Some(value as f64),
        Value::Null => None,
        ref other => panic!("{name}: {other:?}"),
    }
}

fn season(year: i16) -> Season {
    Season::starting(year).unwrap()
}

/// A walk of the season through these places.
fn walk(year: i16, places: &[(f64, f64)]) -> PatrolLeg {
    let on = date(year + 1, 2, 16);
    let track: LineString<f64> = places.iter().copied().collect();
    PatrolLeg {
        id: format!("T/{on}/{}", places[0].0),
        season: season(year),
        date: on,
        team: None,
        track: Track(MultiLineString(vec![track])),
        walked: None,
        sweep_width: None,
        source: layers_kit::source("tracks", &format!("{on}/{}", places[0].0)),
    }
}

fn plot(number: u64, year: i16, lon: f64, lat: f64) -> Plot {
    let on = date(year + 1, 2, 10);
    Sketch::new(number, year, lon, lat, on).measured(300.0).destroyed(date(year + 1, 2, 12)).plot()
}

/// Cleared in 2022-2023 at four places; in 2023-2024 one of them again, and one only told by a tip.
/// The walk of 2023-2024 passes the first two.
fn cleared() -> Facts {
    let (lat, lon) = (22.32, |place: u32| 102.71 + 0.005 * f64::from(place));
    let mut plots: Vec<Plot> = (0..4).map(|n| plot(u64::from(n) + 1, 2022, lon(n), lat)).collect();
    plots.push(plot(11, 2023, lon(0) + 0.000_1, lat)); // some 10 m east
    plots.push(plot(12, 2023, lon(2), lat));
    let legs = vec![walk(2023, &[(lon(0) - 0.001, lat), (lon(1) + 0.001, lat)])];
    Facts { plots, legs, empty_searches: Vec::new(), ..facts() }
}

#[test]
fn cleared_ground_is_asked_whether_anybody_looked_again() {
    let snapshot = build(cleared());
    let asked = LayerQuery { season: Some(season(2023)), ..query() };
    let rows = said(&snapshot, "recultivation", &asked);
    assert_eq!(rows.len(), 4);
    let of = |plot: &str| {
        rows.iter().find(|row| row["plot"].as_str().unwrap().ends_with(plot)).unwrap().clone()
    };
    let states = ["0001", "0002", "0003", "0004"].map(|plot| of(plot)["state"].clone());
    assert_eq!(states, ["returned", "clear", "returned-unsearched", "unknown"]);
    let first = of("0001");
    assert!((first["distance_m"].as_f64().unwrap() - 10.3).abs() < 0.3, "{first}");
    assert_eq!(
        (&first["returned_season"], &first["seasons_since"]),
        (&"2023-2024".into(), &1.into())
    );
    assert!(first["overlap_m2"].is_null() && first["searched_again"] == true);
    assert!(of("0004")["came_back"].is_null() && of("0004")["searched_again"] == false);
    assert!(of("0004")["reason_en"].as_str().unwrap().contains("is unknown"));

    let told = figures(&snapshot, "recultivation", &asked);
    let counts = ["cleared", "searched_again", "returned", "returned_unsearched", "unknown"];
    assert_eq!(counts.map(|name| real(&told, name).unwrap()), [4.0, 2.0, 1.0, 1.0, 1.0]);
    assert_eq!((real(&told, "rate"), real(&told, "rate_at_least")), (Some(0.5), Some(0.5)));
    // Clopper-Pearson of 1 in 2: 0.0126 to 0.9874.
    assert!((real(&told, "rate_low").unwrap() - 0.0126).abs() < 1e-4);
    assert!((real(&told, "rate_high").unwrap() - 0.9874).abs() < 1e-4);
    assert_eq!(figure(&told, "label_ratio").value, Value::Null); // all earlier plots were cleared
    // Two of two on cleared ground, of which a commune has next to none.
    assert!(real(&told, "place_ratio").is_none_or(|ratio| ratio > 50.0));
    assert!(real(&told, "place_p").unwrap() < 0.01);
    assert_eq!(real(&told, "median_survival"), Some(1.0));
    assert!(figure(&told, "median_survival").en.contains("within 1 season ("));
    assert!(first["reason_en"].as_str().unwrap().contains("Commune on the plot's own date"));
    assert!(figure(&told, "label_ratio").en.contains("all plots searched again had been cleared"));
    assert!(figure(&told, "rate").en.starts_with("1 of 2 cleared plots"));

    // The season after: nobody walked, and what came back before is told.
    let later = LayerQuery { season: Some(season(2024)), ..query() };
    let told = figures(&snapshot, "recultivation", &later);
    assert_eq!(real(&told, "rate"), None);
    assert_eq!(figure(&told, "rate_reason").value, Value::Text("nobody-looked".into()));
    // Nothing stands in brackets or as a share of nothing where there is no rate.
    for figure in &told {
        assert!(!figure.en.contains('(') || figure.en.contains("Meier"), "{}", figure.en);
        assert_ne!(figure.name, "label_ratio");
    }
    let rows = said(&snapshot, "recultivation", &later);
    let before = rows.iter().filter(|row| row["state"] == "returned-before").count();
    assert_eq!((rows.len(), before), (6, 2));
    assert!(rows.iter().all(|row| row["searched_again"].is_null()));
    // Only plots cleared from 2023-2024 on.
    let recent = LayerQuery { since: Some(season(2023)), ..later };
    assert_eq!(said(&snapshot, "recultivation", &recent).len(), 2);
}

#[test]
fn a_distance_out_of_bounds_is_refused_in_words() {
    let snapshot = build(cleared());
    for id in ["recultivation", "displacement"] {
        let mut query = query();
        query.choices.distance = Some(-3.0);
        match layer(id).unwrap().features(&snapshot, &query).err().unwrap() {
            LayerError::Parameter { parameter, reason } => {
                assert_eq!(parameter, "distance");
                assert!(reason.to_string().contains("-3"), "{reason}");
            }
            other => panic!("{other}"),
        }
    }
    let adjacent = LayerQuery { since: Some(season(2023)), season: Some(season(2024)), ..query() };
    let error = layer("displacement").unwrap().features(&snapshot, &adjacent).err().unwrap();
    assert!(error.to_string().contains("season=2022-2023/2024-2025"), "{error}");
}

/// Walks through the middles of all kilometre cells, west to east, every some 500 m.
fn everywhere(year: i16) -> Vec<PatrolLeg> {
    (0..9)
        .map(|row| {
            let lat = 22.302 + 0.0045 * f64::from(row);
            walk(year, &[(102.701 + 0.000_01 * f64::from(row), lat), (102.779, lat)])
        })
        .collect()
}

/// Three plots before in the west, cleared there the season after, and three after a kilometre or two east.
fn moved() -> Facts {
    let mut plots = Vec::new();
    for n in 0..3_u32 {
        let (id, off) = (u64::from(n), 0.000_4 * f64::from(n));
        plots.push(plot(10 + id, 2021, 102.705 + off, 22.32));
        plots.push(plot(20 + id, 2022, 102.705 + off, 22.321));
        plots.push(plot(30 + id, 2023, 102.722 + off, 22.32));
        // Elsewhere all stays as it is.
        plots.push(plot(40 + id, 2021, 102.775, 22.305 + off));
        plots.push(plot(50 + id, 2023, 102.775, 22.305 + off));
    }
    let legs = everywhere(2021).into_iter().chain(everywhere(2023)).collect();
    Facts { plots, legs, empty_searches: Vec::new(), ..facts() }
}

#[test]
fn what_moved_is_seen_in_the_rings() {
    let snapshot = build(moved());
    let asked = LayerQuery { season: Some(season(2023)), ..query() };
    let zones = said(&snapshot, "displacement", &asked);
    // Response, three rings, control, and what was not searched in both.
    assert_eq!(zones.len(), 6, "{zones:?}");
    let kinds: Vec<&str> = zones.iter().map(|it| it["zone"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|it| **it == "ring").count(), 3);
    let of = |zone: &str| zones.iter().find(|it| it["zone"] == zone).unwrap();
    let response = of("response");
    assert_eq!((&response["before"], &response["after"]), (&3.into(), &0.into()));
    assert_eq!(
        (&response["season_before"], &response["cleared_in"]),
        (&"2021-2022".into(), &"2022-2023".into())
    );
    let rings: i64 = zones
        .iter()
        .filter(|it| it["zone"] == "ring")
        .map(|it| it["after"].as_i64().unwrap_or(0))
        .sum();
    assert_eq!(rings, 3);
    let control = of("control");
    assert_eq!((&control["before"], &control["after"]), (&3.into(), &3.into()));
    assert!(control["difference"].is_null() && control["wdq"].is_null());

    let told = figures(&snapshot, "displacement", &asked);
    // As much as was won moved to the rings: WDQ −1, nothing won in all.
    assert!((real(&told, "wdq").unwrap() + 1.0).abs() < 1e-9);
    assert!(real(&told, "tne").unwrap().abs() < 1e-9);
    assert!(real(&told, "wdd").unwrap().abs() < 1e-9);
    let wdd = figure(&told, "wdd");
    assert!(wdd.en.starts_with("No fall, rise or displacement is shown. Response"), "{}", wdd.en);
    assert!(wdd.vi.starts_with("Chưa chứng tỏ có giảm, tăng hay chuyển dịch. "), "{}", wdd.vi);
    assert!(figure(&told, "compared").en.contains("surveyed in both"));
    // Communes are counted in squares, and other sizes of cells add up to the same plots.
    for cell in [CellKind::Commune, CellKind::Hexagon(700), CellKind::Square(500)] {
        let zones = said(&snapshot, "displacement", &LayerQuery { cell, ..asked.clone() });
        let sum = |name: &str| zones.iter().filter_map(|it| it[name].as_i64()).sum::<i64>();
        assert_eq!((sum("before"), sum("cleared_plots")), (6, 3), "{cell:?}");
    }
}

#[test]
fn ground_that_was_not_searched_twice_is_not_compared() {
    let mut half = moved();
    half.legs.retain(|leg| leg.season == season(2021));
    half.legs.push(walk(2023, &[(102.76, 22.33), (102.77, 22.33)]));
    let snapshot = build(half);
    let asked = LayerQuery { season: Some(season(2023)), ..query() };
    let zones = said(&snapshot, "displacement", &asked);
    let response = zones.iter().find(|it| it["zone"] == "response").unwrap();
    assert!(response["before"].is_null() && response["compared"] == 0, "{response}");
    assert!(response["reason_en"].as_str().unwrap().contains("nothing can be compared"));
    // What was not searched twice is drawn as unknown, whatever zone it lies in.
    let unknown = zones.iter().find(|it| it["zone"] == "not-compared").unwrap();
    assert!(unknown["compared"] == 0 && unknown["before"].is_null(), "{unknown}");
    let cells: i64 = zones
        .iter()
        .filter(|it| it["zone"] != "not-compared")
        .map(|it| it["cells"].as_i64().unwrap() - it["compared"].as_i64().unwrap())
        .sum();
    assert!(unknown["cells"].as_i64().unwrap() >= cells && cells > 0, "{unknown}");
    let ring = zones.iter().find(|it| it["zone"] == "ring").unwrap();
    assert!(ring["reason_en"].as_str().unwrap().contains("around cells cleared in"), "{ring}");
    let told = figures(&snapshot, "displacement", &asked);
    assert_eq!(figure(&told, "wdq_reason").value, Value::Text("not-compared".into()));
    // Nothing was cleared: there is no zone, and the figures say so.
    let nothing = LayerQuery { season: Some(season(2021)), ..query() };
    assert!(said(&snapshot, "displacement", &nothing).is_empty());
    let told = figures(&snapshot, "displacement", &nothing);
    assert!(figure(&told, "compared").en.starts_with("No cell was cleared in"));
    assert!(told.iter().all(|it| !it.en.contains("0 of 0") && !it.en.contains("not-compared")));
    assert_eq!((real(&told, "wdd"), real(&told, "compared")), (None, Some(0.0)));
}

#[test]
fn the_map_of_the_season_before_is_scored_on_this_one() {
    // Six plots crowd in the west in both seasons, one is alone in the second.
    let mut plots = Vec::new();
    for n in 0..6_u32 {
        let off = 0.001 * f64::from(n);
        plots.push(plot(10 + u64::from(n), 2022, 102.705 + off, 22.32));
        plots.push(plot(20 + u64::from(n), 2023, 102.705 + off, 22.321));
    }
    plots.push(plot(30, 2023, 102.77, 22.31));
    let legs = everywhere(2022).into_iter().chain(everywhere(2023)).collect();
    let snapshot = build(Facts { plots, legs, empty_searches: Vec::new(), ..facts() });
    let asked = LayerQuery { season: Some(season(2023)), ..query() };
    let told = figures(&snapshot, "hotspots", &asked);
    assert_eq!(figure(&told, "validation_map").value, Value::Text("2022-2023".into()));
    // The verdict comes first; a reason comes only where there is no score.
    assert_eq!(told[0].name, "validation_verdict");
    assert_eq!(told[0].value, Value::Text("too-few".into()));
    assert!(told[0].en.contains("too few"), "{}", told[0].en);
    assert!(told.iter().all(|it| it.name != "validation_reason"));
    assert_eq!(real(&told, "found"), Some(7.0));
    assert!((real(&told, "hit_rate").unwrap() - 6.0 / 7.0).abs() < 1e-6);
    assert!(real(&told, "pai").unwrap() > 3.0);
    let pei = real(&told, "pei").unwrap();
    assert!(pei > 0.5 && pei <= 1.0);
    assert!(real(&told, "random_p").unwrap() < 0.35);
    assert!(real(&told, "last_counts_pai").unwrap() > 1.0);
    assert!(figure(&told, "last_counts_pai").en.contains("too few to say which is better"));
    // Every plot lies in a cell that was walked in both seasons; the rest of the ground only
    // makes the index larger.
    assert_eq!(real(&told, "whole_hit_rate"), real(&told, "hit_rate"));
    assert!(real(&told, "whole_pai").unwrap() >= real(&told, "pai").unwrap());
    assert!(real(&told, "searched_share").unwrap() <= 1.0);
    // No sentence is said twice but those of the two ends of an interval.
    let mut said: Vec<&str> = told.iter().map(|it| it.en.as_str()).collect();
    let all = said.len();
    said.sort_unstable();
    said.dedup();
    assert!(said.len() + 4 >= all, "{said:?}");
    // Too few blocks hold plots for an interval, and it is said so.
    assert_eq!(real(&told, "pai_low"), None);
    assert!(figure(&told, "pai").en.contains("too few blocks"));
    assert!(figure(&told, "pai").vi.contains("2022-2023"));
    // Without a map of the season before, or without finds, the reason is told.
    for (year, reason) in [(2022, "no-map"), (2024, "nothing-found")] {
        let told =
            figures(&snapshot, "hotspots", &LayerQuery { season: Some(season(year)), ..query() });
        assert_eq!(figure(&told, "validation_reason").value, Value::Text(reason.into()), "{year}");
        assert!(told.iter().all(|it| it.name != "pai"));
    }
}

#[test]
fn the_score_that_leads_is_over_ground_searched_in_both_seasons() {
    // As the season above, but in the second only the west was walked, and the plot in the east
    // was reported by somebody.
    let mut plots = Vec::new();
    for n in 0..6_u32 {
        let off = 0.001 * f64::from(n);
        plots.push(plot(10 + u64::from(n), 2022, 102.705 + off, 22.32));
        plots.push(plot(20 + u64::from(n), 2023, 102.705 + off, 22.321));
    }
    plots.push(plot(30, 2023, 102.77, 22.31));
    let mut legs: Vec<_> = everywhere(2022);
    legs.push(walk(2023, &[(102.70, 22.32), (102.72, 22.32)]));
    legs.push(walk(2023, &[(102.70, 22.321), (102.72, 22.321)]));
    let snapshot = build(Facts { plots, legs, empty_searches: Vec::new(), ..facts() });
    let told =
        figures(&snapshot, "hotspots", &LayerQuery { season: Some(season(2023)), ..query() });
    // Nothing is hot: the best tenth is a tenth of what was searched, and less of the whole.
    let searched = real(&told, "searched_share").unwrap();
    assert!(searched < 0.7, "{searched}");
    assert!((real(&told, "area_share").unwrap() - 0.1).abs() < 1e-6);
    assert!((real(&told, "whole_area_share").unwrap() - 0.1 * searched).abs() < 1e-6);
    let (pai, whole) = (real(&told, "pai").unwrap(), real(&told, "whole_pai").unwrap());
    assert!((pai - whole * searched).abs() < 1e-3, "{pai} {whole}");
    assert!(figure(&told, "pai").en.starts_with("On ground searched in both seasons"));
    assert!(figure(&told, "whole_pai").en.contains("nobody searched"));
}
