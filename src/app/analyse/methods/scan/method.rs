//! `analyse scan`: where, and when, do cases crowd together more than chance would have it?

use geo_types::{Coord, Geometry, LineString, Point, Polygon};

use super::table::Table;
use crate::{
    analysis::{
        scan::{
            Cluster, Model, Question, Rates, Reason, Ring, Scan, Scope, Secondary, Windows, scan,
        },
        weights::from_table,
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        options::{PERMUTATIONS, SEED},
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "scan",
    about: "Scan statistics: circles, ellipses or given neighbours, and spans of periods, in which cases crowd more \
            than chance would have it, with one p for the whole map",
    source: "Kulldorff (1997, 2001); Kulldorff et al. (2005, 2006); Abrams, Kleinman and Kulldorff (2010); \
             Han et al. (2016)",
    options: &[
        Opt::new("cases", "FIELD", "The column with the number of cases; an empty cell is unknown, never 0"),
        Opt::new("value", "FIELD", "The same as --cases"),
        Opt::new(
            "model",
            "poisson|bernoulli|space-time-permutation",
            "What chance is: cases in proportion to --population; cases among cases and --controls; or the times of \
             the cases shuffled over them",
        )
        .or("poisson"),
        Opt::new("population", "FIELD", "Poisson: the column with people, households, searched hectares"),
        Opt::new("controls", "FIELD", "Bernoulli: the column with the number that are no cases"),
        Opt::new(
            "time",
            "FIELD",
            "The column with the period, a season or a whole number: then a row a place and period, and places told \
             apart by --id",
        ),
        Opt::new(
            "scope",
            "spatial|space-time|prospective",
            "All periods together; every span of periods; or spans that reach the last period",
        )
        .or("spatial"),
        Opt::new(
            "window",
            "circle|ellipse|FILE.csv",
            "Circles around every place; also ellipses 1.5 to 5 times as long as wide; or a file of i,j,w: place j \
             lies w from place i (0-based places in the file), in any unit such as hours on foot",
        )
        .or("circle"),
        Opt::new(
            "penalty",
            "none|medium|strong",
            "How dearly long ellipses pay: (4s/(s+1)^2) to the power 0, 0.5 or 1, s the length over the width",
        )
        .or("medium"),
        Opt::new("rates", "high|low|both", "More cases than expected, fewer, or either").or("high"),
        Opt::new("max-population", "SHARE", "The most of the population that a window holds, above 0 to 0.5")
            .or("0.5"),
        Opt::new("max-time", "SHARE", "The most of the periods that a window holds, above 0 to 1").or("0.5"),
        Opt::new("min-cases", "N", "The fewest cases of a cluster of high rates").or("2"),
        Opt::new(
            "secondary",
            "centres|rest|gini",
            "Further clusters: of each centre the best window (SaTScan's hierarchical ones); the best of all windows \
             left over; or, of the sets of significant clusters of at most 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, \
             40, 50 % of the population, the set with the greatest Gini coefficient (SaTScan's Gini-optimised ones): \
             rather two small clusters than one over both; spatial scans, not the permutation model",
        )
        .or("centres"),
        Opt::new("gini-p", "P", "With --secondary gini: a cluster counts with a p of at most this").or("0.05"),
        Opt::new("rows", "clusters|members", "A row a cluster (as GeoJSON its circle, ellipse or hull), or a row a member")
            .or("clusters"),
        PERMUTATIONS.or("999"),
        SEED,
    ],
    columns: &[
        Column::new("cluster", "Its rank, from 1: the least probable first"),
        Column::new("id", "The place at its centre; of a member the member"),
        Column::new("centre", "The place at its centre"),
        Column::new("places", "How many places it has"),
        Column::new("first", "Its first period; empty without --time"),
        Column::new("last", "Its last period; empty without --time"),
        Column::new("rate", "high: more cases than expected; low: fewer"),
        Column::new("observed", "Its cases"),
        Column::new("expected", "How many chance would have"),
        Column::new("ratio", "Observed over expected"),
        Column::new(
            "relative_risk",
            "That ratio within over that without; empty where no case is without, and for the permutation model",
        ),
        Column::new("population", "Its population in an average period; cases and controls; or cases"),
        Column::new("llr", "The log likelihood ratio, of an ellipse what the penalty leaves of it"),
        Column::new("p", "(1 + maps by chance whose best window is as good)/(R + 1): one p for the whole map"),
        Column::new(
            "gumbel_p",
            "The same by a Gumbel distribution fitted to the maps by chance, for p below 1/(R + 1)",
        ),
        Column::new(
            "recurrence",
            "Prospective: chance shows as much once in so many periods; empty otherwise",
        ),
        Column::new("radius", "Of a circle to its farthest place, in units of the plane; of a list the given distance"),
        Column::new("minor", "Half the width of an ellipse"),
        Column::new("major", "Half its length"),
        Column::new("angle", "Its direction, degrees counter-clockwise from east"),
        Column::new("span", "The greatest distance between two of its places"),
        Column::new("x", "Where the centre or the member is in the plane of measurement"),
        Column::new("y", "As x"),
        Column::new("place_observed", "Of a member: its cases in the cluster's periods"),
        Column::new("place_expected", "And how many chance would have"),
    ],
    summary: &[
        Column::new("clusters", "How many clusters are told: all that some map by chance falls short of"),
        Column::new(
            "reason",
            "Why nothing can be said: too-few-places, too-few-cases, no-population, cases-without-population, \
             bad-population, no-controls, too-few-periods, no-window, too-many-cases",
        ),
        Column::new(
            "gini",
            "With --secondary gini the coefficient of the told set, from 0 (cases as expected everywhere) to nearly 1: \
             it chose the set and is no test; empty where no cluster is significant (then all are told as by centres)",
        ),
        Column::new("gini_size", "The greatest share of the population that a cluster of that set was let hold"),
        Column::new("places", "How many places were looked at"),
        Column::new("periods", "And how many periods"),
        Column::new("cases", "All cases"),
        Column::new("critical_05", "The log likelihood ratio that a cluster needs for p = 0.05"),
        Column::new("max_llr_mean", "The mean of the best ratios of the maps by chance"),
        Column::new("max_llr_sd", "Their standard deviation"),
        Column::new("permutations", "Maps by chance"),
        Column::new("seed", "The seed"),
    ],
    long: true,
    run,
};

/// A circle on the map has so many corners.
const CORNERS: u32 = 72;

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let model = job.needed("model")?;
    let ground = match model {
        "poisson" => Some("population"),
        "bernoulli" => Some("controls"),
        "space-time-permutation" => None,
        other => {
            let words = "poisson, bernoulli, space-time-permutation";
            return Err(AnalyseError::flag("model", format!("{other}: is none of {words}")));
        }
    };
    let mut table = Table::read(job, ground)?;
    let controls: Vec<u32> = table.ground.iter().map(|count| *count as u32).collect();
    let model = match ground {
        Some("population") => Model::Poisson { population: &table.ground },
        Some(_) => Model::Bernoulli { controls: &controls },
        None => Model::SpaceTimePermutation,
    };
    let lists = lists(job, &table)?;
    let at = table.at.as_deref();
    let windows = match (job.needed("window")?, &lists) {
        (_, Some(lists)) => Windows::Listed(lists),
        (word, None) => {
            let Some(at) = at else {
                job.points()?;
                return Err(AnalyseError::Input("a place without a position".into()));
            };
            job.input.measurable()?;
            match word {
                "ellipse" => Windows::Ellipses { at, penalty: penalty(job)? },
                _ => Windows::Circles { at },
            }
        }
    };
    let question = Question {
        cases: &table.cases,
        periods: table.periods,
        model,
        windows,
        scope: job
            .word("scope", &Scope::ALL.map(Scope::word), Scope::from_word)?
            .unwrap_or_default(),
        rates: job
            .word("rates", &Rates::ALL.map(Rates::word), Rates::from_word)?
            .unwrap_or_default(),
        max_population: share(job, "max-population", 0.5)?,
        max_time: share(job, "max-time", 1.0)?,
        minimum_cases: u32::try_from(job.whole("min-cases")?.unwrap_or(2)).unwrap_or(u32::MAX),
        secondary: job
            .word("secondary", &Secondary::ALL.map(Secondary::word), Secondary::from_word)?
            .unwrap_or_default(),
        gini_p: share(job, "gini-p", 1.0)?,
    };
    let draws = job.draws("scan/1")?;
    let found = scan(&question, draws, job.watch)?;
    let (reason, found) = match found {
        Ok(found) => (None, found),
        Err(reason @ Reason::NoGini) => {
            return Err(AnalyseError::flag("secondary", format!("gini: {reason}")));
        }
        Err(reason) => {
            table.warnings.push(told(reason, &table));
            let none =
                Scan { clusters: Vec::new(), maxima: Vec::new(), cases: 0, places: 0, gini: None };
            (Some(reason), none)
        }
    };
    if reason.is_none() && found.clusters.is_empty() {
        table.warnings.push("no window differs from what chance would have".into());
    } else if reason.is_none() && question.secondary == Secondary::Gini && found.gini.is_none() {
        table.warnings.push(format!(
            "no cluster has a p of at most {}: there is no set for the Gini coefficient to choose, and \
             the clusters are told as by --secondary centres",
            question.gini_p
        ));
    }
    let by_member = job.word("rows", &["clusters", "members"], |word| match word {
        "clusters" => Some(false),
        "members" => Some(true),
        _ => None,
    })?;
    let (rows, shapes) = rows(job, &table, &found, by_member == Some(true));
    let critical = Critical::of(&found.maxima);
    let summary = vec![
        found.clusters.len().into(),
        reason.map(Reason::word).into(),
        found.gini.map(|gini| gini.coefficient).into(),
        found.gini.map(|gini| gini.size).into(),
        table.ids.len().into(),
        table.periods.into(),
        table.cases.iter().map(|count| i64::from(*count)).sum::<i64>().into(),
        critical.at_05.into(),
        critical.mean.into(),
        critical.deviation.into(),
        draws.permutations.into(),
        draws.seed.into(),
    ];
    let shapes = table.at.is_some().then_some(shapes);
    Ok(Outcome { rows, shapes, summary, warnings: table.warnings, ..Outcome::default() })
}

