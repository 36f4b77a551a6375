//! A season on the cells: what was searched, what was found.

use std::{collections::HashMap, sync::Arc};

use super::{Cells, placed::Placed};
use crate::{
    analysis::{
        coverage::effort::{Division, Effort, Leg, Search, SearchedPlace, detection, effort},
        geometry::ground::Ground,
    },
    domain::SquareMetres,
    layers::scope::Scope,
    snapshot::{self, Snapshot},
};

/// Who searched in a season, up to a day.
pub(in crate::layers) struct Searchers<'s> {
    /// Whether the season has any effort data: tracks or empty searches.
    pub(in crate::layers) known: bool,
    pub(in crate::layers) legs: Vec<Leg<'s>>,
    pub(in crate::layers) searches: Vec<Search>,
    /// Whether the sweep width of any leg is the deployment's default.
    pub(in crate::layers) width_assumed: bool,
    /// Whether any of it is simulated.
    pub(in crate::layers) simulated: bool,
}

impl<'s> Searchers<'s> {
    /// Those of the season of `scope` up to its day.
    pub(in crate::layers) fn of(snapshot: &'s Snapshot, scope: Scope) -> Self {
        let season = Some(scope.season);
        let known = snapshot.legs(season).next().is_some()
            || snapshot.empty_searches(season).next().is_some();
        let pack = snapshot.pack();
        let (sweep, [low, high]) = (pack.sweep_width.get(), pack.sweep_width_range);
        let origins = Origins::of(snapshot);
        let mut simulated = false;
        let mut width_assumed = false;
        let legs = snapshot
            .legs(season)
            .filter(|view| view.leg.date <= scope.day)
            .map(|view| {
                simulated |= origins.simulated(&view.leg.source.dataset);
                width_assumed |= view.leg.sweep_width.is_none();
                let width = match view.leg.sweep_width {
                    Some(width) => [width.get(); 3],
                    None => [low.get(), sweep, high.get()],
                };
                Leg { day: view.leg.date, track: view.metric, width }
            })
            .collect();
        let searches = snapshot
            .empty_searches(season)
            .filter(|view| view.search.date <= scope.day)
            .filter_map(|view| {
                simulated |= origins.simulated(&view.search.source.dataset);
                let place = match view.metric? {
                    snapshot::SearchedPlace::Around { centre, radius_m } => {
                        SearchedPlace::Circle { centre: *centre, radius: *radius_m }
                    }
                    snapshot::SearchedPlace::Within(outline) => {
                        SearchedPlace::Area(Ground::of(outline))
                    }
                };
                Some(Search { day: view.search.date, place })
            })
            .collect();
        Self { known, legs, searches, width_assumed, simulated }
    }

    /// Whether any of what they did up to the day of `scope` is simulated.
    fn simulated(snapshot: &Snapshot, scope: Scope) -> bool {
        let season = Some(scope.season);
        let origins = Origins::of(snapshot);
        let mut legs = snapshot.legs(season).filter(|view| view.leg.date <= scope.day);
        let mut searches =
            snapshot.empty_searches(season).filter(|view| view.search.date <= scope.day);
        legs.any(|view| origins.simulated(&view.leg.source.dataset))
            || searches.any(|view| origins.simulated(&view.search.source.dataset))
    }

    /// What they did in each unit of `division`.
    pub(in crate::layers) fn effort(
        &self,
        snapshot: &Snapshot,
        division: &impl Division,
    ) -> Vec<Effort> {
        effort(division, &self.legs, &self.searches, snapshot.pack().sweep_width.get())
    }
}

/// Less of a cell than this says nothing of a rate: a track that grazes it on the way to a plot would
/// make one plot a thousand to the square kilometre.
const LEAST_SEARCHED: f64 = 0.01;

/// What was searched in a season, by cell.
pub(in crate::layers) struct Searched {
    /// Which cells a test may be about.
    pub(in crate::layers) domain: Domain,
    /// Whether the sweep width of any leg is the deployment's default.
    pub(in crate::layers) width_assumed: bool,
    /// By cell.
    pub(in crate::layers) efforts: Arc<Vec<Effort>>,
    /// By cell: whether a plot or a part of its outline was seen there, rejected ones too
    /// (somebody looked).
    pub(in crate::layers) sighted: Vec<bool>,
    /// Whether any of it is simulated.
    pub(in crate::layers) simulated: bool,
}

