//! One square of the Web Mercator pyramid.

use std::f64::consts::PI;

use geo_types::Coord;
use thiserror::Error;

use crate::domain::{Extent, Metres};

/// Grid units along one side of a tile.
pub const EXTENT: i32 = 4096;

/// Grid units beyond each side that are drawn too, so that a symbol on an edge is whole: 16 px of
/// a tile shown at 512 px.
pub const BUFFER: i32 = 128;

/// From this zoom on one grid unit is under 0.6 m, and nothing is merged or smoothed any more.
const WHOLE_FROM: u8 = 14;

/// Half the length of the equator in metres, as Web Mercator has it.
const HALF_EQUATOR: f64 = 20_037_508.342_789_244;

/// The outermost latitude of Web Mercator.
const MAX_LATITUDE: f64 = 85.051_128_779_806_59;

/// One square of the Web Mercator pyramid, counted from the north-west as OGC's `WebMercatorQuad`
/// and XYZ do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    zoom: u8,
    row: u32,
    column: u32,
}

/// Three numbers that name no tile.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "zoom {zoom}, row {row}, column {column} is no tile: zoom runs from 0 to 22, row and column \
     from 0 to 2^zoom - 1"
)]
pub struct NotATile {
    /// The first number.
    pub zoom: u64,
    /// The second number.
    pub row: u64,
    /// The third number.
    pub column: u64,
}

impl Tile {
    /// The last zoom that is answered.
    pub const MAX_ZOOM: u8 = 22;

    /// Accepts a tile of zoom 0 to 22.
    ///
    /// # Errors
    ///
    /// [`NotATile`] for a zoom, row or column that does not exist.
    pub fn new(zoom: u64, row: u64, column: u64) -> Result<Self, NotATile> {
        let wrong = NotATile { zoom, row, column };
        let level = u8::try_from(zoom).map_err(|_| wrong)?;
        if level > Self::MAX_ZOOM || row >= 1 << level || column >= 1 << level {
            return Err(wrong);
        }
        let number = |n: u64| u32::try_from(n).map_err(|_| wrong);
        Ok(Self { zoom: level, row: number(row)?, column: number(column)? })
    }

    /// The tile at `zoom` that holds a place.
    pub fn holding(zoom: u8, place: Coord<f64>) -> Self {
        let zoom = zoom.min(Self::MAX_ZOOM);
        let last = (1_u32 << zoom) - 1;
        let (x, y) = mercator(place);
        let number = |part: f64| ((part * f64::from(1_u32 << zoom)) as u32).min(last);
        Self { zoom, row: number(y), column: number(x) }
    }

    /// Zoom, row, column.
    pub fn get(self) -> (u8, u32, u32) {
        (self.zoom, self.row, self.column)
    }

    /// The rectangle that the tile shows, buffer included, in degrees.
    pub fn extent(self) -> Extent {
        let side = f64::from(1_u32 << self.zoom);
        let over = f64::from(BUFFER) / f64::from(EXTENT);
        let lon = |column: f64| (column / side * 360.0 - 180.0).clamp(-180.0, 180.0);
        let lat = |row: f64| {
            let y = PI * (1.0 - 2.0 * row / side);
            y.sinh().atan().to_degrees().clamp(-90.0, 90.0)
        };
        let (row, column) = (f64::from(self.row), f64::from(self.column));
        // Always a rectangle: lon and lat are clamped and rise with their argument.
        Extent::new(
            lon(column - over),
            lat(row + 1.0 + over),
            lon(column + 1.0 + over),
            lat(row - over),
        )
        .unwrap_or(Extent::WORLD)
    }

    /// What lies closer together than this cannot be told apart on a screen, where a dot is wider:
    /// eight pixels of a tile shown at 512 px, measured at its middle. So a tile holds some
    /// thousands of points at most, out of a million plots too. `None` from the zoom on at which
    /// every plot is drawn by itself.
    pub fn resolution(self) -> Option<Metres> {
        if self.zoom >= WHOLE_FROM {
            return None;
        }
        let side = f64::from(1_u32 << self.zoom);
        let middle = PI * (1.0 - 2.0 * (f64::from(self.row) + 0.5) / side);
        let shrink = 1.0 / middle.cosh();
        Metres::new(2.0 * HALF_EQUATOR * shrink / side / 64.0).ok()
    }

    /// By how many grid units a line may be smoothed: an eighth of a pixel.
    pub(super) fn tolerance(self) -> f64 {
        if self.zoom >= WHOLE_FROM { 0.0 } else { 1.0 }
    }

    /// Where a place lies on the tile's grid, not rounded: x to the east, y to the south.
    pub(super) fn place(self, place: Coord<f64>) -> Coord<f64> {
        let side = f64::from(1_u32 << self.zoom);
        let (x, y) = mercator(place);
        Coord {
            x: (x * side - f64::from(self.column)) * f64::from(EXTENT),
            y: (y * side - f64::from(self.row)) * f64::from(EXTENT),
        }
    }
}

/// A place as parts of the whole map: 0 to 1 from west to east and from north to south.
fn mercator(place: Coord<f64>) -> (f64, f64) {
    let lat = place.y.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
    (place.x / 360.0 + 0.5, 0.5 - lat.tan().asinh() / (2.0 * PI))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_in_its_tile_at_every_zoom() {
        let place = Coord { x: 102.7, y: 22.4 };
        for zoom in 0..=Tile::MAX_ZOOM {
            let at = Tile::holding(zoom, place).place(place);
            assert!((0.0..4096.0).contains(&at.x) && (0.0..4096.0).contains(&at.y), "{zoom}");
        }
        assert_eq!(Tile::holding(8, place).get(), (8, 111, 201));
    }

    #[test]
    fn tiles_that_do_not_exist_are_refused() {
        assert!(Tile::new(0, 0, 0).is_ok());
        for (zoom, row, column) in [(0, 1, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (u64::MAX, 0, 0)] {
            assert!(Tile::new(zoom, row, column).is_err());
        }
    }

    #[test]
    fn extents_are_in_range_and_hold_the_tile() {
        assert_eq!(Tile::new(0, 0, 0).unwrap().extent().get()[0], -180.0);
        let [west, south, east, north] =
            Tile::holding(8, Coord { x: 102.7, y: 22.4 }).extent().get();
        assert!(west < 102.7 && 102.7 < east && south < 22.4 && 22.4 < north);
    }
}
