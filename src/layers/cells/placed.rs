//! Which cells plots lie in: derived once for every run of plots, and kept as long as the ground is
//! the same.
//!
//! An outline takes a projection and a clipping each; when one plot of a hundred thousand changes,
//! the others' need not be done again.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Cells;
use crate::{
    domain::Season,
    snapshot::{PlotView, Snapshot},
};

/// In no cell.
const NOWHERE: u32 = u32::MAX;

/// Where one plot lies.
pub(in crate::layers) struct Placement {
    place: u32,
    /// How its ground is shared out; `None`: all of it goes where its position is.
    shares: Option<Box<[(u32, f64)]>>,
}

impl Placement {
    fn of(snapshot: &Snapshot, cells: &Cells, plot: PlotView<'_>) -> Self {
        let place = cells.of_plot(snapshot, plot).map_or(NOWHERE, |place| place as u32);
        let shares = plot.plot.outline.is_some().then(|| {
            let shares = cells.shares_of(snapshot, plot).into_iter();
            shares.map(|(place, share)| (place as u32, share)).collect()
        });
        Self { place, shares }
    }

    /// The cell that the plot is counted in.
    pub(in crate::layers) fn place(&self) -> Option<usize> {
        (self.place != NOWHERE).then_some(self.place as usize)
    }

    /// The cells that its ground is shared out among, as far as it lies in any.
    pub(in crate::layers) fn shares(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let whole = self.shares.is_none().then(|| self.place().map(|place| (place, 1.0)));
        let parts = self.shares.iter().flatten().map(|(place, share)| (*place as usize, *share));
        whole.flatten().into_iter().chain(parts)
    }
}

/// Where the plots of a season lie, by run.
pub(in crate::layers) struct Placed(FxHashMap<u64, Arc<Vec<Placement>>>);

impl Placed {
    /// In `cells`.
    pub(in crate::layers) fn of(snapshot: &Snapshot, cells: &Arc<Cells>, season: Season) -> Self {
        let bytes = |made: &Vec<Placement>| {
            let parts =
                made.iter().flat_map(|it| &it.shares).map(|shares| shares.len()).sum::<usize>();
            made.len() * size_of::<Placement>() + parts * size_of::<(u32, f64)>()
        };
        let runs = snapshot.plot_runs(season).map(|run| {
            let key = format!("placed {} {}", cells.key, run.id());
            let placed = cells.lasting(snapshot).get_or_make_weighed(key, bytes, || {
                (0..run.len())
                    .into_par_iter()
                    .with_min_len(256)
                    .map(|place| Placement::of(snapshot, cells, run.kept(place)))
                    .collect::<Vec<_>>()
            });
            (run.id(), placed)
        });
        Self(runs.collect())
    }

    /// Where a plot of the season lies.
    pub(in crate::layers) fn of_plot(&self, plot: PlotView<'_>) -> &Placement {
        let (run, place) = plot.kept_at();
        &self.0[&run][place]
    }
}
