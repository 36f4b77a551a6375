//! Many tests at once: which of them may be called a find?
//!
//! Source: Benjamini and Hochberg (1995), *Controlling the false discovery rate*, the step-up
//! rule; METHODS §0. (GeoDa stops at the first p above its line, which is another rule.)

/// The three rates at which a class is given, strictest first.
pub const CLASS_RATES: [f64; 3] = [0.01, 0.05, 0.10];

/// `a` is at most `b`, apart from rounding.
fn at_most(a: f64, b: f64) -> bool {
    a <= b * (1.0 + 1e-12)
}

/// The adjusted p of every test: the smallest false-discovery rate at which it would be a find,
/// q_(i) = min over j ≥ i of p_(j) m/j, at most 1. Cost: a sort.
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let m = p.len() as f64;
    let mut adjusted = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (rank, place) in ascending(p).into_iter().enumerate().rev() {
        least = least.min(p[place] * m / (rank + 1) as f64);
        adjusted[place] = least;
    }
    adjusted
}

/// The greatest p that is still a find at `rate`: with k the largest for which
/// p_(k) ≤ k·rate/m, p_(k). `None` where nothing is a find. Cost: a sort.
pub fn cut_off(p: &[f64], rate: f64) -> Option<f64> {
    let m = p.len() as f64;
    let order = ascending(p);
    let found = |(rank, place): &(usize, &usize)| at_most(p[**place], (rank + 1) as f64 * rate / m);
    order.iter().enumerate().rev().find(found).map(|(_, place)| p[*place])
}

/// For each adjusted p (see [`adjusted`]), how many of the [`CLASS_RATES`] it passes, each by
/// itself: 3 for .01, 2 for .05, 1 for .10, 0 for none. A class whose rate is above `alpha` is not
/// given, except that the finds at `alpha` which pass no stricter rate get the next one above it.
pub fn classes(adjusted: &[f64], alpha: f64) -> Vec<u8> {
    let class = |q: &f64| {
        let stricter = [0.0, CLASS_RATES[0], CLASS_RATES[1]];
        let passed = CLASS_RATES
            .iter()
            .zip(stricter)
            .position(|(rate, stricter)| alpha > stricter && at_most(*q, rate.min(alpha)));
        passed.map_or(0, |place| (CLASS_RATES.len() - place) as u8)
    };
    adjusted.iter().map(class).collect()
}

/// Places by p, ties by place.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn the_step_up_rule_as_worked_by_hand() {
        // m = 5, rate 0.05: lines .01 .02 .03 .04 .05. The third p lies on its line, the second
        // above its own: all three are finds all the same.
        let p = [0.03, 0.2, 0.025, 0.001, 0.9];
        assert_eq!(cut_off(&p, 0.05), Some(0.03));
        let q = adjusted(&p);
        assert!((q[0] - 0.05).abs() < 1e-15 && (q[2] - 0.05).abs() < 1e-15);
        assert!((q[3] - 0.005).abs() < 1e-15 && q[4] == 0.9);
        assert_eq!(classes(&q, 0.05), [2, 0, 2, 3, 0]);
        assert_eq!(classes(&q, 0.01), [0, 0, 0, 3, 0]);
        assert!(classes(&[], 0.05).is_empty() && cut_off(&[], 0.05).is_none());
    }

    proptest! {
        #[test]
        fn a_find_is_a_test_whose_adjusted_p_is_at_most_the_rate(
            p in vec(0.0001..1.0_f64, 0..60), rate in 0.01..0.3_f64,
        ) {
            let cut = cut_off(&p, rate);
            for (p, q) in p.iter().zip(adjusted(&p)) {
                prop_assert_eq!(cut.is_some_and(|cut| *p <= cut), at_most(q, rate));
            }
        }

        #[test]
        fn classes_nest(p in vec(0.0001..1.0_f64, 0..60)) {
            let q = adjusted(&p);
            let (strict, loose) = (classes(&q, 0.05), classes(&q, 0.10));
            for (strict, loose) in strict.iter().zip(loose) {
                prop_assert!(*strict == loose || (*strict == 0 && loose == 1));
            }
        }
    }
}