/// For each place the others with how far they are.
type Lists = Vec<Vec<(u32, f64)>>;

/// Neighbours by a file, where `--window` names one.
fn lists(job: &Job<'_>, table: &Table) -> Result<Option<Lists>, AnalyseError> {
    let name = job.needed("window")?;
    if matches!(name, "circle" | "ellipse") {
        return Ok(None);
    }
    let wrong = |detail: String| AnalyseError::flag("window", detail);
    let text = std::fs::read_to_string(job.folder.join(name)).map_err(|error| {
        wrong(format!("{name}: {error}; write circle, ellipse, or a file of i,j,w"))
    })?;
    let links = from_table(&text, table.in_file.len())
        .map_err(|bad| wrong(format!("{name}, line {}: {}", bad.line, bad.detail)))?;
    if links.links() == 0 {
        job.input.note(format!("--window {name}: there is not one link in it"));
    }
    let mut lists = vec![Vec::new(); table.ids.len()];
    for (from, place) in table.in_file.iter().enumerate() {
        let Some(place) = *place else { continue };
        for (to, far) in links.row(from) {
            if far < 0.0 {
                return Err(wrong(format!("{name}: {from},{to},{far}: no distance is below 0")));
            }
            lists[place].extend(table.in_file[to].map(|to| (to as u32, far)));
        }
    }
    Ok(Some(lists))
}

