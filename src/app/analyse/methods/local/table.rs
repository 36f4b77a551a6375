//! What the local methods have in common: which units are tested, p, q and class, and the columns.

use crate::{
    analysis::{
        chance::{
            draws::{Draws, MOST_PERMUTATIONS},
            permutation::{Counts, Null, Statistic, weighted_counts},
            significance::{Adjust, classes},
            tally::Tail,
            transform::Transform,
        },
        local::getis_ord::NoZ,
        weights::{Links, Weights},
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Opt,
        columns::few_units,
        options::{NULL, PERMUTATIONS, STYLE, TAIL, VALUE, WEIGHTS},
    },
};

pub(super) const LOCAL_VALUE: Opt = VALUE.required();
pub(super) const LOCAL_WEIGHTS: Opt = WEIGHTS.or("queen");
/// The smallest p must fit the number of units: a lone find among 1,000 needs 20,000.
pub(super) const LOCAL_PERMUTATIONS: Opt = PERMUTATIONS.or("99999");
pub(super) const CONDITIONAL: Opt = NULL.or("conditional");
pub(super) const TOTAL: Opt = NULL.or("total");
pub(super) const UPPER: Opt = TAIL.or("upper");
pub(super) const EITHER: Opt = TAIL.or("two-sided");
pub(super) const ALPHA: Opt =
    Opt::new("alpha", "RATE", "Only classes at this rate or a stricter one, at most 0.1").or("0.1");
pub(super) const TRANSFORM: Opt = Opt::new(
    "transform",
    "none|ranks|log1p",
    "What is done to the values first, where a few large ones rule",
)
.or("none");

/// Of one unit the row's sum is a common factor.
const LOCAL_STYLE: Opt = Opt {
    help: "Weights as they are, or each row divided by its sum; z and p do not change, the statistic does",
    ..STYLE
};
pub(super) const GIVEN: Opt = LOCAL_STYLE.or("given");
pub(super) const ROW: Opt = LOCAL_STYLE.or("row");

pub(super) const ID: Column = Column::new("id", "The unit's id");
pub(super) const OF_VALUE: Column =
    Column::new("value", "Its value as it was tested (after --transform); empty where unknown");
pub(super) const Z: Column = Column::new(
    "z",
    "(statistic - expected)/sqrt(variance): the effect size, no p is read off it; empty where undefined, see reason",
);
pub(super) const P: Column = Column::new(
    "p",
    "The permutation p of --tail, (count + 1)/(permutations + 1); 1 where nothing can be said; empty where untested",
);
pub(super) const Q: Column = Column::new(
    "q",
    "The smallest rate at which the unit is a find after --adjust, over the units that are tested",
);
pub(super) const REASON: Column = Column::new(
    "reason",
    "Why there is no z: no-data, too-few (under 3 units), constant, island (no neighbour), saturated (all are \
     neighbours), at-mean, absent; a Gi* of an island is given with this flag",
);
pub(super) const NEIGHBOURS: Column =
    Column::new("neighbours", "How many neighbours with a value, the unit itself left aside");

pub(super) const SUMMARY: &[Column] = &[
    Column::new("tested", "Units that were tested: the number of tests that --adjust knows of"),
    Column::new(
        "no_data",
        "Units whose value is unknown: in no sum, no neighbour list, no shuffle",
    ),
    Column::new("islands", "Units with a value and no neighbour with one"),
    Column::new("finds", "Units with a class"),
    Column::new("permutations", "Shuffled maps"),
    Column::new("seed", "The seed"),
    Column::new("weights", "How the weights were made"),
];

/// The question, without units of unknown value.
pub(super) struct Question {
    /// Places among all units of those with a value.
    pub(super) known: Vec<usize>,
    /// Their values, transformed.
    pub(super) values: Vec<f64>,
    /// Weights among them.
    pub(super) weights: Weights,
    made: String,
    units: usize,
    tail: Tail,
    adjust: Adjust,
    alpha: f64,
}

