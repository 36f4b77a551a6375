//! The figures of re-cultivation as a whole: the rate with what it is a rate of, beside chance, and
//! how long cleared ground stays clear.

use std::{collections::BTreeMap, sync::Arc};

use super::cleared::Cleared;
use crate::{
    analysis::{
        chance::{
            draws::{Draws, MOST_PERMUTATIONS},
            exact_interval::binomial_interval,
        },
        geometry::ground::Ground,
        recultivation::{
            Chance, NoChance, NoRate, Rate, episodes, placed_at_random, rate, relabelled,
            survival::{median, survival},
        },
    },
    domain::Language,
    layers::{
        Figure, LayerError, LayerQuery,
        say::{count, figure, measure, number, text},
        wanted::wanted,
    },
    snapshot::{Snapshot, UnitRef},
};

/// The draws of these analyses, with their versions.
const LABELS: &str = "recultivation/labels/1";
const PLACES: &str = "recultivation/places/1";

/// Random places looked up, and the most sets of them: a tenth of a second's work.
const MOST_PLACED: usize = 400_000;
const MOST_SETS: u32 = 9_999;

/// All that the figures tell.
struct Told {
    rate: Rate,
    labels: Result<Chance, NoChance>,
    places: Result<Chance, NoChance>,
    watched: usize,
    median: Option<f64>,
    after_one: Option<f64>,
}

/// The figures about `cleared`.
pub(super) fn figures(
    snapshot: &Snapshot,
    query: &LayerQuery,
    cleared: &Arc<Cleared>,
    distance: f64,
) -> Result<Vec<Figure>, LayerError> {
    if !(1..=MOST_PERMUTATIONS).contains(&query.permutations) {
        return Err(LayerError::Parameter {
            parameter: "permutations",
            reason: format!(
                "{} shuffled labels: ask for 1 to {MOST_PERMUTATIONS}",
                query.permutations
            )
            .into(),
        });
    }
    let key = format!(
        "recultivation figures {:?} {} {:?} {:?} {distance} {} {}",
        query.since, cleared.season, query.datetime, query.today, query.permutations, query.seed
    );
    let told = wanted(
        snapshot,
        &query.asker,
        &key,
        |_| 1024,
        || tell(snapshot, query, cleared, distance),
    )?;
    Ok(said(&told, cleared, distance))
}

fn tell(
    snapshot: &Snapshot,
    query: &LayerQuery,
    cleared: &Cleared,
    distance: f64,
) -> Result<Told, LayerError> {
    let year = cleared.year();
    let of_season: Vec<usize> =
        (0..cleared.len()).filter(|at| cleared.year_of(*at) == year).collect();
    let mut grounds: BTreeMap<UnitRef, Ground> = BTreeMap::new();
    let mut homes = Vec::new();
    for at in of_season {
        let view = snapshot.plot(cleared.number(at));
        let commune = view.and_then(|view| snapshot.units_of(view, None).commune);
        let metric = commune.and_then(|unit| Some((unit, snapshot.unit(unit).metric()?)));
        if let Some((unit, ground)) = metric {
            grounds.entry(unit).or_insert_with(|| Ground::of(ground));
            homes.push((at, unit));
        }
    }
    let placed: Vec<(usize, &Ground)> =
        homes.iter().map(|(at, unit)| (*at, &grounds[unit])).collect();
    let LayerQuery { permutations, seed, .. } = *query;
    let sets = (MOST_PLACED / placed.len().max(1)).clamp(99, MOST_SETS as usize) as u32;
    cleared.ask(|plots, history| {
        let labels = Draws { permutations, seed, analysis: LABELS };
        let places = Draws { permutations: permutations.min(sets), seed, analysis: PLACES };
        let spells = episodes(history, year);
        let steps = survival(&spells);
        Ok(Told {
            rate: rate(history, year),
            labels: relabelled(history, year, labels),
            places: placed_at_random(plots, year, &placed, distance, places, &query.asker)?,
            watched: spells.len(),
            median: median(&steps),
            after_one: (!spells.is_empty()).then(|| {
                steps.first().filter(|step| step.time <= 1.0).map_or(1.0, |step| step.survival)
            }),
        })
    })
}

