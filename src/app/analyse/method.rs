//! What a method is: its name, its flags, the columns it answers with, and the function.

use std::borrow::Cow;

use geo_types::Geometry;

use super::{AnalyseError, Job};
use crate::analysis::density::Raster;

/// A method of `poppywatch analyse`.
#[derive(Debug)]
pub struct Method {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it answers, in a sentence.
    pub about: &'static str,
    /// The paper or standard.
    pub source: &'static str,
    /// Its flags, beyond those that every method has (input, format, out).
    pub options: &'static [Opt],
    /// Every column of its answer, in order.
    pub columns: &'static [Column],
    /// Figures about the whole answer.
    pub summary: &'static [Column],
    /// Whether several rows may have one id: tables with a row a place and season.
    pub long: bool,
    /// The analysis.
    pub run: fn(&Job<'_>) -> Result<Outcome, AnalyseError>,
}

impl Method {
    /// Whether it can answer with values on a lattice.
    pub fn has_raster(&self) -> bool {
        self.name == "density"
    }
}

/// A flag of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opt {
    /// Its name without dashes, such as `min-pts`.
    pub name: &'static str,
    /// What its value is called in the help.
    pub value: &'static str,
    /// What it says.
    pub help: &'static str,
    /// What holds where it is not given.
    pub default: Option<&'static str>,
    /// Whether it must be given.
    pub required: bool,
}

impl Opt {
    /// A flag that may be left out.
    pub const fn new(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, value, help, default: None, required: false }
    }

    /// The same with a default.
    #[must_use]
    pub const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// The same, required.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// A column of an answer, or a figure about the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, `snake_case`.
    pub name: &'static str,
    /// UCUM unit of a measure.
    pub unit: Option<&'static str>,
    /// What it says, and when it is empty.
    pub about: &'static str,
}

impl Column {
    /// A column without a unit.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, unit: None, about }
    }

    /// A column of measures.
    pub const fn measure(name: &'static str, unit: &'static str, about: &'static str) -> Self {
        Self { name, unit: Some(unit), about }
    }
}

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not known, or not applicable: never zero.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A count.
    Integer(i64),
    /// A measure; one that is not finite is written as unknown.
    Real(f64),
    /// Words.
    Text(Cow<'static, str>),
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        // A seed may lie beyond what a signed number holds: then its digits are told.
        i64::try_from(value).map_or_else(|_| Self::from(value.to_string()), Self::Integer)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        // Counts of rows of one file: far below 2^63.
        Self::Integer(value.cast_signed() as i64)
    }
}

impl From<&'static str> for Cell {
    fn from(value: &'static str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a method answers.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The rows, one cell for each of the method's columns.
    pub rows: Vec<Vec<Cell>>,
    /// Whether row i is about unit i of the input: then the rows are written in the order of the
    /// file, and have the file's shapes unless there are others.
    pub by_unit: bool,
    /// A shape a row in the coordinates in which was measured, where rows have shapes of their own.
    pub shapes: Option<Vec<Option<Geometry<f64>>>>,
    /// Values on a lattice, where the answer is one.
    pub raster: Option<Raster>,
    /// Figures about the whole, one for each of the method's summary columns, in order.
    pub summary: Vec<Cell>,
    /// What the asker should know before acting on it.
    pub warnings: Vec<String>,
}