impl Question {
    pub(super) fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let all = job.values("value")?;
        let known: Vec<usize> = (0..all.len()).filter(|place| all[*place].is_some()).collect();
        let values: Vec<f64> = all.iter().copied().flatten().collect();
        let transform = job
            .word("transform", &Transform::ALL.map(Transform::word), Transform::from_word)?
            .unwrap_or_default();
        let values = transform.of(&values).map_err(|error| {
            let id = &job.ids()[known[error.place]];
            AnalyseError::flag(
                "transform",
                format!(
                    "log1p: unit `{id}` has {}; values must be above -1, or ask for ranks",
                    error.value
                ),
            )
        })?;
        let (weights, made) = job.weights(&known)?;
        let alpha = job.number("alpha")?.unwrap_or(0.1);
        if !(alpha > 0.0 && alpha <= 0.1) {
            return Err(AnalyseError::flag(
                "alpha",
                format!("{alpha}: must be above 0 and at most 0.1"),
            ));
        }
        Ok(Self {
            weights,
            known,
            values,
            made,
            units: all.len(),
            tail: job.tail()?.unwrap_or_default(),
            adjust: job.word("adjust", &Adjust::WORDS, Adjust::from_word)?.unwrap_or_default(),
            alpha,
        })
    }

    /// Weights as `--style` has them: a unit's own weight belongs to its row where it is given, or
    /// where `star` puts it there.
    pub(super) fn styled(&self, job: &Job<'_>, star: bool) -> Result<Weights, AnalyseError> {
        if !job.by_row()? {
            return Ok(self.weights.clone());
        }
        if !star {
            return Ok(self.weights.without_self().row_standardised());
        }
        let with = |place: usize| {
            let own = [(place, self.weights.own(place))];
            self.weights.others(place).chain(own).map(|(to, w)| (to as u32, w)).collect()
        };
        let rows = Weights::from_rows((0..self.weights.len()).map(with).collect());
        let rows = rows.map_err(|error| AnalyseError::flag("style", error.to_string()))?;
        Ok(rows.row_standardised())
    }

    pub(super) fn null(job: &Job<'_>) -> Result<Null, AnalyseError> {
        let null = job.word("null", &Null::WORDS, Null::from_word)?;
        Ok(null.unwrap_or(Null::Conditional))
    }

    pub(super) fn counts(
        &self,
        job: &Job<'_>,
        statistic: Statistic,
        null: Null,
        draws: Draws<'_>,
    ) -> Result<Counts, AnalyseError> {
        Ok(weighted_counts(&self.values, &self.weights, statistic, null, draws, job.watch)?)
    }

    /// p, q and the level of each unit from its counts; `z` says which are tested.
    pub(super) fn judged(&self, counts: &Counts, z: &[Result<f64, NoZ>]) -> Vec<Judged> {
        let tested: Vec<usize> = (0..z.len()).filter(|place| z[*place].is_ok()).collect();
        let p: Vec<f64> = tested.iter().map(|place| self.tail.p(counts.tally(*place))).collect();
        let q = self.adjust.adjusted(&p);
        let levels = classes(&q, self.alpha);
        let untested = |z: &Result<f64, NoZ>| match z {
            // Of what is not there nothing is asked.
            Err(NoZ::Absent) => Judged { p: None, q: None, level: 0, more: false },
            _ => Judged { p: Some(1.0), q: Some(1.0), level: 0, more: false },
        };
        let mut judged: Vec<Judged> = z.iter().map(untested).collect();
        for (at, place) in tested.iter().enumerate() {
            let tally = counts.tally(*place);
            let more = match self.tail {
                Tail::Upper => true,
                Tail::Lower => false,
                Tail::TwoSided => tally.ge < tally.le,
            };
            judged[*place] = Judged { p: Some(p[at]), q: Some(q[at]), level: levels[at], more };
        }
        judged
    }

    /// One row a unit of the file, from one a unit with a value; `columns` of the method. Those
    /// without a value say so in the column `reason`.
    pub(super) fn rows(&self, job: &Job<'_>, known: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
        let columns = job.method.columns;
        let mut rows: Vec<Vec<Cell>> = (0..self.units)
            .map(|unit| {
                let cell = |column: &Column| match column.name {
                    "id" => Cell::from(job.ids()[unit].clone()),
                    "reason" | "class" => "no-data".into(),
                    _ => Cell::Null,
                };
                columns.iter().map(cell).collect()
            })
            .collect();
        for (place, row) in self.known.iter().zip(known) {
            rows[*place] = row;
        }
        rows
    }

    pub(super) fn summary(
        &self,
        judged: &[Judged],
        z: &[Result<f64, NoZ>],
        draws: Draws<'_>,
    ) -> Vec<Cell> {
        vec![
            z.iter().filter(|z| z.is_ok()).count().into(),
            (self.units - self.known.len()).into(),
            self.weights.islands().into(),
            judged.iter().filter(|one| one.level > 0).count().into(),
            draws.permutations.into(),
            draws.seed.into(),
            self.made.clone().into(),
        ]
    }

    pub(super) fn warnings(&self, draws: Draws<'_>) -> Vec<String> {
        let n = self.known.len();
        let mut warnings = few_units(n);
        // A lone find needs about alpha/m.
        let least = 1.0 / (f64::from(draws.permutations) + 1.0);
        if self.adjust != Adjust::None && least * n as f64 > self.alpha {
            warnings.push(format!(
                "{} permutations are too few for {n} units: no p can be small enough for a lone find; \
                 ask for {} or more",
                draws.permutations,
                ((n as f64 / self.alpha).ceil() as u64).min(MOST_PERMUTATIONS.into())
            ));
        }
        warnings
    }
}

/// What a test says about one unit.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    pub(super) p: Option<f64>,
    pub(super) q: Option<f64>,
    /// 3, 2, 1: 99, 95, 90 %; 0: no find.
    pub(super) level: u8,
    /// Whether more, not less, than chance gives.
    pub(super) more: bool,
}

impl Judged {
    /// Hot or cold at its level.
    pub(super) fn hot_or_cold(self) -> &'static str {
        match (self.level, self.more) {
            (3, true) => "hot-99",
            (2, true) => "hot-95",
            (1, true) => "hot-90",
            (3, false) => "cold-99",
            (2, false) => "cold-95",
            (1, false) => "cold-90",
            _ => "none",
        }
    }
}

/// Counts and the three p; nothing where nothing was asked.
pub(super) fn chance(counts: &Counts, place: usize, z: Result<f64, NoZ>) -> [Cell; 5] {
    match z {
        Err(NoZ::Absent) => [const { Cell::Null }; 5],
        Err(_) => [Cell::Null, Cell::Null, Cell::Real(1.0), Cell::Real(1.0), Cell::Real(1.0)],
        Ok(_) => [
            counts.ge[place].into(),
            counts.le[place].into(),
            counts.upper(place).into(),
            counts.lower(place).into(),
            counts.two_sided(place).into(),
        ],
    }
}

/// How many neighbours a unit has.
pub(super) fn neighbours(weights: &Weights, place: usize) -> usize {
    weights.others(place).count()
}
