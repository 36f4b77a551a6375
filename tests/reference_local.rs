//! Local statistics, their permutations and their adjustments against the peers' answers in
//! `POPPYWATCH_REFERENCE`; edge cases stand here by themselves too.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use poppywatch::analysis::{
    chance::{
        draws::Draws,
        permutation::{Counts, Null, Statistic, neighbour_counts, weighted_counts},
        significance::{Adjust, cut_off},
    },
    local::{
        getis_ord::{NoZ, gi, gi_star},
        join_counts::local_join_counts,
        moran::{Quadrant, local_moran},
    },
    watch::Nobody,
    weights::{Neighbours, Weights},
};

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracles() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles");
    folder.is_dir().then_some(folder)
}

/// A table by columns.
struct Table {
    path: PathBuf,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: PathBuf) -> Self {
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        Self { path, names, rows: rows.collect() }
    }

    fn texts(&self, name: &str) -> Vec<&str> {
        let place = self.names.iter().position(|it| it == name);
        let place = place.unwrap_or_else(|| panic!("{} has no {name}", self.path.display()));
        self.rows.iter().map(|row| row[place].as_str()).collect()
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.texts(name).into_iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect()
    }
}

/// Values and weights of a case.
fn case(folder: &Path) -> (Vec<f64>, Weights) {
    let values = Table::read(folder.join("input.csv")).numbers("value");
    let links = Table::read(folder.join("weights.csv"));
    let mut rows = vec![Vec::new(); values.len()];
    for ((i, j), w) in links.numbers("i").iter().zip(links.numbers("j")).zip(links.numbers("w")) {
        rows[*i as usize].push((j as u32, w));
    }
    (values, Weights::from_rows(rows).unwrap())
}

/// With every unit in its own row at weight 1, each row summing to 1: esda's and GeoDa's G* of
/// row-standardised weights.
fn star_standardised(weights: &Weights) -> Weights {
    let with = |i: usize| weights.row(i).chain([(i, 1.0)]).map(|(j, w)| (j as u32, w)).collect();
    Weights::from_rows((0..weights.len()).map(with).collect()).unwrap().row_standardised()
}

/// Compares what is a number on both sides; how many those were.
fn same(what: &str, ours: &[Option<f64>], theirs: &[f64], slack: f64) -> usize {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let mut compared = 0;
    for (unit, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        match ours {
            Some(ours) => {
                let near = (ours - theirs).abs() <= slack * theirs.abs().max(1.0);
                assert!(near, "{what} {unit}: {ours} {theirs}");
                compared += 1;
            }
            None => assert!(!theirs.is_finite(), "{what} {unit}: nothing, and {theirs}"),
        }
    }
    compared
}

const DRAWS: Draws<'_> = Draws { permutations: 99_999, seed: 1, analysis: "reference" };

/// Compares a p with theirs of so many permutations: within four standard errors.
fn same_chance(what: &str, ours: f64, theirs: f64, their_permutations: f64) {
    let p = f64::midpoint(theirs, ours);
    let spread = p * (1.0 - p) * (1.0 / their_permutations + 1.0 / f64::from(DRAWS.permutations));
    let apart = (theirs - ours).abs();
    // The rule adds one above and below the line on both sides.
    let slack = 4.0 * spread.sqrt() + 1.0 / their_permutations;
    assert!(apart <= slack, "{what}: {ours} {theirs}");
}

/// Compares the counts of 9,999 permutations with ours; how many.
fn same_counts(what: &str, ours: &Counts, table: &Table, prefix: &str, weights: &Weights) -> usize {
    let mut compared = 0;
    for (name, upper) in [("perm_ge", true), ("perm_le", false)] {
        for (unit, count) in table.numbers(&format!("{prefix}_{name}")).into_iter().enumerate() {
            if weights.places(unit).is_empty() {
                continue; // esda makes one thing of nothing, and R another
            }
            let p = if upper { ours.upper(unit) } else { ours.lower(unit) };
            same_chance(
                &format!("{what} {prefix}_{name} {unit}"),
                p,
                (count + 1.0) / 10_000.0,
                9999.0,
            );
            compared += 1;
        }
    }
    compared
}

fn counts(values: &[f64], weights: &Weights, of: Statistic, null: Null) -> Counts {
    weighted_counts(values, weights, of, null, DRAWS, &Nobody).unwrap()
}

