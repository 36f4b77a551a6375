//! Emerging hot spots on pure noise: hot bins no more often than promised, and trends of z no more
//! often than promised where neighbourhoods of different seasons share nothing.

use poppywatch::analysis::{
    chance::draws::Draws,
    time::{
        emerging::{Question, Reference, emerging},
        emerging_class::Direction,
    },
    weights::Neighbours,
};

/// A square of places, each with its eight neighbours.
fn queen(side: usize) -> Neighbours {
    let pairs = (0..side * side).flat_map(|a| {
        (a + 1..side * side).filter_map(move |b| {
            let (row, col) = ((a / side).abs_diff(b / side), (a % side).abs_diff(b % side));
            (row <= 1 && col <= 1).then_some((a, b))
        })
    });
    Neighbours::from_pairs(side * side, pairs)
}

#[test]
fn noise_is_seldom_hot_and_has_few_trends_of_its_own() {
    const MAPS: u32 = 60;
    let (side, seasons) = (10, 8);
    let neighbours = queen(side);
    let mut noise =
        Draws { permutations: 0, seed: 20_250_310, analysis: "noise" }.streams().stream(0);
    let mut alarms = [0_u32; 3];
    let mut trends = [0_u32; 2];
    for map in 0..MAPS {
        // Sparse: a plot in one bin of twelve, now and then two; one bin in twenty not surveyed.
        let mut value = || match noise.below(60) {
            0..=2 => None,
            3..=6 => Some(1.0),
            7 => Some(2.0),
            _ => Some(0.0),
        };
        let cube: Vec<Vec<Option<f64>>> =
            (0..seasons).map(|_| (0..side * side).map(|_| value()).collect()).collect();
        let draws = Draws { permutations: 9_999, seed: map.into(), analysis: "noise" };
        let usual = Question::usual(&neighbours, draws);
        for (at, reference) in Reference::ALL.into_iter().enumerate() {
            let answer = emerging(&cube, &Question { reference, ..usual });
            let hot = answer.places.iter().any(|place| place.hot + place.cold > 0);
            alarms[at] += u32::from(hot);
        }
        for (at, back) in [0, 1].into_iter().enumerate() {
            let answer = emerging(&cube, &Question { back, ..usual });
            let with = answer.places.iter().filter(|place| place.direction != Direction::None);
            trends[at] += with.count() as u32;
        }
    }
    let share = trends.map(|count| f64::from(count) / f64::from(MAPS * (side * side) as u32));
    println!(
        "noise: of {MAPS} cubes {alarms:?} have a hot or cold bin at 10 % (cube, season, window); \
         trends at 10 %: {:.3} of places with no season back, {:.3} with one",
        share[0], share[1]
    );
    // Of 60 cubes at 10 %: more than 12 has a chance under 1 %.
    assert!(alarms.iter().all(|alarms| *alarms <= 12), "{alarms:?}");
    // The z of neighbouring places are alike, so that 6 000 are worth some 600: σ about 0.012.
    assert!(share[0] <= 0.14, "{share:?}");
    // What the documentation warns of.
    assert!(share[1] > share[0], "{share:?}");
}
