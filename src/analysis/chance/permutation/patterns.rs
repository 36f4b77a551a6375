//! Which units ask the same of chance: those whose rows have the same weights.
//!
//! What a row of weights sums over drawn values depends on the unit only through the weights
//! themselves, whoever they stand for, and scaling a row scales the observed and the drawn sums
//! alike. So rows are divided by their heaviest weight and sorted; units with one such pattern
//! share their sums. All rows of equal weights with k neighbours are one pattern, and the patterns
//! of all k are prefixes of each other; a regular grid with decay has a few patterns; an irregular
//! kernel has one a unit.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::question::{Null, Observed, Statistic};
use crate::analysis::{
    local::moran::deviations,
    weights::{Links, Neighbours, Weights},
};

/// The first `depth` values drawn, each times its weight.
pub(super) struct Pattern {
    pub(super) depth: usize,
    /// Descending, the heaviest 1 or −1; empty: all weigh 1.
    pub(super) weights: Vec<f64>,
    /// How many units have it.
    pub(super) units: usize,
}

/// What one unit asks.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) pattern: u32,
    pub(super) observed: Observed,
}

/// What all units ask.
pub(super) struct Asking {
    /// What is drawn from.
    pub(super) values: Vec<f64>,
    /// Whether sums of values have no rounding: whole numbers that are not too large.
    pub(super) whole: bool,
    /// Whether the first value drawn is the unit's own, which multiplies the sum of the next.
    pub(super) product: bool,
    /// Whether a unit may not be drawn as its own neighbour.
    pub(super) conditional: bool,
    pub(super) patterns: Vec<Pattern>,
    /// By unit.
    pub(super) asked: Vec<Asked>,
}

/// A weight with the last eight of its 52 bits rounded away: weights that differ only by the way
/// they were computed are one pattern.
fn rounded(weight: f64) -> f64 {
    f64::from_bits((weight.to_bits() + 0x80) & !0xff)
}

/// What is drawn from, and whether it is a product that is compared.
fn drawn_from(values: &[f64], statistic: Statistic, null: Null) -> (Vec<f64>, bool) {
    let product = statistic == Statistic::Moran && null == Null::Total;
    (if product { deviations(values) } else { values.to_vec() }, product)
}

impl Asking {
    fn new(values: Vec<f64>, product: bool, null: Null) -> Self {
        let size: f64 = values.iter().map(|x| x.abs()).sum();
        Self {
            whole: size < 9e15 && values.iter().all(|x| x.fract() == 0.0),
            values,
            product,
            conditional: null == Null::Conditional,
            patterns: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Of lists of neighbours that all weigh the same.
    pub(super) fn equal(
        values: &[f64],
        neighbours: &Neighbours,
        statistic: Statistic,
        null: Null,
    ) -> Self {
        let (values, product) = drawn_from(values, statistic, null);
        let mut asking = Self::new(values, product, null);
        let own = usize::from(statistic == Statistic::GiStar && null == Null::Total);
        let mut units_by_depth: Vec<usize> = Vec::new();
        for place in 0..neighbours.len() {
            let depth = neighbours.count(place) + own;
            if units_by_depth.len() <= depth {
                units_by_depth.resize(depth + 1, 0);
            }
            units_by_depth[depth] += 1;
        }
        let mut pattern_of_depth = vec![0; units_by_depth.len()];
        for (depth, units) in units_by_depth.into_iter().enumerate().filter(|(_, units)| *units > 0)
        {
            pattern_of_depth[depth] = asking.patterns.len() as u32;
            asking.patterns.push(Pattern { depth, weights: Vec::new(), units });
        }
        let values = &asking.values;
        let asked = (0..neighbours.len()).into_par_iter().with_min_len(1024).map(|place| {
            let near = neighbours.of(place).iter().map(|other| values[*other as usize]);
            let observed = if product {
                Observed::of(values[place], near)
            } else {
                Observed::of(1.0, near.chain((own == 1).then_some(values[place])))
            };
            Asked { pattern: pattern_of_depth[neighbours.count(place) + own], observed }
        });
        asking.asked = asked.collect();
        asking
    }

    /// Of any weights.
    pub(super) fn weighted(
        values: &[f64],
        weights: &Weights,
        statistic: Statistic,
        null: Null,
    ) -> Self {
        let (values, product) = drawn_from(values, statistic, null);
        let mut asking = Self::new(values, product, null);
        let own = statistic == Statistic::GiStar && null == Null::Total;
        let mut known: FxHashMap<Vec<u64>, u32> = FxHashMap::default();
        for place in 0..weights.len() {
            let with = own.then(|| (place, weights.own(place)));
            let mut row: Vec<(usize, f64)> = weights.others(place).chain(with).collect();
            let heaviest = row.iter().map(|(_, weight)| weight.abs()).fold(0.0, f64::max);
            for (_, weight) in &mut row {
                *weight = rounded(*weight / heaviest);
            }
            row.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let equal = row.iter().all(|(_, weight)| *weight == 1.0);
            let key = if equal {
                vec![row.len() as u64]
            } else {
                row.iter().map(|(_, weight)| weight.to_bits()).chain([0]).collect()
            };
            let patterns = &mut asking.patterns;
            let pattern = *known.entry(key).or_insert_with(|| {
                let weights = if equal {
                    Vec::new()
                } else {
                    row.iter().map(|(_, weight)| *weight).collect()
                };
                patterns.push(Pattern { depth: row.len(), weights, units: 0 });
                patterns.len() as u32 - 1
            });
            asking.patterns[pattern as usize].units += 1;
            let factor = if product { asking.values[place] } else { 1.0 };
            let terms = row.iter().map(|(other, weight)| weight * asking.values[*other]);
            asking.asked.push(Asked { pattern, observed: Observed::of(factor, terms) });
        }
        asking
    }

    /// How many values are drawn in a permutation: those of the longest row, before them the
    /// unit's own of a product, after them a spare for a unit that drew itself. (A unit has at
    /// most n − 1 neighbours, so that there are enough.)
    pub(super) fn width(&self) -> usize {
        let deepest = self.patterns.iter().map(|pattern| pattern.depth).max().unwrap_or(0);
        deepest + usize::from(self.product || self.conditional)
    }
}