/// esda's z of row-standardised weights is a known defect and is not asked for; spdep's is the same
/// as that of binary ones, and so is ours.
#[test]
fn gi_agrees_with_esda_and_spdep() {
    let (mut cases, mut compared) = (0, 0);
    for folder in folders("local_gi") {
        let name = folder.display().to_string();
        let (values, binary) = case(&folder);
        let standardised = binary.row_standardised();
        let spdep = Table::read(folder.join("expected_spdep.csv"));
        let z = |weights: &Weights, star: bool| -> Vec<Option<f64>> {
            let all = if star { gi_star(&values, weights) } else { gi(&values, weights) };
            all.into_iter().map(|local| local.z.ok()).collect()
        };
        // spdep prints fifteen digits.
        for (column, weights, star) in [
            ("gi_B_z", &binary, false),
            ("gi_W_z", &standardised, false),
            ("gistar_B_z", &binary, true),
            ("gistar_W_z", &standardised, true),
        ] {
            if spdep.names.iter().any(|it| it == column) {
                compared += same(&name, &z(weights, star), &spdep.numbers(column), 1e-9);
            }
        }
        cases += 1;
        let path = folder.join("expected_esda.csv");
        if !path.exists() {
            continue;
        }
        let esda = Table::read(path);
        let star = star_standardised(&binary);
        for (prefix, weights, is_star) in [
            ("gi_B", &binary, false),
            ("gi_R", &standardised, false),
            ("gistar_B", &binary, true),
            ("gistar_R", &star, true),
        ] {
            let locals = if is_star { gi_star(&values, weights) } else { gi(&values, weights) };
            let of = |figure: fn(&poppywatch::analysis::local::getis_ord::Share) -> f64| {
                locals.iter().map(|local| local.share.as_ref().map(figure)).collect::<Vec<_>>()
            };
            let theirs = |column: &str| esda.numbers(&format!("{prefix}_{column}"));
            compared += same(&name, &of(|share| share.g), &theirs("G"), 1e-9);
            compared += same(&name, &of(|share| share.expected), &theirs("E"), 1e-9);
            if prefix.ends_with('B') {
                compared += same(&name, &of(|share| share.variance), &theirs("V"), 1e-9);
                compared += same(&name, &z(weights, is_star), &theirs("z"), 1e-9);
            }
        }
        for (prefix, of) in [("gi", Statistic::Gi), ("gistar", Statistic::GiStar)] {
            let ours = counts(&values, &binary, of, Null::Conditional);
            compared += same_counts(&name, &ours, &esda, prefix, &binary);
        }
    }
    println!("gi_agrees_with_esda_and_spdep: {cases} cases, {compared} values compared");
}

