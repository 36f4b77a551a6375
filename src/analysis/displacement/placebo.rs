//! Would other ground show the same? The difference of the response areas against that of as many
//! areas chosen at random among ground that was like it.
//!
//! Ground is cleared where poppy was, and where much was, less comes by itself (regression to the
//! mean). So places are alike by the count for which the ground was chosen, and the labels (done,
//! not done) are shuffled among places of one count: every choice of as many places of each count as
//! the response has, the response's own among them, is as likely if nothing was done. (Places drawn
//! from the others alone would not do: where few are alike the same few would be drawn again and
//! again, and none of them would be the response.) Where high counts are so rare that hardly
//! anything is left to choose, counts from some number on pass for alike; the answer tells from
//! which on. It does not help against a count that the ground was not chosen by.
//!
//! A response in one piece has less ground around it than places that lie apart: then the difference
//! of a placebo spreads wider, and p errs towards saying nothing. The answer tells how much more
//! ground the placebos have.
//!
//! Shuffling takes the changes of places as independent of each other in space. Ground is mostly
//! cleared in one piece and changes are mostly smooth over the map: then a piece changes as one place
//! does, and placebos of places that lie apart average their changes out. With radii smaller than the
//! piece it cries out too often (of 60 simulated maps on a grid of 1 km without any effect, radius
//! 500 m, 18 to 34 had p ≤ 0.05; with independent changes 4 had). With large radii it hardly ever
//! finds anything.
//!
//! Units: plots. p by the written rule. Cost: permutations times places chosen times places near
//! each.

use std::collections::{BTreeMap, HashSet};

use geo_types::Coord;
use rayon::prelude::*;

use super::counts::{Change, Difference};
use crate::analysis::{
    chance::{
        draws::{Draws, Stream},
        tally::Tally,
    },
    geometry::{near::Buckets, shape::Shape},
    watch::{Gone, Watch},
};

/// A place with its counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its middle, metres.
    pub middle: Coord<f64>,
    /// m² of its ground.
    pub ground: f64,
    /// Its counts.
    pub change: Change,
    /// The count for which ground was chosen: places of one such count are alike.
    pub like: u32,
    /// Whether something was done there.
    pub response: bool,
}

/// The difference beside those of random areas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placebo {
    /// Of the response and all within the radius, against the rest, by ground.
    pub observed: Difference,
    /// The mean of the placebos' estimates.
    pub mean: f64,
    /// How many random areas did as well, and as badly.
    pub tally: Tally,
    /// Counts from this one on passed for alike; 0: places were not matched at all.
    pub alike_from: u32,
    /// How much ground the placebos have with all around them, as a multiple of the response's.
    pub ground: f64,
}

/// Why there is no comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPlacebo {
    /// Nothing was done anywhere.
    NoResponse,
    /// Nothing is left to compare with: response and buffer take up all.
    NoControl,
    /// Too little ground is like it: under [`FEWEST_SETS`] different placebos could be drawn.
    NoMatch,
}

impl NoPlacebo {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoResponse => "no-response",
            Self::NoControl => "no-control",
            Self::NoMatch => "no-match",
        }
    }
}

/// With fewer different sets no p could be as small as 0.05.
pub const FEWEST_SETS: f64 = 20.0;

/// The finest matching with as many different sets is taken: then p tells thousandths apart.
const SETS: f64 = 1000.0;

/// Sums of an area.
#[derive(Clone, Copy, Default)]
struct Sum {
    change: Change,
    ground: f64,
}

impl Sum {
    fn add(&mut self, place: &Place) {
        self.change.before += place.change.before;
        self.change.after += place.change.after;
        self.ground += place.ground;
    }

    /// The rest of `all`.
    fn rest(self, all: Self) -> Self {
        Self {
            change: Change {
                before: all.change.before - self.change.before,
                after: all.change.after - self.change.after,
            },
            ground: all.ground - self.ground,
        }
    }

    /// Against a control, whose counts are scaled to this ground; `None` without one.
    fn against(self, control: Self) -> Option<Difference> {
        (control.ground > 1e-9 * self.ground).then(|| {
            Difference::of(&[(1.0, self.change), (-self.ground / control.ground, control.change)])
        })
    }
}

