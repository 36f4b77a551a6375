//! The windows of the map as it is: the best around each centre.

use super::{
    data::Data,
    windows::{Growth, Step},
};

/// The best window around a centre.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The log likelihood ratio, as much as its shape lets count; over 0.
    pub ratio: f64,
    pub centre: usize,
    pub shape: usize,
    /// How many places have entered.
    pub places: usize,
    /// The first period, and the one after the last.
    pub span: (usize, usize),
    pub count: u32,
    pub expected: f64,
    /// The distance to the farthest.
    pub reach: f64,
}

/// What counts as a find.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub high: bool,
    pub low: bool,
    pub minimum: u32,
}

/// Puts the best of these windows into `best` where it beats what is there. Of windows that are
/// equally good the first stays: the smallest.
pub fn observe(
    data: &Data,
    growth: &Growth<'_>,
    wanted: Wanted,
    (centre, shape): (usize, usize),
    steps: &[Step],
    best: &mut Option<Candidate>,
) {
    let (weight, tie) = (growth.weight(shape), data.ratio.tie());
    let mut held = vec![0_u32; data.periods + 1];
    let mut measures = vec![0.0; data.periods + 1];
    for (nth, step) in steps.iter().enumerate() {
        add(data, step.place, &mut held, &mut measures);
        if !step.ends {
            continue;
        }
        for (start, end) in &data.spans {
            let count = held[*end] - held[*start];
            let measure = measures[*end] - measures[*start];
            let more = f64::from(count) > data.ratio.expected(measure);
            if !(if more { wanted.high && count >= wanted.minimum } else { wanted.low }) {
                continue;
            }
            let window = data.ratio.measured(measure);
            let ratio = data.ratio.of(count, &window) * weight;
            if ratio > tie && best.as_ref().is_none_or(|best| ratio > best.ratio + tie) {
                *best = Some(Candidate {
                    ratio,
                    centre,
                    shape,
                    places: nth + 1,
                    span: (*start, *end),
                    count,
                    expected: window.expected(),
                    reach: step.reach,
                });
            }
        }
    }
}

/// A place enters: its running cases and measures, none before the first period.
fn add(data: &Data, place: u32, held: &mut [u32], measures: &mut [f64]) {
    let first = place as usize * data.periods;
    let (mut count, mut measure) = (0, 0.0);
    for period in 0..data.periods {
        count += data.cases[first + period];
        measure += data.measure[first + period];
        held[period + 1] += count;
        measures[period + 1] += measure;
    }
}
