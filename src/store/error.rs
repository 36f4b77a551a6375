//! Why a store could not be opened, read or written, in words for whoever stands before it.

use std::{io, path::Path, path::PathBuf};

use thiserror::Error;

use crate::domain::Revision;

/// Why a store could not be opened, read or written. Nothing was changed by what failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no file.
    #[error("{}: there is no such file; an import or `serve` makes a new store", .file.display())]
    NotFound {
        /// The store.
        file: PathBuf,
    },
    /// The folder it should lie in does not exist.
    #[error("{}: its folder does not exist; make the folder first", .file.display())]
    NoFolder {
        /// The store.
        file: PathBuf,
    },
    /// A folder stands where the file should be.
    #[error("{}: this is a folder; name a file in it, such as poppywatch.gpkg", .file.display())]
    Folder {
        /// What was named.
        file: PathBuf,
    },
    /// Some other file.
    #[error("{}: this is no GeoPackage ({why}); a store is made by poppywatch itself", .file.display())]
    NotAGeoPackage {
        /// What was named.
        file: PathBuf,
        /// What was found in it.
        why: String,
    },
    /// A GeoPackage of somebody else.
    #[error(
        "{}: this GeoPackage was not made by poppywatch; to take over its data, import it into a \
         store: poppywatch import {} --kind …", .file.display(), .file.display()
    )]
    NotOurs {
        /// What was named.
        file: PathBuf,
    },
    /// A store of another version of this program.
    #[error(
        "{}: this store has schema {found} and this poppywatch writes schema {known}; {}",
        .file.display(),
        if found > known { "use the newer poppywatch that made it" }
        else { "export it with the poppywatch that made it and import it again" }
    )]
    OtherSchema {
        /// The store.
        file: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Its plots were resolved with another lancing calendar than the deployment's.
    #[error(
        "{}: the plots of this store were resolved with the lancing calendar of the country pack \
         `{theirs}`, and the pack in use (`{ours}`) has another one; start with the pack that made \
         it, or import into a new store", .file.display()
    )]
    OtherCalendar {
        /// The store.
        file: PathBuf,
        /// The pack it was made with.
        theirs: String,
        /// The pack in use.
        ours: String,
    },
    /// Bytes are missing or wrong.
    #[error(
        "{}: the file is damaged ({detail}); restore a backup, and run `poppywatch verify` on it",
        .file.display()
    )]
    Corrupt {
        /// The store.
        file: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// The file may not be written.
    #[error("{}: the file is write-protected; a store must be writable", .file.display())]
    ReadOnly {
        /// The store.
        file: PathBuf,
    },
    /// The file may not be opened by this user.
    #[error("{}: no permission to open or create it", .file.display())]
    NoPermission {
        /// The store.
        file: PathBuf,
    },
    /// Another program holds the file.
    #[error(
        "another program is writing to {}; after {seconds} s of waiting nothing was changed: try \
         again when that import, server or QGIS edit has finished", .file.display()
    )]
    Busy {
        /// The store.
        file: PathBuf,
        /// How long we waited.
        seconds: f64,
    },
    /// No room left.
    #[error("{}: the disk is full; nothing was changed", .file.display())]
    Full {
        /// The store.
        file: PathBuf,
    },
    /// A value in a table cannot be what we wrote.
    #[error("{}: table {table}, row {row}, column {column}: {what}; `poppywatch verify` lists all that was changed",
        .file.display())]
    Row {
        /// The store.
        file: PathBuf,
        /// The table.
        table: String,
        /// Its integer key.
        row: i64,
        /// The column.
        column: String,
        /// What is wrong.
        what: String,
    },
    /// The log does not reach that far.
    #[error("there is no revision {} yet: the last one is {}", .asked.0, .last.0)]
    NoSuchRevision {
        /// What was asked for.
        asked: Revision,
        /// The last one.
        last: Revision,
    },
    /// A backup never writes over a file.
    #[error("{}: there is a file already; a backup goes to a new one", .file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {source}", .file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite refused for another reason.
    #[error("{}: {source}", .file.display())]
    Sql {
        /// The store.
        file: PathBuf,
        /// SQLite's words.
        source: rusqlite::Error,
    },
}

/// What went wrong inside, before the file's name is added to it.
#[derive(Debug)]
pub(super) enum Fault {
    Sql(rusqlite::Error),
    Row { table: String, row: i64, column: String, what: String },
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Fault {
    /// Says which file it was, and sorts SQLite's codes by what the reader can do about them.
    pub(super) fn of(self, file: &Path, waited: std::time::Duration) -> StoreError {
        use rusqlite::ErrorCode as Code;
        let file = file.to_path_buf();
        let source = match self {
            Self::Row { table, row, column, what } => {
                return StoreError::Row { file, table, row, column, what };
            }
            Self::Sql(source) => source,
        };
        match source.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked | Code::FileLockingProtocolFailed) => {
                StoreError::Busy { file, seconds: waited.as_secs_f64() }
            }
            Some(Code::DatabaseCorrupt) => StoreError::Corrupt { file, detail: source.to_string() },
            Some(Code::NotADatabase) => {
                StoreError::NotAGeoPackage { file, why: "it is not an SQLite file".to_owned() }
            }
            Some(Code::ReadOnly) => StoreError::ReadOnly { file },
            Some(Code::PermissionDenied | Code::AuthorizationForStatementDenied) => {
                StoreError::NoPermission { file }
            }
            Some(Code::DiskFull) => StoreError::Full { file },
            _ => StoreError::Sql { file, source },
        }
    }
}
