//! Our densities against scikit-learn's and scipy's in `POPPYWATCH_REFERENCE`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::path::{Path, PathBuf};

use geo_types::Coord;
use poppywatch::analysis::density::{
    Ellipse, Kernel, Lattice, at, at_with_covariance, covariance, estimate, scott_factor,
    silverman_factor, sources,
};

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracle() -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles/kde");
    folder.is_dir().then_some(folder)
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let place = reader.headers().unwrap().iter().position(|it| it == name).unwrap();
    reader.records().map(|row| row.unwrap()[place].parse().unwrap()).collect()
}

fn places(path: &Path) -> Vec<Coord<f64>> {
    let (x, y) = (column(path, "x"), column(path, "y"));
    x.into_iter().zip(y).map(|(x, y)| Coord { x, y }).collect()
}

/// Relative 1e-9, absolute 1e-15, as the reference states.
fn near(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-15
}

/// Every kernel and bandwidth of the reference, with and without weights: at its places, and on
/// the lattice that these places are.
#[test]
fn densities_agree_with_scikit_learn_and_scipy() {
    let (mut cases, mut compared) = (0, 0);
    if let Some(folder) = oracle() {
        let points = places(&folder.join("points.csv"));
        let weights = column(&folder.join("points.csv"), "weight");
        let expected = folder.join("expected_python.csv");
        let asked = places(&expected);
        let n = points.len() as f64;
        let total: f64 = weights.iter().sum();
        for radius in [5.0, 12.0] {
            for (kernel, weighted, name) in [
                (Kernel::Gaussian, false, "gaussian_h"),
                (Kernel::Epanechnikov, false, "epanechnikov_h"),
                (Kernel::Uniform, false, "tophat_h"),
                (Kernel::Triangular, false, "linear_h"),
                (Kernel::Gaussian, true, "gaussian_h"),
            ] {
                let suffix = if weighted { "_weighted" } else { "" };
                let theirs = column(&expected, &format!("sklearn_{name}{radius}{suffix}"));
                let sum = if weighted { total } else { n };
                let spread = sources(&points, weighted.then_some(&weights), radius);
                for (ours, theirs) in at(kernel, &spread, &asked).iter().zip(&theirs) {
                    assert!(near(ours / sum, *theirs), "{kernel:?} {radius}: {ours} {theirs}");
                    compared += 1;
                }
                let peak = kernel.peak(radius);
                for (ours, theirs) in on_lattice(kernel, &spread, &asked).iter().zip(&theirs) {
                    // The fast ways are right to 1e-12 of all that they add.
                    let error = (ours / sum - theirs).abs();
                    assert!(error <= 1e-12 * peak + 1e-9 * theirs, "{kernel:?}: {ours} {theirs}");
                    compared += 1;
                }
                cases += 1;
            }
        }
        let spread = covariance(&points).unwrap();
        for (factor, name) in [(scott_factor(n), "scott"), (silverman_factor(n), "silverman")] {
            let squared = factor * factor;
            let ellipse = Ellipse {
                xx: spread.xx * squared,
                xy: spread.xy * squared,
                yy: spread.yy * squared,
            };
            let theirs = column(&expected, &format!("scipy_gaussian_{name}_fullcov"));
            let ours = at_with_covariance(ellipse, &points, &asked);
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!(near(ours / n, *theirs), "{name}: {ours} {theirs}");
                compared += 1;
            }
            cases += 1;
        }
    }
    println!("densities_agree_with_scikit_learn_and_scipy: {cases} cases, {compared} values");
}

/// The reference's places lie on a lattice; the values there in its order.
fn on_lattice(
    kernel: Kernel,
    spread: &[poppywatch::analysis::density::Source],
    asked: &[Coord<f64>],
) -> Vec<f64> {
    let axis = |of: fn(&Coord<f64>) -> f64| {
        let mut values: Vec<f64> = asked.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let (xs, ys) = (axis(|c| c.x), axis(|c| c.y));
    let cell = xs[1] - xs[0];
    assert!(xs.windows(2).chain(ys.windows(2)).all(|w| (w[1] - w[0] - cell).abs() < 1e-9));
    let first = Coord { x: xs[0], y: ys[0] };
    let lattice = Lattice { first, cell, cols: xs.len(), rows: ys.len() };
    let values = estimate(kernel, spread, &lattice);
    asked.iter().map(|place| values[lattice.cell_at(*place).unwrap()]).collect()
}

#[test]
fn rules_agree_with_scipy() {
    let mut compared = 0;
    if let Some(folder) = oracle() {
        let text = std::fs::read_to_string(folder.join("bandwidths_python.json")).unwrap();
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        let points = places(&folder.join("points.csv"));
        let n = points.len() as f64;
        let factor = |name: &str| theirs[format!("scipy_{name}_factor")].as_f64().unwrap();
        assert!(near(scott_factor(n), factor("scott")));
        assert!(near(silverman_factor(n), factor("silverman")));
        let ours = covariance(&points).unwrap();
        let squared = scott_factor(n).powi(2);
        for (value, at) in
            [(ours.xx, (0, 0)), (ours.xy, (0, 1)), (ours.xy, (1, 0)), (ours.yy, (1, 1))]
        {
            let theirs = theirs["scipy_cov_scott"][at.0][at.1].as_f64().unwrap();
            assert!(near(value * squared, theirs), "{value} {theirs}");
        }
        compared = 6;
    }
    println!("rules_agree_with_scipy: {compared} values");
}
