//! How many cases a window needs to beat the best so far: no logarithm in the inner loop.
//!
//! Windows are put into classes by the square root of their measure, so that a class is always
//! about as narrow a part of the deviation that chance makes. For each class a table holds the
//! least count (high rates) or the greatest (low rates) with which a window of the class *might*
//! beat the best: taken at the edge of the class, so that none is missed. The few that pass are
//! then evaluated exactly.

use super::ratio::{Measured, Ratio};

/// The most classes: their table stays in a processor's nearest memory.
const MOST: f64 = 1024.0;
/// Classes for each standard deviation of a Poisson count, where they are fewer than the most.
const FINE: f64 = 4.0;

/// The classes of a map.
#[derive(Debug)]
pub struct Classes {
    /// Classes a unit of the root of the measure.
    scale: f64,
    /// The least and the greatest measure of each.
    edges: Vec<(Measured, Measured)>,
    minimum: u32,
}

impl Classes {
    /// Classes for windows of a measure up to about `greatest` (larger ones share the last class);
    /// a window of high rates has at least `minimum` cases.
    pub fn new(ratio: &Ratio, greatest: f64, minimum: u32) -> Self {
        // A deviation is the root of what is expected, whose change by one is two of the root's.
        let deviations = 2.0 * ratio.expected(greatest).max(0.0).sqrt();
        let count = (FINE * deviations).clamp(16.0, MOST).ceil();
        let scale = if greatest > 0.0 { count / greatest.sqrt() } else { 1.0 };
        let count = count as usize;
        // Wider by more than the rounding of roots.
        let edge = |class: usize, wider: f64| (class as f64 / scale).powi(2) * (1.0 + wider);
        let edges = (0..count).map(|class| {
            let low = ratio.at_least(edge(class, -1e-9));
            // The last class has everything beyond it too.
            let beyond = if class + 1 == count { f64::INFINITY } else { edge(class + 1, 1e-9) };
            let high = ratio.at_most(beyond).max(low);
            (ratio.measured(low), ratio.measured(high))
        });
        Self { scale, edges: edges.collect(), minimum }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.edges.len()
    }

    /// The class of a window.
    pub fn of(&self, measure: f64) -> u16 {
        ((measure.max(0.0).sqrt() * self.scale) as usize).min(self.edges.len() - 1) as u16
    }

    /// For each class the count *above* which a window of high rates might beat `best`;
    /// `none` where no count can.
    pub fn above(&self, ratio: &Ratio, best: f64, none: u32, mut set: impl FnMut(usize, u32)) {
        let (beat, cases) = (short_of(best), ratio.cases());
        let (mut last, mut before) = (0_u32, 0_u32);
        for (class, (low, _)) in self.edges.iter().enumerate() {
            let from = (low.expected() as u32 + 1).max(self.minimum).min(cases + 1);
            let guess = (2 * last).saturating_sub(before);
            let first = first(from, cases, guess, |count| ratio.of(count, low) > beat);
            set(class, if first > cases { none } else { first - 1 });
            (before, last) = (last, first);
        }
    }

    /// For each class the count *below* which a window of low rates might beat `best`.
    pub fn below(&self, ratio: &Ratio, best: f64, mut set: impl FnMut(usize, u32)) {
        let beat = short_of(best);
        let (mut last, mut before) = (0_u32, 0_u32);
        for (class, (_, high)) in self.edges.iter().enumerate() {
            // The counts under what is expected; there may be none.
            let under = (high.expected().ceil() as u32).min(ratio.cases());
            let guess = (2 * last).saturating_sub(before);
            let first = if under == 0 {
                0
            } else {
                first(0, under - 1, guess, |count| ratio.of(count, high) <= beat)
            };
            set(class, first);
            (before, last) = (last, first);
        }
    }
}

/// A little less than `best`, so that rounding hides nothing.
fn short_of(best: f64) -> f64 {
    best - 1e-9 * best.max(1.0)
}

/// The first of `from..=to` that `holds`, which holds for all after it; `to + 1` where none does.
/// Looks around `guess` first.
fn first(from: u32, to: u32, guess: u32, holds: impl Fn(u32) -> bool) -> u32 {
    if from > to {
        return to + 1;
    }
    let guess = guess.clamp(from, to);
    let mut step = 1;
    let (mut low, mut high); // the answer is in low..=high
    if holds(guess) {
        high = guess;
        loop {
            if high == from {
                return from;
            }
            let next = high.saturating_sub(step).max(from);
            if !holds(next) {
                low = next + 1;
                break;
            }
            high = next;
            step *= 2;
        }
    } else {
        low = guess + 1;
        loop {
            if low > to {
                return to + 1;
            }
            let next = low.saturating_add(step - 1).min(to);
            if holds(next) {
                high = next;
                break;
            }
            low = next + 1;
            step *= 2;
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_is_found_from_any_guess(from in 0_u32..30, more in 0_u32..40, at in 0_u32..80, guess in 0_u32..90) {
            let to = from + more;
            let slow = (from..=to).find(|n| *n >= at).unwrap_or(to + 1);
            prop_assert_eq!(first(from, to, guess, |n| n >= at), slow);
        }

        /// Whatever beats the best passes its class's table, for both models and both ways.
        #[test]
        fn nothing_that_beats_the_best_is_hidden(
            cases in 2_u32..300, more in 1_u32..300, share in 0.0..0.5_f64, best in 0.0..12.0_f64,
        ) {
            let people = cases + more;
            for ratio in [Ratio::poisson(cases), Ratio::bernoulli(cases, people)] {
                let greatest = 0.3 * ratio.total();
                let measure = ratio.at_most(share * ratio.total());
                let classes = Classes::new(&ratio, greatest, 2);
                let class = usize::from(classes.of(measure));
                let (mut above, mut below) = (0, 0);
                classes.above(&ratio, best, u32::MAX, |c, count| if c == class { above = count });
                classes.below(&ratio, best, |c, count| if c == class { below = count });
                let window = ratio.measured(measure);
                for count in 0..=cases {
                    let beats = ratio.of(count, &window);
                    if !beats.is_finite() || beats <= best {
                        continue;
                    }
                    if f64::from(count) > window.expected() {
                        prop_assert!(count > above || count < 2, "{count} {above}");
                    } else {
                        prop_assert!(count < below);
                    }
                }
            }
        }
    }
}
