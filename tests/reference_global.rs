//! Our global statistics against the peers' answers in `POPPYWATCH_REFERENCE`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::path::{Path, PathBuf};

use geo_types::Coord;
use poppywatch::analysis::{
    chance::{draws::Draws, tally::Tail},
    global::{
        geary::geary,
        general_g::general_g,
        moran::{GlobalMoran, global_moran, global_moran_shuffled},
    },
    scale::incremental_moran::{Band, BandWeights, incremental_moran},
    watch::Nobody,
    weights::{Neighbours, Weights},
};
use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracle(name: &str) -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles").join(name);
    folder.is_dir().then_some(folder)
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let place = reader.headers().unwrap().iter().position(|it| it == name);
    let place = place.unwrap_or_else(|| panic!("{name}"));
    reader.records().map(|row| row.unwrap()[place].parse().unwrap()).collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Compares within 1e-9; values too small for that within nine digits.
fn same(what: &str, ours: f64, theirs: &Value) -> usize {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{what}"));
    let slack = if theirs.abs() < 1e-3 { 1e-7 * theirs.abs() + 1e-15 } else { 1e-9 };
    assert!((ours - theirs).abs() <= slack, "{what}: {ours} {theirs}");
    1
}

fn moran_like_spdep(ours: &GlobalMoran, theirs: &Value) -> usize {
    same("I", ours.i, &theirs["I"])
        + same("EI", ours.randomisation.expected, &theirs["EI"])
        + same("VI_rand", ours.randomisation.variance.unwrap(), &theirs["VI_rand"])
        + same("z_rand", ours.randomisation.z.unwrap(), &theirs["z_rand"])
        + same("VI_norm", ours.normality.variance.unwrap(), &theirs["VI_norm"])
        + same("z_norm", ours.normality.z.unwrap(), &theirs["z_norm"])
}

/// Columbus, queen, row-standardised and binary: esda and spdep.
#[test]
fn global_statistics_agree_with_esda_and_spdep() {
    let mut compared = 0;
    if let Some(folder) = oracle("global_autocorr/columbus_queen") {
        let values = column(&folder.join("input.csv"), "value");
        let links = folder.join("weights.csv");
        let pairs = column(&links, "i").into_iter().zip(column(&links, "j"));
        let binary = Weights::binary(&Neighbours::from_pairs(
            values.len(),
            pairs.map(|(i, j)| (i as usize, j as usize)),
        ));
        let find = |start: &str| {
            let files = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
            let named = |it: &PathBuf| {
                let name = it.file_name().unwrap().to_string_lossy().into_owned();
                name.ends_with("json") && name.contains(start)
            };
            json(&files.into_iter().find(named).unwrap())
        };
        let (esda, spdep) = (find("esda"), find("spdep"));
        for (weights, ours, theirs) in
            [(binary.row_standardised(), "r", "W"), (binary.clone(), "b", "B")]
        {
            let moran = global_moran(&values, &weights).unwrap();
            let peer = &esda[format!("moran_{ours}")];
            compared += moran_like_spdep(&moran, peer);
            let sums = weights.sums();
            compared += same("s0", sums.s0, &peer["s0"])
                + same("s1", sums.s1, &peer["s1"])
                + same("s2", sums.s2, &peer["s2"])
                + same("p_norm", moran.normality.p(Tail::TwoSided), &peer["p_norm_two_sided"])
                + same("p_rand", moran.randomisation.p(Tail::TwoSided), &peer["p_rand_two_sided"]);
            compared += moran_like_spdep(&moran, &spdep[format!("moran_{theirs}")]);

            // Their permutation p and ours, within four standard errors.
            let draws = Draws { permutations: 9_999, seed: 1, analysis: "reference" };
            let shuffled = global_moran_shuffled(&values, &weights, draws, &Nobody).unwrap();
            let tally = shuffled.unwrap().tally;
            for (ours, theirs) in [(tally.ge, "perm_ge"), (tally.le, "perm_le")] {
                let theirs = (peer[theirs].as_f64().unwrap() + 1.0) / 10_000.0;
                let ours = f64::from(ours + 1) / 10_000.0;
                let p = f64::midpoint(ours, theirs);
                let spread = (p * (1.0 - p) * 2.0 / 9_999.0).sqrt();
                assert!((ours - theirs).abs() <= 4.0 * spread + 1e-9, "{ours} {theirs}");
                compared += 1;
            }

            let c = geary(&values, &weights).unwrap();
            let peer = &esda[format!("geary_{ours}")];
            compared += same("C", c.c, &peer["C"])
                + same("EC", c.randomisation.expected, &peer["EC"])
                + same("VC_norm", c.normality.variance.unwrap(), &peer["VC_norm"])
                + same("z_norm", c.normality.z.unwrap(), &peer["z_norm"])
                + same("VC_rand", c.randomisation.variance.unwrap(), &peer["VC_rand"])
                + same("z_rand", c.randomisation.z.unwrap(), &peer["z_rand"]);
            let peer = &spdep[format!("geary_{theirs}")];
            compared += same("C", c.c, &peer["C"])
                + same("VC_rand", c.randomisation.variance.unwrap(), &peer["VC_rand"])
                // spdep turns the sign round.
                + same("z", -c.randomisation.z.unwrap(), &peer["z_as_spdep"]);
        }
        let g = general_g(&values, &binary).unwrap();
        for peer in [&esda["general_g_binary"], &spdep["general_g_B"]] {
            compared += same("G", g.g, &peer["G"])
                + same("EG", g.randomisation.expected, &peer["EG"])
                + same("VG", g.randomisation.variance.unwrap(), &peer["VG"])
                + same("z", g.randomisation.z.unwrap(), &peer["z"]);
        }
        let one = &esda["general_g_binary"]["p_one_sided"];
        compared += same("p", g.randomisation.p(Tail::Upper), one)
            + same("p", g.randomisation.p(Tail::TwoSided), &spdep["general_g_B"]["p"]);
    }
    println!("global_statistics_agree_with_esda_and_spdep: {compared} values compared");
}

