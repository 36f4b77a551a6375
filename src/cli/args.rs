//! The words of the command line, with help that teaches.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::analyse::AnalyseArgs;
use crate::{
    config::{Deployment, Serving},
    domain::{DatasetKind, Level, Season},
};

/// Watches for opium-poppy cultivation on the map: plots, patrols and boundaries go in; hotspots,
/// coverage and target areas come out, on a web map, over HTTP and in QGIS.
#[derive(Parser, Debug)]
#[command(version, propagate_version = true, arg_required_else_help = true, after_help = FIRST_STEPS)]
pub struct Cli {
    /// Which deployment.
    #[command(flatten, next_help_heading = "Deployment")]
    pub deployment: Deployment,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const FIRST_STEPS: &str = "\
First steps:
  poppywatch demo                                          a demo deployment to look at
  poppywatch serve                                         then open http://127.0.0.1:8080/
  poppywatch import communes.gpkg --kind boundaries --level commune --scheme gso --valid-from 2025-07-01
  poppywatch import plots.csv --kind plots --crs 4326      headings in Vietnamese or English are guessed
  poppywatch export hotspots --season 2025-2026 --out hotspots.gpkg
  poppywatch analyse gistar --input communes.geojson --value plots --weights queen

Exit codes: 0 done; 1 something failed on our side; 2 the input or a flag is wrong, nothing was
stored; 3 the store is not what its log says (verify).";

/// What can be done.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the map, the layers and the tiles over HTTP
    Serve(Serving),
    /// Import a file: all of its good rows in one transaction, or nothing
    Import(Box<ImportArgs>),
    /// Write a layer to a file
    Export(ExportArgs),
    /// Ask a method of spatial statistics of any file; no deployment needed
    Analyse(AnalyseArgs),
    /// Replay the log, check its chain, and compare every table with it
    Verify {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Copy the store to another file while it is in use
    Backup {
        /// The copy; must not exist yet
        to: PathBuf,
    },
    /// Load the demo deployment: approximate communes of Lai Châu, simulated seasons
    Demo {
        /// Only write the demo's files into this folder, to look at or to import by hand
        #[arg(long, value_name = "FOLDER")]
        files: Option<PathBuf>,
    },
}

/// Flags of `import`.
#[expect(clippy::struct_excessive_bools, reason = "flags are yes or no")]
#[derive(Args, Debug)]
#[command(after_help = "\
Formats: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, CSV with coordinate columns.
Headings are guessed in Vietnamese and English; `--map area=\"Diện tích (m2)\"` says it outright, and
`--save-mapping office.toml` keeps it for the next file of that office (`--mapping office.toml`).
Importing a file again changes nothing; a changed row supersedes what it said before.
Columns that carry persons are dropped and counted, never stored.

