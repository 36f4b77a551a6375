//! Figures about a density as a whole: what was spread how far on which ground, and what is left
//! out.

use super::{
    Answer, Made,
    field::{KM2, SHUFFLES},
    words::{Words, no_answer},
};
use crate::{
    domain::{Language, Text},
    layers::{
        Figure, Value,
        say::{count, measure, number, text},
    },
};

/// The figures of an answer, of which `patches` were too small to be told, and `lines` says whether
/// any was not.
pub(super) fn figures(answer: &Answer, patches: usize, lines: bool) -> Vec<Figure> {
    let made = match answer.made {
        Ok(made) => made,
        Err(nothing) => {
            let said = |language| no_answer(answer, nothing, language);
            return vec![Figure {
                name: "status",
                title: Text::new("Tình trạng", "Status"),
                value: text(nothing.word()),
                unit: None,
                vi: said(Language::Vi),
                en: said(Language::En),
            }];
        }
    };
    let mut figures = Vec::new();
    figures.extend((answer.asked.compare && !lines).then(|| no_change(answer, made)));
    figures.push(spread(answer, made));
    figures.extend(left_out(made));
    figures.extend(bandwidth(answer, made));
    figures.push(edge(made));
    figures.push(domain(answer, made));
    figures.extend((patches > 0).then(|| specks(answer, made, patches)));
    if answer.asked.compare {
        figures.extend(shuffles(answer, made));
    }
    figures
}

/// What a comparison without a line says, and what not.
fn no_change(answer: &Answer, made: Made) -> Figure {
    let (old, new) = Words::compared(answer);
    let [p_vi, p_en] = both(answer.asked.alpha, 4);
    let [[new_vi, new_en], [old_vi, old_en]] = [made.plots, made.old].map(|it| both(it as f64, 0));
    let out = made.outside + made.old_outside;
    let [out_vi, out_en] = both(out as f64, 0);
    let are = if out == 1 { "is" } else { "are" };
    let which = match (out, made.clipped) {
        (0, _) => [String::new(), String::new()],
        (_, true) => [
            format!(
                " Bỏ ra {out_vi} nương ở nơi không phải cả hai niên vụ đều rà soát, hoặc ngoài phạm vi."
            ),
            format!(
                " {out_en} {are} left out, where not both seasons looked or outside of the domain."
            ),
        ],
        (_, false) => [
            format!(" Bỏ ra {out_vi} nương ngoài phạm vi."),
            format!(" {out_en} {are} left out, outside of the domain."),
        ],
    };
    Figure {
        name: "why_none",
        title: Text::new("Vì sao không có nơi nào tăng, giảm", "Why nowhere grew or shrank"),
        value: text("no-change-shown"),
        unit: None,
        vi: format!(
            "Không nơi nào tăng hay giảm rõ (p ≤ {p_vi} ở từng điểm): chưa chứng tỏ có thay đổi. Đã so {new_vi} nương của \
             niên vụ {new} với {old_vi} nương của niên vụ {old}.{}",
            which[0]
        ),
        en: format!(
            "Nowhere grew or shrank clearly (p ≤ {p_en} at each place): no change is shown. {new_en} plots of season {new} \
             were compared with {old_en} of season {old}.{}",
            which[1]
        ),
    }
}

/// The same number in both languages.
fn both(value: f64, decimals: i32) -> [String; 2] {
    [Language::Vi, Language::En].map(|language| number(value, decimals, language))
}

fn spread(answer: &Answer, made: Made) -> Figure {
    let season = answer.scope.season.to_string();
    let season = if answer.asked.compare { season } else { Words::season(answer) };
    let [vi, en] = both(made.plots as f64, 0);
    let what = match (answer.asked.compare, answer.asked.by_area) {
        (true, _) => ["được so sánh", "are compared"],
        (false, true) => ["được trải ra, theo diện tích", "are spread, by their area"],
        (false, false) => ["được trải ra", "are spread"],
    };
    Figure {
        name: "plots",
        title: Text::new("Nương được tính", "Plots that count"),
        value: count(made.plots as u64),
        unit: None,
        vi: format!("{vi} nương của niên vụ {season} {}.", what[0]),
        en: format!("{en} plots of season {season} {}.", what[1]),
    }
}

