//! The snapshot being served.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::Snapshot;

/// The snapshot being served. An import replaces it whole, and no reader ever waits for one.
pub struct LiveSnapshot(ArcSwap<Snapshot>);

impl LiveSnapshot {
    /// Serves `snapshot` from now on.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self(ArcSwap::new(snapshot))
    }

    /// The snapshot for one request: ask once, and answer the whole request from it.
    pub fn current(&self) -> Arc<Snapshot> {
        self.0.load_full()
    }

    /// Serves `snapshot` to every request that asks from now on.
    pub fn replace(&self, snapshot: Arc<Snapshot>) {
        self.0.store(snapshot);
    }
}
