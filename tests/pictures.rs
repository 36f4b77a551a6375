//! The pages for planners: their pictures are drawn from what the methods really answer, their
//! example files are made here, and their commands run. A picture or an example on disk that differs
//! is out of date: `make bless` writes it anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "pictures/cells.rs"]
mod cells;
#[path = "pictures/examples.rs"]
mod examples;
#[path = "pictures/pages.rs"]
mod pages;
#[path = "pictures/points.rs"]
mod points;
#[path = "pictures/svg.rs"]
mod svg;
#[path = "pictures/times.rs"]
mod times;

use std::{fs, path::Path};

use poppywatch::analysis::chance::draws::Draws;

/// The draws of all pictures.
const DRAWS: Draws<'_> = Draws { permutations: 9999, seed: 1, analysis: "pictures" };

/// Compares a picture with the one that is committed, or writes it where it shall be blessed.
#[track_caller]
fn keep(name: &str, picture: &str) {
    keep_file(&format!("docs/statistics/{name}"), picture);
}

/// The same of any file of the repository.
#[track_caller]
fn keep_file(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    #[expect(clippy::disallowed_methods, reason = "a test has no Config")]
    let bless = std::env::var("POPPYWATCH_BLESS").is_ok();
    if bless {
        fs::write(&path, text).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{name} is out of date: run `make bless`");
}
