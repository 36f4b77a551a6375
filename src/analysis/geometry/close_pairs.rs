//! Which points lie close to each other? Every pair once, in bands of distance.
//!
//! A grid of buckets as wide as the farthest band: a point is compared with its own bucket and the
//! ones beside it. Points are numbered anew along the buckets, so that neighbours on the ground are
//! neighbours in memory. Distances that differ from a limit by less than 1e-12 of the coordinates
//! are on it. Cost: a sort, and the pairs within about 1.5 times the reach.

use std::ops::Range;

use geo_types::Coord;

use crate::analysis::chance::tally::TIE;

/// The most pairs that are listed: 400 MB.
pub const MOST: usize = 100_000_000;

/// More than [`MOST`] pairs are that close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Limits of bands of a distance, in space or in time.
#[derive(Clone, Debug, PartialEq)]
pub enum Bands {
    /// One band, from 0 to a limit that belongs to it.
    UpTo(f64),
    /// Bands [a, b), [b, c), … from ascending limits.
    Between(Vec<f64>),
}

impl Bands {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::UpTo(_) => 1,
            Self::Between(limits) => limits.len().saturating_sub(1),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For limit after limit, the first distance that is no longer below it, where `scale` is the
    /// size of the numbers whose differences are the distances: a distance on a limit within
    /// rounding is on it.
    pub(in crate::analysis) fn edges(&self, scale: f64) -> Vec<f64> {
        let tie = |limit: f64| TIE * scale.max(limit);
        match self {
            Self::UpTo(limit) => vec![0.0, (limit + tie(*limit)).next_up()],
            Self::Between(limits) => {
                limits.iter().map(|limit| (limit - tie(*limit)).max(0.0)).collect()
            }
        }
    }
}

/// Pairs of points by band of distance; each pair once, under the point that comes first.
#[derive(Clone, Debug)]
pub struct ClosePairs {
    /// Which point stands at each spot.
    pub order: Vec<u32>,
    /// For each band, rows of spots.
    pub bands: Vec<Rows>,
}

/// For each spot the later spots that it is paired with.
#[derive(Clone, Debug)]
pub struct Rows {
    starts: Vec<u32>,
    others: Vec<u32>,
}

impl Rows {
    /// The later spots of `spot`.
    pub fn of(&self, spot: usize) -> &[u32] {
        &self.others[self.starts[spot] as usize..self.starts[spot + 1] as usize]
    }

    /// How many pairs.
    pub fn len(&self) -> usize {
        self.others.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.others.is_empty()
    }
}

/// Lists the pairs of `points` (finite coordinates in a plane) in each band.
///
/// # Errors
///
/// [`TooMany`] where a list would fill the memory: ask for shorter distances.
pub fn close_pairs(points: &[Coord<f64>], bands: &Bands) -> Result<ClosePairs, TooMany> {
    let scale = points.iter().fold(0.0_f64, |m, p| m.max(p.x.abs()).max(p.y.abs()));
    let edges = bands.edges(scale);
    let reach = edges.last().copied().unwrap_or(0.0);
    // The square of a hair is not to vanish: coincident points are below it.
    let square = |edge: &f64| if *edge > 0.0 { (edge * edge).max(f64::MIN_POSITIVE) } else { 0.0 };
    let squares: Vec<f64> = edges.iter().map(square).collect();
    let buckets = Buckets::of(points, reach);
    let mut rows: Vec<Rows> =
        (0..bands.len()).map(|_| Rows { starts: vec![0], others: Vec::new() }).collect();
    let mut listed = 0;
    let mut range = 0..0;
    for spot in 0..points.len() {
        if spot == 0 || buckets.keys[spot] != buckets.keys[spot - 1] {
            range = buckets.below(spot, range.start);
        }
        let here = buckets.places[spot];
        for other in buckets.beside(spot).chain(range.clone()) {
            let there = buckets.places[other];
            let (dx, dy) = (here.x - there.x, here.y - there.y);
            let square = dx * dx + dy * dy;
            // The first edge is the near side of the first band.
            let near = squares.iter().position(|edge| square < *edge);
            if let Some(band) = near.and_then(|edge| edge.checked_sub(1)) {
                rows[band].others.push(other as u32);
                listed += 1;
            }
        }
        if listed > MOST {
            return Err(TooMany);
        }
        for row in &mut rows {
            row.starts.push(row.others.len() as u32);
        }
    }
    Ok(ClosePairs { order: buckets.order, bands: rows })
}

/// Points sorted by the square in which they lie.
struct Buckets {
    order: Vec<u32>,
    places: Vec<Coord<f64>>,
    /// Row and column of each spot's bucket, ascending.
    keys: Vec<(i64, i64)>,
}

