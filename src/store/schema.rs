//! The tables of a store: made, registered for GeoPackage readers, and guarded against editors.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::CountryPack;

/// The version of our tables. Another one is another store.
pub(super) const VERSION: i64 = 1;

/// `GPKG` (OGC 12-128r18, requirement 2).
const APPLICATION_ID: i64 = 0x4750_4B47;
/// GeoPackage 1.3.0.
const USER_VERSION: i64 = 10300;

/// A table that other programs may read and only we may write.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Its integer primary key.
    pub(super) key: &'static str,
    /// The type of its `geom`, where it has one.
    geometry: Option<&'static str>,
    /// What it holds, for the description in `gpkg_contents`; `None`: not listed there.
    about: Option<&'static str>,
    /// What GIS people see as the feature's id in the view of what holds now, if there is one.
    current_id: Option<&'static str>,
}

const fn fact(name: &'static str, geometry: Option<&'static str>, about: &'static str) -> Table {
    let current_id = if geometry.is_some() { Some("rev_from") } else { None };
    Table { name, key: "rev_from", geometry, about: Some(about), current_id }
}

const fn resolved(name: &'static str, geometry: &'static str, id: &'static str) -> Table {
    let about = Some("resolved from all facts that stand");
    Table { name, key: "fid", geometry: Some(geometry), about, current_id: Some(id) }
}

/// Every table that is made from the log.
pub(super) const FOLDS: &[Table] = &[
    resolved("plot", "POINT", "plot"),
    resolved("plot_outline", "MULTIPOLYGON", "plot"),
    resolved("site", "POINT", "fid"),
    fact("boundary", Some("MULTIPOLYGON"), "units with the days on which they were in force"),
    fact("border_line", Some("MULTILINESTRING"), "lines between units, given as lines"),
    fact("patrol_leg", Some("MULTILINESTRING"), "tracks walked"),
    fact("empty_search", Some("GEOMETRY"), "searches that found nothing"),
    fact("sighting", Some("POINT"), "poppy seen"),
    fact("measurement", None, "areas measured"),
    fact("destruction", None, "destructions claimed"),
    fact("verification", None, "looks by another unit"),
    fact("rejection", None, "plots that are none"),
    fact("site_link", None, "which plot belongs to which place"),
    fact("outreach", None, "meetings and pledges"),
    fact("dataset", None, "imports: origin, licence, credit"),
    Table { name: "plot_number", key: "plot", geometry: None, about: None, current_id: None },
];

/// The log and our own row of settings: guarded like the folds, but made from nothing.
const LOG: Table = Table {
    name: "event",
    key: "revision",
    geometry: None,
    about: Some("the log: one fact a row, never changed"),
    current_id: None,
};
const SETTINGS: Table =
    Table { name: "poppywatch", key: "id", geometry: None, about: None, current_id: None };

/// What an editor reads when it tries to write. QGIS shows it as it is.
const REFUSAL: &str = "poppywatch makes this table from its event log, so it is not edited here: \
     nothing was changed. Put the corrected rows, with the same ids, into a file and import it \
     under the same data set name (poppywatch import FILE --dataset NAME); it supersedes what was \
     said before.";

/// Makes every table in an empty database, inside the transaction of the caller.
pub(super) fn create(conn: &Connection, pack: &CountryPack) -> Result<(), rusqlite::Error> {
    conn.execute_batch(include_str!("schema.sql"))?;
    for table in FOLDS.iter().chain([&LOG, &SETTINGS]) {
        let Table { name, geometry, about, .. } = table;
        if let Some(about) = about {
            register(conn, name, *geometry, about)?;
        }
        if let Some(id) = table.current_id {
            let view = format!("{name}_current");
            conn.execute_batch(&view_sql(conn, table, id)?)?;
            register(conn, &view, *geometry, &format!("{name}: what holds now"))?;
            guard(conn, &view, "INSTEAD OF")?;
        }
        guard(conn, name, "BEFORE")?;
    }
    conn.execute(
        "INSERT INTO poppywatch (id, schema_version, pack, lancing) VALUES (1, ?, ?, ?)",
        params![VERSION, pack.id, lancing_calendar(pack)],
    )?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", USER_VERSION)
}

/// The settings of the pack on which the resolved plots depend, as text to compare.
pub(super) fn lancing_calendar(pack: &CountryPack) -> String {
    let stages = pack.days_to_lancing.iter().map(|it| format!("{} +{}", it.stage, it.days));
    let parts: Vec<String> = std::iter::once(pack.earliest_lancing.clone()).chain(stages).collect();
    parts.join(", ")
}

