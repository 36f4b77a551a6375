//! Near repeat: at which distance and after which time do plots come more often than chance?
//!
//! Source: Ratcliffe and Rengert (2008), *Near-repeat patterns in Philadelphia shootings*: Knox's
//! test for a table of bands of space by bands of time. Bands are [a, b), the lower limit included,
//! and are printed so. For each: pairs observed; expected, the exact mean over all shuffles,
//! NS·NT/N2 of the band (other programs take the mean of those drawn); their ratio; and p of as
//! many or more over the shuffles by the written rule. A table has many cells: adjust.
//!
//! Cost: as [`super::knox`], once for each limit of time.

use geo_types::Coord;
use thiserror::Error;

use super::{
    knox::NoKnox,
    shuffled_times::{Clock, table},
};
use crate::analysis::{
    chance::{draws::Draws, tally::Tally},
    geometry::close_pairs::{Bands, TooMany, close_pairs},
    watch::{Gone, Watch},
};

/// Limits that make no bands.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum BadLimits {
    /// Fewer than two.
    #[error("one limit makes no band: give at least two, such as 0,500")]
    TooFew,
    /// Not ascending from 0 or above, or not finite.
    #[error("{0}: limits must be finite, ascending and not below 0, such as 0,500,1000")]
    NotAscending(f64),
}

/// Bands [a, b), [b, c), … of a distance in space or in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits(Vec<f64>);

impl Limits {
    /// Bands between `limits`.
    ///
    /// # Errors
    ///
    /// [`BadLimits`] unless there are two or more, finite, ascending, not below 0.
    pub fn new(limits: Vec<f64>) -> Result<Self, BadLimits> {
        let mut before = None;
        for limit in &limits {
            if !limit.is_finite() || *limit < 0.0 || before.is_some_and(|b| b >= *limit) {
                return Err(BadLimits::NotAscending(*limit));
            }
            before = Some(*limit);
        }
        if limits.len() < 2 {
            return Err(BadLimits::TooFew);
        }
        Ok(Self(limits))
    }

    /// The lower and the upper limit of each band.
    pub fn bands(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.0.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// Each band as it is printed: `[0,500)`.
    pub fn shown(&self) -> Vec<String> {
        self.bands().map(|(from, to)| format!("[{from},{to})")).collect()
    }
}

/// One cell of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Which band of space, from 0.
    pub space: usize,
    /// Which band of time, from 0.
    pub time: usize,
    /// Pairs in both.
    pub observed: u64,
    /// The mean over all shuffles of the times.
    pub expected: f64,
    /// Shuffles with as many, or as few.
    pub tally: Tally,
    /// Why it says nothing, where it says nothing.
    pub reason: Option<NoKnox>,
}