fn left_out(made: Made) -> [Figure; 2] {
    let all = made.plots + made.outside;
    let clipped = if made.clipped {
        [", nơi không phải cả hai niên vụ đều rà soát", ", where not both seasons looked"]
    } else {
        [""; 2]
    };
    let [outside_vi, outside_en] = both(made.outside as f64, 0);
    let [all_vi, all_en] = both(all as f64, 0);
    let [unmeasured_vi, unmeasured_en] = both(made.unmeasured as f64, 0);
    [
        Figure {
            name: "plots_elsewhere",
            title: Text::new("Nương ngoài phạm vi", "Plots elsewhere"),
            value: count(made.outside as u64),
            unit: None,
            vi: format!(
                "{outside_vi} trên {all_vi} nương nằm ngoài phạm vi{}: không tính.",
                clipped[0]
            ),
            en: format!(
                "{outside_en} of {all_en} plots lie outside of the domain{}: left out.",
                clipped[1]
            ),
        },
        Figure {
            name: "unmeasured",
            title: Text::new("Nương chưa đo", "Plots of unknown area"),
            value: count(made.unmeasured as u64),
            unit: None,
            vi: format!(
                "{unmeasured_vi} nương không tính vì chưa ai đo diện tích (chỉ khi value=area)."
            ),
            en: format!(
                "{unmeasured_en} plots are left out because nobody measured their area (only with value=area)."
            ),
        },
    ]
}

/// What chose the bandwidth, for people.
fn rule(word: &str) -> [&'static str; 2] {
    match word {
        "given" => ["do người hỏi cho", "as it was asked"],
        "ppl" => ["theo hợp lý kiểm chéo (ppl)", "by cross-validated likelihood (ppl)"],
        "scott" => ["theo quy tắc Scott", "by Scott's rule"],
        "silverman" => ["theo quy tắc Silverman", "by Silverman's rule"],
        "esri" => ["theo quy tắc của ArcGIS (esri)", "by the rule of ArcGIS (esri)"],
        _ => [
            "theo sai số bình phương trung bình (Berman và Diggle)",
            "by the least mean square error (Berman and Diggle)",
        ],
    }
}

fn bandwidth(answer: &Answer, made: Made) -> [Figure; 2] {
    let kernel = answer.asked.kernel.word();
    let [vi, en] = both(made.radius, 0);
    let [sigma_vi, sigma_en] = both(made.sigma, 0);
    let rule = rule(made.rule);
    [
        Figure {
            name: "bandwidth_m",
            title: Text::new("Dải làm trơn", "Bandwidth"),
            value: measure(made.radius, 1),
            unit: Some("m"),
            vi: format!("Mỗi nương trải ra {vi} m (hàm nhân {kernel}), {}.", rule[0]),
            en: format!("Each plot is spread over {en} m (kernel {kernel}), {}.", rule[1]),
        },
        Figure {
            name: "sigma_m",
            title: Text::new("Sigma", "Sigma"),
            value: measure(made.sigma, 1),
            unit: Some("m"),
            vi: format!("Độ lệch chuẩn của hàm nhân theo một trục: {sigma_vi} m."),
            en: format!("The kernel's standard deviation along an axis: {sigma_en} m."),
        },
    ]
}

