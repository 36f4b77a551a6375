//! From events to the tables that people open.
//!
//! The same code folds an append into the file and, for `verify`, the whole log into an empty
//! database; what it does depends on the events and on where one append ends and the next begins,
//! and on nothing else.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;

use super::{
    cells::{Cells, Pen},
    error::Fault,
    facts::Fact,
    geometry::Bytes,
};
use crate::domain::{Boundary, CountryPack, Event, Extent, PlotId};

/// Calls `$body` with `$fact` being the fact inside `$event`, whatever its kind.
macro_rules! with_fact {
    ($event:expr, $fact:ident => $body:expr) => {
        match $event {
            Event::DatasetImported($fact) => $body,
            Event::BoundaryDeclared($fact) => $body,
            Event::BorderLineDeclared($fact) => $body,
            Event::PlotSighted($fact) => $body,
            Event::PlotMeasured($fact) => $body,
            Event::PlotDestroyed($fact) => $body,
            Event::PlotVerified($fact) => $body,
            Event::PlotRejected($fact) => $body,
            Event::SiteLinked($fact) => $body,
            Event::LegWalked($fact) => $body,
            Event::SearchedEmpty($fact) => $body,
            Event::OutreachHeld($fact) => $body,
        }
    };
}

/// Which kinds of facts a plot may have: a bit a kind.
pub(super) const SIGHTINGS: u8 = 1;
pub(super) const MEASUREMENTS: u8 = 2;
pub(super) const DESTRUCTIONS: u8 = 4;
pub(super) const VERIFICATIONS: u8 = 8;
pub(super) const REJECTIONS: u8 = 16;
pub(super) const LINKS: u8 = 32;
const ALL_KINDS: u8 = 63;

fn kind_bit(event: &Event) -> u8 {
    match event {
        Event::PlotSighted(_) => SIGHTINGS,
        Event::PlotMeasured(_) => MEASUREMENTS,
        Event::PlotDestroyed(_) => DESTRUCTIONS,
        Event::PlotVerified(_) => VERIFICATIONS,
        Event::PlotRejected(_) => REJECTIONS,
        Event::SiteLinked(_) => LINKS,
        Event::DatasetImported(_)
        | Event::BoundaryDeclared(_)
        | Event::BorderLineDeclared(_)
        | Event::LegWalked(_)
        | Event::SearchedEmpty(_)
        | Event::OutreachHeld(_) => 0,
    }
}

/// A plot about which something was told in this append.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touched {
    /// The last event about it.
    pub(super) last: u64,
    /// The kinds of facts it may have.
    pub(super) kinds: u8,
    /// Whether it had been named before this append.
    pub(super) known: bool,
}

/// Folds the events of one append. [`Self::apply`] each, then [`Self::settle`] once.
pub(super) struct Fold<'c> {
    pub(super) conn: &'c Connection,
    pub(super) pack: &'c CountryPack,
    pub(super) bytes: Bytes,
    statements: FxHashMap<&'static str, Statements<'c>>,
    find_plot: CachedStatement<'c>,
    /// The first number that this append gives, and the next one.
    first_number: u64,
    next_number: u64,
    /// The plot named last: its facts come in a row.
    named: Option<(PlotId, u64)>,
    pub(super) touched: FxHashMap<u64, Touched>,
    /// The tables written, with the rectangle around what was written.
    written: FxHashMap<&'static str, Option<Extent>>,
}

struct Statements<'c> {
    standing: CachedStatement<'c>,
    insert: CachedStatement<'c>,
}

impl<'c> Fold<'c> {
    pub(super) fn new(conn: &'c Connection, pack: &'c CountryPack) -> Result<Self, Fault> {
        let last: i64 = conn
            .prepare_cached("SELECT coalesce(max(plot), 0) FROM plot_number")?
            .query_row([], |row| row.get(0))?;
        let first_number = last.cast_unsigned() + 1;
        Ok(Self {
            conn,
            pack,
            bytes: Bytes::default(),
            statements: FxHashMap::default(),
            find_plot: conn.prepare_cached("SELECT plot FROM plot_number WHERE plot_id = ?")?,
            first_number,
            next_number: first_number,
            named: None,
            touched: FxHashMap::default(),
            written: FxHashMap::default(),
        })
    }

