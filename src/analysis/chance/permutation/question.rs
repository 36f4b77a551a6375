//! What is shuffled, what is compared, and what comes out.

use crate::analysis::{
    chance::tally::{TIE, Tally},
    local::moran::deviations,
};

/// What is shuffled, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Null {
    /// The whole neighbourhood with its unit is drawn from all units.
    Total,
    /// The unit stays, its neighbours are drawn from the others.
    Conditional,
}

impl Null {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Total, Self::Conditional];

    /// Their words, in that order.
    pub const WORDS: [&'static str; 2] = [Self::ALL[0].word(), Self::ALL[1].word()];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Conditional => "conditional",
        }
    }

    /// The null of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|null| null.word() == word)
    }
}

/// Which statistic of a shuffled map is compared with that of the real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// The neighbours' sum without the unit: Gi; of zeros and ones the local join count.
    Gi,
    /// The sum with the unit itself: Gi*. Under the conditional null the unit's own value is the
    /// same in every map, so that the counts are those of Gi.
    GiStar,
    /// The unit's deviation times its neighbours': local Moran. Under the conditional null it grows
    /// with the neighbours' sum where the unit is above the mean and falls where it is below, so
    /// that the counts are those of Gi, one way round or the other.
    Moran,
}

/// For every unit, how many shuffled maps reach its statistic; ties count on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How many shuffled maps there were.
    pub permutations: u32,
    /// Those with a statistic as great or greater.
    pub ge: Vec<u32>,
    /// Those with one as small or smaller.
    pub le: Vec<u32>,
}

impl Counts {
    /// The counts of one unit.
    pub fn tally(&self, place: usize) -> Tally {
        Tally { permutations: self.permutations, ge: self.ge[place], le: self.le[place] }
    }

    /// The p of many, see [`Tally::upper`].
    pub fn upper(&self, place: usize) -> f64 {
        self.tally(place).upper()
    }

    /// The p of few, see [`Tally::lower`].
    pub fn lower(&self, place: usize) -> f64 {
        self.tally(place).lower()
    }

    /// The p of either, see [`Tally::two_sided`].
    pub fn two_sided(&self, place: usize) -> f64 {
        self.tally(place).two_sided()
    }

    /// Counts of neighbours' sums as counts of local Moran: turned round where the unit is below
    /// the mean, and all tied at the mean, where the statistic is 0 whatever is drawn.
    pub(super) fn turned(mut self, values: &[f64]) -> Self {
        for (place, deviation) in deviations(values).into_iter().enumerate() {
            if deviation < 0.0 {
                std::mem::swap(&mut self.ge[place], &mut self.le[place]);
            } else if deviation == 0.0 {
                self.ge[place] = self.permutations;
                self.le[place] = self.permutations;
            }
        }
        self
    }
}

/// The observed value with its two edges of equality: the order of summing shall not decide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observed {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Observed {
    /// Of a sum of weighted values, times `factor`.
    pub(super) fn of(factor: f64, terms: impl Iterator<Item = f64>) -> Self {
        let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()));
        let (sum, tie) = (factor * sum, TIE * (factor * size).abs());
        Self { low: sum - tie, high: sum + tie }
    }

    pub(super) fn reached_by(self, drawn: f64) -> bool {
        drawn >= self.low
    }

    pub(super) fn not_passed_by(self, drawn: f64) -> bool {
        drawn <= self.high
    }
}
