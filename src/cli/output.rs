//! Where a command may write: never over the store, never over what it reads, and whole or not at
//! all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::say::Failure;
use crate::app::{AppError, Part};

/// Refuses `out` where it is a folder, the store (or SQLite's files beside it) or one of `inputs`,
/// by whatever name or link.
pub fn check(flag: &str, out: &Path, store: &Path, inputs: &[&Path]) -> Result<(), Failure> {
    let beside = |ending: &str| {
        let mut name = store.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let stores = [store.to_owned(), beside("-wal"), beside("-shm"), beside("-journal")];
    let place = place(out);
    if stores.iter().any(|store| self::place(store) == place) {
        return Err(Failure::input(format!(
            "{flag} {}: this is the store itself; name another file",
            out.display()
        )));
    }
    if out.is_dir() {
        return Err(Failure::input(format!(
            "{flag} {}: is a folder; name a file in it",
            out.display()
        )));
    }
    if inputs.iter().any(|input| self::place(input) == place) {
        return Err(Failure::input(format!(
            "{flag} {}: this is the file that is read; name another one",
            out.display()
        )));
    }
    Ok(())
}

/// Writes a text, see [`write_bytes`].
pub fn write(file: &Path, text: &str) -> Result<(), Failure> {
    write_bytes(file, text.as_bytes())
}

/// Writes a file: under another name first, so that what was there stays whole until the end.
pub fn write_bytes(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed =
        |source| AppError::File { what: format!("writing {}", file.display()), source }.into();
    if is_device(file) {
        return fs::write(file, bytes).map_err(failed);
    }
    let part = Part::of(file);
    fs::write(part.path(), bytes).and_then(|()| part.name()).map_err(failed)
}

/// Whether a name is that of no file but of a device or a pipe, which nothing may replace.
pub fn is_device(file: &Path) -> bool {
    file.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir())
}

/// The file behind a name: links followed, for a file that is not there yet its folder's.
fn place(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
