//! The file that is asked about: named units with numbers and places, sorted by name, so that the
//! order of the rows decides nothing.

use std::{cmp::Ordering, path::Path};

use geo::Centroid;
use geo_types::{Coord, Geometry, MultiPolygon, Polygon};

use super::{AnalyseError, job::Given};
use crate::{
    crs::{Epsg, WGS84, transform},
    ingest::{
        Declared, Limits, Progress, RawShape, RawValue, Sheet, is_geographic, knows_epsg,
        read_sheet,
    },
};

/// A file, read, with its units in the order of their ids.
#[derive(Debug)]
pub struct Input {
    sheet: Sheet,
    /// The row of each unit in the file.
    order: Vec<usize>,
    ids: Vec<String>,
    places: Option<Places>,
    /// The plane in which is measured.
    pub plane: Plane,
}

/// The plane in which distances and areas are measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plane {
    /// The coordinates of the file as they are; their unit is the file's.
    AsGiven,
    /// A projected system, in which the file's coordinates are.
    Projected(Epsg),
    /// The file has degrees of `from`; they are measured in `to`, in metres.
    Degrees {
        /// What the file has.
        from: Epsg,
        /// In which is measured.
        to: Epsg,
    },
}

impl Plane {
    /// The system in which is measured, where it is known.
    pub fn epsg(&self) -> Option<Epsg> {
        match self {
            Self::AsGiven => None,
            Self::Projected(epsg) | Self::Degrees { to: epsg, .. } => Some(*epsg),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::AsGiven => "the file's own coordinates, as they are".into(),
            Self::Projected(epsg) => format!("EPSG:{}", epsg.0),
            Self::Degrees { from, to } => {
                format!("EPSG:{} (the file has degrees, EPSG:{})", to.0, from.0)
            }
        }
    }
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
        let sheet = read_sheet(path, given.text("layer"), Limits::default(), progress)?;
        if sheet.rows.is_empty() {
            return Err(AnalyseError::Input(format!("{}: there is not one row", sheet.file)));
        }
        let (order, ids) = order(&sheet, given, long)?;
        let mut input = Self { sheet, order, ids, places: None, plane: Plane::AsGiven };
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
    /// where it has no places.
    pub fn points(&self) -> Option<&[Option<Coord<f64>>]> {
        self.places.as_ref().map(|places| places.points.as_slice())
    }

    /// The shapes of the units in the plane.
    pub fn shapes(&self) -> Option<&[Option<Geometry<f64>>]> {
        self.places.as_ref().map(|places| places.shapes.as_slice())
    }

    /// Their outlines in the plane, where all of them have one.
    pub fn outlines(&self) -> Option<&[MultiPolygon<f64>]> {
        self.places.as_ref().and_then(|places| places.outlines.as_deref())
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
                let name = self.sheet.columns[x].name.to_lowercase();
                (shapes, name.starts_with("lon"))
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
        self.plane = self.settled(given, headings_say_degrees, &shapes)?;
        if let Plane::Degrees { from, to } = self.plane {
            for (unit, shape) in shapes.iter_mut().enumerate() {
                if let Some(shape) = shape {
                    project(shape, from, to).map_err(|reason| {
                        let (file, row) = (&self.sheet.file, self.sheet.rows[self.order[unit]].row);
                        AnalyseError::Input(format!("{file}, row {row}: {reason}"))
                    })?;
                }
            }
        }
        let points = shapes.iter().map(|shape| centre(shape.as_ref()?)).collect();
        let outlines: Option<Vec<_>> =
            shapes.iter().map(|shape| outline(shape.as_ref()?)).collect();
        Ok(Some(Places { points, shapes, outlines }))
    }

