//! The store as its users meet it: appends, questions about the past, tampering, backups, two
//! writers, and files that are no store.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod store_support;

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use poppywatch::{
    domain::{Changes, CountryPack, Event, Revision},
    store::{Store, StoreError},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use rusqlite::{Connection, config::DbConfig};
use store_support::{
    boundary, dataset, destruction, event, leg, measurement, pack, quiet, sighting, source, time,
};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poppywatch.gpkg");
    (folder, path)
}

fn survey() -> Vec<Event> {
    vec![
        dataset("survey", 3),
        sighting("2024-2025/1", 1, 1, true, source("survey", "1/s")),
        measurement("2024-2025/1", 120.0, source("survey", "1/m")),
        destruction("2024-2025/1", None, source("survey", "1/d")),
        sighting("2024-2025/2", 2, 2, false, source("survey", "2/s")),
    ]
}

#[test]
fn the_same_import_twice_changes_nothing() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let first = store.append(&survey(), time(0), &quiet).unwrap();
    assert_eq!((first.new, first.superseded, first.unchanged), (5, 0, 0));
    let again = store.append(&survey(), time(9), &quiet).unwrap();
    assert_eq!((again.new, again.superseded, again.unchanged), (0, 0, 5));
    assert_eq!(again.head, first.head);
    assert!(store.changes_since(first.head.revision).unwrap().is_none());
}

#[test]
fn changed_content_supersedes_and_the_past_stays() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let first = store.append(&survey(), time(0), &quiet).unwrap().head.revision;
    let tape = [measurement("2024-2025/1", 95.5, source("survey", "1/m"))];
    let second = store.append(&tape, time(1), &quiet).unwrap();
    assert_eq!((second.new, second.superseded, second.unchanged), (0, 1, 0));

    let area = |revision| {
        let facts = store.load(Some(revision)).unwrap();
        facts.plots[0].area.map(poppywatch::domain::SquareMetres::get)
    };
    assert_eq!(area(first), Some(120.0));
    assert_eq!(area(second.head.revision), Some(95.5));
    assert_eq!(store.revision_at(time(0)).unwrap(), first);
    assert_eq!(store.revision_at(time(1)).unwrap(), second.head.revision);
    assert_eq!(store.revision_at(time(-1)).unwrap(), Revision(0));
    let Some(Changes::Plots { plots, .. }) = store.changes_since(first).unwrap() else {
        panic!("one plot changed");
    };
    assert_eq!(plots.iter().map(|plot| plot.number).collect::<Vec<_>>(), [1]);
    assert!(plots[0].outline.is_some());
    assert!(matches!(
        store.load(Some(Revision(7))),
        Err(StoreError::NoSuchRevision { asked: Revision(7), last: Revision(6) })
    ));
}

#[test]
fn a_number_is_never_used_again() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let first = store.append(&survey(), time(0), &quiet).unwrap().head.revision;
    // The record turns out to be about another plot: plot 2 is nowhere any more.
    let moved = [sighting("2024-2025/3", 2, 2, false, source("survey", "2/s"))];
    store.append(&moved, time(1), &quiet).unwrap();
    let numbers = |store: &Store| -> Vec<u64> {
        store.load(None).unwrap().plots.iter().map(|plot| plot.number).collect()
    };
    assert_eq!(numbers(&store), [1, 3]);
    assert!(matches!(store.changes_since(first).unwrap(), Some(Changes::Everything(_))));
    let back = [sighting("2024-2025/2", 5, 5, false, source("other", 1))];
    store.append(&back, time(2), &quiet).unwrap();
    assert_eq!(numbers(&store), [1, 2, 3]);
}

#[test]
fn recorded_times_never_run_backwards() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    store.append(&survey(), time(100), &quiet).unwrap();
    // A clock that was set back.
    let late = store.append(&[leg("a", 1, source("t", 1))], time(5), &quiet).unwrap();
    assert_eq!(store.revision_at(time(99)).unwrap(), Revision(0));
    assert_eq!(store.revision_at(time(100)).unwrap(), late.head.revision);
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
}

