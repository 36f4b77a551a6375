//! The figures printed with a hotspot map: how the map of the season before did.

use super::validation::{Marks, Validation, validated};
use crate::{
    analysis::validation::{NoScore, Score},
    domain::Language,
    layers::{
        Figure, LayerError, LayerQuery, Value,
        say::{count, figure, measure, number, text, told},
    },
    snapshot::Snapshot,
};

/// The figures for the season asked by `query`.
///
/// # Errors
///
/// As the layer's features.
pub(super) fn figures(snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
    Ok(validated(snapshot, query)?.map_or_else(Vec::new, |made| said(&made)))
}

fn said(made: &Validation) -> Vec<Figure> {
    let sentence = (main(made, Language::Vi), main(made, Language::En));
    let own = made.all.score.ok();
    let pai = |marks: Marks| measure(marks.score.ok().map(Score::pai), 4);
    let ends = made.all.blocks.pai;
    let reason = made.none.or(made.all.score.err().map(NoScore::word));
    let figure = |name, title, value| figure(name, title, value, sentence.clone());
    let mut figures = vec![
        figure("validation_map", ("Bản đồ được chấm", "Map scored"), told(made.map.to_string())),
        figure(
            "validation_reason",
            ("Vì sao không chấm được", "Why there is no score"),
            reason.map_or(Value::Null, text),
        ),
        figure("hit_rate", ("Tỷ lệ trúng", "Hit rate"), measure(own.map(Score::hit_rate), 6)),
        figure(
            "area_share",
            ("Phần đất được đánh dấu", "Share of ground flagged"),
            measure(own.map(Score::area_share), 6),
        ),
        figure(
            "captured",
            ("Nương trong vùng đánh dấu", "Plots captured"),
            own.map_or(Value::Null, |it| count(it.captured as u64)),
        ),
        figure(
            "found",
            ("Nương tìm thấy", "Plots found"),
            own.map_or(Value::Null, |it| count(it.found as u64)),
        ),
        figure("pai", ("PAI", "PAI"), pai(made.all)),
        figure(
            "pai_low",
            ("Đầu dưới của PAI", "Low end of PAI"),
            measure(ends.map(|it| it.low), 4),
        ),
        figure(
            "pai_high",
            ("Đầu trên của PAI", "High end of PAI"),
            measure(ends.map(|it| it.high), 4),
        ),
        figure("pei", ("PEI", "PEI"), measure(own.map(|it| it.pei), 4)),
        figure("rri", ("RRI", "RRI"), measure(made.rri, 4)),
        figure(
            "auc",
            ("Diện tích dưới đường bắt trúng", "Area under the capture curve"),
            measure(made.all.auc, 4),
        ),
    ];
    if made.none.is_none() {
        figures.extend(compared(made));
    }
    figures
}

/// The second score and the other maps.
fn compared(made: &Validation) -> Vec<Figure> {
    let both = (second(made, Language::Vi), second(made, Language::En));
    let pai = |marks: Marks| measure(marks.score.ok().map(Score::pai), 4);
    let mut figures = vec![
        figure(
            "both_hit_rate",
            ("Tỷ lệ trúng, ô rà soát cả hai niên vụ", "Hit rate, cells surveyed in both"),
            measure(made.both.score.ok().map(Score::hit_rate), 6),
            both.clone(),
        ),
        figure(
            "both_pai",
            ("PAI, ô rà soát cả hai niên vụ", "PAI, cells surveyed in both"),
            pai(made.both),
            both.clone(),
        ),
        figure(
            "both_pei",
            ("PEI, ô rà soát cả hai niên vụ", "PEI, cells surveyed in both"),
            measure(made.both.score.ok().map(|it| it.pei), 4),
            both,
        ),
    ];
    for (name, title, words, marks) in [
        (
            "last_counts_pai",
            ("PAI của số đếm niên vụ trước", "PAI of last season's counts"),
            ("Số đếm niên vụ trước", "Last season's counts"),
            made.last_counts,
        ),
        (
            "long_run_pai",
            ("PAI của trung bình nhiều niên vụ", "PAI of the long-run mean"),
            ("Trung bình mọi niên vụ", "The mean of all seasons"),
            made.long_run,
        ),
        (
            "density_pai",
            ("PAI của mật độ 5 km", "PAI of a 5 km density"),
            ("Mật độ nương 5 km", "A density of 5 km"),
            made.density,
        ),
    ] {
        let sentence = (beside(marks, words.0, Language::Vi), beside(marks, words.1, Language::En));
        figures.push(figure(name, title, pai(marks), sentence));
    }
    let (band, p) = (made.random.map(|it| it.0), made.random.map(|it| it.1));
    let sentence = (random(made, Language::Vi), random(made, Language::En));
    figures.push(figure(
        "random_pai_high",
        ("PAI ngẫu nhiên cao nhất", "Highest PAI of chance"),
        measure(band.map(|it| it.high), 4),
        sentence.clone(),
    ));
    figures.push(figure(
        "random_p",
        ("p so với ngẫu nhiên", "p against chance"),
        measure(p, 6),
        sentence,
    ));
    figures
}

fn percent(share: f64, language: Language) -> String {
    // Of a little ground more digits: `0 %` would read as none.
    number(100.0 * share, if share > 0.0 && share < 0.01 { 3 } else { 1 }, language)
}

