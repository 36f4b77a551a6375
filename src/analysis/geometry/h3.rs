//! H3 cells, to exchange counts with others who use them.
//!
//! Source: Uber's H3 (h3geo.org), by the crate `h3o`. H3 cells are no equal-area cells: within
//! Vietnam the largest of a resolution is some per cent larger than the smallest, and seven children
//! do not fill their parent exactly. Statistics are better made on [`super::grid`]; H3 is for
//! handing figures on. Resolutions 5 (about 250 km² a cell) to 9 (0.1 km²).
//!
//! Cost of [`cover`]: that of covering the area by squares half as wide as a cell's side, plus the
//! cutting of cells along the boundary.

use std::{collections::BTreeMap, fmt};

use geo_types::Coord;
use h3o::{CellIndex, LatLng, Resolution};
use rustc_hash::{FxHashMap, FxHashSet};
use thiserror::Error;

use super::{
    cover::{Covered, TooMany, clip, cover as squares},
    grid::{Cell, CellForm, Grid},
    ground::{Ground, shoelace},
};
use crate::crs::{CrsError, MetricCrs};

/// A resolution from 5 to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct H3Resolution(Resolution);

/// A number that is no resolution we count in.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("H3 resolution {0}: use {COARSEST} to {FINEST}")]
pub struct NotAResolution(pub u8);

/// The coarsest resolution.
pub const COARSEST: u8 = 5;

/// The finest resolution.
pub const FINEST: u8 = 9;

impl H3Resolution {
    /// The resolution of this number.
    ///
    /// # Errors
    ///
    /// [`NotAResolution`] outside of [`COARSEST`] to [`FINEST`].
    pub fn new(number: u8) -> Result<Self, NotAResolution> {
        if !(COARSEST..=FINEST).contains(&number) {
            return Err(NotAResolution(number));
        }
        Resolution::try_from(number).map(Self).map_err(|_| NotAResolution(number))
    }

    /// Its number.
    pub fn number(self) -> u8 {
        self.0.into()
    }

    /// Squares narrow enough that whatever meets one is the cell of its middle or next to that: half
    /// as wide as a cell's side is long. (Two cells that are not next to each other are about a side
    /// apart, and no point of a square is farther from its middle than 0.71 of its width.)
    pub fn squares(self, crs: MetricCrs) -> Grid {
        let size = match self.number() {
            5 => 4900,
            6 => 1850,
            7 => 700,
            8 => 250,
            _ => 100,
        };
        Grid::of_known_size(crs, CellForm::Square, size)
    }
}

/// A cell of H3, ordered by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct H3Cell(CellIndex);

impl H3Cell {
    /// The cell of a place in degrees (longitude x, latitude y); `None` where it is not finite.
    pub fn at(place: Coord<f64>, resolution: H3Resolution) -> Option<Self> {
        Some(Self(LatLng::new(place.y, place.x).ok()?.to_cell(resolution.0)))
    }

    /// Its resolution.
    pub fn resolution(self) -> H3Resolution {
        H3Resolution(self.0.resolution())
    }

    /// The closed ring around it in degrees, counter-clockwise: six corners, or more where an edge
    /// of the icosahedron runs through it.
    pub fn ring(self) -> Vec<Coord<f64>> {
        let corner = |at: &LatLng| Coord { x: at.lng(), y: at.lat() };
        let mut ring: Vec<_> = self.0.boundary().iter().map(corner).collect();
        ring.extend(ring.first().copied());
        ring
    }

    /// The cells that share a side with it, ascending: six; five of a pentagon.
    pub fn neighbours(self) -> Vec<Self> {
        let disk = self.0.grid_disk_safe(1).filter(|cell| *cell != self.0);
        let mut around: Vec<_> = disk.map(Self).collect();
        around.sort_unstable();
        around
    }

    /// The cell of an index as text, such as `88415a4d1bfffff`; `None` where it is none, or of
    /// another resolution than 5 to 9.
    pub fn parse(name: &str) -> Option<Self> {
        let cell: CellIndex = name.parse().ok()?;
        H3Resolution::new(cell.resolution().into()).ok()?;
        Some(Self(cell))
    }

