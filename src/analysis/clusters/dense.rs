//! The density rule of DBSCAN, for any ball: in a plane, or in a plane and time.
//!
//! Points of a full cell are core points without a look; cells are joined where any two of their
//! core points are near, and only cells of different sets are compared at all.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    cells::{Cells, Piece},
    union::Union,
};

/// When two points are near each other. Symmetric, and never less true for smaller differences.
pub(super) trait Ball: Sync {
    /// A point.
    type At: Copy + Send + Sync;

    /// Whether `b` lies in the closed ball around `a`.
    fn near(&self, a: Self::At, b: Self::At) -> bool;

    /// How close two points are, for the choice of the nearest: less is closer.
    fn closeness(&self, a: Self::At, b: Self::At) -> (f64, f64);

    /// Whether points that differ by this much on the three axes are near each other.
    fn reaches(&self, difference: [f64; 3]) -> bool;

    /// Where a point lies on the three axes.
    fn axes(at: Self::At) -> [f64; 3];
}

/// Which points belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dense {
    /// By point its cluster; `None`: noise. Clusters are numbered from 0 by their lowest place.
    pub cluster: Vec<Option<u32>>,
    /// By point whether it is a core point: at least `min_pts` points, itself among them, lie in
    /// its ball.
    pub core: Vec<bool>,
    /// How many clusters there are.
    pub clusters: u32,
}

impl Dense {
    /// What a point is.
    ///
    /// # Panics
    ///
    /// Where there is no such place.
    pub fn role(&self, place: usize) -> Role {
        match (self.core[place], self.cluster[place]) {
            (true, _) => Role::Core,
            (false, Some(_)) => Role::Border,
            (false, None) => Role::Noise,
        }
    }

    /// The places of each cluster, ascending.
    pub fn members(&self) -> Vec<Vec<usize>> {
        members(&self.cluster, self.clusters)
    }
}

/// The places of each of `clusters` clusters, ascending.
pub(super) fn members(of: &[Option<u32>], clusters: u32) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); clusters as usize];
    for (place, cluster) in of.iter().enumerate() {
        if let Some(cluster) = cluster {
            members[*cluster as usize].push(place);
        }
    }
    members
}

/// What a point is to its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Enough points lie around it.
    Core,
    /// Too few lie around it, but it lies near a core point: it belongs to the nearest one's
    /// cluster (of equally near ones, that with the lowest place).
    Border,
    /// Too few lie around it, and no core point is near.
    Noise,
}

impl Role {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Border => "border",
            Self::Noise => "noise",
        }
    }
}

/// Up to this many pairs are simply compared.
const FEW_PAIRS: usize = 4096;

/// The clusters of the points in `cells`; `at` are the points by position.
pub(super) fn dense<B: Ball>(ball: &B, cells: &Cells, at: &[B::At], min_pts: usize) -> Dense {
    let job = Job { ball, cells, at, min_pts };
    let pieces = cells.pieces();
    let flags: Vec<Vec<bool>> = pieces.par_iter().map(|piece| job.core(piece)).collect();
    let core = flags.concat();
    let sets = Union::new(cells.len());
    pieces.par_iter().for_each(|piece| job.join(piece, &core, &sets));
    let homes: Vec<Vec<u32>> =
        pieces.par_iter().map(|piece| job.homes(piece, &core, &sets)).collect();
    numbered(cells, &core, homes.into_iter().flatten())
}

/// A position without a cluster.
const NOWHERE: u32 = u32::MAX;

/// Puts answers back by place, and numbers clusters by their lowest one.
fn numbered(cells: &Cells, core: &[bool], homes: impl Iterator<Item = u32>) -> Dense {
    let mut by_place = vec![(NOWHERE, false); core.len()];
    for ((home, core), place) in homes.zip(core).zip(&cells.order) {
        by_place[*place as usize] = (home, *core);
    }
    let mut numbers = vec![NOWHERE; cells.len()];
    let mut clusters = 0;
    let mut number = |home: u32| {
        let number = numbers.get_mut(home as usize)?;
        if *number == NOWHERE {
            *number = clusters;
            clusters += 1;
        }
        Some(*number)
    };
    let cluster = by_place.iter().map(|(home, _)| number(*home)).collect();
    Dense { cluster, core: by_place.iter().map(|(_, core)| *core).collect(), clusters }
}

/// What all steps look at.
struct Job<'a, B: Ball> {
    ball: &'a B,
    cells: &'a Cells,
    at: &'a [B::At],
    min_pts: usize,
}

