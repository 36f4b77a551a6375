//! What was asked: the points, how they are spread, over which ground.

use std::collections::BTreeSet;

use geo_types::{Coord, MultiPolygon};

use crate::{
    analysis::density::{
        Bandwidth, Domain, Edge, Kernel, Lattice, NoBandwidth, Rule, SHARES, Source, adaptive,
        estimate, sources,
    },
    app::analyse::{AnalyseError, Given, Input, Job},
    crs::transform,
    ingest::Silent,
};

/// The most cells of a lattice.
const MOST_CELLS: usize = 4_000_000;

/// Cells a side where nobody says how large they are.
const CELLS_A_SIDE: f64 = 500.0;

/// Which lines are drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lines {
    /// None: the lattice itself.
    None,
    /// Around these shares of the whole.
    Volume(Vec<f64>),
    /// At these densities per km².
    Iso(Vec<f64>),
    /// Where p is at most this.
    Tolerance(f64),
}

/// What was asked.
pub(super) struct Question {
    pub(super) kernel: Kernel,
    pub(super) bandwidth: Bandwidth,
    pub(super) adaptive: bool,
    pub(super) edge: Edge,
    pub(super) domain: Domain,
    pub(super) outlined: bool,
    /// The points asked about, with their radii.
    pub(super) sources: Vec<Source>,
    /// The group that they are compared with.
    pub(super) other: Option<Vec<Coord<f64>>>,
    pub(super) lines: Lines,
    /// Points left out because their weight or label is not known.
    pub(super) unknown: usize,
    pub(super) warnings: Vec<String>,
}

impl Question {
    pub(super) fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let kernel = job
            .word("kernel", &Kernel::ALL.map(Kernel::word), Kernel::from_word)?
            .unwrap_or_default();
        let edge =
            job.word("edge", &Edge::ALL.map(Edge::word), Edge::from_word)?.unwrap_or_default();
        let adaptive = job
            .word("adaptive", &["yes", "no"], |word| match word {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            })?
            .unwrap_or(false);
        let outline = outline(job)?;
        if edge != Edge::None && outline.is_none() {
            return Err(AnalyseError::flag(
                "edge",
                format!(
                    "{}: needs --outline, the ground inside which points were looked for",
                    edge.word()
                ),
            ));
        }
        let mut points = Points::of(job)?;
        let other = points.split(job)?;
        let lines = lines(job, other.is_some())?;
        if other.is_some() && (adaptive || edge != Edge::None || job.text("value").is_some()) {
            return Err(AnalyseError::flag(
                "against",
                "compares counts with one bandwidth, and edges fall out of the ratio: leave --adaptive, --edge and \
                 --value",
            ));
        }
        let all = [points.places.as_slice(), other.as_deref().unwrap_or_default()].concat();
        let frame = frame(&all, outline.as_ref())?;
        let weights = points.weights.as_deref();
        let bandwidth = bandwidth(job, kernel, &all, weights, &frame, outline.as_ref())?;
        let widest = if adaptive { 4.0 * bandwidth.radius } else { bandwidth.radius };
        // Of the Gaussian under a part in 3,000 lies beyond four standard deviations.
        let margin = widest * kernel.reach().min(4.0);
        let lattice = lattice(job, frame, margin, bandwidth.radius)?;
        let domain = match &outline {
            Some(outline) => Domain::inside(lattice, outline),
            None => Domain::whole(lattice),
        };
        let mut spread = sources(&points.places, weights, bandwidth.radius);
        if adaptive {
            narrow(kernel, &mut spread, &domain);
        }
        let mut warnings = points.warnings;
        if all.len() < 30 {
            warnings.push(format!(
                "{} points: a density of so few is a drawing of the bandwidth as much as of the points",
                all.len()
            ));
        }
        Ok(Self {
            kernel,
            bandwidth,
            adaptive,
            edge,
            domain,
            outlined: outline.is_some(),
            sources: spread,
            other,
            lines,
            unknown: points.unknown,
            warnings,
        })
    }
}

/// Gives each point its own radius, from the density of all at one radius.
fn narrow(kernel: Kernel, spread: &mut [Source], domain: &Domain) {
    let pilot = estimate(kernel, spread, &domain.lattice);
    let at: Vec<f64> =
        spread.iter().map(|source| domain.lattice.between(&pilot, source.at)).collect();
    let radius = spread.first().map_or(1.0, |source| source.radius);
    for (source, radius) in spread.iter_mut().zip(adaptive(&at, radius)) {
        source.radius = radius;
    }
}

/// The points, those of unknown weight left out.
struct Points {
    places: Vec<Coord<f64>>,
    weights: Option<Vec<f64>>,
    labels: Option<Vec<String>>,
    unknown: usize,
    warnings: Vec<String>,
}

