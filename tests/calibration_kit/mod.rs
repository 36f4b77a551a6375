//! Maps of pure noise and with a planted block, and the rules that are put to them. Used by
//! `tests/calibration.rs` on few small maps and by `benches/calibration.rs` on many.

use poppywatch::analysis::{
    chance::{
        draws::Draws,
        normal,
        permutation::{Counts, Null, Statistic, neighbour_counts},
        significance::{adjusted, cut_off},
    },
    local::getis_ord::gi_star,
    rates::{Cases, raw, scattered, standardised},
    weights::Neighbours,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A square of cells, each next to the eight around it.
pub fn queen(side: usize) -> Neighbours {
    let pairs = (0..side * side).flat_map(|a| {
        (a + 1..side * side).take(side + 1).filter_map(move |b| {
            let (row, col) = ((a / side).abs_diff(b / side), (a % side).abs_diff(b % side));
            (row <= 1 && col <= 1).then_some((a, b))
        })
    });
    Neighbours::from_pairs(side * side, pairs)
}

/// What a cell of a map holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// So many plots a cell on average, by Poisson.
    Counts(f64),
    /// One cell in twenty holds 1, 2 or 3, the others nothing.
    ZeroInflated,
    /// As counts, each plot with an area of its own (gamma of shape 2, mean 300 m²); square metres
    /// are compared.
    Areas(f64),
}

/// Kinds of noise, with what they are called.
pub const NOISE: [(&str, Kind); 4] = [
    ("dense: 1 plot a cell", Kind::Counts(1.0)),
    ("sparse: 0.05 plots a cell", Kind::Counts(0.05)),
    ("zero-inflated: 1 to 3 in 5 % of cells", Kind::ZeroInflated),
    ("area-weighted: 0.2 plots a cell", Kind::Areas(0.2)),
];

/// What lies on ground that was searched unevenly.
#[derive(Clone, Copy, Debug)]
pub enum Truth {
    /// The same rate everywhere: so many plots a cell on average.
    Alike(f64),
    /// So many plots a cell on average, the rate of each cell drawn by itself from an exponential
    /// distribution.
    Scattered(f64),
    /// In this share of cells on average 1, 2 or 3 plots lie together, and are seen together.
    Clumps(f64),
    /// Alike, and one cell of which a hundredth was searched holds three plots: tracks lead to plots.
    Grazed(f64),
    /// The logarithm of each cell's rate drawn by itself from a normal distribution with the standard
    /// deviation 1.2: more high rates than a gamma distribution has.
    Wide(f64),
}

/// What lies there, and how unevenly it was searched: the standard deviation of the logarithm of the
/// coverage. Coverage is smooth: patrols walk where they walked.
pub const UNEVEN: [(&str, Truth, f64); 11] = [
    ("1 plot a cell, search uneven", Truth::Alike(1.0), 0.7),
    ("1 plot a cell, search very uneven", Truth::Alike(1.0), 1.5),
    ("0.2 plots a cell, search uneven", Truth::Alike(0.2), 0.7),
    ("0.2 plots a cell, search very uneven", Truth::Alike(0.2), 1.5),
    ("0.05 plots a cell, search uneven", Truth::Alike(0.05), 0.7),
    ("0.05 plots a cell, search very uneven", Truth::Alike(0.05), 1.5),
    ("1 plot a cell, rates scattered, search very uneven", Truth::Scattered(1.0), 1.5),
    ("0.2 plots a cell, rates scattered, search very uneven", Truth::Scattered(0.2), 1.5),
    ("0.2 plots a cell, search uneven, one cell grazed", Truth::Grazed(0.2), 0.7),
    ("clumps of 1 to 3 in 5 % of cells, search very uneven", Truth::Clumps(0.05), 1.5),
    ("1 plot a cell, rates log-normal, search very uneven", Truth::Wide(1.0), 1.5),
];

/// Of the kinds in [`UNEVEN`] the first so many in which the map's rates are to keep their word; of the
/// others it is told how far they do.
pub const KEPT: usize = 9;

/// What can be asked where search is uneven, each of the hot and of the cold side.
pub const WAYS: [&str; 8] = [
    "counts, hot",
    "counts, cold",
    "raw rates, hot",
    "raw rates, cold",
    "standardised rates, hot",
    "standardised rates, cold",
    "`value=rate`, hot",
    "`value=rate`, cold",
];