#[test]
fn a_unit_has_one_outline_at_a_time() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    store.append(&[boundary("03434", 1, source("thiessen", 1))], time(0), &quiet).unwrap();
    let own = store.append(&[boundary("03434", 3, source("own", 9))], time(1), &quiet).unwrap();
    assert_eq!(own.superseded, 1);
    let facts = store.load(None).unwrap();
    assert_eq!(facts.boundaries.len(), 1);
    assert_eq!(facts.boundaries[0].source.dataset, "own");
    // The first file once more says nothing new, so the user's own outline stays.
    let again = [boundary("03434", 1, source("thiessen", 1))];
    assert_eq!(store.append(&again, time(2), &quiet).unwrap().unchanged, 1);
    assert_eq!(store.load(None).unwrap().boundaries[0].source.dataset, "own");
}

#[test]
fn another_connection_is_noticed() {
    let (_folder, path) = folder();
    let server = Store::create_or_open(&path, &pack()).unwrap();
    let before = server.data_version().unwrap();
    assert_eq!(server.data_version().unwrap(), before);
    let mut import = Store::open(&path, &pack()).unwrap();
    import.append(&survey(), time(0), &quiet).unwrap();
    assert_ne!(server.data_version().unwrap(), before);
    assert_eq!(server.load(None).unwrap().plots.len(), 2);
}

/// Changes the file behind the store's back, as somebody who means it.
fn tamper(path: &Path, sql: &str) {
    let conn = Connection::open(path).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    let changed = conn.execute(sql, []).unwrap();
    assert!(changed > 0 || !sql.starts_with("UPDATE"), "{sql}");
}

#[test]
fn verify_names_what_was_changed() {
    let cases: [(&str, &[&str]); 13] = [
        (
            "UPDATE event SET payload = replace(payload, '120', '12') WHERE revision = 3",
            &[
                "table event, row 3, column payload",
                "table measurement, row 3, column area_m2: holds 120, the log says 12",
            ],
        ),
        (
            "UPDATE event SET payload = NULL WHERE revision = 3",
            &["table event, row 3, column payload: the payload is missing"],
        ),
        (
            "UPDATE event SET payload = '{' WHERE revision = 3",
            &["table event, row 3, column payload"],
        ),
        (
            "UPDATE event SET record = 'x' WHERE revision = 3",
            &["table event, row 3, column record: is not what the payload says"],
        ),
        (
            "UPDATE event SET recorded_at = '2001-01-01T00:00:00.000Z' WHERE revision = 6",
            &["table event, row 6, column recorded_at", "table event, row 6, column hash"],
        ),
        ("UPDATE event SET batch = 3 WHERE revision = 3", &["table event, row 3, column hash"]),
        (
            "UPDATE event SET payload_hash = x'00' WHERE revision = 2",
            &["table event, row 2, column payload_hash: is no SHA-256"],
        ),
        (
            "DELETE FROM event WHERE revision = 2",
            &[
                "table event, row 3, column revision: events 2 to 2 are missing",
                "table sighting, row 2: the log knows no such row",
            ],
        ),
        (
            "DELETE FROM event WHERE revision = 6",
            &["table patrol_leg, row 6: the log knows no such row"],
        ),
        (
            "UPDATE plot SET area_m2 = 1 WHERE plot = 1",
            &["table plot, row 1, column area_m2: holds 1, the log says 120"],
        ),
        ("DELETE FROM sighting WHERE rev_from = 2", &["table sighting, row 2: the row is missing"]),
        (
            "DROP TRIGGER poppywatch_guard_plot_update",
            &["table poppywatch_guard_plot_update: the trigger is missing"],
        ),
        (
            "ALTER TABLE outreach DROP COLUMN hamlet",
            &[
                "table outreach: the table was changed",
                "table outreach: the table or a column of it is missing",
            ],
        ),
    ];
    for (sql, expected) in cases {
        let (_folder, path) = folder();
        let mut store = Store::create_or_open(&path, &pack()).unwrap();
        store.append(&survey(), time(0), &quiet).unwrap();
        store.append(&[leg("a", 1, source("t", 1))], time(1), &quiet).unwrap();
        assert!(store.verify(&|_, _| ()).unwrap().is_whole());
        drop(store);
        tamper(&path, sql);
        let store = Store::open(&path, &pack()).unwrap();
        let verified = store.verify(&|_, _| ()).unwrap();
        let told: Vec<String> = verified.differences.iter().map(ToString::to_string).collect();
        for words in expected {
            assert!(told.iter().any(|line| line.starts_with(words)), "{sql}\n{words}\n{told:#?}");
        }
    }
}

