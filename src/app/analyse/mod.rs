//! `analyse`: every method of the statistics core on any file, no deployment needed.
//!
//! A file is read whole (`input`), a method asks its flags of a `Job`, and answers with an
//! `Outcome`: a table, shapes where it has them, and figures about the whole (`output` writes
//! them). One file a method; [`METHODS`] lists them all, and the command line, its help and the
//! tests read the list.

mod cluster_rows;
mod dbscan;
mod density;
mod displacement;
mod emerging;
mod error;
mod geary;
mod general_g;
mod gi;
mod global;
mod global_join_counts;
mod global_moran;
mod hdbscan;
mod incremental_moran;
mod input;
mod job;
mod join_counts;
mod knox;
mod local;
mod mann_kendall;
mod method;
mod moran;
mod options;
mod output;
mod pai;
mod rates;
mod recultivation;
mod scan;
mod scan_table;
mod series;
mod weighing;

mod weights;

pub use error::AnalyseError;
pub use input::{Input, Plane};
pub use job::{Given, Job};
pub use method::{Cell, Column, Method, Opt, Outcome};
pub use output::{OutputFormat, csvw, provenance, shown, summary, write_outcome};

/// Every method, in the order of the issue of questions: where, how much, when.
pub const METHODS: &[&Method] = &[
    &gi::GI,
    &gi::GI_STAR,
    &moran::METHOD,
    &join_counts::METHOD,
    &global_moran::METHOD,
    &geary::METHOD,
    &general_g::METHOD,
    &global_join_counts::METHOD,
    &incremental_moran::METHOD,
    &rates::METHOD,
    &scan::METHOD,
    &density::METHOD,
    &dbscan::DBSCAN,
    &hdbscan::METHOD,
    &dbscan::ST_DBSCAN,
    &mann_kendall::METHOD,
    &emerging::METHOD,
    &knox::KNOX,
    &knox::NEAR_REPEAT,
    &recultivation::METHOD,
    &displacement::METHOD,
    &pai::METHOD,
    &weights::METHOD,
];

/// The flags of a method: its own, then those that say where things are.
pub fn flags(method: &'static Method) -> impl Iterator<Item = &'static Opt> {
    method.options.iter().chain(options::PLACE)
}

/// The method of a name.
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name).copied()
}
