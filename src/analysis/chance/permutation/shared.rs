//! One draw a permutation serves every unit.
//!
//! METHODS §10.1: what a unit sums over drawn values depends on the unit only through its pattern
//! of weights (`patterns`) and, under the conditional null, through its own place in the draw. So
//! each permutation draws once; each pattern sums once; its sums are sorted once over the
//! permutations; a unit's counts are two binary searches and, under the conditional null, a
//! correction in the few permutations that drew the unit itself, where the next unit drawn comes
//! in its place. A pattern that hardly any other unit has (irregular kernels) is compared sum by
//! sum, over the same draws. As in all the peers' look-ups, the tests of different units share
//! draws and are dependent; each is exact.
//!
//! Counts are whole numbers added up, so that no thread, chunk or block decides anything.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{
    patterns::{Asked, Asking, Pattern},
    pool::Pool,
    question::{Counts, Null, Observed, Statistic},
};
use crate::analysis::{
    chance::draws::{Draws, Streams},
    watch::{Gone, Nobody, Watch},
    weights::{Neighbours, Weights},
};

/// Counts for Gi* over neighbours of equal weight: [`neighbour_counts`] of [`Statistic::GiStar`].
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn counts(values: &[f64], weights: &Neighbours, null: Null, draws: Draws<'_>) -> Counts {
    neighbour_counts(values, weights, Statistic::GiStar, null, draws)
}

/// Counts of `statistic` for every unit, every neighbour weighing the same. `values` are finite,
/// sorted by a stable id of their units: the draws are of places.
///
/// Cost: R (k_max + 1) draws, a sort of R sums for each number of neighbours (whole numbers are
/// counted instead), n log R searches, and under the conditional null about R k_max corrections.
/// Memory: 8 R bytes for each distinct number of neighbours, at most 64 MiB.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn neighbour_counts(
    values: &[f64],
    weights: &Neighbours,
    statistic: Statistic,
    null: Null,
    draws: Draws<'_>,
) -> Counts {
    let counted = watched_counts(values, weights, statistic, null, draws, &Nobody);
    let Ok(counts) = counted else { unreachable!("nobody watches, and nobody goes") };
    counts
}

/// As [`neighbour_counts`], for somebody who may leave: tells `watch` how far it is.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn watched_counts(
    values: &[f64],
    weights: &Neighbours,
    statistic: Statistic,
    null: Null,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Counts, Gone> {
    assert_eq!(values.len(), weights.len(), "one list of neighbours a value");
    let asking = Asking::equal(values, weights, statistic, null);
    Ok(finished(count(&asking, draws, watch)?, values, statistic, null))
}

/// Counts of `statistic` for every unit under any weights; a weight of a unit for itself counts
/// only in Gi* (METHODS §1: where there is none, the row's heaviest stands for it). Scaling a row
/// changes nothing.
///
/// Cost: as [`neighbour_counts`] where rows weigh the same or have few patterns; else R times the
/// number of links, spread over all threads: 100,000 units with 8 different weights and 999
/// permutations take under a second, 99,999 about a minute. Tells `watch` how far it is.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn weighted_counts(
    values: &[f64],
    weights: &Weights,
    statistic: Statistic,
    null: Null,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Counts, Gone> {
    assert_eq!(values.len(), weights.len(), "one row of weights a value");
    let asking = Asking::weighted(values, weights, statistic, null);
    Ok(finished(count(&asking, draws, watch)?, values, statistic, null))
}

fn finished(counts: Counts, values: &[f64], statistic: Statistic, null: Null) -> Counts {
    match (statistic, null) {
        (Statistic::Moran, Null::Conditional) => counts.turned(values),
        _ => counts,
    }
}

fn nothing_counted(n: usize, draws: Draws<'_>) -> Counts {
    Counts { permutations: draws.permutations, ge: vec![0; n], le: vec![0; n] }
}

/// The most sums that are kept at a time.
const KEPT_SUMS: usize = 1 << 23;

/// The most permutations that a thread takes at a time, so that their values stay near.
const CHUNK: usize = 1024;

/// A pattern of fewer units is compared sum by sum: sorting would cost more.
const FEW_UNITS: usize = 16;