impl Points {
    fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let places = job.points()?;
        let weights = job.text("value").is_some().then(|| job.values("value")).transpose()?;
        let labels = job.text("label").is_some().then(|| job.texts("label")).transpose()?;
        let known = |unit: &usize| {
            weights.as_ref().is_none_or(|weights| weights[*unit].is_some())
                && labels.as_ref().is_none_or(|labels| labels[*unit].is_some())
        };
        let kept: Vec<usize> = (0..places.len()).filter(known).collect();
        let weights: Option<Vec<f64>> =
            weights.map(|weights| kept.iter().filter_map(|unit| weights[*unit]).collect());
        if let Some(place) = weights.iter().flatten().position(|weight| *weight < 0.0) {
            let id = &job.ids()[kept[place]];
            return Err(AnalyseError::flag(
                "value",
                format!("unit `{id}` weighs less than 0: weights are counts or areas, 0 or more"),
            ));
        }
        let labels =
            labels.map(|labels| kept.iter().filter_map(|unit| labels[*unit].clone()).collect());
        let unknown = places.len() - kept.len();
        let mut warnings = Vec::new();
        if unknown > 0 {
            warnings.push(format!("{unknown} points have no weight or label and are left out"));
        }
        let places = kept.into_iter().map(|unit| places[unit]).collect();
        Ok(Self { places, weights, labels, unknown, warnings })
    }

    /// Keeps the group that is asked about; gives back the one that it is compared with.
    fn split(&mut self, job: &Job<'_>) -> Result<Option<Vec<Coord<f64>>>, AnalyseError> {
        let (of, against) = (job.text("of"), job.text("against"));
        let Some(labels) = self.labels.take() else {
            let flag = if of.is_some() { "of" } else { "against" };
            return if of.is_some() || against.is_some() {
                Err(AnalyseError::flag(flag, "needs --label, the column in which groups are named"))
            } else {
                Ok(None)
            };
        };
        let groups: BTreeSet<&str> = labels.iter().map(String::as_str).collect();
        let found = |flag: &'static str, name: &str| {
            if groups.contains(name) {
                return Ok(());
            }
            let known: Vec<&str> = groups.iter().copied().take(20).collect();
            Err(AnalyseError::flag(
                flag,
                format!("{name}: no point has this label; there are {}", known.join(", ")),
            ))
        };
        let Some(of) = of.or_else(|| groups.iter().copied().rfind(|it| Some(*it) != against))
        else {
            return Err(AnalyseError::flag(
                "label",
                "all points have one label: there is nothing to compare",
            ));
        };
        found("of", of)?;
        if let Some(against) = against {
            found("against", against)?;
            if of == against {
                return Err(AnalyseError::flag(
                    "against",
                    format!("{of}: is the group itself; name another one"),
                ));
            }
        }
        let group = |name: &str| -> Vec<usize> {
            (0..labels.len()).filter(|unit| labels[*unit] == name).collect()
        };
        let places = |units: &[usize]| -> Vec<Coord<f64>> {
            units.iter().map(|unit| self.places[*unit]).collect()
        };
        let (mine, other) = (group(of), against.map(|name| places(&group(name))));
        if let Some(weights) = &self.weights {
            self.weights = Some(mine.iter().map(|unit| weights[*unit]).collect());
        }
        self.places = places(&mine);
        Ok(other)
    }
}

/// South-west and north-east corner of the ground that is asked about.
fn frame(
    places: &[Coord<f64>],
    outline: Option<&MultiPolygon<f64>>,
) -> Result<[Coord<f64>; 2], AnalyseError> {
    let corners: Vec<Coord<f64>> = match outline {
        Some(outline) => outline.iter().flat_map(|it| it.exterior().0.iter().copied()).collect(),
        None => places.to_vec(),
    };
    if corners.is_empty() {
        return Err(AnalyseError::Input("there is not one point to spread".into()));
    }
    let fold = |start: f64, of: fn(&Coord<f64>) -> f64, pick: fn(f64, f64) -> f64| {
        corners.iter().map(of).fold(start, pick)
    };
    Ok([
        Coord {
            x: fold(f64::INFINITY, |c| c.x, f64::min),
            y: fold(f64::INFINITY, |c| c.y, f64::min),
        },
        Coord {
            x: fold(f64::NEG_INFINITY, |c| c.x, f64::max),
            y: fold(f64::NEG_INFINITY, |c| c.y, f64::max),
        },
    ])
}

fn bandwidth(
    job: &Job<'_>,
    kernel: Kernel,
    places: &[Coord<f64>],
    weights: Option<&[f64]>,
    frame: &[Coord<f64>; 2],
    outline: Option<&MultiPolygon<f64>>,
) -> Result<Bandwidth, AnalyseError> {
    let text = job.needed("bandwidth")?;
    let Some(rule) = Rule::from_word(text) else {
        return match text.parse::<f64>() {
            Ok(radius) if radius > 0.0 && radius.is_finite() => {
                Ok(Bandwidth::given(kernel, radius))
            }
            _ => {
                let rules = Rule::FINDING.map(Rule::word).join(", ");
                Err(AnalyseError::flag(
                    "bandwidth",
                    format!("{text}: give metres above 0, or one of {rules}"),
                ))
            }
        };
    };
    let area = match outline {
        Some(outline) => crate::analysis::geometry::ground::Ground::of(outline).area(),
        None => (frame[1].x - frame[0].x) * (frame[1].y - frame[0].y),
    };
    Bandwidth::find(rule, kernel, places, weights, area).map_err(|reason| {
        let why = match reason {
            NoBandwidth::TooFew => "there are under three points".to_owned(),
            NoBandwidth::NoSpread => "the points lie in one place or on one line".to_owned(),
            NoBandwidth::TooMany => format!(
                "it looks at every pair, of {} points at most; ask for scott, silverman or esri",
                crate::analysis::density::MOST_PAIRED
            ),
            NoBandwidth::NoOptimum => "no bandwidth is better than all others".to_owned(),
        };
        AnalyseError::flag(
            "bandwidth",
            format!("{text}: finds none ({}): {why}; or give metres", reason.word()),
        )
    })
}

