//! The figures printed with a hotspot map: how the map of the season before did.
//!
//! The verdict comes first, then the score over ground searched in both seasons, then the score over
//! all ground, then the maps beside it; last, how many hotspots of this map the search alone may
//! explain. Each has a sentence of its own.

use super::{
    map::{Searching, season_without_cells},
    score_words::{Verdict, beside, frozen, main, random, second, verdict},
    validation::{Validation, validated},
};
use crate::{
    analysis::validation::{NoScore, Score},
    domain::{Language, Season},
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
    if let Some(season) = season_without_cells(snapshot, query)? {
        return Ok(vec![no_data(season)]);
    }
    let mut figures = validated(snapshot, query)?.map_or_else(Vec::new, |made| said(&made));
    if let Some(searching) = Searching::of(snapshot, query)? {
        figures.push(by_search(searching));
    }
    Ok(figures)
}

/// Where a season has no cell to tell of: nobody looked, and nothing was seen.
fn no_data(season: Season) -> Figure {
    figure(
        "status",
        ("Tình trạng", "Status"),
        text("no-data"),
        (
            format!("Niên vụ {season} không có dữ liệu: chưa biết."),
            format!("Season {season} has no data: unknown."),
        ),
    )
}

/// How many hotspots the search alone may explain.
fn by_search(searching: Searching) -> Figure {
    let Searching { hot, known, explained } = searching;
    let vi = |count: usize| number(count as f64, 0, Language::Vi);
    let title = ("Điểm nóng có thể do rà soát nhiều", "Hotspots that search may explain");
    if known == 0 {
        let said = (
            format!(
                "Không rõ đã rà soát bao nhiêu quanh {} điểm nóng: không biết bao nhiêu nơi chỉ nóng vì rà soát nhiều.",
                vi(hot)
            ),
            format!(
                "How much was searched around the {} is not known, nor how many are hot only for that.",
                hotspots(hot)
            ),
        );
        return figure("hot_by_search", title, Value::Null, said);
    }
    let unknown = hot - known;
    let (rest_vi, rest_en) = if unknown == 0 {
        (String::new(), String::new())
    } else {
        (
            format!(" Còn {} điểm chưa rõ.", vi(unknown)),
            format!(" Of {} it is not known.", hotspots(unknown)),
        )
    };
    let said = (
        format!(
            "{} trong {} điểm nóng xét được có thể chỉ nóng vì ở đó rà soát nhiều.{rest_vi} Xét từng \
             điểm một; `value=rate` thử mọi nơi cùng lúc và có thể không xác nhận điểm nào.",
            vi(explained),
            vi(known)
        ),
        format!(
            "{} of {} that can be judged may be hot only for how much was searched there.{rest_en} Each by \
             itself; `value=rate` tests all at once and may confirm none.",
            number(explained as f64, 0, Language::En),
            hotspots(known)
        ),
    );
    figure("hot_by_search", title, count(explained as u64), said)
}

fn hotspots(count: usize) -> String {
    match count {
        1 => "1 hotspot".to_owned(),
        some => format!("{} hotspots", number(some as f64, 0, Language::En)),
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