    /// The id for tiles and GeoPackage: below 2^39 and never 0. From the highest bit: the
    /// resolution (4 bits), the base cell (7), nine digits (27).
    pub fn pack(self) -> u64 {
        // Of the index of H3 the digits beyond the ninth say nothing here.
        let place = u64::from(self.0) >> 18 & ((1 << 34) - 1);
        u64::from(self.resolution().number()) << 34 | place
    }
}

impl fmt::Display for H3Cell {
    /// The index as H3 writes it: hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", u64::from(self.0))
    }
}

/// A cell and the part of an area in it.
#[derive(Clone, Debug, PartialEq)]
pub struct H3Covered {
    /// The cell.
    pub cell: H3Cell,
    /// Its closed ring in metres, counter-clockwise.
    pub ring: Vec<Coord<f64>>,
    /// m² of the area in it, in the plane; more than 0.
    pub area: f64,
    /// The rings of that part, outer ones counter-clockwise, where it is not the whole cell.
    pub part: Option<Vec<Vec<Coord<f64>>>>,
}

impl H3Covered {
    /// A whole cell.
    ///
    /// # Errors
    ///
    /// [`CrsError`] where it lies beyond the projection.
    pub fn whole(cell: H3Cell, crs: MetricCrs) -> Result<Self, CrsError> {
        let ring = metric_ring(cell, crs)?;
        Ok(Self { cell, area: shoelace(&ring), ring, part: None })
    }

    /// The part as ground to ask questions of.
    pub fn ground(&self) -> Ground {
        match &self.part {
            Some(rings) => Ground::new(rings),
            None => Ground::new(std::slice::from_ref(&self.ring)),
        }
    }

    /// Adds a part from beside it: neighbours that overlap by a fault of their file cannot make
    /// more ground than there is.
    fn grow(&mut self, other: Self) {
        let whole = shoelace(&self.ring);
        self.area += other.area;
        match (&mut self.part, other.part) {
            (Some(part), Some(more)) if self.area < whole * FULL => part.extend(more),
            _ => (self.area, self.part) = (whole, None),
        }
    }
}

/// Why an area is not covered.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NotCovered {
    /// More cells than were allowed.
    #[error("more than {} cells", .0.most)]
    TooMany(TooMany),
    /// Beyond the projection.
    #[error(transparent)]
    Crs(#[from] CrsError),
}

impl From<TooMany> for NotCovered {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many)
    }
}

/// A cell of which this share is covered is covered: the rest is rounding.
const FULL: f64 = 1.0 - 1e-7;

/// Parts smaller than this, in m², are rounding and no ground.
const SPECK: f64 = 0.01;

fn metric_ring(cell: H3Cell, crs: MetricCrs) -> Result<Vec<Coord<f64>>, CrsError> {
    let mut ring = cell.ring();
    crs.to_metric(&mut ring)?;
    Ok(ring)
}

