//! Long work tells how far it is, and stops when nobody waits for it any more.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

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

/// Somebody who asked from afar, and may hang up. It is no part of the question: two questions that
/// differ only in who asks are equal.
#[derive(Clone, Default)]
pub struct Asker(Option<Arc<AtomicBool>>);

impl Asker {
    /// One who has gone as soon as `gone` is true.
    pub fn leaving_by(gone: Arc<AtomicBool>) -> Self {
        Self(Some(gone))
    }
}

impl Watch for Asker {
    fn tell(&self, _done: u64, _of: u64) {}

    fn gone(&self) -> bool {
        self.0.as_ref().is_some_and(|gone| gone.load(Ordering::Relaxed))
    }
}

impl PartialEq for Asker {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asker")
    }
}

/// The asker has gone: there is no answer.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("nobody waits for the answer any more")]
pub struct Gone;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hangs_up_has_gone() {
        let gone = Arc::new(AtomicBool::new(false));
        let asker = Asker::leaving_by(Arc::clone(&gone));
        assert_eq!(asker.go_on(), Ok(()));
        gone.store(true, Ordering::Relaxed);
        assert_eq!(asker.go_on(), Err(Gone));
        assert_eq!(Asker::default().go_on(), Ok(()));
        assert_eq!(format!("{asker:?}"), format!("{:?}", Asker::default()));
    }
}