#[test]
fn verify_tells_a_hundred_differences_and_counts_the_others() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let events: Vec<_> = (0..150_u8)
        .map(|n| sighting(&format!("2024-2025/{n}"), n, n, false, source("many", n)))
        .collect();
    store.append(&events, time(0), &quiet).unwrap();
    tamper(&path, "UPDATE plot SET stage = 'lanced', dataset = 'x'");
    let verified = store.verify(&|_, _| ()).unwrap();
    assert_eq!(verified.differences.len(), 100);
    assert!(verified.more >= 50, "{}", verified.more);
}

#[test]
fn a_row_changed_to_nonsense_is_named_by_load() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    store.append(&survey(), time(0), &quiet).unwrap();
    for (sql, words) in [
        ("UPDATE plot SET stage = 'withered' WHERE plot = 1", "column stage: `withered`"),
        ("UPDATE plot SET stage = NULL, reported_on = '2019-02-30'", "column reported_on"),
        ("UPDATE plot SET reported_on = '2019-02-20', geom = x'4750'", "column geom"),
    ] {
        tamper(&path, sql);
        let wrong = store.load(None).unwrap_err().to_string();
        assert!(wrong.contains("table plot, row 1, ") && wrong.contains(words), "{wrong}");
    }
}

#[test]
fn a_backup_is_a_whole_store_of_one_moment() {
    let (folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    store.append(&survey(), time(0), &quiet).unwrap();
    let to = folder.path().join("backup.gpkg");
    store.backup(&to).unwrap();
    let facts = store.load(None).unwrap();
    store.append(&[leg("a", 1, source("t", 1))], time(1), &quiet).unwrap();

    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().starts_with("backup.gpkg.")),
        "{names:?}"
    );
    let refused = store.backup(&to).unwrap_err();
    assert!(matches!(refused, StoreError::Exists { .. }), "{refused}");
    let copy = Store::open(&to, &pack()).unwrap();
    assert_eq!(copy.load(None).unwrap(), facts);
    assert!(copy.verify(&|_, _| ()).unwrap().is_whole());
    let nowhere = folder.path().join("no/such/folder/b.gpkg");
    assert!(store.backup(&nowhere).unwrap_err().to_string().contains("no/such/folder"));
}

#[test]
fn events_prepared_on_an_older_head_are_not_appended() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let prepared_on = store.head().unwrap().revision;
    let mut other = Store::open(&path, &pack()).unwrap();
    let theirs = other.append(&survey(), time(0), &quiet).unwrap().head;

    let mine = [sighting("2024-2025/9", 9, 9, false, source("mine", 1))];
    assert_eq!(store.append_on(prepared_on, &mine, time(1), &quiet).unwrap(), None);
    assert_eq!(store.head().unwrap(), theirs);

    // With the lock held: told what is new, and free to refuse.
    let refused: Result<_, Box<dyn std::error::Error>> =
        store.append_with(prepared_on, |_| Err("no".into()), time(1), &quiet);
    assert_eq!(refused.unwrap_err().to_string(), "no");
    assert_eq!(store.head().unwrap(), theirs);
    let prepare = |changes: Option<Changes>| -> Result<_, StoreError> {
        assert!(changes.is_some());
        Ok(mine.to_vec())
    };
    let appended = store.append_with(prepared_on, prepare, time(1), &quiet).unwrap();
    assert_eq!((appended.new, appended.head.revision.0), (1, theirs.revision.0 + 1));
    let nothing_new = store.append_on(appended.head.revision, &mine, time(2), &quiet).unwrap();
    assert_eq!(nothing_new.map(|it| it.unchanged), Some(1));
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
}

