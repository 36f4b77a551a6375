//! The k-distance curve: how far must one look to find `min_pts` points?
//!
//! Answers: which `eps` would suit DBSCAN? Source: Ester, Kriegel, Sander and Xu (1996) §4.2 for
//! the curve; the bend is where it lies furthest below its chord, both axes scaled to one
//! (Satopää, Albrecht, Irwin and Raghavan 2011, *Finding a "kneedle" in a haystack*). Units: those
//! of the points. Cost: n log n.
//!
//! The bend is a suggestion and nothing more: a single far point stretches the curve, and a map
//! with groups of two densities has two bends. Where all distances are alike there is none.

use rayon::prelude::*;
use thiserror::Error;

use super::points::Points;
use crate::analysis::geometry::kd_tree::{Least, Tree};

/// By point the distance to the `min_pts`-th nearest point, the point itself counted: the least
/// `eps` at which it is a core point. Infinite where there are fewer points. With `min_pts` 1
/// all are 0. (R's `kNNdist` counts without the point: its k is `min_pts` − 1.)
pub fn k_distances(points: Points<'_>, min_pts: usize) -> Vec<f64> {
    let tree = Tree::of(points.get());
    let squares = k_squares(&tree, min_pts);
    let mut distances = vec![0.0; points.len()];
    for (square, place) in squares.iter().zip(&tree.order) {
        distances[*place as usize] = square.sqrt();
    }
    distances
}

/// By position in the tree the square of that distance.
pub(super) fn k_squares(tree: &Tree, min_pts: usize) -> Vec<f64> {
    tree.at.par_iter().map_init(Least::default, |room, at| tree.kth(*at, min_pts, room)).collect()
}

/// A suggestion for `eps`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bend {
    /// The suggested distance; above 0.
    pub eps: f64,
    /// How many points would be core points with it.
    pub core: usize,
    /// All k-distances, ascending: the curve to look at.
    pub curve: Vec<f64>,
}

/// Why nothing can be suggested.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoBend {
    /// Fewer points than `min_pts`, or fewer than three.
    #[error("too few points for a curve: give a distance yourself")]
    TooFew,
    /// Every point has the same distance: the curve is level.
    #[error("all points lie equally far apart: the curve has no bend; give a distance yourself")]
    Level,
}

impl NoBend {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::Level => "level",
        }
    }
}

/// The bend of the curve of these distances (see [`k_distances`]).
///
/// # Errors
///
/// [`NoBend`] where the curve has none.
pub fn bend(distances: &[f64]) -> Result<Bend, NoBend> {
    let mut curve = distances.to_vec();
    curve.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (curve.first().copied(), curve.last().copied()) else {
        return Err(NoBend::TooFew);
    };
    if curve.len() < 3 || !high.is_finite() {
        return Err(NoBend::TooFew);
    }
    if high <= low {
        return Err(NoBend::Level);
    }
    let (wide, tall) = ((curve.len() - 1) as f64, high - low);
    let below = |place: usize| place as f64 / wide - (curve[place] - low) / tall;
    let mut best = 0;
    for place in 1..curve.len() {
        if below(place) > below(best) {
            best = place;
        }
    }
    // A distance of 0 is no radius: the next one on the curve.
    let eps = curve[best..].iter().copied().find(|eps| *eps > 0.0).unwrap_or(high);
    let core = curve.partition_point(|distance| *distance <= eps);
    Ok(Bend { eps, core, curve })
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;

    use super::*;

    #[test]
    fn the_bend_of_five_as_worked_by_hand() {
        // Scaled: x 0 ¼ ½ ¾ 1, y 0 0.1 0.2 0.3 1: furthest below the chord at the fourth, 0.45.
        let found = bend(&[4.0, 1.0, 2.0, 3.0, 11.0]).unwrap();
        assert_eq!((found.eps, found.core), (4.0, 4));
        assert_eq!(found.curve, [1.0, 2.0, 3.0, 4.0, 11.0]);
    }

    #[test]
    fn no_bend_says_why() {
        assert_eq!(bend(&[]), Err(NoBend::TooFew));
        assert_eq!(bend(&[1.0, 2.0]), Err(NoBend::TooFew));
        assert_eq!(bend(&[f64::INFINITY; 4]), Err(NoBend::TooFew));
        assert_eq!(bend(&[2.0; 9]), Err(NoBend::Level));
        // Doubles only: the first distance that is one.
        assert_eq!(bend(&[0.0, 0.0, 0.0, 0.0, 7.0]).unwrap().eps, 7.0);
    }

    #[test]
    fn the_point_itself_counts() {
        let points = [0.0, 1.0, 3.0].map(|x| Coord { x, y: 0.0 });
        let points = Points::new(&points).unwrap();
        assert_eq!(k_distances(points, 1), [0.0, 0.0, 0.0]);
        assert_eq!(k_distances(points, 2), [1.0, 1.0, 2.0]);
        assert_eq!(k_distances(points, 3), [3.0, 2.0, 3.0]);
        assert!(k_distances(points, 4).iter().all(|distance| distance.is_infinite()));
    }
}
