//! What the snapshot answers about hand-drawn units and plots.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at the first fault and tells its counts"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod snapshot_kit;

use geo_types::{LineString, MultiLineString};
use jiff::civil::date;
use poppywatch::{
    domain::{
        BorderLine, Changes, Extent, Facts, Footprint, Level, Metres, Plot, Revision, UnitKey,
    },
    snapshot::{LeftOutReason, PlotKind, Settled, Side, Snapshot},
};
use snapshot_kit::{
    area, at, build, commune, dataset, on_site, plot, position, snapshot, source, square, unit,
    with_lines,
};

const SEASON: &str = "2023-2024";

fn home(snapshot: &Snapshot, number: u64) -> (Option<&str>, Settled) {
    let units = snapshot.units_of(snapshot.plot(number).unwrap(), None);
    (units.commune.map(|unit| snapshot.unit(unit).code()), units.settled)
}

fn one_plot(boundaries: Vec<poppywatch::domain::Boundary>, x: f64, y: f64) -> Snapshot {
    snapshot(boundaries, vec![plot(1, SEASON, position(x, y))])
}

#[test]
fn a_point_lies_in_its_commune() {
    let two = || vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5., 0., 9., 5.))];
    assert_eq!(home(&one_plot(two(), 2., 2.), 1), (Some("a"), Settled::Inside));
    assert_eq!(home(&one_plot(two(), 7., 2.), 1), (Some("b"), Settled::Inside));
    assert_eq!(home(&one_plot(two(), 20., 2.), 1), (None, Settled::Outside));
}

#[test]
fn a_point_on_a_shared_edge_goes_to_the_lower_key() {
    let two = || vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5., 0., 9., 5.))];
    assert_eq!(home(&one_plot(two(), 5., 2.), 1), (Some("a"), Settled::Edge));
    assert_eq!(home(&one_plot(two(), 5., 5.), 1), (Some("a"), Settled::Edge));
    assert_eq!(home(&one_plot(two(), 9., 5.), 1), (Some("b"), Settled::Edge));
}

#[test]
fn a_point_in_an_overlap_goes_to_the_unit_whose_line_is_farther() {
    let two = || vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(4., 0., 9., 5.))];
    assert_eq!(home(&one_plot(two(), 4.2, 2.), 1), (Some("a"), Settled::Overlap));
    assert_eq!(home(&one_plot(two(), 4.8, 2.), 1), (Some("b"), Settled::Overlap));
}

#[test]
fn a_point_in_a_gap_goes_to_the_nearest_unit_within_the_tolerance() {
    // The gap is about 820 m wide, the tolerance 300 m.
    let two = || vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5.8, 0., 9., 5.))];
    assert_eq!(home(&one_plot(two(), 5.1, 2.), 1), (Some("a"), Settled::Gap));
    assert_eq!(home(&one_plot(two(), 5.7, 2.), 1), (Some("b"), Settled::Gap));
    assert_eq!(home(&one_plot(two(), 5.4, 2.), 1), (None, Settled::Outside));
    assert_eq!(one_plot(two(), 5.1, 2.).settling().count(Settled::Gap), 1);
}

#[test]
fn the_parents_code_wins_over_a_districts_outline_and_is_counted() {
    let units = vec![
        unit(Level::Commune, "a", Some("d1"), square(0., 0., 5., 5.)),
        unit(Level::District, "d1", Some("p"), square(0., 0., 4., 5.)),
        unit(Level::District, "d2", Some("p"), square(4., 0., 9., 5.)),
        unit(Level::Province, "p", None, square(0., 0., 9., 5.)),
    ];
    let snapshot = one_plot(units, 4.5, 2.);
    let units = snapshot.units_of(snapshot.plot(1).unwrap(), None);
    assert_eq!(snapshot.unit(units.district.unwrap()).code(), "d1");
    assert_eq!(snapshot.unit(units.province.unwrap()).code(), "p");
    assert!(units.contradicted);
    assert_eq!(snapshot.settling().contradicted(), 1);
}