fn count(asking: &Asking, draws: Draws<'_>, watch: &dyn Watch) -> Result<Counts, Gone> {
    let permutations = draws.permutations as usize;
    let mut counts = nothing_counted(asking.values.len(), draws);
    if asking.values.is_empty() {
        return Ok(counts);
    }
    let engine = Engine::new(asking, draws);
    let wide = engine.sorted.len().max(1);
    let block = (KEPT_SUMS / wide).max(CHUNK);
    let done = AtomicU64::new(0);
    for first in (0..permutations).step_by(block) {
        let count = block.min(permutations - first);
        engine.count_block(first, count, &mut counts, &|chunk: usize| {
            let so_far = done.fetch_add(chunk as u64, Ordering::Relaxed) + chunk as u64;
            watch.tell(so_far, permutations as u64);
            watch.go_on()
        })?;
    }
    Ok(counts)
}

/// What permutations are counted for.
struct Engine<'a> {
    asking: &'a Asking,
    streams: Streams,
    width: usize,
    /// Patterns whose sums are kept and sorted, and by pattern the place among them.
    sorted: Vec<usize>,
    /// Those of equal weights among them, by depth: place among the sorted, and depth.
    prefixes: Vec<(usize, usize)>,
    /// By pattern; `None` where it is compared sum by sum.
    column: Vec<Option<usize>>,
    /// Units of the patterns that are compared sum by sum, by pattern.
    alone: Vec<(usize, Vec<u32>)>,
}

/// What a thread keeps from chunk to chunk.
struct Desk {
    pool: Pool,
    /// Units drawn, a row a permutation.
    drawn: Vec<u32>,
    /// Their values, a row a place in the draw: summing many permutations at once.
    values: Vec<f64>,
    line: Vec<f64>,
    /// By unit: what is added to the counts.
    ge: Vec<i32>,
    le: Vec<i32>,
}

impl<'a> Engine<'a> {
    fn new(asking: &'a Asking, draws: Draws<'_>) -> Self {
        let patterns = &asking.patterns;
        let is_sorted =
            |pattern: &Pattern| pattern.weights.is_empty() || pattern.units >= FEW_UNITS;
        let sorted: Vec<usize> =
            (0..patterns.len()).filter(|place| is_sorted(&patterns[*place])).collect();
        let mut column = vec![None; patterns.len()];
        for (at, pattern) in sorted.iter().enumerate() {
            column[*pattern] = Some(at);
        }
        let mut prefixes: Vec<(usize, usize)> = sorted
            .iter()
            .enumerate()
            .filter(|(_, pattern)| patterns[**pattern].weights.is_empty())
            .map(|(at, pattern)| (at, patterns[*pattern].depth))
            .collect();
        prefixes.sort_by_key(|(_, depth)| *depth);
        let mut units: Vec<Vec<u32>> = vec![Vec::new(); patterns.len()];
        for (unit, asked) in asking.asked.iter().enumerate() {
            if column[asked.pattern as usize].is_none() {
                units[asked.pattern as usize].push(unit as u32);
            }
        }
        let alone = units.into_iter().enumerate().filter(|(_, units)| !units.is_empty()).collect();
        let width = asking.width();
        Self { asking, streams: draws.streams(), width, sorted, prefixes, column, alone }
    }

    fn desk(&self) -> Desk {
        let n = self.asking.values.len();
        let touched = if self.asking.conditional || !self.alone.is_empty() { n } else { 0 };
        Desk {
            pool: Pool::new(n),
            drawn: Vec::new(),
            values: Vec::new(),
            line: Vec::new(),
            ge: vec![0; touched],
            le: vec![0; touched],
        }
    }

