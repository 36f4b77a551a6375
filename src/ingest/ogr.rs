//! GeoJSON, GeoPackage, Shapefile and FlatGeobuf through GDAL: only these drivers, only a plain
//! file, no `/vsi` path, no network.

use std::{cell::RefCell, path::Path, sync::Once};

use gdal::{
    Dataset, DatasetOptions, GdalOpenFlags,
    config::{set_error_handler, set_thread_local_config_option},
    errors::{CplErrType, GdalError},
    spatial_ref::SpatialRef,
    vector::{Feature, Geometry, LayerAccess, OGRFieldType},
};
use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::{
    error::IngestError,
    geojson_scan::{self, too_many_vertices},
    raw::{Column, Declared, RawFeature, Shape, Value, Wanted},
    request::Limits,
    shapefile,
};

/// A format that GDAL reads for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 7946, or the older one with a `crs` member.
    GeoJson,
    /// OGC GeoPackage.
    GeoPackage,
    /// ESRI Shapefile.
    Shapefile,
    /// FlatGeobuf.
    FlatGeobuf,
}

impl Format {
    const fn driver(self) -> &'static str {
        match self {
            Self::GeoJson => "GeoJSON",
            Self::GeoPackage => "GPKG",
            Self::Shapefile => "ESRI Shapefile",
            Self::FlatGeobuf => "FlatGeobuf",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::GeoJson => "GeoJSON",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "Shapefile",
            Self::FlatGeobuf => "FlatGeobuf",
        }
    }
}

/// A file opened by GDAL, with one of its layers.
pub struct Ogr {
    file: String,
    format: Format,
    dataset: Dataset,
    layer: usize,
    /// The layer's name.
    pub layer_name: String,
    columns: Vec<Column>,
    kinds: Vec<OGRFieldType::Type>,
    declared: Declared,
    /// Rows as the format counts them, where it does.
    pub rows: Option<u64>,
    limits: Limits,
    /// What the reader had to decide, for the report.
    pub notes: Vec<String>,
}

thread_local! {
    /// What GDAL has complained about in this thread since it was asked last.
    static COMPLAINTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// GDAL's words go where they are asked for, and not to the terminal.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_error_handler(|class, _, message| {
            if matches!(class, CplErrType::Failure | CplErrType::Fatal) {
                COMPLAINTS.with_borrow_mut(|all| {
                    if all.len() < 20 {
                        all.push(message.to_owned());
                    }
                });
            } else {
                tracing::debug!(target: "gdal", "{message}");
            }
        });
    });
    COMPLAINTS.with_borrow_mut(Vec::clear);
}

