//! GeoPackage, written by GDAL: one layer, typed columns, the feature's id as its primary key.
//!
//! What must be said with the data stands in the layer's description and in its metadata
//! (`gpkg_metadata`), which QGIS shows among the layer's properties.

use std::path::Path;

use gdal::{
    Dataset, DriverManager, Metadata,
    config::{clear_thread_local_config_option, set_thread_local_config_option},
    errors::GdalError,
    spatial_ref::{AxisMappingStrategy, SpatialRef},
    vector::{
        Feature, FieldDefn, FieldValue, LayerAccess, LayerOptions, OGRFieldType,
        OGRwkbGeometryType, ToGdal, sql::Dialect,
    },
};

use super::{About, EncodeError};
use crate::layers::{
    Features, GeometryKind, Layer, LayerFeature, Property, Shape, Value, ValueKind,
};

/// Rows that one transaction holds, so that memory stays flat.
const BATCH: usize = 20_000;

/// Writes features into a new GeoPackage at `path`, which must not exist; gives back how many.
///
/// The same features give the same bytes: the file's own dates are those of the question.
///
/// # Errors
///
/// [`EncodeError::Gdal`] where GDAL cannot write there.
pub fn write_gpkg(
    path: &Path,
    layer: &dyn Layer,
    mut features: Features<'_>,
    limit: Option<usize>,
    about: &About,
) -> Result<usize, EncodeError> {
    let _date = FixedDate::set(about)?;
    let mut file = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(path)?;
    let index = add_layer(&mut file, layer, about)?;
    let mut left = limit.unwrap_or(usize::MAX);
    let mut rows = 0;
    loop {
        let batch = left.min(BATCH);
        let transaction = file.start_transaction()?;
        let table = transaction.layer(0)?;
        let mut done = 0;
        for feature in features.by_ref().take(batch) {
            write_row(&table, &index, &feature)?;
            done += 1;
        }
        transaction.commit()?;
        rows += done;
        left -= done;
        if done < BATCH {
            break;
        }
    }
    mark_booleans(&file, layer)?;
    file.close()?;
    Ok(rows)
}

/// GDAL's clock for files written on this thread.
struct FixedDate;

const CLOCK: &str = "OGR_CURRENT_DATE";

impl FixedDate {
    fn set(about: &About) -> Result<Self, GdalError> {
        if let Some(today) = about.today {
            set_thread_local_config_option(CLOCK, &format!("{today}T00:00:00.000Z"))?;
        }
        Ok(Self)
    }
}

impl Drop for FixedDate {
    fn drop(&mut self) {
        // Nothing to do about an error: the option is only a name in a table.
        let _ = clear_thread_local_config_option(CLOCK);
    }
}

/// Makes the layer with its columns; gives back the place of the id and of each property.
fn add_layer(
    file: &mut Dataset,
    layer: &dyn Layer,
    about: &About,
) -> Result<Vec<usize>, GdalError> {
    let mut crs = SpatialRef::from_epsg(4326)?;
    crs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let title = format!("IDENTIFIER={} / {}", layer.title().vi, layer.title().en);
    let said = about.line_in_full();
    let description =
        format!("DESCRIPTION={} / {} {said}", layer.description().vi, layer.description().en);
    let mut table = file.create_layer(LayerOptions {
        name: layer.id(),
        srs: Some(&crs),
        ty: match layer.geometry() {
            GeometryKind::Point => OGRwkbGeometryType::wkbPoint,
            GeometryKind::MultiLineString => OGRwkbGeometryType::wkbMultiLineString,
            GeometryKind::MultiPolygon => OGRwkbGeometryType::wkbMultiPolygon,
        },
        options: Some(&["FID=id", "GEOMETRY_NAME=geom", &title, &description]),
    })?;
    // A column with the key's own name sets the key; the gdal crate has no other way to.
    FieldDefn::new("id", OGRFieldType::OFTInteger64)?.add_to_layer(&table)?;
    for property in layer.properties() {
        FieldDefn::new(property.name, column(property))?.add_to_layer(&table)?;
    }
    table.set_metadata_item("revision", &about.revision.0.to_string(), "")?;
    if let Some(today) = about.today {
        table.set_metadata_item("today", &today.to_string(), "")?;
    }
    table.set_metadata_item("simulated", &about.simulated.to_string(), "")?;
    table.set_metadata_item("approximate", &about.approximate.to_string(), "")?;
    if !said.is_empty() {
        table.set_metadata_item("source_notes", &said, "")?;
    }
    let defn = table.defn();
    std::iter::once("id")
        .chain(layer.properties().iter().map(|property| property.name))
        .map(|name| defn.field_index(name))
        .collect()
}

fn column(property: &Property) -> OGRFieldType::Type {
    match property.kind {
        ValueKind::Bool => OGRFieldType::OFTInteger,
        ValueKind::Integer => OGRFieldType::OFTInteger64,
        ValueKind::Real => OGRFieldType::OFTReal,
        ValueKind::Text => OGRFieldType::OFTString,
        ValueKind::Date => OGRFieldType::OFTDate,
    }
}

fn write_row(
    table: &gdal::vector::Layer<'_>,
    index: &[usize],
    feature: &LayerFeature<'_>,
) -> Result<(), GdalError> {
    let mut row = Feature::new(table.defn())?;
    let (id, columns) = index.split_first().map_or((0, index), |(id, rest)| (*id, rest));
    row.set_field_integer64(id, feature.id.cast_signed())?;
    for (column, value) in columns.iter().zip(&feature.values) {
        match value {
            Value::Null | Value::NotAsked => row.set_field_null(*column)?,
            Value::Bool(yes) => row.set_field_integer(*column, i32::from(*yes))?,
            Value::Integer(number) => row.set_field_integer64(*column, *number)?,
            Value::Real(number) => row.set_field(*column, &FieldValue::RealValue(*number))?,
            // A NUL cannot be told to GDAL; no source of ours can hold one.
            Value::Text(text) => row.set_field_string(*column, &text.replace('\0', ""))?,
            Value::Date(day) => row.set_field_string(*column, &day.to_string())?,
        }
    }
    row.set_geometry(match &feature.shape {
        Shape::Point(point) => point.to_gdal()?,
        Shape::Lines(lines) => lines.to_gdal()?,
        Shape::Area(area) => area.to_gdal()?,
    })?;
    row.create(table)
}

/// Says of the columns of yes and no that they are such. The gdal crate cannot give a column a
/// subtype, and in SQLite the declared type is nothing but a word in the schema.
fn mark_booleans(file: &Dataset, layer: &dyn Layer) -> Result<(), GdalError> {
    let booleans: Vec<_> =
        layer.properties().iter().filter(|property| property.kind == ValueKind::Bool).collect();
    if booleans.is_empty() {
        return Ok(());
    }
    let run = |sql: &str| file.execute_sql(sql, None, Dialect::DEFAULT).map(drop);
    run("PRAGMA writable_schema = ON")?;
    for property in booleans {
        // Ids of layers and names of properties are words of this program.
        run(&format!(
            "UPDATE sqlite_master SET sql = replace(sql, '\"{0}\" MEDIUMINT', '\"{0}\" BOOLEAN') \
             WHERE type = 'table' AND name = '{1}'",
            property.name,
            layer.id()
        ))?;
    }
    run("PRAGMA writable_schema = RESET")
}
