//! From a path to a connection, or to the reason why not.
//!
//! The file is only ever touched through SQLite. Opening it beside SQLite, even to look at its
//! first bytes, would drop this process's POSIX locks on it when closed (SQLite, *How To Corrupt*,
//! §2.2) and let another program write into the middle of a transaction.

use std::{fs, io, path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};

use super::{
    error::{Fault, StoreError},
    schema::{self, Kind},
};
use crate::domain::CountryPack;

/// How long a writer waits for another one unless told otherwise.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How long it is tried to set WAL again while another program has the file open.
const WAL_PATIENCE: Duration = Duration::from_millis(200);

/// Opens a store for reading and writing; `create` makes one where there is none.
pub(super) fn open(
    path: &Path,
    pack: &CountryPack,
    create: bool,
) -> Result<Connection, StoreError> {
    let exists = look_at(path, create)?;
    let named = |fault: rusqlite::Error| Fault::Sql(fault).of(path, PATIENCE);
    let kind = if exists { inspect(path)? } else { Some(Kind::Empty) };
    if let Some(kind) = kind {
        judge(path, pack, create, kind)?;
    }

    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let mut conn = Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, e))?;
    conn.busy_timeout(PATIENCE).map_err(named)?;
    if conn.is_readonly("main").map_err(named)? {
        return Err(StoreError::ReadOnly { file: path.to_path_buf() });
    }
    settle_in(&conn).map_err(named)?;

    let mut kind = schema::kind(&conn).map_err(named)?;
    if kind == Kind::Empty && create {
        // Another process may be making the same store right now: look again with the lock held.
        let making =
            conn.transaction_with_behavior(TransactionBehavior::Exclusive).map_err(named)?;
        if schema::kind(&making).map_err(named)? == Kind::Empty {
            schema::create(&making, pack).map_err(named)?;
        }
        making.commit().map_err(named)?;
        kind = schema::kind(&conn).map_err(named)?;
    }
    judge(path, pack, false, kind)?;
    set_wal(&conn, PATIENCE).map_err(named)?;
    Ok(conn)
}

/// Whether there is a file, and whether there can be one.
fn look_at(path: &Path, create: bool) -> Result<bool, StoreError> {
    let file = || path.to_path_buf();
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => Err(StoreError::Folder { file: file() }),
        Ok(about) if !about.is_file() => Err(StoreError::NotAGeoPackage {
            file: file(),
            why: "it is no ordinary file".to_owned(),
        }),
        // SQLite takes a file that is shorter than any database for an empty one, and would write
        // over it.
        Ok(about) if (1..512).contains(&about.len()) => Err(StoreError::NotAGeoPackage {
            file: file(),
            why: format!("it has only {} bytes", about.len()),
        }),
        Ok(about) if about.permissions().readonly() => Err(StoreError::ReadOnly { file: file() }),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if create && folder.is_some_and(|folder| !folder.is_dir()) {
                Err(StoreError::NoFolder { file: file() })
            } else if create {
                Ok(false)
            } else {
                Err(StoreError::NotFound { file: file() })
            }
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(StoreError::NoPermission { file: file() })
        }
        Err(source) => Err(StoreError::Io { file: file(), source }),
    }
}

/// Looks at the file through a connection that cannot write, so that a file which is not ours
/// stays as it is. `None` where a program was killed while it wrote in rollback mode: SQLite must
/// first roll that back, which takes a connection that can write.
fn inspect(path: &Path) -> Result<Option<Kind>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, e))?;
    let looked = conn.busy_timeout(PATIENCE).and_then(|()| schema::kind(&conn));
    match looked {
        Ok(kind) => Ok(Some(kind)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Ok(None),
            _ => Err(Fault::Sql(error).of(path, PATIENCE)),
        },
    }
}

fn cannot_open(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => StoreError::NoPermission { file: path.to_path_buf() },
        _ => Fault::Sql(error).of(path, PATIENCE),
    }
}

fn judge(path: &Path, pack: &CountryPack, create: bool, kind: Kind) -> Result<(), StoreError> {
    let file = path.to_path_buf();
    match kind {
        Kind::Empty if create => Ok(()),
        Kind::Empty => Err(StoreError::NotAGeoPackage { file, why: "it is empty".to_owned() }),
        Kind::NotAGeoPackage => Err(StoreError::NotAGeoPackage {
            file,
            why: "it is an SQLite file without the mark of a GeoPackage".to_owned(),
        }),
        Kind::NotOurs => Err(StoreError::NotOurs { file }),
        Kind::Ours { version, .. } if version != schema::VERSION => {
            Err(StoreError::OtherSchema { file, found: version, known: schema::VERSION })
        }
        Kind::Ours { pack: theirs, lancing, .. } => {
            if lancing == schema::lancing_calendar(pack) {
                Ok(())
            } else {
                Err(StoreError::OtherCalendar { file, theirs, ours: pack.id.clone() })
            }
        }
    }
}

/// How our connections behave, whatever the file says.
fn settle_in(conn: &Connection) -> Result<(), rusqlite::Error> {
    // The guards on the tables are triggers, and this is how we alone pass them.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // EXTRA is FULL in WAL mode: every commit is on the disk before it is acknowledged. Should
    // the file be in rollback mode (see `set_wal`), it syncs the folder too, so that a deleted
    // journal stays deleted.
    conn.pragma_update(None, "synchronous", "EXTRA")?;
    conn.pragma_update(None, "cache_size", -65_536)?; // KiB
    conn.pragma_update(None, "journal_size_limit", 64 << 20)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Sets WAL where another program (QGIS 3.22, by merely reading) has set something else. While
/// that program has the file open it cannot be set; rollback mode is as safe, only readers and
/// the writer wait for each other, and the next append tries again.
pub(super) fn set_wal(conn: &Connection, patience: Duration) -> Result<(), rusqlite::Error> {
    let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    conn.busy_timeout(WAL_PATIENCE)?;
    let set = conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
    conn.busy_timeout(patience)?;
    match set {
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}
