//! `analyse mann-kendall`: does the series of a place rise or fall, and by how much a season?

use super::series::Series;
use crate::{
    analysis::{
        chance::{significance::Adjust, tally::Tail},
        time::{
            mann_kendall::{EXACT_MOST, MannKendall, NoTrend, Orders, mann_kendall},
            sen::{NoSlope, sen},
        },
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        options::{ADJUST, TAIL, TIME, VALUE},
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "mann-kendall",
    about: "Does the series of a place rise or fall through the seasons, and by how much?",
    source: "Mann (1945); Kendall (1975); Sen (1968); the exact p over all orders of the values, with ties \
             too, up to 50 seasons",
    options: &[
        VALUE,
        TIME,
        Opt::new(
            "values",
            "F1,F2,…",
            "Instead of --value and --time: the columns of the seasons, earliest first, one row a place",
        ),
        TAIL.or("two-sided"),
        ADJUST,
        Opt::new("alpha", "RATE", "The q below which there is a trend").or("0.1"),
        Opt::new("level", "SHARE", "The level of the slope's interval").or("0.95"),
    ],
    columns: &[
        Column::new("id", "The place's id"),
        Column::new("n", "Seasons with a value"),
        Column::new("missing", "Seasons between the first and the last of the file without one"),
        Column::new("statistic", "S: pairs of seasons that rise less pairs that fall"),
        Column::new("variance", "The variance of S over all orders, corrected for ties"),
        Column::new("z", "(S -+ 1)/sqrt(variance), 0 for S = 0; empty for a constant series"),
        Column::new("p", "The p of --tail: exact where there are few seasons, else normal"),
        Column::new("q", "p adjusted over all places that have one"),
        Column::new("class", "up, down or none: the sign of S where q is below alpha"),
        Column::new("reason", "Why nothing is said: too-few (under 3 seasons), constant"),
        Column::new("p_normal", "The normal p of --tail"),
        Column::new("p_exact", "The p over all orders of the values; empty above 50 seasons"),
        Column::new("tau_a", "Kendall's tau-a: S over all pairs"),
        Column::new("tau_b", "Kendall's tau-b: corrected for ties"),
        Column::new(
            "slope",
            "Sen's slope: units of the value a season (or a day, or a unit of the time)",
        ),
        Column::new(
            "slope_low",
            "The lower end of its interval; empty where so few values exclude none",
        ),
        Column::new("slope_high", "The upper end"),
        Column::new("intercept", "The value at time 0 on the line of that slope"),
    ],
    summary: &[
        Column::new("places", "How many places"),
        Column::new("tested", "Places with a p"),
        Column::new("times", "Seasons from the first to the last"),
        Column::new("smallest_p", "The smallest two-sided p that so many seasons can give"),
        Column::new("up", "Places with a rise"),
        Column::new("down", "Places with a fall"),
    ],
    long: true,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let wide = job.text("values").is_some();
    let series = if wide { Series::wide(job)? } else { Series::of(job)? };
    let tail = job.tail()?.unwrap_or(Tail::TwoSided);
    let adjust =
        job.word("adjust", &Adjust::WORDS, Adjust::from_word)?.unwrap_or(Adjust::BenjaminiHochberg);
    let alpha = share(job, "alpha")?;
    let level = share(job, "level")?;
    let orders = Orders::up_to(series.times.len().min(EXACT_MOST));
    let trends: Vec<_> =
        (0..series.ids.len()).map(|place| mann_kendall(&series.row(place), &orders)).collect();
    let p: Vec<f64> = trends.iter().flatten().map(|trend| trend.p(tail)).collect();
    let mut q = adjust.adjusted(&p).into_iter();
    let (mut up, mut down) = (0_usize, 0_usize);
    let mut slopes_refused = 0_usize;
    let rows = trends.iter().enumerate().map(|(place, trend)| {
        let values = series.row(place);
        let known: Vec<(f64, f64)> = series
            .times
            .iter()
            .zip(&values)
            .filter_map(|(time, value)| Some((*time, (*value)?)))
            .collect();
        let line = sen(&known, level, &orders);
        slopes_refused += usize::from(line == Err(NoSlope::TooMany));
        let line = line.ok();
        let q = trend.as_ref().ok().and_then(|_| q.next());
        let class = trend.as_ref().ok().zip(q).map(|(trend, q)| match trend.s.signum() {
            1 if q < alpha => "up",
            -1 if q < alpha => "down",
            _ => "none",
        });
        up += usize::from(class == Some("up"));
        down += usize::from(class == Some("down"));
        let trend = trend.as_ref();
        let reason = trend.map_or_else(|reason| Some(*reason), MannKendall::reason);
        let trend = trend.ok();
        vec![
            series.ids[place].clone().into(),
            known.len().into(),
            (values.len() - known.len()).into(),
            trend.map(|it| it.s).into(),
            trend.map(|it| it.variance).into(),
            trend.and_then(|it| it.z).into(),
            trend.map(|it| it.p(tail)).into(),
            q.into(),
            class.into(),
            reason.map(NoTrend::word).into(),
            trend.map(|it| it.normal.p(tail)).into(),
            trend.and_then(|it| it.exact).map(|it| it.p(tail)).into(),
            trend.map(|it| it.tau_a).into(),
            trend.and_then(|it| it.tau_b).into(),
            line.map(|it| it.slope).into(),
            line.and_then(|it| it.interval).map(|(low, _)| low).into(),
            line.and_then(|it| it.interval).map(|(_, high)| high).into(),
            line.map(|it| it.intercept).into(),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let longest = trends.iter().flatten().map(|trend| trend.count).max().unwrap_or(0);
    let least = Orders::smallest_p(longest);
    let mut warnings = series.warnings();
    if least >= alpha {
        warnings.push(format!(
            "with {longest} seasons the smallest two-sided p is {least:.3}: no series, however \
             steep, is a trend at {alpha}"
        ));
    }
    if slopes_refused > 0 {
        warnings.push(format!("{slopes_refused} series are too long for a slope of all pairs"));
    }
    let summary = vec![
        series.ids.len().into(),
        p.len().into(),
        series.times.len().into(),
        least.into(),
        up.into(),
        down.into(),
    ];
    Ok(Outcome { rows, by_unit: wide, summary, warnings, ..Outcome::default() })
}

/// A number between 0 and 1.
pub(super) fn share(job: &Job<'_>, flag: &'static str) -> Result<f64, AnalyseError> {
    let number = job.number(flag)?.unwrap_or(0.1);
    if number > 0.0 && number < 1.0 {
        Ok(number)
    } else {
        Err(AnalyseError::flag(flag, format!("{number}: must be between 0 and 1")))
    }
}
