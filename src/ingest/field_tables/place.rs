//! The fields that say where something is.

use crate::ingest::fields::{FieldSpec, What, field};

pub(super) const LON: FieldSpec = field(
    "lon",
    What::Longitude,
    "kinh độ, độ thập phân",
    "longitude, decimal degrees east",
    &["lon", "long", "longitude", "lng", "kinh độ", "kinh độ (E)", "gps_lon", "_gps_longitude"],
);
pub(super) const LAT: FieldSpec = field(
    "lat",
    What::Latitude,
    "vĩ độ, độ thập phân",
    "latitude, decimal degrees north",
    &["lat", "latitude", "vĩ độ", "vĩ độ (N)", "gps_lat", "_gps_latitude"],
);
pub(super) const X: FieldSpec = field(
    "x",
    What::East,
    "tọa độ hướng đông (m); bản đồ Việt Nam thường gọi là Y",
    "coordinate to the east (m); Vietnamese maps often call it Y",
    &["x", "easting", "east", "tọa độ x", "x_coord", "point_x", "đông", "e"],
);
pub(super) const Y: FieldSpec = field(
    "y",
    What::North,
    "tọa độ hướng bắc (m); bản đồ Việt Nam thường gọi là X",
    "coordinate to the north (m); Vietnamese maps often call it X",
    &["y", "northing", "north", "tọa độ y", "y_coord", "point_y", "bắc", "n"],
);
pub(super) const WKT: FieldSpec = field(
    "wkt",
    What::Wkt,
    "hình dạng viết theo WKT",
    "geometry as WKT",
    &["wkt", "geometry_wkt", "wkt_geom", "geom", "geometry", "the_geom", "hình học"],
);
