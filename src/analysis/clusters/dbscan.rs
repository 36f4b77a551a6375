//! DBSCAN: groups of points that lie densely at one scale.
//!
//! Answers: which plots lie so close together that each has at least `min_pts` plots (itself
//! counted) within `eps`, or borders on such a one? Source: Ester, Kriegel, Sander and Xu (1996),
//! *A density-based algorithm for discovering clusters in large spatial databases with noise*,
//! KDD-96; cells as Gunawan (2013) and Gan and Tao (2015). Units: those of the points. Cost:
//! a sort and about as many distances as points times `min_pts`; memory some 60 bytes a point.
//!
//! Where the paper lets the order of visits decide, the nearest core point does, then the lowest
//! place: the answer depends neither on threads nor on the order of rows sorted by id. Nothing is
//! said about chance, and where no point is dense every point is noise.

use geo_types::Coord;
use rayon::prelude::*;
use thiserror::Error;

pub use super::dense::{Dense, Role};
use super::{
    cells::Cells,
    dense::{Ball, dense},
    points::Points,
};
use crate::analysis::geometry::kd_tree::squared;

/// What counts as dense.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Density {
    eps: f64,
    min_pts: usize,
}

/// Why nothing can be called dense.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum BadDensity {
    /// No length, or one whose square is beyond what a number holds.
    #[error("a distance of {0}: ask for one above 0, in the unit of the coordinates, such as 500")]
    Eps(f64),
    /// A ball always holds the point itself.
    #[error("0 points: ask for at least 1, the point itself counts")]
    MinPts,
    /// Not a span of time.
    #[error("a span of time of {0}: ask for 0 or more, in the unit of the times")]
    Span(f64),
    /// A point has no time, or one beyond [`FARTHEST`](super::points::FARTHEST).
    #[error("point {0} has no time that is a number: leave it out, or give it one")]
    NoTime(usize),
}

impl Density {
    /// At least `min_pts` points, the point itself counted, at most `eps` away (`d <= eps`).
    ///
    /// # Errors
    ///
    /// [`BadDensity`] where `eps` is not above zero (and within 10^±150), or `min_pts` is zero.
    pub fn new(eps: f64, min_pts: usize) -> Result<Self, BadDensity> {
        if !(1e-150..=1e150).contains(&eps) {
            return Err(BadDensity::Eps(eps));
        }
        if min_pts == 0 {
            return Err(BadDensity::MinPts);
        }
        Ok(Self { eps, min_pts })
    }

    /// The radius of the closed ball.
    pub fn eps(self) -> f64 {
        self.eps
    }

    /// How many points make it dense.
    pub fn min_pts(self) -> usize {
        self.min_pts
    }
}

/// The clusters of `points` at this density.
pub fn dbscan(points: Points<'_>, density: Density) -> Dense {
    let cells = Cells::of(points, density.eps, None);
    let at: Vec<Coord<f64>> =
        cells.order.par_iter().map(|place| points.get()[*place as usize]).collect();
    let disc = Disc { square: density.eps * density.eps };
    dense(&disc, &cells, &at, density.min_pts)
}

/// A closed ball in the plane.
struct Disc {
    square: f64,
}

impl Ball for Disc {
    type At = Coord<f64>;

    fn near(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        squared(a, b) <= self.square
    }

    fn closeness(&self, a: Coord<f64>, b: Coord<f64>) -> (f64, f64) {
        (squared(a, b), 0.0)
    }

    fn reaches(&self, [x, y, _]: [f64; 3]) -> bool {
        x * x + y * y <= self.square
    }

