//! The indexes are only short cuts: they must find what the slow loops find.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at the first fault and tells its counts"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod snapshot_kit;

use std::sync::Arc;

use geo::{CoordinatePosition, Distance, Euclidean, coordinate_position::CoordPos};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use jiff::civil::date;
use poppywatch::{
    domain::{
        Boundary, Changes, CountryPack, DatasetKind, Event, Extent, Footprint, Level, Plot, PlotId,
        Position, Revision, Season, Sighting, SightingSource,
    },
    snapshot::{Settled, Snapshot},
    store::Store,
};
use proptest::{collection::vec, prelude::*};
use snapshot_kit::{at, commune, plot, position, snapshot};

/// One plot in the middle of the hand-drawn communes.
fn sighting() -> Event {
    let day = date(2025, 2, 20);
    Event::PlotSighted(Sighting {
        plot: PlotId("2024-2025/1".into()),
        season: Season::of(day),
        date: day,
        by: SightingSource::Sweep,
        position: position(2., 2.),
        error: None,
        outline: None,
        stage: None,
        source: snapshot_kit::source("plots", "1"),
    })
}

/// Steps on a coarse lattice, so that points fall on edges and vertices often.
fn lattice() -> impl Strategy<Value = f64> {
    prop_oneof![(0..=20_i32).prop_map(|n| f64::from(n) / 2.0), 0.0..10.0_f64]
}

fn place() -> impl Strategy<Value = (f64, f64)> {
    (lattice(), lattice())
}

fn seasons() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("2021-2022"), Just("2022-2023"), Just("2023-2024")]
}

/// A star around a centre: simple whatever the radii are.
fn star() -> impl Strategy<Value = Footprint> {
    ((lattice(), lattice()), vec(0.3..3.0_f64, 3..12)).prop_filter_map(
        "an outline",
        |((x, y), radii)| {
            let count = radii.len() as f64;
            let mut ring: Vec<Coord<f64>> = radii
                .iter()
                .enumerate()
                .map(|(n, radius)| {
                    let angle = std::f64::consts::TAU * n as f64 / count;
                    at(x + radius * angle.cos(), y + radius * angle.sin())
                })
                .collect();
            ring.push(ring[0]);
            Footprint::new(&MultiPolygon(vec![Polygon::new(LineString(ring), vec![])])).ok()
        },
    )
}

fn communes(outlines: Vec<Footprint>) -> Vec<Boundary> {
    let coded = outlines.into_iter().enumerate();
    coded.map(|(n, outline)| commune(&format!("{n:02}"), outline)).collect()
}

fn plots() -> impl Strategy<Value = Vec<Plot>> {
    let one = (place(), seasons(), proptest::option::weighted(0.3, star()));
    vec(one, 0..120).prop_map(|all| {
        let numbered = all.into_iter().zip(1..);
        numbered
            .map(|(((x, y), season, outline), number)| {
                let mut plot = plot(number, season, position(x, y));
                plot.outline = outline;
                plot
            })
            .collect()
    })
}

fn extent() -> impl Strategy<Value = Extent> {
    (place(), place()).prop_map(|((a, b), (c, d))| {
        let (low, high) = (at(a.min(c), b.min(d)), at(a.max(c), b.max(d)));
        Extent::new(low.x, low.y, high.x, high.y).unwrap()
    })
}

fn numbers(snapshot: &Snapshot, extent: Extent) -> Vec<u64> {
    snapshot.plots_in(extent, None).map(|view| view.plot.number).collect()
}

