//! The 17 classes of emerging hot spots: from a row of hot, cold and plain seasons to one word.
//!
//! Source: Esri, *How Emerging Hot Spot Analysis works*; eight classes of hot spots, the same eight
//! of cold spots with hot and cold, up and down exchanged, and no pattern. h is the share of the
//! tested seasons that are hot.
//!
//! The published rules overlap, so they are asked in one order ([`ORDER`]): what a place is in its
//! last season comes first, and there
//!
//! 1. *oscillating*: hot now, h < 0.9, cold in an earlier season;
//! 2. *new*: hot now, in no earlier season;
//! 3. *consecutive*: hot now and in the seasons before without a break, two or more, not before
//!    that, h < 0.9;
//! 4. *intensifying*, *diminishing*, *persistent*: hot now, h ≥ 0.9, and the z go up, down, neither;
//! 5. *sporadic*: hot now, h < 0.9, with a break, never cold;
//! 6. *historical*: neither hot nor cold now, h ≥ 0.9. (A place that was hot in nine of ten seasons
//!    and is cold now is an oscillating cold spot: that says both.)

use crate::domain::Language;

/// What a bin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Significantly hot.
    Hot,
    /// Significantly cold.
    Cold,
    /// Tested, and neither. (Not tested is no state.)
    Plain,
}

impl State {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Cold => "cold",
            Self::Plain => "none",
        }
    }

    /// Hot for cold and cold for hot.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Hot => Self::Cold,
            Self::Cold => Self::Hot,
            Self::Plain => Self::Plain,
        }
    }
}

/// Where the z of a place go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Significantly up.
    Up,
    /// Significantly down.
    Down,
    /// Neither.
    #[default]
    None,
}

impl Direction {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::None => "none",
        }
    }

    /// Up for down and down for up.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
            Self::None => Self::None,
        }
    }
}

/// How a hot spot, or a cold one, has come and gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Now, and cold before.
    Oscillating,
    /// Now for the first time.
    New,
    /// Now, and in the seasons just before, but not earlier.
    Consecutive,
    /// Nearly always, and more and more.
    Intensifying,
    /// Nearly always, and less and less.
    Diminishing,
    /// Nearly always.
    Persistent,
    /// Now and in earlier seasons, with breaks.
    Sporadic,
    /// Nearly always, but not now.
    Historical,
}

/// The classes in the order in which their rules are asked.
pub const ORDER: [Kind; 8] = [
    Kind::Oscillating,
    Kind::New,
    Kind::Consecutive,
    Kind::Intensifying,
    Kind::Diminishing,
    Kind::Persistent,
    Kind::Sporadic,
    Kind::Historical,
];

/// One of 17.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A hot spot.
    Hot(Kind),
    /// A cold spot.
    Cold(Kind),
    /// None of the others.
    NoPattern,
}

impl Class {
    /// All 17, in the order of [`ORDER`].
    pub fn all() -> impl Iterator<Item = Self> {
        let hot = ORDER.into_iter().map(Self::Hot);
        hot.chain(ORDER.into_iter().map(Self::Cold)).chain([Self::NoPattern])
    }

    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hot(Kind::Oscillating) => "oscillating-hot",
            Self::Hot(Kind::New) => "new-hot",
            Self::Hot(Kind::Consecutive) => "consecutive-hot",
            Self::Hot(Kind::Intensifying) => "intensifying-hot",
            Self::Hot(Kind::Diminishing) => "diminishing-hot",
            Self::Hot(Kind::Persistent) => "persistent-hot",
            Self::Hot(Kind::Sporadic) => "sporadic-hot",
            Self::Hot(Kind::Historical) => "historical-hot",
            Self::Cold(Kind::Oscillating) => "oscillating-cold",
            Self::Cold(Kind::New) => "new-cold",
            Self::Cold(Kind::Consecutive) => "consecutive-cold",
            Self::Cold(Kind::Intensifying) => "intensifying-cold",
            Self::Cold(Kind::Diminishing) => "diminishing-cold",
            Self::Cold(Kind::Persistent) => "persistent-cold",
            Self::Cold(Kind::Sporadic) => "sporadic-cold",
            Self::Cold(Kind::Historical) => "historical-cold",
            Self::NoPattern => "no-pattern",
        }
    }

    /// Its name for people: the one that sentences, legends and pages use.
    pub const fn name(self, language: Language) -> &'static str {
        let [vi, en] = match self {
            Self::Hot(Kind::Oscillating) => ["điểm nóng dao động", "oscillating hot spot"],
            Self::Hot(Kind::New) => ["điểm nóng mới", "new hot spot"],
            Self::Hot(Kind::Consecutive) => ["điểm nóng liên tiếp", "consecutive hot spot"],
            Self::Hot(Kind::Intensifying) => ["điểm nóng mạnh dần", "intensifying hot spot"],
            Self::Hot(Kind::Diminishing) => ["điểm nóng yếu dần", "diminishing hot spot"],
            Self::Hot(Kind::Persistent) => ["điểm nóng dai dẳng", "persistent hot spot"],
            Self::Hot(Kind::Sporadic) => ["điểm nóng ngắt quãng", "sporadic hot spot"],
            Self::Hot(Kind::Historical) => ["điểm nóng trước đây", "historical hot spot"],
            Self::Cold(Kind::Oscillating) => ["điểm lạnh dao động", "oscillating cold spot"],
            Self::Cold(Kind::New) => ["điểm lạnh mới", "new cold spot"],
            Self::Cold(Kind::Consecutive) => ["điểm lạnh liên tiếp", "consecutive cold spot"],
            Self::Cold(Kind::Intensifying) => ["điểm lạnh mạnh dần", "intensifying cold spot"],
            Self::Cold(Kind::Diminishing) => ["điểm lạnh yếu dần", "diminishing cold spot"],
            Self::Cold(Kind::Persistent) => ["điểm lạnh dai dẳng", "persistent cold spot"],
            Self::Cold(Kind::Sporadic) => ["điểm lạnh ngắt quãng", "sporadic cold spot"],
            Self::Cold(Kind::Historical) => ["điểm lạnh trước đây", "historical cold spot"],
            Self::NoPattern => ["không theo quy luật", "no pattern"],
        };
        match language {
            Language::Vi => vi,
            Language::En => en,
        }
    }
}

