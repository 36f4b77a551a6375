//! Why an analysis of a file gives no answer at all.

use thiserror::Error;

use crate::{analysis::watch::Gone, ingest::IngestError};

/// Why there is no answer. (A unit for which nothing can be said is a row with a reason.)
#[derive(Debug, Error)]
pub enum AnalyseError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] IngestError),
    /// A flag is missing, or its value cannot be used.
    #[error("--{flag} {detail}")]
    Flag {
        /// Its name without dashes.
        flag: &'static str,
        /// What is wrong, and what would be right.
        detail: String,
    },
    /// A row says something that cannot be used.
    #[error("{file}, row {row}, column `{column}`: {detail}")]
    Row {
        /// The file's name.
        file: String,
        /// The row as a spreadsheet counts it; of a file of shapes the place in it, from 1.
        row: u64,
        /// The heading.
        column: String,
        /// What is wrong, and what would be right.
        detail: String,
    },
    /// The file or the question as a whole does not fit the method.
    #[error("{0}")]
    Input(String),
    /// The asker has gone.
    #[error(transparent)]
    Gone(#[from] Gone),
}

impl AnalyseError {
    /// A flag whose value cannot be used.
    pub fn flag(flag: &'static str, detail: impl Into<String>) -> Self {
        Self::Flag { flag, detail: detail.into() }
    }
}
