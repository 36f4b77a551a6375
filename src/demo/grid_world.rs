//! A made-up coverage of any size: what benches join points to.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use jiff::civil::date;

use super::{
    chance::Chance,
    ground::{metres_per_degree, rounded},
};
use crate::domain::{Boundary, Footprint, Level, Metres, RecordRef, UnitKey};

/// South-west corner and size in degrees of the ground that is cut up: inside the extent of the
/// pack that ships.
const CORNER: Coord<f64> = Coord { x: 101.2, y: 20.2 };
const SIZE: (f64, f64) = (4.6, 3.6);
/// A commune of Lai Châu is about 9.2 km across.
const COMMUNE_METRES: f64 = 9_200.0;
/// Vertices of an edge between two corners.
const BENDS: usize = 7;
/// Communes along a side of a district and of a province.
const DISTRICT: usize = 4;
const PROVINCE: usize = 12;

/// Corners and bent edges of a lattice, each made once, so that neighbours share them to the bit.
struct Lattice {
    columns: usize,
    rows: usize,
    corners: Vec<Coord<f64>>,
    /// From corner (c, r) to the east, and to the north: the vertices between the corners.
    eastward: Vec<Vec<Coord<f64>>>,
    northward: Vec<Vec<Coord<f64>>>,
}

impl Lattice {
    fn new(columns: usize, rows: usize, seed: u64) -> Self {
        let (x, y) = metres_per_degree(CORNER.y);
        let width = (COMMUNE_METRES / x).min(SIZE.0 / columns as f64);
        let height = (COMMUNE_METRES / y).min(SIZE.1 / rows as f64);
        let count = (columns + 1) * (rows + 1);
        let at = |index: usize| (index % (columns + 1), index / (columns + 1));
        let corners: Vec<_> = (0..count)
            .map(|index| {
                let (column, row) = at(index);
                let mut chance = Chance::new(seed, index as u64 * 3);
                let place = Coord {
                    x: CORNER.x + width * (column as f64 + chance.between(-0.15, 0.15)),
                    y: CORNER.y + height * (row as f64 + chance.between(-0.15, 0.15)),
                };
                rounded(place, 1e7)
            })
            .collect();
        let edge = |index: usize, to: Option<usize>, stream: u64| {
            let Some(to) = to else { return Vec::new() };
            let (from, to) = (corners[index], corners[to]);
            let mut chance = Chance::new(seed, index as u64 * 3 + stream);
            // Corners and bends stray so little that edges never cross: at the worst two edges of
            // a corner still stand 12° apart.
            (1..=BENDS)
                .map(|bend| {
                    let along = bend as f64 / (BENDS + 1) as f64;
                    let place = Coord {
                        x: from.x + along * (to.x - from.x) + width * chance.between(-0.025, 0.025),
                        y: from.y
                            + along * (to.y - from.y)
                            + height * chance.between(-0.025, 0.025),
                    };
                    rounded(place, 1e7)
                })
                .collect()
        };
        let eastward = (0..count)
            .map(|index| edge(index, (at(index).0 < columns).then_some(index + 1), 1))
            .collect();
        let northward = (0..count)
            .map(|index| edge(index, (at(index).1 < rows).then_some(index + columns + 1), 2))
            .collect();
        Self { columns, rows, corners, eastward, northward }
    }

    /// The outline of the cells from column `west` to before `east`, row `south` to before `north`.
    fn outline(&self, west: usize, east: usize, south: usize, north: usize) -> MultiPolygon<f64> {
        let index = |column: usize, row: usize| row * (self.columns + 1) + column;
        let mut ring = Vec::new();
        let (east, north) = (east.min(self.columns), north.min(self.rows));
        for column in west..east {
            ring.push(self.corners[index(column, south)]);
            ring.extend(&self.eastward[index(column, south)]);
        }
        for row in south..north {
            ring.push(self.corners[index(east, row)]);
            ring.extend(&self.northward[index(east, row)]);
        }
        for column in (west..east).rev() {
            ring.push(self.corners[index(column + 1, north)]);
            ring.extend(self.eastward[index(column, north)].iter().rev());
        }
        for row in (south..north).rev() {
            ring.push(self.corners[index(west, row + 1)]);
            ring.extend(self.northward[index(west, row)].iter().rev());
        }
        ring.push(ring[0]);
        MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())])
    }
}

