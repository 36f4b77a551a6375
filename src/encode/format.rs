//! The formats that an answer can have.

use std::{fmt, str::FromStr};

/// A format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// JSON that is no GeoJSON: links, descriptions.
    Json,
    /// RFC 7946.
    GeoJson,
    /// JSON Schema.
    Schema,
    /// A page for people.
    Html,
    /// A table with longitude and latitude, or the shape as WKT.
    Csv,
    /// GeoPackage 1.2.
    GeoPackage,
    /// GeoTIFF 1.1: values on a lattice.
    GeoTiff,
    /// Mapbox Vector Tile 2.1.
    Mvt,
    /// TileJSON 3.0.0.
    TileJson,
    /// MapLibre style.
    MapLibre,
    /// QGIS style.
    Qml,
    /// OpenAPI 3.0.
    OpenApi,
}

/// Whether bytes of a format are worth compressing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressWhen {
    /// From this many bytes on.
    AtLeast(usize),
    /// Never: such files are opened by ranges, or are compressed already.
    Never,
}

impl Format {
    /// The media type of an answer.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json | Self::TileJson => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::Schema => "application/schema+json",
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::GeoTiff => "image/tiff; application=geotiff",
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::MapLibre => "application/vnd.mapbox.style+json",
            Self::Qml => "application/vnd.qgis.qml+xml",
            Self::OpenApi => "application/vnd.oai.openapi+json;version=3.0",
        }
    }

    /// The media type without parameters, as links and `Accept` have it.
    pub fn bare(self) -> &'static str {
        match self {
            // Their parameters name what is in the JSON, and in the picture.
            Self::OpenApi | Self::GeoTiff => self.media_type(),
            _ => self.media_type().split(';').next().unwrap_or_default(),
        }
    }

    /// What `f=` calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json | Self::Schema | Self::OpenApi => "json",
            Self::GeoJson => "geojson",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::GeoPackage => "gpkg",
            Self::GeoTiff => "tif",
            Self::Mvt => "mvt",
            Self::TileJson => "tilejson",
            Self::MapLibre => "mapbox",
            Self::Qml => "qml",
        }
    }

    /// The ending of a file.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::MapLibre | Self::Schema | Self::OpenApi => "json",
            _ => self.word(),
        }
    }

    /// Whether its bytes are worth compressing.
    pub const fn compress(self) -> CompressWhen {
        match self {
            Self::GeoPackage | Self::GeoTiff => CompressWhen::Never,
            _ => CompressWhen::AtLeast(1024),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Format {
    type Err = String;

    /// Reads a format that a layer can be exported in: `geojson`, `csv`, `gpkg`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "geojson" | "json" => Ok(Self::GeoJson),
            "csv" => Ok(Self::Csv),
            "gpkg" | "geopackage" => Ok(Self::GeoPackage),
            _ => Err(format!("format `{text}` is unknown: use geojson, csv or gpkg")),
        }
    }
}
