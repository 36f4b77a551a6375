//! The bins of a cube of places by seasons: the Gi* of each, and its shuffles.
//!
//! A neighbourhood is the place and its ring, this season and some seasons back. Sums over rings
//! are made once and added over seasons back.

use super::emerging_class::State;
use crate::analysis::{
    chance::{
        draws::Draws,
        permutation::{Null, Statistic, watched_counts},
        tally::{TIE, Tally},
    },
    local::getis_ord::{NoZ, TOO_FEW},
    watch::{Gone, Watch},
    weights::Neighbours,
};

/// The bins with which a bin is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reference {
    /// All of the cube: a good year for poppy makes many places hot.
    #[default]
    Cube,
    /// Those of its season: where plots crowd, whatever the year. Seasons back do not count.
    Season,
    /// Those of its season and of the seasons back from which it takes its neighbours.
    Window,
}

impl Reference {
    /// Every reference.
    pub const ALL: [Self; 3] = [Self::Cube, Self::Season, Self::Window];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cube => "cube",
            Self::Season => "season",
            Self::Window => "window",
        }
    }

    /// The reference of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reference| reference.word() == word)
    }
}

/// How the cube is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Who is next to whom on the ground, the place itself not among them.
    pub neighbours: &'a Neighbours,
    /// How many seasons back belong to a neighbourhood.
    pub back: usize,
    /// With what a bin is compared.
    pub reference: Reference,
    /// The false-discovery rate at which a bin is hot or cold.
    pub bin_alpha: f64,
    /// The p below which there is a trend.
    pub trend_alpha: f64,
    /// The shuffles.
    pub draws: Draws<'a>,
}

impl<'a> Question<'a> {
    /// The usual question: one season back, the whole cube, 90 % for bins and trends.
    pub const fn usual(neighbours: &'a Neighbours, draws: Draws<'a>) -> Self {
        Self {
            neighbours,
            back: 1,
            reference: Reference::Cube,
            bin_alpha: 0.10,
            trend_alpha: 0.10,
            draws,
        }
    }
}

/// One surveyed place in one season.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Its own value.
    pub value: f64,
    /// Sum over its neighbourhood, itself included.
    pub sum: f64,
    /// Surveyed bins in its neighbourhood, itself included.
    pub count: u32,
    /// The z of Gi*, or why there is none: then it is not tested.
    pub z: Result<f64, NoZ>,
    /// Shuffles that reach its sum.
    pub tally: Tally,
    /// The two-sided p of the tally.
    pub p: f64,
    /// p adjusted over all tested bins of the cube; 1 where it is not tested.
    pub q: f64,
    /// Hot, cold or neither at the rate asked for.
    pub state: State,
}

pub(super) type Bins = Vec<Vec<Option<Bin>>>;

/// The bins of a cube, each compared with those that the question refers to; p is not yet
/// adjusted. Seasons and values as [`super::emerging::watched_emerging`] takes them.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more.
pub(super) fn compared(
    seasons: &[Vec<Option<f64>>],
    question: &Question<'_>,
    watch: &dyn Watch,
) -> Result<Bins, Gone> {
    match question.reference {
        Reference::Cube => compare(seasons, question, question.back, |_| true, None, watch),
        Reference::Season => by_season(seasons, question, 0, watch),
        Reference::Window => by_season(seasons, question, question.back, watch),
    }
}

/// Each season against its own pool: itself and `back` seasons before it.
fn by_season(
    seasons: &[Vec<Option<f64>>],
    question: &Question<'_>,
    back: usize,
    watch: &dyn Watch,
) -> Result<Bins, Gone> {
    let last_of = |season: usize| {
        let from = season.saturating_sub(back);
        let pool = &seasons[from..=season];
        // Another season, another luck.
        let analysis = format!("{}/{season}", question.draws.analysis);
        let asked = |at: usize| at == season - from;
        let mut bins = compare(pool, question, back, asked, Some(&analysis), watch)?;
        Ok(bins.pop().unwrap_or_default())
    };
    (0..seasons.len()).map(last_of).collect()
}

