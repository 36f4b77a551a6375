//! CSV for spreadsheets: UTF-8 with a byte order mark, without which Excel spoils Vietnamese.
//!
//! Points have the columns `lon` and `lat`, other shapes `wkt` (which GDAL and QGIS read as
//! geometry). A text that a spreadsheet would run as a formula gets a `'` before it, so such a
//! cell is told apart from the original by that mark; numbers are never touched. The last column,
//! `source_notes`, says in the first row all that must be said with the data (simulated,
//! approximate, credits), and in every other whether they are simulated or approximate, since rows
//! are copied out of the file they came in.

use std::{borrow::Cow, io::Write};

use geo_types::{Coord, LineString};

use super::{About, EncodeError};
use crate::layers::{Features, GeometryKind, Layer, Shape, Value};

/// Writes features as a table; gives back how many.
///
/// # Errors
///
/// [`EncodeError::Io`] where `out` takes no more.
pub fn write_csv(
    out: &mut impl Write,
    layer: &dyn Layer,
    features: Features<'_>,
    limit: Option<usize>,
    about: &About,
) -> Result<usize, EncodeError> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut table = ::csv::Writer::from_writer(out);
    let mut names = vec!["id"];
    names.extend(layer.properties().iter().map(|property| property.name));
    match layer.geometry() {
        GeometryKind::Point => names.extend(["lon", "lat"]),
        GeometryKind::MultiLineString | GeometryKind::MultiPolygon => names.push("wkt"),
    }
    names.push("source_notes");
    table.write_record(&names).map_err(io)?;
    let (notes, words) = (about.line_in_full(), about.words());
    let (notes, words) = (defused(&notes), defused(&words));
    let mut rows = 0;
    for feature in features.take(limit.unwrap_or(usize::MAX)) {
        table.write_field(feature.id.to_string()).map_err(io)?;
        for value in &feature.values {
            table.write_field(cell(value).as_ref()).map_err(io)?;
        }
        match &feature.shape {
            Shape::Point(point) => {
                table.write_field(degrees(point.x())).map_err(io)?;
                table.write_field(degrees(point.y())).map_err(io)?;
            }
            Shape::Lines(_) | Shape::Area(_) => {
                table.write_field(wkt(&feature.shape)).map_err(io)?;
            }
        }
        let said = if rows == 0 { &notes } else { &words };
        table.write_field(said.as_ref()).map_err(io)?;
        table.write_record(None::<&[u8]>).map_err(io)?;
        rows += 1;
    }
    table.flush()?;
    Ok(rows)
}

fn io(error: ::csv::Error) -> EncodeError {
    EncodeError::Io(error.into())
}

/// A value as a cell; empty where there is none.
pub(super) fn cell<'v>(value: &'v Value<'_>) -> Cow<'v, str> {
    match value {
        Value::Null | Value::NotAsked => Cow::Borrowed(""),
        Value::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Value::Integer(number) => Cow::Owned(number.to_string()),
        Value::Real(number) => Cow::Owned(number.to_string()),
        Value::Text(text) => defused(text),
        Value::Date(day) => Cow::Owned(day.to_string()),
    }
}

/// A text that no spreadsheet takes for a formula (OWASP, "CSV injection").
fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn degrees(value: f64) -> String {
    let text = format!("{value:.7}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Well-known text, seven decimals.
fn wkt(shape: &Shape<'_>) -> String {
    let coord = |at: &Coord<f64>| format!("{} {}", degrees(at.x), degrees(at.y));
    let line = |line: &LineString<f64>| {
        format!("({})", line.0.iter().map(coord).collect::<Vec<_>>().join(","))
    };
    match shape {
        Shape::Lines(lines) if lines.0.is_empty() => "MULTILINESTRING EMPTY".to_owned(),
        Shape::Area(area) if area.0.is_empty() => "MULTIPOLYGON EMPTY".to_owned(),
        Shape::Point(point) => format!("POINT ({})", coord(&point.0)),
        Shape::Lines(lines) => {
            let parts: Vec<_> = lines.iter().map(line).collect();
            format!("MULTILINESTRING ({})", parts.join(","))
        }
        Shape::Area(area) => {
            let parts: Vec<_> = area
                .iter()
                .map(|polygon| {
                    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                    format!("({})", rings.map(line).collect::<Vec<_>>().join(","))
                })
                .collect();
            format!("MULTIPOLYGON ({})", parts.join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_other_texts_are_not() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("Tà Tổng", "Tà Tổng"),
            ("", ""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(defused(text), cell);
        }
    }
}
