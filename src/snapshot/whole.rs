//! Everything known at one revision.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::civil::Date;

use super::{
    Atlas, LegView, Lineage, LineageReport, Memo, NearestLine, PlotKind, PlotRun, PlotView,
    SearchView, Settling, SnapshotError, Unit, UnitRef, UnitsOf, atlas::Rules, patrols::Patrols,
    plots::Plots, territory::Territory,
};
use crate::{
    crs::MetricCrs,
    domain::{
        Changes, CountryPack, Dataset, DatasetKind, Extent, Facts, Level, Outreach, Revision,
        Season,
    },
};

/// Everything known at one revision of the log, indexed. Never changed, only replaced; what did
/// not change is shared with the snapshot before.
pub struct Snapshot {
    revision: Revision,
    pack: Arc<CountryPack>,
    crs: MetricCrs,
    datasets: Arc<Vec<Dataset>>,
    territory: Arc<Territory>,
    patrols: Arc<Patrols>,
    plots: Plots,
    memo: Memo,
    lasting: Arc<Memo>,
}

impl Snapshot {
    /// Indexes `facts`, all threads at work.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] where the metric CRS of `pack` cannot be reached.
    pub fn build(facts: Facts, pack: Arc<CountryPack>) -> Result<Self, SnapshotError> {
        let crs = MetricCrs::new(pack.metric_crs)
            .map_err(|reason| SnapshotError::MetricCrs { pack: pack.id.clone(), reason })?;
        let order = sheet_order(&facts.datasets);
        let datasets = last_of_each(facts.datasets);
        let rules = Rules {
            crs,
            tolerance: pack.neighbour_tolerance.get(),
            strip: pack.strip_distance.get(),
        };
        let territory = Territory::new(facts.boundaries, facts.border_lines, order, rules);
        territory.prepare(&facts.plots);
        let patrols = Patrols::new(facts.legs, facts.empty_searches, facts.outreach, crs);
        Ok(Self {
            revision: facts.revision,
            pack,
            crs,
            datasets: Arc::new(datasets),
            plots: Plots::new(facts.plots, &territory, crs),
            territory: Arc::new(territory),
            patrols: Arc::new(patrols),
            memo: Memo::new(),
            lasting: Arc::new(Memo::new()),
        })
    }

    /// A snapshot of the empty log.
    ///
    /// # Errors
    ///
    /// As [`Self::build`].
    pub fn empty(pack: Arc<CountryPack>) -> Result<Self, SnapshotError> {
        Self::build(Facts::default(), pack)
    }

    /// The snapshot after `changes`, the same as [`Self::build`] from all facts would give. Shares
    /// what did not change: one new plot among a million costs milliseconds.
    ///
    /// # Errors
    ///
    /// As [`Self::build`].
    pub fn with_changes(&self, changes: Changes) -> Result<Self, SnapshotError> {
        match changes {
            Changes::Everything(facts) => Self::build(*facts, Arc::clone(&self.pack)),
            Changes::Plots { revision, plots, datasets } => Ok(Self {
                revision,
                pack: Arc::clone(&self.pack),
                crs: self.crs,
                datasets: if datasets.is_empty() {
                    Arc::clone(&self.datasets)
                } else {
                    let known = self.datasets.iter().cloned();
                    Arc::new(last_of_each(known.chain(datasets).collect()))
                },
                plots: self.plots.with(plots, &self.territory, self.crs),
                territory: Arc::clone(&self.territory),
                patrols: Arc::clone(&self.patrols),
                memo: Memo::new(),
                lasting: Arc::clone(&self.lasting),
            }),
        }
    }

    /// The last event that was looked at.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The settings of the deployment.
    pub fn pack(&self) -> &CountryPack {
        &self.pack
    }

    /// The projected CRS in metres.
    pub fn metric(&self) -> MetricCrs {
        self.crs
    }

    /// Data sets, oldest first; one imported again stands at its last import.
    pub fn datasets(&self) -> &[Dataset] {
        &self.datasets
    }

