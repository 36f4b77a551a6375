//! Whether the file still says what the log says.

use std::fmt;

use rayon::prelude::*;
use rusqlite::{Connection, Row, types::ValueRef};
use serde::Serialize;

use super::{
    error::{Fault, StoreError},
    fold::Fold,
    geopackage::Store,
    log::{self, Hash, Head, Link},
    schema::{self, FOLDS},
};
use crate::domain::{CountryPack, Event};

/// Differences told one by one; the others are only counted.
const TOLD: usize = 100;

/// Events parsed and hashed at once, by several threads.
const CHUNK: usize = 4096;

/// The outcome of [`Store::verify`].
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// The log's end.
    pub head: Head,
    /// Events read.
    pub events: u64,
    /// Rows of folds compared.
    pub rows: u64,
    /// The first hundred differences, in the order they were found: file, log, folds.
    pub differences: Vec<Difference>,
    /// How many differences there are beyond those.
    pub more: u64,
}

impl Verified {
    /// Whether the file is what the log says, to the last byte that matters.
    pub fn is_whole(&self) -> bool {
        self.differences.is_empty()
    }

    fn differs(&mut self, table: &str, row: Option<i64>, column: Option<&str>, what: String) {
        if self.differences.len() < TOLD {
            let (table, column) = (table.to_owned(), column.map(str::to_owned));
            self.differences.push(Difference { table, row, column, what });
        } else {
            self.more += 1;
        }
    }
}

/// One thing in the file that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row's integer key; of `event` the revision. `None`: the table as a whole.
    pub row: Option<i64>,
    /// The column; `None`: the row as a whole.
    pub column: Option<String>,
    /// What is there and what should be.
    pub what: String,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events, {} rows of tables compared; head {}",
            self.events, self.rows, self.head
        )?;
        if self.is_whole() {
            return f.write_str("\nthe chain is whole and every table is what the log says");
        }
        for difference in &self.differences {
            write!(f, "\n{difference}")?;
        }
        if self.more > 0 {
            write!(f, "\nand {} differences more", self.more)?;
        }
        Ok(())
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {}", self.table)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl Store {
    /// Replays the whole log into an empty database in memory, checks every link of its chain and
    /// compares every row of every fold. Others may read and write meanwhile: it looks at one
    /// state of the file. `progress` hears steps done and steps in all.
    ///
    /// The chain shows that nothing before its end was changed by somebody who did not also
    /// rewrite everything after it; compare [`Verified::head`] with a hash that was noted
    /// elsewhere to be sure of the end itself.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the file cannot be read to its end. A file that differs is no error.
    pub fn verify(&self, progress: &dyn Fn(u64, u64)) -> Result<Verified, StoreError> {
        let (reading, head) = self.reading()?;
        verify(&reading, head, &self.pack, progress).map_err(|fault| self.named(fault))
    }
}

fn verify(
    file: &Connection,
    head: Head,
    pack: &CountryPack,
    progress: &dyn Fn(u64, u64),
) -> Result<Verified, Fault> {
    let mut verified = Verified { head, events: 0, rows: 0, differences: Vec::new(), more: 0 };
    let mut steps = Steps { done: 0, total: head.revision.0, progress };
    for fold in FOLDS {
        // A table that is not there is told by `compare_schemas`.
        let count = format!("SELECT count(*) FROM {}", fold.name);
        let rows = file.query_row(&count, [], |row| row.get::<_, i64>(0)).unwrap_or(0);
        steps.total += rows.cast_unsigned();
    }

    check_file(file, &mut verified)?;
    let replayed = Connection::open_in_memory()?;
    replayed.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    replayed.set_prepared_statement_cache_capacity(128);
    let replaying = replayed.unchecked_transaction()?;
    schema::create(&replaying, pack)?;
    compare_schemas(file, &replaying, &mut verified)?;
    Replay::new(&replaying, pack).run(file, &mut verified, &mut steps)?;
    for fold in FOLDS {
        compare(file, &replaying, fold.name, fold.key, &mut verified, &mut steps)?;
    }
    Ok(verified)
}

struct Steps<'p> {
    done: u64,
    total: u64,
    progress: &'p dyn Fn(u64, u64),
}

impl Steps<'_> {
    fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(CHUNK as u64) || self.done == self.total {
            (self.progress)(self.done.min(self.total), self.total);
        }
    }
}

/// SQLite's own view of its pages and indexes.
fn check_file(file: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let mut statement = file.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            verified.differs("(file)", None, None, said);
        }
    }
    Ok(())
}

