//! Why a scan has no answer.

use std::fmt;

/// Why a map cannot be scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Fewer than three places: any window is nearly the whole map, or nearly none of it.
    TooFewPlaces,
    /// Fewer than two cases: one case crowds with nothing.
    TooFewCases,
    /// Nobody and nothing is at risk anywhere, so that nothing can be expected.
    NoPopulation,
    /// A place has cases where its population is 0: one of the two numbers is wrong.
    CasesWithoutPopulation {
        /// The first such place.
        place: usize,
        /// And its first such period.
        period: usize,
    },
    /// A population is negative or no number.
    BadPopulation {
        /// The first such place.
        place: usize,
        /// And its first such period.
        period: usize,
    },
    /// Bernoulli: there is no control, so that every place has the same share of cases.
    NoControls,
    /// The model or the scope looks at times, and there are not enough: half of the time must
    /// hold at least one period.
    TooFewPeriods,
    /// Every window holds more than the greatest share of the population.
    NoWindow,
    /// A set by the Gini coefficient is asked of a scan in time, or of the permutation model, which
    /// knows no risk.
    NoGini,
    /// More cases, or cases and controls, than can be counted (2³¹ − 2).
    TooMany,
}

impl Reason {
    /// The code in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFewPlaces => "too-few-places",
            Self::TooFewCases => "too-few-cases",
            Self::NoPopulation => "no-population",
            Self::CasesWithoutPopulation { .. } => "cases-without-population",
            Self::BadPopulation { .. } => "bad-population",
            Self::NoControls => "no-controls",
            Self::TooFewPeriods => "too-few-periods",
            Self::NoWindow => "no-window",
            Self::NoGini => "no-gini",
            Self::TooMany => "too-many-cases",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewPlaces => to.write_str("fewer than three places: there is nothing to scan"),
            Self::TooFewCases => to.write_str("fewer than two cases: one case crowds with nothing"),
            Self::NoPopulation => {
                to.write_str("the population is 0 everywhere: nothing can be expected")
            }
            Self::CasesWithoutPopulation { place, period } => write!(
                to,
                "place {place} has cases in period {period} but no population: one of the two \
                 is wrong"
            ),
            Self::BadPopulation { place, period } => write!(
                to,
                "the population of place {place} in period {period} is not a number of 0 or more"
            ),
            Self::NoControls => {
                to.write_str("there are no controls: every place has the same share of cases")
            }
            Self::TooFewPeriods => to.write_str(
                "too few periods: the longest window must hold at least one of at least two",
            ),
            Self::NoWindow => to.write_str(
                "every window holds more than the greatest share of the population: allow a \
                 greater share, or take smaller places",
            ),
            Self::NoGini => to.write_str(
                "the Gini coefficient chooses among the clusters of a spatial scan by the Poisson \
                 or the Bernoulli model: in time no share of the population tells how large a \
                 cluster is",
            ),
            Self::TooMany => to.write_str("more than 2,147,483,646 cases or controls"),
        }
    }
}
