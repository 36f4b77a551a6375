//! More often than chance would have it?
//!
//! Two ideas of chance. *Re-labelling* keeps every plot where it is and shuffles, within each
//! season, which of the earlier plots had been cleared: does poppy come back to cleared ground more
//! or less often than to ground where it was left? *Random placement* keeps what was cleared and
//! puts the season's plots anywhere in the ground of their own communes: does poppy come back at
//! all, or only because both crowd in the same few communes? p by the written rule
//! ([`Tally`]).

use geo_types::Coord;
use rayon::prelude::*;

use super::{plots::Plots, rate::History};
use crate::analysis::{
    chance::{
        draws::{Draws, Stream},
        tally::Tally,
    },
    geometry::{ground::Ground, near::Buckets},
    watch::{Gone, Watch},
};

/// A count beside what chance makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// As it was.
    pub observed: u32,
    /// Out of how many.
    pub of: u32,
    /// On average by chance; of re-labelling exact, of random placement the mean of the draws.
    pub expected: f64,
    /// How many draws made as many, and as few.
    pub tally: Tally,
}

/// Why nothing is to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChance {
    /// Nothing was cleared before the season.
    NothingCleared,
    /// No cleared plot was searched again.
    NothingSearched,
    /// No other plot, one that was not cleared, was searched again: there is nothing to shuffle.
    NothingElse,
    /// None of the places had a plot again: shuffling changes nothing.
    NothingReturned,
    /// The season has no plot.
    NoPlots,
    /// Of no plot the ground is known in which it could have lain.
    NoGround,
}

impl NoChance {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NothingCleared => "nothing-cleared",
            Self::NothingSearched => "nothing-searched",
            Self::NothingElse => "nothing-else",
            Self::NothingReturned => "nothing-returned",
            Self::NoPlots => "no-plots",
            Self::NoGround => "no-ground",
        }
    }
}

impl Chance {
    /// Observed over expected; `None` where chance expects none.
    pub fn ratio(self) -> Option<f64> {
        (self.expected > 0.0).then(|| f64::from(self.observed) / self.expected)
    }
}

/// Earlier plots of one season that were searched again.
#[derive(Clone, Copy, Default)]
struct Stratum {
    all: u32,
    cleared: u32,
    returned: u32,
}

/// Of the plots of earlier seasons that were searched in `season` and had no plot in between: the
/// cleared ones that had a plot again, against labels shuffled within each season.
///
/// Cost: plots, and permutations times the smaller of cleared and returned.
///
/// # Errors
///
/// [`NoChance`] where there is nothing to compare.
pub fn relabelled(history: History<'_>, season: i32, draws: Draws<'_>) -> Result<Chance, NoChance> {
    let plots = history.plots;
    let mut strata = vec![Stratum::default(); plots.seasons.len()];
    let mut observed = 0;
    for (at, plot) in plots.all.iter().enumerate() {
        if !history.waits(at, season) || !(history.searched)(at, season) {
            continue;
        }
        let returned = history.returned(at, season);
        let stratum = plots.seasons.partition_point(|it| *it < plot.season);
        let stratum = &mut strata[stratum];
        stratum.all += 1;
        stratum.cleared += u32::from(plot.cleared);
        stratum.returned += u32::from(returned);
        observed += u32::from(plot.cleared && returned);
    }
    let sum = |of: fn(&Stratum) -> u32| strata.iter().map(of).sum::<u32>();
    let cleared = sum(|it| it.cleared);
    if cleared == 0 {
        return Err(NoChance::NothingSearched);
    }
    // Labels are shuffled within a season: where all its plots are alike every shuffle is the same.
    let mut mixed = strata.iter().filter(|it| 0 < it.cleared && it.cleared < it.all).peekable();
    if mixed.peek().is_none() {
        return Err(NoChance::NothingElse);
    }
    if mixed.all(|it| it.returned == 0) {
        return Err(NoChance::NothingReturned);
    }
    let expected = strata
        .iter()
        .filter(|it| it.all > 0)
        .map(|it| f64::from(it.cleared) * f64::from(it.returned) / f64::from(it.all))
        .sum();
    let streams = draws.streams();
    let simulated: Vec<f64> = (0..draws.permutations)
        .into_par_iter()
        .map(|number| {
            let mut stream = streams.stream(number.into());
            f64::from(strata.iter().map(|it| it.drawn(&mut stream)).sum::<u32>())
        })
        .collect();
    Ok(Chance { observed, of: cleared, expected, tally: Tally::of(observed.into(), simulated) })
}