#[test]
fn two_writers_lose_nothing() {
    let (_folder, path) = folder();
    drop(Store::create_or_open(&path, &pack()).unwrap());
    thread::scope(|scope| {
        for writer in 0..3 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path, &pack()).unwrap();
                store.set_patience(Duration::from_mins(1)).unwrap();
                for n in 0..30_u8 {
                    let set = format!("w{writer}");
                    let events = [
                        dataset(&set, n.into()),
                        // All of them about the same few plots.
                        sighting(&format!("2024-2025/{}", n % 5), n, n, true, source(&set, n)),
                    ];
                    store.append(&events, time(i64::from(n)), &quiet).unwrap();
                    assert!(store.load(None).unwrap().plots.len() <= 5);
                }
            });
        }
    });
    let store = Store::open(&path, &pack()).unwrap();
    let verified = store.verify(&|_, _| ()).unwrap();
    assert!(verified.is_whole(), "{:#?}", verified.differences);
    assert_eq!(verified.events, 3 * 30 * 2);
}

#[test]
fn two_makers_make_one_store() {
    let (_folder, path) = folder();
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::create_or_open(path, &pack()).unwrap();
                store.append(&[leg("a", 1, source("t", writer))], time(0), &quiet).unwrap();
            });
        }
    });
    let store = Store::open(&path, &pack()).unwrap();
    assert_eq!(store.load(None).unwrap().legs.len(), 4);
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
}

#[test]
fn a_writer_that_stays_is_named_after_a_while() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    store.set_patience(Duration::from_millis(50)).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.append(&survey(), time(0), &quiet).unwrap_err();
    assert!(matches!(refused, StoreError::Busy { .. }), "{refused}");
    let words = refused.to_string();
    assert!(words.starts_with("another program is writing to "), "{words}");
    assert!(words.contains("poppywatch.gpkg"), "{words}");
    assert!(store.load(None).is_ok(), "readers do not wait");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.append(&survey(), time(0), &quiet).unwrap().new, 5);
}

