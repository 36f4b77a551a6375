//! `analyse incremental-moran`: at which distance do places cluster most?

use super::table::{GLOBAL_PERMUTATIONS, GLOBAL_VALUE};
use crate::{
    analysis::{
        chance::tally::Tail,
        global::{NoGlobal, moran::GlobalMoran},
        scale::{
            incremental_moran::{Band, BandWeights, Chosen, Curve, NoCurve, incremental_moran},
            spacing::{Spacing, spacing},
        },
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome, columns::few_units, options::SEED,
    },
};

/// The most bands that may be asked for.
const MOST_BANDS: u64 = 50;

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "incremental-moran",
    about: "Moran's I over growing distance bands: at which distance do places cluster most?",
    source: "Cliff and Ord (1981), Spatial processes; Westfall and Young (1993), Resampling-based multiple \
             testing, for p_any",
    options: &[
        GLOBAL_VALUE,
        Opt::new(
            "start",
            "DISTANCE",
            "The first band; unless given, where every place but outliers has a neighbour (outlier: its nearest \
             place is further than mean + 3 standard deviations)",
        ),
        Opt::new(
            "step",
            "DISTANCE",
            "How much each band is wider; unless given, the mean distance to the nearest place, without outliers",
        ),
        Opt::new("bands", "N", "How many bands, 1 to 50").or("10"),
        Opt::new(
            "style",
            "row|binary",
            "A unit's neighbours share a weight of 1, or each weighs 1",
        )
        .or("row"),
        Opt::new("alpha", "P", "A peak is significant where p_any is at most this").or("0.05"),
        GLOBAL_PERMUTATIONS,
        SEED,
    ],
    columns: &[
        Column::new(
            "distance",
            "The band: neighbours are those at this distance or nearer, in the plane's unit",
        ),
        Column::new("statistic", "Moran's I"),
        Column::new("expected", "What chance lets expect of it"),
        Column::new("variance", "Its variance if the values lay in random order (randomisation)"),
        Column::new(
            "z",
            "(statistic - expected)/sqrt(variance): the curve to look at; empty where undefined",
        ),
        Column::new("p", "Upper permutation p of this band by itself; 1 where nothing can be said"),
        Column::new(
            "p_any",
            "The share of shuffled maps whose z is as high at any band: the p of choosing",
        ),
        Column::new("p_normal", "The normal two-sided p of z"),
        Column::new("low", "Shuffled maps: the statistic that alpha/2 of them stay below"),
        Column::new(
            "high",
            "Shuffled maps: the statistic that alpha/2 of them pass; empty for too few maps",
        ),
        Column::new("ge", "Shuffled maps with a statistic as great or greater; ties count"),
        Column::new("le", "Shuffled maps with a statistic as small or smaller; ties count"),
        Column::new("neighbours", "Neighbours of a unit, on average"),
        Column::new("islands", "Units without a neighbour; they stay in n"),
        Column::new("chosen", "Whether this band is the first significant peak"),
        Column::new("reason", "Why there is no z: no-links, too-few (under 4 units), no-variance"),
    ],
    summary: &[
        Column::new(
            "chosen_distance",
            "The distance to go on with; empty where all units lie at one place",
        ),
        Column::new(
            "chosen_by",
            "first-significant-peak; else mean-distance-to-k-neighbours (K is 5 % of the units, 3 to 30) or, where \
             that is longer, standard-distance; one-place",
        ),
        Column::new("units", "Units with a value"),
        Column::new(
            "no_data",
            "Units whose value is unknown: in no sum, no neighbour list, no shuffle",
        ),
        Column::new("places", "Different places among them"),
        Column::new("outliers", "Places left out where start and step were found"),
        Column::new("nearest_mean", "Mean distance to the nearest place, without outliers"),
        Column::new("nearest_median", "Its median, without outliers"),
        Column::new("cell", "A cell size that fits: twice the larger of mean and median"),
        Column::new("permutations", "Shuffled maps"),
        Column::new("seed", "The seed"),
    ],
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let all = job.values("value")?;
    let known: Vec<usize> = (0..all.len()).filter(|place| all[*place].is_some()).collect();
    let values: Vec<f64> = all.iter().copied().flatten().collect();
    let points = job.points_at(&known)?;
    let spacing = spacing(&points);
    let bands = bands(job, spacing.as_ref())?;
    let weights = job.word("style", &["row", "binary"], |word| match word {
        "row" => Some(BandWeights::RowStandardised),
        "binary" => Some(BandWeights::Binary),
        _ => None,
    })?;
    let alpha = job.number("alpha")?.unwrap_or(0.05);
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(AnalyseError::flag("alpha", format!("{alpha}: must be between 0 and 1")));
    }
    let draws = job.draws("incremental-moran/1")?;
    let weights = weights.unwrap_or_default();
    let asked = incremental_moran(&points, &values, &bands, weights, draws, alpha, job.watch);
    let curve = match asked {
        Ok(curve) => curve,
        Err(NoCurve::Gone(gone)) => return Err(gone.into()),
        Err(error @ NoCurve::No(_)) => return Err(AnalyseError::flag("value", why(error))),
        Err(error @ (NoCurve::Bands | NoCurve::TooMany(_))) => {
            return Err(AnalyseError::flag("bands", error.to_string()));
        }
    };
    let mut summary = vec![
        curve.distance().into(),
        curve.chosen.word().into(),
        values.len().into(),
        (all.len() - values.len()).into(),
    ];
    let figure = |of: fn(&Spacing) -> f64| Cell::from(spacing.as_ref().map(of));
    summary.extend([
        spacing.map_or(1, |it| it.places).into(),
        spacing.map_or(0, |it| it.outliers).into(),
        figure(|it| it.mean),
        figure(|it| it.median),
        figure(Spacing::cell),
        draws.permutations.into(),
        draws.seed.into(),
    ]);
    let mut warnings = few_units(values.len());
    if !matches!(curve.chosen, Chosen::Peak(_)) {
        warnings.push(
            "no band stands out as a significant peak: the pattern names no scale, or it lies \
             outside these bands (--start, --step, --bands)"
                .into(),
        );
    }
    Ok(Outcome { rows: rows(&curve), summary, warnings, ..Outcome::default() })
}

