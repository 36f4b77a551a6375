//! Emerging hot spots: where plots crowd, since when, and does it grow?
//!
//! A cube of places by seasons. Every surveyed bin gets its Gi* with a neighbourhood of the place
//! and its ring, this season and one season back; its p by shuffling under the total null, two
//! sided; Benjamini and Hochberg over all tested bins; hot or cold at 90 %. The z of a place
//! through the seasons get Mann-Kendall's test (exact when short), and its row of hot, cold and
//! plain seasons becomes one of 17 classes ([`super::emerging_class`]). METHODS §8; the method is
//! Esri's *Emerging Hot Spot Analysis*, which takes the normal p of z instead.
//!
//! **Not surveyed is not empty.** A bin without a survey has no value: it is in no neighbourhood,
//! in no pool and is not tested. It breaks no run of hot seasons and lowers no share: classes are
//! about the seasons tested. But a place whose last season is not tested has no class, for every
//! class says what the place is now.
//!
//! **What to beware of.** With one season back, the neighbourhoods of a bin and of the next one
//! share half their bins, so that z changes slowly by itself and Mann-Kendall finds trends on pure
//! noise more often than it says. With no season back it keeps its level.
//!
//! Cost: a pass over the links for each season, and the shared draws of
//! [`crate::analysis::chance::permutation`] once for the whole cube, or once a season where each
//! has a reference of its own.

pub use super::emerging_bins::{Bin, Question, Reference};
use super::{
    emerging_bins::{Bins, compared},
    emerging_class::{Class, Direction, State, classify},
    mann_kendall::{MannKendall, Orders, mann_kendall},
};
use crate::analysis::{
    chance::{
        significance::adjusted,
        tally::{TIE, Tail},
    },
    local::getis_ord::NoZ,
    watch::{Gone, Nobody, Watch},
};

/// With fewer tested seasons the class carries a caution: Esri wants ten.
pub const ENOUGH_SEASONS: usize = 10;

/// Why a place has no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoClass {
    /// No season of it was surveyed.
    NeverSurveyed,
    /// Its last season was not surveyed: what it is now is not known.
    LastUnknown,
    /// One season only.
    OneSeason,
    /// Nothing to compare its last season with, for this reason.
    NoZ(NoZ),
}

impl NoClass {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NeverSurveyed => "never-surveyed",
            Self::LastUnknown => "last-season-not-surveyed",
            Self::OneSeason => "one-season",
            Self::NoZ(reason) => reason.word(),
        }
    }
}

/// What a class does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caution {
    /// Fewer than ten tested seasons: "nine in ten seasons" means every season.
    FewSeasons,
    /// So few that not even the steepest series is a significant trend: intensifying and
    /// diminishing cannot be found.
    NoTrendPossible,
    /// Seasons in between were not surveyed.
    Gaps,
}

impl Caution {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FewSeasons => "few-seasons",
            Self::NoTrendPossible => "no-trend-possible",
            Self::Gaps => "gaps",
        }
    }
}

/// One place through the seasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its class, or why there is none.
    pub class: Result<Class, NoClass>,
    /// Mann-Kendall of its z; `None` with fewer than three tested seasons.
    pub trend: Option<MannKendall>,
    /// The trend where p is below the rate asked for.
    pub direction: Direction,
    /// Tested seasons,
    pub tested: usize,
    /// of which hot,
    pub hot: usize,
    /// and cold.
    pub cold: usize,
    /// What the class does not say.
    pub cautions: Vec<Caution>,
}

