//! `analyse recultivation`: does poppy come back to ground that was cleared?

use jiff::civil::Date;

use crate::{
    analysis::{
        chance::exact_interval::binomial_interval,
        geometry::ground::Ground,
        recultivation::{
            Chance, History, NoChance, Plot, Plots, episodes, placed_at_random, rate, relabelled,
            survival::{median, survival},
        },
    },
    app::analyse::{
        AnalyseError, Cell, Column, Given, Input, Job, Method, Opt, Outcome, Plane,
        options::{PERMUTATIONS, SEED, TIME},
    },
    ingest::Silent,
};

/// The method.
pub(super) const METHOD: Method = Method {
    name: "recultivation",
    about: "Does poppy come back to ground that was cleared? For every plot the distance to, and the overlap with, \
            plots cleared in any earlier season; for every cleared plot when it came back; the rate over plots that \
            were searched again, beside chance",
    source: "Distances exact in the plane; interval by Clopper and Pearson (1934); shuffled labels and random places, p by \
             Phipson and Smyth (2010); survival by Kaplan and Meier (1958) with Greenwood's error",
    options: &[
        TIME.required(),
        Opt::new(
            "destroyed",
            "FIELD",
            "The column that says whether a plot was destroyed: true or false, 1 or 0, yes or no, destroyed or \
             reported, or the date; an empty cell is not destroyed",
        )
        .required(),
        Opt::new("distance", "M", "Within how many metres two plots are one place").or("30"),
        Opt::new(
            "within",
            "M,M",
            "Also count the plots cleared earlier within these metres: at most two distances",
        )
        .or("50,500"),
        Opt::new(
            "error",
            "FIELD",
            "The column with 1 sigma per axis of the position, metres: two plots are one place within \
             2 sqrt(s1^2 + s2^2) too",
        ),
        Opt::new("site", "FIELD", "The column that names the place: two plots of one name are one place"),
        Opt::new(
            "searched",
            "FIELD",
            "The column with the later times in which somebody looked at the plot's place again, such as \
             2022-2023;2023-2024; without it no rate is known",
        ),
        Opt::new("season", "TIME", "The time of the rate; the last in the file unless given"),
        Opt::new(
            "ground",
            "FILE",
            "Outlines in which plots may lie (communes): compare with the plots put at random into their own ones",
        ),
        PERMUTATIONS.or("9999"),
        SEED,
    ],
    columns: &[
        Column::new("id", "The plot's id"),
        Column::new("time", "Its season, or other time"),
        Column::new("destroyed", "Whether it was destroyed"),
        Column::new("reason", "Why it is in no comparison: no-time, no-place; else empty"),
        Column::measure("nearest_m", "m", "Edge to edge to the nearest plot destroyed earlier; empty where there is none"),
        Column::new("nearest", "That plot's id; of several as near the first"),
        Column::measure("overlap_m2", "m2", "Its ground that the union of plots destroyed earlier covers; empty where outlines are not known"),
        Column::new("overlap_share", "The same as a share of its own ground"),
        Column::new("overlap_at_least", "Whether plots in reach are known as points only: it may be more"),
        Column::new("overlapping", "Plots destroyed earlier that share ground with it, as far as outlines are known"),
        Column::new("within_first", "Plots destroyed earlier within the first distance of --within"),
        Column::new("within_second", "Within the second one"),
        Column::new("returned", "The first later time with a plot on its place; empty where none is known"),
        Column::new("returned_by", "The id of that plot, the nearest of its time"),
        Column::measure("returned_m", "m", "Edge to edge to that plot"),
        Column::measure("returned_m2", "m2", "Its ground that the plots of that time cover"),
        Column::new("state", "At the time of the rate: returned, clear (searched, none found), returned-unsearched, unknown (nobody looked); empty where it is not at stake"),
    ],
    summary: &[
        Column::new("season", "The time of the rate"),
        Column::new("cleared", "Plots destroyed before it with no plot on their place in between"),
        Column::new("searched", "Those that were searched again in it: the denominator"),
        Column::new("returned", "Those searched that had a plot again: the numerator"),
        Column::new("returned_unsearched", "Those that had a plot again with no search told: in neither number"),
        Column::new("unknown", "Those of which nobody knows"),
        Column::new("rate", "Returned over searched; empty with a reason"),
        Column::new("rate_low", "Low end of its exact interval of 95 %"),
        Column::new("rate_high", "High end"),
        Column::new("rate_reason", "Why there is no rate: nothing-cleared, nobody-looked"),
        Column::new("relabelled_expected", "Returns to be expected if labels destroyed or not fell by chance within each time"),
        Column::new("relabelled_ratio", "Returned over expected"),
        Column::new("relabelled_p", "p of as many or more"),
        Column::new("relabelled_p_low", "p of as few or fewer"),
        Column::new("relabelled_reason", "Why there is none: nothing-searched (no cleared plot was searched again), nothing-else (no plot that was not destroyed), nothing-returned"),
        Column::new("placed_observed", "Plots of the season on ground cleared earlier, of those whose ground is known"),
        Column::new("placed_expected", "On average when each is put at random into its own ground"),
        Column::new("placed_ratio", "Observed over expected"),
        Column::new("placed_p", "p of as many or more"),
        Column::new("placed_reason", "Why there is none: not-asked, nothing-cleared, no-plots, no-ground"),
        Column::new("watched", "Cleared plots watched without a gap from the next time on"),
        Column::new("median_survival", "Times until half of them had a plot again; empty where more than half stayed clear"),
        Column::new("permutations", "Shuffled labels, or random places"),
        Column::new("seed", "The seed"),
    ],
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let asked = Asked::of(job)?;
    let plots = Plots::new(&asked.plots);
    let within = distances(job)?;
    let distance = job.positive("distance")?.unwrap_or(crate::analysis::recultivation::DISTANCE);
    let (season, last) = asked.season(job)?;
    let earlier = plots.earlier(&within, distance);
    let returns = plots.returns(distance, last);
    let looked = |at: usize, season: i32| asked.searched[at].contains(&season);
    let history = History { plots: &plots, returns: &returns, searched: &looked };
    let id = |at: usize| Cell::from(job.ids()[asked.units[at]].clone());
    let mut rows: Vec<Vec<Cell>> = (0..job.input.len())
        .map(|unit| {
            let mut row = vec![Cell::Null; METHOD.columns.len()];
            row[0] = job.ids()[unit].clone().into();
            row[2] = asked.destroyed[unit].into();
            row[3] = asked.reasons[unit].into();
            row
        })
        .collect();
    for (at, unit) in asked.units.iter().enumerate() {
        let (own, before, back) = (&asked.plots[at], &earlier[at], &returns[at]);
        let looked = looked(at, season);
        let state = (own.cleared && history.waits(at, season)).then(|| {
            match (history.returned(at, season), looked) {
                (true, true) => "returned",
                (true, false) => "returned-unsearched",
                (false, true) => "clear",
                (false, false) => "unknown",
            }
        });
        let row = &mut rows[*unit];
        row[1] = asked.shown(own.season).into();
        row.truncate(4);
        row.extend([
            before.nearest.map(|(_, metres)| metres).into(),
            before.nearest.map_or(Cell::Null, |(place, _)| id(place)),
            before.overlap.map(|it| it.area).into(),
            before.overlap.map(|it| it.share).into(),
            before.overlap.map(|it| it.at_least).into(),
            before.overlapping.into(),
            before.within.first().copied().into(),
            before.within.get(1).copied().into(),
            back.map(|it| asked.shown(it.season)).into(),
            back.map_or(Cell::Null, |it| id(it.plot)),
            back.map(|it| it.metres).into(),
            back.and_then(|it| it.overlap).map(|it| it.area).into(),
            state.into(),
        ]);
    }
    let draws = job.draws("recultivation/labels/1")?;
    let shuffled = relabelled(history, season, draws);
    let placed = match asked.grounds(job)? {
        None => Err("not-asked"),
        Some(grounds) => {
            let grounds: Vec<(usize, &Ground)> =
                grounds.iter().map(|(at, ground)| (*at, ground)).collect();
            let draws = job.draws("recultivation/places/1")?;
            placed_at_random(&plots, season, &grounds, distance, draws, job.watch)?
                .map_err(NoChance::word)
        }
    };
    let mut warnings = Vec::new();
    if job.text("searched").is_none() {
        warnings.push(
            "nothing tells which places were searched again (--searched): the rate and the survival \
             are unknown, not zero"
                .into(),
        );
    }
    if asked.units.len() < job.input.len() {
        let left = job.input.len() - asked.units.len();
        warnings.push(format!("{left} plots without a time or a place are left out"));
    }
    let mut summary = asked.rate(history, season);
    summary.extend(chance_cells(shuffled.map_err(NoChance::word), true));
    let placed_observed = placed.ok().map(|it| it.observed);
    summary.push(placed_observed.into());
    summary.extend(chance_cells(placed, false));
    let spells = episodes(history, last);
    summary.extend([
        spells.len().into(),
        median(&survival(&spells)).into(),
        draws.permutations.into(),
        draws.seed.into(),
    ]);
    Ok(Outcome { rows, by_unit: true, summary, warnings, ..Outcome::default() })
}

