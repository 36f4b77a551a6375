//! Building a snapshot, and changing one plot of it: `cargo bench --bench snapshot`.
#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

mod world;

use std::{hint::black_box, sync::Arc};

use divan::Bencher;
use poppywatch::{
    domain::{Changes, CountryPack, Extent, Revision},
    snapshot::Snapshot,
};

fn main() {
    divan::main();
}

fn build(plots: usize) -> Snapshot {
    Snapshot::build(world::facts(plots), Arc::new(CountryPack::lai_chau())).unwrap()
}

#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn build_of_plots(bencher: Bencher<'_, '_>, plots: usize) {
    let pack = Arc::new(CountryPack::lai_chau());
    bencher
        .with_inputs(|| world::facts(plots))
        .bench_values(|facts| Snapshot::build(facts, Arc::clone(&pack)).unwrap());
}

#[divan::bench(args = [10, 105], sample_count = 5, sample_size = 1)]
fn build_of_communes_squared(bencher: Bencher<'_, '_>, side: usize) {
    let pack = Arc::new(CountryPack::lai_chau());
    bencher
        .with_inputs(|| poppywatch::domain::Facts {
            boundaries: world::communes(side, 1200 / side),
            ..Default::default()
        })
        .bench_values(|facts| Snapshot::build(facts, Arc::clone(&pack)).unwrap());
}

#[divan::bench(args = [1_000_000], sample_count = 50, sample_size = 1)]
fn one_changed_plot_among(bencher: Bencher<'_, '_>, plots: usize) {
    let snapshot = build(plots);
    let mut number = plots as u64 / 2;
    bencher
        .with_inputs(|| {
            number += 1;
            let plots = vec![world::plot(number, world::positions(1)[0])];
            Changes::Plots { revision: Revision(number), plots, datasets: Vec::new() }
        })
        .bench_local_values(|changes| snapshot.with_changes(changes).unwrap());
}

/// A thousand changes, one after the other: the tail grows and is merged.
#[divan::bench(args = [1_000_000], sample_count = 3, sample_size = 1)]
fn a_thousand_changes_among(bencher: Bencher<'_, '_>, plots: usize) {
    let mut snapshot = build(plots);
    let places = world::positions(1000);
    bencher.bench_local(|| {
        for (place, n) in places.iter().zip(1..) {
            let plots = vec![world::plot(n * 7, *place)];
            let changes = Changes::Plots { revision: Revision(n), plots, datasets: Vec::new() };
            snapshot = snapshot.with_changes(changes).unwrap();
        }
    });
}

#[divan::bench(args = [1_000_000], sample_count = 20)]
fn plots_of_a_tile_among(bencher: Bencher<'_, '_>, plots: usize) {
    let snapshot = build(plots);
    let tile = Extent::new(103.0, 22.0, 103.088, 22.082).unwrap();
    bencher.bench_local(|| black_box(snapshot.plots_in(tile, None).count()));
}

#[divan::bench(args = [1_000_000], sample_count = 3, sample_size = 1)]
fn nearest_lines_of_ten_thousand_among(bencher: Bencher<'_, '_>, plots: usize) {
    let snapshot = build(plots);
    bencher.bench_local(|| {
        let near = snapshot.plots(None).take(10_000).map(|it| snapshot.lines_of(it, None).len());
        black_box(near.sum::<usize>())
    });
}
