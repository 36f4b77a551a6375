//! Real boundaries and the oracle, where `POPPYWATCH_REFERENCE` names the reference folder.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at the first fault and tells its counts"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod snapshot_kit;

use std::{collections::HashMap, fs, path::PathBuf};

use geo::{
    RemoveRepeatedPoints,
    orient::{Direction, Orient},
};
use geo_types::{Geometry, MultiPolygon};
use jiff::civil::date;
use poppywatch::{
    domain::{Boundary, Extent, Footprint, Level, Metres, Position, SquareMetres},
    snapshot::{Settled, Snapshot},
};
use snapshot_kit::{snapshot, source, unit};

#[expect(clippy::disallowed_methods, reason = "a test asks where the reference data are")]
fn reference() -> Option<PathBuf> {
    let folder = std::env::var("POPPYWATCH_REFERENCE").ok().map(PathBuf::from);
    folder.filter(|folder| folder.is_dir())
}

type Row = (HashMap<String, String>, MultiPolygon<f64>);

fn polygons(geometry: geojson::Geometry) -> Option<MultiPolygon<f64>> {
    match Geometry::<f64>::try_from(geometry).ok()? {
        Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
        Geometry::MultiPolygon(polygons) => Some(polygons),
        _ => None,
    }
}

fn geojson(path: PathBuf) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let collection = text.parse::<geojson::GeoJson>().unwrap();
    let collection = geojson::FeatureCollection::try_from(collection).unwrap();
    let row = |feature: geojson::Feature| {
        let properties = feature.properties.unwrap_or_default().into_iter();
        let words = properties.map(|(key, value)| {
            let word = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            (key, word)
        });
        Some((words.collect(), polygons(feature.geometry?)?))
    };
    collection.features.into_iter().filter_map(row).collect()
}

fn flatgeobuf(path: PathBuf) -> Vec<Row> {
    use gdal::vector::LayerAccess;
    let dataset = gdal::Dataset::open(path).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    let mut rows = Vec::new();
    for feature in layer.features() {
        let words =
            feature.fields().filter_map(|(name, value)| Some((name, value?.into_string()?)));
        let words = words.collect();
        let json = feature.geometry().unwrap().json().unwrap();
        let geometry: geojson::Geometry = serde_json::from_str(&json).unwrap();
        rows.push((words, polygons(geometry).unwrap()));
    }
    rows
}

/// These files are known to be valid, and proving it again takes minutes.
fn footprint(outline: &MultiPolygon<f64>) -> Footprint {
    Footprint::stored(outline.remove_repeated_points().orient(Direction::Default))
}

fn communes(rows: Vec<Row>, scheme: &str, [code, name, parent]: [&str; 3]) -> Vec<Boundary> {
    rows.into_iter()
        .map(|(words, outline)| {
            let outline = footprint(&outline);
            let mut it =
                unit(Level::Commune, &words[code], words.get(parent).map(|it| &**it), outline);
            it.key.scheme = scheme.into();
            it.name.clone_from(&words[name]);
            it.source = source(scheme, &words[code]);
            it
        })
        .collect()
}

fn kilometres(snapshot: &Snapshot, level: Level, of: impl Fn(&[&str; 2]) -> bool) -> f64 {
    let atlas = snapshot.atlases().last().unwrap();
    let lines = atlas.lines(level).iter().filter(|line| {
        of(&[0, 1].map(|side| line.sides[side].name(snapshot.units()).unwrap_or("")))
    });
    lines.map(|line| line.length_m).sum::<f64>() / 1000.0
}

#[test]
fn points_lie_where_geos_says() {
    let Some(folder) = reference() else { return println!("0 cases: POPPYWATCH_REFERENCE unset") };
    let folder = folder.join("oracles/point_in_polygon");
    let boundaries = geojson(folder.join("polygons.geojson"))
        .into_iter()
        .enumerate()
        .map(|(n, (_, outline))| {
            // A code of three digits keeps the keys in the order of the ids.
            unit(Level::Commune, &format!("{n:03}"), None, footprint(&outline))
        })
        .collect();
    let snapshot = snapshot(boundaries, Vec::new());
    let atlas = snapshot.atlases().last().unwrap();
    let rows = |name: &str| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
        reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
    };
    let (points, expected) = (rows("points.csv"), rows("expected.csv"));
    let (mut cases, mut edges) = (0, 0);
    for (point, expected) in points.iter().zip(&expected) {
        assert_eq!(point[0], expected[0]);
        let at = Position::new(point[1].parse().unwrap(), point[2].parse().unwrap()).unwrap();
        let located = atlas.locate_in(Level::Commune, at);
        let ids = |text: &str| -> Vec<usize> {
            let ids = text.split([';', ' ', '|', ',']).filter(|id| !id.is_empty());
            ids.map(|id| id.parse().unwrap()).collect()
        };
        let (touching, within) = (ids(&expected[1]), ids(&expected[2]));
        match (touching.as_slice(), within.as_slice()) {
            ([], []) => {
                assert!(matches!(located.settled, Settled::Gap | Settled::Outside), "{point:?}");
            }
            (_, [only]) => {
                assert_eq!(located.settled, Settled::Inside, "{point:?}");
                assert_eq!(located.unit.unwrap().index(), *only, "{point:?}");
            }
            (touching, []) => {
                edges += 1;
                assert_eq!(located.settled, Settled::Edge, "{point:?} {expected:?}");
                assert_eq!(located.unit.unwrap().index(), *touching.iter().min().unwrap());
            }
            (_, several) => {
                assert_eq!(located.settled, Settled::Overlap, "{point:?}");
                assert!(several.contains(&located.unit.unwrap().index()));
            }
        }
        cases += 1;
    }
    println!("{cases} points compared with GEOS, {edges} of them on edges");
    assert!(cases > 3000);
}

