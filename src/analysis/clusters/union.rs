//! Sets that grow together, by many threads at once.

use std::sync::atomic::{AtomicU32, Ordering};

/// Disjoint sets of numbers below a count; the least number of a set stands for it in the end,
/// whatever the order in which sets were joined.
pub(in crate::analysis) struct Union(Vec<AtomicU32>);

impl Union {
    /// Every number a set of its own.
    pub(in crate::analysis) fn new(count: usize) -> Self {
        Self((0..count as u32).map(AtomicU32::new).collect())
    }

    /// The number that stands for the set of `number` now.
    pub(in crate::analysis) fn find(&self, mut number: u32) -> u32 {
        loop {
            let parent = self.0[number as usize].load(Ordering::Relaxed);
            if parent == number {
                return number;
            }
            let grand = self.0[parent as usize].load(Ordering::Relaxed);
            // Parents only ever become smaller, so that a lost race costs a step and nothing else.
            let _ = self.0[number as usize].compare_exchange_weak(
                parent,
                grand,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            number = grand;
        }
    }

    /// Joins two sets. Answers whether they were two.
    pub(in crate::analysis) fn join(&self, a: u32, b: u32) -> bool {
        let (mut a, mut b) = (self.find(a), self.find(b));
        while a != b {
            let (low, high) = (a.min(b), a.max(b));
            let joined = self.0[high as usize].compare_exchange(
                high,
                low,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if joined.is_ok() {
                return true;
            }
            (a, b) = (self.find(low), self.find(high));
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_stands_for_the_set() {
        let sets = Union::new(6);
        assert!(sets.join(5, 3) && sets.join(3, 4) && !sets.join(5, 4));
        assert_eq!([sets.find(5), sets.find(4), sets.find(0)], [3, 3, 0]);
        assert!(sets.join(4, 0));
        assert_eq!(sets.find(5), 0);
    }
}
