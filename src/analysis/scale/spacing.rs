//! How far apart places lie: where a search for the scale begins, and by which steps it goes.
//!
//! Rule (METHODS §3): distances to the nearest other place; a place whose distance is beyond the mean
//! plus 3 standard deviations is an outlier, which one lonely field shall not stretch the scale for.
//! Of the others: bands start where every one has a neighbour (the largest of their distances),
//! and step by their mean; a cell that fits them is twice the larger of mean and median. The rule
//! follows what is commonly described for optimised hot spot analysis; its constants were not
//! checked against another program, and it claims no parity with one.
//!
//! Units: those of the coordinates. Cost: a tree of the places.

use geo_types::Coord;

use crate::analysis::weights::nearest;

/// The spacing of places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    /// How many different places there are.
    pub places: usize,
    /// How many of them are outliers.
    pub outliers: usize,
    /// Mean distance to the nearest other place, without outliers.
    pub mean: f64,
    /// Its median, without outliers.
    pub median: f64,
    /// The least distance at which every place but the outliers has a neighbour.
    pub start: f64,
}

impl Spacing {
    /// Twice the larger of mean and median: the side of a cell that holds about four places where
    /// they lie evenly.
    pub fn cell(&self) -> f64 {
        2.0 * self.mean.max(self.median)
    }

    /// `count` bands from the start in steps of the mean.
    pub fn bands(&self, count: usize) -> Vec<f64> {
        (0..count).map(|at| self.start + at as f64 * self.mean).collect()
    }
}

/// The spacing of `points` (finite); several at one place are one place. `None` for fewer than two
/// places.
pub fn spacing(points: &[Coord<f64>]) -> Option<Spacing> {
    let mut places = points.to_vec();
    places.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    places.dedup();
    if places.len() < 2 {
        return None;
    }
    let mut distances: Vec<f64> =
        nearest(&places, 1).iter().flatten().map(|near| near.distance).collect();
    distances.sort_by(f64::total_cmp);
    let n = distances.len() as f64;
    let mean = distances.iter().sum::<f64>() / n;
    let square = distances.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / n;
    // Rounding shall not make outliers of places that lie evenly.
    let reach = mean + 3.0 * square.sqrt() + 1e-9 * mean;
    let inliers = &distances[..distances.partition_point(|d| *d <= reach)];
    let count = inliers.len();
    Some(Spacing {
        places: places.len(),
        outliers: places.len() - count,
        mean: inliers.iter().sum::<f64>() / count as f64,
        median: f64::midpoint(inliers[(count - 1) / 2], inliers[count / 2]),
        start: inliers[count - 1],
    })
}

/// A distance by how many neighbours it gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The distance.
    pub distance: f64,
    /// The number of neighbours K it was made from: 5 % of the units, at least 3 and at most 30.
    pub neighbours: usize,
    /// Whether the mean distance to the K-th neighbour was longer than the standard distance, and
    /// that was taken.
    pub capped: bool,
}

/// The mean distance to the K-th nearest unit, at most the standard distance of all: what is left
/// to take where no scale stands out. `None` for fewer than two units, or all at one place.
pub fn reach(points: &[Coord<f64>]) -> Option<Reach> {
    let n = points.len();
    let k = ((n as f64 * 0.05).round() as usize).clamp(3, 30).min(n.saturating_sub(1));
    let last: Vec<f64> =
        nearest(points, k).iter().filter_map(|near| near.last().map(|it| it.distance)).collect();
    if last.is_empty() {
        return None;
    }
    let mean = last.iter().sum::<f64>() / n as f64;
    let centre = |of: fn(&Coord<f64>) -> f64| points.iter().map(of).sum::<f64>() / n as f64;
    let (x, y) = (centre(|it| it.x), centre(|it| it.y));
    let spread = points.iter().map(|it| (it.x - x).powi(2) + (it.y - y).powi(2)).sum::<f64>();
    let standard = (spread / n as f64).sqrt();
    let capped = mean > standard;
    let distance = mean.min(standard);
    (distance > 0.0).then_some(Reach { distance, neighbours: k, capped })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(places: &[(f64, f64)]) -> Vec<Coord<f64>> {
        places.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_lattice_with_one_lonely_place() {
        let mut places: Vec<(f64, f64)> =
            (0..25).map(|i| (f64::from(i % 5), f64::from(i / 5))).collect();
        let even = spacing(&at(&places)).unwrap();
        assert_eq!((even.outliers, even.mean, even.median, even.start), (0, 1.0, 1.0, 1.0));
        assert_eq!((even.cell(), even.bands(3)), (2.0, vec![1.0, 2.0, 3.0]));
        places.push((100.0, 0.0));
        places.push((0.0, 0.0)); // twice at one place is one place
        let lonely = spacing(&at(&places)).unwrap();
        assert_eq!((lonely.places, lonely.outliers), (26, 1));
        assert_eq!((lonely.mean, lonely.start), (1.0, 1.0));
    }

    #[test]
    fn too_little_to_say() {
        assert_eq!(spacing(&at(&[])), None);
        assert_eq!(spacing(&at(&[(1.0, 1.0), (1.0, 1.0)])), None);
        assert_eq!(reach(&at(&[(1.0, 1.0)])), None);
        assert_eq!(reach(&at(&[(1.0, 1.0), (1.0, 1.0)])), None);
        let two = spacing(&at(&[(0.0, 0.0), (3.0, 4.0)])).unwrap();
        assert_eq!((two.mean, two.start, two.outliers), (5.0, 5.0, 0));
    }

    #[test]
    fn the_reach_as_worked_by_hand() {
        // Four corners of a square: the third nearest is the opposite one, √2, further than the
        // standard distance √½.
        let square = reach(&at(&[(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])).unwrap();
        assert_eq!((square.neighbours, square.capped), (3, true));
        assert!((square.distance - 0.5_f64.sqrt()).abs() < 1e-15);
        // A hundred in a row: K = 5; inside the fifth is 3 away, at the ends 5, 4, and 3 next.
        let row: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i), 0.0)).collect();
        let row = reach(&at(&row)).unwrap();
        assert_eq!((row.neighbours, row.capped), (5, false));
        assert!((row.distance - (2.0 * (5.0 + 4.0) + 96.0 * 3.0) / 100.0).abs() < 1e-12);
    }
}