fn penalty(job: &Job<'_>) -> Result<f64, AnalyseError> {
    let penalty = job.word("penalty", &["none", "medium", "strong"], |word| match word {
        "none" => Some(0.0),
        "medium" => Some(0.5),
        "strong" => Some(1.0),
        _ => None,
    })?;
    Ok(penalty.unwrap_or(0.5))
}

fn share(job: &Job<'_>, flag: &'static str, most: f64) -> Result<f64, AnalyseError> {
    let share = job.positive(flag)?.unwrap_or(0.5);
    if share > most {
        return Err(AnalyseError::flag(
            flag,
            format!("{share}: must be above 0 and at most {most}"),
        ));
    }
    Ok(share)
}

/// A reason with the name of its place.
fn told(reason: Reason, table: &Table) -> String {
    let at = |place: usize, period: usize| {
        let when = table.period(period).map(|period| format!(" in {period}")).unwrap_or_default();
        format!("`{}`{when}", table.ids[place])
    };
    match reason {
        Reason::CasesWithoutPopulation { place, period } => {
            format!("{} has cases but no population: one of the two is wrong", at(place, period))
        }
        Reason::BadPopulation { place, period } => {
            format!("the population of {} is below 0", at(place, period))
        }
        reason => reason.to_string(),
    }
}

/// Of the best ratios of the maps by chance.
#[derive(Default)]
struct Critical {
    at_05: Option<f64>,
    mean: Option<f64>,
    deviation: Option<f64>,
}

