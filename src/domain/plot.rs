//! Nương: a plot, and the facts told about it.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Footprint, Metres, Position, RecordRef, Season, SquareMetres};

/// The id of a plot for people, such as `2024-2025/0012`. Never re-used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlotId(pub String);

/// The id of a site: one place over all seasons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(pub String);

impl fmt::Display for PlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A word that is not in a closed list; the message names the list.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{word}` is not one of: {allowed}")]
pub struct UnknownWord {
    /// What was read.
    pub word: String,
    /// What would be right.
    pub allowed: String,
}

/// A closed list of words, each with its English word for files and the Vietnamese ones that
/// people type.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal $(| $alias:literal)*;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every word, in the order of the manual.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in files and answers.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.word()) }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text.trim().to_lowercase().as_str() {
                    $($word $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err(UnknownWord {
                        word: text.to_owned(),
                        allowed: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}

words! {
    /// How a plot became known.
    SightingSource {
        /// A sweep of a team through an area (truy quét).
        Sweep = "sweep" | "truy quét" | "rà soát";
        /// A unit stationed in the village (cắm bản).
        Stationed = "stationed" | "cắm bản";
        /// The commune's own report.
        Commune = "commune" | "xã" | "xã báo";
        /// A tip given to a unit.
        Tip = "tip" | "tin báo" | "quần chúng";
        /// A drone.
        Drone = "drone" | "flycam" | "uav";
        /// A satellite image.
        Satellite = "satellite" | "vệ tinh" | "ảnh vệ tinh";
        /// The neighbouring unit's report.
        Neighbour = "neighbour" | "neighbor" | "giáp ranh";
        /// Not said.
        Unknown = "unknown" | "không rõ";
    }
}

impl SightingSource {
    /// Whether somebody stood there: such a sighting confirms the plot, others only report it.
    pub const fn confirms(self) -> bool {
        matches!(self, Self::Sweep | Self::Stationed | Self::Commune)
    }

    /// Whether it counts as found by going over the ground: a sweep, or nobody said how. Others (tips,
    /// reports, images, units that stay in a village) tell nothing of what the search would have found.
    pub const fn by_search(self) -> bool {
        matches!(self, Self::Sweep | Self::Unknown)
    }

    /// 1 σ per axis where the sighting gives none: a handheld under canopy for people on the
    /// ground, more for tips and images. An assumption of this product, always flagged.
    pub const fn default_error(self) -> Metres {
        match self {
            Self::Sweep | Self::Stationed | Self::Commune => Metres::whole(10),
            Self::Drone => Metres::whole(5),
            Self::Satellite => Metres::whole(15),
            Self::Neighbour | Self::Unknown => Metres::whole(50),
            Self::Tip => Metres::whole(250),
        }
    }
}

words! {
    /// How far the poppy had grown.
    GrowthStage {
        /// Mới nảy mầm.
        Seedling = "seedling" | "cây con" | "nảy mầm";
        /// Lá.
        Rosette = "rosette" | "lá";
        /// Vươn ngồng.
        Stem = "stem" | "ngồng" | "vươn ngồng";
        /// Ra hoa.
        Flower = "flower" | "hoa" | "ra hoa";
        /// Có quả.
        Capsule = "capsule" | "quả" | "có quả";
        /// Đã rạch, đã thu.
        Lanced = "lanced" | "đã rạch" | "đã thu hoạch";
    }
}

words! {
    /// How an area was measured, best first: the order is the rank of trust.
    AreaMethod {
        /// Tape or measuring wheel.
        Tape = "tape" | "thước" | "đo thước";
        /// Orthophoto from a drone.
        DroneOrtho = "drone-ortho" | "drone_ortho" | "ảnh flycam";
        /// Outline walked with a GPS (not measurable under about 1,000 m²).
        GpsPolygon = "gps-polygon" | "gps_polygon" | "gps";
        /// The outline in the import, walked or drawn; its way is not told.
        Outline = "outline" | "đường bao";
        /// A satellite image.
        Satellite = "satellite" | "vệ tinh";
        /// Plants counted, divided by their density.
        Plants = "plants" | "đếm cây";
        /// Paces.
        Pace = "pace" | "bước chân";
        /// By eye.
        Eye = "eye" | "ước lượng" | "ước tính";
        /// Not said.
        Unknown = "unknown" | "không rõ";
    }
}

words! {
    /// How a plot was destroyed.
    DestructionMethod {
        /// Nhổ.
        Uproot = "uproot" | "nhổ" | "phá nhổ";
        /// Phát.
        Slash = "slash" | "phát" | "chặt";
        /// Phun thuốc.
        Herbicide = "herbicide" | "phun thuốc";
        /// Đốt.
        Burn = "burn" | "đốt";
        /// Tự phá.
        OwnHand = "self" | "tự phá" | "tự phá nhổ";
        /// Cách khác.
        Other = "other" | "khác";
    }
}

words! {
    /// What another unit found when it looked again.
    VerificationResult {
        /// Nothing stands any more (≥ 95 %).
        Complete = "complete" | "sạch" | "đạt";
        /// Part of it still stands.
        Partial = "partial" | "một phần";
        /// It has grown again (tái mọc).
        Regrown = "regrown" | "tái mọc" | "mọc lại";
        /// It was not destroyed.
        NotDone = "not-done" | "not_done" | "chưa phá";
        /// The place was not found.
        NotFound = "not-found" | "not_found" | "không thấy";
    }
}

/// Somebody or something saw poppy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// The plot.
    pub plot: PlotId,
    /// The season, that of the date unless the source says another (a field sown in June).
    pub season: Season,
    /// The day.
    pub date: Date,
    /// How it became known.
    pub by: SightingSource,
    /// Where.
    pub position: Position,
    /// 1 σ per axis; `None`: the default of `by`, flagged.
    pub error: Option<Metres>,
    /// The outline, where one was taken.
    pub outline: Option<Footprint>,
    /// How far it had grown.
    pub stage: Option<GrowthStage>,
    /// Where it came from.
    pub source: RecordRef,
}

/// An area was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The plot.
    pub plot: PlotId,
    /// The day.
    pub date: Date,
    /// How large.
    pub area: SquareMetres,
    /// How.
    pub method: AreaMethod,
    /// Where it came from.
    pub source: RecordRef,
}

/// A unit says that it destroyed the plot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destruction {
    /// The plot.
    pub plot: PlotId,
    /// The day.
    pub date: Date,
    /// How.
    pub method: Option<DestructionMethod>,
    /// How much; `None`: all of it.
    pub area: Option<SquareMetres>,
    /// The unit's code.
    pub unit: Option<String>,
    /// Where it came from.
    pub source: RecordRef,
}

/// Another unit looked whether it is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// The plot.
    pub plot: PlotId,
    /// The day.
    pub date: Date,
    /// What it found.
    pub result: VerificationResult,
    /// What still stands; `None`: not measured.
    pub remaining: Option<SquareMetres>,
    /// The unit's code; never the one that destroyed it.
    pub unit: Option<String>,
    /// Where it came from.
    pub source: RecordRef,
}

/// The plot is none after all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejection {
    /// The plot.
    pub plot: PlotId,
    /// The day.
    pub date: Date,
    /// Why.
    pub reason: RejectionReason,
    /// Where it came from.
    pub source: RecordRef,
}

/// Why a reported plot is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RejectionReason {
    /// Something else grows there.
    NotPoppy,
    /// The same as another plot.
    DuplicateOf(PlotId),
    /// Nothing was found there.
    NotFound,
}

/// Where a plot stands in its life, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlotState {
    /// Reported; nobody stood there yet.
    Reported,
    /// Confirmed by somebody who stood there.
    Confirmed,
    /// Past its lancing date and not destroyed: still to destroy.
    Late,
    /// Destroyed, as the destroying unit claims.
    Destroyed,
    /// Destroyed, and another unit has verified it.
    Verified,
    /// Not destroyed at the end of its season.
    Lost,
    /// No plot after all.
    Rejected,
}

impl PlotState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Reported,
        Self::Confirmed,
        Self::Late,
        Self::Destroyed,
        Self::Verified,
        Self::Lost,
        Self::Rejected,
    ];

    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Confirmed => "confirmed",
            Self::Late => "late",
            Self::Destroyed => "destroyed",
            Self::Verified => "verified",
            Self::Lost => "lost",
            Self::Rejected => "rejected",
        }
    }
}

/// A plot: one site in one season, resolved from all that was told about it (see
/// [`super::resolve`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// For GeoPackage and tiles; never re-used.
    pub number: u64,
    /// For people; never re-used.
    pub id: PlotId,
    /// Its season.
    pub season: Season,
    /// The place over all seasons, once linked.
    pub site: Option<SiteId>,
    /// Of several sightings that with the smallest error, then the latest.
    pub position: Position,
    /// 1 σ per axis of the position.
    pub error: Metres,
    /// Whether the error is the source's default and not a measured one.
    pub error_assumed: bool,
    /// Of the best-ranked method, then the latest; `None`: nobody measured.
    pub area: Option<SquareMetres>,
    /// How the area was measured.
    pub area_method: Option<AreaMethod>,
    /// The outline of the best sighting that has one.
    pub outline: Option<Footprint>,
    /// How it first became known.
    pub first_source: SightingSource,
    /// The first sighting.
    pub reported_on: Date,
    /// The first sighting by somebody who stood there.
    pub confirmed_on: Option<Date>,
    /// The last stage seen.
    pub stage: Option<GrowthStage>,
    /// When it can be lanced at the earliest.
    pub lancing_on: Date,
    /// Whether that is the deployment's calendar and not read off a seen stage.
    pub lancing_assumed: bool,
    /// The last claimed destruction.
    pub destroyed_on: Option<Date>,
    /// The area claimed as destroyed, never more than the measured one; `None` where it is not
    /// known how large the plot is.
    pub destroyed_area: Option<SquareMetres>,
    /// How the last one was done.
    pub destruction_method: Option<DestructionMethod>,
    /// A verification after the last destruction that found it complete or in part.
    pub verified_on: Option<Date>,
    /// The verified part of the destroyed area.
    pub verified_area: Option<SquareMetres>,
    /// The part destroyed on or before `lancing_on`.
    pub in_time_area: Option<SquareMetres>,
    /// A verification found it standing again after the last destruction.
    pub regrown_on: Option<Date>,
    /// The day it was rejected and why.
    pub rejected: Option<(Date, RejectionReason)>,
    /// The data set of the sighting whose position was taken.
    pub dataset: String,
}

impl Plot {
    /// Where it stands on `day`; `None` before it was reported.
    ///
    /// Lost only at the season's end: a late plot is still to destroy.
    pub fn state_on(&self, day: Date) -> Option<PlotState> {
        let by = |date: Option<Date>| date.is_some_and(|date| date <= day);
        if day < self.reported_on {
            return None;
        }
        if by(self.rejected.as_ref().map(|(date, _)| *date)) {
            return Some(PlotState::Rejected);
        }
        if by(self.destroyed_on) && !by(self.regrown_on) && !self.stands_in_part_on(day) {
            return Some(if by(self.verified_on) {
                PlotState::Verified
            } else {
                PlotState::Destroyed
            });
        }
        Some(if day > self.season.last_day() {
            PlotState::Lost
        } else if day > self.lancing_on {
            PlotState::Late
        } else if by(self.confirmed_on) {
            PlotState::Confirmed
        } else {
            PlotState::Reported
        })
    }

    /// Whether part of it still stood on `day` although some was destroyed: it stays to be
    /// destroyed, whatever its claim says.
    ///
    /// A later look decides, where there is one: more than 5 % left is not complete (DOMAIN §1.3).
    /// Without one the claim does, if it covers less than half of the measured area: two
    /// measurements of one small plot easily differ by less than that (DOMAIN §1.1: 74 % for
    /// 100 m² by GPS), so a larger claim is taken for the whole.
    pub fn stands_in_part_on(&self, day: Date) -> bool {
        let by = |date: Option<Date>| date.is_some_and(|date| date <= day);
        let (Some(area), Some(claimed)) = (self.area, self.destroyed_area) else { return false };
        if !by(self.destroyed_on) {
            return false;
        }
        if by(self.verified_on) {
            return self.verified_area.is_none_or(|gone| gone.get() < 0.95 * claimed.get());
        }
        claimed.get() < 0.5 * area.get()
    }

    /// The ground that still stood on `day`; `None` where nobody measured, or before its report.
    pub fn remaining_on(&self, day: Date) -> Option<SquareMetres> {
        let state = self.state_on(day)?;
        match state {
            PlotState::Rejected => None,
            PlotState::Destroyed | PlotState::Verified => Some(SquareMetres::ZERO),
            _ if self.stands_in_part_on(day) => {
                let looked = self.verified_on.is_some_and(|date| date <= day);
                let gone = if looked { self.verified_area? } else { self.destroyed_area? };
                SquareMetres::new((self.area?.get() - gone.get()).max(0.0)).ok()
            }
            _ => self.area,
        }
    }

    /// Whether it counts as a plot on `day`: reported by then and not rejected.
    pub fn counts_on(&self, day: Date) -> bool {
        self.state_on(day).is_some_and(|state| state != PlotState::Rejected)
    }
}
