//! How sure is a score? Intervals by drawing blocks of ground, and what areas at random reach.
//!
//! Plots crowd, so that cells are not drawn one by one but in blocks (communes, or squares of some
//! kilometres): each replicate draws as many blocks as there are, some twice, some not at all
//! (Künsch 1989; Davison and Hinkley 1997). The maps stay as they were frozen.
//!
//! Where a map flags ground in few blocks, a draw that repeats or misses one of them moves hits
//! and area together, and their ratio hardly stirs: such intervals are far too narrow. So none is
//! narrower than the exact one of the hits (Clopper and Pearson 1934) at the flagged share of
//! ground, which is fixed when the map is frozen; and of two maps the exact one of the plots that
//! only one of them captured (the sign test of McNemar 1947, its ends by Clopper and Pearson).
//! Each end is the outer one of both methods. The exact ones take plots as found one by one:
//! where plots come in clumps and few blocks hold flagged ground, the truth is wider still (made-up
//! seasons with one flagged cell: 98 to 99 in 100 intervals hold the truth where plots come one by
//! one, 90 to 95 where they come by one or two, some 80 to 92 by up to three, 70 by up to six or in
//! clumps of five to fifteen, and under 40 where whole blocks are rich in one season and poor in the
//! next).
//!
//! Cost: replicates times blocks times maps; at random, replicates times flagged cells.

use rayon::prelude::*;

use super::score::Cells;
use crate::analysis::chance::{
    draws::Draws,
    exact_interval::{Interval, binomial_interval},
    tally::Tally,
};

/// Below as many blocks with anything found, an interval promises more than it holds; and below as
/// many with flagged ground nothing is said of two maps.
pub const FEW_BLOCKS: usize = 5;

/// Below as many plots captured by either of two maps nothing is said of their difference.
pub const FEW_CAPTURED: f64 = 10.0;

/// The confidence of all intervals.
const LEVEL: f64 = 0.95;

/// What lies between the low and the high end in 95 of 100 draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// 2.5 % lie below.
    pub low: f64,
    /// The mean.
    pub mean: f64,
    /// 2.5 % lie above.
    pub high: f64,
    /// Draws in which the figure was defined.
    pub draws: u32,
}

impl Band {
    /// Of the figures that are defined; `None` where fewer than half are: such a band would be one
    /// of the lucky draws.
    fn of(mut all: Vec<f64>) -> Option<Self> {
        let count = all.len();
        all.retain(|it| it.is_finite());
        if all.is_empty() || all.len() * 2 < count {
            return None;
        }
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        all.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (all.len() - 1) as f64;
            let (low, part) = (place.floor() as usize, place.fract());
            all[low] + part * (all[(low + 1).min(all.len() - 1)] - all[low])
        };
        Some(Self { low: at(0.025), mean, high: at(0.975), draws: all.len() as u32 })
    }

    /// Out to `other` at both ends.
    fn widened(self, other: Interval) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high), ..self }
    }
}

/// The intervals of one map. None has two equal ends: one that has says nothing of the spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blocks {
    /// Of its hit rate.
    pub hit_rate: Option<Band>,
    /// Of its PAI.
    pub pai: Option<Band>,
    /// Of the first map's PAI less its own, both on the same blocks. `None` of the first map
    /// itself, and where that would be saying too much: either map captured fewer than
    /// [`FEW_CAPTURED`] plots or flags ground in fewer than [`FEW_BLOCKS`] blocks, or no plot was
    /// captured by one of them alone.
    pub first_better_by: Option<Band>,
}

impl Blocks {
    /// Without any interval.
    pub const NONE: Self = Self { hit_rate: None, pai: None, first_better_by: None };
}

/// Sums over a block.
#[derive(Clone, Default)]
struct Sums {
    found: f64,
    ground: f64,
    /// Captured and flagged, by map.
    maps: Vec<[f64; 2]>,
}