fn register(
    conn: &Connection,
    name: &str,
    geometry: Option<&str>,
    about: &str,
) -> Result<(), rusqlite::Error> {
    let (data_type, srs) =
        if geometry.is_some() { ("features", Some(4326)) } else { ("attributes", None) };
    conn.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) \
         VALUES (?1, ?2, ?1, ?3, ?4)",
        params![name, data_type, about, srs],
    )?;
    if let Some(geometry) = geometry {
        conn.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)",
            params![name, geometry],
        )?;
    }
    Ok(())
}

/// The rows that hold now, without the columns that say so. GDAL takes `OGC_FID` as a view's id.
fn view_sql(conn: &Connection, table: &Table, id: &str) -> Result<String, rusqlite::Error> {
    let name = table.name;
    let columns = conn
        .prepare(&format!("SELECT * FROM {name}"))?
        .column_names()
        .into_iter()
        .filter(|column| *column != "rev_to" && *column != table.key && *column != id)
        .collect::<Vec<_>>()
        .join(", ");
    Ok(format!(
        "CREATE VIEW {name}_current AS SELECT {id} AS OGC_FID, {columns} FROM {name} \
         WHERE rev_to IS NULL"
    ))
}

/// Plain triggers without any function of ours, so that every program that reads the file knows
/// them. Our own connection does not fire triggers (see `open.rs`).
fn guard(conn: &Connection, name: &str, moment: &str) -> Result<(), rusqlite::Error> {
    for (word, verb) in [("insert", "INSERT"), ("update", "UPDATE"), ("delete", "DELETE")] {
        conn.execute_batch(&format!(
            "CREATE TRIGGER poppywatch_guard_{name}_{word} {moment} {verb} ON {name} \
             BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        ))?;
    }
    Ok(())
}

/// Takes away the spatial indexes that another program (QGIS: *create spatial index*) put on our
/// tables. They are kept by triggers, which we do not fire: left alone, they would hide every
/// later row from the map. Gives how many there were.
pub(super) fn drop_foreign_indexes(conn: &Connection) -> Result<usize, rusqlite::Error> {
    let mut found = conn.prepare_cached(
        "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger' \
         AND substr(name, 1, 6) = 'rtree_'",
    )?;
    let triggers: Vec<(String, String)> =
        found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let ours = |table: &str| FOLDS.iter().any(|fold| fold.name == table);
    let mut indexed: Vec<&str> = Vec::new();
    for (trigger, table) in triggers.iter().filter(|(_, table)| ours(table)) {
        conn.execute_batch(&format!("DROP TRIGGER \"{}\"", trigger.replace('"', "\"\"")))?;
        if !indexed.contains(&table.as_str()) {
            indexed.push(table);
        }
    }
    for table in &indexed {
        conn.execute_batch(&format!("DROP TABLE IF EXISTS rtree_{table}_geom"))?;
        conn.execute(
            "DELETE FROM gpkg_extensions WHERE table_name = ? \
             AND extension_name = 'gpkg_rtree_index'",
            [table],
        )?;
    }
    Ok(indexed.len())
}

/// What a database is to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Without any table: a new file, or one whose making was cut short.
    Empty,
    /// SQLite, but no GeoPackage.
    NotAGeoPackage,
    /// A GeoPackage of somebody else.
    NotOurs,
    /// Ours, in this version of the tables, with this pack and lancing calendar.
    Ours { version: i64, pack: String, lancing: String },
}

/// Looks at a database without changing anything.
pub(super) fn kind(conn: &Connection) -> Result<Kind, rusqlite::Error> {
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i64 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if tables == 0 && application == 0 {
        return Ok(Kind::Empty);
    }
    if application != APPLICATION_ID {
        return Ok(Kind::NotAGeoPackage);
    }
    let ours = conn
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'poppywatch'",
            [],
            |_| Ok(()),
        )
        .optional()?;
    if ours.is_none() {
        return Ok(Kind::NotOurs);
    }
    // Other versions may have other columns: the version first, alone.
    let version: i64 = conn
        .query_row("SELECT schema_version FROM poppywatch", [], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    if version != VERSION {
        return Ok(Kind::Ours { version, pack: String::new(), lancing: String::new() });
    }
    conn.query_row("SELECT pack, lancing FROM poppywatch", [], |row| {
        Ok(Kind::Ours { version, pack: row.get(0)?, lancing: row.get(1)? })
    })
}
