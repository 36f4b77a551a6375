//! The plane in which is measured: which system the file's coordinates are in, whether they can be
//! that, and the way there and back.

use geo::{Centroid, CoordsIter};
use geo_types::{Coord, Geometry, MultiPolygon, Polygon};

use super::{AnalyseError, cells::MOST, job::Given};
use crate::{
    crs::{Epsg, WGS84, transform},
    ingest::{Declared, is_geographic, knows_epsg},
};

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

    /// The plane of a file that declares `declared`, as the flags `--crs` and `--metric` say.
    pub(super) fn settled(
        given: &Given,
        declared: &Declared,
        headings_say_degrees: bool,
        shapes: &[Option<Geometry<f64>>],
    ) -> Result<Self, AnalyseError> {
        let epsg = match (given.text("crs"), declared) {
            (Some("plane"), _) => return Ok(Self::AsGiven),
            (Some(text), _) => code("crs", text)?,
            (None, Declared::Epsg(epsg, _)) => *epsg,
            (None, Declared::Nameless(..) | Declared::Nothing(_)) if headings_say_degrees => 4326,
            (None, Declared::Nameless(..) | Declared::Nothing(_)) => return Ok(Self::AsGiven),
        };
        if !is_geographic(epsg) {
            return Ok(Self::Projected(Epsg(epsg)));
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
        Ok(Self::Degrees { from: Epsg(epsg), to: Epsg(to) })
    }
}

fn code(flag: &'static str, text: &str) -> Result<u32, AnalyseError> {
    let digits = text.trim_start_matches("EPSG:").trim_start_matches("epsg:");
    let epsg = digits.parse::<u32>().ok().filter(|epsg| knows_epsg(*epsg));
    epsg.ok_or_else(|| {
        AnalyseError::flag(flag, format!("{text}: no EPSG code that is known, such as 32648"))
    })
}

/// What speaks against measuring in a plane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The coordinates are degrees, and would be measured as metres: nothing can be said.
    Degrees(String),
    /// Lengths may not be what they seem.
    Lengths(String),
}

/// Looks at coordinates that are measured as they stand in the file.
pub(super) fn doubt(
    plane: &Plane,
    given: &Given,
    file: &str,
    shapes: &[Option<Geometry<f64>>],
) -> Option<Doubt> {
    let coords = || shapes.iter().flatten().flat_map(CoordsIter::coords_iter);
    coords().next()?;
    let within = |x: f64, y: f64| coords().all(|c| c.x.abs() <= x && c.y.abs() <= y);
    let swapped = !within(180.0, 90.0) && within(90.0, 180.0);
    let like_degrees = swapped || within(180.0, 90.0);
    let perhaps = if swapped { ", with latitude and longitude in each other's place" } else { "" };
    let first = if swapped { "put the longitude in x and the latitude in y and " } else { "" };
    match plane {
        Plane::Degrees { .. } => None,
        Plane::AsGiven if given.text("crs").is_some() => None,
        Plane::AsGiven if like_degrees => Some(Doubt::Degrees(format!(
            "{file}: the system of the coordinates is not known, and these look like degrees{perhaps}: \
             {first}say --crs 4326, or --crs plane where they are lengths in a plane"
        ))),
        Plane::AsGiven => Some(Doubt::Lengths(
            "the system of the coordinates is not known: they are taken as metres (--crs tells \
             which it is, --crs plane that this is right)"
                .into(),
        )),
        Plane::Projected(epsg) => like_degrees.then(|| {
            Doubt::Degrees(format!(
                "{file}: EPSG:{} has metres, and these coordinates look like degrees{perhaps}: \
                 {first}say --crs 4326, or --crs plane where they are lengths in a plane",
                epsg.0
            ))
        }),
    }
}

/// A coordinate of the shape that is larger than anything on the ground.
pub(super) fn boundless(shape: &Geometry<f64>) -> Option<f64> {
    shape.coords_iter().flat_map(|c| [c.x, c.y]).find(|it| it.is_nan() || it.abs() > MOST)
}

/// What is wrong with a shape in degrees.
pub(super) fn no_degrees(shape: &Geometry<f64>) -> Option<String> {
    let outside = |c: &Coord<f64>| !(c.x.abs() <= 180.0 && c.y.abs() <= 90.0);
    let Coord { x, y } = shape.coords_iter().find(outside)?;
    let (what, number, most) =
        if y.abs() <= 90.0 { ("longitude", x, 180) } else { ("latitude", y, 90) };
    let hint = if x.abs() <= 90.0 && y.abs() <= 180.0 {
        "; longitude and latitude seem to have changed places"
    } else if x.abs() > 360.0 && y.abs() > 360.0 {
        "; these look like metres: --crs says in which system"
    } else {
        ""
    };
    Some(format!("the {what} {number} lies outside of -{most} to {most}{hint}"))
}

/// What is said of a plane whose lengths are more than 1 % off.
const MOST_STRETCH: f64 = 0.01;

