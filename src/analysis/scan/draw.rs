//! Maps by chance, each conditional on the number of cases.
//!
//! Poisson: every case falls into a cell with the cell's share of what is expected (multinomial),
//! by Walker's alias method as in Vose (1991), two numbers a case. Bernoulli: the cases are drawn
//! from all people without return (hypergeometric). Permutation: the times of all cases are
//! shuffled over them.

use super::{
    data::Data,
    question::{Model, Question},
};
use crate::analysis::chance::draws::Stream;

/// How maps are drawn.
#[derive(Debug)]
pub enum Chance {
    /// The columns of the alias table: keep the cell below this part, else take the other.
    Poisson { cases: u32, columns: Vec<(f64, u32)> },
    /// The first person after each cell, ascending; where more than half are cases, controls are
    /// drawn instead.
    Bernoulli { ends: Vec<u32>, drawn: u32, cases: Option<Vec<u32>> },
    /// The period of every case, in the order of places, and the first case after each place.
    Permutation { times: Vec<u32>, ends: Vec<u32>, periods: usize },
}

/// What a thread keeps between two maps.
#[derive(Debug, Default)]
pub struct Scratch {
    taken: Vec<u64>,
    people: Vec<u32>,
    times: Vec<u32>,
}

impl Chance {
    pub fn of(question: &Question<'_>, data: &Data) -> Self {
        match question.model {
            Model::Poisson { .. } => {
                Self::Poisson { cases: data.ratio.cases(), columns: columns(&data.measure) }
            }
            Model::Bernoulli { .. } => {
                let people = running(data.measure.iter().map(|people| *people as u32));
                let (all, cases) = (data.ratio.total() as u32, data.ratio.cases());
                if cases <= all - cases {
                    Self::Bernoulli { ends: people, drawn: cases, cases: None }
                } else {
                    let both = data.measure.iter().map(|people| *people as u32).collect();
                    Self::Bernoulli { ends: people, drawn: all - cases, cases: Some(both) }
                }
            }
            Model::SpaceTimePermutation => {
                let periods = data.periods;
                let cells = data.cases.iter().enumerate();
                let times = cells
                    .flat_map(|(cell, count)| {
                        std::iter::repeat_n((cell % periods) as u32, *count as usize)
                    })
                    .collect();
                let ends = running(data.cases.chunks(periods).map(|cells| cells.iter().sum()));
                Self::Permutation { times, ends, periods }
            }
        }
    }

    /// One map: `add(cell, cases)` is called with numbers to be added, at times below 0.
    pub fn draw(
        &self,
        random: &mut Stream,
        scratch: &mut Scratch,
        mut add: impl FnMut(usize, i32),
    ) {
        match self {
            Self::Poisson { cases, columns } => {
                let wide = columns.len() as f64;
                for _ in 0..*cases {
                    let at = random.unit() * wide;
                    let column = (at as usize).min(columns.len() - 1);
                    let (part, other) = columns[column];
                    add(if at - (column as f64) < part { column } else { other as usize }, 1);
                }
            }
            Self::Bernoulli { ends, drawn, cases } => {
                let people = ends.last().copied().unwrap_or(0);
                scratch.taken.resize((people as usize).div_ceil(64), 0);
                for (cell, count) in cases.iter().flatten().enumerate() {
                    add(cell, count.cast_signed());
                }
                let step = if cases.is_some() { -1 } else { 1 };
                while scratch.people.len() < *drawn as usize {
                    let person = random.below(people);
                    let (word, bit) = (person as usize / 64, 1 << (person % 64));
                    if scratch.taken[word] & bit == 0 {
                        scratch.taken[word] |= bit;
                        scratch.people.push(person);
                        add(ends.partition_point(|end| *end <= person), step);
                    }
                }
                for person in scratch.people.drain(..) {
                    scratch.taken[person as usize / 64] = 0;
                }
            }
            Self::Permutation { times, ends, periods } => {
                scratch.times.clone_from(times);
                random.shuffle(&mut scratch.times);
                let mut start = 0;
                for (place, end) in ends.iter().enumerate() {
                    for time in &scratch.times[start..*end as usize] {
                        add(place * periods + *time as usize, 1);
                    }
                    start = *end as usize;
                }
            }
        }
    }
}

/// Running totals.
fn running(counts: impl Iterator<Item = u32>) -> Vec<u32> {
    let add = |sum: &mut u32, count| {
        *sum += count;
        Some(*sum)
    };
    counts.scan(0, add).collect()
}

