//! The small made-up files in `data/examples/` on which the commands of `docs/statistics.md` run.

use std::{f64::consts::TAU, fmt::Write as _};

use poppywatch::analysis::chance::draws::{Draws, Stream};

use super::keep_file;

/// Columns and rows of the map: cells of a hundredth of a degree, about a kilometre.
const SIZE: (usize, usize) = (12, 10);

/// The south-western corner of it, degrees.
const CORNER: (f64, f64) = (103.20, 22.10);

/// The seasons that are counted, 2015-2016 to 2024-2025; the one after them is found next.
const SEASONS: usize = 10;

/// The season in which the middle of the old valley was cleared.
const CLEARED: usize = 8;

const OLD_VALLEY: (f64, f64) = (2.5, 6.5);
const NEW_VALLEY: (f64, f64) = (8.5, 3.5);

fn away(cell: (usize, usize), from: (f64, f64)) -> f64 {
    (cell.0 as f64 - from.0).hypot(cell.1 as f64 - from.1)
}

/// How many plots a cell has on average in a season: an old valley that is cleared once and moves
/// outwards, a new one that grows, and a few everywhere.
fn mean(cell: (usize, usize), season: usize) -> f64 {
    let (old, new) = (away(cell, OLD_VALLEY), away(cell, NEW_VALLEY));
    let after = if season > CLEARED { if old < 1.3 { 0.25 } else { 3.0 } } else { 1.0 };
    let grown = season.saturating_sub(4) as f64;
    0.12 + 2.2 * after * (-old * old / 3.0).exp() + 0.4 * grown * (-new * new / 3.0).exp()
}

/// A Poisson count.
fn count(stream: &mut Stream, mean: f64) -> u32 {
    let (mut left, mut found) = (stream.unit(), 0);
    let mut chance = (-mean).exp();
    while left > chance && found < 40 {
        left -= chance;
        found += 1;
        chance *= mean / f64::from(found);
    }
    found
}

fn cells() -> impl Iterator<Item = (usize, usize)> {
    (0..SIZE.1).flat_map(|row| (0..SIZE.0).map(move |col| (col, row)))
}

fn season(number: usize) -> String {
    format!("{}-{}", 2015 + number, 2016 + number)
}

fn box_of(west: f64, south: f64, east: f64, north: f64) -> String {
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[[{west:.6},{south:.6}],[{east:.6},{south:.6}],[{east:.6},{north:.6}],\
         [{west:.6},{north:.6}],[{west:.6},{south:.6}]]]}}"
    )
}

/// The lon and lat of a place in units of cells.
fn degrees(col: f64, row: f64) -> (f64, f64) {
    (CORNER.0 + col / 100.0, CORNER.1 + row / 100.0)
}

