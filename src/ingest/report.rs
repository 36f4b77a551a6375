//! What happened to a file: as JSON for programs, as text for people.

use std::fmt;

use serde::Serialize;

use super::mapping::Mapping;
use crate::domain::DatasetKind;

/// What was read, accepted, rejected and dropped, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportReport {
    /// The file's name.
    pub file: String,
    /// The name under which its records are known.
    pub dataset: String,
    /// What its rows tell about.
    pub kind: DatasetKind,
    /// SHA-256 of the file (of all its parts, for a Shapefile).
    pub sha256: String,
    /// The layer that was read, where the format has layers.
    pub layer: Option<String>,
    /// How the file was read: encoding, sign between cells, order of dates.
    pub notes: Vec<String>,
    /// The CRS and why; `None` for files without coordinates.
    pub crs: Option<CrsReport>,
    /// Which column was which field.
    pub mapping: Vec<MappedColumn>,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows that the request left out (`--only`).
    pub rows_left_out: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Facts made of the accepted rows, by kind of event.
    pub facts: Vec<(&'static str, u64)>,
    /// Every rejected row with all its reasons.
    pub rejected_rows: Vec<RejectedRow>,
    /// What a person should look at, though it stopped nothing.
    pub warnings: Vec<Warning>,
    /// Columns that were not used.
    pub dropped_columns: Vec<DroppedColumn>,
    /// Columns dropped because they carry personal data. What they said was not kept.
    pub personal_columns: Vec<PersonalColumn>,
}

/// The CRS of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrsReport {
    /// Its EPSG code.
    pub epsg: u32,
    /// Why, in a sentence.
    pub because: String,
}

/// A column and its field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MappedColumn {
    /// The field.
    pub field: &'static str,
    /// The column's heading.
    pub column: String,
    /// Whether it was said and not guessed.
    pub given: bool,
    /// The unit that its heading says, where it says one.
    pub unit: Option<&'static str>,
}

/// A row of which nothing was taken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RejectedRow {
    /// Its number: in a table that of the spreadsheet (the headings are row 1), else the place in
    /// the file from 1.
    pub row: u64,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Every reason.
    pub reasons: Vec<Reason>,
}

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The field, or the column's heading where that is known.
    pub field: String,
    /// What it said; never of a personal number.
    pub value: String,
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warning {
    /// A short name that never changes.
    pub code: &'static str,
    /// What it means.
    pub text: &'static str,
    /// How many rows (or pairs of rows) it is about.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// A row that a warning is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its number; 0: the whole file.
    pub row: u64,
    /// What is seen there.
    pub detail: String,
}

/// A column that was not used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DroppedColumn {
    /// Its heading.
    pub column: String,
}

/// A column that carries personal data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonalColumn {
    /// Its heading.
    pub column: String,
    /// How many rows filled it.
    pub filled: u64,
}

/// How many examples of a warning are kept.
pub const EXAMPLES: usize = 5;
/// How many rejected rows the text shows; the JSON has all.
const SHOWN: usize = 100;
/// How much of a value is shown.
const VALUE: usize = 60;

impl Reason {
    /// `value` is shortened to what fits a line.
    pub fn new(
        field: impl Into<String>,
        value: impl Into<String>,
        wrong: impl Into<String>,
        right: impl Into<String>,
    ) -> Self {
        let value = value.into();
        let value = match value.char_indices().nth(VALUE) {
            Some((at, _)) => format!("{}…", &value[..at]),
            None => value,
        };
        Self { field: field.into(), value, wrong: wrong.into(), right: right.into() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.field)?;
        if !self.value.is_empty() {
            write!(f, " `{}`", self.value)?;
        }
        write!(f, " {}", self.wrong)?;
        if !self.right.is_empty() {
            write!(f, "; {}", self.right)?;
        }
        Ok(())
    }
}

impl ImportReport {
    /// Rows of which nothing was taken.
    pub const fn rejected(&self) -> u64 {
        self.rejected
    }

    /// The mapping that was used, as a file for the next import of the same sender.
    pub fn mapping_toml(&self) -> String {
        let mapping = Mapping {
            kind: Some(self.kind),
            crs: self.crs.as_ref().map(|crs| crs.epsg),
            fields: self
                .mapping
                .iter()
                .map(|it| (it.field.to_owned(), it.column.clone()))
                .collect(),
        };
        // Texts and numbers only: there is nothing that TOML could not write.
        mapping.to_toml().unwrap_or_default()
    }

    /// Adds to the warning with this code, or begins it.
    pub fn warn(&mut self, (code, text): (&'static str, &'static str), row: u64, detail: String) {
        let index =
            if let Some(index) = self.warnings.iter().position(|warning| warning.code == code) {
                index
            } else {
                self.warnings.push(Warning { code, text, count: 0, examples: Vec::new() });
                self.warnings.len() - 1
            };
        let warning = &mut self.warnings[index];
        warning.count += 1;
        if warning.examples.len() < EXAMPLES {
            warning.examples.push(Example { row, detail });
        }
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} as {} `{}`", self.file, self.kind, self.dataset)?;
        writeln!(
            f,
            "  {} rows read, {} accepted, {} rejected{}",
            self.rows_read,
            self.accepted,
            self.rejected,
            match self.rows_left_out {
                0 => String::new(),
                n => format!(", {n} left out as asked"),
            }
        )?;
        for (kind, count) in &self.facts {
            writeln!(f, "  {count} × {kind}")?;
        }
        if let Some(layer) = &self.layer {
            writeln!(f, "  layer `{layer}`")?;
        }
        if let Some(crs) = &self.crs {
            writeln!(f, "  coordinates: EPSG:{}, {}", crs.epsg, crs.because)?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        for column in &self.mapping {
            let how = if column.given { "as said" } else { "guessed" };
            let unit = column.unit.map(|unit| format!(" in {unit}")).unwrap_or_default();
            writeln!(f, "  {} = column `{}`{unit} ({how})", column.field, column.column)?;
        }
        if !self.dropped_columns.is_empty() {
            let names: Vec<String> =
                self.dropped_columns.iter().map(|it| format!("`{}`", it.column)).collect();
            writeln!(f, "  columns not used ({}): {}", names.len(), names.join(", "))?;
        }
        for column in &self.personal_columns {
            writeln!(
                f,
                "  personal column `{}` dropped, filled in {} rows; nothing of it was kept",
                column.column, column.filled
            )?;
        }
        for warning in &self.warnings {
            writeln!(f, "  look at ({} ×): {}", warning.count, warning.text)?;
            for example in &warning.examples {
                match (example.row, example.detail.as_str()) {
                    (0, "") => {}
                    (0, detail) => writeln!(f, "    {detail}")?,
                    (row, "") => writeln!(f, "    row {row}")?,
                    (row, detail) => writeln!(f, "    row {row}: {detail}")?,
                }
            }
            let more = warning.count.saturating_sub(warning.examples.len() as u64);
            if more > 0 {
                writeln!(f, "    and {more} more")?;
            }
        }
        for rejected in self.rejected_rows.iter().take(SHOWN) {
            let id = rejected.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            writeln!(f, "  {}, row {}{id} rejected:", self.file, rejected.row)?;
            for reason in &rejected.reasons {
                writeln!(f, "    {reason}")?;
            }
        }
        if self.rejected_rows.len() > SHOWN {
            let more = self.rejected_rows.len() - SHOWN;
            writeln!(f, "  and {more} more rejected rows: the JSON report has all")?;
        }
        Ok(())
    }
}