/// Expected, ratio, p, reason; `low`: also the p of as few.
fn chance_cells(chance: Result<Chance, &'static str>, low: bool) -> Vec<Cell> {
    let known = chance.ok();
    let mut cells = vec![
        known.map(|it| it.expected).into(),
        known.and_then(Chance::ratio).into(),
        known.map(|it| it.tally.upper()).into(),
    ];
    if low {
        cells.push(known.map(|it| it.tally.lower()).into());
    }
    cells.push(chance.err().into());
    cells
}

/// What the file says, as far as it can be used.
struct Asked<'a> {
    /// By place among the plots: their unit.
    units: Vec<usize>,
    plots: Vec<Plot<'a>>,
    searched: Vec<Vec<i32>>,
    /// By unit.
    destroyed: Vec<bool>,
    reasons: Vec<Option<&'static str>>,
    kind: crate::app::analyse::job::TimeKind,
}

impl<'a> Asked<'a> {
    fn of(job: &'a Job<'_>) -> Result<Self, AnalyseError> {
        let times = job.times("time")?;
        let cleared = truths(job, "destroyed")?;
        let errors = match job.text("error") {
            Some(_) => job.values("error")?,
            None => vec![None; job.input.len()],
        };
        let sites = named(job)?;
        let looked = match job.text("searched") {
            Some(_) => searched(job)?,
            None => vec![Vec::new(); job.input.len()],
        };
        let points = job.input.points().ok_or_else(|| {
            AnalyseError::Input(format!(
                "{}: this method needs places: shapes, or columns x and y (--x, --y)",
                job.input.file()
            ))
        })?;
        let outlines = job.input.outlines();
        let mut asked = Self {
            units: Vec::new(),
            plots: Vec::new(),
            searched: Vec::new(),
            destroyed: cleared,
            reasons: vec![None; job.input.len()],
            kind: times.kind,
        };
        for unit in 0..job.input.len() {
            let (Some(time), Some(at)) = (times.values[unit], points[unit]) else {
                let no_time = times.values[unit].is_none();
                asked.reasons[unit] = Some(if no_time { "no-time" } else { "no-place" });
                continue;
            };
            asked.units.push(unit);
            asked.plots.push(Plot {
                season: time.round() as i32,
                cleared: asked.destroyed[unit],
                at,
                error: errors[unit].unwrap_or(0.0).max(0.0),
                outline: outlines.map(|all| &all[unit]),
                site: sites[unit],
            });
            asked.searched.push(looked[unit].clone());
        }
        Ok(asked)
    }

