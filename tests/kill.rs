//! kill -9 at any moment of an import loses nothing that was acknowledged and leaves nothing half
//! done: the real program, really killed, alone and while GDAL reads the file.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by panicking"
)]

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use poppywatch::{domain::CountryPack, store::Store};

const PROGRAM: &str = env!("CARGO_BIN_EXE_poppywatch");
const PLOTS: usize = 1_500;

fn season_file(folder: &Path, round: usize) -> std::path::PathBuf {
    let mut text = String::from("id,date,lon,lat,area_m2,method,destroyed_on\n");
    for index in 0..PLOTS {
        let lon = 102.5 + (index % 50) as f64 * 0.01;
        let lat = 22.0 + (index / 50) as f64 * 0.01 + round as f64 * 0.0003;
        writeln!(text, "r{round}-{index},2025-01-20,{lon:.6},{lat:.6},120,tape,2025-02-01")
            .expect("text grows");
    }
    let file = folder.join(format!("round{round}.csv"));
    fs::write(&file, text).expect("a writable folder");
    file
}

fn import(store: &Path, file: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["import", "--kind", "plots", "--crs", "4326", "--store"])
        .arg(store)
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Plots of the data set of `round` that the store holds.
fn stored(store: &Path, round: usize) -> usize {
    let facts = Store::open(store, &CountryPack::lai_chau())
        .and_then(|store| store.load(None))
        .expect("the store opens after a kill");
    let dataset = format!("round{round}");
    facts.plots.iter().filter(|plot| plot.dataset == dataset).count()
}

fn verified(store: &Path) -> bool {
    Command::new(PROGRAM)
        .args(["verify", "--store"])
        .arg(store)
        .stdout(Stdio::null())
        .status()
        .expect("the program runs")
        .success()
}

/// GDAL opens the file, reads it and closes it, over and over.
fn reader(store: &Path, stop: Arc<AtomicBool>) -> thread::JoinHandle<usize> {
    let store = store.to_owned();
    thread::spawn(move || {
        let mut reads = 0;
        while !stop.load(Ordering::Relaxed) && reads < 2_000 {
            let done = Command::new("ogrinfo")
                .args(["-ro", "-q", "-so"])
                .arg(&store)
                .arg("plot")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            reads += usize::from(done.is_ok());
        }
        reads
    })
}

fn rounds(with_reader: bool, count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = folder.path().join("season.gpkg");
    let first = season_file(folder.path(), 0);
    let begun = Instant::now();
    assert!(import(&store, &first).status().expect("the program runs").success());
    let whole = begun.elapsed();
    assert_eq!(stored(&store, 0), PLOTS);

    let stop = Arc::new(AtomicBool::new(false));
    let reading = with_reader.then(|| reader(&store, Arc::clone(&stop)));
    let (mut before, mut after) = (0, 0);
    for round in 1..=count {
        let file = season_file(folder.path(), round);
        let mut child = import(&store, &file).spawn().expect("the program runs");
        // A fixed, uneven walk over the length of an import, from its first moment to past its end.
        let part = ((round * 37) % 100) as f64 / 85.0;
        thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * part));
        let _already_gone = child.kill();
        let acknowledged = child.wait().expect("a child ends").success();
        let found = stored(&store, round);
        assert!(found == 0 || found == PLOTS, "round {round}: half an import, {found} plots");
        assert!(!acknowledged || found == PLOTS, "round {round}: acknowledged and lost");
        if found == 0 {
            before += 1;
        } else {
            after += 1;
        }
        assert_eq!(stored(&store, 0), PLOTS, "round {round}: what was there is there");
    }
    stop.store(true, Ordering::Relaxed);
    let reads = reading.map(|reading| reading.join().expect("the reader ends"));
    assert!(verified(&store), "the log and its folds agree after {count} kills");
    assert!(reads.is_none_or(|reads| reads > 0), "ogrinfo (gdal-bin) reads while we kill");
    println!(
        "{count} kills: {before} before the commit, {after} after it; {reads:?} reads by GDAL"
    );
}

#[test]
fn killed_by_itself() {
    rounds(false, 24);
}

#[test]
fn killed_while_gdal_reads() {
    rounds(true, 16);
}
