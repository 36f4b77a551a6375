//! What a scan finds: clusters with their p.
//!
//! The best window of all comes first, then the best of those offered (see
//! [`Secondary`]) that share nothing with it, and so on ("no geographical overlap", as SaTScan 10.3
//! does it: in space-time two clusters may share places, but not in the same period). Each p is the rank of the ratio among the best of the simulated maps, for secondary
//! clusters too, which makes theirs conservative.

use super::{
    data::Data,
    gini::Gini,
    observe::{Candidate, Taken, Wanted, best_of, observe},
    question::{Model, Question, Scope, Secondary},
    windows::Growth,
};
use crate::analysis::chance::tally::Tally;

/// Euler's constant: the mean of the standard Gumbel distribution.
const EULER: f64 = 0.577_215_664_901_532_9;

/// No fitted curve knows more: what is smaller is told as this, as SaTScan does.
const LEAST_GUMBEL: f64 = 1e-17;

/// The window on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ring {
    /// A circle around the centre, in the unit of the coordinates; 0 for one place.
    Circle {
        /// The distance to the farthest member.
        radius: f64,
    },
    /// An ellipse around the centre.
    Ellipse {
        /// Half its width.
        minor: f64,
        /// Half its length.
        major: f64,
        /// The direction of its length in degrees, 0 to 180, counter-clockwise from the x axis.
        angle: f64,
    },
    /// No form: neighbours of a given list.
    Listed {
        /// The given distance of the farthest; 0 where the centre is alone.
        reach: f64,
    },
}

/// A place within a cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Its number.
    pub place: usize,
    /// Its cases in the cluster's periods.
    pub observed: u32,
    /// And how many were expected.
    pub expected: f64,
}

/// Places, and periods, whose cases are not what chance would have.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The place at the centre.
    pub centre: usize,
    /// The window.
    pub ring: Ring,
    /// The greatest distance between two members; `None` where no positions are known.
    pub span: Option<f64>,
    /// The places, nearest first.
    pub members: Vec<Member>,
    /// The first period (0 the earliest); for a purely spatial scan that of all data.
    pub first: usize,
    /// The last period.
    pub last: usize,
    /// Its cases.
    pub observed: u32,
    /// How many were expected.
    pub expected: f64,
    /// The population of its places in an average period (Bernoulli: cases and controls of all
    /// periods; permutation: cases of all periods).
    pub population: f64,
    /// More cases than expected, not fewer.
    pub high: bool,
    /// Observed over expected.
    pub ratio: f64,
    /// That ratio within over that without. `None` where nothing is left without, and for the
    /// permutation model, which knows no risk.
    pub relative_risk: Option<f64>,
    /// The log likelihood ratio, of an ellipse what its penalty leaves of it.
    pub llr: f64,
    /// Its rank among the simulated maps: (1 + #{best ≥ llr})/(R + 1).
    pub p: f64,
    /// The p of the Gumbel distribution with the mean and the deviation of the simulated maps'
    /// best (Abrams et al. 2010): goes below 1/(R + 1), down to 10⁻¹⁷. `None` where these do not vary.
    pub gumbel: Option<f64>,
    /// Prospective scans: once in how many periods chance alone would show as much, 1/p by rank.
    pub recurrence: Option<f64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// The clusters that share no place, best first. Those that no simulated map falls short of
    /// (p = 1) are not told. Empty where no window holds more than expected.
    pub clusters: Vec<Cluster>,
    /// The best ratio of each simulated map, 0 where no window held more than expected.
    pub maxima: Vec<f64>,
    /// All cases.
    pub cases: u32,
    /// How many places were looked at.
    pub places: usize,
    /// How the clusters were chosen, where [`Secondary::Gini`] was asked and one is significant.
    pub gini: Option<Gini>,
}

