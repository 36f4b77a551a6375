//! Pairs close in space: how many of them are close in time, under the true times and under
//! shuffled ones?
//!
//! A time becomes its place among the distinct times, and "within τ" a range of places worked out
//! once: no floating-point comparison is left in the inner loop, and none can differ between the
//! true and the shuffled times. Sixteen shuffles go side by side, so that one look at a pair
//! serves them all and a row of places fits the processor's vectors.
//!
//! Cost of R shuffles: R n draws, and R/16 times pairs times bands of time steps of vectors.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::analysis::{
    chance::{draws::Draws, tally::Tally},
    geometry::close_pairs::{Bands, ClosePairs, Rows},
    watch::{Gone, Watch},
};

/// Shuffles side by side.
const LANES: usize = 16;

/// Distinct times and what lies within each limit of each of them.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// The place of every unit's time among the distinct times.
    codes: Vec<u32>,
    /// For every edge but the first, and each distinct time: the first place within, and how many
    /// more.
    within: Vec<Vec<(u32, u32)>>,
    /// Pairs of units in each band of time, whatever their distance.
    pub near: Vec<u64>,
}

impl Clock {
    /// Reads `times` (finite).
    pub fn new(times: &[f64], bands: &Bands) -> Self {
        let mut distinct = times.to_vec();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup_by(|a, b| a == b);
        let codes: Vec<u32> = times
            .iter()
            .map(|time| distinct.partition_point(|other| other < time) as u32)
            .collect();
        let mut sizes = vec![0_u64; distinct.len()];
        for code in &codes {
            sizes[*code as usize] += 1;
        }
        let scale = times.iter().fold(0.0_f64, |m, time| m.max(time.abs()));
        let edges = bands.edges(scale);
        let within: Vec<Vec<(u32, u32)>> =
            edges.iter().map(|edge| within(&distinct, *edge)).collect();
        let close: Vec<u64> = within.iter().map(|table| close(&sizes, table)).collect();
        let near = close.windows(2).map(|pair| pair[1] - pair[0]).collect();
        Self { codes, within, near }
    }

    fn bands(&self) -> usize {
        self.near.len()
    }

    fn distinct(&self) -> usize {
        self.within.first().map_or(0, Vec::len)
    }
}

/// For each of the ascending `times` the places whose times differ by less than `edge`.
fn within(times: &[f64], edge: f64) -> Vec<(u32, u32)> {
    let (mut low, mut high) = (0, 0);
    let each = times.iter().enumerate().map(|(place, time)| {
        if edge <= 0.0 {
            return NOTHING;
        }
        while time - times[low] >= edge {
            low += 1;
        }
        high = high.max(place);
        while high + 1 < times.len() && times[high + 1] - time < edge {
            high += 1;
        }
        (low as u32, (high - low) as u32)
    });
    each.collect()
}

/// A range beyond all places.
const NOTHING: (u32, u32) = (u32::MAX, 0);

/// How many pairs of units lie within each other's range.
fn close(sizes: &[u64], within: &[(u32, u32)]) -> u64 {
    let mut up_to = vec![0_u64];
    for size in sizes {
        up_to.push(up_to[up_to.len() - 1] + size);
    }
    let each = sizes.iter().enumerate().zip(within).map(|((place, size), range)| {
        if *range == NOTHING {
            return 0;
        }
        let (low, more) = *range;
        let later = up_to[(low + more) as usize + 1] - up_to[place + 1];
        size * size.saturating_sub(1) / 2 + size * later
    });
    each.sum()
}

/// Counts of a table of bands of space by bands of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Pairs in each band of space and, within it, of time: the true ones.
    pub observed: Vec<u64>,
    /// How many shuffles reach them.
    pub tallies: Vec<Tally>,
}

