//! The methods that make hotspot areas.
//!
//! `cells` asks the map of `hotspots` with the same parameters and joins the hot cells that lie
//! beside each other; `scan` scans the searched cells (scanned.rs); `dbscan` and `hdbscan` group the plots themselves (analysis/clusters), and draw
//! the hull of each group; `density` takes the smallest ground that holds half of the density of the
//! plots, each of its pieces an area, as the layer `density` draws it with the same kernel and
//! bandwidth.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use geo::{BooleanOps, BoundingRect, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rustc_hash::FxHashMap;

use super::{
    Asked,
    area::{Drawn, Held, by_ground, name_communes, plain},
    learnt::{Kth, Learnt, Patches},
    scanned::scanned,
};
use crate::{
    analysis::{
        clusters::{
            dbscan::{Density, dbscan},
            hdbscan::{Sizes, hdbscan},
            hull::hull,
            k_distance::k_distances,
            points::Points,
        },
        geometry::dissolve::dissolve,
    },
    domain::Season,
    layers::{
        CellKind, Choices, LayerError, LayerQuery, Refusal,
        cells::{
            Cells,
            season::{Origins, Searched},
        },
        density::densest,
        hotspots::{HotCell, hot_cells},
        scope::{Scope, horizon},
    },
    snapshot::{PlotView, Snapshot},
};

/// The methods, the default first.
pub(super) const METHODS: &[&str] = &["cells", "dbscan", "hdbscan", "scan", "density"];

/// The share of the density that the areas of `density` hold, as the class of that name says.
const SHARE: f64 = 0.5;

/// Plots within this many metres are near, unless a question says otherwise.
const DISTANCE: f64 = 1000.0;

/// Distances that a menu offers, the default first.
pub(super) const DISTANCES: &[&str] = &["1000", "500", "2000", "3000", "5000", "10000"];

/// Plots that make a place dense, or a group.
const MIN_PTS: usize = 5;

/// The most plots that HDBSCAN groups at a request: about a second.
const MOST_GROUPED: usize = 200_000;

/// Simulated maps of a scan: its p is one for the whole map, and needs no more.
const REPLICAS: u32 = 999;

/// An area without a hull is drawn this many metres around its plots.
const AROUND: f64 = 10.0;

/// Whether a method draws maps of chance: then cells, `alpha` and the draws count.
pub(super) fn tests(method: &str) -> bool {
    matches!(method, "cells" | "scan")
}

/// Whether a method takes the plots of several seasons together. A test is about one.
pub(super) fn spans(method: &str) -> bool {
    !tests(method)
}

/// What `query` asks for, with the defaults in place.
pub(super) fn asked(
    query: &LayerQuery,
    method: &'static str,
    scope: Scope,
) -> Result<Asked, LayerError> {
    let distance = query.choices.distance.unwrap_or(DISTANCE);
    if !(1.0..=100_000.0).contains(&distance) {
        return Err(LayerError::Parameter {
            parameter: "distance",
            reason: Refusal::new(
                format!("{distance} m: chọn từ 1 đến 100000 m, ví dụ 1000"),
                format!("{distance} m: ask for 1 to 100000 m, such as 1000"),
            ),
        });
    }
    let since = query.since.filter(|since| spans(method) && *since <= scope.season);
    Ok(Asked {
        method,
        scope,
        since: since.unwrap_or(scope.season),
        distance,
        min_pts: MIN_PTS,
        permutations: if method == "scan" {
            query.permutations.min(REPLICAS)
        } else {
            query.permutations
        },
        seed: query.seed,
        alpha: query.alpha,
        cell: query.cell,
    })
}

/// The areas of a method, in no order, and what it learnt beside them.
pub(super) type Made = (Vec<Drawn>, Learnt);