impl Place {
    /// The p of its trend, either way; `None` where there is no test.
    pub fn trend_p(&self) -> Option<f64> {
        self.trend.map(|trend| trend.p(Tail::TwoSided))
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Emerging {
    /// Season after season, each place's bin; `None` where it was not surveyed.
    pub bins: Vec<Vec<Option<Bin>>>,
    /// Each place.
    pub places: Vec<Place>,
    /// How many bins were tested at once.
    pub tested: usize,
}

impl Emerging {
    /// Whether so few shuffles were made that a lone bin cannot be found: the smallest p is above
    /// the first line of Benjamini and Hochberg.
    pub fn lone_bins_pass(&self, question: &Question<'_>) -> bool {
        let least = 2.0 / (f64::from(question.draws.permutations) + 1.0);
        least * self.tested as f64 <= question.bin_alpha
    }
}

/// As [`watched_emerging`], for somebody who waits until the end.
///
/// # Panics
///
/// Where a season has another number of places than the neighbours.
pub fn emerging(seasons: &[Vec<Option<f64>>], question: &Question<'_>) -> Emerging {
    let Ok(answer) = watched_emerging(seasons, question, &Nobody) else {
        unreachable!("nobody watches, and nobody goes")
    };
    answer
}

/// Asks a cube: `seasons` in the order of time, a season that was skipped among them, each with a
/// value for every place, `None` where it was not surveyed. Values are finite, places sorted by a
/// stable id. Tells `watch` how far the shuffles are.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more.
///
/// # Panics
///
/// Where a season has another number of places than the neighbours.
pub fn watched_emerging(
    seasons: &[Vec<Option<f64>>],
    question: &Question<'_>,
    watch: &dyn Watch,
) -> Result<Emerging, Gone> {
    let places = question.neighbours.len();
    assert!(seasons.iter().all(|season| season.len() == places), "a value a place and season");
    let mut bins = compared(seasons, question, watch)?;
    let tested = judge(&mut bins, question.bin_alpha);
    let orders = Orders::up_to(seasons.len());
    let each = |place: usize| {
        let row: Vec<Option<&Bin>> = bins.iter().map(|season| season[place].as_ref()).collect();
        one(&row, question.trend_alpha, &orders)
    };
    let places = (0..places).map(each).collect();
    Ok(Emerging { bins, places, tested })
}

/// Adjusts all tested p at once and says which bins are hot or cold; answers how many were tested.
fn judge(bins: &mut Bins, alpha: f64) -> usize {
    let tested: Vec<&mut Bin> =
        bins.iter_mut().flatten().flatten().filter(|bin| bin.z.is_ok()).collect();
    let p: Vec<f64> = tested.iter().map(|bin| bin.p).collect();
    let count = tested.len();
    for (bin, q) in tested.into_iter().zip(adjusted(&p)) {
        bin.q = q;
        let Ok(z) = bin.z else { continue };
        // On skewed maps the tail that is rare may be on the other side of the mean: neither then.
        let (upper, lower) = (bin.tally.upper(), bin.tally.lower());
        bin.state = if q > alpha * (1.0 + TIE) {
            State::Plain
        } else if z > 0.0 && upper < lower {
            State::Hot
        } else if z < 0.0 && lower < upper {
            State::Cold
        } else {
            State::Plain
        };
    }
    count
}

/// The class of one place of the cube.
fn one(row: &[Option<&Bin>], alpha: f64, orders: &Orders) -> Place {
    let row: Vec<Option<Tested>> =
        row.iter().map(|bin| bin.map(|bin| Tested { z: bin.z, state: bin.state })).collect();
    through(&row, alpha, orders)
}

/// One surveyed place on the map of one season.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// How hot it is, or why there is no test: then its state is not looked at.
    pub z: Result<f64, NoZ>,
    /// What its map says of it.
    pub state: State,
}

/// The class of one place from the maps of its seasons, whoever made them: `row` in the order of
/// time, `None` where it was not surveyed; a trend where p is below `alpha`. `orders` reach as far
/// as the row (see [`Orders::up_to`]).
pub fn through(row: &[Option<Tested>], alpha: f64, orders: &Orders) -> Place {
    let tested: Vec<(f64, State)> =
        row.iter().flatten().filter_map(|it| Some((it.z.ok()?, it.state))).collect();
    let z: Vec<Option<f64>> = tested.iter().map(|(z, _)| Some(*z)).collect();
    let states: Vec<State> = tested.iter().map(|(_, state)| *state).collect();
    let trend = mann_kendall(&z, orders).ok();
    let direction = match trend {
        Some(trend) if trend.p(Tail::TwoSided) < alpha && trend.s > 0 => Direction::Up,
        Some(trend) if trend.p(Tail::TwoSided) < alpha => Direction::Down,
        _ => Direction::None,
    };
    let class = match row.last() {
        _ if row.iter().all(Option::is_none) => Err(NoClass::NeverSurveyed),
        None | Some(None) => Err(NoClass::LastUnknown),
        Some(Some(Tested { z: Err(reason), .. })) => Err(NoClass::NoZ(*reason)),
        Some(Some(_)) if tested.len() < 2 => Err(NoClass::OneSeason),
        Some(Some(_)) => classify(&states, direction).ok_or(NoClass::NeverSurveyed),
    };
    let first = row.iter().position(Option::is_some).unwrap_or(row.len());
    let gaps = row[first..].iter().any(|it| it.is_none_or(|it| it.z.is_err())) || first > 0;
    let cautions = [
        (tested.len() < ENOUGH_SEASONS, Caution::FewSeasons),
        (Orders::smallest_p(tested.len()) >= alpha, Caution::NoTrendPossible),
        (gaps, Caution::Gaps),
    ];
    Place {
        class,
        trend,
        direction,
        tested: tested.len(),
        hot: states.iter().filter(|state| **state == State::Hot).count(),
        cold: states.iter().filter(|state| **state == State::Cold).count(),
        cautions: cautions.into_iter().filter(|(holds, _)| *holds).map(|(_, it)| it).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{
        chance::draws::Draws,
        time::{
            emerging_bins::tests::{FEW, cubes},
            emerging_class::Kind,
        },
        weights::Neighbours,
    };

    const DRAWS: Draws<'_> = Draws { permutations: 9_999, seed: 1, analysis: "test" };

    /// A row of places, each next to the one before and after.
    fn line(places: usize) -> Neighbours {
        Neighbours::from_pairs(places, (1..places).map(|place| (place - 1, place)))
    }

    fn ask(
        seasons: &[Vec<Option<f64>>],
        neighbours: &Neighbours,
        reference: Reference,
    ) -> Emerging {
        emerging(seasons, &Question { reference, ..Question::usual(neighbours, DRAWS) })
    }

    /// Forty places, ten seasons; places 4 to 7 hold five plots from `since` on.
    fn valley(since: usize) -> Vec<Vec<Option<f64>>> {
        let value = |season: usize, place: usize| {
            let noise = f64::from((7 * place as u32 + 3 * season as u32).is_multiple_of(5));
            if season >= since && (4..8).contains(&place) { 5.0 } else { noise }
        };
        (0..10).map(|season| (0..40).map(|place| Some(value(season, place))).collect()).collect()
    }

    #[test]
    fn a_valley_is_new_consecutive_or_always_hot() {
        let neighbours = line(40);
        let class = |since| ask(&valley(since), &neighbours, Reference::Cube).places[5].class;
        assert_eq!(class(9), Ok(Class::Hot(Kind::New)));
        assert_eq!(class(6), Ok(Class::Hot(Kind::Consecutive)));
        let always = ask(&valley(0), &neighbours, Reference::Cube);
        assert!(matches!(
            always.places[5].class,
            Ok(Class::Hot(Kind::Persistent | Kind::Intensifying | Kind::Diminishing))
        ));
        assert_eq!(always.places[15].class, Ok(Class::NoPattern));
        assert_eq!((always.places[5].hot, always.places[5].tested), (10, 10));
        assert!(always.places[5].cautions.is_empty());
        assert_eq!(always.tested, 400);
    }

    #[test]
    fn a_season_not_surveyed_breaks_nothing_but_the_last_one_must_be_known() {
        let neighbours = line(40);
        let mut seasons = valley(0);
        seasons[4] = vec![None; 40];
        let place = &ask(&seasons, &neighbours, Reference::Cube).places[5];
        assert_eq!((place.tested, place.hot), (9, 9));
        assert!(matches!(
            place.class,
            Ok(Class::Hot(Kind::Persistent | Kind::Intensifying | Kind::Diminishing))
        ));
        assert_eq!(place.cautions, [Caution::FewSeasons, Caution::Gaps]);

        let mut seasons = valley(0);
        seasons[9][5] = None;
        let answer = ask(&seasons, &neighbours, Reference::Cube);
        assert_eq!(answer.places[5].class, Err(NoClass::LastUnknown));
        assert_eq!(answer.bins[9][5], None);
        // Its neighbour has one bin less around it.
        assert_eq!(answer.bins[9][6].unwrap().count, 5);
        assert_eq!(answer.bins[8][6].unwrap().count, 6);

        for season in &mut seasons {
            season[5] = None;
        }
        let answer = ask(&seasons, &neighbours, Reference::Cube);
        assert_eq!(answer.places[5].class, Err(NoClass::NeverSurveyed));
        assert_eq!(answer.places[5].trend_p(), None);
    }

    #[test]
    fn few_seasons_say_what_they_cannot() {
        let neighbours = line(40);
        let seasons = valley(0);
        let of =
            |from: usize| ask(&seasons[from..], &neighbours, Reference::Cube).places[5].clone();
        assert_eq!(of(9).class, Err(NoClass::OneSeason));
        // Of three seasons no series is rarer than one in three, of four one in twelve.
        assert_eq!(of(7).cautions, [Caution::FewSeasons, Caution::NoTrendPossible]);
        assert_eq!(of(6).cautions, [Caution::FewSeasons]);
        let answer = emerging(&[], &Question::usual(&neighbours, DRAWS));
        assert_eq!(answer.places[0].class, Err(NoClass::NeverSurveyed));
        assert!(emerging(&[], &Question::usual(&line(0), DRAWS)).places.is_empty());
    }

    #[test]
    fn a_constant_cube_finds_nothing_and_says_why() {
        let seasons = vec![vec![Some(0.3); 4]; 4];
        for reference in Reference::ALL {
            let answer = ask(&seasons, &line(4), reference);
            assert_eq!(answer.places[2].class, Err(NoClass::NoZ(NoZ::Constant)));
            let bin = answer.bins[3][2].unwrap();
            assert_eq!((bin.p, bin.q, bin.state), (1.0, 1.0, State::Plain));
            assert_eq!(answer.tested, 0);
            assert_eq!(Reference::from_word(reference.word()), Some(reference));
        }
    }

    #[test]
    fn a_season_is_compared_with_itself_alone() {
        // All places hold ten times as much in the last two seasons: hot against the cube, plain
        // in their season.
        let mut seasons = valley(0);
        for season in &mut seasons[8..] {
            for (place, value) in season.iter_mut().enumerate() {
                *value = Some(10.0 + (place % 2) as f64);
            }
        }
        let neighbours = line(40);
        let cube = ask(&seasons, &neighbours, Reference::Cube);
        let season = ask(&seasons, &neighbours, Reference::Season);
        assert_eq!(cube.bins[9][15].unwrap().state, State::Hot);
        assert_eq!(season.bins[9][15].unwrap().state, State::Plain);
        assert_eq!(season.bins[9][15].unwrap().count, 3);
        // A window is the season and the one before: its own Gi*, worked out apart.
        let window = ask(&seasons, &neighbours, Reference::Window);
        let two = ask(&seasons[8..], &neighbours, Reference::Cube);
        assert_eq!(window.bins[9][15].unwrap().z, two.bins[1][15].unwrap().z);
    }

    #[test]
    fn few_shuffles_are_told() {
        let neighbours = line(40);
        let answer = ask(&valley(0), &neighbours, Reference::Cube);
        let usual = Question::usual(&neighbours, DRAWS);
        assert!(answer.lone_bins_pass(&usual));
        let fewer = Draws { permutations: 999, ..DRAWS };
        assert!(!answer.lone_bins_pass(&Question { draws: fewer, ..usual }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Values upside down: hot is cold, up is down, and every class is its opposite.
        #[test]
        fn values_turned_round_turn_the_classes((seasons, pairs) in cubes()) {
            let neighbours = Neighbours::from_pairs(7, pairs);
            let turned: Vec<Vec<Option<f64>>> =
                seasons.iter().map(|s| s.iter().map(|v| v.map(|v| -v)).collect()).collect();
            for reference in Reference::ALL {
                let question = Question {
                    reference, bin_alpha: 0.5, ..Question::usual(&neighbours, FEW)
                };
                let (a, b) = (emerging(&seasons, &question), emerging(&turned, &question));
                for (a, b) in a.places.iter().zip(&b.places) {
                    prop_assert_eq!(a.direction, b.direction.opposite());
                    prop_assert_eq!((a.hot, a.cold), (b.cold, b.hot));
                    let opposite = match b.class {
                        Ok(Class::Hot(kind)) => Ok(Class::Cold(kind)),
                        Ok(Class::Cold(kind)) => Ok(Class::Hot(kind)),
                        other => other,
                    };
                    prop_assert_eq!(a.class, opposite);
                }
            }
        }
    }
}