fn said(told: &Told, cleared: &Cleared, distance: f64) -> Vec<Figure> {
    let mut figures = of_rate(told.rate, cleared, distance);
    // Without a rate there is nothing to hold against chance: the first sentence has said why.
    if told.rate.share().is_ok() {
        figures.extend(of_labels(told));
        figures.extend(of_places(told, distance));
    }
    if told.watched > 0 {
        figures.extend(of_survival(told));
    }
    figures
}

fn of_rate(rate: Rate, cleared: &Cleared, distance: f64) -> Vec<Figure> {
    let season = cleared.season;
    let Rate { searched, returned, .. } = rate;
    let share = rate.share();
    let interval = binomial_interval(returned.into(), searched.into(), 0.95);
    let percent = |share: f64, language| number(100.0 * share, 1, language);
    let sentence = |language: Language| match (share, language) {
        (Ok(share), Language::Vi) => {
            let ends = interval.map_or_else(String::new, |it| {
                format!(
                    " (khoảng tin cậy 95 %: {} đến {} %)",
                    percent(it.low, language),
                    percent(it.high, language)
                )
            });
            format!(
                "{returned} trong {searched} nương đã phá được tìm lại ở niên vụ {season} lại có nương trong {} m: \
                 {} %{ends}. Nương không ai tìm lại là chưa biết, không tính.",
                number(distance, 0, language),
                percent(share, language)
            )
        }
        (Ok(share), Language::En) => {
            let ends = interval.map_or_else(String::new, |it| {
                format!(
                    " (95 % interval: {} to {} %)",
                    percent(it.low, language),
                    percent(it.high, language)
                )
            });
            format!(
                "{returned} of {searched} cleared plots that were searched again in {season} had a plot again within {} m: \
                 {} %{ends}. Those that nobody searched again are unknown, and not counted.",
                number(distance, 0, language),
                percent(share, language)
            )
        }
        (Err(NoRate::NothingCleared), Language::Vi) => {
            format!(
                "Trước niên vụ {season} chưa có nương nào bị phá mà còn chờ xem: không có tỷ lệ."
            )
        }
        (Err(NoRate::NothingCleared), Language::En) => {
            format!("No cleared plot waits to be looked at in {season}: there is no rate.")
        }
        (Err(NoRate::NobodyLooked), Language::Vi) => format!(
            "Niên vụ {season} không ghi nhận ai tìm lại nương nào trong {} nương đã phá: tỷ lệ chưa biết, không phải bằng 0.",
            rate.cleared
        ),
        (Err(NoRate::NobodyLooked), Language::En) => format!(
            "No search of any of the {} cleared plots is recorded in {season}: the rate is unknown, not 0.",
            rate.cleared
        ),
    };
    let both = || (sentence(Language::Vi), sentence(Language::En));
    // Tracks lead to the plots that were found, so that what was searched is no fair sample.
    let back = returned + rate.returned_unsearched;
    let at_least = (rate.cleared > 0).then(|| f64::from(back) / f64::from(rate.cleared));
    let rate_figure = figure(
        "rate",
        ("Tỷ lệ tái trồng", "Rate of re-cultivation"),
        measure(share.ok(), 6),
        both(),
    );
    let mut figures = vec![rate_figure];
    let words = |vi: &str, en: &str| (vi.to_owned(), en.to_owned());
    let exact = || {
        words(
            "Khoảng chính xác 95 % (Clopper-Pearson).",
            "Exact interval of 95 % (Clopper-Pearson).",
        )
    };
    match share {
        Ok(_) => figures.extend([
            figure(
                "rate_low",
                ("Đầu dưới khoảng tin cậy", "Low end of the interval"),
                measure(interval.map(|it| it.low), 6),
                exact(),
            ),
            figure(
                "rate_high",
                ("Đầu trên khoảng tin cậy", "High end of the interval"),
                measure(interval.map(|it| it.high), 6),
                exact(),
            ),
        ]),
        Err(reason) => figures.push(figure(
            "rate_reason",
            ("Vì sao không có tỷ lệ", "Why there is no rate"),
            text(reason.word()),
            both(),
        )),
    }
    let Some(at_least) = at_least else { return figures };
    figures.extend([
        figure(
            "rate_at_least",
            ("Tỷ lệ thấp nhất có thể", "Least that the rate can be"),
            measure(at_least, 6),
            (
                format!(
                    "Đường tuần tra thường dẫn tới nương đã thấy, nên tỷ lệ trên dễ quá cao. Nếu mọi chỗ không ai tìm đều sạch thì \
                     là {} %: không thể thấp hơn.",
                    percent(at_least, Language::Vi)
                ),
                format!(
                    "Tracks lead to plots that were found, so that the rate is easily too high. Were all places that nobody \
                     searched clear, it would be {} %: it cannot be lower.",
                    percent(at_least, Language::En)
                ),
            ),
        ),
        figure(
            "cleared",
            ("Nương đã phá", "Cleared plots"),
            count(rate.cleared.into()),
            words(
                "Bị phá ở các niên vụ trước và chưa tái trồng trước niên vụ này.",
                "Cleared in earlier seasons, without a plot on their place before this one.",
            ),
        ),
        figure(
            "searched_again",
            ("Được tìm lại", "Searched again"),
            count(searched.into()),
            words("Mẫu số của tỷ lệ.", "The denominator of the rate."),
        ),
        figure(
            "returned",
            ("Tái trồng", "Came back"),
            count(returned.into()),
            words("Tử số của tỷ lệ.", "The numerator of the rate."),
        ),
        figure(
            "returned_unsearched",
            ("Tái trồng, không ghi nhận lần tìm", "Came back, no search recorded"),
            count(rate.returned_unsearched.into()),
            words(
                "Lại có nương theo tin báo hay ảnh, không tính vào tỷ lệ.",
                "Had a plot again that was found without a recorded search: not in the rate.",
            ),
        ),
        figure(
            "unknown",
            ("Chưa biết", "Unknown"),
            count(rate.unknown().into()),
            words("Không ai tìm lại: chưa biết.", "Not searched again: nobody knows."),
        ),
    ]);
    figures
}

