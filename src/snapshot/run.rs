//! A run: plots of one season, by number, with all that was derived for them. Never changed.

use std::{
    hash::BuildHasher,
    sync::atomic::{AtomicU64, Ordering},
};

use geo_types::{Coord, Rect};
use rayon::prelude::*;
use rstar::{AABB, RTree, RTreeObject, RTreeParams, primitives::Rectangle};
use rustc_hash::FxBuildHasher;

use super::{UnitsOf, settling::Settling, territory::Territory};
use crate::{
    crs::MetricCrs,
    domain::{Plot, Season, SiteId},
};

/// Wide nodes: a tree that is loaded in bulk and never changed wants few of them.
pub(super) struct Wide;

impl RTreeParams for Wide {
    const MIN_SIZE: usize = 8;
    const MAX_SIZE: usize = 16;
    const REINSERTION_COUNT: usize = 2;
    type DefaultInsertionStrategy = rstar::RStarInsertionStrategy;
}

/// The place of a plot in its run, with its position in degrees.
struct Spot {
    at: [f64; 2],
    index: u32,
}

impl RTreeObject for Spot {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

/// The rectangle around a plot's outline.
struct Framed {
    frame: Rectangle<[f64; 2]>,
    index: u32,
}

impl RTreeObject for Framed {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.frame.envelope()
    }
}

/// The number of the next run.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// Plots of one season, by number.
pub(super) struct Run {
    /// No other run of this process has it.
    pub(super) id: u64,
    pub(super) season: Season,
    pub(super) plots: Vec<Plot>,
    pub(super) metric: Vec<Coord<f64>>,
    /// The units in force on each plot's own date.
    pub(super) homes: Vec<UnitsOf>,
    pub(super) settling: Settling,
    spots: RTree<Spot, Wide>,
    frames: RTree<Framed, Wide>,
    /// Hash of the site and place in the run, sorted.
    sites: Vec<(u64, u32)>,
}

impl Run {
    /// Indexes `plots`, which are of one season and by number.
    pub(super) fn new(
        season: Season,
        plots: Vec<Plot>,
        territory: &Territory,
        crs: MetricCrs,
    ) -> Self {
        let mut metric: Vec<Coord<f64>> = plots.iter().map(|plot| plot.position.coord()).collect();
        if crs.to_metric(&mut metric).is_err() {
            metric = plots.par_iter().map(|plot| reached(crs, plot)).collect();
        }
        let homes: Vec<UnitsOf> = plots
            .par_iter()
            .zip(&metric)
            .map(|(plot, metric)| territory.homes(plot, *metric))
            .collect();
        let spots = plots
            .iter()
            .zip(0..)
            .map(|(plot, index)| Spot { at: [plot.position.lon(), plot.position.lat()], index });
        let frames = plots.iter().zip(0..).filter_map(|(plot, index)| {
            let [west, south, east, north] = plot.outline.as_ref()?.extent().get();
            let frame = Rectangle::from_corners([west, south], [east, north]);
            Some(Framed { frame, index })
        });
        let sites = plots.iter().zip(0..);
        let mut sites: Vec<(u64, u32)> = sites
            .filter_map(|(plot, index)| Some((site_hash(plot.site.as_ref()?), index)))
            .collect();
        sites.sort_unstable();
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            season,
            settling: Settling::of(&homes),
            spots: RTree::bulk_load_with_params(spots.collect()),
            frames: RTree::bulk_load_with_params(frames.collect()),
            metric,
            homes,
            sites,
            plots,
        }
    }

    /// The place of the plot with this number.
    pub(super) fn find(&self, number: u64) -> Option<u32> {
        self.plots.binary_search_by_key(&number, |plot| plot.number).ok().map(|index| index as u32)
    }

    /// The first place whose number is greater.
    pub(super) fn after(&self, number: u64) -> u32 {
        self.plots.partition_point(|plot| plot.number <= number) as u32
    }

    /// Places of plots whose position lies in `rect`, edges included, or whose outline's frame
    /// meets it; in no order, each once.
    pub(super) fn meeting(&self, rect: Rect<f64>, mut found: impl FnMut(u32)) {
        let (low, high) = ([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
        let envelope = AABB::from_corners(low, high);
        for spot in self.spots.locate_in_envelope_intersecting(envelope) {
            found(spot.index);
        }
        for framed in self.frames.locate_in_envelope_intersecting(envelope) {
            let at = self.plots[framed.index as usize].position;
            let inside = low[0] <= at.lon() && at.lon() <= high[0];
            if !(inside && low[1] <= at.lat() && at.lat() <= high[1]) {
                found(framed.index);
            }
        }
    }

    /// Places of the plots of `site`.
    pub(super) fn of_site<'s>(&'s self, site: &'s SiteId) -> impl Iterator<Item = u32> + 's {
        let hash = site_hash(site);
        let first = self.sites.partition_point(|(other, _)| *other < hash);
        self.sites[first..]
            .iter()
            .take_while(move |(other, _)| *other == hash)
            .map(|(_, index)| *index)
            .filter(move |index| self.plots[*index as usize].site.as_ref() == Some(site))
    }
}

/// A place in metres, NaN where the projection does not reach.
fn reached(crs: MetricCrs, plot: &Plot) -> Coord<f64> {
    crs.metric(plot.position).unwrap_or(Coord { x: f64::NAN, y: f64::NAN })
}

fn site_hash(site: &SiteId) -> u64 {
    FxBuildHasher.hash_one(&site.0)
}
