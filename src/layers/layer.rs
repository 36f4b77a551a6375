//! What every layer has in common: the question, the answer, one feature at a time.

use std::{borrow::Cow, fmt};

use geo_types::{MultiLineString, MultiPolygon, Point};
use jiff::civil::Date;
use thiserror::Error;

use super::{Choices, Refusal};
use crate::{
    analysis::{
        density::Raster,
        watch::{Asker, Gone},
    },
    crs::Epsg,
    domain::{DatasetKind, Extent, Language, Metres, Season, Text},
    snapshot::Snapshot,
};

/// A named answer about a snapshot: what the map draws and what a client downloads.
///
/// Pure: the same snapshot and query give the same features in the same order.
pub trait Layer: Sync {
    /// The name in addresses, files and the web map, such as `coverage`. It never changes, and it
    /// has no dot in it (QGIS 3.22).
    fn id(&self) -> &'static str;

    /// The name for people.
    fn title(&self) -> Text;

    /// What it says, in a sentence or two.
    fn description(&self) -> Text;

    /// The one kind of geometry that all of its features have.
    fn geometry(&self) -> GeometryKind;

    /// Every property that a feature may carry, with its unit, in the order of
    /// [`LayerFeature::values`].
    fn properties(&self) -> &'static [Property];

    /// The parameters that change its answer; others are accepted and do nothing (clients append
    /// the base address's query everywhere).
    fn parameters(&self) -> &'static [Parameter];

    /// What a parameter stands at where nobody chose it and the method is `method`: the first word
    /// that is offered, unless a layer's methods differ in it. `None` where nothing is offered.
    fn usual(&self, parameter: Parameter, _method: &str) -> Option<&'static str> {
        parameter.offered().first().copied()
    }

    /// Whether a choice changes the answer where the method is `method`: a menu hides what does not.
    /// All do, unless a layer's methods differ in it.
    fn heeds(&self, _choice: Choice, _method: &str) -> bool {
        true
    }

    /// The kinds of data sets that its answer can be made of: their credits and warnings
    /// (simulated, approximate) are told with it. Every kind, unless a layer knows better.
    fn sources(&self) -> &'static [DatasetKind] {
        &DatasetKind::ALL
    }

    /// Figures about the answer as a whole: denominators, rates, how the map of the season before
    /// did. None, unless a layer has some. As slow as [`Self::features`].
    ///
    /// # Errors
    ///
    /// As [`Self::features`].
    fn summary(
        &self,
        _snapshot: &Snapshot,
        _query: &LayerQuery,
    ) -> Result<Vec<Figure>, LayerError> {
        Ok(Vec::new())
    }

    /// What draws its answer as values on a lattice too, which files of rasters hold: then the
    /// answer is told whole, whatever extent is asked. None, unless a layer has it.
    fn raster(&self) -> Option<RasterOf> {
        None
    }

    /// Answers `query` from `snapshot`, one feature at a time and in keyset order
    /// ([`LayerFeature::cursor`], ascending), beginning after `query.after` and only features that
    /// meet `query.extent`, so that paging is flat and a tile costs what it shows. Slow: call it
    /// on a compute thread.
    ///
    /// # Errors
    ///
    /// [`LayerError`] where the question cannot be answered.
    fn features<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError>;

    /// How many features answer `query`, its `after` left aside: exact.
    ///
    /// # Errors
    ///
    /// As [`Self::features`].
    fn count(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<usize, LayerError> {
        let whole = LayerQuery { after: None, ..query.clone() };
        Ok(self.features(snapshot, &whole)?.count())
    }

    /// The feature with this id, if it is in the answer to `query`.
    ///
    /// # Errors
    ///
    /// As [`Self::features`].
    fn feature<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
        id: u64,
    ) -> Result<Option<LayerFeature<'s>>, LayerError> {
        let whole = LayerQuery { after: None, extent: None, resolution: None, ..query.clone() };
        Ok(self.features(snapshot, &whole)?.find(|feature| feature.id == id))
    }
}

/// Draws the answer to a query as a raster, or says the reason code why there is none. As slow as
/// [`Layer::features`], with the same errors.
pub type RasterOf =
    fn(&Snapshot, &LayerQuery) -> Result<Result<LayerRaster, &'static str>, LayerError>;

/// An answer on a lattice.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerRaster {
    /// Its values.
    pub raster: Raster,
    /// The metric system that its lattice lies in.
    pub crs: Epsg,
}

/// Features, one at a time.
pub type Features<'s> = Box<dyn Iterator<Item = LayerFeature<'s>> + Send + 's>;