/// What patrols did in cells: as long as they stay the same, so does this.
struct Patrolled {
    known: bool,
    width_assumed: bool,
    efforts: Arc<Vec<Effort>>,
}

/// What is known of where people looked in a season: which cells a test may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::layers) enum Domain {
    /// The cells where somebody looked.
    Surveyed,
    /// Every cell: plots were seen, and nothing tells where people looked.
    AssumedAll,
    /// None: nothing was seen, and nothing tells that anybody looked.
    Unknown,
}

impl Domain {
    /// The word for it.
    pub(in crate::layers) const fn word(self) -> &'static str {
        match self {
            Self::Surveyed => "surveyed",
            Self::AssumedAll => "assumed_all",
            Self::Unknown => "no-data",
        }
    }
}

impl Searched {
    /// What was searched in `cells` up to the day of `scope`, kept with the snapshot.
    pub(in crate::layers) fn of(
        snapshot: &Snapshot,
        cells: &Arc<Cells>,
        scope: Scope,
    ) -> Arc<Self> {
        let key = format!("searched {} {} {}", cells.key, scope.season, scope.day);
        let efforts = |made: &Patrolled| made.efforts.len() * size_of::<Effort>();
        let patrolled = cells.lasting(snapshot).get_or_make_weighed(key.clone(), efforts, || {
            let searchers = Searchers::of(snapshot, scope);
            let efforts = Arc::new(searchers.effort(snapshot, &**cells));
            let Searchers { known, width_assumed, .. } = searchers;
            Patrolled { known, width_assumed, efforts }
        });
        let placed = Placed::of(snapshot, cells, scope.season);
        let bytes = |made: &Self| made.sighted.len();
        snapshot.memo().get_or_make_weighed(key, bytes, || {
            Self::made(snapshot, &patrolled, &placed, scope, cells.len())
        })
    }

    fn made(
        snapshot: &Snapshot,
        patrolled: &Patrolled,
        placed: &Placed,
        scope: Scope,
        cells: usize,
    ) -> Self {
        let mut sighted = vec![false; cells];
        let mut seen = false;
        let plots = snapshot.plots(Some(scope.season));
        for plot in plots.filter(|view| view.plot.reported_on <= scope.day) {
            seen = true;
            let placement = placed.of_plot(plot);
            placement.shares().for_each(|(place, _)| sighted[place] = true);
            if let Some(place) = placement.place() {
                sighted[place] = true;
            }
        }
        let domain = match (patrolled.known, seen) {
            (true, _) => Domain::Surveyed,
            (false, true) => Domain::AssumedAll,
            (false, false) => Domain::Unknown,
        };
        Self {
            domain,
            width_assumed: patrolled.width_assumed,
            efforts: Arc::clone(&patrolled.efforts),
            sighted,
            simulated: Searchers::simulated(snapshot, scope),
        }
    }

    /// Whether somebody looked in a cell: a leg of at least 200 m, an empty search or a sighting.
    /// `None` in a season without any effort data, which cannot tell.
    pub(in crate::layers) fn surveyed(&self, place: usize) -> Option<bool> {
        self.known().then(|| self.efforts[place].visits > 0 || self.sighted[place])
    }

    /// Whether a test is about a cell: where nothing tells who looked where, but plots were seen,
    /// it is about every cell, which the answer says.
    pub(in crate::layers) fn tested(&self, place: usize) -> bool {
        self.surveyed(place).unwrap_or(self.domain == Domain::AssumedAll)
    }

    /// The ground of a cell that was searched: its own times the probability of detection, km²;
    /// `None` where no track tells, or under [`LEAST_SEARCHED`] of it was.
    pub(in crate::layers) fn km2(&self, cells: &Cells, place: usize) -> Option<f64> {
        let ground = cells.area(place);
        let detection = detection(self.efforts[place].coverage(ground)?[1]);
        (detection >= LEAST_SEARCHED).then(|| ground * detection / 1e6)
    }

