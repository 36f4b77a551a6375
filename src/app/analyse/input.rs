//! The file that is asked about: named units with numbers and places, sorted by name, so that the
//! order of the rows decides nothing.

use std::{
    cmp::Ordering,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use geo_types::{Coord, Geometry, MultiPolygon};

use super::{
    AnalyseError, Plane,
    cells::{decimal_commas, marks, number},
    job::Given,
    plane::{Doubt, boundless, centre, doubt, no_degrees, outline, project, stretched},
};
use crate::ingest::{
    Limits, Progress, RawShape, RawValue, Sheet, heading_key, read_sheet, shape_from_wkt,
};

/// A file, read, with its units in the order of their ids.
#[derive(Debug)]
pub struct Input {
    sheet: Sheet,
    /// By column whether a comma parts the decimals of its numbers.
    decimal_commas: Vec<bool>,
    /// The row of each unit in the file.
    order: Vec<usize>,
    ids: Vec<String>,
    places: Option<Places>,
    /// The plane in which is measured.
    pub plane: Plane,
    /// What speaks against measuring in it.
    doubt: Option<Doubt>,
    /// Whether somebody has taken places to measure them.
    measured: AtomicBool,
    /// What the asker should know, whatever the method.
    notes: Mutex<Vec<String>>,
}

/// Where the units are, in the plane.
#[derive(Debug)]
struct Places {
    points: Vec<Option<Coord<f64>>>,
    shapes: Vec<Option<Geometry<f64>>>,
    outlines: Option<Vec<MultiPolygon<f64>>>,
}

impl Input {
    /// Reads `path`. `long`: several rows may have one id.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] for a file that cannot be read, a column that is not there, an id that is
    /// missing or repeated, a coordinate that is no number.
    pub fn open(
        path: &Path,
        given: &Given,
        long: bool,
        progress: &dyn Progress,
    ) -> Result<Self, AnalyseError> {
        let mut sheet = read_sheet(path, given.text("layer"), Limits::default(), progress)?;
        if sheet.rows.is_empty() {
            return Err(AnalyseError::Input(format!("{}: there is not one row", sheet.file)));
        }
        take_shapes(&mut sheet)?;
        let (order, ids) = order(&sheet, given, long)?;
        let decimal_commas = decimal_commas(&sheet);
        let mut input = Self {
            sheet,
            decimal_commas,
            order,
            ids,
            places: None,
            plane: Plane::AsGiven,
            doubt: None,
            measured: AtomicBool::new(false),
            notes: Mutex::default(),
        };
        input.places = input.placed(given)?;
        Ok(input)
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.sheet.file
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> &str {
        &self.sheet.sha256
    }

    /// Headings that were left out because they carry a person.
    pub fn personal(&self) -> &[String] {
        &self.sheet.personal
    }

    /// How many units there are; at least one.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none: never, by the way it is read.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Their ids, ascending: numbers by size, words by letters.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The place of each unit in the file, from 0.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The headings.
    pub fn headings(&self) -> Vec<&str> {
        self.sheet.columns.iter().map(|column| column.name.as_str()).collect()
    }

    /// Where the units are in the plane: of an outline its centroid. `None` for the whole file
    /// where it has no places. Whoever takes them measures.
    pub fn points(&self) -> Option<&[Option<Coord<f64>>]> {
        self.measured.store(true, Relaxed);
        self.positions()
    }

    /// The same for those who only tell where units are.
    pub fn positions(&self) -> Option<&[Option<Coord<f64>>]> {
        self.places.as_ref().map(|places| places.points.as_slice())
    }

    /// The shapes of the units in the plane, to be shown.
    pub fn shapes(&self) -> Option<&[Option<Geometry<f64>>]> {
        self.places.as_ref().map(|places| places.shapes.as_slice())
    }

    /// Their outlines in the plane, where all of them have one. Whoever takes them measures.
    pub fn outlines(&self) -> Option<&[MultiPolygon<f64>]> {
        self.measured.store(true, Relaxed);
        self.borders()
    }

    /// The same for those who only compare vertices.
    pub fn borders(&self) -> Option<&[MultiPolygon<f64>]> {
        self.places.as_ref().and_then(|places| places.outlines.as_deref())
    }

    /// Asks whether distances in the plane mean anything.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Input`] where degrees would be taken as metres.
    pub fn measurable(&self) -> Result<(), AnalyseError> {
        self.measured.store(true, Relaxed);
        match &self.doubt {
            Some(Doubt::Degrees(why)) => Err(AnalyseError::Input(why.clone())),
            Some(Doubt::Lengths(_)) | None => Ok(()),
        }
    }

    /// Says something to the asker, once.
    pub(super) fn note(&self, words: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !notes.contains(&words) {
            notes.push(words);
        }
    }

    /// What the asker should know of the file, after the method has taken from it what it needs.
    ///
    /// # Errors
    ///
    /// As [`Self::measurable`], where the method measured.
    pub(super) fn notes(&self) -> Result<Vec<String>, AnalyseError> {
        let mut notes = Vec::new();
        if self.measured.load(Relaxed) {
            self.measurable()?;
            notes.extend(
                self.doubt
                    .iter()
                    .map(|(Doubt::Degrees(words) | Doubt::Lengths(words))| words.clone()),
            );
        }
        notes.extend(self.notes.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
        Ok(notes)
    }

    /// The number of a heading.
    pub(super) fn column(&self, flag: &'static str, name: &str) -> Result<usize, AnalyseError> {
        column(&self.sheet, flag, name)
    }

    /// The cell of a unit.
    pub(super) fn cell(&self, unit: usize, column: usize) -> Option<&RawValue> {
        self.sheet.rows[self.order[unit]].values[column].as_ref()
    }

    /// What is wrong with a cell.
    pub(super) fn wrong(&self, unit: usize, column: usize, detail: String) -> AnalyseError {
        wrong(&self.sheet, self.order[unit], column, detail)
    }

    fn placed(&mut self, given: &Given) -> Result<Option<Places>, AnalyseError> {
        let has_shapes = self.sheet.rows.iter().any(|row| matches!(row.shape, RawShape::Of(_)));
        let named = coordinate_columns(&self.sheet, given)?;
        let (mut shapes, headings_say_degrees) = match named {
            Some((x, y)) if !has_shapes || given.text("x").is_some() => {
                let mut shapes = Vec::with_capacity(self.len());
                for unit in 0..self.len() {
                    let (x, y) = (self.number(unit, x)?, self.number(unit, y)?);
                    shapes.push(x.zip(y).map(|(x, y)| Geometry::Point((x, y).into())));
                }
                let name = heading_key(&self.sheet.columns[x].name);
                (shapes, LONGITUDE.iter().any(|word| name.starts_with(word)))
            }
            _ if has_shapes => {
                let shapes = self.order.iter().map(|row| match &self.sheet.rows[*row].shape {
                    RawShape::Of(shape) => Some(shape.clone()),
                    RawShape::None | RawShape::Empty(_) | RawShape::Unsupported(_) => None,
                });
                (shapes.collect(), false)
            }
            _ => return Ok(None),
        };
        for (unit, shape) in shapes.iter().enumerate() {
            if let Some(number) = shape.as_ref().and_then(boundless) {
                let (file, row) = (&self.sheet.file, self.row(unit));
                return Err(AnalyseError::Input(format!(
                    "{file}, row {row}: the coordinate {number:e} looks like a no-data mark; leave \
                     the shape out where nothing is known"
                )));
            }
        }
        self.plane = Plane::settled(given, &self.sheet.declared, headings_say_degrees, &shapes)?;
        self.doubt = doubt(&self.plane, given, &self.sheet.file, &shapes);
        if let Plane::Degrees { from, to } = self.plane {
            for (unit, shape) in shapes.iter_mut().enumerate() {
                let Some(shape) = shape else { continue };
                let done = no_degrees(shape).map_or_else(|| project(shape, from, to), Err);
                done.map_err(|reason| {
                    let (file, row) = (&self.sheet.file, self.row(unit));
                    AnalyseError::Input(format!("{file}, row {row}: {reason}"))
                })?;
            }
        }
        if self.doubt.is_none() {
            self.doubt = stretched(&self.plane, &shapes);
        }
        let points = shapes.iter().map(|shape| centre(shape.as_ref()?)).collect();
        let outlines: Option<Vec<_>> =
            shapes.iter().map(|shape| outline(shape.as_ref()?)).collect();
        Ok(Some(Places { points, shapes, outlines }))
    }

    /// The row of a unit as a spreadsheet counts it.
    pub(super) fn row(&self, unit: usize) -> u64 {
        self.sheet.rows[self.order[unit]].row
    }

    /// The number in a cell; unknown where it is empty.
    pub(super) fn number(&self, unit: usize, column: usize) -> Result<Option<f64>, AnalyseError> {
        let Some(value) = self.cell(unit, column) else { return Ok(None) };
        number(value, self.decimal_commas[column])
            .map_err(|detail| self.wrong(unit, column, detail))
    }

    /// Looks at the numbers of a column for marks of what is not known.
    pub(super) fn look_at(&self, column: usize, values: &[Option<f64>]) {
        if let Some(words) = marks(&self.sheet.columns[column].name, values) {
            self.note(words);
        }
    }
}

fn wrong(sheet: &Sheet, row: usize, column: usize, detail: String) -> AnalyseError {
    AnalyseError::Row {
        file: sheet.file.clone(),
        row: sheet.rows[row].row,
        column: sheet.columns[column].name.clone(),
        detail,
    }
}

/// The column of a heading: as it is written, else in any case.
fn heading(sheet: &Sheet, flag: &'static str, name: &str) -> Result<Option<usize>, AnalyseError> {
    let all = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..sheet.columns.len()).filter(|at| same(&sheet.columns[*at].name)).collect()
    };
    let lower = name.to_lowercase();
    let exact = all(&|heading| heading == name);
    let found =
        if exact.is_empty() { all(&|heading| heading.to_lowercase() == lower) } else { exact };
    match found[..] {
        [] => Ok(None),
        [column] => Ok(Some(column)),
        _ => Err(AnalyseError::flag(
            flag,
            format!(
                "{name}: {} has {} columns of this name, and nobody knows which is meant: give \
                 each a heading of its own",
                sheet.file,
                found.len()
            ),
        )),
    }
}

fn column(sheet: &Sheet, flag: &'static str, name: &str) -> Result<usize, AnalyseError> {
    heading(sheet, flag, name)?.ok_or_else(|| {
        let lower = name.to_lowercase();
        let detail = if sheet.personal.iter().any(|personal| personal.to_lowercase() == lower) {
            format!("{name}: this column carries a person and is not read")
        } else {
            let names: Vec<_> = sheet.columns.iter().map(|it| it.name.as_str()).collect();
            format!("{name}: {} has no such column; it has {}", sheet.file, names.join(", "))
        };
        AnalyseError::flag(flag, detail)
    })
}

/// Headings of coordinates that are known, folded: `Kinh độ` is `kinhdo`.
const COORDINATES: [(&str, &str); 6] = [
    ("x", "y"),
    ("lon", "lat"),
    ("long", "lat"),
    ("longitude", "latitude"),
    ("easting", "northing"),
    ("kinhdo", "vido"),
];

/// Headings of longitude, as they begin.
const LONGITUDE: [&str; 2] = ["lon", "kinhdo"];

fn coordinate_columns(
    sheet: &Sheet,
    given: &Given,
) -> Result<Option<(usize, usize)>, AnalyseError> {
    match (given.text("x"), given.text("y")) {
        (Some(x), Some(y)) => Ok(Some((column(sheet, "x", x)?, column(sheet, "y", y)?))),
        (Some(_), None) => Err(AnalyseError::flag("y", "is missing beside --x")),
        (None, Some(_)) => Err(AnalyseError::flag("x", "is missing beside --y")),
        (None, None) => {
            let headings: Vec<String> =
                sheet.columns.iter().map(|column| heading_key(&column.name)).collect();
            for (x, y) in COORDINATES {
                let find = |key: &str| headings.iter().position(|heading| heading == key);
                if let Some((x, y)) = find(x).zip(find(y)) {
                    let name = |at: usize| sheet.columns[at].name.as_str();
                    return Ok(Some((column(sheet, "x", name(x))?, column(sheet, "y", name(y))?)));
                }
            }
            Ok(None)
        }
    }
}

/// Headings under which tables hold shapes as text, as GDAL and QGIS know them.
const SHAPES: [&str; 5] = ["wkt", "geometrywkt", "wktgeom", "geometry", "geom"];

/// Gives the rows of a table the shapes that one of its columns holds as text (WKT).
fn take_shapes(sheet: &mut Sheet) -> Result<(), AnalyseError> {
    if sheet.parted_by.is_none() {
        return Ok(());
    }
    let is_one = |at: &usize| {
        let first = sheet.rows.iter().find_map(|row| row.values[*at].as_ref());
        SHAPES.contains(&heading_key(&sheet.columns[*at].name).as_str())
            && first.is_some_and(|cell| shape_from_wkt(&cell.shown()).is_ok())
    };
    let Some(at) = (0..sheet.columns.len()).find(is_one) else { return Ok(()) };
    for row in 0..sheet.rows.len() {
        let Some(cell) = &sheet.rows[row].values[at] else { continue };
        let shape =
            shape_from_wkt(&cell.shown()).map_err(|reason| wrong(sheet, row, at, reason))?;
        sheet.rows[row].shape = shape;
    }
    Ok(())
}

/// The rows in the order of their ids, with the ids.
fn order(
    sheet: &Sheet,
    given: &Given,
    long: bool,
) -> Result<(Vec<usize>, Vec<String>), AnalyseError> {
    let named = match given.text("id") {
        Some(name) => Some(column(sheet, "id", name)?),
        None => heading(sheet, "id", "id")?,
    };
    let Some(at) = named else {
        let count = sheet.rows.len();
        return Ok(((0..count).collect(), (0..count).map(|row| row.to_string()).collect()));
    };
    let mut named = Vec::with_capacity(sheet.rows.len());
    for (row, raw) in sheet.rows.iter().enumerate() {
        let Some(value) = &raw.values[at] else {
            return Err(wrong(sheet, row, at, "the id is missing: every unit needs one".into()));
        };
        named.push((value.shown(), row));
    }
    named.sort_by(|(a, row_a), (b, row_b)| by_id(a, b).then(row_a.cmp(row_b)));
    if !long && let Some(twice) = named.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let first = sheet.rows[twice[0].1].row;
        let detail = format!("`{}` is the id of row {first} too: ids must differ", twice[0].0);
        return Err(wrong(sheet, twice[1].1, at, detail));
    }
    Ok((named.iter().map(|(_, row)| *row).collect(), named.into_iter().map(|(id, _)| id).collect()))
}

/// Whole numbers by size and before words, words by letters.
pub(super) fn by_id(a: &str, b: &str) -> Ordering {
    match (a.parse::<i64>(), b.parse::<i64>()) {
        (Ok(x), Ok(y)) => x.cmp(&y).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