/// The alias table of cells in proportion to `shares`, which are 0 or more and not all 0.
fn columns(shares: &[f64]) -> Vec<(f64, u32)> {
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let mut left: Vec<f64> = shares.iter().map(|share| share / mean).collect();
    let mut columns: Vec<(f64, u32)> = (0..shares.len() as u32).map(|cell| (1.0, cell)).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) =
        (0..shares.len()).partition(|cell| left[*cell] < 1.0);
    while let (Some(less), Some(more)) = (small.pop(), large.last().copied()) {
        columns[less] = (left[less], more as u32);
        left[more] -= 1.0 - left[less];
        if left[more] < 1.0 {
            large.pop();
            small.push(more);
        }
    }
    // What is left over is 1 but for rounding. A cell of no share at all is never left over while
    // there are larger ones; should rounding have it so, the largest cell takes its place.
    let greatest = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap_or(0);
    for (cell, share) in shares.iter().enumerate() {
        if *share <= 0.0 && columns[cell].1 == cell as u32 {
            columns[cell] = (0.0, greatest as u32);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::chance::draws::Draws;

    const DRAWS: Draws<'_> = Draws { permutations: 1, seed: 11, analysis: "test" };

    fn mean_and_variance(
        chance: &Chance,
        cells: usize,
        maps: u64,
    ) -> (Vec<f64>, Vec<f64>, Vec<i32>) {
        let (streams, mut scratch) = (DRAWS.streams(), Scratch::default());
        let (mut sums, mut squares) = (vec![0.0; cells], vec![0.0; cells]);
        let mut totals = Vec::new();
        for number in 0..maps {
            let mut map = vec![0_i32; cells];
            chance.draw(&mut streams.stream(number), &mut scratch, |cell, by| map[cell] += by);
            for (cell, count) in map.iter().enumerate() {
                assert!(*count >= 0);
                sums[cell] += f64::from(*count);
                squares[cell] += f64::from(count * count);
            }
            totals.push(map.iter().sum());
        }
        let maps = maps as f64;
        let means: Vec<f64> = sums.iter().map(|sum| sum / maps).collect();
        let spread = squares.iter().zip(&means).map(|(sq, m)| sq / maps - m * m).collect();
        (means, spread, totals)
    }

    #[test]
    fn cases_fall_in_proportion() {
        let shares = [0.0, 1.0, 5.0, 0.5, 3.5];
        let chance = Chance::Poisson { cases: 20, columns: columns(&shares) };
        let (means, spread, totals) = mean_and_variance(&chance, 5, 20_000);
        assert!(totals.iter().all(|total| *total == 20));
        for (cell, share) in shares.iter().enumerate() {
            let p = share / 10.0;
            assert!((means[cell] - 20.0 * p).abs() < 0.08, "{cell} {means:?}");
            assert!((spread[cell] - 20.0 * p * (1.0 - p)).abs() < 0.25, "{cell} {spread:?}");
        }
        assert_eq!(means[0], 0.0);
    }

    #[test]
    fn people_are_drawn_without_return_whether_cases_or_controls_are_fewer() {
        for cases in [4_u32, 8] {
            let people = [3.0, 0.0, 7.0, 2.0];
            let ends = running(people.iter().map(|p| *p as u32));
            let rare = cases <= 6;
            let chance = Chance::Bernoulli {
                ends,
                drawn: if rare { cases } else { 12 - cases },
                cases: (!rare).then(|| people.iter().map(|p| *p as u32).collect()),
            };
            let (means, spread, totals) = mean_and_variance(&chance, 4, 20_000);
            assert!(totals.iter().all(|total| *total == cases.cast_signed()));
            let p = f64::from(cases) / 12.0;
            for (cell, n) in people.iter().enumerate() {
                assert!((means[cell] - n * p).abs() < 0.05, "{cell} {means:?}");
                let variance = n * p * (1.0 - p) * (12.0 - n) / 11.0;
                assert!((spread[cell] - variance).abs() < 0.06, "{cell} {spread:?}");
            }
        }
    }

    #[test]
    fn shuffled_times_keep_places_and_periods() {
        let chance =
            Chance::Permutation { times: vec![0, 0, 1, 2, 1], ends: vec![2, 2, 5], periods: 3 };
        let mut scratch = Scratch::default();
        for number in 0..50 {
            let mut map = [0_i32; 9];
            let mut random = DRAWS.streams().stream(number);
            chance.draw(&mut random, &mut scratch, |cell, by| map[cell] += by);
            let places: Vec<i32> = map.chunks(3).map(|cells| cells.iter().sum()).collect();
            let periods: Vec<i32> = (0..3).map(|t| map[t] + map[3 + t] + map[6 + t]).collect();
            assert_eq!((places, periods), (vec![2, 0, 3], vec![2, 2, 1]));
        }
    }
}
