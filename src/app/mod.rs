//! The product's verbs.

mod cache;
mod compute;
mod source;

pub use cache::{Answer, AnswerCache, AnswerKey};
pub use compute::{ComputeError, ComputePool};
pub use source::{AsOf, Source, SourceError};
