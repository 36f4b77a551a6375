//! Knox's test and its table of bands, with 999 shuffles; emerging hot spots and trends.
//!
//! `cargo bench --bench knox`. Seeds are fixed: the same numbers every time. Other programs are
//! compared by `benches/peers/run knox`.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

use divan::{Bencher, black_box};
use geo_types::Coord;
use poppywatch::analysis::{
    chance::draws::Draws,
    time::{
        emerging::{Question, emerging},
        knox::{Reach, knox},
        mann_kendall::{Orders, mann_kendall},
        near_repeat::{Limits, near_repeat},
    },
    watch::Nobody,
    weights::Neighbours,
};

fn main() {
    divan::main();
}

const DRAWS: Draws<'_> = Draws { permutations: 999, seed: 1, analysis: "bench" };

/// Points on a square of 100 km, over ten years of days.
fn points(count: usize) -> (Vec<Coord<f64>>, Vec<f64>) {
    let mut stream = Draws { permutations: 0, seed: 7, analysis: "points" }.streams().stream(0);
    let mut at = || 1e5 * stream.unit();
    let places: Vec<Coord<f64>> = (0..count).map(|_| Coord { x: at(), y: at() }).collect();
    let times = (0..count).map(|_| f64::from(stream.below(3650))).collect();
    (places, times)
}

/// Near is 1 km, or 5; soon is 30 days.
#[divan::bench(args = [(10_000, 1_000), (10_000, 5_000), (100_000, 1_000)], sample_count = 10)]
fn knox_999(bencher: Bencher<'_, '_>, (count, delta): (usize, u32)) {
    let (places, times) = points(count);
    let reach = Reach { delta: f64::from(delta), tau: 30.0 };
    bencher.bench(|| knox(&places, &times, reach, DRAWS, &Nobody).unwrap().unwrap());
}

#[divan::bench(args = [10_000], sample_count = 10)]
fn near_repeat_5_by_5_999(bencher: Bencher<'_, '_>, count: usize) {
    let (places, times) = points(count);
    let space = Limits::new(vec![0.0, 100.0, 250.0, 500.0, 750.0, 1000.0]).unwrap();
    let time = Limits::new(vec![0.0, 14.0, 28.0, 60.0, 180.0, 365.0]).unwrap();
    bencher.bench(|| near_repeat(&places, &times, (&space, &time), DRAWS, &Nobody).unwrap());
}

/// A square of places with six neighbours each, ten seasons, 99,999 shuffles.
#[divan::bench(args = [2_500, 10_000], sample_count = 10)]
fn emerging_ten_seasons(bencher: Bencher<'_, '_>, places: usize) {
    let side = (places as f64).sqrt().round() as usize;
    let pairs = (0..places).flat_map(|at| {
        let (row, col) = (at / side, at % side);
        let beside = [(0, 1), (1, 0), (1, 1)].into_iter();
        let within = beside.filter(move |(r, c)| row + r < side && col + c < side);
        within.map(move |(r, c)| (at, (row + r) * side + col + c))
    });
    let neighbours = Neighbours::from_pairs(places, pairs);
    let mut stream = DRAWS.streams().stream(0);
    let mut value = || match stream.below(60) {
        0..=3 => Some(1.0),
        4 => Some(5.0),
        5 => None,
        _ => Some(0.0),
    };
    let seasons: Vec<Vec<Option<f64>>> =
        (0..10).map(|_| (0..places).map(|_| value()).collect()).collect();
    let draws = Draws { permutations: 99_999, ..DRAWS };
    bencher.bench(|| emerging(&seasons, &Question::usual(&neighbours, draws)));
}

#[divan::bench(args = [8, 20, 50])]
fn a_thousand_trends(bencher: Bencher<'_, '_>, length: usize) {
    let orders = Orders::up_to(50);
    let mut stream = DRAWS.streams().stream(0);
    let series: Vec<Vec<Option<f64>>> =
        (0..1000).map(|_| (0..length).map(|_| Some(stream.unit())).collect()).collect();
    bencher.bench(|| {
        for values in &series {
            let _trend = black_box(mann_kendall(black_box(values), &orders));
        }
    });
}
