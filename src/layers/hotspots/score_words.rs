//! How the map of the season before did, in words that a planner would use.

use super::validation::{Marks, Validation};
use crate::{
    analysis::validation::{Band, NoScore},
    domain::Language,
    layers::say::number,
};

/// What is to be said of two maps.
#[derive(Clone, Copy)]
pub(super) enum Verdict {
    Better,
    Undecided,
    Worse,
    TooFew,
}

impl Verdict {
    pub(super) fn of(better: Option<Band>) -> Self {
        match better {
            None => Self::TooFew,
            Some(band) if band.low > 0.0 => Self::Better,
            Some(band) if band.high < 0.0 => Self::Worse,
            Some(_) => Self::Undecided,
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Undecided => "undecided",
            Self::Worse => "worse",
            Self::TooFew => "too-few",
        }
    }
}

fn percent(share: f64, language: Language) -> String {
    // Of a little ground more digits: `0 %` would read as none.
    number(100.0 * share, if share > 0.0 && share < 0.01 { 3 } else { 1 }, language)
}

/// An index, without digits that it has not got.
fn index(pai: f64, language: Language) -> String {
    number(pai, if pai < 10.0 { 2 } else { i32::from(pai < 100.0) }, language)
}

/// Which map is scored, and on what.
pub(super) fn frozen(made: &Validation, language: Language) -> String {
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

/// The map against last season's counts.
pub(super) fn verdict(made: &Validation, language: Language) -> String {
    let map = made.map;
    let verdict = Verdict::of(made.last_counts.blocks.first_better_by);
    let said = match (verdict, language) {
        (Verdict::Better, Language::Vi) => "tốt hơn số đếm niên vụ trước",
        (Verdict::Undecided, Language::Vi) => "chưa phân được hơn kém với số đếm niên vụ trước",
        (Verdict::Worse, Language::Vi) => "kém hơn số đếm niên vụ trước",
        (Verdict::TooFew, Language::Vi) => {
            "quá ít nương hoặc vùng để kết luận có hơn số đếm niên vụ trước hay không"
        }
        (Verdict::Better, Language::En) => "was better than last season's counts",
        (Verdict::Undecided, Language::En) => {
            "cannot be told from last season's counts, better or worse"
        }
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

/// The score over ground searched in both seasons, or why there is none.
pub(super) fn main(made: &Validation, language: Language) -> String {
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
                |[low, high]| {
                    format!(
                        " (khoảng 95 %: {low} đến {high}; rộng hơn nữa nếu nương nằm thành cụm)"
                    )
                },
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
                |[low, high]| {
                    format!(
                        " (95 % interval {low} to {high}; wider still where plots lie in clumps)"
                    )
                },
            );
            format!(
                "On ground searched in both seasons: {what} {map} held {captured} of the {found} plots of {asked} \
                 ({hit} %) on {area} % of it: PAI {pai}{band}.{assumed}"
            )
        }
    }
}

/// The score over all ground.
pub(super) fn second(made: &Validation, language: Language) -> String {
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

/// Another map beside it.
pub(super) fn beside(marks: Marks, name: &str, language: Language) -> String {
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
        (Verdict::Undecided, Some(band), Language::Vi) => {
            let [worse, better] = ends(-band.low, band.high);
            format!(
                "không phân được: bản đồ điểm nóng từ kém {worse} đến hơn {better} (khoảng 95 %)"
            )
        }
        (Verdict::Undecided, Some(band), Language::En) => {
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

/// Chance beside it.
pub(super) fn random(made: &Validation, language: Language) -> String {
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