    fn shown(&self, season: i32) -> String {
        self.kind.shown(season.into())
    }

    /// The time of the rate, and the last one that is looked at.
    fn season(&self, job: &Job<'_>) -> Result<(i32, i32), AnalyseError> {
        let last = self.plots.iter().map(|plot| plot.season).max();
        let Some(last) = last else {
            return Err(AnalyseError::Input(format!(
                "{}: no plot has both a time and a place",
                job.input.file()
            )));
        };
        let Some(text) = job.text("season") else { return Ok((last, last)) };
        match crate::app::analyse::job::time(text) {
            Some((value, kind)) if kind == self.kind => Ok((value as i32, value as i32)),
            _ => Err(AnalyseError::flag(
                "season",
                format!(
                    "{text}: must be a time like those in the file, such as {}",
                    self.shown(last)
                ),
            )),
        }
    }

    /// The grounds of the plots that lie in one of them, where a file of them is given.
    fn grounds(&self, job: &Job<'_>) -> Result<Option<Vec<(usize, Ground)>>, AnalyseError> {
        let Some(name) = job.text("ground") else { return Ok(None) };
        let mut given: Vec<(String, String)> = Vec::new();
        match &job.input.plane {
            Plane::AsGiven => given.push(("crs".into(), "plane".into())),
            Plane::Projected(epsg) | Plane::Degrees { to: epsg, .. } => {
                given.push(("metric".into(), epsg.0.to_string()));
            }
        }
        let input = Input::open(&job.folder.join(name), &Given::new(given), true, &Silent)?;
        if input.plane.epsg() != job.input.plane.epsg() {
            let (theirs, ours) = (input.plane.words(), job.input.plane.words());
            let detail = format!(
                "{name}: measured in {theirs}, the plots in {ours}: give both in one system"
            );
            return Err(AnalyseError::flag("ground", detail));
        }
        let Some(outlines) = input.outlines() else {
            return Err(AnalyseError::flag(
                "ground",
                format!("{name}: needs an outline in every row"),
            ));
        };
        let grounds: Vec<Ground> = outlines.iter().map(Ground::of).collect();
        let of_plot = |(at, plot): (usize, &Plot<'_>)| {
            let own = grounds.iter().find(|ground| ground.contains(plot.at))?;
            Some((at, own.clone()))
        };
        Ok(Some(self.plots.iter().enumerate().filter_map(of_plot).collect()))
    }

