//! Everybody within a distance: neighbours of a fixed band, and inverse distances.
//!
//! The band is closed, d ≤ band, as libpysal's and ArcGIS's are. Inverse distance weighs d^−power.
//! Two units at one place have no inverse distance: that is refused and named, for any number put
//! in its stead would outweigh the rest of the map.
//!
//! Cost: points sorted into buckets as wide as the band (METHODS §10.2), each compared with the
//! nine buckets around it. Links are bounded ([`MOST_LINKS`]), and too wide a band is told early.

use std::sync::atomic::{AtomicUsize, Ordering};

use geo_types::Coord;
use rayon::prelude::*;
use thiserror::Error;

use super::{BadWeights, Near, Neighbours, Weights, bins::Bins};
use crate::analysis::geometry::bounds::bounds;

/// The most links that are made: a few hundred megabytes.
pub const MOST_LINKS: usize = 20_000_000;

/// More links than anybody can use.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "more than {MOST_LINKS} links: take a narrower band, fewer nearest neighbours or fewer units"
)]
pub struct TooManyLinks;

/// Why there are no inverse distances.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NoInverse {
    /// Two units lie at one place.
    #[error(
        "units {first} and {second} (numbered from 0) lie at the same place, and nothing can be \
         divided by a distance of 0: put such units together, or use band: or kernel: weights"
    )]
    SamePlace {
        /// The one.
        first: usize,
        /// The other.
        second: usize,
    },
    /// The band is too wide.
    #[error(transparent)]
    TooMany(#[from] TooManyLinks),
    /// A distance so small, or a power so large, that the weight is no number.
    #[error(transparent)]
    Bad(#[from] BadWeights),
}

/// Units within `band` of each other, in the units of `points`, which are finite. Mutual.
///
/// # Errors
///
/// [`TooManyLinks`].
pub fn band(points: &[Coord<f64>], band: f64) -> Result<Neighbours, TooManyLinks> {
    let rows = within(points, band)?;
    let places = |row: Vec<Near>| row.into_iter().map(|near| near.place).collect();
    Ok(Neighbours::from_lists(rows.into_iter().map(places)))
}

/// Weights d^−`power` between units within `band` of each other; of all units where there is no
/// band. Points are finite, `power` too.
///
/// # Errors
///
/// [`NoInverse`].
pub fn inverse_distance(
    points: &[Coord<f64>],
    band: Option<f64>,
    power: f64,
) -> Result<Weights, NoInverse> {
    let rows = within(points, band.unwrap_or(f64::INFINITY))?;
    for (first, row) in rows.iter().enumerate() {
        if let Some(near) = row.iter().find(|near| near.distance == 0.0) {
            return Err(NoInverse::SamePlace { first, second: near.place as usize });
        }
    }
    let weigh = |near: Near| (near.place, near.distance.powf(-power));
    let rows = rows.into_iter().map(|row| row.into_iter().map(weigh).collect());
    Ok(Weights::from_rows(rows.collect())?)
}

/// Everybody within `radius` of each point, closed, the point itself left out, in the order of
/// places. Points are finite; an infinite radius reaches everybody.
///
/// # Errors
///
/// [`TooManyLinks`].
pub fn within(points: &[Coord<f64>], radius: f64) -> Result<Vec<Vec<Near>>, TooManyLinks> {
    let buckets = Buckets::of(points, radius);
    let made = AtomicUsize::new(0);
    let row = |me: usize| {
        let mut row = buckets.around(me, radius)?;
        // Whether the sum passes the bound does not depend on who adds first.
        if made.fetch_add(row.len(), Ordering::Relaxed) + row.len() > MOST_LINKS {
            return Err(TooManyLinks);
        }
        row.sort_unstable_by_key(|near| near.place);
        Ok(row)
    };
    (0..points.len()).into_par_iter().with_min_len(256).map(row).collect()
}

/// Points in the order of the buckets that they lie in.
struct Buckets<'p> {
    points: &'p [Coord<f64>],
    bins: Bins,
}

impl<'p> Buckets<'p> {
    fn of(points: &'p [Coord<f64>], radius: f64) -> Self {
        // A shade wider than the band, so that rounding never puts a neighbour two buckets away.
        let bins = Bins::over(bounds(points).unwrap_or_default(), radius * (1.0 + 1e-9));
        let placed = |(place, at): (u32, &Coord<f64>)| (bins.row(at.y), bins.col(at.x), place);
        let placed: Vec<_> = (0_u32..).zip(points).map(placed).collect();
        Self { points, bins: bins.filled(placed.into_iter()) }
    }

