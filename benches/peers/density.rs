//! The quartic density of 100,000 points on 500 by 500 cells.

use geo_types::Coord;
use poppywatch::analysis::density::{Kernel, Lattice, estimate, sources};

use crate::data::{Desk, Random, time};

pub fn density(desk: &Desk) {
    let (side, cells) = (50_000.0, 500);
    let cell = side / cells as f64;
    let points = Random::of(17).crowds(desk.size(100_000), side, 1500.0);
    desk.write_points("points", &points);
    let first = Coord { x: cell / 2.0, y: cell / 2.0 };
    let lattice = Lattice { first, cell, cols: cells, rows: cells };
    for radius in [1000.0, 3000.0] {
        let work = || estimate(Kernel::Quartic, &sources(&points, None, radius), &lattice);
        time(&format!("density-{radius}"), 9, work, |density| {
            let peak = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
            // spatstat is exact and slow: it is asked for every tenth row.
            let tenth: Vec<f64> = density.chunks(cells).step_by(10).flatten().copied().collect();
            format!(
                "about_peak={} tenth_peak={} tenth_sum={}",
                peak(density),
                peak(&tenth),
                tenth.iter().sum::<f64>()
            )
        });
    }
}
