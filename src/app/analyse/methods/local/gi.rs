//! `analyse gi` and `analyse gistar`.

use super::table::{
    ALPHA, CONDITIONAL, GIVEN, ID, LOCAL_PERMUTATIONS, LOCAL_VALUE, LOCAL_WEIGHTS, NEIGHBOURS,
    OF_VALUE, P, Q, Question, REASON, SUMMARY, TOTAL, TRANSFORM, UPPER, Z, chance, neighbours,
};
use crate::{
    analysis::{
        chance::permutation::Statistic,
        local::getis_ord::{NoZ, Share, gi, gi_star},
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Outcome,
        columns::{GE, LE, P_LOWER, P_TWO_SIDED, P_UPPER},
        options::{ADJUST, SEED},
    },
};

const COLUMNS: &[Column] = &[
    ID,
    OF_VALUE,
    Column::new(
        "statistic",
        "G: the neighbourhood's weighted sum as a share of all (of gi: of all others); empty where that sum is 0",
    ),
    Z,
    P,
    Q,
    Column::new(
        "class",
        "hot-99, hot-95, hot-90 or cold-...: a find at 99, 95, 90 % after --adjust, each level by itself; none; no-data",
    ),
    REASON,
    Column::new("sum", "The weighted sum over the neighbourhood; of gistar with the unit itself"),
    Column::new("expected", "What chance lets expect of the statistic"),
    Column::new("variance", "Its variance under chance"),
    NEIGHBOURS,
    GE,
    LE,
    P_UPPER,
    P_LOWER,
    P_TWO_SIDED,
];

/// Gi.
pub(in crate::app::analyse) const GI: Method = Method {
    name: "gi",
    about: "Getis-Ord Gi: do a unit's neighbours hold more than their share, the unit left aside?",
    source: "Ord and Getis (1995), Local spatial autocorrelation statistics, Geographical Analysis 27",
    options: &[
        LOCAL_VALUE,
        LOCAL_WEIGHTS,
        CONDITIONAL,
        LOCAL_PERMUTATIONS,
        SEED,
        UPPER,
        ADJUST,
        ALPHA,
        TRANSFORM,
        GIVEN,
    ],
    columns: COLUMNS,
    summary: SUMMARY,
    long: false,
    run: |job| run(job, false),
};

/// Gi*.
pub(in crate::app::analyse) const GI_STAR: Method = Method {
    name: "gistar",
    about: "Getis-Ord Gi*: do a unit and its neighbours together hold more than their share?",
    options: &[
        LOCAL_VALUE,
        LOCAL_WEIGHTS,
        TOTAL,
        LOCAL_PERMUTATIONS,
        SEED,
        UPPER,
        ADJUST,
        ALPHA,
        TRANSFORM,
        GIVEN,
    ],
    run: |job| run(job, true),
    ..GI
};

fn run(job: &Job<'_>, star: bool) -> Result<Outcome, AnalyseError> {
    let question = Question::of(job)?;
    let styled = question.styled(job, star)?;
    let (values, weights) = (&question.values, &question.weights);
    let locals = if star { gi_star(values, &styled) } else { gi(values, &styled) };
    let statistic = if star { Statistic::GiStar } else { Statistic::Gi };
    let draws = job.draws(if star { "gistar/1" } else { "gi/1" })?;
    let counts = question.counts(job, statistic, Question::null(job)?, draws)?;
    let z: Vec<Result<f64, NoZ>> = locals.iter().map(|local| local.z).collect();
    let judged = question.judged(&counts, &z);
    let rows = locals.iter().enumerate().map(|(at, local)| {
        let share = |of: fn(Share) -> f64| Cell::from(local.share.map(of));
        let near = neighbours(weights, at);
        let alone = (near == 0 && local.z.is_ok()).then_some(NoZ::Island);
        let reason = local.z.err().or(alone).map(NoZ::word);
        let mut row = vec![
            job.ids()[question.known[at]].clone().into(),
            values[at].into(),
            share(|it| it.g),
            local.z.ok().into(),
            judged[at].p.into(),
            judged[at].q.into(),
            judged[at].hot_or_cold().into(),
            reason.into(),
            local.sum.into(),
            share(|it| it.expected),
            share(|it| it.variance),
            near.into(),
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
