//! The edges of outlines: where two come near each other, and over what stretch.

use geo_types::{Coord, MultiPolygon};

/// An edge of the outline of polygon `of`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) of: u32,
    pub(super) from: Coord<f64>,
    pub(super) to: Coord<f64>,
}

impl Edge {
    pub(super) fn length(&self) -> f64 {
        (self.to.x - self.from.x).hypot(self.to.y - self.from.y)
    }
}

/// All edges of some length, polygon by polygon.
pub(super) fn edges(outlines: &[MultiPolygon<f64>]) -> impl Iterator<Item = Edge> + '_ {
    (0_u32..).zip(outlines).flat_map(|(of, outline)| {
        let rings = outline
            .iter()
            .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        rings
            .flat_map(move |ring| {
                ring.0.windows(2).map(move |ends| Edge { of, from: ends[0], to: ends[1] })
            })
            .filter(|edge| edge.from != edge.to)
    })
}

/// Whether two edges come within `tolerance` of each other.
pub(super) fn meet(a: &Edge, b: &Edge, tolerance: f64) -> bool {
    let side = |edge: &Edge, at: Coord<f64>| {
        let (along, to) = (edge.to - edge.from, at - edge.from);
        along.x * to.y - along.y * to.x
    };
    // Where rounding hides that they cross, an end of one lies on the other, and is seen below.
    let across =
        |edge: &Edge, other: &Edge| (side(edge, other.from) > 0.0) != (side(edge, other.to) > 0.0);
    let near = |at: Coord<f64>, edge: &Edge| {
        let (along, to) = (edge.to - edge.from, at - edge.from);
        let share =
            ((to.x * along.x + to.y * along.y) / along.x.hypot(along.y).powi(2)).clamp(0.0, 1.0);
        (to.x - share * along.x).hypot(to.y - share * along.y) <= tolerance
    };
    near(a.from, b)
        || near(a.to, b)
        || near(b.from, a)
        || near(b.to, a)
        || (across(a, b) && across(b, a))
}

/// The part of edge `a` that lies within `tolerance` of edge `b`: from and to, along `a`. One
/// piece, since what is near an edge is convex: the hull of what is near either end of `b`, and
/// beside it.
pub(super) fn stretch_near(a: &Edge, b: &Edge, tolerance: f64) -> Option<(f64, f64)> {
    let (length, other) = (a.length(), b.length());
    let run = (a.to - a.from) / length;
    let along = (b.to - b.from) / other;
    let dot = |u: Coord<f64>, v: Coord<f64>| u.x * v.x + u.y * v.y;
    let cross = |u: Coord<f64>, v: Coord<f64>| u.x * v.y - u.y * v.x;
    let mut hull: Option<(f64, f64)> = None;
    let mut add = |from: f64, to: f64| {
        let (from, to) = (from.max(0.0), to.min(length));
        if from <= to {
            hull = Some(hull.map_or((from, to), |it| (it.0.min(from), it.1.max(to))));
        }
    };
    for end in [b.from, b.to] {
        let to = end - a.from;
        let square = tolerance * tolerance - cross(run, to).powi(2);
        if square >= 0.0 {
            add(dot(run, to) - square.sqrt(), dot(run, to) + square.sqrt());
        }
    }
    // Beside `b`: 0 ≤ p + q t ≤ other and −tolerance ≤ r + s t ≤ tolerance.
    let start = a.from - b.from;
    let bounds = [
        (dot(along, start), dot(along, run), 0.0, other),
        (cross(along, start), cross(along, run), -tolerance, tolerance),
    ];
    let (mut from, mut to) = (0.0_f64, length);
    for (at, by, least, most) in bounds {
        if by == 0.0 {
            if at < least || at > most {
                to = f64::NEG_INFINITY;
            }
        } else {
            let (one, two) = ((least - at) / by, (most - at) / by);
            from = from.max(one.min(two));
            to = to.min(one.max(two));
        }
    }
    add(from, to);
    hull
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// A distance between two edges by looking at many places on both.
    fn slow_stretch(a: &Edge, b: &Edge, tolerance: f64) -> f64 {
        let steps = 4000;
        let along = (b.to - b.from, b.length().powi(2));
        let near = (0..=steps).filter(|step| {
            let to = a.from + (a.to - a.from) * (f64::from(*step) / f64::from(steps)) - b.from;
            let share = ((to.x * along.0.x + to.y * along.0.y) / along.1).clamp(0.0, 1.0);
            (to.x - share * along.0.x).hypot(to.y - share * along.0.y) <= tolerance
        });
        near.count() as f64 / f64::from(steps) * a.length()
    }

    proptest! {
        #[test]
        fn the_stretch_near_an_edge_is_what_walking_it_finds(
            at in vec(-10_i8..10, 8),
            tolerance in 0.1..5.0_f64,
        ) {
            let place = |n: usize| Coord { x: f64::from(at[n]), y: f64::from(at[n + 1]) };
            let a = Edge { of: 0, from: place(0), to: place(2) };
            let b = Edge { of: 1, from: place(4), to: place(6) };
            prop_assume!(a.from != a.to && b.from != b.to);
            let ours = stretch_near(&a, &b, tolerance).map_or(0.0, |(from, to)| to - from);
            let slow = slow_stretch(&a, &b, tolerance);
            prop_assert!((ours - slow).abs() < a.length() / 1000.0, "{} {}", ours, slow);
            // A bare touch is only found by chance when walking.
            prop_assert!(slow == 0.0 || meet(&a, &b, tolerance));
            prop_assert!(ours > 0.0 || slow == 0.0);
            prop_assert_eq!(meet(&a, &b, tolerance), meet(&b, &a, tolerance));
        }
    }
}
