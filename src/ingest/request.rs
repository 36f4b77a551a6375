//! What is asked of an import, and what comes back.

use std::path::PathBuf;

use jiff::civil::Date;

use super::{mapping::Mapping, report::ImportReport};
use crate::domain::{
    AreaMethod, CountryPack, DatasetKind, Event, Level, Metres, PlotId, Position, Season,
    SquareMetres,
};

/// What to read and how.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The file: `.geojson`, `.json`, `.gpkg`, `.shp`, `.fgb`, `.csv`, `.tsv` or `.txt`.
    pub path: PathBuf,
    /// What its rows tell about.
    pub kind: DatasetKind,
    /// The name under which its records are known; `None`: the file's stem. Importing under the
    /// same name again supersedes, under another name adds.
    pub dataset: Option<String>,
    /// The layer of a file with several.
    pub layer: Option<String>,
    /// Which column is which field; guesses fill the rest.
    pub mapping: Mapping,
    /// Only rows in which every one of these columns has this value; others are counted as left out.
    pub only: Vec<RowFilter>,
    /// EPSG code that wins over what the file declares, after the same plausibility check.
    pub crs: Option<u32>,
    /// The season of a file without dates, and a check on one with dates.
    pub season: Option<Season>,
    /// What boundary columns do not say.
    pub boundary: BoundaryDefaults,
    /// A title for people.
    pub title: Option<String>,
    /// The licence of the data.
    pub licence: Option<String>,
    /// The credit that must be shown.
    pub attribution: Option<String>,
    /// Made up by a program.
    pub simulated: bool,
    /// How wrong approximate shapes are, in a sentence.
    pub approximate: Option<String>,
    /// Sweep width of tracks that tell none.
    pub sweep_width: Option<Metres>,
    /// What is too much.
    pub limits: Limits,
}

impl ImportRequest {
    /// Everything by default: no season, no CRS, guessed columns.
    pub fn new(path: impl Into<PathBuf>, kind: DatasetKind) -> Self {
        Self {
            path: path.into(),
            kind,
            dataset: None,
            layer: None,
            mapping: Mapping::default(),
            only: Vec::new(),
            crs: None,
            season: None,
            boundary: BoundaryDefaults::default(),
            title: None,
            licence: None,
            attribution: None,
            simulated: false,
            approximate: None,
            sweep_width: None,
            limits: Limits::default(),
        }
    }
}

/// A condition on rows: a column and the text that it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFilter {
    /// The column's heading.
    pub column: String,
    /// What it must say, compared without surrounding spaces.
    pub value: String,
}

/// What is too much. Each is refused with a sentence before memory goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all parts of the file.
    pub bytes: u64,
    /// Rows.
    pub rows: u64,
    /// Vertices of one feature.
    pub vertices: u64,
    /// Bytes of one row of a table: more means a quotation mark that was never closed.
    pub row_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 2 << 30, rows: 2_000_000, vertices: 1_000_000, row_bytes: 64 << 20 }
    }
}

/// What a file of boundaries may leave to the one who imports it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoundaryDefaults {
    /// How high its units stand.
    pub level: Option<Level>,
    /// Who hands out its codes, such as `gso`.
    pub scheme: Option<String>,
    /// The first day on which they were in force.
    pub valid_from: Option<Date>,
    /// The first day on which they no longer were.
    pub valid_to: Option<Date>,
    /// The act that made them.
    pub legal_act: Option<String>,
    /// 1 σ of the position of their lines.
    pub error: Option<Metres>,
}

/// What the deployment knows that a file is checked against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The settings of the deployment.
    pub pack: &'a CountryPack,
    /// Today in the deployment's time zone: nothing can have happened later.
    pub today: Date,
    /// Published centres of communes, for the check of shapes against names.
    pub centres: &'a [ChildCentre],
    /// What is known of a plot already, for rows that tell about it without saying where it is.
    pub known_plot: &'a (dyn Fn(&PlotId) -> Option<KnownPlot> + Sync),
}

impl<'a> Context<'a> {
    /// A deployment that knows nothing yet.
    pub fn empty(pack: &'a CountryPack, today: Date) -> Self {
        Self { pack, today, centres: &[], known_plot: &|_| None }
    }
}

/// A commune's centre as published, with the names of the units that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildCentre {
    /// The commune's name.
    pub name: String,
    /// Its district's name, where there are districts.
    pub district: Option<String>,
    /// Its province's name.
    pub province: String,
    /// Where it is.
    pub position: Position,
}

/// What is known of a plot before the import.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownPlot {
    /// Its first sighting.
    pub reported_on: Date,
    /// Its area, and how that was measured.
    pub area: Option<(SquareMetres, AreaMethod)>,
}

/// Told how far long work has come.
pub trait Progress {
    /// Work begins: how many steps, where that is known, and what is done.
    fn start(&self, total: Option<u64>, what: &str);
    /// `n` more steps are done.
    fn advance(&self, n: u64);
    /// The work that was started has ended.
    fn finish(&self);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _total: Option<u64>, _what: &str) {}
    fn advance(&self, _n: u64) {}
    fn finish(&self) {}
}

/// A file that was read: its facts, and what happened to every row.
#[derive(Clone, Debug)]
pub struct Reading {
    /// [`Event::DatasetImported`] first, then the facts in the order of the rows. Empty where no
    /// row was accepted.
    pub events: Vec<Event>,
    /// What was read, accepted, rejected and dropped, and why.
    pub report: ImportReport,
}