/// The areas that answer `query`, in no order; how many plots there are in all; and what was learnt
/// beside.
pub(super) fn areas(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: Asked,
) -> Result<(Vec<Drawn>, u64, Learnt), LayerError> {
    let plots = plots_of(snapshot, query, asked);
    let all = plots.len() as u64;
    let (mut found, learnt) = match asked.method {
        "dbscan" | "hdbscan" => groups(snapshot, query, asked, &plots)?,
        "scan" => scanned(snapshot, query, asked, &plots)?,
        "density" => dense(snapshot, query, asked, &plots)?,
        _ => joined(snapshot, query, asked, &plots)?,
    };
    name_communes(snapshot, asked, &mut found);
    Ok((found, all, learnt))
}

/// The plots of the seasons asked about that count on their last day, in the order of numbers.
fn plots_of<'s>(snapshot: &'s Snapshot, query: &LayerQuery, asked: Asked) -> Vec<PlotView<'s>> {
    let (first, last) = (asked.since.start_year(), asked.scope.season.start_year());
    let seasons = (first..=last).filter_map(|year| Season::starting(year).ok());
    let mut plots: Vec<PlotView<'s>> = seasons
        .flat_map(|season| {
            let day = season.clamp(horizon(query));
            snapshot.plots(Some(season)).filter(move |view| view.plot.counts_on(day))
        })
        .collect();
    plots.sort_by_key(|view| view.plot.number);
    plots
}

/// Hot cells beside each other.
fn joined(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: Asked,
    plots: &[PlotView<'_>],
) -> Result<Made, LayerError> {
    // The map of the last season, without what else is asked of that map.
    let choices =
        Choices { method: None, distance: None, stability: false, ..query.choices.clone() };
    let hot = hot_cells(snapshot, &LayerQuery { since: None, choices, ..query.clone() })?;
    let cells = Cells::of(snapshot, query, asked.scope)?;
    let searched = Searched::of(snapshot, &cells, asked.scope);
    let tested = (0..cells.len()).filter(|place| searched.tested(*place)).count();
    let places: Vec<usize> = hot.iter().map(|cell| cell.place).collect();
    let beside = cells.neighbours(snapshot, &places);
    // By their numbers among the hot cells.
    let mut areas: Vec<Vec<usize>> = Vec::new();
    let mut taken = vec![false; places.len()];
    for first in 0..places.len() {
        let mut area = Vec::new();
        let mut next = vec![first];
        while let Some(at) = next.pop() {
            if !std::mem::replace(&mut taken[at], true) {
                area.push(at);
                next.extend(beside.of(at).iter().map(|other| *other as usize));
            }
        }
        area.sort_unstable();
        if !area.is_empty() {
            areas.push(area);
        }
    }
    let placed: Vec<Vec<usize>> =
        areas.iter().map(|area| area.iter().map(|at| places[*at]).collect()).collect();
    let made = areas_of_cells(snapshot, asked, &cells, &placed, plots);
    let each = made.into_iter().zip(&areas).filter_map(|(area, members)| {
        let tests = || members.iter().map(|at| &hot[*at]);
        let least = |of: fn(&HotCell) -> Option<f64>| tests().filter_map(of).min_by(f64::total_cmp);
        let heat = |test: &&HotCell| test.z.unwrap_or(f64::NEG_INFINITY);
        let strongest = tests().max_by(|a, b| heat(a).total_cmp(&heat(b)));
        Some(Drawn {
            around: strongest.map(|test| test.plots_around),
            class: tests().map(|test| test.class).max().unwrap_or("hot-90"),
            p: least(|test| test.p),
            q: least(|test| test.q),
            z: tests().filter_map(|test| test.z).max_by(f64::total_cmp),
            ..area?
        })
    });
    Ok((each.collect(), Learnt::Cells { tested }))
}

/// Areas made of cells at these places (ascending): name, shape, ground and plots. `None` for one
/// that cannot be drawn.
pub(super) fn areas_of_cells(
    snapshot: &Snapshot,
    asked: Asked,
    cells: &Arc<Cells>,
    areas: &[Vec<usize>],
    plots: &[PlotView<'_>],
) -> Vec<Option<Drawn>> {
    let mut area_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (area, members) in areas.iter().enumerate() {
        area_of.extend(members.iter().map(|place| (*place, area)));
    }
    let origins = Origins::of(snapshot);
    let mut held = vec![Held::default(); areas.len()];
    for plot in plots {
        let area = cells.of_plot(snapshot, *plot).and_then(|place| area_of.get(&place));
        if let Some(area) = area {
            held[*area].take(*plot, &origins);
        }
    }
    let each = areas.iter().zip(held).map(|(members, held)| {
        let lowest = cells.name(snapshot, *members.first()?);
        let outlines = members.iter().map(|place| cells.outline(snapshot, *place));
        let shape = if matches!(asked.cell, CellKind::Commune | CellKind::District) {
            let outlines: Vec<MultiPolygon<f64>> = outlines.map(Cow::into_owned).collect();
            union(&outlines)
        } else {
            let ring = |outline: &MultiPolygon<f64>| -> Vec<Coord<f64>> {
                outline.0.first().map(|it| it.exterior().0.clone()).unwrap_or_default()
            };
            let mut rings: Vec<_> = outlines.map(|outline| ring(&outline)).collect();
            snap(&mut rings);
            dissolve(&rings)
        };
        // Made of communes: they are its members, whatever their neighbours' outlines touch.
        let named = members.iter().filter_map(|place| {
            let name = cells.title(snapshot, *place)?;
            (asked.cell == CellKind::Commune).then(|| (name, cells.area(*place)))
        });
        let named: Vec<(&str, f64)> = named.collect();
        (!shape.0.is_empty()).then(|| Drawn {
            held,
            communes: (!named.is_empty()).then(|| by_ground(named)),
            ground: Some(members.iter().map(|place| cells.area(*place)).sum()),
            cells: Some(members.len()),
            ..plain(asked, &lowest, shape)
        })
    });
    each.collect()
}

/// Makes one of corners within a tenth of a millimetre: cells of H3 compute each their own.
fn snap(rings: &mut [Vec<Coord<f64>>]) {
    const NEAR: f64 = 1e-9;
    let mut known: FxHashMap<(i64, i64), Coord<f64>> = FxHashMap::default();
    for at in rings.iter_mut().flatten() {
        let (col, row) = ((at.x / NEAR) as i64, (at.y / NEAR) as i64);
        let mut around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (col + dx, row + dy)));
        let found = around.find_map(|key| known.get(&key)).copied();
        *at = found.unwrap_or_else(|| *known.entry((col, row)).or_insert(*at));
    }
}

