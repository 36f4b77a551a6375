//! ST-DBSCAN: groups of points that lie densely in space and in time.
//!
//! Answers: which plots were found close together in the same seasons, so that ground used again
//! after a long rest is not drawn together with ground used now? Source: Birant and Kut (2007),
//! *ST-DBSCAN: an algorithm for clustering spatial-temporal data*, Data & Knowledge Engineering
//! 60, without its third rule (on differences of values). Neighbours are points with d <= `eps`
//! and |dt| <= `eps_time`, both closed. Units: those of the points and of the times. Cost and ties
//! as [`super::dbscan`], with up to five times its cells to look at; of equally near core points
//! the one nearer in time is first, then the lowest place.

use geo_types::Coord;
use rayon::prelude::*;

pub use super::dense::{Dense, Role};
use super::{
    cells::Cells,
    dbscan::{BadDensity, Density},
    dense::{Ball, dense},
    points::{FARTHEST, Points},
};
use crate::analysis::geometry::kd_tree::squared;

/// The clusters of `points` at this density in space, and `eps_time` in time.
///
/// # Errors
///
/// [`BadDensity::Span`] where `eps_time` is negative or not finite, [`BadDensity::NoTime`] where a
/// time is not finite.
///
/// # Panics
///
/// Where `points` and `times` differ in number.
pub fn st_dbscan(
    points: Points<'_>,
    times: &[f64],
    density: Density,
    eps_time: f64,
) -> Result<Dense, BadDensity> {
    assert_eq!(points.len(), times.len(), "one time a point");
    if !(0.0..=FARTHEST).contains(&eps_time) {
        return Err(BadDensity::Span(eps_time));
    }
    let timeless = |time: &f64| !(-FARTHEST..=FARTHEST).contains(time);
    if let Some(place) = times.iter().position(timeless) {
        return Err(BadDensity::NoTime(place));
    }
    let cells = Cells::of(points, density.eps(), Some((times, eps_time)));
    let at: Vec<(Coord<f64>, f64)> = cells
        .order
        .par_iter()
        .map(|place| (points.get()[*place as usize], times[*place as usize]))
        .collect();
    let drum = Drum { square: density.eps() * density.eps(), time: eps_time };
    Ok(dense(&drum, &cells, &at, density.min_pts()))
}

/// A closed ball in the plane over a closed span of time.
struct Drum {
    square: f64,
    time: f64,
}

impl Ball for Drum {
    type At = (Coord<f64>, f64);

    fn near(&self, a: Self::At, b: Self::At) -> bool {
        squared(a.0, b.0) <= self.square && (a.1 - b.1).abs() <= self.time
    }

    fn closeness(&self, a: Self::At, b: Self::At) -> (f64, f64) {
        (squared(a.0, b.0), (a.1 - b.1).abs())
    }

    fn reaches(&self, [x, y, t]: [f64; 3]) -> bool {
        x * x + y * y <= self.square && t <= self.time
    }

    fn axes(at: Self::At) -> [f64; 3] {
        [at.0.x, at.0.y, at.1]
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::clusters::dbscan::{dbscan, tests::slow};

    fn asked(points: &[Coord<f64>], times: &[f64], eps: (f64, f64), min_pts: usize) -> Dense {
        let density = Density::new(eps.0, min_pts).unwrap();
        st_dbscan(Points::new(points).unwrap(), times, density, eps.1).unwrap()
    }

    #[test]
    fn the_same_ground_after_ten_years_is_another_group() {
        let points = [0.0, 1.0, 2.0, 0.0, 1.0, 2.0].map(|x| Coord { x, y: 0.0 });
        let times = [2010.0, 2011.0, 2010.0, 2020.0, 2020.0, 2021.0];
        let found = asked(&points, &times, (1.0, 1.0), 2);
        assert_eq!(found.cluster, [0, 0, 0, 1, 1, 1].map(Some));
        let found = asked(&points, &times, (1.0, 0.0), 2);
        assert_eq!(found.cluster, [None, None, None, Some(0), Some(0), None]);
        assert_eq!(asked(&points, &times, (1.0, 9.0), 2).clusters, 1);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let points = [Coord { x: 0.0, y: 0.0 }];
        let points = Points::new(&points).unwrap();
        let density = Density::new(1.0, 1).unwrap();
        assert_eq!(st_dbscan(points, &[f64::NAN], density, 1.0), Err(BadDensity::NoTime(0)));
        assert_eq!(st_dbscan(points, &[1.0], density, -1.0), Err(BadDensity::Span(-1.0)));
    }

    proptest! {
        #[test]
        fn cells_find_what_the_slow_loop_finds(
            points in vec((0_i32..9, 0_i32..9, 0_i32..12), 0..80),
            eps in prop_oneof![Just(1.0), Just(2.0), 0.5..6.0_f64],
            eps_time in prop_oneof![Just(0.0), Just(1.0), 0.1..5.0_f64],
            min_pts in 1_usize..7,
        ) {
            let at: Vec<Coord<f64>> =
                points.iter().map(|(x, y, _)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
            let times: Vec<f64> = points.iter().map(|(.., t)| f64::from(*t)).collect();
            let apart = |i: usize, j: usize| (squared(at[i], at[j]), (times[i] - times[j]).abs());
            let near = |i, j| apart(i, j).0 <= eps * eps && apart(i, j).1 <= eps_time;
            let found = asked(&at, &times, (eps, eps_time), min_pts);
            prop_assert_eq!(&found, &slow(at.len(), min_pts, near, apart));
            // Where all is of one time, time decides nothing.
            let plain = dbscan(Points::new(&at).unwrap(), Density::new(eps, min_pts).unwrap());
            prop_assert_eq!(asked(&at, &vec![7.0; at.len()], (eps, eps_time), min_pts), plain);
        }
    }
}