/// Whether two maps may be compared at all.
fn enough(map: usize, totals: &[[f64; 2]], sums: &[Sums]) -> bool {
    let blocks = sums.iter().filter(|sum| sum.maps[map][1] > 0.0).count();
    totals[map][0] >= FEW_CAPTURED && blocks >= FEW_BLOCKS
}

/// The share of `all` that `some` is, exactly; part of a plot counts as none at the low end and as
/// one at the high one. `None` where these are no counts.
fn exact_share(some: f64, all: f64) -> Option<Interval> {
    // Sums of parts that come to a whole number but for rounding are that number.
    let (low, high) = ((some + 1e-9).floor(), (some - 1e-9).ceil());
    Some(Interval {
        low: binomial_interval(low, all, LEVEL)?.low,
        high: binomial_interval(high, all, LEVEL)?.high,
    })
}

/// How far the first of two maps is better, in hit rate, by the plots that one of them alone
/// captured. `None` where there is none, or where these are no counts.
fn exact_better(first: &[f64], other: &[f64], cells: Cells<'_>, found: f64) -> Option<Interval> {
    let (mut only_first, mut only_other) = (0.0, 0.0);
    for ((one, two), actual) in first.iter().zip(other).zip(cells.actual) {
        only_first += (one - two).max(0.0) * actual;
        only_other += (two - one).max(0.0) * actual;
    }
    let only = (only_first + only_other).round();
    let share = exact_share(only_first.min(only), only)?;
    let better = |share: f64| (2.0 * share - 1.0) * only / found;
    Some(Interval { low: better(share.low), high: better(share.high) })
}

/// Intervals of each of `maps` (the part of each cell that it flags); `blocks` names the block of
/// each cell. `None` throughout where fewer than [`FEW_BLOCKS`] blocks have anything found in them.
/// Where what was found is no whole number (m²), the blocks alone make them.
///
/// # Panics
///
/// Where the lists differ in length.
pub fn intervals(
    maps: &[&[f64]],
    cells: Cells<'_>,
    blocks: &[u32],
    draws: Draws<'_>,
) -> Vec<Blocks> {
    assert_eq!(blocks.len(), cells.area.len(), "a block a cell");
    let mut names: Vec<u32> = blocks.to_vec();
    names.sort_unstable();
    names.dedup();
    let mut sums = vec![Sums { maps: vec![[0.0; 2]; maps.len()], ..Sums::default() }; names.len()];
    for (cell, block) in blocks.iter().enumerate() {
        let Ok(place) = names.binary_search(block) else { continue };
        let sum = &mut sums[place];
        sum.found += cells.actual[cell];
        sum.ground += cells.area[cell];
        for (map, of) in maps.iter().zip(&mut sum.maps) {
            of[0] += map[cell] * cells.actual[cell];
            of[1] += map[cell] * cells.area[cell];
        }
    }
    if sums.iter().filter(|sum| sum.found > 0.0).count() < FEW_BLOCKS {
        return vec![Blocks::NONE; maps.len()];
    }
    let counts = cells.actual.iter().all(|it| it.fract() == 0.0);
    let found: f64 = cells.actual.iter().sum();
    let ground: f64 = cells.area.iter().sum();
    let total = |map: usize, of: usize| sums.iter().map(|sum| sum.maps[map][of]).sum::<f64>();
    let totals: Vec<[f64; 2]> = (0..maps.len()).map(|map| [total(map, 0), total(map, 1)]).collect();
    let streams = draws.streams();
    // By replicate, by map: hit rate and PAI.
    let drawn: Vec<Vec<[f64; 2]>> = (0..draws.permutations)
        .into_par_iter()
        .map(|number| {
            let mut stream = streams.stream(number.into());
            let mut all = Sums { maps: vec![[0.0; 2]; maps.len()], ..Sums::default() };
            for _ in 0..sums.len() {
                let block = &sums[stream.below(sums.len() as u32) as usize];
                all.found += block.found;
                all.ground += block.ground;
                for (sum, of) in all.maps.iter_mut().zip(&block.maps) {
                    sum[0] += of[0];
                    sum[1] += of[1];
                }
            }
            let figures = all.maps.iter().map(|[captured, flagged]| {
                let hit_rate = captured / all.found; // NaN where nothing was found
                [hit_rate, hit_rate / (flagged / all.ground)]
            });
            figures.collect()
        })
        .collect();
    let band = |of: &dyn Fn(&[[f64; 2]]) -> f64| Band::of(drawn.iter().map(|it| of(it)).collect());
    let wider = |band: Option<Band>, exact: Option<Interval>| {
        let band = exact.map_or(band, |exact| band.map(|band| band.widened(exact)));
        band.filter(|it| it.low < it.high)
    };
    (0..maps.len())
        .map(|map| {
            let [captured, flagged] = totals[map];
            let share = flagged / ground;
            let hits = if counts { exact_share(captured, found) } else { None };
            let compared = map > 0 && [0, map].iter().all(|it| enough(*it, &totals, &sums));
            let better = || {
                let band = band(&|it| it[0][1] - it[map][1]);
                if !counts {
                    return wider(band, None);
                }
                // No plot that only one captured: nothing tells them apart.
                let exact = exact_better(maps[0], maps[map], cells, found)?;
                wider(band, Some(exact.per(share)))
            };
            Blocks {
                hit_rate: wider(band(&|it| it[map][0]), hits),
                pai: wider(band(&|it| it[map][1]), hits.map(|it| it.per(share))),
                first_better_by: if compared { better() } else { None },
            }
        })
        .collect()
}

