//! Plots and sites: resolved once an append from all that was told and stands.

use std::collections::BTreeMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::{
    cells::{Cells, Pen},
    error::Fault,
    facts::Fact,
    fold::{self, Fold, Touched, insert_sql},
    geometry::{self, Bytes, Shape},
    plot_facts,
};
use crate::domain::{
    CountryPack, DestructionMethod, Extent, Footprint, GrowthStage, Plot, PlotFacts, PlotId,
    SiteId, resolve,
};

/// The columns of `plot` after its key, in the order of [`write`] and [`read`].
pub(super) const COLUMNS: &str = "geom, plot, plot_id, season, site, error_m, error_assumed, \
     area_m2, area_method, first_source, reported_on, confirmed_on, stage, lancing_on, \
     lancing_assumed, destroyed_on, destroyed_m2, destruction_method, verified_on, verified_m2, \
     in_time_m2, regrown_on, rejected_on, rejected_as, duplicate_of, dataset";

/// A revision after all others: what holds now.
pub(super) const NOW: i64 = i64::MAX;

/// What held at `?1`.
pub(super) const AS_OF: &str = "rev_from <= ?1 AND (rev_to IS NULL OR rev_to > ?1)";

/// What held at `?1` about plot `?2`. The plus keeps SQLite from looking by revision.
const OF_PLOT_AS_OF: &str = "plot = ?2 AND +rev_from <= ?1 AND (rev_to IS NULL OR rev_to > ?1)";

fn write(pen: &mut Pen<'_, '_>, plot: &Plot, bytes: &mut Bytes) -> Result<(), rusqlite::Error> {
    pen.put(bytes.point(plot.position))?;
    pen.whole(plot.number)?;
    pen.put(&plot.id.0)?;
    pen.season(plot.season)?;
    pen.put(plot.site.as_ref().map(|site| &site.0))?;
    pen.length(Some(plot.error))?;
    pen.put(plot.error_assumed)?;
    pen.area(plot.area)?;
    pen.put(plot.area_method.map(crate::domain::AreaMethod::word))?;
    pen.put(plot.first_source.word())?;
    pen.date(plot.reported_on)?;
    pen.date(plot.confirmed_on)?;
    pen.put(plot.stage.map(GrowthStage::word))?;
    pen.date(plot.lancing_on)?;
    pen.put(plot.lancing_assumed)?;
    pen.date(plot.destroyed_on)?;
    pen.area(plot.destroyed_area)?;
    pen.put(plot.destruction_method.map(DestructionMethod::word))?;
    pen.date(plot.verified_on)?;
    pen.area(plot.verified_area)?;
    pen.area(plot.in_time_area)?;
    pen.date(plot.regrown_on)?;
    let reason = plot.rejected.as_ref().map(|(_, reason)| plot_facts::reason_words(reason));
    pen.date(plot.rejected.as_ref().map(|(date, _)| *date))?;
    pen.put(reason.map(|(word, _)| word))?;
    pen.put(reason.and_then(|(_, other)| other))?;
    pen.put(&plot.dataset)
}

/// Reads a row of `plot`, all but the outline, which has a table of its own.
pub(super) fn read(row: &Row<'_>) -> Result<Plot, Fault> {
    let mut cells = Cells::new("plot", row);
    Ok(Plot {
        position: cells.position()?,
        number: cells.whole()?,
        id: PlotId(cells.string()?),
        season: cells.season()?,
        site: cells.opt_string()?.map(SiteId),
        error: cells.length()?,
        error_assumed: cells.flag()?,
        area: cells.opt_area()?,
        area_method: cells.opt_word()?,
        first_source: cells.word()?,
        reported_on: cells.date()?,
        confirmed_on: cells.opt_date()?,
        stage: cells.opt_word()?,
        lancing_on: cells.date()?,
        lancing_assumed: cells.flag()?,
        destroyed_on: cells.opt_date()?,
        destroyed_area: cells.opt_area()?,
        destruction_method: cells.opt_word()?,
        verified_on: cells.opt_date()?,
        verified_area: cells.opt_area()?,
        in_time_area: cells.opt_area()?,
        regrown_on: cells.opt_date()?,
        rejected: match (cells.opt_date()?, plot_facts::read_reason(&mut cells)?) {
            (None, None) => None,
            (Some(date), Some(reason)) => Some((date, reason)),
            _ => return Err(cells.wrong("stands without the date or reason beside it")),
        },
        dataset: cells.string()?,
        outline: None,
    })
}

