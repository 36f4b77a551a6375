//! The words that every room speaks. Imports nothing of ours.
//!
//! A type here *is* the proof of what was checked: a [`Footprint`] is valid, a [`Season`] is two
//! consecutive years, a [`SquareMetres`] is finite and not negative. Nobody further right checks
//! again. There is no field for a person, a household or an ethnic group anywhere.

mod area;
mod boundary;
mod country;
mod dataset;
mod event;
mod extent;
mod facts;
mod footprint;
mod outreach;
mod patrol;
mod plot;
mod position;
mod resolve;
mod season;
mod text;
mod validity;

pub use area::{NotAnArea, SquareMetres};
pub use boundary::{BorderLine, Boundary, Level, UnitKey, UnknownLevel};
pub use country::{CountryPack, Phase, PhaseKind, StageDays};
pub use dataset::{Dataset, DatasetKind, RecordRef};
pub use event::{Event, Revision, SiteLink};
pub use extent::{Extent, NotAnExtent};
pub use facts::{Changes, Facts};
pub use footprint::{Footprint, FootprintFault};
pub use outreach::Outreach;
pub use patrol::{EmptySearch, PatrolLeg, SearchedGround, Track};
pub use plot::{
    AreaMethod, Destruction, DestructionMethod, GrowthStage, Measurement, Plot, PlotId, PlotState,
    Rejection, RejectionReason, Sighting, SightingSource, SiteId, UnknownWord, Verification,
    VerificationResult,
};
pub use position::{Metres, NotALength, NotAPosition, Position};
pub use resolve::{PlotFacts, resolve};
pub use season::{NotASeason, Season};
pub use text::{Language, Text};
