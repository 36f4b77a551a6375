//! One file a method: its flags, its columns, and the call of the analysis room.

mod clusters;
mod density;
mod displacement;
mod global;
mod local;
mod pai;
mod rates;
mod recultivation;
mod scan;
mod time;
mod weights;

use super::Method;

/// Every method, in the order of the issue of questions: where, how much, when.
pub const METHODS: &[&Method] = &[
    &local::GI,
    &local::GI_STAR,
    &local::MORAN,
    &local::JOIN_COUNTS,
    &global::MORAN,
    &global::GEARY,
    &global::GENERAL_G,
    &global::JOIN_COUNTS,
    &global::INCREMENTAL_MORAN,
    &rates::METHOD,
    &scan::METHOD,
    &density::METHOD,
    &clusters::DBSCAN,
    &clusters::HDBSCAN,
    &clusters::ST_DBSCAN,
    &time::MANN_KENDALL,
    &time::EMERGING,
    &time::KNOX,
    &time::NEAR_REPEAT,
    &recultivation::METHOD,
    &displacement::METHOD,
    &pai::METHOD,
    &weights::METHOD,
];
