//! The store in one GeoPackage.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use rayon::prelude::*;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    cells::time_text,
    error::{Fault, StoreError},
    fold::Fold,
    log::{self, Head, Payload, Writer},
    open, schema,
};
use crate::domain::{Changes, CountryPack, Event, Facts, Revision};

/// Events whose payloads are written as JSON and hashed at once, by several threads.
const CHUNK: usize = 4096;

/// One GeoPackage with the log and its folds.
///
/// A connection: one thread at a time. Several stores may be open on one file, in this process or
/// others; one of them writes at a time, and readers never wait for it (WAL).
pub struct Store {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
    pub(super) pack: CountryPack,
    pub(super) patience: Duration,
}

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The log's end after it.
    pub head: Head,
    /// Events about records not known before.
    pub new: u64,
    /// Events that said something else about a known record, or about a known unit.
    pub superseded: u64,
    /// Events left out because the log's last word on their record is the same.
    pub unchanged: u64,
}

impl Store {
    /// Opens the store at `path`, and makes it first where there is no file or an empty one.
    ///
    /// # Errors
    ///
    /// [`StoreError`], in the words of whoever must mend it. Whatever else lies at `path` is not
    /// touched.
    pub fn create_or_open(path: &Path, pack: &CountryPack) -> Result<Self, StoreError> {
        Self::with(path, pack, true)
    }

    /// Opens the store at `path`.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; [`StoreError::NotFound`] where there is no file.
    pub fn open(path: &Path, pack: &CountryPack) -> Result<Self, StoreError> {
        Self::with(path, pack, false)
    }

    fn with(path: &Path, pack: &CountryPack, create: bool) -> Result<Self, StoreError> {
        let conn = open::open(path, pack, create)?;
        let (path, pack, patience) = (path.to_path_buf(), pack.clone(), open::PATIENCE);
        Ok(Self { conn, path, pack, patience })
    }

    /// How long to wait for another writer before giving up with [`StoreError::Busy`]; ten
    /// seconds unless set.
    ///
    /// # Errors
    ///
    /// None that SQLite is known to give.
    pub fn set_patience(&mut self, patience: Duration) -> Result<(), StoreError> {
        self.conn.busy_timeout(patience).map_err(|error| self.named(error))?;
        self.patience = patience;
        Ok(())
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The end of the log.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the file cannot be read.
    pub fn head(&self) -> Result<Head, StoreError> {
        log::head(&self.conn).map(|(head, _)| head).map_err(|fault| self.named(fault))
    }

    /// A number that changes whenever another connection, of this process or another one, has
    /// written to the file (`PRAGMA data_version`). Appends of this very store do not change it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.conn
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(|error| self.named(error))
    }

    /// The last revision recorded at `time` or before, to the millisecond; 0 where there is none.
    /// Always the end of an append: a half one never was to be seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the file cannot be read.
    pub fn revision_at(&self, time: Timestamp) -> Result<Revision, StoreError> {
        let time = time_text(whole_milliseconds(time));
        log::revision_at(&self.conn, &time).map(Revision).map_err(|fault| self.named(fault))
    }

    /// Appends events in one transaction: all of them or none.
    ///
    /// An event that says the same as the log's last word of its kind on its record (data set and
    /// record id) is left out; one that says something else supersedes it. When this returns
    /// [`Ok`], the events are on the disk and survive a crash of the program and of the machine.
    /// `recorded_at` is rounded down to milliseconds, and moved up to the time of the log's end
    /// where that is later: recorded times never run backwards. `progress` hears how many events
    /// were looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] where another program is writing for longer than we wait, and others;
    /// nothing was changed then.
    pub fn append(
        &mut self,
        events: &[Event],
        recorded_at: Timestamp,
        progress: &dyn Fn(u64),
    ) -> Result<Appended, StoreError> {
        self.change(|changing, pack| append(changing, pack, events, recorded_at, progress))
    }

    /// As [`Self::append`], if the log still ends at `prepared_on`, the revision that `events` were
    /// prepared on; `None`, and nothing is changed, where it has moved.
    ///
    /// # Errors
    ///
    /// As [`Self::append`].
    pub fn append_on(
        &mut self,
        prepared_on: Revision,
        events: &[Event],
        recorded_at: Timestamp,
        progress: &dyn Fn(u64),
    ) -> Result<Option<Appended>, StoreError> {
        // Compared with the write lock held: nobody comes between the comparison and the append.
        self.change(|changing, pack| {
            if log::head(&changing)?.0.revision != prepared_on {
                return Ok(None);
            }
            append(changing, pack, events, recorded_at, progress).map(Some)
        })
    }

