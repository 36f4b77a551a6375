//! The figures printed with a hotspot map: how the map of the season before did.
//!
//! The verdict comes first, then the score over ground searched in both seasons, then the score over
//! all ground, then the maps beside it. Each has a sentence of its own.

use super::validation::{Marks, Validation, validated};
use crate::{
    analysis::validation::{Band, NoScore, Score},
    domain::Language,
    layers::{
        Figure, LayerError, LayerQuery, Value,
        say::{figure, measure, number, text, told},
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

/// What is to be said of two maps.
#[derive(Clone, Copy)]
enum Verdict {
    Better,
    NoBetter,
    Worse,
    TooFew,
}

impl Verdict {
    fn of(better: Option<Band>) -> Self {
        match better {
            None => Self::TooFew,
            Some(band) if band.low > 0.0 => Self::Better,
            Some(band) if band.high < 0.0 => Self::Worse,
            Some(_) => Self::NoBetter,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::NoBetter => "no-better",
            Self::Worse => "worse",
            Self::TooFew => "too-few",
        }
    }
}

fn said(made: &Validation) -> Vec<Figure> {
    let both = |of: &dyn Fn(Language) -> String| (of(Language::Vi), of(Language::En));
    let lead = both(&|language| main(made, language));
    let map = figure(
        "validation_map",
        ("Bản đồ được chấm", "Map scored"),
        told(made.map.to_string()),
        both(&|language| frozen(made, language)),
    );
    let reason = made.none.or(made.both.score.err().map(NoScore::word));
    let mut figures = Vec::new();
    if made.none.is_none() && made.both.score.is_ok() {
        let word = Verdict::of(made.last_counts.blocks.first_better_by).word();
        figures.push(figure(
            "validation_verdict",
            ("Kết luận về bản đồ trước", "Verdict on the last map"),
            text(word),
            both(&|language| verdict(made, language)),
        ));
        figures.push(map);
        figures.extend(own(made, lead));
    } else {
        figures.push(figure(
            "validation_reason",
            ("Vì sao không chấm được", "Why there is no score"),
            reason.map_or(Value::Null, text),
            lead,
        ));
        figures.push(map);
    }
    if made.none.is_none() {
        figures.extend(whole(made));
    }
    if made.both.score.is_ok() {
        figures.extend(compared(made));
    }
    figures
}

/// The score over ground searched in both seasons.
fn own(made: &Validation, lead: (String, String)) -> Vec<Figure> {
    let own = made.both.score.ok();
    let ends = made.both.blocks.pai;
    let words = |vi: &str, en: &str| (vi.to_owned(), en.to_owned());
    let end = || {
        words(
            "Đầu rộng hơn giữa rút theo khối 5 km và khoảng nhị thức chính xác của số nương bắt trúng (95 %).",
            "The outer end of two: drawing blocks of 5 km, and the exact binomial interval of the hits (95 %).",
        )
    };
    vec![
        figure(
            "pai",
            ("PAI trên đất đã tìm", "PAI on searched ground"),
            measure(own.map(Score::pai), 4),
            lead,
        ),
        figure(
            "pai_low",
            ("Đầu dưới của PAI", "Low end of PAI"),
            measure(ends.map(|it| it.low), 4),
            end(),
        ),
        figure(
            "pai_high",
            ("Đầu trên của PAI", "High end of PAI"),
            measure(ends.map(|it| it.high), 4),
            end(),
        ),
        figure(
            "hit_rate",
            ("Tỷ lệ trúng", "Hit rate"),
            measure(own.map(Score::hit_rate), 6),
            words(
                "Phần nương nằm trong vùng đánh dấu, trên đất được rà soát ở cả hai niên vụ.",
                "The share of plots inside what was flagged, on ground searched in both seasons.",
            ),
        ),
        figure(
            "area_share",
            ("Phần đất được đánh dấu", "Share of ground flagged"),
            measure(own.map(Score::area_share), 6),
            words(
                "Phần của đất được rà soát ở cả hai niên vụ.",
                "The share of the ground searched in both seasons.",
            ),
        ),
        figure(
            "captured",
            ("Nương trong vùng đánh dấu", "Plots captured"),
            measure(own.map(|it| it.captured), 1),
            words(
                "Ô chỉ đánh dấu một phần tính một phần số nương.",
                "A cell that is flagged in part counts that part of its plots.",
            ),
        ),
        figure(
            "found",
            ("Nương tìm thấy", "Plots found"),
            measure(own.map(|it| it.found), 0),
            words("Trên đất được rà soát ở cả hai niên vụ.", "On ground searched in both seasons."),
        ),
        figure(
            "searched_share",
            ("Phần đất được rà soát cả hai niên vụ", "Ground searched in both seasons"),
            measure(made.searched, 6),
            words("Phần của toàn bộ đất.", "As a share of all ground."),
        ),
        figure(
            "pei",
            ("PEI", "PEI"),
            measure(own.map(|it| it.pei), 4),
            words(
                "PAI so với mức tốt nhất mà chừng ấy đất có thể đạt (1).",
                "PAI against the best that as much ground could have reached (1).",
            ),
        ),
        figure(
            "rri",
            ("RRI", "RRI"),
            measure(made.rri, 4),
            words(
                "Vùng đánh dấu giữ được phần nương của niên vụ trước (1) hay mất đi (dưới 1).",
                "Whether the flagged ground kept its share of the season before (1) or lost it (below 1).",
            ),
        ),
        figure(
            "auc",
            ("Diện tích dưới đường bắt trúng", "Area under the capture curve"),
            measure(made.both.auc, 4),
            words("Ngẫu nhiên là 0,5.", "Chance has 0.5."),
        ),
    ]
}

/// The score over all ground.
fn whole(made: &Validation) -> Vec<Figure> {
    let own = made.whole.score.ok();
    let ends = made.whole.blocks.pai;
    let sentence = || (second(made, Language::Vi), second(made, Language::En));
    let words = || {
        (
            "Trên toàn bộ đất, kể cả đất không ai tìm.".to_owned(),
            "Over all ground, with what nobody searched.".to_owned(),
        )
    };
    vec![
        figure(
            "whole_pai",
            ("PAI trên toàn bộ đất", "PAI on all ground"),
            measure(own.map(Score::pai), 4),
            sentence(),
        ),
        figure(
            "whole_pai_low",
            ("Đầu dưới, toàn bộ đất", "Low end, all ground"),
            measure(ends.map(|it| it.low), 4),
            words(),
        ),
        figure(
            "whole_pai_high",
            ("Đầu trên, toàn bộ đất", "High end, all ground"),
            measure(ends.map(|it| it.high), 4),
            words(),
        ),
        figure(
            "whole_hit_rate",
            ("Tỷ lệ trúng, toàn bộ đất", "Hit rate, all ground"),
            measure(own.map(Score::hit_rate), 6),
            words(),
        ),
        figure(
            "whole_area_share",
            ("Phần đất được đánh dấu, toàn bộ đất", "Share flagged, all ground"),
            measure(own.map(Score::area_share), 6),
            words(),
        ),
    ]
}

/// The other maps.
fn compared(made: &Validation) -> Vec<Figure> {
    let mut figures = Vec::new();
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
        figures.push(figure(name, title, measure(marks.score.ok().map(Score::pai), 4), sentence));
    }
    let (band, p) = (made.random.map(|it| it.0), made.random.map(|it| it.1));
    figures.push(figure(
        "random_pai_high",
        ("PAI ngẫu nhiên cao nhất", "Highest PAI of chance"),
        measure(band.map(|it| it.high), 4),
        (random(made, Language::Vi), random(made, Language::En)),
    ));
    figures.push(figure(
        "random_p",
        ("p so với ngẫu nhiên", "p against chance"),
        measure(p, 6),
        (
            "Phần các vùng ngẫu nhiên cùng diện tích đạt PAI của bản đồ.".to_owned(),
            "The share of random areas of the same size that reach the map's PAI.".to_owned(),
        ),
    ));
    figures
}

fn percent(share: f64, language: Language) -> String {
    // Of a little ground more digits: `0 %` would read as none.
    number(100.0 * share, if share > 0.0 && share < 0.01 { 3 } else { 1 }, language)
}

/// An index, without digits that it has not got.
fn index(pai: f64, language: Language) -> String {
    number(pai, if pai < 10.0 { 2 } else { i32::from(pai < 100.0) }, language)
}

fn frozen(made: &Validation, language: Language) -> String {
    match language {
        Language::Vi => format!(
            "Bản đồ niên vụ {} chốt vào cuối niên vụ, chấm trên nương của {}. Nương được tìm thấy ở nơi có người tìm: bản đồ có \
             thể tự làm mình đúng.",
            made.map, made.asked
        ),
        Language::En => format!(
            "The map of {} as it was at the season's end, scored on the plots of {}. Plots are found where people look: a map \
             can make itself right.",
            made.map, made.asked
        ),
    }
}

fn verdict(made: &Validation, language: Language) -> String {
    let map = made.map;
    let verdict = Verdict::of(made.last_counts.blocks.first_better_by);
    let said = match (verdict, language) {
        (Verdict::Better, Language::Vi) => "tốt hơn số đếm niên vụ trước",
        (Verdict::NoBetter, Language::Vi) => "không hơn số đếm niên vụ trước",
        (Verdict::Worse, Language::Vi) => "kém hơn số đếm niên vụ trước",
        (Verdict::TooFew, Language::Vi) => {
            "quá ít nương hoặc vùng để kết luận có hơn số đếm niên vụ trước hay không"
        }
        (Verdict::Better, Language::En) => "was better than last season's counts",
        (Verdict::NoBetter, Language::En) => "was no better than last season's counts",
        (Verdict::Worse, Language::En) => "was worse than last season's counts",
        (Verdict::TooFew, Language::En) => {
            "captured too few plots, or in too few places, to say whether it was better than last season's counts"
        }
    };
    match language {
        Language::Vi => format!("Bản đồ niên vụ {map}: {said}."),
        Language::En => format!("The map of {map} {said}."),
    }
}

/// Why a score over some ground cannot be had.
fn no_score(reason: NoScore, language: Language) -> &'static str {
    match (reason, language) {
        (NoScore::NoGround, Language::Vi) => "không ô nào được rà soát ở cả hai niên vụ",
        (NoScore::NoGround, Language::En) => "no cell was searched in both seasons",
        (NoScore::NothingFound | NoScore::NothingBefore, Language::Vi) => {
            "không có nương nào trên đất được rà soát ở cả hai niên vụ"
        }
        (NoScore::NothingFound | NoScore::NothingBefore, Language::En) => {
            "no plot lay on ground searched in both seasons"
        }
        (NoScore::NothingFlagged, Language::Vi) => {
            "không điểm nóng nào được rà soát ở cả hai niên vụ"
        }
        (NoScore::NothingFlagged, Language::En) => "no hotspot was searched in both seasons",
    }
}

