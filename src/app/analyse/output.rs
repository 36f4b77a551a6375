//! An answer becomes a table, JSON or GeoJSON, always with what it was made from.

use std::{
    io::{self, Write},
    str::FromStr,
};

use geo_types::Geometry;
use serde_json::{Map, Value, json};

use super::{AnalyseError, Cell, Given, Job, Method, Outcome, options::PLACE, plane::to_degrees};

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputFormat {
    /// A table; what it was made from goes into a file beside it (W3C CSVW) or to the terminal.
    #[default]
    Csv,
    /// Rows as objects, with figures about the whole.
    Json,
    /// Features, with figures about the whole.
    GeoJson,
    /// Values on a lattice; what it was made from stands in the file's metadata.
    GeoTiff,
}

impl FromStr for OutputFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "geojson" => Ok(Self::GeoJson),
            "tif" | "tiff" => Ok(Self::GeoTiff),
            _ => Err(format!("`{text}` is none of csv, json, geojson, tif")),
        }
    }
}

/// Asks whether a method can answer in a format, before the work is done.
///
/// # Errors
///
/// [`AnalyseError`] where it has no raster, or lines are asked of a raster.
pub fn tell_format(
    method: &Method,
    given: &Given,
    format: OutputFormat,
) -> Result<(), AnalyseError> {
    if format != OutputFormat::GeoTiff {
        return Ok(());
    }
    if !method.has_raster() {
        return Err(AnalyseError::flag(
            "format",
            format!(
                "tif: the answer of {} is no raster; ask for csv, json or geojson",
                method.name
            ),
        ));
    }
    given.text("contours").map_or(Ok(()), |lines| {
        Err(AnalyseError::flag(
            "contours",
            format!(
                "{lines}: a raster has no lines; ask for --format geojson, or leave --contours"
            ),
        ))
    })
}

/// What an answer was made from: the method, the file, every flag that mattered, the version.
pub fn provenance(job: &Job<'_>) -> Value {
    let mut parameters = Map::new();
    for option in job.method.options {
        if let Some(value) = job.text(option.name) {
            parameters.insert(option.name.into(), value.into());
        }
    }
    for option in PLACE {
        if let Some(value) = job.given.text(option.name) {
            parameters.insert(option.name.into(), value.into());
        }
    }
    json!({
        "program": "poppywatch",
        "version": env!("CARGO_PKG_VERSION"),
        "method": job.method.name,
        "source": job.method.source,
        "input": job.input.file(),
        "input_sha256": job.input.sha256(),
        "units": job.input.len(),
        "measured_in": job.input.plane.words(),
        "parameters": parameters,
        "left_out_because_they_carry_a_person": job.input.personal(),
    })
}

/// The figures about the whole answer, by name.
pub fn summary(job: &Job<'_>, outcome: &Outcome) -> Value {
    let named = job.method.summary.iter().zip(&outcome.summary);
    let members: Map<String, Value> =
        named.map(|(column, cell)| (column.name.into(), value(cell))).collect();
    Value::Object(members)
}

/// The metadata of a table (W3C, *Metadata Vocabulary for Tabular Data*, 2015).
pub fn csvw(job: &Job<'_>, outcome: &Outcome, url: &str) -> Value {
    let columns: Vec<Value> = job
        .method
        .columns
        .iter()
        .map(|column| {
            let mut described = json!({ "name": column.name, "dc:description": column.about });
            if let Some(unit) = column.unit {
                described["schema:unitCode"] = unit.into();
            }
            described
        })
        .collect();
    json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": url,
        "tableSchema": { "columns": columns },
        "provenance": provenance(job),
        "summary": summary(job, outcome),
        "warnings": outcome.warnings,
    })
}

/// Writes an answer.
///
/// # Errors
///
/// [`AnalyseError::Input`] where it has no shapes and GeoJSON is asked, or `out` takes no more.
pub fn write_outcome(
    out: &mut impl Write,
    format: OutputFormat,
    job: &Job<'_>,
    outcome: &Outcome,
) -> Result<(), AnalyseError> {
    let order = rows_in_order(job, outcome);
    let written = match format {
        OutputFormat::Csv => csv(out, job, outcome, &order),
        OutputFormat::Json => json_rows(out, job, outcome, &order),
        OutputFormat::GeoJson => {
            let shapes = shapes(job, outcome)?;
            geojson(out, job, outcome, &order, &shapes)
        }
        OutputFormat::GeoTiff => out.write_all(&tiff(job, outcome)?),
    };
    written.map_err(|error| AnalyseError::Input(format!("writing the answer: {error}")))
}

