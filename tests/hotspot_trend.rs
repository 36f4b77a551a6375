//! hotspots over a span of seasons: the class through the seasons, and what is not known.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use std::collections::HashMap;

use jiff::civil::date;
use layers_kit::{SOUTH, Sketch, WEST, all, build, facts, query};
use poppywatch::{
    domain::Facts,
    layers::{CellKind, Choices, Layer, LayerError, LayerFeature, LayerQuery, Value, layer},
    snapshot::Snapshot,
};

/// A crowd of plots in the south-west in every season from 2020-2021 on, and one elsewhere; nobody
/// recorded where people looked, and of 2019-2020 nothing is known.
fn seasons() -> Snapshot {
    let mut plots = Vec::new();
    for season in 2020..=2024_i16 {
        let mut plot = |east: f64, north: f64| {
            let number = plots.len() as u64 + 1;
            let on = date(season + 1, 2, 10);
            plots.push(Sketch::new(number, season, WEST + east, SOUTH + north, on).plot());
        };
        for at in 0..12 {
            plot(0.004 + 0.0015 * f64::from(at % 4), 0.004 + 0.002 * f64::from(at / 4));
        }
        plot(0.06, 0.004 * f64::from(season - 2019));
    }
    let known = facts();
    build(Facts {
        plots,
        legs: Vec::new(),
        empty_searches: Vec::new(),
        outreach: Vec::new(),
        ..known
    })
}

fn asked(since: Option<&str>, season: &str) -> LayerQuery {
    LayerQuery {
        season: Some(season.parse().unwrap()),
        since: since.map(|since| since.parse().unwrap()),
        cell: CellKind::Square(500),
        permutations: 9_999,
        ..query()
    }
}

fn value<'f>(layer: &dyn Layer, feature: &'f LayerFeature<'_>, name: &str) -> &'f Value<'f> {
    let at = layer.properties().iter().position(|property| property.name == name).unwrap();
    &feature.values[at]
}

