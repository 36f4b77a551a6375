//! A k-d tree over points in a plane: halves along the longer side, with a box at every node.

use geo_types::Coord;

use super::points::squared;

/// The most points of a leaf.
const LEAF: usize = 12;

/// Points by position in the tree, so that neighbours lie together in memory.
pub(super) struct Tree {
    /// The points' places, by position.
    pub(super) order: Vec<u32>,
    /// The points, by position.
    pub(super) at: Vec<Coord<f64>>,
    /// Every node before its children.
    pub(super) nodes: Vec<Node>,
}

/// Points of one box.
pub(super) struct Node {
    low: Coord<f64>,
    high: Coord<f64>,
    /// Its first position.
    pub(super) first: u32,
    /// The position after its last.
    pub(super) end: u32,
    /// The number of its second child (the first is the next node); 0: a leaf.
    pub(super) second: u32,
}

impl Node {
    /// The square of the distance from `at` to the box.
    pub(super) fn away(&self, at: Coord<f64>) -> f64 {
        let x = (self.low.x - at.x).max(at.x - self.high.x).max(0.0);
        let y = (self.low.y - at.y).max(at.y - self.high.y).max(0.0);
        x * x + y * y
    }
}

impl Tree {
    /// A tree over finite points. Cost: n log n.
    pub(super) fn of(points: &[Coord<f64>]) -> Self {
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut nodes = Vec::with_capacity(points.len() / (LEAF / 4) + 1);
        if !points.is_empty() {
            grow(points, &mut order, 0, &mut nodes);
        }
        let at = order.iter().map(|place| points[*place as usize]).collect();
        Self { order, at, nodes }
    }

    /// The square of the distance from `at` to the `k`-th nearest point (one of them `at` itself,
    /// where it is a point of the tree); infinite where there are fewer than `k`. `heap` is room
    /// to work in.
    pub(super) fn kth(&self, at: Coord<f64>, k: usize, heap: &mut Nearest) -> f64 {
        heap.clear(k);
        if !self.nodes.is_empty() {
            self.look(0, at, heap);
        }
        heap.worst()
    }

    fn look(&self, node: u32, at: Coord<f64>, heap: &mut Nearest) {
        let of = &self.nodes[node as usize];
        if of.second == 0 {
            for other in &self.at[of.first as usize..of.end as usize] {
                heap.offer(squared(at, *other));
            }
            return;
        }
        let children = [node + 1, of.second].map(|it| (self.nodes[it as usize].away(at), it));
        let [near, far] =
            if children[0].0 <= children[1].0 { children } else { [children[1], children[0]] };
        for (away, child) in [near, far] {
            if away < heap.worst() {
                self.look(child, at, heap);
            }
        }
    }
}

fn grow(points: &[Coord<f64>], order: &mut [u32], first: u32, nodes: &mut Vec<Node>) {
    let at = |place: &u32| points[*place as usize];
    let mut low = at(&order[0]);
    let mut high = low;
    for place in order.iter() {
        let at = at(place);
        low = Coord { x: low.x.min(at.x), y: low.y.min(at.y) };
        high = Coord { x: high.x.max(at.x), y: high.y.max(at.y) };
    }
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

/// The `k` least of the numbers offered, none of them negative.
#[derive(Default)]
pub(super) struct Nearest {
    k: usize,
    /// Ascending.
    least: Vec<f64>,
}

impl Nearest {
    fn clear(&mut self, k: usize) {
        self.k = k;
        self.least.clear();
    }

    fn offer(&mut self, number: f64) {
        if number >= self.worst() {
            return;
        }
        if self.least.len() == self.k {
            self.least.pop();
        }
        let place = self.least.partition_point(|least| *least <= number);
        self.least.insert(place, number);
    }

    /// The greatest of the `k`; infinite as long as there are fewer.
    fn worst(&self) -> f64 {
        let last = self.k.checked_sub(1).and_then(|last| self.least.get(last));
        last.copied().unwrap_or(if self.k == 0 { 0.0 } else { f64::INFINITY })
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
            let mut room = Nearest::default();
            for at in &points {
                let mut slow: Vec<f64> = points.iter().map(|other| squared(*at, *other)).collect();
                slow.sort_by(f64::total_cmp);
                let expected = slow.get(k - 1).copied().unwrap_or(f64::INFINITY);
                prop_assert_eq!(tree.kth(*at, k, &mut room), expected);
            }
        }
    }
}
