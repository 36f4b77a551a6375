//! Pictures of points: density, clusters, circles, and how far neighbours are alike.

use geo_types::Coord;
use poppywatch::analysis::{
    chance::draws::Draws,
    clusters::{
        dbscan::{Density, dbscan},
        hull::hull,
        points::Points,
    },
    density::{
        Bandwidth, Domain, Edge, Kernel, Lattice, Rule, contours, corrected, sources, volumes,
    },
    scale::incremental_moran::{BandWeights, incremental_moran},
    scan::{Question, scan},
    watch::Nobody,
};

use super::{
    DRAWS, keep,
    svg::{BAND, Frame, HOT, INK, LAND, LINE, SOFT, Sheet, TEAL},
};

/// 70 plots on 30 × 18 km: two valleys and some alone.
fn plots() -> Vec<Coord<f64>> {
    let mut stream = DRAWS.streams().stream(3);
    let mut near = |x: f64, y: f64, wide: f64| {
        let angle = std::f64::consts::TAU * stream.unit();
        let far = wide * (-2.0 * (1.0 - stream.unit()).ln()).sqrt();
        Coord { x: x + far * angle.cos(), y: y + 0.7 * far * angle.sin() }
    };
    let mut plots: Vec<Coord<f64>> = (0..28).map(|_| near(8000.0, 11_000.0, 1300.0)).collect();
    plots.extend((0..22).map(|_| near(21_000.0, 6000.0, 1800.0)));
    let mut stream = DRAWS.streams().stream(4);
    plots.extend(
        (0..20).map(|_| Coord { x: 30_000.0 * stream.unit(), y: 18_000.0 * stream.unit() }),
    );
    plots.retain(|at| (0.0..30_000.0).contains(&at.x) && (0.0..18_000.0).contains(&at.y));
    plots
}

const GROUND: Frame = Frame {
    x: (0.0, 30_000.0),
    y: (0.0, 18_000.0),
    left: 12.0,
    top: 12.0,
    width: 480.0,
    height: 288.0,
};

fn ground(sheet: &mut Sheet) {
    let at = |x: f64, y: f64| GROUND.at(x, y);
    sheet.polygon(
        &[at(0.0, 0.0), at(30_000.0, 0.0), at(30_000.0, 18_000.0), at(0.0, 18_000.0)],
        LAND,
        LINE,
    );
    let y = 288.0 + 34.0;
    sheet.line(&[(12.0, y), (12.0 + 80.0, y)], SOFT, 2.0, "");
    sheet.text((100.0, y + 4.0), "start", SOFT, "5 km");
}

fn dots(sheet: &mut Sheet, plots: &[Coord<f64>]) {
    for plot in plots {
        sheet.circle(GROUND.at(plot.x, plot.y), 2.2, INK, "none");
    }
}

#[test]
fn the_ground_that_holds_most_of_the_plots() {
    let plots = plots();
    let (low, high) = (Coord { x: 100.0, y: 100.0 }, Coord { x: 29_900.0, y: 17_900.0 });
    let lattice = Lattice::around(low, high, 0.0, 200.0, 100_000).unwrap();
    let domain = Domain::whole(lattice);
    let width =
        Bandwidth::find(Rule::Likelihood, Kernel::Quartic, &plots, None, domain.area()).unwrap();
    let sources = sources(&plots, None, width.radius);
    let density = corrected(Kernel::Quartic, &sources, &domain, Edge::Diggle);
    let mut sheet = Sheet::new(
        660.0,
        340.0,
        "Volume contours: the smallest ground that holds a share of the plots",
    );
    ground(&mut sheet);
    let shades = ["#f9e6c4", HOT[0], HOT[1], HOT[2]];
    let mut shares = vec![0.95, 0.75, 0.5, 0.25];
    let levels = volumes(&domain, &density.values, &shares);
    for (volume, shade) in levels.iter().zip(shades) {
        for polygon in contours(&domain, &density.values, volume.level).0 {
            let ring: Vec<_> =
                polygon.exterior().0.iter().map(|at| GROUND.at(at.x, at.y)).collect();
            sheet.polygon(&ring, shade, "#ffffff");
            for hole in polygon.interiors() {
                let ring: Vec<_> = hole.0.iter().map(|at| GROUND.at(at.x, at.y)).collect();
                sheet.polygon(&ring, LAND, "#ffffff");
            }
        }
    }
    dots(&mut sheet, &plots);
    shares.reverse();
    for (row, (share, shade)) in shares.iter().zip(shades.iter().rev()).enumerate() {
        let y = 30.0 + 24.0 * row as f64;
        sheet.polygon(
            &[(508.0, y - 11.0), (526.0, y - 11.0), (526.0, y + 3.0), (508.0, y + 3.0)],
            shade,
            LINE,
        );
        sheet.text((534.0, y), "start", INK, &format!("{} % of plots", share * 100.0));
    }
    sheet.text((508.0, 140.0), "start", SOFT, "Bandwidth by like-");
    sheet.text((508.0, 158.0), "start", SOFT, "lihood, quartic:");
    sheet.text((508.0, 176.0), "start", SOFT, &format!("radius {:.1} km", width.radius / 1000.0));
    keep("density.svg", &sheet.finish());
}