#[test]
fn units_are_those_of_the_plots_own_date_unless_another_is_asked() {
    let mut old = commune("old", square(0., 0., 5., 5.));
    old.valid_to = Some(date(2025, 7, 1));
    let mut new = commune("new", square(0., 0., 9., 5.));
    new.key.valid_from = date(2025, 7, 1);
    let snapshot = one_plot(vec![old, new], 2., 2.);
    let plot = snapshot.plot(1).unwrap();
    let code =
        |on| snapshot.units_of(plot, on).commune.map(|unit| snapshot.unit(unit).code().to_owned());
    assert_eq!(code(None).as_deref(), Some("old"));
    assert_eq!(code(Some(date(2025, 6, 30))).as_deref(), Some("old"));
    assert_eq!(code(Some(date(2025, 7, 1))).as_deref(), Some("new"));
    assert_eq!(code(Some(date(1999, 1, 1))), None);
    let epochs: Vec<_> = snapshot.atlases().iter().map(|it| (it.from(), it.to())).collect();
    let turn = date(2025, 7, 1);
    assert_eq!(epochs, [(date(2010, 1, 1), Some(turn)), (turn, None)]);
}

#[test]
fn the_data_set_imported_last_covers_the_others() {
    let mut boundaries =
        vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5., 0., 9., 5.))];
    let mut other = commune("x", square(0.1, 0., 5., 5.));
    other.key.scheme = "another".into();
    other.source = source("another", "x");
    boundaries.push(other);
    boundaries.sort_by(|a, b| a.key.cmp(&b.key));
    let facts = |order: [&str; 2]| Facts {
        boundaries: boundaries.clone(),
        datasets: order.map(dataset).to_vec(),
        plots: vec![plot(1, SEASON, position(2., 2.))],
        ..Facts::default()
    };
    let last_another = build(facts(["drawn", "another"]));
    assert_eq!(home(&last_another, 1).0, Some("x"));
    let atlas = last_another.atlas_on(date(2024, 1, 1)).unwrap();
    assert_eq!(atlas.units(Level::Commune).count(), 2);
    let left_out = atlas.left_out(Level::Commune);
    assert_eq!(left_out[0].reason, LeftOutReason::Covered);
    assert_eq!(last_another.unit(left_out[0].unit).code(), "a");
    assert_eq!(home(&build(facts(["another", "drawn"])), 1).0, Some("a"));

    // The same file again, with a title: `another` still covers.
    let mut titled = dataset("drawn");
    titled.title = Some("Xã".into());
    let mut again = facts(["drawn", "another"]);
    again.datasets.push(titled.clone());
    let snapshot = build(again.clone());
    assert_eq!(home(&snapshot, 1).0, Some("x"));
    assert_eq!(snapshot.datasets().last().map(|it| it.id.as_str()), Some("drawn"));
    // Another file under the same name: now `drawn` came last.
    titled.sha256 = "another file".into();
    again.datasets.push(titled);
    assert_eq!(home(&build(again), 1).0, Some("a"));
}

#[test]
fn a_later_version_of_a_code_succeeds_the_earlier() {
    let mut later = commune("a", square(0., 0., 6., 5.));
    later.key.valid_from = date(2020, 1, 1);
    let snapshot = one_plot(vec![commune("a", square(0., 0., 5., 5.)), later], 5.5, 2.);
    assert_eq!(home(&snapshot, 1), (Some("a"), Settled::Inside));
    let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
    assert_eq!(atlas.left_out(Level::Commune)[0].reason, LeftOutReason::Succeeded);
}

#[test]
fn neighbours_share_a_line_and_the_rest_is_outer() {
    let two = vec![
        unit(Level::Commune, "a", Some("p"), square(0., 0., 5., 5.)),
        unit(Level::Commune, "b", Some("p"), square(5., 0., 9., 5.)),
        unit(Level::Province, "p", None, square(0., 0., 9., 5.)),
    ];
    let snapshot = one_plot(two, 4.9, 2.5);
    let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
    let communes = atlas.lines(Level::Commune);
    assert_eq!(communes.len(), 1);
    assert!((communes[0].length_m - 5540.0).abs() < 30.0, "{}", communes[0].length_m);
    let outer: f64 = atlas.lines(Level::Province).iter().map(|line| line.length_m).sum();
    assert!((outer - 2.0 * (9.0 * 1030.0 + 5.0 * 1108.0)).abs() < 150.0, "{outer}");
    assert!(atlas.lines(Level::Province).iter().all(|line| line.sides[1] == Side::Unknown));
    let plot = snapshot.plot(1).unwrap();
    let nearest = snapshot.lines_of(plot, None);
    let commune = nearest.iter().find(|line| line.level == Level::Commune).unwrap();
    assert!((commune.metres - 103.0).abs() < 2.0, "{commune:?}");
    assert_eq!(commune.sides, [Some("commune a"), Some("commune b")]);
    assert!(!commune.on_the_line, "2 √(10² + 20²) = 45 m");
    let (strip, metres) = atlas.strip_at(Level::Commune, plot.metric).unwrap();
    assert_eq!((strip.lines.as_slice(), metres), ([0].as_slice(), commune.metres));
    assert_eq!(strip.ground().0.len(), 1);
}

