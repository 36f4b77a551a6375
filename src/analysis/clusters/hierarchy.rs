//! From a spanning tree to a hierarchy of clusters, and to the stable ones among them.
//!
//! Source: Campello, Moulavi and Sander (2013), *Density-based clustering based on hierarchical
//! density estimates*, PAKDD 2013, algorithm 1 and §5 (excess of mass).
//!
//! Edges of equal length are cut one after the other, in the order of their places, as scikit-learn,
//! R and the Python package do. (The paper cuts them together, which loses the points that join
//! two groups to noise: measured on random maps, that lies further from each of the three than
//! they lie from each other.) A group that came and went at one length is never a cluster: it is
//! the work of that order alone.

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
        edges.sort_unstable_by(Edge::cmp);
        let merges = Merges::of(count, &edges);
        let whole = Group { parent: 0, birth: 0.0, death: 0.0, stability: 0.0 };
        let mut found =
            Self { groups: vec![whole], last: vec![0; count], left: vec![f64::INFINITY; count] };
        // The node of a group as it is now; groups that fall apart leave the list.
        let mut open = vec![(merges.root(), 0_u32)];
        while let Some((node, group)) = open.pop() {
            let Some((pair, square)) = merges.parts(node) else { continue };
            let lambda = 1.0 / square.sqrt();
            let large: Vec<usize> =
                pair.into_iter().filter(|piece| merges.size(*piece) >= least).collect();
            let mut leaving = merges.size(node);
            if let [only] = large[..] {
                leaving -= merges.size(only);
            }
            for piece in pair.into_iter().filter(|piece| merges.size(*piece) < least) {
                for place in merges.points(piece) {
                    found.last[*place as usize] = group;
                    found.left[*place as usize] = lambda;
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

    /// By group the stable group that it lies in, if any: those that last, and whose stability is
    /// at least that of all stable groups within them together. The whole is never one.
    pub(super) fn stable(&self) -> Vec<Option<u32>> {
        let mut parts: Vec<Vec<f64>> = vec![Vec::new(); self.groups.len()];
        let mut chosen = vec![false; self.groups.len()];
        for (number, group) in self.groups.iter().enumerate().skip(1).rev() {
            let within: f64 = parts[number].iter().sum();
            chosen[number] = group.stability > 0.0 && within <= group.stability;
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
    pairs: Vec<([u32; 2], f64)>,
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
        Self { count, pairs: merges, sizes, starts, points }
    }

    fn root(&self) -> usize {
        self.sizes.len() - 1
    }

    fn size(&self, node: usize) -> usize {
        self.sizes[node] as usize
    }

    /// The two parts of a node, and the square of the distance at which it falls into them; a
    /// point does not.
    fn parts(&self, node: usize) -> Option<([usize; 2], f64)> {
        let (pair, square) = self.pairs[node.checked_sub(self.count)?];
        Some((pair.map(|node| node as usize), square))
    }

    fn points(&self, node: usize) -> &[u32] {
        &self.points[self.starts[node] as usize..][..self.size(node)]
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
