//! Where a row is: its geometry or its columns of coordinates, turned to WGS 84 and looked at.

use std::cell::RefCell;

use geo::{BoundingRect, Centroid, Contains, CoordsIter, InteriorPoint, MapCoordsInPlace};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point};

use super::{
    judge::{has_unit_of, in_degrees, is_plausible},
    ogr::shape_from_wkt,
    raw::Shape,
    row::Row,
};
use crate::{
    crs::{Epsg, WGS84, transform},
    domain::{Footprint, Position},
};

/// Degrees of longitude beyond which an outline is no outline but a mistake.
const WIDEST: f64 = 180.0;

/// The place of a row in WGS 84 degrees. `None` where the row has none (no reason is added) or a
/// wrong one (a reason is).
pub fn place_of(row: &mut Row<'_>) -> Option<Geometry<f64>> {
    let geometry = match &row.raw.shape {
        Shape::Of(geometry) => Some(geometry.clone()),
        Shape::None => from_columns(row),
        Shape::Empty(name) => {
            let wrong = format!(
                "is a {name} without coordinates, or with one that is no number (NaN, say)"
            );
            row.reject("geometry", "", wrong, "give it coordinates");
            None
        }
        Shape::Unsupported(name) => {
            let wrong = format!("is a {name}, which is not read");
            row.reject("geometry", "", wrong, "points, lines or polygons (arcs as lines)");
            None
        }
    }?;
    to_degrees(row, geometry)
}

/// Whether the row says where it is, rightly or wrongly.
pub fn has_place(row: &Row<'_>) -> bool {
    row.raw.shape != Shape::None || ["lon", "lat", "x", "y", "wkt"].iter().any(|f| row.says(f))
}

fn from_columns(row: &mut Row<'_>) -> Option<Geometry<f64>> {
    if let Some(text) = row.text("wkt") {
        return match shape_from_wkt(&text) {
            Ok(Shape::Of(geometry)) => Some(geometry),
            Ok(_) => {
                row.reject("wkt", text, "has no coordinates that are read", "POINT (103.1 22.4)");
                None
            }
            Err(wrong) => {
                row.reject("wkt", text, wrong, "");
                None
            }
        };
    }
    let (east, north) =
        if row.says("lon") || row.says("lat") { ("lon", "lat") } else { ("x", "y") };
    for (missing, there) in [(east, north), (north, east)] {
        if row.says(there) && !row.says(missing) {
            row.reject(missing, "", "is missing", format!("both {east} and {north}"));
        }
    }
    let (x, y) = (row.number(east), row.number(north));
    Some(Point::new(x?, y?).into())
}

fn to_degrees(row: &mut Row<'_>, mut geometry: Geometry<f64>) -> Option<Geometry<f64>> {
    if let Some(wrong) = geometry.coords_iter().find(|c| !c.x.is_finite() || !c.y.is_finite()) {
        let value = format!("({}, {})", wrong.x, wrong.y);
        row.reject("geometry", value, "has a coordinate that is no number", "give it a number");
        return None;
    }
    let crs = row.env.crs;
    let first = geometry.coords_iter().next()?;
    if in_wrong_unit(crs, &geometry) {
        reject_place(row, first, &format!("has no place in EPSG:{}", crs.0));
        return None;
    }
    if crs != WGS84 {
        let mut coords: Vec<Coord<f64>> = geometry.coords_iter().collect();
        if let Err(error) = transform(crs, WGS84, &mut coords) {
            reject_place(row, first, &error.to_string());
            return None;
        }
        let changed = RefCell::new(coords.into_iter());
        // The same walk over the same geometry: as many coordinates come out as went in.
        geometry.map_coords_in_place(|coord| changed.borrow_mut().next().unwrap_or(coord));
    }
    let pack = row.env.context.pack;
    let rect = geometry.bounding_rect()?;
    let inside = is_plausible(rect.min(), pack) && is_plausible(rect.max(), pack);
    if !inside {
        let outside = [rect.min(), rect.max()].into_iter().find(|c| !is_plausible(*c, pack));
        let outside = outside.unwrap_or(rect.min());
        let reach = match pack.plausible_extent {
            Some([west, south, east, north]) => format!(
                "lies at ({:.5}, {:.5}), outside of this deployment (longitude {west} to {east}, \
                 latitude {south} to {north})",
                outside.x, outside.y
            ),
            None => {
                format!("({}, {}) is no longitude and latitude in degrees", outside.x, outside.y)
            }
        };
        reject_place(row, first, &reach);
        return None;
    }
    if rect.width() > WIDEST {
        let wrong = format!("spans {:.0}° of longitude: it runs across the world", rect.width());
        row.reject("geometry", "", wrong, "cut it at the 180th meridian, or mend its coordinates");
        return None;
    }
    Some(geometry)
}

