//! The answer: a row a cell or a line, and a raster.

use geo::Contains;
use geo_types::{Coord, Geometry, MultiPolygon, Point};

use super::question::{Lines, Question};
use crate::{
    analysis::{
        chance::tally::Tally,
        density::{Band, Domain, Edge, NoRisk, Raster, Risk, contours, corrected, risk, volumes},
        geometry::ground::{rings, shoelace},
    },
    app::analyse::{AnalyseError, Cell, Job, Outcome},
};

/// Square metres in a square kilometre: densities are per m² until they are told.
const KM2: f64 = 1e6;

/// Sums may be off by this part before it is said.
const SLACK: f64 = 1e-3;

/// The density of one group.
pub(super) fn dense(question: &Question) -> Outcome {
    let Question { kernel, edge, domain, sources, .. } = question;
    let density = corrected(*kernel, sources, domain, *edge);
    let mut warnings = question.warnings.clone();
    if let Some(defect) = density.defect().filter(|it| *edge != Edge::Uniform && it.abs() > SLACK) {
        warnings.push(format!(
            "the density sums up to {:.2} % of what was spread: cells are too large for this bandwidth, ask for \
             smaller ones (--cell)",
            100.0 * (1.0 + defect)
        ));
    }
    if density.outside > 0 {
        warnings.push(format!(
            "{} points lie outside of the outline and are left out",
            density.outside
        ));
    }
    let values: Vec<f64> = density.values.iter().map(|value| value * KM2).collect();
    let places: Vec<Coord<f64>> = sources.iter().map(|source| source.at).collect();
    let mut outcome = match &question.lines {
        Lines::None => lattice(domain, |cell| vec![values[cell].into()]),
        Lines::Volume(shares) => {
            let levels = volumes(domain, &values, shares);
            let each = levels.iter().map(|it| (it.level, Some(it.share)));
            lines(domain, &values, each, &places)
        }
        Lines::Iso(levels) => {
            lines(domain, &values, levels.iter().map(|level| (*level, None)), &places)
        }
        Lines::Tolerance(_) => Outcome::default(),
    };
    let known = values.iter().enumerate().map(|(cell, value)| domain.has(cell).then_some(*value));
    let band = Band { name: "density", unit: "1/km2", values: known.collect() };
    outcome.raster = Some(Raster { lattice: domain.lattice, bands: vec![band] });
    outcome.summary = summary(
        question,
        [density.expected.into(), density.integral.into()],
        [sources.len() - density.outside, density.outside].map(Cell::from),
        [Cell::Null, Cell::Null, Cell::Null],
    );
    outcome.warnings = warnings;
    outcome
}

/// One group against another.
pub(super) fn compared(job: &Job<'_>, question: &Question) -> Result<Outcome, AnalyseError> {
    let Question { kernel, bandwidth, domain, sources, .. } = question;
    let new: Vec<Coord<f64>> = sources.iter().map(|source| source.at).collect();
    let old = question.other.as_deref().unwrap_or_default();
    let draws = job.draws("density/relative-risk/1")?;
    let found = risk(*kernel, &new, old, bandwidth.radius, domain, draws, job.watch)?;
    let risk = found.map_err(|NoRisk::TooFew { new, old }| {
        AnalyseError::Input(format!(
            "too few points to compare: {new} against {old} inside the outline; five of either are needed"
        ))
    })?;
    let mut outcome = match question.lines {
        Lines::Tolerance(p) => tolerances(domain, &risk, p, &new),
        _ => lattice(domain, |cell| {
            let tally = risk.tallies[cell];
            let [upper, lower] = [tally.map(Tally::upper), tally.map(Tally::lower)];
            vec![
                Cell::Null,
                Cell::Null,
                Cell::Null,
                Cell::Null,
                risk.log_ratio[cell].into(),
                upper.into(),
                lower.into(),
            ]
        }),
    };
    let band = Band { name: "log_ratio", unit: "1", values: risk.log_ratio.clone() };
    outcome.raster = Some(Raster { lattice: domain.lattice, bands: vec![band] });
    let outside = new.len() + old.len() - risk.new - risk.old;
    outcome.summary = summary(
        question,
        [(risk.new as f64).into(), Cell::Null],
        [risk.new, outside].map(Cell::from),
        [risk.old.into(), draws.permutations.into(), draws.seed.into()],
    );
    outcome.warnings.clone_from(&question.warnings);
    Ok(outcome)
}

