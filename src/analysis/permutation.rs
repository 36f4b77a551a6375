//! Could chance have done it? Counts of shuffled maps that hold as much, or as little, around a
//! unit as the real one does.
//!
//! Two nulls (METHODS §1). *Total*: the k + 1 values of a neighbourhood and its own unit are drawn
//! from all n; that is the null which the z of Gi* has. *Conditional*: the unit keeps its own
//! value and its k neighbours are drawn from the other n − 1 (esda, GeoDa, spdep).
//!
//! Shared draws (METHODS §10.1): a sum of equal weights depends on the unit only through its
//! number of neighbours and, under the conditional null, through its own place in the draw. So one
//! draw a permutation serves every unit: prefix sums for each k, sorted once over the
//! permutations; a unit's counts are two binary searches and, under the conditional null, a
//! correction in the few permutations that drew the unit itself. As in all the peers' look-ups,
//! the tests of different units share draws; each is exact.
//!
//! Permutation number r draws from the ChaCha8 stream r of a key made of seed and analysis id:
//! the answer depends on no thread, no chunk, and no order in which permutations run.

use rayon::prelude::*;

use super::{
    draws::{Draws, Streams},
    tally::{TIE, Tally},
    weights::Neighbours,
};

/// What is shuffled, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    /// The whole neighbourhood with its unit is drawn from all units.
    Total,
    /// The unit stays, its neighbours are drawn from the others.
    Conditional,
}

/// For every unit, how many shuffled maps reach its neighbourhood's sum; ties count on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How many shuffled maps there were.
    pub permutations: u32,
    /// Those with a sum as great or greater.
    pub ge: Vec<u32>,
    /// Those with a sum as small or smaller.
    pub le: Vec<u32>,
}

impl Counts {
    /// The counts of one unit.
    pub fn tally(&self, place: usize) -> Tally {
        Tally { permutations: self.permutations, ge: self.ge[place], le: self.le[place] }
    }

    /// The p of many, see [`Tally::upper`].
    pub fn upper(&self, place: usize) -> f64 {
        self.tally(place).upper()
    }

    /// The p of few, see [`Tally::lower`].
    pub fn lower(&self, place: usize) -> f64 {
        self.tally(place).lower()
    }

    /// The p of either, see [`Tally::two_sided`].
    pub fn two_sided(&self, place: usize) -> f64 {
        self.tally(place).two_sided()
    }
}

/// Counts for the neighbourhood sums of every unit. Under [`Null::Total`] the unit counts in its
/// own sum (Gi*); under [`Null::Conditional`] it makes no difference, so the counts serve Gi and
/// Gi* alike. `values` are finite, sorted by a stable id of their units: the draws are of places.
///
/// Cost: R (k_max + 1) draws, a sort of R sums for each number of neighbours, n log R searches,
/// and under the conditional null about R k_max corrections. Memory: 8 R bytes for each distinct
/// number of neighbours.
///
/// # Panics
///
/// Where `values` and `weights` differ in number.
pub fn counts(values: &[f64], weights: &Neighbours, null: Null, draws: Draws<'_>) -> Counts {
    assert_eq!(values.len(), weights.len(), "one list of neighbours a value");
    let permutations = draws.permutations;
    let n = values.len();
    if n == 0 {
        return Counts { permutations, ge: Vec::new(), le: Vec::new() };
    }
    let own = usize::from(null == Null::Total);
    // The numbers of values in a sum that occur, ascending.
    let mut depths: Vec<usize> = (0..n).map(|place| weights.count(place) + own).collect();
    depths.sort_unstable();
    depths.dedup();
    let deepest = depths.last().copied().unwrap_or(0);
    // Under the conditional null one more than the greatest sum: the spare for a unit that drew
    // itself. (A unit has at most n − 1 neighbours, so that there are enough.)
    let drawn = deepest + usize::from(null == Null::Conditional);

    let shuffled = Shuffled::draw(values, depths, drawn, null, draws);
    let answer = |place: usize| -> (u32, u32) {
        let near = weights.of(place);
        let of_near = near.iter().map(|j| values[*j as usize]);
        match null {
            Null::Total => {
                let observed = Observed::of(of_near.chain([values[place]]));
                shuffled.count(near.len() + 1, observed)
            }
            Null::Conditional => {
                let observed = Observed::of(of_near);
                let (ge, le) = shuffled.count(near.len(), observed);
                shuffled.without(place, values, near.len(), observed, ge, le)
            }
        }
    };
    let (ge, le) = (0..n).into_par_iter().with_min_len(1024).map(answer).unzip();
    Counts { permutations, ge, le }
}

