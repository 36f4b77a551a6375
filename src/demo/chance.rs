//! Numbers by chance, the same on every machine.

use jiff::{ToSpan, civil::Date};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A stream of chance. Two streams of one seed know nothing of each other, so that a plot's fate
/// does not depend on how many were made before it.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// Stream number `stream` of `seed`.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// Evenly from 0, inclusive, to 1, exclusive.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly between two numbers.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Evenly one of the whole numbers `low` to `high`, both inclusive.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        let span = (high - low + 1) as f64;
        low + ((self.unit() * span) as i64).min(high - low)
    }

    /// Evenly one of the places of a list of `count`; 0 for an empty one.
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Nearly normal, mean 0 and standard deviation 1: the sum of twelve even numbers, never
    /// beyond 6.
    pub(super) fn normal(&mut self) -> f64 {
        const PART: u64 = (1 << 21) - 1;
        // Each draw of 64 bits gives three numbers of 21 bits.
        let parts: u64 = (0..4)
            .map(|_| self.0.next_u64())
            .map(|bits| (bits & PART) + ((bits >> 21) & PART) + ((bits >> 42) & PART))
            .sum();
        (parts as f64 + 6.0) / (PART + 1) as f64 - 6.0
    }

    /// Nearly log-normal: `median` times e to the power `sigma` times a normal number.
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        // (1 + x / 1024)^1024 by ten squarings, off by a few per cent at most.
        let mut power = (1.0 + sigma * self.normal() / 1024.0).max(0.0);
        for _ in 0..10 {
            power *= power;
        }
        median * power
    }

    /// One of `of` by the weights that go with it; the last one should they sum to nothing.
    pub(super) fn weighted<T: Copy>(&mut self, of: &[(T, f64)]) -> Option<T> {
        let whole: f64 = of.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * whole;
        for &(one, weight) in of {
            left -= weight;
            if left < 0.0 {
                return Some(one);
            }
        }
        of.last().map(|&(one, _)| one)
    }

    /// A place in `cumulative`, a rising list of sums of weights.
    pub(super) fn index(&mut self, cumulative: &[f64]) -> usize {
        let aim = self.unit() * cumulative.last().copied().unwrap_or(0.0);
        cumulative.partition_point(|&sum| sum <= aim).min(cumulative.len().saturating_sub(1))
    }

    /// A day evenly between two, both inclusive.
    pub(super) fn day(&mut self, first: Date, last: Date) -> Date {
        let span = (last - first).get_days().max(0);
        later(first, self.whole(0, i64::from(span)))
    }
}

/// `days` after `day`; `day` itself at the end of the calendar.
pub(super) fn later(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_stream_repeats_and_streams_differ() {
        let draw = |stream| Chance::new(1, stream).unit();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn the_shapes_are_about_right() {
        let mut chance = Chance::new(7, 0);
        let mut logs: Vec<f64> = (0..4001).map(|_| chance.log_normal(110.0, 1.0)).collect();
        logs.sort_by(f64::total_cmp);
        assert!((logs[2000] - 110.0).abs() < 8.0, "median {}", logs[2000]);
        // The 84th per cent of a log-normal lies at median × e^σ.
        assert!((logs[3365] - 299.0).abs() < 30.0, "84 % {}", logs[3365]);
        let picks = (0..4000).filter(|_| chance.weighted(&[(1, 1.0), (2, 3.0)]) == Some(2)).count();
        assert!((2850..3150).contains(&picks), "{picks}");
        assert_eq!(chance.day(date(2024, 2, 28), date(2024, 2, 28)), date(2024, 2, 28));
    }
}
