//! A season of seven plots in two communes, drawn by hand; and an answer as JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]
#![allow(dead_code, reason = "each test file uses its own part of the kit")]

use std::sync::Arc;

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use jiff::civil::{Date, date};
use poppywatch::{
    domain::{
        AreaMethod, Boundary, CountryPack, Dataset, DatasetKind, Destruction, EmptySearch, Facts,
        Footprint, GrowthStage, Level, Measurement, Metres, Outreach, PatrolLeg, Plot, PlotFacts,
        PlotId, Position, RecordRef, Rejection, RejectionReason, Revision, SearchedGround, Season,
        Sighting, SightingSource, SiteId, SiteLink, SquareMetres, Track, UnitKey, Verification,
        VerificationResult, resolve,
    },
    layers::{Layer, LayerFeature, LayerQuery, Shape, Value},
    snapshot::Snapshot,
};
use serde_json::{Value as Json, json};

/// West, south of the two communes; each is 0.04 degrees a side, about 4 km.
pub const WEST: f64 = 102.70;
pub const SOUTH: f64 = 22.30;
pub const SIDE: f64 = 0.04;

/// The day on which the questions are asked.
pub const TODAY: Date = date(2025, 3, 10);

pub fn source(dataset: &str, record: &str) -> RecordRef {
    RecordRef { dataset: dataset.into(), record: record.into() }
}

pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Footprint {
    let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let ring: LineString<f64> = ring.into_iter().collect();
    Footprint::new(&MultiPolygon(vec![Polygon::new(ring, Vec::new())])).unwrap()
}

pub fn unit(
    level: Level,
    code: &str,
    name: &str,
    parent: Option<&str>,
    outline: Footprint,
) -> Boundary {
    Boundary {
        key: UnitKey {
            scheme: "drawn".into(),
            level,
            code: code.into(),
            valid_from: date(2010, 1, 1),
        },
        name: name.into(),
        aliases: Vec::new(),
        parent: parent.map(Into::into),
        outline,
        error: Metres::whole(20),
        valid_to: None,
        legal_act: None,
        source: source("units", code),
    }
}

pub fn dataset(id: &str, kind: DatasetKind) -> Dataset {
    Dataset {
        id: id.into(),
        kind,
        file: format!("{id}.geojson"),
        sha256: "0".repeat(64),
        title: None,
        licence: None,
        attribution: None,
        simulated: id == "simulated",
        approximate: (id == "units").then(|| "Hình vẽ tay.".into()),
        accepted: 1,
        rejected: 0,
        personal_columns: Vec::new(),
    }
}

/// A plot under way: facts that [`resolve`] makes a plot of.
pub struct Sketch {
    number: u64,
    id: PlotId,
    dataset: &'static str,
    facts: PlotFacts,
}

impl Sketch {
    pub fn new(number: u64, season: i16, lon: f64, lat: f64, on: Date) -> Self {
        let season = Season::starting(season).unwrap();
        let id = PlotId(format!("{season}/{number:04}"));
        let sighting = Sighting {
            plot: id.clone(),
            season,
            date: on,
            by: SightingSource::Sweep,
            position: Position::new(lon, lat).unwrap(),
            error: Some(Metres::whole(8)),
            outline: None,
            stage: Some(GrowthStage::Flower),
            source: source("plots", &format!("{number}/sighting")),
        };
        let facts = PlotFacts { sightings: vec![sighting], ..PlotFacts::default() };
        Self { number, id, dataset: "plots", facts }
    }

    pub fn seen(mut self, change: impl FnOnce(&mut Sighting)) -> Self {
        change(&mut self.facts.sightings[0]);
        self
    }

    pub fn of(mut self, dataset: &'static str) -> Self {
        self.facts.sightings[0].source.dataset = dataset.into();
        self.dataset = dataset;
        self
    }

    fn source(&self, what: &str) -> RecordRef {
        source(self.dataset, &format!("{}/{what}", self.number))
    }

    pub fn measured(mut self, area: f64) -> Self {
        self.facts.measurements.push(Measurement {
            plot: self.id.clone(),
            date: self.facts.sightings[0].date,
            area: SquareMetres::new(area).unwrap(),
            method: AreaMethod::Tape,
            source: self.source("measurement"),
        });
        self
    }