/// A question to a layer. `as_of` is not in it: it chooses the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerQuery {
    /// The season asked about. `None`: the layer's default, which is the last season with data
    /// for analyses and every season for facts.
    pub season: Option<Season>,
    /// Of a span of seasons the first one; `season` is its last. Layers that look at one season
    /// leave it aside.
    pub since: Option<Season>,
    /// Only what held at some time in this closed interval.
    pub datetime: Option<Interval>,
    /// Show units in force on this day in place of those in force on each fact's own date.
    pub units_on: Option<Date>,
    /// What is counted in.
    pub cell: CellKind,
    /// Today in the deployment's time zone: an input like any other.
    pub today: Date,
    /// Only features that meet this rectangle.
    pub extent: Option<Extent>,
    /// Begin after this feature.
    pub after: Option<Cursor>,
    /// The asker cannot tell apart what lies closer together than this: the layer may merge
    /// features (telling how many), and may never drop one.
    pub resolution: Option<Metres>,
    /// Permutations of a test.
    pub permutations: u32,
    /// Seed of a test.
    pub seed: u64,
    /// The false-discovery rate at which a class is given.
    pub alpha: f64,
    /// Choices of method.
    pub choices: Choices,
    /// Who asks, and may hang up: long work looks whether it is still wanted.
    pub asker: Asker,
}

impl LayerQuery {
    /// Everything at its default, on `today`.
    pub fn on(today: Date) -> Self {
        Self {
            season: None,
            since: None,
            datetime: None,
            units_on: None,
            cell: CellKind::default(),
            today,
            extent: None,
            after: None,
            resolution: None,
            permutations: 99_999,
            seed: 1,
            alpha: 0.05,
            choices: Choices::default(),
            asker: Asker::default(),
        }
    }
}

/// A closed interval of days; `None` is an open end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// What things are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellKind {
    /// Squares of this many metres a side in the metric CRS.
    Square(u32),
    /// Hexagons of the same area as squares of this many metres a side.
    Hexagon(u32),
    /// Cells of H3 at this resolution: to hand figures on; not of equal area.
    H3(u8),
    /// Communes.
    Commune,
    /// Districts, where there are any on the day asked.
    District,
}

impl fmt::Display for CellKind {
    /// As a question has it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Square(side) => write!(out, "square:{side}"),
            Self::Hexagon(side) => write!(out, "hexagon:{side}"),
            Self::H3(resolution) => write!(out, "h3:{resolution}"),
            Self::Commune => out.write_str("commune"),
            Self::District => out.write_str("district"),
        }
    }
}

impl CellKind {
    /// What people call one of them.
    pub(super) const fn one(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Commune, Language::Vi) => "xã",
            (Self::Commune, Language::En) => "commune",
            (Self::District, Language::Vi) => "huyện",
            (Self::District, Language::En) => "district",
            (_, Language::Vi) => "ô",
            (_, Language::En) => "cell",
        }
    }

    /// And several.
    pub(super) const fn several(self, language: Language) -> &'static str {
        match (self, language) {
            (_, Language::Vi) => self.one(language),
            (Self::Commune, Language::En) => "communes",
            (Self::District, Language::En) => "districts",
            (_, Language::En) => "cells",
        }
    }
}

impl Default for CellKind {
    fn default() -> Self {
        Self::Square(1000)
    }
}

/// A place in the keyset order: complete rows first (clients guess types from the first ten), then
/// by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// Whether a value is missing that types are guessed from.
    pub incomplete: bool,
    /// [`LayerFeature::id`].
    pub id: u64,
}

/// One feature of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerFeature<'s> {
    /// Stable, never re-used, below 2^53.
    pub id: u64,
    /// Where.
    pub shape: Shape<'s>,
    /// One value a property of the layer, in the layer's order; unknown is `Null`, never absent.
    pub values: Vec<Value<'s>>,
}

impl LayerFeature<'_> {
    /// Its place in the keyset order.
    pub fn cursor(&self) -> Cursor {
        Cursor { incomplete: self.values.contains(&Value::Null), id: self.id }
    }
}

/// A geometry in WGS 84 degrees, lent by the snapshot where it has one.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape<'s> {
    /// A place.
    Point(Point<f64>),
    /// Lines.
    Lines(Cow<'s, MultiLineString<f64>>),
    /// Ground.
    Area(Cow<'s, MultiPolygon<f64>>),
}

/// The kind of geometry of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// [`Shape::Point`].
    Point,
    /// [`Shape::Lines`].
    MultiLineString,
    /// [`Shape::Area`].
    MultiPolygon,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'s> {
    /// Not known, or not applicable. Never zero.
    Null,
    /// What the question did not ask for: told as unknown, and no gap in the row, so that rows keep
    /// their order ([`Cursor::incomplete`]) whatever is asked beside them.
    NotAsked,
    /// Yes or no.
    Bool(bool),
    /// A count or an id.
    Integer(i64),
    /// A measure; always finite.
    Real(f64),
    /// Words.
    Text(Cow<'s, str>),
    /// A day.
    Date(Date),
}

/// A figure about an answer as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name, `snake_case` ASCII.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// The figure; unknown is `Null`.
    pub value: Value<'static>,
    /// UCUM unit of a measure.
    pub unit: Option<&'static str>,
    /// What it says, in a sentence with its numerator and denominator, in Vietnamese.
    pub vi: String,
    /// The same in English.
    pub en: String,
}

