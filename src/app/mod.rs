//! The product's verbs: import, export, watch, verify, and the demo. Both doors, HTTP and the
//! command line, only call what is here.

pub mod analyse;
pub mod asking;
mod cache;
mod compute;
mod demo;
mod deployment;
mod error;
mod export;
mod grid;
mod import;
mod neighbours;
mod sites;
mod source;
mod watch;
mod whole;

pub use cache::{Answer, AnswerCache, AnswerKey};
pub use compute::{ComputeError, ComputePool, Lane};
pub use demo::{DemoStep, demo_files};
pub use deployment::App;
pub use error::AppError;
pub use export::ExportRequest;
pub use import::{Imported, Strictness};
pub use source::{AsOf, Source, SourceError};
pub use whole::Part;
