//! Point clusters against the answers of scikit-learn, hdbscan and R in `POPPYWATCH_REFERENCE`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use geo_types::Coord;
use poppywatch::analysis::{
    clusters::{
        dbscan::{Dense, Density, dbscan},
        hdbscan::{Groups, Sizes, hdbscan},
        k_distance::k_distances,
        points::Points,
        st_dbscan::st_dbscan,
    },
    watch::Nobody,
};

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn folder() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles/dbscan");
    folder.is_dir().then_some(folder)
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let place = reader.headers().unwrap().iter().position(|it| it == name);
    let place = place.unwrap_or_else(|| panic!("{name}"));
    reader.records().map(|row| row.unwrap()[place].parse().unwrap()).collect()
}

struct Case {
    folder: PathBuf,
    points: Vec<Coord<f64>>,
    times: Vec<f64>,
}

impl Case {
    fn of(folder: PathBuf) -> Self {
        let file = folder.join("points.csv");
        let (x, y) = (column(&file, "x"), column(&file, "y"));
        let points = x.into_iter().zip(y).map(|(x, y)| Coord { x, y }).collect();
        Self { points, times: column(&file, "t"), folder }
    }

    fn points(&self) -> Points<'_> {
        Points::new(&self.points).unwrap()
    }

    /// scikit-learn and hdbscan: −1 is noise.
    fn python(&self, name: &str) -> Vec<f64> {
        column(&self.folder.join("expected.csv"), name)
    }

    /// R: 0 is noise.
    fn r(&self, name: &str) -> Vec<f64> {
        column(&self.folder.join("expected_r_dbscan.csv"), name)
    }
}

fn labels(of: &[f64], noise: f64) -> Vec<Option<i64>> {
    of.iter().map(|label| (*label != noise).then_some(*label as i64)).collect()
}

/// Core points in the same groups up to renaming; a border point with any core point near it.
fn dense_agrees(ours: &Dense, theirs: &[Option<i64>], near: impl Fn(usize, usize) -> bool) {
    let mut renamed = HashMap::new();
    let mut back = HashMap::new();
    for (place, label) in theirs.iter().enumerate().filter(|(place, _)| ours.core[*place]) {
        let (ours, label) = (ours.cluster[place].unwrap(), label.unwrap());
        assert_eq!(*renamed.entry(label).or_insert(ours), ours, "point {place}");
        assert_eq!(*back.entry(ours).or_insert(label), label, "point {place}");
    }
    for (place, label) in theirs.iter().enumerate().filter(|(place, _)| !ours.core[*place]) {
        assert_eq!(label.is_some(), ours.cluster[place].is_some(), "point {place}");
        let Some(label) = label else { continue };
        let reachable = (0..theirs.len())
            .any(|it| ours.core[it] && theirs[it] == Some(*label) && near(place, it));
        assert!(reachable, "point {place}");
    }
}

#[test]
fn dbscan_agrees_with_scikit_learn_and_r() {
    let mut compared = 0;
    if let Some(case) = folder().map(Case::of) {
        for (eps, min_pts) in [(15.0, 5), (25.0, 10), (40.0, 4)] {
            let name = format!("eps{eps}_min{min_pts}");
            let ours = dbscan(case.points(), Density::new(eps, min_pts).unwrap());
            let core = case.python(&format!("core_{name}"));
            assert!(core.iter().zip(&ours.core).all(|(theirs, ours)| (*theirs == 1.0) == *ours));
            let near = |i: usize, j: usize| {
                let way = case.points[i] - case.points[j];
                way.x.hypot(way.y) <= eps
            };
            dense_agrees(&ours, &labels(&case.python(&format!("dbscan_{name}")), -1.0), near);
            dense_agrees(&ours, &labels(&case.r(&format!("dbscan_{name}")), 0.0), near);
            compared += 3 * case.points.len();
        }
    }
    println!("dbscan_agrees_with_scikit_learn_and_r: {compared} values compared");
}