#[test]
fn crowds_with_their_hulls() {
    let plots = plots();
    let points = Points::new(&plots).unwrap();
    let found = dbscan(points, Density::new(1500.0, 5).unwrap());
    let mut sheet =
        Sheet::new(660.0, 352.0, "DBSCAN: crowds of plots with their hulls, and plots alone");
    ground(&mut sheet);
    for members in found.members() {
        if let Some(outline) = hull(points, &members).and_then(|hull| hull.outline) {
            let ring: Vec<_> =
                outline.exterior().0.iter().map(|at| GROUND.at(at.x, at.y)).collect();
            sheet.polygon(&ring, HOT[0], HOT[1]);
        }
    }
    for (at, plot) in plots.iter().enumerate() {
        let place = GROUND.at(plot.x, plot.y);
        match (found.cluster[at], found.core[at]) {
            (Some(_), true) => sheet.circle(place, 3.0, HOT[2], "none"),
            (Some(_), false) => sheet.circle(place, 3.0, "#ffffff", HOT[2]),
            (None, _) => sheet.circle(place, 2.2, SOFT, "none"),
        }
    }
    let y = 322.0;
    sheet.circle((178.0, y), 23.9, "none", SOFT);
    sheet.text((212.0, y + 4.0), "start", SOFT, "eps = 1.5 km");
    for (row, (fill, edge, words)) in [
        (HOT[2], "none", "core: 5 within eps"),
        ("#ffffff", HOT[2], "border"),
        (SOFT, "none", "alone (noise)"),
    ]
    .into_iter()
    .enumerate()
    {
        let y = 30.0 + 24.0 * row as f64;
        sheet.circle((510.0, y - 4.0), 3.0, fill, edge);
        sheet.text((520.0, y), "start", INK, words);
    }
    keep("clusters.svg", &sheet.finish());
}

#[test]
fn the_circle_that_chance_would_not_fill() {
    // A place each 2 km, its ground searched alike; cases are the plots nearest to it.
    let places: Vec<Coord<f64>> = (0..9)
        .flat_map(|row| {
            (0..15).map(move |col| Coord {
                x: 1000.0 + 2000.0 * f64::from(col),
                y: 1000.0 + 2000.0 * f64::from(row),
            })
        })
        .collect();
    let mut cases = vec![0_u32; places.len()];
    for plot in plots() {
        let (col, row) = ((plot.x / 2000.0) as usize, (plot.y / 2000.0) as usize);
        cases[row * 15 + col] += 1;
    }
    let population = vec![4.0; places.len()];
    let draws = Draws { permutations: 999, ..DRAWS };
    let found =
        scan(&Question::on_places(&places, &cases, &population), draws, &Nobody).unwrap().unwrap();
    let mut sheet = Sheet::new(
        740.0,
        340.0,
        "Scan statistic: the circles that hold more plots than chance would put there",
    );
    ground(&mut sheet);
    let sure: Vec<_> = found.clusters.iter().filter(|cluster| cluster.p <= 0.05).collect();
    for (rank, cluster) in sure.iter().enumerate() {
        let centre = places[cluster.centre];
        let reach = cluster
            .members
            .iter()
            .map(|member| {
                let at = places[member.place];
                (at.x - centre.x).hypot(at.y - centre.y)
            })
            .fold(0.0, f64::max);
        let at = GROUND.at(centre.x, centre.y);
        sheet.circle(at, (reach + 1000.0) * 480.0 / 30_000.0, HOT[0], HOT[2]);
        sheet.text(
            (508.0, 30.0 + 70.0 * rank as f64),
            "start",
            INK,
            &format!("{}. found {}, expected {:.1}", rank + 1, cluster.observed, cluster.expected),
        );
        let risk = cluster.relative_risk.unwrap_or(f64::NAN);
        sheet.text(
            (508.0, 48.0 + 70.0 * rank as f64),
            "start",
            SOFT,
            &format!("{risk:.1} times the rest, p = {:.3}", cluster.p),
        );
    }
    for (place, count) in places.iter().zip(&cases) {
        let at = GROUND.at(place.x, place.y);
        match count {
            0 => sheet.circle(at, 1.2, SOFT, "none"),
            count => sheet.circle(at, 2.0 * f64::from(*count).sqrt() + 1.0, INK, "none"),
        }
    }
    for (rank, cluster) in sure.iter().enumerate() {
        let at = GROUND.at(places[cluster.centre].x, places[cluster.centre].y);
        sheet.text((at.0 + 14.0, at.1 - 14.0), "middle", HOT[2], &format!("{}", rank + 1));
    }
    assert!(!sure.is_empty());
    keep("scan.svg", &sheet.finish());
}