#[test]
fn lines_of_the_38_communes_and_their_neighbours() {
    let Some(folder) = reference() else { return println!("0 cases: POPPYWATCH_REFERENCE unset") };
    let admin = folder.join("data/admin");
    let fields = ["code", "name", "provinceCode"];
    let own = geojson(admin.join("vn_communes_2025_laichau_fullres.geojson"));
    let own = communes(own, "gso", fields);
    let alone = snapshot(own.clone(), Vec::new());
    let outer = kilometres(&alone, Level::Province, |_| true);
    let mut all = own;
    let neighbours = flatgeobuf(admin.join("vn_communes_2025_neighbours_fullres.fgb"));
    let extent = all.iter().map(|it| it.outline.extent()).reduce(Extent::union).unwrap();
    let near = communes(neighbours, "gso", fields);
    all.extend(near.into_iter().filter(|it| it.outline.extent().meets(extent)));
    let together = snapshot(all, Vec::new());
    let shared = kilometres(&together, Level::Province, |sides| {
        sides.contains(&"12") && !sides.contains(&"")
    });
    let rest = kilometres(&together, Level::Province, |sides| {
        sides.contains(&"12") && sides.contains(&"")
    });
    println!("38 communes: outer {outer:.1} km; shared {shared:.1} km, rest {rest:.1} km");
    assert!((outer - 801.0).abs() < 3.0);
    assert!((shared - 535.6).abs() < 3.0);
    assert!((rest - 265.5).abs() < 3.0);
    let atlas = together.atlases().last().unwrap();
    let strips = atlas.strips(Level::Commune);
    for strip in strips.iter().take(20) {
        let length: f64 =
            strip.lines.iter().map(|line| atlas.lines(Level::Commune)[*line].length_m).sum();
        let ground = SquareMetres::of(&footprint(strip.ground())).get();
        // At most a straight line's strip with its round ends, at least a disc.
        let (disc, width) = (4.0e6 * std::f64::consts::PI, 4000.0);
        assert!(ground > disc * 0.9 && ground < (length * width + disc) * 1.05, "{ground}");
    }
    println!("{} strips between communes, 20 of them drawn and measured", strips.len());
}

#[test]
fn the_communes_of_2009_overlap_and_leave_gaps() {
    let Some(folder) = reference() else { return println!("0 cases: POPPYWATCH_REFERENCE unset") };
    let rows = geojson(folder.join("data/admin/vn_communes_2009_5prov_lowres.geojson"));
    let fields = ["commune_id", "commune_vn", "district_id"];
    let lai_chau: Vec<Boundary> = communes(rows, "census-2009", fields);
    let units = lai_chau.len();
    // A lattice of about 600 m over Lai Châu.
    let plots: Vec<_> = (0..100_u64 * 250)
        .map(|n| {
            let (x, y) = ((n % 250) as f64 * 0.006 + 102.4, (n / 250) as f64 * 0.006 + 21.9);
            snapshot_kit::plot(n + 1, "2018-2019", Position::new(x, y).unwrap())
        })
        .collect();
    let snapshot = snapshot(lai_chau, plots);
    let settling = snapshot.settling();
    let counts = Settled::ALL.map(|settled| (settled.word(), settling.count(settled)));
    println!("{units} communes of 2009, {} points: {counts:?}", settling.total());
    assert!(settling.count(Settled::Overlap) > 10 && settling.count(Settled::Gap) > 10);
    let atlas = snapshot.atlases().last().unwrap();
    let lines: usize = Level::ALL.iter().map(|level| atlas.lines(*level).len()).sum();
    println!("{lines} lines between them");
    assert!(lines > 1500);
}

#[test]
fn the_106_communes_became_38() {
    let Some(folder) = reference() else { return println!("0 cases: POPPYWATCH_REFERENCE unset") };
    let admin = folder.join("data/admin");
    let rows = geojson(admin.join("vn_communes_2009_5prov_lowres.geojson"));
    let rows = rows.into_iter().filter(|(words, _)| words["province_vn"] == "Lai Châu").collect();
    let mut all = communes(rows, "census-2009", ["commune_id", "commune_vn", "district_id"]);
    for it in &mut all {
        it.valid_to = Some(date(2025, 7, 1));
        it.error = Metres::whole(100);
    }
    let mut later = communes(
        geojson(admin.join("vn_communes_2025_laichau_fullres.geojson")),
        "gso",
        ["code", "name", "provinceCode"],
    );
    for it in &mut later {
        it.key.valid_from = date(2025, 7, 1);
    }
    all.extend(later);
    let snapshot = snapshot(all, Vec::new());
    let (before, after) = (date(2018, 1, 1), date(2026, 1, 1));
    let report = snapshot.lineage_report(before, after, Level::Commune);
    let units = |day| snapshot.atlas_on(day).unwrap().units(Level::Commune).count();
    println!(
        "{} communes became {}: {} pairs, {} slivers of {:.1} km2 left out",
        units(before),
        units(after),
        report.pairs.len(),
        report.slivers,
        report.sliver_area_m2 / 1e6
    );
    assert_eq!((units(before), units(after)), (108, 38));
    let mut largest: HashMap<_, f64> = HashMap::new();
    for pair in report.pairs.iter() {
        let share = largest.entry(pair.from).or_default();
        *share = share.max(pair.share_of_from);
    }
    assert_eq!(largest.len(), 108);
    assert!(largest.values().all(|share| *share > 0.5));
    let ta_tong = report.pairs.iter().find(|pair| snapshot.unit(pair.from).name() == "Xã Tà Tổng");
    println!("{:?}", ta_tong.map(|pair| pair.share_of_from));
}