/// The class of a row of tested seasons, earliest first; `None` for an empty row.
pub fn classify(states: &[State], trend: Direction) -> Option<Class> {
    let nearly_always = |what: State| {
        let count = states.iter().filter(|state| **state == what).count();
        10 * count >= 9 * states.len()
    };
    Some(match states.last()? {
        State::Hot => Class::Hot(now(states, trend, nearly_always(State::Hot))),
        State::Cold => {
            let mirrored: Vec<State> = states.iter().map(|state| state.opposite()).collect();
            Class::Cold(now(&mirrored, trend.opposite(), nearly_always(State::Cold)))
        }
        State::Plain if nearly_always(State::Hot) => Class::Hot(Kind::Historical),
        State::Plain if nearly_always(State::Cold) => Class::Cold(Kind::Historical),
        State::Plain => Class::NoPattern,
    })
}

/// The kind of a place that is hot in its last season.
fn now(states: &[State], trend: Direction, nearly_always: bool) -> Kind {
    let hot = |state: &State| *state == State::Hot;
    let run = states.iter().rev().take_while(|state| hot(state)).count();
    let before = &states[..states.len() - run];
    let earlier = &states[..states.len() - 1];
    if !nearly_always && earlier.contains(&State::Cold) {
        Kind::Oscillating
    } else if !earlier.iter().any(hot) {
        Kind::New
    } else if nearly_always {
        match trend {
            Direction::Up => Kind::Intensifying,
            Direction::Down => Kind::Diminishing,
            Direction::None => Kind::Persistent,
        }
    } else if !before.iter().any(hot) {
        Kind::Consecutive
    } else {
        Kind::Sporadic
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const STATES: [State; 3] = [State::Hot, State::Cold, State::Plain];
    const TRENDS: [Direction; 3] = [Direction::Up, Direction::Down, Direction::None];

    fn row(text: &str) -> Vec<State> {
        text.chars()
            .map(|letter| match letter {
                'h' => State::Hot,
                'c' => State::Cold,
                _ => State::Plain,
            })
            .collect()
    }

    fn of(text: &str, trend: Direction) -> &'static str {
        classify(&row(text), trend).unwrap().word()
    }

    /// Each rule by itself, as it is published.
    fn holds(kind: Kind, states: &[State], trend: Direction) -> bool {
        let n = states.len();
        let is = |at: usize, what: State| states[at] == what;
        let hot: Vec<usize> = (0..n).filter(|at| is(*at, State::Hot)).collect();
        let now = is(n - 1, State::Hot);
        let earlier_hot = (0..n - 1).any(|at| is(at, State::Hot));
        let earlier_cold = (0..n - 1).any(|at| is(at, State::Cold));
        let share = hot.len() as f64 / n as f64;
        let often = share >= 0.9 - 1e-9;
        let unbroken = hot.windows(2).all(|pair| pair[1] == pair[0] + 1);
        match kind {
            Kind::New => now && !earlier_hot,
            Kind::Consecutive => now && unbroken && hot.len() >= 2 && !often,
            Kind::Intensifying => now && often && trend == Direction::Up,
            Kind::Persistent => now && often && trend == Direction::None,
            Kind::Diminishing => now && often && trend == Direction::Down,
            Kind::Sporadic => {
                now && !often && earlier_hot && !unbroken && !states.contains(&State::Cold)
            }
            Kind::Oscillating => now && !often && earlier_cold,
            Kind::Historical => !now && often,
        }
    }

    fn every_row(longest: u32) -> impl Iterator<Item = Vec<State>> {
        (1..=longest).flat_map(|length| {
            (0..3_usize.pow(length)).map(move |number| {
                (0..length).map(|at| STATES[number / 3_usize.pow(at) % 3]).collect()
            })
        })
    }

    #[test]
    fn known_rows_have_their_class() {
        use Direction::{Down, None, Up};
        for (text, trend, word) in [
            ("....h", None, "new-hot"),
            ("...hh", None, "consecutive-hot"),
            ("h..hh", None, "sporadic-hot"),
            ("c..hh", None, "oscillating-hot"),
            ("c...h", None, "oscillating-hot"),
            ("hhhhh", Up, "intensifying-hot"),
            ("hhhhh", Down, "diminishing-hot"),
            (".hhhhhhhhh", None, "persistent-hot"),
            ("chhhhhhhhh", None, "persistent-hot"),
            ("hhhhhhhhh.", None, "historical-hot"),
            ("hhhhhhhhhc", None, "oscillating-cold"),
            ("h.h..", None, "no-pattern"),
            (".....", Up, "no-pattern"),
            // Getting colder is what makes a cold spot more of one.
            ("ccccc", Down, "intensifying-cold"),
            ("ccccc", Up, "diminishing-cold"),
            ("ccccccccc.", None, "historical-cold"),
            ("....c", None, "new-cold"),
            ("h", None, "new-hot"),
        ] {
            assert_eq!(of(text, trend), word, "{text} {trend:?}");
        }
        assert_eq!(classify(&[], None), Option::None);
    }

    /// All rows of up to seven seasons with every trend: one class each, its own rule holds, no
    /// rule before it in the order does, and classes overlap only where the order says so.
    #[test]
    fn every_row_has_the_first_class_whose_rule_holds() {
        let mut seen = BTreeMap::<Class, u32>::new();
        for states in every_row(7) {
            let mirrored: Vec<State> = states.iter().map(|state| state.opposite()).collect();
            for trend in TRENDS {
                let class = classify(&states, trend).unwrap();
                *seen.entry(class).or_default() += 1;
                let hot: Vec<Kind> =
                    ORDER.into_iter().filter(|kind| holds(*kind, &states, trend)).collect();
                let cold: Vec<Kind> = ORDER
                    .into_iter()
                    .filter(|kind| holds(*kind, &mirrored, trend.opposite()))
                    .collect();
                let expected = match states[states.len() - 1] {
                    State::Hot => hot.first().map(|kind| Class::Hot(*kind)),
                    State::Cold => cold.first().map(|kind| Class::Cold(*kind)),
                    State::Plain => {
                        let hot = hot.first().map(|kind| Class::Hot(*kind));
                        hot.or(cold.first().map(|kind| Class::Cold(*kind)))
                    }
                };
                assert_eq!(class, expected.unwrap_or(Class::NoPattern), "{states:?} {trend:?}");
                for rules in [&hot, &cold] {
                    let overlap = match rules[..] {
                        [] | [_] | [Kind::Oscillating, Kind::New | Kind::Consecutive] => true,
                        [Kind::New, _] => states.len() == 1,
                        _ => false,
                    };
                    assert!(overlap, "{states:?} {trend:?} {rules:?}");
                }
                assert!(hot.is_empty() || cold.is_empty() || hot.len() + cold.len() == 2);
            }
        }
        // Historical needs a season that is not hot and nine that are.
        let missing: Vec<Class> = Class::all().filter(|class| !seen.contains_key(class)).collect();
        assert_eq!(missing, [Class::Hot(Kind::Historical), Class::Cold(Kind::Historical)]);
        assert_eq!(seen.values().sum::<u32>(), 3 * (3_u32.pow(8) - 3) / 2);
    }

    #[test]
    fn hot_and_cold_are_mirrored() {
        for states in every_row(6) {
            let mirrored: Vec<State> = states.iter().map(|state| state.opposite()).collect();
            for trend in TRENDS {
                let other = classify(&mirrored, trend.opposite()).unwrap();
                let swapped = match classify(&states, trend).unwrap() {
                    Class::Hot(kind) => Class::Cold(kind),
                    Class::Cold(kind) => Class::Hot(kind),
                    Class::NoPattern => Class::NoPattern,
                };
                assert_eq!(other, swapped, "{states:?} {trend:?}");
            }
        }
    }

    #[test]
    fn there_are_seventeen_words() {
        let mut words: Vec<&str> = Class::all().map(Class::word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 17);
    }
}
