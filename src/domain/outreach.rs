//! Tuyên truyền: meetings and pledges, counted by commune or hamlet.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{RecordRef, Season};

/// What was done in one place on one day of phase I. Counts only: who came or signed is nobody's
/// business here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outreach {
    /// Its id for people.
    pub id: String,
    /// The season of its date.
    pub season: Season,
    /// The day.
    pub date: Date,
    /// The commune's code, as text, in force on that day.
    pub commune: String,
    /// The hamlet's name, where the count is of one.
    pub hamlet: Option<String>,
    /// Meetings held.
    pub meetings: u32,
    /// Pledges signed; `None`: not counted.
    pub pledges: Option<u32>,
    /// Where it came from.
    pub source: RecordRef,
}