/// The observed sum with its two edges of equality.
#[derive(Clone, Copy)]
struct Observed {
    low: f64,
    high: f64,
}

impl Observed {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (sum, scale) = values.fold((0.0, 0.0), |(sum, scale), x| (sum + x, scale + x.abs()));
        Self { low: sum - TIE * scale, high: sum + TIE * scale }
    }

    fn reached_by(self, drawn: f64) -> bool {
        drawn >= self.low
    }

    fn not_passed_by(self, drawn: f64) -> bool {
        drawn <= self.high
    }
}

/// The sums of one depth over all permutations: distinct, ascending, each with how many lie
/// below it. Sparse maps have few distinct sums.
struct Sorted {
    sums: Vec<f64>,
    below: Vec<u32>,
}

impl Sorted {
    fn of(mut all: Vec<f64>) -> Self {
        all.sort_unstable_by(f64::total_cmp);
        let (mut sums, mut below) = (Vec::new(), Vec::new());
        for (place, sum) in all.iter().enumerate() {
            if sums.last() != Some(sum) {
                sums.push(*sum);
                below.push(place as u32);
            }
        }
        below.push(all.len() as u32);
        Self { sums, below }
    }

    fn count(&self, observed: Observed) -> (u32, u32) {
        let all = self.below[self.sums.len()];
        let less = self.sums.partition_point(|sum| !observed.reached_by(*sum));
        let not_more = self.sums.partition_point(|sum| observed.not_passed_by(*sum));
        (all - self.below[less], self.below[not_more])
    }
}

/// All the shuffled maps, as far as anybody looks at them.
struct Shuffled {
    /// Numbers of values in a sum, ascending, each with its sums.
    depths: Vec<usize>,
    sorted: Vec<Sorted>,
    /// Conditional null only: the units drawn, `width` a permutation,
    width: usize,
    drawn: Vec<u32>,
    /// and where in `drawn` each unit occurs: `starts[unit]..starts[unit + 1]` of `meetings`.
    starts: Vec<u64>,
    meetings: Vec<u64>,
}

/// Permutations that one thread takes at a time.
const CHUNK: usize = 2048;

impl Shuffled {
    fn draw(
        values: &[f64],
        depths: Vec<usize>,
        width: usize,
        null: Null,
        draws: Draws<'_>,
    ) -> Self {
        let (n, count, wide) = (values.len(), draws.permutations as usize, depths.len());
        let streams = draws.streams();
        let keep = if null == Null::Conditional { width } else { 0 };
        let mut sums = vec![0.0; count * wide];
        let mut drawn = vec![0_u32; count * keep];
        let one = |pool: &mut Pool, number: usize, sums: &mut [f64], kept: &mut [u32]| {
            shuffle(&streams, number as u64, pool, width);
            kept.copy_from_slice(&pool.units[..kept.len()]);
            let (mut sum, mut depth) = (0.0, 0);
            for (place, unit) in
                std::iter::once(None).chain(pool.units[..width].iter().map(Some)).enumerate()
            {
                sum += unit.map_or(0.0, |unit| values[*unit as usize]);
                if depths.get(depth) == Some(&place) {
                    sums[depth] = sum;
                    depth += 1;
                }
            }
            pool.restore(width);
        };
        // An empty slice cannot be cut into chunks of nothing, hence `keep` apart.
        let sums_by_chunk = sums.par_chunks_mut((CHUNK * wide).max(1));
        let drawn_by_chunk: Vec<&mut [u32]> = if keep == 0 {
            (0..count.div_ceil(CHUNK)).map(|_| Default::default()).collect()
        } else {
            drawn.chunks_mut(CHUNK * keep).collect()
        };
        sums_by_chunk.zip(drawn_by_chunk).enumerate().for_each_init(
            || Pool::new(n),
            |pool, (chunk, (sums, drawn))| {
                for (place, sums) in sums.chunks_mut(wide).enumerate() {
                    let kept = &mut drawn[place * keep..(place + 1) * keep];
                    one(pool, chunk * CHUNK + place, sums, kept);
                }
            },
        );
        let sorted = (0..wide)
            .into_par_iter()
            .map(|depth| Sorted::of(sums.iter().skip(depth).step_by(wide).copied().collect()))
            .collect();
        let (starts, meetings) =
            if keep == 0 { (Vec::new(), Vec::new()) } else { index(n, &drawn) };
        Self { depths, sorted, width, drawn, starts, meetings }
    }