impl<B: Ball> Job<'_, B> {
    /// By position of the piece's points whether each is a core point.
    fn core(&self, piece: &Piece) -> Vec<bool> {
        let mut core = Vec::new();
        self.cells.sweep(piece, |cell, runs| {
            let own = self.cells.positions(cell);
            if own.len() >= self.min_pts {
                core.resize(core.len() + own.len(), true);
                return;
            }
            // Its own cell lies in every ball; the rest is counted up to what is asked.
            let spans: Vec<Range<usize>> = runs
                .iter()
                .map(|run| self.cells.span(run))
                .flat_map(|span| {
                    let holds = span.start <= own.start && own.end <= span.end;
                    let cut = if holds { own.clone() } else { span.end..span.end };
                    [span.start..cut.start, cut.end..span.end]
                })
                .filter(|span| !span.is_empty())
                .collect();
            core.extend(own.clone().map(|position| {
                let mut found = own.len();
                for part in spans.iter().flat_map(|span| self.at[span.clone()].chunks(16)) {
                    let near = |other: &&B::At| self.ball.near(self.at[position], **other);
                    found += part.iter().filter(near).count();
                    if found >= self.min_pts {
                        return true;
                    }
                }
                false
            }));
        });
        core
    }

    /// Joins the piece's cells with cells after them that hold a core point near one of theirs.
    fn join(&self, piece: &Piece, core: &[bool], sets: &Union) {
        self.cells.sweep(piece, |cell, runs| {
            let own = self.cells.positions(cell);
            if !core[own.clone()].contains(&true) {
                return;
            }
            for other in runs.iter().flat_map(|run| run.start.max(cell + 1)..run.end) {
                if sets.find(cell as u32) != sets.find(other as u32)
                    && self.touch(own.clone(), self.cells.positions(other), core)
                {
                    sets.join(cell as u32, other as u32);
                }
            }
        });
    }

    /// Whether a core point of one cell is near a core point of another.
    fn touch(&self, one: Range<usize>, other: Range<usize>, core: &[bool]) -> bool {
        if one.len() * other.len() <= FEW_PAIRS {
            return one.into_iter().filter(|a| core[*a]).any(|a| {
                let near = |b: usize| core[b] && self.ball.near(self.at[a], self.at[b]);
                other.clone().any(near)
            });
        }
        let among = |cell: Range<usize>| -> Vec<B::At> {
            cell.filter(|position| core[*position]).map(|position| self.at[position]).collect()
        };
        any_near(self.ball, &mut among(one), &mut among(other))
    }

    /// By position of the piece's points the set that each belongs to.
    fn homes(&self, piece: &Piece, core: &[bool], sets: &Union) -> Vec<u32> {
        let mut homes = Vec::new();
        self.cells.sweep(piece, |cell, runs| {
            for position in self.cells.positions(cell) {
                let home = if core[position] {
                    Some(cell)
                } else {
                    self.nearest_core(position, runs, core)
                };
                homes.push(home.map_or(NOWHERE, |cell| sets.find(cell as u32)));
            }
        });
        homes
    }

    /// The cell of the core point nearest to a point, if one is near.
    fn nearest_core(&self, position: usize, runs: &[Range<usize>], core: &[bool]) -> Option<usize> {
        let mut best: Option<((f64, f64), u32, usize)> = None;
        for cell in runs.iter().flat_map(Clone::clone) {
            for other in self.cells.positions(cell).filter(|other| core[*other]) {
                let (a, b) = (self.at[position], self.at[other]);
                if !self.ball.near(a, b) {
                    continue;
                }
                let found = (self.ball.closeness(a, b), self.cells.order[other], cell);
                if best.is_none_or(|best| found < best) {
                    best = Some(found);
                }
            }
        }
        best.map(|(_, _, cell)| cell)
    }
}

/// Whether any point of one set is near any of another: halves the larger set until boxes tell.
pub(super) fn any_near<B: Ball>(ball: &B, one: &mut [B::At], other: &mut [B::At]) -> bool {
    let (Some(a), Some(b)) = (Frame::of::<B>(one), Frame::of::<B>(other)) else { return false };
    let [least, most] = a.differences(&b);
    if ball.reaches(most) {
        return true;
    }
    if !ball.reaches(least) {
        return false;
    }
    if one.len() * other.len() <= 64 {
        return one.iter().any(|a| other.iter().any(|b| ball.near(*a, *b)));
    }
    let (large, frame, small) =
        if one.len() >= other.len() { (one, a, other) } else { (other, b, one) };
    let axis = frame.longest();
    let middle = large.len() / 2;
    large.select_nth_unstable_by(middle, |a, b| B::axes(*a)[axis].total_cmp(&B::axes(*b)[axis]));
    let (low, high) = large.split_at_mut(middle);
    any_near(ball, low, small) || any_near(ball, high, small)
}

/// The box around some points.
struct Frame {
    low: [f64; 3],
    high: [f64; 3],
}

impl Frame {
    fn of<B: Ball>(points: &[B::At]) -> Option<Self> {
        let first = B::axes(*points.first()?);
        let mut frame = Self { low: first, high: first };
        for at in points {
            for (axis, value) in B::axes(*at).into_iter().enumerate() {
                frame.low[axis] = frame.low[axis].min(value);
                frame.high[axis] = frame.high[axis].max(value);
            }
        }
        Some(frame)
    }

    /// The least and the greatest difference between points of two boxes, by axis.
    fn differences(&self, other: &Self) -> [[f64; 3]; 2] {
        let axis = |axis: usize| {
            let ahead = other.low[axis] - self.high[axis];
            let behind = self.low[axis] - other.high[axis];
            (ahead.max(behind).max(0.0), (-ahead).max(-behind))
        };
        let [x, y, t] = [axis(0), axis(1), axis(2)];
        [[x.0, y.0, t.0], [x.1, y.1, t.1]]
    }

    fn longest(&self) -> usize {
        let length = |axis: &usize| self.high[*axis] - self.low[*axis];
        (0..3).max_by(|a, b| length(a).total_cmp(&length(b))).unwrap_or(0)
    }
}
