//! What the log holds: one fact an event, appended and never changed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    BorderLine, Boundary, Dataset, Destruction, EmptySearch, Measurement, Outreach, PatrolLeg,
    PlotId, RecordRef, Rejection, Sighting, SiteId, Verification,
};

/// A place in the log: 1 is the first event, 0 the empty log.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// One fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "fact", rename_all = "kebab-case")]
pub enum Event {
    /// A file was imported; comes before its facts.
    DatasetImported(Dataset),
    /// A unit and its outline.
    BoundaryDeclared(Boundary),
    /// A line between units, given as a line.
    BorderLineDeclared(BorderLine),
    /// Poppy was seen.
    PlotSighted(Sighting),
    /// An area was measured.
    PlotMeasured(Measurement),
    /// A unit claims to have destroyed a plot.
    PlotDestroyed(Destruction),
    /// Another unit looked.
    PlotVerified(Verification),
    /// The plot is none.
    PlotRejected(Rejection),
    /// A plot belongs to a place known over seasons.
    SiteLinked(SiteLink),
    /// A team walked.
    LegWalked(PatrolLeg),
    /// A team looked and found nothing.
    SearchedEmpty(EmptySearch),
    /// Meetings and pledges.
    OutreachHeld(Outreach),
}

impl Event {
    /// Its word in the log.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DatasetImported(_) => "dataset-imported",
            Self::BoundaryDeclared(_) => "boundary-declared",
            Self::BorderLineDeclared(_) => "border-line-declared",
            Self::PlotSighted(_) => "plot-sighted",
            Self::PlotMeasured(_) => "plot-measured",
            Self::PlotDestroyed(_) => "plot-destroyed",
            Self::PlotVerified(_) => "plot-verified",
            Self::PlotRejected(_) => "plot-rejected",
            Self::SiteLinked(_) => "site-linked",
            Self::LegWalked(_) => "leg-walked",
            Self::SearchedEmpty(_) => "searched-empty",
            Self::OutreachHeld(_) => "outreach-held",
        }
    }

    /// The key of its fact at the source; `None` for events about the import itself.
    ///
    /// A later event of the same kind with the same key supersedes this one.
    pub const fn source(&self) -> Option<&RecordRef> {
        match self {
            Self::DatasetImported(_) => None,
            Self::BoundaryDeclared(it) => Some(&it.source),
            Self::BorderLineDeclared(it) => Some(&it.source),
            Self::PlotSighted(it) => Some(&it.source),
            Self::PlotMeasured(it) => Some(&it.source),
            Self::PlotDestroyed(it) => Some(&it.source),
            Self::PlotVerified(it) => Some(&it.source),
            Self::PlotRejected(it) => Some(&it.source),
            Self::SiteLinked(it) => Some(&it.source),
            Self::LegWalked(it) => Some(&it.source),
            Self::SearchedEmpty(it) => Some(&it.source),
            Self::OutreachHeld(it) => Some(&it.source),
        }
    }

    /// The plot it is about, if it is about one.
    pub const fn plot(&self) -> Option<&PlotId> {
        match self {
            Self::PlotSighted(it) => Some(&it.plot),
            Self::PlotMeasured(it) => Some(&it.plot),
            Self::PlotDestroyed(it) => Some(&it.plot),
            Self::PlotVerified(it) => Some(&it.plot),
            Self::PlotRejected(it) => Some(&it.plot),
            Self::SiteLinked(it) => Some(&it.plot),
            Self::DatasetImported(_)
            | Self::BoundaryDeclared(_)
            | Self::BorderLineDeclared(_)
            | Self::LegWalked(_)
            | Self::SearchedEmpty(_)
            | Self::OutreachHeld(_) => None,
        }
    }
}

/// A plot belongs to a site: the same place as in another season, or a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteLink {
    /// The plot.
    pub plot: PlotId,
    /// The place.
    pub site: SiteId,
    /// The day of the decision.
    pub date: Date,
    /// Who or what decided, with its version, such as `nearest-within-2-sigma/1`, `source/1`,
    /// `new/1`.
    pub rule: String,
    /// Where it came from.
    pub source: RecordRef,
}
