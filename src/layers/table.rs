//! Rows of an answer in keyset order: paging and extents over them.

use std::sync::Arc;

use geo_types::{Coord, Rect};
use rayon::prelude::*;

use super::{Cursor, Features, LayerFeature, LayerQuery};
use crate::{domain::Extent, snapshot::Snapshot};

/// Rows that are drawn at a time, where that is done by all threads.
const MOST_DRAWN: usize = 2048;

/// A row that knows how it is drawn.
pub(super) trait Row: Send + Sync + 'static {
    /// Whether drawing is dear and asks no memo, so that many rows are better drawn by all threads.
    const APART: bool = false;

    /// The feature.
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s>;

    /// Whether its geometry meets `rect`, given that its frame does.
    fn meets(&self, snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        let _ = (snapshot, rect);
        true
    }
}

/// Rows in keyset order, each with the frame of its geometry in degrees.
pub(super) struct Table<R> {
    rows: Vec<(Cursor, Rect<f64>, R)>,
}

impl<R: Row> Table<R> {
    /// Puts rows in order.
    pub(super) fn new(mut rows: Vec<(Cursor, Rect<f64>, R)>) -> Self {
        rows.sort_by_key(|(cursor, _, _)| *cursor);
        Self { rows }
    }

    /// Draws each row once to learn its place in the order.
    pub(super) fn drawn(
        snapshot: &Snapshot,
        rows: impl IntoIterator<Item = (Rect<f64>, R)>,
    ) -> Self {
        let placed = rows.into_iter().map(|(frame, row)| {
            let cursor = row.draw(snapshot).cursor();
            (cursor, frame, row)
        });
        Self::new(placed.collect())
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows in their order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.iter().map(|(_, _, row)| row)
    }

    /// How much memory it takes, about; what its rows share is not in it.
    pub(super) fn bytes(&self) -> usize {
        self.rows.len() * size_of::<(Cursor, Rect<f64>, R)>()
    }

    /// The rows after the query's cursor that meet its extent.
    fn asked<'s>(
        self: Arc<Self>,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> impl Iterator<Item = (Arc<Self>, usize)> + Send + use<'s, R> {
        let first = query
            .after
            .map_or(0, |after| self.rows.partition_point(|(cursor, _, _)| *cursor <= after));
        let extent = query.extent;
        let last = self.rows.len();
        (first..last).filter_map(move |place| {
            let (_, frame, row) = &self.rows[place];
            let asked = extent.is_none_or(|extent| {
                extent.rectangles().iter().any(|rect| {
                    meet(*frame, *rect) && (within(*frame, *rect) || row.meets(snapshot, *rect))
                })
            });
            asked.then(|| (Arc::clone(&self), place))
        })
    }

    /// The features that answer `query`.
    pub(super) fn features<'s>(
        self: Arc<Self>,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> Features<'s> {
        let mut asked = self.asked(snapshot, query);
        if !R::APART {
            return Box::new(asked.map(move |(table, place)| table.rows[place].2.draw(snapshot)));
        }
        // A page or a tile takes few, and whoever takes more is likely to take all.
        let mut batch = 16;
        let batches = std::iter::from_fn(move || {
            let some: Vec<_> = asked.by_ref().take(batch).collect();
            batch = (batch * 4).min(MOST_DRAWN);
            let drawn = some
                .into_par_iter()
                .with_min_len(64)
                .map(|(table, place)| table.rows[place].2.draw(snapshot))
                .collect::<Vec<_>>();
            (!drawn.is_empty()).then_some(drawn)
        });
        Box::new(batches.flatten())
    }

    /// How many they are, the cursor left aside.
    pub(super) fn count(self: Arc<Self>, snapshot: &Snapshot, query: &LayerQuery) -> usize {
        let whole = LayerQuery { after: None, ..query.clone() };
        if whole.extent.is_none() {
            return self.rows.len();
        }
        self.asked(snapshot, &whole).count()
    }

    /// The feature with this id.
    pub(super) fn feature<'s>(&self, snapshot: &'s Snapshot, id: u64) -> Option<LayerFeature<'s>> {
        let row = self.rows.iter().find(|(cursor, _, _)| cursor.id == id)?;
        Some(row.2.draw(snapshot))
    }
}

/// Whether two rectangles share a point.
pub(super) fn meet(a: Rect<f64>, b: Rect<f64>) -> bool {
    a.min().x <= b.max().x
        && b.min().x <= a.max().x
        && a.min().y <= b.max().y
        && b.min().y <= a.max().y
}

fn within(inner: Rect<f64>, outer: Rect<f64>) -> bool {
    outer.min().x <= inner.min().x
        && inner.max().x <= outer.max().x
        && outer.min().y <= inner.min().y
        && inner.max().y <= outer.max().y
}

/// The rectangle of an extent that does not cross the antimeridian.
pub(super) fn frame(extent: Extent) -> Rect<f64> {
    let [west, south, east, north] = extent.get();
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north })
}

/// What every layer over a [`Table`] answers alike: the layer only says how the table is made.
macro_rules! answers_from_table {
    () => {
        fn features<'s>(
            &self,
            snapshot: &'s Snapshot,
            query: &LayerQuery,
        ) -> Result<Features<'s>, LayerError> {
            Ok(match self.table(snapshot, query)? {
                Some(table) => table.features(snapshot, query),
                None => Box::new(std::iter::empty()),
            })
        }

        fn count(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<usize, LayerError> {
            Ok(self.table(snapshot, query)?.map_or(0, |table| table.count(snapshot, query)))
        }

        fn feature<'s>(
            &self,
            snapshot: &'s Snapshot,
            query: &LayerQuery,
            id: u64,
        ) -> Result<Option<LayerFeature<'s>>, LayerError> {
            Ok(self.table(snapshot, query)?.and_then(|table| table.feature(snapshot, id)))
        }
    };
}
pub(super) use answers_from_table;
