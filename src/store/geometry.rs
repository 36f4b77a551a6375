//! GeoPackage geometry (OGC 12-128r18 §2.1.3) by hand: a header and little-endian WKB. Only what
//! we write ourselves is read back.

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon, Rect};

use crate::domain::{Extent, Footprint, Position};

/// Magic, version 0, flags, EPSG:4326. Bit 0 of the flags: little-endian; bit 1: an envelope.
const HEAD: [u8; 3] = [b'G', b'P', 0];
const FLAGS_BARE: u8 = 0b0000_0001;
const FLAGS_ENVELOPE: u8 = 0b0000_0011;
const SRS_ID: i32 = 4326;

const POINT: u32 = 1;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_LINE_STRING: u32 = 5;
const MULTI_POLYGON: u32 = 6;

/// Bytes of one geometry, its memory used again for the next.
#[derive(Default)]
pub(super) struct Bytes {
    buffer: Vec<u8>,
    /// The rectangle around what was written last.
    pub(super) extent: Option<Extent>,
}

impl Bytes {
    pub(super) fn get(&self) -> &[u8] {
        &self.buffer
    }

    pub(super) fn point(&mut self, position: Position) -> &[u8] {
        let at = position.coord();
        self.start(None);
        self.extent = Some(Extent::around(Rect::new(at, at)));
        self.shape(POINT);
        self.coord(at);
        self.get()
    }

    pub(super) fn outline(&mut self, outline: &Footprint) -> &[u8] {
        self.start(Some(outline.extent()));
        self.shape(MULTI_POLYGON);
        self.count(outline.get().0.len());
        for polygon in outline.get() {
            self.shape(POLYGON);
            self.count(1 + polygon.interiors().len());
            self.line(polygon.exterior());
            polygon.interiors().iter().for_each(|ring| self.line(ring));
        }
        self.get()
    }

    /// A line without vertices has no extent, and no place on a map.
    pub(super) fn lines(&mut self, lines: &MultiLineString<f64>) -> &[u8] {
        let extent = geo::BoundingRect::bounding_rect(lines).map(Extent::around);
        self.start(extent);
        self.shape(MULTI_LINE_STRING);
        self.count(lines.0.len());
        for line in lines {
            self.shape(LINE_STRING);
            self.line(line);
        }
        self.get()
    }

    fn start(&mut self, extent: Option<Extent>) {
        self.buffer.clear();
        self.buffer.extend(HEAD);
        self.buffer.push(if extent.is_some() { FLAGS_ENVELOPE } else { FLAGS_BARE });
        self.buffer.extend(SRS_ID.to_le_bytes());
        if let Some([west, south, east, north]) = extent.map(Extent::get) {
            for number in [west, east, south, north] {
                self.buffer.extend(number.to_le_bytes());
            }
        }
        self.extent = extent;
    }

    fn shape(&mut self, shape: u32) {
        self.buffer.push(1);
        self.buffer.extend(shape.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.buffer.extend((count as u32).to_le_bytes());
    }

    fn coord(&mut self, at: Coord<f64>) {
        self.buffer.extend(at.x.to_le_bytes());
        self.buffer.extend(at.y.to_le_bytes());
    }

    fn line(&mut self, line: &LineString<f64>) {
        self.count(line.0.len());
        line.0.iter().for_each(|at| self.coord(*at));
    }
}

/// What a geometry column may hold.
#[derive(Debug, PartialEq)]
pub(super) enum Shape {
    Point(Position),
    Outline(Footprint),
    Lines(MultiLineString<f64>),
}

/// Reads one of ours back; `None` for bytes that we cannot have written.
pub(super) fn read(bytes: &[u8]) -> Option<Shape> {
    let mut at = Reader(bytes);
    if at.take::<3>()? != HEAD {
        return None;
    }
    let [flags] = at.take()?;
    if i32::from_le_bytes(at.take()?) != SRS_ID {
        return None;
    }
    match flags {
        FLAGS_BARE => {}
        FLAGS_ENVELOPE => drop(at.take::<32>()?),
        _ => return None,
    }
    let shape = match at.shape()? {
        POINT => {
            let Coord { x, y } = at.coord()?;
            Shape::Point(Position::new(x, y).ok()?)
        }
        MULTI_LINE_STRING => Shape::Lines(MultiLineString(at.many(|at| {
            (at.shape()? == LINE_STRING).then_some(())?;
            at.line()
        })?)),
        MULTI_POLYGON => {
            let polygons = at.many(|at| {
                (at.shape()? == POLYGON).then_some(())?;
                let mut rings = at.many(Reader::line)?.into_iter();
                Some(Polygon::new(rings.next()?, rings.collect()))
            })?;
            if polygons.is_empty() {
                return None;
            }
            Shape::Outline(Footprint::stored(MultiPolygon(polygons)))
        }
        _ => return None,
    };
    at.0.is_empty().then_some(shape)
}

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn shape(&mut self) -> Option<u32> {
        let [order] = self.take()?;
        (order == 1).then_some(u32::from_le_bytes(self.take()?))
    }

    /// As many as the bytes say, but never more than they can hold: a forged count must not ask
    /// for all the memory.
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = u32::from_le_bytes(self.take()?) as usize;
        let mut all = Vec::with_capacity(count.min(self.0.len() / 4));
        for _ in 0..count {
            all.push(one(self)?);
        }
        Some(all)
    }

    fn coord(&mut self) -> Option<Coord<f64>> {
        let (x, y) = (f64::from_le_bytes(self.take()?), f64::from_le_bytes(self.take()?));
        (x.is_finite() && y.is_finite()).then_some(Coord { x, y })
    }

    fn line(&mut self) -> Option<LineString<f64>> {
        let vertices = self.many(Self::coord)?;
        (vertices.len() >= 2).then_some(LineString(vertices))
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, polygon};
    use proptest::prelude::*;

    use super::*;

    fn outline() -> Footprint {
        let shape = polygon!(
            exterior: [(x: 103.0, y: 22.0), (x: 103.1, y: 22.0), (x: 103.1, y: 22.1), (x: 103.0, y: 22.1)],
            interiors: [[(x: 103.02, y: 22.02), (x: 103.02, y: 22.04), (x: 103.04, y: 22.04)]]);
        Footprint::new(&MultiPolygon(vec![shape])).unwrap()
    }

    #[test]
    fn every_shape_comes_back_as_it_was() {
        let mut bytes = Bytes::default();
        let position = Position::new(103.25, 22.5).unwrap();
        assert_eq!(read(bytes.point(position)), Some(Shape::Point(position)));
        let outline = outline();
        assert_eq!(read(bytes.outline(&outline)), Some(Shape::Outline(outline.clone())));
        assert_eq!(bytes.extent, Some(outline.extent()));
        let lines = MultiLineString(vec![line_string![(x: 1.0, y: 2.0), (x: 3.0, y: -4.0)]]);
        assert_eq!(read(bytes.lines(&lines)), Some(Shape::Lines(lines)));
    }

    proptest! {
        /// Bytes that were cut or changed are refused or read, but never a panic.
        #[test]
        fn damaged_bytes_do_no_harm(cut in 0_usize..400, at in 0_usize..400, to: u8) {
            let mut bytes = Bytes::default();
            let mut damaged = bytes.outline(&outline()).to_vec();
            damaged.truncate(cut);
            if let Some(byte) = damaged.get_mut(at) {
                *byte = to;
            }
            drop(read(&damaged));
        }
    }
}
