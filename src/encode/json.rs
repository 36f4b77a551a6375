//! JSON, written straight into the output: strings that QGIS can read, numbers, coordinates.

use std::io::{self, Write};

use geo_types::{Coord, LineString};

use crate::layers::{Shape, Value};

/// Writes `text` as a JSON string.
///
/// `"` becomes `\u0022` and `\` becomes `\u005c`: QGIS up to 3.44 cuts pages of features wrongly
/// at the short escapes and then corrupts values or loses the layer (qgis#66700).
pub(super) fn string(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'"' || *byte == b'\\' || *byte < 0x20 {
            out.write_all(&bytes[done..at])?;
            write!(out, "\\u{byte:04x}")?;
            done = at + 1;
        }
    }
    out.write_all(&bytes[done..])?;
    out.write_all(b"\"")
}

/// Writes a number of degrees with at most seven decimals (about 1 cm).
pub(super) fn degrees(out: &mut impl Write, value: f64) -> io::Result<()> {
    let units = (value * 1e7).round() as i64;
    let (whole, part) = (units.unsigned_abs() / 10_000_000, units.unsigned_abs() % 10_000_000);
    if units < 0 {
        out.write_all(b"-")?;
    }
    write!(out, "{whole}")?;
    if part == 0 {
        return Ok(());
    }
    let digits = format!("{part:07}");
    write!(out, ".{}", digits.trim_end_matches('0'))
}

/// Writes a value; a number that is not finite has no JSON and is unknown.
pub(super) fn value(out: &mut impl Write, value: &Value<'_>) -> io::Result<()> {
    match value {
        Value::Null | Value::NotAsked => out.write_all(b"null"),
        Value::Bool(yes) => write!(out, "{yes}"),
        Value::Integer(number) => write!(out, "{number}"),
        Value::Real(number) if !number.is_finite() => out.write_all(b"null"),
        // serde_json keeps the `.0`, by which clients tell a measure from a count.
        Value::Real(number) => serde_json::to_writer(out, number).map_err(io::Error::from),
        Value::Text(text) => string(out, text),
        Value::Date(day) => write!(out, "\"{day}\""),
    }
}

/// Writes a geometry object.
pub(super) fn shape(out: &mut impl Write, shape: &Shape<'_>) -> io::Result<()> {
    match shape {
        Shape::Point(point) => {
            out.write_all(br#"{"type":"Point","coordinates":"#)?;
            coord(out, point.0)?;
        }
        Shape::Lines(lines) => {
            out.write_all(br#"{"type":"MultiLineString","coordinates":"#)?;
            array(out, lines.iter(), line)?;
        }
        Shape::Area(area) => {
            out.write_all(br#"{"type":"MultiPolygon","coordinates":"#)?;
            array(out, area.iter(), |out, polygon| {
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                array(out, rings, line)
            })?;
        }
    }
    out.write_all(b"}")
}

fn coord(out: &mut impl Write, coord: Coord<f64>) -> io::Result<()> {
    out.write_all(b"[")?;
    degrees(out, coord.x)?;
    out.write_all(b",")?;
    degrees(out, coord.y)?;
    out.write_all(b"]")
}

fn line(out: &mut impl Write, line: &LineString<f64>) -> io::Result<()> {
    array(out, line.0.iter(), |out, at| coord(out, *at))
}

fn array<W: Write, T>(
    out: &mut W,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        write(out, item)?;
    }
    out.write_all(b"]")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_and_backslashes_are_written_as_qgis_needs_them() {
        let text = written(|out| string(out, "nói \"có\" \\\n"));
        assert_eq!(text, r#""nói \u0022có\u0022 \u005c\u000a""#);
    }

    #[test]
    fn degrees_have_at_most_seven_decimals() {
        for (number, text) in [
            (103.123_456_789, "103.1234568"),
            (-0.000_000_04, "0"),
            (-0.5, "-0.5"),
            (180.0, "180"),
            (22.000_000_1, "22.0000001"),
        ] {
            assert_eq!(written(|out| degrees(out, number)), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in ".*") {
            let json = written(|out| string(out, &text));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn any_number_of_degrees_comes_back(number in -180.0..180.0) {
            let json = written(|out| degrees(out, number));
            prop_assert!((serde_json::from_str::<f64>(&json).unwrap() - number).abs() <= 5.1e-8);
        }
    }
}
