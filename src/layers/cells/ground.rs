//! The cells of an analysis: squares, hexagons or communes, with the ground in each.
//!
//! Ground is the cell's part of the communes in force on the day asked (of the narrowest level
//! that has outlines); without any boundaries the cells around the season's own facts stand in
//! for it, whole, and every answer says so.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use geo::Centroid;
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};
use jiff::civil::Date;
use rayon::prelude::*;

use super::hexes::Hexes;
use crate::{
    analysis::{
        coverage::effort::Division,
        geometry::{
            cover::{Covered, TooMany, cover},
            grid::{Cell, CellForm, Grid},
            ground::{Ground, rings},
            h3::{self, H3Resolution, NotCovered},
        },
        weights::{Neighbours, islands_joined},
    },
    crs::transform,
    domain::{Footprint, Level},
    layers::{CellKind, LayerError, LayerQuery, scope::Scope},
    snapshot::{Atlas, Memo, PlotView, SearchedPlace, Snapshot, Unit, UnitRef},
};

/// The most cells that an answer has: a country of 500,000 km² in squares of a kilometre, a
/// province of 9,000 km² in squares of 150 m; some 100 MB.
pub(in crate::layers) const MOST_CELLS: usize = 500_000;

/// Cells with their ground, ascending by place; the place of a cell is its number from here on.
pub(in crate::layers) struct Cells {
    /// What they are, as in a memo's key: it stands for all that they depend on.
    pub(in crate::layers) key: String,
    pub(in crate::layers) units_on: Date,
    /// Whether the ground is that of boundaries.
    pub(in crate::layers) bounded: bool,
    form: Form,
}

enum Form {
    Grid { grid: Grid, cells: Vec<Covered>, corners: Corners },
    H3(Hexes),
    Communes { units: Vec<UnitRef>, grounds: Vec<Ground>, places: HashMap<UnitRef, usize> },
}

/// What a cell's share of its grid's corners takes, two to a hexagon.
const CORNER_BYTES: usize = 2 * (size_of::<(i32, i32)>() + size_of::<Coord<f64>>());

/// Corners of the lattice in degrees, ascending by corner.
struct Corners {
    corners: Vec<(i32, i32)>,
    degrees: Vec<Coord<f64>>,
}