/// A property of a layer's features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name, `snake_case` ASCII.
    pub name: &'static str,
    /// Its name for people.
    pub title: Text,
    /// What it says.
    pub description: Text,
    /// What kind of value it has.
    pub kind: ValueKind,
    /// UCUM unit of a measure, such as `m2`, `km`, `d`.
    pub unit: Option<&'static str>,
    /// Words it can take, for a closed list.
    pub words: &'static [&'static str],
}

/// What kind of value a property has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// [`Value::Bool`].
    Bool,
    /// [`Value::Integer`].
    Integer,
    /// [`Value::Real`].
    Real,
    /// [`Value::Text`].
    Text,
    /// [`Value::Date`].
    Date,
}

/// A parameter of analysis that a layer listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `season=2024-2025`.
    Season,
    /// `season=2020-2021/2024-2025`, or one season.
    Seasons,
    /// `datetime=2025-02-01/..`.
    Datetime,
    /// `units_on=2025-07-01` or `today`.
    UnitsOn,
    /// `cell=square:1000`, `hexagon:1000`, `h3:8`, `commune`, `district`.
    Cell,
    /// `permutations=99999`.
    Permutations,
    /// `seed=1`.
    Seed,
    /// `alpha=0.05`.
    Alpha,
    /// `method=` one of these, the first of which is the default.
    Method(&'static [&'static str]),
    /// `weights=queen`, `rook`, `knn:8`, `band:1500`.
    Weights,
    /// `value=` one of these.
    Value(&'static [&'static str]),
    /// `null=` one of these: what is shuffled.
    Null(&'static [&'static str]),
    /// `adjust=` one of these: the control of many tests at once.
    Adjust(&'static [&'static str]),
    /// `tail=` one of these: which deviations are looked for.
    Tail(&'static [&'static str]),
    /// `kernel=` one of these.
    Kernel(&'static [&'static str]),
    /// `bandwidth=1500`, or the name of one of these rules.
    Bandwidth(&'static [&'static str]),
    /// `distance=500`, in metres, of which a menu offers these; none where it has no menu.
    Distance(&'static [&'static str]),
    /// `stability=true`.
    Stability,
}

impl Parameter {
    /// Its name in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Season | Self::Seasons => "season",
            Self::Datetime => "datetime",
            Self::UnitsOn => "units_on",
            Self::Cell => "cell",
            Self::Permutations => "permutations",
            Self::Seed => "seed",
            Self::Alpha => "alpha",
            Self::Method(_) => "method",
            Self::Weights => "weights",
            Self::Value(_) => "value",
            Self::Null(_) => "null",
            Self::Adjust(_) => "adjust",
            Self::Tail(_) => "tail",
            Self::Kernel(_) => "kernel",
            Self::Bandwidth(_) => "bandwidth",
            Self::Distance(_) => "distance",
            Self::Stability => "stability",
        }
    }

    /// The words that it takes, the first of which is the default; empty where it takes others.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Method(words)
            | Self::Value(words)
            | Self::Null(words)
            | Self::Adjust(words)
            | Self::Tail(words)
            | Self::Kernel(words) => words,
            _ => &[],
        }
    }

    /// The words that a menu offers, the default first: all of them where the list is closed, some
    /// that are of use where the parameter takes others too; empty where no menu has it.
    pub const fn offered(self) -> &'static [&'static str] {
        match self {
            Self::Cell => &[
                "square:1000",
                "square:3000",
                "hexagon:1000",
                "h3:5",
                "h3:6",
                "h3:7",
                "h3:8",
                "h3:9",
                "commune",
            ],
            Self::Weights => &["queen", "rook", "knn:8", "band:3000"],
            Self::Bandwidth(words) | Self::Distance(words) => words,
            Self::Stability => &["false", "true"],
            _ => self.words(),
        }
    }
}

/// Something that a question chooses, for [`Layer::heeds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What a parameter stands at.
    Of(Parameter),
    /// Several seasons together ([`LayerQuery::since`]).
    Span,
}

/// Why a layer gives no answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LayerError {
    /// More work than a request may ask for.
    #[error("{0}")]
    TooMuch(Refusal),
    /// Nobody waits for the answer any more.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// The parameters contradict each other or name something that is not there.
    #[error("parameter `{parameter}`: {reason}")]
    Parameter {
        /// Its name in addresses.
        parameter: &'static str,
        /// What is wrong and what would be right.
        reason: Refusal,
    },
}
