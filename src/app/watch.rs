//! Another program wrote: an import on the command line appears in the running server by itself.

use std::{
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

use super::{App, AppError};

/// How often the store is asked whether another program wrote. Asking costs microseconds; a new
/// plot has to be visible within 100 ms.
const EVERY: Duration = Duration::from_millis(40);

/// After a failure the question is asked less often, so that the log is not flooded.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

impl App {
    /// Watches the store on a thread of its own for as long as anybody holds the deployment.
    ///
    /// # Errors
    ///
    /// [`AppError::File`] where no thread can be started.
    pub fn watch(self: &Arc<Self>) -> Result<(), AppError> {
        let app = Arc::downgrade(self);
        thread::Builder::new().name("watch".into()).spawn(move || follow(&app)).map(|_| ()).map_err(
            |source| AppError::File { what: "starting the watching thread".into(), source },
        )
    }
}

fn follow(app: &Weak<App>) {
    let mut seen = None;
    loop {
        let Some(app) = app.upgrade() else { return };
        let pause = match look(&app, seen) {
            Ok(version) => {
                seen = Some(version);
                EVERY
            }
            Err(error) => {
                tracing::warn!(%error, "the store could not be asked for news; asking again");
                AFTER_FAILURE
            }
        };
        drop(app);
        thread::sleep(pause);
    }
}

/// Refreshes if the store's version is not the one `seen`; returns the version looked at.
fn look(app: &App, seen: Option<i64>) -> Result<i64, AppError> {
    // Asked before the refresh: what is written meanwhile has another version and is seen next time.
    let version = app.store().data_version()?;
    if seen != Some(version) {
        app.refresh()?;
    }
    Ok(version)
}
