//! Shapes rounded to the tile's grid, as the commands of the specification (§4.3).

use geo_types::Coord;

use super::{
    clip,
    tile::{BUFFER, EXTENT, Tile},
};
use crate::layers::Shape;

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// The kind of a geometry, as its number in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// Commands of one feature.
#[derive(Debug, Default)]
struct Pen {
    commands: Vec<u32>,
    at: [i32; 2],
}

impl Pen {
    fn go(&mut self, command: u32, places: &[[i32; 2]]) {
        self.commands.push((places.len() as u32) << 3 | command);
        for place in places {
            for (axis, to) in place.iter().enumerate() {
                let step = to - self.at[axis];
                self.commands.push(((step << 1) ^ (step >> 31)) as u32);
            }
            self.at = *place;
        }
    }

    fn line(&mut self, line: &[[i32; 2]]) {
        self.go(MOVE_TO, &line[..1]);
        self.go(LINE_TO, &line[1..]);
    }

    fn ring(&mut self, ring: &[[i32; 2]]) {
        self.line(ring);
        self.commands.push(1 << 3 | CLOSE_PATH);
    }
}

/// The commands that draw `shape` on `tile`; `None` where none of it lies there.
pub(super) fn draw(tile: Tile, shape: &Shape<'_>) -> Option<(Kind, Vec<u32>)> {
    let mut pen = Pen::default();
    let kind = match shape {
        Shape::Point(point) => {
            let at = tile.place(point.0);
            if clip::holds(at) {
                pen.go(MOVE_TO, &[round(at)]);
            }
            Kind::Point
        }
        Shape::Lines(lines) => {
            for line in lines.iter() {
                let places: Vec<_> = line.0.iter().map(|at| tile.place(*at)).collect();
                for piece in clip::line(&places) {
                    draw_line(&mut pen, &piece, tile.tolerance());
                }
            }
            Kind::Line
        }
        Shape::Area(area) => {
            let mut swallowed: Option<Coord<f64>> = None;
            for polygon in area.iter() {
                let place = |ring: &geo_types::LineString<f64>| -> Vec<Coord<f64>> {
                    let open = ring.0.split_last().map_or(&[][..], |(_, open)| open);
                    clip::ring(open.iter().map(|at| tile.place(*at)).collect())
                };
                let outer = place(polygon.exterior());
                let Some(first) = outer.first().copied() else { continue };
                let Some(ring) = round_ring(&outer, tile.tolerance(), true) else {
                    swallowed = swallowed.or(Some(first));
                    continue;
                };
                pen.ring(&ring);
                for hole in polygon.interiors() {
                    if let Some(ring) = round_ring(&place(hole), tile.tolerance(), false) {
                        pen.ring(&ring);
                    }
                }
            }
            // Only where nothing else of the feature is drawn: it must not get lost.
            if let (true, Some(first)) = (pen.commands.is_empty(), swallowed) {
                pen.ring(&smallest_square(first));
            }
            Kind::Polygon
        }
    };
    (!pen.commands.is_empty()).then_some((kind, pen.commands))
}

/// A line that the grid would swallow becomes one unit long: a command without a step is invalid.
fn draw_line(pen: &mut Pen, piece: &[Coord<f64>], tolerance: f64) {
    let mut rounded = smooth(&distinct(piece), tolerance);
    // A way out and back within the tolerance has both of its ends in one place.
    rounded.dedup();
    if let [only] = rounded[..] {
        let east = if only[0] < EXTENT + BUFFER { 1 } else { -1 };
        rounded.push([only[0] + east, only[1]]);
    }
    if rounded.len() > 1 {
        pen.line(&rounded);
    }
}

/// A ring on the grid, wound as the specification wants it: outer ones with a positive area where
/// y points down. `None` where it has no area left.
fn round_ring(ring: &[Coord<f64>], tolerance: f64, outer: bool) -> Option<Vec<[i32; 2]>> {
    let mut closed = distinct(ring);
    if closed.first() == closed.last() {
        closed.pop();
    }
    if closed.len() < 3 {
        return None;
    }
    closed.push(closed[0]);
    // Smoothed in two halves, so that the far end of the ring stays.
    let far = (1..closed.len() - 1).max_by_key(|at| square(closed[*at], closed[0]))?;
    let mut smoothed = smooth(&closed[..=far], tolerance);
    smoothed.pop();
    smoothed.extend(smooth(&closed[far..], tolerance));
    smoothed.pop();
    let mut ring = if smoothed.len() >= 3 && doubled_area(&smoothed) != 0 {
        smoothed
    } else {
        closed.pop();
        closed
    };
    match doubled_area(&ring) {
        0 => None,
        area => {
            if (area > 0) != outer {
                ring.reverse();
            }
            Some(ring)
        }
    }
}

fn smallest_square(at: Coord<f64>) -> [[i32; 2]; 4] {
    let [x, y] = round(at).map(|n| n.clamp(-BUFFER, EXTENT + BUFFER - 1));
    [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]
}

fn round(at: Coord<f64>) -> [i32; 2] {
    [at.x.round() as i32, at.y.round() as i32]
}

/// Rounded, each place once in a row.
fn distinct(line: &[Coord<f64>]) -> Vec<[i32; 2]> {
    let mut rounded: Vec<[i32; 2]> = line.iter().map(|at| round(*at)).collect();
    rounded.dedup();
    rounded
}

fn square(a: [i32; 2], b: [i32; 2]) -> i64 {
    let (x, y) = (i64::from(a[0] - b[0]), i64::from(a[1] - b[1]));
    x * x + y * y
}

/// Twice the area by the surveyor's formula.
fn doubled_area(ring: &[[i32; 2]]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]))
        .sum()
}

/// Douglas and Peucker (1973): leaves out places nearer than `tolerance` to the line without
/// them; with zero, only those on it. Ends stay.
fn smooth(line: &[[i32; 2]], tolerance: f64) -> Vec<[i32; 2]> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut open = vec![(0, line.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|at| (at, distance(line[at], line[from], line[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, off)) = farthest
            && off > tolerance
        {
            keep[at] = true;
            open.push((from, at));
            open.push((at, to));
        }
    }
    line.iter().zip(keep).filter_map(|(at, keep)| keep.then_some(*at)).collect()
}

/// From a place to a segment.
fn distance(at: [i32; 2], from: [i32; 2], to: [i32; 2]) -> f64 {
    let float = |p: [i32; 2]| Coord { x: f64::from(p[0]), y: f64::from(p[1]) };
    let (at, from, to) = (float(at), float(from), float(to));
    let (step, off) = (to - from, at - from);
    let length = step.x * step.x + step.y * step.y;
    let part = if length == 0.0 {
        0.0
    } else {
        ((off.x * step.x + off.y * step.y) / length).clamp(0.0, 1.0)
    };
    (off.x - part * step.x).hypot(off.y - part * step.y)
}
