//! A file as it is: headings, rows and shapes, for questions about any file. Nothing is mapped to
//! facts here and nothing is stored.

use std::path::Path;

use super::{
    error::IngestError,
    gate::{self, Format},
    ogr::Ogr,
    personal,
    raw::{Column, Declared, RawFeature, Wanted},
    request::{Limits, Progress},
    table::Table,
};
use crate::domain::DatasetKind;

/// A file that was read whole.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub file: String,
    /// SHA-256 of all its parts, in hexadecimal.
    pub sha256: String,
    /// The headings, without those that carry a person.
    pub columns: Vec<Column>,
    /// The rows in the order of the file, one value a heading.
    pub rows: Vec<RawFeature>,
    /// What it says about its coordinates.
    pub declared: Declared,
    /// Headings that carry a person: not a cell of them was kept.
    pub personal: Vec<String>,
    /// Of a table of text the sign between its cells.
    pub parted_by: Option<char>,
    /// Whether it is GeoJSON: its coordinates are then WGS 84 (RFC 7946) unless it says otherwise.
    pub geojson: bool,
}

/// Reads a GeoJSON, GeoPackage, Shapefile, FlatGeobuf or CSV file; `layer` of several.
///
/// # Errors
///
/// [`IngestError`] for what is no such file, too large or damaged, and for the first row that is
/// malformed: half a file would answer another question.
pub fn read_sheet(
    path: &Path,
    layer: Option<&str>,
    limits: Limits,
    progress: &dyn Progress,
) -> Result<Sheet, IngestError> {
    let admitted = gate::admit(path, limits)?;
    let file = admitted.name.clone();
    let bytes = admitted.parts.iter().filter_map(|it| it.metadata().ok()).map(|it| it.len()).sum();
    progress.start(Some(bytes), "checksum");
    let sha256 = gate::sha256(&admitted.parts, &mut |n| progress.advance(n))?;
    progress.finish();
    progress.start(None, "rows");
    let mut rows = Vec::new();
    let mut take = |row: RawFeature, _filled: &[bool]| {
        if let Some(fault) = &row.fault {
            let reason = format!("row {}: {fault}", row.row);
            return Err(IngestError::Format { file: file.clone(), reason });
        }
        rows.push(row);
        progress.advance(1);
        Ok(())
    };
    let is_personal = |column: &Column| personal::is_personal(&column.name, DatasetKind::Plots);
    let kept = |columns: &[Column]| Wanted {
        columns: (0..columns.len()).filter(|at| !is_personal(&columns[*at])).collect(),
        counted: Vec::new(),
    };
    let mut parted_by = None;
    let (all, declared) = match admitted.format {
        Format::Table => {
            let mut table = Table::open(&admitted.path, &file, limits)?;
            let columns = table.columns().to_vec();
            parted_by = Some(char::from(table.delimiter));
            table.read(&kept(&columns), &mut take)?;
            (columns, Declared::Nothing("a table of text declares none".into()))
        }
        Format::Ogr(format) => {
            let mut ogr = Ogr::open(&admitted.path, &file, format, layer, limits)?;
            let columns = ogr.columns().to_vec();
            ogr.read(&kept(&columns), &mut take)?;
            (columns, ogr.declared().clone())
        }
    };
    progress.finish();
    let personal = all.iter().filter(|it| is_personal(it)).map(|it| it.name.clone()).collect();
    let columns = all.into_iter().filter(|it| !is_personal(it)).collect();
    let geojson = admitted.format == Format::Ogr(super::ogr::Format::GeoJson);
    Ok(Sheet { file, sha256, columns, rows, declared, personal, parted_by, geojson })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Silent, raw::Value};

    fn read(name: &str, text: &str) -> Result<Sheet, IngestError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        read_sheet(&path, None, Limits::default(), &Silent)
    }

    #[test]
    fn a_table_is_read_without_persons() {
        let sheet = read("a.csv", "id,ho_ten,x\na,Somebody,1.5\nb,,\n").unwrap();
        assert_eq!(sheet.personal, ["ho_ten"]);
        let names: Vec<_> = sheet.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "x"]);
        assert_eq!(sheet.rows[0].values[1], Some(Value::Text("1.5".into())));
        assert_eq!(sheet.rows[1].values, [Some(Value::Text("b".into())), None]);
    }

    #[test]
    fn a_row_of_the_wrong_length_is_refused_with_its_number() {
        let error = read("a.csv", "id,x\na,1\nb,2,3\n").unwrap_err().to_string();
        assert!(error.contains("row 3"), "{error}");
    }
}
