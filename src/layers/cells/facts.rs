//! The cells that the facts of a season lie in: ground where there are no boundaries.

use geo_types::{Coord, MultiPolygon};

use super::MOST_CELLS;
use crate::{
    analysis::geometry::{
        cover::{Covered, TooMany, cover},
        grid::{Cell, Grid},
        ground::rings,
    },
    crs::transform,
    domain::Footprint,
    layers::scope::Scope,
    snapshot::{SearchedPlace, Snapshot},
};

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

/// The cells under an outline; `None` where it lies in one cell, or the projection fails.
pub(super) fn outline_parts(
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
