//! What the layer `density` says: its properties, and a sentence for each line.

use super::{
    Answer, DensityRow, Kind, Made,
    field::{FEW, FEWEST, KM2, Nothing, SHUFFLES},
};
use crate::{
    analysis::density::MOST_PAIRED,
    domain::{Language, Season},
    layers::{
        Property, ValueKind,
        cells::season::Domain as Looked,
        say::{number, property},
        shared_properties::{DAY, REASON_EN, REASON_VI, SIMULATED},
    },
};

pub(super) const PROPERTIES: &[Property] = &[
    property("class", ValueKind::Text, ("Phân loại", "Class"), (
        "densest-25 … densest-95: phần đất nhỏ nhất chứa 25 … 95 % mật độ; grew, shrank: tỷ trọng nương tăng, giảm \
         so với niên vụ kia; not-surveyed: chưa ai rà soát (so sánh: không phải cả hai niên vụ đều rà soát); no-answer: chưa nói được gì.",
        "densest-25 … densest-95: the smallest ground that holds 25 … 95 % of the density; grew, shrank: a greater, \
         a smaller share of the plots than in the other season; not-surveyed: nobody looked (of a comparison: not in both seasons); no-answer: nothing can be said.",
    ))
    .one_of(&[
        "densest-25", "densest-50", "densest-75", "densest-95", "grew", "shrank", "not-surveyed", "no-answer",
    ]),
    property("season", ValueKind::Text, ("Niên vụ", "Season"), (
        "Niên vụ; nhiều niên vụ: đầu/cuối; so sánh: cũ/mới.",
        "The season; of several first/last; of a comparison old/new.",
    )),
    DAY,
    property("status", ValueKind::Text, ("Tình trạng", "Status"), (
        "answered: có câu trả lời; few: dưới 30 nương, đọc thận trọng; too-few: dưới 5 nương; no-spread: nương nằm \
         một chỗ; too-many: quá nhiều nương cho quy tắc này; no-optimum: quy tắc không tìm được; no-data: không có dữ liệu.",
        "answered; few: under 30 plots, read with care; too-few: under 5; no-spread: all plots in one place or line; \
         too-many: more plots than the bandwidth's rule looks at; no-optimum: the rule finds none; no-data.",
    ))
    .one_of(&["answered", "few", "too-few", "no-spread", "too-many", "no-optimum", "no-data"]),
    property("share", ValueKind::Real, ("Phần mật độ", "Share"), (
        "Phần mật độ nằm trong đường; trống nếu không phải đường mật độ.",
        "The share of the density inside the line; empty for other features.",
    ))
    .in_unit("1"),
    property("level", ValueKind::Real, ("Mật độ ở đường", "Density at the line"), (
        "Mật độ tại đường, theo đơn vị ghi ở `level_unit`.",
        "The density at the line, in the unit that `level_unit` names.",
    )),
    property("level_unit", ValueKind::Text, ("Đơn vị mật độ", "Unit of density"), (
        "Nương trên km² (1/km2), hoặc héc-ta nương trên km² (ha/km2).",
        "Plots per km² (1/km2), or hectares of plots per km² (ha/km2).",
    ))
    .one_of(&["1/km2", "ha/km2"]),
    property("area_km2", ValueKind::Real, ("Diện tích", "Ground"), (
        "Diện tích mặt đất trong đường.",
        "The ground inside the line.",
    ))
    .in_unit("km2"),
    property("plots_inside", ValueKind::Integer, ("Nương ở trong", "Plots inside"), (
        "Số nương (của niên vụ mới) nằm trong đường; trống nơi chưa rà soát.",
        "Plots (of the new season) inside the line; empty where nobody surveyed.",
    )),
    property("plots", ValueKind::Integer, ("Tổng số nương", "Plots in all"), (
        "Số nương được tính; trống nếu chưa nói được.",
        "Plots that count; empty where nothing can be said.",
    )),
    property("plots_before", ValueKind::Integer, ("Nương niên vụ kia", "Plots of the other season"), (
        "Số nương của niên vụ được so sánh.",
        "Plots of the season that is compared with.",
    )),
    property("unsurveyed_km2", ValueKind::Real, ("Chưa rà soát ở trong", "Unsurveyed inside"), (
        "Phần trong đường mà chưa ai rà soát: chưa biết. Trống nếu niên vụ không có dữ liệu rà soát.",
        "Ground inside the line that nobody looked at: unknown. Empty where the season has no effort data.",
    ))
    .in_unit("km2"),
    property("bandwidth_m", ValueKind::Real, ("Dải làm trơn", "Bandwidth"), (
        "Bán kính h của hàm nhân (của Gauss là độ lệch chuẩn).",
        "The kernel's radius h (of the Gaussian its standard deviation).",
    ))
    .in_unit("m"),
    property("sigma_m", ValueKind::Real, ("Sigma", "Sigma"), (
        "Độ lệch chuẩn của hàm nhân theo một trục, như spatstat gọi.",
        "The kernel's standard deviation along an axis, as spatstat names a bandwidth.",
    ))
    .in_unit("m"),
    property("rule", ValueKind::Text, ("Quy tắc", "Rule"), (
        "Dải làm trơn do đâu mà có.",
        "How the bandwidth was found.",
    ))
    .one_of(&["given", "scott", "silverman", "esri", "ppl", "diggle"]),
    property("kernel", ValueKind::Text, ("Hàm nhân", "Kernel"), ("Hàm nhân.", "The kernel."))
        .one_of(&["quartic", "epanechnikov", "gaussian"]),
    property("edge", ValueKind::Text, ("Hiệu chỉnh biên", "Edge correction"), (
        "diggle: phần tràn ra ngoài địa giới được trả lại cho từng nương; none: không (không có địa giới, hoặc so sánh).",
        "diggle: what a plot spreads outside of the boundary is given back to it; none: no boundaries, or a comparison.",
    ))
    .one_of(&["none", "diggle"]),
    property("cell_m", ValueKind::Real, ("Cỡ ô", "Cell"), (
        "Cạnh ô của mặt mật độ.",
        "The side of the cells of the surface.",
    ))
    .in_unit("m"),
    property("plots_elsewhere", ValueKind::Integer, ("Nương ngoài phạm vi", "Plots elsewhere"), (
        "Nương ngoài địa giới, hoặc (so sánh) ở nơi không phải cả hai niên vụ đều rà soát: không tính.",
        "Plots outside of the boundary or, of a comparison, where not both seasons looked: left out.",
    )),
    property("unmeasured", ValueKind::Integer, ("Nương chưa đo", "Plots of unknown area"), (
        "Nương chưa ai đo diện tích, không tính khi value=area.",
        "Plots whose area nobody measured, left out where value=area.",
    )),
    property("p", ValueKind::Real, ("p", "p"), (
        "Mức p từng điểm của đường tăng, giảm.",
        "The pointwise p of the lines of growth and decline.",
    )),
    property("permutations", ValueKind::Integer, ("Số lần xáo trộn", "Permutations"), (
        "Số lần xáo trộn nhãn niên vụ của phép so sánh.",
        "Shuffles of the seasons' labels of a comparison.",
    )),
    property("seed", ValueKind::Integer, ("Hạt giống", "Seed"), (
        "Hạt giống của phép so sánh.",
        "The seed of a comparison.",
    )),
    property("domain", ValueKind::Text, ("Phạm vi", "Domain"), (
        "surveyed: biết nơi nào đã rà soát; assumed_all: có phát hiện mà không có dữ liệu rà soát; no-data: không có cả hai.",
        "surveyed: it is known where people looked; assumed_all: sightings but no effort data; no-data: neither.",
    ))
    .one_of(&["surveyed", "assumed_all", "no-data"]),
    property("ground", ValueKind::Text, ("Mặt đất", "Ground"), (
        "boundaries: trong địa giới; around-facts: không có địa giới, lấy đất quanh dữ liệu.",
        "boundaries: inside the boundaries; around-facts: no boundaries, ground around the data.",
    ))
    .one_of(&["boundaries", "around-facts"]),
    SIMULATED,
    REASON_VI,
    REASON_EN,
];