  poppywatch import communes.shp --kind boundaries --level commune --scheme gso \\
      --valid-from 2020-03-01 --valid-to 2025-07-01 --map code=MA_XA --map name=TEN_XA
  poppywatch import tracks.gpkg --kind tracks --season 2025-2026 --sweep-width 28
  poppywatch import plots.csv --kind plots --crs 9205 --dry-run")]
pub struct ImportArgs {
    /// The file
    pub file: PathBuf,
    /// What its rows are
    #[arg(long, value_enum)]
    pub kind: Kind,
    /// A field and its column, `FIELD=COLUMN`; may be repeated
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    pub map: Vec<String>,
    /// A saved mapping (TOML)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Save the mapping that was used, guesses included
    #[arg(long, value_name = "FILE")]
    pub save_mapping: Option<PathBuf>,
    /// Only rows in which a column says this, `COLUMN=VALUE`; may be repeated
    #[arg(long = "only", value_name = "COLUMN=VALUE")]
    pub only: Vec<String>,
    /// The name of the data set; the file's name without its ending unless given
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<String>,
    /// Which layer of a file with several
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// EPSG code of the coordinates, such as 9205, where the file does not say or says wrong
    #[arg(long, value_name = "EPSG")]
    pub crs: Option<u32>,
    /// The season of rows without a date, such as 2025-2026; rows of others are rejected
    #[arg(long)]
    pub season: Option<Season>,
    /// Boundaries: the level of units that do not say
    #[arg(long)]
    pub level: Option<Level>,
    /// Boundaries: who hands out the codes, such as gso
    #[arg(long)]
    pub scheme: Option<String>,
    /// Boundaries: the first day in force
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub valid_from: Option<Date>,
    /// Boundaries: the first day no longer in force
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub valid_to: Option<Date>,
    /// Boundaries: the act that made them
    #[arg(long)]
    pub legal_act: Option<String>,
    /// Boundaries: 1 σ of their lines in metres
    #[arg(long, value_name = "METRES")]
    pub error: Option<f64>,
    /// Tracks: the width of ground that a team searches, in metres
    #[arg(long, value_name = "METRES")]
    pub sweep_width: Option<f64>,
    /// A title for people
    #[arg(long)]
    pub title: Option<String>,
    /// The licence of the data, such as CC-BY-4.0
    #[arg(long)]
    pub licence: Option<String>,
    /// The credit that must be shown
    #[arg(long)]
    pub attribution: Option<String>,
    /// The data are made up: said wherever they are shown
    #[arg(long)]
    pub simulated: bool,
    /// The shapes are only approximate: the sentence to be shown with them
    #[arg(long, value_name = "SENTENCE")]
    pub approximate: Option<String>,
    /// Read and check everything, store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Store nothing at all if any row is rejected; without it the good rows are stored
    #[arg(long)]
    pub strict: bool,
    /// Write the whole report as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// [`DatasetKind`] on the command line.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum Kind {
    /// Plots: sightings, areas, destructions, verifications
    Plots,
    /// Units: province, district, commune, country
    Boundaries,
    /// Lines given as lines: the national border
    BorderLines,
    /// Tracks of patrols: lines with a date
    Tracks,
    /// Searches that found nothing
    EmptySearches,
    /// Meetings held, pledges signed
    Outreach,
}

impl From<Kind> for DatasetKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Plots => Self::Plots,
            Kind::Boundaries => Self::Boundaries,
            Kind::BorderLines => Self::BorderLines,
            Kind::Tracks => Self::Tracks,
            Kind::EmptySearches => Self::EmptySearches,
            Kind::Outreach => Self::Outreach,
        }
    }
}

/// Flags of `export`.
#[derive(Args, Debug)]
#[command(after_help = "\
Layers: plots, plot-outlines, provinces, districts, communes, border-lines, border-strips,
commune-summary, hotspots, hotspot-areas, density, recultivation, displacement, coverage,
patrol-tracks.

  poppywatch export hotspots --season 2025-2026 --out hotspots.gpkg
  poppywatch export hotspots --season 2025-2026 --set method=moran --out moran.gpkg
  poppywatch export communes --units-on 2025-07-01 --out communes.geojson
  poppywatch export plots --out plots.csv")]
pub struct ExportArgs {
    /// The layer
    pub layer: String,
    /// The file to write: .geojson, .gpkg or .csv; must not exist unless --overwrite
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The season; the layer's default unless given
    #[arg(long)]
    pub season: Option<String>,
    /// square:1000, hexagon:1000 or commune
    #[arg(long)]
    pub cell: Option<String>,
    /// Units in force on this day, or `today`
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub units_on: Option<String>,
    /// What held in this time, such as 2025-02-01/..
    #[arg(long)]
    pub datetime: Option<String>,
    /// What was known then: a revision of the log, or a time such as 2025-03-01T00:00:00Z
    #[arg(long)]
    pub as_of: Option<String>,
    /// west,south,east,north in degrees
    #[arg(long)]
    pub bbox: Option<String>,
    /// A choice of analysis, as in addresses: method=moran, weights=knn:8, value=area, null=total,
    /// adjust=bh, tail=upper, kernel=quartic, bandwidth=1500, distance=500, stability=true,
    /// permutations=9999, seed=1, alpha=0.05; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Replace the file if there is one
    #[arg(long)]
    pub overwrite: bool,
}