/// The cells that share ground with the area inside `rings` (metres; see
/// [`super::ground::rings`]), ascending.
///
/// # Errors
///
/// [`NotCovered`] where more than `most` cells would be needed, or the projection ends.
pub fn cover(
    crs: MetricCrs,
    rings: &[Vec<Coord<f64>>],
    resolution: H3Resolution,
    most: usize,
) -> Result<Vec<H3Covered>, NotCovered> {
    // A cell holds some eleven squares.
    let grid = resolution.squares(crs);
    let squares = squares(grid, rings, most.saturating_mul(16)).map_err(|_| TooMany { most })?;
    let mut middles: Vec<_> = squares.iter().map(|it| grid.centre(it.cell)).collect();
    crs.to_degrees(&mut middles)?;
    // The squares that each cell may meet, and the cells that the boundary may run through.
    let there: FxHashSet<Cell> = squares.iter().map(|it| it.cell).collect();
    let mut around: FxHashMap<H3Cell, Vec<H3Cell>> = FxHashMap::default();
    let mut meets: BTreeMap<H3Cell, Vec<u32>> = BTreeMap::new();
    let mut cut: FxHashSet<H3Cell> = FxHashSet::default();
    for ((number, square), middle) in (0_u32..).zip(&squares).zip(&middles) {
        let Some(home) = H3Cell::at(*middle, resolution) else { continue };
        // Where a square is missing beside a whole one, the boundary runs between them.
        let inner = square.part.is_none()
            && grid.neighbours(square.cell).iter().all(|other| there.contains(other));
        let near = around.entry(home).or_insert_with(|| {
            let mut near = home.neighbours();
            near.push(home);
            near
        });
        for cell in near.iter() {
            meets.entry(*cell).or_default().push(number);
            if !inner {
                cut.insert(*cell);
            }
        }
        if meets.len() > most.saturating_mul(2) {
            return Err(TooMany { most }.into());
        }
    }
    let mut found = Vec::new();
    for (cell, numbers) in meets {
        let whole = H3Covered::whole(cell, crs)?;
        if !cut.contains(&cell) {
            found.push(whole);
            continue;
        }
        let mut part = Vec::new();
        for number in numbers {
            let Covered { cell, part: rings, .. } = &squares[number as usize];
            let rings = rings.clone().unwrap_or_else(|| vec![grid.ring(*cell)]);
            part.extend(clip(rings, &whole.ring));
        }
        let area: f64 = part.iter().map(|ring| shoelace(ring)).sum();
        if area >= whole.area * FULL {
            found.push(whole);
        } else if area > SPECK {
            found.push(H3Covered { area, part: Some(part), ..whole });
        }
    }
    if found.len() > most { Err(TooMany { most }.into()) } else { Ok(found) }
}

