//! Would any other ground show the same? The difference of the response areas against that of as
//! many areas chosen at random where nothing was done.
//!
//! Chosen from ground that was like it before: as many places of each count before as the response
//! has. Ground is cleared where poppy was, and where much was, less comes by itself (regression to
//! the mean); a placebo from any ground would take that for a success. Where high counts are too
//! rare elsewhere, counts from some number on pass for alike; the answer tells from which on.
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
    /// Counts before from this one on passed for alike; 0: places were not matched at all.
    pub alike_from: u32,
}

/// Why there is no comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPlacebo {
    /// Nothing was done anywhere.
    NoResponse,
    /// Nothing is left to compare with: response and buffer take up all.
    NoControl,
    /// There are fewer places without response than with it.
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
///
/// A draw whose placebo leaves no control counts in both tails: it speaks for nothing.
///
/// # Errors
///
/// `Err` where the asker has gone; `Ok(Err)` with the reason where there is no comparison.
pub fn placebo(
    places: &[Place],
    radius: f64,
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
        sum.against(sum.rest(all))
    };
    let response: Vec<usize> = (0..places.len()).filter(|at| places[*at].response).collect();
    if response.is_empty() {
        return Ok(Err(NoPlacebo::NoResponse));
    }
    let Some(observed) = difference(&response) else { return Ok(Err(NoPlacebo::NoControl)) };
    let Some((alike_from, like)) = matched(places, &response) else {
        return Ok(Err(NoPlacebo::NoMatch));
    };
    let streams = draws.streams();
    let estimates: Vec<f64> = (0..draws.permutations)
        .into_par_iter()
        .map(|number| {
            watch.go_on()?;
            let mut stream = streams.stream(number.into());
            let mut chosen = Vec::with_capacity(response.len());
            for (wanted, others) in like.values() {
                chosen.extend(some(*wanted, others.len(), &mut stream).map(|at| others[at]));
            }
            Ok(difference(&chosen).map_or(f64::NAN, |it| it.estimate))
        })
        .collect::<Result<_, Gone>>()?;
    let known: Vec<f64> = estimates.iter().copied().filter(|it| it.is_finite()).collect();
    if known.is_empty() {
        return Ok(Err(NoPlacebo::NoControl));
    }
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let tally = Tally::of(observed.estimate, estimates);
    Ok(Ok(Placebo { observed, mean, tally, alike_from }))
}

/// By count before: how many places are wanted, and which have it without response.
type Like = BTreeMap<u32, (usize, Vec<usize>)>;

/// The finest matching by count before for which there are places enough: counts from the number
/// told on pass for alike. `None` where there are too few altogether.
fn matched(places: &[Place], response: &[usize]) -> Option<(u32, Like)> {
    let most = response.iter().map(|at| places[*at].change.before).max()?;
    (0..=most).rev().find_map(|alike_from| {
        let class = |place: &Place| place.change.before.min(alike_from);
        let mut like = Like::new();
        for at in response {
            like.entry(class(&places[*at])).or_default().0 += 1;
        }
        for (at, place) in places.iter().enumerate().filter(|(_, place)| !place.response) {
            if let Some((_, others)) = like.get_mut(&class(place)) {
                others.push(at);
            }
        }
        like.values().all(|(wanted, others)| others.len() >= *wanted).then_some((alike_from, like))
    })
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

    /// Places a kilometre apart in a line, each of 1 m².
    fn line(changes: &[(u32, u32, bool)]) -> Vec<Place> {
        changes
            .iter()
            .zip(0..)
            .map(|((before, after, response), x)| Place {
                middle: Coord { x: f64::from(x) * 1000.0, y: 0.0 },
                ground: 1.0,
                change: Change { before: *before, after: *after },
                response: *response,
            })
            .collect()
    }

    #[test]
    fn the_difference_is_that_of_the_areas() {
        let places = line(&[
            (4, 1, true),
            (1, 2, false),
            (2, 2, false),
            (4, 4, false),
            (1, 1, false),
            (4, 5, false),
        ]);
        let answer = placebo(&places, 1000.0, DRAWS, &Nobody).unwrap().unwrap();
        // Response and buffer 5 → 3 on 2 m²; the rest 11 → 12 on 4 m².
        assert!((answer.observed.estimate - (-2.0 - 0.5)).abs() < 1e-12);
        assert!((answer.observed.error - (8.0_f64 + 23.0 / 4.0).sqrt()).abs() < 1e-12);
        // Placebos are place 3 (with 2 and 4) and place 5 (with 4): 7 → 7 against 9 → 8 on 3 m²
        // each: +1; 5 → 6 against 11 → 9 on 4 m²: 1 + 1 = 2. Each as likely.
        assert!((answer.mean - 1.5).abs() < 0.05, "{}", answer.mean);
        assert_eq!((answer.tally.le, answer.tally.ge), (0, 1999));
    }

    #[test]
    fn without_ground_to_compare_the_reason_is_told() {
        let told = |places: &[Place]| placebo(places, 1000.0, DRAWS, &Nobody).unwrap().map(|_| ());
        assert_eq!(told(&[]), Err(NoPlacebo::NoResponse));
        assert_eq!(told(&line(&[(1, 1, false)])), Err(NoPlacebo::NoResponse));
        assert_eq!(told(&line(&[(1, 1, true), (1, 1, false)])), Err(NoPlacebo::NoControl));
        let few = line(&[(9, 1, true), (1, 1, true), (2, 1, true), (2, 1, false), (2, 1, false)]);
        assert_eq!(told(&few), Err(NoPlacebo::NoMatch));
    }

    #[test]
    fn rare_counts_pass_for_alike() {
        // Elsewhere no place had nine before; one had two.
        let places = line(&[
            (9, 1, true),
            (0, 0, false),
            (0, 0, false),
            (2, 1, false),
            (0, 1, false),
            (0, 0, false),
        ]);
        let answer = placebo(&places, 1000.0, DRAWS, &Nobody).unwrap().unwrap();
        assert_eq!(answer.alike_from, 2);
        let exact = line(&[
            (2, 1, true),
            (0, 0, false),
            (0, 0, false),
            (2, 1, false),
            (0, 1, false),
            (0, 0, false),
        ]);
        assert_eq!(placebo(&exact, 1000.0, DRAWS, &Nobody).unwrap().unwrap().alike_from, 2);
        let none = line(&[(2, 1, true), (0, 0, false), (0, 0, false), (0, 1, false)]);
        assert_eq!(placebo(&none, 1000.0, DRAWS, &Nobody).unwrap().unwrap().alike_from, 0);
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
