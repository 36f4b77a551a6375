//! A copy of the store while it is in use.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
    ffi,
};

use super::{
    error::{Fault, StoreError},
    geopackage::Store,
};

impl Store {
    /// Copies the store to the new file `to`, as it is at one moment, while others read and write.
    ///
    /// The copy is made under the name `to` with `.part` added and takes its own name when it is
    /// complete and on the disk: a file of that name is a whole backup. It is one single file (no
    /// WAL beside it) and can be opened as a store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] where `to` is there already, and what else can go wrong with files.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let io_error = |source: io::Error| StoreError::Io { file: to.to_path_buf(), source };
        if to.symlink_metadata().is_ok() {
            return Err(StoreError::Exists { file: to.to_path_buf() });
        }
        let part = with_ending(to, ".part");
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(error)),
            _ => {}
        }
        if let Err(error) = self.complete(&part, to) {
            for ending in ["", "-journal", "-wal", "-shm"] {
                let _most_were_never_there = fs::remove_file(with_ending(&part, ending));
            }
            return Err(error);
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error)
    }

    /// Makes the copy and gives it its name.
    fn complete(&self, part: &Path, to: &Path) -> Result<(), StoreError> {
        let io_error = |source: io::Error| StoreError::Io { file: to.to_path_buf(), source };
        self.copy(part).map_err(|fault| fault.of(part, self.patience))?;
        // No connection has the copy open any more: no lock is lost by opening it (see open.rs).
        fs::File::open(part).and_then(|file| file.sync_all()).map_err(io_error)?;
        // Unlike a rename, a link never takes the place of a file that came meanwhile; but not
        // every file system has links.
        match fs::hard_link(part, to) {
            Ok(()) => fs::remove_file(part).map_err(io_error),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(StoreError::Exists { file: to.to_path_buf() })
            }
            Err(_) => fs::rename(part, to).map_err(io_error),
        }
    }

    fn copy(&self, part: &Path) -> Result<(), Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut copy = Connection::open_with_flags(part, flags)?;
        // In one step: between steps a write of somebody else would start the copy anew.
        let copied = Backup::new(&self.conn, &mut copy)?.step(-1)?;
        if copied != StepResult::Done {
            return Err(
                rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None).into()
            );
        }
        copy.busy_timeout(Duration::from_secs(1))?;
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        Ok(())
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
