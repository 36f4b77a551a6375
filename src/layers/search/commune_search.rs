//! How much of each commune's ground was searched.
//!
//! Cells of a kilometre are cut along the communes' borders, and effort is measured in each piece
//! by itself: a walk on one side of a border says nothing of the other side, though both sides lie
//! in one cell. The cells are the same whatever an answer is counted in, so that a commune has one
//! searched share.

use std::{borrow::Cow, collections::HashMap};

use geo_types::Coord;
use rayon::prelude::*;

use crate::{
    analysis::{
        coverage::effort::{Division, detection},
        geometry::{
            cover::{Covered, TooMany, cover},
            grid::{Cell, CellForm, Grid},
            ground::{Ground, rings},
        },
    },
    domain::Level,
    layers::{
        cells::{MOST_CELLS, season::Searchers},
        scope::Scope,
    },
    snapshot::{Atlas, Snapshot, UnitRef},
};

/// Metres a side of the cells.
const SIDE: u32 = 1000;

/// A commune's ground and what was searched of it.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::layers) struct CommuneSearch {
    /// m² of ground, in the plane.
    pub(in crate::layers) ground: f64,
    /// m² times the probability of detection; `None` in a season without effort data.
    pub(in crate::layers) searched: Option<f64>,
    /// Whether any of the season's effort is simulated.
    pub(in crate::layers) simulated: bool,
}

/// What was searched of each commune of `atlas` that has an outline.
///
/// # Errors
///
/// [`TooMany`] where a commune would take more cells than an answer has.
pub(in crate::layers) fn searched(
    snapshot: &Snapshot,
    atlas: &Atlas,
    scope: Scope,
) -> Result<HashMap<UnitRef, CommuneSearch>, TooMany> {
    let Ok(grid) = Grid::new(snapshot.metric(), CellForm::Square, SIDE) else {
        return Ok(HashMap::new());
    };
    let pieces = Pieces::of(grid, atlas)?;
    let searchers = Searchers::of(snapshot, scope);
    let efforts = searchers.effort(snapshot, &pieces);
    let mut communes: HashMap<UnitRef, CommuneSearch> = HashMap::new();
    for ((unit, piece), effort) in pieces.pieces.iter().zip(&efforts) {
        let commune = communes.entry(*unit).or_default();
        commune.ground += piece.area;
        commune.simulated = searchers.simulated;
        if searchers.known {
            let c = effort.coverage(piece.area);
            *commune.searched.get_or_insert(0.0) += c.map_or(0.0, |c| piece.area * detection(c[1]));
        }
    }
    Ok(communes)
}

/// The part of each commune in each cell, ascending by cell.
struct Pieces {
    grid: Grid,
    pieces: Vec<(UnitRef, Covered)>,
}

impl Pieces {
    fn of(grid: Grid, atlas: &Atlas) -> Result<Self, TooMany> {
        let communes: Vec<_> = atlas.units(Level::Commune).collect();
        let covers: Vec<Vec<(UnitRef, Covered)>> = communes
            .into_par_iter()
            .filter_map(|unit| Some((unit.reference(), unit.metric()?)))
            .map(|(unit, ground)| {
                let cells = cover(grid, &rings(ground), MOST_CELLS)?;
                Ok(cells.into_iter().map(|piece| (unit, piece)).collect())
            })
            .collect::<Result<_, TooMany>>()?;
        let mut pieces: Vec<(UnitRef, Covered)> = covers.into_iter().flatten().collect();
        // Stable: the pieces of a cell stay in the order of communes, and sums keep their bits.
        pieces.sort_by_key(|(_, piece)| piece.cell);
        Ok(Self { grid, pieces })
    }
}

impl Division for Pieces {
    fn count(&self) -> usize {
        self.pieces.len()
    }

    fn ground(&self, place: usize) -> Cow<'_, Ground> {
        Cow::Owned(self.pieces[place].1.ground(self.grid))
    }

    fn near(&self, low: Coord<f64>, high: Coord<f64>, name: &mut dyn FnMut(usize)) {
        let Some((first, last)) = self.grid.span(low, high) else { return };
        for row in first.row..=last.row {
            let [from, to] = [first.col, last.col].map(|col| Cell { row, col });
            let start = self.pieces.partition_point(|(_, piece)| piece.cell < from);
            let upto = self.pieces.partition_point(|(_, piece)| piece.cell <= to);
            (start..upto).for_each(&mut *name);
        }
    }
}