/// A ratio in words.
fn beside(chance: Chance, language: Language) -> String {
    let expected = number(chance.expected, 2, language);
    let p = number(chance.tally.upper(), 4, language);
    match (chance.ratio(), language) {
        (Some(ratio), Language::Vi) => format!(
            "{} so với {expected} nếu ngẫu nhiên: gấp {} lần (p = {p})",
            chance.observed,
            number(ratio, i32::from(ratio < 10.0), language)
        ),
        (Some(ratio), Language::En) => format!(
            "{} against {expected} by chance: {} times as many (p = {p})",
            chance.observed,
            number(ratio, i32::from(ratio < 10.0), language)
        ),
        (None, Language::Vi) => format!("{} so với 0 nếu ngẫu nhiên (p = {p})", chance.observed),
        (None, Language::En) => format!("{} against 0 by chance (p = {p})", chance.observed),
    }
}

/// Why chance says nothing, in words.
fn why(reason: NoChance, language: Language) -> &'static str {
    match (reason, language) {
        (NoChance::NothingCleared, Language::Vi) => "chưa có nương nào bị phá trước đó",
        (NoChance::NothingCleared, Language::En) => "no plot was cleared before",
        (NoChance::NothingSearched, Language::Vi) => "không nương nào được tìm lại",
        (NoChance::NothingSearched, Language::En) => "no plot was searched again",
        (NoChance::NothingElse, Language::Vi) => "mọi nương được tìm lại đều đã bị phá",
        (NoChance::NothingElse, Language::En) => "all plots searched again had been cleared",
        (NoChance::NothingReturned, Language::Vi) => "không nương nào tái trồng",
        (NoChance::NothingReturned, Language::En) => "no plot came back",
        (NoChance::NoPlots, Language::Vi) => "niên vụ này không có nương nào",
        (NoChance::NoPlots, Language::En) => "the season has no plot",
        (NoChance::NoGround, Language::Vi) => "không biết ranh giới xã",
        (NoChance::NoGround, Language::En) => "the communes' ground is not known",
    }
}

fn of_labels(told: &Told) -> Vec<Figure> {
    let chance = told.labels;
    let sentence = |language: Language| match (chance, language) {
        (Ok(chance), Language::Vi) => format!(
            "Tái trồng trên đất đã phá: {}. Ngẫu nhiên ở đây là xáo trộn nhãn đã phá và chưa phá giữa các nương cùng niên vụ được tìm lại.",
            beside(chance, language)
        ),
        (Ok(chance), Language::En) => format!(
            "Returns to cleared ground: {}. Chance shuffles which plots of a season had been cleared, among those searched again.",
            beside(chance, language)
        ),
        (Err(reason), Language::Vi) => {
            format!("Không so được với nhãn xáo trộn: {}.", why(reason, language))
        }
        (Err(reason), Language::En) => {
            format!("Nothing to compare with shuffled labels: {}.", why(reason, language))
        }
    };
    let both = || (sentence(Language::Vi), sentence(Language::En));
    let known = chance.ok();
    vec![
        figure(
            "label_ratio",
            ("Gấp mấy lần nhãn xáo trộn", "Ratio to shuffled labels"),
            measure(known.and_then(Chance::ratio), 4),
            both(),
        ),
        figure(
            "label_p",
            ("p của nhãn xáo trộn", "p of shuffled labels"),
            measure(known.map(|it| it.tally.upper()), 9),
            (
                "Phần các lần xáo trộn có chừng ấy hoặc nhiều hơn tái trồng.".to_owned(),
                "The share of shuffles with as many returns or more.".to_owned(),
            ),
        ),
    ]
}

