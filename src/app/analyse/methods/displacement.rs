//! `analyse displacement`: did poppy move from where it was cleared to the ground around?

use super::recultivation::truths;
use crate::{
    analysis::displacement::{
        Change, Difference, NoPlacebo, NoQuotient, Place, Zone, e_test, placebo, tne, wdq, zones,
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        options::{PERMUTATIONS, SEED},
    },
};

/// The method.
pub(super) const METHOD: Method = Method {
    name: "displacement",
    about: "Counts before and after where something was done, in rings around it, and elsewhere: the displacement \
            quotient, total net effects, the weighted displacement difference, and placebo areas",
    source: "Bowers and Johnson (2003); Guerette (2009); Wheeler and Ratcliffe (2018); Krishnamoorthy and Thomson (2004)",
    options: &[
        Opt::new(
            "before",
            "FIELD",
            "The column with the count before; an empty cell is unknown, never 0",
        )
        .required(),
        Opt::new("after", "FIELD", "The column with the count after").required(),
        Opt::new(
            "response",
            "FIELD",
            "The column that says where something was done: true or false, 1 or 0; the rest falls into rings by distance",
        ),
        Opt::new(
            "zone",
            "FIELD",
            "In place of --response: the column with the words response, buffer, control (others are left out)",
        ),
        Opt::new(
            "radii",
            "M,M",
            "Outer radii of the rings around the response, metres between middles",
        )
        .or("1000,2000,5000"),
        Opt::new("ground", "FIELD", "The column with each unit's ground; all alike unless given"),
        Opt::new(
            "match",
            "FIELD",
            "The column with the count for which ground was chosen, such as the plots of the season in which it was \
             cleared: placebos are drawn from ground of the same count, never from ground without; unless given \
             --before, where 0 passes for alike at need",
        ),
        PERMUTATIONS.or("9999"),
        SEED,
    ],
    columns: &[
        Column::new(
            "zone",
            "response; ring-1, ring-2, ... outwards; buffer: all rings together; control: the rest",
        ),
        Column::measure("from_m", "m", "Its inner radius; empty without distances"),
        Column::measure("to_m", "m", "Its outer radius; empty without distances"),
        Column::new("units", "How many units are in it, both counts known"),
        Column::new(
            "unknown",
            "How many more with a count that is not known: left out of everything",
        ),
        Column::new("ground", "Their ground"),
        Column::new("before", "Their count before"),
        Column::new("after", "Their count after"),
        Column::new(
            "difference",
            "After less before, less what the control let expect of as much ground; empty for the control",
        ),
        Column::new("error", "Its standard error, each count taken as Poisson"),
        Column::new("z", "Difference over error"),
        Column::new("p", "Its two-sided p by the normal law"),
        Column::new(
            "change_p",
            "The two-sided p that before and after are of one expectation (E-test), no control asked",
        ),
        Column::new(
            "wdq",
            "The displacement quotient with this as the buffer; empty with a reason",
        ),
        Column::new(
            "wdq_reason",
            "control-zero-before, control-zero-after, no-response (as the control), no-buffer",
        ),
        Column::new("tne", "Total net effects with this as the buffer: plots fewer than expected"),
    ],
    summary: &[
        Column::new(
            "wdd",
            "The weighted displacement difference: response and buffer against the control, by ground",
        ),
        Column::new("wdd_error", "Its standard error"),
        Column::new("wdd_low", "Low end of its interval of 95 %"),
        Column::new("wdd_high", "High end"),
        Column::new("wdd_z", "z"),
        Column::new("wdd_p", "Two-sided p by the normal law"),
        Column::new("wdq", "The displacement quotient with the whole buffer"),
        Column::new("wdq_reason", "Why there is none"),
        Column::new("tne", "Total net effects"),
        Column::new(
            "placebo_wdd",
            "The difference with all within the last radius, as the placebos have it",
        ),
        Column::new("placebo_mean", "The mean of the placebo areas"),
        Column::new(
            "placebo_alike_from",
            "Counts (of --match) from this one on passed for alike; 0: placebos were not matched",
        ),
        Column::new("placebo_p_low", "The share of placebos that fell as much or more"),
        Column::new(
            "placebo_p",
            "The smaller of that share and the share that rose as much or more, doubled. It takes the changes of places as \
             independent of each other in space: where ground in one piece was cleared and changes are smooth over the \
             map it is small too often with radii smaller than the piece, and hardly ever with large radii",
        ),
        Column::new(
            "placebo_reason",
            "Why there is none: no-response, no-control, no-match (under 20 different placebos), no-places",
        ),
        Column::new(
            "placebo_ground",
            "Ground of the placebos with all around them, as a multiple of the response's: far above 1 where the \
             response lies in one piece, and then p errs towards saying nothing",
        ),
        Column::new("permutations", "Placebos drawn"),
        Column::new("seed", "The seed"),
    ],
    long: false,
    run,
};

