//! From a spanning tree to a hierarchy of clusters, and to the stable ones among them.
//!
//! Source: Campello, Moulavi and Sander (2013), *Density-based clustering based on hierarchical
//! density estimates*, PAKDD 2013, algorithm 1 and §5 (excess of mass). As the paper has it, edges
//! of equal length are cut together: no order of points decides what becomes a cluster. (The
//! usual programs cut one after the other.)

use super::spanning_tree::Edge;

/// Groups of at least a size, as the distance shrinks and they fall apart. λ is 1/distance, 0
/// where the whole is one; infinite where points coincide.
pub(super) struct Hierarchy {
    /// Every group after its parent; the first is the whole.
    pub(super) groups: Vec<Group>,
    /// By place the last group that it belonged to.
    pub(super) last: Vec<u32>,
    /// By place the λ at which it left that group.
    pub(super) left: Vec<f64>,
}

/// A group that holds together over some distances.
pub(super) struct Group {
    /// The group that it is a part of; its own number for the whole.
    pub(super) parent: u32,
    /// λ at which it came apart from its parent.
    pub(super) birth: f64,
    /// λ at which it fell apart, or its last points left it.
    pub(super) death: f64,
    /// Σ over its points of (λ at which the point left it − birth).
    pub(super) stability: f64,
}

impl Hierarchy {
    /// The hierarchy of `count` ≥ 1 points joined by `edges` (a spanning tree), with groups of
    /// `least` ≥ 2 points or more. Cost: a sort.
    pub(super) fn of(count: usize, mut edges: Vec<Edge>, least: usize) -> Self {
        edges.sort_unstable_by(|a, b| a.square.total_cmp(&b.square));
        let merges = Merges::of(count, &edges);
        let whole = Group { parent: 0, birth: 0.0, death: 0.0, stability: 0.0 };
        let mut found =
            Self { groups: vec![whole], last: vec![0; count], left: vec![f64::INFINITY; count] };
        // The node of a group as it is now; groups that fall apart leave the list.
        let mut open = vec![(merges.root(), 0_u32)];
        while let Some((node, group)) = open.pop() {
            let Some(square) = merges.square(node) else { continue };
            let lambda = 1.0 / square.sqrt();
            let pieces = merges.pieces(node, square);
            let large: Vec<usize> =
                pieces.iter().copied().filter(|piece| merges.size(*piece) >= least).collect();
            let mut leaving = 0;
            for piece in &pieces {
                if large.len() == 1 && large[0] == *piece {
                    continue;
                }
                leaving += merges.size(*piece);
                if merges.size(*piece) < least {
                    for place in merges.points(*piece) {
                        found.last[*place as usize] = group;
                        found.left[*place as usize] = lambda;
                    }
                }
            }
            let of = &mut found.groups[group as usize];
            of.death = lambda;
            of.stability += (lambda - of.birth) * leaving as f64;
            if let [only] = large[..] {
                open.push((only, group));
                continue;
            }
            for piece in large {
                open.push((piece, found.groups.len() as u32));
                let part = Group { parent: group, birth: lambda, death: lambda, stability: 0.0 };
                found.groups.push(part);
            }
        }
        found
    }

    /// By group the stable group that it lies in, if any: those whose stability is at least that
    /// of all stable groups within them together. The whole is never one.
    pub(super) fn stable(&self) -> Vec<Option<u32>> {
        let mut parts: Vec<Vec<f64>> = vec![Vec::new(); self.groups.len()];
        let mut chosen = vec![false; self.groups.len()];
        for (number, group) in self.groups.iter().enumerate().skip(1).rev() {
            // In the order of size, so that the sum has the same bits in any order of points.
            parts[number].sort_by(f64::total_cmp);
            let within: f64 = parts[number].iter().sum();
            chosen[number] = parts[number].is_empty() || within <= group.stability;
            let best = if chosen[number] { group.stability } else { within };
            parts[group.parent as usize].push(best);
        }
        let mut stable: Vec<Option<u32>> = vec![None; self.groups.len()];
        for number in 1..self.groups.len() {
            let above = stable[self.groups[number].parent as usize];
            stable[number] = above.or(chosen[number].then_some(number as u32));
        }
        stable
    }

    /// By group the greatest λ within it and its parts.
    pub(super) fn deepest(&self) -> Vec<f64> {
        let mut deepest: Vec<f64> = self.groups.iter().map(|group| group.death).collect();
        for number in (1..self.groups.len()).rev() {
            let parent = self.groups[number].parent as usize;
            deepest[parent] = deepest[parent].max(deepest[number]);
        }
        deepest
    }
}

/// Points and pairwise merges of them; a node below `count` is a point.
struct Merges {
    count: usize,
    /// By merge its two nodes and the square of their distance.
    merges: Vec<([u32; 2], f64)>,
    /// By node how many points it holds.
    sizes: Vec<u32>,
    /// By node where its points begin in `points`.
    starts: Vec<u32>,
    points: Vec<u32>,
}

impl Merges {
    /// `edges` ascending.
    fn of(count: usize, edges: &[Edge]) -> Self {
        let mut parents: Vec<u32> = (0..count as u32).collect();
        let mut nodes: Vec<u32> = parents.clone();
        let mut sizes = vec![1; count];
        let mut merges = Vec::with_capacity(edges.len());
        for edge in edges {
            let [a, b] = edge.between.map(|place| root(&mut parents, place));
            let pair = [nodes[a as usize], nodes[b as usize]];
            parents[b as usize] = a;
            nodes[a as usize] = (count + merges.len()) as u32;
            sizes.push(pair.iter().map(|node| sizes[*node as usize]).sum());
            merges.push((pair, edge.square));
        }
        let mut starts = vec![0; sizes.len()];
        for (merge, ([first, second], _)) in merges.iter().enumerate().rev() {
            starts[*first as usize] = starts[count + merge];
            starts[*second as usize] = starts[count + merge] + sizes[*first as usize];
        }
        let mut points = vec![0; count];
        for place in 0..count {
            points[starts[place] as usize] = place as u32;
        }
        Self { count, merges, sizes, starts, points }
    }

    fn root(&self) -> usize {
        self.sizes.len() - 1
    }

    fn size(&self, node: usize) -> usize {
        self.sizes[node] as usize
    }

    /// The square of the distance at which a node falls apart; a point does not.
    fn square(&self, node: usize) -> Option<f64> {
        Some(self.merges[node.checked_sub(self.count)?].1)
    }

    fn points(&self, node: usize) -> &[u32] {
        &self.points[self.starts[node] as usize..][..self.size(node)]
    }

    /// What is left of a node when every edge of this length is cut.
    fn pieces(&self, node: usize, square: f64) -> Vec<usize> {
        let mut pieces = Vec::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if self.square(node) == Some(square) {
                let (pair, _) = self.merges[node - self.count];
                open.extend(pair.map(|node| node as usize));
            } else {
                pieces.push(node);
            }
        }
        pieces
    }
}

fn root(parents: &mut [u32], mut place: u32) -> u32 {
    while parents[place as usize] != place {
        let grand = parents[parents[place as usize] as usize];
        parents[place as usize] = grand;
        place = grand;
    }
    place
}
