//! The store at size: append, start (load), one new plot, verify, backup.
//!
//! `POPPYWATCH_BENCH_EVENTS` sets the number of events, 100,000 unless given; the figures in
//! `docs/decisions/store.md` are of 1,000,000. Every store lies in a new folder of the system's
//! temporary one, synced to the disk as in use.

use std::{path::PathBuf, sync::LazyLock};

use divan::Bencher;
use jiff::{Timestamp, civil::date};
use poppywatch::{
    domain::{
        AreaMethod, CountryPack, Destruction, DestructionMethod, Event, GrowthStage, Measurement,
        Metres, PlotId, Position, RecordRef, Season, Sighting, SightingSource, SquareMetres,
    },
    store::Store,
};
use tempfile::TempDir;

fn main() {
    divan::main();
}

fn events() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a bench has no Config")]
    let asked = std::env::var("POPPYWATCH_BENCH_EVENTS");
    asked.ok().and_then(|number| number.parse().ok()).unwrap_or(100_000)
}

fn source(record: String) -> RecordRef {
    RecordRef { dataset: "bench-2024".to_owned(), record }
}

/// A fact about a plot scattered over two degrees: `kind` 0 is a sighting.
fn fact(number: u64, kind: u64) -> Event {
    let plot = PlotId(format!("2024-2025/{number:07}"));
    let day = date(2025, 2, 1 + i8::try_from(number % 28).unwrap_or(0));
    // A multiplicative hash: scattered, and the same in every run.
    let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (east, north) = ((scattered >> 40) as f64 / 2e7, (scattered & 0xFF_FFFF) as f64 / 2e7);
    let area = SquareMetres::new(15.0 + (scattered >> 50) as f64 / 9.0).ok();
    match kind {
        0 => Event::PlotSighted(Sighting {
            plot,
            season: Season::of(day),
            date: day,
            by: SightingSource::ALL[(number % 8) as usize],
            position: Position::new(102.3 + east, 21.7 + north).expect("in range"),
            error: (number % 3 == 0).then(|| Metres::whole(8)),
            outline: None,
            stage: GrowthStage::ALL.get((number % 9) as usize).copied(),
            source: source(format!("{number}/s")),
        }),
        1 => Event::PlotMeasured(Measurement {
            plot,
            date: day,
            area: area.expect("an area"),
            method: AreaMethod::Tape,
            source: source(format!("{number}/m")),
        }),
        _ => Event::PlotDestroyed(Destruction {
            plot,
            date: day,
            method: Some(DestructionMethod::Uproot),
            area: None,
            unit: Some("E3".to_owned()),
            source: source(format!("{number}/d")),
        }),
    }
}

/// Three facts a plot, as an import has them: row by row.
fn three_facts_each() -> Vec<Event> {
    (0..events()).map(|n| fact(n / 3, n % 3)).collect()
}

struct Made {
    store: Store,
    folder: TempDir,
}

fn empty() -> Made {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.gpkg");
    let store = Store::create_or_open(&path, &CountryPack::lai_chau()).expect("a store");
    Made { store, folder }
}

fn filled(events: &[Event]) -> Made {
    let mut made = empty();
    made.store.append(events, Timestamp::UNIX_EPOCH, &|_| ()).expect("appended");
    made
}

/// A store with as many plots as events; the file stays until the process ends.
static PLOTS: LazyLock<(PathBuf, TempDir)> = LazyLock::new(|| {
    let events: Vec<_> = (0..events()).map(|n| fact(n, 0)).collect();
    let made = filled(&events);
    (made.store.path().to_path_buf(), made.folder)
});

fn plots() -> Store {
    Store::open(&PLOTS.0, &CountryPack::lai_chau()).expect("opened")
}

/// One import of all events into a new store.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn append_three_facts_a_plot(bencher: Bencher) {
    let events = three_facts_each();
    bencher.with_inputs(empty).bench_local_values(|mut made| {
        let done = made.store.append(&events, Timestamp::UNIX_EPOCH, &|_| ()).expect("appended");
        assert_eq!(done.new, events.len() as u64);
        made
    });
}

/// The same import once more: nothing is new.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn append_the_same_again(bencher: Bencher) {
    let events = three_facts_each();
    let mut made = filled(&events);
    bencher.bench_local(|| {
        let done = made.store.append(&events, Timestamp::UNIX_EPOCH, &|_| ()).expect("appended");
        assert_eq!(done.unchanged, events.len() as u64);
    });
}

/// What a start costs: open and load as many plots as events.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn start(bencher: Bencher) {
    LazyLock::force(&PLOTS);
    bencher.bench_local(|| plots().load(None).expect("loaded"));
}

/// One new plot among them: appended, and its change read by another connection.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn one_new_plot(bencher: Bencher) {
    let (mut writer, reader) = (plots(), plots());
    let mut number = writer.head().expect("a head").revision.0;
    bencher.bench_local(|| {
        let before = reader.head().expect("a head").revision;
        number += 1;
        let event = [fact(number, 0)];
        writer.append(&event, Timestamp::UNIX_EPOCH, &|_| ()).expect("appended");
        reader.changes_since(before).expect("read").expect("changed")
    });
}

/// A replay of the whole log, and every row compared.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn verify_three_facts_a_plot(bencher: Bencher) {
    let made = filled(&three_facts_each());
    bencher.bench_local(|| {
        assert!(made.store.verify(&|_, _| ()).expect("verified").is_whole());
    });
}

/// A copy to a new file.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn backup(bencher: Bencher) {
    let store = plots();
    let folder = tempfile::tempdir().expect("a folder");
    bencher.bench_local(|| store.backup(&folder.path().join("b.gpkg")).expect("copied"));
}
