//! The inner loop: windows grow over many simulated maps at once, side by side in the lanes of a
//! vector, and each lane remembers its best.
//!
//! A window costs each lane an addition (of the place that enters) and, for each span of periods,
//! a subtraction and a comparison with the critical count of its class. Lanes are 16 bits wide
//! where all cases fit, so that plain SSE2 does eight at a time.

use super::{
    critical::Classes,
    draw::{Chance, Scratch},
    ratio::Ratio,
};
use crate::analysis::chance::draws::Streams;

/// Maps side by side.
pub const LANES: usize = 32;

/// Marks a place with which no window ends, because the next is as far.
const GOES_ON: u32 = 1 << 31;

/// A number of cases in a lane.
pub trait Count: Copy + Default + PartialOrd + Send + Sync {
    /// Above every count that occurs.
    const NEVER: u32;
    fn of(count: u32) -> Self;
    fn back(self) -> u32;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn add_signed(&mut self, by: i32);
}

macro_rules! count {
    ($kind:ty) => {
        impl Count for $kind {
            const NEVER: u32 = <$kind>::MAX as u32;
            fn of(count: u32) -> Self {
                Self::try_from(count).unwrap_or(Self::MAX)
            }
            fn back(self) -> u32 {
                self as u32
            }
            #[inline]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            fn add_signed(&mut self, by: i32) {
                *self = self.wrapping_add(by as Self);
            }
        }
    };
}
count!(i16);
count!(i32);

/// One number for each map.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Lanes<T>([T; LANES]);

impl<T: Count> Lanes<T> {
    // By value: only then the compiler knows that nothing overlaps, and adds eight at a time.
    #[inline]
    fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane].plus(other.0[lane])))
    }

    #[inline]
    fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane].minus(other.0[lane])))
    }

    #[inline]
    fn any_above(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).fold(0, |any, (mine, other)| any | u8::from(*mine > *other))
            != 0
    }
}

/// The windows of one centre and shape, as the inner loop wants them.
#[derive(Debug)]
pub struct Sequence {
    /// Which of the tables belongs to its shape.
    pub table: usize,
    /// The places in the order in which they enter.
    places: Vec<u32>,
    /// Windows that end after place p and cover span s: the class at `p · spans + s`.
    classes: Vec<u16>,
    /// The measure of the first t + 1 periods after place p, at `p · periods + t`.
    measures: Vec<f64>,
}

impl Sequence {
    /// An empty one, of shapes that use `table`, with room for so many places.
    pub fn with_room(table: usize, places: usize, periods: usize, spans: usize) -> Self {
        Self {
            table,
            places: Vec::with_capacity(places),
            classes: Vec::with_capacity(places * spans),
            measures: Vec::with_capacity(places * periods),
        }
    }

    /// The next place that enters, with the running measures of all periods.
    pub fn push(
        &mut self,
        place: u32,
        ends: bool,
        running: &[f64],
        classes: impl Iterator<Item = u16>,
    ) {
        self.places.push(if ends { place } else { place | GOES_ON });
        self.measures.extend_from_slice(running);
        self.classes.extend(classes);
    }
}

/// What all maps have in common.
pub struct Common<'a> {
    pub ratio: &'a Ratio,
    pub classes: &'a Classes,
    pub spans: &'a [(usize, usize)],
    pub periods: usize,
    /// What the ratio of a window counts, by table.
    pub weights: &'a [f64],
    pub high: bool,
    pub low: bool,
}

/// The critical counts of one weight for every lane, by class.
#[derive(Debug)]
struct Table<T> {
    weight: f64,
    above: Vec<Lanes<T>>,
    below: Vec<Lanes<T>>,
}

/// Up to [`LANES`] simulated maps and the best that was found in each.
#[derive(Debug)]
pub struct Group<T> {
    /// Cases by place and period, running over the periods, map beside map.
    counts: Vec<Lanes<T>>,
    best: [f64; LANES],
    used: usize,
    tables: Vec<Table<T>>,
    /// The running cases of the window that grows, by period; before the first period none.
    held: Vec<Lanes<T>>,
}

impl<T: Count> Group<T> {
    /// The maps of the streams `from` on, `used` of them.
    pub fn draw(
        common: &Common<'_>,
        cells: usize,
        chance: &Chance,
        streams: &Streams,
        (from, used): (u64, usize),
    ) -> Self {
        let mut counts = vec![Lanes::<T>::default(); cells];
        let mut scratch = Scratch::default();
        for lane in 0..used {
            let mut random = streams.stream(from + lane as u64);
            chance.draw(&mut random, &mut scratch, |cell, by| counts[cell].0[lane].add_signed(by));
        }
        for place in counts.chunks_mut(common.periods) {
            for period in 1..place.len() {
                place[period] = place[period].plus(place[period - 1]);
            }
        }
        let idle = |none| {
            let mut lanes = Lanes([T::of(none); LANES]);
            lanes.0[..used].fill(T::default());
            lanes
        };
        let classes = common.classes.count();
        let tables = common.weights.iter().map(|weight| Table {
            weight: *weight,
            above: vec![idle(T::NEVER); if common.high { classes } else { 0 }],
            below: vec![Lanes::default(); if common.low { classes } else { 0 }],
        });
        let mut group = Self {
            counts,
            best: [0.0; LANES],
            used,
            tables: tables.collect(),
            held: vec![Lanes::default(); common.periods + 1],
        };
        for table in &mut group.tables {
            table.beat(common, 0.0, 0..used);
        }
        group
    }

