//! Long work tells how far it is, and stops when nobody waits for it any more.

use thiserror::Error;

/// Who waits for long work. Called from any thread, not too often.
pub trait Watch: Sync {
    /// `done` of `of` steps are done.
    fn tell(&self, done: u64, of: u64);

    /// Whether the asker has gone: then the work may stop.
    fn gone(&self) -> bool;

    /// Goes on only where somebody still waits.
    ///
    /// # Errors
    ///
    /// [`Gone`] where the asker has gone.
    fn go_on(&self) -> Result<(), Gone> {
        if self.gone() { Err(Gone) } else { Ok(()) }
    }
}

/// Nobody watches; the work runs to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Watch for Nobody {
    fn tell(&self, _done: u64, _of: u64) {}

    fn gone(&self) -> bool {
        false
    }
}

/// The asker has gone: there is no answer.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("nobody waits for the answer any more")]
pub struct Gone;
