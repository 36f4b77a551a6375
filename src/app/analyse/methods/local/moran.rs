//! `analyse moran`: local Moran's I.

use super::table::{
    ALPHA, CONDITIONAL, EITHER, ID, Judged, LOCAL_PERMUTATIONS, LOCAL_VALUE, LOCAL_WEIGHTS,
    NEIGHBOURS, OF_VALUE, P, Q, Question, REASON, ROW, SUMMARY, TRANSFORM, Z, chance, neighbours,
};
use crate::{
    analysis::{
        chance::permutation::Statistic,
        local::{
            getis_ord::NoZ,
            moran::{LocalMoran, Moments, Quadrant, local_moran},
        },
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Outcome,
        columns::{GE, LE, P_LOWER, P_TWO_SIDED, P_UPPER},
        options::{ADJUST, SEED},
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "moran",
    about: "Local Moran's I: is a unit among its like (HH, LL), or does it stand out from what is around it (HL, LH)?",
    source: "Anselin (1995), Local indicators of spatial association; Sokal, Oden and Thomson (1998) for the \
             conditional moments; scaled as spdep does",
    options: &[
        LOCAL_VALUE,
        LOCAL_WEIGHTS,
        CONDITIONAL,
        LOCAL_PERMUTATIONS,
        SEED,
        EITHER,
        ADJUST,
        ALPHA,
        TRANSFORM,
        ROW,
    ],
    columns: &[
        ID,
        OF_VALUE,
        Column::new(
            "statistic",
            "I = z L n / sum(z^2), z the deviation from the mean, L the weighted sum of the neighbours' deviations",
        ),
        Z,
        P,
        Q,
        Column::new(
            "class",
            "The quadrant with the level at which it is a find after --adjust, such as HH-95; none; no-data",
        ),
        REASON,
        Column::new(
            "quadrant",
            "HH, LH, LL, HL: the unit, then its neighbours, above or below the mean; empty where either is at it",
        ),
        Column::new("deviation", "The unit's deviation from the mean"),
        Column::new("lag", "L, the weighted sum of its neighbours' deviations"),
        Column::new("expected", "What chance lets expect of I where the unit keeps its value"),
        Column::new("variance", "Its variance then (Sokal, Oden and Thomson 1998)"),
        Column::new("expected_total", "What chance lets expect where all values may lie anywhere"),
        Column::new("variance_total", "Its variance then (Anselin 1995)"),
        NEIGHBOURS,
        GE,
        LE,
        P_UPPER,
        P_LOWER,
        P_TWO_SIDED,
    ],
    summary: SUMMARY,
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let question = Question::of(job)?;
    let styled = question.styled(job, false)?;
    let (values, weights) = (&question.values, &question.weights);
    let locals = local_moran(values, &styled);
    let draws = job.draws("moran/1")?;
    let counts = question.counts(job, Statistic::Moran, Question::null(job)?, draws)?;
    let z: Vec<Result<f64, NoZ>> = locals.iter().map(|local| local.z).collect();
    let judged = question.judged(&counts, &z);
    let deviations = crate::analysis::local::moran::deviations(values);
    let rows = locals.iter().enumerate().map(|(at, local)| {
        let known = local.statistic.is_some();
        let of = |moments: Option<Moments>, variance: bool| {
            Cell::from(moments.map(|it| if variance { it.variance } else { it.expected }))
        };
        let mut row = vec![
            job.ids()[question.known[at]].clone().into(),
            values[at].into(),
            local.statistic.into(),
            local.z.ok().into(),
            judged[at].p.into(),
            judged[at].q.into(),
            class(local, judged[at]).into(),
            local.z.err().map(NoZ::word).into(),
            local.quadrant.map(Quadrant::word).into(),
            known.then_some(deviations[at]).into(),
            known.then_some(local.lag).into(),
            of(local.conditional, false),
            of(local.conditional, true),
            of(local.total, false),
            of(local.total, true),
            neighbours(weights, at).into(),
        ];
        row.extend(chance(&counts, at, local.z));
        row
    });
    Ok(Outcome {
        rows: question.rows(job, rows.collect()),
        by_unit: true,
        summary: question.summary(&judged, &z, draws),
        warnings: question.warnings(draws),
        ..Outcome::default()
    })
}

/// The quadrant with its level, where it is a find.
fn class(local: &LocalMoran, judged: Judged) -> String {
    let level = match judged.level {
        3 => "99",
        2 => "95",
        1 => "90",
        _ => return "none".into(),
    };
    local.quadrant.map_or("none".into(), |quadrant| format!("{}-{level}", quadrant.word()))
}
