//! Is an outline valid by OGC Simple Features (06-103r4 §6.1.11, §6.1.14)? With the places of
//! what is wrong, in O(n log n) for rings as surveyors draw them.
//!
//! `geo`'s own validation compares every segment with every other, which takes seconds for one
//! commune at full resolution, and lets rings pass that touch themselves at a vertex.

use geo::{
    coordinate_position::{CoordPos, coord_pos_relative_to_ring},
    kernels::{Kernel, Orientation, RobustKernel},
    line_intersection::{LineIntersection, line_intersection},
};
use geo_types::{Coord, Line, LineString, MultiPolygon};

/// Faults named before the rest are left unsaid.
const MOST_FAULTS: usize = 10;

/// Comparisons after which an outline counts as too tangled to check. The largest commune at full
/// resolution takes under a hundred thousandth of it.
const MOST_WORK: u64 = 400_000_000;

/// Every fault of `outline`, up to ten, in words. Its coordinates are finite and no vertex stands
/// twice in a row.
pub(super) fn faults(outline: &MultiPolygon<f64>) -> Vec<String> {
    let rings = rings(outline);
    let mut faults: Vec<String> = rings
        .iter()
        .filter(|ring| ring.line.0.len() < 4)
        .map(|ring| format!("{} needs three different vertices", ring.name()))
        .collect();
    if faults.is_empty() {
        let mut check = Check { rings: &rings, work: 0, faults: &mut faults, touching: Vec::new() };
        if check.crossings().is_none() || check.nesting().is_none() {
            faults.push("the outline is too tangled to be checked".into());
        }
    }
    faults.truncate(MOST_FAULTS);
    faults
}

struct Ring<'a> {
    polygon: usize,
    /// `None` for the exterior.
    hole: Option<usize>,
    line: &'a LineString<f64>,
    min: Coord<f64>,
    max: Coord<f64>,
}

impl Ring<'_> {
    fn name(&self) -> String {
        match self.hole {
            None => format!("polygon {}, exterior ring:", self.polygon + 1),
            Some(hole) => format!("polygon {}, hole {}:", self.polygon + 1, hole + 1),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }
}

fn rings(outline: &MultiPolygon<f64>) -> Vec<Ring<'_>> {
    let mut rings = Vec::new();
    for (polygon, shape) in outline.0.iter().enumerate() {
        let holes = shape.interiors().iter().enumerate().map(|(hole, line)| (Some(hole), line));
        for (hole, line) in std::iter::once((None, shape.exterior())).chain(holes) {
            let mut min = Coord { x: f64::INFINITY, y: f64::INFINITY };
            let mut max = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
            for c in &line.0 {
                min = Coord { x: min.x.min(c.x), y: min.y.min(c.y) };
                max = Coord { x: max.x.max(c.x), y: max.y.max(c.y) };
            }
            rings.push(Ring { polygon, hole, line, min, max });
        }
    }
    rings
}

/// A segment and where it stands in its ring.
struct Segment {
    line: Line<f64>,
    ring: usize,
    at: usize,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

struct Check<'a> {
    rings: &'a [Ring<'a>],
    work: u64,
    faults: &'a mut Vec<String>,
    /// Pairs of rings that touch at a point: they may still cross there.
    touching: Vec<(usize, usize)>,
}