/// The folders of a family of cases; none where there is no reference.
fn folders(family: &str) -> Vec<PathBuf> {
    let Some(oracles) = oracles() else { return Vec::new() };
    let entries = fs::read_dir(oracles.join(family)).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// spdep scales as we do; esda and GeoDa have (n − 1)/n of it, and esda's moments are ours.
#[test]
fn local_moran_agrees_with_spdep_esda_and_geoda() {
    let (mut cases, mut compared) = (0, 0);
    for folder in folders("local_moran") {
        let name = folder.display().to_string();
        let (values, binary) = case(&folder);
        let standardised = binary.row_standardised();
        let n = values.len() as f64;
        let ours = local_moran(&values, &standardised);
        let scaled = |ours: &[poppywatch::analysis::local::moran::LocalMoran], factor: f64| {
            ours.iter().map(|one| one.statistic.map(|i| i * factor)).collect::<Vec<_>>()
        };
        cases += 1;
        if folder.join("expected_spdep.csv").exists() {
            let spdep = Table::read(folder.join("expected_spdep.csv"));
            let moments = |total: bool, variance: bool| -> Vec<Option<f64>> {
                let of = |one: &poppywatch::analysis::local::moran::LocalMoran| {
                    let moments = if total { one.total } else { one.conditional };
                    moments.map(|it| if variance { it.variance } else { it.expected })
                };
                ours.iter().map(of).collect()
            };
            compared += same(&name, &scaled(&ours, 1.0), &spdep.numbers("I"), 1e-9);
            for (column, total, variance) in [
                ("E_cond", false, false),
                ("V_cond", false, true),
                ("E_total", true, false),
                ("V_total", true, true),
            ] {
                compared += same(&name, &moments(total, variance), &spdep.numbers(column), 1e-9);
            }
            let z: Vec<Option<f64>> = ours.iter().map(|one| one.z.ok()).collect();
            compared += same(&name, &z, &spdep.numbers("z_cond"), 1e-9);
            for (one, word) in ours.iter().zip(spdep.texts("quad_mean")) {
                let Some(quadrant) = one.quadrant else { continue };
                let word: String = word.split('-').map(|part| &part[..1]).collect();
                assert_eq!(quadrant.word(), word, "{name}");
                compared += 1;
            }
        }
        if folder.join("expected_esda.csv").exists() {
            let esda = Table::read(folder.join("expected_esda.csv"));
            for (prefix, weights) in [("r", &standardised), ("b", &binary)] {
                let ours = local_moran(&values, weights);
                let theirs = |column: &str| esda.numbers(&format!("{prefix}_{column}"));
                compared += same(&name, &scaled(&ours, (n - 1.0) / n), &theirs("I"), 1e-9);
                for (column, total) in [("total", true), ("cond", false)] {
                    let moments = |variance: bool| -> Vec<Option<f64>> {
                        let of = |one: &poppywatch::analysis::local::moran::LocalMoran| {
                            let moments = if total { one.total } else { one.conditional };
                            moments.map(|it| if variance { it.variance } else { it.expected })
                        };
                        ours.iter().map(of).collect()
                    };
                    let (e, v) = (theirs(&format!("EI_{column}")), theirs(&format!("VI_{column}")));
                    compared += same(&name, &moments(false), &e, 1e-9);
                    compared += same(&name, &moments(true), &v, 1e-9);
                }
                for (one, code) in ours.iter().zip(theirs("quad_esda")) {
                    let Some(quadrant) = one.quadrant else { continue };
                    let word = ["", "HH", "LH", "LL", "HL"][code as usize];
                    assert_eq!(quadrant.word(), word, "{name}");
                    compared += 1;
                }
                let chance = counts(&values, weights, Statistic::Moran, Null::Conditional);
                compared += same_counts(&name, &chance, &esda, prefix, weights);
            }
        }
        if folder.join("expected_pygeoda.csv").exists() {
            compared += agrees_with_geoda(&name, &folder, &values, &binary);
        }
    }
    println!("local_moran_agrees_with_its_peers: {cases} cases, {compared} values compared");
}

/// GeoDa's values are means of neighbours; its p is that of the nearer tail.
fn agrees_with_geoda(name: &str, folder: &Path, values: &[f64], binary: &Weights) -> usize {
    let geoda = Table::read(folder.join("expected_pygeoda.csv"));
    let n = values.len() as f64;
    let standardised = binary.row_standardised();
    let moran = local_moran(values, &standardised);
    let statistics: [(&str, Statistic, Vec<Option<f64>>); 3] = [
        (
            "moran",
            Statistic::Moran,
            moran.iter().map(|it| it.statistic.map(|i| i * (n - 1.0) / n)).collect(),
        ),
        (
            "g",
            Statistic::Gi,
            gi(values, &standardised).iter().map(|it| it.share.map(|s| s.g)).collect(),
        ),
        (
            "gstar",
            Statistic::GiStar,
            gi_star(values, &star_standardised(binary))
                .iter()
                .map(|it| it.share.map(|s| s.g))
                .collect(),
        ),
    ];
    let mut compared = 0;
    for (word, of, statistic) in statistics {
        compared += same(name, &statistic, &geoda.numbers(&format!("{word}_value")), 1e-9);
        let ours = counts(values, &standardised, of, Null::Conditional);
        let clusters = geoda.numbers(&format!("{word}_cluster_at_0.05"));
        for (unit, theirs) in geoda.numbers(&format!("{word}_p")).into_iter().enumerate() {
            let p = ours.upper(unit).min(ours.lower(unit));
            // Its look-up table draws the first and the last unit half as often and its seeds share
            // most of their luck: esda's counts, which ours do meet, lie as far from it.
            assert!((p - theirs).abs() < 0.04, "{name} {word} {unit}: {p} {theirs}");
            compared += 1;
            // Near the line chance decides which side a cluster is on.
            if theirs < 0.04 && of == Statistic::Moran {
                let code = match moran[unit].quadrant.unwrap() {
                    Quadrant::HighHigh => 1.0,
                    Quadrant::LowLow => 2.0,
                    Quadrant::LowHigh => 3.0,
                    Quadrant::HighLow => 4.0,
                };
                assert_eq!(code, clusters[unit], "{name} {unit}");
            } else if theirs < 0.04 {
                let hot = ours.upper(unit) < ours.lower(unit);
                assert_eq!(if hot { 1.0 } else { 2.0 }, clusters[unit], "{name} {word} {unit}");
            }
        }
    }
    compared
}

#[test]
fn adjustments_agree_with_statsmodels() {
    let (mut cases, mut compared) = (0, 0);
    let files =
        oracles().into_iter().flat_map(|oracles| fs::read_dir(oracles.join("fdr_bh")).unwrap());
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|it| it != "csv") {
            continue;
        }
        let table = Table::read(path);
        let p = table.numbers("p");
        for (column, way) in [
            ("fdr_bh_adjusted", Adjust::BenjaminiHochberg),
            ("scipy_bh_adjusted", Adjust::BenjaminiHochberg),
            ("fdr_by_adjusted", Adjust::BenjaminiYekutieli),
            ("bonferroni_adjusted", Adjust::Bonferroni),
            ("holm_adjusted", Adjust::Holm),
        ] {
            let ours: Vec<Option<f64>> = way.adjusted(&p).into_iter().map(Some).collect();
            compared += same(column, &ours, &table.numbers(column), 1e-12);
        }
        for rate in ["0.1", "0.05", "0.01"] {
            let cut = cut_off(&p, rate.parse().unwrap());
            for (p, theirs) in p.iter().zip(table.texts(&format!("bh_reject_{rate}"))) {
                assert_eq!(cut.is_some_and(|cut| *p <= cut), theirs == "true", "{rate}");
                compared += 1;
            }
        }
        cases += 1;
    }
    println!("adjustments_agree_with_statsmodels: {cases} cases, {compared} values compared");
}

