//! The flag `--weights`: from its text to weights between the units of the file.

use geo_types::{Coord, MultiPolygon};

use super::{AnalyseError, Job};
use crate::analysis::weights::{Ground, NoInverse, NoWeights, Weights, WeightsSpec};

/// What weights are made between.
pub(super) struct Units<'a> {
    /// Their ids, ascending.
    pub(super) ids: &'a [String],
    /// Their places in the file, from 0, by which a file of weights names them.
    pub(super) order: &'a [usize],
    /// Where they are, where that is known.
    pub(super) points: Vec<Option<Coord<f64>>>,
    /// Their outlines, where all have one.
    pub(super) outlines: Option<Vec<MultiPolygon<f64>>>,
}

/// Reads `--weights` for those units of the job that are `known`, by their places in the order of
/// ids: what nobody looked at is nobody's nearest. A file of weights names places in the input
/// file, and its links to the others are left out.
pub(super) fn weights(job: &Job<'_>, known: &[usize]) -> Result<(Weights, String), AnalyseError> {
    let spec = spec(job)?;
    if matches!(spec, WeightsSpec::File(_)) {
        let (weights, words) = made(job, &spec, (job.ids(), job.input.order()), None, None)?;
        return Ok((weights.among(known), words));
    }
    if measures(&spec) {
        job.input.measurable()?;
    }
    let ids: Vec<String> = known.iter().map(|place| job.ids()[*place].clone()).collect();
    let points = if spec.needs_points() { Some(job.points_at(known)?) } else { None };
    let outlines: Option<Vec<_>> = if spec.needs_outlines() {
        let all = job.outlines()?;
        Some(known.iter().map(|place| all[*place].clone()).collect())
    } else {
        None
    };
    made(job, &spec, (&ids, &[]), points.as_deref(), outlines.as_deref())
}

/// Reads `--weights` for units of which the file has several rows each.
pub(super) fn weights_of(
    job: &Job<'_>,
    units: Units<'_>,
) -> Result<(Weights, String), AnalyseError> {
    let spec = spec(job)?;
    let missing = |what: &str| {
        let file = job.input.file();
        AnalyseError::flag("weights", format!("{spec}: {file} has no {what} for every place"))
    };
    let points: Option<Vec<Coord<f64>>> = units.points.into_iter().collect();
    if spec.needs_points() && points.is_none() {
        return Err(missing("x and y (--x, --y)"));
    }
    if spec.needs_outlines() && units.outlines.is_none() {
        return Err(missing("outline"));
    }
    if measures(&spec) {
        job.input.measurable()?;
    }
    let outlines = units.outlines.as_deref();
    made(job, &spec, (units.ids, units.order), points.as_deref(), outlines)
}

/// Whether weights ask for a distance: plain `queen` and `rook` only compare vertices, and a file
/// has its own.
fn measures(spec: &WeightsSpec) -> bool {
    match spec {
        WeightsSpec::Contiguity { tolerance, islands, .. } => *tolerance > 0.0 || *islands > 0,
        WeightsSpec::File(_) => false,
        _ => true,
    }
}

fn spec(job: &Job<'_>) -> Result<WeightsSpec, AnalyseError> {
    let text = job.needed("weights")?;
    text.parse().map_err(|error| AnalyseError::flag("weights", format!("{error}")))
}

fn made(
    job: &Job<'_>,
    spec: &WeightsSpec,
    (ids, order): (&[String], &[usize]),
    points: Option<&[Coord<f64>]>,
    outlines: Option<&[MultiPolygon<f64>]>,
) -> Result<(Weights, String), AnalyseError> {
    let wrong = |detail: String| AnalyseError::flag("weights", detail);
    let table = match spec {
        WeightsSpec::File(name) => Some(
            std::fs::read_to_string(job.folder.join(name))
                .map_err(|error| wrong(format!("{name}: {error}")))?,
        ),
        _ => None,
    };
    let ground = Ground { count: ids.len(), points, outlines, table: table.as_deref() };
    let made = spec.make(ground).map_err(|error| match error {
        // The asker knows units by their ids.
        NoWeights::Inverse(NoInverse::SamePlace { first, second }) => wrong(format!(
            "{spec}: units `{}` and `{}` lie at the same place, and nothing can be divided by a \
             distance of 0: put such units together, or use band: or kernel: weights",
            ids[first], ids[second]
        )),
        error => wrong(format!("{spec}: {error}")),
    });
    let (weights, words) = made?;
    if matches!(spec, WeightsSpec::File(_)) && weights.links() == 0 {
        job.input.note(format!(
            "--weights {spec}: there is not one link in it, and every unit is alone"
        ));
    }
    match spec {
        WeightsSpec::File(_) => Ok((weights.reordered(order), words)),
        _ => Ok((weights, words)),
    }
}
