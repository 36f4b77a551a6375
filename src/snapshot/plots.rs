//! All plots: runs shared between snapshots, the older the larger, and a small tail of young ones.
//!
//! A change never touches a run that is there: the new version goes to a young run, the old one is
//! masked. Young runs merge as the digits of a counter carry, so that one plot among a million
//! costs milliseconds and a query meets a handful of runs a season.

use std::{cmp::Reverse, collections::BTreeMap, collections::BinaryHeap, sync::Arc};

use rayon::prelude::*;

use super::{PlotRun, PlotView, run::Run, settling::Settling, territory::Territory};
use crate::{
    crs::MetricCrs,
    domain::{Extent, Plot, Season, SiteId},
};

/// No run holds more plots: larger seasons are cut, so that they load on all threads and a merge
/// stays short.
const LONGEST_RUN: usize = 1 << 17;

/// A run with the plots in it that later ones replace.
#[derive(Clone)]
pub(super) struct Segment {
    pub(super) run: Arc<Run>,
    /// A bit a plot; `None`: none is masked.
    masked: Option<Arc<[u64]>>,
    live: usize,
}

impl Segment {
    fn new(run: Run) -> Self {
        Self { live: run.plots.len(), run: Arc::new(run), masked: None }
    }

    fn is_live(&self, index: u32) -> bool {
        self.masked.as_ref().is_none_or(|bits| bits[index as usize / 64] >> (index % 64) & 1 == 0)
    }

    fn mask(&mut self, index: u32) {
        let words = self.run.plots.len().div_ceil(64);
        let mut bits = self.masked.as_ref().map_or_else(|| vec![0; words], |bits| bits.to_vec());
        bits[index as usize / 64] |= 1 << (index % 64);
        self.masked = Some(bits.into());
        self.live -= 1;
    }

    pub(super) fn view(&self, index: u32) -> PlotView<'_> {
        let run = &*self.run;
        PlotView {
            plot: &run.plots[index as usize],
            metric: run.metric[index as usize],
            run,
            index,
        }
    }

    /// Live plots from the place `next` on.
    fn from(&self, next: u32) -> impl Iterator<Item = u32> + '_ {
        (next..self.run.plots.len() as u32).filter(|index| self.is_live(*index))
    }
}

/// All plots.
#[derive(Clone, Default)]
pub(super) struct Plots {
    /// By season, in a season the oldest first.
    segments: Vec<Segment>,
    settling: Settling,
}

impl Plots {
    pub(super) fn new(plots: Vec<Plot>, territory: &Territory, crs: MetricCrs) -> Self {
        let mut none = Self::default();
        none.add(plots, territory, crs);
        none
    }

    /// The same with `plots` new or replaced; shares every run that it can.
    pub(super) fn with(&self, plots: Vec<Plot>, territory: &Territory, crs: MetricCrs) -> Self {
        let mut next = self.clone();
        for plot in &plots {
            next.forget(plot.number);
        }
        next.add(plots, territory, crs);
        next
    }

    fn forget(&mut self, number: u64) {
        for segment in &mut self.segments {
            if let Some(index) = segment.run.find(number)
                && segment.is_live(index)
            {
                let home = segment.run.homes[index as usize];
                self.settling -= Settling::of([&home]);
                segment.mask(index);
            }
        }
        self.segments.retain(|segment| segment.live > 0);
    }

    /// Adds plots whose numbers are not there yet.
    fn add(&mut self, mut plots: Vec<Plot>, territory: &Territory, crs: MetricCrs) {
        if !plots.is_sorted_by_key(|plot| plot.number) {
            plots.sort_by_key(|plot| plot.number);
        }
        // Of several versions of one plot the last says what is true.
        plots.reverse();
        plots.dedup_by_key(|plot| plot.number);
        plots.reverse();
        let mut seasons: BTreeMap<Season, Vec<Vec<Plot>>> = BTreeMap::new();
        for plot in plots {
            let parts = seasons.entry(plot.season).or_default();
            match parts.last_mut() {
                Some(part) if part.len() < LONGEST_RUN => part.push(plot),
                _ => parts.push(vec![plot]),
            }
        }
        let mut parts: Vec<(Season, Vec<Plot>)> = Vec::new();
        for (season, young) in seasons {
            for mut part in young {
                self.absorb(season, &mut part);
                parts.push((season, part));
            }
        }
        let runs: Vec<Segment> = parts
            .into_par_iter()
            .map(|(season, part)| Segment::new(Run::new(season, part, territory, crs)))
            .collect();
        for segment in runs {
            self.settling += segment.run.settling;
            self.segments.push(segment);
        }
        self.segments.sort_by_key(|segment| segment.run.season);
    }