impl Buckets {
    fn of(points: &[Coord<f64>], reach: f64) -> Self {
        let (mut west, mut south) = (f64::INFINITY, f64::INFINITY);
        let (mut east, mut north) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for point in points {
            (west, east) = (west.min(point.x), east.max(point.x));
            (south, north) = (south.min(point.y), north.max(point.y));
        }
        // A hair wider than the reach, and never so small that the numbers overflow.
        let side = (reach * (1.0 + 1e-9)).max((east - west).max(north - south) * 1e-9);
        let side = if side > 0.0 { side } else { 1.0 };
        let key = |p: &Coord<f64>| {
            (((p.y - south) / side).floor() as i64, ((p.x - west) / side).floor() as i64)
        };
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        order.sort_by_cached_key(|place| (key(&points[*place as usize]), *place));
        let places: Vec<Coord<f64>> = order.iter().map(|place| points[*place as usize]).collect();
        let keys = places.iter().map(key).collect();
        Self { order, places, keys }
    }

    /// The later spots of the same bucket and of the next in its row.
    fn beside(&self, spot: usize) -> impl Iterator<Item = usize> + '_ {
        let (row, col) = self.keys[spot];
        (spot + 1..self.keys.len()).take_while(move |other| self.keys[*other] <= (row, col + 1))
    }

    /// The spots of the three buckets in the next row; they begin no earlier than `from`, the
    /// beginning of those of the bucket before.
    fn below(&self, spot: usize, from: usize) -> Range<usize> {
        let (row, col) = self.keys[spot];
        let tail = &self.keys[from..];
        let start = from + tail.partition_point(|key| *key < (row + 1, col - 1));
        let end = start + self.keys[start..].partition_point(|key| *key <= (row + 1, col + 1));
        start..end
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn found(points: &[Coord<f64>], bands: &Bands) -> Vec<Vec<(u32, u32)>> {
        let pairs = close_pairs(points, bands).unwrap();
        let each = pairs.bands.iter().map(|rows| {
            let mut list: Vec<(u32, u32)> = (0..points.len())
                .flat_map(|spot| rows.of(spot).iter().map(move |other| (spot, *other as usize)))
                .map(|(a, b)| (pairs.order[a], pairs.order[b]))
                .map(|(a, b)| (a.min(b), a.max(b)))
                .collect();
            list.sort_unstable();
            list
        });
        each.collect()
    }

    #[test]
    fn a_limit_belongs_to_the_closed_band_and_to_the_next_open_one() {
        let at = |x: f64| Coord { x, y: 0.0 };
        // 0.3 − 0.1 is a hair below 0.2: it is on it.
        let points = [at(0.1), at(0.3), at(0.1), at(0.6)];
        assert_eq!(found(&points, &Bands::UpTo(0.2)), [[(0, 1), (0, 2), (1, 2)]]);
        let bands = Bands::Between(vec![0.0, 0.2, 0.4]);
        assert_eq!(found(&points, &bands), [vec![(0, 2)], vec![(0, 1), (1, 2), (1, 3)]]);
        assert_eq!(found(&points, &Bands::UpTo(0.0)), [[(0, 2)]]);
        assert_eq!(found(&[], &Bands::UpTo(1.0)), [[]]);
        let same = [at(0.0), at(0.0), at(0.0)];
        assert_eq!(found(&same, &Bands::UpTo(0.0))[0].len(), 3);
        assert_eq!(found(&same, &Bands::Between(vec![1.0, 2.0]))[0].len(), 0);
    }

    proptest! {
        #[test]
        fn buckets_find_what_the_slow_loop_finds(
            places in vec((-20_i32..20, -20_i32..20), 0..60),
            mut limits in vec(0_u32..30, 2..5),
        ) {
            limits.sort_unstable();
            limits.dedup();
            prop_assume!(limits.len() > 1);
            let points: Vec<Coord<f64>> =
                places.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
            let square = |a: usize, b: usize| {
                let ((x, y), (u, v)) = (places[a], places[b]);
                (x - u).pow(2) as u32 + (y - v).pow(2) as u32
            };
            let pairs = || (0..points.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
            let slow = |range: &dyn Fn(u32) -> bool| {
                let mut list: Vec<(u32, u32)> = pairs()
                    .filter(|(a, b)| range(square(*a, *b)))
                    .map(|(a, b)| (a as u32, b as u32))
                    .collect();
                list.sort_unstable();
                list
            };
            let reach = limits[limits.len() - 1];
            let up_to = found(&points, &Bands::UpTo(f64::from(reach)));
            prop_assert_eq!(&up_to[0], &slow(&|d| d <= reach * reach));
            let cuts: Vec<f64> = limits.iter().map(|limit| f64::from(*limit)).collect();
            let between = found(&points, &Bands::Between(cuts));
            for (band, cut) in between.iter().zip(limits.windows(2)) {
                let slow = slow(&|d| (cut[0] * cut[0]..cut[1] * cut[1]).contains(&d));
                prop_assert_eq!(band, &slow);
            }
        }
    }
}
