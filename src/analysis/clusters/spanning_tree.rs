//! The minimum spanning tree of mutual reachability, by Borůvka's rounds over a k-d tree.
//!
//! Source: Borůvka (1926); Campello, Moulavi and Sander (2013) for the distance, the greatest of
//! the two core distances and the way between. Edges are ordered by length, then by their places:
//! so there is one tree, whatever the threads. Cost: some n log n searches, fewer each round.

use std::{
    cmp::Ordering,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use rayon::prelude::*;

use super::union::Union;
use crate::analysis::{
    geometry::kd_tree::{Node, Tree, squared},
    watch::{Gone, Watch},
};

/// Points that one thread takes at a time.
const CHUNK: usize = 1024;

/// An edge between two points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    /// The square of the mutual reachability.
    pub(super) square: f64,
    /// Their places, the lower one first.
    pub(super) between: [u32; 2],
}

impl Edge {
    /// By length, then by the places.
    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        self.square.total_cmp(&other.square).then(self.between.cmp(&other.between))
    }
}

/// What is known of the shortest edge from a point into another component.
#[derive(Clone, Copy)]
enum Known {
    /// The shortest edge, and the position it leads to.
    Edge(Edge, u32),
    /// The square of every such edge is above this.
    Above(f64),
}

/// The edges of the tree, in no order; `core` holds the squares of core distances by position.
///
/// # Errors
///
/// [`Gone`] where the asker has gone.
pub(super) fn spanning_tree(
    tree: &Tree,
    core: &[f64],
    watch: &dyn Watch,
) -> Result<Vec<Edge>, Gone> {
    let count = tree.at.len();
    let mut edges = Vec::with_capacity(count.saturating_sub(1));
    let sets = Union::new(count);
    let mut forest = Forest::of(tree, core);
    let mut known = vec![Known::Above(-1.0); count];
    let bounds: Vec<AtomicU64> = (0..count).map(|_| AtomicU64::new(0)).collect();
    while edges.len() + 1 < count {
        watch.go_on()?;
        watch.tell(edges.len() as u64, count as u64);
        bounds.par_iter().for_each(|bound| bound.store(f64::INFINITY.to_bits(), Relaxed));
        // What stays true from the last round bounds the search of this one.
        known.par_iter_mut().enumerate().for_each(|(position, known)| {
            let own = forest.component[position];
            if let Known::Edge(edge, to) = *known {
                if forest.component[to as usize] == own {
                    // Shorter edges would have been found: what is left is no shorter.
                    *known = Known::Above(edge.square.next_down());
                } else {
                    bounds[own as usize].fetch_min(edge.square.to_bits(), Relaxed);
                }
            }
        });
        let look = |(position, known): (usize, &mut Known)| {
            let own = forest.component[position];
            let bound = f64::from_bits(bounds[own as usize].load(Relaxed));
            let Known::Above(above) = *known else { return };
            if core[position] > bound || above >= bound {
                return;
            }
            *known = forest.shortest(position as u32, bound);
            if let Known::Edge(edge, _) = known {
                bounds[own as usize].fetch_min(edge.square.to_bits(), Relaxed);
            }
        };
        known.par_chunks_mut(CHUNK).enumerate().try_for_each(|(chunk, known)| {
            (chunk * CHUNK..).zip(known).for_each(look);
            watch.go_on()
        })?;
        let mut shortest: Vec<Option<(Edge, u32, u32)>> = vec![None; count];
        for (position, known) in known.iter().enumerate() {
            let Known::Edge(edge, to) = known else { continue };
            let best = &mut shortest[forest.component[position] as usize];
            if best.as_ref().is_none_or(|(best, ..)| edge.cmp(best).is_lt()) {
                *best = Some((*edge, position as u32, *to));
            }
        }
        for (edge, from, to) in shortest.into_iter().flatten() {
            if sets.join(from, to) {
                edges.push(edge);
            }
        }
        forest.gather(&sets);
    }
    Ok(edges)
}