    /// How many permutations reach, and how many do not pass, the observed sum of `depth` values.
    fn count(&self, depth: usize, observed: Observed) -> (u32, u32) {
        match self.depths.binary_search(&depth) {
            Ok(place) => self.sorted[place].count(observed),
            Err(_) => (0, 0),
        }
    }

    /// Puts right the counts of a unit that was drawn as its own neighbour: in these permutations
    /// the next unit drawn comes in its place. Sums anew, so that no large value leaves its
    /// rounding behind.
    fn without(
        &self,
        unit: usize,
        values: &[f64],
        depth: usize,
        observed: Observed,
        mut ge: u32,
        mut le: u32,
    ) -> (u32, u32) {
        for meeting in &self.meetings[self.starts[unit] as usize..self.starts[unit + 1] as usize] {
            let (number, place) = (*meeting as usize / self.width, *meeting as usize % self.width);
            if place >= depth {
                continue; // drawn after this unit's neighbours
            }
            let row = &self.drawn[number * self.width..][..=depth];
            let with: f64 = row[..depth].iter().map(|j| values[*j as usize]).sum();
            let others = row.iter().filter(|j| **j as usize != unit);
            let without: f64 = others.map(|j| values[*j as usize]).sum();
            ge -= u32::from(observed.reached_by(with));
            le -= u32::from(observed.not_passed_by(with));
            ge += u32::from(observed.reached_by(without));
            le += u32::from(observed.not_passed_by(without));
        }
        (ge, le)
    }
}

/// Where each of `n` units occurs in `drawn`: a counting sort.
fn index(n: usize, drawn: &[u32]) -> (Vec<u64>, Vec<u64>) {
    let mut starts = vec![0_u64; n + 1];
    for unit in drawn {
        starts[*unit as usize + 1] += 1;
    }
    for unit in 0..n {
        starts[unit + 1] += starts[unit];
    }
    let mut next = starts.clone();
    let mut meetings = vec![0_u64; drawn.len()];
    for (place, unit) in drawn.iter().enumerate() {
        let next = &mut next[*unit as usize];
        meetings[*next as usize] = place as u64;
        *next += 1;
    }
    (starts, meetings)
}

/// Units in their order, and what a shuffle has moved.
struct Pool {
    units: Vec<u32>,
    moved: Vec<u32>,
}

impl Pool {
    fn new(n: usize) -> Self {
        Self { units: (0..n as u32).collect(), moved: Vec::new() }
    }

    fn restore(&mut self, width: usize) {
        for unit in self.moved.drain(..).chain(0..width as u32) {
            self.units[unit as usize] = unit;
        }
    }
}