    /// The best ratio of each map.
    pub fn best(&self) -> impl Iterator<Item = f64> {
        self.best.iter().take(self.used).copied()
    }

    /// Looks at all windows of a sequence.
    pub fn look(&mut self, common: &Common<'_>, sequence: &Sequence) {
        match (common.high, common.low) {
            (true, false) => self.look_for::<true, false>(common, sequence),
            (false, true) => self.look_for::<false, true>(common, sequence),
            (true, true) => self.look_for::<true, true>(common, sequence),
            (false, false) => {}
        }
    }

    fn look_for<const HIGH: bool, const LOW: bool>(
        &mut self,
        common: &Common<'_>,
        sequence: &Sequence,
    ) {
        if common.periods == 1 {
            self.in_space::<HIGH, LOW>(common, sequence);
        } else {
            self.in_time::<HIGH, LOW>(common, sequence);
        }
    }

    fn in_space<const HIGH: bool, const LOW: bool>(
        &mut self,
        common: &Common<'_>,
        sequence: &Sequence,
    ) {
        let mut held = Lanes::<T>::default();
        for (nth, (place, class)) in sequence.places.iter().zip(&sequence.classes).enumerate() {
            held = held.plus(self.counts[(place & !GOES_ON) as usize]);
            if place & GOES_ON == 0
                && self.tables[sequence.table].passed::<HIGH, LOW>(&held, usize::from(*class))
            {
                self.weigh::<HIGH, LOW>(common, sequence, &held, *class, sequence.measures[nth]);
            }
        }
    }

    fn in_time<const HIGH: bool, const LOW: bool>(
        &mut self,
        common: &Common<'_>,
        sequence: &Sequence,
    ) {
        self.held.fill(Lanes::default());
        let classes = sequence.classes.chunks_exact(common.spans.len());
        let measures = sequence.measures.chunks_exact(common.periods);
        for ((place, classes), measures) in sequence.places.iter().zip(classes).zip(measures) {
            let first = (place & !GOES_ON) as usize * common.periods;
            let entering = &self.counts[first..first + common.periods];
            for (held, entering) in self.held[1..].iter_mut().zip(entering) {
                *held = held.plus(*entering);
            }
            if place & GOES_ON != 0 {
                continue;
            }
            for ((start, end), class) in common.spans.iter().zip(classes) {
                let held = self.held[*end].minus(self.held[*start]);
                if self.tables[sequence.table].passed::<HIGH, LOW>(&held, usize::from(*class)) {
                    let before = start.checked_sub(1).map_or(0.0, |before| measures[before]);
                    let measure = measures[end - 1] - before;
                    self.weigh::<HIGH, LOW>(common, sequence, &held, *class, measure);
                }
            }
        }
    }

    /// Some lane passed: which, and is it really better?
    #[cold]
    #[inline(never)]
    fn weigh<const HIGH: bool, const LOW: bool>(
        &mut self,
        common: &Common<'_>,
        sequence: &Sequence,
        held: &Lanes<T>,
        class: u16,
        measure: f64,
    ) {
        let class = usize::from(class);
        let window = common.ratio.measured(measure);
        for lane in 0..self.used {
            let table = &self.tables[sequence.table];
            let count = held.0[lane];
            let high = HIGH && count > table.above[class].0[lane];
            let low = LOW && count < table.below[class].0[lane];
            if !(high || low) {
                continue;
            }
            let more = f64::from(count.back()) > window.expected();
            if if more { high } else { low } {
                let ratio = common.ratio.of(count.back(), &window) * table.weight;
                if ratio > self.best[lane] {
                    self.best[lane] = ratio;
                    for table in &mut self.tables {
                        table.beat(common, ratio, lane..lane + 1);
                    }
                }
            }
        }
    }
}

impl<T: Count> Table<T> {
    #[inline]
    fn passed<const HIGH: bool, const LOW: bool>(&self, held: &Lanes<T>, class: usize) -> bool {
        (HIGH && held.any_above(&self.above[class])) || (LOW && self.below[class].any_above(held))
    }

    /// The critical counts of these lanes for a best of `best`.
    fn beat(&mut self, common: &Common<'_>, best: f64, lanes: std::ops::Range<usize>) {
        let best = best / self.weight;
        if !self.above.is_empty() {
            common.classes.above(common.ratio, best, T::NEVER, |class, count| {
                self.above[class].0[lanes.clone()].fill(T::of(count));
            });
        }
        if !self.below.is_empty() {
            common.classes.below(common.ratio, best, |class, count| {
                self.below[class].0[lanes.clone()].fill(T::of(count));
            });
        }
    }
}
