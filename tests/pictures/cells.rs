//! Pictures of cells: who is a neighbour, what is hot, what a rate is worth, what the map caught.

use geo_types::Coord;
use poppywatch::{
    analysis::{
        chance::{
            permutation::{Null, counts},
            significance::{adjusted, classes},
        },
        geometry::grid::{Cell, CellForm, Grid},
        local::getis_ord::gi_star,
        rates::{Cases, global_bayes, overall, rate_interval, raw},
        validation::{Cells, curve},
        weights::{Neighbours, k_nearest},
    },
    crs::MetricCrs,
};

use super::{
    DRAWS, keep,
    svg::{self, Frame, HOT, INK, LINE, SOFT, Sheet, TEAL},
};

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

#[test]
fn queen_neighbours_and_the_nearest_ones() {
    let mut sheet = Sheet::new(660.0, 250.0, "Neighbours: of touching cells, and the four nearest");
    let frame =
        Frame { x: (0.0, 6.0), y: (0.0, 5.0), left: 12.0, top: 34.0, width: 240.0, height: 200.0 };
    sheet.text((12.0, 20.0), "start", INK, "queen: corners too; ? not searched");
    let cells: Vec<Cell> =
        (0..5).flat_map(|row| (0..6).map(move |col| Cell { row, col })).collect();
    let grid = Grid::new(MetricCrs::new(3405).unwrap(), CellForm::Square, 1000).unwrap();
    // Two cells nobody searched: they are nobody's neighbours.
    let searched: Vec<Cell> = cells
        .iter()
        .copied()
        .filter(|cell| ![(3, 3), (1, 2)].contains(&(cell.row, cell.col)))
        .collect();
    let weights = Neighbours::on_grid(grid, &searched);
    let me = searched.iter().position(|cell| (cell.row, cell.col) == (2, 2)).unwrap();
    for cell in &cells {
        let (x, y) = (f64::from(cell.col), f64::from(cell.row));
        let corner = |dx: f64, dy: f64| frame.at(x + dx, y + dy);
        let place = searched.iter().position(|known| known == cell);
        let fill = match place {
            None => "#ffffff",
            Some(place) if place == me => HOT[1],
            Some(place) if weights.of(me).contains(&(place as u32)) => HOT[0],
            Some(_) => svg::LAND,
        };
        sheet.polygon(
            &[corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)],
            fill,
            LINE,
        );
        if place.is_none() {
            sheet.line(&[corner(0.0, 0.0), corner(1.0, 1.0)], LINE, 1.5, "");
            sheet.text(corner(0.5, 0.42), "middle", SOFT, "?");
        }
    }
    sheet.text(
        (290.0, 20.0),
        "start",
        INK,
        "knn:4: the four nearest, one-sided where it is lonely",
    );
    let frame =
        Frame { x: (0.0, 7.0), y: (0.0, 4.0), left: 290.0, top: 34.0, width: 350.0, height: 200.0 };
    let mut stream = DRAWS.streams().stream(1);
    let mut points: Vec<Coord<f64>> = (0..16)
        .map(|_| Coord { x: 0.3 + 3.8 * stream.unit(), y: 0.3 + 3.4 * stream.unit() })
        .collect();
    points.push(Coord { x: 6.2, y: 2.2 });
    let nearest = k_nearest(&points, 4);
    for (at, point) in points.iter().enumerate() {
        for other in nearest.places(at) {
            let to = points[*other as usize];
            let color = if at == 16 { HOT[1] } else { LINE };
            sheet.line(&[frame.at(point.x, point.y), frame.at(to.x, to.y)], color, 1.4, "");
        }
    }
    for point in &points {
        sheet.circle(frame.at(point.x, point.y), 3.6, INK, "none");
    }
    keep("neighbours.svg", &sheet.finish());
}