fn meets(plot: &Plot, extent: Extent) -> bool {
    let here = plot.position.coord();
    let here = Extent::new(here.x, here.y, here.x, here.y).unwrap();
    here.meets(extent) || plot.outline.as_ref().is_some_and(|it| it.extent().meets(extent))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_tree_finds_what_the_slow_loop_finds(plots in plots(), extent in extent()) {
        let slow: Vec<u64> =
            plots.iter().filter(|plot| meets(plot, extent)).map(|plot| plot.number).collect();
        prop_assert_eq!(numbers(&snapshot(Vec::new(), plots), extent), slow);
    }

    #[test]
    fn buckets_find_what_the_slow_loop_finds(
        outlines in vec(star(), 1..8),
        places in vec(place(), 1..60),
    ) {
        let snapshot = snapshot(communes(outlines.clone()), Vec::new());
        let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
        for (x, y) in places {
            let coord = at(x, y);
            let lies: Vec<CoordPos> =
                outlines.iter().map(|it| it.get().coordinate_position(&coord)).collect();
            let inside = lies.iter().filter(|lies| **lies == CoordPos::Inside).count();
            let edge = lies.contains(&CoordPos::OnBoundary);
            let located =
                atlas.locate_in(Level::Commune, Position::new(coord.x, coord.y).unwrap());
            match (inside, edge) {
                (0, true) => prop_assert_eq!(located.settled, Settled::Edge),
                (0, false) => prop_assert!(
                    matches!(located.settled, Settled::Gap | Settled::Outside)
                ),
                (1, _) => prop_assert_eq!(located.settled, Settled::Inside),
                _ => prop_assert_eq!(located.settled, Settled::Overlap),
            }
            if let (Some(unit), true) = (located.unit, inside > 0) {
                prop_assert_eq!(lies[unit.index()], CoordPos::Inside);
            }
        }
    }

    #[test]
    fn the_nearest_line_is_the_nearest(outlines in vec(star(), 1..6), (x, y) in place()) {
        let snapshot = snapshot(communes(outlines), Vec::new());
        let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
        let metric = snapshot.metric().metric(position(x, y)).unwrap();
        for level in Level::ALL {
            let slow = atlas
                .lines(level)
                .iter()
                .map(|line| Euclidean.distance(&Point(metric), &line.metric))
                .min_by(f64::total_cmp);
            let fast = atlas.nearest_line(level, metric).map(|nearest| nearest.metres);
            prop_assert_eq!(slow.is_some(), fast.is_some());
            if let (Some(slow), Some(fast)) = (slow, fast) {
                prop_assert!((slow - fast).abs() < 1e-6, "{} {}", slow, fast);
            }
        }
    }

    #[test]
    fn shares_sum_to_the_whole(outlines in vec(star(), 1..6), outline in star()) {
        let snapshot = snapshot(communes(outlines), Vec::new());
        let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
        let shares = atlas.shares(Level::Commune, outline.get());
        let sum: f64 = shares.iter().map(|(_, share)| share).sum();
        prop_assert!(shares.is_empty() || sum == 1.0, "{}", sum);
        prop_assert!(shares.iter().all(|(_, share)| *share > 0.0 && *share <= 1.0));
    }

    #[test]
    fn winding_and_the_first_vertex_change_nothing(
        outlines in vec(star(), 1..5),
        turn in 0..12_usize,
        places in vec(place(), 1..20),
    ) {
        let turned = |footprint: &Footprint| {
            let mut ring = footprint.get().0[0].exterior().0.clone();
            ring.pop();
            let turn = turn % ring.len();
            ring.rotate_left(turn);
            ring.reverse();
            ring.push(ring[0]);
            Footprint::new(&MultiPolygon(vec![Polygon::new(LineString(ring), vec![])])).unwrap()
        };
        let other = outlines.iter().map(turned).collect();
        let (one, other) =
            (snapshot(communes(outlines), vec![]), snapshot(communes(other), vec![]));
        let (one, other) =
            (one.atlas_on(date(2024, 1, 1)).unwrap(), other.atlas_on(date(2024, 1, 1)).unwrap());
        for (x, y) in places {
            prop_assert_eq!(one.locate(position(x, y)), other.locate(position(x, y)));
        }
        let lengths = |atlas: &poppywatch::snapshot::Atlas| -> f64 {
            Level::ALL.iter().flat_map(|l| atlas.lines(*l)).map(|line| line.length_m).sum()
        };
        prop_assert!((lengths(one) - lengths(other)).abs() < 1e-3);
    }

    #[test]
    fn changes_give_what_building_all_again_gives(
        plots in plots(),
        later in vec((1..150_u64, place(), seasons()), 0..60),
        extent in extent(),
    ) {
        let units = || communes(vec![snapshot_kit::square(0., 0., 5., 10.)]);
        let mut all: std::collections::BTreeMap<u64, Plot> =
            plots.iter().map(|plot| (plot.number, plot.clone())).collect();
        let mut grown = snapshot(units(), plots);
        for (revision, (number, (x, y), season)) in later.into_iter().enumerate() {
            let changed = plot(number, season, position(x, y));
            all.insert(number, changed.clone());
            let changes = Changes::Plots {
                revision: Revision(revision as u64),
                plots: vec![changed],
                datasets: Vec::new(),
            };
            grown = grown.with_changes(changes).unwrap();
        }
        let built = snapshot(units(), all.into_values().collect());
        let told = |snapshot: &Snapshot| -> Vec<_> {
            snapshot.plots(None).map(|it| (it.plot.clone(), snapshot.units_of(it, None))).collect()
        };
        prop_assert_eq!(told(&grown), told(&built));
        prop_assert_eq!(grown.settling(), built.settling());
        prop_assert_eq!(grown.seasons(), built.seasons());
        prop_assert_eq!(numbers(&grown, extent), numbers(&built, extent));
        for number in [0, 3, 77] {
            let after = |snapshot: &Snapshot| -> Vec<u64> {
                snapshot.plots_after(number, None).map(|view| view.plot.number).collect()
            };
            prop_assert_eq!(after(&grown), after(&built));
            let one = |snapshot: &Snapshot| snapshot.plot(number).map(|view| view.plot.clone());
            prop_assert_eq!(one(&grown), one(&built));
        }
    }
}