impl Cells {
    /// The cells that `query` asks for, kept with the snapshot.
    pub(in crate::layers) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        scope: Scope,
    ) -> Result<Arc<Self>, LayerError> {
        let (form, size) = match query.cell {
            CellKind::Commune => return Ok(communes(snapshot, scope)),
            CellKind::Square(size) => (CellForm::Square, size),
            CellKind::Hexagon(size) => (CellForm::Hexagon, size),
            CellKind::H3(resolution) => return hexes(snapshot, scope, resolution),
        };
        let grid = Grid::new(snapshot.metric(), form, size).map_err(|error| {
            LayerError::Parameter { parameter: "cell", reason: error.to_string() }
        })?;
        let level = ground_level(snapshot, scope.units_on);
        let key = match level {
            Some(level) => {
                let epoch = snapshot.atlas_on(scope.units_on).map(Atlas::from);
                format!("cells {form:?} {size} {level} {epoch:?}")
            }
            None => format!("cells {form:?} {size} facts {} {}", scope.season, scope.day),
        };
        let bytes = |made: &Result<Arc<Self>, TooMany>| {
            made.as_ref().map_or(0, |cells| cells.len() * (size_of::<Covered>() + CORNER_BYTES))
        };
        // Ground of boundaries outlives a change of plots; that of facts does not.
        let memo = if level.is_some() { snapshot.lasting() } else { snapshot.memo() };
        let made = memo.get_or_make_weighed(key.clone(), bytes, || {
            let form = match level {
                Some(level) => bounded(snapshot, grid, level, scope.units_on),
                None => around_facts(snapshot, grid, scope),
            }?;
            let (units_on, bounded) = (scope.units_on, level.is_some());
            Ok::<_, TooMany>(Arc::new(Self { key, units_on, bounded, form }))
        });
        made.as_ref().clone().map_err(|too_many| {
            LayerError::TooMuch(format!(
                "cells of {size} m would be more than {} here: ask for larger cells, \
                 such as cell=square:{}",
                too_many.most,
                (size.saturating_mul(4)).clamp(1000, crate::analysis::geometry::grid::SIZE_MAX)
            ))
        })
    }

    /// Where to keep what is made of these cells and of patrols, or of a single run of plots.
    pub(in crate::layers) fn lasting<'s>(&self, snapshot: &'s Snapshot) -> &'s Memo {
        if self.bounded { snapshot.lasting() } else { snapshot.memo() }
    }

    /// How many cells there are.
    pub(in crate::layers) fn len(&self) -> usize {
        match &self.form {
            Form::Grid { cells, .. } => cells.len(),
            Form::H3(hexes) => hexes.len(),
            Form::Communes { units, .. } => units.len(),
        }
    }

    /// The ground of a cell, m².
    pub(in crate::layers) fn area(&self, place: usize) -> f64 {
        match &self.form {
            Form::Grid { cells, .. } => cells[place].area,
            Form::H3(hexes) => hexes.area(place),
            Form::Communes { grounds, .. } => grounds[place].area(),
        }
    }

    /// The feature id of a cell.
    pub(in crate::layers) fn id(&self, snapshot: &Snapshot, place: usize) -> u64 {
        match &self.form {
            Form::Grid { grid, cells, .. } => grid.pack(cells[place].cell),
            Form::H3(hexes) => hexes.cell(place).pack(),
            Form::Communes { units, .. } => snapshot.unit(units[place]).id(),
        }
    }

    /// The id of a cell for people: of a commune its code, of H3 its index.
    pub(in crate::layers) fn name(&self, snapshot: &Snapshot, place: usize) -> String {
        match &self.form {
            Form::Grid { grid, cells, .. } => grid.name(cells[place].cell).to_string(),
            Form::H3(hexes) => hexes.cell(place).to_string(),
            Form::Communes { units, .. } => snapshot.unit(units[place]).code().to_owned(),
        }
    }

    /// The name of the place where it has one: that of a commune.
    pub(in crate::layers) fn title<'s>(
        &self,
        snapshot: &'s Snapshot,
        place: usize,
    ) -> Option<&'s str> {
        match &self.form {
            Form::Grid { .. } | Form::H3(_) => None,
            Form::Communes { units, .. } => Some(snapshot.unit(units[place]).name()),
        }
    }

    /// The frame of a cell in degrees.
    pub(in crate::layers) fn frame(&self, snapshot: &Snapshot, place: usize) -> Rect<f64> {
        match &self.form {
            Form::Grid { .. } | Form::H3(_) => {
                let ring = self.ring(place);
                let first = ring.first().copied().unwrap_or_default();
                let (mut low, mut high) = (first, first);
                for c in ring {
                    low = Coord { x: low.x.min(c.x), y: low.y.min(c.y) };
                    high = Coord { x: high.x.max(c.x), y: high.y.max(c.y) };
                }
                Rect::new(low, high)
            }
            Form::Communes { units, .. } => {
                crate::layers::table::frame(snapshot.unit(units[place]).extent())
            }
        }
    }

    /// The middle of a cell in metres: of a commune the centroid of its ground.
    pub(in crate::layers) fn middle(&self, snapshot: &Snapshot, place: usize) -> Coord<f64> {
        match &self.form {
            Form::Grid { grid, cells, .. } => grid.centre(cells[place].cell),
            Form::H3(hexes) => hexes.middle(place),
            Form::Communes { units, grounds, .. } => {
                let ground = snapshot.unit(units[place]).metric();
                ground.and_then(Centroid::centroid).map_or_else(
                    || {
                        let (low, high) = grounds[place].bounds();
                        (low + high) / 2.0
                    },
                    Coord::from,
                )
            }
        }
    }

    /// The outline of a cell in degrees: the whole cell, on whichever side of a border.
    pub(in crate::layers) fn outline<'s>(
        &self,
        snapshot: &'s Snapshot,
        place: usize,
    ) -> Cow<'s, MultiPolygon<f64>> {
        match &self.form {
            Form::Grid { .. } | Form::H3(_) => {
                let ring = LineString(self.ring(place));
                Cow::Owned(MultiPolygon(vec![Polygon::new(ring, Vec::new())]))
            }
            Form::Communes { units, .. } => Cow::Borrowed(snapshot.unit(units[place]).outline()),
        }
    }

    fn ring(&self, place: usize) -> Vec<Coord<f64>> {
        let (grid, cells, corners) = match &self.form {
            Form::Grid { grid, cells, corners } => (grid, cells, corners),
            Form::H3(hexes) => return hexes.cell(place).ring(),
            Form::Communes { .. } => return Vec::new(),
        };
        let mut ring: Vec<Coord<f64>> = grid
            .corners(cells[place].cell)
            .into_iter()
            .filter_map(|corner| corners.degrees_of(corner))
            .collect();
        ring.extend(ring.first().copied());
        ring
    }

    /// The cell of a place in metres.
    pub(in crate::layers) fn at(&self, metric: Coord<f64>) -> Option<usize> {
        match &self.form {
            Form::Grid { grid, cells, .. } => {
                let cell = grid.cell_at(metric)?;
                cells.binary_search_by_key(&cell, |it| it.cell).ok()
            }
            Form::H3(hexes) => hexes.at_metric(metric),
            Form::Communes { .. } => None,
        }
    }

    /// The grid and its cells, ascending, where they are of one of ours.
    pub(in crate::layers) fn on_grid(&self) -> Option<(Grid, &[Covered])> {
        match &self.form {
            Form::Grid { grid, cells, .. } => Some((*grid, cells)),
            Form::H3(_) | Form::Communes { .. } => None,
        }
    }

    /// The cell that a plot is counted in.
    pub(in crate::layers) fn of_plot(
        &self,
        snapshot: &Snapshot,
        plot: PlotView<'_>,
    ) -> Option<usize> {
        match &self.form {
            Form::Grid { .. } => self.at(plot.on_grid()?),
            Form::H3(hexes) => hexes.at(plot.plot.position.coord()),
            Form::Communes { places, .. } => {
                let units = snapshot.units_of(plot, Some(self.units_on));
                places.get(&units.commune?).copied()
            }
        }
    }

    /// How the ground of a plot is shared out among cells, as far as it lies in any; by place.
    pub(in crate::layers) fn shares_of(
        &self,
        snapshot: &Snapshot,
        plot: PlotView<'_>,
    ) -> Vec<(usize, f64)> {
        let at_position = || self.of_plot(snapshot, plot).map(|place| (place, 1.0));
        match &self.form {
            Form::Grid { grid, cells, .. } => {
                let Some(outline) = &plot.plot.outline else {
                    return at_position().into_iter().collect();
                };
                let Some(parts) = outline_parts(*grid, snapshot, outline.get()) else {
                    return at_position().into_iter().collect();
                };
                let whole: f64 = parts.iter().map(|part| part.area).sum();
                let placed = parts.iter().filter_map(|part| {
                    let place = cells.binary_search_by_key(&part.cell, |it| it.cell).ok()?;
                    Some((place, part.area / whole))
                });
                placed.collect()
            }
            Form::H3(hexes) => {
                let outline = plot.plot.outline.as_ref().map(Footprint::get);
                let shares = outline.and_then(|outline| hexes.shares_of(outline));
                shares.unwrap_or_else(|| at_position().into_iter().collect())
            }
            Form::Communes { places, .. } => {
                let shares = snapshot.shares_of(plot, Some(self.units_on));
                let placed = shares
                    .into_iter()
                    .filter_map(|(unit, share)| Some((*places.get(&unit)?, share)));
                placed.collect()
            }
        }
    }

    /// As [`Self::neighbours`], but those that share an edge only. (Hexagons and communes that touch
    /// share one.)
    pub(in crate::layers) fn edge_neighbours(
        &self,
        snapshot: &Snapshot,
        places: &[usize],
    ) -> Neighbours {
        let all = self.neighbours(snapshot, places);
        let Form::Grid { grid, cells, .. } = &self.form else { return all };
        if grid.form() == CellForm::Hexagon {
            return all;
        }
        let beside = |at: usize| {
            let here = cells[places[at]].cell;
            let near = all.of(at).iter().copied().filter(|other| {
                let there = cells[places[*other as usize]].cell;
                here.row == there.row || here.col == there.col
            });
            near.collect()
        };
        Neighbours::from_lists((0..places.len()).map(beside))
    }

    /// Who is whose neighbour among the cells at `places` (ascending): of squares and hexagons by
    /// their sides and corners, of communes by their border lines, and a commune that borders on
    /// none (an island) with that whose middle is nearest.
    pub(in crate::layers) fn neighbours(
        &self,
        snapshot: &Snapshot,
        places: &[usize],
    ) -> Neighbours {
        match &self.form {
            Form::Grid { grid, cells, .. } => {
                let chosen: Vec<Cell> = places.iter().map(|place| cells[*place].cell).collect();
                Neighbours::on_grid(*grid, &chosen)
            }
            Form::H3(hexes) => hexes.neighbours(places),
            Form::Communes { units, .. } => {
                // Islands first among all communes: one whose neighbours were not searched is no
                // island, and is not joined to ground far away.
                let all = borders(snapshot.atlas_on(self.units_on), units);
                let lone = (0..units.len()).any(|at| all.count(at) == 0);
                let all =
                    if lone { islands_joined(&all, &middles(snapshot, units), 1) } else { all };
                let among: HashMap<usize, usize> =
                    places.iter().enumerate().map(|(at, place)| (*place, at)).collect();
                let pairs = places.iter().enumerate().flat_map(|(at, place)| {
                    let others = all.of(*place).iter();
                    others.filter_map(|to| among.get(&(*to as usize))).map(move |to| (at, *to))
                });
                Neighbours::from_pairs(places.len(), pairs)
            }
        }
    }
}

