//! How a layer is drawn unless somebody draws it otherwise: what the web map, MapLibre styles and
//! QGIS styles share.
//!
//! Colours can be told apart with the usual kinds of colour blindness: hot and cold after
//! ColorBrewer's RdBu, states after Okabe and Ito (2008), probabilities after viridis. Unsearched
//! ground is hatched, never blank.

use serde::Serialize;

use super::Layer;
use crate::domain::Text;

/// How a layer is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Legend {
    /// The property that tells features apart; `None`: all are drawn alike.
    pub property: Option<&'static str>,
    /// The kinds of feature, in the order of the legend. The first whose condition a feature
    /// meets is its own; the last one meets any.
    pub entries: &'static [Entry],
    /// A property that is a count: the larger, the larger the mark.
    pub size: Option<&'static str>,
    /// The property written beside the feature.
    pub label: Option<&'static str>,
}

/// One kind of feature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Which features.
    pub when: When,
    /// What the legend says.
    pub label: Text,
    /// How they are drawn.
    pub mark: Mark,
    /// `#rrggbb` of fill, line or dot.
    pub colour: &'static str,
    /// `#rrggbb` of the edge.
    pub edge: &'static str,
    /// Width of line or edge in pixels, or radius of a dot.
    pub width: f64,
    /// 0 to 1, of the fill.
    pub opacity: f64,
}

/// Which features an entry stands for, by [`Legend::property`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// The property is this word.
    Is(&'static str),
    /// The property is a number of at least this much.
    AtLeast(f64),
    /// Any other.
    Any,
}

/// The way something is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Ground filled.
    Fill,
    /// Ground hatched: not known.
    Hatch,
    /// A line, or the edge of ground that is not filled.
    Line,
    /// A line of dashes.
    Dashes,
    /// A dot.
    Dot,
}

const fn entry(
    when: When,
    label: (&'static str, &'static str),
    mark: Mark,
    colours: (&'static str, &'static str),
    width: f64,
    opacity: f64,
) -> Entry {
    let (colour, edge) = colours;
    Entry { when, label: Text::new(label.0, label.1), mark, colour, edge, width, opacity }
}

const fn dot(
    word: &'static str,
    label: (&'static str, &'static str),
    colour: &'static str,
) -> Entry {
    entry(When::Is(word), label, Mark::Dot, (colour, "#ffffff"), 6.0, 0.9)
}

const fn fill(
    word: &'static str,
    label: (&'static str, &'static str),
    colour: &'static str,
) -> Entry {
    entry(When::Is(word), label, Mark::Fill, (colour, "#666666"), 0.5, 0.7)
}

const fn step(from: f64, label: (&'static str, &'static str), colour: &'static str) -> Entry {
    entry(When::AtLeast(from), label, Mark::Fill, (colour, "#666666"), 0.5, 0.7)
}

const UNKNOWN: (&str, &str) = ("#8c8c8c", "#8c8c8c");

const STATES: Legend = Legend {
    property: Some("state"),
    entries: &[
        dot("late", ("Quá hạn, chưa phá", "Late: past lancing, standing"), "#d55e00"),
        dot("confirmed", ("Đã xác nhận, chưa phá", "Confirmed, standing"), "#e69f00"),
        dot("reported", ("Mới báo", "Reported"), "#f0e442"),
        dot("lost", ("Không phá trong niên vụ", "Never destroyed in its season"), "#000000"),
        dot("destroyed", ("Đã phá nhổ (báo cáo)", "Destroyed, as claimed"), "#56b4e9"),
        dot("verified", ("Đã xác minh", "Verified"), "#0072b2"),
        dot("rejected", ("Bị loại", "Rejected"), "#bbbbbb"),
        entry(When::Any, ("Khác", "Other"), Mark::Dot, ("#cc79a7", "#ffffff"), 6.0, 0.9),
    ],
    size: Some("plots"),
    label: None,
};

const HOTSPOTS: Legend = Legend {
    property: Some("class"),
    entries: &[
        fill("hot-99", ("Điểm nóng, FDR 1 %", "Hotspot, FDR 1 %"), "#b2182b"),
        fill("hot-95", ("Điểm nóng, FDR 5 %", "Hotspot, FDR 5 %"), "#ef8a62"),
        fill("hot-90", ("Điểm nóng, FDR 10 %", "Hotspot, FDR 10 %"), "#fddbc7"),
        entry(
            When::Is("none"),
            ("Không hơn mức ngẫu nhiên", "No more than chance"),
            Mark::Fill,
            ("#f7f7f7", "#999999"),
            0.5,
            0.35,
        ),
        fill("cold-90", ("Điểm lạnh, FDR 10 %", "Cold spot, FDR 10 %"), "#d1e5f0"),
        fill("cold-95", ("Điểm lạnh, FDR 5 %", "Cold spot, FDR 5 %"), "#67a9cf"),
        fill("cold-99", ("Điểm lạnh, FDR 1 %", "Cold spot, FDR 1 %"), "#2166ac"),
        fill("high-low", ("Cao giữa các nơi thấp", "High among low"), "#d6604d"),
        fill("low-high", ("Thấp giữa các nơi cao", "Low among high"), "#92c5de"),
        entry(
            When::Any,
            ("Chưa rà soát: chưa biết", "Not surveyed: unknown"),
            Mark::Hatch,
            UNKNOWN,
            0.5,
            0.6,
        ),
    ],
    size: None,
    label: None,
};

