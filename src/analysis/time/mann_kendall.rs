//! Mann-Kendall: does a series rise or fall, whatever the shape of its rise?
//!
//! Source: Mann (1945), *Nonparametric tests against trend*; Kendall (1975), *Rank correlation
//! methods*, for ties and the continuity correction; for the exact p the number of inversions over
//! all orders of the values (Mahonian numbers; with ties MacMahon's, here as a chain of the
//! Mann-Whitney distributions of Mann and Whitney 1947). METHODS §8.
//!
//! Seasons are few, and with few the normal p is off tenfold; so up to [`EXACT_MOST`] values the p
//! is exact, with ties too. It takes the values as equally likely in every order: a series whose
//! neighbours in time resemble each other by themselves will be called a trend too often.
//!
//! Unknown values are left out and counted; their times do not matter, only the order of those that
//! are known. Two values that differ by less than 1e-12 of the greater are tied.
//!
//! Cost: n log n and a tree of counts for S; the exact distribution without ties is made once for
//! all lengths (n⁴/24 additions, a quarter of a million for 50), with ties anew for each series.
//! Nothing can be said of fewer than three values, and a constant series has p = 1 with the reason.

use crate::analysis::chance::{
    normal,
    tally::{TIE, Tail},
};

/// The longest series with an exact p.
pub const EXACT_MOST: usize = 50;

/// The fewest values of which anything is said.
pub const FEWEST: usize = 3;

/// Why a series says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoTrend {
    /// Fewer than three values are known.
    TooFew,
    /// All known values are the same.
    Constant,
}

impl NoTrend {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::Constant => "constant",
        }
    }
}

/// The p of the three questions one may ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// That S is as great or greater: a rise.
    pub upper: f64,
    /// That S is as small or smaller: a fall.
    pub lower: f64,
    /// Either: min(1, 2 min(upper, lower)).
    pub two_sided: f64,
}

impl Tails {
    fn of(upper: f64, lower: f64) -> Self {
        Self { upper, lower, two_sided: (2.0 * upper.min(lower)).min(1.0) }
    }

    /// The p of one question.
    pub fn p(self, tail: Tail) -> f64 {
        match tail {
            Tail::Upper => self.upper,
            Tail::Lower => self.lower,
            Tail::TwoSided => self.two_sided,
        }
    }
}

/// What the order of a series says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannKendall {
    /// How many values are known.
    pub count: usize,
    /// How many are not.
    pub missing: usize,
    /// S = Σ_{i<j} sign(x_j − x_i).
    pub s: i64,
    /// The variance of S over all orders: [n(n−1)(2n+5) − Σ t(t−1)(2t+5)]/18.
    pub variance: f64,
    /// (S ∓ 1)/√variance, 0 for S = 0; `None` for a constant series.
    pub z: Option<f64>,
    /// The normal p of `z`, with the continuity correction in both tails.
    pub normal: Tails,
    /// The p over all orders of the values; `None` for more than [`EXACT_MOST`].
    pub exact: Option<Tails>,
    /// Kendall's tau-a: S over all pairs.
    pub tau_a: f64,
    /// Kendall's tau-b: S over the root of untied pairs times all pairs; `None` where constant.
    pub tau_b: Option<f64>,
}

impl MannKendall {
    /// The p to act on: the exact one where there is one.
    pub fn p(&self, tail: Tail) -> f64 {
        self.exact.unwrap_or(self.normal).p(tail)
    }

    /// How [`Self::p`] was found: `exact` or `normal`.
    pub const fn how(&self) -> &'static str {
        if self.exact.is_some() { "exact" } else { "normal" }
    }

    /// Why it says nothing, where it says nothing.
    pub fn reason(&self) -> Option<NoTrend> {
        self.z.is_none().then_some(NoTrend::Constant)
    }
}

