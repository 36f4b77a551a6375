//! A plot as the snapshot shows it.

use geo_types::Coord;

use super::{plots::Segment, run::Run};
use crate::domain::Plot;

/// A plot with what the snapshot derived for it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct PlotView<'s> {
    /// All that is known about it.
    pub plot: &'s Plot,
    /// Its place in the metric CRS; NaN where the projection does not reach (see
    /// [`Self::on_grid`]).
    pub metric: Coord<f64>,
    pub(super) run: &'s Run,
    pub(super) index: u32,
}

impl PlotView<'_> {
    /// Where it is kept: the run, and its place in that. What was derived for the plots of a run is
    /// found by it.
    pub fn kept_at(&self) -> (u64, usize) {
        (self.run.id, self.index as usize)
    }

    /// Its place in the metric CRS; `None` where the projection does not reach.
    pub fn on_grid(&self) -> Option<Coord<f64>> {
        self.metric.x.is_finite().then_some(self.metric)
    }
}

/// Plots that are kept together: never changed, and shared with the snapshots before and after as
/// long as few of them are replaced. What is dear to derive for each plot is derived for a run and
/// kept by its [`Self::id`].
#[derive(Clone, Copy)]
pub struct PlotRun<'s>(pub(super) &'s Segment);

impl<'s> PlotRun<'s> {
    /// No other run has it, in no snapshot of this process.
    pub fn id(self) -> u64 {
        self.0.run.id
    }

    /// How many plots it keeps, replaced ones too.
    pub fn len(self) -> usize {
        self.0.run.plots.len()
    }

    /// Whether it keeps none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The plot at a place, which may have been replaced since.
    ///
    /// # Panics
    ///
    /// Where `place` is not below [`Self::len`].
    pub fn kept(self, place: usize) -> PlotView<'s> {
        self.0.view(place as u32)
    }
}
