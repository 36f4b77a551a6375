//! Where teams walked, and where they looked and found nothing.

use geo_types::MultiLineString;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Footprint, Metres, Position, RecordRef, Season};

/// One team-day's path. Teams have codes, never names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatrolLeg {
    /// Its id for people.
    pub id: String,
    /// The season of its date.
    pub season: Season,
    /// The day, in the deployment's time zone.
    pub date: Date,
    /// The team's code.
    pub team: Option<String>,
    /// Where they walked.
    pub track: Track,
    /// Start and end, where the device told them.
    pub walked: Option<(Timestamp, Timestamp)>,
    /// The width of ground that the team searched effectively; `None`: the deployment's default,
    /// flagged as assumed.
    pub sweep_width: Option<Metres>,
    /// Where it came from.
    pub source: RecordRef,
}

/// A path in WGS 84 degrees, cut where the device was silent; every part has two vertices or more,
/// all finite and in range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Track(#[serde(with = "super::boundary::parts")] pub MultiLineString<f64>);

/// Ground that was searched and held nothing. A fact, not an absence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmptySearch {
    /// Its id for people.
    pub id: String,
    /// The season of its date.
    pub season: Season,
    /// The day.
    pub date: Date,
    /// The team's code.
    pub team: Option<String>,
    /// The ground.
    pub ground: SearchedGround,
    /// Where it came from.
    pub source: RecordRef,
}

/// Which ground a search without a track covered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchedGround {
    /// Everything within `radius` of a place.
    Around {
        /// The place.
        centre: Position,
        /// How far from it they looked.
        radius: Metres,
    },
    /// Everything inside an outline.
    Within(Footprint),
}
