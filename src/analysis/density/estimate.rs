//! Spreads points over a lattice: the density at every centre.
//!
//! Exact but for rounding, whatever the number of points: the quartic and Epanechnikov's kernel by a
//! sweep along rows (`sweep`) where they reach far, stamped cell by cell where they do not or where
//! radii differ; the uniform kernel and the cone stamped; the Gaussian (`gauss`) by its expansion, to 10⁻¹² of the peak of
//! all it adds. Rows of the lattice are shared among threads; each sums in the order of the points'
//! rows, then of the points, so the bits depend on no thread.

use std::ops::Range;

use geo_types::Coord;
use rayon::prelude::*;

use super::{Kernel, Lattice, gauss, sweep};

/// A point to be spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Source {
    /// Where.
    pub at: Coord<f64>,
    /// How much: 1 for a plot, or its hectares. Not negative.
    pub weight: f64,
    /// The kernel's h, above 0.
    pub radius: f64,
}

/// Points of one radius; without weights each counts 1.
///
/// # Panics
///
/// Where `weights` are not as many as `places`.
pub fn sources(places: &[Coord<f64>], weights: Option<&[f64]>, radius: f64) -> Vec<Source> {
    let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
    let each = places.iter().enumerate();
    each.map(|(i, at)| Source { at: *at, weight: weight(i), radius }).collect()
}

/// The density at every centre of `lattice`, row by row, per square unit: Σ weight · kernel. Points
/// may lie outside of the lattice. Never NaN, never negative.
///
/// Cost: points × rows that they reach (sweep), points × cells that they reach (stamp), or points
/// plus cells × (length of a row + of a column) in radii × 13 (Gaussian).
pub fn estimate(kernel: Kernel, sources: &[Source], lattice: &Lattice) -> Vec<f64> {
    let rows = Rows::of(kernel, sources, lattice);
    if rows.spreads.is_empty() {
        return vec![0.0; lattice.len()];
    }
    match kernel {
        Kernel::Gaussian => gauss::gaussian(&rows, lattice),
        Kernel::Quartic if rows.reach > FAR && rows.alike => sweep::quartic(&rows, lattice),
        Kernel::Epanechnikov if rows.reach > FAR && rows.alike => {
            sweep::epanechnikov(&rows, lattice)
        }
        _ => stamped(kernel, &rows, lattice),
    }
}

/// A sweep costs as much as a stamp of so many cells' radius.
const FAR: f64 = 6.0;

/// A point in steps of the lattice.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    /// Column, from the first centre.
    pub(super) x: f64,
    /// Row, from the first centre.
    pub(super) y: f64,
    /// Square of its reach in steps.
    pub(super) reach2: f64,
    /// Radius in steps.
    pub(super) radius: f64,
    /// Weight times the kernel's peak.
    pub(super) peak: f64,
}

/// Points that reach the lattice, gathered by rows.
pub(super) struct Rows {
    pub(super) spreads: Vec<Spread>,
    /// Where each row's points begin. Points south of all are in the first row, points north of
    /// all in the last.
    starts: Vec<usize>,
    /// The farthest reach of any, in steps.
    pub(super) reach: f64,
    /// Whether all have one radius: in units of a wide one the polynomials of a narrow one lose
    /// their digits.
    pub(super) alike: bool,
    count: usize,
}

impl Rows {
    fn of(kernel: Kernel, sources: &[Source], lattice: &Lattice) -> Self {
        let (east, north) = ((lattice.cols - 1) as f64, (lattice.rows - 1) as f64);
        let spread = |source: &Source| {
            let at = lattice.steps(source.at);
            let radius = source.radius / lattice.cell;
            let reach = radius * kernel.reach();
            let near = at.x + reach >= 0.0
                && at.x - reach <= east
                && at.y + reach >= 0.0
                && at.y - reach <= north;
            (near && source.weight > 0.0).then(|| Spread {
                x: at.x,
                y: at.y,
                reach2: reach * reach,
                radius,
                peak: source.weight * kernel.peak(source.radius),
            })
        };
        let mut starts = vec![0_usize; lattice.rows + 1];
        let all: Vec<Spread> = sources.iter().filter_map(spread).collect();
        for spread in &all {
            starts[row_of(spread.y, lattice.rows) + 1] += 1;
        }
        for row in 0..lattice.rows {
            starts[row + 1] += starts[row];
        }
        // A stable counting sort.
        let mut next = starts.clone();
        let nothing = Spread { x: 0.0, y: 0.0, reach2: 0.0, radius: 0.0, peak: 0.0 };
        let mut spreads = vec![nothing; all.len()];
        let mut reach2 = 0.0_f64;
        for spread in all {
            let place = &mut next[row_of(spread.y, lattice.rows)];
            spreads[*place] = spread;
            *place += 1;
            reach2 = reach2.max(spread.reach2);
        }
        let alike = spreads.windows(2).all(|pair| pair[0].radius == pair[1].radius);
        Self { spreads, starts, reach: reach2.sqrt(), alike, count: lattice.rows }
    }

    /// The places of the points that may reach a row: some of them do not.
    pub(super) fn near(&self, row: usize) -> Range<usize> {
        let at = row as f64;
        let first = self.starts[row_of(at - self.reach, self.count)];
        let last = self.starts[row_of(at + self.reach, self.count) + 1];
        first..last
    }
}

fn row_of(y: f64, rows: usize) -> usize {
    (y.max(0.0) as usize).min(rows - 1)
}

