//! The k nearest units of every unit.
//!
//! Links go one way: my nearest need not have me among its own. Of units at the same distance the
//! lowest place is taken first, so that the answer does not depend on how it was searched (libpysal
//! leaves ties to its tree). Units at one and the same place are at distance 0 and are neighbours
//! like others; the unit itself never is.
//!
//! Cost: a k-d tree (Bentley 1975, *Multidimensional binary search trees*), split at the median of
//! the wider side: n log n to build, about k + log n a unit to ask, also where units crowd.

use std::collections::BinaryHeap;

use geo_types::Coord;
use rayon::prelude::*;

use super::{Neighbours, Weights};

/// A neighbour and how far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Its place.
    pub place: u32,
    /// In the units of the points.
    pub distance: f64,
}

/// The `k` nearest of every point, the nearest first, ties by the lower place; all the others
/// where there are not more than `k`. Points are finite.
pub fn nearest(points: &[Coord<f64>], k: usize) -> Vec<Vec<Near>> {
    let tree = Tree::of(points);
    let k = k.min(points.len().saturating_sub(1));
    (0..points.len()).into_par_iter().with_min_len(256).map(|me| tree.nearest(me, k)).collect()
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
    let k = k.min(points.len() - 1);
    let links =
        (0..points.len()).flat_map(|at| neighbours.of(at).iter().map(move |to| (at, *to as usize)));
    let bridges = lone.iter().flat_map(|at| {
        tree.nearest(*at, k).into_iter().map(move |near| (*at, near.place as usize))
    });
    Neighbours::from_pairs(points.len(), links.chain(bridges))
}

/// Points that a leaf holds.
const LEAF: usize = 8;

/// A balanced tree without pointers: a stretch of `order` is split at its middle.
struct Tree<'p> {
    points: &'p [Coord<f64>],
    order: Vec<u32>,
    /// Of the middle of each stretch: whether it is split along y.
    along_y: Vec<bool>,
}

impl<'p> Tree<'p> {
    fn of(points: &'p [Coord<f64>]) -> Self {
        let mut tree = Self {
            points,
            order: (0..points.len() as u32).collect(),
            along_y: vec![false; points.len()],
        };
        tree.split(0, points.len());
        tree
    }

    fn split(&mut self, from: usize, to: usize) {
        if to - from <= LEAF {
            return;
        }
        let points = self.points;
        let stretch = &mut self.order[from..to];
        let (mut low, mut high) = (points[stretch[0] as usize], points[stretch[0] as usize]);
        for place in stretch.iter() {
            let at = points[*place as usize];
            low = Coord { x: low.x.min(at.x), y: low.y.min(at.y) };
            high = Coord { x: high.x.max(at.x), y: high.y.max(at.y) };
        }
        let along_y = high.y - low.y > high.x - low.x;
        let key = |place: &u32| {
            let at = points[*place as usize];
            if along_y { at.y } else { at.x }
        };
        let half = (to - from) / 2;
        stretch.select_nth_unstable_by(half, |a, b| key(a).total_cmp(&key(b)));
        self.along_y[from + half] = along_y;
        self.split(from, from + half);
        self.split(from + half + 1, to);
    }

    fn nearest(&self, me: usize, k: usize) -> Vec<Near> {
        let mut best = Best { k, heap: BinaryHeap::with_capacity(k + 1) };
        if k > 0 {
            self.search(me, 0, self.order.len(), &mut best);
        }
        let found = best.heap.into_sorted_vec().into_iter();
        found
            .map(|(square, place)| Near { place, distance: f64::from_bits(square).sqrt() })
            .collect()
    }

    fn search(&self, me: usize, from: usize, to: usize, best: &mut Best) {
        if to - from <= LEAF {
            for place in &self.order[from..to] {
                self.offer(me, *place, best);
            }
            return;
        }
        let half = from + (to - from) / 2;
        let (my, middle) = (self.points[me], self.points[self.order[half] as usize]);
        let beyond = if self.along_y[half] { my.y - middle.y } else { my.x - middle.x };
        let (near, far) = if beyond < 0.0 {
            ((from, half), (half + 1, to))
        } else {
            ((half + 1, to), (from, half))
        };
        self.search(me, near.0, near.1, best);
        self.offer(me, self.order[half], best);
        // As near as the farthest found so far is near enough: a lower place may lie there.
        if best.may_take(beyond * beyond) {
            self.search(me, far.0, far.1, best);
        }
    }

    fn offer(&self, me: usize, place: u32, best: &mut Best) {
        if place as usize != me {
            let (a, b) = (self.points[me], self.points[place as usize]);
            best.offer((a.x - b.x).powi(2) + (a.y - b.y).powi(2), place);
        }
    }
}

/// The nearest found so far, the farthest of them on top. Squares of distances are kept as bits,
/// which are in the order of the numbers because none is negative.
struct Best {
    k: usize,
    heap: BinaryHeap<(u64, u32)>,
}

impl Best {
    fn may_take(&self, square: f64) -> bool {
        self.heap.len() < self.k || self.heap.peek().is_some_and(|top| square.to_bits() <= top.0)
    }

    fn offer(&mut self, square: f64, place: u32) {
        let key = (square.to_bits(), place);
        if self.heap.len() < self.k {
            self.heap.push(key);
        } else if self.heap.peek().is_some_and(|top| key < *top) {
            self.heap.pop();
            self.heap.push(key);
        }
    }
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
