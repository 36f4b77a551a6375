//! A million points into 100 and into 11,025 communes.

use std::sync::Arc;

use geo_types::MultiPolygon;
use poppywatch::{
    domain::{CountryPack, Facts, Level, Position},
    snapshot::{Settled, Snapshot},
};
use rayon::prelude::*;

use crate::{
    data::{Desk, time},
    world,
};

pub fn join(desk: &Desk) {
    let points = world::positions(desk.size(1_000_000));
    let coords: Vec<_> = points.iter().map(|place| place.coord()).collect();
    desk.write_points("points", &coords);
    for side in [10, 105] {
        let boundaries = world::communes(side, 1200 / side);
        let outlines: Vec<MultiPolygon<f64>> =
            boundaries.iter().map(|it| it.outline.get().clone()).collect();
        let name = format!("join-{}", outlines.len());
        desk.write_outlines(&name, &outlines);
        let facts = Facts { boundaries, ..Facts::default() };
        let snapshot = Snapshot::build(facts, Arc::new(CountryPack::lai_chau())).unwrap();
        let atlas = snapshot.atlases().last().unwrap();
        // Ours also finds the nearest commune of a point in a gap; the peers do not.
        let inside = |place: &&Position| {
            let settled = atlas.locate_in(Level::Commune, **place).settled;
            matches!(settled, Settled::Inside | Settled::Edge | Settled::Overlap)
        };
        let work = || points.par_iter().with_min_len(4096).filter(inside).count();
        time(&name, 7, work, |inside| format!("inside={inside}"));
    }
}
