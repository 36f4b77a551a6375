//! Where the doors of the house get their snapshot from.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use thiserror::Error;

use crate::{
    domain::{CountryPack, Revision},
    snapshot::Snapshot,
};

/// A past state of what we knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// After this event of the log.
    Revision(Revision),
    /// At this time.
    Time(Timestamp),
}

/// What HTTP needs of the product, so that it can be tested on a snapshot made by hand.
pub trait Source: Send + Sync + 'static {
    /// The current snapshot (at once), or a past one (slow: ask on a compute thread).
    ///
    /// # Errors
    ///
    /// [`SourceError`] where there is none such.
    fn snapshot(&self, as_of: Option<AsOf>) -> Result<Arc<Snapshot>, SourceError>;

    /// Today in the deployment's time zone.
    fn today(&self) -> Date;

    /// The deployment's settings.
    fn pack(&self) -> &CountryPack;
}

/// Why there is no snapshot.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SourceError {
    /// The past state asked for does not exist: the client's fault, told to them.
    #[error("{0}")]
    NoSuchState(String),
    /// Our fault: logged in full, told to nobody.
    #[error("{0}")]
    Broken(String),
}