impl Cell {
    /// Observed over expected; `None` where nothing is expected.
    pub fn ratio(&self) -> Option<f64> {
        (self.expected > 0.0).then(|| self.observed as f64 / self.expected)
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct NearRepeat {
    /// Pairs of points, whatever their distance.
    pub pairs: u64,
    /// Pairs in each band of space.
    pub near: Vec<u64>,
    /// Pairs in each band of time.
    pub soon: Vec<u64>,
    /// The table, band of space after band of space.
    pub cells: Vec<Cell>,
}

/// The table. `points` and `times` are finite, one time a point, sorted by a stable id.
///
/// # Errors
///
/// [`Gone`] where nobody waits; within it [`NoKnox`] for fewer than three points or too many pairs.
///
/// # Panics
///
/// Where there is not one time a point.
pub fn near_repeat(
    points: &[Coord<f64>],
    times: &[f64],
    (space, time): (&Limits, &Limits),
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<NearRepeat, NoKnox>, Gone> {
    assert_eq!(points.len(), times.len(), "one time a point");
    if points.len() < 3 {
        return Ok(Err(NoKnox::TooFew));
    }
    let listed = match close_pairs(points, &Bands::Between(space.0.clone())) {
        Ok(listed) => listed,
        Err(TooMany) => return Ok(Err(NoKnox::TooManyPairs)),
    };
    let clock = Clock::new(times, &Bands::Between(time.0.clone()));
    let table = table(&listed, &clock, draws, watch)?;
    let n = points.len() as u64;
    let pairs = n * (n - 1) / 2;
    let near: Vec<u64> = listed.bands.iter().map(|rows| rows.len() as u64).collect();
    let soon = clock.near;
    let mut cells = Vec::with_capacity(table.observed.len());
    let mut counted = table.observed.iter().zip(&table.tallies);
    for (space, near) in near.iter().enumerate() {
        for ((time, soon), (observed, tally)) in soon.iter().enumerate().zip(&mut counted) {
            cells.push(Cell {
                space,
                time,
                observed: *observed,
                expected: *near as f64 * *soon as f64 / pairs as f64,
                tally: *tally,
                reason: NoKnox::fixed(pairs, *near, *soon),
            });
        }
    }
    Ok(Ok(NearRepeat { pairs, near, soon, cells }))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{
        time::knox::{Reach, knox},
        watch::Nobody,
    };

    const DRAWS: Draws<'_> = Draws { permutations: 99, seed: 1, analysis: "test" };

    fn limits(list: &[f64]) -> Limits {
        Limits::new(list.to_vec()).unwrap()
    }

    #[test]
    fn three_points_as_worked_by_hand() {
        // Distances 5, 5 and 10, times 0, 2, 2 apart.
        let points = [0.0, 5.0, 10.0].map(|x| Coord { x, y: 0.0 });
        let bands = (&limits(&[0.0, 5.0, 10.0, 20.0]), &limits(&[0.0, 2.0, 3.0]));
        let answer =
            near_repeat(&points, &[1.0, 1.0, 3.0], bands, DRAWS, &Nobody).unwrap().unwrap();
        assert_eq!((answer.pairs, answer.near, answer.soon), (3, vec![0, 2, 1], vec![1, 2]));
        let observed: Vec<u64> = answer.cells.iter().map(|cell| cell.observed).collect();
        assert_eq!(observed, [0, 0, 1, 1, 0, 1]);
        assert_eq!(answer.cells[0].reason, Some(NoKnox::NoneNear));
        assert_eq!((answer.cells[0].ratio(), answer.cells[0].tally.upper()), (None, 1.0));
        assert!((answer.cells[2].expected - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!((answer.cells[3].space, answer.cells[3].time), (1, 1));
        assert_eq!(bands.0.shown(), ["[0,5)", "[5,10)", "[10,20)"]);
    }

    #[test]
    fn limits_are_judged() {
        assert_eq!(Limits::new(vec![1.0]), Err(BadLimits::TooFew));
        assert_eq!(Limits::new(vec![1.0, 1.0]), Err(BadLimits::NotAscending(1.0)));
        assert_eq!(Limits::new(vec![-1.0, 1.0]), Err(BadLimits::NotAscending(-1.0)));
        assert!(Limits::new(vec![0.0, f64::NAN]).is_err());
        let two = [Coord { x: 0.0, y: 0.0 }; 2];
        let bands = (&limits(&[0.0, 1.0]), &limits(&[0.0, 1.0]));
        let few = near_repeat(&two, &[0.0, 1.0], bands, DRAWS, &Nobody);
        assert_eq!(few, Ok(Err(NoKnox::TooFew)));
    }

    proptest! {
        /// Between whole numbers [0, b) is up to b − ½: the first cell is Knox's, shuffle for
        /// shuffle.
        #[test]
        fn the_first_cell_is_knoxs(
            units in vec((0_u8..9, 0_u8..2, 0_u8..9), 3..40), b in 1_u8..9, t in 1_u8..9,
        ) {
            let points: Vec<Coord<f64>> = units
                .iter()
                .map(|(x, y, _)| Coord { x: f64::from(*x), y: 100.0 * f64::from(*y) })
                .collect();
            let times: Vec<f64> = units.iter().map(|(.., t)| f64::from(*t)).collect();
            let (b, t) = (f64::from(b), f64::from(t));
            let bands = (&limits(&[0.0, b, b + 3.0]), &limits(&[0.0, t, t + 1.0, t + 2.0]));
            let table = near_repeat(&points, &times, bands, DRAWS, &Nobody).unwrap().unwrap();
            let reach = Reach { delta: b - 0.5, tau: t - 0.5 };
            let knox = knox(&points, &times, reach, DRAWS, &Nobody).unwrap().unwrap();
            let first = table.cells[0];
            prop_assert_eq!((first.observed, first.tally), (knox.both, knox.tally));
            prop_assert_eq!(first.expected, knox.expected);
        }
    }
}
