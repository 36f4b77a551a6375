//! Through the plots in keyset order: by the index where little is asked for, else along them.

use std::sync::Arc;

use super::values::{Asked, incomplete};
use crate::{
    domain::Extent,
    layers::{Cursor, LayerQuery},
    snapshot::{PlotView, Snapshot},
};

/// Square degrees from which an extent is wide: most plots are expected in it, so that walking
/// along them costs less than sorting what an index finds.
const WIDE: f64 = 0.15;

/// Plots on their way.
pub(super) type Views<'s> = Box<dyn Iterator<Item = PlotView<'s>> + Send + 's>;

/// Whether an extent is wide.
pub(super) fn wide(extent: Extent) -> bool {
    let degrees = |rect: &geo_types::Rect<f64>| rect.width() * rect.height();
    extent.rectangles().iter().map(degrees).sum::<f64>() > WIDE
}

/// Plots that answer the query and that `meets` says meet its extent, in keyset order after its
/// cursor. A page costs what it shows, and all pages of an answer together two walks.
pub(super) fn asked<'s>(
    snapshot: &'s Snapshot,
    query: &LayerQuery,
    meets: fn(&PlotView<'_>, Extent) -> bool,
) -> Views<'s> {
    let (asked, season) = (Asked::of(query), query.season);
    let query = Arc::new(query.clone());
    let cursor = move |view: &PlotView<'s>| Cursor {
        incomplete: incomplete(snapshot, view, asked),
        id: view.plot.number,
    };
    if let Some(extent) = query.extent.filter(|extent| !wide(*extent)) {
        let mut found: Vec<(Cursor, PlotView<'s>)> = snapshot
            .plots_in(extent, season)
            .filter(|view| asked.about(&query, view) && meets(view, extent))
            .map(|view| (cursor(&view), view))
            .filter(|(cursor, _)| query.after.is_none_or(|after| *cursor > after))
            .collect();
        found.sort_unstable_by_key(|(cursor, _)| *cursor);
        return Box::new(found.into_iter().map(|(_, view)| view));
    }
    let walk = |after: Option<u64>, incomplete: bool| -> Views<'s> {
        let query = Arc::clone(&query);
        let views: Views<'s> = match after {
            Some(number) => Box::new(snapshot.plots_after(number, season)),
            None => Box::new(snapshot.plots(season)),
        };
        Box::new(views.filter(move |view| {
            asked.about(&query, view)
                && query.extent.is_none_or(|extent| meets(view, extent))
                && cursor(view).incomplete == incomplete
        }))
    };
    match query.after {
        None => Box::new(walk(None, false).chain(walk(None, true))),
        Some(Cursor { incomplete: false, id }) => {
            Box::new(walk(Some(id), false).chain(walk(None, true)))
        }
        Some(Cursor { incomplete: true, id }) => walk(Some(id), true),
    }
}

/// How many plots answer the query, its cursor left aside.
pub(super) fn count(
    snapshot: &Snapshot,
    query: &LayerQuery,
    meets: fn(&PlotView<'_>, Extent) -> bool,
) -> usize {
    let asked = Asked::of(query);
    match query.extent {
        Some(extent) => snapshot
            .plots_in(extent, query.season)
            .filter(|view| asked.about(query, view) && meets(view, extent))
            .count(),
        None => snapshot.plots(query.season).filter(|view| asked.about(query, view)).count(),
    }
}

/// The plot with this number, if it answers the query, its extent left aside.
pub(super) fn one<'s>(
    snapshot: &'s Snapshot,
    query: &LayerQuery,
    number: u64,
) -> Option<PlotView<'s>> {
    snapshot.plot(number).filter(|view| {
        query.season.is_none_or(|season| view.plot.season == season)
            && Asked::of(query).about(query, view)
    })
}
