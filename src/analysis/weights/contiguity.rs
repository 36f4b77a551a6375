//! Who borders on whom: queen and rook contiguity of polygons, also where lines do not quite match.
//!
//! Without a tolerance as libpysal: queen neighbours have a vertex in common, rook neighbours a
//! whole edge, both exactly; a vertex in the middle of the neighbour's edge is not seen. With a
//! tolerance t (in the units of the plane) lines count and no longer vertices: queen neighbours
//! come within t of each other somewhere, rook neighbours run within t of each other over more
//! than [`ROOK_STRETCH`] tolerances in all. Two corners that meet come near over two tolerances and
//! are no rooks; nor can a common edge shorter than about two tolerances be told from them. A strip
//! narrower than t does not part the two on its sides. Only outlines are compared: a polygon drawn
//! wholly inside another, far from its lines, is not its neighbour.
//!
//! Cost: without a tolerance a sort of all vertices or edges; with one, edges lie in buckets about
//! as wide as an edge is long and are compared within buckets only.

use std::sync::atomic::{AtomicUsize, Ordering};

use geo_types::{Coord, MultiPolygon};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use thiserror::Error;

use super::{
    MOST_LINKS, Neighbours,
    bins::Bins,
    edges::{Edge, edges, meet, stretch_near},
};
use crate::analysis::geometry::bounds::bounds;

/// What makes two polygons neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contiguity {
    /// A common point is enough.
    Queen,
    /// A common stretch of line is needed.
    Rook,
}

impl Contiguity {
    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queen => "queen",
            Self::Rook => "rook",
        }
    }
}

/// Rook neighbours run together over more than this many tolerances.
pub const ROOK_STRETCH: f64 = 4.0;

/// Why there is no contiguity.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum NoContiguity {
    /// A tolerance that is none.
    #[error("a tolerance of {0}: it must be 0 or more")]
    Tolerance(f64),
    /// The tolerance is so wide that most are neighbours of most.
    #[error("a tolerance of {0} is too wide for these outlines: it makes most of them neighbours")]
    TooWide(f64),
}

/// The neighbours among `outlines` (coordinates finite, in one plane, the tolerance in the same
/// units). An outline without rings has no neighbours.
///
/// # Errors
///
/// [`NoContiguity`].
pub fn contiguity(
    outlines: &[MultiPolygon<f64>],
    kind: Contiguity,
    tolerance: f64,
) -> Result<Neighbours, NoContiguity> {
    if !(tolerance >= 0.0 && tolerance.is_finite()) {
        return Err(NoContiguity::Tolerance(tolerance));
    }
    if tolerance == 0.0 {
        let pairs = match kind {
            Contiguity::Queen => alike(edges(outlines).map(|edge| (bits(edge.from), edge.of))),
            Contiguity::Rook => alike(edges(outlines).map(|edge| {
                let ends = [bits(edge.from), bits(edge.to)];
                ((ends[0].min(ends[1]), ends[0].max(ends[1])), edge.of)
            })),
        };
        return Ok(Neighbours::from_pairs(outlines.len(), pairs));
    }
    let edges: Vec<Edge> = edges(outlines).collect();
    let buckets = Buckets::of(&edges, tolerance);
    // The edges of one polygon lie together.
    let polygons: Vec<&[Edge]> = edges.chunk_by(|a, b| a.of == b.of).collect();
    let near = |polygon: &[Edge]| {
        let found = match kind {
            Contiguity::Queen => buckets.touched(polygon),
            Contiguity::Rook => buckets.run_along(polygon),
        }?;
        let me = polygon[0].of as usize;
        Ok(found.into_iter().map(|other| (me, other as usize)).collect())
    };
    let found: Vec<Vec<_>> =
        polygons.into_par_iter().map(near).collect::<Result<_, NoContiguity>>()?;
    if found.iter().map(Vec::len).sum::<usize>() > MOST_LINKS {
        return Err(NoContiguity::TooWide(tolerance));
    }
    Ok(Neighbours::from_pairs(outlines.len(), found.into_iter().flatten()))
}

/// A place as it is written, the two zeros alike.
fn bits(at: Coord<f64>) -> (u64, u64) {
    ((at.x + 0.0).to_bits(), (at.y + 0.0).to_bits())
}

