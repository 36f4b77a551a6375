//! Global statistics, the choice of scale, stability and rates, at the sizes of a country.
//!
//! `cargo bench --bench global`. Seeds are fixed: the same numbers every time.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

use divan::Bencher;
use geo_types::Coord;
use poppywatch::{
    analysis::{
        chance::draws::Draws,
        geometry::grid::{Cell, CellForm, Grid},
        global::{
            general_g::general_g_shuffled,
            moran::{global_moran, global_moran_shuffled},
        },
        rates::{
            Cases, LocalPrior, global_bayes, local_bayes, rate_interval, standardised, surprise,
        },
        scale::{
            incremental_moran::{BandWeights, incremental_moran},
            spacing::spacing,
            stability::{Ground, HotMap, hot_map, samples, settings, stability},
        },
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

const DRAWS: Draws<'_> = Draws { permutations: 999, seed: 1, analysis: "bench" };

fn grid() -> Grid {
    Grid::new(MetricCrs::new(3405).unwrap(), CellForm::Square, 1000).unwrap()
}

fn square(cells: usize) -> Vec<Cell> {
    let side = (cells as f64).sqrt().round() as i32;
    (0..side).flat_map(|row| (0..side).map(move |col| Cell { row, col })).collect()
}

/// A square of queen cells, one in twelve with plots.
fn map(cells: usize) -> (Vec<f64>, Weights) {
    let all = square(cells);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let value = |_: &Cell| match random.next_u32() % 60 {
        0..=3 => 1.0,
        4 => f64::from(1 + random.next_u32() % 9),
        _ => 0.0,
    };
    let values = all.iter().map(value).collect();
    (values, Weights::binary(&Neighbours::on_grid(grid(), &all)).row_standardised())
}

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

#[divan::bench(args = SIZES)]
fn moran_and_its_moments(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    bencher.bench(|| global_moran(&values, &weights).unwrap());
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn moran_999(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    bencher.bench(|| global_moran_shuffled(&values, &weights, DRAWS, &Nobody).unwrap().unwrap());
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn general_g_999(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    bencher.bench(|| general_g_shuffled(&values, &weights, DRAWS, &Nobody).unwrap().unwrap());
}

/// Points at random with values that are alike in the small, ten bands by default, 999 maps.
#[divan::bench(args = [1_000, 10_000, 30_000], sample_count = 5)]
fn incremental_moran_999(bencher: Bencher<'_, '_>, points: usize) {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut unit = || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let points: Vec<Coord<f64>> =
        (0..points).map(|_| Coord { x: 1e5 * unit(), y: 1e5 * unit() }).collect();
    let values: Vec<f64> =
        points.iter().map(|p| (p.x / 4e3).sin() * (p.y / 5e3).cos() + unit()).collect();
    let bands = spacing(&points).unwrap().bands(10);
    let weigh = BandWeights::RowStandardised;
    bencher.bench(|| {
        incremental_moran(&points, &values, &bands, weigh, DRAWS, 0.05, &Nobody).unwrap()
    });
}

/// Twenty-four maps of 9,999 permutations each.
#[divan::bench(args = [1_000, 10_000, 50_000], sample_count = 3)]
fn stability_9_999(bencher: Bencher<'_, '_>, cells: usize) {
    let (grid, all) = (grid(), square(cells));
    let (values, _) = map(cells);
    let plots: Vec<(Coord<f64>, f64)> =
        all.iter().zip(&values).map(|(cell, value)| (grid.centre(*cell), *value)).collect();
    let ground: Vec<Coord<f64>> = all.iter().flat_map(|cell| samples(grid, *cell)).collect();
    let centres: Vec<Coord<f64>> = all.iter().map(|cell| grid.centre(*cell)).collect();
    let draws = Draws { permutations: 9_999, ..DRAWS };
    bencher.bench(|| {
        let ground = Ground { samples: &ground, each: grid.cell_area() / 16.0 };
        let map = |setting: &_| hot_map(*setting, &plots, ground, draws, 0.05);
        stability(&centres, &settings(grid), map, HotMap::at, &Nobody).unwrap()
    });
}

/// Every column of `rates`, eleven thousand communes.
#[divan::bench(args = [11_000])]
fn rates(bencher: Bencher<'_, '_>, units: usize) {
    let (values, weights) = map(units);
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let population: Vec<Option<f64>> =
        values.iter().map(|_| Some(f64::from(50 + random.next_u32() % 5000))).collect();
    let events: Vec<Option<f64>> = values.iter().map(|value| Some(*value)).collect();
    bencher.bench(|| {
        let cases = Cases::new(&events, &population);
        let local = local_bayes(&cases, &weights, LocalPrior::Neighbourhood);
        (
            global_bayes(&cases),
            local,
            standardised(&cases),
            surprise(&cases),
            rate_interval(&cases, 0.95),
        )
    });
}