    fn settled(
        &self,
        given: &Given,
        headings_say_degrees: bool,
        shapes: &[Option<Geometry<f64>>],
    ) -> Result<Plane, AnalyseError> {
        let code = |flag: &'static str, text: &str| {
            let digits = text.trim_start_matches("EPSG:").trim_start_matches("epsg:");
            let epsg = digits.parse::<u32>().ok().filter(|epsg| knows_epsg(*epsg));
            epsg.ok_or_else(|| {
                AnalyseError::flag(
                    flag,
                    format!("{text}: no EPSG code that is known, such as 32648"),
                )
            })
        };
        let epsg = match (given.text("crs"), &self.sheet.declared) {
            (Some("plane"), _) => return Ok(Plane::AsGiven),
            (Some(text), _) => code("crs", text)?,
            (None, Declared::Epsg(epsg, _)) => *epsg,
            (None, Declared::Nameless(..) | Declared::Nothing(_)) if headings_say_degrees => 4326,
            (None, Declared::Nameless(..) | Declared::Nothing(_)) => return Ok(Plane::AsGiven),
        };
        if !is_geographic(epsg) {
            return Ok(Plane::Projected(Epsg(epsg)));
        }
        let to = match given.text("metric") {
            Some(text) => {
                let to = code("metric", text)?;
                if is_geographic(to) {
                    let why = format!("{to} has degrees: name a projected system, such as 32648");
                    return Err(AnalyseError::flag("metric", why));
                }
                to
            }
            None => utm_zone(shapes),
        };
        Ok(Plane::Degrees { from: Epsg(epsg), to: Epsg(to) })
    }

    /// The row of a unit as a spreadsheet counts it.
    pub(super) fn row(&self, unit: usize) -> u64 {
        self.sheet.rows[self.order[unit]].row
    }

    /// The number in a cell; unknown where it is empty.
    pub(super) fn number(&self, unit: usize, column: usize) -> Result<Option<f64>, AnalyseError> {
        let text = match self.cell(unit, column) {
            None => return Ok(None),
            Some(RawValue::Number(number)) if number.is_finite() => return Ok(Some(*number)),
            Some(RawValue::Integer(number)) => return Ok(Some(*number as f64)),
            Some(value) => value.shown(),
        };
        if ["na", "nan", "null", "none", "n/a"].contains(&text.to_lowercase().as_str()) {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            Ok(_) => Err(self.wrong(
                unit,
                column,
                format!("`{text}` is not finite; leave the cell empty where nothing is known"),
            )),
            Err(_) => Err(self.wrong(
                unit,
                column,
                format!("`{text}` is no number such as 12.5 (with a point); leave it empty where unknown"),
            )),
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

fn column(sheet: &Sheet, flag: &'static str, name: &str) -> Result<usize, AnalyseError> {
    let exact = sheet.columns.iter().position(|column| column.name == name);
    let lower = name.to_lowercase();
    let alike = || sheet.columns.iter().position(|column| column.name.to_lowercase() == lower);
    exact.or_else(alike).ok_or_else(|| {
        let detail = if sheet.personal.iter().any(|personal| personal.to_lowercase() == lower) {
            format!("{name}: this column carries a person and is not read")
        } else {
            let names: Vec<_> = sheet.columns.iter().map(|it| it.name.as_str()).collect();
            format!("{name}: {} has no such column; it has {}", sheet.file, names.join(", "))
        };
        AnalyseError::flag(flag, detail)
    })
}

fn coordinate_columns(
    sheet: &Sheet,
    given: &Given,
) -> Result<Option<(usize, usize)>, AnalyseError> {
    match (given.text("x"), given.text("y")) {
        (Some(x), Some(y)) => Ok(Some((column(sheet, "x", x)?, column(sheet, "y", y)?))),
        (Some(_), None) => Err(AnalyseError::flag("y", "is missing beside --x")),
        (None, Some(_)) => Err(AnalyseError::flag("x", "is missing beside --y")),
        (None, None) => {
            let find =
                |name: &str| sheet.columns.iter().position(|c| c.name.to_lowercase() == name);
            let pairs =
                [("x", "y"), ("lon", "lat"), ("longitude", "latitude"), ("easting", "northing")];
            Ok(pairs.into_iter().find_map(|(x, y)| find(x).zip(find(y))))
        }
    }
}

/// The rows in the order of their ids, with the ids.
fn order(
    sheet: &Sheet,
    given: &Given,
    long: bool,
) -> Result<(Vec<usize>, Vec<String>), AnalyseError> {
    let named = match given.text("id") {
        Some(name) => Some(column(sheet, "id", name)?),
        None => sheet.columns.iter().position(|column| column.name.to_lowercase() == "id"),
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

/// The UTM zone of the middle of all shapes in degrees, as an EPSG code.
fn utm_zone(shapes: &[Option<Geometry<f64>>]) -> u32 {
    let centres: Vec<Coord<f64>> =
        shapes.iter().filter_map(|shape| centre(shape.as_ref()?)).collect();
    let n = centres.len().max(1) as f64;
    let lon = centres.iter().map(|c| c.x).sum::<f64>() / n;
    let lat = centres.iter().map(|c| c.y).sum::<f64>() / n;
    let zone = (((lon + 180.0) / 6.0).floor().clamp(0.0, 59.0) as u32) + 1;
    if lat < 0.0 { 32700 + zone } else { 32600 + zone }
}

fn centre(shape: &Geometry<f64>) -> Option<Coord<f64>> {
    match shape {
        Geometry::Point(point) => Some(point.0),
        _ => shape.centroid().map(|point| point.0),
    }
}

fn outline(shape: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match shape {
        Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}

/// Changes the coordinates of a shape.
pub(super) fn project(shape: &mut Geometry<f64>, from: Epsg, to: Epsg) -> Result<(), String> {
    let change =
        |coords: &mut [Coord<f64>]| transform(from, to, coords).map_err(|error| error.to_string());
    let ring = |polygon: &mut Polygon<f64>| {
        let mut done = Ok(());
        polygon.exterior_mut(|ring| done = change(&mut ring.0));
        polygon.interiors_mut(|rings| {
            for ring in rings {
                if done.is_ok() {
                    done = change(&mut ring.0);
                }
            }
        });
        done
    };
    match shape {
        Geometry::Point(point) => change(std::slice::from_mut(&mut point.0)),
        Geometry::MultiPoint(points) => {
            points.0.iter_mut().try_for_each(|point| change(std::slice::from_mut(&mut point.0)))
        }
        Geometry::LineString(line) => change(&mut line.0),
        Geometry::MultiLineString(lines) => {
            lines.0.iter_mut().try_for_each(|line| change(&mut line.0))
        }
        Geometry::Polygon(polygon) => ring(polygon),
        Geometry::MultiPolygon(polygons) => polygons.0.iter_mut().try_for_each(ring),
        _ => Err("a shape that is neither of points, lines nor areas".into()),
    }
}

/// Back to degrees as GeoJSON wants them, where it is known what the plane is.
pub(super) fn to_degrees(shape: &mut Geometry<f64>, plane: &Plane) -> Result<(), String> {
    plane.epsg().map_or(Ok(()), |epsg| project(shape, epsg, WGS84))
}
