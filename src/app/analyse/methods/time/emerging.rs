//! `analyse emerging`: hot and cold spots through the seasons, in 17 classes.

use super::{mann_kendall::share, series::Series};
use crate::{
    analysis::{
        chance::tally::Tail,
        time::{
            emerging::{Bin, Caution, Emerging, NoClass, Question, Reference, watched_emerging},
            emerging_class::{Class, State},
            mann_kendall::Orders,
        },
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        options::{PERMUTATIONS, SEED, TIME, VALUE, WEIGHTS},
        weighing::{Units, weights_of},
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "emerging",
    about: "Where plots crowd, since when, and does it grow? 17 classes of hot and cold spots through the seasons",
    source: "Esri, How Emerging Hot Spot Analysis works; Getis and Ord (1992); Mann (1945); p of bins by shuffling",
    options: &[
        VALUE.required(),
        TIME.required(),
        WEIGHTS.or("queen"),
        Opt::new("back", "N", "How many seasons back belong to a neighbourhood").or("1"),
        Opt::new(
            "reference",
            "cube|season|window",
            "With what a bin is compared: the whole cube, its season, or its season and those back",
        )
        .or("cube"),
        Opt::new("alpha", "RATE", "The false-discovery rate at which a bin is hot or cold")
            .or("0.1"),
        Opt::new("trend-alpha", "RATE", "The p below which the z of a place have a trend")
            .or("0.1"),
        PERMUTATIONS.or("99999"),
        SEED,
    ],
    columns: &[
        Column::new("id", "The place's id"),
        Column::new(
            "class",
            "new, consecutive, intensifying, persistent, diminishing, sporadic, oscillating, historical, each \
             -hot or -cold; no-pattern; empty where nothing can be said, see reason",
        ),
        Column::new(
            "reason",
            "Why there is no class: never-surveyed, last-season-not-surveyed, one-season, constant, saturated, \
             too-few",
        ),
        Column::new(
            "cautions",
            "What the class does not say: few-seasons (under 10: nine in ten means all), no-trend-possible \
             (too few for any trend), gaps (seasons not surveyed)",
        ),
        Column::new("tested", "Seasons in which the place was tested"),
        Column::new("hot", "Seasons in which it was hot"),
        Column::new("cold", "Seasons in which it was cold"),
        Column::new(
            "states",
            "Season after season: h hot, c cold, n neither, - not surveyed, 0 not testable",
        ),
        Column::new("trend", "up, down or none: where its z go"),
        Column::new("trend_p", "The two-sided p of Mann-Kendall on its z, exact up to 50 seasons"),
        Column::new("trend_s", "Its S"),
        Column::new("value", "The value of the last season; empty where it was not surveyed"),
        Column::new("sum", "The sum over the last season's neighbourhood"),
        Column::new("neighbours", "Surveyed bins in that neighbourhood, its own left aside"),
        Column::new("z", "The z of Gi* in the last season"),
        Column::new("p", "Its two-sided p over shuffled cubes"),
        Column::new("q", "p adjusted (Benjamini-Hochberg) over all tested bins"),
        Column::new(
            "z_by_season",
            "The z season after season, with ; between; empty where there is none",
        ),
    ],
    summary: &[
        Column::new("places", "How many places"),
        Column::new("seasons", "Seasons from the first to the last"),
        Column::new("first", "The first season"),
        Column::new("last", "The last season"),
        Column::new("bins", "Bins that were surveyed"),
        Column::new("tested", "Bins that were tested at once"),
        Column::new("classes", "How many places have each class"),
        Column::new("smallest_trend_p", "The smallest p of a trend that so many seasons can give"),
        Column::new("permutations", "Shuffled cubes"),
        Column::new("seed", "The seed"),
        Column::new("weights", "How the weights were made"),
    ],
    long: true,
    run,
};

/// The most seasons back: beyond them everything is everything's neighbour.
const MOST_BACK: u64 = 10;

/// The most links between bins: about a gigabyte.
const MOST_LINKS: usize = 200_000_000;

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let series = Series::of(job)?;
    let of_units = |unit: &usize| job.input.positions().and_then(|points| points[*unit]);
    let points: Vec<_> = series.units.iter().map(of_units).collect();
    let outlines = job
        .input
        .borders()
        .map(|all| series.units.iter().map(|unit| all[*unit].clone()).collect::<Vec<_>>());
    let units = Units { ids: &series.ids, order: &series.ranks, points, outlines };
    let (weights, made) = weights_of(job, units)?;
    let Some(neighbours) = weights.equal() else {
        return Err(AnalyseError::flag(
            "weights",
            "neighbours of a bin count alike here: use queen, rook, knn:8, band:1500, or a file in \
             which the weights of a row are equal",
        ));
    };
    let back = job.whole("back")?.unwrap_or(1);
    if back > MOST_BACK {
        return Err(AnalyseError::flag("back", format!("{back}: must be 0 to {MOST_BACK}")));
    }
    let links = (weights.links() + weights.len()) * series.times.len() * (back as usize + 1);
    if links > MOST_LINKS {
        return Err(AnalyseError::Input(format!(
            "{links} links between bins are more than {MOST_LINKS}: ask for fewer seasons, places \
             or neighbours"
        )));
    }
    let draws = job.draws("emerging/1")?;
    let reference =
        job.word("reference", &Reference::ALL.map(Reference::word), Reference::from_word)?;
    let question = Question {
        back: back as usize,
        reference: reference.unwrap_or_default(),
        bin_alpha: share(job, "alpha")?,
        trend_alpha: share(job, "trend-alpha")?,
        ..Question::usual(&neighbours, draws)
    };
    let answer = watched_emerging(&series.values, &question, job.watch)?;
    let rows = (0..series.ids.len()).map(|place| row(&series, &answer, place)).collect();
    let shapes = job
        .input
        .shapes()
        .map(|shapes| series.units.iter().map(|unit| shapes[*unit].clone()).collect::<Vec<_>>());
    let shown = |at: Option<&f64>| at.map(|time| series.kind.shown(*time));
    let least = Orders::smallest_p(series.times.len());
    let summary = vec![
        series.ids.len().into(),
        series.times.len().into(),
        shown(series.times.first()).into(),
        shown(series.times.last()).into(),
        answer.bins.iter().flatten().flatten().count().into(),
        answer.tested.into(),
        classes(&answer).into(),
        least.into(),
        draws.permutations.into(),
        draws.seed.to_string().into(),
        made.into(),
    ];
    let mut warnings = series.warnings();
    if series.times.len() < crate::analysis::time::emerging::ENOUGH_SEASONS {
        warnings.push(format!(
            "{} seasons are few (ten are wanted): nine in ten of them means every one, and the \
             smallest p of a trend is {least:.2e}",
            series.times.len()
        ));
    }
    if !answer.lone_bins_pass(&question) {
        warnings.push(format!(
            "{} bins are tested with {} shuffles: a lone hot bin cannot pass, ask for more \
             --permutations",
            answer.tested, draws.permutations
        ));
    }
    Ok(Outcome { rows, shapes, summary, warnings, ..Outcome::default() })
}

