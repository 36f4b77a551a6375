//! Our statistics against the peers' answers in `POPPYWATCH_REFERENCE`, and hand-worked cases
//! where that folder is not there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use poppywatch::analysis::{
    draws::Draws,
    getis_ord::{Local, gi, gi_star},
    permutation::{Counts, Null, counts},
    significance::{adjusted, cut_off},
    weights::Neighbours,
};

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracles() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles");
    folder.is_dir().then_some(folder)
}

/// A table as columns by name.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (names, rows.collect())
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let (names, rows) = table(path);
    let place = names.iter().position(|it| it == name).unwrap_or_else(|| panic!("{name}"));
    rows.iter().map(|row| row[place].parse().unwrap_or(f64::NAN)).collect()
}

fn links(path: &Path, count: usize) -> Neighbours {
    let (from, to, weight) = (column(path, "i"), column(path, "j"), column(path, "w"));
    assert!(weight.iter().all(|w| *w == 1.0), "binary weights only");
    Neighbours::from_pairs(count, from.iter().zip(&to).map(|(i, j)| (*i as usize, *j as usize)))
}

const REFERENCE_DRAWS: f64 = 9999.0;
const DRAWS: Draws<'_> = Draws { permutations: 99_999, seed: 1, analysis: "reference" };

/// Local Gi and Gi*: z of esda and of spdep to 1e-9, permutation p within four standard errors.
#[test]
fn gi_agrees_with_esda_and_spdep() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        for case in ["columbus_queen", "columbus_band", "sids_queen_counts", "esda_doc_six_points"]
        {
            let folder = oracles.join("local_gi").join(case);
            let values = column(&folder.join("input.csv"), "value");
            let weights = links(&folder.join("weights.csv"), values.len());
            let esda = folder.join("expected_esda.csv");
            let spdep = folder.join("expected_spdep.csv");
            // esda's z of row-standardised weights is a known defect and is not asked for; spdep's
            // is the same as that of binary ones, and so is ours.
            for (method, file, name) in [
                (gi as fn(&[f64], &Neighbours) -> Vec<Local>, &esda, "gi_B_z"),
                (gi_star, &esda, "gistar_B_z"),
                (gi, &spdep, "gi_B_z"),
                (gi, &spdep, "gi_W_z"),
                (gi_star, &spdep, "gistar_B_z"),
                (gi_star, &spdep, "gistar_W_z"),
            ] {
                // spdep prints fifteen digits.
                let slack = if file == &spdep { 1e-8 } else { 1e-9 };
                for (unit, (ours, theirs)) in
                    method(&values, &weights).iter().zip(column(file, name)).enumerate()
                {
                    let Ok(z) = ours.z else {
                        // Islands of Gi: R says NaN, esda 0/0.
                        assert!(!theirs.is_finite() || weights.count(unit) == 0, "{case} {unit}");
                        continue;
                    };
                    assert!((z - theirs).abs() <= slack, "{case} {name} {unit}: {z} {theirs}");
                    compared += 1;
                }
            }
            let ours = counts(&values, &weights, Null::Conditional, DRAWS);
            let error = conditional_p(&esda, &ours, &weights);
            assert!(error.is_empty(), "{case}: {error:?}");
            compared += 2 * values.len();
        }
    }
    println!("gi_agrees_with_esda_and_spdep: {compared} values compared");
}

/// Units whose p differs by more than chance explains.
fn conditional_p(esda: &Path, ours: &Counts, weights: &Neighbours) -> Vec<(usize, f64, f64)> {
    let mut wrong = Vec::new();
    for (name, upper) in [("gistar_perm_ge", true), ("gistar_perm_le", false)] {
        for (unit, count) in column(esda, name).into_iter().enumerate() {
            if weights.count(unit) == 0 {
                continue;
            }
            let theirs = (count + 1.0) / (REFERENCE_DRAWS + 1.0);
            let ours_p = if upper { ours.upper(unit) } else { ours.lower(unit) };
            let p = f64::midpoint(theirs, ours_p);
            let spread =
                p * (1.0 - p) * (1.0 / REFERENCE_DRAWS + 1.0 / f64::from(ours.permutations));
            if (theirs - ours_p).abs() > 4.0 * spread.sqrt() + 1e-9 {
                wrong.push((unit, ours_p, theirs));
            }
        }
    }
    wrong
}

