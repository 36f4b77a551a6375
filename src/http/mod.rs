//! The protocol and nothing else: OGC API Features and Tiles, the web map, problem details.
//!
//! A request becomes an [`asked::Asked`], an answer is made once for a snapshot and question
//! (`answer.rs`), and every fault becomes a [`problem::Problem`].

mod address;
mod answer;
mod asked;
mod collections;
mod conformance;
mod documents;
mod download;
mod envelope;
mod events;
mod extent;
mod health;
mod items;
mod landing;
mod lattice;
mod matrix;
mod negotiate;
mod openapi;
mod params;
mod problem;
mod query;
mod router;
mod schema;
mod serve;
mod state;
mod stream;
mod styles;
mod tiles;
mod web_map;

pub use router::router;
pub use serve::{ServeLimits, serve};
pub use state::{BadBase, Cors, HttpLimits, HttpState};
pub use web_map::is_built as web_map_is_built;