/// The sentences.
pub(super) struct Words;

impl Words {
    /// The seasons that the answer is about.
    pub(super) fn season(answer: &Answer) -> String {
        span(&answer.seasons)
    }

    /// The two seasons of a comparison, the old one first.
    pub(super) fn compared(answer: &Answer) -> (Season, Season) {
        let new = answer.scope.season;
        (answer.seasons.first().copied().unwrap_or(new), new)
    }

    /// Why a feature is there.
    pub(super) fn sentence(row: &DensityRow, language: Language) -> String {
        let answer = &*row.answer;
        match (row.kind, answer.made) {
            (Kind::NotSurveyed, _) => not_surveyed(row, language),
            (Kind::NoAnswer, Err(nothing)) => no_answer(answer, nothing, language),
            (Kind::Volume(share), Ok(made)) => {
                volume(row, share, made, language) + &cautions(row, made, language)
            }
            (Kind::Grew | Kind::Shrank, Ok(made)) => {
                compared(row, made, language) + &cautions(row, made, language)
            }
            // A surface without an answer has no lines, and an answer has no empty feature.
            _ => String::new(),
        }
    }
}

/// The first and the last of seasons, or the only one.
fn span(seasons: &[Season]) -> String {
    match seasons {
        [first, .., last] => format!("{first}/{last}"),
        [only] => only.to_string(),
        [] => String::new(),
    }
}

