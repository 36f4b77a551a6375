//! The log: what is hashed, and in which order.
//!
//! `hash = SHA-256(previous hash ‖ revision ‖ batch ‖ recorded_at ‖ kind ‖ payload hash)`; numbers
//! as eight bytes, most significant first; texts as their length and their UTF-8 bytes. The hash
//! before the first event is 32 zeros. The payload itself is not in the chain, only its hash: the
//! format lets a payload be taken out without breaking the chain.

use std::fmt::{self, Write as _};

use rusqlite::{CachedStatement, Connection, OptionalExtension};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use sha2::{Digest, Sha256};

use super::{
    cells::Pen,
    error::{Fault, StoreError},
};
use crate::domain::{Event, Revision};

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// The end of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The last event; 0 in an empty log.
    pub revision: Revision,
    /// Its hash, which stands for all events before it too.
    pub hash: [u8; 32],
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revision {}, ", self.revision.0)?;
        f.write_str(&hexadecimal(&self.hash))
    }
}

fn hexadecimal(hash: &Hash) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut head = serializer.serialize_struct("Head", 2)?;
        head.serialize_field("revision", &self.revision)?;
        head.serialize_field("hash", &hexadecimal(&self.hash))?;
        head.end()
    }
}

/// An event as the log writes it.
pub(super) struct Payload {
    pub(super) text: String,
    pub(super) hash: Hash,
}

impl Payload {
    pub(super) fn of(event: &Event) -> Result<Self, serde_json::Error> {
        let text = serde_json::to_string(event)?;
        let hash = hash_of(&text);
        Ok(Self { text, hash })
    }
}

pub(super) fn hash_of(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// What the chain holds of one event.
pub(super) struct Link<'t> {
    pub(super) revision: u64,
    pub(super) batch: u64,
    pub(super) recorded_at: &'t str,
    pub(super) kind: &'t str,
    pub(super) payload_hash: Hash,
}

impl Link<'_> {
    pub(super) fn hash(&self, previous: &Hash) -> Hash {
        let mut sha = Sha256::new();
        sha.update(previous);
        sha.update(self.revision.to_be_bytes());
        sha.update(self.batch.to_be_bytes());
        for text in [self.recorded_at, self.kind] {
            sha.update((text.len() as u64).to_be_bytes());
            sha.update(text.as_bytes());
        }
        sha.update(self.payload_hash);
        sha.finalize().into()
    }
}

/// The data set and record of an event, as the log's columns tell them.
pub(super) fn source_words(event: &Event) -> (&str, Option<&str>) {
    match (event, event.source()) {
        (Event::DatasetImported(it), _) => (&it.id, None),
        (_, Some(source)) => (&source.dataset, Some(&source.record)),
        (_, None) => ("", None),
    }
}

/// The end of the log and the time written on it.
pub(super) fn head(conn: &Connection) -> Result<(Head, Option<String>), Fault> {
    let last = conn
        .prepare_cached(
            "SELECT revision, hash, recorded_at FROM event ORDER BY revision DESC LIMIT 1",
        )?
        .query_row([], |row| {
            let revision: i64 = row.get(0)?;
            let hash: Hash = row.get(1)?;
            Ok((Head { revision: Revision(revision.cast_unsigned()), hash }, row.get(2)?))
        })
        .optional()?;
    Ok(last.map_or((Head::default(), None), |(head, time)| (head, Some(time))))
}

/// Writes events one after the other, all of one batch.
pub(super) struct Writer<'c> {
    insert: CachedStatement<'c>,
    hash_of: CachedStatement<'c>,
    batch: u64,
    recorded_at: String,
    head: Head,
}

impl<'c> Writer<'c> {
    pub(super) fn new(
        conn: &'c Connection,
        head: Head,
        recorded_at: String,
    ) -> Result<Self, Fault> {
        Ok(Self {
            insert: conn.prepare_cached(
                "INSERT INTO event (revision, batch, recorded_at, kind, dataset, record, payload, \
                 payload_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            hash_of: conn.prepare_cached("SELECT payload_hash FROM event WHERE revision = ?")?,
            batch: head.revision.0 + 1,
            recorded_at,
            head,
        })
    }

    pub(super) const fn head(&self) -> Head {
        self.head
    }

    /// The hash of the payload of an event that is in the log.
    pub(super) fn payload_hash(&mut self, revision: u64) -> Result<Option<Hash>, Fault> {
        let row = self.hash_of.query_row([revision.cast_signed()], |row| row.get(0));
        Ok(row.optional()?)
    }

    /// Writes one event and gives its revision.
    pub(super) fn append(&mut self, event: &Event, payload: &Payload) -> Result<u64, Fault> {
        let revision = self.head.revision.0 + 1;
        let link = Link {
            revision,
            batch: self.batch,
            recorded_at: &self.recorded_at,
            kind: event.kind(),
            payload_hash: payload.hash,
        };
        let hash = link.hash(&self.head.hash);
        let (dataset, record) = source_words(event);
        let mut pen = Pen::new(&mut self.insert);
        pen.whole(revision)?;
        pen.whole(self.batch)?;
        pen.put(&self.recorded_at)?;
        pen.put(event.kind())?;
        pen.put(dataset)?;
        pen.put(record)?;
        pen.put(&payload.text)?;
        pen.put(&payload.hash[..])?;
        pen.put(&self.head.hash[..])?;
        pen.put(&hash[..])?;
        pen.run()?;
        self.head = Head { revision: Revision(revision), hash };
        Ok(revision)
    }
}

/// The first and last revision of the append with which `revision` came.
pub(super) fn batch_around(conn: &Connection, revision: u64) -> Result<(u64, u64), Fault> {
    let span = conn
        .query_row(
            "SELECT batch, (SELECT min(revision) - 1 FROM event INDEXED BY event_batch \
             WHERE revision = batch AND revision > ?1), (SELECT max(revision) FROM event) \
             FROM event WHERE revision = ?1",
            [revision.cast_signed()],
            |row| {
                let (first, before_next, last): (i64, Option<i64>, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((first.cast_unsigned(), before_next.unwrap_or(last).cast_unsigned()))
            },
        )
        .optional()?;
    Ok(span.unwrap_or((revision, revision)))
}

/// The last revision recorded at `time` (in the text of the log) or before.
pub(super) fn revision_at(conn: &Connection, time: &str) -> Result<u64, Fault> {
    let before_next: Option<i64> = conn.query_row(
        "SELECT min(revision) - 1 FROM event INDEXED BY event_batch \
         WHERE revision = batch AND recorded_at > ?",
        [time],
        |row| row.get(0),
    )?;
    match before_next {
        Some(revision) => Ok(revision.cast_unsigned()),
        None => Ok(head(conn)?.0.revision.0),
    }
}

/// Asked for more than there is.
pub(super) fn within(asked: Revision, head: Head) -> Result<(), StoreError> {
    if asked <= head.revision {
        Ok(())
    } else {
        Err(StoreError::NoSuchRevision { asked, last: head.revision })
    }
}
