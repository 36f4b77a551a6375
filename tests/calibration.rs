//! On maps of pure noise the map's rule shows a hotspot no more often than it may, and it finds a
//! planted block. Few small maps; `cargo bench --bench calibration` asks of many
//! (docs/calibration.md).

mod calibration_kit;

use calibration_kit::{
    Chance, KEPT, Kind, NOISE, RULES, Rule, Truth, UNEVEN, WAYS, finds, p_by_rule, queen,
    upper_limit,
};
use poppywatch::analysis::chance::draws::Draws;

const SIDE: usize = 16;
const MAPS: u32 = 60;

#[test]
fn the_limit_is_that_of_the_binomial() {
    // qbinom(0.975, 500, 0.05) and qbinom(0.975, 60, 0.05).
    assert_eq!((upper_limit(500), upper_limit(60)), (35, 7));
}

#[test]
fn noise_shows_no_more_hotspots_than_it_may() {
    let weights = queen(SIDE);
    for (name, kind) in NOISE {
        let mut alarms = [0_u32; RULES.len()];
        for map in 0..MAPS {
            let values = Chance::new(u64::from(map)).map(kind, SIDE * SIDE, &[]);
            let draws = Draws { permutations: 1999, seed: map.into(), analysis: "noise" };
            for (rule, p) in p_by_rule(&values, &weights, draws).iter().enumerate() {
                alarms[rule] += u32::from(!finds(p).is_empty());
            }
        }
        println!("{name}: {alarms:?} of {MAPS} maps");
        for ((rule_name, rule), alarms) in RULES.into_iter().zip(alarms) {
            // What the limit leaves to chance in each of twelve comparisons is shared among them.
            if rule != Rule::NormalZ {
                assert!(alarms <= upper_limit(MAPS) + 2, "{name}, {rule_name}: {alarms} of {MAPS}");
            }
        }
    }
}

/// Where search is uneven counts find search, and shuffled rates take much searched ground without
/// plots for cold; the map's rates keep their word on both sides, and find what is there.
#[test]
fn uneven_search_is_no_hotspot_of_rates() {
    let weights = queen(SIDE);
    let mut all = [0_u32; WAYS.len()];
    for (name, truth, spread) in UNEVEN.into_iter().take(KEPT) {
        let mut alarms = [0_u32; WAYS.len()];
        for map in 0..MAPS {
            let drawn = Chance::new(u64::from(map)).searched_map(SIDE, truth, spread, (&[], 1.0));
            let draws = Draws { permutations: 1999, seed: map.into(), analysis: "uneven" };
            for (way, p) in drawn.p_by_way(&weights, draws).iter().enumerate() {
                alarms[way] += u32::from(!finds(p).is_empty());
            }
        }
        println!("{name}: {alarms:?} of {MAPS} maps");
        let [.., hot, cold] = alarms;
        assert!(hot.max(cold) <= upper_limit(MAPS) + 2, "{name}: {hot}, {cold} of {MAPS}");
        all.iter_mut().zip(alarms).for_each(|(all, alarms)| *all += alarms);
    }
    // 5 % would be 27 of the 540.
    let [counts_hot, _, _, _, _, standardised_cold, hot, cold] = all;
    assert!(counts_hot > 40 && standardised_cold > 40, "{all:?}");
    assert!(hot <= 40 && cold <= 40, "{all:?}");

    // One cell that was hardly searched hides no crowd.
    let block: Vec<usize> =
        (5..10).flat_map(|row| (5..10).map(move |col| row * SIDE + col)).collect();
    let found = |truth: Truth| -> usize {
        let maps = (0..10).map(|map| {
            let drawn = Chance::new(map).searched_map(SIDE, truth, 0.7, (&block, 10.0));
            let draws = Draws { permutations: 99, seed: map, analysis: "uneven" };
            let [.., hot, _] = drawn.p_by_way(&weights, draws);
            finds(&hot).iter().filter(|cell| block.contains(cell)).count()
        });
        maps.sum()
    };
    let (plain, grazed) = (found(Truth::Alike(0.2)), found(Truth::Grazed(0.2)));
    println!("of 250 cells of blocks {plain} are found, {grazed} beside a cell that was grazed");
    assert!(plain >= 75 && 4 * grazed >= 3 * plain, "{plain}, {grazed} of 250");
}

#[test]
fn a_planted_block_is_found() {
    let weights = queen(SIDE);
    let block: Vec<usize> =
        (5..10).flat_map(|row| (5..10).map(move |col| row * SIDE + col)).collect();
    let mut found = 0;
    for map in 0..10 {
        let values = Chance::new(map).map(Kind::Counts(0.2), SIDE * SIDE, &block);
        let draws = Draws { permutations: 4999, seed: map, analysis: "block" };
        let [total, ..] = p_by_rule(&values, &weights, draws);
        found += finds(&total).iter().filter(|cell| block.contains(cell)).count();
    }
    // Of 250 cells of blocks; under a tenth of them by chance alone.
    assert!(found >= 100, "{found} of 250");
}
