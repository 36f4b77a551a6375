//! What the global methods have in common: the units with a value, the flags, the columns.

use crate::{
    analysis::{
        chance::{
            draws::Draws,
            tally::{Tail, Tally},
        },
        global::{Chance, NoGlobal, Simulated},
        weights::{Sums, Weights},
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Opt,
        columns::few_units,
        options::{PERMUTATIONS, STYLE, TAIL, VALUE, WEIGHTS},
    },
};

pub(super) const GLOBAL_VALUE: Opt = VALUE.required();
pub(super) const GLOBAL_WEIGHTS: Opt = WEIGHTS.or("queen");
pub(super) const GLOBAL_PERMUTATIONS: Opt = PERMUTATIONS.or("999");
pub(super) const EITHER: Opt = TAIL.or("two-sided");
pub(super) const AS_GIVEN: Opt = STYLE.or("given");
pub(super) const BY_ROW: Opt = STYLE.or("row");

pub(super) const STATISTIC: &str = "statistic";
pub(super) const EXPECTED: Column =
    Column::new("expected", "What chance lets expect of the statistic");
pub(super) const VARIANCE: Column =
    Column::new("variance", "Its variance if the values lay in random order (randomisation)");
pub(super) const Z: Column = Column::new(
    "z",
    "(statistic - expected)/sqrt(variance), randomisation; empty where undefined, see reason",
);
pub(super) const P: Column = Column::new(
    "p",
    "The permutation p of --tail, (count + 1)/(permutations + 1); 1 where nothing can be said",
);
pub(super) const P_NORMAL: Column = Column::new(
    "p_normal",
    "The normal p of z for --tail: trust it for many units with even values, else trust p",
);
pub(super) const VARIANCE_NORMALITY: Column = Column::new(
    "variance_normality",
    "The variance if the values came from a normal distribution (normality)",
);
pub(super) const Z_NORMALITY: Column = Column::new("z_normality", "z with that variance");
pub(super) const P_NORMALITY: Column =
    Column::new("p_normality", "The normal p of z_normality for --tail");
pub(super) const SIMULATED_MEAN: Column =
    Column::new("simulated_mean", "Mean of the statistic over the shuffled maps");
pub(super) const SIMULATED_VARIANCE: Column =
    Column::new("simulated_variance", "Its variance over the shuffled maps");
pub(super) const REASON: Column = Column::new(
    "reason",
    "Why there is no statistic or no z: too-few (under 3 units; for randomisation under 4), constant, no-links, \
     zero-sum (weights or products sum to nothing), negative, no-variance (every order gives the same)",
);

pub(super) const SUMMARY: &[Column] = &[
    Column::new("units", "Units with a value"),
    Column::new(
        "no_data",
        "Units whose value is unknown: in no sum, no neighbour list, no shuffle",
    ),
    Column::new("islands", "Units with a value and no neighbour with one; they stay in n"),
    Column::new("s0", "The sum of the weights"),
    Column::new("s1", "Half the sum of (w_ij + w_ji) squared"),
    Column::new("s2", "The sum of squares of rows and columns together"),
    Column::new("permutations", "Shuffled maps"),
    Column::new("seed", "The seed"),
    Column::new("weights", "How the weights were made"),
];

/// The question, without units of unknown value.
pub(super) struct Question {
    /// Their values.
    pub(super) values: Vec<f64>,
    /// Weights among them, as `--style` has them, no unit linked to itself.
    pub(super) weights: Weights,
    /// Which p is asked.
    pub(super) tail: Tail,
    made: String,
    units: usize,
}

impl Question {
    pub(super) fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let all = job.values("value")?;
        let known: Vec<usize> = (0..all.len()).filter(|place| all[*place].is_some()).collect();
        let values = all.iter().copied().flatten().collect();
        let (weights, made) = job.weights(&known)?;
        let weights = weights.without_self();
        let weights = if job.by_row()? { weights.row_standardised() } else { weights };
        let tail = job.tail()?.unwrap_or(Tail::TwoSided);
        Ok(Self { values, weights, tail, made, units: all.len() })
    }

    pub(super) fn summary(&self, draws: Draws<'_>) -> Vec<Cell> {
        let Sums { s0, s1, s2 } = self.weights.sums();
        vec![
            self.values.len().into(),
            (self.units - self.values.len()).into(),
            self.weights.islands().into(),
            s0.into(),
            s1.into(),
            s2.into(),
            draws.permutations.into(),
            draws.seed.into(),
            self.made.clone().into(),
        ]
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        few_units(self.values.len())
    }
}

/// Expected, variance, z, p and normal p under randomisation.
pub(super) fn standing(
    chance: Option<&Chance>,
    simulated: Option<&Simulated>,
    tail: Tail,
) -> Vec<Cell> {
    vec![
        chance.map(|it| it.expected).into(),
        chance.and_then(|it| it.variance.ok()).into(),
        chance.and_then(|it| it.z.ok()).into(),
        simulated.map_or(1.0, |it| tail.p(it.tally)).into(),
        chance.map_or(1.0, |it| it.p(tail)).into(),
    ]
}

/// Variance, z and normal p under normality.
pub(super) fn normality(chance: Option<&Chance>, tail: Tail) -> Vec<Cell> {
    vec![
        chance.and_then(|it| it.variance.ok()).into(),
        chance.and_then(|it| it.z.ok()).into(),
        chance.map_or(1.0, |it| it.p(tail)).into(),
    ]
}

/// Counts, every p, mean and variance of the shuffled maps.
pub(super) fn simulation(simulated: Option<&Simulated>) -> Vec<Cell> {
    let tally = |of: fn(Tally) -> f64| Cell::from(simulated.map(|it| of(it.tally)));
    vec![
        simulated.map(|it| it.tally.ge).into(),
        simulated.map(|it| it.tally.le).into(),
        tally(Tally::upper),
        tally(Tally::lower),
        tally(Tally::two_sided),
        simulated.map(|it| it.mean).into(),
        simulated.and_then(|it| it.variance).into(),
    ]
}

/// The word of the reason, of the statistic or else of its z.
pub(super) fn reason(none: Option<NoGlobal>, chance: Option<&Chance>) -> Cell {
    none.or_else(|| chance.and_then(|it| it.z.err())).map(NoGlobal::word).into()
}