    pub fn destroyed(mut self, on: Date) -> Self {
        self.facts.destructions.push(Destruction {
            plot: self.id.clone(),
            date: on,
            method: None,
            area: None,
            unit: Some("D1".into()),
            source: self.source("destruction"),
        });
        self
    }

    pub fn verified(mut self, on: Date) -> Self {
        self.facts.verifications.push(Verification {
            plot: self.id.clone(),
            date: on,
            result: VerificationResult::Complete,
            remaining: None,
            unit: Some("V1".into()),
            source: self.source("verification"),
        });
        self
    }

    pub fn rejected(mut self, on: Date) -> Self {
        self.facts.rejections.push(Rejection {
            plot: self.id.clone(),
            date: on,
            reason: RejectionReason::NotPoppy,
            source: self.source("rejection"),
        });
        self
    }

    pub fn at_site(mut self, site: &str) -> Self {
        self.facts.links.push(SiteLink {
            plot: self.id.clone(),
            site: SiteId(site.into()),
            date: self.facts.sightings[0].date,
            rule: "source/1".into(),
            source: self.source("link"),
        });
        self
    }

    pub fn plot(self) -> Plot {
        resolve(self.number, &self.id, &self.facts, &CountryPack::lai_chau()).unwrap()
    }
}

/// Seven plots of 2024-2025, and one of the season before on the ground of the second.
pub fn plots() -> Vec<Plot> {
    let middle = WEST + SIDE;
    vec![
        Sketch::new(1, 2024, 102.715, 22.315, date(2025, 2, 16))
            .measured(300.0)
            .destroyed(date(2025, 2, 20))
            .verified(date(2025, 3, 1))
            .at_site("S2")
            .plot(),
        Sketch::new(2, 2024, 102.717, 22.316, date(2025, 2, 16))
            .measured(600.0)
            .destroyed(date(2025, 3, 5))
            .at_site("S1")
            .plot(),
        // On the line between the communes: three metres from it, known to eight.
        Sketch::new(3, 2024, middle + 0.000_03, 22.33, date(2025, 2, 20)).measured(45.0).plot(),
        // An outline across the line, three quarters of it in the west.
        Sketch::new(4, 2024, middle - 0.000_2, 22.31, date(2025, 2, 21))
            .seen(|it| {
                it.outline =
                    Some(rectangle(middle - 0.000_6, 22.309_9, middle + 0.000_2, 22.310_1));
            })
            .plot(),
        // Nobody knows how large it is, and nobody stood there.
        Sketch::new(5, 2024, 102.716, 22.317, date(2025, 2, 25))
            .seen(|it| {
                it.by = SightingSource::Tip;
                it.error = None;
                it.stage = None;
            })
            .plot(),
        Sketch::new(6, 2024, 102.76, 22.32, date(2025, 2, 26)).rejected(date(2025, 3, 2)).plot(),
        Sketch::new(7, 2024, 102.718, 22.318, date(2025, 3, 8))
            .of("simulated")
            .measured(120.0)
            .plot(),
        Sketch::new(8, 2023, 102.717_1, 22.316_1, date(2024, 2, 20))
            .measured(500.0)
            .destroyed(date(2024, 2, 21))
            .at_site("S1")
            .plot(),
    ]
}

pub fn boundaries() -> Vec<Boundary> {
    let (middle, east, north) = (WEST + SIDE, WEST + 2.0 * SIDE, SOUTH + SIDE);
    let all = rectangle(WEST, SOUTH, east, north);
    vec![
        unit(Level::Province, "12", "Lai Châu", None, all.clone()),
        unit(Level::District, "107", "Mường Tè", Some("12"), all),
        unit(
            Level::Commune,
            "03463",
            "Tà Tổng",
            Some("107"),
            rectangle(WEST, SOUTH, middle, north),
        ),
        unit(Level::Commune, "03433", "Mù Cả", Some("107"), rectangle(middle, SOUTH, east, north)),
    ]
}

