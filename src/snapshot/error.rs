//! Why no snapshot could be made.

use thiserror::Error;

use crate::crs::CrsError;

/// Why no snapshot could be made.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SnapshotError {
    /// The country pack names a metric CRS that PROJ cannot reach.
    #[error(
        "metric-crs in country pack `{pack}`: {reason}; name a projected CRS in metres, such as 3405"
    )]
    MetricCrs {
        /// [`crate::domain::CountryPack::id`].
        pack: String,
        /// PROJ's words.
        reason: CrsError,
    },
}
