//! Scan statistics, 999 maps by chance: 2,000 places, and 2,000 places by 8 periods.

use std::hint::black_box;

use divan::Bencher;
use geo_types::Coord;
use poppywatch::analysis::{
    chance::draws::Draws,
    scan::{Model, Question, Scope, Windows, scan},
    watch::Nobody,
};

fn main() {
    divan::main();
}

const PLACES: usize = 2000;
const DRAWS: Draws<'_> = Draws { permutations: 999, seed: 1, analysis: "bench" };

/// Places at random over a province, with cases here and there and a crowd in one corner.
struct World {
    at: Vec<Coord>,
    cases: Vec<u32>,
    population: Vec<f64>,
}

fn world(periods: usize) -> World {
    let mut random = Draws { analysis: "world", ..DRAWS }.streams().stream(0);
    let at: Vec<Coord> = (0..PLACES)
        .map(|_| Coord { x: 100_000.0 * random.unit(), y: 100_000.0 * random.unit() })
        .collect();
    let population: Vec<f64> = (0..PLACES)
        .flat_map(|_| {
            let people = f64::from(200 + random.below(1800));
            std::iter::repeat_n(people, periods)
        })
        .collect();
    let cases = (0..PLACES * periods).map(|cell| {
        let place = at[cell / periods];
        let crowd = place.x < 15_000.0 && place.y < 15_000.0 && cell % periods >= periods / 2;
        // About one case a cell where all are alike.
        let rate = population[cell] / 1100.0 * if crowd { 2.0 } else { 1.0 };
        (0..4).map(|_| u32::from(random.unit() * 4.0 < rate)).sum()
    });
    World { cases: cases.collect(), at, population }
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn spatial_2000_places(bencher: Bencher) {
    let world = world(1);
    bencher.bench_local(|| {
        let question = Question::on_places(&world.at, &world.cases, &world.population);
        black_box(scan(&question, DRAWS, &Nobody)).map(drop)
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn space_time_2000_places_8_periods(bencher: Bencher) {
    let world = world(8);
    bencher.bench_local(|| {
        let question = Question {
            periods: 8,
            scope: Scope::SpaceTime,
            ..Question::on_places(&world.at, &world.cases, &world.population)
        };
        black_box(scan(&question, DRAWS, &Nobody)).map(drop)
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn prospective_permutation_2000_places_8_periods(bencher: Bencher) {
    let world = world(8);
    bencher.bench_local(|| {
        let question = Question {
            periods: 8,
            scope: Scope::Prospective,
            model: Model::SpaceTimePermutation,
            ..Question::on_places(&world.at, &world.cases, &world.population)
        };
        black_box(scan(&question, DRAWS, &Nobody)).map(drop)
    });
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn ellipses_500_places(bencher: Bencher) {
    let world = world(1);
    bencher.bench_local(|| {
        let question = Question {
            windows: Windows::Ellipses { at: &world.at[..500], penalty: 0.5 },
            ..Question::on_places(&world.at[..500], &world.cases[..500], &world.population[..500])
        };
        black_box(scan(&question, DRAWS, &Nobody)).map(drop)
    });
}
