//! What can go wrong in a verb of the product, and whose fault it is.

use thiserror::Error;

use super::analyse::AnalyseError;
use crate::{
    config::ConfigError,
    crs::CrsError,
    domain::Revision,
    encode::EncodeError,
    ingest::{ImportReport, IngestError},
    layers::LayerError,
    snapshot::SnapshotError,
    store::StoreError,
};

/// Why a verb could not be done.
#[derive(Debug, Error)]
pub enum AppError {
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the store holds cannot be put on a map.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Coordinates.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// The file to import.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// No row of the file could be accepted, or one was rejected and all were wanted.
    #[error("nothing was stored: {} of {} rows were rejected", .0.rejected, .0.rows_read)]
    Rejected(Box<ImportReport>),
    /// A past state cannot be shown.
    #[error("revision {}: {reason}", .revision.0)]
    Past {
        /// The state asked for.
        revision: Revision,
        /// Why not.
        reason: String,
    },
    /// The question to a layer.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// Writing an answer.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// An analysis of a file.
    #[error(transparent)]
    Analyse(#[from] AnalyseError),
    /// A flag or parameter.
    #[error("{0}")]
    Input(String),
    /// A file of ours or the user's.
    #[error("{what}: {source}")]
    File {
        /// Which file, and what was done with it.
        what: String,
        /// The system's words.
        source: std::io::Error,
    },
}

impl AppError {
    /// Whether what was given to us is wrong (exit code 2), and not something on our side.
    pub fn is_input(&self) -> bool {
        match self {
            Self::Config(_)
            | Self::Ingest(_)
            | Self::Rejected(_)
            | Self::Layer(_)
            | Self::Analyse(_)
            | Self::Input(_) => true,
            Self::Store(error) => matches!(
                error,
                StoreError::NotFound { .. }
                    | StoreError::NoFolder { .. }
                    | StoreError::Folder { .. }
                    | StoreError::NotAGeoPackage { .. }
                    | StoreError::NotOurs { .. }
                    | StoreError::OtherSchema { .. }
                    | StoreError::OtherCalendar { .. }
                    | StoreError::ReadOnly { .. }
                    | StoreError::NoPermission { .. }
                    | StoreError::Exists { .. }
            ),
            Self::Snapshot(_)
            | Self::Crs(_)
            | Self::Past { .. }
            | Self::Encode(_)
            | Self::File { .. } => false,
        }
    }
}
