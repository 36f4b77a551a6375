//! The Gaussian on a lattice.
//!
//! Few points: each is the product of one exponential along its row and one along its column, cut
//! off where it is under 2·10⁻¹⁶ of its peak. Many points: gathered in boxes of half a radius, each
//! box expanded about its middle in Hermite functions up to order 12 along either axis, rows first,
//! columns then (the fast Gauss transform: Greengard and Strain 1991, *SIAM J. Sci. Stat. Comput.*
//! 12, in its separable form). An offset is at most a quarter of a radius, so the first term left
//! out is under 0.25¹³/√13! ≈ 2·10⁻¹³ of the peak; that and not the number of points decides.

use rayon::prelude::*;

use super::{
    Lattice,
    estimate::{Rows, Spread},
};

/// Terms along an axis.
const TERMS: usize = 13;

/// So many updates of cells are quicker than an expansion.
const FEW: f64 = 3e7;

/// The sum of all Gaussians at every centre.
pub(super) fn gaussian(rows: &Rows, lattice: &Lattice) -> Vec<f64> {
    let spreads = &rows.spreads;
    let radius = spreads[0].radius;
    let window =
        (2.0 * rows.reach).min(lattice.cols as f64) * (2.0 * rows.reach).min(lattice.rows as f64);
    if rows.alike && window * spreads.len() as f64 > FEW && radius > 2.0 {
        expanded(spreads, radius, lattice)
    } else {
        stamped(rows, lattice)
    }
}

fn stamped(rows: &Rows, lattice: &Lattice) -> Vec<f64> {
    let mut values = vec![0.0; lattice.len()];
    // One band of rows after the other: a point's exponentials along its row are made once a band.
    let band = lattice.rows.div_ceil(4 * rayon::current_num_threads().max(1)).max(8);
    values.par_chunks_mut(lattice.cols * band).enumerate().for_each_init(
        || vec![0.0; lattice.cols],
        |along, (number, here)| {
            let first_row = number * band;
            for spread in &rows.spreads {
                let scale = -0.5 / (spread.radius * spread.radius);
                let half = spread.reach2.sqrt();
                let (first, last) = super::estimate::columns(spread.x, half, lattice.cols);
                let (low, high) = super::estimate::columns(spread.y, half, lattice.rows);
                let low = low.cast_unsigned().max(first_row);
                let high = (high + 1).cast_unsigned().min(first_row + here.len() / lattice.cols);
                if first > last || low >= high {
                    continue;
                }
                let columns = first.cast_unsigned()..last.cast_unsigned() + 1;
                let along = &mut along[columns.clone()];
                for (value, col) in along.iter_mut().zip(columns.clone()) {
                    let dx = col as f64 - spread.x;
                    *value = (scale * dx * dx).exp();
                }
                for row in low..high {
                    let dy = row as f64 - spread.y;
                    let factor = spread.peak * (scale * dy * dy).exp();
                    let start = (row - first_row) * lattice.cols;
                    let cells = &mut here[start + columns.start..start + columns.end];
                    for (cell, along) in cells.iter_mut().zip(along.iter()) {
                        *cell += factor * along;
                    }
                }
            }
        },
    );
    values
}

/// Boxes along an axis, in steps of the lattice.
struct Boxes {
    first: f64,
    side: f64,
    count: usize,
}

impl Boxes {
    fn of(at: impl Iterator<Item = f64> + Clone, side: f64) -> Self {
        let low = at.clone().fold(f64::INFINITY, f64::min);
        let high = at.fold(f64::NEG_INFINITY, f64::max);
        Self { first: low, side, count: ((high - low) / side) as usize + 1 }
    }

    fn of_place(&self, at: f64) -> usize {
        (((at - self.first) / self.side) as usize).min(self.count - 1)
    }

    fn middle(&self, number: usize) -> f64 {
        self.first + (number as f64 + 0.5) * self.side
    }
}

/// δᵏ/k! for k = 0.. .
fn powers(offset: f64) -> [f64; TERMS] {
    let mut powers = [1.0; TERMS];
    for k in 1..TERMS {
        powers[k] = powers[k - 1] * offset / k as f64;
    }
    powers
}

/// He_k(t) exp(−t²/2) for k = 0.. .
fn hermite(t: f64) -> [f64; TERMS] {
    let mut terms = [0.0; TERMS];
    terms[0] = (-0.5 * t * t).exp();
    terms[1] = t * terms[0];
    for k in 2..TERMS {
        terms[k] = t * terms[k - 1] - (k - 1) as f64 * terms[k - 2];
    }
    terms
}