/// Sums over a zone.
#[derive(Clone, Copy, Default)]
struct Sum {
    units: u32,
    unknown: u32,
    ground: f64,
    change: Change,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.units += other.units;
        self.unknown += other.unknown;
        self.ground += other.ground;
        self.change.before += other.change.before;
        self.change.after += other.change.after;
    }

    /// Against a control, scaled by ground; `None` without either.
    fn against(self, control: Self) -> Option<Difference> {
        (control.ground > 0.0 && self.units > 0).then(|| {
            let scale = -self.ground / control.ground;
            Difference::of(&[(1.0, self.change), (scale, control.change)])
        })
    }
}

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let (before, after) = (counts(job, "before")?, counts(job, "after")?);
    let chosen = job.text("match").is_some();
    let like = if chosen { counts(job, "match")? } else { before.clone() };
    let grounds = match job.text("ground") {
        Some(_) => job.values("ground")?,
        None => vec![Some(1.0); job.input.len()],
    };
    let radii = radii(job)?;
    let placed = zoned(job, &radii)?;
    let mut sums = vec![Sum::default(); radii.len() + 2];
    let mut places = Vec::new();
    for (unit, zone) in placed.zones.iter().enumerate() {
        let Some(zone) = zone else { continue };
        let sum = &mut sums[match zone {
            Zone::Response => 0,
            Zone::Ring(ring) => 1 + *ring as usize,
            Zone::Control => radii.len() + 1,
        }];
        let ground = grounds[unit].filter(|ground| *ground >= 0.0);
        let known = (before[unit], after[unit], ground, like[unit]);
        let (Some(before), Some(after), Some(ground), Some(like)) = known else {
            sum.unknown += 1;
            continue;
        };
        let change = Change { before, after };
        sum.add(Sum { units: 1, unknown: 0, ground, change });
        if let Some(middle) = placed.points.map(|points| points[unit]) {
            let response = *zone == Zone::Response;
            places.extend(middle.map(|middle| Place { middle, ground, change, like, response }));
        }
    }
    let (response, control) = (sums[0], sums[radii.len() + 1]);
    let mut buffer = Sum::default();
    for ring in &sums[1..=radii.len()] {
        buffer.add(*ring);
    }
    let mut rows = vec![row("response".into(), [None; 2], response, response, control, false)];
    if placed.by_distance {
        let mut inner = 0.0;
        for (ring, outer) in radii.iter().enumerate() {
            let bounds = [Some(inner), Some(*outer)];
            let name = format!("ring-{}", ring + 1);
            rows.push(row(name, bounds, sums[1 + ring], response, control, true));
            inner = *outer;
        }
    }
    rows.push(row("buffer".into(), [None; 2], buffer, response, control, true));
    rows.push(row("control".into(), [None; 2], control, response, control, false));

    let mut treated = response;
    treated.add(buffer);
    let whole = treated.against(control);
    let quotient = quotient(response, buffer, control);
    let draws = job.draws("displacement/placebo/2")?;
    let tried = match radii.last() {
        Some(radius) if placed.by_distance => {
            placebo(&places, *radius, u32::from(chosen), draws, job.watch)?.map_err(NoPlacebo::word)
        }
        _ => Err("no-places"),
    };
    let net = tne(response.change, buffer.change, control.change);
    let interval = whole.map(|it| it.interval(1.959_963_984_540_054));
    let summary = vec![
        whole.map(|it| it.estimate).into(),
        whole.map(|it| it.error).into(),
        interval.map(|it| it[0]).into(),
        interval.map(|it| it[1]).into(),
        whole.and_then(Difference::z).into(),
        whole.and_then(Difference::p).into(),
        quotient.ok().into(),
        quotient.err().into(),
        net.ok().into(),
        tried.ok().map(|it| it.observed.estimate).into(),
        tried.ok().map(|it| it.mean).into(),
        tried.ok().map(|it| it.alike_from).into(),
        tried.ok().map(|it| it.tally.lower()).into(),
        tried.ok().map(|it| it.tally.two_sided()).into(),
        tried.err().into(),
        tried.ok().map(|it| it.ground).into(),
        draws.permutations.into(),
        draws.seed.into(),
    ];
    let mut warnings = Vec::new();
    let unknown: u32 = sums.iter().map(|sum| sum.unknown).sum();
    if unknown > 0 {
        warnings
            .push(format!("{unknown} units with a count or ground that is not known are left out"));
    }
    if treated.change.before + treated.change.after < 20 {
        warnings.push(
            "fewer than 20 plots in response and buffer: the p of the difference is rough, and a \
             real move may well go unseen"
                .into(),
        );
    }
    Ok(Outcome { rows, summary, warnings, ..Outcome::default() })
}

