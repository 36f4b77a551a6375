//! poppywatch: the rooms in order. Data flows to the right, imports point to the left.

pub mod domain;

pub mod crs;

pub mod snapshot;

pub mod analysis;

pub mod layers;

pub mod encode;

pub mod app;

pub mod http;
