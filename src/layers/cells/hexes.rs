//! Cells of H3 with the ground in each: as cells of our own grid, for those who count in H3.

use geo_types::{Coord, MultiPolygon};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{MOST_CELLS, cells_around_facts};
use crate::{
    analysis::{
        geometry::{
            bounds::bounds,
            cover::TooMany,
            grid::{Cell, CellForm, Grid},
            ground::{Ground, rings},
            h3::{H3Cell, H3Covered, H3Resolution, NotCovered, cover, merged},
        },
        weights::Neighbours,
    },
    crs::MetricCrs,
    layers::scope::Scope,
    snapshot::Snapshot,
};

/// The most cells of H3 that an answer has: their rings are kept, about half a kilobyte a cell.
const MOST_HEXES: usize = MOST_CELLS / 4;

/// Squares in which cells are looked up: about as wide as a cell.
const LOOK_UP: [u32; 5] = [20_000, 8_000, 3_000, 1_000, 400];

/// The cells of one resolution, ascending.
pub(in crate::layers) struct Hexes {
    crs: MetricCrs,
    resolution: H3Resolution,
    cells: Vec<H3Covered>,
    /// The cells that may meet each square of `squares`.
    squares: Grid,
    near: FxHashMap<Cell, Vec<u32>>,
}

impl Hexes {
    /// The cells of all `grounds` (metres) together.
    pub(in crate::layers) fn of(
        crs: MetricCrs,
        resolution: H3Resolution,
        grounds: Vec<&MultiPolygon<f64>>,
    ) -> Result<Self, NotCovered> {
        let one = |ground| cover(crs, &rings(ground), resolution, MOST_HEXES);
        let covers = grounds.into_par_iter().map(one).collect::<Result<Vec<_>, _>>()?;
        Self::with(crs, resolution, merged(covers))
    }

    /// The cells with a fact of the season and those around them, whole.
    pub(in crate::layers) fn around_facts(
        snapshot: &Snapshot,
        resolution: H3Resolution,
        scope: Scope,
    ) -> Result<Self, NotCovered> {
        let crs = snapshot.metric();
        let squares = resolution.squares(crs);
        let found = cells_around_facts(snapshot, squares, scope)?;
        let mut middles: Vec<_> = found.iter().map(|cell| squares.centre(*cell)).collect();
        crs.to_degrees(&mut middles)?;
        let mut cells: Vec<H3Cell> =
            middles.iter().filter_map(|at| H3Cell::at(*at, resolution)).collect();
        cells.sort_unstable();
        cells.dedup();
        cells =
            cells.iter().flat_map(|cell| cell.neighbours()).chain(cells.iter().copied()).collect();
        cells.sort_unstable();
        cells.dedup();
        let whole = |cell: &H3Cell| H3Covered::whole(*cell, crs);
        let cells = cells.iter().map(whole).collect::<Result<_, _>>()?;
        Self::with(crs, resolution, cells)
    }

    fn with(
        crs: MetricCrs,
        resolution: H3Resolution,
        cells: Vec<H3Covered>,
    ) -> Result<Self, NotCovered> {
        if cells.len() > MOST_HEXES {
            return Err(TooMany { most: MOST_HEXES }.into());
        }
        let size =
            LOOK_UP[usize::from(resolution.number() - crate::analysis::geometry::h3::COARSEST)];
        let squares = Grid::new(crs, CellForm::Square, size);
        let squares = squares.unwrap_or_else(|_| resolution.squares(crs));
        let mut near: FxHashMap<Cell, Vec<u32>> = FxHashMap::default();
        for (place, covered) in (0_u32..).zip(&cells) {
            let Some((low, high)) = bounds(&covered.ring) else { continue };
            let Some((first, last)) = squares.span(low, high) else { continue };
            for row in first.row..=last.row {
                for col in first.col..=last.col {
                    near.entry(Cell { row, col }).or_default().push(place);
                }
            }
        }
        Ok(Self { crs, resolution, cells, squares, near })
    }

    pub(in crate::layers) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(in crate::layers) fn area(&self, place: usize) -> f64 {
        self.cells[place].area
    }

    pub(in crate::layers) fn cell(&self, place: usize) -> H3Cell {
        self.cells[place].cell
    }

    /// The middle of a whole cell in metres.
    pub(in crate::layers) fn middle(&self, place: usize) -> Coord<f64> {
        let corners = &self.cells[place].ring[1..]; // the last corner is the first
        corners.iter().fold(Coord::default(), |sum, at| sum + *at) / corners.len() as f64
    }

    pub(in crate::layers) fn ground(&self, place: usize) -> Ground {
        self.cells[place].ground()
    }

    fn place(&self, cell: H3Cell) -> Option<usize> {
        self.cells.binary_search_by_key(&cell, |it| it.cell).ok()
    }

    /// The cell of a place in degrees.
    pub(in crate::layers) fn at(&self, degrees: Coord<f64>) -> Option<usize> {
        self.place(H3Cell::at(degrees, self.resolution)?)
    }

    /// The cell of a place in metres.
    pub(in crate::layers) fn at_metric(&self, metric: Coord<f64>) -> Option<usize> {
        let mut place = [metric];
        self.crs.to_degrees(&mut place).ok()?;
        self.at(place[0])
    }

    /// How an outline in degrees is shared out among the cells; `None` where that cannot be told.
    pub(in crate::layers) fn shares_of(
        &self,
        outline: &MultiPolygon<f64>,
    ) -> Option<Vec<(usize, f64)>> {
        let mut corners = outline.iter().flat_map(|part| part.exterior().0.iter());
        let home = H3Cell::at(*corners.next()?, self.resolution);
        if corners.all(|at| H3Cell::at(*at, self.resolution) == home) {
            return None; // in one cell: that of its position
        }
        let mut ground = outline.clone();
        for polygon in &mut ground.0 {
            let mut ways = Vec::new();
            polygon.exterior_mut(|ring| ways.push(self.crs.to_metric(&mut ring.0)));
            polygon.interiors_mut(|rings| {
                ways.extend(rings.iter_mut().map(|ring| self.crs.to_metric(&mut ring.0)));
            });
            if ways.iter().any(Result::is_err) {
                return None;
            }
        }
        let parts = cover(self.crs, &rings(&ground), self.resolution, 10_000).ok()?;
        let whole: f64 = parts.iter().map(|part| part.area).sum();
        let placed = parts.iter().filter_map(|it| Some((self.place(it.cell)?, it.area / whole)));
        (!parts.is_empty()).then(|| placed.collect())
    }

    /// Who shares a side with whom among the cells at `places` (ascending).
    pub(in crate::layers) fn neighbours(&self, places: &[usize]) -> Neighbours {
        let lists = places.iter().map(|place| {
            let around = self.cell(*place).neighbours().into_iter();
            let found = around.filter_map(|cell| places.binary_search(&self.place(cell)?).ok());
            found.map(|at| at as u32).collect()
        });
        Neighbours::from_lists(lists)
    }

    /// Names every cell that may meet a rectangle in metres, once.
    pub(in crate::layers) fn near(
        &self,
        low: Coord<f64>,
        high: Coord<f64>,
        name: &mut dyn FnMut(usize),
    ) {
        let Some((first, last)) = self.squares.span(low, high) else { return };
        let squares = (first.row..=last.row)
            .flat_map(|row| (first.col..=last.col).map(move |col| Cell { row, col }));
        let mut found: Vec<u32> =
            squares.filter_map(|square| self.near.get(&square)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        for place in found {
            name(place as usize);
        }
    }
}
