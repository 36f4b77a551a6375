//! The figures of displacement as a whole.

use super::{displaced::Displaced, layer::signed};
use crate::{
    analysis::{
        chance::draws::{Draws, MOST_PERMUTATIONS},
        displacement::{Difference, NoPlacebo, Placebo, placebo},
    },
    domain::Language,
    layers::{
        Figure, LayerError, LayerQuery, Refusal,
        say::{count, figure, measure, number, text, told},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The draws of this analysis, with its version.
const ANALYSIS: &str = "displacement/placebo/2";

/// Placebos with so many times the ground of the response lie apart where it lies together.
const APART: f64 = 1.5;

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
            reason: Refusal::new(
                format!(
                    "{} vùng giả dược: hãy hỏi từ 1 đến {MOST_PERMUTATIONS}",
                    query.permutations
                ),
                format!("{} placebos: ask for 1 to {MOST_PERMUTATIONS}", query.permutations),
            ),
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
    let quotient = all.quotient(&buffer);
    let both = |of: &dyn Fn(Language) -> String| (of(Language::Vi), of(Language::En));
    let wdd = both(&|language| wdd_sentence(all, whole, language));
    let mut figures =
        vec![figure("wdd", ("WDD", "WDD"), measure(whole.map(|it| it.estimate), 4), wdd)];
    if whole.is_some() {
        figures.extend(of_wdd(whole));
    }
    let wdq = both(&|language| wdq_sentence(quotient, language));
    figures.push(match quotient {
        Ok(value) => figure("wdq", ("WDQ", "WDQ"), measure(value, 4), wdq),
        Err(reason) => {
            figure("wdq_reason", ("Vì sao không có WDQ", "Why there is no WDQ"), text(reason), wdq)
        }
    });
    if let Some(net) = all.net(&buffer) {
        figures.push(figure(
            "tne",
            ("Hiệu quả ròng (TNE)", "Total net effects (TNE)"),
            measure(net, 4),
            both(&|language| net_sentence(net, language)),
        ));
    }
    // Without anything compared the first sentence has said so.
    if whole.is_some() {
        let placebo = both(&|language| placebo_sentence(all, tried, language));
        figures.push(match tried {
            Ok(tried) => figure(
                "placebo_p",
                ("p giả dược", "Placebo p"),
                measure(tried.tally.two_sided(), 9),
                placebo,
            ),
            Err(reason) => figure(
                "placebo_reason",
                ("Vì sao không có p giả dược", "Why there is no placebo"),
                text(reason.word()),
                placebo,
            ),
        });
    }
    figures.push(figure(
        "compared",
        ("Số ô so được", "Cells compared"),
        count(treated.compared.into()),
        both(&|language| compared_sentence(all, language)),
    ));
    figures.push(figure(
        "cell",
        ("Ô dùng để đếm", "Counted in"),
        told(all.cell.to_string()),
        both(&|language| cell_sentence(all, language)),
    ));
    figures
}

/// The ends of the difference, and its p.
fn of_wdd(whole: Option<Difference>) -> Vec<Figure> {
    let interval = whole.map(|it| it.interval(Z));
    let end = || {
        (
            "Khoảng 95 %, coi mỗi số đếm là Poisson.".to_owned(),
            "The interval of 95 %, each count taken as Poisson.".to_owned(),
        )
    };
    let p = (
        "Khả năng thấy chênh lệch như thế hoặc lớn hơn nếu không có gì thay đổi so với đối chứng."
            .to_owned(),
        "How often a difference as large would be seen if nothing had changed against the control."
            .to_owned(),
    );
    vec![
        figure(
            "wdd_low",
            ("Đầu dưới của WDD", "Low end of WDD"),
            measure(interval.map(|it| it[0]), 4),
            end(),
        ),
        figure(
            "wdd_high",
            ("Đầu trên của WDD", "High end of WDD"),
            measure(interval.map(|it| it[1]), 4),
            end(),
        ),
        figure("wdd_p", ("p của WDD", "p of WDD"), measure(whole.and_then(Difference::p), 9), p),
    ]
}

fn compared_sentence(all: &Displaced, language: Language) -> String {
    let (treated, control) = (all.treated(), all.control());
    if treated.cells == 0 {
        return match language {
            Language::Vi => format!("Không có ô nào bị phá nương ở {}.", all.cleared_in()),
            Language::En => format!("No cell was cleared in {}.", all.cleared_in()),
        };
    }
    match language {
        Language::Vi => format!(
            "{} trong {} ô bị phá và quanh đó được rà soát ở cả hai niên vụ; {} trong {} ô đối chứng. Phần còn lại là chưa biết. \
             Rà soát nhiều hơn trông giống trồng nhiều hơn.",
            treated.compared, treated.cells, control.compared, control.cells
        ),
        Language::En => format!(
            "{} of {} cells cleared or around were surveyed in both seasons; {} of {} control cells. The others are unknown. \
             More searching looks like more poppy.",
            treated.compared, treated.cells, control.compared, control.cells
        ),
    }
}

fn cell_sentence(all: &Displaced, language: Language) -> String {
    match language {
        Language::Vi => format!(
            "Đếm theo {}: ô vuông hoặc lục giác có vòng quanh rõ ràng; xã, huyện và ô H3 thì không.",
            all.cell
        ),
        Language::En => format!(
            "Counted in {}: squares and hexagons have clear rings around them; communes, districts and \
             cells of H3 have not.",
            all.cell
        ),
    }
}

/// How TNE differs from WDD, which is a net effect too.
const TNE_VI: &str = "theo tỷ lệ sau trên trước của đối chứng (WDD so thay đổi của đối chứng theo diện \
                      đất), không có khoảng tin cậy.";
const TNE_EN: &str = "by the control's ratio of after to before (WDD: by its change in plots for as much \
                      ground), without an interval.";

fn net_sentence(net: f64, language: Language) -> String {
    let plots = number(net.abs(), 1, language);
    match (net < 0.0, language) {
        (false, Language::Vi) => format!(
            "Hiệu quả ròng: ít hơn {plots} nương so với mức đối chứng dự báo, ở vùng phá và mọi vành đai; {TNE_VI}"
        ),
        (true, Language::Vi) => format!(
            "Hiệu quả ròng: nhiều hơn {plots} nương so với mức đối chứng dự báo, ở vùng phá và mọi vành đai; {TNE_VI}"
        ),
        (false, Language::En) => format!(
            "Net effect: {plots} plots fewer than the control lets expect, response and all rings; {TNE_EN}"
        ),
        (true, Language::En) => format!(
            "Net effect: {plots} plots more than the control lets expect, response and all rings; {TNE_EN}"
        ),
    }
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
    let [ends_low, ends_high] = whole.interval(Z);
    let open = ends_low <= 0.0 && ends_high >= 0.0;
    let verdict = match (open, language) {
        (false, _) => "",
        (true, Language::Vi) => "Chưa chứng tỏ có giảm, tăng hay chuyển dịch. ",
        (true, Language::En) => "No fall, rise or displacement is shown. ",
    };
    match language {
        Language::Vi => format!(
            "{verdict}Vùng phá và các vành đai: {estimate} nương so với mức vùng đối chứng dự báo cho cùng diện tích \
             (khoảng 95 %: {low} đến {high}), từ {before} đến {after}."
        ),
        Language::En => format!(
            "{verdict}Response and rings: {estimate} plots against what the control lets expect of as much ground \
             (95 % interval {low} to {high}), from {before} to {after}."
        ),
    }
}

fn wdq_sentence(quotient: Result<f64, &'static str>, language: Language) -> String {
    match (quotient, language) {
        (Ok(value), Language::Vi) => format!(
            "WDQ = {}, không có khoảng tin cậy: hãy tin WDD hơn. Nếu vùng phá giảm so với đối chứng thì dưới −1 là chuyển đi nhiều hơn phần giảm, −1 đến 0 là \
             chuyển một phần, trên 0 là vành đai cũng giảm.",
            number(value, 2, language)
        ),
        (Ok(value), Language::En) => format!(
            "WDQ = {}, without an interval: believe the WDD before it. Where the response fell against the control, below −1 more moved than was won, −1 to 0 a part \
             of it, above 0 the rings fell too.",
            number(value, 2, language)
        ),
        (Err(reason), Language::Vi) => {
            let why = match reason {
                "control-zero-before" => "vùng đối chứng không có nương ở niên vụ trước",
                "control-zero-after" => "vùng đối chứng không có nương ở niên vụ sau",
                "no-response" => "vùng phá thay đổi y như vùng đối chứng",
                _ => {
                    "vùng phá, vành đai hoặc đối chứng không có ô nào được rà soát ở cả hai niên vụ"
                }
            };
            format!("Không tính được WDQ: {why}.")
        }
        (Err(reason), Language::En) => {
            let why = match reason {
                "control-zero-before" => "the control had no plot in the season before",
                "control-zero-after" => "the control had no plot in the season after",
                "no-response" => "the response changed just as the control did",
                _ => "response, rings or control have no cell that was surveyed in both seasons",
            };
            format!("There is no WDQ: {why}.")
        }
    }
}

/// How many placebos make the p: those on the side of the fewer, and what they did.
fn side(tried: &Placebo, language: Language) -> (u32, &'static str) {
    let (tally, observed) = (tried.tally, tried.observed.estimate);
    if tally.le <= tally.ge {
        let did = match (observed > 0.0, language) {
            (false, Language::Vi) => "giảm bằng hoặc hơn",
            (false, Language::En) => "fell as much or more",
            (true, Language::Vi) => "tăng không hơn, hoặc giảm",
            (true, Language::En) => "rose no more, or fell",
        };
        return (tally.le, did);
    }
    let did = match (observed < 0.0, language) {
        (false, Language::Vi) => "tăng bằng hoặc hơn",
        (false, Language::En) => "rose as much or more",
        (true, Language::Vi) => "giảm không hơn, hoặc tăng",
        (true, Language::En) => "fell no more, or rose",
    };
    (tally.ge, did)
}

fn placebo_sentence(
    all: &Displaced,
    tried: Result<Placebo, NoPlacebo>,
    language: Language,
) -> String {
    let seasons = all.cleared_in();
    let n = |count: f64, decimals| number(count, decimals, language);
    let (count, did) = tried.as_ref().map_or((0, ""), |tried| side(tried, language));
    match (tried, language) {
        (Ok(tried), Language::Vi) => format!(
            "p giả dược = {} (hai phía): {} trong {} vùng giả dược {did}. Chúng được rút từ các ô có cùng số \
             nương trong {seasons}, là niên vụ đã chọn nơi phá (từ {} trở lên coi như nhau), kể cả các ô bị phá.{}",
            n(tried.tally.two_sided(), 4),
            n(count.into(), 0),
            n(tried.tally.permutations.into(), 0),
            n(tried.alike_from.into(), 0),
            if tried.ground > APART {
                format!(
                    " Các ô bị phá nằm sát nhau, vùng giả dược nằm rải ra (rộng gấp {} lần kể cả vành đai): p như thế hầu như \
                     không bao giờ nhỏ.",
                    n(tried.ground, 1)
                )
            } else {
                String::new()
            }
        ),
        (Ok(tried), Language::En) => format!(
            "Placebo p = {} (two-sided): {} of {} placebo areas {did}. They are drawn from cells with the \
             same number of plots in {seasons}, which chose the cleared ground (from {} on they pass for alike), the \
             cleared ones among them.{}",
            n(tried.tally.two_sided(), 4),
            n(count.into(), 0),
            n(tried.tally.permutations.into(), 0),
            n(tried.alike_from.into(), 0),
            if tried.ground > APART {
                format!(
                    " The cleared cells lie close together and the placebos apart (with their rings {} times the ground): \
                     such a p is hardly ever small.",
                    n(tried.ground, 1)
                )
            } else {
                String::new()
            }
        ),
        (Err(reason), Language::Vi) => format!(
            "Không có vùng giả dược để so: {}.",
            match reason {
                NoPlacebo::NoResponse => "không có ô nào bị phá so được".to_owned(),
                NoPlacebo::NoControl => "vùng phá và vành đai chiếm hết đất so được".to_owned(),
                NoPlacebo::NoMatch => format!(
                    "quá ít ô không bị phá mà có nương như thế trong {seasons} (chưa đến 20 vùng khác nhau)"
                ),
            }
        ),
        (Err(reason), Language::En) => format!(
            "There are no placebo areas to compare with: {}.",
            match reason {
                NoPlacebo::NoResponse => "no cleared cell can be compared".to_owned(),
                NoPlacebo::NoControl =>
                    "response and rings take up all ground that can be compared".to_owned(),
                NoPlacebo::NoMatch => format!(
                    "too few cells that were not cleared had as many plots in {seasons} (under 20 different areas)"
                ),
            }
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::chance::tally::Tally;

    #[test]
    fn the_placebos_told_are_those_that_make_the_p() {
        let told = |estimate: f64, ge: u32, le: u32| {
            let tried = Placebo {
                observed: Difference { estimate, error: 1.0 },
                mean: 0.0,
                tally: Tally { permutations: 9_999, ge, le },
                alike_from: 0,
                ground: 1.0,
            };
            let (count, did) = side(&tried, Language::En);
            let p = 2.0 * (f64::from(count) + 1.0) / 10_000.0;
            assert!((tried.tally.two_sided() - p.min(1.0)).abs() < 1e-12);
            assert_eq!(side(&tried, Language::Vi).0, count);
            (count, did)
        };
        assert_eq!(told(-2.0, 4_090, 6_033), (4_090, "fell no more, or rose"));
        assert_eq!(told(-9.0, 9_990, 12), (12, "fell as much or more"));
        assert_eq!(told(5.0, 30, 9_970), (30, "rose as much or more"));
        assert_eq!(told(0.5, 6_000, 4_100), (4_100, "rose no more, or fell"));
    }
}
