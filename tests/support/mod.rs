//! A small catalogue of layers made by hand, and a source for them.
#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests")]

pub mod loopback;

use std::{
    borrow::Cow,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use geo_types::{MultiLineString, MultiPolygon, Point, line_string, polygon};
use jiff::civil::{Date, date};
use poppywatch::{
    app::{AsOf, ComputePool, Source, SourceError},
    domain::{CountryPack, Dataset, DatasetKind, Extent, Facts, Revision, Text},
    http::{HttpLimits, HttpState},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, Value, ValueKind,
    },
    snapshot::Snapshot,
};

/// How many places the test layers have: more than two pages of the default size.
pub const PLACES: u64 = 2_345;

pub const TODAY: Date = date(2026, 3, 1);

const fn property(name: &'static str, kind: ValueKind) -> Property {
    Property {
        name,
        title: Text::new("Tên", name),
        description: Text::new("Mô tả", "What it says"),
        kind,
        unit: None,
        words: &[],
    }
}

const PROPERTIES: &[Property] = &[
    property("name", ValueKind::Text),
    Property { words: &["late", "lost"], ..property("state", ValueKind::Text) },
    Property { unit: Some("m2"), ..property("area_m2", ValueKind::Real) },
    property("visits", ValueKind::Integer),
    property("on_the_line", ValueKind::Bool),
    property("reported_on", ValueKind::Date),
];

/// A layer of places on a grid around Lai Châu, in the geometry asked for.
pub struct Grid {
    pub id: &'static str,
    pub kind: GeometryKind,
}

impl Grid {
    fn feature(&self, id: u64) -> LayerFeature<'static> {
        let (column, row) = ((id % 50) as f64, (id / 50) as f64);
        let (x, y) = (102.3 + column * 0.03, 21.8 + row * 0.02);
        let side = 0.000_04; // about 4 m: a plot of 16 m²
        let shape = match self.kind {
            GeometryKind::Point => Shape::Point(Point::new(x, y)),
            GeometryKind::MultiLineString => Shape::Lines(Cow::Owned(MultiLineString(vec![
                line_string![(x: x, y: y), (x: x + 0.05, y: y + 0.01)],
            ]))),
            GeometryKind::MultiPolygon => Shape::Area(Cow::Owned(MultiPolygon(vec![polygon![
                (x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side),
                (x: x, y: y),
            ]]))),
        };
        let text = match id % 4 {
            0 => "Tà \"Tổng\" \\",
            1 => "=HYPERLINK(\"x\")",
            2 => "<b>Mù Cả</b> & 'x'",
            _ => "Ka Lăng",
        };
        // The last ones are incomplete, as the keyset order has them.
        let known = id < PLACES - 5;
        let values = vec![
            Value::Text(text.into()),
            Value::Text(if id.is_multiple_of(2) { "late" } else { "lost" }.into()),
            if known { Value::Real(id as f64 / 2.0) } else { Value::Null },
            Value::Integer(id.cast_signed() - 3),
            Value::Bool(id.is_multiple_of(3)),
            Value::Date(date(2026, 1, 1 + (id % 28) as i8)),
        ];
        LayerFeature { id: id + 1, shape, values }
    }
}

fn around(shape: &Shape<'_>) -> Extent {
    use geo::BoundingRect;
    Extent::around(match shape {
        Shape::Point(point) => point.bounding_rect(),
        Shape::Lines(lines) => lines.bounding_rect().unwrap(),
        Shape::Area(area) => area.bounding_rect().unwrap(),
    })
}