fn volume(row: &DensityRow, share: f64, made: Made, language: Language) -> String {
    let season = Words::season(&row.answer);
    let percent = number(share * 100.0, 0, language);
    let area = number(row.area / KM2, 1, language);
    let radius = number(made.radius, 0, language);
    let (inside, plots) = (row.inside.unwrap_or(0), made.plots);
    let by_area = row.answer.asked.by_area;
    match language {
        Language::Vi => format!(
            "{percent} % mật độ {} của niên vụ {season} nằm trên {area} km² này; {inside} trong {plots} nương ở trong \
             (mỗi nương trải ra {radius} m).",
            if by_area { "diện tích nương" } else { "nương" }
        ),
        Language::En => format!(
            "{percent} % of the density of {} of season {season} lies on these {area} km²; {inside} of {plots} plots \
             are inside (each spread over {radius} m).",
            if by_area { "plot area" } else { "plots" }
        ),
    }
}

fn compared(row: &DensityRow, made: Made, language: Language) -> String {
    let (old, new) = Words::compared(&row.answer);
    let area = number(row.area / KM2, 1, language);
    let p = number(row.answer.asked.alpha, 4, language);
    let Made { plots, old: before, .. } = made;
    let grew = row.kind == Kind::Grew;
    match language {
        Language::Vi => format!(
            "Trên {area} km² này tỷ trọng nương của niên vụ {new} ({plots} nương) {} niên vụ {old} ({before} nương), \
             p ≤ {p} ở từng điểm, {SHUFFLES} lần xáo trộn{}.",
            if grew { "cao hơn" } else { "thấp hơn" },
            if made.clipped { "; chỉ so nơi cả hai niên vụ đều rà soát" } else { "" }
        ),
        Language::En => format!(
            "On these {area} km² season {new} ({plots} plots) has a {} share of its plots than season {old} ({before}), \
             p ≤ {p} at each place, {SHUFFLES} shuffles{}.",
            if grew { "greater" } else { "smaller" },
            if made.clipped { "; only ground that both seasons looked at is compared" } else { "" }
        ),
    }
}

/// What must be known before acting on a line.
fn cautions(row: &DensityRow, made: Made, language: Language) -> String {
    let unknown = row.unsearched.filter(|area| *area > 0.0);
    let unknown = unknown.map(|area| number(area / KM2, 1, language));
    let (plots, unmeasured) = (made.plots, made.unmeasured);
    let few = plots < FEW;
    let blind = row.answer.looked == Looked::AssumedAll;
    let several = row.answer.seasons.len() > 1;
    let said = match language {
        Language::Vi => [
            unknown.map(|km2| format!("{km2} km² trong đó chưa ai rà soát: chưa biết.")),
            few.then(|| format!("Chỉ {plots} nương: đọc thận trọng.")),
            (unmeasured > 0).then(|| format!("{unmeasured} nương chưa đo không được tính.")),
            blind.then(|| {
                if several {
                    "Có niên vụ không có dữ liệu rà soát: không biết ai đã tìm ở đâu.".to_owned()
                } else {
                    "Niên vụ không có dữ liệu rà soát: không biết ai đã tìm ở đâu.".to_owned()
                }
            }),
        ],
        Language::En => [
            unknown.map(|km2| format!("Nobody searched {km2} km² of it: unknown.")),
            few.then(|| format!("Only {plots} plots: read with care.")),
            (unmeasured > 0).then(|| format!("{unmeasured} plots of unknown area are left out.")),
            blind.then(|| {
                let which = if several { "A season of them" } else { "The season" };
                format!("{which} has no effort data: nobody knows who looked where.")
            }),
        ],
    };
    said.into_iter().flatten().flat_map(|sentence| [" ".to_owned(), sentence]).collect()
}

