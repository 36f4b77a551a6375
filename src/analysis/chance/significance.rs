//! Many tests at once: which of them may be called a find?
//!
//! Sources: Benjamini and Hochberg (1995), *Controlling the false discovery rate*, the step-up
//! rule (GeoDa stops at the first p above its line, which is another rule); Benjamini and Yekutieli
//! (2001), *The control of the false discovery rate in multiple testing under dependency*; Holm
//! (1979), *A simple sequentially rejective multiple test procedure*; Bonferroni; METHODS §0. Each
//! is given as an adjusted p, q: the smallest rate at which a test is a find. Cost: a sort.

/// The three rates at which a class is given, strictest first.
pub const CLASS_RATES: [f64; 3] = [0.01, 0.05, 0.10];

/// What is done about many tests at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Adjust {
    /// Benjamini and Hochberg: of the finds, at most this share is false on average, where tests
    /// help rather than hinder each other, as neighbourhoods that overlap do.
    #[default]
    BenjaminiHochberg,
    /// Benjamini and Yekutieli: the same whatever the tests have to do with each other, for the
    /// price of a factor Σ 1/i.
    BenjaminiYekutieli,
    /// Holm: the chance of any false find at all; never weaker than Bonferroni.
    Holm,
    /// Bonferroni: the same, by the number of tests alone.
    Bonferroni,
    /// Nothing: each test for itself. A large map always shows finds then.
    None,
}

impl Adjust {
    /// Every way.
    pub const ALL: [Self; 5] = [
        Self::BenjaminiHochberg,
        Self::BenjaminiYekutieli,
        Self::Holm,
        Self::Bonferroni,
        Self::None,
    ];

    /// Their words, in that order.
    pub const WORDS: [&'static str; 5] = [
        Self::ALL[0].word(),
        Self::ALL[1].word(),
        Self::ALL[2].word(),
        Self::ALL[3].word(),
        Self::ALL[4].word(),
    ];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BenjaminiHochberg => "bh",
            Self::BenjaminiYekutieli => "by",
            Self::Holm => "holm",
            Self::Bonferroni => "bonferroni",
            Self::None => "none",
        }
    }

    /// The way of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }

    /// The adjusted p of every test, in their order, each at most 1.
    pub fn adjusted(self, p: &[f64]) -> Vec<f64> {
        let m = p.len() as f64;
        match self {
            Self::BenjaminiHochberg => adjusted(p),
            Self::BenjaminiYekutieli => {
                let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / i as f64).sum();
                stepped_up(p, m * harmonic)
            }
            Self::Holm => {
                let mut adjusted = vec![1.0; p.len()];
                let mut most = 0.0_f64;
                for (rank, place) in ascending(p).into_iter().enumerate() {
                    most = most.max(p[place] * (m - rank as f64)).min(1.0);
                    adjusted[place] = most;
                }
                adjusted
            }
            Self::Bonferroni => p.iter().map(|p| (p * m).min(1.0)).collect(),
            Self::None => p.iter().map(|p| p.min(1.0)).collect(),
        }
    }
}

/// `a` is at most `b`, apart from rounding.
fn at_most(a: f64, b: f64) -> bool {
    a <= b * (1.0 + 1e-12)
}

/// The adjusted p of every test by Benjamini and Hochberg: the smallest false-discovery rate at
/// which it would be a find, q_(i) = min over j ≥ i of p_(j) m/j, at most 1. Cost: a sort.
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    stepped_up(p, p.len() as f64)
}

/// min over j ≥ i of p_(j) m/j, at most 1.
fn stepped_up(p: &[f64], m: f64) -> Vec<f64> {
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

    #[test]
    fn the_other_ways_as_worked_by_hand() {
        let p = [0.03, 0.01, 0.02];
        let near = |way: Adjust, expected: [f64; 3]| {
            let q = way.adjusted(&p);
            let same = q.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15);
            assert!(same, "{} {q:?}", way.word());
        };
        near(Adjust::BenjaminiHochberg, [0.03; 3]);
        // 1 + 1/2 + 1/3 = 11/6.
        near(Adjust::BenjaminiYekutieli, [0.055; 3]);
        near(Adjust::Holm, [0.04, 0.03, 0.04]);
        near(Adjust::Bonferroni, [0.09, 0.03, 0.06]);
        near(Adjust::None, p);
        for way in Adjust::ALL {
            assert_eq!(Adjust::from_word(way.word()), Some(way));
            assert!(way.adjusted(&[]).is_empty());
            assert_eq!(way.adjusted(&[1.0, 1.0]), [1.0, 1.0]);
        }
        assert_eq!(Adjust::from_word("fdr"), None);
    }

    proptest! {
        /// Holm and Yekutieli by their definitions, test by test.
        #[test]
        fn ways_agree_with_their_definitions(p in vec(0.0001..1.0_f64, 1..30), level in 0.01..0.5_f64) {
            let m = p.len();
            let mut sorted = p.clone();
            sorted.sort_by(f64::total_cmp);
            // Holm goes down from the smallest and stops at the first that fails.
            let stop = (0..m).find(|i| !at_most(sorted[*i] * (m - i) as f64, level)).unwrap_or(m);
            let harmonic: f64 = (1..=m).map(|i| 1.0 / i as f64).sum();
            let last = (0..m).rev().find(|i| at_most(sorted[*i] * m as f64 * harmonic, level * (i + 1) as f64));
            let holm = Adjust::Holm.adjusted(&p);
            let by = Adjust::BenjaminiYekutieli.adjusted(&p);
            for (at, p) in p.iter().enumerate() {
                prop_assert_eq!(at_most(holm[at], level), stop > 0 && *p <= sorted[stop - 1]);
                prop_assert_eq!(at_most(by[at], level), last.is_some_and(|last| *p <= sorted[last]));
            }
        }

        #[test]
        fn the_stricter_way_is_never_below_the_milder(p in vec(0.0001..1.0_f64, 0..30)) {
            let of = |way: Adjust| way.adjusted(&p);
            let (none, bh, by) = (of(Adjust::None), of(Adjust::BenjaminiHochberg), of(Adjust::BenjaminiYekutieli));
            let (holm, bonferroni) = (of(Adjust::Holm), of(Adjust::Bonferroni));
            for at in 0..p.len() {
                prop_assert!(none[at] <= bh[at] + 1e-15 && bh[at] <= by[at] + 1e-15);
                prop_assert!(bh[at] <= holm[at] + 1e-12 && holm[at] <= bonferroni[at] + 1e-15);
                prop_assert!(by[at] <= 1.0 && bonferroni[at] <= 1.0);
            }
        }

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