/// Queen neighbours on a grid so many cells wide, of some of its cells.
fn queen(side: i32, cells: &[i32]) -> Neighbours {
    let near = |a: i32, b: i32| {
        a < b && (a / side - b / side).abs() <= 1 && (a % side - b % side).abs() <= 1
    };
    let pairs = cells.iter().enumerate().flat_map(|(i, a)| {
        cells.iter().enumerate().filter(move |(_, b)| near(*a, **b)).map(move |(j, _)| (i, j))
    });
    Neighbours::from_pairs(cells.len(), pairs)
}

const FEW_DRAWS: Draws<'_> = Draws { permutations: 999, ..DRAWS };

/// Every p of every method is 1 and no z is given.
fn says_nothing(values: &[f64], weights: &Neighbours, why: NoZ) {
    for of in [Statistic::Gi, Statistic::GiStar, Statistic::Moran] {
        for null in Null::ALL {
            let counts = neighbour_counts(values, weights, of, null, FEW_DRAWS);
            for unit in 0..values.len() {
                if matches!(why, NoZ::Constant)
                    || null == Null::Conditional && why == NoZ::Saturated
                {
                    assert_eq!(
                        (counts.upper(unit), counts.lower(unit)),
                        (1.0, 1.0),
                        "{of:?} {null:?}"
                    );
                }
            }
        }
    }
    assert!(gi(values, weights).iter().all(|one| one.z == Err(why)));
    assert!(gi_star(values, weights).iter().all(|one| one.z == Err(why)));
    assert!(local_moran(values, weights).iter().all(|one| one.z == Err(why)));
}

