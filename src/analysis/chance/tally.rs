//! The pseudo p of a permutation test: how many simulated values reach the observed one.
//!
//! Source: Phipson and Smyth (2010), *Permutation p-values should never be zero*; METHODS §0.
//! Ties count in both tails; two values that differ by less than [`TIE`] of the observed one are
//! tied, so that the order of summing decides nothing.

/// Values that differ by less than this part of the observed one are equal.
pub const TIE: f64 = 1e-12;

/// How many of the simulated values are as great or greater, and as small or smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many were simulated.
    pub permutations: u32,
    /// Those as great as the observed one or greater.
    pub ge: u32,
    /// Those as small as the observed one or smaller.
    pub le: u32,
}

impl Tally {
    /// Counts `simulated` against `observed`. A value that is no number counts in both tails: it
    /// speaks for nothing.
    pub fn of(observed: f64, simulated: impl IntoIterator<Item = f64>) -> Self {
        let tie = TIE * observed.abs();
        let mut tally = Self { permutations: 0, ge: 0, le: 0 };
        for value in simulated {
            tally.permutations += 1;
            tally.ge += u32::from(value >= observed - tie || value.is_nan());
            tally.le += u32::from(value <= observed + tie || value.is_nan());
        }
        tally
    }

    /// The p of as much or more: (1 + #{sim ≥ obs})/(R + 1), never 0.
    pub fn upper(self) -> f64 {
        self.share(self.ge)
    }

    /// The p of as little or less: (1 + #{sim ≤ obs})/(R + 1).
    pub fn lower(self) -> f64 {
        self.share(self.le)
    }

    /// The p of either: min(1, 2 min(upper, lower)).
    pub fn two_sided(self) -> f64 {
        Tail::TwoSided.p(self)
    }

    fn share(self, count: u32) -> f64 {
        (f64::from(count) + 1.0) / (f64::from(self.permutations) + 1.0)
    }
}

/// Which deviations a test looks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tail {
    /// More than chance would have it.
    #[default]
    Upper,
    /// Less.
    Lower,
    /// Either.
    TwoSided,
}

impl Tail {
    /// Every tail.
    pub const ALL: [Self; 3] = [Self::Upper, Self::Lower, Self::TwoSided];

    /// Their words, in that order.
    pub const WORDS: [&'static str; 3] =
        [Self::ALL[0].word(), Self::ALL[1].word(), Self::ALL[2].word()];

    /// The p of this tail.
    pub fn p(self, tally: Tally) -> f64 {
        self.of(tally.upper(), tally.lower())
    }

    /// The p of this tail from those of more and of less; of either it is min(1, 2 min(upper, lower)).
    pub fn of(self, upper: f64, lower: f64) -> f64 {
        match self {
            Self::Upper => upper,
            Self::Lower => lower,
            Self::TwoSided => (2.0 * upper.min(lower)).min(1.0),
        }
    }

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::TwoSided => "two-sided",
        }
    }

    /// The tail of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tail| tail.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_in_both_tails() {
        let tally = Tally::of(3.0, [1.0, 3.0, 3.0 + 1e-13, 5.0, 2.0]);
        assert_eq!(tally, Tally { permutations: 5, ge: 3, le: 4 });
        assert_eq!((tally.upper(), tally.lower()), (4.0 / 6.0, 5.0 / 6.0));
        assert_eq!(tally.two_sided(), 1.0);
        assert_eq!(Tail::Upper.p(tally), tally.upper());
    }

    #[test]
    fn it_is_never_zero_and_nothing_is_one() {
        let tally = Tally::of(9.0, [0.0; 99]);
        assert_eq!((tally.upper(), tally.two_sided()), (0.01, 0.02));
        assert_eq!(Tally::of(1.0, []).upper(), 1.0);
        assert_eq!(Tally::of(1.0, [f64::NAN]), Tally { permutations: 1, ge: 1, le: 1 });
    }

    #[test]
    fn words_come_back() {
        for tail in Tail::ALL {
            assert_eq!(Tail::from_word(tail.word()), Some(tail));
        }
        assert_eq!(Tail::from_word("both"), None);
    }
}
