//! Buckets of ground: what may lie near a place, without looking at everything.

use geo_types::Coord;
use rustc_hash::FxHashMap;

/// Side of a bucket. The farthest that anybody asks is 2 √(50² + 50²) = 141 m: the ring of
/// buckets around a place holds it.
const BUCKET_M: f64 = 150.0;

/// At this 1 σ or above a position says too little to reach for others: a tip of 250 m would join
/// places that have nothing to do with each other.
pub(super) const MOST_ERROR_M: f64 = 50.0;

/// Numbers of things by the bucket that they lie in.
#[derive(Default)]
pub(super) struct Grid(FxHashMap<(i64, i64), Vec<usize>>);

impl Grid {
    /// Puts `thing` at `place`, in the metric CRS.
    pub(super) fn put(&mut self, place: Coord<f64>, thing: usize) {
        self.0.entry(bucket(place)).or_default().push(thing);
    }

    /// Everything within [`BUCKET_M`] of `place`, and some that lies farther away.
    pub(super) fn around(&self, place: Coord<f64>) -> impl Iterator<Item = usize> {
        let (column, row) = bucket(place);
        (-1..=1)
            .flat_map(move |x| (-1..=1).map(move |y| (column + x, row + y)))
            .filter_map(|bucket| self.0.get(&bucket))
            .flatten()
            .copied()
    }
}

fn bucket(metric: Coord<f64>) -> (i64, i64) {
    ((metric.x / BUCKET_M).floor() as i64, (metric.y / BUCKET_M).floor() as i64)
}