/// What `edge_cases` says that ours should do, with the numbers of its entries where they are right.
#[test]
fn edge_cases_are_answered_as_they_should() {
    let all: Vec<i32> = (0..16).collect();
    says_nothing(&[3.0; 16], &queen(4, &all), NoZ::Constant);
    says_nothing(&[0.0; 16], &queen(4, &all), NoZ::Constant);
    says_nothing(&[4.0], &queen(4, &[0]), NoZ::TooFew);
    says_nothing(&[4.0, 1.0], &queen(4, &[0, 1]), NoZ::TooFew);
    let everyone = Neighbours::from_pairs(6, (0..6).flat_map(|i| (0..i).map(move |j| (i, j))));
    says_nothing(&[1.0, 2.0, 3.0, 4.0, 5.0, 7.0], &everyone, NoZ::Saturated);
    let presence = local_join_counts(&[1.0; 4], &queen(4, &[0, 1, 2, 3])).unwrap();
    assert!(presence.iter().all(|one| one.z == Err(NoZ::Constant)));

    // A missing cell is no zero: dropped from sums, neighbours and pool.
    let without: Vec<i32> = (0..16).filter(|cell| *cell != 5).collect();
    let values: Vec<f64> = without.iter().map(|cell| f64::from(*cell)).collect();
    let dropped = gi_star(&values, &queen(4, &without));
    assert!((dropped[0].z.unwrap() + 2.381_176_179_958_132_4).abs() < 1e-9);

    // An island stays in the mean, the variance and the pool, and has no Gi and no I; its Gi* is
    // that of a neighbourhood of one.
    let island = Neighbours::from_pairs(4, [(0, 1), (1, 2)]);
    let values = [1.0, 5.0, 2.0, 9.0];
    let (of_gi, of_star) = (gi(&values, &island), gi_star(&values, &island));
    let of_moran = local_moran(&values, &Weights::binary(&island).row_standardised());
    assert_eq!((of_gi[3].z, of_moran[3].z), (Err(NoZ::Island), Err(NoZ::Island)));

    let mut compared = 0;
    if let Some(oracles) = oracles() {
        let text = fs::read_to_string(oracles.join("edge_cases/expected.json")).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        let numbers = |case: &str, peer: &str, column: &str| -> Vec<f64> {
            let list = expected[case][peer][column].as_array().unwrap();
            list.iter().map(|it| it.as_f64().unwrap_or(f64::NAN)).collect()
        };
        let peer = "esda_G_Local_star_without_id_5";
        let z: Vec<Option<f64>> = dropped.iter().map(|one| one.z.ok()).collect();
        compared += same("nan_dropped z", &z, &numbers("nan_dropped", peer, "z"), 1e-9);
        let g: Vec<Option<f64>> = dropped.iter().map(|one| one.share.map(|it| it.g)).collect();
        compared += same("nan_dropped G", &g, &numbers("nan_dropped", peer, "G"), 1e-9);
        let z: Vec<Option<f64>> = of_star.iter().map(|one| one.z.ok()).collect();
        compared += same("island Gi*", &z, &numbers("island", "esda_G_Local_star", "z"), 1e-9);
        let i: Vec<Option<f64>> =
            of_moran.iter().map(|one| one.statistic.map(|i| i * 0.75)).collect();
        compared += same("island I", &i, &numbers("island", "esda_Moran_Local", "I"), 1e-9);
    }
    println!("edge_cases_are_answered_as_they_should: {compared} values compared");
}

/// Pure noise, mostly zeros: an empty neighbourhood among empty ones is no cold spot.
#[test]
fn ties_count_in_both_tails_on_a_map_of_zeros() {
    let mut compared = 0;
    if let Some(folder) = oracles().map(|it| it.join("edge_cases")) {
        let values = Table::read(folder.join("zero_inflated_input.csv")).numbers("value");
        let cells: Vec<i32> = (0..900).collect();
        let weights = queen(30, &cells);
        let expected = Table::read(folder.join("zero_inflated_expected.csv"));
        let z: Vec<Option<f64>> = gi_star(&values, &weights).iter().map(|one| one.z.ok()).collect();
        compared += same("zero_inflated z", &z, &expected.numbers("esda_z_B"), 1e-9);
        let ours = neighbour_counts(&values, &weights, Statistic::GiStar, Null::Conditional, DRAWS);
        let (upper, lower) =
            (expected.numbers("p_greater_ties_counted"), expected.numbers("p_less_ties_counted"));
        for unit in 0..900 {
            same_chance("greater", ours.upper(unit), upper[unit], 999.0);
            same_chance("less", ours.lower(unit), lower[unit], 999.0);
            compared += 2;
            let around = weights.of(unit).iter().map(|j| values[*j as usize]);
            if around.sum::<f64>() == 0.0 {
                assert_eq!(ours.upper(unit), 1.0);
                assert!(ours.lower(unit) > 0.3);
            }
        }
    }
    println!("ties_count_in_both_tails_on_a_map_of_zeros: {compared} values compared");
}
