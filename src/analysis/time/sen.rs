//! Sen's slope: how much does a series change from one season to the next?
//!
//! Source: Sen (1968), *Estimates of the regression coefficient based on Kendall's tau*: the median
//! of the slopes between all pairs. Times need not be evenly spaced, and a season that is missing
//! leaves its gap in time. The interval holds every slope that Mann-Kendall would not reject
//! (Hollander and Wolfe 1973, §9.3): with few values from the exact distribution of S, with more
//! than 50 from the normal one.
//!
//! Unit: that of the values per unit of the times. Cost: n²/2 slopes, selected, not sorted.

use super::mann_kendall::{FEWEST, Orders};
use crate::analysis::chance::normal;

/// The longest series: twelve million slopes.
pub const MOST: usize = 5_000;

/// Why there is no slope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoSlope {
    /// Fewer than three values are known.
    TooFew,
    /// Two values have one time.
    SameTime,
    /// More than [`MOST`] values.
    TooMany,
}

impl NoSlope {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::SameTime => "same-time",
            Self::TooMany => "too-many",
        }
    }
}

/// A line through a series that a few odd values do not turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// The median of the slopes of all pairs.
    pub slope: f64,
    /// The value at time 0: median of the values less slope times the median of the times
    /// (Conover 1980).
    pub intercept: f64,
    /// The slopes that the level does not exclude. `None` where so few values exclude none: with
    /// fewer than five none at 95 %.
    pub interval: Option<(f64, f64)>,
}

/// The slope of the `known` values, each with its time, in any order. `level` such as 0.95.
///
/// # Errors
///
/// [`NoSlope`] for fewer than three values, too many, or two at one time.
pub fn sen(known: &[(f64, f64)], level: f64, orders: &Orders) -> Result<Slope, NoSlope> {
    let mut known: Vec<(f64, f64)> =
        known.iter().copied().filter(|(t, x)| t.is_finite() && x.is_finite()).collect();
    let n = known.len();
    if n < FEWEST {
        return Err(NoSlope::TooFew);
    }
    if n > MOST {
        return Err(NoSlope::TooMany);
    }
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    if known.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(NoSlope::SameTime);
    }
    let mut slopes: Vec<f64> = Vec::with_capacity(n * (n - 1) / 2);
    for (place, (t, x)) in known.iter().enumerate() {
        slopes.extend(known[..place].iter().map(|(t0, x0)| (x - x0) / (t - t0)));
    }
    let slope = median(&mut slopes);
    let interval = widest(n, level, orders).map(|within| {
        let below = (slopes.len() - within) / 2;
        let least = *slopes.select_nth_unstable_by(below - 1, f64::total_cmp).1;
        let above = slopes.len() - below;
        let greatest = *slopes.select_nth_unstable_by(above, f64::total_cmp).1;
        (least, greatest)
    });
    let mut times: Vec<f64> = known.iter().map(|(t, _)| *t).collect();
    let mut values: Vec<f64> = known.iter().map(|(_, x)| *x).collect();
    let intercept = median(&mut values) - slope * median(&mut times);
    Ok(Slope { slope, intercept, interval })
}

