//! A file goes in: read, checked, linked to known places, appended in one transaction.

use std::{cell::Cell, sync::Arc};

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::{
    App, AppError,
    neighbours::{doubled_plots, doubled_tracks, told},
    sites::link_sites,
};
use crate::{
    domain::{DatasetKind, Event, Plot, PlotId, Position},
    ingest::{
        ChildCentre, Context, ImportReport, ImportRequest, KnownPlot, Progress, Reading, read_file,
    },
    snapshot::Snapshot,
    store::Appended,
};

/// Published centres of the communes of the country pack that ships.
const CENTRES: &str = include_str!("../../data/reference/commune-centres.csv");

/// How often an import overtaken by another one links again before it makes the others wait.
const TRIES: usize = 3;

/// How many ids a warning names.
const EXAMPLES: usize = 5;

/// What to do when some rows are rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Store the good rows.
    GoodRows,
    /// Store all rows or none.
    AllRows,
}

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// Every row, accepted or rejected with its reasons.
    pub report: ImportReport,
    /// What it did to the log; `None` for a dry run.
    pub appended: Option<Appended>,
    /// What a person should look at, a sentence each; nothing was refused for it.
    pub warnings: Vec<String>,
}

/// What the facts known before mean for the events of a file.
struct Prepared {
    /// The events of the file, then the links of its plots to places.
    events: Vec<Event>,
    warnings: Vec<String>,
}

impl App {
    /// Imports the file of `request` in one transaction; with `store_it` false reads and checks only.
    ///
    /// # Errors
    ///
    /// [`AppError::Ingest`] for a file that cannot be read as a whole; [`AppError::Rejected`] where
    /// no row was good, or not every one under [`Strictness::AllRows`]. Nothing is stored then.
    pub fn import(
        &self,
        request: &ImportRequest,
        strictness: Strictness,
        store_it: bool,
        progress: &dyn Progress,
    ) -> Result<Imported, AppError> {
        self.refresh()?;
        let snapshot = self.snapshot(None)?;
        let centres = centres()?;
        // Only a file of plots can tell about plots that another file reported.
        let known: FxHashMap<&PlotId, &Plot> = if request.kind == DatasetKind::Plots {
            snapshot.plots(None).map(|view| (&view.plot.id, view.plot)).collect()
        } else {
            FxHashMap::default()
        };
        let known_plot = |id: &PlotId| known.get(id).map(|plot| KnownPlot::of(plot));
        let context = Context {
            pack: self.pack(),
            today: self.today(),
            centres: &centres,
            known_plot: &known_plot,
        };
        let Reading { events, report } = read_file(request, &context, progress)?;
        let none_good = report.accepted == 0 && report.rejected > 0;
        if none_good || (strictness == Strictness::AllRows && report.rejected > 0) {
            return Err(AppError::Rejected(Box::new(report)));
        }
        drop(known);
        let mut prepared = Prepared { events, warnings: Vec::new() };
        let told_by_file = prepared.events.len();
        prepared.against(&snapshot, told_by_file)?;
        if !store_it {
            return Ok(Imported { report, appended: None, warnings: prepared.warnings });
        }
        progress.start(Some(prepared.events.len() as u64), "storing");
        let appended = self.store_prepared(snapshot, &mut prepared, told_by_file, progress)?;
        progress.finish();
        self.refresh()?;
        Ok(Imported { report, appended: Some(appended), warnings: prepared.warnings })
    }

    /// Appends what was prepared on `snapshot`. Where another program wrote meanwhile, the links
    /// are made again on what it wrote: two imports at once must not each begin the same place.
    fn store_prepared(
        &self,
        mut snapshot: Arc<Snapshot>,
        prepared: &mut Prepared,
        told_by_file: usize,
        progress: &dyn Progress,
    ) -> Result<Appended, AppError> {
        let told = Cell::new(0);
        let tell = |done: u64| progress.advance(done.saturating_sub(told.replace(done)));
        for _ in 0..TRIES {
            let appended = self.store().append_on(
                snapshot.revision(),
                &prepared.events,
                Timestamp::now(),
                &tell,
            )?;
            if let Some(appended) = appended {
                return Ok(appended);
            }
            self.refresh()?;
            snapshot = self.snapshot(None)?;
            prepared.against(&snapshot, told_by_file)?;
        }
        self.store().append_with(
            snapshot.revision(),
            |changes| {
                if let Some(changes) = changes {
                    prepared.against(&snapshot.with_changes(changes)?, told_by_file)?;
                }
                Ok(std::mem::take(&mut prepared.events))
            },
            Timestamp::now(),
            &tell,
        )
    }
}

impl Prepared {
    /// Makes links and warnings anew from what `snapshot` knows; the first `told_by_file` events
    /// are the file's.
    fn against(&mut self, snapshot: &Snapshot, told_by_file: usize) -> Result<(), AppError> {
        self.events.truncate(told_by_file);
        self.warnings.clear();
        let events = &self.events;
        if events.iter().any(|event| matches!(event, Event::LegWalked(_))) {
            let legs = snapshot.legs(None).map(|view| view.leg);
            let doubles = doubled_tracks(events, legs);
            self.warnings.extend(told(&doubles, "tracks have the date and line of one that"));
        }
        if events.iter().any(|event| matches!(event, Event::PlotSighted(_))) {
            let plots = || snapshot.plots(None).map(|view| view.plot);
            let doubles = doubled_plots(events, plots(), snapshot.metric())?;
            self.warnings
                .extend(told(&doubles, "plots lie where one of the same season lies that"));
            let linked = link_sites(events, plots(), snapshot.metric())?;
            self.warnings.extend(late(&linked.late));
            self.events.extend(linked.links);
        }
        Ok(())
    }
}

