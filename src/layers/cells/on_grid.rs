//! Cells of one of our grids with the ground in each, and their outlines.

use geo_types::{Coord, MultiPolygon};
use jiff::civil::Date;
use rayon::prelude::*;

use super::{MOST_CELLS, cells_around_facts, facts::outline_parts};
use crate::{
    analysis::{
        geometry::{
            cover::{Covered, TooMany, cover},
            grid::{Cell, Grid},
            ground::{Ground, rings},
        },
        weights::Neighbours,
    },
    crs::transform,
    domain::Level,
    layers::scope::Scope,
    snapshot::{Snapshot, Unit},
};

/// Squares or hexagons, ascending by place.
pub(super) struct OnGrid {
    pub(super) grid: Grid,
    pub(super) cells: Vec<Covered>,
    corners: Corners,
}

/// What a cell's share of its grid's corners takes, two to a hexagon.
const CORNER_BYTES: usize = 2 * (size_of::<(i32, i32)>() + size_of::<Coord<f64>>());

/// Corners of the lattice in degrees, ascending by corner.
struct Corners {
    corners: Vec<(i32, i32)>,
    degrees: Vec<Coord<f64>>,
}

impl OnGrid {
    /// The cells of `grid` with ground of the units of `level` in force on `day`.
    pub(super) fn bounded(
        snapshot: &Snapshot,
        grid: Grid,
        level: Level,
        day: Date,
    ) -> Result<Self, TooMany> {
        let units: Vec<_> =
            snapshot.atlas_on(day).into_iter().flat_map(|it| it.units(level)).collect();
        // Refused before the work: ground takes at least as many cells as fit into it.
        let ground: f64 =
            units.iter().filter_map(|unit| unit.metric()).map(|it| Ground::of(it).area()).sum();
        if ground > (MOST_CELLS as f64) * grid.cell_area() {
            return Err(TooMany { most: MOST_CELLS });
        }
        let covers: Vec<Vec<Covered>> = units
            .into_par_iter()
            .filter_map(Unit::metric)
            .map(|ground| cover(grid, &rings(ground), MOST_CELLS))
            .collect::<Result<_, TooMany>>()?;
        let mut all: Vec<(Cell, usize, usize)> = covers
            .iter()
            .enumerate()
            .flat_map(|(unit, cells)| {
                cells.iter().enumerate().map(move |(place, it)| (it.cell, unit, place))
            })
            .collect();
        all.par_sort_unstable();
        let mut cells: Vec<Covered> = Vec::new();
        for of_cell in all.chunk_by(|a, b| a.0 == b.0) {
            let whole = grid.cell_area();
            let mut area = 0.0;
            let mut part = Vec::new();
            for (cell, unit, place) in of_cell {
                let covered = &covers[*unit][*place];
                area += covered.area;
                match &covered.part {
                    Some(rings) => part.extend(rings.iter().cloned()),
                    None => part.push(grid.ring(*cell)),
                }
            }
            // Neighbours that overlap by a fault of their file cannot make more ground than there is.
            let full = area >= whole * (1.0 - 1e-9);
            let area = if full { whole } else { area };
            cells.push(Covered { cell: of_cell[0].0, area, part: (!full).then_some(part) });
        }
        if cells.len() > MOST_CELLS {
            return Err(TooMany { most: MOST_CELLS });
        }
        let corners = Corners::of(grid, &cells);
        Ok(Self { grid, cells, corners })
    }

    /// The cells of `grid` around the facts of a season, whole.
    pub(super) fn around_facts(
        snapshot: &Snapshot,
        grid: Grid,
        scope: Scope,
    ) -> Result<Self, TooMany> {
        let cells = cells_around_facts(snapshot, grid, scope)?;
        let area = grid.cell_area();
        let mut cells: Vec<Covered> =
            cells.into_iter().map(|cell| Covered { cell, area, part: None }).collect();
        let corners = Corners::of(grid, &cells);
        cells.retain(|it| grid.corners(it.cell).iter().all(|at| corners.degrees_of(*at).is_some()));
        Ok(Self { grid, cells, corners })
    }

