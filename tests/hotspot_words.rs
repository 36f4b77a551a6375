//! hotspots in words: which side a class claims, what is controlled, in how many maps a cell is
//! hot, and rates of few plots. A drawn season with a crowd and with a hole.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod layers_kit;

use jiff::civil::date;
use layers_kit::{SOUTH, Sketch, WEST, all, build, facts, json, query};
use poppywatch::{
    domain::Facts,
    layers::{CellKind, Choices, LayerQuery, layer},
    snapshot::Snapshot,
};
use serde_json::Value as Json;

/// Three plots each half a kilometre; none in the north-east, and a crowd in the south-west.
/// Nobody recorded where people looked.
fn season() -> Snapshot {
    let mut plots = Vec::new();
    for (row, col) in (0..9).flat_map(|row| (0..16).map(move |col| (row, col))) {
        let many = match (row, col) {
            (3.., 10..) => 0,
            (0..3, 0..3) => 9,
            _ => 3,
        };
        for one in 0..many {
            let number = plots.len() as u64 + 1;
            let east = 0.0005 + 0.0048 * f64::from(col) + 0.0004 * f64::from(one);
            let north = 0.0005 + 0.0043 * f64::from(row) + 0.0003 * f64::from(one % 2);
            let on = date(2025, 2, 10);
            plots.push(Sketch::new(number, 2024, WEST + east, SOUTH + north, on).plot());
        }
    }
    build(Facts { plots, legs: Vec::new(), empty_searches: Vec::new(), ..facts() })
}

fn asked(choices: Choices) -> LayerQuery {
    LayerQuery { cell: CellKind::Square(500), permutations: 9_999, choices, ..query() }
}

fn cells(snapshot: &Snapshot, query: &LayerQuery) -> Vec<Json> {
    let hotspots = layer("hotspots").unwrap();
    let features = all(hotspots, snapshot, query);
    features.iter().map(|it| json(hotspots, it)["properties"].clone()).collect()
}

fn word<'j>(cell: &'j Json, name: &str) -> &'j str {
    cell[name].as_str().unwrap()
}

fn tail(tail: &str) -> Choices {
    Choices { tail: Some(tail.into()), ..Choices::default() }
}

#[test]
fn a_class_is_reached_by_the_side_that_it_claims() {
    let snapshot = season();
    for (side, hot, cold) in
        [("upper", true, true), ("lower", false, true), ("two-sided", true, true)]
    {
        let told = cells(&snapshot, &asked(tail(side)));
        let some = |start: &str| told.iter().any(|cell| word(cell, "class").starts_with(start));
        assert_eq!((some("hot-"), some("cold-")), (hot, cold), "{side}");
        for cell in &told {
            let of = |name: &str| cell[name].as_f64().unwrap();
            let claimed = match word(cell, "class") {
                "none" => continue,
                class if class.starts_with("hot-") => of("p") < of("p_low"),
                _ => of("p_low") < of("p"),
            };
            assert!(claimed && of("q") <= of("alpha"), "{side} {cell}");
        }
    }
    // Of Moran less means unlike: never hot, never cold.
    let moran = Choices { method: Some("moran".into()), ..tail("lower") };
    for cell in cells(&snapshot, &asked(moran)) {
        assert!(["none", "high-low", "low-high"].contains(&word(&cell, "class")), "{cell}");
    }
}

#[test]
fn a_cell_that_is_looked_at_for_few_is_not_told_of_many() {
    let snapshot = season();
    for side in ["lower", "two-sided"] {
        let told = cells(&snapshot, &asked(tail(side)));
        let mut few = 0;
        for cell in told.iter().filter(|cell| cell["class"] == "none") {
            let (vi, en) = (word(cell, "reason_vi"), word(cell, "reason_en"));
            let less = side == "lower" || cell["p_low"].as_f64() < cell["p"].as_f64();
            let wrong = if less {
                ["tỏ nhiều hơn", "to be more"]
            } else {
                ["tỏ ít hơn", "to be less"]
            };
            assert!(!vi.contains(wrong[0]) && !en.contains(wrong[1]), "{cell}");
            few += usize::from(vi.contains("chưa chứng tỏ ít hơn mức ngẫu nhiên"));
        }
        assert!(few > 0, "{side}");
    }
}

#[test]
fn the_sentence_says_what_is_controlled() {
    let snapshot = season();
    let hot = |adjust: &str| {
        let choices = Choices { adjust: Some(adjust.into()), ..Choices::default() };
        let told = cells(&snapshot, &asked(choices));
        told.into_iter().find(|cell| word(cell, "class").starts_with("hot-")).unwrap()
    };
    let cases = [
        (
            "bh",
            "điểm nóng, tỷ lệ phát hiện sai (FDR) ",
            "a hotspot at a false-discovery rate (FDR) of",
        ),
        ("holm", "phát hiện sai trên cả bản đồ", "for any false find on the whole map"),
        ("none", "% nếu xét riêng ô này, không kiểm soát", "level by itself, without control"),
    ];
    for (adjust, vi, en) in cases {
        let cell = hot(adjust);
        assert!(word(&cell, "reason_vi").contains(vi), "{cell}");
        assert!(word(&cell, "reason_en").contains(en), "{cell}");
    }
}

