//! How sure is a score? Intervals by drawing blocks of ground, and what areas at random reach.
//!
//! Plots crowd, so that cells are not drawn one by one but in blocks (communes, or squares of some
//! kilometres): each replicate draws as many blocks as there are, some twice, some not at all
//! (Künsch 1989; Davison and Hinkley 1997). The maps stay as they were frozen.
//!
//! Cost: replicates times blocks times maps; at random, replicates times flagged cells.

use rayon::prelude::*;

use super::score::Cells;
use crate::analysis::chance::{draws::Draws, tally::Tally};

/// Below as many blocks with anything found, an interval promises more than it holds.
pub const FEW_BLOCKS: usize = 5;

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
}

/// The bands of one map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blocks {
    /// Of its hit rate.
    pub hit_rate: Option<Band>,
    /// Of its PAI.
    pub pai: Option<Band>,
    /// Of the first map's PAI less its own, both on the same blocks.
    pub first_better_by: Option<Band>,
}

/// Sums over a block.
#[derive(Clone, Default)]
struct Sums {
    found: f64,
    ground: f64,
    /// Captured and flagged, by map.
    maps: Vec<[f64; 2]>,
}

/// Bands of each of `maps` (the part of each cell that it flags); `blocks` names the block of each
/// cell. `None` throughout where fewer than [`FEW_BLOCKS`] blocks have anything found in them.
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
        return vec![Blocks { hit_rate: None, pai: None, first_better_by: None }; maps.len()];
    }
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
    (0..maps.len())
        .map(|map| Blocks {
            hit_rate: band(&|it| it[map][0]),
            pai: band(&|it| it[map][1]),
            first_better_by: band(&|it| it[0][1] - it[map][1]),
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
        // All blocks are alike: no spread at all.
        let (one, two) = (bands[0], bands[1]);
        let (pai, hit) = (one.pai.unwrap(), one.hit_rate.unwrap());
        assert!((pai.low - 3.0).abs() < 1e-9 && (pai.high - 3.0).abs() < 1e-9);
        assert!((hit.mean - 0.5).abs() < 1e-12 && hit.draws == 1999);
        assert!((one.first_better_by.unwrap().mean).abs() < 1e-12);
        assert!((two.first_better_by.unwrap().low - 2.4).abs() < 1e-9);
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
        assert_eq!(bands[0], Blocks { hit_rate: None, pai: None, first_better_by: None });
    }
}