const AREAS: Legend = Legend {
    property: Some("class"),
    entries: &[
        fill("hot-99", ("Khu vực nóng, FDR 1 %", "Hot area, FDR 1 %"), "#b2182b"),
        fill("hot-95", ("Khu vực nóng, FDR 5 %", "Hot area, FDR 5 %"), "#ef8a62"),
        fill("hot-90", ("Khu vực nóng, FDR 10 %", "Hot area, FDR 10 %"), "#fddbc7"),
        fill(
            "significant",
            (
                "Cụm ô có nhiều nương hơn mức ngẫu nhiên",
                "Cells together with more than chance gives",
            ),
            "#b2182b",
        ),
        fill(
            "densest-50",
            ("Nơi chứa nửa mật độ, không phải phép thử", "Half of the density, no test"),
            "#fd8d3c",
        ),
        entry(
            When::Any,
            ("Nhóm nương, không phải phép thử", "Group of plots, no test"),
            Mark::Fill,
            ("#fdb863", "#e66101"),
            1.5,
            0.35,
        ),
    ],
    size: None,
    label: Some("rank"),
};

const DENSITY: Legend = Legend {
    property: Some("class"),
    entries: &[
        fill("densest-25", ("25 % dày nhất", "The densest 25 %"), "#800026"),
        fill("densest-50", ("50 % dày nhất", "The densest 50 %"), "#e31a1c"),
        fill("densest-75", ("75 % dày nhất", "The densest 75 %"), "#fd8d3c"),
        fill("densest-95", ("95 % dày nhất", "The densest 95 %"), "#fed976"),
        fill("grew", ("Tỷ trọng tăng", "Share grew"), "#b2182b"),
        fill("shrank", ("Tỷ trọng giảm", "Share shrank"), "#2166ac"),
        entry(
            When::Any,
            (
                "Chưa rà soát, hoặc chưa nói được: chưa biết",
                "Not surveyed, or nothing to say: unknown",
            ),
            Mark::Hatch,
            UNKNOWN,
            0.5,
            0.6,
        ),
    ],
    size: None,
    label: None,
};

const COVERAGE: Legend = Legend {
    property: Some("pod"),
    entries: &[
        step(0.75, ("Xác suất phát hiện từ 75 %", "Detection 75 % and more"), "#440154"),
        step(0.5, ("50 đến 75 %", "50 to 75 %"), "#31688e"),
        step(0.25, ("25 đến 50 %", "25 to 50 %"), "#35b779"),
        step(0.0, ("dưới 25 %", "under 25 %"), "#fde725"),
        entry(
            When::Any,
            ("Chưa rà soát: chưa biết", "Unsearched: unknown"),
            Mark::Hatch,
            UNKNOWN,
            0.5,
            0.6,
        ),
    ],
    size: None,
    label: None,
};

const SUMMARY: Legend = Legend {
    property: Some("claimed_share"),
    entries: &[
        step(1.0, ("Đã phá nhổ hết (báo cáo)", "All destroyed, as claimed"), "#0072b2"),
        step(0.5, ("Đã phá từ một nửa", "Half and more destroyed"), "#56b4e9"),
        step(0.0, ("Đã phá dưới một nửa", "Under half destroyed"), "#e69f00"),
        entry(
            When::Any,
            ("Chưa phát hiện, hoặc chưa đo", "Nothing reported, or not measured"),
            Mark::Line,
            ("#666666", "#666666"),
            1.0,
            0.0,
        ),
    ],
    size: None,
    label: Some("name"),
};

const LEVELS: Legend = Legend {
    property: Some("level"),
    entries: &[
        entry(
            When::Is("country"),
            ("Quốc gia", "Country"),
            Mark::Line,
            ("#000000", "#000000"),
            3.0,
            1.0,
        ),
        entry(
            When::Is("province"),
            ("Tỉnh", "Province"),
            Mark::Line,
            ("#3b3b3b", "#3b3b3b"),
            2.2,
            1.0,
        ),
        entry(
            When::Is("district"),
            ("Huyện", "District"),
            Mark::Dashes,
            ("#6e6e6e", "#6e6e6e"),
            1.6,
            1.0,
        ),
        entry(When::Any, ("Xã", "Commune"), Mark::Dashes, ("#9a9a9a", "#9a9a9a"), 1.0, 1.0),
    ],
    size: None,
    label: None,
};

const STRIPS: Legend = Legend {
    property: Some("plots"),
    entries: &[
        step(5.0, ("Từ 5 nương", "5 plots and more"), "#cc4c02"),
        step(1.0, ("1 đến 4 nương", "1 to 4 plots"), "#fe9929"),
        entry(
            When::Any,
            ("Chưa phát hiện nương", "No plot reported"),
            Mark::Fill,
            ("#fee391", "#999999"),
            0.5,
            0.3,
        ),
    ],
    size: None,
    label: None,
};

