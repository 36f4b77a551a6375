//! The whole way: observed windows, simulated maps, clusters.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{
    answer::{Scan, clusters},
    critical::Classes,
    data::Data,
    draw::Chance,
    gini::choose,
    kernel::{Common, Count, Group, LANES, Sequence},
    observe::{Candidate, Taken, Wanted, before_and_after, best_of, observe},
    question::{Question, Scope, Secondary},
    reason::Reason,
    windows::{Growth, Step},
};
use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Watch},
};

/// Windows that are held at a time.
const BLOCK: usize = 1 << 22;
/// Bytes of simulated maps that are held at a time.
const BATCH: usize = 1 << 28;

/// Scans a map.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more; within, a [`Reason`] where the map cannot be scanned.
///
/// # Panics
///
/// Where the slices of the question do not belong together.
pub fn scan(
    question: &Question<'_>,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Scan, Reason>, Gone> {
    let data = match Data::of(question) {
        Ok(data) => data,
        Err(reason) => return Ok(Err(reason)),
    };
    let growth = Growth::new(question.windows, &data, question.max_population);
    // No lane may count further than its width.
    let narrow = data.ratio.cases() < i16::MAX as u32;
    let (best, maxima) = if narrow {
        run::<i16>(question, &data, &growth, draws, watch)?
    } else {
        run::<i32>(question, &data, &growth, draws, watch)?
    };
    let Some(best) = best else { return Ok(Err(Reason::NoWindow)) };
    let chosen = if question.secondary == Secondary::Gini {
        choose(question, &data, &growth, &maxima, watch)?
    } else {
        None
    };
    let (gini, clusters) = match chosen {
        Some((gini, clusters)) => (Some(gini), clusters),
        None => (None, clusters(question, &data, &growth, best, &maxima, 1.0)),
    };
    Ok(Ok(Scan { clusters, maxima, cases: data.ratio.cases(), places: data.places, gini }))
}

/// What is known of a centre.
struct Centre {
    /// Its windows, where maps are simulated.
    sequences: Vec<Sequence>,
    /// What it offers of what was observed.
    offers: Vec<Candidate>,
    /// Whether there is any window.
    any: bool,
}

/// The best window of each centre, `None` where there is no window at all, and the best ratio of
/// each simulated map.
fn run<T: Count>(
    question: &Question<'_>,
    data: &Data,
    growth: &Growth<'_>,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<(Option<Vec<Candidate>>, Vec<f64>), Gone> {
    let wanted = Wanted::of(question);
    let greatest = data.longest_span() * question.max_population;
    let classes = Classes::new(&data.ratio, greatest, wanted.minimum);
    let of_shape: Vec<f64> = (0..growth.shapes.len()).map(|it| growth.weight(it)).collect();
    let mut weights = of_shape.clone();
    weights.dedup();
    let common = Common {
        ratio: &data.ratio,
        classes: &classes,
        spans: &data.spans,
        periods: data.periods,
        weights: &weights,
        high: wanted.high,
        low: wanted.low,
    };
    let none = Taken::default();
    let grown = |centre: usize, observed: bool, simulated: bool| {
        let mut known = Centre { sequences: Vec::new(), offers: Vec::new(), any: false };
        let mut of_spans = vec![None; data.spans.len()];
        for (shape, weight) in of_shape.iter().enumerate() {
            let steps = growth.steps(centre, shape);
            known.any |= !steps.is_empty();
            if observed {
                observe(data, growth, wanted, (centre, shape), &steps, &none, &mut of_spans);
            }
            if simulated {
                let table = weights.iter().position(|it| it == weight).unwrap_or(0);
                known.sequences.push(sequence(data, &classes, &steps, table));
            }
        }
        known.offers = offers(question, data, &of_spans);
        known
    };

    let centres: Vec<usize> = (0..data.places).collect();
    let at_once = growth.shapes.len() * data.spans.len() * data.places;
    let blocks: Vec<&[usize]> = centres.chunks((BLOCK / at_once).max(1)).collect();
    let (maps, streams) = (draws.permutations as usize, draws.streams());
    let groups: Vec<usize> = (0..maps.div_ceil(LANES)).collect();
    let chance = Chance::of(question, data);
    let bytes = (data.cells() * size_of::<T>() * LANES).max(1);
    // Nothing to simulate is one empty batch: what was observed is looked at with the first.
    let mut batches: Vec<&[usize]> = groups.chunks((BATCH / bytes).max(4)).collect();
    if batches.is_empty() {
        batches.push(&[]);
    }

    let (of, done) = ((blocks.len() * groups.len()) as u64, AtomicU64::new(0));
    let (mut best, mut maxima, mut any) = (Vec::new(), Vec::with_capacity(maps), false);
    for (batch, groups) in batches.into_iter().enumerate() {
        let draw = |group: &usize| {
            watch.go_on()?;
            let (from, used) = (group * LANES, LANES.min(maps - group * LANES));
            Ok(Group::<T>::draw(&common, data.cells(), &chance, &streams, (from as u64, used)))
        };
        let mut groups: Vec<_> = groups.par_iter().map(draw).collect::<Result<_, Gone>>()?;
        for block in &blocks {
            watch.go_on()?;
            let simulated = !groups.is_empty();
            let known: Vec<Centre> =
                block.par_iter().map(|centre| grown(*centre, batch == 0, simulated)).collect();
            groups.par_iter_mut().try_for_each(|group| {
                watch.go_on()?;
                for sequence in known.iter().flat_map(|centre| &centre.sequences) {
                    group.look(&common, sequence);
                }
                watch.tell(done.fetch_add(1, Ordering::Relaxed) + 1, of);
                Ok(())
            })?;
            any |= known.iter().any(|centre| centre.any);
            best.extend(known.into_iter().flat_map(|centre| centre.offers));
        }
        maxima.extend(groups.iter().flat_map(Group::best));
    }
    Ok((any.then_some(best), maxima))
}

/// What a centre offers: its best, and what is before and after it.
fn offers(question: &Question<'_>, data: &Data, of_spans: &[Option<Candidate>]) -> Vec<Candidate> {
    let tie = data.ratio.tie();
    let Some(best) = best_of(of_spans.iter().flatten(), tie) else {
        return Vec::new();
    };
    let mut offers = vec![best.clone()];
    if question.scope == Scope::SpaceTime && question.secondary == Secondary::Centres {
        before_and_after(of_spans, best, (0, data.periods - 1), tie, &mut offers);
    }
    offers
}

/// The windows of a centre and shape, with the class of each.
fn sequence(data: &Data, classes: &Classes, steps: &[Step], table: usize) -> Sequence {
    let mut sequence = Sequence::with_room(table, steps.len(), data.periods, data.spans.len());
    let mut running = vec![0.0; data.periods];
    for step in steps {
        let first = step.place as usize * data.periods;
        let mut measure = 0.0;
        for (running, cell) in running.iter_mut().zip(&data.measure[first..]) {
            measure += cell;
            *running += measure;
        }
        let of_span = |(start, end): &(usize, usize)| {
            let before = start.checked_sub(1).map_or(0.0, |before| running[before]);
            classes.of(running[end - 1] - before)
        };
        sequence.push(step.place, step.ends, &running, data.spans.iter().map(of_span));
    }
    sequence
}
