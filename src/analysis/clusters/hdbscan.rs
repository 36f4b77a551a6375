//! HDBSCAN: groups of points that hold together over many scales.
//!
//! Answers: where do plots lie closer together than around them, when no one distance suits the
//! whole map? Source: Campello, Moulavi and Sander (2013), *Density-based clustering based on
//! hierarchical density estimates*, PAKDD 2013; membership as McInnes, Healy and Astels (2017)
//! give it, outlier scores as Campello, Moulavi, Zimek and Sander (2015), GLOSH. Units: those of
//! the points; stability in one over that unit. Cost: some n log n searches in a k-d tree and a
//! sort; memory some 200 bytes a point.
//!
//! Own code: the crates at hand compare all pairs (`hdbscan` 0.12), or let the order of rows
//! settle ties. Ties are no rarity here (one core distance is the length of many edges), and
//! scikit-learn, R and the Python package differ by them. They are settled by where points lie,
//! from south to north, then west to east: the order of rows decides nothing (only of points that
//! coincide, the lower place goes first). As in DBSCAN nothing is said about chance. Where the whole
//! never falls into two groups there is no cluster: one group alone is not told from noise.

use geo_types::Coord;
use rayon::prelude::*;
use thiserror::Error;

use super::{
    dense::members, hierarchy::Hierarchy, k_distance::k_squares, points::Points,
    spanning_tree::spanning_tree,
};
use crate::analysis::{
    geometry::kd_tree::Tree,
    watch::{Gone, Watch},
};

/// What counts as a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    min_cluster_size: usize,
    min_pts: usize,
}

/// Why nothing can be called a group.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BadSizes {
    /// A point alone is no group.
    #[error("groups of {0} points or more: ask for at least 2")]
    MinClusterSize(usize),
    /// The nearest points include the point itself.
    #[error("0 points: ask for at least 1, the point itself counts")]
    MinPts,
}

impl Sizes {
    /// Groups of at least `min_cluster_size` points; a point's core distance reaches to its
    /// `min_pts`-th nearest point, itself counted (as in the paper, in R and in scikit-learn; the
    /// Python package `hdbscan` does not count it: its `min_samples` is one less).
    ///
    /// # Errors
    ///
    /// [`BadSizes`] below 2 and 1.
    pub fn new(min_cluster_size: usize, min_pts: usize) -> Result<Self, BadSizes> {
        if min_cluster_size < 2 {
            return Err(BadSizes::MinClusterSize(min_cluster_size));
        }
        if min_pts == 0 {
            return Err(BadSizes::MinPts);
        }
        Ok(Self { min_cluster_size, min_pts })
    }

    /// The least size of a group.
    pub fn min_cluster_size(self) -> usize {
        self.min_cluster_size
    }

    /// Points in a core distance.
    pub fn min_pts(self) -> usize {
        self.min_pts
    }
}

/// Why no point has a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoClusters {
    /// Fewer points than a group or a core distance needs.
    TooFew,
    /// The whole never falls into two groups: one cluster, or none, cannot be told apart.
    OneGroup,
}

impl NoClusters {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::OneGroup => "one-group",
        }
    }
}

/// Which points belong together, and how firmly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// By point its cluster; `None`: noise. Clusters are numbered from 0 by their lowest place.
    pub cluster: Vec<Option<u32>>,
    /// By point how firmly it belongs to its cluster: its λ over the greatest at which the
    /// cluster holds, 0 to 1; 0 for noise.
    pub probability: Vec<f64>,
    /// By point how much sparser it lies than the densest part of its group (GLOSH), 0 to 1.
    pub outlier: Vec<f64>,
    /// By point its core distance; infinite where there are too few points.
    pub core_distance: Vec<f64>,
    /// By cluster its excess of mass; infinite where enough points coincide.
    pub stability: Vec<f64>,
    /// Why there is no cluster at all, where there is none.
    pub reason: Option<NoClusters>,
}

impl Groups {
    /// How many clusters there are.
    pub fn clusters(&self) -> u32 {
        self.stability.len() as u32
    }

    /// The places of each cluster, ascending.
    pub fn members(&self) -> Vec<Vec<usize>> {
        members(&self.cluster, self.clusters())
    }
}