    /// The data set with this id.
    pub fn dataset(&self, id: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.id == id)
    }

    /// Seasons with any plot, leg, empty search or outreach, oldest first.
    pub fn seasons(&self) -> Vec<Season> {
        let seasons: BTreeSet<Season> =
            self.plots.seasons().chain(self.patrols.seasons()).collect();
        seasons.into_iter().collect()
    }

    /// The newest season with any fact.
    pub fn last_season(&self) -> Option<Season> {
        self.plots.seasons().chain(self.patrols.seasons()).max()
    }

    /// How many plots there are, rejected ones too.
    pub fn plot_count(&self, season: Option<Season>) -> usize {
        self.plots.len(season)
    }

    /// Plots by number, of one season or of all; rejected ones too.
    pub fn plots(&self, season: Option<Season>) -> impl Iterator<Item = PlotView<'_>> + Send {
        self.plots.after(None, season)
    }

    /// Plots by number, those after `number` only: found at once, however many come before.
    pub fn plots_after(
        &self,
        number: u64,
        season: Option<Season>,
    ) -> impl Iterator<Item = PlotView<'_>> + Send {
        self.plots.after(Some(number), season)
    }

    /// Plots whose position lies in `extent`, edges included, or the frame of whose outline meets
    /// it; by number.
    pub fn plots_in(
        &self,
        extent: Extent,
        season: Option<Season>,
    ) -> impl Iterator<Item = PlotView<'_>> + Send {
        self.plots.meeting(extent, season).into_iter()
    }

    /// The plot with this number.
    pub fn plot(&self, number: u64) -> Option<PlotView<'_>> {
        self.plots.get(number)
    }

    /// The units that a plot's position lies in: those in force on its own date, the day of its
    /// first sighting, unless another day is asked for.
    pub fn units_of(&self, plot: PlotView<'_>, on: Option<Date>) -> UnitsOf {
        let own = plot.run.homes[plot.index as usize];
        let Some(day) = on else { return own };
        match self.territory.on(day) {
            Some(atlas) if atlas.holds_on(plot.plot.reported_on) => own,
            Some(atlas) => atlas.homes(plot.plot.position.coord(), plot.on_grid()),
            None => UnitsOf::NOWHERE,
        }
    }

    /// The nearest line of each level, the widest level first; levels without lines are left out.
    /// Lines in force on the plot's own date, unless another day is asked for.
    pub fn lines_of(&self, plot: PlotView<'_>, on: Option<Date>) -> Vec<NearestLine<'_>> {
        let Some(atlas) = self.territory.on(on.unwrap_or(plot.plot.reported_on)) else {
            return Vec::new();
        };
        let Some(metric) = plot.on_grid() else { return Vec::new() };
        let nearest = Level::ALL
            .into_iter()
            .filter_map(|level| atlas.nearest_line_to(level, metric, plot.plot.error));
        nearest.collect()
    }

    /// How a plot's ground is shared out among communes (or the narrowest level in force), by key.
    /// Shares sum to exactly 1 in this order; a plot without outline lies wholly in one unit; one
    /// outside of all has no shares.
    pub fn shares_of(&self, plot: PlotView<'_>, on: Option<Date>) -> Vec<(UnitRef, f64)> {
        let atlas = self.territory.on(on.unwrap_or(plot.plot.reported_on));
        let (Some(atlas), Some(outline)) = (atlas, &plot.plot.outline) else {
            let home = self.units_of(plot, on).narrowest();
            return home.map(|unit| (unit, 1.0)).into_iter().collect();
        };
        let level = atlas.levels().last();
        level.map_or_else(Vec::new, |level| atlas.shares(level, outline.get()))
    }

    /// New, re-cultivated or known, from the site's earlier seasons.
    pub fn kind_of(&self, plot: PlotView<'_>) -> PlotKind {
        let mut kind = PlotKind::New;
        let Some(site) = &plot.plot.site else { return PlotKind::Unlinked };
        for other in self.plots.of_site(site) {
            if other.plot.season < plot.plot.season && other.plot.rejected.is_none() {
                if other.plot.destroyed_on.is_some() {
                    return PlotKind::Recultivated;
                }
                kind = PlotKind::Known;
            }
        }
        kind
    }

    /// Every plot on the site of `plot`, itself too, by season and number; empty where it is
    /// linked to none.
    pub fn site_of<'s>(&'s self, plot: PlotView<'s>) -> Vec<PlotView<'s>> {
        let site = plot.plot.site.iter();
        let mut plots: Vec<_> = site.flat_map(|site| self.plots.of_site(site)).collect();
        plots.sort_by_key(|other| (other.plot.season, other.plot.number));
        plots
    }

    /// The boundaries in force on `day`; `None` where there were none.
    pub fn atlas_on(&self, day: Date) -> Option<&Atlas> {
        self.territory.on(day)
    }

    /// An atlas for every epoch, oldest first.
    pub fn atlases(&self) -> &[Atlas] {
        &self.territory.atlases
    }

    /// Every unit of every time, by key.
    pub fn units(&self) -> &[Unit] {
        &self.territory.units
    }

    /// The unit behind a reference.
    pub fn unit(&self, unit: UnitRef) -> &Unit {
        &self.territory.units[unit.index()]
    }

    /// Legs by id.
    pub fn legs(&self, season: Option<Season>) -> impl Iterator<Item = LegView<'_>> + Send {
        self.patrols.legs(season)
    }

    /// Legs by id, those whose frame meets `extent`.
    pub fn legs_in(
        &self,
        extent: Extent,
        season: Option<Season>,
    ) -> impl Iterator<Item = LegView<'_>> + Send {
        self.patrols.legs_in(extent, season)
    }

    /// Searches that found nothing, by id.
    pub fn empty_searches(
        &self,
        season: Option<Season>,
    ) -> impl Iterator<Item = SearchView<'_>> + Send {
        self.patrols.searches(season)
    }

    /// Meetings and pledges, by id.
    pub fn outreach(&self, season: Option<Season>) -> impl Iterator<Item = &Outreach> + Send {
        self.patrols.outreach(season)
    }

    /// Which unit of a level in force on `from` became which in force on `to`; by the earlier,
    /// then the later unit. Kept once made.
    pub fn lineage(&self, from: Date, to: Date, level: Level) -> Arc<Vec<Lineage>> {
        Arc::clone(&self.lineage_report(from, to, level).pairs)
    }

    /// The lineage with what was left out of it.
    pub fn lineage_report(&self, from: Date, to: Date, level: Level) -> Arc<LineageReport> {
        self.territory.lineage(from, to, level)
    }

    /// How the units of all plots were settled.
    pub fn settling(&self) -> Settling {
        self.plots.settling()
    }

    /// The runs in which the plots of a season are kept, in no order.
    pub fn plot_runs(&self, season: Season) -> impl Iterator<Item = PlotRun<'_>> {
        self.plots.runs(season)
    }

    /// Answers kept as long as neither boundaries nor patrols change, over all the snapshots
    /// between which only plots did: they may be made of boundaries, patrols, the deployment's
    /// settings and single runs of plots ([`PlotRun::id`] in their key), and of nothing else.
    pub fn lasting(&self) -> &Memo {
        &self.lasting
    }

    /// Answers kept as long as this snapshot lives.
    pub fn memo(&self) -> &Memo {
        &self.memo
    }
}

/// One data set an id, at the place of its last import.
fn last_of_each(datasets: Vec<Dataset>) -> Vec<Dataset> {
    let mut seen = BTreeSet::new();
    let mut last: Vec<Dataset> =
        datasets.into_iter().rev().filter(|dataset| seen.insert(dataset.id.clone())).collect();
    last.reverse();
    last
}

/// When each set of boundaries came, the later the greater: with the last import that brought
/// another file than the one before it. An import of the same file again, with a new title or
/// licence, changes what is said about the boundaries and not which of them stand.
fn sheet_order(imports: &[Dataset]) -> HashMap<String, usize> {
    let mut last: HashMap<&str, (&str, usize)> = HashMap::new();
    let imports = imports.iter().zip(1..);
    for (import, place) in imports.filter(|(import, _)| import.kind == DatasetKind::Boundaries) {
        let known = last.entry(&import.id).or_insert((&import.sha256, place));
        if known.0 != import.sha256 {
            *known = (&import.sha256, place);
        }
    }
    last.into_iter().map(|(id, (_, place))| (id.to_owned(), place)).collect()
}