const fn alike(
    label: (&'static str, &'static str),
    mark: Mark,
    colour: &'static str,
    width: f64,
) -> [Entry; 1] {
    [entry(When::Any, label, mark, (colour, colour), width, 0.0)]
}

const UNITS: Legend = Legend {
    property: None,
    entries: &alike(("Địa giới", "Boundary"), Mark::Line, "#4d4d4d", 1.2),
    size: None,
    label: Some("name"),
};

const RECULTIVATION: Legend = Legend {
    property: Some("state"),
    entries: &[
        dot("returned", ("Đã tìm lại: tái trồng", "Searched again: came back"), "#d55e00"),
        dot(
            "returned-unsearched",
            ("Tái trồng, không ghi nhận lần tìm", "Came back, no search recorded"),
            "#e69f00",
        ),
        dot("clear", ("Đã tìm lại: không thấy", "Searched again: none found"), "#0072b2"),
        dot("returned-before", ("Đã tái trồng từ trước", "Came back before"), "#cc79a7"),
        entry(
            When::Any,
            ("Không ai tìm lại: chưa biết", "Not searched again: unknown"),
            Mark::Dot,
            ("#bbbbbb", "#666666"),
            5.0,
            0.6,
        ),
    ],
    size: None,
    label: None,
};

const DISPLACEMENT: Legend = Legend {
    property: Some("zone"),
    entries: &[
        fill("response", ("Ô có nương bị phá nhổ", "Cells where plots were cleared"), "#d55e00"),
        fill("ring", ("Vành đai quanh đó", "Rings around them"), "#f0e442"),
        entry(
            When::Is("control"),
            ("Phần còn lại, để so sánh", "The rest, to compare with"),
            Mark::Line,
            ("#666666", "#666666"),
            1.0,
            0.0,
        ),
        entry(
            When::Any,
            (
                "Không so được: không rà soát ở cả hai niên vụ",
                "Not compared: not searched in both seasons",
            ),
            Mark::Hatch,
            UNKNOWN,
            0.5,
            0.6,
        ),
    ],
    size: None,
    label: None,
};

const TRACKS: Legend = Legend {
    property: None,
    entries: &alike(("Đường tuần tra", "Patrol track"), Mark::Line, "#009e73", 1.5),
    size: None,
    label: None,
};

const OUTLINES: Legend = Legend {
    entries: &[
        fill("late", ("Quá hạn, chưa phá", "Late: past lancing, standing"), "#d55e00"),
        fill("confirmed", ("Đã xác nhận, chưa phá", "Confirmed, standing"), "#e69f00"),
        fill("reported", ("Mới báo", "Reported"), "#f0e442"),
        fill("lost", ("Không phá trong niên vụ", "Never destroyed in its season"), "#000000"),
        fill("destroyed", ("Đã phá nhổ (báo cáo)", "Destroyed, as claimed"), "#56b4e9"),
        fill("verified", ("Đã xác minh", "Verified"), "#0072b2"),
        entry(When::Any, ("Bị loại", "Rejected"), Mark::Fill, ("#bbbbbb", "#666666"), 0.5, 0.7),
    ],
    size: None,
    ..STATES
};

/// How `layer` is drawn.
pub fn legend(layer: &dyn Layer) -> &'static Legend {
    match layer.id() {
        "plots" => &STATES,
        "plot-outlines" => &OUTLINES,
        "hotspots" => &HOTSPOTS,
        "hotspot-areas" => &AREAS,
        "density" => &DENSITY,
        "coverage" => &COVERAGE,
        "recultivation" => &RECULTIVATION,
        "displacement" => &DISPLACEMENT,
        "commune-summary" => &SUMMARY,
        "border-lines" => &LEVELS,
        "border-strips" => &STRIPS,
        "patrol-tracks" => &TRACKS,
        _ => &UNITS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{CATALOGUE, ValueKind};

    #[test]
    fn a_legend_speaks_of_what_its_layer_says() {
        for layer in CATALOGUE {
            let legend = legend(*layer);
            let named = |name: &str| layer.properties().iter().find(|p| p.name == name).copied();
            let (last, others) = legend.entries.split_last().unwrap();
            assert_eq!(last.when, When::Any, "{}", layer.id());
            for name in legend.size.iter().chain(&legend.label) {
                assert!(named(name).is_some(), "{}: {name}", layer.id());
            }
            let Some(property) = legend.property else {
                assert!(others.is_empty());
                continue;
            };
            let property = named(property).unwrap();
            for entry in others {
                match entry.when {
                    When::Is(word) => assert!(property.words.contains(&word), "{word}"),
                    When::AtLeast(_) => {
                        assert!(matches!(property.kind, ValueKind::Real | ValueKind::Integer));
                    }
                    When::Any => panic!("{}: what comes after is never reached", layer.id()),
                }
            }
        }
    }
}
