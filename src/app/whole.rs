//! A file appears under its name when it is whole, or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A file while it is made, under another name in the folder where it will lie. What is left of it
/// goes when it is dropped before it got its name.
#[derive(Debug)]
pub struct Part {
    at: PathBuf,
    out: PathBuf,
    named: bool,
}

impl Part {
    /// The part of the file `out`; of a link the part of what it points to, which keeps its link.
    pub fn of(out: &Path) -> Self {
        let out = behind(out);
        let name = out.file_name().unwrap_or_default().to_string_lossy();
        let ending = out.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let at = out.with_file_name(format!(".{name}.{}.part.{ending}", std::process::id()));
        Self { at, out, named: false }
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.at
    }

    /// Gives it its name; a file that has it is replaced.
    ///
    /// # Errors
    ///
    /// The system's; nothing is left then but what was there.
    pub fn name(mut self) -> io::Result<()> {
        fs::rename(&self.at, &self.out)?;
        self.named = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.named {
            return;
        }
        // SQLite may have left files of its own beside a GeoPackage.
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.at.as_os_str().to_owned();
            name.push(ending);
            let _most_were_never_there = fs::remove_file(PathBuf::from(name));
        }
    }
}

/// The file behind a name: links are followed, to a file that is not there yet as well.
fn behind(out: &Path) -> PathBuf {
    if let Ok(real) = out.canonicalize() {
        return real;
    }
    match out.read_link() {
        Ok(to) => out.parent().unwrap_or(Path::new("")).join(to),
        Err(_) => out.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there_and_a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (out, link) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        std::os::unix::fs::symlink("a.csv", &link).unwrap();
        let count = || fs::read_dir(folder.path()).unwrap().count();
        let part = Part::of(&link);
        fs::write(part.path(), "half").unwrap();
        drop(part);
        assert_eq!((count(), out.exists()), (1, false));
        let part = Part::of(&link);
        fs::write(part.path(), "whole").unwrap();
        part.name().unwrap();
        assert_eq!(fs::read_to_string(&out).unwrap(), "whole");
        assert!(link.is_symlink() && count() == 2);
    }
}