    /// What they take in memory, about.
    pub(super) fn bytes(&self) -> usize {
        self.cells.len() * (size_of::<Covered>() + CORNER_BYTES)
    }

    /// The ring of a cell in degrees, closed.
    pub(super) fn ring(&self, place: usize) -> Vec<Coord<f64>> {
        let mut ring: Vec<Coord<f64>> = self
            .grid
            .corners(self.cells[place].cell)
            .into_iter()
            .filter_map(|corner| self.corners.degrees_of(corner))
            .collect();
        ring.extend(ring.first().copied());
        ring
    }

    /// The place of a cell, where it is one of these.
    pub(super) fn place_of(&self, cell: Cell) -> Option<usize> {
        self.cells.binary_search_by_key(&cell, |it| it.cell).ok()
    }

    /// How ground under an outline is shared out among the cells, by place; `None` where it lies in
    /// one cell, or the projection fails.
    pub(super) fn shares_of(
        &self,
        snapshot: &Snapshot,
        outline: &MultiPolygon<f64>,
    ) -> Option<Vec<(usize, f64)>> {
        let parts = outline_parts(self.grid, snapshot, outline)?;
        let whole: f64 = parts.iter().map(|part| part.area).sum();
        let placed =
            parts.iter().filter_map(|part| Some((self.place_of(part.cell)?, part.area / whole)));
        Some(placed.collect())
    }

    /// Which of the cells at `places` share an edge, by their numbers among these, out of `all`
    /// that touch. (Hexagons that touch share one.)
    pub(super) fn sharing_an_edge(&self, places: &[usize], all: &Neighbours) -> Neighbours {
        let beside = |at: usize| {
            let here = self.cells[places[at]].cell;
            let near = all.of(at).iter().copied().filter(|other| {
                let there = self.cells[places[*other as usize]].cell;
                here.row == there.row || here.col == there.col
            });
            near.collect()
        };
        Neighbours::from_lists((0..places.len()).map(beside))
    }

    /// Names the cells that may meet a rectangle of the plane.
    pub(super) fn near(&self, low: Coord<f64>, high: Coord<f64>, name: &mut dyn FnMut(usize)) {
        let Some((first, last)) = self.grid.span(low, high) else { return };
        for row in first.row..=last.row {
            let from = Cell { row, col: first.col };
            let start = self.cells.partition_point(|it| it.cell < from);
            let to = Cell { row, col: last.col };
            for (place, _) in
                (start..).zip(self.cells[start..].iter().take_while(|it| it.cell <= to))
            {
                name(place);
            }
        }
    }
}

impl Corners {
    fn of(grid: Grid, cells: &[Covered]) -> Self {
        let mut corners: Vec<(i32, i32)> =
            cells.par_iter().flat_map_iter(|it| grid.corners(it.cell)).collect();
        corners.par_sort_unstable();
        corners.dedup();
        let mut degrees: Vec<Coord<f64>> = corners.iter().map(|at| grid.corner(*at)).collect();
        // Cells lie around ground that was reached from degrees; where the way back fails for a
        // corner beyond the edge of the projection, that corner alone is left out.
        if grid.crs().to_degrees(&mut degrees).is_err() {
            let back = |at: &(i32, i32)| {
                let mut coords = [grid.corner(*at)];
                let way = transform(grid.crs().epsg(), crate::crs::WGS84, &mut coords);
                way.ok().map(|()| (*at, coords[0]))
            };
            let reached: Vec<_> = corners.iter().filter_map(back).collect();
            (corners, degrees) = reached.into_iter().unzip();
        }
        Self { corners, degrees }
    }

    fn degrees_of(&self, corner: (i32, i32)) -> Option<Coord<f64>> {
        self.corners.binary_search(&corner).ok().map(|place| self.degrees[place])
    }
}