impl Critical {
    fn of(maxima: &[f64]) -> Self {
        if maxima.is_empty() {
            return Self::default();
        }
        let mut sorted = maxima.to_vec();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        // As good as the k-th best map is p = (k + 1)/(R + 1).
        let rank = ((maxima.len() + 1) as f64 * 0.05 + 1e-9).floor() as usize;
        let count = maxima.len() as f64;
        let mean = maxima.iter().sum::<f64>() / count;
        let squares: f64 = maxima.iter().map(|it| (it - mean).powi(2)).sum();
        Self {
            at_05: rank.checked_sub(1).and_then(|rank| sorted.get(rank)).copied(),
            mean: Some(mean),
            deviation: (count > 1.0).then(|| (squares / (count - 1.0)).sqrt()),
        }
    }
}

type Shapes = Vec<Option<Geometry<f64>>>;

fn rows(job: &Job<'_>, table: &Table, found: &Scan, by_member: bool) -> (Vec<Vec<Cell>>, Shapes) {
    let (mut rows, mut shapes) = (Vec::new(), Vec::new());
    for (rank, cluster) in found.clusters.iter().enumerate() {
        if !by_member {
            rows.push(row(table, rank, cluster, None));
            shapes.push(shape(table, cluster));
            continue;
        }
        for member in 0..cluster.members.len() {
            rows.push(row(table, rank, cluster, Some(member)));
            let unit = table.units[cluster.members[member].place];
            shapes.push(job.input.shapes().and_then(|shapes| shapes[unit].clone()));
        }
    }
    (rows, shapes)
}

fn row(table: &Table, rank: usize, cluster: &Cluster, member: Option<usize>) -> Vec<Cell> {
    let member = member.map(|member| cluster.members[member]);
    let place = member.map_or(cluster.centre, |member| member.place);
    let at = table.at.as_ref().map(|at| at[place]);
    let (mut radius, mut minor, mut major, mut angle) = (None, None, None, None);
    match cluster.ring {
        Ring::Circle { radius: it } | Ring::Listed { reach: it } => radius = Some(it),
        Ring::Ellipse { minor: width, major: length, angle: turned } => {
            (minor, major, angle) = (Some(width), Some(length), Some(turned));
        }
    }
    vec![
        (rank + 1).into(),
        table.ids[place].clone().into(),
        table.ids[cluster.centre].clone().into(),
        cluster.members.len().into(),
        table.period(cluster.first).into(),
        table.period(cluster.last).into(),
        if cluster.high { "high" } else { "low" }.into(),
        cluster.observed.into(),
        cluster.expected.into(),
        cluster.ratio.into(),
        cluster.relative_risk.into(),
        cluster.population.into(),
        cluster.llr.into(),
        cluster.p.into(),
        cluster.gumbel.into(),
        cluster.recurrence.into(),
        radius.into(),
        minor.into(),
        major.into(),
        angle.into(),
        cluster.span.into(),
        at.map(|at| at.x).into(),
        at.map(|at| at.y).into(),
        member.map(|member| member.observed).into(),
        member.map(|member| member.expected).into(),
    ]
}

/// The window on the ground: a place that is alone is its point.
fn shape(table: &Table, cluster: &Cluster) -> Option<Geometry<f64>> {
    let at = table.at.as_ref()?;
    let centre = at[cluster.centre];
    let (minor, major, angle) = match cluster.ring {
        Ring::Circle { radius } => (radius, radius, 0.0),
        Ring::Ellipse { minor, major, angle } => (minor, major, angle),
        Ring::Listed { .. } => {
            let members = cluster.members.iter().map(|member| Point(at[member.place]));
            let members = geo_types::MultiPoint::new(members.collect());
            return Some(geo::ConvexHull::convex_hull(&members).into());
        }
    };
    if major <= 0.0 {
        return Some(Point(centre).into());
    }
    let (sin, cos) = angle.to_radians().sin_cos();
    let corner = |number: u32| {
        let turned = f64::from(number % CORNERS) / f64::from(CORNERS) * std::f64::consts::TAU;
        // An ellipse of one row of places has no width of its own: then a hundredth of its length.
        let (along, across) = (major * turned.cos(), minor.max(major * 0.01) * turned.sin());
        Coord { x: centre.x + along * cos - across * sin, y: centre.y + along * sin + across * cos }
    };
    Some(Polygon::new(LineString::new((0..=CORNERS).map(corner).collect()), Vec::new()).into())
}
