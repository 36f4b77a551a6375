//! Pure questions about numbers and ground; one method, one file.
//!
//! Nothing here knows of snapshots, layers or files: plain slices and words of the domain go in,
//! answers come out, each with a reason where there is none.

pub mod close_pairs;
pub mod clusters;
pub mod cover;
pub mod density;
pub mod displacement;
pub mod dissolve;
pub mod draws;
pub mod effort;
pub mod emerging;
pub mod emerging_class;
pub mod eradication;
pub mod exact_interval;
pub mod geary;
pub mod general_g;
pub mod getis_ord;
pub mod global;
pub mod global_moran;
pub mod grid;
pub mod ground;
pub mod h3;
pub mod incremental_moran;
pub mod join_counts;
pub mod knox;
pub mod local_join_counts;
pub mod local_moran;
pub mod mann_kendall;
pub mod near;
pub mod near_repeat;
pub mod normal;
pub mod outreach;
pub mod permutation;
pub mod rates;
pub mod recultivation;
pub mod scan;
pub mod sen;
pub mod shape;
mod shuffled_times;
pub mod significance;
pub mod spacing;
pub mod special;
pub mod stability;
pub mod survival;
pub mod tally;
pub mod transform;
pub mod validation;
pub mod watch;
pub mod weights;
