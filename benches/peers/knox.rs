//! Knox's test on 10,000 points with 999 permutations.

use poppywatch::analysis::{
    chance::draws::Draws,
    time::knox::{Reach, knox as test},
    watch::Nobody,
};

use crate::data::{Desk, Random, time};

pub fn knox(desk: &Desk) {
    let count = desk.size(10_000);
    let mut random = Random::of(23);
    let points = random.crowds(count, 50_000.0, 1500.0);
    let times: Vec<f64> = (0..count).map(|_| f64::from(random.bits() % 1000)).collect();
    desk.write_points("points", &points);
    desk.write("times", times.iter().copied());
    let reach = Reach { delta: 500.0, tau: 5.0 };
    let draws = Draws { permutations: 999, seed: 1, analysis: "peers" };
    let work = || test(&points, &times, reach, draws, &Nobody).unwrap().unwrap();
    time("knox", 7, work, |found| {
        format!("near={} soon={} both={}", found.near, found.soon, found.both)
    });
}
