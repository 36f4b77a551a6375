//! Where teams walked, where they looked and found nothing, where they met people.

use std::collections::BTreeSet;

use geo::BoundingRect;
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon};
use rayon::prelude::*;
use rstar::{AABB, RTree, RTreeObject, primitives::Rectangle};

use super::{run::Wide, unit::in_metres};
use crate::{
    crs::{MetricCrs, WGS84, transform},
    domain::{EmptySearch, Extent, Outreach, PatrolLeg, SearchedGround, Season},
};

/// A leg with what the snapshot derived for it.
#[derive(Clone, Copy)]
pub struct LegView<'s> {
    /// All that is known about it.
    pub leg: &'s PatrolLeg,
    /// Its place among all legs, for ties and ids inside one snapshot.
    pub index: usize,
    /// Its track in the metric CRS; without parts where the projection does not reach.
    pub metric: &'s MultiLineString<f64>,
    /// The length of the track in the metric CRS, metres.
    pub length_m: f64,
}

/// An empty search with what the snapshot derived for it.
#[derive(Clone, Copy)]
pub struct SearchView<'s> {
    /// All that is known about it.
    pub search: &'s EmptySearch,
    /// Its place among all empty searches, for ties and ids inside one snapshot.
    pub index: usize,
    /// Its ground in the metric CRS; `None` where the projection does not reach.
    pub metric: Option<&'s SearchedPlace>,
}

/// Ground in the metric CRS.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchedPlace {
    /// Everything within `radius_m` metres of a place.
    Around {
        /// The place.
        centre: Coord<f64>,
        /// How far from it.
        radius_m: f64,
    },
    /// Everything inside an outline.
    Within(MultiPolygon<f64>),
}

struct Walked {
    leg: PatrolLeg,
    metric: MultiLineString<f64>,
    length_m: f64,
}

struct Searched {
    search: EmptySearch,
    metric: Option<SearchedPlace>,
}

struct Framed {
    frame: Rectangle<[f64; 2]>,
    index: usize,
}

impl RTreeObject for Framed {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.frame.envelope()
    }
}

/// Everything that teams did besides finding plots.
pub(super) struct Patrols {
    legs: Vec<Walked>,
    frames: RTree<Framed, Wide>,
    searches: Vec<Searched>,
    outreach: Vec<Outreach>,
    seasons: BTreeSet<Season>,
}

impl Patrols {
    pub(super) fn new(
        legs: Vec<PatrolLeg>,
        searches: Vec<EmptySearch>,
        outreach: Vec<Outreach>,
        crs: MetricCrs,
    ) -> Self {
        let seasons = (legs.iter().map(|leg| leg.season))
            .chain(searches.iter().map(|search| search.season))
            .chain(outreach.iter().map(|held| held.season))
            .collect();
        let legs: Vec<Walked> = legs
            .into_par_iter()
            .map(|leg| {
                let metric = track_in_metres(&leg.track.0, crs);
                Walked { length_m: length(&metric), metric, leg }
            })
            .collect();
        let frames = legs.iter().enumerate().filter_map(|(index, walked)| {
            let rect = walked.leg.track.0.bounding_rect()?;
            let (low, high) = (rect.min(), rect.max());
            let frame = Rectangle::from_corners([low.x, low.y], [high.x, high.y]);
            Some(Framed { frame, index })
        });
        let searches = searches
            .into_par_iter()
            .map(|search| Searched { metric: ground_in_metres(&search.ground, crs), search })
            .collect();
        Self {
            frames: RTree::bulk_load_with_params(frames.collect()),
            legs,
            searches,
            outreach,
            seasons,
        }
    }

    pub(super) fn seasons(&self) -> impl Iterator<Item = Season> + '_ {
        self.seasons.iter().copied()
    }

    pub(super) fn legs(&self, season: Option<Season>) -> impl Iterator<Item = LegView<'_>> {
        (0..self.legs.len())
            .map(|index| self.leg(index))
            .filter(move |view| season.is_none_or(|season| view.leg.season == season))
    }

    fn leg(&self, index: usize) -> LegView<'_> {
        let walked = &self.legs[index];
        LegView { leg: &walked.leg, index, metric: &walked.metric, length_m: walked.length_m }
    }

    pub(super) fn legs_in(
        &self,
        extent: Extent,
        season: Option<Season>,
    ) -> impl Iterator<Item = LegView<'_>> {
        let mut found: Vec<usize> = Vec::new();
        for rect in extent.rectangles() {
            let (low, high) = (rect.min(), rect.max());
            let envelope = AABB::from_corners([low.x, low.y], [high.x, high.y]);
            let framed = self.frames.locate_in_envelope_intersecting(envelope);
            found.extend(framed.map(|framed| framed.index));
        }
        found.sort_unstable();
        found.dedup();
        found
            .into_iter()
            .map(|index| self.leg(index))
            .filter(move |view| season.is_none_or(|season| view.leg.season == season))
    }

    pub(super) fn searches(&self, season: Option<Season>) -> impl Iterator<Item = SearchView<'_>> {
        self.searches
            .iter()
            .enumerate()
            .map(|(index, it)| SearchView { search: &it.search, index, metric: it.metric.as_ref() })
            .filter(move |view| season.is_none_or(|season| view.search.season == season))
    }

    pub(super) fn outreach(&self, season: Option<Season>) -> impl Iterator<Item = &Outreach> {
        let all = self.outreach.iter();
        all.filter(move |held| season.is_none_or(|season| held.season == season))
    }
}

fn track_in_metres(track: &MultiLineString<f64>, crs: MetricCrs) -> MultiLineString<f64> {
    let part = |part: &LineString<f64>| {
        let mut coords = part.0.clone();
        transform(WGS84, crs.epsg(), &mut coords).ok()?;
        Some(LineString(coords))
    };
    MultiLineString(track.iter().map(part).collect::<Option<Vec<_>>>().unwrap_or_default())
}

fn length(track: &MultiLineString<f64>) -> f64 {
    let step = |pair: &[Coord<f64>]| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y);
    track.iter().flat_map(|part| part.0.windows(2)).map(step).sum()
}

fn ground_in_metres(ground: &SearchedGround, crs: MetricCrs) -> Option<SearchedPlace> {
    match ground {
        SearchedGround::Around { centre, radius } => Some(SearchedPlace::Around {
            centre: crs.metric(*centre).ok()?,
            radius_m: radius.get(),
        }),
        SearchedGround::Within(outline) => in_metres(outline.get(), crs).map(SearchedPlace::Within),
    }
}
