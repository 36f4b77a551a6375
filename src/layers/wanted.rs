//! Dear answers that stop being made when nobody wants them any more.

use std::{any::Any, sync::Arc};

use super::LayerError;
use crate::{
    analysis::watch::{Asker, Watch},
    snapshot::Snapshot,
};

/// The answer to `key`, kept with the snapshot. `make` looks at `asker` as it goes and gives up
/// where that one has gone; then whoever else waited for the same answer makes it for itself.
///
/// # Errors
///
/// What `make` answers; it is not kept.
pub(super) fn wanted<T: Any + Send + Sync>(
    snapshot: &Snapshot,
    asker: &Asker,
    key: &str,
    bytes: impl Fn(&T) -> usize,
    make: impl Fn() -> Result<T, LayerError> + Send + Sync,
) -> Result<Arc<T>, LayerError> {
    loop {
        match snapshot.memo().try_get_or_make(key.to_owned(), &bytes, &make) {
            Err(LayerError::Gone(_)) if !asker.gone() => {}
            answer => return answer,
        }
    }
}