impl Division for Cells {
    fn count(&self) -> usize {
        self.len()
    }

    fn ground(&self, place: usize) -> Cow<'_, Ground> {
        match &self.form {
            Form::Grid { grid, cells, .. } => Cow::Owned(cells[place].ground(*grid)),
            Form::H3(hexes) => Cow::Owned(hexes.ground(place)),
            Form::Communes { grounds, .. } => Cow::Borrowed(&grounds[place]),
        }
    }

    fn near(&self, low: Coord<f64>, high: Coord<f64>, name: &mut dyn FnMut(usize)) {
        match &self.form {
            Form::Grid { grid, cells, .. } => {
                let Some((first, last)) = grid.span(low, high) else { return };
                for row in first.row..=last.row {
                    let from = Cell { row, col: first.col };
                    let start = cells.partition_point(|it| it.cell < from);
                    let to = Cell { row, col: last.col };
                    for (place, _) in
                        (start..).zip(cells[start..].iter().take_while(|it| it.cell <= to))
                    {
                        name(place);
                    }
                }
            }
            Form::H3(hexes) => hexes.near(low, high, name),
            Form::Communes { grounds, .. } => {
                for (place, ground) in grounds.iter().enumerate() {
                    let (south_west, north_east) = ground.bounds();
                    if low.x <= north_east.x
                        && high.x >= south_west.x
                        && low.y <= north_east.y
                        && high.y >= south_west.y
                    {
                        name(place);
                    }
                }
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

/// The narrowest level with outlines on `day`: communes, else districts, else provinces.
pub(in crate::layers) fn ground_level(snapshot: &Snapshot, day: Date) -> Option<Level> {
    let atlas = snapshot.atlas_on(day)?;
    [Level::Commune, Level::District, Level::Province, Level::Country]
        .into_iter()
        .find(|level| atlas.units(*level).any(|unit| unit.metric().is_some()))
}

fn bounded(snapshot: &Snapshot, grid: Grid, level: Level, day: Date) -> Result<Form, TooMany> {
    let units: Vec<_> = snapshot.atlas_on(day).into_iter().flat_map(|it| it.units(level)).collect();
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
    Ok(Form::Grid { grid, cells, corners })
}

/// Names the cells that the straight path from `a` to `b` runs through, by halving it: cells are
/// convex, so a piece with both ends in a cell lies in it. A corner cut by less than a metre may be
/// left out: a neighbour of those named.
fn cells_along(grid: Grid, a: Coord<f64>, b: Coord<f64>, found: &mut Vec<Cell>) {
    let ends = [grid.cell_at(a), grid.cell_at(b)];
    let length = (b.x - a.x).hypot(b.y - a.y);
    if ends[0] == ends[1] || !length.is_finite() || length < 1.0 {
        found.extend(ends.into_iter().flatten());
        return;
    }
    let middle = (a + b) / 2.0;
    cells_along(grid, a, middle, found);
    cells_along(grid, middle, b, found);
}

/// The cells with a fact of the season and those around them, ascending.
pub(in crate::layers) fn cells_around_facts(
    snapshot: &Snapshot,
    grid: Grid,
    scope: Scope,
) -> Result<Vec<Cell>, TooMany> {
    let mut found: Vec<Cell> = Vec::new();
    let season = Some(scope.season);
    for plot in snapshot.plots(season) {
        found.extend(plot.on_grid().and_then(|place| grid.cell_at(place)));
        let outline = plot.plot.outline.as_ref().map(Footprint::get);
        let under = outline.and_then(|outline| outline_parts(grid, snapshot, outline));
        found.extend(under.into_iter().flatten().map(|it| it.cell));
    }
    for part in snapshot.legs(season).flat_map(|leg| leg.metric) {
        for [a, b] in part.0.windows(2).filter_map(|edge| edge.first_chunk::<2>()) {
            cells_along(grid, *a, *b, &mut found);
        }
        // A long season walks the same cells again and again.
        if found.len() > 4 * MOST_CELLS {
            found.sort_unstable();
            found.dedup();
        }
    }
    for search in snapshot.empty_searches(season) {
        match search.metric {
            Some(SearchedPlace::Around { centre, radius_m }) => {
                let reach = Coord { x: *radius_m, y: *radius_m };
                let Some((first, last)) = grid.span(*centre - reach, *centre + reach) else {
                    continue;
                };
                let (rows, cols) =
                    (last.row.abs_diff(first.row) + 1, last.col.abs_diff(first.col) + 1);
                if u64::from(rows) * u64::from(cols) > MOST_CELLS as u64 {
                    return Err(TooMany { most: MOST_CELLS });
                }
                let row = |row| (first.col..=last.col).map(move |col| Cell { row, col });
                found.extend((first.row..=last.row).flat_map(row));
            }
            Some(SearchedPlace::Within(outline)) => {
                let covered = cover(grid, &rings(outline), MOST_CELLS)?;
                found.extend(covered.into_iter().map(|it| it.cell));
            }
            None => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    let mut cells: Vec<Cell> =
        found.iter().flat_map(|cell| grid.neighbours(*cell)).chain(found.iter().copied()).collect();
    cells.sort_unstable();
    cells.dedup();
    if cells.len() > MOST_CELLS { Err(TooMany { most: MOST_CELLS }) } else { Ok(cells) }
}

fn around_facts(snapshot: &Snapshot, grid: Grid, scope: Scope) -> Result<Form, TooMany> {
    let cells = cells_around_facts(snapshot, grid, scope)?;
    let area = grid.cell_area();
    let mut cells: Vec<Covered> =
        cells.into_iter().map(|cell| Covered { cell, area, part: None }).collect();
    let corners = Corners::of(grid, &cells);
    cells.retain(|it| grid.corners(it.cell).iter().all(|at| corners.degrees_of(*at).is_some()));
    Ok(Form::Grid { grid, cells, corners })
}

fn hexes(snapshot: &Snapshot, scope: Scope, resolution: u8) -> Result<Arc<Cells>, LayerError> {
    let resolution = H3Resolution::new(resolution)
        .map_err(|error| LayerError::Parameter { parameter: "cell", reason: error.to_string() })?;
    let level = ground_level(snapshot, scope.units_on);
    let number = resolution.number();
    let key = match level {
        Some(level) => {
            let epoch = snapshot.atlas_on(scope.units_on).map(Atlas::from);
            format!("cells h3 {number} {level} {epoch:?}")
        }
        None => format!("cells h3 {number} facts {} {}", scope.season, scope.day),
    };
    let bytes =
        |made: &Result<Arc<Cells>, NotCovered>| made.as_ref().map_or(0, |it| it.len() * 512);
    let made = snapshot.memo().get_or_make_weighed(key.clone(), bytes, || {
        let hexes = match level {
            Some(level) => {
                let units = snapshot.atlas_on(scope.units_on).into_iter();
                let grounds = units.flat_map(|it| it.units(level)).filter_map(Unit::metric);
                Hexes::of(snapshot.metric(), resolution, grounds.collect())
            }
            None => Hexes::around_facts(snapshot, resolution, scope),
        }?;
        let (units_on, bounded) = (scope.units_on, level.is_some());
        Ok::<_, NotCovered>(Arc::new(Cells { key, units_on, bounded, form: Form::H3(hexes) }))
    });
    made.as_ref().clone().map_err(|error| {
        LayerError::TooMuch(format!(
            "H3 cells of resolution {number} would be {error} here: ask for a coarser resolution, \
             such as cell=h3:{}",
            number.saturating_sub(1).max(h3::COARSEST)
        ))
    })
}

fn communes(snapshot: &Snapshot, scope: Scope) -> Arc<Cells> {
    let atlas = snapshot.atlas_on(scope.units_on);
    let key = format!("cells communes {:?}", atlas.map(Atlas::from));
    let made = snapshot.lasting().get_or_make(key.clone(), || {
        let of_level = atlas.into_iter().flat_map(|atlas| atlas.units(Level::Commune));
        let (units, grounds): (Vec<UnitRef>, Vec<Ground>) = of_level
            .filter_map(|unit| Some((unit.reference(), Ground::of(unit.metric()?))))
            .unzip();
        let places = units.iter().enumerate().map(|(place, unit)| (*unit, place)).collect();
        let form = Form::Communes { units, grounds, places };
        Arc::new(Cells { key, units_on: scope.units_on, bounded: true, form })
    });
    Arc::clone(&made)
}

/// Which of `units` border on each other, by the lines that were drawn between them.
fn borders(atlas: Option<&Atlas>, units: &[UnitRef]) -> Neighbours {
    let among: HashMap<UnitRef, usize> =
        units.iter().enumerate().map(|(at, unit)| (*unit, at)).collect();
    let lines = atlas.into_iter().flat_map(|atlas| {
        Level::ALL.into_iter().flat_map(|level| atlas.lines(level)).filter_map(|line| {
            let [one, other] = line.between;
            Some((*among.get(&one?)?, *among.get(&other?)?))
        })
    });
    Neighbours::from_pairs(units.len(), lines)
}

/// The centroids of units, in metres.
fn middles(snapshot: &Snapshot, units: &[UnitRef]) -> Vec<Coord<f64>> {
    let middle = |unit: &UnitRef| snapshot.unit(*unit).metric()?.centroid().map(Into::into);
    // Only units with ground in metres are cells.
    units.iter().map(|unit| middle(unit).unwrap_or_default()).collect()
}

/// The cells under an outline; `None` where it lies in one cell, or the projection fails.
fn outline_parts(
    grid: Grid,
    snapshot: &Snapshot,
    outline: &MultiPolygon<f64>,
) -> Option<Vec<Covered>> {
    let mut ground = outline.clone();
    let crs = snapshot.metric();
    for polygon in &mut ground.0 {
        let mut ways = Vec::new();
        polygon
            .exterior_mut(|ring| ways.push(transform(crate::crs::WGS84, crs.epsg(), &mut ring.0)));
        polygon.interiors_mut(|rings| {
            ways.extend(
                rings.iter_mut().map(|r| transform(crate::crs::WGS84, crs.epsg(), &mut r.0)),
            );
        });
        if ways.iter().any(Result::is_err) {
            return None;
        }
    }
    let rings = rings(&ground);
    let mut corners = rings.iter().flatten().map(|c| grid.cell_at(*c));
    let first = corners.next()?;
    if corners.all(|cell| cell == first) {
        return None;
    }
    cover(grid, &rings, 10_000).ok().filter(|parts| !parts.is_empty())
}
