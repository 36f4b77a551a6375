//! `analyse join-counts`: local join counts of presence.

use super::table::{
    ALPHA, CONDITIONAL, ID, LOCAL_PERMUTATIONS, LOCAL_VALUE, LOCAL_WEIGHTS, NEIGHBOURS, OF_VALUE,
    P, Q, Question, REASON, SUMMARY, UPPER, Z, chance, neighbours,
};
use crate::{
    analysis::{
        chance::permutation::{Null, Statistic},
        local::{getis_ord::NoZ, join_counts::local_join_counts, moran::Moments},
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        columns::{GE, LE, P_LOWER, P_TWO_SIDED, P_UPPER},
        options::{ADJUST, SEED},
    },
};

const ABOVE: Opt = Opt::new(
    "above",
    "NUMBER",
    "Take values above this as present (1) and others as absent (0); unless given, values must be 0 or 1",
);

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "join-counts",
    about: "Local join counts: where something is present, is it around as well, more than chance would have it?",
    source: "Anselin and Li (2019), Operational local join count statistics for cluster detection",
    options: &[
        LOCAL_VALUE,
        ABOVE,
        LOCAL_WEIGHTS,
        CONDITIONAL,
        LOCAL_PERMUTATIONS,
        SEED,
        UPPER,
        ADJUST,
        ALPHA,
    ],
    columns: &[
        ID,
        OF_VALUE,
        Column::new(
            "statistic",
            "BB: the weights of the neighbours where it is present too; 0 where the unit itself has it not",
        ),
        Z,
        P,
        Q,
        Column::new(
            "class",
            "hot-99, hot-95, hot-90: more joins than chance gives; cold-...: fewer; none; no-data",
        ),
        REASON,
        Column::new("expected", "What chance lets expect of BB where the unit has it"),
        Column::new("variance", "Its variance then"),
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
    let mut question = Question::of(job)?;
    if let Some(above) = job.number("above")? {
        question.values.iter_mut().for_each(|x| *x = f64::from(*x > above));
    }
    if Question::null(job)? == Null::Total {
        return Err(AnalyseError::flag(
            "null",
            "total: join counts are asked of units that have it, which stay; write conditional",
        ));
    }
    let (values, weights) = (&question.values, &question.weights);
    let locals = local_join_counts(values, weights).map_err(|error| {
        let id = &job.ids()[question.known[error.place]];
        AnalyseError::flag(
            "value",
            format!(
                "unit `{id}` has {}: join counts need 1 for present and 0 for absent; \
                 write --above 0 to take every value above 0 as present",
                error.value
            ),
        )
    })?;
    let draws = job.draws("join-counts/1")?;
    let counts = question.counts(job, Statistic::Gi, Null::Conditional, draws)?;
    let z: Vec<Result<f64, NoZ>> = locals.iter().map(|local| local.z).collect();
    let judged = question.judged(&counts, &z);
    let rows = locals.iter().enumerate().map(|(at, local)| {
        let of = |figure: fn(Moments) -> f64| Cell::from(local.moments.map(figure));
        let mut row = vec![
            job.ids()[question.known[at]].clone().into(),
            values[at].into(),
            local.statistic.into(),
            local.z.ok().into(),
            judged[at].p.into(),
            judged[at].q.into(),
            judged[at].hot_or_cold().into(),
            local.z.err().map(NoZ::word).into(),
            of(|it| it.expected),
            of(|it| it.variance),
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
