//! Trends and pairs in time against the peers' answers in `POPPYWATCH_REFERENCE`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use geo_types::Coord;
use poppywatch::analysis::{
    chance::{draws::Draws, tally::Tail},
    time::{
        knox::{Reach, knox},
        mann_kendall::{NoTrend, Orders, mann_kendall},
        near_repeat::{Limits, near_repeat},
        sen::sen,
    },
    watch::Nobody,
};
use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracles() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles");
    folder.is_dir().then_some(folder)
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (names, rows.collect())
}

/// S, variance, z, p, tau, slope and exact p of pymannkendall, SciPy and R's Kendall.
#[test]
fn mann_kendall_agrees_with_its_peers() {
    let (mut cases, mut compared) = (0, 0);
    if let Some(oracles) = oracles() {
        let folder = oracles.join("mann_kendall");
        let orders = Orders::up_to(50);
        let expected = json(&folder.join("expected.json"));
        let (_, of_r) = table(&folder.join("expected_kendall_r.csv"));
        for (name, case) in expected.as_object().unwrap() {
            cases += 1;
            // A missing value is written as a text.
            let values: Vec<Option<f64>> =
                case["x"].as_array().unwrap().iter().map(Value::as_f64).collect();
            let ours = mann_kendall(&values, &orders).unwrap();
            let known: Vec<(f64, f64)> = values
                .iter()
                .enumerate()
                .filter_map(|(time, value)| Some((time as f64, (*value)?)))
                .collect();
            let line = sen(&known, 0.95, &orders).unwrap();
            let mut same = |what: &str, theirs: &Value, ours: Option<f64>| {
                let (Some(theirs), Some(ours)) = (theirs.as_f64(), ours) else {
                    // Of a constant series SciPy has no tau-b, and of ties no exact p.
                    assert!(theirs.as_f64().is_none(), "{name} {what}: {theirs} {ours:?}");
                    return;
                };
                assert!((theirs - ours).abs() <= 1e-10, "{name} {what}: {theirs} {ours}");
                compared += 1;
            };
            same("S", &case["S"], Some(ours.s as f64));
            same("var_s", &case["var_s"], Some(ours.variance));
            // A constant series has no z of ours; theirs is 0.
            same("z", &case["z"], Some(ours.z.unwrap_or(0.0)));
            same("p", &case["p"], Some(ours.normal.two_sided));
            same("tau", &case["tau_pymk"], Some(ours.tau_a));
            same("tau-b", &case["tau_b_scipy"], ours.tau_b);
            same("slope", &case["slope"], Some(line.slope));
            same("intercept", &case["intercept"], Some(line.intercept));
            if case["p_exact_scipy"].is_number() {
                same("exact", &case["p_exact_scipy"], Some(ours.exact.unwrap().two_sided));
            }
            let trend = match case["trend_at_0_10"].as_str().unwrap() {
                "no trend" => 0,
                "increasing" => 1,
                _ => -1,
            };
            let found = if ours.normal.two_sided < 0.10 { ours.s.signum() } else { 0 };
            assert_eq!(found, trend, "{name}");
            // Single precision; its p of a constant series is 1 and its tau too.
            if let Some(row) = of_r.iter().find(|row| row[0] == *name) {
                let number = |at: usize| row[at].parse::<f64>().unwrap();
                assert_eq!((ours.count as f64, ours.s as f64), (number(1), number(4)), "{name}");
                assert!((ours.variance - number(6)).abs() < 1e-4, "{name}");
                assert!((ours.normal.two_sided - number(3)).abs() < 1e-5, "{name}");
                if let Some(tau) = ours.tau_b {
                    assert!((tau - number(2)).abs() < 1e-5, "{name}");
                }
                compared += 5;
            }
            assert!(ours.p(Tail::TwoSided) <= 1.0);
        }
        assert_eq!(mann_kendall(&[Some(1.0)], &orders), Err(NoTrend::TooFew));
    }
    println!("mann_kendall_agrees_with_its_peers: {cases} cases, {compared} values compared");
}

fn burkitt(folder: &Path) -> (Vec<Coord<f64>>, Vec<f64>) {
    let (_, rows) = table(&folder.join("points.csv"));
    let number = |row: &[String], at: usize| row[at].parse::<f64>().unwrap();
    let points = rows.iter().map(|row| Coord { x: number(row, 1), y: number(row, 2) });
    (points.collect(), rows.iter().map(|row| number(row, 3)).collect())
}

