//! Pure questions about numbers and ground; one method, one file.
//!
//! Nothing here knows of snapshots, layers or files: plain slices and words of the domain go in,
//! answers come out, each with a reason where there is none.

pub mod cover;
pub mod density;
pub mod draws;
pub mod effort;
pub mod eradication;
pub mod getis_ord;
pub mod grid;
pub mod ground;
pub mod outreach;
pub mod permutation;
pub mod significance;
pub mod tally;
pub mod watch;
pub mod weights;