fn not_surveyed(row: &DensityRow, language: Language) -> String {
    let answer = &row.answer;
    let area = number(row.area / KM2, 0, language);
    if answer.asked.compare {
        let (old, new) = Words::compared(answer);
        return match language {
            Language::Vi => format!(
                "Niên vụ {old}, niên vụ {new} hoặc cả hai chưa rà soát {area} km² này: không so sánh được. Chưa biết, không \
                 phải là không thay đổi."
            ),
            Language::En => format!(
                "These {area} km² are not known to have been searched both in season {old} and in season {new}: they were \
                 not compared. Unknown, not unchanged."
            ),
        };
    }
    let season = Words::season(answer);
    match language {
        Language::Vi => format!(
            "Chưa ai rà soát {area} km² này trong niên vụ {season}: chưa biết, không phải là ít nương."
        ),
        Language::En => format!(
            "Nobody is known to have searched these {area} km² in season {season}: unknown, not few plots."
        ),
    }
}

pub(super) fn no_answer(answer: &Answer, nothing: Nothing, language: Language) -> String {
    no_surface(nothing, &answer.seasons, answer.asked.compare, language)
}

/// Why there is no surface of these seasons.
pub(super) fn no_surface(
    nothing: Nothing,
    seasons: &[Season],
    compare: bool,
    language: Language,
) -> String {
    let season = span(seasons);
    match (language, nothing) {
        (Language::Vi, Nothing::NoData) if compare && seasons.len() < 2 => {
            format!("Không có niên vụ trước {season} để so sánh.")
        }
        (Language::En, Nothing::NoData) if compare && seasons.len() < 2 => {
            format!("There is no season before {season} to compare with.")
        }
        (Language::Vi, Nothing::NoData) => format!("Niên vụ {season} không có dữ liệu: chưa biết."),
        (Language::En, Nothing::NoData) => format!("Season {season} has no data: unknown."),
        (Language::Vi, Nothing::TooFew) => format!(
            "Dưới {FEWEST} nương{} trong niên vụ {season}: quá ít để vẽ đường mật độ. Nơi chưa rà soát là chưa biết.",
            if compare { " ở một trong hai bên" } else { "" }
        ),
        (Language::En, Nothing::TooFew) => format!(
            "Under {FEWEST} plots{} in season {season}: too few for a line of density. Unsurveyed ground is unknown.",
            if compare { " on either side" } else { "" }
        ),
        (Language::Vi, Nothing::NoSpread) => {
            format!("Nương của niên vụ {season} nằm một chỗ hoặc trên một đường: hãy cho `bandwidth` bằng mét.")
        }
        (Language::En, Nothing::NoSpread) => {
            format!("The plots of season {season} lie in one place or on one line: give `bandwidth` in metres.")
        }
        (Language::Vi, Nothing::TooMany) => format!(
            "Quy tắc này chỉ xét được {MOST_PAIRED} nương: hãy dùng scott, silverman, esri hoặc cho `bandwidth` bằng mét."
        ),
        (Language::En, Nothing::TooMany) => format!(
            "The rule looks at {MOST_PAIRED} plots at most: use scott, silverman or esri, or give `bandwidth` in metres."
        ),
        (Language::Vi, Nothing::NoOptimum) => {
            "Quy tắc không tìm được dải làm trơn tốt nhất: hãy dùng scott hoặc cho `bandwidth` bằng mét.".into()
        }
        (Language::En, Nothing::NoOptimum) => {
            "The rule finds no bandwidth better than all others: use scott, or give `bandwidth` in metres.".into()
        }
    }
}