/// Counts and expectations of surveillance; its Poisson p is P(X > n), ours P(X ≥ n).
#[test]
fn knox_agrees_with_surveillance() {
    let mut cases = 0;
    if let Some(oracles) = oracles() {
        let folder = oracles.join("knox");
        let (points, times) = burkitt(&folder);
        let expected = json(&folder.join("expected_surveillance.json"));
        let draws = Draws { permutations: 9_999, seed: 1, analysis: "reference" };
        for (name, case) in expected.as_object().unwrap() {
            let Some((delta, tau)) =
                name.strip_prefix("delta").and_then(|rest| rest.split_once("_tau"))
            else {
                continue;
            };
            cases += 1;
            let reach = Reach { delta: delta.parse().unwrap(), tau: tau.parse().unwrap() };
            let ours = knox(&points, &times, reach, draws, &Nobody).unwrap().unwrap();
            let theirs: Vec<u64> =
                case["table"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect();
            let [both, a, b, neither] = theirs[..] else { panic!("{name}") };
            assert_eq!(ours.both, both, "{name}");
            assert_eq!(ours.pairs, both + a + b + neither, "{name}");
            // Their table is by time in one direction and by space in the other.
            let margins = [ours.near - both, ours.soon - both];
            assert!(margins == [a, b] || margins == [b, a], "{name}: {margins:?} {theirs:?}");
            let mean = case["expected"].as_f64().unwrap();
            assert!((ours.expected - mean).abs() <= 1e-12 * mean, "{name}");
            // P(X ≥ n) = P(X > n) + P(X = n).
            let n = both as f64;
            let at_n =
                (n * mean.ln() - mean - (1..=both).map(|k| (k as f64).ln()).sum::<f64>()).exp();
            let theirs = case["p_poisson"].as_f64().unwrap() + at_n;
            assert!((ours.poisson - theirs).abs() <= 1e-12, "{name}: {} {theirs}", ours.poisson);
            // The permutation p agrees with the Poisson one as far as a rare event is Poisson.
            assert!((ours.tally.upper() - ours.poisson).abs() < 0.05, "{name}: {ours:?}");
        }
    }
    println!("knox_agrees_with_surveillance: {cases} cases");
}

/// Observed of NearRepeat exactly; its ratios and p within what its 999 shuffles leave to chance.
#[test]
fn near_repeat_agrees_with_its_peer() {
    let mut compared = 0;
    if let Some(oracles) = oracles() {
        let folder = oracles.join("knox");
        let (points, times) = burkitt(&folder);
        let limits = |list: &[f64]| Limits::new(list.to_vec()).unwrap();
        let space = limits(&[0.0, 0.001, 5.0, 10.0, 20.0, 40.0]);
        let time = limits(&[0.0, 30.0, 60.0, 180.0, 365.0, 730.0]);
        let (names, observed) = table(&folder.join("near_repeat_observed.csv"));
        assert_eq!(names[1..], time.shown());
        assert!(observed.iter().zip(space.shown()).all(|(row, shown)| row[0] == shown));
        let (_, ratios) = table(&folder.join("near_repeat_ratio_mean.csv"));
        let (_, p) = table(&folder.join("near_repeat_p.csv"));
        let draws = Draws { permutations: 9_999, seed: 1, analysis: "reference" };
        let ours = near_repeat(&points, &times, (&space, &time), draws, &Nobody).unwrap().unwrap();
        for cell in &ours.cells {
            let of = |rows: &[Vec<String>]| rows[cell.space][cell.time + 1].parse::<f64>().unwrap();
            assert_eq!(cell.observed as f64, of(&observed), "{cell:?}");
            // The mean of 999 counts that scatter about as Poisson ones do.
            let spread = (cell.expected / 999.0).sqrt();
            let ratio = of(&ratios);
            if ratio > 0.0 {
                let mean = cell.observed as f64 / ratio;
                assert!((mean - cell.expected).abs() <= 5.0 * spread, "{cell:?} {mean}");
            } else {
                assert_eq!(cell.observed, 0);
            }
            let (ours, theirs) = (cell.tally.upper(), of(&p));
            let p = f64::midpoint(ours, theirs);
            let error = (p * (1.0 - p) * (1.0 / 9_999.0 + 1.0 / 999.0)).sqrt();
            assert!((ours - theirs).abs() <= 4.0 * error + 1e-3, "{cell:?} {theirs}");
            compared += 3;
        }
    }
    println!("near_repeat_agrees_with_its_peer: {compared} values compared");
}