    /// Takes the season's youngest runs into `part` as long as they are not much larger than it,
    /// as a counter carries.
    fn absorb(&mut self, season: Season, part: &mut Vec<Plot>) {
        while let Some(place) = self.segments.iter().rposition(|s| s.run.season == season) {
            let (own, other) = (part.len(), self.segments[place].live);
            if other > own * 2 || own + other > LONGEST_RUN {
                break;
            }
            let segment = self.segments.remove(place);
            for index in segment.from(0) {
                part.push(segment.run.plots[index as usize].clone());
                self.settling -= Settling::of([&segment.run.homes[index as usize]]);
            }
        }
        part.sort_by_key(|plot| plot.number);
    }

    pub(super) fn len(&self, season: Option<Season>) -> usize {
        self.of(season).map(|segment| segment.live).sum()
    }

    pub(super) fn settling(&self) -> Settling {
        self.settling
    }

    pub(super) fn seasons(&self) -> impl Iterator<Item = Season> + '_ {
        self.segments.iter().map(|segment| segment.run.season)
    }

    /// The runs of a season.
    pub(super) fn runs(&self, season: Season) -> impl Iterator<Item = PlotRun<'_>> {
        self.of(Some(season)).map(PlotRun)
    }

    fn of(&self, season: Option<Season>) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| season.is_none_or(|season| segment.run.season == season))
    }

    pub(super) fn get(&self, number: u64) -> Option<PlotView<'_>> {
        self.segments.iter().find_map(|segment| {
            let index = segment.run.find(number)?;
            segment.is_live(index).then(|| segment.view(index))
        })
    }

    /// By number, those after `number` only.
    pub(super) fn after(&self, number: Option<u64>, season: Option<Season>) -> ByNumber<'_> {
        let segments: Vec<&Segment> = self.of(season).collect();
        let mut heads = BinaryHeap::with_capacity(segments.len());
        for (place, segment) in segments.iter().enumerate() {
            let first = number.map_or(0, |number| segment.run.after(number));
            if let Some(index) = segment.from(first).next() {
                heads.push(Reverse((segment.run.plots[index as usize].number, place, index)));
            }
        }
        ByNumber { segments, heads }
    }

    /// By number: position in `extent`, or an outline whose frame meets it.
    pub(super) fn meeting(&self, extent: Extent, season: Option<Season>) -> Vec<PlotView<'_>> {
        let mut views = Vec::new();
        for segment in self.of(season) {
            for rect in extent.rectangles() {
                segment.run.meeting(rect, |index| {
                    if segment.is_live(index) {
                        views.push(segment.view(index));
                    }
                });
            }
        }
        views.sort_unstable_by_key(|view| view.plot.number);
        // An outline may meet both rectangles of an extent that crosses the antimeridian.
        views.dedup_by_key(|view| view.plot.number);
        views
    }

    pub(super) fn of_site<'s>(&'s self, site: &'s SiteId) -> impl Iterator<Item = PlotView<'s>> {
        self.segments.iter().flat_map(move |segment| {
            let live = segment.run.of_site(site).filter(|index| segment.is_live(*index));
            live.map(|index| segment.view(index))
        })
    }
}

/// Plots of several runs in the order of their numbers.
pub(super) struct ByNumber<'s> {
    segments: Vec<&'s Segment>,
    heads: BinaryHeap<Reverse<(u64, usize, u32)>>,
}

impl<'s> Iterator for ByNumber<'s> {
    type Item = PlotView<'s>;

    fn next(&mut self) -> Option<PlotView<'s>> {
        let mut head = self.heads.peek_mut()?;
        let Reverse((_, place, index)) = *head;
        let segment = self.segments[place];
        if let Some(next) = segment.from(index + 1).next() {
            *head = Reverse((segment.run.plots[next as usize].number, place, next));
        } else {
            std::collections::binary_heap::PeekMut::pop(head);
        }
        Some(segment.view(index))
    }
}
