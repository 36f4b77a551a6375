//! One axis cut into strips, exactly enough to lean on.

use rayon::prelude::*;

/// Strips are narrower than they could be by this share, so that rounding when a value is put
/// into its strip never makes two values of one strip lie further apart than the strip's promise.
pub(super) const SLACK: f64 = 1e-5;

/// Where plain division numbers the strips: up to here its rounding stays far below [`SLACK`].
const PLAIN: f64 = (1 << 30) as f64;

/// The number of the strip of each value; strips are `side` wide, and values at most `reach`
/// apart lie at most two strips apart (`reach` ≤ 2 `side`; with `reach` 0 a strip is one value).
///
/// Where the values spread over more strips than can be counted well, gaps wider than `reach` are
/// shortened: nothing reaches over them. Cost: one pass, in that rare case a sort.
pub(super) fn strips(values: &[f64], reach: f64, side: f64) -> Vec<u32> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if side > 0.0 && (high - low) / side < PLAIN {
        return values.par_iter().map(|value| ((value - low) / side) as u32).collect();
    }
    let mut sorted = values.to_vec();
    sorted.par_sort_unstable_by(f64::total_cmp);
    // A difference rounded down to `reach` must not count as a gap.
    let gap = reach * (1.0 + 1e-9);
    let mut pieces: Vec<(f64, u32)> = Vec::new();
    let mut last = None;
    for value in sorted {
        match (pieces.last().copied(), last) {
            (Some((first, number)), Some(before)) => {
                if value - before > gap {
                    pieces.push((value, number + within(before, first, side) + 3));
                }
            }
            _ => pieces.push((value, 0)),
        }
        last = Some(value);
    }
    let strip = |value: &f64| {
        let piece = pieces.partition_point(|(first, _)| first <= value);
        let (first, number) = pieces[piece.saturating_sub(1)];
        number + within(*value, first, side)
    };
    values.par_iter().map(strip).collect()
}

/// The strip of `value` among those that begin at `first`.
fn within(value: f64, first: f64, side: f64) -> u32 {
    if side > 0.0 { ((value - first) / side) as u32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn one_value_a_strip_where_nothing_reaches_further() {
        assert_eq!(strips(&[2020.0, 2018.0, 2020.0, -0.0, 0.0], 0.0, 0.0), [6, 3, 6, 0, 0]);
        assert!(strips(&[], 1.0, 1.0).is_empty());
    }

    proptest! {
        #[test]
        fn near_values_lie_in_near_strips_however_far_the_rest(
            mut values in vec(prop_oneof![-50.0..50.0_f64, -1e300..1e300_f64, 1e9..1.00001e9_f64], 1..40),
            reach in prop_oneof![Just(0.0), 1e-3..20.0_f64],
            diagonal: bool,
        ) {
            // Pairs exactly in reach, too.
            let beside: Vec<f64> = values.iter().map(|value| value + reach).collect();
            values.extend(beside);
            let promise = if diagonal { reach / std::f64::consts::SQRT_2 } else { reach };
            let found = strips(&values, reach, promise * (1.0 - SLACK));
            for (a, i) in values.iter().zip(&found) {
                for (b, j) in values.iter().zip(&found) {
                    if (a - b).abs() <= reach {
                        prop_assert!(i.abs_diff(*j) <= 2, "{a} {b}: {i} {j}");
                    }
                    if i == j {
                        prop_assert!((a - b).abs() <= promise, "{a} {b} in one strip");
                    }
                }
            }
        }
    }
}