#[test]
fn small_places_are_drawn_to_the_middle() {
    // Communes with 2 to 400 km² searched, and how many plots were found.
    let searched = [2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 60.0, 110.0, 180.0, 260.0, 400.0];
    let found = [2.0, 0.0, 1.0, 0.0, 3.0, 2.0, 1.0, 9.0, 8.0, 31.0, 22.0, 36.0];
    let some = |list: &[f64]| list.iter().copied().map(Some).collect::<Vec<_>>();
    let cases = Cases::new(&some(&found), &some(&searched));
    let (raw, bayes, mean) = (raw(&cases), global_bayes(&cases), overall(&cases).unwrap());
    let intervals = rate_interval(&cases, 0.95);
    let mut sheet = Sheet::new(
        660.0,
        300.0,
        "Plots per km² searched: as counted, and with what is known of the others",
    );
    let frame =
        Frame { x: (0.0, 13.0), y: (0.0, 1.2), left: 60.0, top: 40.0, width: 420.0, height: 200.0 };
    sheet.axes(&frame, "", "plots per km² searched");
    sheet.line(&[frame.at(0.0, mean), frame.at(13.0, mean)], SOFT, 1.0, "4 3");
    for at in 0..searched.len() {
        let x = at as f64 + 1.0;
        let interval = intervals[at].unwrap();
        let (low, high) = (interval.low.min(1.2), interval.high.min(1.2));
        sheet.line(&[frame.at(x, low), frame.at(x, high)], LINE, 5.0, "");
        sheet.line(&[frame.at(x, raw[at].min(1.2)), frame.at(x, bayes[at])], HOT[1], 1.0, "");
        sheet.circle(frame.at(x, raw[at].min(1.2)), 4.0, "#ffffff", INK);
        sheet.circle(frame.at(x, bayes[at]), 4.0, TEAL, "none");
    }
    sheet.text((60.0, 276.0), "start", SOFT, "communes: 2 km² searched");
    sheet.text((480.0, 276.0), "end", SOFT, "400 km²");
    sheet.circle((506.0, 60.0), 4.0, "#ffffff", INK);
    sheet.text((518.0, 64.0), "start", INK, "counted (raw rate)");
    sheet.circle((506.0, 84.0), 4.0, TEAL, "none");
    sheet.text((518.0, 88.0), "start", INK, "empirical Bayes");
    sheet.line(&[(498.0, 108.0), (514.0, 108.0)], LINE, 5.0, "");
    sheet.text((518.0, 112.0), "start", INK, "exact 95 % interval");
    sheet.line(&[(498.0, 132.0), (514.0, 132.0)], SOFT, 1.0, "4 3");
    sheet.text((518.0, 136.0), "start", INK, "all together");
    keep("rates.svg", &sheet.finish());
}

#[test]
fn what_the_last_map_caught() {
    // 400 cells; the map knows half of the truth.
    let mut stream = DRAWS.streams().stream(2);
    let truth: Vec<f64> = (0..400).map(|_| stream.unit().powi(6)).collect();
    let found: Vec<f64> =
        truth.iter().map(|risk| f64::from(u8::from(stream.unit() < 0.7 * risk))).collect();
    let ranked: Vec<f64> =
        truth.iter().map(|risk| 0.4 * risk + 0.6 * stream.unit().powi(6)).collect();
    let area = vec![1e6; 400];
    let cells = Cells { actual: &found, area: &area };
    let ours = curve(&ranked, cells).unwrap();
    let best = curve(&found, cells).unwrap();
    let mut sheet =
        Sheet::new(660.0, 330.0, "The capture curve of a hotspot map on the season after it");
    let frame =
        Frame { x: (0.0, 1.0), y: (0.0, 1.0), left: 60.0, top: 40.0, width: 320.0, height: 230.0 };
    sheet.axes(
        &frame,
        "share of the ground searched, best first",
        "share of next season's plots caught",
    );
    let drawn =
        |corners: &[[f64; 2]]| corners.iter().map(|[x, y]| frame.at(*x, *y)).collect::<Vec<_>>();
    sheet.line(&[frame.at(0.0, 0.0), frame.at(1.0, 1.0)], SOFT, 1.0, "4 3");
    sheet.line(&drawn(&best), LINE, 2.0, "");
    sheet.line(&drawn(&ours), HOT[2], 2.4, "");
    let at_ten = ours.iter().take_while(|[x, _]| *x <= 0.1).last().unwrap();
    sheet.circle(frame.at(at_ten[0], at_ten[1]), 4.5, HOT[2], "#ffffff");
    let percent = (at_ten[1] * 100.0).round();
    sheet.line(&[(410.0, 60.0), (434.0, 60.0)], HOT[2], 2.4, "");
    sheet.text((444.0, 64.0), "start", INK, "the map of the season before");
    sheet.line(&[(410.0, 84.0), (434.0, 84.0)], LINE, 2.0, "");
    sheet.text((444.0, 88.0), "start", INK, "the best that could be");
    sheet.line(&[(410.0, 108.0), (434.0, 108.0)], SOFT, 1.0, "4 3");
    sheet.text((444.0, 112.0), "start", INK, "chance");
    sheet.text((410.0, 150.0), "start", INK, "Searching its best 10 % would have");
    sheet.text(
        (410.0, 168.0),
        "start",
        INK,
        &format!("caught {percent} %: PAI {:.1}.", at_ten[1] / at_ten[0]),
    );
    keep("capture.svg", &sheet.finish());
}