impl Stratum {
    /// How many of the returned ones are among as many drawn without laying back as were cleared.
    fn drawn(self, stream: &mut Stream) -> u32 {
        // The same whichever of the two is drawn.
        let (draws, mut marked) =
            (self.cleared.min(self.returned), self.cleared.max(self.returned));
        let mut met = 0;
        for left in (self.all - draws + 1..=self.all).rev() {
            if stream.below(left) < marked {
                marked -= 1;
                met += 1;
            }
        }
        met
    }
}

/// Of the plots at `places` of the season `season`, those on the place of a plot cleared in any
/// earlier season, against the same plots put at random into their grounds: turned no way, moved
/// so that their position lies anywhere in it, each place as likely. `grounds` holds each place
/// with its ground in metres.
///
/// Cost: permutations times plots, each a look into a bucket.
///
/// # Errors
///
/// `Err` where the asker has gone; `Ok(Err)` where there is nothing to compare.
pub fn placed_at_random(
    plots: &Plots<'_>,
    season: i32,
    grounds: &[(usize, &Ground)],
    distance: f64,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Chance, NoChance>, Gone> {
    let cleared: Vec<usize> = (0..plots.all.len())
        .filter(|at| plots.all[*at].cleared && plots.all[*at].season < season)
        .collect();
    if cleared.is_empty() {
        return Ok(Err(NoChance::NothingCleared));
    }
    if !plots.all.iter().any(|plot| plot.season == season) {
        return Ok(Err(NoChance::NoPlots));
    }
    let placed: Vec<(usize, &Ground)> = grounds
        .iter()
        .filter(|(at, ground)| plots.all[*at].season == season && ground.area() > 0.0)
        .copied()
        .collect();
    if placed.is_empty() {
        return Ok(Err(NoChance::NoGround));
    }
    let buckets = Buckets::new(&plots.shapes, &cleared);
    let on_cleared = |at: usize, by: Coord<f64>| {
        let shape = plots.shapes[at].moved(by);
        let farthest = plots.farthest(at, distance);
        let mut met = false;
        buckets.within(shape.frame(), farthest, |other| {
            met = met
                || (shape.frames_apart(&plots.shapes[other]) <= farthest
                    && shape.distance(&plots.shapes[other]) <= plots.reach(at, other, distance));
        });
        met
    };
    let still = Coord { x: 0.0, y: 0.0 };
    let observed = placed.iter().filter(|(at, _)| on_cleared(*at, still)).count() as u32;
    let streams = draws.streams();
    let simulated: Vec<f64> = (0..draws.permutations)
        .into_par_iter()
        .map(|number| {
            watch.go_on()?;
            let mut stream = streams.stream(number.into());
            let met = placed.iter().filter(|(at, ground)| {
                let place = somewhere(ground, &mut stream);
                place.is_some_and(|place| on_cleared(*at, place - plots.all[*at].at))
            });
            Ok(met.count() as f64)
        })
        .collect::<Result<_, Gone>>()?;
    let expected = simulated.iter().sum::<f64>() / f64::from(draws.permutations.max(1));
    let tally = Tally::of(observed.into(), simulated);
    Ok(Ok(Chance { observed, of: placed.len() as u32, expected, tally }))
}

/// Any place in a ground, each as likely; `None` with a chance of e⁻⁴⁰.
fn somewhere(ground: &Ground, stream: &mut Stream) -> Option<Coord<f64>> {
    let (low, high) = ground.bounds();
    let (wide, tall) = (high.x - low.x, high.y - low.y);
    let tries = (40.0 * wide * tall / ground.area()).clamp(40.0, 1e7) as u32;
    (0..tries)
        .map(|_| Coord { x: low.x + wide * stream.unit(), y: low.y + tall * stream.unit() })
        .find(|place| ground.contains(*place))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{
        recultivation::{DISTANCE, Plot},
        watch::Nobody,
    };

    const DRAWS: Draws<'_> = Draws { permutations: 1999, seed: 1, analysis: "recultivation" };

    fn plot(season: i32, cleared: bool, x: f64) -> Plot<'static> {
        Plot { season, cleared, at: Coord { x, y: 0.0 }, error: 0.0, outline: None, site: None }
    }

    fn chance(all: &[Plot<'_>], season: i32, draws: Draws<'_>) -> Result<Chance, NoChance> {
        let plots = Plots::new(all);
        let returns = plots.returns(DISTANCE, season);
        let always = |_: usize, _: i32| true;
        relabelled(History { plots: &plots, returns: &returns, searched: &always }, season, draws)
    }

    /// All ways to choose `cleared` of the flags, by loops: how many have `least` or more.
    fn enumerated(flags: &[bool], cleared: usize, least: u32) -> (u32, u32) {
        let (mut all, mut reached) = (0, 0);
        for mask in 0_u32..1 << flags.len() {
            if mask.count_ones() as usize == cleared {
                let met = (0..flags.len()).filter(|at| mask >> at & 1 == 1 && flags[*at]).count();
                all += 1;
                reached += u32::from(met as u32 >= least);
            }
        }
        (all, reached)
    }

    #[test]
    fn shuffled_labels_agree_with_all_labellings() {
        // Eight places, five cleared, four with a plot again, all of them cleared ones.
        let mut all: Vec<Plot<'_>> =
            (0..8).map(|at| plot(1, at < 5, 100.0 * f64::from(at))).collect();
        all.extend((0..4).map(|at| plot(2, true, 100.0 * f64::from(at))));
        let chance = chance(&all, 2, DRAWS).unwrap();
        assert_eq!((chance.observed, chance.of, chance.expected), (4, 5, 2.5));
        assert_eq!(chance.ratio(), Some(1.6));
        let flags: Vec<bool> = (0..8).map(|at| at < 4).collect();
        let (ways, reached) = enumerated(&flags, 5, 4);
        let exact = f64::from(reached) / f64::from(ways); // 4 of 56
        assert!((chance.tally.upper() - exact).abs() < 4.0 * (exact / 1999.0_f64).sqrt());
        assert_eq!(chance.tally.lower(), 1.0);
    }

    #[test]
    fn where_nothing_can_be_compared_the_reason_is_told() {
        let only = [plot(1, true, 0.0), plot(2, true, 0.0)];
        assert_eq!(chance(&only, 2, DRAWS), Err(NoChance::NothingElse));
        assert_eq!(chance(&only, 1, DRAWS), Err(NoChance::NothingSearched));
        // One season all cleared, the next not at all: no label can be shuffled.
        let apart = [plot(1, true, 0.0), plot(2, false, 500.0), plot(3, true, 0.0)];
        assert_eq!(chance(&apart, 3, DRAWS), Err(NoChance::NothingElse));
        let clear = [plot(1, true, 0.0), plot(1, false, 500.0), plot(2, true, 900.0)];
        assert_eq!(chance(&clear, 2, DRAWS), Err(NoChance::NothingReturned));
        let plots = Plots::new(&clear);
        let placed = |season, grounds: &[(usize, &Ground)]| {
            placed_at_random(&plots, season, grounds, DISTANCE, DRAWS, &Nobody).unwrap()
        };
        assert_eq!(placed(2, &[]), Err(NoChance::NoGround));
        assert_eq!(placed(3, &[]), Err(NoChance::NoPlots));
        assert_eq!(placed(1, &[]), Err(NoChance::NothingCleared));
    }

    #[test]
    fn random_places_meet_cleared_ground_as_often_as_it_is_large() {
        // A ground of 1 km × 100 m with one cleared place: a strip of 60 m of 1000 at its middle.
        let c = |x, y| Coord { x, y };
        let ring = vec![c(0.0, -1.0), c(1000.0, -1.0), c(1000.0, 1.0), c(0.0, 1.0), c(0.0, -1.0)];
        let ground = Ground::new(&[ring]);
        let all = [plot(1, true, 500.0), plot(2, false, 510.0), plot(2, false, 100.0)];
        let plots = Plots::new(&all);
        let grounds = [(1, &ground), (2, &ground)];
        let chance =
            placed_at_random(&plots, 2, &grounds, DISTANCE, DRAWS, &Nobody).unwrap().unwrap();
        assert_eq!((chance.observed, chance.of), (1, 2));
        assert!((chance.expected - 0.12).abs() < 0.03, "{}", chance.expected);
        // One of two: 1 − 0.94² = 0.116.
        assert!((chance.tally.upper() - 0.116).abs() < 0.03);
    }

    proptest! {
        /// The order of plots changes nothing, and the mean of the draws is what is expected.
        #[test]
        fn order_is_nothing(seeds in vec((1..4_i32, any::<bool>(), 0..12_u32), 4..30)) {
            let all: Vec<Plot<'_>> = seeds
                .iter()
                .map(|(season, cleared, place)| plot(*season, *cleared, 100.0 * f64::from(*place)))
                .collect();
            let other: Vec<Plot<'_>> = all.iter().rev().copied().collect();
            let few = Draws { permutations: 99, ..DRAWS };
            let (one, two) = (chance(&all, 3, few), chance(&other, 3, few));
            prop_assert_eq!(one, two);
            if let Ok(chance) = one {
                prop_assert!(chance.tally.ge + chance.tally.le >= 99);
                prop_assert!(chance.observed <= chance.of);
            }
        }
    }
}