#[test]
fn benjamini_hochberg_agrees_with_statsmodels() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        for file in fs::read_dir(oracles.join("fdr_bh")).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|it| it != "csv") {
                continue;
            }
            let p = column(&path, "p");
            let ours = adjusted(&p);
            let theirs = column(&path, "fdr_bh_adjusted");
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!((ours - theirs).abs() <= 1e-12, "{}: {ours} {theirs}", path.display());
            }
            let (names, rows) = table(&path);
            for rate in ["0.1", "0.05", "0.01"] {
                let place = names.iter().position(|it| *it == format!("bh_reject_{rate}")).unwrap();
                let cut = cut_off(&p, rate.parse().unwrap());
                for (p, row) in p.iter().zip(&rows) {
                    let ours = cut.is_some_and(|cut| *p <= cut);
                    assert_eq!(ours, row[place] == "true", "{} {rate}", path.display());
                }
            }
            compared += p.len();
        }
    }
    println!("benjamini_hochberg_agrees_with_statsmodels: {compared} values compared");
}

/// A missing cell is no zero: dropping it from sums, neighbours and pool is what the reference
/// asks for; and a map of all the same has no hotspot.
#[test]
fn missing_and_constant_maps_are_answered_with_care() {
    let queen = |cells: &[i32]| {
        let near =
            |a: i32, b: i32| a != b && (a / 4 - b / 4).abs() <= 1 && (a % 4 - b % 4).abs() <= 1;
        let pairs = cells.iter().enumerate().flat_map(|(i, a)| {
            cells.iter().enumerate().filter(move |(_, b)| near(*a, **b)).map(move |(j, _)| (i, j))
        });
        Neighbours::from_pairs(cells.len(), pairs)
    };
    let without: Vec<i32> = (0..16).filter(|cell| *cell != 5).collect();
    let values: Vec<f64> = without.iter().map(|cell| f64::from(*cell)).collect();
    let local = gi_star(&values, &queen(&without));
    // esda on the grid without cell 5 (oracles/edge_cases, nan_dropped), worked by hand too.
    assert!((local[0].z.unwrap() + 2.381_176_179_958_132_4).abs() < 1e-9);
    assert!((local[14].z.unwrap() - 2.313_399_702_130_650_5).abs() < 1e-9);

    let all: Vec<i32> = (0..16).collect();
    let constant = counts(&[3.0; 16], &queen(&all), Null::Total, DRAWS);
    assert!((0..16).all(|cell| constant.upper(cell) == 1.0));
}

/// Pure noise: the share of maps that show any hotspot at 5 % must not be above 5 %, apart from
/// what 200 maps leave to chance. (The usual recipe, the normal p, shows one on most.)
#[test]
fn noise_shows_no_more_hotspots_than_it_may() {
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng, SeedableRng},
    };
    let (side, maps) = (20_usize, 200_u32);
    let pairs = (0..side * side).flat_map(|a| {
        (a + 1..side * side).filter_map(move |b| {
            let (row, col) = ((a / side).abs_diff(b / side), (a % side).abs_diff(b % side));
            (row <= 1 && col <= 1).then_some((a, b))
        })
    });
    let weights = Neighbours::from_pairs(side * side, pairs);
    let mut random = ChaCha8Rng::seed_from_u64(20_250_310);
    let mut alarms = 0_u32;
    for map in 0..maps {
        // A plot in one cell of twelve, now and then two: sparse, as a season is.
        let values: Vec<f64> = (0..side * side)
            .map(|_| match random.next_u32() % 60 {
                0..=3 => 1.0,
                4 => 2.0,
                _ => 0.0,
            })
            .collect();
        let draws = Draws { permutations: 9_999, seed: u64::from(map), analysis: "noise" };
        let shuffled = counts(&values, &weights, Null::Total, draws);
        let p: Vec<f64> = (0..values.len()).map(|cell| shuffled.upper(cell)).collect();
        alarms += u32::from(cut_off(&p, 0.05).is_some());
    }
    // Of 200 maps at 5 %: more than 18 has a chance under 1 %.
    println!("noise_shows_no_more_hotspots_than_it_may: {alarms} of {maps} maps");
    assert!(alarms <= 18, "{alarms} of {maps} maps of noise show a hotspot");
}