impl Check<'_> {
    /// `None` when there is no budget left.
    fn spend(&mut self, work: usize) -> Option<()> {
        self.work += work as u64;
        (self.work <= MOST_WORK).then_some(())
    }

    /// Sweeps over the segments from west to east and compares those whose boxes meet.
    fn crossings(&mut self) -> Option<()> {
        let mut segments: Vec<Segment> = Vec::new();
        for (ring, it) in self.rings.iter().enumerate() {
            segments.extend(it.line.lines().enumerate().map(|(at, line)| Segment {
                line,
                ring,
                at,
                west: line.start.x.min(line.end.x),
                east: line.start.x.max(line.end.x),
                south: line.start.y.min(line.end.y),
                north: line.start.y.max(line.end.y),
            }));
        }
        segments.sort_by(|a, b| a.west.total_cmp(&b.west));
        let mut open: Vec<usize> = Vec::new();
        for (next, segment) in segments.iter().enumerate() {
            self.spend(open.len())?;
            open.retain(|&other| segments[other].east >= segment.west);
            for &other in &open {
                let other = &segments[other];
                if other.south <= segment.north && segment.south <= other.north {
                    self.compare(segment, other);
                    if self.faults.len() >= MOST_FAULTS {
                        return Some(());
                    }
                }
            }
            open.push(next);
        }
        Some(())
    }

    fn compare(&mut self, one: &Segment, two: &Segment) {
        let near = |c: Coord<f64>| format!("near ({:.6}, {:.6})", c.x, c.y);
        if one.ring == two.ring {
            let ring = &self.rings[one.ring];
            let count = ring.line.0.len() - 1;
            let (low, high) = (one.at.min(two.at), one.at.max(two.at));
            let neighbours = high - low == 1 || high - low == count - 1;
            let crossed = if neighbours {
                spike(one.line, two.line)
            } else {
                line_intersection(one.line, two.line).map(somewhere)
            };
            if let Some(place) = crossed {
                self.faults.push(format!(
                    "{} crosses or touches itself {}",
                    ring.name(),
                    near(place)
                ));
            }
            return;
        }
        let (a, b) = (one.ring.min(two.ring), one.ring.max(two.ring));
        let names = || format!("{} and {}", self.rings[a].name(), self.rings[b].name());
        match line_intersection(one.line, two.line) {
            Some(LineIntersection::SinglePoint { intersection, is_proper: true }) => {
                let fault = format!("{} they cross {}", names(), near(intersection));
                self.faults.push(fault);
            }
            Some(LineIntersection::Collinear { intersection })
                if intersection.start != intersection.end =>
            {
                let fault = format!("{} they share a line {}", names(), near(intersection.start));
                self.faults.push(fault);
            }
            Some(_) => self.touching.push((a, b)),
            None => {}
        }
    }

    /// Holes inside their exterior, beside each other; polygons beside each other.
    fn nesting(&mut self) -> Option<()> {
        if !self.faults.is_empty() {
            return Some(());
        }
        self.touching.sort_unstable();
        self.touching.dedup();
        for a in 0..self.rings.len() {
            for b in 0..self.rings.len() {
                if a == b {
                    continue;
                }
                self.spend(1)?;
                let (inner, outer) = (&self.rings[a], &self.rings[b]);
                let own_hole =
                    inner.polygon == outer.polygon && inner.hole.is_some() && outer.hole.is_none();
                if !own_hole && !inner.meets(outer) {
                    continue;
                }
                let touching = self.touching.binary_search(&(a.min(b), a.max(b))).is_ok();
                let (inside, outside) = self.sides(inner.line, outer.line, touching)?;
                self.judge(a, b, inside, outside)?;
                if self.faults.len() >= MOST_FAULTS {
                    return Some(());
                }
            }
        }
        Some(())
    }

    /// Whether `ring` has points inside and outside of `other`. Where they do not touch, one point
    /// speaks for all.
    fn sides(
        &mut self,
        ring: &LineString<f64>,
        other: &LineString<f64>,
        touching: bool,
    ) -> Option<(bool, bool)> {
        let (mut inside, mut outside) = (false, false);
        for line in ring.lines() {
            let middle = (line.start + line.end) / 2.0;
            for probe in [line.start, middle] {
                self.spend(other.0.len())?;
                match coord_pos_relative_to_ring(probe, other) {
                    CoordPos::Inside => inside = true,
                    CoordPos::Outside => outside = true,
                    CoordPos::OnBoundary => {}
                }
            }
            if !touching && (inside || outside) {
                break;
            }
        }
        Some((inside, outside))
    }

    fn judge(&mut self, a: usize, b: usize, inside: bool, outside: bool) -> Option<()> {
        let (inner, outer) = (&self.rings[a], &self.rings[b]);
        let fault = match (inner.hole, outer.hole) {
            (Some(_), None) if inner.polygon == outer.polygon => {
                outside.then(|| format!("{} lies outside of its exterior ring", inner.name()))
            }
            (Some(_), Some(_)) if inner.polygon == outer.polygon => {
                inside.then(|| format!("{} lies inside another hole", inner.name()))
            }
            (None, None) if inside => {
                // Inside the other's exterior is right only inside one of its holes.
                let polygon = outer.polygon;
                let mut in_hole = false;
                for ring in self.rings {
                    if ring.polygon == polygon && ring.hole.is_some() && ring.meets(inner) {
                        let (inside, outside) = self.sides(inner.line, ring.line, true)?;
                        in_hole |= inside && !outside;
                    }
                }
                (!in_hole).then(|| format!("{} overlaps polygon {}", inner.name(), polygon + 1))
            }
            _ => None,
        };
        self.faults.extend(fault);
        Some(())
    }
}

/// Where two neighbouring segments run back over each other.
fn spike(one: Line<f64>, two: Line<f64>) -> Option<Coord<f64>> {
    let (tip, a, b) = if one.end == two.start {
        (one.end, one.start, two.end)
    } else if two.end == one.start {
        (two.end, two.start, one.end)
    } else {
        return None;
    };
    let flat = RobustKernel::orient2d(a, tip, b) == Orientation::Collinear;
    let back = (a.x - tip.x) * (b.x - tip.x) + (a.y - tip.y) * (b.y - tip.y) > 0.0;
    (flat && back).then_some(tip)
}