fn row(series: &Series, answer: &Emerging, place: usize) -> Vec<Cell> {
    let found = &answer.places[place];
    let bins: Vec<Option<&Bin>> = answer.bins.iter().map(|it| it[place].as_ref()).collect();
    let letter = |bin: Option<&Bin>| match bin {
        None => '-',
        Some(Bin { z: Err(_), .. }) => '0',
        Some(bin) => match bin.state {
            State::Hot => 'h',
            State::Cold => 'c',
            State::Plain => 'n',
        },
    };
    let states: String = bins.iter().copied().map(letter).collect();
    let z = bins
        .iter()
        .map(|bin| bin.and_then(|bin| bin.z.ok()).map_or(String::new(), |z| z.to_string()));
    let last = bins.last().copied().flatten();
    let cautions: Vec<&str> = found.cautions.iter().map(|it| Caution::word(*it)).collect();
    vec![
        series.ids[place].clone().into(),
        found.class.ok().map(Class::word).into(),
        found.class.err().map(NoClass::word).into(),
        (!cautions.is_empty()).then(|| cautions.join(" ")).into(),
        found.tested.into(),
        found.hot.into(),
        found.cold.into(),
        states.into(),
        found.trend.map(|_| found.direction.word()).into(),
        found.trend.map(|trend| trend.p(Tail::TwoSided)).into(),
        found.trend.map(|trend| trend.s).into(),
        last.map(|bin| bin.value).into(),
        last.map(|bin| bin.sum).into(),
        last.map(|bin| bin.count - 1).into(),
        last.and_then(|bin| bin.z.ok()).into(),
        last.map(|bin| bin.p).into(),
        last.map(|bin| bin.q).into(),
        z.collect::<Vec<_>>().join(";").into(),
    ]
}

/// The classes that occur, in their order.
fn classes(answer: &Emerging) -> String {
    let count = |class| answer.places.iter().filter(|place| place.class == Ok(class)).count();
    let mut told: Vec<String> = Class::all()
        .map(|class| (class, count(class)))
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| format!("{} {count}", class.word()))
        .collect();
    let none = answer.places.iter().filter(|place| place.class.is_err()).count();
    if none > 0 {
        told.push(format!("without a class {none}"));
    }
    told.join(", ")
}
