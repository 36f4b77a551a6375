//! Our rates against the peers' answers in `POPPYWATCH_REFERENCE`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::path::{Path, PathBuf};

use poppywatch::analysis::{
    global::moran::global_moran,
    rates::{
        Cases, LocalPrior, excess_risk, global_bayes, local_bayes, overall, prior, raw,
        spatial_rate, standardised, surprise,
    },
    weights::{Neighbours, Weights},
};

#[expect(clippy::disallowed_methods, reason = "a test has no Config")]
fn oracle(name: &str) -> Option<PathBuf> {
    let folder = Path::new(&std::env::var("POPPYWATCH_REFERENCE").ok()?).join("oracles").join(name);
    folder.is_dir().then_some(folder)
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let place = reader.headers().unwrap().iter().position(|it| it == name);
    let place = place.unwrap_or_else(|| panic!("{name}"));
    reader.records().map(|row| row.unwrap()[place].parse().unwrap_or(f64::NAN)).collect()
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// SIDS of 1979 in North Carolina: every column of esda and spdep to 1e-9.
#[test]
fn rates_agree_with_esda_and_spdep() {
    let mut compared = 0;
    if let Some(folder) = oracle("rates_eb") {
        let input = folder.join("input.csv");
        let some = |name| column(&input, name).into_iter().map(Some).collect::<Vec<_>>();
        let cases = Cases::new(&some("events"), &some("population"));
        let links = folder.join("weights.csv");
        let pairs = column(&links, "i").into_iter().zip(column(&links, "j"));
        let weights = Weights::binary(&Neighbours::from_pairs(
            cases.len(),
            pairs.map(|(i, j)| (i as usize, j as usize)),
        ));
        let found = surprise(&cases);
        let (esda, spdep) = (folder.join("expected_esda.csv"), folder.join("expected_spdep.csv"));
        let risk = excess_risk(&cases).unwrap();
        let hundredfold = risk.iter().map(|risk| risk * 100.0).collect();
        for (file, name, ours) in [
            (&esda, "raw", raw(&cases)),
            (&esda, "excess_risk", risk),
            (&esda, "eb_global_marshall", global_bayes(&cases)),
            (&esda, "spatial_eb", local_bayes(&cases, &weights, LocalPrior::Neighbourhood)),
            (&esda, "spatial_rate", spatial_rate(&cases, &weights)),
            (&esda, "assuncao_rate", standardised(&cases).unwrap()),
            (&spdep, "raw", raw(&cases)),
            (&spdep, "ebest", global_bayes(&cases)),
            (&spdep, "eblocal_est", local_bayes(&cases, &weights, LocalPrior::EachNeighbours)),
            (&spdep, "choynowski_pmap", found.iter().map(|it| it.lower.unwrap()).collect()),
            (&spdep, "relrisk", hundredfold),
        ] {
            let theirs = column(file, name);
            assert_eq!(ours.len(), theirs.len(), "{name}");
            for (unit, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                if theirs.is_nan() {
                    // No event in the whole neighbourhood: 0/0 of the peers. The rate is 0 and so
                    // is the mean that it is pulled towards.
                    assert_eq!(*ours, 0.0, "{name} {unit}");
                    continue;
                }
                let slack = 1e-9 * theirs.abs().max(1.0);
                assert!((ours - theirs).abs() <= slack, "{name} {unit}: {ours} {theirs}");
                compared += 1;
            }
        }
        let (esda, spdep) =
            (json(&folder.join("expected_global.json")), json(&folder.join("expected_spdep.json")));
        let z = standardised(&cases).unwrap();
        let moran = global_moran(&z, &weights.row_standardised()).unwrap();
        let prior = prior(&cases).unwrap();
        for (ours, theirs) in [
            (moran.i, &esda["moran_eb_I"]),
            (moran.normality.expected, &esda["EI"]),
            (moran.normality.z.unwrap(), &esda["z_norm"]),
            (moran.randomisation.z.unwrap(), &esda["z_rand"]),
            (overall(&cases).unwrap(), &esda["overall_rate"]),
            (moran.i, &spdep["EBImoran"]),
            (prior.variance, &spdep["EBest_a"]),
            (prior.mean, &spdep["EBest_b"]),
        ] {
            let theirs = theirs.as_f64().unwrap();
            assert!((ours - theirs).abs() <= 1e-9, "{ours} {theirs}");
            compared += 1;
        }
    }
    println!("rates_agree_with_esda_and_spdep: {compared} values compared");
}