/// Pairs of units that have a key in common.
fn alike<K: Ord + Send>(keyed: impl Iterator<Item = (K, u32)>) -> Vec<(usize, usize)> {
    let mut keyed: Vec<(K, u32)> = keyed.collect();
    keyed.par_sort_unstable();
    keyed.dedup();
    let mut pairs = Vec::new();
    for group in keyed.chunk_by(|a, b| a.0 == b.0) {
        for (at, (_, one)) in group.iter().enumerate() {
            pairs.extend(group[at + 1..].iter().map(|(_, other)| (*one as usize, *other as usize)));
        }
    }
    pairs
}

/// Edges in the buckets that they run through.
struct Buckets<'e> {
    edges: &'e [Edge],
    bins: Bins,
    tolerance: f64,
    /// How far around an edge its neighbours are looked for: the tolerance and a shade.
    reach: f64,
    compared: AtomicUsize,
}

/// More comparisons than anybody waits for.
const MOST_COMPARED: usize = 4_000_000_000;

impl<'e> Buckets<'e> {
    fn of(edges: &'e [Edge], tolerance: f64) -> Self {
        let mut lengths: Vec<f64> = edges.iter().map(Edge::length).collect();
        let mean = lengths.iter().sum::<f64>() / lengths.len().max(1) as f64;
        let middle = lengths.len() / 2;
        let median = if lengths.is_empty() {
            0.0
        } else {
            *lengths.select_nth_unstable_by(middle, f64::total_cmp).1
        };
        let around =
            bounds(edges.iter().flat_map(|edge| [&edge.from, &edge.to])).unwrap_or_default();
        // As wide as most edges are long; and not so narrow that a few long ones, which run
        // through many buckets, fill the memory.
        let bins = Bins::over(around, median.max(mean / 8.0).max(tolerance));
        let mut placed = Vec::with_capacity(edges.len() * 3);
        for (number, edge) in (0_u32..).zip(edges) {
            for (row, west, east) in through(&bins, edge, 0.0) {
                placed.extend((west..=east).map(|col| (row, col, number)));
            }
        }
        let bins = bins.filled(placed.into_iter());
        let reach = tolerance * (1.0 + 1e-9) + bins.side() * 1e-6;
        Self { edges, bins, tolerance, reach, compared: AtomicUsize::new(0) }
    }

    /// Shows `each` the edges of other polygons that may lie within the tolerance of `edge`, some
    /// of them more than once.
    fn beside(&self, edge: &Edge, mut each: impl FnMut(&Edge)) -> Result<(), NoContiguity> {
        for (row, west, east) in through(&self.bins, edge, self.reach) {
            let there = self.bins.between(row, west, east);
            // Whether the sum passes the bound does not depend on who adds first.
            let before = self.compared.fetch_add(there.len(), Ordering::Relaxed);
            if before + there.len() > MOST_COMPARED {
                return Err(NoContiguity::TooWide(self.tolerance));
            }
            for (_, other) in there {
                let other = &self.edges[*other as usize];
                if other.of != edge.of {
                    each(other);
                }
            }
        }
        Ok(())
    }

    /// The polygons of a higher number that come within the tolerance of these edges of one.
    fn touched(&self, edges: &[Edge]) -> Result<Vec<u32>, NoContiguity> {
        let mut found: Vec<u32> = Vec::new();
        for edge in edges {
            self.beside(edge, |other| {
                let news = other.of > edge.of && !found.contains(&other.of);
                if news && meet(edge, other, self.tolerance) {
                    found.push(other.of);
                }
            })?;
        }
        Ok(found)
    }

    /// The polygons that run along these edges of one, within the tolerance and far enough.
    fn run_along(&self, edges: &[Edge]) -> Result<Vec<u32>, NoContiguity> {
        let enough = ROOK_STRETCH * self.tolerance;
        let mut stretches: FxHashMap<u32, f64> = FxHashMap::default();
        let mut near: Vec<(u32, f64, f64)> = Vec::new();
        for edge in edges {
            near.clear();
            self.beside(edge, |other| {
                if stretches.get(&other.of).is_none_or(|length| *length <= enough)
                    && let Some((from, to)) = stretch_near(edge, other, self.tolerance)
                {
                    near.push((other.of, from, to));
                }
            })?;
            near.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            for of_one in near.chunk_by(|a, b| a.0 == b.0) {
                let mut seen = f64::NEG_INFINITY;
                let stretch = stretches.entry(of_one[0].0).or_default();
                for (_, from, to) in of_one {
                    *stretch += (to - from.max(seen)).max(0.0);
                    seen = seen.max(*to);
                }
            }
        }
        Ok(stretches.into_iter().filter(|(_, length)| *length > enough).map(|(of, _)| of).collect())
    }
}