pub fn facts() -> Facts {
    let season = Season::starting(2024).unwrap();
    let track: LineString<f64> =
        vec![(102.705, 22.305), (102.716, 22.316), (102.722, 22.318), (102.722, 22.33)]
            .into_iter()
            .collect();
    let leg = PatrolLeg {
        id: "T1/2025-02-16".into(),
        season,
        date: date(2025, 2, 16),
        team: Some("T1".into()),
        track: Track(MultiLineString(vec![track])),
        walked: None,
        sweep_width: None,
        source: source("tracks", "1"),
    };
    let search = EmptySearch {
        id: "E1".into(),
        season,
        date: date(2025, 2, 27),
        team: None,
        ground: SearchedGround::Around {
            centre: Position::new(102.765, 22.325).unwrap(),
            radius: Metres::whole(250),
        },
        source: source("searches", "1"),
    };
    let outreach = Outreach {
        id: "O1".into(),
        season,
        date: date(2024, 10, 3),
        commune: "03463".into(),
        hamlet: Some("Nậm Ngà".into()),
        meetings: 2,
        pledges: Some(64),
        source: source("outreach", "1"),
    };
    Facts {
        revision: Revision(42),
        datasets: vec![
            dataset("units", DatasetKind::Boundaries),
            dataset("plots", DatasetKind::Plots),
            dataset("simulated", DatasetKind::Plots),
            dataset("tracks", DatasetKind::Tracks),
            dataset("searches", DatasetKind::EmptySearches),
            dataset("outreach", DatasetKind::Outreach),
        ],
        boundaries: boundaries(),
        border_lines: Vec::new(),
        plots: plots(),
        legs: vec![leg],
        empty_searches: vec![search],
        outreach: vec![outreach],
    }
}

pub fn build(facts: Facts) -> Snapshot {
    Snapshot::build(facts, Arc::new(CountryPack::lai_chau())).unwrap()
}

pub fn small_season() -> Snapshot {
    build(facts())
}

/// The questions are asked on one day, with few enough permutations for a debug build.
pub fn query() -> LayerQuery {
    LayerQuery { permutations: 999, ..LayerQuery::on(TODAY) }
}

pub fn all<'s>(
    layer: &dyn Layer,
    snapshot: &'s Snapshot,
    query: &LayerQuery,
) -> Vec<LayerFeature<'s>> {
    layer.features(snapshot, query).unwrap().collect()
}

/// Whether the layer knows every word that the query chooses.
pub fn takes(layer: &dyn Layer, query: &LayerQuery) -> bool {
    let choices = &query.choices;
    let chosen = [
        ("method", &choices.method),
        ("value", &choices.value),
        ("null", &choices.null),
        ("kernel", &choices.kernel),
    ];
    chosen.into_iter().all(|(name, word)| {
        word.as_deref().is_none_or(|word| {
            let known = layer.parameters().iter().find(|known| known.word() == name);
            known.is_none_or(|known| known.words().contains(&word))
        })
    })
}

/// A feature as GeoJSON, coordinates to seven decimals.
pub fn json(layer: &dyn Layer, feature: &LayerFeature<'_>) -> Json {
    let coord = |c: &Coord<f64>| {
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        json!([round(c.x), round(c.y)])
    };
    let line = |line: &LineString<f64>| Json::Array(line.0.iter().map(coord).collect());
    let polygon = |polygon: &Polygon<f64>| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        Json::Array(rings.map(line).collect())
    };
    let (kind, coordinates) = match &feature.shape {
        Shape::Point(point) => ("Point", coord(&point.0)),
        Shape::Lines(lines) => ("MultiLineString", lines.iter().map(line).collect()),
        Shape::Area(area) => ("MultiPolygon", area.iter().map(polygon).collect()),
    };
    let value = |value: &Value<'_>| match value {
        Value::Null | Value::NotAsked => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Integer(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Text(words) => json!(words),
        Value::Date(date) => json!(date.to_string()),
    };
    let names = layer.properties().iter().map(|it| it.name.to_owned());
    let properties: serde_json::Map<String, Json> =
        names.zip(feature.values.iter().map(value)).collect();
    json!({
        "id": feature.id,
        "geometry": { "type": kind, "coordinates": coordinates },
        "properties": properties,
    })
}
