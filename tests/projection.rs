//! Metres against PROJ 9.8 by pyproj (oracle `projection`), and golden points of our own.

use std::path::Path;

use geo_types::Coord;
use poppywatch::crs::{Epsg, WGS84, transform};

/// Where other people's reference answers lie, if they lie here.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting, not the product's")]
fn reference() -> Option<std::path::PathBuf> {
    std::env::var("POPPYWATCH_REFERENCE").ok().map(Into::into)
}

#[test]
fn metres_agree_with_other_peoples_proj() {
    let mut cases = 0;
    if let Some(file) = reference().map(|folder| folder.join("oracles/projection/expected.csv"))
        && Path::new(&file).exists()
    {
        let mut rows = csv::Reader::from_path(&file).expect("a readable table");
        let mut worst: f64 = 0.0;
        for row in rows.records() {
            let row = row.expect("a row");
            let number = |at: usize| row[at].parse::<f64>().expect("a number");
            let epsg = Epsg(row[0].parse().expect("a code"));
            let mut coords = [Coord { x: number(2), y: number(3) }];
            transform(WGS84, epsg, &mut coords).expect("a way");
            let off = (coords[0].x - number(4)).hypot(coords[0].y - number(5));
            assert!(off < 0.001, "EPSG:{} row {}: {off} m off", epsg.0, &row[1]);
            worst = worst.max(off);
            cases += 1;
        }
        println!("largest difference {worst:.6} m");
    }
    println!("projection: {cases} reference cases run");
}

#[test]
fn golden_points_of_our_own() {
    // UTM 48N: the central meridian is at 105° E, 500 km false easting, 0.9996 there.
    let mut coords = [Coord { x: 105.0, y: 0.0 }];
    transform(WGS84, Epsg(32648), &mut coords).expect("a way");
    assert!((coords[0].x - 500_000.0).abs() < 1e-3 && coords[0].y.abs() < 1e-3);
    // One degree of the central meridian from 22° N: the integral of a(1-e²)/(1-e² sin²φ)^1.5 over
    // it, by the midpoint rule in 10⁵ steps, times 0.9996.
    let mut pair = [Coord { x: 105.0, y: 22.0 }, Coord { x: 105.0, y: 23.0 }];
    transform(WGS84, Epsg(32648), &mut pair).expect("a way");
    let metres = (pair[1].y - pair[0].y) / 0.9996;
    assert!((metres - 110737.101).abs() < 0.001, "{metres}");
}
