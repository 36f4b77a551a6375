//! A k-d tree over points in a plane (Bentley 1975, *Multidimensional binary search trees*): halves
//! along the longer side, with a box at every node.
//!
//! Cost: n log n to build, about k + log n a point to ask for the k nearest, also where points
//! crowd.

use std::collections::BinaryHeap;

use geo_types::Coord;

use super::bounds::bounds;

/// The most points of a leaf.
const LEAF: usize = 12;

/// Points by position in the tree, so that neighbours lie together in memory.
pub struct Tree {
    /// The points' places, by position.
    pub(in crate::analysis) order: Vec<u32>,
    /// The points, by position.
    pub(in crate::analysis) at: Vec<Coord<f64>>,
    /// Every node before its children.
    pub(in crate::analysis) nodes: Vec<Node>,
}

/// Points of one box.
pub struct Node {
    low: Coord<f64>,
    high: Coord<f64>,
    /// Its first position.
    pub(in crate::analysis) first: u32,
    /// The position after its last.
    pub(in crate::analysis) end: u32,
    /// The number of its second child (the first is the next node); 0: a leaf.
    pub(in crate::analysis) second: u32,
}

impl Node {
    /// The square of the distance from `at` to the box.
    pub(in crate::analysis) fn away(&self, at: Coord<f64>) -> f64 {
        let x = (self.low.x - at.x).max(at.x - self.high.x).max(0.0);
        let y = (self.low.y - at.y).max(at.y - self.high.y).max(0.0);
        x * x + y * y
    }
}

/// A point and how far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Its place.
    pub place: u32,
    /// In the units of the points.
    pub distance: f64,
}

/// The square of the distance between two points.
pub(in crate::analysis) fn squared(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (x, y) = (a.x - b.x, a.y - b.y);
    x * x + y * y
}

impl Tree {
    /// A tree over finite points. Cost: n log n.
    pub fn of(points: &[Coord<f64>]) -> Self {
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut nodes = Vec::with_capacity(points.len() / (LEAF / 4) + 1);
        if !points.is_empty() {
            grow(points, &mut order, 0, &mut nodes);
        }
        let at = order.iter().map(|place| points[*place as usize]).collect();
        Self { order, at, nodes }
    }

    /// The square of the distance from `at` to the `k`-th nearest point (one of them `at` itself,
    /// where it is a point of the tree); infinite where there are fewer than `k`. `room` is room
    /// to work in.
    pub(in crate::analysis) fn kth(&self, at: Coord<f64>, k: usize, room: &mut Least) -> f64 {
        room.clear(k);
        self.search(at, room);
        room.worst()
    }

    /// The `k` points nearest to `at` but the one at the place `but`, the nearest first, ties by
    /// the lower place; all where there are not more than `k`.
    pub fn nearest(&self, at: Coord<f64>, but: u32, k: usize) -> Vec<Near> {
        let k = k.min(self.at.len());
        let mut best = Best { order: &self.order, but, k, heap: BinaryHeap::with_capacity(k + 1) };
        if k > 0 {
            self.search(at, &mut best);
        }
        let found = best.heap.into_sorted_vec().into_iter();
        found
            .map(|(square, place)| Near { place, distance: f64::from_bits(square).sqrt() })
            .collect()
    }

    fn search(&self, at: Coord<f64>, finds: &mut impl Finds) {
        if !self.nodes.is_empty() {
            self.look(0, at, finds);
        }
    }

    fn look(&self, node: u32, at: Coord<f64>, finds: &mut impl Finds) {
        let of = &self.nodes[node as usize];
        if of.second == 0 {
            for position in of.first..of.end {
                finds.offer(squared(at, self.at[position as usize]), position);
            }
            return;
        }
        let children = [node + 1, of.second].map(|it| (self.nodes[it as usize].away(at), it));
        let [near, far] =
            if children[0].0 <= children[1].0 { children } else { [children[1], children[0]] };
        for (away, child) in [near, far] {
            if finds.may_take(away) {
                self.look(child, at, finds);
            }
        }
    }
}

fn grow(points: &[Coord<f64>], order: &mut [u32], first: u32, nodes: &mut Vec<Node>) {
    let at = |place: &u32| &points[*place as usize];
    let (low, high) = bounds(order.iter().map(at)).unwrap_or_default();
    let own = nodes.len();
    nodes.push(Node { low, high, first, end: first + order.len() as u32, second: 0 });
    if order.len() <= LEAF {
        return;
    }
    let wide = high.x - low.x >= high.y - low.y;
    let key = |place: &u32| if wide { at(place).x } else { at(place).y };
    let middle = order.len() / 2;
    order.select_nth_unstable_by(middle, |a, b| key(a).total_cmp(&key(b)));
    let (before, after) = order.split_at_mut(middle);
    grow(points, before, first, nodes);
    nodes[own].second = nodes.len() as u32;
    grow(points, after, first + middle as u32, nodes);
}

/// What a search has found so far. Distances are squares.
trait Finds {
    /// Whether a point as near as this could still be taken.
    fn may_take(&self, square: f64) -> bool;

    /// Takes the point at this position, if it is near enough.
    fn offer(&mut self, square: f64, position: u32);
}

/// The `k` least distances, whosever they are.
#[derive(Default)]
pub(in crate::analysis) struct Least {
    k: usize,
    /// Ascending.
    least: Vec<f64>,
}

impl Least {
    fn clear(&mut self, k: usize) {
        self.k = k;
        self.least.clear();
    }

    /// The greatest of the `k`; infinite as long as there are fewer.
    fn worst(&self) -> f64 {
        let last = self.k.checked_sub(1).and_then(|last| self.least.get(last));
        last.copied().unwrap_or(if self.k == 0 { 0.0 } else { f64::INFINITY })
    }
}

impl Finds for Least {
    fn may_take(&self, square: f64) -> bool {
        square < self.worst()
    }

    fn offer(&mut self, square: f64, _position: u32) {
        if square >= self.worst() {
            return;
        }
        if self.least.len() == self.k {
            self.least.pop();
        }
        let place = self.least.partition_point(|least| *least <= square);
        self.least.insert(place, square);
    }
}

/// The `k` nearest, the farthest of them on top. Squares are kept as bits, which are in the order
/// of the numbers because none is negative.
struct Best<'t> {
    order: &'t [u32],
    but: u32,
    k: usize,
    heap: BinaryHeap<(u64, u32)>,
}

impl Finds for Best<'_> {
    /// As near as the farthest is near enough: a lower place may lie there.
    fn may_take(&self, square: f64) -> bool {
        self.heap.len() < self.k || self.heap.peek().is_some_and(|top| square.to_bits() <= top.0)
    }

    fn offer(&mut self, square: f64, position: u32) {
        let key = (square.to_bits(), self.order[position as usize]);
        if key.1 == self.but {
            return;
        }
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

    proptest! {
        #[test]
        fn the_kth_is_that_of_the_slow_loop(
            points in vec((0_i32..40, 0_i32..40), 1..120), k in 1_usize..12,
        ) {
            let points: Vec<Coord<f64>> =
                points.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
            let tree = Tree::of(&points);
            let mut room = Least::default();
            for at in &points {
                let mut slow: Vec<f64> = points.iter().map(|other| squared(*at, *other)).collect();
                slow.sort_by(f64::total_cmp);
                let expected = slow.get(k - 1).copied().unwrap_or(f64::INFINITY);
                prop_assert_eq!(tree.kth(*at, k, &mut room), expected);
            }
        }
    }
}
