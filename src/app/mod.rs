//! The product's verbs: import, export, watch, verify, and the demo. Both doors, HTTP and the
//! command line, only call what is here.

mod cache;
mod compute;
mod deployment;
mod demo;
mod error;
mod export;
mod import;
mod sites;
mod watch;

pub use cache::{Answer, AnswerCache, AnswerKey};
pub use compute::{ComputeError, ComputePool};
pub use deployment::{App, AsOf};
pub use demo::{DemoStep, demo_files};
pub use error::AppError;
pub use export::ExportRequest;
pub use import::{Imported, Strictness};