    /// Adds the counts of `count` permutations from `first` on.
    fn count_block(
        &self,
        first: usize,
        count: usize,
        counts: &mut Counts,
        tell: &(dyn Fn(usize) -> Result<(), Gone> + Sync),
    ) -> Result<(), Gone> {
        let wide = self.sorted.len();
        let threads = rayon::current_num_threads();
        let chunk = count.div_ceil(4 * threads).clamp(64, CHUNK);
        let mut sums = vec![0.0; count * wide];
        // Few sets of chunks, each with a desk of its own: a desk is as large as the map.
        let mut pieces: Vec<(usize, usize, &mut [f64])> = Vec::new();
        let mut rest = &mut sums[..];
        for start in (0..count).step_by(chunk) {
            let long = chunk.min(count - start);
            let (piece, others) = rest.split_at_mut(long * wide);
            pieces.push((first + start, long, piece));
            rest = others;
        }
        let share = pieces.len().div_ceil(threads).max(1);
        let desks: Vec<Desk> = pieces
            .par_chunks_mut(share)
            .map(|pieces| {
                let mut desk = self.desk();
                for (first, long, sums) in pieces {
                    self.count_chunk(*first, *long, sums, &mut desk);
                    tell(*long)?;
                }
                Ok(desk)
            })
            .collect::<Result<_, Gone>>()?;
        let tables: Vec<Sorted> = (0..wide)
            .into_par_iter()
            .map(|column| {
                let mut all = Vec::with_capacity(count);
                for start in (0..count).step_by(chunk) {
                    let long = chunk.min(count - start);
                    all.extend_from_slice(&sums[start * wide + column * long..][..long]);
                }
                let equal = self.asking.patterns[self.sorted[column]].weights.is_empty();
                Sorted::of(all, equal && self.asking.whole)
            })
            .collect();
        let Counts { ge, le, .. } = counts;
        let units = ge.par_iter_mut().zip(le).zip(&self.asking.asked).enumerate();
        units.with_min_len(1024).for_each(|(unit, ((ge, le), asked))| {
            let (mut more, mut less) = (0_i64, 0_i64);
            if let Some(column) = self.column[asked.pattern as usize] {
                (more, less) = tables[column].count(asked.observed);
            }
            for desk in desks.iter().filter(|desk| !desk.ge.is_empty()) {
                more += i64::from(desk.ge[unit]);
                less += i64::from(desk.le[unit]);
            }
            *ge += more as u32;
            *le += less as u32;
        });
        Ok(())
    }

    /// Draws permutations `first` to `first + long` and sums them: in `sums` a row of `long` for
    /// each sorted pattern, in the desk what single units have to add.
    fn count_chunk(&self, first: usize, long: usize, sums: &mut [f64], desk: &mut Desk) {
        let (width, own) = (self.width, usize::from(self.asking.product));
        let values = &self.asking.values;
        desk.drawn.clear();
        for at in 0..long {
            desk.pool.shuffle(&self.streams, (first + at) as u64, width);
            let drawn = &desk.pool.units[..width];
            desk.drawn.extend_from_slice(drawn);
            let factor = if own == 1 { values[drawn[0] as usize] } else { 1.0 };
            let (mut sum, mut depth) = (0.0, 0);
            for (column, wanted) in &self.prefixes {
                for unit in &drawn[own + depth..own + wanted] {
                    sum += values[*unit as usize];
                }
                depth = *wanted;
                sums[column * long + at] = factor * sum;
            }
            desk.pool.restore(width);
        }
        if self.prefixes.len() < self.asking.patterns.len() {
            self.sum_weighted(long, sums, desk);
        }
        if self.asking.conditional {
            self.correct(long, sums, desk);
        }
    }

    /// Sums of the patterns with weights: place by place of the draw, many permutations at once.
    fn sum_weighted(&self, long: usize, sums: &mut [f64], desk: &mut Desk) {
        let (width, own) = (self.width, usize::from(self.asking.product));
        let Desk { drawn, values, line, ge, le, .. } = desk;
        values.resize(width * long, 0.0);
        for (at, drawn) in drawn.chunks(width.max(1)).enumerate() {
            for (place, unit) in drawn.iter().enumerate() {
                values[place * long + at] = self.asking.values[*unit as usize];
            }
        }
        let add_up = |pattern: &Pattern, line: &mut [f64]| {
            line.fill(0.0);
            for (place, weight) in pattern.weights.iter().enumerate() {
                let drawn = &values[(own + place) * long..][..long];
                line.iter_mut().zip(drawn).for_each(|(sum, value)| *sum += weight * value);
            }
            if own == 1 {
                line.iter_mut().zip(&values[..long]).for_each(|(sum, own)| *sum *= own);
            }
        };
        for (column, pattern) in self.sorted.iter().enumerate() {
            let pattern = &self.asking.patterns[*pattern];
            if !pattern.weights.is_empty() {
                add_up(pattern, &mut sums[column * long..][..long]);
            }
        }
        line.resize(long, 0.0);
        for (pattern, units) in &self.alone {
            add_up(&self.asking.patterns[*pattern], line);
            for unit in units {
                let Observed { low, high } = self.asking.asked[*unit as usize].observed;
                let (mut more, mut less) = (0_i32, 0_i32);
                for sum in line.iter() {
                    more += i32::from(*sum >= low);
                    less += i32::from(*sum <= high);
                }
                ge[*unit as usize] += more;
                le[*unit as usize] += less;
            }
        }
    }