fn somewhere(found: LineIntersection<f64>) -> Coord<f64> {
    match found {
        LineIntersection::SinglePoint { intersection, .. } => intersection,
        LineIntersection::Collinear { intersection } => intersection.start,
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{Polygon, coord};
    use proptest::prelude::*;

    use super::*;

    fn ring(coords: &[(f64, f64)]) -> LineString<f64> {
        coords.iter().copied().collect()
    }

    fn square(x: f64, y: f64, side: f64) -> LineString<f64> {
        ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
    }

    fn polygon(exterior: LineString<f64>, holes: Vec<LineString<f64>>) -> MultiPolygon<f64> {
        Polygon::new(exterior, holes).into()
    }

    #[test]
    fn sound_outlines_pass() {
        let touching_hole = ring(&[(0.0, 5.0), (2.0, 4.0), (2.0, 6.0), (0.0, 5.0)]);
        for sound in [
            polygon(square(0.0, 0.0, 10.0), vec![]),
            polygon(square(0.0, 0.0, 10.0), vec![square(1.0, 1.0, 2.0), square(5.0, 5.0, 2.0)]),
            polygon(square(0.0, 0.0, 10.0), vec![touching_hole]),
            MultiPolygon(vec![
                Polygon::new(square(0.0, 0.0, 1.0), vec![]),
                Polygon::new(square(1.0, 1.0, 1.0), vec![]),
            ]),
            // An island in a lake.
            MultiPolygon(vec![
                Polygon::new(square(0.0, 0.0, 10.0), vec![square(2.0, 2.0, 6.0)]),
                Polygon::new(square(4.0, 4.0, 1.0), vec![]),
            ]),
        ] {
            assert_eq!(faults(&sound), Vec::<String>::new(), "{sound:?}");
        }
    }

    #[test]
    fn each_fault_is_found_and_named() {
        let cases = [
            (
                polygon(
                    ring(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]),
                    vec![],
                ),
                "crosses or touches itself",
            ),
            (
                polygon(
                    ring(&[(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (2.0, 3.0), (0.0, 0.0)]),
                    vec![],
                ),
                "crosses or touches itself",
            ),
            (
                polygon(square(0.0, 0.0, 10.0), vec![square(20.0, 20.0, 1.0)]),
                "outside of its exterior",
            ),
            (polygon(square(0.0, 0.0, 10.0), vec![square(9.0, 5.0, 3.0)]), "cross"),
            (
                polygon(square(0.0, 0.0, 10.0), vec![square(1.0, 1.0, 5.0), square(2.0, 2.0, 1.0)]),
                "inside another hole",
            ),
            (polygon(square(0.0, 0.0, 10.0), vec![square(0.0, 2.0, 3.0)]), "share a line"),
            (
                MultiPolygon(vec![
                    Polygon::new(square(0.0, 0.0, 10.0), vec![]),
                    Polygon::new(square(2.0, 2.0, 1.0), vec![]),
                ]),
                "overlaps",
            ),
            (
                polygon(ring(&[(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]), vec![]),
                "three different vertices",
            ),
        ];
        for (outline, said) in cases {
            let found = faults(&outline);
            assert!(found.iter().any(|fault| fault.contains(said)), "{said}: {found:?}");
        }
    }

    #[test]
    fn a_hundred_thousand_vertices_take_no_time() {
        let count = 100_000;
        let wave = (0..count).map(|i| {
            let angle = f64::from(i) / f64::from(count) * std::f64::consts::TAU;
            let radius = 1.0 + 0.01 * (angle * 500.0).sin();
            coord! { x: radius * angle.cos(), y: radius * angle.sin() }
        });
        let mut line = LineString(wave.collect());
        line.close();
        assert_eq!(faults(&polygon(line, vec![])), Vec::<String>::new());
    }

    proptest! {
        /// The sweep is only a short cut: it must find what comparing every pair finds.
        #[test]
        fn the_sweep_agrees_with_every_pair(
            corners in proptest::collection::vec((0_i32..12, 0_i32..12), 3..12),
        ) {
            let mut line: LineString<f64> =
                corners.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
            line.0.dedup();
            line.close();
            prop_assume!(line.0.len() >= 4);
            let lines: Vec<_> = line.lines().collect();
            let mut crossed = false;
            for i in 0..lines.len() {
                for j in 0..i {
                    let neighbours = i - j == 1 || i - j == lines.len() - 1;
                    crossed |= if neighbours {
                        spike(lines[i], lines[j]).is_some()
                    } else {
                        line_intersection(lines[i], lines[j]).is_some()
                    };
                }
            }
            prop_assert_eq!(!faults(&polygon(line, vec![])).is_empty(), crossed);
        }
    }
}
