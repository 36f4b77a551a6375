//! The k nearest units of every unit.
//!
//! Links go one way: my nearest need not have me among its own. Of units at the same distance the
//! lowest place is taken first, so that the answer does not depend on how it was searched (libpysal
//! leaves ties to its tree). Units at one and the same place are at distance 0 and are neighbours
//! like others; the unit itself never is.
//!
//! Cost: n log n to build a k-d tree, about k + log n a unit to ask, also where units crowd.

use geo_types::Coord;
use rayon::prelude::*;

use super::{Neighbours, Weights};
pub use crate::analysis::geometry::kd_tree::Near;
use crate::analysis::geometry::kd_tree::Tree;

/// The `k` nearest of every point, the nearest first, ties by the lower place; all the others
/// where there are not more than `k`. Points are finite.
pub fn nearest(points: &[Coord<f64>], k: usize) -> Vec<Vec<Near>> {
    let tree = Tree::of(points);
    points
        .par_iter()
        .with_min_len(256)
        .enumerate()
        .map(|(me, at)| tree.nearest(*at, me as u32, k))
        .collect()
}

/// Links from every point to its `k` nearest, each of weight 1.
pub fn k_nearest(points: &[Coord<f64>], k: usize) -> Weights {
    let ones = |near: Vec<Near>| {
        let mut row: Vec<_> = near.into_iter().map(|it| (it.place, 1.0)).collect();
        row.sort_unstable_by_key(|(place, _)| *place);
        row
    };
    Weights::from_lawful_rows(nearest(points, k).into_iter().map(ones).collect())
}

/// The least distance at which every point has a neighbour: the largest of all distances to the
/// nearest. `None` for fewer than two points.
pub fn least_band(points: &[Coord<f64>]) -> Option<f64> {
    let distances = nearest(points, 1).into_iter().flatten().map(|near| near.distance);
    distances.reduce(f64::max)
}

/// `neighbours`, and every unit that has none joined to its `k` nearest, both ways: an island
/// belongs to the coast that its people go to.
///
/// # Panics
///
/// Where the numbers of units and of points differ.
#[must_use]
pub fn islands_joined(neighbours: &Neighbours, points: &[Coord<f64>], k: usize) -> Neighbours {
    assert_eq!(neighbours.len(), points.len(), "a point for each unit");
    let lone: Vec<usize> = (0..points.len()).filter(|at| neighbours.count(*at) == 0).collect();
    if lone.is_empty() {
        return neighbours.clone();
    }
    let tree = Tree::of(points);
    let links =
        (0..points.len()).flat_map(|at| neighbours.of(at).iter().map(move |to| (at, *to as usize)));
    let bridges = lone.iter().flat_map(|at| {
        tree.nearest(points[*at], *at as u32, k)
            .into_iter()
            .map(move |near| (*at, near.place as usize))
    });
    Neighbours::from_pairs(points.len(), links.chain(bridges))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn at(places: &[(f64, f64)]) -> Vec<Coord<f64>> {
        places.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn of_the_same_distance_the_lower_place_comes_first() {
        let cross = at(&[(0.0, 1.0), (1.0, 0.0), (0.0, 0.0), (-1.0, 0.0), (0.0, -1.0)]);
        let weights = k_nearest(&cross, 2);
        assert_eq!(weights.places(2), &[0, 1]);
        assert_eq!(weights.places(0), &[1, 2]);
        assert_eq!(weights.values(0), &[1.0, 1.0]);
        let far: Vec<_> = nearest(&cross, 2)[0].iter().map(|near| near.distance).collect();
        assert_eq!(far, [1.0, 2f64.sqrt()]);
    }

    #[test]
    fn few_points_have_what_there_is() {
        assert!(k_nearest(&[], 3).is_empty());
        assert_eq!(k_nearest(&at(&[(1.0, 1.0)]), 3).islands(), 1);
        assert_eq!(k_nearest(&at(&[(1.0, 1.0), (1.0, 1.0)]), 3).places(0), &[1]);
        assert_eq!(k_nearest(&at(&[(1.0, 1.0), (2.0, 1.0)]), 0).links(), 0);
        assert_eq!(least_band(&at(&[(1.0, 1.0)])), None);
        assert_eq!(least_band(&at(&[(0.0, 0.0), (1.0, 0.0), (4.0, 4.0)])), Some(5.0));
    }

    #[test]
    fn an_island_is_joined_to_the_nearest_coast() {
        let points = at(&[(0.0, 0.0), (1.0, 0.0), (9.0, 0.0), (20.0, 0.0)]);
        let joined = islands_joined(&Neighbours::from_pairs(4, [(0, 1)]), &points, 1);
        assert_eq!((joined.of(2), joined.of(1)), (&[1, 3][..], &[0, 2][..]));
        let whole = Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(islands_joined(&whole, &points, 1), whole);
        let alone = islands_joined(&Neighbours::from_pairs(1, []), &points[..1], 1);
        assert_eq!(alone.count(0), 0);
    }

    proptest! {
        /// The tree is only a short cut: it must find what comparing all finds, ties and all.
        #[test]
        fn the_tree_agrees_with_the_slow_loop(
            lattice in vec((-6_i8..6, -6_i8..6), 0..120),
            free in vec((-9.0..9.0_f64, -9.0..9.0_f64), 0..40),
            k in 0_usize..12,
        ) {
            let whole = lattice.iter().map(|(x, y)| (f64::from(*x), f64::from(*y)));
            let points: Vec<_> = whole.chain(free).map(|(x, y)| Coord { x, y }).collect();
            let ours = nearest(&points, k);
            for (me, ours) in ours.iter().enumerate() {
                let mut all: Vec<(f64, u32)> = (0..points.len())
                    .filter(|other| *other != me)
                    .map(|other| {
                        let (a, b) = (points[me], points[other]);
                        ((a.x - b.x).powi(2) + (a.y - b.y).powi(2), other as u32)
                    })
                    .collect();
                all.sort_by(|a, b| a.partial_cmp(b).unwrap());
                all.truncate(k);
                let found: Vec<_> = ours.iter().map(|near| near.place).collect();
                let slow: Vec<_> = all.iter().map(|(_, place)| *place).collect();
                prop_assert_eq!(found, slow);
            }
        }
    }
}