#[test]
fn st_dbscan_agrees_with_scikit_learn_on_the_greater_of_two_ratios() {
    let mut compared = 0;
    if let Some(case) = folder().map(Case::of) {
        let density = Density::new(25.0, 6).unwrap();
        let ours = st_dbscan(case.points(), &case.times, density, 120.0).unwrap();
        let core = case.python("st_core");
        assert!(core.iter().zip(&ours.core).all(|(theirs, ours)| (*theirs == 1.0) == *ours));
        dense_agrees(&ours, &labels(&case.python("st_dbscan_25_120_min6"), -1.0), |i, j| {
            let way = case.points[i] - case.points[j];
            way.x.hypot(way.y) <= 25.0 && (case.times[i] - case.times[j]).abs() <= 120.0
        });
        compared += 2 * case.points.len();
    }
    println!("st_dbscan_agrees_with_scikit_learn: {compared} values compared");
}

#[test]
fn k_distances_agree_with_r() {
    let mut compared = 0;
    if let Some(case) = folder().map(Case::of) {
        // R does not count the point itself.
        for (ours, theirs) in k_distances(case.points(), 11).iter().zip(case.r("kNNdist10")) {
            assert!((ours - theirs).abs() <= 1e-9 * theirs, "{ours} {theirs}");
            compared += 1;
        }
    }
    println!("k_distances_agree_with_r: {compared} values compared");
}

/// Hubert and Arabie (1985); noise is a group of its own.
fn adjusted_rand(ours: &[Option<u32>], theirs: &[Option<i64>]) -> f64 {
    let pairs = |count: usize| (count * count.saturating_sub(1)) as f64 / 2.0;
    let (mut both, mut one, mut other) = (HashMap::new(), HashMap::new(), HashMap::new());
    for pair in ours.iter().zip(theirs) {
        *both.entry(pair).or_insert(0) += 1;
        *one.entry(pair.0).or_insert(0) += 1;
        *other.entry(pair.1).or_insert(0) += 1;
    }
    let within = both.into_values().map(pairs).sum::<f64>();
    let [a, b] = [one.into_values().map(pairs).sum::<f64>(), other.into_values().map(pairs).sum()];
    let expected = a * b / pairs(ours.len());
    (within - expected) / (f64::midpoint(a, b) - expected)
}

#[test]
fn hdbscan_agrees_with_hdbscan_scikit_learn_and_r() {
    let mut compared = 0;
    if let Some(case) = folder().map(Case::of) {
        for size in [5, 10, 15] {
            // The Python package does not count the point itself.
            let asked = |min_pts| -> Groups {
                hdbscan(case.points(), Sizes::new(size, min_pts).unwrap(), &Nobody).unwrap()
            };
            let name = format!("hdbscan_mcs{size}");
            let (counted, not_counted) = (asked(size), asked(size + 1));
            for (ours, theirs) in [
                (&not_counted, labels(&case.python(&name), -1.0)),
                (&counted, labels(&case.python(&format!("sklearn_{name}")), -1.0)),
                (&counted, labels(&case.r(&format!("hdbscan_min{size}")), 0.0)),
            ] {
                let same = adjusted_rand(&ours.cluster, &theirs);
                println!("size {size}: adjusted Rand index {same}");
                assert!(same >= 0.99, "size {size}: {same}");
                compared += ours.cluster.len();
            }
            let firm = case.python(&format!("{name}_prob"));
            let outlier = case.python(&format!("{name}_outlier"));
            // Ties move a point between a group and the next: a few per cent.
            for (ours, theirs) in
                [(&not_counted.probability, firm), (&not_counted.outlier, outlier)]
            {
                let apart = ours.iter().zip(&theirs).filter(|(a, b)| (**a - **b).abs() > 1e-9);
                let apart = apart.count();
                assert!(apart * 25 <= theirs.len(), "size {size}: {apart} points differ");
                compared += theirs.len();
            }
        }
    }
    println!("hdbscan_agrees_with_hdbscan_scikit_learn_and_r: {compared} values compared");
}
