//! Gi*, local Moran and their permutations, and a hotspots layer from a fresh snapshot.
//!
//! `cargo bench --bench gi`. Seeds are fixed: the same numbers every time.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use divan::Bencher;
use geo_types::{LineString, MultiPolygon, Polygon};
use jiff::civil::date;
use poppywatch::{
    analysis::{
        chance::{
            draws::Draws,
            permutation::{Null, Statistic, counts, neighbour_counts, weighted_counts},
            significance::{adjusted, classes},
        },
        geometry::grid::{Cell, CellForm, Grid},
        local::getis_ord::gi_star,
        watch::Nobody,
        weights::{Neighbours, Weights},
    },
    crs::MetricCrs,
    domain::{
        Boundary, Changes, CountryPack, Facts, Footprint, Level, Metres, Plot, PlotId, Position,
        RecordRef, Revision, Season, SightingSource, SquareMetres, UnitKey,
    },
    layers::{LayerQuery, layer},
    snapshot::Snapshot,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

fn main() {
    divan::main();
}

/// A square of queen cells, one in twelve with plots.
fn map(cells: usize) -> (Vec<f64>, Neighbours) {
    let side = (cells as f64).sqrt().round() as i32;
    let grid = Grid::new(MetricCrs::new(3405).unwrap(), CellForm::Square, 1000).unwrap();
    let all: Vec<Cell> =
        (0..side).flat_map(|row| (0..side).map(move |col| Cell { row, col })).collect();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let values = all
        .iter()
        .map(|_| match random.next_u32() % 60 {
            0..=3 => 1.0,
            4 => f64::from(1 + random.next_u32() % 9),
            _ => 0.0,
        })
        .collect();
    (values, Neighbours::on_grid(grid, &all))
}

const CELLS: [usize; 3] = [1_000, 10_000, 100_000];

#[divan::bench(args = CELLS)]
fn gi_star_z(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    bencher.bench(|| gi_star(&values, &weights));
}

fn shuffle(
    bencher: Bencher<'_, '_>,
    cells: usize,
    (statistic, null, permutations): (Statistic, Null, u32),
) {
    let (values, weights) = map(cells);
    let draws = Draws { permutations, seed: 1, analysis: "bench" };
    bencher.bench(|| neighbour_counts(&values, &weights, statistic, null, draws));
}

const PERMUTATIONS: [u32; 4] = [999, 9_999, 99_999, 999_999];

/// 100,000 zero-inflated queen cells, weights built.
#[divan::bench(args = PERMUTATIONS)]
fn gi_star_total_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::GiStar, Null::Total, permutations));
}

/// The same under the null of the peers; its counts are those of Gi too.
#[divan::bench(args = PERMUTATIONS)]
fn gi_star_conditional_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::GiStar, Null::Conditional, permutations));
}

#[divan::bench(args = PERMUTATIONS)]
fn moran_conditional_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::Moran, Null::Conditional, permutations));
}

#[divan::bench(args = PERMUTATIONS)]
fn moran_total_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    shuffle(bencher, 100_000, (Statistic::Moran, Null::Total, permutations));
}

/// As a province is: 10,000 cells, the permutations of the map.
#[divan::bench(args = [Null::Total, Null::Conditional])]
fn gi_star_99_999_of_10k(bencher: Bencher<'_, '_>, null: Null) {
    shuffle(bencher, 10_000, (Statistic::GiStar, null, 99_999));
}

/// Weights that fall with distance within two cells: a few patterns serve all.
#[divan::bench(args = [999, 99_999])]
fn decaying_weights_100k(bencher: Bencher<'_, '_>, permutations: u32) {
    let (values, weights) = map(100_000);
    let side = 316;
    let weigh = |place: usize| {
        let near = weights.of(place).iter().map(|other| {
            let apart = (*other as usize).abs_diff(place);
            (*other, if apart == 1 || apart == side { 1.0 } else { 0.5_f64.sqrt() })
        });
        near.collect()
    };
    let weights = Weights::from_rows((0..weights.len()).map(weigh).collect()).unwrap();
    let draws = Draws { permutations, seed: 1, analysis: "bench" };
    bencher.bench(|| {
        weighted_counts(&values, &weights, Statistic::Gi, Null::Conditional, draws, &Nobody)
    });
}

