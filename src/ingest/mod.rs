//! A file becomes events, or reasons why not.
//!
//! `read_file` picks the reader by the file's ending (`ogr` for GDAL's formats, `table` for CSV),
//! `mapping` finds which column is which field and `personal` drops those that carry a person,
//! `judge` says which CRS it is, one file a kind turns rows into facts, `validate` and
//! `duplicates` look at the facts together, and `report` says all of it. Nothing is stored here.

mod boundaries;
mod codes;
mod contradiction;
mod dates;
mod draft;
mod duplicates;
mod error;
mod field_tables;
mod fields;
mod fit;
mod gate;
mod geojson_scan;
mod ground;
mod heading;
mod identity;
mod judge;
mod mapping;
mod numbers;
mod ogr;
mod outreach;
mod patrols;
mod personal;
mod plots;
mod raw;
mod read;
mod report;
mod request;
mod row;
mod schema;
mod settle;
mod shapefile;
mod sheet;
mod table;
mod text_input;
mod validate;

pub use error::IngestError;
pub use fields::{FieldSpec, What, fields_of};
pub use heading::key as heading_key;
pub use mapping::{Mapping, MappingError};
pub use ogr::{is_geographic, knows_epsg, shape_from_wkt};
pub use raw::{Declared, Shape as RawShape, Value as RawValue};
pub use read::read_file;
pub use report::{
    CrsReport, DroppedColumn, Example, ImportReport, MappedColumn, PersonalColumn, Reason,
    RejectedRow, Warning,
};
pub use request::{
    BoundaryDefaults, ChildCentre, Context, ImportRequest, KnownPlot, Limits, Progress, Reading,
    RowFilter, Silent,
};
pub use schema::schema_of;
pub use sheet::{Sheet, read_sheet};