#[test]
fn an_append_that_fails_leaves_nothing() {
    let (_folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let before = store.append(&survey(), time(0), &quiet).unwrap().head;
    tamper(&path, "CREATE UNIQUE INDEX trap ON patrol_leg (leg_id)");
    let events = [leg("a", 1, source("t", 1)), leg("a", 2, source("t", 2))];
    assert!(store.append(&events, time(1), &quiet).is_err());
    assert_eq!(store.head().unwrap(), before);
    assert!(store.load(None).unwrap().legs.is_empty());
    tamper(&path, "DROP INDEX trap");
    assert_eq!(store.append(&events, time(1), &quiet).unwrap().new, 2);
    assert!(store.verify(&|_, _| ()).unwrap().is_whole());
}

/// Opens what is no store both ways, and looks that it stays as it was.
fn refused(path: &Path) -> StoreError {
    let before = path.is_file().then(|| fs::read(path).unwrap());
    let created = Store::create_or_open(path, &pack()).map(|_| ()).unwrap_err();
    let opened = Store::open(path, &pack()).map(|_| ()).unwrap_err();
    assert_eq!(created.to_string(), opened.to_string());
    assert_eq!(path.is_file().then(|| fs::read(path).unwrap()), before);
    opened
}

#[test]
fn files_that_are_no_store_are_named_and_left_alone() {
    let (folder, path) = folder();
    assert!(matches!(Store::open(&path, &pack()), Err(StoreError::NotFound { .. })));
    assert!(!path.exists());
    assert!(matches!(refused(folder.path()), StoreError::Folder { .. }));
    let nowhere = folder.path().join("none").join("a.gpkg");
    assert!(matches!(Store::create_or_open(&nowhere, &pack()), Err(StoreError::NoFolder { .. })));

    let text = folder.path().join("plots.csv");
    fs::write(&text, "id,lon,lat\n".repeat(500)).unwrap();
    assert!(matches!(refused(&text), StoreError::NotAGeoPackage { .. }));
    fs::write(&text, "a").unwrap();
    assert!(matches!(refused(&text), StoreError::NotAGeoPackage { .. }));

    let database = folder.path().join("other.sqlite");
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(matches!(refused(&database), StoreError::NotAGeoPackage { .. }));

    let empty = folder.path().join("empty.gpkg");
    fs::write(&empty, "").unwrap();
    assert!(matches!(Store::open(&empty, &pack()), Err(StoreError::NotAGeoPackage { .. })));
    assert_eq!(fs::read(&empty).unwrap(), b"");
    Store::create_or_open(&empty, &pack()).unwrap();

    drop(Store::create_or_open(&path, &pack()).unwrap());
    for (version, words) in [(99, "use the newer poppywatch"), (0, "export it with")] {
        tamper(&path, &format!("UPDATE poppywatch SET schema_version = {version}"));
        let wrong = refused(&path);
        assert!(matches!(wrong, StoreError::OtherSchema { .. }), "{wrong}");
        assert!(wrong.to_string().contains(words), "{wrong}");
    }
}

#[test]
fn another_lancing_calendar_is_another_store() {
    let (_folder, path) = folder();
    drop(Store::create_or_open(&path, &pack()).unwrap());
    let other = CountryPack { earliest_lancing: "03-01".to_owned(), ..pack() };
    let wrong = Store::open(&path, &other).map(|_| ()).unwrap_err();
    assert!(matches!(wrong, StoreError::OtherCalendar { .. }), "{wrong}");
    let wider = CountryPack { title: "Khác".to_owned(), ..pack() };
    assert!(Store::open(&path, &wider).is_ok(), "what no row depends on may change");
}

#[test]
fn a_write_protected_file_is_named() {
    let (_folder, path) = folder();
    drop(Store::create_or_open(&path, &pack()).unwrap());
    let mut rights = fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).unwrap();
    assert!(matches!(refused(&path), StoreError::ReadOnly { .. }));
}

#[test]
fn a_damaged_file_is_an_error_and_never_a_panic() {
    let (folder, path) = folder();
    let mut store = Store::create_or_open(&path, &pack()).unwrap();
    let mut runner = TestRunner::deterministic();
    let events: Vec<_> =
        (0..300).map(|_| event().new_tree(&mut runner).unwrap().current()).collect();
    store.append(&events, time(0), &quiet).unwrap();
    let facts = store.load(None).unwrap();
    let whole_path = folder.path().join("whole.gpkg");
    store.backup(&whole_path).unwrap();
    let whole = fs::read(&whole_path).unwrap();
    let damaged_path = folder.path().join("damaged.gpkg");
    let mut found = 0;
    for round in 0..40_usize {
        let mut damaged = whole.clone();
        if round % 2 == 0 {
            damaged.truncate(whole.len() * round / 40);
        } else {
            let at = whole.len() / 40 * round;
            damaged[at..at + 3000].fill(0xA5);
        }
        fs::write(&damaged_path, &damaged).unwrap();
        let Ok(damaged) = Store::open(&damaged_path, &pack()) else {
            found += 1;
            continue;
        };
        let loaded = damaged.load(None);
        if damaged.verify(&|_, _| ()).is_ok_and(|verified| verified.is_whole()) {
            // Bytes that hold nothing: the free part of a page.
            assert_eq!(loaded.unwrap(), facts, "round {round}");
        } else {
            found += 1;
        }
    }
    assert!(found >= 30, "only {found} of 40 damages were noticed");
}