proptest! {
    // Every import is on the disk before it is acknowledged: fewer cases.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Two sets of communes on the same ground and a set of plots, imported again and again with
    /// other titles, files and outlines: a running server shows what a restart shows.
    #[test]
    fn imports_of_boundaries_again_give_what_building_all_again_gives(
        imports in vec((0..3_usize, 0..2_u8, 0..2_u8, any::<bool>()), 1..8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let pack = Arc::new(CountryPack::lai_chau());
        let mut store = Store::create_or_open(&folder.path().join("a.gpkg"), &pack).unwrap();
        let mut live = Snapshot::build(store.load(None).unwrap(), Arc::clone(&pack)).unwrap();
        for (set, title, file, outlines_too) in imports {
            let id = ["drawn", "another", "plots"][set];
            let mut about = snapshot_kit::dataset(id);
            about.title = Some(format!("title {title}"));
            about.sha256 = format!("file {file}");
            let mut events = Vec::new();
            if id == "plots" {
                about.kind = DatasetKind::Plots;
                events.push(sighting());
            } else if outlines_too {
                let mut unit = commune(id, snapshot_kit::square(0., 0., 5., 5. + f64::from(file)));
                unit.key.scheme = id.into();
                unit.source = snapshot_kit::source(id, "1");
                events.push(Event::BoundaryDeclared(unit));
            }
            events.insert(0, Event::DatasetImported(about));
            store.append(&events, jiff::Timestamp::UNIX_EPOCH, &|_| ()).unwrap();
            if let Some(changes) = store.changes_since(live.revision()).unwrap() {
                live = live.with_changes(changes).unwrap();
            }
            let built = Snapshot::build(store.load(None).unwrap(), Arc::clone(&pack)).unwrap();
            let told = |snapshot: &Snapshot| -> Vec<_> {
                snapshot.plots(None).map(|it| snapshot.units_of(it, None)).collect()
            };
            prop_assert_eq!(told(&live), told(&built));
            prop_assert_eq!(live.datasets(), built.datasets());
            let day = date(2025, 2, 20);
            let left_out = |snapshot: &Snapshot| {
                snapshot.atlas_on(day).map(|atlas| atlas.left_out(Level::Commune).to_vec())
            };
            prop_assert_eq!(left_out(&live), left_out(&built));
        }
    }
}