    /// As [`Self::append`], with events that `prepare` makes while other writers wait: it is told
    /// what became different after `since`. For when [`Self::append_on`] was overtaken repeatedly.
    ///
    /// # Errors
    ///
    /// As [`Self::append`], and what `prepare` says; nothing was changed then.
    pub fn append_with<E: From<StoreError>>(
        &mut self,
        since: Revision,
        prepare: impl FnOnce(Option<Changes>) -> Result<Vec<Event>, E>,
        recorded_at: Timestamp,
        progress: &dyn Fn(u64),
    ) -> Result<Appended, E> {
        let appended = self.change(|changing, pack| {
            let head = log::head(&changing)?.0.revision;
            let changes = (head != since)
                .then(|| super::load::changes(&changing, since, head, pack))
                .transpose()?;
            match prepare(changes) {
                Ok(events) => append(changing, pack, &events, recorded_at, progress).map(Ok),
                Err(error) => Ok(Err(error)),
            }
        });
        appended?
    }

    /// Runs `work` with the write lock held. What it does not commit is rolled back.
    fn change<T>(
        &mut self,
        work: impl FnOnce(Transaction<'_>, &CountryPack) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let patience = self.patience;
        open::set_wal(&self.conn, patience).map_err(|e| Fault::Sql(e).of(&self.path, patience))?;
        let done = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Fault::Sql)
            .and_then(|changing| work(changing, &self.pack));
        done.map_err(|fault| self.named(fault))
    }

    /// Everything that held at `as_of`, or holds now. Any revision can be asked for, the middle
    /// of an append too.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchRevision`] beyond the log's end; [`StoreError::Row`] where somebody
    /// changed a row behind our back.
    pub fn load(&self, as_of: Option<Revision>) -> Result<Facts, StoreError> {
        let (reading, head) = self.reading()?;
        let revision = as_of.unwrap_or(head.revision);
        log::within(revision, head)?;
        super::load::facts(&reading, revision, &self.pack).map_err(|fault| self.named(fault))
    }

    /// What became different after `revision`; `None` where nothing did.
    ///
    /// # Errors
    ///
    /// As [`Self::load`]. A `revision` beyond the log's end is [`StoreError::NoSuchRevision`]:
    /// the file was replaced by an older one.
    pub fn changes_since(&self, revision: Revision) -> Result<Option<Changes>, StoreError> {
        let (reading, head) = self.reading()?;
        log::within(revision, head)?;
        if revision == head.revision {
            return Ok(None);
        }
        super::load::changes(&reading, revision, head.revision, &self.pack)
            .map(Some)
            .map_err(|fault| self.named(fault))
    }

    /// One state of the file for several questions, whoever writes meanwhile.
    pub(super) fn reading(&self) -> Result<(Transaction<'_>, Head), StoreError> {
        let reading = self.conn.unchecked_transaction().map_err(|error| self.named(error))?;
        let (head, _) = log::head(&reading).map_err(|fault| self.named(fault))?;
        Ok((reading, head))
    }

    pub(super) fn named(&self, fault: impl Into<Fault>) -> StoreError {
        fault.into().of(&self.path, self.patience)
    }
}

fn append(
    changing: Transaction<'_>,
    pack: &CountryPack,
    events: &[Event],
    recorded_at: Timestamp,
    progress: &dyn Fn(u64),
) -> Result<Appended, Fault> {
    let (before, last_time) = log::head(&changing)?;
    let recorded_at = time_text(whole_milliseconds(recorded_at));
    // Times of one form and length: their texts compare as they do.
    let recorded_at = last_time.filter(|last| *last > recorded_at).unwrap_or(recorded_at);
    schema::drop_foreign_indexes(&changing)?;

    let mut writer = Writer::new(&changing, before, recorded_at.clone())?;
    let mut fold = Fold::new(&changing, pack)?;
    let (mut looked_at, mut new, mut superseded, mut unchanged) = (0, 0, 0, 0);
    for chunk in events.chunks(CHUNK) {
        let payloads: Vec<Payload> = chunk
            .par_iter()
            .map(Payload::of)
            .collect::<Result<_, _>>()
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        for (event, payload) in chunk.iter().zip(&payloads) {
            let earlier = fold.same_record(event)?;
            if let Some(earlier) = earlier
                && writer.payload_hash(earlier)? == Some(payload.hash)
            {
                unchanged += 1;
                continue;
            }
            let revision = writer.append(event, payload)?;
            if fold.apply(revision, event, earlier)? {
                superseded += 1;
            } else {
                new += 1;
            }
        }
        looked_at += chunk.len() as u64;
        progress(looked_at);
    }
    let head = writer.head();
    drop(writer);
    if head != before {
        fold.settle(&recorded_at)?;
        changing.commit()?;
    }
    Ok(Appended { head, new, superseded, unchanged })
}

fn whole_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_nanosecond().div_euclid(1_000_000) as i64).unwrap_or(time)
}
