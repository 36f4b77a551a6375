//! `analyse global-join-counts`: the joins of the whole map, where `join-counts` has those of each
//! unit.

use super::table::{
    AS_GIVEN, EITHER, EXPECTED, GLOBAL_PERMUTATIONS, GLOBAL_VALUE, GLOBAL_WEIGHTS, P, P_NORMAL,
    Question, REASON, SIMULATED_MEAN, SIMULATED_VARIANCE, STATISTIC, SUMMARY, VARIANCE, Z, reason,
    simulation, standing,
};
use crate::{
    analysis::global::join_counts::{
        JoinCounts, Joins, JoinsShuffled, join_counts, join_counts_shuffled,
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        columns::{GE, LE, P_LOWER, P_TWO_SIDED, P_UPPER},
        options::SEED,
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "global-join-counts",
    about: "Join counts: over the whole map, do places that have it lie beside places that have it?",
    source: "Cliff and Ord (1981), Spatial processes, section 1.4.1",
    options: &[
        GLOBAL_VALUE,
        Opt::new("above", "NUMBER", "A unit with a value above this has it").or("0"),
        Opt::new(
            "chance",
            "P",
            "The chance of having it under free sampling, known from elsewhere; the share unless given",
        ),
        GLOBAL_WEIGHTS,
        AS_GIVEN,
        GLOBAL_PERMUTATIONS,
        SEED,
        EITHER,
    ],
    columns: &[
        Column::new("joins", "bb: both have it; bw: one has it; ww: neither"),
        Column::new(STATISTIC, "How many joins of this kind, half the sum of their weights"),
        EXPECTED,
        VARIANCE,
        Z,
        P,
        P_NORMAL,
        Column::new("expected_free", "Expected if every unit had it by chance, by itself"),
        Column::new("variance_free", "The variance then"),
        Column::new("z_free", "z then"),
        GE,
        LE,
        P_UPPER,
        P_LOWER,
        P_TWO_SIDED,
        SIMULATED_MEAN,
        SIMULATED_VARIANCE,
        REASON,
    ],
    summary: SUMMARY,
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let question = Question::of(job)?;
    let above = job.number("above")?.unwrap_or(0.0);
    let chance = job.number("chance")?;
    if let Some(p) = chance.filter(|p| !(0.0..=1.0).contains(p)) {
        return Err(AnalyseError::flag("chance", format!("{p}: must be 0 to 1")));
    }
    let black: Vec<bool> = question.values.iter().map(|value| *value > above).collect();
    let draws = job.draws("global-join-counts/1")?;
    let found = join_counts(&black, &question.weights, chance);
    let shuffled = join_counts_shuffled(&black, &question.weights, draws, job.watch)?.ok();
    let rows = KINDS.iter().map(|(word, of, of_shuffled)| {
        let joins = found.as_ref().ok().map(of);
        let simulated = shuffled.as_ref().map(of_shuffled);
        let non_free = joins.as_ref().map(|it| &it.non_free);
        let mut row: Vec<Cell> = vec![(*word).into(), joins.as_ref().map(|it| it.joins).into()];
        row.extend(standing(non_free, simulated.as_ref(), question.tail));
        row.push(joins.as_ref().map(|it| it.free.expected).into());
        row.push(joins.as_ref().and_then(|it| it.free.variance.ok()).into());
        row.push(joins.as_ref().and_then(|it| it.free.z.ok()).into());
        row.extend(simulation(simulated.as_ref()));
        row.push(reason(found.as_ref().err().copied(), non_free));
        row
    });
    Ok(Outcome {
        rows: rows.collect(),
        summary: question.summary(draws),
        warnings: question.warnings(),
        ..Outcome::default()
    })
}

type Kind = (
    &'static str,
    fn(&JoinCounts) -> Joins,
    fn(&JoinsShuffled) -> crate::analysis::global::Simulated,
);

const KINDS: [Kind; 3] = [
    ("bb", |it| it.bb, |it| it.bb),
    ("bw", |it| it.bw, |it| it.bw),
    ("ww", |it| it.ww, |it| it.ww),
];