/// What a band says in a column.
type Figure = fn(&Band, &GlobalMoran) -> f64;

/// Baltimore's house prices over fourteen bands: every column of esda.
#[test]
fn the_curve_over_distance_agrees_with_esda() {
    let mut compared = 0;
    if let Some(folder) = oracle("incremental_moran") {
        let input = folder.join("input.csv");
        let points: Vec<Coord<f64>> = column(&input, "x")
            .into_iter()
            .zip(column(&input, "y"))
            .map(|(x, y)| Coord { x, y })
            .collect();
        let expected = folder.join("expected_esda.csv");
        let bands = column(&expected, "band");
        let draws = Draws { permutations: 199, seed: 1, analysis: "reference" };
        let curve = incremental_moran(
            &points,
            &column(&input, "value"),
            &bands,
            BandWeights::RowStandardised,
            draws,
            0.05,
            &Nobody,
        )
        .unwrap();
        let figures: [(&str, Figure); 7] = [
            ("islands", |band, _| band.islands as f64),
            ("mean_neighbours", |band, _| band.neighbours),
            ("I", |_, moran| moran.i),
            ("EI", |_, moran| moran.randomisation.expected),
            ("VI_rand", |_, moran| moran.randomisation.variance.unwrap()),
            ("z_rand", |_, moran| moran.randomisation.z.unwrap()),
            ("p_two_sided", |_, moran| moran.randomisation.p(Tail::TwoSided)),
        ];
        for (name, figure) in figures {
            for (band, theirs) in curve.bands.iter().zip(column(&expected, name)) {
                let ours = figure(band, &band.moran.unwrap());
                compared += same(name, ours, &Value::from(theirs));
            }
        }
        // Their z has its first peak at 22, where 22 is above 18 and 26.
        assert_eq!(curve.distance(), Some(22.0));
    }
    println!("the_curve_over_distance_agrees_with_esda: {compared} values compared");
}