#[test]
fn a_hot_cell_says_on_how_many_maps_it_is_hot() {
    let snapshot = season();
    let told = cells(&snapshot, &asked(Choices { stability: true, ..Choices::default() }));
    let plain = cells(&snapshot, &asked(Choices::default()));
    let mut hot = 0;
    for cell in &told {
        let maps = cell["stability_maps"].as_f64().unwrap();
        let on = (cell["stability"].as_f64().unwrap() * maps).round();
        let said = format!("hot on {on} of {maps} maps, this one among them");
        let is_hot = word(cell, "class").starts_with("hot-");
        assert_eq!(word(cell, "reason_en").contains(&said), is_hot, "{cell}");
        let said = format!("nóng trên {on} trong {maps} bản đồ, kể cả bản đồ này");
        assert_eq!(word(cell, "reason_vi").contains(&said), is_hot, "{cell}");
        // Its own map is one of them: hot here is hot once, and none here is never all.
        assert!(if is_hot { on >= 1.0 } else { on < maps }, "{cell}");
        hot += usize::from(is_hot);
    }
    assert!(hot > 0);
    assert!(told.iter().any(|cell| cell["stability_maps"] == 24));
    assert!(plain.iter().all(|cell| !word(cell, "reason_en").contains("this one among them")));

    // The verdict is the answer's, whatever it asks: of a strict question a place that all other
    // maps may find is none on its own.
    let strict = Choices {
        stability: true,
        adjust: Some("bonferroni".into()),
        method: Some("moran".into()),
        ..Choices::default()
    };
    for cell in cells(&snapshot, &asked(strict)) {
        let maps = cell["stability_maps"].as_f64().unwrap_or(0.0);
        let on = (cell["stability"].as_f64().unwrap_or(0.0) * maps).round();
        let is_hot = word(&cell, "class").starts_with("hot-");
        assert!(
            maps == 0.0
                || cell["status"] == "at-mean"
                || if is_hot { on >= 1.0 } else { on < maps }
        );
    }
}

/// One plot beside a short walk: its rate is large and says little, which the sentence tells.
#[test]
fn a_rate_of_one_plot_says_what_it_is_made_of() {
    let choices = Choices { value: Some("rate".into()), ..Choices::default() };
    let snapshot = build(facts());
    let asked = LayerQuery { cell: CellKind::Square(500), choices, ..query() };
    let told = cells(&snapshot, &asked);
    let compared = |cell: &&Json| matches!(word(cell, "status"), "tested" | "few");
    let one: Vec<&Json> = told.iter().filter(compared).filter(|cell| cell["count"] == 1).collect();
    assert!(!one.is_empty());
    for cell in one {
        let rate = 1.0 / cell["searched_km2"].as_f64().unwrap();
        let (vi, en) = (word(cell, "reason_vi"), word(cell, "reason_en"));
        assert!(
            en.starts_with("1 plot on ") && en.contains(" km² searched in this cell ("),
            "{en}"
        );
        assert!(en.contains("95 % interval") && vi.contains("khoảng tin cậy 95 %"), "{en} {vi}");
        assert!(en.contains("rank nothing by it") && vi.contains("không dùng để xếp hạng"), "{vi}");
        // Garwood's interval of one event: 0.0253 to 5.57 times the rate, two figures.
        let high = en.split(" to ").nth(1).unwrap().split(')').next().unwrap().replace(',', "");
        assert!((high.parse::<f64>().unwrap() / (5.5716 * rate) - 1.0).abs() < 0.06, "{en}");
    }
    for cell in told.iter().filter(compared).filter(|cell| cell["count"] == 0) {
        let en = word(cell, "reason_en");
        assert!(en.starts_with("No plot on ") && en.contains("interval 0 to "), "{en}");
    }
}

/// A commune is no cell.
#[test]
fn sentences_name_what_is_compared() {
    let snapshot = build(facts());
    let choices = Choices { method: Some("moran".into()), ..Choices::default() };
    for choices in [choices, Choices { value: Some("presence".into()), ..Choices::default() }] {
        let asked = LayerQuery { cell: CellKind::Commune, choices, ..query() };
        for cell in cells(&snapshot, &asked) {
            let (vi, en) = (word(&cell, "reason_vi"), word(&cell, "reason_en"));
            assert!(!vi.split(' ').any(|it| it == "ô") && !en.contains("cell"), "{vi} {en}");
        }
    }
}