fn row(
    name: String,
    bounds: [Option<f64>; 2],
    sum: Sum,
    response: Sum,
    control: Sum,
    as_buffer: bool,
) -> Vec<Cell> {
    let difference = if name == "control" { None } else { sum.against(control) };
    let quotient = as_buffer.then(|| quotient(response, sum, control));
    let net = as_buffer.then(|| tne(response.change, sum.change, control.change).ok()).flatten();
    vec![
        name.into(),
        bounds[0].into(),
        bounds[1].into(),
        sum.units.into(),
        sum.unknown.into(),
        sum.ground.into(),
        sum.change.before.into(),
        sum.change.after.into(),
        difference.map(|it| it.estimate).into(),
        difference.map(|it| it.error).into(),
        difference.and_then(Difference::z).into(),
        difference.and_then(Difference::p).into(),
        e_test(sum.change.before, sum.change.after).into(),
        quotient.and_then(Result::ok).into(),
        quotient.and_then(Result::err).into(),
        net.into(),
    ]
}

/// The quotient, or why there is none.
fn quotient(response: Sum, buffer: Sum, control: Sum) -> Result<f64, &'static str> {
    if buffer.units == 0 {
        return Err("no-buffer");
    }
    wdq(response.change, buffer.change, control.change).map_err(NoQuotient::word)
}

/// Which unit is in which zone.
struct Placed<'a> {
    zones: Vec<Option<Zone>>,
    points: Option<&'a [Option<geo_types::Coord<f64>>]>,
    by_distance: bool,
}

fn zoned<'a>(job: &'a Job<'_>, radii: &[f64]) -> Result<Placed<'a>, AnalyseError> {
    if job.text("zone").is_some() {
        let zone = |text: Option<String>| match text?.trim().to_lowercase().as_str() {
            "response" | "treated" => Some(Zone::Response),
            "buffer" | "ring" => Some(Zone::Ring(0)),
            "control" => Some(Zone::Control),
            _ => None,
        };
        let zones = job.texts("zone")?.into_iter().map(zone).collect();
        return Ok(Placed { zones, points: None, by_distance: false });
    }
    if job.text("response").is_none() {
        return Err(AnalyseError::flag(
            "response",
            "is missing: name the column that says where something was done, or give --zone",
        ));
    }
    let response = truths(job, "response")?;
    let middles = job.points()?;
    let zones = zones(&middles, &response, radii).into_iter().map(Some).collect();
    Ok(Placed { zones, points: job.input.points(), by_distance: true })
}

/// Counts: whole numbers, not negative.
fn counts(job: &Job<'_>, flag: &'static str) -> Result<Vec<Option<u32>>, AnalyseError> {
    let column = job.input.column(flag, job.needed(flag)?)?;
    let count = |(unit, value): (usize, Option<f64>)| match value {
        None => Ok(None),
        Some(value) if value >= 0.0 && value.fract() == 0.0 && value < 1e9 => {
            Ok(Some(value as u32))
        }
        Some(value) => {
            let detail = format!("`{value}` is no count: a whole number from 0 on");
            Err(job.input.wrong(unit, column, detail))
        }
    };
    job.values(flag)?.into_iter().enumerate().map(count).collect()
}

/// Radii, ascending.
fn radii(job: &Job<'_>) -> Result<Vec<f64>, AnalyseError> {
    let text = job.text("radii").unwrap_or_default();
    let all: Option<Vec<f64>> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0))
        .collect();
    let ascending = |all: &Vec<f64>| all.len() <= 10 && all.windows(2).all(|w| w[0] < w[1]);
    all.filter(ascending).ok_or_else(|| {
        AnalyseError::flag(
            "radii",
            format!("{text}: up to ten distances in metres, ascending, such as 1000,2000,5000"),
        )
    })
}