#[test]
fn neighbours_drawn_apart_still_share_a_line() {
    // A gap of about 100 m on one half and an overlap of about 100 m on the other.
    let two = vec![
        commune("a", area(&[(0., 0.), (4.9, 0.), (5.1, 5.), (0., 5.)])),
        commune("b", square(5., 0., 9., 5.)),
    ];
    let snapshot = one_plot(two, 2., 2.);
    let lines = snapshot.atlas_on(date(2024, 1, 1)).unwrap().lines(Level::Commune);
    assert_eq!(lines.len(), 1);
    assert!((lines[0].length_m - 5540.0).abs() < 200.0, "{}", lines[0].length_m);
}

#[test]
fn neighbours_too_far_apart_share_none() {
    let two = vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5.5, 0., 9., 5.))];
    let snapshot = one_plot(two, 2., 2.);
    assert!(snapshot.atlas_on(date(2024, 1, 1)).unwrap().lines(Level::Commune).is_empty());
}

#[test]
fn a_line_between_communes_of_two_provinces_is_a_line_of_provinces() {
    let units = vec![
        unit(Level::Commune, "a", Some("p"), square(0., 0., 5., 5.)),
        unit(Level::Commune, "b", Some("q"), square(5., 0., 9., 5.)),
        unit(Level::Province, "p", None, square(0., 0., 5., 5.)),
        unit(Level::Province, "q", None, square(5., 0., 9., 5.)),
    ];
    let snapshot = one_plot(units, 2., 2.);
    let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
    assert!(atlas.lines(Level::Commune).is_empty());
    let shared = atlas.lines(Level::Province).iter().find(|line| line.between[1].is_some());
    let sides =
        shared.unwrap().sides.clone().map(|side| snapshot.unit(side.unit().unwrap()).code());
    assert_eq!(sides, ["p", "q"]);
}

#[test]
fn an_outer_line_along_a_given_border_is_national() {
    let border = BorderLine {
        level: Level::Country,
        name: "A – B".into(),
        sides: ["A".into(), "B".into()],
        // 200 m outside of the northern edge, and on to the east where nobody lives.
        line: MultiLineString(vec![LineString(vec![at(0., 5.2), at(40., 5.2)])]),
        error: Metres::whole(50),
        valid_from: date(2000, 1, 1),
        valid_to: None,
        source: source("drawn", "border"),
    };
    let snapshot = with_lines(
        vec![commune("a", square(0., 0., 5., 5.))],
        vec![border],
        vec![plot(1, SEASON, position(2., 4.8))],
    );
    let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
    let national = atlas.lines(Level::Country);
    let along = national.iter().find(|line| line.between[0].is_some()).unwrap();
    assert!((5000.0..6500.0).contains(&along.length_m), "{}", along.length_m);
    let rest = national.iter().find(|line| line.between[0].is_none()).unwrap();
    assert!((33_000.0..37_000.0).contains(&rest.length_m), "{}", rest.length_m);
    let nearest = snapshot.lines_of(snapshot.plot(1).unwrap(), None);
    assert_eq!(nearest[0].level, Level::Country);
    assert_eq!(nearest[0].sides, [Some("A"), Some("B")]);
}

fn outlined(outline: Footprint) -> Plot {
    let mut plot = plot(1, SEASON, position(4.5, 2.));
    plot.outline = Some(outline);
    plot
}

fn shares(snapshot: &Snapshot) -> Vec<(&str, f64)> {
    let shares = snapshot.shares_of(snapshot.plot(1).unwrap(), None);
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    assert!(shares.is_empty() || sum == 1.0, "{sum}");
    shares.into_iter().map(|(unit, share)| (snapshot.unit(unit).code(), share)).collect()
}