fn bands(job: &Job<'_>, spacing: Option<&Spacing>) -> Result<Vec<f64>, AnalyseError> {
    let count = job.whole("bands")?.unwrap_or(10);
    if !(1..=MOST_BANDS).contains(&count) {
        return Err(AnalyseError::flag("bands", format!("{count}: must be 1 to {MOST_BANDS}")));
    }
    let found = |flag: &'static str, of: fn(&Spacing) -> f64| match job.positive(flag)? {
        Some(given) => Ok(given),
        None => spacing.map(of).ok_or_else(|| {
            AnalyseError::flag(flag, "must be given: there are not two different places")
        }),
    };
    let (start, step) = (found("start", |it| it.start)?, found("step", |it| it.mean)?);
    Ok((0..count).map(|at| start + at as f64 * step).collect())
}

fn why(error: NoCurve) -> String {
    match error {
        NoCurve::No(NoGlobal::TooFew) => "under 3 units have a value: there is no curve".into(),
        NoCurve::No(NoGlobal::Constant) => "all units hold the same: there is no curve".into(),
        other => other.to_string(),
    }
}

fn rows(curve: &Curve) -> Vec<Vec<Cell>> {
    let row = |(at, band): (usize, &Band)| {
        let random = band.moran.as_ref().ok().map(|it| &it.randomisation);
        let none = band.moran.err().or_else(|| random.and_then(|it| it.z.err()));
        vec![
            band.distance.into(),
            band.moran.ok().map(|it: GlobalMoran| it.i).into(),
            random.map(|it| it.expected).into(),
            random.and_then(|it| it.variance.ok()).into(),
            band.z().into(),
            band.shuffled.map_or(1.0, |it| it.tally.upper()).into(),
            band.p_any.unwrap_or(1.0).into(),
            random.map_or(1.0, |it| it.p(Tail::TwoSided)).into(),
            band.envelope.map(|it| it.0).into(),
            band.envelope.map(|it| it.1).into(),
            band.shuffled.map(|it| it.tally.ge).into(),
            band.shuffled.map(|it| it.tally.le).into(),
            band.neighbours.into(),
            band.islands.into(),
            (curve.chosen == Chosen::Peak(at)).into(),
            none.map(NoGlobal::word).into(),
        ]
    };
    curve.bands.iter().enumerate().map(row).collect()
}