/// Compares the bins of the `asked` seasons with all of `seasons`; p is not yet adjusted.
fn compare(
    seasons: &[Vec<Option<f64>>],
    question: &Question<'_>,
    back: usize,
    asked: impl Fn(usize) -> bool,
    analysis: Option<&str>,
    watch: &dyn Watch,
) -> Result<Bins, Gone> {
    let whole = Whole::of(seasons);
    let rings: Vec<Vec<Near>> =
        seasons.iter().map(|season| around(season, question.neighbours)).collect();
    let draws = Draws { analysis: analysis.unwrap_or(question.draws.analysis), ..question.draws };
    let links = whole.links(seasons, question.neighbours, back, &asked);
    let shuffled =
        watched_counts(&whole.values, &links, Statistic::GiStar, Null::Total, draws, watch)?;
    let each_season = seasons.iter().enumerate().map(|(season, values)| {
        let each = values.iter().enumerate().map(|(place, value)| {
            let (value, at) = (*value.as_ref()?, whole.at[season][place] as usize);
            if !asked(season) {
                return None;
            }
            let near = rings[season.saturating_sub(back)..=season]
                .iter()
                .fold(Near::default(), |sum, ring| sum.and(ring[place]));
            let z = whole.z(near);
            let tally = shuffled.tally(at);
            let p = if z.is_ok() { tally.two_sided() } else { 1.0 };
            let count = near.count;
            Some(Bin { value, sum: near.sum, count, z, tally, p, q: 1.0, state: State::Plain })
        });
        each.collect()
    });
    Ok(each_season.collect())
}

/// A sum over surveyed bins.
#[derive(Clone, Copy, Default)]
struct Near {
    sum: f64,
    /// The sum of the absolute values: the scale of rounding.
    scale: f64,
    count: u32,
}

impl Near {
    fn with(self, value: f64) -> Self {
        Self { sum: self.sum + value, scale: self.scale + value.abs(), count: self.count + 1 }
    }

    fn and(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            scale: self.scale + other.scale,
            count: self.count + other.count,
        }
    }
}

/// For each place the sum over it and its ring in one season.
fn around(season: &[Option<f64>], neighbours: &Neighbours) -> Vec<Near> {
    let each = |place: usize| {
        let ring = neighbours.of(place).iter().map(|other| season[*other as usize]);
        ring.chain([season[place]]).flatten().fold(Near::default(), Near::with)
    };
    (0..season.len()).map(each).collect()
}

/// The pool with which bins are compared.
struct Whole {
    /// The surveyed values, season after season.
    values: Vec<f64>,
    /// Their places in `values`; [`NOT_SURVEYED`] for the others.
    at: Vec<Vec<u32>>,
    mean: f64,
    deviation: f64,
    constant: bool,
}

const NOT_SURVEYED: u32 = u32::MAX;

impl Whole {
    fn of(seasons: &[Vec<Option<f64>>]) -> Self {
        let mut values = Vec::new();
        let mut number = |value: &Option<f64>| {
            value.map_or(NOT_SURVEYED, |value| {
                values.push(value);
                values.len() as u32 - 1
            })
        };
        let at: Vec<Vec<u32>> =
            seasons.iter().map(|season| season.iter().map(&mut number).collect()).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let constant = most - least <= TIE * most.abs().max(least.abs());
        Self { values, at, mean, deviation: (squares / n).sqrt(), constant }
    }

    /// Gi*: as [`crate::analysis::local::getis_ord::gi_star`], of a sum that is there already.
    fn z(&self, near: Near) -> Result<f64, NoZ> {
        if self.values.len() < TOO_FEW {
            return Err(NoZ::TooFew);
        }
        if self.constant {
            return Err(NoZ::Constant);
        }
        if near.count as usize == self.values.len() {
            return Err(NoZ::Saturated);
        }
        let (n, w) = (self.values.len() as f64, f64::from(near.count));
        let more = near.sum - self.mean * w;
        // What is left of equal numbers by rounding is nothing: it shall make no trend.
        if more.abs() <= TIE * (near.scale + self.mean.abs() * w) {
            return Ok(0.0);
        }
        Ok(more / (self.deviation * ((n * w - w * w) / (n - 1.0)).sqrt()))
    }