/// Counts the true pairs and those of every shuffle of the times over the units.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more.
pub(super) fn table(
    pairs: &ClosePairs,
    clock: &Clock,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Table, Gone> {
    if u16::try_from(clock.distinct()).is_ok() {
        counted::<u16>(pairs, clock, draws, watch)
    } else {
        counted::<u32>(pairs, clock, draws, watch)
    }
}

/// A place among the distinct times: as narrow as will do, to have more of them in a vector.
trait Code: Copy + Default + Send + Sync {
    fn new(place: u32) -> Self;
    fn place(self) -> usize;
    fn within(self, low: Self, more: Self) -> u16;
}

impl Code for u16 {
    fn new(place: u32) -> Self {
        // Of NOTHING the largest: 65 535 is no place of at most 65 535 times.
        place.min(u32::from(Self::MAX)) as Self
    }

    fn place(self) -> usize {
        self.into()
    }

    #[inline]
    fn within(self, low: Self, more: Self) -> u16 {
        u16::from(self.wrapping_sub(low) <= more)
    }
}

impl Code for u32 {
    fn new(place: u32) -> Self {
        place
    }

    fn place(self) -> usize {
        self as usize
    }

    #[inline]
    fn within(self, low: Self, more: Self) -> u16 {
        u16::from(self.wrapping_sub(low) <= more)
    }
}

fn counted<C: Code>(
    pairs: &ClosePairs,
    clock: &Clock,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Table, Gone> {
    let narrow = |table: &Vec<(u32, u32)>| -> Vec<(C, C)> {
        table.iter().map(|(low, more)| (C::new(*low), C::new(*more))).collect()
    };
    let within: Vec<Vec<(C, C)>> = clock.within.iter().map(narrow).collect();
    let codes: Vec<C> = clock.codes.iter().map(|code| C::new(*code)).collect();
    let cells = pairs.bands.len() * clock.bands();

    let true_times: Vec<[C; LANES]> =
        pairs.order.iter().map(|unit| [codes[*unit as usize]; LANES]).collect();
    let observed: Vec<u64> =
        lanes(pairs, &within, &true_times).into_iter().map(|counts| counts[0]).collect();

    let streams = draws.streams();
    let (permutations, blocks) =
        (draws.permutations, (draws.permutations as usize).div_ceil(LANES));
    let done = AtomicU64::new(0);
    let block = |scratch: &mut (Vec<C>, Vec<[C; LANES]>), block: usize| {
        watch.go_on()?;
        let (shuffled, side_by_side) = scratch;
        let first = block * LANES;
        let used = LANES.min(permutations as usize - first);
        for lane in 0..used {
            shuffled.copy_from_slice(&codes);
            streams.stream((first + lane) as u64).shuffle(shuffled);
            for (row, unit) in side_by_side.iter_mut().zip(&pairs.order) {
                row[lane] = shuffled[*unit as usize];
            }
        }
        let counts = lanes(pairs, &within, side_by_side);
        let reached = counts.iter().zip(&observed).map(|(counts, observed)| {
            let of = |test: &dyn Fn(u64) -> bool| {
                counts[..used].iter().filter(|count| test(**count)).count() as u32
            };
            (of(&|count| count >= *observed), of(&|count| count <= *observed))
        });
        let reached: Vec<(u32, u32)> = reached.collect();
        let before = done.fetch_add(used as u64, Ordering::Relaxed);
        watch.tell(before + used as u64, permutations.into());
        Ok(reached)
    };
    let scratch = || (codes.clone(), vec![[C::default(); LANES]; codes.len()]);
    let sum = (0..blocks).into_par_iter().map_init(scratch, block).try_reduce(
        || vec![(0, 0); cells],
        |mut a, b| {
            for (a, b) in a.iter_mut().zip(b) {
                *a = (a.0 + b.0, a.1 + b.1);
            }
            Ok(a)
        },
    )?;
    let tallies = sum.into_iter().map(|(ge, le)| Tally { permutations, ge, le }).collect();
    Ok(Table { observed, tallies })
}

/// For each band of space, and within it of time, the pairs of every lane. `places` has a row a
/// spot.
fn lanes<C: Code>(
    pairs: &ClosePairs,
    within: &[Vec<(C, C)>],
    places: &[[C; LANES]],
) -> Vec<[u64; LANES]> {
    let mut cells = Vec::with_capacity(pairs.bands.len() * within.len());
    for rows in &pairs.bands {
        let mut nearer = None;
        for table in within {
            let counts = closer(rows, table, places);
            if let Some(nearer) = nearer.replace(counts) {
                cells.push(std::array::from_fn(|lane| counts[lane] - nearer[lane]));
            }
        }
    }
    cells
}

/// How many pairs of `rows` lie within the ranges of `table`, by lane.
fn closer<C: Code>(rows: &Rows, table: &[(C, C)], places: &[[C; LANES]]) -> [u64; LANES] {
    let mut counts = [0; LANES];
    for (spot, own) in places.iter().enumerate() {
        let others = rows.of(spot);
        if others.is_empty() {
            continue;
        }
        let range = own.map(|place| table[place.place()]);
        let (low, more) = (range.map(|it| it.0), range.map(|it| it.1));
        // So many that no lane of 16 bits runs over.
        for others in others.chunks(usize::from(u16::MAX)) {
            let found = row(others, places, &low, &more);
            for (count, found) in counts.iter_mut().zip(found) {
                *count += u64::from(found);
            }
        }
    }
    counts
}

/// How many of `others` lie within each lane's range.
#[inline]
fn row<C: Code>(
    others: &[u32],
    places: &[[C; LANES]],
    low: &[C; LANES],
    more: &[C; LANES],
) -> [u16; LANES] {
    let mut counts = [0; LANES];
    for other in others {
        let there = &places[*other as usize];
        for (((count, place), low), more) in counts.iter_mut().zip(there).zip(low).zip(more) {
            *count += place.within(*low, *more);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_knows_what_lies_within_its_limits() {
        // Times 1 1 2 4 7; within 2: (1,1) (1,2)×2 (2,4); below 2: (1,1) (1,2)×2.
        let times = [4.0, 1.0, 7.0, 1.0, 2.0];
        let closed = Clock::new(&times, &Bands::UpTo(2.0));
        assert_eq!(closed.near, [4]);
        assert_eq!(closed.codes, [2, 0, 3, 0, 1]);
        assert_eq!(closed.within[1], [(0, 1), (0, 2), (1, 1), (3, 0)]);
        let open = Clock::new(&times, &Bands::Between(vec![0.0, 2.0, 3.0, 100.0]));
        assert_eq!(open.near, [3, 1, 6]);
        let same = Clock::new(&times, &Bands::UpTo(0.0));
        assert_eq!(same.near, [1]);
    }

    #[test]
    fn narrow_and_wide_places_count_the_same() {
        use geo_types::Coord;

        use crate::analysis::{geometry::close_pairs::close_pairs, watch::Nobody};

        let mut stream = Draws { permutations: 0, seed: 3, analysis: "places" }.streams().stream(0);
        let points: Vec<Coord<f64>> =
            (0..80).map(|_| Coord { x: stream.unit(), y: stream.unit() }).collect();
        let times: Vec<f64> = (0..80).map(|_| f64::from(stream.below(30))).collect();
        let pairs = close_pairs(&points, &Bands::Between(vec![0.0, 0.1, 0.3])).unwrap();
        let clock = Clock::new(&times, &Bands::Between(vec![1.0, 4.0, 9.0]));
        let draws = Draws { permutations: 50, seed: 1, analysis: "test" };
        let narrow = counted::<u16>(&pairs, &clock, draws, &Nobody).unwrap();
        assert_eq!(narrow, counted::<u32>(&pairs, &clock, draws, &Nobody).unwrap());

        // Slow and obvious.
        let streams = draws.streams();
        let mut places: Vec<u32> = (0..80).collect();
        let table = |times: &[f64]| {
            let mut counts = vec![0; 4];
            for (b, q) in points.iter().enumerate() {
                for (a, p) in points[..b].iter().enumerate() {
                    let (d, t) = ((p.x - q.x).hypot(p.y - q.y), (times[a] - times[b]).abs());
                    if d < 0.3 && (1.0..9.0).contains(&t) {
                        counts[2 * usize::from(d >= 0.1) + usize::from(t >= 4.0)] += 1;
                    }
                }
            }
            counts
        };
        assert_eq!(narrow.observed, table(&times));
        let mut tallies = vec![(0, 0); 4];
        for number in 0..50 {
            places.sort_unstable();
            streams.stream(number).shuffle(&mut places);
            let shuffled: Vec<f64> = places.iter().map(|place| times[*place as usize]).collect();
            for ((tally, count), observed) in
                tallies.iter_mut().zip(table(&shuffled)).zip(&narrow.observed)
            {
                tally.0 += u32::from(count >= *observed);
                tally.1 += u32::from(count <= *observed);
            }
        }
        let ours: Vec<(u32, u32)> = narrow.tallies.iter().map(|t| (t.ge, t.le)).collect();
        assert_eq!(ours, tallies);
    }

    #[test]
    fn work_for_nobody_stops() {
        use crate::analysis::geometry::close_pairs::close_pairs;

        struct Away;
        impl Watch for Away {
            fn tell(&self, _done: u64, _of: u64) {}
            fn gone(&self) -> bool {
                true
            }
        }
        let pairs = close_pairs(&[], &Bands::UpTo(1.0)).unwrap();
        let draws = Draws { permutations: 50, seed: 1, analysis: "test" };
        let clock = Clock::new(&[], &Bands::UpTo(1.0));
        assert_eq!(table(&pairs, &clock, draws, &Away), Err(Gone));
    }
}