/// Communes as one: their outlines come from files, and do not match to the bit.
fn union(outlines: &[MultiPolygon<f64>]) -> MultiPolygon<f64> {
    match outlines {
        [one] => one.clone(),
        [one, other] => one.union(other),
        all => unary_union(all),
    }
}

/// Plots that lie together.
fn groups(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: Asked,
    plots: &[PlotView<'_>],
) -> Result<Made, LayerError> {
    let placed: Vec<(PlotView<'_>, Coord<f64>)> =
        plots.iter().filter_map(|plot| Some((*plot, plot.on_grid()?))).collect();
    if asked.method == "hdbscan" && placed.len() > MOST_GROUPED {
        return Err(LayerError::TooMuch(Refusal::new(
            format!(
                "Phải gom {} nương, mỗi lần hỏi chỉ được {MOST_GROUPED}: chọn ít niên vụ hơn, hoặc \
                 method=dbscan",
                placed.len()
            ),
            format!(
                "{} plots to group, and a request may ask for {MOST_GROUPED}: ask for fewer seasons, \
                 or method=dbscan",
                placed.len()
            ),
        )));
    }
    let at: Vec<Coord<f64>> = placed.iter().map(|(_, at)| *at).collect();
    let wrong =
        |reason: String| LayerError::Parameter { parameter: "method", reason: reason.into() };
    let points = Points::new(&at).map_err(|error| wrong(error.to_string()))?;
    let mut kth = None;
    let (members, stability) = if asked.method == "hdbscan" {
        let sizes = Sizes::new(asked.min_pts, asked.min_pts);
        let sizes = sizes.map_err(|error| wrong(error.to_string()))?;
        let groups = hdbscan(points, sizes, &query.asker)?;
        (groups.members(), groups.stability)
    } else {
        let density = Density::new(asked.distance, asked.min_pts);
        let density = density.map_err(|error| wrong(error.to_string()))?;
        kth = Kth::of(k_distances(points, asked.min_pts));
        (dbscan(points, density).members(), Vec::new())
    };
    let origins = Origins::of(snapshot);
    let each = members.iter().enumerate().filter_map(|(group, members)| {
        let mut held = Held::default();
        for place in members {
            held.take(placed[*place].0, &origins);
        }
        let hull = hull(points, members)?;
        let mut outline = hull.outline.unwrap_or_else(|| around(&at, members));
        outline.exterior_mut(|ring| {
            // A corner that the projection cannot take back ends the area, never misplaces it.
            if snapshot.metric().to_degrees(&mut ring.0).is_err() {
                ring.0.clear();
            }
        });
        let lowest = &placed[*members.first()?].0.plot.id.0;
        let area = plain(asked, lowest, MultiPolygon(vec![outline]));
        let stability = stability.get(group).copied().filter(|it| it.is_finite());
        Some(Drawn { held, ground: hull.area, stability, ..area })
    });
    let each = each.filter(|area| !area.shape.0[0].exterior().0.is_empty());
    Ok((each.collect(), Learnt::Groups { placed: placed.len(), kth }))
}

/// The pieces of the ground that holds half of the density.
fn dense(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: Asked,
    plots: &[PlotView<'_>],
) -> Result<Made, LayerError> {
    let found = match densest(snapshot, query, asked.scope, SHARE)? {
        Ok(found) => found,
        Err(why) => return Ok((Vec::new(), Learnt::Dense(Err(why)))),
    };
    let origins = Origins::of(snapshot);
    let mut held = vec![Held::default(); found.pieces.len()];
    let mut lowest = vec![None; found.pieces.len()];
    // In the order of numbers: the first in a piece has the lowest.
    for plot in plots {
        let Some(at) = plot.on_grid() else { continue };
        let Some(place) = found.pieces.iter().position(|piece| piece.holds(at)) else { continue };
        held[place].take(*plot, &origins);
        lowest[place].get_or_insert(&plot.plot.id.0);
    }
    let (radius, rule, simulated) = (found.radius, found.rule, found.simulated);
    let mut patches = Patches { radius, cell: found.cell, empty: 0, small: 0, plots: 0 };
    let mut areas = Vec::new();
    for ((piece, mut held), lowest) in found.pieces.into_iter().zip(held).zip(lowest) {
        // Ground between plots may be denser than at any of them; nobody need walk there.
        let Some(lowest) = lowest else {
            patches.empty += 1;
            continue;
        };
        if piece.ground < found.cell {
            patches.small += 1;
            patches.plots += held.plots;
            continue;
        }
        held.simulated = simulated;
        areas.push(Drawn {
            class: "densest-50",
            held,
            ground: Some(piece.ground),
            unsearched: piece.unsearched,
            spread: Some((radius, rule)),
            ..plain(asked, lowest, piece.shape)
        });
    }
    Ok((areas, Learnt::Dense(Ok(patches))))
}

/// A rectangle around plots in line or at one place, so that they can be seen.
fn around(at: &[Coord<f64>], members: &[usize]) -> Polygon<f64> {
    let line: LineString<f64> = members.iter().map(|place| at[*place]).collect();
    let Some(frame) = line.bounding_rect() else {
        return Polygon::new(LineString(Vec::new()), Vec::new());
    };
    let margin = Coord { x: AROUND, y: AROUND };
    geo_types::Rect::new(frame.min() - margin, frame.max() + margin).to_polygon()
}