/// At least `communes` communes, a whole lattice of them, and its districts and provinces.
pub(super) fn units(communes: usize, seed: u64) -> (Vec<Boundary>, Vec<Boundary>) {
    let columns = (1..=communes).find(|side| side * side >= communes).unwrap_or(1);
    let rows = communes.div_ceil(columns);
    let lattice = Lattice::new(columns, rows, seed);
    let found = (0..columns * rows)
        .filter_map(|number| {
            let (column, row) = (number % columns, number / columns);
            let parent = block(column, row, columns, DISTRICT);
            let outline = lattice.outline(column, column + 1, row, row + 1);
            unit(Level::Commune, number, Some(parent), &outline)
        })
        .collect();
    let mut wider = Vec::new();
    for (level, side) in [(Level::Province, PROVINCE), (Level::District, DISTRICT)] {
        for row in (0..rows).step_by(side) {
            for column in (0..columns).step_by(side) {
                let number = block(column, row, columns, side);
                let parent =
                    (level == Level::District).then(|| block(column, row, columns, PROVINCE));
                let outline = lattice.outline(column, column + side, row, row + side);
                wider.extend(unit(level, number, parent, &outline));
            }
        }
    }
    (found, wider)
}

/// The number of the block of `side` × `side` cells in which a cell lies.
fn block(column: usize, row: usize, columns: usize, side: usize) -> usize {
    (row / side) * columns.div_ceil(side) + column / side
}

/// `None` only for an outline that is none, which a test rules out.
fn unit(
    level: Level,
    number: usize,
    parent: Option<usize>,
    outline: &MultiPolygon<f64>,
) -> Option<Boundary> {
    let code = |level: Level, number: usize| match level {
        Level::Country | Level::Province => format!("{:02}", number + 1),
        Level::District => format!("{:03}", number + 1),
        Level::Commune => format!("{:05}", number + 1),
    };
    let above = if level == Level::Commune { Level::District } else { Level::Province };
    let code_here = code(level, number);
    Some(Boundary {
        key: UnitKey {
            scheme: "grid".into(),
            level,
            code: code_here.clone(),
            valid_from: date(2000, 1, 1),
        },
        name: format!("{level} {code_here}"),
        aliases: Vec::new(),
        parent: parent.map(|number| code(above, number)),
        outline: Footprint::new(outline).ok()?,
        error: Metres::whole(50),
        valid_to: None,
        legal_act: None,
        source: RecordRef { dataset: "grid".into(), record: format!("{level}-{code_here}") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SquareMetres;

    #[test]
    fn communes_fill_their_districts_and_provinces() {
        for communes in [1, 36, 150, 11_000] {
            let (found, wider) = units(communes, 5);
            assert!(found.len() >= communes);
            assert!(found.len() < communes + 110, "no outline may be lost");
            let area = |units: &[&Boundary]| -> f64 {
                units.iter().map(|it| SquareMetres::of(&it.outline).get()).sum()
            };
            let of = |level| wider.iter().filter(|it| it.key.level == level).collect::<Vec<_>>();
            let (districts, provinces) = (area(&of(Level::District)), area(&of(Level::Province)));
            assert!((districts / provinces - 1.0).abs() < 1e-9, "{districts} {provinces}");
            let all = area(&found.iter().collect::<Vec<_>>());
            assert!((all / provinces - 1.0).abs() < 1e-9, "{all} {provinces}");
        }
    }
}
