//! `kill -9` at random moments: nothing acknowledged is lost, nothing is half done.
//!
//! The test binary runs itself again as a child that appends without end and prints what was
//! acknowledged; the parent kills it, by itself and while GDAL reads the file and another program
//! flips its journal mode as QGIS 3.22 does.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod store_support;

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use gdal::vector::LayerAccess;
use poppywatch::{domain::Event, store::Store};
use rusqlite::Connection;
use store_support::{dataset, destruction, measurement, pack, quiet, sighting, source, time};

const STORE: &str = "POPPYWATCH_TEST_STORE";
const SEED: &str = "POPPYWATCH_TEST_SEED";

/// xorshift64*: the same seed gives the same moments, as far as the machine allows.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % below
    }
}

/// An import of `size` facts; its first event says how many follow.
fn import(round: u64, number: u64, size: u64) -> Vec<Event> {
    let set = format!("r{round}-{number}");
    let mut events = vec![dataset(&set, size)];
    for record in 0..size {
        // Few plots for many facts: rows of earlier imports are closed and opened again.
        let plot = format!("2024-2025/{}", (number * 7 + record) % 40);
        let (x, y) = ((record % 50) as u8, (number % 50) as u8);
        events.push(match record % 3 {
            0 => sighting(&plot, x, y, true, source(&set, record)),
            1 => measurement(&plot, number as f64, source(&set, record)),
            _ => destruction(&plot, None, source(&set, record)),
        });
    }
    events
}

/// The child: appends until it is killed. It does nothing when run as an ordinary test.
#[test]
fn child_that_appends() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to do")]
    let (Ok(store), Ok(seed)) = (std::env::var(STORE), std::env::var(SEED)) else { return };
    let round: u64 = seed.parse().unwrap();
    let mut dice = Dice(round * 7919 + 1);
    let mut store = Store::create_or_open(Path::new(&store), &pack()).unwrap();
    let mut out = std::io::stdout().lock();
    for number in 0.. {
        // Mostly small, at times larger than what the page cache would hold back for long.
        let size = if dice.roll(10) == 0 { 400 } else { 1 + dice.roll(30) };
        let appended =
            store.append(&import(round, number, size), time(number.cast_signed()), &quiet);
        writeln!(out, "acknowledged {}", appended.unwrap().head.revision.0).unwrap();
        out.flush().unwrap();
    }
}

/// One life of the child: killed `delay` after its birth, or after it first acknowledged. Gives
/// the last revision it acknowledged.
fn live_and_die(store: &Path, round: u64, delay: Duration, from_birth: bool) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child_that_appends", "--exact", "--nocapture"])
        .env(STORE, store)
        .env(SEED, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (first, acknowledged_first) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut last = 0;
        for line in out.lines().map_while(Result::ok) {
            // The test harness prints its own words before the first line.
            if let Some((_, revision)) = line.split_once("acknowledged ") {
                // Killed in the middle of the line: not acknowledged.
                last = revision.parse().unwrap_or(last);
                let _ = first.send(());
            }
        }
        last
    });
    if !from_birth {
        // A minute for the slowest of machines; an error means that the child is dead.
        acknowledged_first.recv_timeout(Duration::from_mins(1)).expect("the child appends");
    }
    thread::sleep(delay);
    child.kill().unwrap(); // SIGKILL
    let status = child.wait().unwrap();
    assert!(!status.success(), "the child ended by itself");
    reader.join().unwrap()
}

/// Opens the file anew and looks at every append in it.
fn examine(path: &Path, acknowledged: u64) -> u64 {
    let store = Store::create_or_open(path, &pack()).unwrap();
    let head = store.head().unwrap().revision.0;
    assert!(head >= acknowledged, "{acknowledged} was acknowledged, {head} is there");
    let verified = store.verify(&|_, _| ()).unwrap();
    assert!(verified.is_whole(), "{:#?}", verified.differences);
    assert_eq!(verified.events, head);
    drop(store);

    let file = Connection::open(path).unwrap();
    let mut batches = file
        .prepare(
            "SELECT count(*), (SELECT accepted FROM dataset WHERE rev_from = batch) \
             FROM event GROUP BY batch",
        )
        .unwrap();
    let mut rows = batches.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (events, accepted): (i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
        assert_eq!(events, accepted + 1, "half an append");
    }
    head
}

/// What GDAL does for `ogrinfo -al`, and QGIS to the journal mode, over and over.
fn read_like_others(path: &Path, stop: &AtomicBool, flip: bool) -> u64 {
    let mut read = 0;
    while !stop.load(Ordering::Relaxed) {
        // Not yet there in the first moments of the first round.
        let Ok(file) = gdal::Dataset::open(path) else { continue };
        for mut layer in file.layers() {
            read += layer.features().count() as u64;
        }
        drop(file);
        if flip && let Ok(conn) = Connection::open(path) {
            drop(conn.pragma_update(None, "journal_mode", "DELETE"));
        }
    }
    read
}

fn rounds(count: u64, seed: u64, others: bool) {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(seed);
    let (mut events, mut empty, mut read) = (0, 0, 0);
    for round in 0..count {
        // A new file now and then: its making is killed too.
        let path = folder.path().join(format!("{}.gpkg", round / 7));
        let from_birth = round % 7 < 2;
        let delay = Duration::from_micros(dice.roll(if from_birth { 60_000 } else { 120_000 }));
        let stop = AtomicBool::new(false);
        let acknowledged = thread::scope(|scope| {
            let reader =
                others.then(|| scope.spawn(|| read_like_others(&path, &stop, round % 2 == 1)));
            let acknowledged = live_and_die(&path, seed + round, delay, from_birth);
            stop.store(true, Ordering::Relaxed);
            read += reader.map_or(0, |reader| reader.join().unwrap());
            acknowledged
        });
        empty += u64::from(acknowledged == 0);
        events = examine(&path, acknowledged);
    }
    let told = format!(
        "\n{count} kills, {empty} before the first append; {events} events in the last file, \
         {read} features read meanwhile\n"
    );
    assert!(empty < count, "no child ever came to append: {told}");
    std::io::stderr().write_all(told.as_bytes()).unwrap();
}

#[test]
fn killed_by_itself() {
    rounds(28, 1, false);
}

#[test]
fn killed_while_others_read() {
    // A reader that may not write cannot open what a killed writer left behind, and says so.
    gdal::config::set_error_handler(|_, _, _| ());
    rounds(21, 1000, true);
}