/// The trend of `values`, which are in the order of time.
///
/// # Errors
///
/// [`NoTrend::TooFew`] where fewer than three are known. (A constant series has an answer, with
/// p = 1 and [`MannKendall::reason`].)
pub fn mann_kendall(values: &[Option<f64>], orders: &Orders) -> Result<MannKendall, NoTrend> {
    let known: Vec<f64> = values.iter().flatten().copied().filter(|x| x.is_finite()).collect();
    let n = known.len();
    if n < FEWEST {
        return Err(NoTrend::TooFew);
    }
    let (ranks, groups) = ranks(&known);
    let tied: u64 = groups.iter().map(|t| pairs(*t)).sum();
    let untied = pairs(n) - tied;
    let s = untied.cast_signed() - 2 * inversions(&ranks, groups.len()).cast_signed();
    let spread = |t: usize| (t as f64) * (t as f64 - 1.0) * (2.0 * t as f64 + 5.0);
    let variance = (spread(n) - groups.iter().map(|t| spread(*t)).sum::<f64>()) / 18.0;
    let constant = groups.len() == 1;
    let score = |s: f64| if constant { 0.0 } else { s / variance.sqrt() };
    let normal = if constant {
        Tails::of(1.0, 1.0)
    } else {
        Tails::of(normal::upper(score(s as f64 - 1.0)), normal::lower(score(s as f64 + 1.0)))
    };
    Ok(MannKendall {
        count: n,
        missing: values.len() - n,
        s,
        variance,
        z: (!constant).then(|| score((s - s.signum()) as f64)),
        normal,
        exact: orders.tails(&groups, s),
        tau_a: s as f64 / pairs(n) as f64,
        tau_b: (!constant).then(|| s as f64 / (untied as f64 * pairs(n) as f64).sqrt()),
    })
}

/// How many pairs there are among `n`.
fn pairs(n: usize) -> u64 {
    let n = n as u64;
    n * n.saturating_sub(1) / 2
}

/// The rank of each value from 0, ties alike, and the size of each rank.
fn ranks(values: &[f64]) -> (Vec<u32>, Vec<usize>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0; values.len()];
    let mut groups: Vec<usize> = Vec::new();
    let mut before = None;
    for place in order {
        let value = values[place];
        let tied = before.is_some_and(|b: f64| value - b <= TIE * value.abs().max(b.abs()));
        match groups.last_mut() {
            Some(size) if tied => *size += 1,
            _ => groups.push(1),
        }
        ranks[place] = (groups.len() - 1) as u32;
        before = Some(value);
    }
    (ranks, groups)
}