fn complaints() -> Option<String> {
    let mut all = COMPLAINTS.with_borrow_mut(std::mem::take);
    all.dedup();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Whether the EPSG register that is installed has the code. Asked of GDAL, which says what it has
/// to say to [`listen`]; PROJ would print a line of its own to the terminal.
pub fn knows_epsg(epsg: u32) -> bool {
    listen();
    let known = SpatialRef::from_epsg(epsg).is_ok();
    complaints();
    known
}

/// Whether the system has degrees and not metres, as far as it is known.
pub fn is_geographic(epsg: u32) -> bool {
    listen();
    let geographic = SpatialRef::from_epsg(epsg).is_ok_and(|system| system.is_geographic());
    complaints();
    geographic
}

impl Ogr {
    /// Opens `path`, an absolute path without links, called `file` in messages.
    ///
    /// # Errors
    ///
    /// [`IngestError`] for what is not of the format, several layers and none named, or a feature
    /// with too many vertices.
    pub fn open(
        path: &Path,
        file: &str,
        format: Format,
        layer: Option<&str>,
        limits: Limits,
    ) -> Result<Self, IngestError> {
        listen();
        let mut notes = Vec::new();
        let mut options = Vec::new();
        let mut rows = None;
        let mut crs_member = false;
        let mut has_prj = true;
        match format {
            Format::GeoJson => {
                let scan = geojson_scan::scan(path, file, limits)?;
                rows = Some(scan.features);
                crs_member = check_crs_member(file, scan.crs.as_deref())?;
                options.push("DATE_AS_STRING=YES".to_owned());
            }
            Format::Shapefile => {
                let parts = shapefile::look(path, file, limits)?;
                has_prj = parts.has_prj;
                if let Some(encoding) = parts.encoding {
                    options.push(format!("ENCODING={encoding}"));
                }
                notes.push(format!("text encoding by {}", parts.encoding_because));
            }
            Format::GeoPackage | Format::FlatGeobuf => check_magic(path, file, format)?,
        }
        let setting = |key: &str, value: &str| set_thread_local_config_option(key, value);
        // The look before has bounded every feature; this is GDAL's own second line.
        let _ = setting("OGR_GEOJSON_MAX_OBJ_SIZE", "2000");
        let _ = setting("OGR_GEOJSON_ARRAY_AS_STRING", "YES");
        let _ = setting("SHAPE_RESTORE_SHX", "NO");
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let dataset = Dataset::open_ex(
            path,
            DatasetOptions {
                open_flags: GdalOpenFlags::GDAL_OF_READONLY | GdalOpenFlags::GDAL_OF_VECTOR,
                allowed_drivers: Some(&[format.driver()]),
                open_options: Some(&options),
                sibling_files: None,
            },
        )
        .map_err(|error| not_of_format(file, format, &error))?;
        let index = choose_layer(&dataset, file, layer)?;
        let (layer_name, columns, kinds, declared, counted) = {
            let layer = dataset.layer(index).map_err(|e| not_of_format(file, format, &e))?;
            let mut columns = Vec::new();
            let mut kinds = Vec::new();
            for field in layer.defn().fields() {
                let (name, kind) = (field.name(), field.field_type());
                let numeric = matches!(
                    kind,
                    OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 | OGRFieldType::OFTReal
                );
                let cut = format == Format::Shapefile && name.len() >= 9;
                columns.push(Column { name, numeric, cut });
                kinds.push(kind);
            }
            let declared = declared(layer.spatial_ref(), format, crs_member, has_prj);
            (layer.name(), columns, kinds, declared, layer.try_feature_count())
        };
        let rows = rows.filter(|rows| *rows > 0).or(counted);
        if let Some(broken) = columns.iter().position(|c| c.name.contains('\u{fffd}')) {
            notes.push(format!(
                "the heading of column {} is not text in its encoding: `{}`",
                broken + 1,
                columns[broken].name
            ));
        }
        Ok(Self {
            file: file.to_owned(),
            format,
            dataset,
            layer: index,
            layer_name,
            columns,
            kinds,
            declared,
            rows,
            limits,
            notes,
        })
    }

    /// The headings.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What the file says about its coordinates.
    pub fn declared(&self) -> &Declared {
        &self.declared
    }

    /// Hands every row to `take`, with the wanted cells and which of the counted ones it fills.
    ///
    /// # Errors
    ///
    /// Too many rows, a feature with too many vertices, a damaged file, or what `take` answers.
    pub fn read(
        &mut self,
        wanted: &Wanted,
        mut take: impl FnMut(RawFeature, &[bool]) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let (file, limits) = (self.file.clone(), self.limits);
        let mut layer = self
            .dataset
            .layer(self.layer)
            .map_err(|error| not_of_format(&file, self.format, &error))?;
        let mut row = 0;
        let mut filled = vec![false; wanted.counted.len()];
        for feature in layer.features() {
            row += 1;
            if row > limits.rows {
                return Err(IngestError::TooLarge {
                    file,
                    what: format!("it has more than {} rows", limits.rows),
                    limit: format!("{} rows", limits.rows),
                    right: "split the file".into(),
                });
            }
            // (`Feature::geometry` hands out a null pointer for a row without one.)
            let shape = match feature.geometry_by_index(0) {
                Ok(geometry) => {
                    let vertices = vertices_of(geometry, 0);
                    if vertices > limits.vertices {
                        return Err(too_many_vertices(&file, row, vertices, limits));
                    }
                    shape_of(geometry)
                }
                Err(_) => Shape::None,
            };
            for (place, index) in wanted.counted.iter().enumerate() {
                filled[place] = cell(&feature, *index, self.kinds[*index]).is_some();
            }
            let values = wanted
                .columns
                .iter()
                .map(|index| cell(&feature, *index, self.kinds[*index]))
                .collect();
            take(RawFeature { row, shape, values, fault: None }, &filled)?;
        }
        // The iterator ends on the last row and on damage alike; GDAL's complaints tell them apart.
        match complaints() {
            Some(reason) => Err(IngestError::Damaged { file, row, reason }),
            None => Ok(()),
        }
    }
}

/// A cell; `None` where it is null, unset or blank. (GDAL answers 0 for an unset number, so its
/// text is asked for first: unknown is not zero.)
fn cell(feature: &Feature<'_>, index: usize, kind: OGRFieldType::Type) -> Option<Value> {
    if kind == OGRFieldType::OFTBinary {
        return None;
    }
    let text = feature.field_as_string(index).ok()??;
    match kind {
        _ if text.trim().is_empty() => None,
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => {
            feature.field_as_integer64(index).ok()?.map(Value::Integer)
        }
        OGRFieldType::OFTReal => feature.field_as_double(index).ok()?.map(Value::Number),
        _ => Value::of_text(&text),
    }
}

fn vertices_of(geometry: &Geometry, depth: usize) -> u64 {
    let parts = geometry.geometry_count();
    if parts == 0 || depth > 8 {
        return geometry.point_count() as u64;
    }
    (0..parts).map(|part| vertices_of(&geometry.get_geometry(part), depth + 1)).sum()
}

fn shape_of(geometry: &Geometry) -> Shape {
    let name = geometry.geometry_name();
    if name.is_empty() {
        return Shape::None;
    }
    if geometry.is_empty() {
        return Shape::Empty(name);
    }
    match name.as_str() {
        "POINT" => Shape::Of(Point(coord(geometry, 0)).into()),
        "LINESTRING" => Shape::Of(line(geometry).into()),
        "POLYGON" => Shape::Of(polygon(geometry).into()),
        "MULTIPOINT" => {
            let points = parts(geometry, |part| Point(coord(part, 0)));
            Shape::Of(MultiPoint(points).into())
        }
        "MULTILINESTRING" => Shape::Of(MultiLineString(parts(geometry, line)).into()),
        "MULTIPOLYGON" => Shape::Of(MultiPolygon(parts(geometry, polygon)).into()),
        "GEOMETRYCOLLECTION" if geometry.geometry_count() == 1 => {
            shape_of(&geometry.get_geometry(0))
        }
        _ => Shape::Unsupported(name),
    }
}

fn parts<T>(geometry: &Geometry, of: impl Fn(&Geometry) -> T) -> Vec<T> {
    (0..geometry.geometry_count()).map(|part| of(&geometry.get_geometry(part))).collect()
}

fn coord(geometry: &Geometry, index: i32) -> Coord<f64> {
    let (x, y, _) = geometry.get_point(index);
    Coord { x, y }
}

fn line(geometry: &Geometry) -> LineString<f64> {
    let count = i32::try_from(geometry.point_count()).unwrap_or(i32::MAX);
    LineString((0..count).map(|index| coord(geometry, index)).collect())
}

fn polygon(geometry: &Geometry) -> Polygon<f64> {
    let mut rings = parts(geometry, line).into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(exterior, rings.collect())
}

/// Reads a geometry from WKT.
///
/// # Errors
///
/// A sentence that says what would be right.
pub fn shape_from_wkt(text: &str) -> Result<Shape, String> {
    listen();
    if text.len() >= 5 && text.is_char_boundary(5) && text[..5].eq_ignore_ascii_case("srid=") {
        return Err("begins with SRID=: write the geometry alone and say the CRS with --crs".into());
    }
    let geometry =
        Geometry::from_wkt(text).map_err(|_| "is no WKT, such as POINT (103.1 22.4)".to_owned())?;
    Ok(shape_of(&geometry))
}

fn declared(
    system: Option<SpatialRef>,
    format: Format,
    crs_member: bool,
    has_prj: bool,
) -> Declared {
    let place = match format {
        Format::GeoJson if crs_member => "its `crs` member",
        Format::GeoJson => "RFC 7946 (GeoJSON is WGS 84)",
        Format::GeoPackage => "its table of systems (gpkg_spatial_ref_sys)",
        Format::Shapefile => "its .prj file",
        Format::FlatGeobuf => "its header",
    }
    .to_owned();
    let Some(mut system) = system else {
        return Declared::Nothing(if format == Format::Shapefile && !has_prj {
            "there is no .prj file beside it".into()
        } else {
            format!("{place} names none")
        });
    };
    let name = system.name().unwrap_or_default();
    if name.to_lowercase().starts_with("undefined") || name.eq_ignore_ascii_case("unknown") {
        return Declared::Nothing(format!("{place} says that it is undefined"));
    }
    let code = |system: &SpatialRef| match system.authority().ok()?.split_once(':')? {
        ("EPSG", code) => code.parse().ok(),
        ("OGC", "CRS84" | "CRS84h") => Some(4326),
        _ => None,
    };
    let found = code(&system).or_else(|| {
        system.auto_identify_epsg().ok()?;
        code(&system)
    });
    // GDAL's guess about unnamed systems is no complaint about the file.
    let _ = complaints();
    match found {
        // WGS 84 with a height.
        Some(4979) => Declared::Epsg(4326, place),
        Some(epsg) => Declared::Epsg(epsg, place),
        None => Declared::Nameless(name, place),
    }
}

/// A `crs` member may name a system; one that is a link would make GDAL ask the network.
fn check_crs_member(file: &str, crs: Option<&str>) -> Result<bool, IngestError> {
    let Some(text) = crs else { return Ok(false) };
    let member: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    match member.get("type").and_then(serde_json::Value::as_str) {
        Some(kind) if kind.eq_ignore_ascii_case("name") => Ok(true),
        Some(kind) if kind.eq_ignore_ascii_case("epsg") => Ok(true),
        _ => Err(IngestError::Crs {
            file: file.to_owned(),
            reason: "its `crs` member names no system but something else (a link, say), which is \
                     not followed: take the member out and say the CRS with --crs"
                .into(),
        }),
    }
}

fn check_magic(path: &Path, file: &str, format: Format) -> Result<(), IngestError> {
    use std::io::Read;
    let mut head = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(16).read_to_end(&mut head))
        .map_err(|e| IngestError::Unreadable { path: path.to_owned(), reason: e.to_string() })?;
    let right: &[u8] = match format {
        Format::GeoPackage => b"SQLite format 3\0",
        Format::FlatGeobuf => b"fgb\x03fgb",
        Format::GeoJson | Format::Shapefile => b"",
    };
    if head.starts_with(right) {
        return Ok(());
    }
    Err(IngestError::Format {
        file: file.to_owned(),
        reason: format!(
            "it is no {}: its first bytes are not those of one; export it again",
            format.name()
        ),
    })
}

fn not_of_format(file: &str, format: Format, error: &GdalError) -> IngestError {
    let words = complaints().unwrap_or_else(|| error.to_string());
    IngestError::Format {
        file: file.to_owned(),
        reason: format!("it cannot be read as {}: {words}", format.name()),
    }
}

fn choose_layer(dataset: &Dataset, file: &str, wanted: Option<&str>) -> Result<usize, IngestError> {
    let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
    let list = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let wrong = |reason: String| Err(IngestError::Layer { file: file.to_owned(), reason });
    match (wanted, names.len()) {
        (_, 0) => wrong("it has no layer".into()),
        (Some(name), _) => names
            .iter()
            .position(|other| other == name)
            .map_or_else(|| wrong(format!("it has no layer `{name}`; it has {}", list())), Ok),
        (None, 1) => Ok(0),
        (None, _) => wrong(format!("it has several layers: say which with --layer: {}", list())),
    }
}
