//! Gi*, local Moran and their permutations.
//!
//! `cargo bench --bench gi`. Seeds are fixed: the same numbers every time.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

use divan::Bencher;
use poppywatch::{
    analysis::{
        chance::{
            draws::Draws,
            permutation::{Null, Statistic, counts, neighbour_counts, weighted_counts},
            significance::{adjusted, classes},
        },
        geometry::grid::{Cell, CellForm, Grid},
        local::getis_ord::gi_star,
        watch::Nobody,
        weights::{Neighbours, Weights},
    },
    crs::MetricCrs,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

fn main() {
    divan::main();
}

/// A square of queen cells, one in twelve with plots.
fn map(cells: usize) -> (Vec<f64>, Neighbours) {
    let side = (cells as f64).sqrt().round() as i32;
    let grid = Grid::new(MetricCrs::new(3405).unwrap(), CellForm::Square, 1000).unwrap();
    let all: Vec<Cell> =
        (0..side).flat_map(|row| (0..side).map(move |col| Cell { row, col })).collect();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let values = all
        .iter()
        .map(|_| match random.next_u32() % 60 {
            0..=3 => 1.0,
            4 => f64::from(1 + random.next_u32() % 9),
            _ => 0.0,
        })
        .collect();
    (values, Neighbours::on_grid(grid, &all))
}

const CELLS: [usize; 3] = [1_000, 10_000, 100_000];

#[divan::bench(args = CELLS)]
fn gi_star_z(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    bencher.bench(|| gi_star(&values, &weights));
}

fn shuffle(
    bencher: Bencher<'_, '_>,
    cells: usize,
    (statistic, null, permutations): (Statistic, Null, u32),
) {
    let (values, weights) = map(cells);
    let draws = Draws { permutations, seed: 1, analysis: "bench" };
    bencher.bench(|| neighbour_counts(&values, &weights, statistic, null, draws));
}

const PERMUTATIONS: [u32; 4] = [999, 9_999, 99_999, 999_999];

/// 100,000 zero-inflated queen cells, weights built.
#[divan::bench(args = PERMUTATIONS)]
fn gi_star_total_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::GiStar, Null::Total, permutations));
}

/// The same under the null of the peers; its counts are those of Gi too.
#[divan::bench(args = PERMUTATIONS)]
fn gi_star_conditional_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::GiStar, Null::Conditional, permutations));
}

#[divan::bench(args = PERMUTATIONS)]
fn moran_conditional_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::Moran, Null::Conditional, permutations));
}

#[divan::bench(args = PERMUTATIONS)]
fn moran_total_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::Moran, Null::Total, permutations));
}

/// As a province is: 10,000 cells, the permutations of the map.
#[divan::bench(args = [Null::Total, Null::Conditional])]
fn gi_star_99_999_of_10k(bencher: Bencher<'_, '_>, null: Null) {
    shuffle(bencher, 10_000, (Statistic::GiStar, null, 99_999));
}

/// Weights that fall with distance within two cells: a few patterns serve all.
#[divan::bench(args = [999, 99_999])]
fn decaying_weights_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    let (values, weights) = map(100_000);
    let side = 316;
    let weigh = |place: usize| {
        let near = weights.of(place).iter().map(|other| {
            let apart = (*other as usize).abs_diff(place);
            (*other, if apart == 1 || apart == side { 1.0 } else { 0.5_f64.sqrt() })
        });
        near.collect()
    };
    let weights = Weights::from_rows((0..weights.len()).map(weigh).collect()).unwrap();
    let draws = Draws { permutations, seed: 1, analysis: "bench" };
    bencher.bench(|| {
        weighted_counts(&values, &weights, Statistic::Gi, Null::Conditional, draws, &Nobody)
    });
}

/// No two rows alike: every unit is compared sum by sum.
#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn irregular_weights_999(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut weigh = |place: usize| {
        let near = weights.of(place).iter();
        near.map(|other| (*other, 0.5 + f64::from(random.next_u32()) / 1e10)).collect()
    };
    let weights = Weights::from_rows((0..weights.len()).map(&mut weigh).collect()).unwrap();
    let draws = Draws { permutations: 999, seed: 1, analysis: "bench" };
    bencher.bench(|| {
        weighted_counts(&values, &weights, Statistic::Gi, Null::Conditional, draws, &Nobody)
    });
}

#[divan::bench(args = CELLS)]
fn false_discovery(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    let draws = Draws { permutations: 9_999, seed: 1, analysis: "bench" };
    let shuffled = counts(&values, &weights, Null::Total, draws);
    let p: Vec<f64> = (0..values.len()).map(|place| shuffled.upper(place)).collect();
    bencher.bench(|| classes(&adjusted(&p), 0.05));
}