/// How many columns a row has.
const COLUMNS: usize = super::METHOD.columns.len();

/// A row a cell of the domain: its centre, then `values`.
fn lattice(domain: &Domain, values: impl Fn(usize) -> Vec<Cell>) -> Outcome {
    let lattice = &domain.lattice;
    let mut outcome = Outcome::default();
    let mut shapes = Vec::new();
    for cell in (0..lattice.len()).filter(|cell| domain.has(*cell)) {
        let centre = lattice.centre(cell % lattice.cols, cell / lattice.cols);
        let mut row = vec![centre.x.into(), centre.y.into()];
        row.extend(values(cell));
        row.resize(COLUMNS, Cell::Null);
        outcome.rows.push(row);
        shapes.push(Some(Geometry::Point(Point(centre))));
    }
    outcome.shapes = Some(shapes);
    outcome
}

/// A row a line; lines around nothing have no shape.
fn lines(
    domain: &Domain,
    values: &[f64],
    levels: impl Iterator<Item = (f64, Option<f64>)>,
    places: &[Coord<f64>],
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut shapes = Vec::new();
    for (level, share) in levels {
        let ground = contours(domain, values, level);
        let mut row = vec![Cell::Null, Cell::Null, level.into(), share.into()];
        row.extend(inside(&ground, places));
        row.resize(COLUMNS, Cell::Null);
        outcome.rows.push(row);
        shapes.push(shape(ground));
    }
    outcome.shapes = Some(shapes);
    outcome
}

/// Where the one group has more, and where it has less, at p.
fn tolerances(domain: &Domain, risk: &Risk, p: f64, places: &[Coord<f64>]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut shapes = Vec::new();
    for (direction, upper) in [("more", true), ("less", false)] {
        // Small p is high ground; where there is nothing to compare p is 1.
        let surface: Vec<f64> = risk
            .tallies
            .iter()
            .map(|tally| tally.map_or(-1.0, |it| if upper { -it.upper() } else { -it.lower() }))
            .collect();
        let ground = contours(domain, &surface, -p);
        let mut row = vec![Cell::Null, Cell::Null, Cell::Null, p.into()];
        row.extend(inside(&ground, places));
        row.resize(COLUMNS - 1, Cell::Null);
        row.push(direction.into());
        outcome.rows.push(row);
        shapes.push(shape(ground));
    }
    outcome.shapes = Some(shapes);
    outcome
}

/// The ground inside lines, km², and the points on it.
fn inside(ground: &MultiPolygon<f64>, places: &[Coord<f64>]) -> [Cell; 2] {
    // The sum of no rings at all is -0.
    let area = rings(ground).iter().map(|ring| shoelace(ring)).sum::<f64>() + 0.0;
    let points = places.iter().filter(|place| ground.contains(&Point(**place))).count();
    [(area / KM2).into(), points.into()]
}

fn shape(ground: MultiPolygon<f64>) -> Option<Geometry<f64>> {
    (!ground.0.is_empty()).then_some(Geometry::MultiPolygon(ground))
}

fn summary(
    question: &Question,
    sums: [Cell; 2],
    points: [Cell; 2],
    comparison: [Cell; 3],
) -> Vec<Cell> {
    let Question { kernel, bandwidth, adaptive, edge, domain, outlined, unknown, .. } = question;
    let mut summary: Vec<Cell> = vec![
        kernel.word().into(),
        bandwidth.rule.word().into(),
        bandwidth.radius.into(),
        bandwidth.sigma.into(),
        (*adaptive).into(),
        edge.word().into(),
        domain.lattice.cell.into(),
        domain.lattice.cols.into(),
        domain.lattice.rows.into(),
        outlined.then(|| domain.area() / KM2).into(),
    ];
    summary.extend(sums);
    summary.extend(points);
    summary.push((*unknown).into());
    summary.extend(comparison);
    summary
}
