//! The ground on which the simulation plays.

use geo_types::{Coord, MultiPolygon};
use geojson::{FeatureCollection, JsonObject};
use jiff::civil::{Date, date};
use thiserror::Error;

use super::{chance::Chance, grid_world, ground::Ground};
use crate::domain::{Boundary, Footprint, Level, Metres, RecordRef, UnitKey};

/// Communes that were named as the worst, or lie as far out as those, by code, each with the
/// risk of a plot beside 1 for any other place: `DOMAIN` names Tà Tổng, Tả Phìn, Hố Mít, Pa Ủ; Mù
/// Cả and Hua Bum are as far out. Made up beyond that order.
const RISK: &[(&str, f64)] = &[
    ("03463", 22.0), // Tà Tổng
    ("03442", 16.0), // Pa Ủ
    ("03451", 13.0), // Mù Cả
    ("03511", 12.0), // Tả Phìn
    ("03607", 12.0), // Hố Mít
    ("03460", 12.0), // Hua Bum
    ("03448", 9.0),  // Pa Vệ Sủ
    ("03440", 9.0),  // Tá Bạ
    ("03473", 8.0),  // Nậm Chà
    ("03430", 7.0),  // Khun Há
    ("03472", 6.0),  // Mường Mô
    ("03622", 6.0),  // Tà Mít
    ("03628", 6.0),  // Pha Mu
    ("03484", 4.0),  // Pú Đao
    ("03592", 4.0),  // Sin Suối Hồ
    ("03469", 4.0),  // Kan Hồ
];

/// Where the teams go, by code, beside 0.25 for any other place: the usual places, which are not
/// all of the worst. Made up.
const EFFORT: &[(&str, f64)] = &[
    ("03463", 10.0), // Tà Tổng
    ("03442", 8.0),  // Pa Ủ
    ("03460", 5.0),  // Hua Bum
    ("03451", 4.0),  // Mù Cả
    ("03511", 4.0),  // Tả Phìn
    ("03607", 3.0),  // Hố Mít
    ("03484", 3.0),  // Pú Đao
    ("03469", 2.0),  // Kan Hồ
    ("03472", 2.0),  // Mường Mô
    ("03440", 0.1),  // Tá Bạ: as bad as others, and nobody looks
    ("03473", 0.1),  // Nậm Chà
    ("03622", 0.1),  // Tà Mít
    ("03628", 0.1),  // Pha Mu
];

/// The district of the city, where nobody sows.
const CITY: &str = "105";

