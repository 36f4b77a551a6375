//! Point clusters: DBSCAN of a million points, HDBSCAN of a hundred thousand.
//!
//! `cargo bench --bench dbscan`. Seeds are fixed: the same numbers every time. The same work by
//! scikit-learn: `benches/peers/run dbscan`.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

use divan::Bencher;
use geo_types::Coord;
use poppywatch::analysis::{
    clusters::{
        dbscan::{Density, dbscan},
        hdbscan::{Sizes, hdbscan},
        k_distance::k_distances,
        points::Points,
        st_dbscan::st_dbscan,
    },
    watch::Nobody,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

fn main() {
    divan::main();
}

/// Points on 200 by 200 km: nine in ten in crowds 1.5 km wide, of some 500 points each; the rest
/// anywhere. And the season of each, of ten.
fn plots(count: usize) -> (Vec<Coord<f64>>, Vec<f64>) {
    let mut random = ChaCha8Rng::seed_from_u64(19);
    let mut unit = move || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let mut anywhere = {
        let mut random = ChaCha8Rng::seed_from_u64(20);
        move || Coord {
            x: f64::from(random.next_u32()) / f64::from(u32::MAX) * 2e5,
            y: f64::from(random.next_u32()) / f64::from(u32::MAX) * 2e5,
        }
    };
    let middles: Vec<Coord<f64>> = (0..count.div_ceil(500)).map(|_| anywhere()).collect();
    let point = |n: usize| {
        if n.is_multiple_of(10) {
            return anywhere();
        }
        // The sum of four draws is nearly normal.
        let mut normal = || ((0..4).map(|_| unit()).sum::<f64>() - 2.0) * 3f64.sqrt();
        middles[n % middles.len()] + Coord { x: normal(), y: normal() } * 1500.0
    };
    let points: Vec<Coord<f64>> = (0..count).map(point).collect();
    (points, (0..count).map(|n| (n * 7 % 10) as f64).collect())
}

const COUNTS: [usize; 2] = [100_000, 1_000_000];

#[divan::bench(args = COUNTS, sample_count = 5, sample_size = 1)]
fn dbscan_150_m_10_points(bencher: Bencher<'_, '_>, count: usize) {
    let (points, _) = plots(count);
    let density = Density::new(150.0, 10).unwrap();
    bencher.bench_local(|| dbscan(Points::new(&points).unwrap(), density));
}

#[divan::bench(args = COUNTS, sample_count = 5, sample_size = 1)]
fn st_dbscan_150_m_one_season(bencher: Bencher<'_, '_>, count: usize) {
    let (points, seasons) = plots(count);
    let density = Density::new(150.0, 5).unwrap();
    bencher.bench_local(|| st_dbscan(Points::new(&points).unwrap(), &seasons, density, 1.0));
}

#[divan::bench(args = [10_000, 100_000], sample_count = 5, sample_size = 1)]
fn hdbscan_10_points(bencher: Bencher<'_, '_>, count: usize) {
    let (points, _) = plots(count);
    let sizes = Sizes::new(10, 10).unwrap();
    bencher.bench_local(|| hdbscan(Points::new(&points).unwrap(), sizes, &Nobody));
}

#[divan::bench(args = COUNTS, sample_count = 5, sample_size = 1)]
fn k_distance_curve_of_10(bencher: Bencher<'_, '_>, count: usize) {
    let (points, _) = plots(count);
    bencher.bench_local(|| k_distances(Points::new(&points).unwrap(), 10));
}