    /// Whether the season has any effort data: tracks or empty searches.
    pub(in crate::layers) fn known(&self) -> bool {
        self.domain == Domain::Surveyed
    }
}

/// What was found in a season, by cell.
pub(in crate::layers) struct Found {
    /// By cell.
    pub(in crate::layers) cells: Vec<FoundHere>,
    /// Plots that lie in none.
    pub(in crate::layers) elsewhere: u64,
    /// Whether any of it is simulated.
    pub(in crate::layers) simulated: bool,
}

/// What was found in one cell.
#[derive(Clone, Copy, Default)]
pub(in crate::layers) struct FoundHere {
    /// Plots by their position.
    pub(in crate::layers) plots: u64,
    /// Those of them that were found by going over the ground.
    pub(in crate::layers) by_search: u64,
    /// Those of unknown area.
    pub(in crate::layers) unmeasured: u64,
    /// Ground, of outlines shared out among cells.
    pub(in crate::layers) area: SquareMetres,
}

impl FoundHere {
    /// The ground known; `None` where there are plots and nobody measured any.
    pub(in crate::layers) fn known_area(self) -> Option<f64> {
        (self.plots == 0 || self.unmeasured < self.plots).then(|| self.area.get())
    }
}

impl Found {
    /// What was found in `cells` up to the day of `scope` and counts as a plot then, kept with the
    /// snapshot.
    pub(in crate::layers) fn of(
        snapshot: &Snapshot,
        cells: &Arc<Cells>,
        scope: Scope,
    ) -> Arc<Self> {
        let key = format!("found {} {} {}", cells.key, scope.season, scope.day);
        let placed = Placed::of(snapshot, cells, scope.season);
        let bytes = |made: &Self| made.cells.len() * size_of::<FoundHere>();
        snapshot
            .memo()
            .get_or_make_weighed(key, bytes, || Self::made(snapshot, &placed, scope, cells.len()))
    }

    fn made(snapshot: &Snapshot, placed: &Placed, scope: Scope, cells: usize) -> Self {
        let mut origins = Origins::of(snapshot);
        let mut found = vec![FoundHere::default(); cells];
        let (mut elsewhere, mut simulated) = (0, false);
        // In the order of plot numbers, so that sums have the same bits every time.
        let plots = snapshot.plots(Some(scope.season));
        for view in plots.filter(|view| view.plot.counts_on(scope.day)) {
            simulated |= origins.simulated_again(&view.plot.dataset);
            let placement = placed.of_plot(view);
            match placement.place() {
                Some(place) => {
                    found[place].plots += 1;
                    found[place].by_search += u64::from(view.plot.first_source.by_search());
                    found[place].unmeasured += u64::from(view.plot.area.is_none());
                }
                None => elsewhere += 1,
            }
            if let Some(area) = view.plot.area {
                for (place, share) in placement.shares() {
                    found[place].area += area.part(share);
                }
            }
        }
        Self { cells: found, elsewhere, simulated }
    }
}

/// What must be said about data sets.
pub(in crate::layers) struct Origins<'s> {
    simulated: HashMap<&'s str, bool>,
    last: Option<(String, bool)>,
}

impl<'s> Origins<'s> {
    pub(in crate::layers) fn of(snapshot: &'s Snapshot) -> Self {
        let sets = snapshot.datasets().iter();
        let simulated = sets.map(|set| (set.id.as_str(), set.simulated)).collect();
        Self { simulated, last: None }
    }

    /// Whether a data set was made up by a program.
    pub(in crate::layers) fn simulated(&self, dataset: &str) -> bool {
        self.simulated.get(dataset).copied().unwrap_or(false)
    }

    /// As [`Self::simulated`], remembering the last answer: plots of one data set come together.
    fn simulated_again(&mut self, dataset: &str) -> bool {
        match &self.last {
            Some((last, simulated)) if last == dataset => *simulated,
            _ => {
                let simulated = self.simulated(dataset);
                self.last = Some((dataset.to_owned(), simulated));
                simulated
            }
        }
    }
}