    fn axes(at: Coord<f64>) -> [f64; 3] {
        [at.x, at.y, 0.0]
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// The definition, by comparing all with all.
    pub(in super::super) fn slow(
        count: usize,
        min_pts: usize,
        near: impl Fn(usize, usize) -> bool,
        closeness: impl Fn(usize, usize) -> (f64, f64),
    ) -> Dense {
        let around: Vec<Vec<usize>> =
            (0..count).map(|i| (0..count).filter(|j| near(i, *j)).collect()).collect();
        let core: Vec<bool> = (0..count).map(|i| around[i].len() >= min_pts).collect();
        let mut home: Vec<Option<usize>> = (0..count).map(|i| core[i].then_some(i)).collect();
        loop {
            let before = home.clone();
            for i in (0..count).filter(|i| core[*i]) {
                for j in around[i].iter().copied().filter(|j| core[*j]) {
                    let least = home[i].min(home[j]);
                    (home[i], home[j]) = (least, least);
                }
            }
            if home == before {
                break;
            }
        }
        for i in (0..count).filter(|i| !core[*i]) {
            let cores = around[i].iter().copied().filter(|j| core[*j]);
            let nearest = cores.min_by(|a, b| {
                let way = |j: usize| (closeness(i, j), j);
                way(*a).partial_cmp(&way(*b)).unwrap()
            });
            home[i] = nearest.and_then(|j| home[j]);
        }
        let mut numbers: Vec<usize> = Vec::new();
        let mut number = |home: usize| {
            let found = numbers.iter().position(|it| *it == home);
            found.unwrap_or_else(|| {
                numbers.push(home);
                numbers.len() - 1
            }) as u32
        };
        let cluster = home.iter().map(|home| home.map(&mut number)).collect();
        Dense { cluster, core, clusters: numbers.len() as u32 }
    }

    fn at(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    fn asked(points: &[Coord<f64>], eps: f64, min_pts: usize) -> Dense {
        dbscan(Points::new(points).unwrap(), Density::new(eps, min_pts).unwrap())
    }

    #[test]
    fn two_groups_a_border_and_noise_as_worked_by_hand() {
        // On a line: 0 1 2, then 4 at 2 from the first group and from 6 7 8; 20 far off.
        let points = at(&[8.0, 7.0, 6.0, 4.0, 0.0, 1.0, 2.0, 20.0].map(|x| (x, 0.0)));
        let found = asked(&points, 2.0, 4);
        // 6 has 4 7 8; 2 has 0 1 4: core points. 4 lies equally near to both: the lowest place is 6's.
        let role = |place| found.role(place);
        assert_eq!([2, 6].map(role), [Role::Core; 2]);
        assert_eq!([0, 1, 3, 4, 5].map(role), [Role::Border; 5]);
        assert_eq!(found.role(7), Role::Noise);
        assert_eq!(
            found.cluster,
            [Some(0), Some(0), Some(0), Some(0), Some(1), Some(1), Some(1), None]
        );
        assert_eq!(found.members(), [vec![0, 1, 2, 3], vec![4, 5, 6]]);
    }

    #[test]
    fn edges_of_the_question() {
        assert_eq!(asked(&[], 1.0, 1), Dense::default());
        let same = at(&[(3e149, -3e149); 5]);
        assert_eq!(asked(&same, 1e-9, 5).cluster, [Some(0); 5]);
        assert_eq!(asked(&same, 1e-9, 6).cluster, [None; 5]);
        let far = at(&[(0.0, 0.0), (1e140, 0.0), (5.0, 0.0)]);
        assert_eq!(asked(&far, 1.0, 1).cluster, [Some(0), Some(1), Some(2)]);
        assert_eq!(asked(&far, 5.0, 2).cluster, [Some(0), None, Some(0)]);
        for (eps, min_pts) in [(0.0, 3), (-1.0, 3), (f64::NAN, 3), (f64::INFINITY, 3), (1.0, 0)] {
            assert!(Density::new(eps, min_pts).is_err(), "{eps} {min_pts}");
        }
    }

    #[test]
    fn large_crowds_are_joined_or_kept_apart() {
        // Two columns of points, a row of doubles in each, 3 apart.
        let column = |x: f64| (0..200).map(move |i| (x, f64::from(i % 40) / 40.0));
        let points = at(&column(0.0).chain(column(3.0)).collect::<Vec<_>>());
        assert_eq!(asked(&points, 3.0, 50).clusters, 1);
        assert_eq!(asked(&points, 3.0 - 1e-9, 50).clusters, 2);
    }

    /// Lattices (ties everywhere), clumps, far-off and doubled points.
    fn clouds() -> impl Strategy<Value = Vec<Coord<f64>>> {
        let whole = |side: i32| (0..side).prop_map(f64::from);
        let lattice = (whole(14), whole(14)).boxed();
        let line = whole(60).prop_map(|x| (x / 4.0, 7.0)).boxed();
        let plain = (-9.0..9.0_f64, -9.0..9.0_f64).boxed();
        let far = (whole(9).prop_map(|x| x + 2e12), -2e15..-1.99e15_f64).boxed();
        vec(prop_oneof![4 => lattice, 2 => line, 3 => plain, 1 => far], 0..90)
            .prop_map(|points| at(&points))
    }

    proptest! {
        #[test]
        fn cells_find_what_the_slow_loop_finds(
            points in clouds(),
            eps in prop_oneof![Just(1.0), Just(2.0), Just(5.0), 0.01..6.0_f64],
            min_pts in 1_usize..8,
        ) {
            let near = |i: usize, j: usize| squared(points[i], points[j]) <= eps * eps;
            let close = |i: usize, j: usize| (squared(points[i], points[j]), 0.0);
            prop_assert_eq!(asked(&points, eps, min_pts), slow(points.len(), min_pts, near, close));
        }

        #[test]
        fn neither_rows_nor_a_move_change_anything(
            points in vec((0_i32..30, 0_i32..30), 1..60).prop_map(|mut points| {
                points.sort_unstable();
                points.dedup();
                points
            }),
            seed in any::<u64>(),
            eps in 1_u32..6,
            min_pts in 1_usize..6,
        ) {
            let points: Vec<_> =
                points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
            let found = asked(&at(&points), f64::from(eps), min_pts);
            let moved: Vec<_> = points.iter().map(|(x, y)| (x + 4.5e5, 2.375e6 - y)).collect();
            prop_assert_eq!(&asked(&at(&moved), f64::from(eps), min_pts), &found);
            // Rows in another order, given by place; only equally near core points may decide
            // otherwise, so core points are compared in pairs.
            let mut order: Vec<usize> = (0..points.len()).collect();
            order.sort_by_key(|place| (*place as u64 + 1).wrapping_mul(seed | 1));
            let turned: Vec<_> = order.iter().map(|place| points[*place]).collect();
            let other = asked(&at(&turned), f64::from(eps), min_pts);
            for (a, i) in order.iter().enumerate() {
                prop_assert_eq!(other.role(a), found.role(*i));
                for (b, j) in order.iter().enumerate().filter(|(b, _)| other.core[a] && other.core[*b]) {
                    prop_assert_eq!(
                        other.cluster[a] == other.cluster[b],
                        found.cluster[*i] == found.cluster[*j]
                    );
                }
            }
        }

        #[test]
        fn crowds_of_many_points_agree_too(
            points in vec((0_i32..9, 0_i32..9), 150..300), eps in 1_u32..4, min_pts in 1_usize..60,
        ) {
            let points: Vec<_> =
                points.iter().map(|(x, y)| (f64::from(*x) * 0.7, f64::from(*y) * 0.7)).collect();
            let (points, eps) = (at(&points), f64::from(eps));
            let near = |i: usize, j: usize| squared(points[i], points[j]) <= eps * eps;
            let close = |i: usize, j: usize| (squared(points[i], points[j]), 0.0);
            let count = points.len();
            prop_assert_eq!(asked(&points, eps, min_pts), slow(count, min_pts, near, close));
        }

        #[test]
        fn boxes_never_lie(
            one in vec((0_i32..40, 0_i32..9), 1..60),
            other in vec((0_i32..40, 12_i32..20), 1..60),
            eps in 1.0..20.0_f64,
        ) {
            let far = |points: &[(i32, i32)]| -> Vec<Coord<f64>> {
                points.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect()
            };
            let (mut one, mut other) = (far(&one), far(&other));
            let disc = Disc { square: eps * eps };
            let slow = one.iter().any(|a| other.iter().any(|b| disc.near(*a, *b)));
            prop_assert_eq!(super::super::dense::any_near(&disc, &mut one, &mut other), slow);
        }
    }
}
