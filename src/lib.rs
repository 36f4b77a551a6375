//! poppywatch: the rooms in order. Data flows to the right, imports point to the left.
//!
//! A file becomes events or reasons why not ([`ingest`]), events are kept and folded into tables
//! ([`store`]), the facts of one revision are indexed and overlaid ([`snapshot`]), asked
//! ([`analysis`]), answered under a name ([`layers`]), written as bytes ([`encode`]), and handed
//! out by the product's verbs ([`app`]) through two doors ([`http`], [`cli`]).

pub mod domain;

pub mod crs;

pub mod config;

pub mod ingest;

pub mod store;

pub mod snapshot;

pub mod analysis;

pub mod layers;

pub mod encode;

pub mod demo;

pub mod app;

pub mod http;

pub mod cli;
