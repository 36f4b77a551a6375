//! Knox: do plots that lie close together also come close together in time?
//!
//! Source: Knox (1964), *The detection of space-time interactions*; the shuffling of times of Mantel
//! (1967). Pairs within δ in space (units of the coordinates) and τ in time (units of the times),
//! both limits included. Expected under shuffled times: NS·NT/N2, exactly. p is that of as many
//! pairs or more, over the shuffles by the written rule; beside it the one of a Poisson count of
//! that mean, P(X ≥ n). (Two well-known programs print P(X > n), which is too small by one term.)
//!
//! The shuffling keeps where plots are and when plots are, and asks only whether one goes with the
//! other. A search that goes valley by valley makes plots in a valley come at one time by itself:
//! then the test finds the searchers.
//!
//! Cost: see [`super::shuffled_times`]; 10 000 points and 999 shuffles a few hundredths of a second.

use geo_types::Coord;

use super::shuffled_times::{Clock, table};
use crate::analysis::{
    chance::{draws::Draws, exact_interval::poisson_upper, tally::Tally},
    geometry::close_pairs::{Bands, TooMany, close_pairs},
    watch::{Gone, Watch},
};

/// Why the test has no answer, or one that says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoKnox {
    /// Fewer than three points: there is nothing to shuffle.
    TooFew,
    /// More pairs are close in space than can be listed.
    TooManyPairs,
    /// No pair is close in space: p = 1.
    NoneNear,
    /// No pair is close in time: p = 1.
    NoneSoon,
    /// Every pair is close in space: p = 1.
    AllNear,
    /// Every pair is close in time: p = 1.
    AllSoon,
}

impl NoKnox {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::TooManyPairs => "too-many-pairs",
            Self::NoneNear => "none-near-in-space",
            Self::NoneSoon => "none-near-in-time",
            Self::AllNear => "all-near-in-space",
            Self::AllSoon => "all-near-in-time",
        }
    }

    /// Why a number of `near` pairs in space and `soon` pairs in time cannot change by shuffling.
    pub(super) fn fixed(pairs: u64, near: u64, soon: u64) -> Option<Self> {
        match (near, soon) {
            (0, _) => Some(Self::NoneNear),
            (_, 0) => Some(Self::NoneSoon),
            (near, _) if near == pairs => Some(Self::AllNear),
            (_, soon) if soon == pairs => Some(Self::AllSoon),
            _ => None,
        }
    }
}

impl From<TooMany> for NoKnox {
    fn from(_: TooMany) -> Self {
        Self::TooManyPairs
    }
}

/// How near is near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Space, in the unit of the coordinates; a pair at this distance counts.
    pub delta: f64,
    /// Time, in the unit of the times; a pair so far apart counts.
    pub tau: f64,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knox {
    /// Pairs of points: N2 = n(n − 1)/2.
    pub pairs: u64,
    /// NS: those within δ.
    pub near: u64,
    /// NT: those within τ.
    pub soon: u64,
    /// Those within both.
    pub both: u64,
    /// NS·NT/N2.
    pub expected: f64,
    /// The shuffles that have as many, or as few.
    pub tally: Tally,
    /// P(X ≥ both) of a Poisson count with mean `expected`.
    pub poisson: f64,
}

impl Knox {
    /// Observed over expected; `None` where nothing is expected.
    pub fn ratio(&self) -> Option<f64> {
        (self.expected > 0.0).then(|| self.both as f64 / self.expected)
    }

    /// Why it says nothing, where it says nothing.
    pub fn reason(&self) -> Option<NoKnox> {
        NoKnox::fixed(self.pairs, self.near, self.soon)
    }
}

