//! `analyse geary`.

use super::table::{
    BY_ROW, EITHER, EXPECTED, GLOBAL_PERMUTATIONS, GLOBAL_VALUE, GLOBAL_WEIGHTS, P, P_NORMAL,
    P_NORMALITY, Question, REASON, SIMULATED_MEAN, SIMULATED_VARIANCE, STATISTIC, SUMMARY,
    VARIANCE, VARIANCE_NORMALITY, Z, Z_NORMALITY, normality, reason, simulation, standing,
};
use crate::{
    analysis::global::geary::{geary, geary_shuffled},
    app::analyse::{
        AnalyseError, Column, Job, Method, Outcome,
        columns::{GE, LE, P_LOWER, P_TWO_SIDED, P_UPPER},
        options::SEED,
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "geary",
    about: "Geary's C: over the whole map, how different are neighbours?",
    source: "Geary (1954), The contiguity ratio and statistical mapping; Cliff and Ord (1981), Spatial processes",
    options: &[GLOBAL_VALUE, GLOBAL_WEIGHTS, BY_ROW, GLOBAL_PERMUTATIONS, SEED, EITHER],
    columns: &[
        Column::new(
            STATISTIC,
            "C: below 1 where neighbours are alike (z negative, --tail lower), above where they alternate",
        ),
        EXPECTED,
        VARIANCE,
        Z,
        P,
        P_NORMAL,
        VARIANCE_NORMALITY,
        Z_NORMALITY,
        P_NORMALITY,
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
    let Question { values, weights, tail, .. } = &question;
    let draws = job.draws("geary/1")?;
    let found = geary(values, weights);
    let simulated = geary_shuffled(values, weights, draws, job.watch)?.ok();
    let random = found.as_ref().ok().map(|it| &it.randomisation);
    let mut row = vec![found.as_ref().ok().map(|it| it.c).into()];
    row.extend(standing(random, simulated.as_ref(), *tail));
    row.extend(normality(found.as_ref().ok().map(|it| &it.normality), *tail));
    row.extend(simulation(simulated.as_ref()));
    row.push(reason(found.as_ref().err().copied(), random));
    Ok(Outcome {
        rows: vec![row],
        summary: question.summary(draws),
        warnings: question.warnings(),
        ..Outcome::default()
    })
}
