//! Gi* and local Moran with 999 conditional permutations on 100,000 queen cells.

use poppywatch::{
    analysis::{
        chance::{
            draws::Draws,
            permutation::{Null, Statistic, counts, neighbour_counts},
        },
        geometry::grid::{Cell, CellForm, Grid},
        local::{
            getis_ord::gi_star,
            moran::{Quadrant, deviations, local_moran},
        },
        weights::Neighbours,
    },
    crs::MetricCrs,
};

use crate::data::{Desk, Random, time};

const DRAWS: Draws<'_> = Draws { permutations: 999, seed: 1, analysis: "peers" };

/// A square of cells, one in twelve with plots.
fn map(desk: &Desk) -> (Vec<f64>, Neighbours) {
    let side = (desk.size(100_000) as f64).sqrt() as i32;
    let grid = Grid::new(MetricCrs::new(3405).unwrap(), CellForm::Square, 1000).unwrap();
    let cells: Vec<Cell> =
        (0..side).flat_map(|row| (0..side).map(move |col| Cell { row, col })).collect();
    let mut random = Random::of(7);
    let mut value = || match random.bits() % 60 {
        0..=3 => 1.0,
        4 => f64::from(1 + random.bits() % 9),
        _ => 0.0,
    };
    let values: Vec<f64> = cells.iter().map(|_| value()).collect();
    desk.write("values", values.iter().copied());
    (values, Neighbours::on_grid(grid, &cells))
}

pub fn gi(desk: &Desk) {
    let (values, weights) = map(desk);
    let work = || (gi_star(&values, &weights), counts(&values, &weights, Null::Conditional, DRAWS));
    time("gi", 15, work, |(local, _)| {
        let z: f64 = local.iter().filter_map(|local| local.z.ok()).map(f64::abs).sum();
        format!("sum_of_z={z}")
    });
    for permutations in [9_999, 99_999] {
        let draws = Draws { permutations, ..DRAWS };
        let work = || counts(&values, &weights, Null::Conditional, draws);
        time(&format!("gi-{permutations}"), 5, work, |_| String::new());
    }
}

pub fn moran(desk: &Desk) {
    let (values, weights) = map(desk);
    let work = || {
        let local = local_moran(&values, &weights);
        let z = deviations(&values);
        (local, neighbour_counts(&z, &weights, Statistic::Moran, Null::Conditional, DRAWS))
    };
    time("moran", 15, work, |(local, _)| {
        let high = local.iter().filter(|it| it.quadrant == Some(Quadrant::HighHigh)).count();
        format!("high_high={high}")
    });
}
