//! Hand-drawn facts for the tests of the snapshot.

#![allow(dead_code, reason = "each test file uses its own part of the kit")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first fault")]

use std::sync::Arc;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use jiff::civil::{Date, date};
use poppywatch::{
    domain::{
        BorderLine, Boundary, CountryPack, Dataset, DatasetKind, Facts, Footprint, Level, Metres,
        Plot, PlotId, Position, RecordRef, Season, SightingSource, SiteId, UnitKey,
    },
    snapshot::Snapshot,
};

/// South-west corner of the hand-drawn world, in Lai Châu.
pub const CORNER: Coord<f64> = Coord { x: 102.7, y: 22.3 };

/// A degree is about 103 km east and 111 km north here; a step is about 1 km.
pub const STEP: f64 = 0.01;

/// A place in steps from the corner.
pub fn at(x: f64, y: f64) -> Coord<f64> {
    Coord { x: CORNER.x + x * STEP, y: CORNER.y + y * STEP }
}

pub fn position(x: f64, y: f64) -> Position {
    let coord = at(x, y);
    Position::new(coord.x, coord.y).unwrap()
}

pub fn ring(points: &[(f64, f64)]) -> LineString<f64> {
    let mut coords: Vec<Coord<f64>> = points.iter().map(|(x, y)| at(*x, *y)).collect();
    coords.push(coords[0]);
    LineString(coords)
}

pub fn area(points: &[(f64, f64)]) -> Footprint {
    Footprint::new(&MultiPolygon(vec![Polygon::new(ring(points), Vec::new())])).unwrap()
}

pub fn square(west: f64, south: f64, east: f64, north: f64) -> Footprint {
    area(&[(west, south), (east, south), (east, north), (west, north)])
}

pub fn source(dataset: &str, record: &str) -> RecordRef {
    RecordRef { dataset: dataset.into(), record: record.into() }
}

pub fn unit(level: Level, code: &str, parent: Option<&str>, outline: Footprint) -> Boundary {
    Boundary {
        key: UnitKey {
            scheme: "drawn".into(),
            level,
            code: code.into(),
            valid_from: date(2010, 1, 1),
        },
        name: format!("{level} {code}"),
        aliases: Vec::new(),
        parent: parent.map(Into::into),
        outline,
        error: Metres::whole(20),
        valid_to: None,
        legal_act: None,
        source: source("drawn", code),
    }
}

pub fn commune(code: &str, outline: Footprint) -> Boundary {
    unit(Level::Commune, code, None, outline)
}

pub fn plot(number: u64, season: &str, position: Position) -> Plot {
    let season: Season = season.parse().unwrap();
    let reported_on: Date = date(season.start_year() + 1, 2, 20);
    Plot {
        number,
        id: PlotId(format!("{season}/{number:04}")),
        season,
        site: None,
        position,
        error: Metres::whole(10),
        error_assumed: false,
        area: None,
        area_method: None,
        outline: None,
        first_source: SightingSource::Sweep,
        reported_on,
        confirmed_on: Some(reported_on),
        stage: None,
        lancing_on: reported_on,
        lancing_assumed: true,
        destroyed_on: None,
        destroyed_area: None,
        destruction_method: None,
        verified_on: None,
        verified_area: None,
        in_time_area: None,
        regrown_on: None,
        rejected: None,
        dataset: "plots".into(),
    }
}

pub fn on_site(mut plot: Plot, site: &str, destroyed: bool) -> Plot {
    plot.site = Some(SiteId(site.into()));
    plot.destroyed_on = destroyed.then_some(plot.reported_on);
    plot
}

pub fn dataset(id: &str) -> Dataset {
    Dataset {
        id: id.into(),
        kind: DatasetKind::Boundaries,
        file: format!("{id}.gpkg"),
        sha256: String::new(),
        title: None,
        licence: None,
        attribution: None,
        simulated: true,
        approximate: None,
        accepted: 0,
        rejected: 0,
        personal_columns: Vec::new(),
    }
}

pub fn snapshot(boundaries: Vec<Boundary>, plots: Vec<Plot>) -> Snapshot {
    with_lines(boundaries, Vec::new(), plots)
}

pub fn with_lines(
    mut boundaries: Vec<Boundary>,
    border_lines: Vec<BorderLine>,
    plots: Vec<Plot>,
) -> Snapshot {
    boundaries.sort_by(|a, b| a.key.cmp(&b.key));
    let facts = Facts {
        boundaries,
        border_lines,
        plots,
        datasets: vec![dataset("drawn")],
        ..Facts::default()
    };
    build(facts)
}

pub fn build(facts: Facts) -> Snapshot {
    Snapshot::build(facts, Arc::new(CountryPack::lai_chau())).unwrap()
}
