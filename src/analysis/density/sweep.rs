//! Kernels that are polynomials inside their disc, by a sweep along each row.
//!
//! In one row of the lattice a point adds a polynomial in x from where the row enters its disc to
//! where it leaves it. So its coefficients are added at the first column and taken away after the
//! last, and one pass along the row keeps their sum: the cost is points × rows, however wide the
//! discs. Source: Chan et al. (2022), *SLAM: Efficient sweep line algorithms for kernel density
//! visualization*, SIGMOD.
//!
//! All points have one radius. Against rounding the row is cut into blocks of three to six radii;
//! each begins anew with coefficients about its own middle, and where no disc is open the sum is
//! exactly 0. What is left is at most some 10⁻¹² of the sum of the peaks of the points around.

use rayon::prelude::*;

use super::{
    Lattice,
    estimate::{Rows, columns},
};

/// peak · (1 − u²)².
pub(super) fn quartic(rows: &Rows, lattice: &Lattice) -> Vec<f64> {
    // With a = (reach² − dy²) and b = a − p²: (a − (x − p)²)² = (b + 2px − x²)².
    sweep::<6>(
        rows,
        lattice,
        |w, b, p| {
            let wp = 4.0 * w * p;
            [w * b * b, wp * b, w * (4.0 * p * p - 2.0 * b), -wp, w, 1.0]
        },
        |c, x| (((c[4] * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0],
    )
}

/// peak · (1 − u²).
pub(super) fn epanechnikov(rows: &Rows, lattice: &Lattice) -> Vec<f64> {
    sweep::<4>(
        rows,
        lattice,
        |w, b, p| [w * b, 2.0 * w * p, -w, 1.0],
        |c, x| (c[2] * x + c[1]) * x + c[0],
    )
}

/// `coefficients` of weight, b and the point's place, with a count of 1 last; `value` of them at a
/// place.
fn sweep<const N: usize>(
    rows: &Rows,
    lattice: &Lattice,
    coefficients: impl Fn(f64, f64, f64) -> [f64; N] + Sync,
    value: impl Fn(&[f64; N], f64) -> f64 + Sync,
) -> Vec<f64> {
    let (cols, unit) = (lattice.cols, 1.0 / rows.reach);
    let unit2 = unit * unit;
    // A power of two: a division in the inner loop would cost as much as all the rest.
    let shift = ((6.0 * rows.reach) as usize).clamp(16, 1 << 20).ilog2();
    let block = 1 << shift;
    let mut values = vec![0.0; lattice.len()];
    values.par_chunks_mut(cols).enumerate().for_each_init(
        || vec![[0.0; N]; cols],
        |events, (row, here)| {
            let at = row as f64;
            for point in &rows.spreads[rows.near(row)] {
                let dy = at - point.y;
                let left = point.reach2 - dy * dy;
                if left <= 0.0 {
                    continue;
                }
                let (first, last) = columns(point.x, left.sqrt(), cols);
                if first > last {
                    continue;
                }
                let (mut first, after) = (first.cast_unsigned(), last.cast_unsigned() + 1);
                let a = left * unit2;
                loop {
                    let number = first >> shift;
                    let end = (number + 1) * block;
                    let p = (point.x - middle(number, block)) * unit;
                    let adds = coefficients(point.peak, a - p * p, p);
                    for (sum, add) in events[first].iter_mut().zip(adds) {
                        *sum += add;
                    }
                    if after <= end {
                        // After the block's last column there is nothing to take away.
                        if after < end && after < cols {
                            for (sum, add) in events[after].iter_mut().zip(adds) {
                                *sum -= add;
                            }
                        }
                        break;
                    }
                    first = end;
                }
            }
            for (number, (cells, events)) in
                here.chunks_mut(block).zip(events.chunks_mut(block)).enumerate()
            {
                let middle = middle(number, block);
                let mut sum = [0.0; N];
                for (place, (cell, event)) in cells.iter_mut().zip(events).enumerate() {
                    for (sum, add) in sum.iter_mut().zip(event.iter_mut()) {
                        *sum += std::mem::take(add);
                    }
                    if sum[N - 1] == 0.0 {
                        sum = [0.0; N];
                        continue;
                    }
                    let x = ((number * block + place) as f64 - middle) * unit;
                    *cell = value(&sum, x).max(0.0);
                }
            }
        },
    );
    values
}

fn middle(number: usize, block: usize) -> f64 {
    (number * block) as f64 + block as f64 / 2.0
}
