//! What a map says of each of its cells, for those who go on with it: the score on a later season,
//! and areas of hot cells.

use super::map::{Hotspot, class_word, table};
use crate::{
    analysis::local::getis_ord::NoZ,
    layers::{LayerError, LayerQuery, say::rounded},
    snapshot::Snapshot,
};

/// What the map said of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    /// The place of the cell among the cells of its own season.
    pub(super) place: usize,
    /// Whether it is a hotspot.
    pub(super) hot: bool,
    /// The higher, the hotter; finite.
    pub(super) rank: f64,
}

/// The verdicts of the map that `query` asks for.
///
/// # Errors
///
/// As the layer's features.
pub(super) fn verdicts(
    snapshot: &Snapshot,
    query: &LayerQuery,
) -> Result<Vec<Verdict>, LayerError> {
    let Some(table) = table(snapshot, query)? else { return Ok(Vec::new()) };
    let verdict = |row: &Hotspot| {
        let test = row.test?;
        let rank = match test.heat() {
            Ok(heat) => heat,
            // Nothing is there to be near to.
            Err(NoZ::Absent) => f64::MIN,
            // Of a constant map no cell is hotter than another.
            Err(_) => 0.0,
        };
        Some(Verdict { place: row.place, hot: test.hot(), rank })
    };
    Ok(table.rows().filter_map(verdict).collect())
}

/// A hot cell. Its figures are rounded as the layer shows them, so that what is alike on the map
/// is alike for those who put hot cells in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::layers) struct HotCell {
    /// Its place among the cells of the question.
    pub(in crate::layers) place: usize,
    /// `hot-90`, `hot-95` or `hot-99`.
    pub(in crate::layers) class: &'static str,
    pub(in crate::layers) p: Option<f64>,
    pub(in crate::layers) q: Option<f64>,
    pub(in crate::layers) z: Option<f64>,
    /// Plots in it and its neighbours.
    pub(in crate::layers) plots_around: u64,
}

/// The hot cells of the map that `query` asks for, ascending by place.
///
/// # Errors
///
/// As the layer's features.
pub(in crate::layers) fn hot_cells(
    snapshot: &Snapshot,
    query: &LayerQuery,
) -> Result<Vec<HotCell>, LayerError> {
    let Some(table) = table(snapshot, query)? else { return Ok(Vec::new()) };
    let shown = |figure: Option<f64>, decimals| {
        figure.filter(|figure| figure.is_finite()).map(|figure| rounded(figure, decimals))
    };
    let hot = |row: &Hotspot| {
        let test = row.test?;
        let class = class_word(&test);
        matches!(class, "hot-90" | "hot-95" | "hot-99").then(|| HotCell {
            place: row.place,
            class,
            p: shown(test.p, 9),
            q: shown(test.q, 9),
            z: shown(test.z.ok(), 6),
            plots_around: test.plots_around,
        })
    };
    let mut cells: Vec<HotCell> = table.rows().filter_map(hot).collect();
    cells.sort_unstable_by_key(|cell| cell.place);
    Ok(cells)
}