    /// For each bin of the pool the other bins of its neighbourhood; none for seasons that are not
    /// asked.
    fn links(
        &self,
        seasons: &[Vec<Option<f64>>],
        neighbours: &Neighbours,
        back: usize,
        asked: &impl Fn(usize) -> bool,
    ) -> Neighbours {
        let mut lists = Vec::with_capacity(self.values.len());
        for (season, values) in seasons.iter().enumerate() {
            let surveyed = values.iter().enumerate().filter(|(_, value)| value.is_some());
            for (place, _) in surveyed {
                if !asked(season) {
                    lists.push(Vec::new());
                    continue;
                }
                let here = neighbours.of(place).iter().copied().chain([place as u32]);
                let near = self.at[season.saturating_sub(back)..=season]
                    .iter()
                    .flat_map(|at| here.clone().map(|other| at[other as usize]))
                    .filter(|at| *at != NOT_SURVEYED);
                lists.push(near.collect());
            }
        }
        Neighbours::from_lists(lists)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{chance::permutation::counts, local::getis_ord::gi_star, watch::Nobody};

    /// Few shuffles.
    pub(in super::super) const FEW: Draws<'_> =
        Draws { permutations: 199, seed: 1, analysis: "test" };

    pub(in super::super) type Seasons = Vec<Vec<Option<f64>>>;

    /// Seven places in a few seasons, some bins not surveyed; and who is next to whom.
    pub(in super::super) fn cubes() -> impl Strategy<Value = (Seasons, Vec<(usize, usize)>)> {
        let value = prop_oneof![1 => Just(None), 5 => (0_u8..6).prop_map(|v| Some(f64::from(v)))];
        (vec(vec(value, 7), 1..6), vec((0_usize..7, 0_usize..7), 0..12))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Sums, z and counts of shuffles are those of Gi* on the graph of all surveyed bins.
        #[test]
        fn the_cube_is_gi_star_on_its_bins((seasons, pairs) in cubes(), back in 0_usize..3) {
            let neighbours = Neighbours::from_pairs(7, pairs);
            let question = Question { back, ..Question::usual(&neighbours, FEW) };
            let ours = compared(&seasons, &question, &Nobody).unwrap();
            let bins: Vec<(usize, usize)> = (0..seasons.len())
                .flat_map(|season| (0..7).map(move |place| (season, place)))
                .filter(|(season, place)| seasons[*season][*place].is_some())
                .collect();
            let near = |(s, a): (usize, usize), (t, b): (usize, usize)| {
                t <= s && s - t <= back && (a == b || neighbours.of(a).contains(&(b as u32)))
            };
            let lists = bins.iter().map(|bin| {
                let others = bins.iter().enumerate().filter(|(_, other)| near(*bin, **other));
                others.map(|(at, _)| at as u32).collect()
            });
            let graph = Neighbours::from_lists(lists);
            let values: Vec<f64> = bins.iter().map(|(s, p)| seasons[*s][*p].unwrap()).collect();
            let z = gi_star(&values, &graph);
            let shuffled = counts(&values, &graph, Null::Total, FEW);
            for (at, (season, place)) in bins.iter().enumerate() {
                let bin = ours[*season][*place].unwrap();
                prop_assert_eq!(bin.sum, z[at].sum);
                prop_assert_eq!(bin.count as usize, graph.count(at) + 1);
                prop_assert_eq!(bin.tally, shuffled.tally(at));
                match (bin.z, z[at].z) {
                    (Ok(a), Ok(b)) => prop_assert!((a - b).abs() < 1e-9),
                    (a, b) => prop_assert_eq!(a, b),
                }
            }
            let known = ours.iter().flatten().flatten().count();
            prop_assert_eq!(known, bins.len());
        }
    }
}
