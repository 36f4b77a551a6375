//! Ground that was cleared, and what is known of it since: for re-cultivation.

use std::collections::HashMap;

use geo_types::{Coord, MultiPolygon};

use crate::{
    analysis::recultivation::{History, Plot, Plots, Return, visited},
    crs::{MetricCrs, WGS84, transform},
    domain::{PlotState, Season, SiteId},
    layers::{
        LayerError, LayerQuery, Refusal,
        cells::season::{Origins, Searchers},
        scope::Scope,
    },
    snapshot::Snapshot,
};

/// The most plots that one answer looks at.
const MOST_PLOTS: usize = 200_000;

/// A plot with its season and ground.
struct Known {
    number: u64,
    season: i32,
    cleared: bool,
    at: Coord<f64>,
    error: f64,
    outline: Option<MultiPolygon<f64>>,
    site: Option<u32>,
}

/// Plots up to a season, with the first return to each and the seasons in which each place was
/// looked at again.
pub(super) struct Cleared {
    pub(super) season: Season,
    pub(super) returns: Vec<Option<Return>>,
    /// Whether the season asked about has any effort data.
    pub(super) effort: bool,
    pub(super) simulated: bool,
    plots: Vec<Known>,
    /// By plot, ascending.
    searched: Vec<Vec<i32>>,
}

impl Cleared {
    /// What is known up to the day of `scope`, of plots of the seasons from `query.since` on.
    pub(super) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        scope: Scope,
        distance: f64,
    ) -> Result<Self, LayerError> {
        let seasons: Vec<Season> = snapshot
            .seasons()
            .into_iter()
            .filter(|it| *it <= scope.season && query.since.is_none_or(|since| since <= *it))
            .collect();
        let count: usize = seasons.iter().map(|it| snapshot.plot_count(Some(*it))).sum();
        if count > MOST_PLOTS {
            return Err(LayerError::TooMuch(Refusal::new(
                format!(
                    "{count} nương đến niên vụ {}, hơn {MOST_PLOTS}: chọn ít niên vụ hơn, ví dụ season={}/{}",
                    scope.season,
                    scope.season.before(),
                    scope.season
                ),
                format!(
                    "{count} plots up to season {}, more than {MOST_PLOTS}: ask for fewer seasons, such \
                     as season={}/{}",
                    scope.season,
                    scope.season.before(),
                    scope.season
                ),
            )));
        }
        let (plots, simulated) = known(snapshot, &seasons, scope);
        let mut searched = vec![Vec::new(); plots.len()];
        let mut effort = false;
        let returns = {
            let all: Vec<Plot<'_>> = plots.iter().map(Known::plot).collect();
            let prepared = Plots::new(&all);
            let returns = prepared.returns(distance, scope.season.start_year().into());
            for season in &seasons {
                let year = i32::from(season.start_year());
                let waiting: Vec<usize> = (0..all.len())
                    .filter(|at| {
                        all[*at].season < year
                            && returns[*at].is_none_or(|back| back.season >= year)
                    })
                    .collect();
                let day = Season::clamp(*season, scope.day);
                let searchers = Searchers::of(snapshot, Scope { season: *season, day, ..scope });
                let looked = visited(&prepared, &waiting, &searchers.legs, &searchers.searches);
                for (at, _) in waiting.iter().zip(looked).filter(|(_, looked)| *looked) {
                    searched[*at].push(year);
                }
                effort |= *season == scope.season && searchers.known;
            }
            returns
        };
        Ok(Self { season: scope.season, returns, effort, simulated, plots, searched })
    }

    /// Asks `question` with the plots and their history.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Plots<'_>, History<'_>) -> T) -> T {
        let all: Vec<Plot<'_>> = self.plots.iter().map(Known::plot).collect();
        let plots = Plots::new(&all);
        let searched = |at: usize, season: i32| self.looked(at, season);
        let history = History { plots: &plots, returns: &self.returns, searched: &searched };
        question(&plots, history)
    }

    /// The year in which the season asked about begins.
    pub(super) fn year(&self) -> i32 {
        self.season.start_year().into()
    }

    /// Whether the place of a plot was looked at in a later season.
    pub(super) fn looked(&self, at: usize, season: i32) -> bool {
        self.searched[at].binary_search(&season).is_ok()
    }

    /// The last season in which it was.
    pub(super) fn last_looked(&self, at: usize) -> Option<i32> {
        self.searched[at].last().copied()
    }

    /// How many plots there are.
    pub(super) fn len(&self) -> usize {
        self.plots.len()
    }

    /// The plot's number.
    pub(super) fn number(&self, at: usize) -> u64 {
        self.plots[at].number
    }

    /// The year in which the plot's season begins.
    pub(super) fn year_of(&self, at: usize) -> i32 {
        self.plots[at].season
    }

    /// Whether a plot was cleared before the season asked about.
    pub(super) fn cleared_before(&self, at: usize) -> bool {
        self.plots[at].cleared && self.plots[at].season < self.year()
    }

    /// How much memory it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let corners: usize = self
            .plots
            .iter()
            .filter_map(|plot| plot.outline.as_ref())
            .flat_map(|outline| &outline.0)
            .map(|polygon| polygon.exterior().0.len())
            .sum();
        self.plots.len() * (size_of::<Known>() + size_of::<Option<Return>>() + 32)
            + corners * size_of::<Coord<f64>>()
    }
}

impl Known {
    fn plot(&self) -> Plot<'_> {
        Plot {
            season: self.season,
            cleared: self.cleared,
            at: self.at,
            error: self.error,
            outline: self.outline.as_ref(),
            site: self.site,
        }
    }
}

/// The plots of `seasons` that count on the day of `scope` and lie on the grid, by number; and
/// whether any of them is simulated.
fn known(snapshot: &Snapshot, seasons: &[Season], scope: Scope) -> (Vec<Known>, bool) {
    let origins = Origins::of(snapshot);
    let mut sites: HashMap<&SiteId, u32> = HashMap::new();
    let mut simulated = false;
    let mut plots = Vec::new();
    for season in seasons {
        for view in snapshot.plots(Some(*season)).filter(|view| view.plot.counts_on(scope.day)) {
            let (Some(at), Some(state)) = (view.on_grid(), view.plot.state_on(scope.day)) else {
                continue;
            };
            simulated |= origins.simulated(&view.plot.dataset);
            let next = sites.len() as u32;
            let outline = view.plot.outline.as_ref();
            plots.push(Known {
                number: view.plot.number,
                season: view.plot.season.start_year().into(),
                // Regrown or standing in part is not cleared.
                cleared: matches!(state, PlotState::Destroyed | PlotState::Verified),
                at,
                error: view.plot.error.get(),
                outline: outline.and_then(|it| in_metres(it.get(), snapshot.metric())),
                site: view.plot.site.as_ref().map(|site| *sites.entry(site).or_insert(next)),
            });
        }
    }
    (plots, simulated)
}

/// An outline in metres; `None` where the projection does not reach.
fn in_metres(outline: &MultiPolygon<f64>, crs: MetricCrs) -> Option<MultiPolygon<f64>> {
    let mut ground = outline.clone();
    let mut reached = true;
    for polygon in &mut ground.0 {
        let mut change = |ring: &mut geo_types::LineString<f64>| {
            reached &= transform(WGS84, crs.epsg(), &mut ring.0).is_ok();
        };
        polygon.exterior_mut(&mut change);
        polygon.interiors_mut(|rings| rings.iter_mut().for_each(&mut change));
    }
    reached.then_some(ground)
}