/// The buckets that come within `reach` of an edge: rows, each with its first and last column.
fn through(bins: &Bins, edge: &Edge, reach: f64) -> impl Iterator<Item = (u32, u32, u32)> {
    let (low, high) =
        if edge.from.y <= edge.to.y { (edge.from, edge.to) } else { (edge.to, edge.from) };
    let (first, last) = (bins.row(low.y - reach), bins.row(high.y + reach));
    let slope = if high.y > low.y { (high.x - low.x) / (high.y - low.y) } else { 0.0 };
    let flat = high.y - low.y <= 2.0 * bins.side();
    (first..=last).map(move |row| {
        let (mut one, mut other) = (low.x, high.x);
        if !flat {
            // Only the part of the edge that is near this row.
            let south = (bins.south(row) - reach).clamp(low.y, high.y);
            let north = (bins.south(row + 1) + reach).clamp(low.y, high.y);
            // A shade of a bucket on either side makes up for rounding.
            one = low.x + slope * (south - low.y);
            other = low.x + slope * (north - low.y);
        }
        let shade = reach + bins.side() * 1e-6;
        (row, bins.col(one.min(other) - shade), bins.col(one.max(other) + shade))
    })
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, Polygon, polygon};
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn outline(ring: &[(f64, f64)]) -> MultiPolygon<f64> {
        let mut ring: LineString<f64> = ring.iter().copied().collect();
        ring.close();
        MultiPolygon(vec![Polygon::new(ring, Vec::new())])
    }

    fn square(x: f64, y: f64, side: f64) -> MultiPolygon<f64> {
        outline(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
    }

    fn pairs(found: &Neighbours) -> Vec<(usize, u32)> {
        let of =
            |at| found.of(at).iter().map(move |to| (at, *to)).filter(|(a, b)| *a < *b as usize);
        (0..found.len()).flat_map(of).collect()
    }

    fn linked(outlines: &[MultiPolygon<f64>], kind: Contiguity, t: f64) -> Vec<(usize, u32)> {
        pairs(&contiguity(outlines, kind, t).unwrap())
    }

    use Contiguity::{Queen, Rook};

    #[test]
    fn corners_make_queens_and_edges_make_rooks() {
        let four = [
            square(0.0, 0.0, 10.0),
            square(10.0, 0.0, 10.0),
            square(0.0, 10.0, 10.0),
            square(10.0, 10.0, 10.0),
        ];
        let rooks = [(0, 1), (0, 2), (1, 3), (2, 3)];
        let queens = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        for tolerance in [0.0, 0.001, 0.1, 1.0, 2.0] {
            assert_eq!(linked(&four, Queen, tolerance), queens, "{tolerance}");
            assert_eq!(linked(&four, Rook, tolerance), rooks, "{tolerance}");
        }
        // An edge of 10 and what is near around its corners, 6 on either side, are less than 24.
        assert_eq!(linked(&four, Rook, 6.0), []);
    }

    #[test]
    fn badly_matched_lines_are_found_within_the_tolerance() {
        // A gap of 0.3, and no vertex in common.
        let pair = [
            square(0.0, 0.0, 10.0),
            outline(&[(10.3, -2.0), (20.0, -2.0), (20.0, 8.0), (10.3, 8.0), (10.2, 3.0)]),
        ];
        for kind in [Queen, Rook] {
            assert_eq!(linked(&pair, kind, 0.0), []);
            assert_eq!(linked(&pair, kind, 0.1), []);
            assert_eq!(linked(&pair, kind, 0.4), [(0, 1)]);
        }
        // Lines that cross, far from any vertex.
        let crossing =
            [square(0.0, 0.0, 100.0), outline(&[(50.0, 50.0), (150.0, 40.0), (150.0, 60.0)])];
        assert_eq!(linked(&crossing, Queen, 0.5), [(0, 1)]);
        // A vertex in the middle of the neighbour's edge.
        let middle = [square(0.0, 0.0, 10.0), outline(&[(10.0, 5.0), (20.0, 0.0), (20.0, 9.0)])];
        assert_eq!(linked(&middle, Queen, 0.0), []);
        assert_eq!(linked(&middle, Queen, 0.001), [(0, 1)]);
        assert_eq!(linked(&middle, Rook, 0.001), []);
    }

    #[test]
    fn holes_islands_and_nothing() {
        let ring = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0)],
            interiors: [[(x: 3.0, y: 3.0), (x: 3.0, y: 6.0), (x: 6.0, y: 6.0), (x: 6.0, y: 3.0)]]
        );
        let all =
            [ring.into(), square(3.0, 3.0, 3.0), square(50.0, 0.0, 5.0), MultiPolygon(Vec::new())];
        for tolerance in [0.0, 0.2] {
            assert_eq!(linked(&all, Rook, tolerance), [(0, 1)]);
            assert_eq!(linked(&all, Queen, tolerance), [(0, 1)]);
            assert!(contiguity(&[], Queen, tolerance).unwrap().is_empty());
            assert_eq!(linked(&all[3..], Rook, tolerance), []);
        }
        assert_eq!(contiguity(&all, Queen, -1.0), Err(NoContiguity::Tolerance(-1.0)));
        assert!(contiguity(&all, Queen, f64::NAN).is_err());
    }

    proptest! {
        /// The buckets are only a short cut: they must find what comparing all edges finds.
        #[test]
        fn buckets_agree_with_the_slow_loop(
            boxes in vec((-30_i8..30, -30_i8..30, 1_u8..20, -6_i8..6), 0..25),
            tenths in 1_u8..60,
            scale in prop_oneof![Just(1.0), Just(1e-4), Just(2e3)],
        ) {
            let tolerance = f64::from(tenths) / 10.0 * scale;
            let outlines: Vec<_> = boxes
                .iter()
                .map(|(x, y, side, lean)| {
                    let at = |dx: i32, dy: i32| {
                        let x = f64::from(i32::from(*x) + dx) + 0.01 * f64::from(dy);
                        (x * scale + 5e5 * scale, f64::from(i32::from(*y) + dy) * scale)
                    };
                    let (side, lean) = (i32::from(*side), i32::from(*lean));
                    outline(&[at(0, 0), at(side, lean), at(side + lean, side), at(lean, side + 1)])
                })
                .collect();
            let all: Vec<Edge> = edges(&outlines).collect();
            let of = |one: usize| all.iter().filter(move |edge| edge.of as usize == one);
            let slow = |kind: Contiguity, one: usize, other: usize| match kind {
                Queen => of(one).any(|a| of(other).any(|b| meet(a, b, tolerance))),
                Rook => [(one, other), (other, one)].into_iter().any(|(one, other)| {
                    let length = |a: &Edge| {
                        let mut near: Vec<_> =
                            of(other).filter_map(|b| stretch_near(a, b, tolerance)).collect();
                        near.sort_by(|a, b| a.partial_cmp(b).unwrap());
                        let mut seen = f64::NEG_INFINITY;
                        near.iter().fold(0.0, |sum, (from, to)| {
                            let more = (to - from.max(seen)).max(0.0);
                            seen = seen.max(*to);
                            sum + more
                        })
                    };
                    of(one).map(length).sum::<f64>() > ROOK_STRETCH * tolerance
                }),
            };
            for kind in [Queen, Rook] {
                let expected: Vec<_> = (0..outlines.len())
                    .flat_map(|one| (one + 1..outlines.len()).map(move |other| (one, other)))
                    .filter(|(one, other)| slow(kind, *one, *other))
                    .map(|(one, other)| (one, other as u32))
                    .collect();
                prop_assert_eq!(linked(&outlines, kind, tolerance), expected);
            }
        }

        /// Without a tolerance: common corners, common edges, by comparing all.
        #[test]
        fn sorting_agrees_with_the_slow_loop(
            boxes in vec((-4_i8..4, -4_i8..4, 1_u8..4), 0..25),
        ) {
            let outlines: Vec<_> = boxes
                .iter()
                .map(|(x, y, side)| square(f64::from(*x), f64::from(*y), f64::from(*side)))
                .collect();
            let ends = |at: usize| {
                outlines[at].0[0].exterior().0.windows(2).map(|it| (it[0], it[1])).collect::<Vec<_>>()
            };
            let corner = |one: usize, other: usize| {
                ends(one).iter().any(|(a, _)| ends(other).iter().any(|(b, _)| a == b))
            };
            let edge = |one: usize, other: usize| {
                let same = |a: &(_, _), b: &(_, _)| a == b || (a.0 == b.1 && a.1 == b.0);
                ends(one).iter().any(|a| ends(other).iter().any(|b| same(a, b)))
            };
            for (kind, slow) in
                [(Queen, &corner as &dyn Fn(usize, usize) -> bool), (Rook, &edge)]
            {
                let expected: Vec<_> = (0..outlines.len())
                    .flat_map(|one| (one + 1..outlines.len()).map(move |other| (one, other)))
                    .filter(|(one, other)| slow(*one, *other))
                    .map(|(one, other)| (one, other as u32))
                    .collect();
                prop_assert_eq!(linked(&outlines, kind, 0.0), expected);
            }
        }
    }
}