#[test]
fn an_outline_is_shared_out() {
    let two = || vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5., 0., 9., 5.))];
    let all = |outline| snapshot(two(), vec![outlined(outline)]);
    let whole = all(square(4.0, 2., 4.5, 2.5));
    assert_eq!(shares(&whole), [("a", 1.0)]);
    let cut = all(square(4.75, 2., 5.75, 2.5));
    let cut = shares(&cut);
    assert!((cut[0].1 - 0.25).abs() < 1e-3 && cut[1].0 == "b", "{cut:?}");
    assert_eq!(shares(&all(square(20., 2., 21., 3.))), []);
    // A third lies outside of all communes: it goes to the nearest.
    let hanging = all(square(8., 2., 9.5, 2.5));
    assert_eq!(shares(&hanging), [("b", 1.0)]);
}

#[test]
fn overlaps_and_gaps_under_an_outline_are_settled() {
    let overlap = vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(4., 0., 9., 5.))];
    let cut = snapshot(overlap, vec![outlined(square(3., 2., 6., 3.))]);
    let cut = shares(&cut);
    // One third each, and the overlap whole to the one in which its middle lies deeper: a tie.
    assert!((cut[0].1 + cut[1].1 - 1.0).abs() < 1e-12 && cut.len() == 2, "{cut:?}");
    assert!(cut.iter().any(|(_, share)| (share - 1.0 / 3.0).abs() < 1e-3), "{cut:?}");
    let gap = vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5.2, 0., 9., 5.))];
    let cut = snapshot(gap, vec![outlined(square(4., 2., 6.2, 3.))]);
    assert_eq!(shares(&cut).len(), 2);
}

#[test]
fn kinds_come_from_the_sites_history() {
    let here = position(2., 2.);
    let mut refused = on_site(plot(7, "2021-2022", here), "w", true);
    refused.rejected = Some((date(2022, 3, 1), poppywatch::domain::RejectionReason::NotPoppy));
    let plots = vec![
        on_site(plot(1, "2021-2022", here), "x", true),
        on_site(plot(2, "2023-2024", here), "x", false),
        on_site(plot(3, "2021-2022", here), "y", false),
        on_site(plot(4, "2022-2023", here), "y", true),
        plot(5, "2022-2023", here),
        on_site(plot(6, "2022-2023", here), "w", true),
        refused,
    ];
    let snapshot = snapshot(Vec::new(), plots);
    let kind = |number| snapshot.kind_of(snapshot.plot(number).unwrap());
    assert_eq!(kind(1), PlotKind::New);
    assert_eq!(kind(2), PlotKind::Recultivated);
    assert_eq!(kind(4), PlotKind::Known);
    assert_eq!(kind(5), PlotKind::Unlinked);
    assert_eq!(kind(6), PlotKind::New);
    let site: Vec<u64> =
        snapshot.site_of(snapshot.plot(2).unwrap()).iter().map(|view| view.plot.number).collect();
    assert_eq!(site, [1, 2]);
}

#[test]
fn lineage_says_which_unit_became_which() {
    let until = |mut unit: poppywatch::domain::Boundary| {
        unit.valid_to = Some(date(2025, 7, 1));
        unit
    };
    let from_then = |mut unit: poppywatch::domain::Boundary| {
        unit.key = UnitKey { valid_from: date(2025, 7, 1), ..unit.key };
        unit
    };
    let units = vec![
        until(commune("a", square(0., 0., 5., 5.))),
        until(commune("b", square(5., 0., 9., 5.))),
        // Unchanged, and with a hair of a hundredth of a step over the line to `ab`.
        commune("c", square(9., 0., 12., 5.)),
        from_then(commune("ab", square(0., 0., 9.01, 5.))),
    ];
    let snapshot = snapshot(units, Vec::new());
    let lineage = snapshot.lineage(date(2024, 1, 1), date(2026, 1, 1), Level::Commune);
    let told: Vec<_> = lineage
        .iter()
        .map(|it| (snapshot.unit(it.from).code(), snapshot.unit(it.to).code()))
        .collect();
    assert_eq!(told, [("a", "ab"), ("b", "ab"), ("c", "c")]);
    // Straight lines in degrees bend in metres, by millimetres between the vertices.
    assert!(lineage.iter().all(|it| (it.share_of_from - 1.0).abs() < 1e-5));
    assert!((lineage[0].share_of_to - 5.0 / 9.01).abs() < 1e-3);
}