fn told(layer: &dyn Layer, feature: &LayerFeature<'_>, name: &str) -> String {
    match value(layer, feature, name) {
        Value::Null => "null".into(),
        Value::Text(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_place_that_is_hot_every_season_is_said_to_be() {
    let snapshot = seasons();
    let hotspots = layer("hotspots").unwrap();
    let cells = all(hotspots, &snapshot, &asked(Some("2019-2020"), "2024-2025"));
    let fullest = cells
        .iter()
        .max_by_key(|cell| match value(hotspots, cell, "count") {
            Value::Integer(count) => *count,
            _ => -1,
        })
        .unwrap();
    let of = |name| told(hotspots, fullest, name);
    assert!(
        ["persistent-hot", "intensifying-hot", "diminishing-hot"].contains(&of("trend").as_str()),
        "{}",
        of("trend")
    );
    assert_eq!((of("seasons_hot"), of("seasons_tested")), ("5".into(), "5".into()));
    assert!(matches!(value(hotspots, fullest, "trend_p"), Value::Real(p) if *p > 0.0));
    let (vi, en) = (of("reason_vi"), of("reason_en"));
    assert!(en.contains("Through 5 tested seasons (2019-2020 – 2024-2025), each a map"), "{en}");
    assert!(en.contains("hot on 5 of these maps; persistent hot spot"), "{en}");
    assert!(vi.contains("Qua 5 niên vụ được thử") && vi.contains("nóng trên 5 bản đồ"), "{vi}");
    assert!(vi.contains("điểm nóng dai dẳng"), "{vi}");
    assert!(en.contains("few seasons") && vi.contains("ít niên vụ"), "{en} {vi}");
    let far = cells.iter().filter(|cell| told(hotspots, cell, "trend") == "no-pattern").count();
    assert!(far > cells.len() / 2, "{far} of {}", cells.len());

    // Communes change: all maps have those of the last season.
    let communes = LayerQuery { cell: CellKind::Commune, ..asked(Some("2019-2020"), "2024-2025") };
    for commune in all(hotspots, &snapshot, &communes) {
        let [vi, en] = ["reason_vi", "reason_en"].map(|name| told(hotspots, &commune, name));
        let class = told(hotspots, &commune, "trend");
        assert_eq!(en.contains(", with the boundaries of 2025-03-10"), class != "null", "{en}");
        assert_eq!(vi.contains(", theo địa giới ngày 10/03/2025"), class != "null", "{vi}");
    }

    // Without a span nothing is said of other seasons.
    let alone = all(hotspots, &snapshot, &asked(None, "2024-2025"));
    for name in ["trend", "trend_p", "seasons_hot", "seasons_tested"] {
        assert!(alone.iter().all(|cell| *value(hotspots, cell, name) == Value::NotAsked), "{name}");
    }
    assert!(!told(hotspots, &alone[0], "reason_en").contains("Through"));
}

#[test]
fn hot_in_so_many_seasons_is_hot_on_so_many_maps() {
    let snapshot = seasons();
    let hotspots = layer("hotspots").unwrap();
    let chosen = |change: &dyn Fn(&mut Choices)| {
        let mut choices = Choices::default();
        change(&mut choices);
        choices
    };
    let word = |word: &str| Some(word.to_owned());
    let questions = [
        (Choices::default(), 0.05, 5),
        (chosen(&|it| it.adjust = word("none")), 0.1, 5),
        (chosen(&|it| it.weights = word("knn:4")), 0.01, 5),
        (chosen(&|it| it.method = word("moran")), 0.05, 5),
        (chosen(&|it| it.tail = word("two-sided")), 0.1, 5),
    ];
    let (first, last) = ("2019-2020", 2024);
    for (choices, alpha, most) in questions {
        let ask = |since, season: &str| {
            let asked = asked(since, season);
            all(hotspots, &snapshot, &LayerQuery { choices: choices.clone(), alpha, ..asked })
        };
        let mut hot: HashMap<u64, usize> = HashMap::new();
        for year in 2019..=last {
            for cell in ask(None, &format!("{year}-{}", year + 1)) {
                let is_hot = told(hotspots, &cell, "class").starts_with("hot-");
                *hot.entry(cell.id).or_default() += usize::from(is_hot);
            }
        }
        let through = ask(Some(first), "2024-2025");
        assert_eq!(through.len(), hot.len());
        for cell in &through {
            let said = told(hotspots, cell, "seasons_hot");
            assert_eq!(said, hot[&cell.id].to_string(), "{choices:?}");
        }
        assert_eq!(hot.values().max(), Some(&most), "{choices:?}");
    }
}

/// Two plots a cell everywhere in the last season, one in every second cell before: a rich year,
/// and nowhere a crowd.
#[test]
fn a_rich_year_makes_no_place_hot() {
    let mut plots = Vec::new();
    for season in [2022, 2023, 2024_i16] {
        for (at, (row, col)) in
            (0..8).flat_map(|row| (0..16).map(move |col| (row, col))).enumerate()
        {
            let many = if season == 2024 { 2 } else { usize::from((row + col) % 2 == 0) };
            for twin in 0..many {
                let number = plots.len() as u64 + 1;
                let (east, north) =
                    (f64::from(col) * 0.005 + 0.0004, f64::from(row) * 0.005 + 0.0004);
                let on = date(season + 1, 2, 10);
                let east = east + 0.0005 * twin as f64 + 0.000_001 * at as f64;
                plots.push(Sketch::new(number, season, WEST + east, SOUTH + north, on).plot());
            }
        }
    }
    let known = facts();
    let snapshot = build(Facts {
        plots,
        legs: Vec::new(),
        empty_searches: Vec::new(),
        outreach: Vec::new(),
        ..known
    });
    let hotspots = layer("hotspots").unwrap();
    let cells = all(hotspots, &snapshot, &asked(Some("2022-2023"), "2024-2025"));
    assert!(cells.len() > 100);
    assert!(cells.iter().all(|cell| told(hotspots, cell, "seasons_hot") == "0"));
    assert!(cells.iter().all(|cell| told(hotspots, cell, "seasons_tested") == "3"));
    assert!(cells.iter().all(|cell| told(hotspots, cell, "trend") == "no-pattern"));
}

#[test]
fn a_span_that_says_nothing_is_told_and_one_that_is_none_is_refused() {
    let snapshot = seasons();
    let hotspots = layer("hotspots").unwrap();
    // Of 2019-2020 nothing is known: one season is left.
    let cells = all(hotspots, &snapshot, &asked(Some("2019-2020"), "2020-2021"));
    assert!(cells.iter().all(|cell| told(hotspots, cell, "trend") == "null"));
    assert!(cells.iter().all(|cell| told(hotspots, cell, "seasons_tested") == "1"));
    assert!(told(hotspots, &cells[0], "reason_en").contains("only one season was tested"));
    let refused = |since: &str, season: &str, side: u32| {
        let asked = LayerQuery { cell: CellKind::Square(side), ..asked(Some(since), season) };
        hotspots.features(&snapshot, &asked).err().unwrap()
    };
    let error = refused("2022-2023", "2020-2021", 500);
    assert!(matches!(error, LayerError::Parameter { parameter: "season", .. }), "{error}");
    let long = refused("1900-1901", "2024-2025", 50);
    assert!(long.to_string().contains("fewer seasons"), "{long}");
}
