//! The windows of the map as it is: the best around each centre.

use super::{
    data::Data,
    question::Question,
    windows::{Growth, Step},
};

/// What a centre offers beside its best must have a greater ratio than this (SaTScan).
const LEAST: f64 = 1.0;

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

impl Wanted {
    pub fn of(question: &Question<'_>) -> Self {
        Self {
            high: question.rates.high(),
            low: question.rates.low(),
            minimum: question.minimum_cases.max(1),
        }
    }
}

/// Puts the best of these windows that hold nothing of `taken` into `best`, span by span, where it
/// beats what is there. Of windows that are equally good the first stays: the smallest.
pub fn observe(
    data: &Data,
    growth: &Growth<'_>,
    wanted: Wanted,
    (centre, shape): (usize, usize),
    steps: &[Step],
    taken: &Taken,
    best: &mut [Option<Candidate>],
) {
    let (weight, tie) = (growth.weight(shape), data.ratio.tie());
    let mut held = vec![0_u32; data.periods + 1];
    let mut measures = vec![0.0; data.periods + 1];
    let mut free = vec![true; data.periods];
    for (nth, step) in steps.iter().enumerate() {
        add(data, step.place, &mut held, &mut measures);
        taken.remove(data, step.place, &mut free);
        if !step.ends {
            continue;
        }
        for ((start, end), best) in data.spans.iter().zip(&mut *best) {
            if free[*start..*end].contains(&false) {
                continue;
            }
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

/// The best of those of all spans, of equally good ones that with fewer places, then the earlier.
pub fn best_of<'c>(
    of_spans: impl IntoIterator<Item = &'c Candidate>,
    tie: f64,
) -> Option<&'c Candidate> {
    let better = |best: &'c Candidate, next: &'c Candidate| {
        let equal = (next.ratio - best.ratio).abs() <= tie;
        let next_is = if equal { next.places < best.places } else { next.ratio > best.ratio };
        if next_is { next } else { best }
    };
    of_spans.into_iter().reduce(better)
}

/// What else a centre offers beside its best window in the time from `from` to before `to`:
/// see [`Secondary::Centres`](super::Secondary).
pub fn before_and_after(
    of_spans: &[Option<Candidate>],
    best: &Candidate,
    (from, to): (usize, usize),
    tie: f64,
    offer: &mut Vec<Candidate>,
) {
    for (from, to) in [(from, best.span.0.saturating_sub(1)), (best.span.1 + 1, to)] {
        let within = of_spans.iter().flatten().filter(|it| it.span.0 >= from && it.span.1 <= to);
        if let Some(next) = best_of(within.filter(|it| it.ratio > LEAST), tie) {
            offer.push(next.clone());
            before_and_after(of_spans, next, (from, to), tie, offer);
        }
    }
}

/// The cells of the clusters that are already told.
#[derive(Clone, Debug, Default)]
pub struct Taken(Vec<bool>);

impl Taken {
    /// Takes the cells of these places.
    pub fn take(&mut self, data: &Data, (start, end): (usize, usize), steps: &[Step]) {
        self.0.resize(data.cells(), false);
        for step in steps {
            let first = step.place as usize * data.periods;
            self.0[first + start..first + end].fill(true);
        }
    }

    /// Whether one of these cells is taken.
    pub fn meets(&self, data: &Data, span: (usize, usize), steps: &[Step]) -> bool {
        steps.iter().any(|step| self.holds(data, span, step.place as usize))
    }

    /// Whether one of this place's cells is taken.
    pub fn holds(&self, data: &Data, (start, end): (usize, usize), place: usize) -> bool {
        let first = place * data.periods;
        !self.0.is_empty() && self.0[first + start..first + end].contains(&true)
    }

    fn remove(&self, data: &Data, place: u32, free: &mut [bool]) {
        let first = place as usize * data.periods;
        for (free, taken) in free.iter_mut().zip(self.0.iter().skip(first)) {
            *free &= !taken;
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
