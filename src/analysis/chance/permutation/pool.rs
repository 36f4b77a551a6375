//! Draws without replacement: the first places of a shuffle.

use crate::analysis::chance::draws::Streams;

/// Units in their order, and what a shuffle has moved.
pub(super) struct Pool {
    pub(super) units: Vec<u32>,
    moved: Vec<u32>,
}

impl Pool {
    pub(super) fn new(n: usize) -> Self {
        Self { units: (0..n as u32).collect(), moved: Vec::new() }
    }

    /// Puts the first `width` units of permutation `number` (Fisher and Yates) to the front.
    pub(super) fn shuffle(&mut self, streams: &Streams, number: u64, width: usize) {
        let mut random = streams.stream(number);
        let n = self.units.len() as u32;
        for place in 0..width as u32 {
            let other = place + random.below(n - place);
            self.units.swap(place as usize, other as usize);
            self.moved.push(other);
        }
    }

    /// Back to the order of the units.
    pub(super) fn restore(&mut self, width: usize) {
        for unit in self.moved.drain(..).chain(0..width as u32) {
            self.units[unit as usize] = unit;
        }
    }
}
