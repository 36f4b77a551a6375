//! `analyse knox` and `analyse near-repeat`: do plots that are near in space come near in time?

use geo_types::Coord;

use crate::{
    analysis::{
        chance::significance::Adjust,
        time::{
            knox::{NoKnox, Reach, knox},
            near_repeat::{Limits, near_repeat},
        },
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        job::TimeKind,
        options::{ADJUST, PERMUTATIONS, SEED, TIME},
    },
};

const P: Column = Column::new(
    "p",
    "As many pairs or more over the shuffled times, (ge + 1)/(permutations + 1); 1 where nothing can change",
);
const GE: Column = Column::new("ge", "Shuffles with as many pairs or more; ties count");
const LE: Column = Column::new("le", "Shuffles with as few pairs or fewer; ties count");
const REASON: Column = Column::new(
    "reason",
    "Why nothing is said: too-few (under 3 plots), too-many-pairs, none-near-in-space, none-near-in-time, \
     all-near-in-space, all-near-in-time",
);
const SUMMARY: &[Column] = &[
    Column::new("points", "Plots with a place and a time"),
    Column::new("left_out", "Rows without a place or a time"),
    Column::new("pairs", "Pairs of them"),
    Column::new("time_unit", "In which unit times are told: days, seasons or the file's own"),
    Column::new("permutations", "Shuffles of the times"),
    Column::new("seed", "The seed"),
];

/// Knox's test.
pub(in crate::app::analyse) const KNOX: Method = Method {
    name: "knox",
    about: "Do plots that lie close together come close together in time, more often than chance?",
    source: "Knox (1964), The detection of space-time interactions; p is P(X >= n), with ties",
    options: &[
        TIME.required(),
        Opt::new(
            "delta",
            "D1,D2,…",
            "How far is near, in the unit of the plane (metres); the limit counts",
        )
        .required(),
        Opt::new(
            "tau",
            "T1,T2,…",
            "How long is soon: days of dates, years of seasons; the limit counts",
        )
        .required(),
        PERMUTATIONS.or("999"),
        SEED,
    ],
    columns: &[
        Column::new("delta", "Near: at most so far apart"),
        Column::new("tau", "Soon: at most so long apart"),
        Column::new("near", "Pairs that are near (NS)"),
        Column::new("soon", "Pairs that are soon (NT)"),
        Column::new("observed", "Pairs that are both"),
        Column::new("expected", "NS NT / N2: the mean over all shuffles of the times"),
        Column::new("ratio", "observed over expected; empty where nothing is expected"),
        P,
        Column::new("p_poisson", "P(X >= observed) of a Poisson count with that mean"),
        GE,
        LE,
        REASON,
    ],
    summary: SUMMARY,
    long: true,
    run: run_knox,
};

/// The table of bands.
pub(in crate::app::analyse) const NEAR_REPEAT: Method = Method {
    name: "near-repeat",
    about: "At which distance and after which time do plots come more often than chance? A table of bands",
    source: "Ratcliffe and Rengert (2008), Near-repeat patterns in Philadelphia shootings; bands [a,b)",
    options: &[
        TIME.required(),
        Opt::new(
            "distances",
            "D0,D1,…",
            "The limits of the bands of space, ascending from 0 or above",
        )
        .required(),
        Opt::new(
            "intervals",
            "T0,T1,…",
            "The limits of the bands of time: days of dates, years of seasons",
        )
        .required(),
        PERMUTATIONS.or("999"),
        SEED,
        ADJUST,
    ],
    columns: &[
        Column::new("space", "The band of space, lower limit included: [0,500)"),
        Column::new("time", "The band of time, likewise"),
        Column::new("near", "Pairs in the band of space"),
        Column::new("soon", "Pairs in the band of time"),
        Column::new("observed", "Pairs in both"),
        Column::new("expected", "The mean over all shuffles of the times: near soon / all pairs"),
        Column::new("ratio", "observed over expected; empty where nothing is expected"),
        P,
        Column::new("q", "p adjusted over the bands of the table"),
        GE,
        LE,
        REASON,
    ],
    summary: SUMMARY,
    long: true,
    run: run_near_repeat,
};

/// Plots with a place and a time, by id.
struct Events {
    points: Vec<Coord<f64>>,
    times: Vec<f64>,
    left_out: usize,
    unit: &'static str,
}