#[test]
fn one_changed_plot_gives_what_building_all_again_gives() {
    let two = || vec![commune("a", square(0., 0., 5., 5.)), commune("b", square(5., 0., 9., 5.))];
    let plots: Vec<Plot> =
        (1..=40).map(|n| plot(n, SEASON, position(n as f64 / 5.0, 1.0))).collect();
    let mut moved = plots[3].clone();
    moved.position = position(8.5, 4.5);
    moved.season = "2024-2025".parse().unwrap();
    let added = plot(99, SEASON, position(5.0, 2.0));
    let changed = snapshot(two(), plots.clone())
        .with_changes(Changes::Plots {
            revision: Revision(7),
            plots: vec![moved.clone(), added.clone()],
            datasets: Vec::new(),
        })
        .unwrap();
    let mut all = plots;
    all[3] = moved;
    all.push(added);
    let again = snapshot(two(), all);
    assert_eq!(changed.revision(), Revision(7));
    assert_eq!(changed.seasons(), again.seasons());
    assert_eq!(changed.settling(), again.settling());
    for season in [None, Some(SEASON.parse().unwrap()), Some("2024-2025".parse().unwrap())] {
        let told = |snapshot: &Snapshot| -> Vec<_> {
            let views = snapshot.plots(season);
            views.map(|view| (view.plot.clone(), snapshot.units_of(view, None))).collect()
        };
        assert_eq!(told(&changed), told(&again));
        assert_eq!(changed.plot_count(season), told(&again).len());
    }
    let near = Extent::new(at(8., 4.).x, at(8., 4.).y, at(9., 5.).x, at(9., 5.).y).unwrap();
    assert_eq!(changed.plots_in(near, None).map(|view| view.plot.number).collect::<Vec<_>>(), [4]);
}

#[test]
fn a_place_beyond_the_projection_is_kept_without_metres() {
    let far = poppywatch::domain::Position::new(-121.0, 38.0).unwrap();
    let snapshot = snapshot(vec![commune("a", square(0., 0., 5., 5.))], vec![plot(1, SEASON, far)]);
    let plot = snapshot.plot(1).unwrap();
    let (units, lines) = (snapshot.units_of(plot, None), snapshot.lines_of(plot, None));
    assert_eq!((units.commune, units.settled), (None, Settled::Outside));
    assert!(plot.on_grid().is_none_or(|_| !lines.is_empty()));
    assert_eq!(snapshot.plots_in(Extent::WORLD, None).count(), 1);
}

#[test]
fn the_answer_does_not_depend_on_the_threads() {
    let told = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let units = (0..6).flat_map(|x| {
                (0..6).map(move |y| {
                    let (x, y) = (f64::from(x), f64::from(y));
                    // Drawn apart and over each other, by up to 100 m.
                    let wrong = ((x * 7.0 + y * 13.0) % 5.0 - 2.0) / 20.0;
                    commune(&format!("{x}{y}"), square(x, y, x + 1.0 + wrong, y + 1.0 - wrong))
                })
            });
            let plots = (0..500_u64).map(|n| {
                let (x, y) = ((n * 37 % 500) as f64 / 80.0, (n * 91 % 500) as f64 / 80.0);
                plot(n + 1, SEASON, position(x, y))
            });
            let snapshot = snapshot(units.collect(), plots.collect());
            let atlas = snapshot.atlas_on(date(2024, 1, 1)).unwrap();
            let lines: Vec<String> = Level::ALL
                .iter()
                .flat_map(|level| atlas.lines(*level))
                .map(|line| format!("{line:?}"))
                .collect();
            let homes: Vec<String> = snapshot
                .plots(None)
                .map(|view| {
                    format!(
                        "{:?} {:?}",
                        snapshot.units_of(view, None),
                        snapshot.lines_of(view, None)
                    )
                })
                .collect();
            let ids: std::collections::BTreeSet<u64> =
                atlas.lines(Level::Commune).iter().map(|line| line.id).collect();
            assert_eq!(ids.len(), atlas.lines(Level::Commune).len());
            (lines, homes, snapshot.settling())
        })
    };
    let one = told(1);
    assert!(one.2.count(Settled::Overlap) > 0 && one.2.count(Settled::Gap) > 0);
    assert_eq!(one, told(4));
}
