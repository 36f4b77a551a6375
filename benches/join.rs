//! A million points joined to communes: `cargo bench --bench join`.
//!
//! The naive loop tests every commune's frame and then its outline, on a sample of the points
//! (10,000 and 1,000): multiply by 100 and by 1,000.
#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

mod world;

use std::{hint::black_box, sync::Arc};

use divan::Bencher;
use geo::{BoundingRect, Intersects};
use poppywatch::{
    domain::{CountryPack, Facts, Level, Position},
    snapshot::Snapshot,
};
use rayon::prelude::*;

fn main() {
    divan::main();
}

const POINTS: usize = 1_000_000;

/// 100 communes of 480 vertices, 11,025 of 44.
const SIDES: [usize; 2] = [10, 105];

fn snapshot(side: usize) -> Snapshot {
    let facts = Facts { boundaries: world::communes(side, 1200 / side), ..Facts::default() };
    Snapshot::build(facts, Arc::new(CountryPack::lai_chau())).unwrap()
}

fn joined(snapshot: &Snapshot, points: &[Position]) -> usize {
    let Some(atlas) = snapshot.atlases().last() else { return 0 };
    let unit = |place: &Position| atlas.locate_in(Level::Commune, *place).unit.is_some();
    points.par_iter().with_min_len(4096).filter(|place| unit(place)).count()
}

#[divan::bench(args = SIDES, sample_count = 10, sample_size = 1)]
fn a_million_points_to_communes_squared(bencher: Bencher<'_, '_>, side: usize) {
    let (snapshot, points) = (snapshot(side), world::positions(POINTS));
    bencher.bench_local(|| black_box(joined(&snapshot, &points)));
}

#[divan::bench(args = SIDES, sample_count = 3, sample_size = 1)]
fn the_naive_loop_on_a_sample(bencher: Bencher<'_, '_>, side: usize) {
    let boundaries = world::communes(side, 1200 / side);
    let framed: Vec<_> =
        boundaries.iter().map(|it| (it.outline.get().bounding_rect(), it.outline.get())).collect();
    let points = world::positions(if side > 50 { 1_000 } else { 10_000 });
    bencher.bench_local(|| {
        let inside = points.par_iter().filter(|place| {
            framed.iter().any(|(frame, outline)| {
                frame.is_some_and(|frame| frame.intersects(&place.coord()))
                    && outline.intersects(&place.coord())
            })
        });
        black_box(inside.count())
    });
}
