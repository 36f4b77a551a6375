//! Kernel weights: near units count for more, by a curve that ends at the bandwidth.
//!
//! Conventions of libpysal's `Kernel` (Anselin and Rey 2010, table 5.4), with u = d/h: a unit is
//! linked to itself with the kernel's top value; every kernel, the Gaussian too, ends at u = 1; a
//! bandwidth taken from a k-th neighbour is wider than its distance by one part in ten million, so
//! that this neighbour keeps a (tiny) weight. Take [`super::Weights::without_self`] where a method
//! does not want the unit itself.

use std::f64::consts::TAU;

use geo_types::Coord;
use rayon::prelude::*;

use super::{Near, TooManyLinks, Weights, nearest, within};

/// The form of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// 1 − u.
    Triangular,
    /// ½ wherever u ≤ 1.
    Uniform,
    /// ¾ (1 − u²); libpysal's `quadratic`.
    Epanechnikov,
    /// 15/16 (1 − u²)².
    Quartic,
    /// exp(−u²/2) / √(2π), up to u = 1.
    Gaussian,
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Self; 5] =
        [Self::Triangular, Self::Uniform, Self::Epanechnikov, Self::Quartic, Self::Gaussian];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Triangular => "triangular",
            Self::Uniform => "uniform",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Gaussian => "gaussian",
        }
    }

    /// The kernel of this name; `quadratic` is Epanechnikov's other one.
    pub fn from_word(word: &str) -> Option<Self> {
        if word == "quadratic" {
            return Some(Self::Epanechnikov);
        }
        Self::ALL.into_iter().find(|kernel| kernel.word() == word)
    }

    /// The weight at `u` bandwidths' distance, 0 ≤ u ≤ 1.
    pub fn weight(self, u: f64) -> f64 {
        match self {
            Self::Triangular => 1.0 - u,
            Self::Uniform => 0.5,
            Self::Epanechnikov => 0.75 * (1.0 - u * u),
            Self::Quartic => 15.0 / 16.0 * (1.0 - u * u).powi(2),
            Self::Gaussian => (-u * u / 2.0).exp() / TAU.sqrt(),
        }
    }
}

/// How far a kernel reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bandwidth {
    /// The same for every unit, in the units of the points; finite and above 0.
    Fixed(f64),
    /// The same for every unit: the largest of all distances to the k-th nearest.
    Widest(usize),
    /// Each unit's own distance to its k-th nearest; exactly these k are its neighbours.
    Adaptive(usize),
}

/// Wider than the k-th neighbour's distance by this much.
const SHADE: f64 = 1.0000001;