fn block(col: f64, row: f64, cols: f64, rows: f64) -> String {
    let ((west, south), (east, north)) = (degrees(col, row), degrees(col + cols, row + rows));
    box_of(west, south, east, north)
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn feature(properties: &str, geometry: &str) -> String {
    format!("{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{geometry}}}")
}

/// A number, or what is not known.
fn known<T: std::fmt::Display>(is: bool, value: T) -> String {
    if is { value.to_string() } else { "null".to_owned() }
}

fn commune((col, row): (usize, usize)) -> String {
    format!("commune-{:02}", 4 * (row / 2) + col / 3 + 1)
}

fn stream(number: u64) -> Stream {
    Draws { permutations: 1, seed: 1, analysis: "examples" }.streams().stream(number)
}

#[test]
fn cells_and_seasons_and_communes() {
    let mut random = stream(0);
    let mut table = "id,x,y,season,plots,km2\n".to_owned();
    let mut features = Vec::new();
    for cell in cells() {
        let (col, row) = cell;
        let id = format!("c{col:02}r{row:02}");
        let (x, y) = degrees(col as f64 + 0.5, row as f64 + 0.5);
        let counts: Vec<u32> =
            (0..=SEASONS).map(|season| count(&mut random, mean(cell, season))).collect();
        let searched: Vec<bool> = counts.iter().map(|_| random.unit() > 0.04).collect();
        for number in 0..SEASONS {
            let km2 = 0.3 + 0.75 * random.unit();
            let told = if searched[number] {
                format!("{},{km2:.2}", counts[number])
            } else {
                ",".to_owned()
            };
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{id},{x:.3},{y:.3},{},{told}", season(number));
        }
        let last = SEASONS - 1;
        let plots = counts[last];
        let standing =
            (0..plots).filter(|_| random.unit() < if col > 5 { 0.6 } else { 0.2 }).count() as u32;
        let km2 = 0.3 + 0.75 * random.unit();
        let cleared = away(cell, OLD_VALLEY) < 1.3;
        let is = searched[last];
        let properties = format!(
            "\"id\":\"{id}\",\"commune\":\"{}\",\"plots\":{},\"standing\":{},\"destroyed\":{},\
             \"searched_km2\":{},\"before\":{},\"cleared\":{cleared},\"found_next\":{}",
            commune(cell),
            known(is, plots),
            known(is, standing),
            known(is, plots - standing),
            known(is, format!("{km2:.2}")),
            known(searched[CLEARED - 1], counts[CLEARED - 1]),
            known(searched[SEASONS], counts[SEASONS]),
        );
        features.push(feature(&properties, &block(col as f64, row as f64, 1.0, 1.0)));
    }
    keep_file("data/examples/seasons.csv", &table);
    keep_file("data/examples/cells.geojson", &collection(&features));
    let communes: Vec<String> = cells()
        .filter(|(col, row)| col % 3 == 0 && row % 2 == 0)
        .map(|(col, row)| {
            let name = format!("\"id\":\"{}\"", commune((col, row)));
            feature(&name, &block(col as f64, row as f64, 3.0, 2.0))
        })
        .collect();
    keep_file("data/examples/communes.geojson", &collection(&communes));
}

#[test]
fn plots_with_their_outlines() {
    let mut random = stream(1);
    let near = |random: &mut Stream, middle: (f64, f64)| {
        let (far, angle) = (1.6 * random.unit(), TAU * random.unit());
        (middle.0 + 0.5 + far * angle.cos(), middle.1 + 0.5 + far * angle.sin())
    };
    let anywhere = |random: &mut Stream| (0.2 + 11.6 * random.unit(), 0.2 + 9.6 * random.unit());
    // Sites to which poppy comes back, with the part of the winter in which it is seen there.
    let sites: Vec<((f64, f64), u32)> = (0..34)
        .map(|site| match site % 3 {
            0 => (near(&mut random, OLD_VALLEY), 0),
            1 => (near(&mut random, NEW_VALLEY), 35),
            _ => (anywhere(&mut random), random.below(70)),
        })
        .collect();
    let mut features = Vec::new();
    for number in SEASONS - 4..SEASONS {
        let mut places: Vec<((f64, f64), u32)> =
            sites.iter().copied().filter(|_| random.unit() < 0.45).collect();
        places.extend((0..10).map(|_| (anywhere(&mut random), random.below(70))));
        for (place, part) in places {
            let id = format!("{}/{:03}", 2015 + number, features.len() + 1);
            let day = part + random.below(14);
            let (month, day) = match day {
                0..=30 => (format!("{}-12", 2015 + number), day + 1),
                31..=61 => (format!("{}-01", 2016 + number), day - 30),
                _ => (format!("{}-02", 2016 + number), day - 61),
            };
            // Some metres beside the place of another season, 12 to 30 m wide.
            let (dx, dy) = ((random.unit() - 0.5) * 0.01, (random.unit() - 0.5) * 0.01);
            let side = 0.012 + 0.018 * random.unit();
            let m2 = (side * 1060.0).powi(2).round();
            let destroyed = random.unit() < 0.75;
            let looked: Vec<String> =
                (number + 1..SEASONS).filter(|_| random.unit() < 0.65).map(season).collect();
            let properties = format!(
                "\"id\":\"{id}\",\"season\":\"{}\",\"day\":\"{month}-{day:02}\",\"m2\":{},\"destroyed\":{destroyed},\
                 \"looked_at\":\"{}\"",
                season(number),
                known(random.unit() > 0.1, m2),
                looked.join(";"),
            );
            let geometry = block(place.0 + dx, place.1 + dy, side, side);
            features.push(feature(&properties, &geometry));
        }
    }
    keep_file("data/examples/plots.geojson", &collection(&features));
}
