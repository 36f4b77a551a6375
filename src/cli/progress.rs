//! Progress bars on long work, on standard error and only where somebody watches.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::ingest::Progress;

/// A bar in the terminal; silent where standard error is none (indicatif sees to that).
#[derive(Default)]
pub struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn with(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        // A poisoned bar is still a bar: nothing depends on it.
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bar {
    fn start(&self, total: Option<u64>, what: &str) {
        self.with(|bar| {
            let fresh = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let look = if total.is_some() {
                "{msg} {wide_bar} {human_pos}/{human_len} {eta}"
            } else {
                "{msg} {spinner} {human_pos}"
            };
            if let Ok(style) = ProgressStyle::with_template(look) {
                fresh.set_style(style);
            }
            fresh.set_message(what.to_owned());
            if let Some(before) = bar.replace(fresh) {
                before.finish_and_clear();
            }
        });
    }

    fn advance(&self, n: u64) {
        self.with(|bar| {
            if let Some(bar) = bar {
                bar.inc(n);
            }
        });
    }

    fn finish(&self) {
        self.with(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        });
    }
}