fn of_places(told: &Told, distance: f64) -> Vec<Figure> {
    let chance = told.places;
    let sentence = |language: Language| match (chance, language) {
        (Ok(chance), Language::Vi) => format!(
            "Nương của niên vụ trong {} m đất đã phá: {}. Ngẫu nhiên ở đây là đặt mỗi nương vào chỗ bất kỳ trong xã của nó ({} lần).",
            number(distance, 0, language),
            beside(chance, language),
            chance.tally.permutations
        ),
        (Ok(chance), Language::En) => format!(
            "Plots of the season within {} m of cleared ground: {}. Chance puts each anywhere in its own commune ({} draws).",
            number(distance, 0, language),
            beside(chance, language),
            chance.tally.permutations
        ),
        (Err(reason), Language::Vi) => {
            format!("Không so được với vị trí ngẫu nhiên: {}.", why(reason, language))
        }
        (Err(reason), Language::En) => {
            format!("Nothing to compare with random places: {}.", why(reason, language))
        }
    };
    let both = || (sentence(Language::Vi), sentence(Language::En));
    let known = chance.ok();
    vec![
        figure(
            "place_ratio",
            ("Gấp mấy lần vị trí ngẫu nhiên", "Ratio to random places"),
            measure(known.and_then(Chance::ratio), 4),
            both(),
        ),
        figure(
            "place_p",
            ("p của vị trí ngẫu nhiên", "p of random places"),
            measure(known.map(|it| it.tally.upper()), 9),
            (
                "Phần các lần đặt ngẫu nhiên có chừng ấy hoặc nhiều hơn trên đất đã phá."
                    .to_owned(),
                "The share of random placings with as many on cleared ground or more.".to_owned(),
            ),
        ),
    ]
}

fn of_survival(told: &Told) -> Vec<Figure> {
    let watched = told.watched;
    let sentence = |language: Language| match (told.median, language) {
        (Some(median), Language::Vi) => format!(
            "Một nửa trong {watched} nương đã phá được theo dõi liên tục tái trồng trong vòng {} niên vụ (Kaplan-Meier).",
            number(median, 0, language)
        ),
        (Some(median), Language::En) => format!(
            "Half of {watched} cleared plots that were watched without a gap had a plot again within {} {} (Kaplan-Meier).",
            number(median, 0, language),
            if median <= 1.0 { "season" } else { "seasons" }
        ),
        (None, Language::Vi) => format!(
            "Trong {watched} nương đã phá được theo dõi liên tục, quá nửa còn sạch đến lần tìm cuối."
        ),
        (None, Language::En) => format!(
            "Of {watched} cleared plots that were watched without a gap, more than half were still clear when last searched."
        ),
    };
    let both = || (sentence(Language::Vi), sentence(Language::En));
    let mut figures = vec![
        figure(
            "median_survival",
            ("Thời gian giữ sạch trung vị", "Median time clear"),
            measure(told.median, 1),
            both(),
        ),
        figure(
            "clear_after_one",
            ("Còn sạch sau một niên vụ", "Clear after one season"),
            measure(told.after_one, 4),
            (
                "Phần còn sạch qua niên vụ ngay sau (Kaplan-Meier).".to_owned(),
                "The share still clear through the season after (Kaplan-Meier).".to_owned(),
            ),
        ),
        figure(
            "watched",
            ("Được theo dõi liên tục", "Watched without a gap"),
            count(watched as u64),
            (
                "Số nương mà hai con số trên nói tới.".to_owned(),
                "The plots that the two figures before are about.".to_owned(),
            ),
        ),
    ];
    figures[0].unit = Some("{season}");
    figures
}
