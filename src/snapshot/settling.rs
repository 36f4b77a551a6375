//! How many plots had to be settled by rule.

use std::ops::{AddAssign, SubAssign};

use super::{Settled, UnitsOf};

/// How the units of all plots were settled, each on its own date: counts for reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settling {
    counts: [u64; Settled::ALL.len()],
    contradicted: u64,
}

impl Settling {
    /// Plots settled in this way.
    pub fn count(&self, settled: Settled) -> u64 {
        self.counts[settled as usize]
    }

    /// Plots whose commune's parents contradict the outlines of district or province.
    pub fn contradicted(&self) -> u64 {
        self.contradicted
    }

    /// All plots.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub(super) fn of<'h>(homes: impl IntoIterator<Item = &'h UnitsOf>) -> Self {
        let mut all = Self::default();
        for home in homes {
            all += home;
        }
        all
    }
}

impl AddAssign<&UnitsOf> for Settling {
    fn add_assign(&mut self, home: &UnitsOf) {
        self.counts[home.settled as usize] += 1;
        self.contradicted += u64::from(home.contradicted);
    }
}

impl AddAssign for Settling {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.contradicted += other.contradicted;
    }
}

impl SubAssign for Settling {
    fn sub_assign(&mut self, other: Self) {
        for (count, fewer) in self.counts.iter_mut().zip(other.counts) {
            *count -= fewer;
        }
        self.contradicted -= other.contradicted;
    }
}
