//! poppywatch: the rooms in order. Data flows to the right, imports point to the left.

pub mod domain;

pub mod crs;

pub mod store;

pub mod snapshot;
pub mod demo;
pub mod ingest;

pub mod analysis;

pub mod layers;
