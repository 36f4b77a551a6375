//! Where facts came from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The key of a fact at its source: which data set, which record of it.
///
/// Importing the same record again with the same content changes nothing; with other content it
/// supersedes what it said before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// [`Dataset::id`].
    pub dataset: String,
    /// The source's own id of the record, else the hash of its content.
    pub record: String,
}

/// What the records of a data set tell about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatasetKind {
    /// Sightings, measurements, destructions, verifications, rejections of plots.
    Plots,
    /// Units: country, province, district, commune.
    Boundaries,
    /// Lines between units, given as lines (the national border).
    BorderLines,
    /// Tracks of patrols.
    Tracks,
    /// Searches that found nothing.
    EmptySearches,
    /// Meetings held and pledges signed.
    Outreach,
}

impl DatasetKind {
    /// Every kind, in the order of the manual.
    pub const ALL: [Self; 6] = [
        Self::Plots,
        Self::Boundaries,
        Self::BorderLines,
        Self::Tracks,
        Self::EmptySearches,
        Self::Outreach,
    ];

    /// The word on the command line and in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plots => "plots",
            Self::Boundaries => "boundaries",
            Self::BorderLines => "border-lines",
            Self::Tracks => "tracks",
            Self::EmptySearches => "empty-searches",
            Self::Outreach => "outreach",
        }
    }
}

impl fmt::Display for DatasetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One import of one file: its origin, and what must be said wherever its facts are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// The name under which its records are known, such as `patrol-2024`.
    pub id: String,
    /// What it tells about.
    pub kind: DatasetKind,
    /// The name of the file (no folders).
    pub file: String,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// A title for people; in two languages as [`super::in_both`] reads it.
    pub title: Option<String>,
    /// The licence of the data, such as `ODbL-1.0`.
    pub licence: Option<String>,
    /// The credit that must be shown, such as `© OpenStreetMap contributors`.
    pub attribution: Option<String>,
    /// Made up by a program: said wherever it is shown or exported.
    pub simulated: bool,
    /// For shapes that are only an approximation: how wrong they are, in a sentence; in two
    /// languages as [`super::in_both`] reads it.
    pub approximate: Option<String>,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected, each with its reasons in the import report.
    pub rejected: u64,
    /// Columns dropped because they carry personal data, with how many rows filled them. Only the
    /// count is kept of what they said.
    pub personal_columns: Vec<(String, u64)>,
}
