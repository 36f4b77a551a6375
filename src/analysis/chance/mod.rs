//! Could chance have done it? Draws that can be repeated, shuffled maps, p, many tests at once, and
//! the distributions that are known without any shuffling.

pub mod draws;
pub mod exact_interval;
pub mod negative_binomial;
pub mod normal;
pub mod permutation;
pub mod significance;
pub mod special;
pub mod tally;
pub mod transform;