/// A map of noise on ground searched unevenly.
pub struct SearchedMap {
    plots: Vec<u32>,
    /// Ground times the chance of detection.
    searched: Vec<f64>,
}

impl SearchedMap {
    /// The p of every cell, in the order of [`WAYS`]: of the first three by shuffling (Gi*, total
    /// null), of the last as the map sums it.
    pub fn p_by_way(&self, weights: &Neighbours, draws: Draws<'_>) -> [Vec<f64>; WAYS.len()] {
        let plots: Vec<f64> = self.plots.iter().map(|plots| f64::from(*plots)).collect();
        let some = |all: &[f64]| all.iter().copied().map(Some).collect::<Vec<_>>();
        let cases = Cases::new(&some(&plots), &some(&self.searched));
        let standard = standardised(&cases).unwrap_or_else(|| vec![0.0; plots.len()]);
        let sides = |values: &[f64]| {
            let counts = neighbour_counts(values, weights, Statistic::GiStar, Null::Total, draws);
            let each = |of: &dyn Fn(usize) -> f64| (0..values.len()).map(of).collect::<Vec<f64>>();
            [each(&|cell| counts.upper(cell)), each(&|cell| counts.lower(cell))]
        };
        let prior = scattered(&cases);
        let together: Vec<[f64; 2]> = (0..plots.len())
            .map(|cell| {
                let members = || weights.of(cell).iter().map(|other| *other as usize).chain([cell]);
                let searched: Vec<f64> = members().map(|at| self.searched[at]).collect();
                let found = members().map(|at| u64::from(self.plots[at])).sum();
                prior
                    .and_then(|prior| prior.together(&searched, found))
                    .map_or([1.0; 2], |told| [told.upper, told.lower])
            })
            .collect();
        let [[a, b], [c, d], [e, f]] = [&plots, &raw(&cases), &standard].map(|it| sides(it));
        let [g, h] = [0, 1].map(|side| together.iter().map(|both| both[side]).collect());
        [a, b, c, d, e, f, g, h]
    }
}

/// Chance for a map.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Above 0 and below 1.
    fn unit(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 2f64.powi(32)
    }

    fn poisson(&mut self, mean: f64) -> u32 {
        let (least, mut product, mut count) = ((-mean).exp(), self.unit(), 0);
        while product > least {
            product *= self.unit();
            count += 1;
        }
        count
    }

    fn gamma_of_shape_2(&mut self, mean: f64) -> f64 {
        -(self.unit() * self.unit()).ln() * mean / 2.0
    }

    /// The value of a cell, where so many times as many plots lie as elsewhere.
    fn cell(&mut self, kind: Kind, times: f64) -> f64 {
        match kind {
            Kind::Counts(mean) => f64::from(self.poisson(mean * times)),
            Kind::ZeroInflated if self.unit() < 0.05 => (1.0 + 3.0 * self.unit()).floor(),
            Kind::ZeroInflated => 0.0,
            Kind::Areas(mean) => {
                (0..self.poisson(mean * times)).map(|_| self.gamma_of_shape_2(300.0)).sum()
            }
        }
    }

    /// A value of the standard normal distribution (Box and Muller).
    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A square map of `side` cells a side without a hotspot, searched unevenly: plots show with the
    /// chance 1 − e^−C, the logarithm of C a smooth field (white noise averaged over 9 × 9 cells) of
    /// the standard deviation `spread` about 0.7.
    /// In `block` so many times as many plots lie as elsewhere.
    pub fn searched_map(
        &mut self,
        side: usize,
        truth: Truth,
        spread: f64,
        (block, as_many): (&[usize], f64),
    ) -> SearchedMap {
        const REACH: usize = 4;
        let wide = side + 2 * REACH;
        let noise: Vec<f64> = (0..wide * wide).map(|_| self.normal()).collect();
        let window = 2 * REACH + 1;
        let mut searched: Vec<f64> = (0..side * side)
            .map(|cell| {
                let (row, col) = (cell / side, cell % side);
                let rows = (row..row + window).map(|row| &noise[row * wide + col..][..window]);
                let field = rows.flatten().sum::<f64>() / window as f64;
                -(-0.7 * (spread * field).exp()).exp_m1()
            })
            .collect();
        let average = searched.iter().sum::<f64>() / searched.len() as f64;
        let more = |cell: usize| if block.contains(&cell) { as_many } else { 1.0 };
        let seen = |(cell, here): (usize, &f64)| self.seen(truth, more(cell) * here / average);
        let mut plots: Vec<u32> = searched.iter().enumerate().map(seen).collect();
        if matches!(truth, Truth::Grazed(_)) {
            let cell = side * side / 3;
            searched[cell] = 0.01;
            plots[cell] = 3;
        }
        SearchedMap { plots, searched }
    }

    /// Plots found in a cell that was searched so many times as much as the average.
    fn seen(&mut self, truth: Truth, times: f64) -> u32 {
        match truth {
            Truth::Alike(mean) | Truth::Grazed(mean) => self.poisson(mean * times),
            Truth::Wide(mean) => {
                let rate = mean * (1.2 * self.normal() - 0.72).exp();
                self.poisson(rate * times)
            }
            Truth::Scattered(mean) => {
                let rate = -mean * self.unit().ln();
                self.poisson(rate * times)
            }
            Truth::Clumps(share) if self.unit() < share * times => (1.0 + 3.0 * self.unit()) as u32,
            Truth::Clumps(_) => 0,
        }
    }

    /// A map; in `block` ten times as many plots lie as elsewhere.
    pub fn map(&mut self, kind: Kind, cells: usize, block: &[usize]) -> Vec<f64> {
        (0..cells)
            .map(|cell| self.cell(kind, if block.contains(&cell) { 10.0 } else { 1.0 }))
            .collect()
    }
}

