//! Why a whole file was refused.

use std::path::PathBuf;

use thiserror::Error;

use super::mapping::MappingError;

/// A file that was refused whole: nothing of it was taken. (Single rows that are wrong are in the
/// report and do not stop the others.)
#[derive(Debug, Error)]
pub enum IngestError {
    /// It is not there, or not a file.
    #[error("{path}: {reason}")]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// Why it cannot be read, and what would be right.
        reason: String,
    },
    /// The ending or the content is of a format that is not read here.
    #[error("{file}: {reason}")]
    Format {
        /// The file's name.
        file: String,
        /// What it is and what to do.
        reason: String,
    },
    /// More than the limits allow.
    #[error("{file}: {what}, more than the limit of {limit}; {right}")]
    TooLarge {
        /// The file's name.
        file: String,
        /// What is too large, with the row where there is one.
        what: String,
        /// The limit with its unit.
        limit: String,
        /// What to do.
        right: String,
    },
    /// There is nothing in it.
    #[error("{file} is empty: {what}")]
    Empty {
        /// The file's name.
        file: String,
        /// What was looked for.
        what: String,
    },
    /// Bytes that are no text in any encoding that is read.
    #[error("{file}, row {row}{}: {what}; save the file as UTF-8 (in Excel: `CSV UTF-8`)", .column.as_ref().map(|c| format!(", column `{c}`")).unwrap_or_default())]
    Encoding {
        /// The file's name.
        file: String,
        /// The row, 1 being the headings.
        row: u64,
        /// The column, where it is known.
        column: Option<String>,
        /// Which byte, where.
        what: String,
    },
    /// The file is damaged or cut off.
    #[error("{file} is damaged after row {row}: {reason}; nothing of it was taken")]
    Damaged {
        /// The file's name.
        file: String,
        /// The last row that could be read.
        row: u64,
        /// What the reader said.
        reason: String,
    },
    /// Several layers and none named, or one named that is not there.
    #[error("{file}: {reason}")]
    Layer {
        /// The file's name.
        file: String,
        /// Which layers there are.
        reason: String,
    },
    /// The mapping does not fit the file or the kind.
    #[error("{file}: {source}")]
    Mapping {
        /// The file's name.
        file: String,
        /// What does not fit.
        source: MappingError,
    },
    /// The coordinate reference system could not be settled.
    #[error("{file}: {reason}")]
    Crs {
        /// The file's name.
        file: String,
        /// What was tried and what would be right.
        reason: String,
    },
    /// The shapes of units contradict their names.
    #[error("{file}: {reason}")]
    ShapesContradictNames {
        /// The file's name.
        file: String,
        /// Which units, and what the published centres say.
        reason: String,
    },
    /// The request leaves out what the file does not say.
    #[error("{file}: {reason}")]
    Missing {
        /// The file's name.
        file: String,
        /// What is missing and how to say it.
        reason: String,
    },
}