/// What was told about a plot and held at `revision`.
fn facts_of(conn: &Connection, number: u64, kinds: u8, revision: i64) -> Result<PlotFacts, Fault> {
    fn of<F: Fact>(
        conn: &Connection,
        wanted: bool,
        number: u64,
        revision: i64,
    ) -> Result<Vec<F>, Fault> {
        if !wanted {
            return Ok(Vec::new());
        }
        fold::read_facts(conn, OF_PLOT_AS_OF, params![revision, number.cast_signed()])
    }
    let has = |kind: u8| kinds & kind != 0;
    Ok(PlotFacts {
        sightings: of(conn, has(fold::SIGHTINGS), number, revision)?,
        measurements: of(conn, has(fold::MEASUREMENTS), number, revision)?,
        destructions: of(conn, has(fold::DESTRUCTIONS), number, revision)?,
        verifications: of(conn, has(fold::VERIFICATIONS), number, revision)?,
        rejections: of(conn, has(fold::REJECTIONS), number, revision)?,
        links: of(conn, has(fold::LINKS), number, revision)?,
    })
}

/// The plot as of `revision`, from its facts and not from its row.
pub(super) fn resolve_at(
    conn: &Connection,
    number: u64,
    revision: i64,
    pack: &CountryPack,
) -> Result<Option<Plot>, Fault> {
    let facts = facts_of(conn, number, u8::MAX, revision)?;
    Ok(resolved(number, &facts, pack))
}

fn resolved(number: u64, facts: &PlotFacts, pack: &CountryPack) -> Option<Plot> {
    let id = &facts.sightings.first()?.plot;
    resolve(number, id, facts, pack)
}

struct Statements<'c> {
    insert: CachedStatement<'c>,
    insert_outline: CachedStatement<'c>,
    current: CachedStatement<'c>,
    current_outline: CachedStatement<'c>,
    close: CachedStatement<'c>,
    close_outline: CachedStatement<'c>,
}

/// Resolves every plot and then every site that this append was about.
pub(super) fn settle(fold: &mut Fold<'_>) -> Result<(), Fault> {
    let conn = fold.conn;
    let mut statements = Statements {
        insert: conn.prepare_cached(&insert_sql("plot", COLUMNS))?,
        insert_outline: conn.prepare_cached(&insert_sql("plot_outline", "geom, plot, plot_id"))?,
        current: conn.prepare_cached(&format!(
            "SELECT fid, {COLUMNS} FROM plot WHERE plot = ? AND rev_to IS NULL"
        ))?,
        current_outline: conn.prepare_cached(
            "SELECT fid, geom FROM plot_outline WHERE plot = ? AND rev_to IS NULL",
        )?,
        close: conn.prepare_cached("UPDATE plot SET rev_to = ? WHERE fid = ?")?,
        close_outline: conn.prepare_cached("UPDATE plot_outline SET rev_to = ? WHERE fid = ?")?,
    };
    let mut touched: Vec<(u64, Touched)> = std::mem::take(&mut fold.touched).into_iter().collect();
    // By number, so that the same events give the same row keys.
    touched.sort_unstable_by_key(|(number, _)| *number);
    let mut sites: BTreeMap<String, u64> = BTreeMap::new();
    for (number, touched) in touched {
        settle_plot(fold, &mut statements, number, touched, &mut sites)?;
    }
    drop(statements);
    for (site, revision) in sites {
        settle_site(fold, &site, revision)?;
    }
    Ok(())
}