/// No two rows alike: every unit is compared sum by sum.
#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn irregular_weights_999(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut weigh = |place: usize| {
        let near = weights.of(place).iter();
        near.map(|other| (*other, 0.5 + f64::from(random.next_u32()) / 1e10)).collect()
    };
    let weights = Weights::from_rows((0..weights.len()).map(&mut weigh).collect()).unwrap();
    let draws = Draws { permutations: 999, seed: 1, analysis: "bench" };
    bencher.bench(|| {
        weighted_counts(&values, &weights, Statistic::Gi, Null::Conditional, draws, &Nobody)
    });
}

#[divan::bench(args = CELLS)]
fn false_discovery(bencher: Bencher<'_, '_>, cells: usize) {
    let (values, weights) = map(cells);
    let draws = Draws { permutations: 9_999, seed: 1, analysis: "bench" };
    let shuffled = counts(&values, &weights, Null::Total, draws);
    let p: Vec<f64> = (0..values.len()).map(|place| shuffled.upper(place)).collect();
    bencher.bench(|| classes(&adjusted(&p), 0.05));
}

/// A province of 100 communes, a tenth of a degree a side, with `plots` plots of one season.
fn province(plots: u64) -> Facts {
    let season = Season::starting(2024).unwrap();
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
        // A third of them crowd in one valley.
        let (lon, lat) = if number.is_multiple_of(3) {
            (102.8 + share() * 0.1, 22.1 + share() * 0.05)
        } else {
            (102.5 + share(), 21.8 + share())
        };
        Plot {
            number,
            id: PlotId(number.to_string()),
            season,
            site: None,
            position: Position::new(lon, lat).unwrap(),
            error: Metres::whole(10),
            error_assumed: true,
            area: SquareMetres::new(300.0).ok(),
            area_method: None,
            outline: None,
            first_source: SightingSource::Sweep,
            reported_on: date(2025, 2, 20),
            confirmed_on: Some(date(2025, 2, 20)),
            stage: None,
            lancing_on: date(2025, 3, 1),
            lancing_assumed: true,
            destroyed_on: None,
            destroyed_area: None,
            destruction_method: None,
            verified_on: None,
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
        plots: (1..=plots).map(plot).collect(),
        ..Facts::default()
    }
}

fn fresh(facts: &Facts) -> Snapshot {
    Snapshot::build(facts.clone(), Arc::new(CountryPack::lai_chau())).unwrap()
}

/// All features of a hotspots layer, cold: nothing kept from a question before.
#[divan::bench(args = [1_000, 100_000], sample_count = 10)]
fn hotspots_layer_cold(bencher: Bencher<'_, '_>, plots: u64) {
    let facts = province(plots);
    let hotspots = layer("hotspots").unwrap();
    let query = LayerQuery::on(date(2025, 4, 1));
    bencher
        .with_inputs(|| fresh(&facts))
        .bench_refs(|snapshot| hotspots.features(snapshot, &query).unwrap().count());
}

/// All features after one plot of a season was changed, the answer from before being known.
#[divan::bench(args = [1_000, 100_000], sample_count = 20)]
fn hotspots_layer_one_plot_changed(bencher: Bencher<'_, '_>, plots: u64) {
    let facts = province(plots);
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
    let snapshot = fresh(&province(plots));
    let hotspots = layer("hotspots").unwrap();
    let query = LayerQuery::on(date(2025, 4, 1));
    bencher.bench(|| hotspots.features(&snapshot, &query).unwrap().count());
}

/// A tile's worth of the whole province out of many plots: the first merges, the others look up.
#[divan::bench(args = [100_000, 1_000_000], sample_count = 5)]
fn plots_merged_cold(bencher: Bencher<'_, '_>, plots: u64) {
    let facts = province(plots);
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
    let snapshot = fresh(&province(plots));
    let layer = layer("plots").unwrap();
    let query =
        LayerQuery { resolution: Metres::new(5_000.0).ok(), ..LayerQuery::on(date(2025, 4, 1)) };
    bencher.bench(|| layer.features(&snapshot, &query).unwrap().count());
}

/// A hundred pages of a thousand plots.
#[divan::bench(sample_count = 3)]
fn plots_paged(bencher: Bencher<'_, '_>) {
    let snapshot = fresh(&province(100_000));
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