    /// The first figures of the summary.
    fn rate(&self, history: History<'_>, season: i32) -> Vec<Cell> {
        let rate = rate(history, season);
        let share = rate.share();
        let interval = binomial_interval(rate.returned.into(), rate.searched.into(), 0.95);
        vec![
            self.shown(season).into(),
            rate.cleared.into(),
            rate.searched.into(),
            rate.returned.into(),
            rate.returned_unsearched.into(),
            rate.unknown().into(),
            share.ok().into(),
            interval.map(|it| it.low).into(),
            interval.map(|it| it.high).into(),
            share.err().map(crate::analysis::recultivation::NoRate::word).into(),
        ]
    }
}

/// One or two distances.
fn distances(job: &Job<'_>) -> Result<Vec<f64>, AnalyseError> {
    let text = job.text("within").unwrap_or_default();
    let read =
        |part: &str| part.trim().parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
    let all: Option<Vec<f64>> = text.split(',').map(read).collect();
    all.filter(|all| all.len() <= 2).ok_or_else(|| {
        AnalyseError::flag(
            "within",
            format!("{text}: one or two distances in metres, such as 50,500"),
        )
    })
}

/// The column of a flag as yes or no.
pub(super) fn truths(job: &Job<'_>, flag: &'static str) -> Result<Vec<bool>, AnalyseError> {
    let column = job.input.column(flag, job.needed(flag)?)?;
    let truth = |(unit, text): (usize, Option<String>)| {
        let Some(text) = text else { return Ok(false) };
        match text.trim().to_lowercase().as_str() {
            "" | "false" | "0" | "no" | "n" | "không" | "reported" | "confirmed" | "standing"
            | "late" | "lost" => Ok(false),
            "true" | "1" | "yes" | "y" | "có" | "destroyed" | "verified" | "cleared" => Ok(true),
            day if day.get(..10).unwrap_or(day).replace('/', "-").parse::<Date>().is_ok() => Ok(true),
            _ => Err(job.input.wrong(
                unit,
                column,
                format!("`{text}` is neither true nor false (1, 0, yes, no, destroyed, reported, a date)"),
            )),
        }
    };
    job.texts(flag)?.into_iter().enumerate().map(truth).collect()
}

/// Names of places as numbers.
fn named(job: &Job<'_>) -> Result<Vec<Option<u32>>, AnalyseError> {
    if job.text("site").is_none() {
        return Ok(vec![None; job.input.len()]);
    }
    let names = job.texts("site")?;
    let mut known: Vec<&String> = names.iter().flatten().collect();
    known.sort_unstable();
    known.dedup();
    let number =
        |name: &Option<String>| known.binary_search(&name.as_ref()?).ok().map(|place| place as u32);
    Ok(names.iter().map(number).collect())
}

/// Lists of times.
fn searched(job: &Job<'_>) -> Result<Vec<Vec<i32>>, AnalyseError> {
    let column = job.input.column("searched", job.needed("searched")?)?;
    let list = |(unit, text): (usize, Option<String>)| {
        let parts = text.iter().flat_map(|text| text.split([';', ',', '|', ' ']));
        let times = parts.map(str::trim).filter(|part| !part.is_empty()).map(|part| {
            crate::app::analyse::job::time(part).map(|(value, _)| value.round() as i32).ok_or_else(
                || {
                    let detail =
                        format!("`{part}` is no time such as 2022-2023; part several by `;`");
                    job.input.wrong(unit, column, detail)
                },
            )
        });
        times.collect()
    };
    job.texts("searched")?.into_iter().enumerate().map(list).collect()
}