impl Events {
    fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let times = job.times("time")?;
        let Some(points) = job.input.points() else {
            return Err(AnalyseError::Input(format!(
                "{}: this method needs places: shapes, or columns x and y (--x, --y)",
                job.input.file()
            )));
        };
        job.input.measurable()?;
        let unit = match times.kind {
            TimeKind::Season => "seasons",
            TimeKind::Day => "days",
            TimeKind::Number => "as in the file",
        };
        let both = points.iter().zip(&times.values).filter_map(|(p, t)| Some(((*p)?, (*t)?)));
        let (points, times): (Vec<_>, Vec<_>) = both.unzip();
        Ok(Self { left_out: job.input.len() - points.len(), points, times, unit })
    }

    fn summary(&self, permutations: u32, seed: u64) -> Vec<Cell> {
        let n = self.points.len();
        vec![
            n.into(),
            self.left_out.into(),
            (n * n.saturating_sub(1) / 2).into(),
            self.unit.into(),
            permutations.into(),
            seed.to_string().into(),
        ]
    }

    fn warnings(&self) -> Vec<String> {
        let told = format!("{} rows without a place or a time are left out", self.left_out);
        if self.left_out > 0 { vec![told] } else { Vec::new() }
    }
}

/// The most limits of bands in space, and in time: a table of 200 by 200 is more than anybody reads.
const MOST_LIMITS: usize = 201;

/// Numbers between commas.
fn list(job: &Job<'_>, flag: &'static str) -> Result<Vec<f64>, AnalyseError> {
    let number = |text: &str| {
        let number = text.trim().parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
        number.ok_or_else(|| {
            AnalyseError::flag(flag, format!("`{text}`: no number from 0 up, such as 500"))
        })
    };
    let text = job.needed(flag)?;
    let count = text.split(',').count();
    if count > MOST_LIMITS {
        return Err(AnalyseError::flag(
            flag,
            format!(
                "names {count} numbers, and may name {MOST_LIMITS}: ask for fewer and wider bands"
            ),
        ));
    }
    text.split(',').map(number).collect()
}

fn run_knox(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let (deltas, taus) = (list(job, "delta")?, list(job, "tau")?);
    let events = Events::of(job)?;
    let draws = job.draws("knox/1")?;
    let mut rows = Vec::new();
    for delta in &deltas {
        for tau in &taus {
            let reach = Reach { delta: *delta, tau: *tau };
            let answer = knox(&events.points, &events.times, reach, draws, job.watch)?;
            let found = answer.ok();
            let reason = answer.map_or_else(Some, |found| found.reason());
            rows.push(vec![
                (*delta).into(),
                (*tau).into(),
                found.map(|it| count(it.near)).into(),
                found.map(|it| count(it.soon)).into(),
                found.map(|it| count(it.both)).into(),
                found.map(|it| it.expected).into(),
                found.and_then(|it| it.ratio()).into(),
                found.map(|it| it.tally.upper()).into(),
                found.map(|it| it.poisson).into(),
                found.map(|it| it.tally.ge).into(),
                found.map(|it| it.tally.le).into(),
                reason.map(NoKnox::word).into(),
            ]);
        }
    }
    let summary = events.summary(draws.permutations, draws.seed);
    Ok(Outcome { rows, summary, warnings: events.warnings(), ..Outcome::default() })
}

fn run_near_repeat(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let limits = |flag| {
        Limits::new(list(job, flag)?).map_err(|error| AnalyseError::flag(flag, error.to_string()))
    };
    let (space, time) = (limits("distances")?, limits("intervals")?);
    let adjust =
        job.word("adjust", &Adjust::WORDS, Adjust::from_word)?.unwrap_or(Adjust::BenjaminiHochberg);
    let events = Events::of(job)?;
    let draws = job.draws("near-repeat/1")?;
    let table = near_repeat(&events.points, &events.times, (&space, &time), draws, job.watch)?;
    let table = table.map_err(|reason| {
        AnalyseError::Input(match reason {
            NoKnox::TooManyPairs => "more pairs lie in these distances than can be listed (100 \
                                     million): ask for shorter ones"
                .into(),
            reason => format!(
                "{}: {} plots have a place and a time; a table needs three ({})",
                job.input.file(),
                events.points.len(),
                reason.word()
            ),
        })
    })?;
    let p: Vec<f64> = table.cells.iter().map(|cell| cell.tally.upper()).collect();
    let (space, time) = (space.shown(), time.shown());
    let rows = table.cells.iter().zip(adjust.adjusted(&p)).map(|(cell, q)| {
        vec![
            space[cell.space].clone().into(),
            time[cell.time].clone().into(),
            count(table.near[cell.space]).into(),
            count(table.soon[cell.time]).into(),
            count(cell.observed).into(),
            cell.expected.into(),
            cell.ratio().into(),
            cell.tally.upper().into(),
            q.into(),
            cell.tally.ge.into(),
            cell.tally.le.into(),
            cell.reason.map(NoKnox::word).into(),
        ]
    });
    let rows = rows.collect();
    let summary = events.summary(draws.permutations, draws.seed);
    Ok(Outcome { rows, summary, warnings: events.warnings(), ..Outcome::default() })
}

/// Pairs of at most 2³² plots fit a signed count.
fn count(pairs: u64) -> i64 {
    pairs.cast_signed()
}