/// Why there is no world.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum WorldError {
    /// A file of the demo is not what it should be.
    #[error("{file}: {reason}")]
    File {
        /// Which of the files.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// A commune with its ground, and how likely poppy and patrols are on it.
#[derive(Clone, Debug)]
pub struct Commune {
    /// Its unit, as an import would declare it.
    pub boundary: Boundary,
    /// The name of its district, where it has one.
    pub district: Option<String>,
    /// Its middle, where teams start.
    pub(super) centre: Coord<f64>,
    pub(super) ground: Ground,
    pub(super) risk: f64,
    pub(super) effort: f64,
}

impl Commune {
    /// Its code.
    pub fn code(&self) -> &str {
        &self.boundary.key.code
    }
}

/// Communes, and those that followed them.
#[derive(Clone, Debug)]
pub struct World {
    /// The communes on which plots grow.
    pub communes: Vec<Commune>,
    /// Those that took over at the merger; empty where there was none.
    pub later: Vec<Commune>,
    /// The first day of the later ones.
    pub merger: Option<Date>,
    /// Wider units, as an import would declare them.
    pub wider: Vec<Boundary>,
}

impl World {
    /// The demo deployment: Lai Châu as derived (`data/demo/odbl/`), from the text of
    /// `communes-2020.geojson`, `communes-2025.geojson` and `districts-2020.geojson`.
    ///
    /// # Errors
    ///
    /// [`WorldError`] that names the file and what is wrong with it.
    pub fn lai_chau(
        communes_2020: &str,
        communes_2025: &str,
        districts_2020: &str,
    ) -> Result<Self, WorldError> {
        let districts = read("districts-2020.geojson", districts_2020)?;
        let wider: Vec<Boundary> = districts.into_iter().map(|unit| unit.boundary).collect();
        let mut communes = read("communes-2020.geojson", communes_2020)?;
        for commune in &mut communes {
            let parent = commune.boundary.parent.as_deref();
            let city = parent == Some(CITY);
            let weight = |table: &[(&str, f64)], usual: f64| {
                let code = commune.boundary.key.code.as_str();
                let named = table.iter().find(|(it, _)| *it == code).map(|&(_, weight)| weight);
                named.unwrap_or(if city { 0.0 } else { usual })
            };
            (commune.risk, commune.effort) = (weight(RISK, 1.0), weight(EFFORT, 0.25));
            let district = wider.iter().find(|it| Some(it.key.code.as_str()) == parent);
            commune.district = district.map(|it| it.name.clone());
        }
        let later = read("communes-2025.geojson", communes_2025)?;
        let merger = later.first().map(|unit| unit.boundary.key.valid_from);
        Ok(Self { communes, later, merger, wider })
    }

    /// A made-up country of at least `communes` communes without any file, for benches: four-sided cells
    /// with bent edges that neighbours share to the bit, districts of 4 × 4 and provinces of
    /// 12 × 12 of them, in north-west Việt Nam and around it.
    pub fn grid(communes: usize, seed: u64) -> Self {
        let (found, wider) = grid_world::units(communes.max(1), seed);
        let mut chance = Chance::new(seed, u64::MAX);
        let communes: Vec<_> = found
            .into_iter()
            .filter_map(|boundary| {
                let mut commune = Commune::new(boundary)?;
                commune.risk = chance.log_normal(1.0, 1.2);
                commune.effort = chance.log_normal(1.0, 0.8);
                Some(commune)
            })
            .collect();
        Self { communes, later: Vec::new(), merger: None, wider }
    }

    /// Every unit, as an import would declare it.
    pub fn boundaries(&self) -> Vec<Boundary> {
        let communes = self.communes.iter().chain(&self.later).map(|it| it.boundary.clone());
        let mut all: Vec<Boundary> = self.wider.iter().cloned().chain(communes).collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    /// The commune around `place` on `day`.
    pub(super) fn commune_at(&self, place: Coord<f64>, day: Date) -> Option<&Commune> {
        let merged = self.merger.is_some_and(|merger| day >= merger);
        let communes = if merged { &self.later } else { &self.communes };
        communes.iter().find(|commune| commune.ground.holds(place))
    }

    /// Whether `place` lies in any commune.
    pub(super) fn holds(&self, place: Coord<f64>) -> bool {
        self.communes.iter().any(|commune| commune.ground.holds(place))
    }
}

impl Commune {
    fn new(boundary: Boundary) -> Option<Self> {
        let ground = Ground::new(boundary.outline.get().clone())?;
        let centre = ground.rect.center();
        Some(Self { boundary, district: None, centre, ground, risk: 1.0, effort: 1.0 })
    }
}

/// Reads one file of units as `tools/demo` writes it.
fn read(file: &'static str, text: &str) -> Result<Vec<Commune>, WorldError> {
    let wrong = |reason: String| WorldError::File { file, reason };
    let collection: FeatureCollection =
        text.parse().map_err(|error: geojson::Error| wrong(error.to_string()))?;
    collection
        .features
        .into_iter()
        .map(|feature| {
            let properties = feature.properties.unwrap_or_default();
            let geometry = feature.geometry.ok_or_else(|| wrong("a unit without ground".into()))?;
            let geometry = geo_types::Geometry::<f64>::try_from(geometry)
                .map_err(|error| wrong(error.to_string()))?;
            let outline = match geometry {
                geo_types::Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
                geo_types::Geometry::MultiPolygon(outline) => outline,
                _ => return Err(wrong("a unit whose ground is no polygon".into())),
            };
            let boundary = unit(file, &properties, &outline).map_err(wrong)?;
            Commune::new(boundary).ok_or_else(|| wrong("a unit without vertices".into()))
        })
        .collect()
}

fn unit(
    file: &str,
    properties: &JsonObject,
    outline: &MultiPolygon<f64>,
) -> Result<Boundary, String> {
    let text = |key: &str| properties.get(key).and_then(|it| it.as_str()).map(str::to_owned);
    let needed = |key: &str| text(key).ok_or_else(|| format!("a unit without `{key}`"));
    let day = |key: &str| {
        let parse = |it: String| it.parse::<Date>().map_err(|error| format!("{key}: {error}"));
        text(key).map(parse).transpose()
    };
    let level: Level = needed("level")?.parse().map_err(|error| format!("level: {error}"))?;
    let code = needed("code")?;
    let error = properties.get("error").and_then(serde_json::Value::as_f64).unwrap_or_default();
    Ok(Boundary {
        key: UnitKey {
            scheme: needed("scheme")?,
            level,
            code: code.clone(),
            valid_from: day("valid_from")?.unwrap_or(date(1970, 1, 1)),
        },
        name: needed("name")?,
        aliases: Vec::new(),
        parent: text("parent"),
        outline: Footprint::new(outline).map_err(|fault| format!("{code}: {fault}"))?,
        error: Metres::new(error).map_err(|error| error.to_string())?,
        valid_to: day("valid_to")?,
        legal_act: text("legal_act"),
        source: RecordRef { dataset: file.trim_end_matches(".geojson").to_owned(), record: code },
    })
}