/// The test. `points` and `times` are finite, one time a point, sorted by a stable id: the draws are
/// of places.
///
/// # Errors
///
/// [`Gone`] where nobody waits; within it [`NoKnox`] for fewer than three points or too many pairs.
///
/// # Panics
///
/// Where there is not one time a point.
pub fn knox(
    points: &[Coord<f64>],
    times: &[f64],
    reach: Reach,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Knox, NoKnox>, Gone> {
    assert_eq!(points.len(), times.len(), "one time a point");
    if points.len() < 3 {
        return Ok(Err(NoKnox::TooFew));
    }
    let listed = match close_pairs(points, &Bands::UpTo(reach.delta)) {
        Ok(listed) => listed,
        Err(TooMany) => return Ok(Err(NoKnox::TooManyPairs)),
    };
    let clock = Clock::new(times, &Bands::UpTo(reach.tau));
    let table = table(&listed, &clock, draws, watch)?;
    let n = points.len() as u64;
    let pairs = n * (n - 1) / 2;
    let (near, soon, both) = (listed.bands[0].len() as u64, clock.near[0], table.observed[0]);
    let expected = near as f64 * soon as f64 / pairs as f64;
    Ok(Ok(Knox {
        pairs,
        near,
        soon,
        both,
        expected,
        tally: table.tallies[0],
        // A mean of 0 lets no count be expected but 0.
        poisson: poisson_upper(both as f64, expected).unwrap_or(1.0),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::watch::Nobody;

    const DRAWS: Draws<'_> = Draws { permutations: 499, seed: 1, analysis: "test" };

    fn at(places: &[(f64, f64)]) -> Vec<Coord<f64>> {
        places.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    fn test(points: &[Coord<f64>], times: &[f64], delta: f64, tau: f64) -> Knox {
        knox(points, times, Reach { delta, tau }, DRAWS, &Nobody).unwrap().unwrap()
    }

    #[test]
    fn four_points_as_worked_by_hand() {
        // Two pairs of neighbours, each pair on one day: of six pairs two are near, two soon, two
        // both; expected 2·2/6. Of the three ways to pair four times one keeps both pairs: a third
        // of all shuffles has 2, the others 0.
        let points = at(&[(0.0, 0.0), (0.0, 1.0), (9.0, 0.0), (9.0, 1.0)]);
        let answer = test(&points, &[1.0, 1.0, 5.0, 5.0], 1.0, 0.0);
        assert_eq!((answer.pairs, answer.near, answer.soon, answer.both), (6, 2, 2, 2));
        assert!((answer.expected - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(answer.ratio(), Some(3.0));
        assert!((answer.tally.upper() - 1.0 / 3.0).abs() < 0.08, "{:?}", answer.tally);
        // P(X ≥ 2) of mean 2/3: 1 − e^−2/3 (1 + 2/3).
        let poisson = 1.0 - (-2.0_f64 / 3.0).exp() * (5.0 / 3.0);
        assert!((answer.poisson - poisson).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_said_is_said() {
        let points = at(&[(0.0, 0.0), (3.0, 4.0), (30.0, 40.0)]);
        let reach = Reach { delta: 1.0, tau: 1.0 };
        let few = knox(&points[..2], &[0.0, 1.0], reach, DRAWS, &Nobody);
        assert_eq!(few, Ok(Err(NoKnox::TooFew)));
        let times = [0.0, 1.0, 9.0];
        let none = test(&points, &times, 1.0, 1.0);
        assert_eq!((none.reason(), none.ratio()), (Some(NoKnox::NoneNear), None));
        assert_eq!((none.tally.upper(), none.poisson), (1.0, 1.0));
        assert_eq!(test(&points, &times, 5.0, 0.5).reason(), Some(NoKnox::NoneSoon));
        let all = test(&points, &times, 99.0, 1.0);
        assert_eq!((all.reason(), all.tally.upper()), (Some(NoKnox::AllNear), 1.0));
        let one_day = test(&points, &[7.0; 3], 5.0, 0.0);
        assert_eq!((one_day.reason(), one_day.tally.upper()), (Some(NoKnox::AllSoon), 1.0));
        assert_eq!(test(&points, &times, 5.0, 1.0).reason(), None);
    }

    proptest! {
        /// Slow and obvious, and over all orders of the times.
        #[test]
        fn it_counts_what_the_slow_loop_counts(
            units in vec((0_u8..6, 0_u8..6, 0_u8..9), 3..7), delta in 0_u8..6, tau in 0_u8..5,
        ) {
            let places: Vec<(f64, f64)> =
                units.iter().map(|(x, y, _)| (f64::from(*x), f64::from(*y))).collect();
            let times: Vec<f64> = units.iter().map(|(.., t)| f64::from(*t)).collect();
            let (delta, tau) = (f64::from(delta), f64::from(tau));
            let ours = test(&at(&places), &times, delta, tau);
            let pairs = || (0..units.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
            let near = |(a, b): (usize, usize)| {
                let ((x, y), (u, v)) = (places[a], places[b]);
                (x - u).hypot(y - v) <= delta
            };
            let soon = |order: &[usize], (a, b): (usize, usize)| {
                (times[order[a]] - times[order[b]]).abs() <= tau
            };
            let given: Vec<usize> = (0..units.len()).collect();
            prop_assert_eq!(ours.near, pairs().filter(|p| near(*p)).count() as u64);
            prop_assert_eq!(ours.soon, pairs().filter(|p| soon(&given, *p)).count() as u64);
            let count =
                |order: &[usize]| pairs().filter(|p| near(*p) && soon(order, *p)).count() as u64;
            prop_assert_eq!(ours.both, count(&given));

            let (mut all, mut ge, mut sum) = (0_u32, 0_u32, 0_u64);
            let mut orders = vec![vec![]];
            for unit in 0..units.len() {
                orders = orders
                    .iter()
                    .flat_map(|order: &Vec<usize>| (0..=order.len()).map(move |at| {
                        let mut longer = order.clone();
                        longer.insert(at, unit);
                        longer
                    }))
                    .collect();
            }
            for order in &orders {
                all += 1;
                ge += u32::from(count(order) >= ours.both);
                sum += count(order);
            }
            prop_assert!((ours.expected - sum as f64 / f64::from(all)).abs() < 1e-9);
            let p = f64::from(ge) / f64::from(all);
            let spread = (p * (1.0 - p) / 499.0).sqrt();
            prop_assert!((ours.tally.upper() - p).abs() <= 5.0 * spread + 3e-3);
        }

        #[test]
        fn moving_everything_changes_nothing(
            units in vec((0.0..9.0_f64, 0.0..9.0_f64, 0_u8..20), 3..30), dx in -1e6..1e6_f64,
        ) {
            let places: Vec<(f64, f64)> = units.iter().map(|(x, y, _)| (*x, *y)).collect();
            let moved: Vec<(f64, f64)> = places.iter().map(|(x, y)| (x + dx, y - dx)).collect();
            let times: Vec<f64> = units.iter().map(|(.., t)| f64::from(*t)).collect();
            let later: Vec<f64> = times.iter().map(|t| t + 40_000.0).collect();
            let (a, b) = (
                test(&at(&places), &times, 2.0, 3.0),
                test(&at(&moved), &later, 2.0, 3.0),
            );
            // A pair within rounding of the limit may change sides; such are not drawn here.
            prop_assert_eq!((a.near, a.soon, a.both, a.tally), (b.near, b.soon, b.both, b.tally));
        }
    }
}
