//! The test of each cell: effect size, chance, class.

use super::{
    by_search::{BySearch, by_search},
    chances::Chances,
    measured::Measured,
    question::{Method, Question},
};
use crate::{
    analysis::{
        chance::{draws::Draws, permutation::watched_counts, significance::classes, tally::Tail},
        local::{
            getis_ord::{Local, NoZ, gi, gi_star},
            join_counts::local_join_counts,
            moran::{Quadrant, local_moran},
        },
        watch::Watch,
        weights::{Neighbours, Weights},
    },
    layers::{
        LayerError,
        cells::{
            Cells,
            season::{Found, Searched},
        },
    },
    snapshot::Snapshot,
};

/// The test of a cell whose value is known.
#[derive(Clone, Copy)]
pub(super) struct Test {
    /// What is compared.
    pub(super) value: f64,
    /// The neighbours' values, of Gi* with the cell's own.
    pub(super) sum: f64,
    pub(super) neighbours: usize,
    /// Plots in the cell and its neighbours.
    pub(super) plots_around: u64,
    /// What the search there lets expect.
    pub(super) search: Option<BySearch>,
    pub(super) statistic: Option<f64>,
    pub(super) quadrant: Option<Quadrant>,
    pub(super) z: Result<f64, NoZ>,
    /// Shuffled maps with as much and with as little; `None` of rates, where none is shuffled.
    pub(super) reached: Option<[u32; 2]>,
    /// Whether there is rather less than more.
    rather_less: bool,
    /// `None` where nothing is asked: of cells without plots by join counts.
    pub(super) p: Option<f64>,
    pub(super) p_low: Option<f64>,
    /// Of the tail that is asked.
    pub(super) p_asked: Option<f64>,
    /// Of the side that the class claims; without a class of the tail that is asked.
    pub(super) q: Option<f64>,
    /// 3, 2, 1: 99, 95, 90 %; negative: less than chance gives.
    pub(super) class: i8,
}

impl Test {
    /// Whether the cell is a hotspot.
    pub(super) fn hot(&self) -> bool {
        // Likeness is no heat: of local Moran only what is high among high ones.
        self.class > 0 && matches!(self.quadrant, None | Some(Quadrant::HighHigh))
    }

    /// How hot it is: z, of local Moran with the sign of where it lies, as likeness is no heat.
    pub(super) fn heat(&self) -> Result<f64, NoZ> {
        let sign = match self.quadrant {
            None | Some(Quadrant::HighHigh) => 1.0,
            Some(Quadrant::LowLow) => -1.0,
            Some(_) => 0.0,
        };
        self.z.map(|z| sign * z)
    }

    /// Whether the cell is looked at for holding less, not more, than chance gives.
    pub(super) fn less(&self, tail: Tail) -> bool {
        match tail {
            _ if self.class != 0 => self.class < 0,
            Tail::Upper => false,
            Tail::Lower => true,
            Tail::TwoSided => self.rather_less,
        }
    }
}

/// What a method says of one cell before chance is asked.
struct Effect {
    statistic: Option<f64>,
    quadrant: Option<Quadrant>,
    z: Result<f64, NoZ>,
}

/// The tests of cells with a value, in their order; places ascending.
///
/// # Errors
///
/// [`LayerError::TooMuch`] for more work than a request may ask for, [`LayerError::Gone`] where
/// nobody waits any more.
pub(super) fn tests(
    snapshot: &Snapshot,
    (cells, found, searched): (&Cells, &Found, &Searched),
    question: &Question,
    valued: &[(usize, f64)],
    asker: &dyn Watch,
) -> Result<Vec<Test>, LayerError> {
    let (places, values): (Vec<usize>, Vec<f64>) = valued.iter().copied().unzip();
    let weights = question.neighbours(snapshot, cells, &places)?;
    let effects = effects(question.method, &values, &weights)?;
    let rates = question.measured == Measured::Rate;
    let with_itself = !rates || question.method.with_itself();
    let search = by_search((cells, found, searched), &places, &weights, with_itself);
    let chances = if rates {
        let above: Vec<bool> = values.iter().map(|value| *value > 0.0).collect();
        Chances::of_rates(&search, (question.method == Method::Moran).then_some(&above))
    } else {
        let analysis = question.analysis();
        let draws = Draws { permutations: question.permutations, seed: question.seed, analysis };
        let statistic = question.method.statistic();
        let null = question.null;
        Chances::Shuffled(watched_counts(&values, &weights, statistic, null, draws, asker)?)
    };
    let judged = judged(question, &chances, &effects);
    // Standardised rates lie around 0: their sum is no whole to have a share of.
    let whole = !(rates && question.method.is_gi());
    let tests = effects.iter().zip(judged).enumerate().map(|(at, (effect, judged))| {
        let near = weights.of(at);
        let of_near =
            |of: &dyn Fn(usize) -> f64| near.iter().map(|other| of(*other as usize)).sum();
        let around: f64 = of_near(&|other| values[other]);
        let own = if question.method.with_itself() { values[at] } else { 0.0 };
        let plots = |at: usize| found.cells[places[at]].plots;
        let absent = effect.z == Err(NoZ::Absent);
        let told = |p: f64| (!absent).then_some(if effect.z.is_ok() { p } else { 1.0 });
        Test {
            value: values[at],
            sum: around + own,
            neighbours: near.len(),
            plots_around: plots(at) + near.iter().map(|other| plots(*other as usize)).sum::<u64>(),
            search: search[at],
            statistic: effect.statistic.filter(|_| whole),
            quadrant: effect.quadrant,
            z: effect.z,
            reached: chances.reached(at),
            rather_less: chances.less(at),
            p: told(chances.upper(at)),
            p_low: told(chances.lower(at)),
            p_asked: told(chances.p(question.tail, at)),
            q: told(judged.q),
            class: judged.class,
        }
    });
    Ok(tests.collect())
}

