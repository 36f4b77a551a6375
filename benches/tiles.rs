//! Answers out of a million plots: `cargo bench --bench tiles`.

#![expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

mod world;

use std::{
    io::sink,
    sync::{Arc, LazyLock},
};

use divan::Bencher;
use geo_types::Coord;
use jiff::civil::date;
use poppywatch::{
    domain::CountryPack,
    encode::{About, Page, Tile, encode_tile, write_collection},
    layers::{Layer, LayerQuery, layer},
    snapshot::Snapshot,
};

fn main() {
    divan::main();
}

static WORLD: LazyLock<Snapshot> = LazyLock::new(|| {
    Snapshot::build(world::facts(1_000_000), Arc::new(CountryPack::lai_chau())).unwrap()
});

const MIDDLE: Coord<f64> = Coord { x: 103.1, y: 22.2 };

fn plots() -> &'static dyn Layer {
    layer("plots").unwrap()
}

fn query() -> LayerQuery {
    LayerQuery::on(date(2026, 3, 1))
}

fn tile(layer: &dyn Layer, zoom: u8) -> Option<Vec<u8>> {
    let tile = Tile::holding(zoom, MIDDLE);
    let query =
        LayerQuery { extent: Some(tile.extent()), resolution: tile.resolution(), ..query() };
    encode_tile(layer, layer.features(&WORLD, &query).unwrap(), tile)
}

/// A tile of plots, uncached by us; what the layer keeps for a snapshot was asked for before.
#[divan::bench(args = [0, 4, 6, 8, 10, 12, 14, 16])]
fn plots_tile(bencher: Bencher<'_, '_>, zoom: u8) {
    let bytes = tile(plots(), zoom).map_or(0, |bytes| bytes.len());
    println!("zoom {zoom}: {bytes} bytes");
    bencher.bench(|| tile(plots(), zoom));
}

/// A page of a hundred thousand features as GeoJSON.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn plots_100k_as_geojson(bencher: Bencher<'_, '_>) {
    let layer = plots();
    let about = About::layer(layer, &WORLD, date(2026, 3, 1));
    let page = Page { limit: Some(100_000), ..Page::default() };
    bencher.bench(|| {
        let features = layer.features(&WORLD, &query()).unwrap();
        write_collection(&mut sink(), layer, features, &page, &about, |_| Vec::new()).unwrap()
    });
}
