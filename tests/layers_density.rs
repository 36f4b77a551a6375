//! The layer `density`: what it says of enough plots, of too few, and of a season against another.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use geo::Validation;
use jiff::civil::date;
use layers_kit::{Sketch, all, build, facts, json, query, small_season};
use poppywatch::{
    layers::{Choices, Figure, LayerError, LayerQuery, Shape, Value as Figured, layer},
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
        ["densest-95", "densest-75", "densest-50", "densest-25", "not-surveyed"]
    );
    let figure = |place: usize, name: &str| said[place][name].as_f64().unwrap();
    for place in 0..3 {
        assert!(figure(place, "area_km2") > figure(place + 1, "area_km2"));
        assert!(figure(place, "level") < figure(place + 1, "level"));
        assert!(figure(place, "plots_inside") >= figure(place + 1, "plots_inside"));
    }
    assert!(said[4]["reason_en"].as_str().unwrap().contains("unknown, not few plots"));
    assert!(figure(0, "unsurveyed_km2") > 0.0);
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
fn ground_that_one_season_searched_is_unknown_and_no_change_is_said_first() {
    let mut facts = facts();
    facts.plots.clear();
    let track = facts.legs.pop().unwrap();
    facts.empty_searches.clear();
    // Both seasons walked around the crowd; each one of them also a place of its own.
    let (west, east) = (102.703, 102.732);
    let around: Vec<(f64, f64)> = [22.327, 22.336, 22.345]
        .into_iter()
        .flat_map(|lat| [(west, lat), (east, lat), (west, lat)])
        .collect();
    let walks = [
        (2023_i16, around.clone()),
        (2024, around),
        (2023, vec![(102.708, 22.304), (102.709, 22.305)]),
        (2024, vec![(102.765, 22.325), (102.766, 22.326)]),
    ];
    for (n, (season, walk)) in walks.into_iter().enumerate() {
        let mut leg = track.clone();
        leg.id = format!("W{n}");
        leg.season = poppywatch::domain::Season::starting(season).unwrap();
        leg.date = date(season + 1, 2, 16);
        leg.track =
            poppywatch::domain::Track(geo_types::MultiLineString(vec![walk.into_iter().collect()]));
        facts.legs.push(leg);
    }
    for n in 0..12_u64 {
        let (dx, dy) = ((n % 4) as f64 * 0.0006, (n / 4) as f64 * 0.0006);
        for season in [2023_i16, 2024] {
            let number = n + if season == 2023 { 100 } else { 200 };
            let plot =
                Sketch::new(number, season, 102.716 + dx, 22.335 + dy, date(season + 1, 2, 20));
            facts.plots.push(plot.plot());
        }
    }
    // One plot where only its own season looked: it counts for neither.
    facts.plots.push(Sketch::new(300, 2023, 102.7085, 22.3045, date(2024, 2, 20)).plot());
    let snapshot = build(facts);
    let risk = asked(Choices {
        method: Some("risk".into()),
        bandwidth: Some("800".into()),
        ..Choices::default()
    });
    let density = layer("density").unwrap();
    let features = all(density, &snapshot, &risk);
    assert_eq!(features.len(), 1);
    let unknown = &json(density, &features[0])["properties"];
    assert_eq!(
        (&unknown["class"], &unknown["domain"]),
        (&"not-surveyed".into(), &"surveyed".into())
    );
    for (key, words) in [("reason_en", "not unchanged"), ("reason_vi", "không so sánh được")]
    {
        let said = unknown[key].as_str().unwrap();
        assert!(said.contains(words) && said.contains("2023-2024"), "{said}");
        assert!(said.contains("2024-2025"), "{said}");
    }
    let Shape::Area(area) = &features[0].shape else { panic!("lines hold ground") };
    let lies_in = |lon, lat| geo::Contains::contains(&**area, &geo_types::Point::new(lon, lat));
    assert!(lies_in(102.7085, 22.3045), "only the old season looked here");
    assert!(lies_in(102.7655, 22.3255), "only the new season looked here");
    assert!(!lies_in(102.717, 22.336), "both looked here");

    let figures = density.summary(&snapshot, &risk).unwrap();
    let first = &figures[0];
    assert_eq!((first.name, &first.value), ("why_none", &Figured::Text("no-change-shown".into())));
    assert!(first.en.contains("no change is shown. 12 plots"), "{}", first.en);
    assert!(first.en.contains("with 12 of season 2023-2024. 1 is left out"), "{}", first.en);
    assert!(first.vi.contains("chưa chứng tỏ có thay đổi"), "{}", first.vi);
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
fn the_whole_is_told_with_its_bandwidth_and_what_is_left_out() {
    let density = layer("density").unwrap();
    let told = |snapshot: &Snapshot, query: &LayerQuery| {
        let figures = density.summary(snapshot, query).unwrap();
        assert!(figures.iter().all(|it| !it.vi.is_empty() && !it.en.is_empty()));
        figures
    };
    let value = |figures: &[Figure], name: &str| {
        figures.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{name}")).value.clone()
    };
    let snapshot = small_season();
    let lines = said(&snapshot, &query());
    let figures = told(&snapshot, &query());
    let names: Vec<&str> = figures.iter().map(|it| it.name).collect();
    assert_eq!(
        names,
        ["plots", "plots_elsewhere", "unmeasured", "bandwidth_m", "sigma_m", "edge", "domain_km2"]
    );
    // As the lines say them.
    for name in ["plots", "plots_elsewhere", "unmeasured"] {
        assert_eq!(value(&figures, name), Figured::Integer(lines[0][name].as_i64().unwrap()));
    }
    for name in ["bandwidth_m", "sigma_m"] {
        assert_eq!(value(&figures, name), Figured::Real(lines[0][name].as_f64().unwrap()));
    }
    assert_eq!(value(&figures, "edge"), Figured::Text(lines[0]["edge"].as_str().unwrap().into()));
    let Figured::Real(domain) = value(&figures, "domain_km2") else { panic!("a measure") };
    assert!(domain > lines[0]["area_km2"].as_f64().unwrap());
    assert!(figures[3].en.contains("cross-validated likelihood"), "{}", figures[3].en);

    let moved = moved();
    let method = Some("risk".to_owned());
    let risk = asked(Choices { method, bandwidth: Some("800".into()), ..Choices::default() });
    let figures = told(&moved, &risk);
    let whole = |name: &str| value(&figures, name);
    assert_eq!(whole("plots_before"), Figured::Integer(24));
    assert!(figures.iter().all(|it| it.name != "why_none"), "something grew");
    assert_eq!(
        (whole("permutations"), whole("seed")),
        (Figured::Integer(999), Figured::Integer(1))
    );
    assert!(figures.iter().any(|it| it.en.contains("800 m (kernel quartic), as it was asked")));

    let mut few = facts();
    few.plots.truncate(4);
    let figures = told(&build(few), &query());
    assert_eq!((figures.len(), figures[0].name), (1, "status"));
    assert_eq!(figures[0].value, Figured::Text("too-few".into()));
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
    assert!(parameter == "bandwidth" && reason.to_string().contains("silverman"), "{reason}");
    let (parameter, _) = refused(Choices { kernel: Some("cone".into()), ..Choices::default() });
    assert_eq!(parameter, "kernel");
    let (parameter, _) = refused(Choices { method: Some("magic".into()), ..Choices::default() });
    assert_eq!(parameter, "method");
}