/// Which cells of a map are finds at 5 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Gi*, total null, upper tail, Benjamini-Hochberg: the default of the map.
    GiStarTotal,
    /// The same under the conditional null, in which Gi and Gi* count the same.
    GiConditional,
    /// Local Moran, conditional null, two-sided, Benjamini-Hochberg.
    Moran,
    /// The usual recipe: the normal p of the z of Gi*, two-sided, Benjamini-Hochberg.
    NormalZ,
}

/// Every rule, with what it is called.
pub const RULES: [(&str, Rule); 4] = [
    ("Gi*, total null (the map's default)", Rule::GiStarTotal),
    ("Gi and Gi*, conditional null", Rule::GiConditional),
    ("local Moran, conditional null, two-sided", Rule::Moran),
    ("z of Gi*, normal p (the usual recipe)", Rule::NormalZ),
];

/// The p of every cell by every rule, in the order of [`RULES`].
pub fn p_by_rule(values: &[f64], weights: &Neighbours, draws: Draws<'_>) -> [Vec<f64>; 4] {
    let counted = |statistic, null| neighbour_counts(values, weights, statistic, null, draws);
    let each = |of: &dyn Fn(usize) -> f64| (0..values.len()).map(of).collect::<Vec<f64>>();
    let total: Counts = counted(Statistic::GiStar, Null::Total);
    let conditional = counted(Statistic::GiStar, Null::Conditional);
    let moran = counted(Statistic::Moran, Null::Conditional);
    let z = gi_star(values, weights);
    [
        each(&|cell| total.upper(cell)),
        each(&|cell| conditional.upper(cell)),
        each(&|cell| moran.two_sided(cell)),
        each(&|cell| z[cell].z.map_or(1.0, normal::two_sided)),
    ]
}

/// Finds at 5 % by Benjamini and Hochberg.
pub fn finds(p: &[f64]) -> Vec<usize> {
    let cut = cut_off(p, 0.05);
    debug_assert_eq!(cut.is_some(), adjusted(p).iter().any(|q| *q <= 0.05 * (1.0 + 1e-12)));
    (0..p.len()).filter(|cell| cut.is_some_and(|cut| p[*cell] <= cut)).collect()
}

/// How many of `maps` may show a find where each does so with 5 %: the 97.5 % quantile of the
/// binomial.
pub fn upper_limit(maps: u32) -> u32 {
    let (n, p) = (f64::from(maps), 0.05_f64);
    let mut chance = (n * (1.0 - p).ln()).exp();
    let (mut so_far, mut count) = (chance, 0);
    while so_far < 0.975 {
        chance *= (n - f64::from(count)) / f64::from(count + 1) * p / (1.0 - p);
        so_far += chance;
        count += 1;
    }
    count
}
