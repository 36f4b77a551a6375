//! Pure questions about numbers and ground; one method, one file.
//!
//! Nothing here knows of snapshots, layers or files: plain slices and words of the domain go in,
//! answers come out, each with a reason where there is none. `chance`, `geometry` and `weights` are
//! what the others are made of.

pub mod chance;
pub mod clusters;
pub mod coverage;
pub mod density;
pub mod displacement;
pub mod geometry;
pub mod global;
pub mod local;
pub mod rates;
pub mod recultivation;
pub mod scale;
pub mod scan;
pub mod time;
pub mod validation;
pub mod watch;
pub mod weights;