    fn around(&self, me: usize, radius: f64) -> Result<Vec<Near>, TooManyLinks> {
        let at = self.points[me];
        let (row, col) = (self.bins.row(at.y), self.bins.col(at.x));
        let mut found = Vec::new();
        for row in row.saturating_sub(1)..=row + 1 {
            for (_, place) in self.bins.between(row, col.saturating_sub(1), col + 1) {
                let other = self.points[*place as usize];
                let distance = ((at.x - other.x).powi(2) + (at.y - other.y).powi(2)).sqrt();
                if distance <= radius && *place as usize != me {
                    found.push(Near { place: *place, distance });
                }
            }
            if found.len() > MOST_LINKS {
                return Err(TooManyLinks);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::{super::least_band, *};

    fn at(places: &[(f64, f64)]) -> Vec<Coord<f64>> {
        places.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn the_band_is_closed() {
        let points = at(&[(0.0, 0.0), (3.0, 4.0), (9.0, 4.0)]);
        let five = band(&points, 5.0).unwrap();
        assert_eq!((five.of(0), five.of(1), five.of(2)), (&[1][..], &[0][..], &[][..]));
        assert_eq!(band(&points, 4.999).unwrap().count(0), 0);
        assert_eq!(band(&points, least_band(&points).unwrap()).unwrap().of(1), &[0, 2]);
        // Nothing but what lies at the same place.
        assert_eq!(band(&at(&[(1.0, 1.0), (1.0, 1.0), (1.0, 2.0)]), 0.0).unwrap().of(0), &[1]);
        assert!(band(&[], 5.0).unwrap().is_empty());
    }

    #[test]
    fn inverse_distances_fall_with_their_power() {
        let points = at(&[(0.0, 0.0), (0.0, 2.0), (0.0, 10.0)]);
        let near = inverse_distance(&points, Some(9.0), 1.0).unwrap();
        assert_eq!((near.values(0), near.values(1)), (&[0.5][..], &[0.5, 0.125][..]));
        let all = inverse_distance(&points, None, 2.0).unwrap();
        assert_eq!((all.places(0), all.values(0)), (&[1, 2][..], &[0.25, 0.01][..]));
        let twice = inverse_distance(&at(&[(5.0, 5.0), (1.0, 1.0), (5.0, 5.0)]), Some(1.0), 1.0);
        assert_eq!(twice, Err(NoInverse::SamePlace { first: 0, second: 2 }));
        let tiny = inverse_distance(&at(&[(0.0, 0.0), (1e-100, 0.0)]), None, 4.0);
        assert!(matches!(tiny, Err(NoInverse::Bad(_))));
    }

    #[test]
    fn too_wide_a_band_is_told() {
        let points: Vec<_> = (0..5000).map(|i| Coord { x: f64::from(i), y: 0.0 }).collect();
        assert_eq!(band(&points, 1e6), Err(TooManyLinks));
    }

    proptest! {
        /// Buckets are only a short cut: they must find what comparing all finds.
        #[test]
        fn buckets_agree_with_the_slow_loop(
            lattice in vec((-40_i8..40, -40_i8..40), 0..80),
            free in vec((-9.0..9.0_f64, -9.0..9.0_f64), 0..40),
            tenths in 0_u8..120,
            shift in prop_oneof![Just(0.0), Just(500_000.0), Just(2_400_000.3)],
        ) {
            let radius = f64::from(tenths) / 10.0;
            let whole = lattice.iter().map(|(x, y)| (f64::from(*x) / 10.0, f64::from(*y) / 10.0));
            let points: Vec<_> =
                whole.chain(free).map(|(x, y)| Coord { x: x + shift, y: y + shift }).collect();
            let ours = within(&points, radius).unwrap();
            for (me, ours) in ours.iter().enumerate() {
                let slow: Vec<_> = (0..points.len())
                    .map(|other| {
                        let (a, b) = (points[me], points[other]);
                        let distance = ((a.x - b.x).powi(2) + (a.y - b.y).powi(2)).sqrt();
                        Near { place: other as u32, distance }
                    })
                    .filter(|near| near.place as usize != me && near.distance <= radius)
                    .collect();
                prop_assert_eq!(ours, &slow);
            }
        }
    }
}
