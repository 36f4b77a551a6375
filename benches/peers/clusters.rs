//! DBSCAN of a million points.

use poppywatch::analysis::clusters::{
    dbscan::{Density, dbscan as clusters_of},
    points::Points,
};

use crate::data::{Desk, Random, time};

pub fn dbscan(desk: &Desk) {
    let points = Random::of(19).crowds(desk.size(1_000_000), 200_000.0, 1500.0);
    desk.write_points("points", &points);
    let points = Points::new(&points).unwrap();
    let density = Density::new(150.0, 10).unwrap();
    time(
        "dbscan",
        5,
        || clusters_of(points, density),
        |found| {
            let core = found.core.iter().filter(|core| **core).count();
            format!("clusters={} core={core}", found.clusters)
        },
    );
}