/// Farther than this, in radii, a box adds nothing: 8.5 and its half diagonal.
const FAR: f64 = 9.0;

fn expanded(spreads: &[Spread], radius: f64, lattice: &Lattice) -> Vec<f64> {
    let side = radius / 2.0;
    let across = Boxes::of(spreads.iter().map(|spread| spread.x), side);
    let up = Boxes::of(spreads.iter().map(|spread| spread.y), side);
    // Moments of every box: [row of boxes][box][term along y][term along x].
    let mut moments = vec![[[0.0; TERMS]; TERMS]; across.count * up.count];
    for spread in spreads {
        let (col, row) = (across.of_place(spread.x), up.of_place(spread.y));
        let xs = powers((spread.x - across.middle(col)) / radius);
        let ys = powers((spread.y - up.middle(row)) / radius);
        for (line, y) in moments[row * across.count + col].iter_mut().zip(ys) {
            for (sum, x) in line.iter_mut().zip(xs) {
                *sum += spread.peak * y * x;
            }
        }
    }
    // Along the rows: for every row of boxes and column of the lattice, the terms along y.
    let tables = tables(&across, lattice.cols, radius);
    let lines: Vec<[f64; TERMS]> = (0..up.count)
        .into_par_iter()
        .flat_map_iter(|row| {
            let boxes = &moments[row * across.count..(row + 1) * across.count];
            let tables = &tables;
            (0..lattice.cols).map(move |col| {
                let mut line = [0.0; TERMS];
                for (number, terms) in &tables[col] {
                    for (sum, along) in line.iter_mut().zip(&boxes[*number]) {
                        *sum += along.iter().zip(terms).map(|(a, b)| a * b).sum::<f64>();
                    }
                }
                line
            })
        })
        .collect();
    let tables = self::tables(&up, lattice.rows, radius);
    let mut values = vec![0.0; lattice.len()];
    values.par_chunks_mut(lattice.cols).enumerate().for_each(|(row, here)| {
        for (number, terms) in &tables[row] {
            let lines = &lines[number * lattice.cols..(number + 1) * lattice.cols];
            for (cell, line) in here.iter_mut().zip(lines) {
                *cell += line.iter().zip(terms).map(|(a, b)| a * b).sum::<f64>();
            }
        }
        for cell in here {
            *cell = cell.max(0.0);
        }
    });
    values
}

/// For every column (or row) the boxes near enough, with their terms there.
fn tables(boxes: &Boxes, count: usize, radius: f64) -> Vec<Vec<(usize, [f64; TERMS])>> {
    let at = |place: usize| {
        let near = (0..boxes.count).filter_map(|number| {
            let t = (place as f64 - boxes.middle(number)) / radius;
            (t.abs() <= FAR).then(|| (number, hermite(t)))
        });
        near.collect()
    };
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;

    use super::*;
    use crate::analysis::density::{Kernel, estimate, estimate::tests::lattice, sources};

    #[test]
    fn the_expansion_is_the_sum() {
        // So many that the expansion is taken, in a small corner and far outside.
        let places: Vec<Coord<f64>> = (0..30_000_u32)
            .map(|i| Coord {
                x: 990.0 + f64::from(i.wrapping_mul(2_654_435_761) % 7001) / 10.0,
                y: 1980.0 + f64::from(i.wrapping_mul(40_503) % 6007) / 10.0,
            })
            .collect();
        let spread = sources(&places, None, 35.0);
        let values = estimate(Kernel::Gaussian, &spread, &lattice());
        let most = 30_000.0 * Kernel::Gaussian.peak(35.0);
        for place in [0, 30, 500, 1400, 2866] {
            let centre = lattice().centre(place % 61, place / 61);
            let slow: f64 = spread
                .iter()
                .map(|it| {
                    let d2 = (it.at.x - centre.x).powi(2) + (it.at.y - centre.y).powi(2);
                    Kernel::Gaussian.peak(35.0) * (-d2 / 2.0 / 35.0_f64.powi(2)).exp()
                })
                .sum();
            assert!((values[place] - slow).abs() < 1e-12 * most, "{} {slow}", values[place]);
        }
    }

    #[test]
    fn hermite_terms_are_the_derivatives() {
        // exp(−(t − δ)²/2) = Σ δᵏ/k! He_k(t) exp(−t²/2).
        for (t, offset) in [(0.3_f64, 0.25_f64), (-4.0, -0.25), (7.5, 0.1)] {
            let sum: f64 = hermite(t).iter().zip(powers(offset)).map(|(a, b)| a * b).sum();
            assert!((sum - (-0.5 * (t - offset) * (t - offset)).exp()).abs() < 1e-12);
        }
    }
}