/// A warning about plots that came after the younger ones on their places.
fn late(plots: &[PlotId]) -> Option<String> {
    let first: Vec<&str> = plots.iter().take(EXAMPLES).map(|id| id.0.as_str()).collect();
    let more = if plots.len() > first.len() { ", …" } else { "" };
    (!first.is_empty()).then(|| {
        format!(
            "{} plots came after plots of younger seasons on the same places, which were not linked \
             to them (import older seasons first, or tell the site in a column): {}{more}",
            plots.len(),
            first.join(", ")
        )
    })
}

/// Reads the table of centres that ships.
fn centres() -> Result<Vec<ChildCentre>, AppError> {
    #[derive(serde::Deserialize)]
    struct Row {
        name: String,
        district: String,
        province: String,
        lon: f64,
        lat: f64,
        doubtful: String,
    }
    let wrong = |reason: String| AppError::Input(format!("the table of commune centres: {reason}"));
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(CENTRES.as_bytes())
        .deserialize::<Row>()
        // A centre that its own table doubts can contradict nothing.
        .filter(|row| row.as_ref().map_or(true, |row| row.doubtful == "no"))
        .map(|row| {
            let row = row.map_err(|error| wrong(error.to_string()))?;
            let position = Position::new(row.lon, row.lat).map_err(|e| wrong(e.to_string()))?;
            let district = (!row.district.is_empty()).then_some(row.district);
            Ok(ChildCentre { name: row.name, district, province: row.province, position })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        domain::{CountryPack, Revision},
        ingest::Silent,
    };

    /// A table of plots seen on `day`; 0.0001° of longitude are about 10 m.
    fn table(folder: &Path, name: &str, day: &str, lons: &[f64]) -> ImportRequest {
        let rows = lons.iter().enumerate();
        let rows: Vec<String> =
            rows.map(|(number, lon)| format!("{number},{day},{lon},22.40,5")).collect();
        let text = format!("Mã,Ngày phát hiện,Kinh độ,Vĩ độ,Sai số\n{}\n", rows.join("\n"));
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        ImportRequest { crs: Some(4326), ..ImportRequest::new(file, DatasetKind::Plots) }
    }

    fn app(folder: &Path) -> App {
        App::open(&folder.join("season.gpkg"), true, CountryPack::lai_chau(), None).unwrap()
    }

    fn import(app: &App, request: &ImportRequest) -> Imported {
        app.import(request, Strictness::AllRows, true, &Silent).unwrap()
    }

    /// Another program that imports a file at the worst moment: what is imported here is linked,
    /// and not yet stored.
    struct Overtaking<'a> {
        app: &'a App,
        request: ImportRequest,
    }

    impl Progress for Overtaking<'_> {
        fn start(&self, _: Option<u64>, what: &str) {
            if what == "storing" {
                import(self.app, &self.request);
            }
        }

        fn advance(&self, _: u64) {}

        fn finish(&self) {}
    }

    #[test]
    fn an_import_that_was_overtaken_links_again() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (ours, theirs) = (app(folder), app(folder));
        let older = table(folder, "older.csv", "2024-01-20", &[102.7]);
        let younger = table(folder, "younger.csv", "2025-01-20", &[102.7001]);
        let overtaking = Overtaking { app: &theirs, request: older };
        ours.import(&younger, Strictness::AllRows, true, &overtaking).unwrap();
        let snapshot = ours.snapshot(None).unwrap();
        let sites: Vec<_> = snapshot.plots(None).map(|view| view.plot.site.clone()).collect();
        assert_eq!(sites.len(), 2);
        assert!(sites[0].is_some() && sites[0] == sites[1], "{sites:?}");
    }

    #[test]
    fn an_older_season_after_a_younger_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let app = app(folder);
        let younger = table(folder, "younger.csv", "2025-01-20", &[102.7, 102.8]);
        assert_eq!(import(&app, &younger).warnings, [""; 0]);
        let older = table(folder, "older.csv", "2024-01-20", &[102.7001, 102.9]);
        let warnings = import(&app, &older).warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with("1 plots came after"), "{warnings:?}");
        assert!(warnings[0].contains("older-0"), "{warnings:?}");
    }

    #[test]
    fn the_same_file_under_another_name_is_told_and_stored() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let app = app(folder);
        let lons: Vec<f64> = (0..7).map(|n| 102.7 + f64::from(n) / 100.0).collect();
        let first = table(folder, "first.csv", "2025-01-20", &lons);
        assert_eq!(import(&app, &first).warnings, [""; 0]);
        // Once more under its own name it is no news.
        assert_eq!(import(&app, &first).warnings, [""; 0]);
        let second = table(folder, "second.csv", "2025-01-21", &lons);
        let tried = app.import(&second, Strictness::AllRows, false, &Silent).unwrap();
        let warnings = import(&app, &second).warnings;
        assert_eq!(tried.warnings, warnings, "a dry run says it too");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with("7 plots lie"), "{warnings:?}");
        assert!(warnings[0].contains("second-0 is perhaps"), "{warnings:?}");
        assert!(warnings[0].contains("first-0 of data set first"), "{warnings:?}");
        assert!(warnings[0].ends_with("and 2 more"), "{warnings:?}");
        let snapshot = app.snapshot(None).unwrap();
        assert_eq!(snapshot.plot_count(None), 14);
        assert!(snapshot.revision() > Revision(14));
    }
}