    /// The last event of the same kind about the same record at the source.
    pub(super) fn same_record(&mut self, event: &Event) -> Result<Option<u64>, Fault> {
        with_fact!(event, fact => self.last_of(fact))
    }

    /// Takes one event into its table; `same_record` is what [`Self::same_record`] said of it.
    /// True where it supersedes what was said before.
    pub(super) fn apply(
        &mut self,
        revision: u64,
        event: &Event,
        same_record: Option<u64>,
    ) -> Result<bool, Fault> {
        let plot = match event.plot() {
            Some(id) => {
                let number = self.number(id, revision)?;
                self.touch(number, revision, kind_bit(event));
                number
            }
            None => 0,
        };
        let mut superseded = false;
        if let Some(earlier) = same_record {
            superseded = with_fact!(event, fact => self.close_row(fact, earlier, revision))?;
            if event.plot().is_some() {
                with_fact!(event, fact => self.touch_plot_of(fact, earlier, revision))?;
            }
        }
        if let Event::BoundaryDeclared(boundary) = event {
            superseded |= self.close_unit(boundary, revision)?;
        }
        with_fact!(event, fact => self.insert(fact, revision, plot))?;
        Ok(superseded)
    }

    /// Resolves what was told about plots and sites, and keeps `gpkg_contents` true. Nothing may
    /// be applied after it.
    pub(super) fn settle(mut self, recorded_at: &str) -> Result<(), Fault> {
        super::plots::settle(&mut self)?;
        let mut update = self.conn.prepare_cached(
            "UPDATE gpkg_contents SET last_change = ?2, \
             min_x = min(coalesce(min_x, ?3), ?3), min_y = min(coalesce(min_y, ?4), ?4), \
             max_x = max(coalesce(max_x, ?5), ?5), max_y = max(coalesce(max_y, ?6), ?6) \
             WHERE table_name IN (?1, ?1 || '_current') AND ?3 IS NOT NULL",
        )?;
        let mut touch = self
            .conn
            .prepare_cached("UPDATE gpkg_contents SET last_change = ?2 WHERE table_name = ?1")?;
        touch.execute(params!["event", recorded_at])?;
        for (table, extent) in &self.written {
            match extent.map(Extent::get) {
                Some([west, south, east, north]) => {
                    update.execute(params![table, recorded_at, west, south, east, north])?;
                }
                None => drop(touch.execute(params![table, recorded_at])?),
            }
        }
        Ok(())
    }

    pub(super) fn touch(&mut self, number: u64, revision: u64, kind: u8) {
        let known = number < self.first_number;
        let kinds = if known { ALL_KINDS } else { kind };
        let touched =
            self.touched.entry(number).or_insert(Touched { last: revision, kinds, known });
        touched.last = revision;
        touched.kinds |= kinds;
    }

    /// Remembers that `table` was written.
    pub(super) fn wrote(&mut self, table: &'static str, extent: Option<Extent>) {
        let around = self.written.entry(table).or_default();
        *around = match (*around, extent) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
    }

    /// The number of a plot, given at the first event that names it.
    fn number(&mut self, id: &PlotId, revision: u64) -> Result<u64, Fault> {
        if let Some((named, number)) = &self.named
            && named == id
        {
            return Ok(*number);
        }
        let known: Option<i64> = self.find_plot.query_row([&id.0], |row| row.get(0)).optional()?;
        let number = if let Some(number) = known {
            number.cast_unsigned()
        } else {
            let number = self.next_number;
            self.next_number += 1;
            self.conn
                .prepare_cached(
                    "INSERT INTO plot_number (plot, plot_id, rev_from) VALUES (?, ?, ?)",
                )?
                .execute(params![number.cast_signed(), id.0, revision.cast_signed()])?;
            number
        };
        self.named = Some((id.clone(), number));
        Ok(number)
    }