fn main(made: &Validation, language: Language) -> String {
    let (map, asked) = (made.map, made.asked);
    let own = match (made.none, made.both.score) {
        (None, Ok(own)) => own,
        (None, Err(reason)) => {
            let why = no_score(reason, language);
            return match language {
                Language::Vi => {
                    format!("Chưa chấm được bản đồ niên vụ {map} trên đất đã tìm: {why}.")
                }
                Language::En => {
                    format!("The map of {map} cannot be scored on searched ground: {why}.")
                }
            };
        }
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
        (Some(_), _) => {
            return match language {
                Language::Vi => {
                    format!("Không có bản đồ niên vụ {map} để chấm trên niên vụ {asked}.")
                }
                Language::En => format!("There is no map of {map} to score on {asked}."),
            };
        }
    };
    let (hit, area, pai) = (
        percent(own.hit_rate(), language),
        percent(own.area_share(), language),
        index(own.pai(), language),
    );
    let band = made.both.blocks.pai.map(|it| [it.low, it.high].map(|end| index(end, language)));
    let (captured, found) = (number(own.captured, 1, language), number(own.found, 0, language));
    let assumed = match (made.assumed, language) {
        (false, _) => "",
        (true, Language::Vi) => {
            " Một niên vụ không có dữ liệu rà soát: coi như mọi ô được rà soát."
        }
        (true, Language::En) => " One season has no effort data: every cell is assumed searched.",
    };
    match language {
        Language::Vi => {
            let what = if made.hot {
                "điểm nóng của bản đồ niên vụ"
            } else {
                "không có điểm nóng; một phần mười đất ấy xếp đầu trên bản đồ niên vụ"
            };
            let band = band.map_or_else(
                || " (quá ít vùng có nương để có khoảng tin cậy)".to_owned(),
                |[low, high]| format!(" (khoảng 95 %: {low} đến {high})"),
            );
            format!(
                "Trên đất được rà soát ở cả hai niên vụ: {what} {map} giữ {captured} trong {found} nương của \
                 niên vụ {asked} ({hit} %) trên {area} % đất ấy: PAI {pai}{band}.{assumed}"
            )
        }
        Language::En => {
            let what = if made.hot {
                "the hotspots of the map of"
            } else {
                "nothing was hot; the tenth of it ranked first by the map of"
            };
            let band = band.map_or_else(
                || " (too few blocks with plots for an interval)".to_owned(),
                |[low, high]| format!(" (95 % interval {low} to {high})"),
            );
            format!(
                "On ground searched in both seasons: {what} {map} held {captured} of the {found} plots of {asked} \
                 ({hit} %) on {area} % of it: PAI {pai}{band}.{assumed}"
            )
        }
    }
}

