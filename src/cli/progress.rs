//! Progress of long work, on standard error: a bar where somebody watches, else a line now and then.

use std::{
    io::{self, IsTerminal},
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::say::{note, warn};
use crate::ingest::Progress;

/// How long a log waits for the next line.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// A bar in the terminal; where standard error is none, indicatif draws nothing, and lines are
/// written.
#[derive(Default)]
pub struct Bar(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    bar: Option<ProgressBar>,
    /// When something was said last: begun, or a line.
    said: Option<Instant>,
}

impl Bar {
    fn with(&self, act: impl FnOnce(&mut Shown)) {
        // A poisoned bar is still a bar: nothing depends on it.
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Says a warning above the bar.
    pub fn warn(&self, line: &str) {
        self.with(|shown| match &shown.bar {
            Some(bar) => bar.suspend(|| warn(line)),
            None => warn(line),
        });
    }
}

/// How far the work is, in words.
fn line(what: &str, done: u64, of: Option<u64>) -> String {
    match of {
        Some(of) => format!("{what}: {done} of {of}"),
        None => format!("{what}: {done}"),
    }
}

impl Progress for Bar {
    fn start(&self, total: Option<u64>, what: &str) {
        self.with(|shown| {
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
            if let Some(before) = shown.bar.replace(fresh) {
                before.finish_and_clear();
            }
            shown.said = Some(Instant::now());
        });
    }

    fn advance(&self, n: u64) {
        self.with(|shown| {
            let Some(bar) = &shown.bar else { return };
            bar.inc(n);
            if shown.said.is_some_and(|said| said.elapsed() >= BETWEEN_LINES)
                && !io::stderr().is_terminal()
            {
                note(&line(&bar.message(), bar.position(), bar.length()));
                shown.said = Some(Instant::now());
            }
        });
    }

    fn finish(&self) {
        self.with(|shown| {
            if let Some(bar) = shown.bar.take() {
                bar.finish_and_clear();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_far_the_work_is() {
        assert_eq!(line("scan", 12, Some(999)), "scan: 12 of 999");
        assert_eq!(line("rows", 12, None), "rows: 12");
    }
}
