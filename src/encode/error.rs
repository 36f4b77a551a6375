//! Why a layer did not become bytes.

use std::io;

use gdal::errors::GdalError;
use thiserror::Error;

use crate::layers::LayerError;

/// Why a layer did not become bytes.
#[derive(Debug, Error)]
pub enum EncodeError {
    /// The layer gave no answer.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// Nowhere to write to: a full disk, a closed pipe.
    #[error("the answer could not be written: {0}")]
    Io(#[from] io::Error),
    /// GDAL refused.
    #[error("GDAL could not write the file: {0}")]
    Gdal(#[from] GdalError),
}
