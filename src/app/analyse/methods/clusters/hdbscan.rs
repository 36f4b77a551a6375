//! `analyse hdbscan`.

use super::rows::{
    AREA, Asked, CLUSTER, FIRST, Found, ID, LAST, OF_TIME, POINTS, ROWS, TIME, UNMEASURED, VALUE,
    VALUES, X, Y, outcome, size,
};
use crate::{
    analysis::clusters::hdbscan::{BadSizes, NoClusters, Sizes, hdbscan},
    app::analyse::{AnalyseError, Cell, Column, Job, Method, Opt, Outcome},
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "hdbscan",
    about: "HDBSCAN: where do points hold together over many scales? (It does not ask about chance.)",
    source: "Campello, Moulavi and Sander (2013), Density-based clustering based on hierarchical density estimates, PAKDD",
    options: &[
        Opt::new("min-cluster-size", "N", "Points that make a group, at least 2").or("5"),
        Opt::new(
            "min-pts",
            "N",
            "Points in a core distance, the point itself counted (the Python package hdbscan does not count it: its min_samples is one less); left out, as min-cluster-size",
        ),
        VALUE,
        TIME,
        ROWS,
    ],
    columns: &[
        ID,
        X,
        Y,
        CLUSTER,
        Column::new(
            "probability",
            "How firmly the point belongs to its cluster, 0 to 1; 0 for noise, empty for a cluster",
        ),
        Column::new(
            "outlier",
            "GLOSH: how much sparser it lies than the densest part of its group, 0 to 1; empty for a cluster",
        ),
        Column::new(
            "core_distance",
            "Distance to the min-pts-th nearest point, itself counted; empty for a cluster",
        ),
        Column::new(
            "stability",
            "Excess of mass of its cluster; empty for noise, and where it is beyond measure: enough points coincide",
        ),
        OF_TIME,
        Column::new(
            "reason",
            "noise: it left before any stable group; too-few points at all; one-group: the whole never falls into two; no-hull: a cluster in line or of fewer than three places; empty otherwise",
        ),
        POINTS,
        AREA,
        VALUES,
        UNMEASURED,
        FIRST,
        LAST,
    ],
    summary: &[
        Column::new("points", "How many points there are"),
        Column::new("clusters", "How many clusters"),
        Column::new("noise", "Points in no cluster"),
        Column::new("min_cluster_size", "Points that make a group"),
        Column::new("min_pts", "Points in a core distance, the point itself counted"),
        Column::new(
            "reason",
            "Why there is no cluster: too-few, one-group; empty where there is one",
        ),
    ],
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let asked = Asked::of(job)?;
    let least = size(job, "min-cluster-size")?.unwrap_or(5);
    let min_pts = size(job, "min-pts")?.unwrap_or(least);
    let sizes = Sizes::new(least, min_pts).map_err(|error| {
        let flag = match error {
            BadSizes::MinClusterSize(_) => "min-cluster-size",
            BadSizes::MinPts => "min-pts",
        };
        AnalyseError::flag(flag, error.to_string())
    })?;
    let groups = hdbscan(asked.proven()?, sizes, job.watch)?;
    let own = |which: Result<usize, usize>| {
        let stability =
            |cluster: Option<usize>| Cell::from(cluster.map(|cluster| groups.stability[cluster]));
        match which {
            Ok(unit) => vec![
                groups.probability[unit].into(),
                groups.outlier[unit].into(),
                groups.core_distance[unit].into(),
                stability(groups.cluster[unit].map(|cluster| cluster as usize)),
            ],
            Err(cluster) => vec![Cell::Null, Cell::Null, Cell::Null, stability(Some(cluster))],
        }
    };
    let reason = |unit: usize| {
        let noise = groups.reason.map_or("noise", NoClusters::word);
        groups.cluster[unit].is_none().then_some(noise)
    };
    let found =
        Found { cluster: &groups.cluster, members: groups.members(), own: &own, reason: &reason };
    let mut answer = outcome(job, &asked, &found);
    answer.summary = vec![
        asked.points.len().into(),
        groups.clusters().into(),
        groups.cluster.iter().filter(|cluster| cluster.is_none()).count().into(),
        least.into(),
        min_pts.into(),
        groups.reason.map(NoClusters::word).into(),
    ];
    if groups.reason == Some(NoClusters::OneGroup) {
        answer.warnings.push(
            "the whole never falls into two groups: one cluster alone is not told from noise; \
             dbscan can be asked"
                .into(),
        );
    }
    Ok(answer)
}
