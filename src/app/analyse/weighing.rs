//! The flag `--weights`: from its text to weights between the units of the file.

use super::{AnalyseError, Job};
use crate::analysis::weights::{Ground, NoInverse, NoWeights, Weights, WeightsSpec};

/// Reads `--weights` for the units of the job, which are in the order of their ids; a file of
/// weights names places in the input file.
pub(super) fn weights(job: &Job<'_>) -> Result<(Weights, String), AnalyseError> {
    let wrong = |detail: String| AnalyseError::flag("weights", detail);
    let spec: WeightsSpec =
        job.needed("weights")?.parse().map_err(|error| wrong(format!("{error}")))?;
    let table = match &spec {
        WeightsSpec::File(name) => Some(
            std::fs::read_to_string(job.folder.join(name))
                .map_err(|error| wrong(format!("{name}: {error}")))?,
        ),
        _ => None,
    };
    let points = if spec.needs_points() { Some(job.points()?) } else { None };
    let outlines = if spec.needs_outlines() { Some(job.outlines()?) } else { None };
    let ground = Ground {
        count: job.input.len(),
        points: points.as_deref(),
        outlines,
        table: table.as_deref(),
    };
    let made = spec.make(ground).map_err(|error| match error {
        // The asker knows units by their ids.
        NoWeights::Inverse(NoInverse::SamePlace { first, second }) => wrong(format!(
            "{spec}: units `{}` and `{}` lie at the same place, and nothing can be divided by a \
             distance of 0: put such units together, or use band: or kernel: weights",
            job.ids()[first],
            job.ids()[second]
        )),
        error => wrong(format!("{spec}: {error}")),
    });
    let (weights, words) = made?;
    match spec {
        WeightsSpec::File(_) => Ok((weights.reordered(job.input.order()), words)),
        _ => Ok((weights, words)),
    }
}
