//! Weights: queen contiguity of 11,025 communes, 8 nearest and a band of 100,000 points.

use geo_types::MultiPolygon;
use poppywatch::analysis::weights::{Contiguity, Weights, band, contiguity, k_nearest};

use crate::{
    data::{Desk, Random, time},
    world,
};

pub fn weights(desk: &Desk) {
    let side = if desk.small { 23 } else { 105 };
    let outlines: Vec<MultiPolygon<f64>> =
        world::communes(side, 1200 / 105).iter().map(|it| it.outline.get().clone()).collect();
    desk.write_outlines("communes", &outlines);
    let links = |it: &_| format!("links={}", Weights::binary(it).links());
    let queen = |tolerance: f64| contiguity(&outlines, Contiguity::Queen, tolerance).unwrap();
    time("queen", 7, || queen(0.0), links);
    // In degrees: about a metre, and fifty.
    time("queen-1m", 5, || queen(1e-5), links);
    time("queen-50m", 5, || queen(5e-4), links);
    time("rook-1m", 5, || contiguity(&outlines, Contiguity::Rook, 1e-5).unwrap(), links);

    let points = Random::of(13).crowds(desk.size(100_000), 100_000.0, 1500.0);
    desk.write_points("points", &points);
    let count = |it: &Weights| format!("links={}", it.links());
    time("knn-8", 7, || k_nearest(&points, 8), count);
    time("band-500", 7, || band(&points, 500.0).unwrap(), links);
}