/// The stable clusters of `points`.
///
/// # Errors
///
/// [`Gone`] where the asker has gone.
pub fn hdbscan(points: Points<'_>, sizes: Sizes, watch: &dyn Watch) -> Result<Groups, Gone> {
    let count = points.len();
    let (sorted, rank) = from_the_south(points);
    let tree = Tree::of(&sorted);
    let core = k_squares(&tree, sizes.min_pts);
    let mut of_rank = vec![0.0; count];
    for (square, rank) in core.iter().zip(&tree.order) {
        of_rank[*rank as usize] = square.sqrt();
    }
    let core_distance = rank.iter().map(|rank| of_rank[*rank as usize]).collect();
    let none = |reason, core_distance| Groups {
        cluster: vec![None; count],
        probability: vec![0.0; count],
        outlier: vec![0.0; count],
        core_distance,
        stability: Vec::new(),
        reason: Some(reason),
    };
    if count < sizes.min_cluster_size.max(sizes.min_pts) {
        return Ok(none(NoClusters::TooFew, core_distance));
    }
    let edges = spanning_tree(&tree, &core, watch)?;
    let hierarchy = Hierarchy::of(count, edges, sizes.min_cluster_size);
    let deepest = hierarchy.deepest();
    let left = |rank: u32| (hierarchy.last[rank as usize] as usize, hierarchy.left[rank as usize]);
    let outlier = rank
        .iter()
        .map(|rank| {
            let (group, lambda) = left(*rank);
            below(lambda, deepest[group])
        })
        .collect();
    let stable = hierarchy.stable();
    let mut numbers: Vec<Option<u32>> = vec![None; hierarchy.groups.len()];
    let mut stability = Vec::new();
    let mut cluster = Vec::with_capacity(count);
    let mut probability = Vec::with_capacity(count);
    for rank in &rank {
        let (last, lambda) = left(*rank);
        let Some(group) = stable[last] else {
            cluster.push(None);
            probability.push(0.0);
            continue;
        };
        let of = &hierarchy.groups[group as usize];
        let number = *numbers[group as usize].get_or_insert_with(|| {
            stability.push(of.stability);
            (stability.len() - 1) as u32
        });
        cluster.push(Some(number));
        probability.push(1.0 - below(lambda, of.death));
    }
    let reason = stability.is_empty().then_some(NoClusters::OneGroup);
    Ok(Groups { cluster, probability, outlier, core_distance, stability, reason })
}

/// The points from south to north, then west to east, and by place the rank of each.
fn from_the_south(points: Points<'_>) -> (Vec<Coord<f64>>, Vec<u32>) {
    // Adding zero makes −0 the zero that it is.
    let key = |place: &u32| points.get()[*place as usize] + Coord { x: 0.0, y: 0.0 };
    let mut places: Vec<u32> = (0..points.len() as u32).collect();
    places.par_sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x))
    });
    let mut rank = vec![0; places.len()];
    for (of, place) in places.iter().enumerate() {
        rank[*place as usize] = of as u32;
    }
    (places.iter().map(key).collect(), rank)
}

