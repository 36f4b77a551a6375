//! Scan statistics against SaTScan's answers in `POPPYWATCH_REFERENCE`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use geo_types::Coord;
use poppywatch::analysis::{
    chance::draws::Draws,
    scan::{Model, Question, Ring, Scan, Scope, Windows, scan},
    watch::Nobody,
};

const DRAWS: Draws<'_> = Draws { permutations: 999, seed: 1, analysis: "reference" };

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracle(case: &str) -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles/scan");
    let folder = folder.join(case);
    folder.is_dir().then_some(folder)
}

/// A table: its rows by column name.
fn table(path: &Path) -> Vec<HashMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn number(row: &HashMap<String, String>, name: &str) -> f64 {
    row[name].parse().unwrap_or_else(|_| panic!("{name}: {}", row[name]))
}

/// The places in the order of the coordinates, which is that of their ids.
struct Map {
    ids: HashMap<String, usize>,
    at: Vec<Coord>,
}

impl Map {
    fn read(folder: &Path) -> Self {
        let rows = table(&folder.join("coordinates.csv"));
        let ids = rows.iter().enumerate().map(|(nth, row)| (row["id"].clone(), nth)).collect();
        let at = rows.iter().map(|row| Coord { x: number(row, "x"), y: number(row, "y") });
        Self { ids, at: at.collect() }
    }

    /// A column by place and period; years other than the first are the next periods.
    fn column(&self, path: &Path, name: &str, first_year: i32, periods: usize) -> Vec<f64> {
        let mut all = vec![0.0; self.at.len() * periods];
        for row in table(path) {
            let year = row.get("year").map_or(first_year, |year| year.parse().unwrap());
            all[self.ids[&row["id"]] * periods + (year - first_year) as usize] +=
                number(&row, name);
        }
        all
    }
}

fn counts(values: &[f64]) -> Vec<u32> {
    values.iter().map(|value| *value as u32).collect()
}

/// Clusters with members exactly, ratios to 1e-4, expected to two decimals, p within four standard
/// errors, and the simulated maxima from the same distribution. How many values were compared.
fn compare(folder: &Path, map: &Map, ours: &Scan) -> usize {
    let mut compared = 0;
    let (theirs, members) =
        (table(&folder.join("expected_clusters.csv")), table(&folder.join("expected_members.csv")));
    // How many of the least remarkable are told depends on the poorest simulated map.
    assert!(ours.clusters.len() >= theirs.len());
    assert!(ours.clusters[theirs.len()..].iter().all(|cluster| cluster.p > 0.95));
    for (cluster, row) in ours.clusters.iter().zip(&theirs) {
        let close = |ours: f64, name: &str, slack: f64| {
            assert!((ours - number(row, name)).abs() <= slack, "{name}: {ours} {row:?}");
        };
        close(cluster.llr, "LLR", 1e-4);
        close(f64::from(cluster.observed), "OBSERVED", 0.0);
        close(cluster.expected, "EXPECTED", 0.005_001);
        close(cluster.ratio, "ODE", 0.005_001);
        close(cluster.relative_risk.unwrap(), "REL_RISK", 0.005_001);
        close(cluster.span.unwrap(), "SPAN", 0.005_001);
        // Where two centres have the same places, SaTScan may name the other.
        if map.ids[&row["LOC_ID"]] == cluster.centre {
            let Ring::Circle { radius } = cluster.ring else { panic!("a circle") };
            close(radius, "RADIUS", 0.005_001);
        }
        let gumbel = cluster.gumbel.unwrap();
        // Fitted to other maps: the same power of ten.
        assert!(
            (gumbel.log10() / number(row, "GBL_PVALUE").log10() - 1.0).abs() < 0.2 || gumbel > 0.5
        );
        let p = f64::midpoint(cluster.p, number(row, "P_VALUE"));
        close(cluster.p, "P_VALUE", 4.0 * (p * (1.0 - p) * 2.0 / 999.0).sqrt() + 1e-9);
        let mut held: Vec<usize> = cluster.members.iter().map(|member| member.place).collect();
        held.sort_unstable();
        let mut expected: Vec<usize> = members
            .iter()
            .filter(|member| member["CLUSTER"] == row["CLUSTER"])
            .map(|member| map.ids[&member["LOC_ID"]])
            .collect();
        expected.sort_unstable();
        assert_eq!(held, expected);
        for member in members.iter().filter(|member| member["CLUSTER"] == row["CLUSTER"]) {
            let place = map.ids[&member["LOC_ID"]];
            let ours = cluster.members.iter().find(|it| it.place == place).unwrap();
            assert_eq!(f64::from(ours.observed), number(member, "LOC_OBS"));
            assert!((ours.expected - number(member, "LOC_EXP")).abs() <= 0.005_001);
            compared += 2;
        }
        compared += 8 + held.len();
    }
    let theirs: Vec<f64> = table(&folder.join("expected_sim_max_llr.csv"))
        .iter()
        .map(|row| number(row, "max_llr"))
        .collect();
    let p = kolmogorov_smirnov(&ours.maxima, &theirs);
    assert!(p > 0.001, "simulated maxima: Kolmogorov-Smirnov p {p}");
    compared + theirs.len()
}