/// Components grown so far, by position and by node of the tree.
struct Forest<'a> {
    tree: &'a Tree,
    core: &'a [f64],
    /// By position the number that stands for its component.
    component: Vec<u32>,
    /// By node what its points have in common.
    nodes: Vec<Common>,
}

/// What the points of a node have in common.
#[derive(Clone, Copy)]
struct Common {
    /// Their component, where it is one.
    component: Option<u32>,
    /// The least core distance, squared.
    core: f64,
    /// The lowest place.
    place: u32,
}

impl<'a> Forest<'a> {
    fn of(tree: &'a Tree, core: &'a [f64]) -> Self {
        let span = |first: u32, end: u32| first as usize..end as usize;
        let common = |node: &Node| Common {
            component: None,
            core: core[span(node.first, node.end)].iter().copied().fold(f64::INFINITY, f64::min),
            place: tree.order[span(node.first, node.end)].iter().copied().min().unwrap_or(0),
        };
        let nodes = tree.nodes.par_iter().map(common).collect();
        Self { tree, core, component: (0..tree.at.len() as u32).collect(), nodes }
    }

    /// Takes note of joined components.
    fn gather(&mut self, sets: &Union) {
        self.component.par_iter_mut().for_each(|component| *component = sets.find(*component));
        for number in (0..self.nodes.len()).rev() {
            let node = &self.tree.nodes[number];
            self.nodes[number].component = if node.second == 0 {
                let of = &self.component[node.first as usize..node.end as usize];
                of.first().copied().filter(|first| of.iter().all(|it| it == first))
            } else {
                let [a, b] = [number + 1, node.second as usize].map(|it| self.nodes[it].component);
                a.filter(|_| a == b)
            };
        }
    }

    /// The shortest edge from a position into another component, if none above `bound` is asked
    /// for.
    fn shortest(&self, position: u32, bound: f64) -> Known {
        let mut search = Search {
            forest: self,
            at: self.tree.at[position as usize],
            own: self.component[position as usize],
            core: self.core[position as usize],
            place: self.tree.order[position as usize],
            bound,
            best: None,
        };
        search.look(0);
        match search.best {
            Some((edge, to)) => Known::Edge(edge, to),
            None => Known::Above(bound),
        }
    }
}

struct Search<'a> {
    forest: &'a Forest<'a>,
    at: geo_types::Coord<f64>,
    own: u32,
    core: f64,
    place: u32,
    bound: f64,
    best: Option<(Edge, u32)>,
}

impl Search<'_> {
    fn look(&mut self, number: u32) {
        let node = &self.forest.tree.nodes[number as usize];
        if node.second == 0 {
            for position in node.first..node.end {
                self.offer(position);
            }
            return;
        }
        let least = |child: u32| (self.least(child), child);
        let [mut near, mut far] = [number + 1, node.second].map(least);
        if far.0.cmp(&near.0).is_lt() {
            (near, far) = (far, near);
        }
        for (least, child) in [near, far] {
            if self.forest.nodes[child as usize].component != Some(self.own) && self.wants(&least) {
                self.look(child);
            }
        }
    }

    /// No edge into a node comes before this one.
    fn least(&self, number: u32) -> Edge {
        let common = &self.forest.nodes[number as usize];
        let away = self.forest.tree.nodes[number as usize].away(self.at);
        self.edge(away.max(common.core), common.place)
    }

    fn edge(&self, square: f64, place: u32) -> Edge {
        let between = [self.place.min(place), self.place.max(place)];
        Edge { square: square.max(self.core), between }
    }

    fn wants(&self, edge: &Edge) -> bool {
        edge.square <= self.bound
            && self.best.as_ref().is_none_or(|(best, _)| edge.cmp(best).is_lt())
    }

    fn offer(&mut self, position: u32) {
        let other = position as usize;
        if self.forest.component[other] == self.own {
            return;
        }
        let way = squared(self.at, self.forest.tree.at[other]).max(self.forest.core[other]);
        let edge = self.edge(way, self.forest.tree.order[other]);
        if self.wants(&edge) {
            self.best = Some((edge, position));
        }
    }
}