/// The columns from the first to the last, both included, whose centres lie within `half` of `x`;
/// none where the last is before the first.
pub(super) fn columns(x: f64, half: f64, cols: usize) -> (isize, isize) {
    // By truncation: rounding up and down are calls of functions on the oldest processors served.
    let west = (x - half).max(0.0);
    let first = west as i32;
    let first = first + i32::from(f64::from(first) < west);
    let east = (x + half).min((cols - 1) as f64);
    let last = if east < 0.0 { -1 } else { east as i32 };
    (first as isize, last as isize)
}

/// Adds every point to every cell that it reaches.
fn stamped(kernel: Kernel, rows: &Rows, lattice: &Lattice) -> Vec<f64> {
    let mut values = vec![0.0; lattice.len()];
    values.par_chunks_mut(lattice.cols).enumerate().for_each(|(row, here)| {
        for spread in &rows.spreads[rows.near(row)] {
            let dy = row as f64 - spread.y;
            let left = spread.reach2 - dy * dy;
            if left < 0.0 {
                continue;
            }
            let (first, last) = columns(spread.x, left.sqrt(), lattice.cols);
            if first > last {
                continue;
            }
            // Divided, not multiplied by the inverse: what lies on the rim stays on it.
            let radius2 = spread.radius * spread.radius;
            let cells = &mut here[first.cast_unsigned()..=last.cast_unsigned()];
            for (cell, col) in cells.iter_mut().zip(first..) {
                let dx = col as f64 - spread.x;
                *cell += spread.peak * kernel.profile((dx * dx + dy * dy) / radius2);
            }
        }
    });
    values
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    pub(crate) fn lattice() -> Lattice {
        Lattice { first: Coord { x: 1005.0, y: 2005.0 }, cell: 10.0, cols: 61, rows: 47 }
    }

    /// Every point at every centre.
    fn slowly(kernel: Kernel, sources: &[Source], lattice: &Lattice) -> Vec<f64> {
        let at = |place: usize| {
            let centre = lattice.centre(place % lattice.cols, place / lattice.cols);
            let spread = sources.iter().map(|source| {
                let (dx, dy) = (centre.x - source.at.x, centre.y - source.at.y);
                let u2 = (dx * dx + dy * dy) / (source.radius * source.radius);
                source.weight * kernel.peak(source.radius) * kernel.profile(u2)
            });
            spread.sum()
        };
        (0..lattice.len()).map(at).collect()
    }

    fn point() -> impl Strategy<Value = (f64, f64, f64)> {
        (900.0..1700.0_f64, 1900.0..2600.0_f64, prop_oneof![Just(1.0), Just(0.0), 0.0..5.0_f64])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// The sweep, the stamp and the expansion are only short cuts.
        #[test]
        fn fast_ways_agree_with_the_slow_loop(
            points in vec(point(), 1..40),
            radius in prop_oneof![12.0..70.0_f64, 70.0..400.0_f64],
            adaptive in any::<bool>(),
        ) {
            for kernel in Kernel::ALL {
                let sources: Vec<Source> = points.iter().enumerate().map(|(i, (x, y, weight))| {
                    let radius = if adaptive { radius * (1.0 + (i % 5) as f64 / 2.0) } else { radius };
                    Source { at: Coord { x: *x, y: *y }, weight: *weight, radius }
                }).collect();
                let fast = estimate(kernel, &sources, &lattice());
                let slow = slowly(kernel, &sources, &lattice());
                let most: f64 = sources.iter().map(|it| it.weight * kernel.peak(it.radius)).sum();
                // On the rim of a disc rounding decides.
                let rim = f64::from(u8::from(kernel == Kernel::Uniform)) * 1e-9;
                for (place, (ours, theirs)) in fast.iter().zip(&slow).enumerate() {
                    let centre = lattice().centre(place % 61, place / 61);
                    let on_rim = sources.iter().any(|it| {
                        let d = (centre.x - it.at.x).hypot(centre.y - it.at.y);
                        (d / it.radius - 1.0).abs() < rim
                    });
                    prop_assert!(*ours >= 0.0);
                    prop_assert!(on_rim || (ours - theirs).abs() <= 3e-12 * most,
                        "{:?} {}: {} {}", kernel, place, ours, theirs);
                }
            }
        }
    }

    #[test]
    fn all_that_was_spread_is_there() {
        // Radii from four cells on: the sum over centres is the number of points to a part in 1000.
        let places: Vec<Coord<f64>> = (0..50)
            .map(|i| Coord {
                x: 1250.0 + f64::from(i * 37 % 101),
                y: 2190.0 + f64::from(i * 53 % 97),
            })
            .collect();
        for kernel in [Kernel::Quartic, Kernel::Epanechnikov, Kernel::Gaussian] {
            for sigma in [16.0, 22.0] {
                let radius = sigma * kernel.radius_per_sigma();
                let values = estimate(kernel, &sources(&places, None, radius), &lattice());
                let sum = values.iter().sum::<f64>() * lattice().cell_area();
                assert!((sum - 50.0).abs() < 0.05, "{kernel:?} {radius}: {sum}");
            }
        }
    }

    #[test]
    fn threads_decide_nothing_and_nothing_is_zero() {
        let places: Vec<Coord<f64>> = (0..300)
            .map(|i| Coord {
                x: 950.0 + f64::from(i * 61 % 701),
                y: 1950.0 + f64::from(i * 43 % 563),
            })
            .collect();
        for kernel in Kernel::ALL {
            let spread = sources(&places, None, 150.0);
            let on = |threads| {
                let crew = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                crew.install(|| estimate(kernel, &spread, &lattice()))
            };
            assert_eq!(on(1), on(3));
            assert!(estimate(kernel, &[], &lattice()).iter().all(|value| *value == 0.0));
            let far = sources(&[Coord { x: 1e7, y: 0.0 }], None, 100.0);
            assert!(estimate(kernel, &far, &lattice()).iter().all(|value| *value == 0.0));
        }
    }
}