/// The asymptotic two-sample p.
fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> f64 {
    let below = |all: &[f64], x: f64| all.iter().filter(|it| **it <= x).count() as f64;
    let (n, m) = (a.len() as f64, b.len() as f64);
    let apart = a.iter().chain(b).map(|x| (below(a, *x) / n - below(b, *x) / m).abs());
    let root = (n * m / (n + m)).sqrt();
    let scaled = (root + 0.12 + 0.11 / root) * apart.fold(0.0, f64::max);
    let term =
        |k: i32| 2.0 * f64::from(k % 2 * 2 - 1) * (-2.0 * f64::from(k * k) * scaled * scaled).exp();
    (1..100).map(term).sum::<f64>().clamp(0.0, 1.0)
}

#[test]
fn spatial_poisson_agrees_with_satscan() {
    let mut compared = 0;
    if let Some(folder) = oracle("sids74_poisson") {
        let map = Map::read(&folder);
        let cases = counts(&map.column(&folder.join("cases.csv"), "cases", 0, 1));
        let population = map.column(&folder.join("population.csv"), "population", 1974, 1);
        let question = Question::on_places(&map.at, &cases, &population);
        let ours = scan(&question, DRAWS, &Nobody).unwrap().unwrap();
        compared += compare(&folder, &map, &ours);
        // smerc finds the same window; SpatialEpi's ratio is a known defect.
        let text = std::fs::read_to_string(folder.join("expected_r_purely_spatial.json")).unwrap();
        let smerc: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!((ours.clusters[0].llr - smerc["smerc_llr"].as_f64().unwrap()).abs() < 1e-8);
        compared += 1;
    }
    println!("spatial_poisson_agrees_with_satscan: {compared} values compared");
}

#[test]
fn spatial_bernoulli_agrees_with_satscan() {
    let mut compared = 0;
    if let Some(folder) = oracle("synthetic_bernoulli") {
        let map = Map::read(&folder);
        let cases = counts(&map.column(&folder.join("cases.csv"), "cases", 0, 1));
        let controls = counts(&map.column(&folder.join("controls.csv"), "controls", 0, 1));
        let question = Question {
            model: Model::Bernoulli { controls: &controls },
            ..Question::on_places(&map.at, &cases, &[])
        };
        compared += compare(&folder, &map, &scan(&question, DRAWS, &Nobody).unwrap().unwrap());
    }
    println!("spatial_bernoulli_agrees_with_satscan: {compared} values compared");
}

#[test]
fn space_time_poisson_agrees_with_satscan() {
    let mut compared = 0;
    if let Some(folder) = oracle("synthetic_spacetime_poisson") {
        let map = Map::read(&folder);
        let cases = counts(&map.column(&folder.join("cases.csv"), "cases", 2012, 8));
        let people = map.column(&folder.join("population.csv"), "population", 2012, 1);
        // SaTScan counts person-days: 2012 and 2016 were leap years.
        let days = [366.0, 365.0, 365.0, 365.0, 366.0, 365.0, 365.0, 365.0];
        let population: Vec<f64> =
            people.iter().flat_map(|people| days.map(|days| people * days)).collect();
        let question = Question {
            periods: 8,
            scope: Scope::SpaceTime,
            ..Question::on_places(&map.at, &cases, &population)
        };
        let ours = scan(&question, DRAWS, &Nobody).unwrap().unwrap();
        compared += compare(&folder, &map, &ours);
        for (cluster, row) in ours.clusters.iter().zip(table(&folder.join("expected_clusters.csv")))
        {
            let year = |period: usize| (2012 + period).to_string();
            assert!(row["START_DATE"].starts_with(&year(cluster.first)));
            assert!(row["END_DATE"].starts_with(&year(cluster.last)));
            compared += 2;
        }
        // All periods together: what smerc and SpatialEpi find.
        let question = Question {
            scope: Scope::Spatial,
            windows: Windows::Circles { at: &map.at },
            ..question
        };
        let none = Draws { permutations: 0, ..DRAWS };
        let spatial = scan(&question, none, &Nobody).unwrap().unwrap();
        let text = std::fs::read_to_string(folder.join("expected_r_purely_spatial.json")).unwrap();
        let peers: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!((spatial.clusters[0].llr - peers["smerc_llr"].as_f64().unwrap()).abs() < 1e-8);
        compared += 1;
    }
    println!("space_time_poisson_agrees_with_satscan: {compared} values compared");
}