fn second(made: &Validation, language: Language) -> String {
    let Ok(own) = made.whole.score else {
        return match language {
            Language::Vi => "Không chấm được trên toàn bộ đất.".into(),
            Language::En => "There is no score over all ground.".into(),
        };
    };
    let [captured, found] = [(own.captured, 1), (own.found, 0)]
        .map(|(plots, decimals)| number(plots, decimals, language));
    let pai = index(own.pai(), language);
    let band = made.whole.blocks.pai.map(|it| [it.low, it.high].map(|end| index(end, language)));
    let searched = percent(made.searched, language);
    match language {
        Language::Vi => {
            let band = band.map_or_else(String::new, |[low, high]| {
                format!(" (khoảng 95 %: {low} đến {high})")
            });
            format!(
                "Trên toàn bộ đất, kể cả đất không ai tìm: {captured} trong {found} nương, PAI {pai}{band}. Chỉ {searched} % đất \
                 được rà soát ở cả hai niên vụ; đất không ai tìm bị tính như không có nương, nên con số này thường quá cao."
            )
        }
        Language::En => {
            let band = band.map_or_else(String::new, |[low, high]| {
                format!(" (95 % interval {low} to {high})")
            });
            format!(
                "Over all ground, with what nobody searched: {captured} of {found} plots, PAI {pai}{band}. {searched} % of the \
                 ground was searched in both seasons; the rest passes for ground without plots, so that this figure is easily \
                 too high."
            )
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
    let (hit, pai) = (percent(own.hit_rate(), language), index(own.pai(), language));
    let band = marks.blocks.first_better_by;
    let ends = |low: f64, high: f64| [low, high].map(|end| index(end, language));
    let better = match (Verdict::of(band), band, language) {
        (Verdict::Better, Some(band), Language::Vi) => {
            let [low, high] = ends(band.low, band.high);
            format!("bản đồ điểm nóng hơn {low} đến {high} (khoảng 95 %)")
        }
        (Verdict::Better, Some(band), Language::En) => {
            let [low, high] = ends(band.low, band.high);
            format!("the hotspot map is better by {low} to {high} (95 % interval)")
        }
        (Verdict::Worse, Some(band), Language::Vi) => {
            let [low, high] = ends(-band.high, -band.low);
            format!("bản đồ điểm nóng kém {low} đến {high} (khoảng 95 %)")
        }
        (Verdict::Worse, Some(band), Language::En) => {
            let [low, high] = ends(-band.high, -band.low);
            format!("the hotspot map is worse by {low} to {high} (95 % interval)")
        }
        (Verdict::NoBetter, Some(band), Language::Vi) => {
            let [worse, better] = ends(-band.low, band.high);
            format!(
                "không phân được: bản đồ điểm nóng từ kém {worse} đến hơn {better} (khoảng 95 %)"
            )
        }
        (Verdict::NoBetter, Some(band), Language::En) => {
            let [worse, better] = ends(-band.low, band.high);
            format!(
                "no telling apart: the hotspot map is from {worse} worse to {better} better (95 % interval)"
            )
        }
        (_, _, Language::Vi) => "quá ít để kết luận bản đồ nào hơn".to_owned(),
        (_, _, Language::En) => "too few to say which is better".to_owned(),
    };
    match language {
        Language::Vi => {
            format!("{name} trên cùng diện tích: {hit} % số nương, PAI {pai}; {better}.")
        }
        Language::En => {
            format!("{name} on the same area: {hit} % of the plots, PAI {pai}; {better}.")
        }
    }
}

fn random(made: &Validation, language: Language) -> String {
    let Some((band, p)) = made.random else { return String::new() };
    let [low, high] = [band.low, band.high].map(|end| index(end, language));
    let p = number(p, 4, language);
    match (band.high > 0.0, language) {
        (true, Language::Vi) => {
            format!(
                "Cùng diện tích chọn ngẫu nhiên có PAI {low} đến {high} trong 95 % lần rút; p = {p}."
            )
        }
        (true, Language::En) => {
            format!(
                "As much ground at random has a PAI of {low} to {high} in 95 % of draws; p = {p}."
            )
        }
        (false, Language::Vi) => {
            format!("Cùng diện tích chọn ngẫu nhiên hầu như không bắt trúng nương nào; p = {p}.")
        }
        (false, Language::En) => {
            format!("As much ground at random captures hardly ever a plot; p = {p}.")
        }
    }
}
