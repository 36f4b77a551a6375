//! Series and their trends; things that come near each other in place and in time.

pub mod emerging;
mod emerging_bins;
pub mod emerging_class;
pub mod knox;
pub mod mann_kendall;
pub mod near_repeat;
pub mod sen;
mod shuffled_times;
