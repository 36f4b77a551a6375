//! A plot as the snapshot shows it.

use geo_types::Coord;

use super::run::Run;
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
    /// Its place in the metric CRS; `None` where the projection does not reach.
    pub fn on_grid(&self) -> Option<Coord<f64>> {
        self.metric.x.is_finite().then_some(self.metric)
    }
}