/// The weights of `kernel` between points. Links are mutual but for [`Bandwidth::Adaptive`].
/// Where all neighbours lie at one place with the unit, they weigh as much as itself.
///
/// # Errors
///
/// [`TooManyLinks`].
pub fn kernel(
    points: &[Coord<f64>],
    kernel: Kernel,
    bandwidth: Bandwidth,
) -> Result<Weights, TooManyLinks> {
    let (rows, reach): (Vec<Vec<Near>>, Vec<f64>) = match bandwidth {
        Bandwidth::Fixed(h) => (within(points, h)?, vec![h; points.len()]),
        Bandwidth::Widest(k) => {
            let farthest = nearest(points, k).into_iter().filter_map(|near| near.last().copied());
            let h = farthest.map(|near| near.distance).fold(0.0, f64::max) * SHADE;
            (within(points, h)?, vec![h; points.len()])
        }
        Bandwidth::Adaptive(k) => {
            let rows = nearest(points, k);
            let farthest = |near: &Vec<Near>| near.last().map_or(0.0, |it| it.distance * SHADE);
            let reach = rows.iter().map(farthest).collect();
            (rows, reach)
        }
    };
    let weigh = |(me, (row, h)): (usize, (Vec<Near>, f64))| {
        let own = Near { place: me as u32, distance: 0.0 };
        let link = |near: Near| {
            let u = if h > 0.0 { near.distance / h } else { 0.0 };
            (near.place, kernel.weight(u))
        };
        let mut row: Vec<_> = row.into_iter().chain([own]).map(link).collect();
        row.sort_unstable_by_key(|(place, _)| *place);
        row
    };
    let rows = rows.into_par_iter().zip(reach).enumerate().with_min_len(256).map(weigh);
    Ok(Weights::from_lawful_rows(rows.collect()))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn line(places: &[f64]) -> Vec<Coord<f64>> {
        places.iter().map(|x| Coord { x: *x, y: 0.0 }).collect()
    }

    #[test]
    fn the_kernels_by_hand() {
        let half = [0.5, 0.5, 0.5625, 0.52734375, 0.3520653267642995];
        let top = [1.0, 0.5, 0.75, 0.9375, 0.3989422804014327];
        for (at, kernel) in Kernel::ALL.into_iter().enumerate() {
            assert!((kernel.weight(0.5) - half[at]).abs() < 1e-15, "{kernel:?}");
            assert!((kernel.weight(0.0) - top[at]).abs() < 1e-15, "{kernel:?}");
            assert_eq!(Kernel::from_word(kernel.word()), Some(kernel));
        }
        assert_eq!(Kernel::from_word("quadratic"), Some(Kernel::Epanechnikov));
        assert_eq!(Kernel::from_word("conic"), None);
    }

    #[test]
    fn a_fixed_bandwidth_ends_where_it_says() {
        let weights =
            kernel(&line(&[0.0, 5.0, 10.0]), Kernel::Gaussian, Bandwidth::Fixed(5.0)).unwrap();
        assert_eq!(weights.places(0), &[0, 1]);
        assert_eq!(weights.places(1), &[0, 1, 2]);
        // At the very edge the triangle is 0, which is no link.
        let weights =
            kernel(&line(&[0.0, 5.0, 9.0]), Kernel::Triangular, Bandwidth::Fixed(5.0)).unwrap();
        assert_eq!((weights.places(0), weights.places(1)), (&[0][..], &[1, 2][..]));
        assert!((weights.values(1)[1] - 0.2).abs() < 1e-15);
    }

    #[test]
    fn bandwidths_from_neighbours() {
        let points = line(&[0.0, 1.0, 3.0, 7.0]);
        let own = kernel(&points, Kernel::Triangular, Bandwidth::Adaptive(2)).unwrap();
        assert_eq!((own.places(0), own.places(3)), (&[0, 1, 2][..], &[1, 2, 3][..]));
        assert!((own.values(0)[1] - (1.0 - 1.0 / 3.0000003)).abs() < 1e-12);
        assert!(own.values(3)[0] > 0.0 && own.values(3)[0] < 1e-6);
        let all = kernel(&points, Kernel::Uniform, Bandwidth::Widest(1)).unwrap();
        // The widest distance to a nearest is 4.
        assert_eq!((all.places(0), all.places(3)), (&[0, 1, 2][..], &[2, 3][..]));
    }

    #[test]
    fn one_place_and_nobody() {
        let weights =
            kernel(&line(&[2.0, 2.0, 2.0]), Kernel::Triangular, Bandwidth::Adaptive(2)).unwrap();
        assert_eq!(weights.values(0), &[1.0, 1.0, 1.0]);
        let alone = kernel(&line(&[2.0]), Kernel::Quartic, Bandwidth::Adaptive(2)).unwrap();
        assert_eq!((alone.places(0), alone.islands()), (&[0][..], 1));
        assert!(kernel(&[], Kernel::Quartic, Bandwidth::Widest(2)).unwrap().is_empty());
    }

    proptest! {
        /// Against the double loop over all pairs.
        #[test]
        fn agrees_with_the_slow_loop(
            free in vec((-9.0..9.0_f64, -9.0..9.0_f64), 1..40),
            form in 0_usize..5,
            h in 0.1..9.0_f64,
        ) {
            let points: Vec<_> = free.into_iter().map(|(x, y)| Coord { x, y }).collect();
            let form = Kernel::ALL[form];
            let ours = kernel(&points, form, Bandwidth::Fixed(h)).unwrap();
            for (i, a) in points.iter().enumerate() {
                for (j, b) in points.iter().enumerate() {
                    let d = (a.x - b.x).hypot(a.y - b.y);
                    let slow = if d <= h { form.weight(d / h) } else { 0.0 };
                    prop_assert!((ours.between(i, j) - slow).abs() < 1e-12);
                }
            }
        }
    }
}