/// The weighted displacement difference of the response places and all within `radius` metres of
/// one of them (middles), against all others scaled by ground, beside that of random places.
/// Counts below `least` are never alike with it: 1 where ground without any was never chosen.
///
/// A draw whose placebo leaves no control counts in both tails: it speaks for nothing.
///
/// # Errors
///
/// `Err` where the asker has gone; `Ok(Err)` with the reason where there is no comparison.
pub fn placebo(
    places: &[Place],
    radius: f64,
    least: u32,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Placebo, NoPlacebo>, Gone> {
    let shapes: Vec<Shape> = places.iter().map(|place| Shape::point(place.middle)).collect();
    let buckets = Buckets::new(&shapes, &(0..places.len()).collect::<Vec<_>>());
    let mut all = Sum::default();
    for place in places {
        all.add(place);
    }
    let difference = |chosen: &[usize]| {
        // Places by number, so that sums have the same bits whatever the order of drawing.
        let mut area = vec![0_u64; places.len().div_ceil(64)];
        for at in chosen {
            let middle = places[*at].middle;
            buckets.within(shapes[*at].frame(), radius, |other| {
                let (dx, dy) =
                    (middle.x - places[other].middle.x, middle.y - places[other].middle.y);
                let near = u64::from(dx * dx + dy * dy <= radius * radius);
                area[other / 64] |= near << (other % 64);
            });
        }
        let mut sum = Sum::default();
        for (word, mut bits) in area.into_iter().enumerate() {
            while bits != 0 {
                sum.add(&places[word * 64 + bits.trailing_zeros() as usize]);
                bits &= bits - 1;
            }
        }
        (sum.against(sum.rest(all)), sum.ground)
    };
    let response: Vec<usize> = (0..places.len()).filter(|at| places[*at].response).collect();
    if response.is_empty() {
        return Ok(Err(NoPlacebo::NoResponse));
    }
    let (Some(observed), own) = difference(&response) else {
        return Ok(Err(NoPlacebo::NoControl));
    };
    let Some((alike_from, like)) = matched(places, &response, least) else {
        return Ok(Err(NoPlacebo::NoMatch));
    };
    let streams = draws.streams();
    let drawn: Vec<(f64, f64)> = (0..draws.permutations)
        .into_par_iter()
        .map(|number| {
            watch.go_on()?;
            let mut stream = streams.stream(number.into());
            let mut chosen = Vec::with_capacity(response.len());
            for (wanted, all) in like.values() {
                chosen.extend(some(*wanted, all.len(), &mut stream).map(|at| all[at]));
            }
            let (difference, ground) = difference(&chosen);
            Ok((difference.map_or(f64::NAN, |it| it.estimate), ground))
        })
        .collect::<Result<_, Gone>>()?;
    let ground = drawn.iter().map(|(_, ground)| ground).sum::<f64>() / drawn.len() as f64 / own;
    let estimates: Vec<f64> = drawn.into_iter().map(|(estimate, _)| estimate).collect();
    let known: Vec<f64> = estimates.iter().copied().filter(|it| it.is_finite()).collect();
    if known.is_empty() {
        return Ok(Err(NoPlacebo::NoControl));
    }
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let tally = Tally::of(observed.estimate, estimates);
    Ok(Ok(Placebo { observed, mean, tally, alike_from, ground }))
}

/// By count: how many places are wanted, and which have it, with the response's own.
type Like = BTreeMap<u32, (usize, Vec<usize>)>;

/// The finest matching by count that leaves sets enough to choose from: counts from the number told
/// on pass for alike. `None` where even the coarsest leaves hardly any.
fn matched(places: &[Place], response: &[usize], least: u32) -> Option<(u32, Like)> {
    let most = response.iter().map(|at| places[*at].like).max()?.max(least);
    let coarse = |alike_from: u32| {
        let class = |place: &Place| place.like.min(alike_from);
        let mut like = Like::new();
        for at in response {
            like.entry(class(&places[*at])).or_default().0 += 1;
        }
        for (at, place) in places.iter().enumerate() {
            if let Some((_, all)) = like.get_mut(&class(place)) {
                all.push(at);
            }
        }
        like
    };
    let enough = (least..=most).rev().find(|from| sets(&coarse(*from)) >= SETS);
    let alike_from = enough.unwrap_or(least);
    let like = coarse(alike_from);
    (sets(&like) >= FEWEST_SETS).then_some((alike_from, like))
}

/// How many different sets can be drawn, as far as a number holds it.
fn sets(like: &Like) -> f64 {
    let choose = |(wanted, all): &(usize, Vec<usize>)| {
        (0..*wanted).map(|nth| (all.len() - nth) as f64 / (wanted - nth) as f64).product::<f64>()
    };
    like.values().map(choose).product()
}

/// `wanted` different numbers below `count`, each set as likely (Floyd's way: as many draws as
/// numbers).
fn some(wanted: usize, count: usize, stream: &mut Stream) -> impl Iterator<Item = usize> {
    let mut chosen = HashSet::with_capacity(wanted);
    for last in count - wanted..count {
        let drawn = stream.below(last as u32 + 1) as usize;
        if !chosen.insert(drawn) {
            chosen.insert(last);
        }
    }
    chosen.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::watch::Nobody;

    const DRAWS: Draws<'_> = Draws { permutations: 1999, seed: 3, analysis: "placebo" };

    /// Places a kilometre apart in a line, each of 1 m², alike by their count before.
    fn line(changes: &[(u32, u32, bool)]) -> Vec<Place> {
        changes
            .iter()
            .zip(0..)
            .map(|((before, after, response), x)| Place {
                middle: Coord { x: f64::from(x) * 1000.0, y: 0.0 },
                ground: 1.0,
                change: Change { before: *before, after: *after },
                like: *before,
                response: *response,
            })
            .collect()
    }

    fn ask(places: &[Place], radius: f64) -> Result<Placebo, NoPlacebo> {
        placebo(places, radius, 0, DRAWS, &Nobody).unwrap()
    }

    #[test]
    fn the_difference_is_that_of_the_areas() {
        let mut all = vec![(4, 1, true), (1, 2, false), (2, 2, false)];
        all.extend([(4, 4, false); 30]);
        let answer = ask(&line(&all), 1000.0).unwrap();
        // Response and buffer 5 → 3 on 2 m²; the rest 122 → 122 on 31 m².
        assert!((answer.observed.estimate + 2.0).abs() < 1e-12);
        assert!((answer.observed.error - (8.0 + 4.0 / 961.0 * 244.0_f64).sqrt()).abs() < 1e-12);
        // 31 places with four are few, so all 33 are alike: the area around the response's own place
        // fell by two, and so did that around the next, which holds it.
        assert_eq!(answer.alike_from, 0);
        let p = answer.tally.lower();
        assert!((p - 2.0 / 33.0).abs() < 0.02, "{p}");
        assert!(
            (answer.ground - 97.0 / 66.0).abs() < 0.05,
            "most lie between two others: {}",
            answer.ground
        );
    }

    #[test]
    fn few_sets_make_no_small_p() {
        // One place that fell, and only one other like it: nothing can be said from two.
        let mut all = vec![(5, 4, true), (5, 5, false)];
        assert_eq!(ask(&line(&all), 500.0).map(|_| ()), Err(NoPlacebo::NoMatch));
        all.extend([(0, 0, false); 100]);
        let answer = placebo(&line(&all), 500.0, 1, DRAWS, &Nobody).unwrap();
        assert_eq!(answer.map(|_| ()), Err(NoPlacebo::NoMatch));
    }

    #[test]
    fn without_an_effect_p_keeps_its_level() {
        // Ground chosen by a count of its own season; before and after have the same intensity.
        let (maps, mut low) = (120_u64, 0);
        let streams = Draws { permutations: 1, seed: 9, analysis: "maps" }.streams();
        for map in 0..maps {
            let mut stream = streams.stream(map);
            let mut places = Vec::new();
            for place in 0..144 {
                let rate = stream.unit() * 3.0;
                let mut count = || (0..6).filter(|_| stream.unit() < rate / 6.0).count() as u32;
                let (before, like, after) = (count(), count(), count());
                places.push(Place {
                    middle: Coord { x: f64::from(place % 12), y: f64::from(place / 12) } * 1000.0,
                    ground: 1.0,
                    change: Change { before, after },
                    like,
                    response: like > 0 && stream.unit() < 0.3,
                });
            }
            let draws = Draws { permutations: 199, seed: map, analysis: "level" };
            let answer = placebo(&places, 1000.0, 1, draws, &Nobody).unwrap().unwrap();
            low += u32::from(answer.tally.two_sided() <= 0.1);
        }
        // Ten in a hundred, and at most what chance makes of it: the binomial's 99.9 % point.
        assert!(low <= 23, "{low} of {maps}");
    }

    #[test]
    fn without_ground_to_compare_the_reason_is_told() {
        let told = |places: &[Place]| ask(places, 1000.0).map(|_| ());
        assert_eq!(told(&[]), Err(NoPlacebo::NoResponse));
        assert_eq!(told(&line(&[(1, 1, false)])), Err(NoPlacebo::NoResponse));
        assert_eq!(told(&line(&[(1, 1, true), (1, 1, false)])), Err(NoPlacebo::NoControl));
        let few = line(&[(9, 1, true), (1, 1, true), (2, 1, true), (2, 1, false), (2, 1, false)]);
        assert_eq!(told(&few), Err(NoPlacebo::NoMatch));
    }

    #[test]
    fn rare_counts_pass_for_alike() {
        let with = |high: u32, count: usize| {
            let mut all = vec![(9, 1, true), (0, 1, true)];
            all.extend(vec![(high, 1, false); count]);
            all.extend([(0, 0, false); 40]);
            ask(&line(&all), 500.0).unwrap().alike_from
        };
        // Elsewhere thirty had two: 31 × 41 sets. Three of them leave 4 × 41, too few: none is told apart.
        assert_eq!((with(2, 30), with(9, 30), with(2, 3)), (2, 9, 0));
    }

    #[test]
    fn some_are_different_and_as_likely() {
        let streams = DRAWS.streams();
        let mut seen = [0_u32; 5];
        for number in 0..5000 {
            let mut chosen: Vec<usize> = some(2, 5, &mut streams.stream(number)).collect();
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen.len(), 2);
            for at in chosen {
                seen[at] += 1;
            }
        }
        assert!(seen.iter().all(|count| count.abs_diff(2000) < 180), "{seen:?}");
        assert_eq!(some(3, 3, &mut streams.stream(0)).count(), 3);
        assert_eq!(some(0, 3, &mut streams.stream(0)).count(), 0);
    }
}
