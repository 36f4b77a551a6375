//! Whole layers from a snapshot, as a map asks for them: cold, again, after a change.
//!
//! `cargo bench --bench layers`. Seeds are fixed: the same numbers every time.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use divan::Bencher;
use geo_types::{LineString, MultiPolygon, Polygon};
use jiff::civil::date;
use poppywatch::{
    domain::{
        Boundary, Changes, CountryPack, Facts, Footprint, Level, Metres, Plot, PlotId, Position,
        RecordRef, Revision, Season, SightingSource, SquareMetres, UnitKey,
    },
    layers::{CellKind, Choices, LayerQuery, layer},
    snapshot::Snapshot,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

fn main() {
    divan::main();
}

/// A province of 100 communes, a tenth of a degree a side, with `plots` plots in each of `seasons`
/// seasons; of four plots three are cleared. No effort: every cell counts as surveyed.
fn province(plots: u64, seasons: u16) -> Facts {
    let source = |record: String| RecordRef { dataset: "bench".into(), record };
    let commune = |place: i32| {
        let (west, south) =
            (102.5 + f64::from(place % 10) * 0.1, 21.8 + f64::from(place / 10) * 0.1);
        let ring: LineString<f64> = vec![
            (west, south),
            (west + 0.1, south),
            (west + 0.1, south + 0.1),
            (west, south + 0.1),
            (west, south),
        ]
        .into_iter()
        .collect();
        Boundary {
            key: UnitKey {
                scheme: "bench".into(),
                level: Level::Commune,
                code: format!("{place:05}"),
                valid_from: date(2010, 1, 1),
            },
            name: format!("Xã {place}"),
            aliases: Vec::new(),
            parent: None,
            outline: Footprint::new(&MultiPolygon(vec![Polygon::new(ring, Vec::new())])).unwrap(),
            error: Metres::whole(50),
            valid_to: None,
            legal_act: None,
            source: source(place.to_string()),
        }
    };
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut share = || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let plot = |number: u64| {
        let year = 2024 - (number % u64::from(seasons)) as i16;
        let seen = date(year + 1, 2, 20);
        let cleared = (!number.is_multiple_of(4)).then(|| date(year + 1, 2, 27));
        // A third of them crowd in one valley.
        let (lon, lat) = if number % 10 < 3 {
            (102.8 + share() * 0.1, 22.1 + share() * 0.05)
        } else {
            (102.5 + share(), 21.8 + share())
        };
        Plot {
            number,
            id: PlotId(number.to_string()),
            season: Season::starting(year).unwrap(),
            site: None,
            position: Position::new(lon, lat).unwrap(),
            error: Metres::whole(10),
            error_assumed: true,
            area: SquareMetres::new(300.0).ok(),
            area_method: None,
            outline: None,
            first_source: SightingSource::Sweep,
            reported_on: seen,
            confirmed_on: Some(seen),
            stage: None,
            lancing_on: date(year + 1, 3, 1),
            lancing_assumed: true,
            destroyed_on: cleared,
            destroyed_area: None,
            destruction_method: None,
            verified_on: cleared,
            verified_area: None,
            in_time_area: None,
            regrown_on: None,
            rejected: None,
            dataset: "bench".into(),
        }
    };
    Facts {
        revision: Revision(1),
        boundaries: (0..100).map(commune).collect(),
        plots: (1..=plots * u64::from(seasons)).map(plot).collect(),
        ..Facts::default()
    }
}

fn fresh(facts: &Facts) -> Snapshot {
    Snapshot::build(facts.clone(), Arc::new(CountryPack::lai_chau())).unwrap()
}

/// Layers with a method (none: their default).
const QUESTIONS: [(&str, Option<&str>); 11] = [
    ("hotspots", None),
    ("hotspots", Some("moran")),
    ("hotspots", Some("join-counts")),
    ("hotspot-areas", Some("cells")),
    ("hotspot-areas", Some("dbscan")),
    ("hotspot-areas", Some("hdbscan")),
    ("hotspot-areas", Some("scan")),
    ("density", Some("volume")),
    ("recultivation", None),
    ("displacement", None),
    ("coverage", None),
];

fn cold(bencher: Bencher<'_, '_>, plots: u64, (name, method): (&str, Option<&str>)) {
    let facts = province(plots, 4);
    let asked = layer(name).unwrap();
    let choices = Choices { method: method.map(Into::into), ..Choices::default() };
    // A scan is bounded by its cells, and 3 km is what the map asks for there.
    let cell = CellKind::Square(if method == Some("scan") { 3000 } else { 1000 });
    let query = LayerQuery { choices, cell, ..LayerQuery::on(date(2025, 4, 1)) };
    bencher.with_inputs(|| fresh(&facts)).bench_refs(|snapshot| {
        let features = asked.features(snapshot, &query).unwrap().count();
        (features, asked.summary(snapshot, &query).unwrap().len())
    });
}

/// Every answer with its figures, 500 plots in each of four seasons: a province.
#[divan::bench(args = QUESTIONS, sample_count = 5, sample_size = 1)]
fn province_cold(bencher: Bencher<'_, '_>, question: (&str, Option<&str>)) {
    cold(bencher, 500, question);
}

/// A comparison of two seasons, which is bounded to 5,000 plots.
#[divan::bench(args = [500, 2_000], sample_count = 5, sample_size = 1)]
fn density_risk_cold(bencher: Bencher<'_, '_>, plots: u64) {
    cold(bencher, plots, ("density", Some("risk")));
}

/// The same with 25,000 in each of four seasons: a country.
#[divan::bench(args = QUESTIONS, sample_count = 3, sample_size = 1)]
fn country_cold(bencher: Bencher<'_, '_>, question: (&str, Option<&str>)) {
    cold(bencher, 25_000, question);
}

/// All features of a hotspots layer, cold: nothing kept from a question before.
#[divan::bench(args = [1_000, 100_000], sample_count = 10)]
fn hotspots_layer_cold(bencher: Bencher<'_, '_>, plots: u64) {
    let facts = province(plots, 1);
    let hotspots = layer("hotspots").unwrap();
    let query = LayerQuery::on(date(2025, 4, 1));
    bencher
        .with_inputs(|| fresh(&facts))
        .bench_refs(|snapshot| hotspots.features(snapshot, &query).unwrap().count());
}

/// All features after one plot of a season was changed, the answer from before being known.
#[divan::bench(args = [1_000, 100_000], sample_count = 20)]
fn hotspots_layer_one_plot_changed(bencher: Bencher<'_, '_>, plots: u64) {
    let facts = province(plots, 1);
    let before = fresh(&facts);
    let hotspots = layer("hotspots").unwrap();
    let query = LayerQuery::on(date(2025, 4, 1));
    hotspots.features(&before, &query).unwrap().count();
    let revision = AtomicU64::new(1);
    bencher
        .with_inputs(|| {
            let revision = revision.fetch_add(1, Ordering::Relaxed) + 1;
            let mut plot = facts.plots[17].clone();
            plot.position = Position::new(103.0 + revision as f64 * 1e-4, 22.2).unwrap();
            let plots = vec![plot];
            Changes::Plots { revision: Revision(revision), plots, datasets: Vec::new() }
        })
        .bench_values(|changes| {
            let after = before.with_changes(changes).unwrap();
            hotspots.features(&after, &query).unwrap().count()
        });
}

/// The same again.
#[divan::bench(args = [1_000, 100_000], sample_count = 10)]
fn hotspots_layer_again(bencher: Bencher<'_, '_>, plots: u64) {
    let snapshot = fresh(&province(plots, 1));
    let hotspots = layer("hotspots").unwrap();
    let query = LayerQuery::on(date(2025, 4, 1));
    bencher.bench(|| hotspots.features(&snapshot, &query).unwrap().count());
}

/// A tile's worth of the whole province out of many plots: the first merges, the others look up.
#[divan::bench(args = [100_000, 1_000_000], sample_count = 5)]
fn plots_merged_cold(bencher: Bencher<'_, '_>, plots: u64) {
    let facts = province(plots, 1);
    let layer = layer("plots").unwrap();
    let query =
        LayerQuery { resolution: Metres::new(5_000.0).ok(), ..LayerQuery::on(date(2025, 4, 1)) };
    bencher
        .with_inputs(|| fresh(&facts))
        .bench_refs(|snapshot| layer.features(snapshot, &query).unwrap().count());
}

/// The same again.
#[divan::bench(args = [100_000, 1_000_000], sample_count = 5)]
fn plots_merged_again(bencher: Bencher<'_, '_>, plots: u64) {
    let snapshot = fresh(&province(plots, 1));
    let layer = layer("plots").unwrap();
    let query =
        LayerQuery { resolution: Metres::new(5_000.0).ok(), ..LayerQuery::on(date(2025, 4, 1)) };
    bencher.bench(|| layer.features(&snapshot, &query).unwrap().count());
}

/// A hundred pages of a thousand plots.
#[divan::bench(sample_count = 3)]
fn plots_paged(bencher: Bencher<'_, '_>) {
    let snapshot = fresh(&province(100_000, 1));
    let layer = layer("plots").unwrap();
    bencher.bench(|| {
        let mut query = LayerQuery::on(date(2025, 4, 1));
        let mut seen = 0;
        loop {
            let page: Vec<_> = layer.features(&snapshot, &query).unwrap().take(1000).collect();
            let Some(last) = page.last() else { break seen };
            seen += page.len();
            query.after = Some(last.cursor());
        }
    });
}