/// Rows about units go out in the order of the file.
fn rows_in_order(job: &Job<'_>, outcome: &Outcome) -> Vec<usize> {
    let mut order: Vec<usize> = (0..outcome.rows.len()).collect();
    if outcome.by_unit {
        order.sort_by_key(|row| job.input.order()[*row]);
    }
    order
}

fn csv(out: &mut impl Write, job: &Job<'_>, outcome: &Outcome, order: &[usize]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(job.method.columns.iter().map(|column| column.name))?;
    for row in order {
        table.write_record(outcome.rows[*row].iter().map(shown))?;
    }
    table.flush()
}

fn json_rows(
    out: &mut impl Write,
    job: &Job<'_>,
    outcome: &Outcome,
    order: &[usize],
) -> io::Result<()> {
    write!(
        out,
        "{{\"provenance\":{},\n\"summary\":{},\n\"warnings\":{},\n\"rows\":[",
        provenance(job),
        summary(job, outcome),
        json!(outcome.warnings)
    )?;
    for (place, row) in order.iter().enumerate() {
        out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &properties(job, &outcome.rows[*row]))?;
    }
    out.write_all(b"\n]}\n")
}

fn geojson(
    out: &mut impl Write,
    job: &Job<'_>,
    outcome: &Outcome,
    order: &[usize],
    shapes: &[Option<Geometry<f64>>],
) -> io::Result<()> {
    write!(
        out,
        "{{\"type\":\"FeatureCollection\",\"provenance\":{},\n\"summary\":{},\n\"warnings\":{},\n\
         \"features\":[",
        provenance(job),
        summary(job, outcome),
        json!(outcome.warnings)
    )?;
    for (place, row) in order.iter().enumerate() {
        out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
        let geometry = shapes.get(*row).and_then(Option::as_ref).map(geojson::Geometry::from);
        let feature = json!({
            "type": "Feature",
            "geometry": geometry,
            "properties": properties(job, &outcome.rows[*row]),
        });
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")
}

fn tiff(job: &Job<'_>, outcome: &Outcome) -> Result<Vec<u8>, AnalyseError> {
    let Some(raster) = &outcome.raster else {
        return Err(AnalyseError::Input(format!(
            "{}: the answer of {} is no raster; ask for --format csv, json or geojson",
            job.input.file(),
            job.method.name
        )));
    };
    let (provenance, summary) = (provenance(job).to_string(), summary(job, outcome).to_string());
    let warnings = outcome.warnings.join("; ");
    let about = [
        ("provenance", provenance.as_str()),
        ("summary", summary.as_str()),
        ("warnings", warnings.as_str()),
    ];
    crate::encode::geotiff(raster, job.input.plane.epsg(), &about)
        .map_err(|error| AnalyseError::Input(format!("writing the answer: {error}")))
}

/// The shapes of the rows in degrees, or as the file has them where nobody knows what they are.
fn shapes(job: &Job<'_>, outcome: &Outcome) -> Result<Vec<Option<Geometry<f64>>>, AnalyseError> {
    let of_units = || job.input.shapes().filter(|_| outcome.by_unit).map(<[_]>::to_vec);
    let mut shapes = outcome.shapes.clone().or_else(of_units).ok_or_else(|| {
        AnalyseError::Input(format!(
            "{}: the answer of {} has no shapes; ask for --format csv or json",
            job.input.file(),
            job.method.name
        ))
    })?;
    for shape in shapes.iter_mut().flatten() {
        to_degrees(shape, &job.input.plane).map_err(AnalyseError::Input)?;
    }
    Ok(shapes)
}

fn properties(job: &Job<'_>, row: &[Cell]) -> Value {
    let members: Map<String, Value> = job
        .method
        .columns
        .iter()
        .zip(row)
        .map(|(column, cell)| (column.name.into(), value(cell)))
        .collect();
    Value::Object(members)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(yes) => Value::Bool(*yes),
        Cell::Integer(number) => Value::from(*number),
        // A number that is not finite has no JSON: serde_json makes it null.
        Cell::Real(number) => Value::from(*number),
        Cell::Text(words) => Value::from(words.as_ref()),
    }
}

/// A cell as it stands in a table: every digit that is needed to read the same number again.
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Bool(yes) => yes.to_string(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) if number.is_finite() => number.to_string(),
        Cell::Null | Cell::Real(_) => String::new(),
        Cell::Text(words) => words.to_string(),
    }
}