fn lattice(
    job: &Job<'_>,
    [low, high]: [Coord<f64>; 2],
    margin: f64,
    radius: f64,
) -> Result<Lattice, AnalyseError> {
    let side = (high.x - low.x).max(high.y - low.y) + 2.0 * margin;
    let cell = match job.positive("cell")? {
        Some(cell) => cell,
        None => round_up(side / CELLS_A_SIDE).max(round_up(radius / 25.0)),
    };
    Lattice::around(low, high, margin, cell, MOST_CELLS)
        .map_err(|error| AnalyseError::flag("cell", error.to_string()))
}

/// Up to the next of 1, 2, 5, 10, 20, … .
fn round_up(length: f64) -> f64 {
    let ten = 10f64.powf(length.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.into_iter().map(|step| step * ten).find(|it| *it >= length).unwrap_or(10.0 * ten)
}

fn lines(job: &Job<'_>, compared: bool) -> Result<Lines, AnalyseError> {
    let Some(text) = job.text("contours") else { return Ok(Lines::None) };
    let wrong = |detail: &str| AnalyseError::flag("contours", format!("{text}: {detail}"));
    let (kind, list) = text.split_once(':').unwrap_or((text, ""));
    let numbers: Vec<f64> = list
        .split(',')
        .filter(|it| !it.is_empty())
        .map(|it| it.trim().parse::<f64>().ok().filter(|it| *it > 0.0 && it.is_finite()))
        .collect::<Option<_>>()
        .ok_or_else(|| wrong("give numbers above 0, such as 0.5,0.95"))?;
    match kind {
        "volume" | "iso" if compared => {
            Err(wrong("a comparison has tolerance contours, such as tolerance:0.05"))
        }
        "volume" if numbers.is_empty() => Ok(Lines::Volume(SHARES.to_vec())),
        "volume" if numbers.iter().all(|share| *share < 1.0) => Ok(Lines::Volume(numbers)),
        "volume" => Err(wrong("shares lie between 0 and 1")),
        "iso" if numbers.is_empty() => Err(wrong("name densities per km2, such as iso:0.5,1,2")),
        "iso" => Ok(Lines::Iso(numbers)),
        "tolerance" if !compared => Err(wrong("needs --label and --against")),
        "tolerance" => match numbers[..] {
            [] => Ok(Lines::Tolerance(0.05)),
            [p] if p < 0.5 => Ok(Lines::Tolerance(p)),
            _ => Err(wrong("give one p under 0.5, such as tolerance:0.05")),
        },
        _ => Err(wrong("is none of volume, iso:LEVEL, tolerance")),
    }
}

/// The polygons of `--outline` in the plane of the points.
fn outline(job: &Job<'_>) -> Result<Option<MultiPolygon<f64>>, AnalyseError> {
    let Some(file) = job.text("outline") else { return Ok(None) };
    let metric = job.input.plane.epsg().map(|it| ("metric".to_owned(), it.0.to_string()));
    let input = Input::open(&job.folder.join(file), &Given::new(metric), true, &Silent)?;
    let Some(polygons) = input.outlines() else {
        return Err(AnalyseError::flag(
            "outline",
            format!("{file}: needs polygons, and nothing else"),
        ));
    };
    let mut ground = MultiPolygon(polygons.iter().flat_map(|it| it.0.iter().cloned()).collect());
    match (input.plane.epsg(), job.input.plane.epsg()) {
        (from, to) if from == to => {}
        (Some(from), Some(to)) => {
            for polygon in &mut ground.0 {
                let mut done = Ok(());
                let mut turn = |ring: &mut geo_types::LineString<f64>| {
                    if done.is_ok() {
                        done = transform(from, to, &mut ring.0);
                    }
                };
                polygon.exterior_mut(&mut turn);
                polygon.interiors_mut(|rings| rings.iter_mut().for_each(&mut turn));
                done.map_err(|error| AnalyseError::flag("outline", format!("{file}: {error}")))?;
            }
        }
        _ => {
            return Err(AnalyseError::flag(
                "outline",
                format!(
                    "{file} is measured in {}, the points in {}: give both a known system, or neither",
                    input.plane.words(),
                    job.input.plane.words()
                ),
            ));
        }
    }
    Ok(Some(ground))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_round_sides() {
        assert_eq!(
            [0.7, 1.0, 1.2, 31.0, 50.1, 900.0].map(round_up),
            [1.0, 1.0, 2.0, 50.0, 100.0, 1000.0]
        );
    }
}
