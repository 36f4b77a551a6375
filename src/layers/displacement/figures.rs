//! The figures of displacement as a whole.

use super::{displaced::Displaced, layer::signed};
use crate::{
    analysis::{
        chance::draws::{Draws, MOST_PERMUTATIONS},
        displacement::{Difference, NoPlacebo, Placebo, placebo},
    },
    domain::Language,
    layers::{
        Figure, LayerError, LayerQuery, Value,
        say::{count, figure, measure, number, text, told},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The draws of this analysis, with its version.
const ANALYSIS: &str = "displacement/placebo/2";

/// Cells looked at by all placebos together, and the most of them: a tenth of a second's work.
const MOST_LOOKED: f64 = 5e7;
const MOST_PLACEBOS: u32 = 9_999;

/// The deviate of an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// The figures about `all`.
pub(super) fn figures(
    snapshot: &Snapshot,
    query: &LayerQuery,
    all: &Displaced,
) -> Result<Vec<Figure>, LayerError> {
    if !(1..=MOST_PERMUTATIONS).contains(&query.permutations) {
        return Err(LayerError::Parameter {
            parameter: "permutations",
            reason: format!("{} placebos: ask for 1 to {MOST_PERMUTATIONS}", query.permutations)
                .into(),
        });
    }
    let key = format!("displacement figures {} {} {}", all.key, query.permutations, query.seed);
    let tried = wanted(
        snapshot,
        &query.asker,
        &key,
        |_| 64,
        || {
            let ground = all.places.iter().map(|place| place.ground).sum::<f64>();
            let cell = ground / all.places.len().max(1) as f64;
            let near =
                (4.0 * all.reach() * all.reach() / cell.max(1.0)).min(all.places.len() as f64);
            let looked = near.max(1.0) * f64::from(all.response().compared.max(1));
            let most = (MOST_LOOKED / looked).clamp(99.0, f64::from(MOST_PLACEBOS)) as u32;
            let permutations = query.permutations.min(most);
            let draws = Draws { permutations, seed: query.seed, analysis: ANALYSIS };
            Ok(placebo(&all.places, all.reach(), 1, draws, &query.asker)?)
        },
    )?;
    Ok(said(all, *tried))
}

fn said(all: &Displaced, tried: Result<Placebo, NoPlacebo>) -> Vec<Figure> {
    let (treated, buffer) = (all.treated(), all.buffer());
    let whole = treated.against(all.control());
    let interval = whole.map(|it| it.interval(Z));
    let quotient = all.quotient(&buffer);
    let placebo = |language| placebo_sentence(tried, language);
    let both = |of: &dyn Fn(Language) -> String| (of(Language::Vi), of(Language::En));
    let wdd = |language| wdd_sentence(all, whole, language);
    let wdq = |language| wdq_sentence(quotient, language);
    let compared = |language: Language| {
        let (one, two) = (treated.compared, treated.cells);
        match language {
            Language::Vi => format!(
                "{one} trong {two} ô bị phá và quanh đó được rà soát ở cả hai niên vụ; {} trong {} ô đối chứng. \
                 Rà soát nhiều hơn trông giống trồng nhiều hơn.",
                all.control().compared,
                all.control().cells
            ),
            Language::En => format!(
                "{one} of {two} cells cleared or around were surveyed in both seasons; {} of {} control cells. \
                 More searching looks like more poppy.",
                all.control().compared,
                all.control().cells
            ),
        }
    };
    let cells = |language| match language {
        Language::Vi => format!(
            "Đếm theo {}: ô vuông hoặc lục giác có vòng quanh rõ ràng; xã, huyện và ô H3 thì không.",
            all.cell
        ),
        Language::En => format!(
            "Counted in {}: squares and hexagons have clear rings around them; communes, districts and \
             cells of H3 have not.",
            all.cell
        ),
    };
    vec![
        figure("wdd", ("WDD", "WDD"), measure(whole.map(|it| it.estimate), 4), both(&wdd)),
        figure(
            "wdd_low",
            ("Đầu dưới của WDD", "Low end of WDD"),
            measure(interval.map(|it| it[0]), 4),
            both(&wdd),
        ),
        figure(
            "wdd_high",
            ("Đầu trên của WDD", "High end of WDD"),
            measure(interval.map(|it| it[1]), 4),
            both(&wdd),
        ),
        figure(
            "wdd_p",
            ("p của WDD", "p of WDD"),
            measure(whole.and_then(Difference::p), 9),
            both(&wdd),
        ),
        figure("wdq", ("WDQ", "WDQ"), measure(quotient.ok(), 4), both(&wdq)),
        figure(
            "wdq_reason",
            ("Vì sao không có WDQ", "Why there is no WDQ"),
            quotient.err().map_or(Value::Null, text),
            both(&wdq),
        ),
        figure(
            "tne",
            ("TNE", "TNE"),
            measure(all.net(&buffer), 4),
            both(&|language| {
                match language {
            Language::Vi => "Hiệu quả ròng: số nương ít hơn mức đối chứng dự báo ở vùng phá và mọi vành đai; âm là nhiều hơn.".into(),
            Language::En => "Total net effects: plots fewer than the control lets expect, response and all rings; negative: more.".into(),
        }
            }),
        ),
        figure(
            "placebo_p",
            ("p giả dược", "Placebo p"),
            measure(tried.ok().map(|it| it.tally.two_sided()), 9),
            both(&placebo),
        ),
        figure(
            "placebo_reason",
            ("Vì sao không có p giả dược", "Why there is no placebo"),
            tried.err().map_or(Value::Null, |it| text(it.word())),
            both(&placebo),
        ),
        figure(
            "compared",
            ("Số ô so được", "Cells compared"),
            count(treated.compared.into()),
            both(&compared),
        ),
        figure("cell", ("Ô dùng để đếm", "Counted in"), told(all.cell.to_string()), both(&cells)),
    ]
}

fn wdd_sentence(all: &Displaced, whole: Option<Difference>, language: Language) -> String {
    let (before, after) = (all.before, all.scope.season);
    let Some(whole) = whole else {
        return match language {
            Language::Vi => format!(
                "Không so được {before} với {after}: không có ô bị phá ở {}, hoặc không đủ ô được rà soát ở cả hai niên vụ.",
                all.cleared_in()
            ),
            Language::En => format!(
                "Nothing to compare between {before} and {after}: no cell was cleared in {}, or too few cells were surveyed in both.",
                all.cleared_in()
            ),
        };
    };
    let [low, high] = whole.interval(Z).map(|end| signed(end, language));
    let estimate = signed(whole.estimate, language);
    match language {
        Language::Vi => format!(
            "Vùng phá và các vành đai: {estimate} nương so với mức vùng đối chứng dự báo cho cùng diện tích \
             (khoảng 95 %: {low} đến {high}), từ {before} đến {after}."
        ),
        Language::En => format!(
            "Response and rings: {estimate} plots against what the control lets expect of as much ground \
             (95 % interval {low} to {high}), from {before} to {after}."
        ),
    }
}

fn wdq_sentence(quotient: Result<f64, &'static str>, language: Language) -> String {
    match (quotient, language) {
        (Ok(value), Language::Vi) => format!(
            "WDQ = {}: nếu vùng phá giảm so với đối chứng thì dưới −1 là chuyển đi nhiều hơn phần giảm, −1 đến 0 là \
             chuyển một phần, trên 0 là vành đai cũng giảm.",
            number(value, 2, language)
        ),
        (Ok(value), Language::En) => format!(
            "WDQ = {}: where the response fell against the control, below −1 more moved than was won, −1 to 0 a part \
             of it, above 0 the rings fell too.",
            number(value, 2, language)
        ),
        (Err(reason), Language::Vi) => format!("WDQ không xác định ({reason})."),
        (Err(reason), Language::En) => format!("WDQ is undefined ({reason})."),
    }
}

fn placebo_sentence(tried: Result<Placebo, NoPlacebo>, language: Language) -> String {
    let alike = |from: u32| {
        match (from, language) {
        (0, Language::Vi) => "chọn bất kỳ: không đủ ô giống trước đó, nên mức giảm tự nhiên cũng trông như kết quả".to_owned(),
        (0, Language::En) => "chosen anywhere: too few cells were like these before, so that a fall by itself looks like a success".to_owned(),
        (from, Language::Vi) => format!("có cùng số nương trước đó (từ {from} trở lên coi như nhau)"),
        (from, Language::En) => format!("areas with the same counts before (from {from} on they pass for alike)"),
    }
    };
    match (tried, language) {
        (Ok(tried), Language::Vi) => format!(
            "{} trong {} vùng giả dược giảm bằng hoặc hơn; các vùng này {}.",
            number(tried.tally.le.into(), 0, language),
            number(tried.tally.permutations.into(), 0, language),
            alike(tried.alike_from)
        ),
        (Ok(tried), Language::En) => format!(
            "{} of {} placebo areas fell as much or more; they were {}.",
            number(tried.tally.le.into(), 0, language),
            number(tried.tally.permutations.into(), 0, language),
            alike(tried.alike_from)
        ),
        (Err(reason), Language::Vi) => {
            format!("Không có vùng giả dược để so ({}).", reason.word())
        }
        (Err(reason), Language::En) => {
            format!("There are no placebo areas to compare with ({}).", reason.word())
        }
    }
}
