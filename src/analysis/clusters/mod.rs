//! Point clusters: where do plots lie close together, without any cells?
//!
//! DBSCAN finds the groups that are dense at one scale, HDBSCAN those that hold together over
//! many scales, ST-DBSCAN those dense in space and in time. None of them asks whether chance could
//! have made a group: for that there is the scan statistic.

mod axis;
mod cells;
pub mod dbscan;
mod dense;
pub mod hdbscan;
mod hierarchy;
pub mod hull;
pub mod k_distance;
pub mod points;
mod spanning_tree;
pub mod st_dbscan;
pub(super) mod union;