/// Tables, views, indexes and guards; what others added beside them is theirs.
fn compare_schemas(
    file: &Connection,
    replayed: &Connection,
    verified: &mut Verified,
) -> Result<(), Fault> {
    let mut statement = replayed.prepare(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
    )?;
    let mut rows = statement.query([])?;
    let mut same = file.prepare("SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?")?;
    while let Some(row) = rows.next()? {
        let (kind, name, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mut found = same.query([&kind, &name])?;
        match found.next()?.map(|row| row.get::<_, String>(0)).transpose()? {
            None => verified.differs(&name, None, None, format!("the {kind} is missing")),
            Some(other) if other != sql => {
                verified.differs(&name, None, None, format!("the {kind} was changed"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// An event as it lies in the file.
struct Entry {
    revision: i64,
    batch: i64,
    recorded_at: String,
    kind: String,
    dataset: String,
    record: Option<String>,
    payload: Option<String>,
    payload_hash: Vec<u8>,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl Entry {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            revision: row.get(0)?,
            batch: row.get(1)?,
            recorded_at: row.get(2)?,
            kind: row.get(3)?,
            dataset: row.get(4)?,
            record: row.get(5)?,
            payload: row.get(6)?,
            payload_hash: row.get(7)?,
            previous: row.get(8)?,
            hash: row.get(9)?,
        })
    }

    /// What its payload says, and whether its hash is the one noted.
    fn open(&self) -> (Result<Event, String>, bool) {
        let Some(payload) = &self.payload else {
            return (Err("the payload is missing".to_owned()), true);
        };
        let event = serde_json::from_str(payload).map_err(|error| error.to_string());
        (event, log::hash_of(payload)[..] == self.payload_hash[..])
    }
}

/// The log read from its beginning, and folded again.
struct Replay<'c> {
    conn: &'c Connection,
    pack: &'c CountryPack,
    fold: Option<Fold<'c>>,
    /// The append that is being folded.
    folding: i64,
    /// What the event before this one said.
    revision: i64,
    batch: i64,
    recorded_at: String,
    hash: Hash,
}

impl<'c> Replay<'c> {
    fn new(conn: &'c Connection, pack: &'c CountryPack) -> Self {
        let (recorded_at, hash) = (String::new(), Hash::default());
        Self { conn, pack, fold: None, folding: 0, revision: 0, batch: 0, recorded_at, hash }
    }

    fn run(
        mut self,
        file: &Connection,
        verified: &mut Verified,
        steps: &mut Steps<'_>,
    ) -> Result<(), Fault> {
        let mut statement = file.prepare(
            "SELECT revision, batch, recorded_at, kind, dataset, record, payload, payload_hash, \
             previous_hash, hash FROM event ORDER BY revision",
        )?;
        let mut rows = statement.query([])?;
        let mut chunk = Vec::with_capacity(CHUNK);
        loop {
            let row = rows.next()?;
            let ended = row.is_none();
            if let Some(row) = row {
                let key = row.get(0)?;
                match Entry::read(row) {
                    Ok(entry) => chunk.push(entry),
                    Err(error) => verified.differs("event", Some(key), None, error.to_string()),
                }
            }
            if ended || chunk.len() == CHUNK {
                let opened: Vec<_> = chunk.par_iter().map(Entry::open).collect();
                for (entry, (event, hash_holds)) in chunk.drain(..).zip(opened) {
                    verified.events += 1;
                    steps.step();
                    self.entry(&entry, event, hash_holds, verified)?;
                }
            }
            if ended {
                return self.settle_batch();
            }
        }
    }

    fn entry(
        &mut self,
        entry: &Entry,
        event: Result<Event, String>,
        hash_holds: bool,
        verified: &mut Verified,
    ) -> Result<(), Fault> {
        let row = entry.revision;
        let mut differs = |column: &str, what: &str| {
            verified.differs("event", Some(row), Some(column), what.to_owned());
        };
        let follows = row == self.revision + 1;
        if !follows {
            let missing = format!("events {} to {} are missing", self.revision + 1, row - 1);
            differs("revision", &missing);
        }
        let begins = entry.batch == row;
        if !begins && (entry.batch != self.batch || entry.recorded_at != self.recorded_at) {
            differs("batch", "neither begins an append nor belongs to the one before it");
        }
        if entry.recorded_at < self.recorded_at {
            differs("recorded_at", "is earlier than that of the event before it");
        }
        if !hash_holds {
            differs("payload", "is not the one whose hash was noted");
        }
        // After a gap the chain is taken up again, so that one hole is told once.
        if follows && entry.previous != self.hash {
            differs("previous_hash", "is not the hash of the event before it");
        }
        let before = <[u8; 32]>::try_from(&entry.previous[..]).unwrap_or_default();
        if let Ok(payload_hash) = <[u8; 32]>::try_from(&entry.payload_hash[..]) {
            let link = Link {
                revision: row.cast_unsigned(),
                batch: entry.batch.cast_unsigned(),
                recorded_at: &entry.recorded_at,
                kind: &entry.kind,
                payload_hash,
            };
            if link.hash(&before)[..] != entry.hash[..] {
                differs("hash", "is not the hash of what the row holds");
            }
        } else {
            differs("payload_hash", "is no SHA-256");
        }
        self.hash = <[u8; 32]>::try_from(&entry.hash[..]).unwrap_or_default();
        self.revision = row;
        self.batch = entry.batch;
        self.recorded_at.clone_from(&entry.recorded_at);

        let event = match event {
            Ok(event) => event,
            Err(why) => {
                differs("payload", &why);
                return Ok(());
            }
        };
        let (dataset, record) = log::source_words(&event);
        for (column, same) in [
            ("kind", event.kind() == entry.kind),
            ("dataset", dataset == entry.dataset),
            ("record", record == entry.record.as_deref()),
        ] {
            if !same {
                differs(column, "is not what the payload says");
            }
        }
        self.apply(entry, &event)
    }

    fn apply(&mut self, entry: &Entry, event: &Event) -> Result<(), Fault> {
        if entry.batch != self.folding {
            self.settle_batch()?;
            self.folding = entry.batch;
        }
        let fold = match &mut self.fold {
            Some(fold) => fold,
            None => self.fold.insert(Fold::new(self.conn, self.pack)?),
        };
        let earlier = fold.same_record(event)?;
        fold.apply(entry.revision.cast_unsigned(), event, earlier)?;
        Ok(())
    }

    fn settle_batch(&mut self) -> Result<(), Fault> {
        // The time goes into `gpkg_contents`, which is not compared.
        self.fold.take().map_or(Ok(()), |fold| fold.settle(&self.recorded_at))
    }
}

/// Compares one fold, row by row in the order of its key.
fn compare(
    file: &Connection,
    replayed: &Connection,
    table: &str,
    key: &str,
    verified: &mut Verified,
    steps: &mut Steps<'_>,
) -> Result<(), Fault> {
    let columns: Vec<String> = replayed
        .prepare(&format!("SELECT * FROM {table}"))?
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let place = columns.iter().position(|column| column == key).unwrap_or(0);
    let sql = format!("SELECT {} FROM {table} ORDER BY {key}", columns.join(", "));
    let Ok(mut stored) = file.prepare(&sql) else {
        verified.differs(table, None, None, "the table or a column of it is missing".to_owned());
        return Ok(());
    };
    let mut stored = stored.query([])?;
    let mut expected = replayed.prepare(&sql)?;
    let mut expected = expected.query([])?;
    let (mut a, mut b) = (stored.next()?, expected.next()?);
    loop {
        let keys: (Option<i64>, Option<i64>) =
            (a.map(|row| row.get(place)).transpose()?, b.map(|row| row.get(place)).transpose()?);
        let (step_a, step_b) = match keys {
            (None, None) => return Ok(()),
            (Some(_), None) => (true, false),
            (None, Some(_)) => (false, true),
            (Some(a), Some(b)) => (a <= b, b <= a),
        };
        match (a.filter(|_| step_a), b.filter(|_| step_b)) {
            (Some(stored), Some(expected)) => {
                for (at, column) in columns.iter().enumerate() {
                    let (stored, expected) = (stored.get_ref(at)?, expected.get_ref(at)?);
                    if !same(stored, expected, column) {
                        let what =
                            format!("holds {}, the log says {}", words(stored), words(expected));
                        verified.differs(table, keys.0, Some(column), what);
                    }
                }
            }
            (Some(_), None) => {
                verified.differs(table, keys.0, None, "the log knows no such row".to_owned());
            }
            (None, Some(_)) => {
                verified.differs(table, keys.1, None, "the row is missing".to_owned());
            }
            (None, None) => {}
        }
        if step_a {
            verified.rows += 1;
            steps.step();
            a = stored.next()?;
        }
        if step_b {
            b = expected.next()?;
        }
    }
}

/// Byte for byte, but for areas: those measured from an outline come out of sines and cosines,
/// whose last bits differ from one C library to the next. A millionth of a millionth is no ground.
fn same(stored: ValueRef<'_>, expected: ValueRef<'_>, column: &str) -> bool {
    if let (ValueRef::Real(a), ValueRef::Real(b)) = (stored, expected)
        && column.ends_with("_m2")
    {
        return (a - b).abs() <= 1e-12 * a.abs().max(b.abs());
    }
    stored == expected
}

fn words(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let mut short: String = text.chars().take(60).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            format!("`{short}`")
        }
        ValueRef::Blob(bytes) => format!("{} other bytes", bytes.len()),
    }
}
