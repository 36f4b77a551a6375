//! What is asked of a scan.

use geo_types::Coord;

/// What chance is, and with it what is expected.
#[derive(Clone, Copy, Debug)]
pub enum Model<'a> {
    /// Cases come in proportion to a population: people, households, hectares of searched ground.
    /// One number of 0 or more for each place and period, like the cases.
    Poisson {
        /// Place by place, its periods together.
        population: &'a [f64],
    },
    /// Each thing looked at is a case or not (plots destroyed or standing, sites found or clean).
    Bernoulli {
        /// Those that are not cases: place by place, its periods together.
        controls: &'a [u32],
    },
    /// Cases alone: the places keep their numbers and the periods theirs, and chance matches them.
    SpaceTimePermutation,
}

/// Which windows there are in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// None: all periods count together.
    #[default]
    Spatial,
    /// Every span of periods up to the longest.
    SpaceTime,
    /// Spans that reach the last period: what goes on now?
    Prospective,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Spatial, Self::SpaceTime, Self::Prospective];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Spatial => "spatial",
            Self::SpaceTime => "space-time",
            Self::Prospective => "prospective",
        }
    }

    /// The scope of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// Which deviations are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rates {
    /// More cases than expected.
    #[default]
    High,
    /// Fewer.
    Low,
    /// Either.
    Both,
}

impl Rates {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::High, Self::Low, Self::Both];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
            Self::Both => "both",
        }
    }

    /// The choice of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rates| rates.word() == word)
    }

    pub(super) const fn high(self) -> bool {
        !matches!(self, Self::Low)
    }

    pub(super) const fn low(self) -> bool {
        !matches!(self, Self::High)
    }
}

/// Which clusters are told after the best one. All share no place with a better one in any period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Secondary {
    /// SaTScan's default: each centre offers its best window and nothing else, so that a smaller
    /// window beside a better cluster goes untold. In a space-time scan the centre then offers its
    /// best in the time before and after, again and again; as SaTScan 10.3 has it, a period must
    /// lie between, and the time after ends before the last period.
    #[default]
    Centres,
    /// Always the best of all windows that are left.
    Rest,
    /// Of the sets of significant clusters up to one size and another, the set with the greatest
    /// Gini coefficient (see [`super::SIZES`]): rather two small clusters than a wide one over both.
    /// Only for spatial scans by the Poisson or the Bernoulli model, as in SaTScan. Where no cluster
    /// is significant, as [`Secondary::Centres`].
    Gini,
}

impl Secondary {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Centres, Self::Rest, Self::Gini];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Centres => "centres",
            Self::Rest => "rest",
            Self::Gini => "gini",
        }
    }

    /// The choice of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|secondary| secondary.word() == word)
    }
}

/// Which windows there are in space. All grow place by place; places equally far (to a part in
/// 10⁹) enter together.
#[derive(Clone, Copy, Debug)]
pub enum Windows<'a> {
    /// Circles around every place.
    Circles {
        /// Where the places are, in a plane, in metres or any other unit of length.
        at: &'a [Coord],
    },
    /// Circles, and ellipses 1.5, 2, 3, 4 and 5 times as long as wide in 4, 6, 9, 12 and 15
    /// directions, as SaTScan has them.
    Ellipses {
        /// Where the places are, as for circles.
        at: &'a [Coord],
        /// How dearly a long ellipse pays: its ratio counts (4s/(s + 1)²)ᵖ-fold, s the length over
        /// the width. 0 is no penalty, 0.5 SaTScan's medium one, 1 its strong one.
        penalty: f64,
    },
    /// For each place the others near it with how far they are, in any unit (hours on foot, order
    /// of nearness). The place itself is always the first of its own list. Order and repetition
    /// within a list do not matter: the nearest mention counts. A distance that is not a number of
    /// 0 or more is left out.
    Listed(&'a [Vec<(u32, f64)>]),
}

/// What is asked. Places are in the order of a stable id, so that the draws do not depend on the
/// order of rows; only surveyed places belong here.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Place by place, its periods together: `places × periods` numbers.
    pub cases: &'a [u32],
    /// How many periods of equal length, 1 or more.
    pub periods: usize,
    /// What chance is.
    pub model: Model<'a>,
    /// The windows in space.
    pub windows: Windows<'a>,
    /// The windows in time.
    pub scope: Scope,
    /// More, fewer, or either.
    pub rates: Rates,
    /// A window holds at most this share of the population (Bernoulli: of cases and controls;
    /// permutation: of cases), over 0 to 0.5.
    pub max_population: f64,
    /// And at most this share of the periods, over 0 to 1.
    pub max_time: f64,
    /// A cluster of high rates has at least so many cases.
    pub minimum_cases: u32,
    /// What is told beside the best cluster.
    pub secondary: Secondary,
    /// [`Secondary::Gini`]: a cluster counts whose p is at most this.
    pub gini_p: f64,
}

impl<'a> Question<'a> {
    /// The plain question: in which circles of at most half of the population do cases crowd, by
    /// the Poisson model? `at` in metres, one place a `cases` and a `population`.
    pub fn on_places(at: &'a [Coord], cases: &'a [u32], population: &'a [f64]) -> Self {
        Self {
            cases,
            periods: 1,
            model: Model::Poisson { population },
            windows: Windows::Circles { at },
            scope: Scope::Spatial,
            rates: Rates::High,
            max_population: 0.5,
            max_time: 0.5,
            minimum_cases: 2,
            secondary: Secondary::Centres,
            gini_p: 0.05,
        }
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.cases.len() / self.periods.max(1)
    }

    /// The most windows that there can be: with the number of replicas, what a scan costs. About
    /// 2 × 10⁹ window-replicas a second on one core.
    pub fn windows_at_most(&self) -> u64 {
        let places = self.places() as u64;
        let in_space = match self.windows {
            Windows::Circles { .. } => places * places,
            Windows::Ellipses { .. } => places * places * super::windows::shapes(true).len() as u64,
            Windows::Listed(lists) => lists.iter().map(|list| list.len() as u64 + 1).sum(),
        };
        in_space * self.spans().len().max(1) as u64
    }

    /// The windows in time: first period, and the one after the last.
    pub(super) fn spans(&self) -> Vec<(usize, usize)> {
        // A part in 10⁹ more, so that 0.3 of ten periods is three.
        let longest = (self.periods as f64 * self.max_time * (1.0 + 1e-9)).floor() as usize;
        let to = |end: usize| (end.saturating_sub(longest)..end).map(move |start| (start, end));
        match self.scope {
            Scope::Spatial => vec![(0, 1)],
            Scope::SpaceTime => (1..=self.periods).flat_map(to).collect(),
            Scope::Prospective => to(self.periods).collect(),
        }
    }
}