fn settle_plot(
    fold: &mut Fold<'_>,
    statements: &mut Statements<'_>,
    number: u64,
    touched: Touched,
    sites: &mut BTreeMap<String, u64>,
) -> Result<(), Fault> {
    let revision = touched.last.cast_signed();
    let facts = facts_of(fold.conn, number, touched.kinds, NOW)?;
    let mut plot = resolved(number, &facts, fold.pack);
    let outline = plot.as_mut().and_then(|plot| plot.outline.take());
    let mut before = None;
    let mut outline_changed = outline.is_some();
    if touched.known {
        before = current(&mut statements.current, number)?;
        outline_changed =
            settle_outline(fold, statements, number, outline.as_ref(), plot.as_ref(), revision)?;
    } else if let (Some(outline), Some(plot)) = (&outline, &plot) {
        write_outline(fold, statements, plot, outline, revision)?;
    }
    // A changed outline makes a new row of the plot too: who asks what changed asks for plots.
    if !outline_changed && before.as_ref().map(|(_, plot)| plot) == plot.as_ref() {
        return Ok(());
    }
    if let Some((row, _)) = &before {
        statements.close.execute(params![revision, row])?;
    }
    for site in [&before.as_ref().map(|(_, plot)| plot), &plot.as_ref()] {
        if let Some(site) = site.and_then(|plot| plot.site.as_ref()) {
            let last = sites.entry(site.0.clone()).or_default();
            *last = touched.last.max(*last);
        }
    }
    if let Some(plot) = &plot {
        let mut pen = Pen::new(&mut statements.insert);
        pen.put(revision)?;
        write(&mut pen, plot, &mut fold.bytes)?;
        pen.run()?;
        let extent = fold.bytes.extent;
        fold.wrote("plot", extent);
    }
    Ok(())
}

fn current(statement: &mut CachedStatement<'_>, number: u64) -> Result<Option<(i64, Plot)>, Fault> {
    let mut rows = statement.query([number.cast_signed()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((row.get(0)?, read(row)?)))
}

/// The outline has rows of its own, which change only when it does. True where it did.
fn settle_outline(
    fold: &mut Fold<'_>,
    statements: &mut Statements<'_>,
    number: u64,
    outline: Option<&Footprint>,
    plot: Option<&Plot>,
    revision: i64,
) -> Result<bool, Fault> {
    let before = statements
        .current_outline
        .query_row([number.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let before: Option<(i64, Vec<u8>)> = before;
    let now = outline.map(|outline| fold.bytes.outline(outline));
    if before.as_ref().map(|(_, bytes)| bytes.as_slice()) == now {
        return Ok(false);
    }
    if let Some((row, _)) = before {
        statements.close_outline.execute(params![revision, row])?;
    }
    if let (Some(outline), Some(plot)) = (outline, plot) {
        write_outline(fold, statements, plot, outline, revision)?;
    }
    Ok(true)
}

fn write_outline(
    fold: &mut Fold<'_>,
    statements: &mut Statements<'_>,
    plot: &Plot,
    outline: &Footprint,
    revision: i64,
) -> Result<(), Fault> {
    let mut pen = Pen::new(&mut statements.insert_outline);
    pen.put(revision)?;
    pen.put(fold.bytes.outline(outline))?;
    pen.whole(plot.number)?;
    pen.put(&plot.id.0)?;
    pen.run()?;
    let extent = fold.bytes.extent;
    fold.wrote("plot_outline", extent);
    Ok(())
}

/// A site stands at the best position of its plots that were not rejected.
fn settle_site(fold: &mut Fold<'_>, site: &str, revision: u64) -> Result<(), Fault> {
    type Place = (Vec<u8>, i64, String, String);
    let conn = fold.conn;
    let now: Option<Place> = conn
        .prepare_cached(
            "SELECT geom, count(*) OVER (), min(season) OVER (), max(season) OVER () FROM plot \
             WHERE site = ? AND rev_to IS NULL AND rejected_on IS NULL \
             ORDER BY error_m, reported_on DESC, plot LIMIT 1",
        )?
        .query_row([site], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let before: Option<(i64, Place)> = conn
        .prepare_cached(
            "SELECT fid, geom, plots, first_season, last_season FROM site \
             WHERE site = ? AND rev_to IS NULL",
        )?
        .query_row([site], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        })
        .optional()?;
    if before.as_ref().map(|(_, place)| place) == now.as_ref() {
        return Ok(());
    }
    let revision = revision.cast_signed();
    if let Some((row, _)) = before {
        conn.prepare_cached("UPDATE site SET rev_to = ? WHERE fid = ?")?
            .execute(params![revision, row])?;
    }
    if let Some((geom, plots, first, last)) = now {
        conn.prepare_cached(
            "INSERT INTO site (rev_from, geom, site, plots, first_season, last_season) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![revision, geom, site, plots, first, last])?;
        let extent = match geometry::read(&geom) {
            Some(Shape::Point(at)) => Extent::new(at.lon(), at.lat(), at.lon(), at.lat()).ok(),
            Some(Shape::Outline(_) | Shape::Lines(_)) | None => None,
        };
        fold.wrote("site", extent);
    }
    Ok(())
}
