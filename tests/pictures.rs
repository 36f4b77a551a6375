//! The pictures of `docs/statistics.md` are drawn from what the methods really answer. A picture on
//! disk that differs is out of date: `make bless` draws it anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "pictures/svg.rs"]
mod svg;

use std::{fs, path::Path};

use poppywatch::analysis::{
    draws::Draws,
    getis_ord::gi_star,
    grid::{Cell, CellForm, Grid},
    permutation::{Null, counts},
    significance::{adjusted, classes},
    weights::Neighbours,
};
use poppywatch::crs::MetricCrs;
use svg::{Frame, HOT, INK, LINE, SOFT, Sheet};

/// Compares a picture with the one that is committed, or writes it where it shall be blessed.
#[track_caller]
fn keep(name: &str, picture: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/statistics").join(name);
    #[expect(clippy::disallowed_methods, reason = "a test has no Config")]
    let bless = std::env::var("POPPYWATCH_BLESS").is_ok();
    if bless {
        fs::write(&path, picture).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == picture, "docs/statistics/{name} is out of date: run `make bless`");
}

const DRAWS: Draws<'_> = Draws { permutations: 9999, seed: 1, analysis: "pictures" };

#[test]
fn hot_cells_and_the_noise_around_them() {
    // 20 × 14 cells, about one plot in ten of them, and a block of 3 × 3 with two each.
    let mut stream = DRAWS.streams().stream(0);
    let cells: Vec<Cell> =
        (0..14).flat_map(|row| (0..20).map(move |col| Cell { row, col })).collect();
    let values: Vec<f64> = cells
        .iter()
        .map(|cell| {
            let block = (4..7).contains(&cell.row) && (12..15).contains(&cell.col);
            f64::from(u8::from(stream.unit() < 0.1)) + if block { 2.0 } else { 0.0 }
        })
        .collect();
    let grid = Grid::new(MetricCrs::new(3405).unwrap(), CellForm::Square, 1000).unwrap();
    let weights = Neighbours::on_grid(grid, &cells);
    let z = gi_star(&values, &weights);
    let shuffled = counts(&values, &weights, Null::Total, DRAWS);
    let p: Vec<f64> = (0..cells.len()).map(|at| shuffled.upper(at)).collect();
    let class = classes(&adjusted(&p), 0.1);
    let mut sheet =
        Sheet::new(660.0, 330.0, "Hot cells by Gi*, and single plots that are no hotspot");
    let frame = Frame {
        x: (0.0, 20.0),
        y: (0.0, 14.0),
        left: 12.0,
        top: 12.0,
        width: 437.0,
        height: 306.0,
    };
    for (at, cell) in cells.iter().enumerate() {
        let (x, y) = (f64::from(cell.col), f64::from(cell.row));
        let corner = |dx: f64, dy: f64| frame.at(x + dx, y + dy);
        let fill = match class[at] {
            0 if z[at].z.is_ok_and(|z| z > 1.64) => "#eadfc6",
            0 => svg::LAND,
            class => HOT[usize::from(class) - 1],
        };
        sheet.polygon(
            &[corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)],
            fill,
            LINE,
        );
    }
    for (at, cell) in cells.iter().enumerate() {
        for plot in 0..values[at] as u8 {
            let place = frame
                .at(f64::from(cell.col) + 0.3 + 0.2 * f64::from(plot), f64::from(cell.row) + 0.5);
            sheet.circle(place, 2.2, INK, "none");
        }
    }
    let key = [
        (HOT[2], "hot, 99 %"),
        (HOT[1], "hot, 95 %"),
        (HOT[0], "hot, 90 %"),
        ("#eadfc6", "z above 1.64, not sure"),
    ];
    for (row, (fill, words)) in key.into_iter().enumerate() {
        let y = 30.0 + 24.0 * row as f64;
        sheet.polygon(
            &[(466.0, y - 11.0), (484.0, y - 11.0), (484.0, y + 3.0), (466.0, y + 3.0)],
            fill,
            LINE,
        );
        sheet.text((492.0, y), "start", INK, words);
    }
    sheet.circle((475.0, 122.0), 2.2, INK, "none");
    sheet.text((492.0, 126.0), "start", INK, "a plot");
    sheet.text((466.0, 160.0), "start", SOFT, "A cell may be hot");
    sheet.text((466.0, 178.0), "start", SOFT, "for its neighbours;");
    sheet.text((466.0, 196.0), "start", SOFT, "a plot alone is none.");
    keep("hot-cells.svg", &sheet.finish());
}