fn edge(made: Made) -> Figure {
    let [vi, en] = if made.edge == "none" {
        [
            "Không hiệu chỉnh biên: không có địa giới, hoặc phép so sánh tự triệt tiêu ảnh hưởng của biên.",
            "No edge correction: there are no boundaries, or a comparison in which the edges cancel.",
        ]
    } else {
        [
            "Phần của mỗi nương tràn ra ngoài địa giới được trả lại cho nương đó (Diggle).",
            "What a plot spreads outside of the boundaries is given back to it (Diggle).",
        ]
    };
    Figure {
        name: "edge",
        title: Text::new("Hiệu chỉnh biên", "Edge correction"),
        value: text(made.edge),
        unit: None,
        vi: vi.into(),
        en: en.into(),
    }
}

fn domain(answer: &Answer, made: Made) -> Figure {
    let [vi, en] = both(made.domain / KM2, 1);
    let [cell_vi, cell_en] = both(made.cell, 0);
    let within = match (made.clipped, answer.bounded) {
        (true, _) => [", nơi cả hai niên vụ đều rà soát", ", where both seasons looked"],
        (false, true) => [" trong địa giới", " inside the boundaries"],
        (false, false) => [" quanh dữ liệu: không có địa giới", " around the data: no boundaries"],
    };
    Figure {
        name: "domain_km2",
        title: Text::new("Phạm vi", "Domain"),
        value: measure(made.domain / KM2, 3),
        unit: Some("km2"),
        vi: format!("Mặt mật độ phủ {vi} km² ở gần các nương{}, ô {cell_vi} m.", within[0]),
        en: format!(
            "The surface covers {en} km² near the plots{}, in cells of {cell_en} m.",
            within[1]
        ),
    }
}

/// Patches that the surface cannot tell.
fn specks(answer: &Answer, made: Made, patches: usize) -> Figure {
    let [cell_vi, cell_en] = both(made.cell * made.cell / KM2, 3);
    let [vi, en] = both(patches as f64, 0);
    let (are, which) = match (patches, answer.asked.compare) {
        (1, true) => ("patch is", ""),
        (1, false) => ("patch is", " and holds no plot"),
        (_, true) => ("patches are", ""),
        (_, false) => ("patches are", " and hold no plot"),
    };
    let without = if answer.asked.compare { "" } else { " và không có nương" };
    Figure {
        name: "patches_left_out",
        title: Text::new("Mảnh bỏ qua", "Patches left out"),
        value: count(patches as u64),
        unit: None,
        vi: format!(
            "{vi} mảnh nhỏ hơn một ô của mặt mật độ ({cell_vi} km²){without} không được vẽ: bé hơn mức mặt này phân biệt được."
        ),
        en: format!(
            "{en} {are} left out: smaller than a cell of the surface ({cell_en} km²){which}, which is less than it can \
             tell."
        ),
    }
}

fn shuffles(answer: &Answer, made: Made) -> [Figure; 3] {
    let [vi, en] = both(made.old as f64, 0);
    let season = answer.seasons.first().map(ToString::to_string).unwrap_or_default();
    let [seed, draws] = [answer.asked.seed, u64::from(SHUFFLES)];
    let plain = |name, title, value: Value<'static>, vi: String, en: String| Figure {
        name,
        title,
        value,
        unit: None,
        vi,
        en,
    };
    [
        plain(
            "plots_before",
            Text::new("Nương niên vụ kia", "Plots of the other season"),
            count(made.old as u64),
            format!("So với {vi} nương của niên vụ {season}."),
            format!("Compared with {en} plots of season {season}."),
        ),
        plain(
            "permutations",
            Text::new("Số lần xáo trộn", "Permutations"),
            count(draws),
            format!("Nhãn niên vụ được xáo trộn {draws} lần; p là của từng điểm."),
            format!("The seasons' labels were shuffled {draws} times; p is pointwise."),
        ),
        plain(
            "seed",
            Text::new("Hạt giống", "Seed"),
            count(seed),
            format!("Hạt giống {seed}: cùng hạt giống thì cùng kết quả."),
            format!("Seed {seed}: the same one gives the same answer."),
        ),
    ]
}
