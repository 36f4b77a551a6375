//! What the store hands to the snapshot.

use super::{BorderLine, Boundary, Dataset, EmptySearch, Outreach, PatrolLeg, Plot, Revision};

/// Everything that held at one revision of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The last event that was looked at.
    pub revision: Revision,
    /// Imports, oldest first; of several with one id the last says what is true.
    pub datasets: Vec<Dataset>,
    /// Units of every level and time, by key.
    pub boundaries: Vec<Boundary>,
    /// Lines given as lines.
    pub border_lines: Vec<BorderLine>,
    /// Plots, by number.
    pub plots: Vec<Plot>,
    /// Tracks, by id.
    pub legs: Vec<PatrolLeg>,
    /// Searches that found nothing, by id.
    pub empty_searches: Vec<EmptySearch>,
    /// Meetings and pledges, by id.
    pub outreach: Vec<Outreach>,
}

/// What became different between two revisions.
#[derive(Clone, Debug)]
pub enum Changes {
    /// Only plots: the new or changed ones, whole. (Plots are never removed, only rejected.)
    Plots {
        /// The last event that was looked at.
        revision: Revision,
        /// New or changed plots, by number.
        plots: Vec<Plot>,
        /// Data sets imported since, oldest first; none of boundaries or border lines, whose order
        /// decides what stands on the sheets.
        datasets: Vec<Dataset>,
    },
    /// Something else changed too: everything again.
    Everything(Box<Facts>),
}
