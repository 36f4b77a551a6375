//! A file goes in: read, checked, linked to known places, appended in one transaction.

use std::cell::Cell;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::{App, AppError, sites::link_sites};
use crate::{
    domain::{DatasetKind, Plot, PlotId, Position},
    ingest::{
        ChildCentre, Context, ImportReport, ImportRequest, KnownPlot, Progress, Reading, read_file,
    },
    store::Appended,
};

/// Published centres of the communes of the country pack that ships.
const CENTRES: &str = include_str!("../../data/reference/commune-centres.csv");

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
        let Reading { mut events, report } = read_file(request, &context, progress)?;
        let none_good = report.accepted == 0 && report.rejected > 0;
        if none_good || (strictness == Strictness::AllRows && report.rejected > 0) {
            return Err(AppError::Rejected(Box::new(report)));
        }
        if request.kind == DatasetKind::Plots {
            let links = link_sites(&events, known.values().copied(), snapshot.metric())?;
            events.extend(links);
        }
        if !store_it {
            return Ok(Imported { report, appended: None });
        }
        progress.start(Some(events.len() as u64), "storing");
        let told = Cell::new(0);
        let tell = |done: u64| progress.advance(done - told.replace(done));
        let appended = self.store().append(&events, Timestamp::now(), &tell)?;
        progress.finish();
        self.refresh()?;
        Ok(Imported { report, appended: Some(appended) })
    }
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