    fn statements<F: Fact>(&mut self) -> Result<&mut Statements<'c>, Fault> {
        use std::collections::hash_map::Entry;
        match self.statements.entry(F::TABLE) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let (table, key, columns) = (F::TABLE, F::KEY, F::COLUMNS);
                Ok(entry.insert(Statements {
                    standing: self.conn.prepare_cached(&format!(
                        "SELECT rev_from FROM {table} WHERE {key} ORDER BY rev_from DESC LIMIT 1"
                    ))?,
                    insert: self.conn.prepare_cached(&insert_sql(table, columns))?,
                }))
            }
        }
    }

    fn last_of<F: Fact>(&mut self, fact: &F) -> Result<Option<u64>, Fault> {
        let statement = &mut self.statements::<F>()?.standing;
        let mut pen = Pen::new(statement);
        fact.write_key(&mut pen)?;
        let mut rows = pen.rows();
        let row = rows.next()?;
        let last: Option<i64> = row.map(|row| row.get(0)).transpose()?;
        Ok(last.map(i64::cast_unsigned))
    }

    fn insert<F: Fact>(&mut self, fact: &F, revision: u64, plot: u64) -> Result<(), Fault> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut pen = Pen::new(&mut self.statements::<F>()?.insert);
        pen.whole(revision)?;
        let extent = fact.write(&mut pen, plot, &mut bytes)?;
        pen.run()?;
        self.bytes = bytes;
        self.wrote(F::TABLE, extent);
        Ok(())
    }

    /// A fact holds until the event that says otherwise. The row may be closed already, where
    /// another data set had declared the same unit.
    fn close_row<F: Fact>(&self, _: &F, row: u64, revision: u64) -> Result<bool, Fault> {
        let table = F::TABLE;
        let closed = self
            .conn
            .prepare_cached(&format!(
                "UPDATE {table} SET rev_to = ? WHERE rev_from = ? AND rev_to IS NULL"
            ))?
            .execute(params![revision.cast_signed(), row.cast_signed()])?;
        Ok(closed > 0)
    }

    /// The record may have been about another plot before.
    fn touch_plot_of<F: Fact>(&mut self, _: &F, row: u64, revision: u64) -> Result<(), Fault> {
        let table = F::TABLE;
        let number: i64 = self
            .conn
            .prepare_cached(&format!("SELECT plot FROM {table} WHERE rev_from = ?"))?
            .query_row([row.cast_signed()], |row| row.get(0))?;
        self.touch(number.cast_unsigned(), revision, 0);
        Ok(())
    }

    /// A unit has one outline at a time, whichever data set it came from.
    fn close_unit(&self, boundary: &Boundary, revision: u64) -> Result<bool, Fault> {
        let key = &boundary.key;
        let closed = self
            .conn
            .prepare_cached(
                "UPDATE boundary SET rev_to = ? WHERE rev_to IS NULL \
                 AND scheme = ? AND level = ? AND code = ? AND valid_from = ?",
            )?
            .execute(params![
                revision.cast_signed(),
                key.scheme,
                key.level.word(),
                key.code,
                key.valid_from.to_string()
            ])?;
        Ok(closed > 0)
    }
}

/// `INSERT` of `rev_from` and `columns`.
pub(super) fn insert_sql(table: &str, columns: &str) -> String {
    let places = ", ?".repeat(columns.split(',').count());
    format!("INSERT INTO {table} (rev_from, {columns}) VALUES (?{places})")
}

/// Reads all facts of one kind that `filter` lets through, in the order they were told.
pub(super) fn read_facts<F: Fact>(
    conn: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<F>, Fault> {
    let (table, columns) = (F::TABLE, F::COLUMNS);
    let mut statement = conn.prepare_cached(&format!(
        "SELECT rev_from, {columns} FROM {table} WHERE {filter} ORDER BY rev_from"
    ))?;
    let mut rows = statement.query(params)?;
    let mut facts = Vec::new();
    while let Some(row) = rows.next()? {
        facts.push(F::read(&mut Cells::new(table, row))?);
    }
    Ok(facts)
}