#[test]
fn how_far_neighbours_are_alike() {
    let mut stream = DRAWS.streams().stream(5);
    let points: Vec<Coord<f64>> = (0..260)
        .map(|_| Coord { x: 30_000.0 * stream.unit(), y: 18_000.0 * stream.unit() })
        .collect();
    // Patches about 4 km wide.
    let wave = |at: &Coord<f64>| (at.x / 1900.0).sin() + (at.y / 1700.0).cos();
    let values: Vec<f64> = points.iter().map(|at| wave(at) + 1.6 * (stream.unit() - 0.5)).collect();
    let bands: Vec<f64> = (1..=16).map(|step| 1500.0 + 500.0 * f64::from(step)).collect();
    let draws = Draws { permutations: 499, ..DRAWS };
    let curve =
        incremental_moran(&points, &values, &bands, BandWeights::Binary, draws, 0.05, &Nobody)
            .unwrap();
    // I and z of a band are one and the same on two scales, and so is what chance fills.
    let known = |band: &poppywatch::analysis::scale::incremental_moran::Band| {
        let (moran, (low, high)) = (band.moran.ok()?, band.envelope?);
        let (expected, sd) =
            (moran.randomisation.expected, moran.randomisation.variance.ok()?.sqrt());
        let as_z = |i: f64| (i - expected) / sd;
        Some((band.distance / 1000.0, band.z()?, (as_z(low), as_z(high))))
    };
    let shown: Vec<_> = curve.bands.iter().filter_map(known).collect();
    let highest = shown.iter().map(|(_, z, _)| *z).fold(0.0, f64::max) * 1.1;
    let mut sheet = Sheet::new(660.0, 300.0, "How clearly neighbours are alike, by distance");
    let frame = Frame {
        x: (1.5, 10.0),
        y: (-4.0, highest),
        left: 60.0,
        top: 40.0,
        width: 400.0,
        height: 200.0,
    };
    sheet.axes(&frame, "neighbours within, km", "z of Moran's I");
    let low = shown.iter().map(|(d, _, (low, _))| frame.at(*d, *low));
    let high = shown.iter().rev().map(|(d, _, (_, high))| frame.at(*d, *high));
    sheet.polygon(&low.chain(high).collect::<Vec<_>>(), BAND, "none");
    sheet.line(&shown.iter().map(|(d, z, _)| frame.at(*d, *z)).collect::<Vec<_>>(), TEAL, 2.2, "");
    if let Some(distance) = curve.distance() {
        let x = distance / 1000.0;
        sheet.line(&[frame.at(x, -4.0), frame.at(x, highest)], HOT[1], 1.4, "4 3");
        sheet.line(&[(480.0, 104.0), (504.0, 104.0)], HOT[1], 1.4, "4 3");
        sheet.text((512.0, 108.0), "start", INK, &format!("chosen: {x:.1} km"));
        sheet.text((512.0, 126.0), "start", SOFT, "the first clear peak");
    }
    sheet.line(&[(480.0, 56.0), (504.0, 56.0)], TEAL, 2.2, "");
    sheet.text((512.0, 60.0), "start", INK, "this map");
    sheet.polygon(&[(480.0, 72.0), (504.0, 72.0), (504.0, 88.0), (480.0, 88.0)], BAND, "none");
    sheet.text((512.0, 84.0), "start", INK, "95 % of chance");
    keep("scale.svg", &sheet.finish());
}
