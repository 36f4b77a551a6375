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
                ["không nhiều hơn", "no more"]
            } else {
                ["không ít hơn", "no less"]
            };
            assert!(!vi.contains(wrong[0]) && !en.contains(wrong[1]), "{cell}");
            few += usize::from(vi.contains("không ít hơn mức ngẫu nhiên"));
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
