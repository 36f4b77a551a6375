//! The pictures of `docs/statistics.md` are drawn from what the methods really answer. A picture on
//! disk that differs is out of date: `make bless` draws it anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "pictures/cells.rs"]
mod cells;
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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/statistics").join(name);
    #[expect(clippy::disallowed_methods, reason = "a test has no Config")]
    let bless = std::env::var("POPPYWATCH_BLESS").is_ok();
    if bless {
        fs::write(&path, picture).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == picture, "docs/statistics/{name} is out of date: run `make bless`");
}
