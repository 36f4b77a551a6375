//! The density at any places, point by point: the plain sum, for questions about few places and as
//! the measure of the fast ways.

use geo_types::Coord;
use rayon::prelude::*;

use super::{Kernel, Source};

/// The density at `places`, per square unit: Σ weight · kernel, nothing cut off. Cost: places ×
/// points.
pub fn at(kernel: Kernel, sources: &[Source], places: &[Coord<f64>]) -> Vec<f64> {
    let one = |place: &Coord<f64>| {
        let spread = sources.iter().map(|source| {
            let (dx, dy) = (place.x - source.at.x, place.y - source.at.y);
            let u2 = (dx * dx + dy * dy) / (source.radius * source.radius);
            source.weight * kernel.peak(source.radius) * kernel.profile(u2)
        });
        spread.sum()
    };
    places.par_iter().map(one).collect()
}

/// A bandwidth that is longer along one direction than across it: the covariance of a Gaussian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ellipse {
    /// Variance along x.
    pub xx: f64,
    /// Covariance.
    pub xy: f64,
    /// Variance along y.
    pub yy: f64,
}

/// The covariance of places (divisor n − 1), which scipy's rules scale by the square of their
/// factor. `None` under three places, or where they lie on a line.
pub fn covariance(places: &[Coord<f64>]) -> Option<Ellipse> {
    let n = places.len() as f64;
    let mean_x = places.iter().map(|c| c.x).sum::<f64>() / n;
    let mean_y = places.iter().map(|c| c.y).sum::<f64>() / n;
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        places.iter().map(|c| of(c.x - mean_x, c.y - mean_y)).sum::<f64>() / (n - 1.0)
    };
    let found = Ellipse { xx: sum(&|x, _| x * x), xy: sum(&|x, y| x * y), yy: sum(&|_, y| y * y) };
    let fat = found.xx * found.yy - found.xy * found.xy > 1e-12 * found.xx * found.yy;
    (places.len() > 2 && fat).then_some(found)
}

/// The density of the Gaussian with a covariance at `places`, per square unit and as many points as
/// there are: scipy's, of which ours with one sigma is a special case.
pub fn at_with_covariance(
    ellipse: Ellipse,
    points: &[Coord<f64>],
    places: &[Coord<f64>],
) -> Vec<f64> {
    let det = ellipse.xx * ellipse.yy - ellipse.xy * ellipse.xy;
    let norm = 1.0 / (2.0 * std::f64::consts::PI * det.sqrt());
    let one = |place: &Coord<f64>| {
        let spread = points.iter().map(|point| {
            let (dx, dy) = (place.x - point.x, place.y - point.y);
            let u2 = ellipse.yy * dx * dx - 2.0 * ellipse.xy * dx * dy + ellipse.xx * dy * dy;
            (-0.5 * u2 / det).exp()
        });
        norm * spread.sum::<f64>()
    };
    places.par_iter().map(one).collect()
}
