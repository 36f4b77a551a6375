//! Clusters of points.

mod dbscan;
mod hdbscan;
mod rows;

pub(super) use dbscan::{DBSCAN, ST_DBSCAN};
pub(super) use hdbscan::METHOD as HDBSCAN;