/// Several covers as one, ascending: parts of one cell are put together.
pub fn merged(covers: Vec<Vec<H3Covered>>) -> Vec<H3Covered> {
    let mut all: Vec<H3Covered> = covers.into_iter().flatten().collect();
    all.sort_by_key(|it| it.cell);
    let mut merged: Vec<H3Covered> = Vec::with_capacity(all.len());
    for covered in all {
        match merged.last_mut() {
            Some(last) if last.cell == covered.cell => last.grow(covered),
            _ => merged.push(covered),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, polygon};

    use super::*;
    use crate::analysis::geometry::{cover::tests::ell_at, ground::rings};

    fn crs() -> MetricCrs {
        MetricCrs::new(3405).unwrap()
    }

    fn of(number: u8) -> H3Resolution {
        H3Resolution::new(number).unwrap()
    }

    const LAI_CHAU: Coord<f64> = Coord { x: 103.4, y: 22.4 };

    #[test]
    fn cells_have_the_names_that_h3_gives_them() {
        // From h3 4.x: latlng_to_cell(37.775938728915946, -122.41795063018799, 9), its example.
        let place = Coord { x: -122.41795063018799, y: 37.775938728915946 };
        let cell = H3Cell::at(place, of(9)).unwrap();
        assert_eq!(cell.to_string(), "8928308280fffff");
        assert_eq!(H3Cell::parse("8928308280fffff"), Some(cell));
        assert_eq!(H3Cell::parse("8a28308280c7fff"), None, "resolution 10");
        assert_eq!(H3Cell::parse("sixteen"), None);
        assert!(H3Cell::at(Coord { x: f64::NAN, y: 0.0 }, of(9)).is_none());
        assert_eq!(H3Resolution::new(4), Err(NotAResolution(4)));
        assert_eq!(NotAResolution(10).to_string(), "H3 resolution 10: use 5 to 9");
    }

    #[test]
    fn neighbours_are_mutual_and_ids_are_small_and_distinct() {
        for number in COARSEST..=FINEST {
            let home = H3Cell::at(LAI_CHAU, of(number)).unwrap();
            let around = home.neighbours();
            assert_eq!(around.len(), 6);
            assert!(around.is_sorted() && !around.contains(&home));
            let mut ids: Vec<u64> = around.iter().map(|cell| cell.pack()).collect();
            // Ids are in the order of the cells.
            assert!(ids.is_sorted());
            ids.push(home.pack());
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), 7);
            assert!(ids.iter().all(|id| (1..1 << 39).contains(id)));
            assert!(around.iter().all(|cell| cell.neighbours().contains(&home)));
            assert_eq!(home.resolution().number(), number);
            let ring = home.ring();
            assert_eq!((ring.len(), ring[0]), (7, ring[6]));
            assert!(shoelace(&ring) > 0.0, "counter-clockwise");
        }
    }

    fn ell() -> MultiPolygon<f64> {
        ell_at(540_300.0, 2_480_700.0)
    }

    /// From `from` on, below `to`.
    fn steps(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
        std::iter::successors(Some(from), move |at| Some(at + step)).take_while(move |at| *at < to)
    }

    #[test]
    fn parts_add_up_to_the_whole_and_no_cell_is_left_out() {
        let area = ell();
        let ground = Ground::of(&area);
        for number in [7, 8] {
            let covered = cover(crs(), &rings(&area), of(number), 5000).unwrap();
            let sum: f64 = covered.iter().map(|it| it.area).sum();
            // Sides of cells are straight in degrees of one cell and of its neighbour alike.
            assert!((sum - ground.area()).abs() < 10.0, "{number}: {sum} {}", ground.area());
            assert!(covered.is_sorted_by(|a, b| a.cell < b.cell));
            assert!(number == 7 || covered.iter().any(|it| it.part.is_none()));
            let grounds: Vec<Ground> = covered.iter().map(H3Covered::ground).collect();
            let (low, high) = ground.bounds();
            let row = |y: f64| steps(low.x + 7.3, high.x, 411.7).map(move |x| Coord { x, y });
            let places: Vec<Coord<f64>> = steps(low.y + 3.1, high.y, 393.3).flat_map(row).collect();
            let mut degrees = places.clone();
            crs().to_degrees(&mut degrees).unwrap();
            for (place, degrees) in places.into_iter().zip(degrees) {
                let cell = H3Cell::at(degrees, of(number)).unwrap();
                let held = covered
                    .binary_search_by_key(&cell, |it| it.cell)
                    .is_ok_and(|found| grounds[found].contains(place));
                assert_eq!(held, ground.contains(place), "{number} {place:?}");
            }
        }
    }

    /// A boundary along the sides of the squares that help: no cell beyond it may count as whole.
    #[test]
    fn squares_that_match_hide_no_boundary() {
        let (x, y) = (540_000.0, 2_480_000.0);
        let aligned: MultiPolygon<f64> = polygon!(
            exterior: [(x: x, y: y), (x: x + 5_000.0, y: y), (x: x + 5_000.0, y: y + 5_000.0),
                (x: x, y: y + 5_000.0)],
            interiors: [[(x: x + 2_000.0, y: y + 2_000.0), (x: x + 2_000.0, y: y + 2_250.0),
                (x: x + 2_250.0, y: y + 2_250.0), (x: x + 2_250.0, y: y + 2_000.0)]],
        )
        .into();
        let covered = cover(crs(), &rings(&aligned), of(8), 500).unwrap();
        let sum: f64 = covered.iter().map(|it| it.area).sum();
        assert!((sum - (25_000_000.0 - 62_500.0)).abs() < 1.0, "{sum}");
    }

    #[test]
    fn parts_of_two_units_are_one_cell() {
        let half = |from: f64, to: f64| -> MultiPolygon<f64> {
            polygon!((x: from, y: 2_480_000.0), (x: to, y: 2_480_000.0), (x: to, y: 2_490_000.0),
                (x: from, y: 2_490_000.0))
            .into()
        };
        let covers = |from, to| cover(crs(), &rings(&half(from, to)), of(7), 500).unwrap();
        let (one, other) = (covers(540_000.0, 545_123.0), covers(545_123.0, 550_000.0));
        let both = covers(540_000.0, 550_000.0);
        let put_together = merged(vec![one, other]);
        assert_eq!(put_together.len(), both.len());
        for (ours, whole) in put_together.iter().zip(&both) {
            assert_eq!(ours.cell, whole.cell);
            assert!((ours.area - whole.area).abs() < 1.0);
            assert_eq!(ours.part.is_none(), whole.part.is_none());
        }
    }

    #[test]
    fn too_many_cells_are_refused_and_nothing_is_nothing() {
        let area = rings(&ell());
        assert!(matches!(cover(crs(), &area, of(9), 100), Err(NotCovered::TooMany(_))));
        assert_eq!(cover(crs(), &[], of(9), 100), Ok(Vec::new()));
    }
}