fn main(made: &Validation, language: Language) -> String {
    let (map, asked) = (made.map, made.asked);
    let own = match (made.none, made.all.score) {
        (None, Ok(own)) => own,
        (Some("nothing-found"), _) => {
            return match language {
                Language::Vi => format!(
                    "Niên vụ {asked} chưa phát hiện nương nào trong các ô: chưa chấm được bản đồ {map}."
                ),
                Language::En => format!(
                    "No plot was found in the cells in {asked}: the map of {map} cannot be scored."
                ),
            };
        }
        _ => {
            return match language {
                Language::Vi => {
                    format!("Không có bản đồ niên vụ {map} để chấm trên niên vụ {asked}.")
                }
                Language::En => format!("There is no map of {map} to score on {asked}."),
            };
        }
    };
    let ends = made.all.blocks.pai;
    let (hit, area, pai) = (
        percent(own.hit_rate(), language),
        percent(own.area_share(), language),
        number(own.pai(), 2, language),
    );
    let band = ends.map(|it| [it.low, it.high].map(|end| number(end, 2, language)));
    let (captured, found) = (number(own.captured, 1, language), number(own.found, 0, language));
    match language {
        Language::Vi => {
            let what = if made.hot {
                "Điểm nóng"
            } else {
                "Không có điểm nóng; một phần mười đất xếp đầu"
            };
            let band = band.map_or_else(
                || " (quá ít vùng có nương để có khoảng tin cậy)".to_owned(),
                |[low, high]| format!(" (khoảng 95 %: {low} đến {high})"),
            );
            format!(
                "{what} của bản đồ niên vụ {map} giữ {captured} trong {found} nương của niên vụ {asked} ({hit} %) trên {area} % \
                 đất: PAI {pai}{band}. Nương được tìm thấy ở nơi có người tìm: bản đồ có thể tự làm mình đúng."
            )
        }
        Language::En => {
            let what = if made.hot {
                "The hotspots"
            } else {
                "Nothing was hot; the first tenth of the ground"
            };
            let band = band.map_or_else(
                || " (too few blocks with plots for an interval)".to_owned(),
                |[low, high]| format!(" (95 % interval {low} to {high})"),
            );
            format!(
                "{what} of the map of {map} held {captured} of the {found} plots of {asked} ({hit} %) on {area} % of the \
                 ground: PAI {pai}{band}. Plots are found where people look: a map can make itself right."
            )
        }
    }
}

fn second(made: &Validation, language: Language) -> String {
    let assumed = match (made.assumed, language) {
        (false, _) => "",
        (true, Language::Vi) => {
            " Một niên vụ không có dữ liệu rà soát: coi như mọi ô được rà soát."
        }
        (true, Language::En) => " One season has no effort data: every cell is assumed searched.",
    };
    match (made.both.score, language) {
        (Ok(own), Language::Vi) => format!(
            "Chỉ tính ô được rà soát ở cả hai niên vụ: {} trong {} nương, PAI {}.{assumed}",
            number(own.captured, 1, language),
            number(own.found, 0, language),
            number(own.pai(), 2, language)
        ),
        (Ok(own), Language::En) => format!(
            "Over cells surveyed in both seasons only: {} of {} plots, PAI {}.{assumed}",
            number(own.captured, 1, language),
            number(own.found, 0, language),
            number(own.pai(), 2, language)
        ),
        (Err(reason), Language::Vi) => {
            format!("Không chấm được trên các ô rà soát ở cả hai niên vụ ({}).", reason.word())
        }
        (Err(reason), Language::En) => {
            format!("Cells surveyed in both seasons give no score ({}).", reason.word())
        }
    }
}

fn beside(marks: Marks, name: &str, language: Language) -> String {
    let Ok(own) = marks.score else {
        return match language {
            Language::Vi => format!("{name}: không chấm được."),
            Language::En => format!("{name}: no score."),
        };
    };
    let (hit, pai) = (percent(own.hit_rate(), language), number(own.pai(), 2, language));
    let better = marks.blocks.first_better_by.map(|band| {
        let [low, high] = [band.low, band.high].map(|end| number(end, 2, language));
        match language {
            Language::Vi => format!("; bản đồ điểm nóng hơn {low} đến {high} (khoảng 95 %)"),
            Language::En => {
                format!("; the hotspot map is better by {low} to {high} (95 % interval)")
            }
        }
    });
    let better = better.unwrap_or_default();
    match language {
        Language::Vi => format!("{name} trên cùng diện tích: {hit} % số nương, PAI {pai}{better}."),
        Language::En => {
            format!("{name} on the same area: {hit} % of the plots, PAI {pai}{better}.")
        }
    }
}

fn random(made: &Validation, language: Language) -> String {
    let Some((band, p)) = made.random else { return String::new() };
    let [low, high] = [band.low, band.high].map(|end| number(end, 2, language));
    let p = number(p, 4, language);
    match language {
        Language::Vi => {
            format!("Cùng diện tích chọn ngẫu nhiên có PAI {low} đến {high} (95 %); p = {p}.")
        }
        Language::En => {
            format!("As much ground at random has a PAI of {low} to {high} (95 %); p = {p}.")
        }
    }
}