/// Whether a coordinate is in metres where the system has degrees, or the other way round.
fn in_wrong_unit(crs: Epsg, geometry: &Geometry<f64>) -> bool {
    geometry
        .bounding_rect()
        .is_some_and(|rect| !has_unit_of(crs, rect.min()) || !has_unit_of(crs, rect.max()))
}

fn reject_place(row: &mut Row<'_>, first: Coord<f64>, wrong: &str) {
    let swapped = Coord { x: first.y, y: first.x };
    let pack = row.env.context.pack;
    let would_fit = in_degrees(row.env.crs, swapped).is_some_and(|place| is_plausible(place, pack));
    let right = if would_fit {
        "exchanged, the two numbers would fit: x is east (longitude), y is north (latitude); \
         exchange them, nothing is swapped silently"
    } else {
        "mend the coordinates, or say their system with --crs"
    };
    let field = match row.raw.shape {
        Shape::None if row.env.mapped.place("lon").is_some() => "lon",
        Shape::None if row.env.mapped.place("x").is_some() => "x",
        _ => "geometry",
    };
    row.reject(field, format!("({}, {})", first.x, first.y), wrong, right);
}

/// The outline of a polygon, proved valid; every fault is a reason of the row.
pub fn outline_of(row: &mut Row<'_>, polygons: &MultiPolygon<f64>) -> Option<Footprint> {
    match Footprint::new(polygons) {
        Ok(footprint) => Some(footprint),
        Err(fault) => {
            for wrong in fault.faults {
                row.reject("geometry", "", format!("is no valid outline: {wrong}"), {
                    "mend it where it is drawn (in QGIS: Check validity, Fix geometries)"
                });
            }
            None
        }
    }
}

/// The polygons of a geometry, where it is made of polygons.
pub fn polygons_of(geometry: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}

/// The point of a geometry, where it is one.
pub fn point_of(geometry: &Geometry<f64>) -> Option<Point<f64>> {
    match geometry {
        Geometry::Point(point) => Some(*point),
        Geometry::MultiPoint(points) if points.0.len() == 1 => Some(points.0[0]),
        _ => None,
    }
}

/// The lines of a geometry, where it is made of lines: repeated points taken out, parts of a single
/// place left out (their number beside it).
pub fn lines_of(geometry: &Geometry<f64>) -> Option<(MultiLineString<f64>, usize)> {
    let lines = match geometry {
        Geometry::LineString(line) => vec![line.clone()],
        Geometry::MultiLineString(lines) => lines.0.clone(),
        _ => return None,
    };
    let all = lines.len();
    let kept: Vec<LineString<f64>> = lines
        .into_iter()
        .map(|mut line| {
            line.0.dedup();
            line
        })
        .filter(|line| line.0.len() >= 2)
        .collect();
    let left_out = all - kept.len();
    Some((MultiLineString(kept), left_out))
}

/// A word for the kind of geometry.
pub fn name_of(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "a point",
        Geometry::MultiPoint(_) => "several points",
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "a line",
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => "a polygon",
        Geometry::Rect(_) | Geometry::Triangle(_) | Geometry::GeometryCollection(_) => {
            "a collection"
        }
    }
}

/// A place inside an outline: its centroid, or where that lies outside a point that does not.
/// Rounded to 0.1 mm, so that the vertex at which a ring begins changes nothing.
pub fn inside(outline: &Footprint) -> Option<Position> {
    let centroid = outline.get().centroid()?;
    let point = if outline.get().contains(&centroid) {
        centroid
    } else {
        outline.get().interior_point()?
    };
    let round = |degrees: f64| (degrees * 1e9).round() / 1e9;
    Position::new(round(point.x()), round(point.y())).ok()
}

/// Metres between two near places in degrees, on the ellipsoid's radii at their middle latitude:
/// within 0.1 % up to some kilometres. (The metric CRS of the deployment does not reach everywhere
/// that a file may lie.)
pub fn metres_between(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (per_lon, per_lat) = metres_per_degree(f64::midpoint(a.y, b.y));
    ((a.x - b.x) * per_lon).hypot((a.y - b.y) * per_lat)
}

/// Metres of a degree of longitude and of latitude (WGS 84).
pub fn metres_per_degree(latitude: f64) -> (f64, f64) {
    const A: f64 = 6_378_137.0;
    const E2: f64 = 0.006_694_379_990_14;
    let (sin, cos) = latitude.to_radians().sin_cos();
    let w = (1.0 - E2 * sin * sin).sqrt();
    let per_degree = std::f64::consts::PI / 180.0;
    (A / w * cos * per_degree, A * (1.0 - E2) / (w * w * w) * per_degree)
}
