//! What every reader yields.

use geo_types::Geometry;

/// A column of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading as written.
    pub name: String,
    /// Whether the format holds numbers in it and not text: leading zeros are lost then.
    pub numeric: bool,
    /// Whether the format cut the heading short (Shapefile: 10 bytes).
    pub cut: bool,
}

impl Column {
    /// A column of text.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), numeric: false, cut: false }
    }
}

/// One cell that says something; an empty cell is `None` where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text without surrounding spaces, never empty.
    Text(String),
    /// A number as the format holds it.
    Number(f64),
    /// A whole number as the format holds it.
    Integer(i64),
    /// Bytes that are no text; what could be read of them.
    Broken(String),
}

impl Value {
    /// Trimmed text, `None` where nothing is left. U+FFFD marks bytes that were no text.
    pub fn of_text(text: &str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        match text {
            "" => None,
            _ if text.contains('\u{fffd}') => Some(Self::Broken(text.to_owned())),
            _ => Some(Self::Text(text.to_owned())),
        }
    }

    /// As it would be written.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Broken(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Integer(number) => number.to_string(),
        }
    }
}

/// The geometry of a feature, in the CRS of the file, x = east.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// The row has none.
    None,
    /// It has one without coordinates; its type.
    Empty(String),
    /// Points, lines or polygons.
    Of(Geometry<f64>),
    /// A type that is not read, such as `CURVEPOLYGON`.
    Unsupported(String),
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct RawFeature {
    /// Its number: in a table that of the spreadsheet (the headings are row 1), else the place in
    /// the file, from 1.
    pub row: u64,
    /// Its geometry.
    pub shape: Shape,
    /// The wanted cells, in the order in which they were asked for.
    pub values: Vec<Option<Value>>,
    /// Where the row itself is malformed: why.
    pub fault: Option<String>,
}

/// What a file says about its coordinates.
#[derive(Clone, Debug, PartialEq)]
pub enum Declared {
    /// An EPSG code, and where it stands.
    Epsg(u32, String),
    /// A system without an EPSG code: its name, and where it stands.
    Nameless(String, String),
    /// Nothing: why.
    Nothing(String),
}

/// What the reader is asked to bring of every row.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Columns by index whose cells are wanted.
    pub columns: Vec<usize>,
    /// Columns by index of which only is wanted how many rows fill them.
    pub counted: Vec<usize>,
}
