//! The cells of an analysis: squares, hexagons, communes or districts, with the ground in each.
//!
//! Ground is the cell's part of the communes in force on the day asked (of the narrowest level
//! that has outlines); without any boundaries the cells around the season's own facts stand in
//! for it, whole, and every answer says so.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use geo::Centroid;
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};
use jiff::civil::Date;

use super::{hexes::Hexes, on_grid::OnGrid};
use crate::{
    analysis::{
        coverage::effort::Division,
        geometry::{
            bounds::bounds,
            cover::{Covered, TooMany},
            grid::{Cell, CellForm, Grid, SIZE_MAX},
            ground::Ground,
            h3::{self, H3Resolution, NotCovered},
        },
        weights::{Neighbours, islands_joined},
    },
    domain::{Footprint, Level},
    layers::{CellKind, LayerError, LayerQuery, Refusal, scope::Scope},
    snapshot::{Atlas, Memo, PlotView, Snapshot, Unit, UnitRef},
};

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
    Grid(OnGrid),
    H3(Hexes),
    Units {
        units: Vec<UnitRef>,
        grounds: Vec<Ground>,
        places: HashMap<UnitRef, usize>,
        level: Level,
    },
}

impl Cells {
    /// The cells that `query` asks for, kept with the snapshot.
    pub(in crate::layers) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        scope: Scope,
    ) -> Result<Arc<Self>, LayerError> {
        let (form, size) = match query.cell {
            CellKind::Commune => return Ok(units_of(snapshot, scope, Level::Commune)),
            CellKind::District => return districts(snapshot, scope),
            CellKind::Square(size) => (CellForm::Square, size),
            CellKind::Hexagon(size) => (CellForm::Hexagon, size),
            CellKind::H3(resolution) => return hexes(snapshot, scope, resolution),
        };
        let grid = Grid::new(snapshot.metric(), form, size).map_err(|error| {
            LayerError::Parameter { parameter: "cell", reason: error.to_string().into() }
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
            made.as_ref().map_or(0, |cells| cells.on_own_grid().map_or(0, OnGrid::bytes))
        };
        // Ground of boundaries outlives a change of plots; that of facts does not.
        let memo = if level.is_some() { snapshot.lasting() } else { snapshot.memo() };
        let made = memo.get_or_make_weighed(key.clone(), bytes, || {
            let cells = match level {
                Some(level) => OnGrid::bounded(snapshot, grid, level, scope.units_on),
                None => OnGrid::around_facts(snapshot, grid, scope),
            }?;
            let (units_on, bounded) = (scope.units_on, level.is_some());
            Ok::<_, TooMany>(Arc::new(Self { key, units_on, bounded, form: Form::Grid(cells) }))
        });
        made.as_ref().clone().map_err(|too_many| {
            let larger = size.saturating_mul(4).clamp(1000, SIZE_MAX);
            LayerError::TooMuch(Refusal::new(
                format!(
                    "Ô {size} m thì ở đây có hơn {} ô: chọn ô lớn hơn, ví dụ cell=square:{larger}",
                    too_many.most
                ),
                format!(
                    "cells of {size} m would be more than {} here: ask for larger cells, \
                         such as cell=square:{larger}",
                    too_many.most
                ),
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
            Form::Grid(on) => on.cells.len(),
            Form::H3(hexes) => hexes.len(),
            Form::Units { units, .. } => units.len(),
        }
    }

    /// The ground of a cell, m².
    pub(in crate::layers) fn area(&self, place: usize) -> f64 {
        match &self.form {
            Form::Grid(on) => on.cells[place].area,
            Form::H3(hexes) => hexes.area(place),
            Form::Units { grounds, .. } => grounds[place].area(),
        }
    }

    /// The feature id of a cell.
    pub(in crate::layers) fn id(&self, snapshot: &Snapshot, place: usize) -> u64 {
        match &self.form {
            Form::Grid(on) => on.grid.pack(on.cells[place].cell),
            Form::H3(hexes) => hexes.cell(place).pack(),
            Form::Units { units, .. } => snapshot.unit(units[place]).id(),
        }
    }

    /// The id of a cell for people: of a unit its code, of H3 its index.
    pub(in crate::layers) fn name(&self, snapshot: &Snapshot, place: usize) -> String {
        match &self.form {
            Form::Grid(on) => on.grid.name(on.cells[place].cell).to_string(),
            Form::H3(hexes) => hexes.cell(place).to_string(),
            Form::Units { units, .. } => snapshot.unit(units[place]).code().to_owned(),
        }
    }

    /// The name of the place where it has one: that of a unit.
    pub(in crate::layers) fn title<'s>(
        &self,
        snapshot: &'s Snapshot,
        place: usize,
    ) -> Option<&'s str> {
        match &self.form {
            Form::Grid(_) | Form::H3(_) => None,
            Form::Units { units, .. } => Some(snapshot.unit(units[place]).name()),
        }
    }

    /// The frame of a cell in degrees.
    pub(in crate::layers) fn frame(&self, snapshot: &Snapshot, place: usize) -> Rect<f64> {
        match &self.form {
            Form::Grid(_) | Form::H3(_) => {
                let (low, high) = bounds(&self.ring(place)).unwrap_or_default();
                Rect::new(low, high)
            }
            Form::Units { units, .. } => {
                crate::layers::table::frame(snapshot.unit(units[place]).extent())
            }
        }
    }

    /// The middle of a cell in metres: of a unit the centroid of its ground.
    pub(in crate::layers) fn middle(&self, snapshot: &Snapshot, place: usize) -> Coord<f64> {
        match &self.form {
            Form::Grid(on) => on.grid.centre(on.cells[place].cell),
            Form::H3(hexes) => hexes.middle(place),
            Form::Units { units, grounds, .. } => {
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
            Form::Grid(_) | Form::H3(_) => {
                let ring = LineString(self.ring(place));
                Cow::Owned(MultiPolygon(vec![Polygon::new(ring, Vec::new())]))
            }
            Form::Units { units, .. } => Cow::Borrowed(snapshot.unit(units[place]).outline()),
        }
    }

    fn ring(&self, place: usize) -> Vec<Coord<f64>> {
        match &self.form {
            Form::Grid(on) => on.ring(place),
            Form::H3(hexes) => hexes.cell(place).ring(),
            Form::Units { .. } => Vec::new(),
        }
    }

    /// The cell of a place in metres.
    pub(in crate::layers) fn at(&self, metric: Coord<f64>) -> Option<usize> {
        match &self.form {
            Form::Grid(on) => on.place_of(on.grid.cell_at(metric)?),
            Form::H3(hexes) => hexes.at_metric(metric),
            Form::Units { .. } => None,
        }
    }

    /// The grid and its cells, ascending, where they are of one of ours.
    pub(in crate::layers) fn on_grid(&self) -> Option<(Grid, &[Covered])> {
        self.on_own_grid().map(|on| (on.grid, &*on.cells))
    }

    fn on_own_grid(&self) -> Option<&OnGrid> {
        match &self.form {
            Form::Grid(on) => Some(on),
            Form::H3(_) | Form::Units { .. } => None,
        }
    }

    /// The cell that a plot is counted in.
    pub(in crate::layers) fn of_plot(
        &self,
        snapshot: &Snapshot,
        plot: PlotView<'_>,
    ) -> Option<usize> {
        match &self.form {
            Form::Grid(_) => self.at(plot.on_grid()?),
            Form::H3(hexes) => hexes.at(plot.plot.position.coord()),
            Form::Units { places, level, .. } => {
                let units = snapshot.units_of(plot, Some(self.units_on));
                let unit = if *level == Level::District { units.district } else { units.commune };
                places.get(&unit?).copied()
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
        let outline = plot.plot.outline.as_ref().map(Footprint::get);
        match &self.form {
            Form::Grid(on) => {
                let shares = outline.and_then(|outline| on.shares_of(snapshot, outline));
                shares.unwrap_or_else(|| at_position().into_iter().collect())
            }
            Form::H3(hexes) => {
                let shares = outline.and_then(|outline| hexes.shares_of(outline));
                shares.unwrap_or_else(|| at_position().into_iter().collect())
            }
            Form::Units { places, level, .. } => {
                let shares = snapshot.shares_of(plot, Some(self.units_on));
                let within = |unit| snapshot.atlas_on(self.units_on)?.within(unit, *level);
                let placed: Option<Vec<(usize, f64)>> = shares
                    .into_iter()
                    .map(|(unit, share)| Some((*places.get(&within(unit)?)?, share)))
                    .collect();
                // Without parents' codes nobody knows which district a commune's part is in.
                let mut placed = placed.unwrap_or_else(|| at_position().into_iter().collect());
                placed.sort_by_key(|(place, _)| *place);
                placed.dedup_by(|next, kept| {
                    let same = next.0 == kept.0;
                    kept.1 += if same { next.1 } else { 0.0 };
                    same
                });
                placed
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
        match self.on_own_grid() {
            Some(on) if on.grid.form() == CellForm::Square => on.sharing_an_edge(places, &all),
            _ => all,
        }
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
            Form::Grid(on) => {
                let chosen: Vec<Cell> = places.iter().map(|place| on.cells[*place].cell).collect();
                Neighbours::on_grid(on.grid, &chosen)
            }
            Form::H3(hexes) => hexes.neighbours(places),
            Form::Units { units, .. } => {
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
            Form::Grid(on) => Cow::Owned(on.cells[place].ground(on.grid)),
            Form::H3(hexes) => Cow::Owned(hexes.ground(place)),
            Form::Units { grounds, .. } => Cow::Borrowed(&grounds[place]),
        }
    }

    fn near(&self, low: Coord<f64>, high: Coord<f64>, name: &mut dyn FnMut(usize)) {
        match &self.form {
            Form::Grid(on) => on.near(low, high, name),
            Form::H3(hexes) => hexes.near(low, high, name),
            Form::Units { grounds, .. } => {
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

/// The narrowest level with outlines on `day`: communes, else districts, else provinces.
pub(in crate::layers) fn ground_level(snapshot: &Snapshot, day: Date) -> Option<Level> {
    let atlas = snapshot.atlas_on(day)?;
    [Level::Commune, Level::District, Level::Province, Level::Country]
        .into_iter()
        .find(|level| atlas.units(*level).any(|unit| unit.metric().is_some()))
}

fn hexes(snapshot: &Snapshot, scope: Scope, resolution: u8) -> Result<Arc<Cells>, LayerError> {
    let resolution = H3Resolution::new(resolution).map_err(|error| LayerError::Parameter {
        parameter: "cell",
        reason: error.to_string().into(),
    })?;
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
        {
            let coarser = number.saturating_sub(1).max(h3::COARSEST);
            LayerError::TooMuch(Refusal::new(
                format!("Ô H3 cấp {number} ở đây là quá nhiều: chọn cấp thô hơn, ví dụ cell=h3:{coarser}"),
                format!(
                    "H3 cells of resolution {number} would be {error} here: ask for a coarser resolution, \
                     such as cell=h3:{coarser}"
                ),
            ))
        }
    })
}

/// Districts, which Vietnam has had until 30 June 2025.
fn districts(snapshot: &Snapshot, scope: Scope) -> Result<Arc<Cells>, LayerError> {
    let cells = units_of(snapshot, scope, Level::District);
    if cells.len() == 0 {
        return Err(LayerError::Parameter {
            parameter: "cell",
            reason: Refusal::new(
                format!(
                    "ngày {} không có ranh giới huyện: chọn cell=commune, hoặc lấy đơn vị của ngày khác, ví dụ \
                     units_on=2025-06-30",
                    scope.units_on
                ),
                format!(
                    "no outlines of districts are in force on {}: ask for cell=commune, or show the units \
                     of another day, such as units_on=2025-06-30",
                    scope.units_on
                ),
            ),
        });
    }
    Ok(cells)
}

/// The units of `level` in force, as cells.
fn units_of(snapshot: &Snapshot, scope: Scope, level: Level) -> Arc<Cells> {
    let atlas = snapshot.atlas_on(scope.units_on);
    let key = format!("cells {level} {:?}", atlas.map(Atlas::from));
    let made = snapshot.lasting().get_or_make(key.clone(), || {
        let of_level = atlas.into_iter().flat_map(|atlas| atlas.units(level));
        let (units, grounds): (Vec<UnitRef>, Vec<Ground>) = of_level
            .filter_map(|unit| Some((unit.reference(), Ground::of(unit.metric()?))))
            .unzip();
        let places = units.iter().enumerate().map(|(place, unit)| (*unit, place)).collect();
        let form = Form::Units { units, grounds, places, level };
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
