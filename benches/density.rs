//! Kernel density of points in clusters on 500 × 500 cells of 100 m, and what is made of it.
//!
//! `cargo bench --bench density`. Seeds are fixed: the same points every time. Peers:
//! `benches/peers/run density`.

use divan::Bencher;
use geo_types::Coord;
use poppywatch::analysis::{
    chance::draws::Draws,
    density::{
        Domain, Kernel, Lattice, SHARES, Source, contours, estimate, likelihood, mass, sources,
        volumes,
    },
};

fn main() {
    divan::main();
}

const LATTICE: Lattice =
    Lattice { first: Coord { x: 50.0, y: 50.0 }, cell: 100.0, cols: 500, rows: 500 };

/// Points in 300 clusters of about 1.2 km.
fn points(count: usize) -> Vec<Coord<f64>> {
    let draws = Draws { permutations: 1, seed: 11, analysis: "bench" };
    let mut random = draws.streams().stream(0);
    let middles: Vec<(f64, f64)> =
        (0..300).map(|_| (50_000.0 * random.unit(), 50_000.0 * random.unit())).collect();
    let mut normal = || (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
    let mut point = |n: usize| {
        let (x, y) = middles[n % middles.len()];
        Coord {
            x: (x + 1200.0 * normal()).clamp(0.0, 49_999.0),
            y: (y + 1200.0 * normal()).clamp(0.0, 49_999.0),
        }
    };
    (0..count).map(&mut point).collect()
}

fn spread(count: usize, radius: f64) -> Vec<Source> {
    sources(&points(count), None, radius)
}

#[divan::bench(args = [500.0, 1000.0, 3000.0, 6000.0], sample_count = 10)]
fn quartic_100k_points_500_by_500(bencher: Bencher, radius: f64) {
    let spread = spread(100_000, radius);
    bencher.bench(|| estimate(Kernel::Quartic, &spread, &LATTICE));
}

#[divan::bench(args = [1000.0, 3000.0], sample_count = 10)]
fn epanechnikov_100k_points(bencher: Bencher, radius: f64) {
    let spread = spread(100_000, radius);
    bencher.bench(|| estimate(Kernel::Epanechnikov, &spread, &LATTICE));
}

#[divan::bench(args = [500.0, 1000.0, 3000.0], sample_count = 5)]
fn gaussian_100k_points(bencher: Bencher, sigma: f64) {
    let spread = spread(100_000, sigma);
    bencher.bench(|| estimate(Kernel::Gaussian, &spread, &LATTICE));
}

#[divan::bench(args = [10_000, 1_000_000], sample_count = 5)]
fn quartic_1_km(bencher: Bencher, count: usize) {
    let spread = spread(count, 1000.0);
    bencher.bench(|| estimate(Kernel::Quartic, &spread, &LATTICE));
}

#[divan::bench(sample_count = 5)]
fn mass_inside_the_domain(bencher: Bencher) {
    let domain = Domain::whole(LATTICE);
    bencher.bench(|| mass(&domain, Kernel::Quartic, 3000.0));
}

#[divan::bench(sample_count = 10)]
fn four_volume_contours(bencher: Bencher) {
    let domain = Domain::whole(LATTICE);
    let values = estimate(Kernel::Quartic, &spread(100_000, 1000.0), &LATTICE);
    bencher.bench(|| {
        let levels = volumes(&domain, &values, &SHARES);
        levels.iter().map(|it| contours(&domain, &values, it.level)).collect::<Vec<_>>()
    });
}

#[divan::bench(sample_count = 3)]
fn likelihood_of_2000_points(bencher: Bencher) {
    let points = points(2000);
    bencher.bench(|| likelihood(&points));
}
