//! Our side of the comparison with other programs: `benches/peers/run`, not `cargo bench`.
//!
//! Makes the data of one work from a fixed seed, writes them where the peers' script will read
//! them, times our answer, and prints a line for each: name, median seconds, and figures of the
//! answer by which the run checks that both gave the same one.
#![expect(clippy::print_stdout, reason = "its output is its answer")]
#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

mod clusters;
mod data;
mod density;
mod join;
mod knox;
mod links;
mod local;
#[path = "../world/mod.rs"]
mod world;

use std::path::PathBuf;

use data::Desk;

/// Makes the data, times our answers, prints them.
type Work = fn(&Desk);

/// The works by name.
const WORKS: &[(&str, Work)] = &[
    ("gi", local::gi),
    ("moran", local::moran),
    ("join", join::join),
    ("weights", links::weights),
    ("density", density::density),
    ("dbscan", clusters::dbscan),
    ("knox", knox::knox),
];

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let (Some(asked), Some(folder)) = (words.next(), words.next()) else {
        println!("peers: nothing to do here; see benches/peers/README.md");
        return;
    };
    let desk = Desk { folder: PathBuf::from(folder), small: words.next().is_some() };
    let (_, work) = WORKS.iter().find(|(name, _)| *name == asked).unwrap();
    work(&desk);
}
