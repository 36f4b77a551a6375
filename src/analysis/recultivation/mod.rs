//! Tái trồng: does poppy come back to ground that was cleared?
//!
//! Three questions. How near does each plot lie to ground cleared in any earlier season, and how
//! much of it does it cover ([`Plots::earlier`])? Of cleared plots that somebody looked at again,
//! how many had a plot again ([`Plots::returns`], [`rate`])? And is that more often than chance
//! would have it ([`relabelled`], [`placed_at_random`])? How long cleared ground stays clear is
//! asked by [`survival`].
//!
//! Unknown is not zero: ground that nobody looked at again is in no denominator. And the ground
//! is looked at because it was cleared: a rate says nothing of ground that nobody visits.
//!
//! Units: metres and m² in the plane of the metric CRS; seasons as whole numbers. Source: METHODS
//! §8, DOMAIN §1.5 (rule 12) and §2.2 (E8). No other program answers these questions.

mod chance;
mod plots;
mod rate;
mod searched;
pub mod survival;

pub use chance::{Chance, NoChance, placed_at_random, relabelled};
pub use plots::{DISTANCE, Earlier, Overlap, Plot, Plots, Return};
pub use rate::{History, NoRate, Rate, episodes, rate};
pub use searched::visited;