/// Looks whether the plane tells lengths as they are on the ground, in the middle of the shapes.
pub(super) fn stretched(plane: &Plane, shapes: &[Option<Geometry<f64>>]) -> Option<Doubt> {
    let epsg = plane.epsg()?;
    let mut here = [middle(shapes)?];
    transform(epsg, WGS84, &mut here).ok()?;
    if here[0].y.abs() > 89.0 {
        // No system of metres is meant for a pole, and PROJ would print a line of its own.
        return None;
    }
    let scale = scale(epsg, here[0])?;
    let off = (scale - 1.0).abs() * 100.0;
    let (by, way) = (usize::from(off < 10.0), if scale > 1.0 { "long" } else { "short" });
    let zone = zone(here[0]);
    let right = match plane {
        Plane::Degrees { .. } => format!("leave --metric out, or ask for --metric {zone}"),
        Plane::AsGiven | Plane::Projected(_) => {
            format!("bring the file to a system of that place, such as EPSG:{zone}")
        }
    };
    ((scale - 1.0).abs() > MOST_STRETCH).then(|| {
        Doubt::Lengths(format!(
            "EPSG:{} tells lengths {off:.by$} % too {way} in the middle of the data, and areas more: \
             {right}",
            epsg.0
        ))
    })
}

/// Length in the plane over length on the ellipsoid around a place in degrees, of east and north
/// the one that is farther off.
fn scale(epsg: Epsg, here: Coord<f64>) -> Option<f64> {
    const EQUATOR: f64 = 6_378_137.0;
    const SQUARED_ECCENTRICITY: f64 = 0.006_694_379_990_14;
    const STEP: f64 = 0.000_5;
    let (sin, cos) = here.y.to_radians().sin_cos();
    let flat = 1.0 - SQUARED_ECCENTRICITY * sin * sin;
    // Radii of curvature of the ellipsoid, Snyder (1987), Map projections, equations 4-18 and 4-20.
    let (east, north) =
        (EQUATOR / flat.sqrt() * cos, EQUATOR * (1.0 - SQUARED_ECCENTRICITY) / flat.powf(1.5));
    let ratio = |dx: f64, dy: f64, radius: f64| {
        let mut ends =
            [Coord { x: here.x - dx, y: here.y - dy }, Coord { x: here.x + dx, y: here.y + dy }];
        transform(WGS84, epsg, &mut ends).ok()?;
        let told = (ends[1].x - ends[0].x).hypot(ends[1].y - ends[0].y);
        Some(told / (radius * (2.0 * STEP).to_radians()))
    };
    let ratios = [ratio(STEP, 0.0, east)?, ratio(0.0, STEP, north)?];
    let off = |ratio: &f64| (ratio - 1.0).abs();
    ratios.into_iter().max_by(|a, b| off(a).total_cmp(&off(b)))
}

/// The mean of the centres of all shapes.
fn middle(shapes: &[Option<Geometry<f64>>]) -> Option<Coord<f64>> {
    let centres: Vec<Coord<f64>> =
        shapes.iter().filter_map(|shape| centre(shape.as_ref()?)).collect();
    let n = centres.len() as f64;
    (n > 0.0).then(|| Coord {
        x: centres.iter().map(|c| c.x).sum::<f64>() / n,
        y: centres.iter().map(|c| c.y).sum::<f64>() / n,
    })
}

/// The UTM zone of the middle of all shapes in degrees, as an EPSG code.
fn utm_zone(shapes: &[Option<Geometry<f64>>]) -> u32 {
    zone(middle(shapes).unwrap_or_default())
}

fn zone(Coord { x: lon, y: lat }: Coord<f64>) -> u32 {
    let zone = (((lon + 180.0) / 6.0).floor().clamp(0.0, 59.0) as u32) + 1;
    if lat < 0.0 { 32700 + zone } else { 32600 + zone }
}

/// Where a shape is: a point itself, of others the centroid.
pub(super) fn centre(shape: &Geometry<f64>) -> Option<Coord<f64>> {
    match shape {
        Geometry::Point(point) => Some(point.0),
        _ => shape.centroid().map(|point| point.0),
    }
}

/// The ground that a shape covers.
pub(super) fn outline(shape: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
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

#[cfg(test)]
mod tests {
    use geo_types::Point;

    use super::*;

    #[test]
    fn a_plane_that_stretches_is_told_with_how_much() {
        let told = |epsg, lon: f64, lat: f64| {
            let mut shape = Geometry::from(Point::new(lon, lat));
            project(&mut shape, WGS84, Epsg(epsg)).unwrap();
            let plane = Plane::Degrees { from: WGS84, to: Epsg(epsg) };
            match stretched(&plane, &[Some(shape)]) {
                Some(Doubt::Lengths(words) | Doubt::Degrees(words)) => words,
                None => String::new(),
            }
        };
        assert_eq!(told(32648, 103.2, 22.1), "");
        assert_eq!(told(3405, 103.2, 22.1), "");
        // 1/cos(22.1 N) = 1.0793 for lengths to the east, and 0.57 % more to the north.
        let mercator = told(3857, 103.2, 22.1);
        assert!(mercator.contains("8.5 % too long") && mercator.contains("32648"), "{mercator}");
        assert!(told(32633, 60.0, 22.1).contains("too long"));
    }

    #[test]
    fn what_cannot_be_degrees_is_told_with_a_guess_why() {
        let told = |x: f64, y: f64| no_degrees(&Point::new(x, y).into()).unwrap_or_default();
        assert_eq!(told(180.0, -90.0), "");
        assert_eq!(told(463.2, 22.0), "the longitude 463.2 lies outside of -180 to 180");
        assert!(told(22.1, 103.2).starts_with("the latitude 103.2 lies outside of -90 to 90; lon"));
        assert!(told(300_000.0, 2_400_000.0).contains("look like metres"));
    }
}