/// The first `width` units of permutation `number` (Fisher and Yates), in `pool.units`.
fn shuffle(streams: &Streams, number: u64, pool: &mut Pool, width: usize) {
    let mut stream = streams.stream(number);
    let n = pool.units.len() as u32;
    for place in 0..width as u32 {
        let other = place + stream.below(n - place);
        pool.units.swap(place as usize, other as usize);
        pool.moved.push(other);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const DRAWS: Draws<'_> = Draws { permutations: 60, seed: 7, analysis: "test" };

    /// Slow and obvious: for every unit, every shuffled map from the start.
    fn slowly(values: &[f64], weights: &Neighbours, null: Null, draws: Draws<'_>) -> Counts {
        let streams = draws.streams();
        let n = values.len();
        let (mut ge, mut le) = (vec![0; n], vec![0; n]);
        for number in 0..u64::from(draws.permutations) {
            let mut pool = Pool::new(n);
            shuffle(&streams, number, &mut pool, n);
            for unit in 0..n {
                let k = weights.count(unit);
                let near = weights.of(unit).iter().map(|j| values[*j as usize]);
                let (observed, drawn): (Vec<f64>, Vec<u32>) = match null {
                    Null::Total => {
                        (near.chain([values[unit]]).collect(), pool.units[..=k].to_vec())
                    }
                    Null::Conditional => {
                        let others = pool.units.iter().filter(|j| **j as usize != unit);
                        (near.collect(), others.take(k).copied().collect())
                    }
                };
                let sim: f64 = drawn.iter().map(|j| values[*j as usize]).sum();
                let obs: f64 = observed.iter().sum();
                let tie = TIE * observed.iter().map(|x| x.abs()).sum::<f64>();
                ge[unit] += u32::from(sim >= obs - tie);
                le[unit] += u32::from(sim <= obs + tie);
            }
        }
        Counts { permutations: draws.permutations, ge, le }
    }

    fn links(n: usize) -> impl Strategy<Value = Neighbours> {
        vec((0..n, 0..n), 0..3 * n).prop_map(move |pairs| Neighbours::from_pairs(n, pairs))
    }

    fn map() -> impl Strategy<Value = (Vec<f64>, Neighbours)> {
        (1_usize..14).prop_flat_map(|n| {
            let sparse = prop_oneof![Just(0.0), Just(0.0), Just(1.0), 0.1..2000.0_f64];
            (vec(sparse, n), links(n))
        })
    }

    proptest! {
        /// The shared draws are only a short cut: they must count what the slow loop counts.
        #[test]
        fn shared_draws_count_what_the_slow_loop_counts((values, weights) in map()) {
            for null in [Null::Total, Null::Conditional] {
                prop_assert_eq!(
                    counts(&values, &weights, null, DRAWS),
                    slowly(&values, &weights, null, DRAWS)
                );
            }
        }

        #[test]
        fn scaling_changes_no_count((values, weights) in map(), twos in -8_i32..8) {
            // By powers of two, so that nothing is rounded anew.
            let scaled: Vec<f64> = values.iter().map(|x| x * 2f64.powi(twos)).collect();
            for null in [Null::Total, Null::Conditional] {
                prop_assert_eq!(
                    counts(&values, &weights, null, DRAWS),
                    counts(&scaled, &weights, null, DRAWS)
                );
            }
        }
    }

    #[test]
    fn threads_decide_nothing() {
        let n = 3000;
        let values: Vec<f64> = (0..n).map(|i| f64::from(i % 7 == 0) * f64::from(i % 11)).collect();
        let weights = Neighbours::from_pairs(n as usize, (1..n as usize).map(|i| (i - 1, i)));
        let draws = Draws { permutations: 5000, ..DRAWS };
        let on = |threads| {
            let crew = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            crew.install(|| counts(&values, &weights, Null::Conditional, draws))
        };
        assert_eq!(on(1), on(3));
        let other = Draws { analysis: "another", ..draws };
        assert_ne!(on(1), counts(&values, &weights, Null::Conditional, other));
    }

    /// On a tiny map every shuffle can be listed: the p of many random ones must be near it.
    #[test]
    fn chance_is_what_listing_every_shuffle_says() {
        let values = [3.0, 0.0, 1.0, 1.0, 0.0, 5.0];
        let weights = Neighbours::from_pairs(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 3)]);
        let draws = Draws { permutations: 40_000, ..DRAWS };
        for null in [Null::Total, Null::Conditional] {
            let counts = counts(&values, &weights, null, draws);
            for unit in 0..6 {
                let k = weights.count(unit);
                let near: f64 = weights.of(unit).iter().map(|j| values[*j as usize]).sum();
                let (pool, size, obs) = match null {
                    Null::Total => ((0..6).collect::<Vec<_>>(), k + 1, near + values[unit]),
                    Null::Conditional => ((0..6).filter(|j| *j != unit).collect(), k, near),
                };
                let (mut all, mut ge, mut le) = (0_u32, 0_u32, 0_u32);
                for subset in (0_u32..1 << pool.len()).filter(|s| s.count_ones() == size as u32) {
                    let chosen = pool.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
                    let sim: f64 = chosen.map(|(_, j)| values[*j]).sum();
                    all += 1;
                    ge += u32::from(sim >= obs);
                    le += u32::from(sim <= obs);
                }
                for (exact, ours) in [(ge, counts.upper(unit)), (le, counts.lower(unit))] {
                    let p = f64::from(exact) / f64::from(all);
                    let spread = (p * (1.0 - p) / f64::from(draws.permutations)).sqrt();
                    assert!((p - ours).abs() <= 5.0 * spread + 1e-4, "{null:?} {unit}: {p} {ours}");
                }
            }
        }
    }

    #[test]
    fn a_constant_map_finds_nothing() {
        let weights = Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)]);
        for null in [Null::Total, Null::Conditional] {
            let counts = counts(&[0.3; 4], &weights, null, DRAWS);
            for unit in 0..4 {
                assert_eq!((counts.upper(unit), counts.lower(unit)), (1.0, 1.0));
                assert_eq!(counts.two_sided(unit), 1.0);
            }
        }
        let nobody = counts(&[], &Neighbours::default(), Null::Total, DRAWS);
        assert!(nobody.ge.is_empty());
        let alone = counts(&[1.0], &Neighbours::from_pairs(1, []), Null::Conditional, DRAWS);
        assert_eq!(alone.upper(0), 1.0);
    }
}