fn effects(
    method: Method,
    values: &[f64],
    weights: &Neighbours,
) -> Result<Vec<Effect>, LayerError> {
    let of_local = |local: Local| Effect {
        statistic: local.share.map(|share| share.g),
        quadrant: None,
        z: local.z,
    };
    let effects = match method {
        Method::GiStar => gi_star(values, weights).into_iter().map(of_local).collect(),
        Method::Gi => gi(values, weights).into_iter().map(of_local).collect(),
        Method::Moran => local_moran(values, &Weights::binary(weights).row_standardised())
            .into_iter()
            .map(|one| Effect { statistic: one.statistic, quadrant: one.quadrant, z: one.z })
            .collect(),
        Method::JoinCounts => local_join_counts(values, weights)
            .map_err(|error| LayerError::Parameter {
                parameter: "value",
                reason: error.to_string().into(),
            })?
            .into_iter()
            .map(|one| Effect { statistic: Some(one.statistic), quadrant: None, z: one.z })
            .collect(),
    };
    Ok(effects)
}

#[derive(Clone, Copy)]
struct Judged {
    q: f64,
    class: i8,
}

impl Judged {
    /// Without its class where local Moran's side is not that of the quadrant: like its neighbours
    /// (above 0) are HH and LL, unlike them HL and LH.
    const fn as_claimed(self, quadrant: Option<Quadrant>) -> Self {
        let claimed = match quadrant {
            None => true,
            Some(Quadrant::HighHigh | Quadrant::LowLow) => self.class > 0,
            Some(Quadrant::HighLow | Quadrant::LowHigh) => self.class < 0,
        };
        if claimed { self } else { Self { class: 0, ..self } }
    }
}

/// q and class, over the cells that have a z: two-sided one family; asked for more, what is more and
/// what is less than chance gives are a family each, so that each keeps its own level; asked for
/// less, less alone. The q of a cell with a class is the one that gave it.
fn judged(question: &Question, chances: &Chances, effects: &[Effect]) -> Vec<Judged> {
    let tested: Vec<usize> = (0..effects.len()).filter(|at| effects[*at].z.is_ok()).collect();
    let family = |tail: Tail| -> (Vec<f64>, Vec<u8>) {
        let p: Vec<f64> = tested.iter().map(|at| chances.p(tail, *at)).collect();
        let q = question.adjust.adjusted(&p);
        let classes = classes(&q, question.alpha);
        (q, classes)
    };
    let mut judged = vec![Judged { q: 1.0, class: 0 }; effects.len()];
    if question.tail == Tail::TwoSided {
        let (q, classes) = family(Tail::TwoSided);
        for ((at, q), class) in tested.iter().zip(q).zip(classes) {
            let less = chances.less(*at);
            let class = class.cast_signed();
            let class = if less { -class } else { class };
            judged[*at] = Judged { q, class }.as_claimed(effects[*at].quadrant);
        }
        return judged;
    }
    let (lower, cold) = family(Tail::Lower);
    let upper = (question.tail == Tail::Upper).then(|| family(Tail::Upper));
    for (place, at) in tested.iter().enumerate() {
        let low = Judged { q: lower[place], class: -cold[place].cast_signed() }
            .as_claimed(effects[*at].quadrant);
        judged[*at] = match &upper {
            None => low,
            Some((q, hot)) => {
                let high = Judged { q: q[place], class: hot[place].cast_signed() }
                    .as_claimed(effects[*at].quadrant);
                if high.class == 0 && low.class != 0 { low } else { high }
            }
        };
    }
    judged
}