/// The clusters that share nothing, of what the centres offer; those of a p over `up_to` are not
/// told.
pub(super) fn clusters(
    question: &Question<'_>,
    data: &Data,
    growth: &Growth<'_>,
    mut best: Vec<Candidate>,
    maxima: &[f64],
    up_to: f64,
) -> Vec<Cluster> {
    let tie = data.ratio.tie();
    let gumbel = Gumbel::of(maxima);
    let mut taken = Taken::default();
    let mut clusters = Vec::new();
    while let Some(place) = first(&best, tie) {
        let candidate = best.swap_remove(place);
        let tally = Tally::of(candidate.ratio - tie, maxima.iter().copied());
        // What comes after is no better.
        let p = tally.upper();
        if (tally.ge == tally.permutations && tally.permutations > 0) || p > up_to {
            break;
        }
        // Every window holds its centre: most of those that meet a better one need not be grown.
        let mut steps = Vec::new();
        let mut meets = taken.holds(data, candidate.span, candidate.centre);
        if !meets {
            steps = growth.steps(candidate.centre, candidate.shape);
            steps.truncate(candidate.places);
            meets = taken.meets(data, candidate.span, &steps);
        }
        if meets {
            if question.secondary == Secondary::Rest {
                best.extend(next_best(question, data, growth, candidate.centre, &taken));
            }
            continue;
        }
        taken.take(data, candidate.span, &steps);
        let (start, end) = candidate.span;
        let member = |place: usize| {
            let cells = place * data.periods + start..place * data.periods + end;
            let measure = data.measure[cells.clone()].iter().sum();
            Member {
                place,
                observed: data.cases[cells].iter().sum(),
                expected: data.ratio.expected(measure),
            }
        };
        let span = growth.span(&steps);
        let members = steps.iter().map(|step| step.place as usize).map(member).collect();
        clusters.push(Cluster {
            centre: candidate.centre,
            ring: ring(growth, &candidate),
            span,
            members,
            first: if question.scope == Scope::Spatial { 0 } else { start },
            last: if question.scope == Scope::Spatial { question.periods } else { end } - 1,
            observed: candidate.count,
            expected: candidate.expected,
            population: population(
                question,
                data,
                &steps.iter().map(|it| it.place as usize).collect::<Vec<_>>(),
            ),
            high: f64::from(candidate.count) > candidate.expected,
            ratio: f64::from(candidate.count) / candidate.expected,
            relative_risk: relative_risk(question, data, &candidate),
            llr: candidate.ratio,
            p,
            gumbel: gumbel.map(|gumbel| gumbel.upper(candidate.ratio)),
            recurrence: (question.scope == Scope::Prospective).then_some(1.0 / p),
        });
    }
    clusters
}

/// Where the best is; of equally good ones that with fewer places, then the narrower, then the one
/// whose centre comes first.
fn first(best: &[Candidate], tie: f64) -> Option<usize> {
    let greatest = best.iter().map(|it| it.ratio).fold(0.0, f64::max);
    let equal = best.iter().enumerate().filter(|(_, it)| it.ratio >= greatest - tie);
    let before = |a: &Candidate, b: &Candidate| {
        let size = a.places.cmp(&b.places).then(a.reach.total_cmp(&b.reach));
        size.then(a.centre.cmp(&b.centre))
    };
    equal.min_by(|(_, a), (_, b)| before(a, b)).map(|(place, _)| place)
}

/// The best window around a centre that holds nothing of what is taken.
fn next_best(
    question: &Question<'_>,
    data: &Data,
    growth: &Growth<'_>,
    centre: usize,
    taken: &Taken,
) -> Option<Candidate> {
    let mut best = vec![None; data.spans.len()];
    for shape in 0..growth.shapes.len() {
        let steps = growth.steps(centre, shape);
        observe(data, growth, Wanted::of(question), (centre, shape), &steps, taken, &mut best);
    }
    best_of(best.iter().flatten(), data.ratio.tie()).cloned()
}

fn ring(growth: &Growth<'_>, candidate: &Candidate) -> Ring {
    let shape = growth.shapes[candidate.shape];
    if !growth.on_the_ground() {
        Ring::Listed { reach: candidate.reach.max(0.0) }
    } else if shape.long == 1.0 {
        Ring::Circle { radius: candidate.reach }
    } else {
        Ring::Ellipse {
            minor: candidate.reach,
            major: candidate.reach * shape.long,
            angle: shape.angle.to_degrees(),
        }
    }
}

fn population(question: &Question<'_>, data: &Data, places: &[usize]) -> f64 {
    let Model::Poisson { population } = question.model else {
        return places.iter().map(|place| data.population[*place]).sum();
    };
    let of_place = |place: &usize| -> f64 {
        population[place * question.periods..(place + 1) * question.periods].iter().sum()
    };
    places.iter().map(of_place).sum::<f64>() / question.periods as f64
}

fn relative_risk(question: &Question<'_>, data: &Data, candidate: &Candidate) -> Option<f64> {
    let all = f64::from(data.ratio.cases());
    let (count, expected) = (f64::from(candidate.count), candidate.expected);
    let known = !matches!(question.model, Model::SpaceTimePermutation);
    (known && count < all && expected < all)
        .then(|| (count / expected) / ((all - count) / (all - expected)))
}

/// The Gumbel distribution by moments.
#[derive(Clone, Copy)]
struct Gumbel {
    mode: f64,
    scale: f64,
}

impl Gumbel {
    fn of(maxima: &[f64]) -> Option<Self> {
        if maxima.len() < 2 {
            return None;
        }
        let count = maxima.len() as f64;
        let mean = maxima.iter().sum::<f64>() / count;
        let squares: f64 = maxima.iter().map(|it| (it - mean).powi(2)).sum();
        let scale = (squares / (count - 1.0)).sqrt() * 6f64.sqrt() / std::f64::consts::PI;
        (scale > 0.0).then_some(Self { mode: mean - EULER * scale, scale })
    }

    /// The chance of as much or more: 1 − exp(−exp(−(x − mode)/scale)), exact where it is small.
    fn upper(self, value: f64) -> f64 {
        (-(-(-(value - self.mode) / self.scale).exp()).exp_m1()).max(LEAST_GUMBEL)
    }
}