/// How many pairs fall: a Fenwick tree over the ranks.
fn inversions(ranks: &[u32], count: usize) -> u64 {
    let mut tree = vec![0_u64; count + 1];
    let mut falls = 0;
    for (seen, rank) in ranks.iter().enumerate() {
        // How many so far are at most this rank.
        let (mut at, mut not_above) = (*rank as usize + 1, 0);
        while at > 0 {
            not_above += tree[at];
            at &= at - 1;
        }
        falls += seen as u64 - not_above;
        let mut at = *rank as usize + 1;
        while at <= count {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    falls
}

/// The distribution of S over all orders of a series: made once, asked for many series.
#[derive(Clone, Debug)]
pub struct Orders {
    /// For n = 0, 1, …: the chance of each number of inversions of n different values.
    untied: Vec<Vec<f64>>,
}

impl Orders {
    /// For series of up to `longest` values, at most [`EXACT_MOST`].
    pub fn up_to(longest: usize) -> Self {
        let mut untied = vec![vec![1.0]];
        for n in 1..=longest.min(EXACT_MOST) {
            // The n-th value may fall under 0 to n − 1 of those before it, each as likely.
            let before = &untied[n - 1];
            let mut chances = vec![0.0; before.len() + n - 1];
            for (inversions, chance) in before.iter().enumerate() {
                for more in 0..n {
                    chances[inversions + more] += chance / n as f64;
                }
            }
            untied.push(chances);
        }
        Self { untied }
    }

    /// The longest series that has an answer.
    pub fn longest(&self) -> usize {
        self.untied.len() - 1
    }

    /// P(S ≥ s) over all orders of `n` different values; `None` for more than [`Self::longest`].
    pub fn upper(&self, n: usize, s: i64) -> Option<f64> {
        Some(reaching(self.untied.get(n)?, s))
    }

    /// The smallest two-sided p that a series of `n` different values can have: 2/n!, 1 for fewer
    /// than two.
    pub fn smallest_p(n: usize) -> f64 {
        let orders: f64 = (1..=n).map(|i| i as f64).product();
        (2.0 / orders).min(1.0)
    }

    /// The tails of S for tied groups of these sizes; `None` for too many values.
    fn tails(&self, groups: &[usize], s: i64) -> Option<Tails> {
        let n: usize = groups.iter().sum();
        let untied = self.untied.get(n)?;
        let (made, chances);
        if groups.len() == n {
            chances = untied;
        } else {
            made = tied(groups);
            chances = &made;
        }
        // Reading a series backwards turns S round: both tails are the same table.
        Some(Tails::of(reaching(chances, s), reaching(chances, -s)))
    }
}

/// P(S ≥ s), from the chance of each number of inversions: S = most − 2 inversions.
fn reaching(chances: &[f64], s: i64) -> f64 {
    let most = chances.len().cast_signed() as i64 - 1;
    if s <= -most {
        return 1.0;
    }
    let inversions = (most - s).div_euclid(2);
    if inversions < 0 {
        return 0.0;
    }
    chances[..=inversions as usize].iter().sum::<f64>().min(1.0)
}

/// The chance of each number of inversions where values come in tied groups: each group against
/// all smaller ones is a Mann-Whitney count, and these counts are independent.
fn tied(groups: &[usize]) -> Vec<f64> {
    let (mut chances, mut before) = (vec![1.0], 0);
    for size in groups {
        let between = mann_whitney(before, *size);
        let mut both = vec![0.0; chances.len() + between.len() - 1];
        for (a, p) in chances.iter().enumerate() {
            for (b, q) in between.iter().enumerate() {
                both[a + b] += p * q;
            }
        }
        chances = both;
        before += size;
    }
    chances
}

/// The chance of each count of pairs, one of `m` and one of `k`, that stand in a given order, over
/// all mixtures: the last one is of the k with chance k/(m + k), and then stands after all m.
fn mann_whitney(m: usize, k: usize) -> Vec<f64> {
    let mut row: Vec<Vec<f64>> = vec![vec![1.0]; m + 1];
    for of_k in 1..=k {
        for of_m in 0..=m {
            let share = of_k as f64 / (of_k + of_m) as f64;
            let mut chances = vec![0.0; of_m * of_k + 1];
            for (count, p) in row[of_m].iter().enumerate() {
                chances[count + of_m] += share * p;
            }
            if of_m > 0 {
                for (count, p) in row[of_m - 1].iter().enumerate() {
                    chances[count] += (1.0 - share) * p;
                }
            }
            row[of_m] = chances;
        }
    }
    row.pop().unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// The table of all orders, made once for all tests.
    pub(in super::super) static ORDERS: LazyLock<Orders> =
        LazyLock::new(|| Orders::up_to(EXACT_MOST));

    fn trend(values: &[f64]) -> MannKendall {
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        mann_kendall(&values, &ORDERS).unwrap()
    }

    /// Every order of `values`, by swapping (Heap).
    fn orders(values: &mut [f64], size: usize, each: &mut impl FnMut(&[f64])) {
        if size <= 1 {
            each(values);
            return;
        }
        for i in 0..size {
            orders(values, size - 1, each);
            values.swap(if size.is_multiple_of(2) { i } else { 0 }, size - 1);
        }
    }

    fn slow_s(values: &[f64]) -> i64 {
        let sign = |a: f64, b: f64| i64::from(b > a) - i64::from(b < a);
        (0..values.len())
            .flat_map(|j| (0..j).map(move |i| (i, j)))
            .map(|(i, j)| sign(values[i], values[j]))
            .sum()
    }

    #[test]
    fn three_and_four_values_as_worked_by_hand() {
        // 1 2 3: S = 3, one order of six reaches it.
        let up = trend(&[1.0, 2.0, 3.0]);
        assert_eq!((up.s, up.tau_a, up.tau_b), (3, 1.0, Some(1.0)));
        assert!((up.variance - 66.0 / 18.0).abs() < 1e-12);
        let exact = up.exact.unwrap();
        assert!((exact.upper - 1.0 / 6.0).abs() < 1e-15 && (exact.lower - 1.0).abs() < 1e-15);
        assert!((exact.two_sided - 1.0 / 3.0).abs() < 1e-15);
        // 1 1 2 2: four untied pairs, S = 4, one of six mixtures; variance (156 − 2·18)/18.
        let tied = trend(&[1.0, 1.0, 2.0, 2.0]);
        assert_eq!((tied.s, tied.tau_b), (4, Some(4.0 / 24_f64.sqrt())));
        assert!((tied.variance - 120.0 / 18.0).abs() < 1e-12);
        assert!((tied.exact.unwrap().upper - 1.0 / 6.0).abs() < 1e-15);
        // Of four different values two orders of 24 are as extreme: never below 1/12.
        assert!((trend(&[4.0, 3.0, 2.0, 1.0]).p(Tail::TwoSided) - 1.0 / 12.0).abs() < 1e-15);
        assert!((Orders::smallest_p(4) - 1.0 / 12.0).abs() < 1e-15);
        assert_eq!(Orders::smallest_p(1), 1.0);
    }

    #[test]
    fn what_cannot_be_said_is_said() {
        let orders = Orders::up_to(10);
        assert_eq!(mann_kendall(&[], &orders), Err(NoTrend::TooFew));
        assert_eq!(mann_kendall(&[Some(1.0), None, Some(2.0)], &orders), Err(NoTrend::TooFew));
        let same = trend(&[0.3; 8]);
        assert_eq!((same.s, same.z, same.tau_b), (0, None, None));
        assert_eq!((same.normal.two_sided, same.p(Tail::TwoSided)), (1.0, 1.0));
        assert_eq!(same.reason(), Some(NoTrend::Constant));
        // Sums in another order are the same value.
        assert_eq!(trend(&[0.1 + 0.2, 0.3, 0.15 + 0.15]).reason(), Some(NoTrend::Constant));
        let long: Vec<f64> = (0..60).map(f64::from).collect();
        assert_eq!(trend(&long).how(), "normal");
        // Not a number is not known.
        let odd = [Some(1.0), Some(f64::NAN), Some(2.0), Some(3.0)];
        let odd = mann_kendall(&odd, &orders).unwrap();
        assert_eq!((odd.count, odd.missing, odd.how()), (3, 1, "exact"));
    }

    #[test]
    fn the_table_of_all_orders_sums_to_one() {
        let orders = Orders::up_to(EXACT_MOST);
        for n in 0..=EXACT_MOST {
            let all: f64 = orders.untied[n].iter().sum();
            assert!((all - 1.0).abs() < 1e-12, "{n}");
            let most = pairs(n).cast_signed();
            let least = orders.upper(n, most).unwrap();
            let expected = if n < 2 { 1.0 } else { Orders::smallest_p(n) / 2.0 };
            assert!((least / expected - 1.0).abs() < 1e-12, "{n}: {least} {expected}");
            assert_eq!(orders.upper(n, -most), Some(1.0));
            if n > 1 {
                assert_eq!(orders.upper(n, most + 2), Some(0.0));
            }
        }
        assert_eq!(orders.upper(51, 0), None);
    }

    proptest! {
        /// The p over all orders, counted one by one, with ties and without.
        #[test]
        fn the_exact_p_is_a_count_of_orders(values in vec(0_u8..5, 3..7)) {
            let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let ours = trend(&values);
            let observed = slow_s(&values);
            prop_assert_eq!(ours.s, observed);
            let (mut all, mut ge, mut le, mut squares) = (0_u32, 0_u32, 0_u32, 0.0);
            let size = values.len();
            orders(&mut values, size, &mut |order| {
                let s = slow_s(order);
                all += 1;
                ge += u32::from(s >= observed);
                le += u32::from(s <= observed);
                squares += (s * s) as f64;
            });
            let exact = ours.exact.unwrap();
            prop_assert!((exact.upper - f64::from(ge) / f64::from(all)).abs() < 1e-12);
            prop_assert!((exact.lower - f64::from(le) / f64::from(all)).abs() < 1e-12);
            prop_assert!((ours.variance - squares / f64::from(all)).abs() < 1e-9);
        }

        #[test]
        fn a_series_upside_down_turns_the_tails_round(values in vec(-9.0..9.0_f64, 3..30)) {
            let other: Vec<f64> = values.iter().map(|x| -x).collect();
            let (a, b) = (trend(&values), trend(&other));
            prop_assert_eq!(a.s, -b.s);
            prop_assert_eq!(a.s, slow_s(&values));
            prop_assert_eq!(a.exact.unwrap().upper, b.exact.unwrap().lower);
            prop_assert!((a.normal.upper - b.normal.lower).abs() < 1e-15);
            prop_assert_eq!(a.z.unwrap(), -b.z.unwrap());
        }

        /// Only the order counts.
        #[test]
        fn a_rising_change_of_scale_changes_nothing(values in vec(0.1..9.0_f64, 3..20)) {
            let other: Vec<f64> = values.iter().map(|x| x * 8.0).collect();
            prop_assert_eq!(trend(&values), trend(&other));
        }
    }
}
