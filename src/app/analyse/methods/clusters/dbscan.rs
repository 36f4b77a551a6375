//! `analyse dbscan` and `analyse st-dbscan`.

use super::rows::{
    AREA, Asked, BORDER, CLUSTER, CORE, FIRST, Found, ID, LAST, OF_TIME, POINTS, ROWS, TIME,
    UNMEASURED, VALUE, VALUES, X, Y, outcome, size,
};
use crate::{
    analysis::clusters::{
        dbscan::{BadDensity, Dense, Density, Role, dbscan},
        k_distance::{bend, k_distances},
        points::Points,
        st_dbscan::st_dbscan,
    },
    app::analyse::{AnalyseError, Cell, Column, Job, Method, Opt, Outcome},
};

const EPS: Opt = Opt::new(
    "eps",
    "DISTANCE",
    "How near is near (d <= eps), in metres or in the unit of plane coordinates; left out, the bend of the k-distance curve, which is a suggestion",
);

const MIN_PTS: Opt =
    Opt::new("min-pts", "N", "Points within eps that make a core point, the point itself counted")
        .or("5");

const EPS_TIME: Opt = Opt::new(
    "eps-time",
    "SPAN",
    "How near is near in time (|dt| <= eps-time): seasons, days, or the unit of the numbers",
);

const OF_REASON: Column = Column::new(
    "reason",
    "noise: no core point within eps; no-time: the time is unknown; no-hull: a cluster in line or of fewer than three places; empty otherwise",
);

const K_DISTANCE: Column = Column::new(
    "k_distance",
    "Distance to the min-pts-th nearest point, itself counted: sorted, the curve from which eps is read (in space alone); empty for a cluster and where there are fewer points",
);

const COLUMNS: &[Column] = &[
    ID, X, Y, CLUSTER, CORE, BORDER, K_DISTANCE, OF_TIME, OF_REASON, POINTS, AREA, VALUES,
    UNMEASURED, FIRST, LAST,
];

const SUMMARY: &[Column] = &[
    Column::new("points", "How many points there are"),
    Column::new("clusters", "How many clusters"),
    Column::new("core", "Core points"),
    Column::new("border", "Border points"),
    Column::new("noise", "Points in no cluster"),
    Column::new("eps", "The distance that was used"),
    Column::new("eps_suggested", "The bend of the k-distance curve; empty where it has none"),
    Column::new("suggestion", "Why nothing is suggested: too-few, level; empty where something is"),
];

/// DBSCAN.
pub(in crate::app::analyse) const DBSCAN: Method = Method {
    name: "dbscan",
    about: "DBSCAN: where do points lie densely at one scale? (It does not ask about chance.)",
    source: "Ester, Kriegel, Sander and Xu (1996), A density-based algorithm for discovering clusters, KDD-96",
    options: &[EPS, MIN_PTS, VALUE, TIME, ROWS],
    columns: COLUMNS,
    summary: SUMMARY,
    long: false,
    run: |job| run(job, false),
};

/// Space-time DBSCAN.
pub(in crate::app::analyse) const ST_DBSCAN: Method = Method {
    name: "st-dbscan",
    about: "ST-DBSCAN: where do points lie densely in space and in time?",
    source: "Birant and Kut (2007), ST-DBSCAN, Data & Knowledge Engineering 60, without its third rule",
    options: &[EPS, EPS_TIME.required(), MIN_PTS, TIME.required(), VALUE, ROWS],
    run: |job| run(job, true),
    ..DBSCAN
};

/// What was asked of the density, in the words of the flags.
fn wrong(error: BadDensity) -> AnalyseError {
    let flag = match error {
        BadDensity::Eps(_) => "eps",
        BadDensity::MinPts => "min-pts",
        BadDensity::Span(_) => "eps-time",
        BadDensity::NoTime(_) => "time",
    };
    AnalyseError::flag(flag, error.to_string())
}

fn run(job: &Job<'_>, in_time: bool) -> Result<Outcome, AnalyseError> {
    let asked = Asked::of(job)?;
    let min_pts = size(job, "min-pts")?.unwrap_or(5);
    let distances = k_distances(asked.proven()?, min_pts);
    let suggested = bend(&distances);
    let given = job.number("eps")?;
    let eps = match (given, &suggested) {
        (Some(eps), _) => eps,
        (None, Ok(bend)) => bend.eps,
        (None, Err(reason)) => {
            return Err(AnalyseError::flag("eps", format!("is needed: {reason}")));
        }
    };
    let density = Density::new(eps, min_pts).map_err(wrong)?;
    let (dense, timeless) = if in_time {
        let span = job.number("eps-time")?.unwrap_or_default();
        in_space_and_time(&asked, density, span)?
    } else {
        (dbscan(asked.proven()?, density), Vec::new())
    };
    let own = |which: Result<usize, usize>| match which {
        Ok(unit) if timeless.get(unit) == Some(&true) => {
            vec![Cell::Null, Cell::Null, distances[unit].into()]
        }
        Ok(unit) => {
            let border = dense.role(unit) == Role::Border;
            vec![dense.core[unit].into(), border.into(), distances[unit].into()]
        }
        Err(_) => vec![Cell::Null; 3],
    };
    let reason = |unit: usize| match dense.role(unit) {
        _ if timeless.get(unit) == Some(&true) => Some("no-time"),
        Role::Noise => Some(Role::Noise.word()),
        Role::Core | Role::Border => None,
    };
    let found =
        Found { cluster: &dense.cluster, members: dense.members(), own: &own, reason: &reason };
    let mut answer = outcome(job, &asked, &found);
    let unknown = timeless.iter().filter(|it| **it).count();
    let of = |role| (0..dense.core.len()).filter(|unit| dense.role(*unit) == role).count();
    answer.summary = vec![
        asked.points.len().into(),
        dense.clusters.into(),
        of(Role::Core).into(),
        of(Role::Border).into(),
        (of(Role::Noise) - unknown).into(),
        eps.into(),
        suggested.as_ref().ok().map(|bend| bend.eps).into(),
        suggested.as_ref().err().map(|reason| reason.word()).into(),
    ];
    if given.is_none() {
        answer.warnings.push(format!(
            "--eps was not given: {eps} is where the curve of k-distances bends, a suggestion and \
             no more; look at the sorted column k_distance, and give --eps"
        ));
    }
    if unknown > 0 {
        answer.warnings.push(format!("{unknown} points have no time and are in no cluster"));
    }
    Ok(answer)
}

/// The clusters of the points whose time is known; and by unit whether it is not.
fn in_space_and_time(
    asked: &Asked,
    density: Density,
    span: f64,
) -> Result<(Dense, Vec<bool>), AnalyseError> {
    let count = asked.points.len();
    let times = asked.times.as_ref().map_or_else(|| vec![None; count], |it| it.values.clone());
    let known: Vec<usize> = (0..count).filter(|unit| times[*unit].is_some()).collect();
    let of: Vec<f64> = times.iter().copied().flatten().collect();
    let at: Vec<_> = known.iter().map(|unit| asked.points[*unit]).collect();
    let points = Points::new(&at).map_err(|error| AnalyseError::Input(error.to_string()))?;
    let found = st_dbscan(points, &of, density, span).map_err(wrong)?;
    let mut dense =
        Dense { cluster: vec![None; count], core: vec![false; count], clusters: found.clusters };
    for (place, unit) in known.into_iter().enumerate() {
        dense.cluster[unit] = found.cluster[place];
        dense.core[unit] = found.core[place];
    }
    Ok((dense, times.iter().map(Option::is_none).collect()))
}
