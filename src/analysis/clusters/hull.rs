//! What a cluster is on the ground: its hull, its centre, and what its points add up to.
//!
//! Source: the convex hull of Barber, Dobkin and Huhdanpaa (1996) as the crate `geo` has it, with
//! exact predicates; its area by the shoelace formula around the first corner. Units: those of the
//! points, squared for areas. Cost: m log m for m points. A hull is drawn around what was found; it
//! is no border of what could be found, and of fewer than three distinct points, or of points in
//! line, there is none.

use geo::{ConvexHull, MultiPoint};
use geo_types::{Coord, Point, Polygon};

use super::points::Points;
use crate::analysis::geometry::kd_tree::squared;

/// The ground of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Hull {
    /// The convex hull, counter-clockwise; `None` for fewer than three distinct points, and for
    /// points in line.
    pub outline: Option<Polygon<f64>>,
    /// Its area; `None` as above.
    pub area: Option<f64>,
    /// The mean of the members.
    pub centre: Coord<f64>,
    /// The place of the member nearest to it, of equally near ones the lowest.
    pub central: usize,
}

/// The ground of the points at `members` (places, ascending); `None` where there is none.
///
/// # Panics
///
/// Where a place is out of range.
pub fn hull(points: Points<'_>, members: &[usize]) -> Option<Hull> {
    let of = |place: usize| points.get()[place];
    let first = of(*members.first()?);
    // Around the first member, so that far-off coordinates cost no digits.
    let sum =
        members.iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, place| sum + (of(*place) - first));
    let centre = first + sum / members.len() as f64;
    let away = |place: &usize| squared(of(*place), centre);
    let central = members
        .iter()
        .copied()
        .reduce(|best, place| if away(&place) < away(&best) { place } else { best })?;
    let cloud = MultiPoint(members.iter().map(|place| Point(of(*place))).collect());
    let outline = cloud.convex_hull();
    let area = shoelace(&outline.exterior().0);
    let solid = area > 0.0;
    Some(Hull { outline: solid.then_some(outline), area: solid.then_some(area), centre, central })
}

/// The area within a closed ring, positive where it runs counter-clockwise.
fn shoelace(ring: &[Coord<f64>]) -> f64 {
    let Some(first) = ring.first() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - *first, pair[1] - *first);
        a.x * b.y - b.x * a.y
    };
    ring.windows(2).map(cross).sum::<f64>() / 2.0
}

/// What the points of a cluster add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// How many points.
    pub count: usize,
    /// How many of them have no known measure.
    pub unmeasured: usize,
    /// The sum of the known measures (areas, say); `None` where none is known.
    pub measure: Option<f64>,
    /// The least and the greatest known time; `None` where none is known.
    pub span: Option<(f64, f64)>,
}

/// Adds up the points at `members`: `measures` and `times` by place, `None` where unknown.
///
/// # Panics
///
/// Where a place is out of range.
pub fn sums(members: &[usize], measures: &[Option<f64>], times: &[Option<f64>]) -> Sums {
    let mut sums = Sums { count: members.len(), ..Sums::default() };
    for place in members {
        match measures[*place] {
            Some(measure) => *sums.measure.get_or_insert(0.0) += measure,
            None => sums.unmeasured += 1,
        }
        if let Some(time) = times[*place] {
            let (first, last) = sums.span.unwrap_or((time, time));
            sums.span = Some((first.min(time), last.max(time)));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn at(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn the_square_with_a_point_inside() {
        let points = at(&[(0.0, 0.0), (9.0, 9.0), (4.0, 0.0), (4.0, 2.0), (1.0, 1.0), (0.0, 2.0)]);
        let found = hull(Points::new(&points).unwrap(), &[0, 2, 3, 4, 5]).unwrap();
        assert_eq!(found.area, Some(8.0));
        assert_eq!(found.outline.unwrap().exterior().0.len(), 5);
        assert_eq!(found.centre, Coord { x: 1.8, y: 1.0 });
        assert_eq!(found.central, 4);
    }

    #[test]
    fn no_area_without_three_corners() {
        let points = at(&[(5e8, 1.0), (5e8, 1.0), (5e8 + 1.0, 2.0), (5e8 + 3.0, 4.0)]);
        let points = Points::new(&points).unwrap();
        for members in [&[0][..], &[0, 1], &[0, 2], &[0, 1, 2, 3]] {
            let found = hull(points, members).unwrap();
            assert_eq!((found.outline, found.area), (None, None), "{members:?}");
        }
        assert_eq!(hull(points, &[]), None);
        // Equally near to the centre: the lowest place.
        assert_eq!(hull(points, &[0, 1, 2]).unwrap().central, 0);
    }

    #[test]
    fn unknown_is_not_zero() {
        let found = sums(&[0, 2], &[None, Some(5.0), Some(3.0)], &[None, None, Some(2020.0)]);
        assert_eq!((found.count, found.unmeasured, found.measure), (2, 1, Some(3.0)));
        assert_eq!(found.span, Some((2020.0, 2020.0)));
        let found = sums(&[0], &[None], &[None]);
        assert_eq!((found.measure, found.span), (None, None));
    }

    proptest! {
        #[test]
        fn every_member_lies_within(points in vec((-20_i32..20, -20_i32..20), 1..40)) {
            let points: Vec<Coord<f64>> =
                points.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
            let members: Vec<usize> = (0..points.len()).collect();
            let found = hull(Points::new(&points).unwrap(), &members).unwrap();
            for pair in found.outline.iter().flat_map(|outline| outline.exterior().0.windows(2)) {
                let edge = pair[1] - pair[0];
                for at in &points {
                    let way = *at - pair[0];
                    prop_assert!(edge.x * way.y - edge.y * way.x >= 0.0);
                }
            }
        }
    }
}