    /// Puts right what was counted for units that were drawn as their own neighbours: in these
    /// permutations the next unit drawn comes in. Sums anew unless the values are whole numbers,
    /// so that no large value leaves its rounding behind.
    fn correct(&self, long: usize, sums: &[f64], desk: &mut Desk) {
        let Asking { values, patterns, asked, whole, .. } = self.asking;
        let Desk { drawn, ge, le, .. } = desk;
        for (at, row) in drawn.chunks(self.width.max(1)).enumerate() {
            for (place, unit) in row.iter().enumerate() {
                let Asked { pattern, observed } = asked[*unit as usize];
                let Pattern { depth, weights, .. } = &patterns[pattern as usize];
                if place >= *depth {
                    continue; // drawn after this unit's neighbours
                }
                let others = row.iter().filter(|other| *other != unit);
                let with_weights = |drawn: &mut dyn Iterator<Item = &u32>| -> f64 {
                    weights.iter().zip(drawn).map(|(w, unit)| w * values[*unit as usize]).sum()
                };
                let column = self.column[pattern as usize];
                let with = match column {
                    Some(column) => sums[column * long + at],
                    None => with_weights(&mut row.iter()),
                };
                let without = if !weights.is_empty() {
                    with_weights(&mut { others })
                } else if *whole {
                    with - values[*unit as usize] + values[row[*depth] as usize]
                } else {
                    others.take(*depth).map(|other| values[*other as usize]).sum()
                };
                let unit = *unit as usize;
                ge[unit] +=
                    i32::from(observed.reached_by(without)) - i32::from(observed.reached_by(with));
                le[unit] += i32::from(observed.not_passed_by(without))
                    - i32::from(observed.not_passed_by(with));
            }
        }
    }
}

/// The sums of one pattern over permutations: distinct, ascending, each with how many lie below
/// it. Sparse maps have few distinct sums.
struct Sorted {
    sums: Vec<f64>,
    below: Vec<u32>,
    all: i64,
}

impl Sorted {
    fn of(mut all: Vec<f64>, whole: bool) -> Self {
        let count = all.len();
        let (low, high) = all
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
        let (mut sums, mut below) = (Vec::new(), Vec::new());
        if whole && high - low < count as f64 {
            // Few whole numbers: counted, not sorted.
            let mut times = vec![0_u32; (high - low) as usize + 1];
            for sum in &all {
                times[(sum - low) as usize] += 1;
            }
            let mut so_far = 0;
            for (step, times) in times.into_iter().enumerate().filter(|(_, times)| *times > 0) {
                sums.push(low + step as f64);
                below.push(so_far);
                so_far += times;
            }
        } else {
            all.sort_unstable_by(f64::total_cmp);
            for (place, sum) in all.iter().enumerate() {
                if sums.last() != Some(sum) {
                    sums.push(*sum);
                    below.push(place as u32);
                }
            }
        }
        Self { sums, below, all: i64::from(count as u32) }
    }

    /// How many reach, and how many do not pass, what was observed.
    fn count(&self, observed: Observed) -> (i64, i64) {
        let below = |place: usize| self.below.get(place).map_or(self.all, |b| i64::from(*b));
        let low = self.sums.partition_point(|sum| !observed.reached_by(*sum));
        let high = self.sums.partition_point(|sum| observed.not_passed_by(*sum));
        (self.all - below(low), below(high))
    }
}