/// The greatest |S| of `n` values that a two-sided test at 1 − `level` does not reject; `None`
/// where it rejects nothing.
fn widest(n: usize, level: f64, orders: &Orders) -> Option<usize> {
    let pairs = n * (n - 1) / 2;
    let tail = (1.0 - level) / 2.0;
    let rejected = |s: usize| {
        if let Some(p) = orders.upper(n, s.cast_signed() as i64) {
            return p <= tail * (1.0 + 1e-12);
        }
        let n = n as f64;
        let variance = n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
        normal::upper(s as f64 / variance.sqrt()) <= tail
    };
    // S has the parity of the number of pairs: ask only what it can be, and above 0.
    let first = 2 - pairs % 2;
    let steps = (pairs.saturating_sub(first)) / 2 + 1;
    let (mut low, mut high) = (0, steps);
    while low < high {
        let middle = usize::midpoint(low, high);
        if rejected(first + 2 * middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (low < steps).then(|| (first + 2 * low).saturating_sub(2))
}

/// The middle value, or the mean of the two in the middle; reorders `values`, which are not empty.
fn median(values: &mut [f64]) -> f64 {
    let (half, values_are_odd) = (values.len() / 2, values.len() % 2 == 1);
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let middle = *middle;
    if values_are_odd {
        return middle;
    }
    let below = below.iter().copied().max_by(f64::total_cmp);
    below.map_or(middle, |below| f64::midpoint(below, middle))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::time::mann_kendall::{mann_kendall, tests::ORDERS};

    fn of(known: &[(f64, f64)]) -> Result<Slope, NoSlope> {
        sen(known, 0.95, &ORDERS)
    }

    #[test]
    fn four_values_as_worked_by_hand() {
        // The six slopes: 2, 1/2, 1, −1, 2/3, 3/2; the middle two are 2/3 and 1.
        let answer = of(&[(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (4.0, 5.0)]).unwrap();
        assert!((answer.slope - 5.0 / 6.0).abs() < 1e-15);
        // Median value 2.5, median time 1.5.
        assert!((answer.intercept - (2.5 - 1.5 * 5.0 / 6.0)).abs() < 1e-15);
        // Two orders of 24 are the most extreme: 8 %, so that no slope is excluded at 95 %.
        assert_eq!(answer.interval, None);
    }

    #[test]
    fn five_values_have_an_interval() {
        // n = 5: P(S ≥ 10) = 1/120 ≤ .025 < P(S ≥ 8) = 5/120. Only a slope with all ten on one
        // side of it is rejected: the ends are the least and the greatest.
        let known: Vec<(f64, f64)> = (0..5).map(|t| (f64::from(t), f64::from(t * t))).collect();
        let answer = of(&known).unwrap();
        assert_eq!(answer.slope, 4.0);
        assert_eq!(answer.interval, Some((1.0, 7.0)));
    }

    #[test]
    fn what_cannot_be_said_is_said() {
        assert_eq!(of(&[(0.0, 1.0), (1.0, 2.0)]), Err(NoSlope::TooFew));
        assert_eq!(of(&[(0.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), Err(NoSlope::SameTime));
        let flat: Vec<(f64, f64)> = (0..8).map(|t| (f64::from(t), 0.3)).collect();
        assert_eq!(of(&flat).unwrap().interval, Some((0.0, 0.0)));
        let many: Vec<(f64, f64)> = (0..=MOST).map(|t| (t as f64, 0.0)).collect();
        assert_eq!(of(&many), Err(NoSlope::TooMany));
    }

    proptest! {
        /// A slope is in the interval where Mann-Kendall does not reject the series without it.
        #[test]
        fn the_interval_is_what_the_test_does_not_reject(
            values in vec(-9.0..9.0_f64, 5..12), tried in -4.0..4.0_f64,
        ) {
            let known: Vec<(f64, f64)> =
                values.iter().enumerate().map(|(t, x)| (t as f64, *x)).collect();
            let (least, greatest) = of(&known).unwrap().interval.unwrap();
            let without: Vec<Option<f64>> =
                known.iter().map(|(t, x)| Some(x - tried * t)).collect();
            let test = mann_kendall(&without, &ORDERS).unwrap();
            let rejected = test.exact.unwrap().two_sided <= 0.05;
            prop_assert_eq!(rejected, tried < least || tried > greatest);
        }

        #[test]
        fn a_line_added_is_added_to_the_slope(
            values in vec(-9.0..9.0_f64, 3..60), more in -3.0..3.0_f64,
        ) {
            let known: Vec<(f64, f64)> =
                values.iter().enumerate().map(|(t, x)| ((t * t) as f64, *x)).collect();
            let steeper: Vec<(f64, f64)> =
                known.iter().map(|(t, x)| (*t, x + more * t + 2.0)).collect();
            let (a, b) = (of(&known).unwrap(), of(&steeper).unwrap());
            prop_assert!((a.slope + more - b.slope).abs() < 1e-9);
            prop_assert_eq!(a.interval.is_some(), b.interval.is_some());
        }
    }
}