impl Layer for Grid {
    fn id(&self) -> &'static str {
        self.id
    }
    fn title(&self) -> Text {
        Text::new("Nương", "Plots")
    }
    fn description(&self) -> Text {
        Text::new("Mọi nương", "Every plot")
    }
    fn geometry(&self) -> GeometryKind {
        self.kind
    }
    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }
    fn parameters(&self) -> &'static [Parameter] {
        &[Parameter::Season, Parameter::Cell]
    }
    fn features<'s>(
        &self,
        _snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError> {
        if query.permutations == 666 {
            return Err(LayerError::TooMuch("that is too much".to_owned().into()));
        }
        assert!(query.seed != 666, "internal words that no client may read");
        let all: Vec<_> = (0..PLACES)
            .map(|id| self.feature(id))
            .filter(|feature| query.after.is_none_or(|after| feature.cursor() > after))
            .filter(|feature| query.extent.is_none_or(|e| e.meets(around(&feature.shape))))
            .collect();
        Ok(Box::new(all.into_iter()))
    }
}

/// A layer that has columns and no features.
pub struct Empty;

impl Layer for Empty {
    fn id(&self) -> &'static str {
        "empty"
    }
    fn title(&self) -> Text {
        Text::new("Trống", "Empty")
    }
    fn description(&self) -> Text {
        Text::new("Trống", "Empty")
    }
    fn geometry(&self) -> GeometryKind {
        GeometryKind::Point
    }
    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }
    fn parameters(&self) -> &'static [Parameter] {
        &[]
    }
    fn features<'s>(
        &self,
        _snapshot: &'s Snapshot,
        _query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError> {
        Ok(Box::new(std::iter::empty()))
    }
}

pub static POINTS: Grid = Grid { id: "plots", kind: GeometryKind::Point };
pub static AREAS: Grid = Grid { id: "plot-outlines", kind: GeometryKind::MultiPolygon };
pub static LINES: Grid = Grid { id: "patrol-tracks", kind: GeometryKind::MultiLineString };
pub static LAYERS: &[&dyn Layer] = &[&POINTS, &AREAS, &LINES, &Empty];

pub fn dataset() -> Dataset {
    Dataset {
        id: "demo".into(),
        kind: DatasetKind::Plots,
        file: "demo.csv".into(),
        sha256: "00".into(),
        title: Some("Nương \"mẫu\"".into()),
        licence: Some("ODbL-1.0".into()),
        attribution: Some("© OpenStreetMap contributors".into()),
        simulated: true,
        approximate: Some("Three quarters of the ground lies in the right commune.".into()),
        accepted: 1,
        rejected: 0,
        personal_columns: Vec::new(),
    }
}

pub fn snapshot(revision: u64) -> Arc<Snapshot> {
    snapshot_of(revision, vec![dataset()])
}

pub fn snapshot_of(revision: u64, datasets: Vec<Dataset>) -> Arc<Snapshot> {
    let facts = Facts { revision: Revision(revision), datasets, ..Facts::default() };
    Arc::new(Snapshot::build(facts, Arc::new(CountryPack::lai_chau())).unwrap())
}

/// A deployment that can be moved on by hand.
pub struct ByHand {
    pack: CountryPack,
    pub revision: AtomicUsize,
}

impl ByHand {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { pack: CountryPack::lai_chau(), revision: AtomicUsize::new(7) })
    }
}

impl Source for ByHand {
    fn snapshot(&self, as_of: Option<AsOf>) -> Result<Arc<Snapshot>, SourceError> {
        let head = self.revision.load(Ordering::SeqCst) as u64;
        match as_of {
            Some(AsOf::Revision(wanted)) if wanted.0 > head => {
                Err(SourceError::NoSuchState(format!("the last revision is {head}")))
            }
            Some(AsOf::Revision(wanted)) => Ok(snapshot(wanted.0)),
            Some(AsOf::Time(_)) => Err(SourceError::Broken("secret table is locked".into())),
            None => Ok(snapshot(head)),
        }
    }

    fn today(&self) -> Date {
        TODAY
    }

    fn pack(&self) -> &CountryPack {
        &self.pack
    }
}

pub fn pool() -> ComputePool {
    let number = |n| NonZeroUsize::new(n).unwrap();
    ComputePool::new(number(2), number(32)).unwrap()
}

pub fn state() -> HttpState {
    HttpState::new(ByHand::new(), pool(), LAYERS, &HttpLimits::default())
}
