//! What the demo consists of: `data/demo/manifest.toml`, read by whoever imports it.

use serde::Deserialize;

use crate::domain::DatasetKind;

/// The files of the demo in the order of import.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The files.
    #[serde(rename = "file")]
    pub files: Vec<ManifestFile>,
}

/// One file, and what must be said of it wherever it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Where it is, from the manifest's folder.
    pub path: String,
    /// What it tells about.
    pub kind: DatasetKind,
    /// The name under which its records are known.
    pub dataset: String,
    /// A title for people, Vietnamese and English.
    pub title: String,
    /// The licence of the data.
    pub licence: String,
    /// The credit that must be shown.
    pub attribution: Option<String>,
    /// EPSG code, for tables that declare none.
    pub crs: Option<u32>,
    /// Made up by a program.
    pub simulated: bool,
    /// How wrong approximate shapes are, a sentence in Vietnamese and one in English.
    pub approximate: Option<String>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// A sentence that names the key and what is wrong with it.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}
