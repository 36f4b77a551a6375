//! `analyse general-g`.

use super::table::{
    AS_GIVEN, EITHER, EXPECTED, GLOBAL_PERMUTATIONS, GLOBAL_VALUE, GLOBAL_WEIGHTS, P, P_NORMAL,
    Question, REASON, SIMULATED_MEAN, SIMULATED_VARIANCE, STATISTIC, SUMMARY, VARIANCE, Z, reason,
    simulation, standing,
};
use crate::{
    analysis::global::general_g::{general_g, general_g_shuffled},
    app::analyse::{
        AnalyseError, Column, Job, Method, Outcome,
        columns::{GE, LE, P_LOWER, P_TWO_SIDED, P_UPPER},
        options::SEED,
    },
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "general-g",
    about: "General G: over the whole map, does much lie beside much, or little beside little?",
    source: "Getis and Ord (1992), The analysis of spatial association by use of distance statistics, \
             Geographical Analysis 24",
    options: &[GLOBAL_VALUE, GLOBAL_WEIGHTS, AS_GIVEN, GLOBAL_PERMUTATIONS, SEED, EITHER],
    columns: &[
        Column::new(
            STATISTIC,
            "G: above expected where high values lie together (upper tail), below where low ones do; \
             values must not be below 0",
        ),
        EXPECTED,
        VARIANCE,
        Z,
        P,
        P_NORMAL,
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
    let draws = job.draws("general-g/1")?;
    let found = general_g(values, weights);
    let simulated = general_g_shuffled(values, weights, draws, job.watch)?.ok();
    let random = found.as_ref().ok().map(|it| &it.randomisation);
    let mut row = vec![found.as_ref().ok().map(|it| it.g).into()];
    row.extend(standing(random, simulated.as_ref(), *tail));
    row.extend(simulation(simulated.as_ref()));
    row.push(reason(found.as_ref().err().copied(), random));
    Ok(Outcome {
        rows: vec![row],
        summary: question.summary(draws),
        warnings: question.warnings(),
        ..Outcome::default()
    })
}
