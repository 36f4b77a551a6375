//! From the folds to the facts that a snapshot is made of.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::{
    cells::Cells,
    error::Fault,
    facts::Fact,
    fold::read_facts,
    log,
    plots::{self, AS_OF},
};
use crate::domain::{
    BorderLine, Boundary, Changes, CountryPack, Dataset, DatasetKind, EmptySearch, Facts,
    Footprint, Outreach, PatrolLeg, Plot, Revision,
};

/// Everything that held at `revision`.
pub(super) fn facts(
    conn: &Connection,
    revision: Revision,
    pack: &CountryPack,
) -> Result<Facts, Fault> {
    let at = revision.0.cast_signed();
    let mut boundaries = standing::<Boundary>(conn, at)?;
    boundaries.sort_by(|a, b| a.key.cmp(&b.key));
    let mut legs = standing::<PatrolLeg>(conn, at)?;
    legs.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
    let mut empty_searches = standing::<EmptySearch>(conn, at)?;
    empty_searches.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
    let mut outreach = standing::<Outreach>(conn, at)?;
    outreach.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
    Ok(Facts {
        revision,
        datasets: read_facts(conn, "rev_from <= ?", [at])?,
        boundaries,
        border_lines: standing::<BorderLine>(conn, at)?,
        plots: plots_at(conn, revision.0, pack)?,
        legs,
        empty_searches,
        outreach,
    })
}

fn standing<F: Fact>(conn: &Connection, at: i64) -> Result<Vec<F>, Fault> {
    read_facts(conn, AS_OF, [at])
}

/// The plots that held at `revision`, by number.
fn plots_at(conn: &Connection, revision: u64, pack: &CountryPack) -> Result<Vec<Plot>, Fault> {
    let at = revision.cast_signed();
    let mut plots = read_plots(conn, AS_OF, [at])?;
    add_outlines(&mut plots, read_outlines(conn, AS_OF, [at])?);
    for number in half_told(conn, revision)? {
        let place = plots.binary_search_by_key(&number, |plot| plot.number);
        match (place, plots::resolve_at(conn, number, at, pack)?) {
            (Ok(place), Some(plot)) => plots[place] = plot,
            (Ok(place), None) => drop(plots.remove(place)),
            (Err(place), Some(plot)) => plots.insert(place, plot),
            (Err(_), None) => {}
        }
    }
    Ok(plots)
}

fn read_plots(
    conn: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Plot>, Fault> {
    let columns = plots::COLUMNS;
    let mut statement =
        conn.prepare_cached(&format!("SELECT fid, {columns} FROM plot WHERE {filter}"))?;
    let mut rows = statement.query(params)?;
    let mut plots = Vec::new();
    while let Some(row) = rows.next()? {
        plots.push(plots::read(row)?);
    }
    plots.sort_by_key(|plot| plot.number);
    Ok(plots)
}

fn read_outlines(
    conn: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<(u64, Footprint)>, Fault> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT fid, plot, geom FROM plot_outline WHERE {filter}"))?;
    let mut rows = statement.query(params)?;
    let mut outlines = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Cells::new("plot_outline", row);
        outlines.push((cells.whole()?, cells.outline()?));
    }
    outlines.sort_by_key(|(number, _)| *number);
    Ok(outlines)
}

/// Both by number.
fn add_outlines(plots: &mut [Plot], outlines: Vec<(u64, Footprint)>) {
    let mut plots = plots.iter_mut();
    for (number, outline) in outlines {
        if let Some(plot) = plots.by_ref().find(|plot| plot.number >= number)
            && plot.number == number
        {
            plot.outline = Some(outline);
        }
    }
}

/// Tables with facts about plots.
const PLOT_FACTS: [&str; 6] =
    ["sighting", "measurement", "destruction", "verification", "rejection", "site_link"];

/// The plots that the append around `revision` had told about before it and would tell more about
/// after it: their rows say what held before or after the append, and not in its middle.
fn half_told(conn: &Connection, revision: u64) -> Result<BTreeSet<u64>, Fault> {
    let (first, last) = log::batch_around(conn, revision)?;
    if revision == last {
        return Ok(BTreeSet::new());
    }
    let before = told_about(conn, first, revision)?;
    let after = told_about(conn, revision + 1, last)?;
    Ok(before.intersection(&after).copied().collect())
}

fn told_about(conn: &Connection, from: u64, to: u64) -> Result<BTreeSet<u64>, Fault> {
    let mut plots = BTreeSet::new();
    for table in PLOT_FACTS {
        let mut statement = conn.prepare(&format!(
            "SELECT plot FROM {table} WHERE rev_from BETWEEN ?1 AND ?2 \
             UNION SELECT plot FROM {table} WHERE rev_to BETWEEN ?1 AND ?2"
        ))?;
        let mut rows = statement.query([from.cast_signed(), to.cast_signed()])?;
        while let Some(row) = rows.next()? {
            plots.insert(row.get::<_, i64>(0)?.cast_unsigned());
        }
    }
    Ok(plots)
}

/// What became different after `since`, up to `head`.
pub(super) fn changes(
    conn: &Connection,
    since: Revision,
    head: Revision,
    pack: &CountryPack,
) -> Result<Changes, Fault> {
    let after = since.0.cast_signed();
    if !only_plots(conn, since)? {
        return Ok(Changes::Everything(Box::new(facts(conn, head, pack)?)));
    }
    let mut plots = read_plots(conn, "rev_from > ? AND rev_to IS NULL", [after])?;
    // A changed outline comes with a new row of its plot.
    let mut outlines = Vec::new();
    for plot in &plots {
        let now = "plot = ? AND rev_to IS NULL";
        outlines.extend(read_outlines(conn, now, [plot.number.cast_signed()])?);
    }
    add_outlines(&mut plots, outlines);
    Ok(Changes::Plots {
        revision: head,
        plots,
        datasets: read_facts(conn, "rev_from > ?", [after])?,
    })
}

/// Whether all that changed after `since` can be said as new or changed plots.
fn only_plots(conn: &Connection, since: Revision) -> Result<bool, Fault> {
    let after = since.0.cast_signed();
    // A row is only ever closed by a later one of the same table.
    for table in
        [Boundary::TABLE, BorderLine::TABLE, PatrolLeg::TABLE, EmptySearch::TABLE, Outreach::TABLE]
    {
        let changed: bool = conn
            .prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE rev_from > ?)"))?
            .query_row([after], |row| row.get(0))?;
        if changed {
            return Ok(false);
        }
    }
    // Whose boundaries cover whose follows from the order of their imports.
    let restated: bool = conn
        .prepare_cached(&format!(
            "SELECT EXISTS (SELECT 1 FROM {} WHERE rev_from > ? AND kind IN (?, ?))",
            Dataset::TABLE
        ))?
        .query_row(
            (after, DatasetKind::Boundaries.word(), DatasetKind::BorderLines.word()),
            |row| row.get(0),
        )?;
    if restated {
        return Ok(false);
    }
    // A plot is gone where its only sighting turned out to be about another one.
    let gone: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM plot AS old WHERE old.rev_to > ? AND NOT EXISTS \
             (SELECT 1 FROM plot WHERE plot = old.plot AND rev_to IS NULL))",
        )?
        .query_row([after], |row| row.get(0))?;
    Ok(!gone && log::batch_around(conn, since.0)?.1 == since.0)
}