/// The PAI of `area` m² of cells chosen at random, the last one in part: its band, and how many
/// draws reach `observed`. `None` where there is no ground or nothing was found.
pub fn at_random(
    cells: Cells<'_>,
    area: f64,
    observed: f64,
    draws: Draws<'_>,
) -> Option<(Band, Tally)> {
    let n = cells.area.len();
    let (found, ground) = (cells.actual.iter().sum::<f64>(), cells.area.iter().sum::<f64>());
    let share = area / ground;
    if !(found > 0.0 && share > 0.0 && share <= 1.0 + 1e-9) {
        return None;
    }
    let streams = draws.streams();
    let one = |pool: &mut Vec<u32>, number: u32| {
        let mut stream = streams.stream(number.into());
        let (mut left, mut captured) = (area, 0.0);
        let mut swaps = Vec::new();
        for place in 0..n {
            let other = place + stream.below((n - place) as u32) as usize;
            pool.swap(place, other);
            swaps.push((place, other));
            let cell = pool[place] as usize;
            if cells.area[cell] >= left {
                captured += cells.actual[cell] * (left / cells.area[cell]);
                break;
            }
            captured += cells.actual[cell];
            left -= cells.area[cell];
        }
        // As it was, so that a draw depends on no other.
        for (a, b) in swaps.into_iter().rev() {
            pool.swap(a, b);
        }
        captured / found / share
    };
    let drawn: Vec<f64> =
        (0..draws.permutations).into_par_iter().map_init(|| (0..n as u32).collect(), one).collect();
    let tally = Tally::of(observed, drawn.iter().copied());
    Band::of(drawn).map(|band| (band, tally))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Draws<'_> = Draws { permutations: 1999, seed: 5, analysis: "validation" };

    #[test]
    fn a_map_with_chance_has_a_pai_of_one() {
        let actual: Vec<f64> = (0..60).map(|cell| f64::from(u8::from(cell % 3 == 0))).collect();
        let area = vec![2.0; 60];
        let cells = Cells { actual: &actual, area: &area };
        let (band, tally) = at_random(cells, 24.0, 3.0, DRAWS).unwrap();
        assert!((band.mean - 1.0).abs() < 0.05, "{band:?}");
        assert!(band.low < 0.5 && band.high > 1.5 && tally.ge < 10, "{band:?} {tally:?}");
        // All of the ground captures all.
        let (band, _) = at_random(cells, 120.0, 1.0, DRAWS).unwrap();
        assert!((band.low - 1.0).abs() < 1e-12 && (band.high - 1.0).abs() < 1e-12);
        assert_eq!(at_random(Cells { actual: &[0.0; 60], ..cells }, 24.0, 1.0, DRAWS), None);
    }

    #[test]
    fn blocks_carry_the_spread() {
        // Ten blocks of six cells; the map flags the first of each, where half of the finds are.
        let actual: Vec<f64> = (0..60).map(|cell| if cell % 6 == 0 { 5.0 } else { 1.0 }).collect();
        let first: Vec<f64> = (0..60).map(|cell| f64::from(u8::from(cell % 6 == 0))).collect();
        let other: Vec<f64> = (0..60).map(|cell| f64::from(u8::from(cell % 6 == 1))).collect();
        let blocks: Vec<u32> = (0..60).map(|cell| cell / 6).collect();
        let cells = Cells { actual: &actual, area: &[1.0; 60] };
        let bands = intervals(&[&first, &other], cells, &blocks, DRAWS);
        // All blocks are alike and have no spread at all: the exact interval of 50 of 100 is left.
        let (one, two) = (bands[0], bands[1]);
        let (pai, hit) = (one.pai.unwrap(), one.hit_rate.unwrap());
        assert!((hit.low - 0.398_321).abs() < 1e-6 && (hit.high - 0.601_679).abs() < 1e-6);
        assert!((pai.low - 6.0 * hit.low).abs() < 1e-9 && (pai.high - 6.0 * hit.high).abs() < 1e-9);
        assert!((hit.mean - 0.5).abs() < 1e-12 && hit.draws == 1999);
        assert_eq!(one.first_better_by, None);
        // 50 plots only the first captured, 10 only the other: as 50 of 60 are at least 0.7148 of them.
        let better = two.first_better_by.unwrap();
        assert!((better.low - (2.0 * 0.714_781 - 1.0) * 3.6).abs() < 1e-4, "{better:?}");
        assert!((better.mean - 2.4).abs() < 1e-9 && better.high > 2.4);
        // Amounts are no counts, and blocks without spread have no interval.
        let halves: Vec<f64> = actual.iter().map(|it| it / 2.0).collect();
        let amounts = Cells { actual: &halves, area: &[1.0; 60] };
        assert_eq!(intervals(&[&first], amounts, &blocks, DRAWS)[0], Blocks::NONE);
        // Cells as blocks of their own: the same middle, and a spread.
        let single: Vec<u32> = (0..60).collect();
        let wide = intervals(&[&first], cells, &single, DRAWS)[0].pai.unwrap();
        assert!(wide.low < 2.6 && wide.high > 3.4, "{wide:?}");
    }

    #[test]
    fn few_blocks_give_no_interval() {
        let cells = Cells { actual: &[1.0; 4], area: &[1.0; 4] };
        let map = [1.0, 0.0, 0.0, 0.0];
        let bands = intervals(&[&map], cells, &[0, 1, 2, 3], DRAWS);
        assert_eq!(bands[0], Blocks::NONE);
    }

    /// Forty blocks of four cells; a map that flags the first cell of each of the first `flagged`.
    fn forty(flagged: usize) -> (Vec<u32>, Vec<f64>) {
        let flag = |cell: usize| f64::from(u8::from(cell.is_multiple_of(4) && cell / 4 < flagged));
        ((0..160).map(|cell| cell / 4).collect(), (0..160).map(flag).collect())
    }

    #[test]
    fn three_plots_of_a_hundred_are_few() {
        // The cell captured 3 of 101; drawing its one block or not moves hits and area together.
        let (blocks, map) = forty(1);
        let mut actual = vec![0.0; 160];
        (actual[0], actual[1]) = (3.0, 1.0);
        (1..98).for_each(|place| actual[place + 3] = 1.0);
        let cells = Cells { actual: &actual, area: &[1.0; 160] };
        let (_, other) = forty(2);
        let bands = intervals(&[&map, &other], cells, &blocks, DRAWS);
        let pai = bands[0].pai.unwrap();
        // By the terms of the binomial law, added: 3 of 101 leave shares of 0.0062 to 0.0844.
        assert!(pai.low <= 160.0 * 0.006_17 && pai.high >= 160.0 * 0.084_35, "{pai:?}");
        // Fewer than ten captured, in fewer than five blocks: nothing is said of two maps.
        assert_eq!(bands[1].first_better_by, None);
        // Nothing captured is no interval of 0 to 0.
        let mut none = vec![0.0; 160];
        (10..60).for_each(|place| none[place] = 1.0);
        let cells = Cells { actual: &none, area: &[1.0; 160] };
        let pai = intervals(&[&map], cells, &blocks, DRAWS)[0].pai.unwrap();
        assert!(pai.low == 0.0 && pai.high > 5.0, "{pai:?}");
        // One map twice: no plot tells them apart, however many there are.
        let (_, all) = forty(40);
        let many = Cells { actual: &[5.0; 160], area: &[1.0; 160] };
        let bands = intervals(&[&all, &all], many, &blocks, DRAWS);
        assert_eq!(bands[1].first_better_by, None);
    }

    /// Seasons made up on ground where flagged cells are `times` as rich, the plots in clumps of
    /// up to `clump`: the share of seasons whose interval holds the PAI that the ground has.
    fn covered(flagged: usize, times: f64, plots: u32, clump: u32) -> f64 {
        let (blocks, map) = forty(flagged);
        let weight = |cell: usize| if map[cell] > 0.0 { times } else { 1.0 };
        let all: f64 = (0..160).map(weight).sum();
        let truth = times * 160.0 / all;
        let streams = Draws { permutations: 1, seed: 11, analysis: "coverage" }.streams();
        let seasons = 300_u32;
        let mut held = 0_u32;
        for season in 0..seasons {
            let mut stream = streams.stream(season.into());
            let mut actual = vec![0.0; 160];
            let mut left = plots;
            while left > 0 {
                let mut at = f64::from(stream.below(1 << 30)) / f64::from(1 << 30) * all;
                let mut cell = 0;
                while cell < 159 && at >= weight(cell) {
                    at -= weight(cell);
                    cell += 1;
                }
                let together = (1 + stream.below(clump)).min(left);
                actual[cell] += f64::from(together);
                left -= together;
            }
            let cells = Cells { actual: &actual, area: &[1.0; 160] };
            let draws = Draws { permutations: 199, seed: season.into(), analysis: "coverage" };
            let pai = intervals(&[&map], cells, &blocks, draws)[0].pai.unwrap();
            held += u32::from(pai.low <= truth && truth <= pai.high);
        }
        f64::from(held) / f64::from(seasons)
    }

    #[test]
    fn intervals_of_maps_that_flag_little_hold_the_truth() {
        for (flagged, times, plots) in [
            (1, 4.0, 100),
            (1, 20.0, 100),
            (2, 10.0, 40),
            (3, 5.0, 100),
            (4, 1.0, 60),
            (8, 5.0, 100),
        ] {
            let share = covered(flagged, times, plots, 1);
            assert!(share >= 0.93, "{flagged} blocks, {times} times, {plots} plots: {share}");
            // Plots that come by one or two, which the exact interval does not know of.
            let share = covered(flagged, times, plots, 2);
            assert!(share >= 0.88, "{flagged} blocks, {times} times, {plots} plots: {share}");
        }
    }
}
