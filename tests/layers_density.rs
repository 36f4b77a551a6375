//! The layer `density`: what it says of enough plots, of too few, and of a season against another.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use geo::Validation;
use jiff::civil::date;
use layers_kit::{Sketch, all, build, facts, json, query, small_season};
use poppywatch::{
    layers::{Choices, LayerError, LayerQuery, Shape, layer},
    snapshot::Snapshot,
};
use serde_json::Value;

fn asked(choices: Choices) -> LayerQuery {
    LayerQuery { choices, ..query() }
}

fn said(snapshot: &Snapshot, query: &LayerQuery) -> Vec<Value> {
    let density = layer("density").unwrap();
    let features = all(density, snapshot, query);
    for feature in &features {
        let Shape::Area(area) = &feature.shape else { panic!("lines hold ground") };
        assert!(area.is_valid(), "{:?}", area.validation_errors());
    }
    features.iter().map(|feature| json(density, feature)["properties"].clone()).collect()
}

fn classes(said: &[Value]) -> Vec<&str> {
    said.iter().map(|it| it["class"].as_str().unwrap()).collect()
}

/// Two crowds of twelve a season, one of which moves to the east.
fn moved() -> Snapshot {
    let mut facts = facts();
    facts.plots.clear();
    for n in 0..12_u64 {
        let (dx, dy) = ((n % 4) as f64 * 0.0006, (n / 4) as f64 * 0.0006);
        for (season, west) in [(2023_i16, 102.706), (2024, 102.752)] {
            let on = date(season + 1, 2, 20);
            let number = n + if season == 2023 { 100 } else { 200 };
            let stays = Sketch::new(number, season, 102.716 + dx, 22.334 + dy, on);
            let moves = Sketch::new(number + 50, season, west + dx, 22.304 + dy, on);
            facts.plots.extend([stays.plot(), moves.measured(200.0).plot()]);
        }
    }
    facts.legs.clear();
    facts.empty_searches.clear();
    build(facts)
}

#[test]
fn lines_lie_in_each_other_and_unsurveyed_ground_is_told() {
    let said = said(&small_season(), &query());
    assert_eq!(
        classes(&said),
        ["not-surveyed", "densest-95", "densest-75", "densest-50", "densest-25"]
    );
    let figure = |place: usize, name: &str| said[place][name].as_f64().unwrap();
    for place in 1..4 {
        assert!(figure(place, "area_km2") > figure(place + 1, "area_km2"));
        assert!(figure(place, "level") < figure(place + 1, "level"));
        assert!(figure(place, "plots_inside") >= figure(place + 1, "plots_inside"));
    }
    assert!(said[0]["reason_en"].as_str().unwrap().contains("unknown, not few plots"));
    assert!(figure(1, "unsurveyed_km2") > 0.0);
    let ratio = figure(1, "bandwidth_m") / figure(1, "sigma_m");
    assert!((ratio - 8f64.sqrt()).abs() < 1e-3);
}

#[test]
fn so_few_plots_have_a_reason_and_no_line() {
    let mut few = facts();
    few.plots.retain(|plot| plot.number <= 4);
    let said = said(&build(few), &query());
    assert_eq!(classes(&said), ["no-answer"]);
    assert_eq!((&said[0]["status"], &said[0]["plots"]), (&"too-few".into(), &Value::Null));
    assert!(said[0]["reason_en"].as_str().unwrap().contains("too few"));
}

#[test]
fn growth_is_told_where_it_is() {
    let snapshot = moved();
    let risk = Choices { method: Some("risk".into()), ..Choices::default() };
    let bandwidth = Some("800".to_owned());
    let answers = said(&snapshot, &asked(Choices { bandwidth, ..risk.clone() }));
    assert_eq!(classes(&answers), ["grew", "shrank"]);
    for answer in &answers {
        assert_eq!(answer["season"], "2023-2024/2024-2025");
        assert_eq!((&answer["plots"], &answer["plots_before"]), (&24.into(), &24.into()));
        assert_eq!((&answer["rule"], &answer["domain"]), (&"given".into(), &"assumed_all".into()));
    }
    // The new crowd lies in the one, none of it in the other.
    assert_eq!((&answers[0]["plots_inside"], &answers[1]["plots_inside"]), (&12.into(), &0.into()));
    let first = LayerQuery { season: Some("2023-2024".parse().unwrap()), ..asked(risk) };
    let alone = said(&snapshot, &first);
    assert_eq!((classes(&alone), &alone[0]["status"]), (vec!["no-answer"], &"no-data".into()));
    assert!(alone[0]["reason_en"].as_str().unwrap().contains("no season before"));
}

#[test]
fn spans_and_areas_are_added_up() {
    let snapshot = moved();
    let span = LayerQuery {
        since: Some("2023-2024".parse().unwrap()),
        season: Some("2024-2025".parse().unwrap()),
        ..query()
    };
    let both = said(&snapshot, &span);
    assert_eq!(both[0]["plots"], 48);
    let area =
        said(&snapshot, &asked(Choices { value: Some("area".into()), ..Choices::default() }));
    assert_eq!((&area[0]["plots"], &area[0]["unmeasured"]), (&12.into(), &12.into()));
    assert_eq!(area[0]["level_unit"], "ha/km2");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let snapshot = small_season();
    let density = layer("density").unwrap();
    let refused = |choices: Choices| match density.features(&snapshot, &asked(choices)).err() {
        Some(LayerError::Parameter { parameter, reason }) => (parameter, reason),
        other => panic!("{other:?}"),
    };
    let (parameter, reason) =
        refused(Choices { bandwidth: Some("wide".into()), ..Choices::default() });
    assert!(parameter == "bandwidth" && reason.contains("silverman"), "{reason}");
    let (parameter, _) = refused(Choices { kernel: Some("cone".into()), ..Choices::default() });
    assert_eq!(parameter, "kernel");
    let (parameter, _) = refused(Choices { method: Some("magic".into()), ..Choices::default() });
    assert_eq!(parameter, "method");
}