/// How far `lambda` lies below `greatest`, as a share of it.
fn below(lambda: f64, greatest: f64) -> f64 {
    if lambda >= greatest {
        0.0
    } else if greatest.is_infinite() {
        1.0
    } else {
        (greatest - lambda) / greatest
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{geometry::kd_tree::squared, watch::Nobody};

    fn asked(points: &[Coord<f64>], min_cluster_size: usize, min_pts: usize) -> Groups {
        let sizes = Sizes::new(min_cluster_size, min_pts).unwrap();
        hdbscan(Points::new(points).unwrap(), sizes, &Nobody).unwrap()
    }

    fn line(at: &[f64]) -> Vec<Coord<f64>> {
        at.iter().map(|x| Coord { x: *x, y: 0.0 }).collect()
    }

    #[test]
    fn two_groups_and_a_straggler_as_worked_by_hand() {
        // 0 1 2 | 10 11 12 | 30, groups of three, core distance to the nearest other: the whole
        // loses 30 at distance 18 and falls apart at 8; each group falls to points at 1.
        let found = asked(&line(&[10.0, 11.0, 12.0, 0.0, 1.0, 2.0, 30.0]), 3, 2);
        assert_eq!(
            found.cluster,
            [0, 0, 0, 1, 1, 1].map(Some).into_iter().chain([None]).collect::<Vec<_>>()
        );
        assert_eq!(found.probability, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
        // 3 (1/1 − 1/8) each.
        assert_eq!(found.stability, [2.625, 2.625]);
        // The straggler left at 1/18, the densest part of the whole reaches λ = 1.
        assert!((found.outlier[6] - 17.0 / 18.0).abs() < 1e-15 && found.outlier[0] == 0.0);
        assert_eq!((found.reason, found.clusters()), (None, 2));
        assert_eq!(found.core_distance, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 18.0]);
    }

    #[test]
    fn no_cluster_says_why() {
        assert_eq!(asked(&[], 5, 5).reason, Some(NoClusters::TooFew));
        assert_eq!(asked(&line(&[1.0, 2.0, 3.0]), 3, 4).reason, Some(NoClusters::TooFew));
        let same = asked(&line(&[7.0; 40]), 5, 5);
        assert_eq!((same.reason, same.clusters()), (Some(NoClusters::OneGroup), 0));
        assert!(same.probability.iter().chain(&same.outlier).all(|it| *it == 0.0));
        let lattice: Vec<Coord<f64>> =
            (0..100).map(|i| Coord { x: f64::from(i % 10), y: f64::from(i / 10) }).collect();
        assert_eq!(asked(&lattice, 4, 1).reason, Some(NoClusters::OneGroup));
        assert!(Sizes::new(1, 1).is_err() && Sizes::new(2, 0).is_err());
    }

    #[test]
    fn coinciding_points_are_infinitely_dense() {
        let found = asked(&line(&[0.0, 0.0, 0.0, 9.0, 9.5, 10.0, 10.5]), 3, 2);
        assert_eq!(found.stability[0], f64::INFINITY);
        assert_eq!(found.clusters(), 2);
        assert_eq!(found.probability, [1.0; 7]);
    }

    /// The paper, by trying all distances.
    fn slow(points: &[Coord<f64>], least: usize, min_pts: usize) -> Groups {
        struct Found {
            members: Vec<usize>,
            stability: f64,
            death: f64,
            parts: Vec<Found>,
        }
        /// Length, then the places.
        type Key = (f64, usize, usize);
        struct Slow<'a> {
            reach: &'a dyn Fn(usize, usize) -> f64,
            least: usize,
            left: Vec<f64>,
        }
        impl Slow<'_> {
            fn key(&self, i: usize, j: usize) -> Key {
                ((self.reach)(i, j), i.min(j), i.max(j))
            }

            fn pieces(&self, of: &[usize], below: Key) -> Vec<Vec<usize>> {
                let mut rest = of.to_vec();
                let mut pieces = Vec::new();
                while let Some(first) = rest.pop() {
                    let mut piece = vec![first];
                    let mut next = 0;
                    while next < piece.len() {
                        let from = piece[next];
                        let (near, far): (Vec<usize>, _) =
                            rest.iter().partition(|to| self.key(from, **to) < below);
                        piece.extend(near);
                        rest = far;
                        next += 1;
                    }
                    pieces.push(piece);
                }
                pieces
            }

            fn grow(&mut self, members: Vec<usize>, birth: f64) -> Found {
                let (mut stability, mut now) = (0.0, members.clone());
                loop {
                    let mut keys: Vec<Key> = now
                        .iter()
                        .flat_map(|i| now.iter().filter(move |j| i < *j).map(|j| (*i, *j)))
                        .map(|(i, j)| self.key(i, j))
                        .collect();
                    keys.sort_by(|a, b| a.partial_cmp(b).unwrap());
                    // Cutting an edge and all longer ones leaves the fewer pieces the longer it is.
                    let cut = keys.partition_point(|key| self.pieces(&now, *key).len() > 1) - 1;
                    let lambda = 1.0 / keys[cut].0.sqrt();
                    let (large, small): (Vec<_>, Vec<_>) = self
                        .pieces(&now, keys[cut])
                        .into_iter()
                        .partition(|piece| piece.len() >= self.least);
                    for place in small.iter().flatten() {
                        self.left[*place] = lambda;
                    }
                    let all = now.len();
                    if large.len() == 1 {
                        now = large.into_iter().next().unwrap();
                        stability += (lambda - birth) * (all - now.len()) as f64;
                        continue;
                    }
                    stability += (lambda - birth) * all as f64;
                    let parts = large.into_iter().map(|piece| self.grow(piece, lambda)).collect();
                    return Found { members, stability, death: lambda, parts };
                }
            }
        }
        fn best(found: &Found, whole: bool) -> (f64, Vec<&Found>) {
            let parts: Vec<_> = found.parts.iter().map(|part| best(part, false)).collect();
            let within: f64 = parts.iter().map(|part| part.0).sum();
            if !whole && found.stability > 0.0 && within <= found.stability {
                return (found.stability, vec![found]);
            }
            (within, parts.into_iter().flat_map(|part| part.1).collect())
        }
        let core = |i: usize| {
            let mut ways: Vec<f64> = points.iter().map(|at| squared(*at, points[i])).collect();
            ways.sort_by(f64::total_cmp);
            ways[min_pts - 1]
        };
        let core: Vec<f64> = (0..points.len()).map(core).collect();
        let reach = |i: usize, j: usize| squared(points[i], points[j]).max(core[i]).max(core[j]);
        let mut slow = Slow { reach: &reach, least, left: vec![0.0; points.len()] };
        let whole = slow.grow((0..points.len()).collect(), 0.0);
        let (_, mut chosen) = best(&whole, true);
        chosen.sort_by_key(|found| found.members.iter().min());
        let mut groups = Groups {
            cluster: vec![None; points.len()],
            probability: vec![0.0; points.len()],
            ..Groups::default()
        };
        for (number, found) in chosen.iter().enumerate() {
            groups.stability.push(found.stability);
            for place in &found.members {
                groups.cluster[*place] = Some(number as u32);
                groups.probability[*place] = 1.0 - below(slow.left[*place], found.death);
            }
        }
        groups
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_the_slow_way_finds(
            points in vec(prop_oneof![
                3 => (0_i32..24, 0_i32..24), 2 => (40_i32..48, 0_i32..8), 1 => (0_i32..200, 0_i32..200),
            ], 10..40),
            least in 2_usize..6,
            min_pts in 1_usize..6,
        ) {
            // The slow way settles ties by place, so points come in the order that settles them.
            let mut points = points;
            points.sort_unstable_by_key(|(x, y)| (*y, *x));
            let points: Vec<Coord<f64>> = points
                .iter()
                .map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) })
                .collect();
            let (found, slow) = (asked(&points, least, min_pts), slow(&points, least, min_pts));
            prop_assert_eq!(&found.cluster, &slow.cluster);
            prop_assert_eq!(&found.probability, &slow.probability);
            prop_assert_eq!(&found.stability, &slow.stability);
        }

        #[test]
        fn rows_and_a_move_change_nothing(
            points in vec((0_i32..16, 0_i32..16), 8..70),
            seed in any::<u64>(),
            least in 2_usize..6,
            min_pts in 1_usize..6,
        ) {
            let mut points = points;
            points.sort_unstable();
            points.dedup();
            let points: Vec<Coord<f64>> = points
                .iter()
                .map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) })
                .collect();
            let found = asked(&points, least, min_pts);
            let moved: Vec<Coord<f64>> =
                points.iter().map(|at| Coord { x: at.x + 4.5e5, y: at.y + 2.375e6 }).collect();
            prop_assert_eq!(&asked(&moved, least, min_pts), &found);
            let mut order: Vec<usize> = (0..points.len()).collect();
            order.sort_by_key(|place| (*place as u64 + 1).wrapping_mul(seed | 1));
            let turned: Vec<Coord<f64>> = order.iter().map(|place| points[*place]).collect();
            let other = asked(&turned, least, min_pts);
            let mut renamed = vec![None; found.stability.len()];
            for (a, i) in order.iter().enumerate() {
                prop_assert_eq!(other.probability[a], found.probability[*i]);
                prop_assert_eq!(other.outlier[a], found.outlier[*i]);
                match (other.cluster[a], found.cluster[*i]) {
                    (Some(a), Some(i)) => {
                        prop_assert_eq!(*renamed[i as usize].get_or_insert(a), a);
                        prop_assert_eq!(other.stability[a as usize], found.stability[i as usize]);
                    }
                    (a, i) => prop_assert_eq!(a, i),
                }
            }
        }
    }
}
