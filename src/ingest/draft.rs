//! What a row became on its way to facts.

use super::report::Reason;
use crate::domain::{Event, PlotId, Season};

/// A warning about a row: its code and text, and what is seen there.
pub type RowWarning = ((&'static str, &'static str), String);

/// One row as facts that do not know their keys yet, or reasons why not.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The row.
    pub row: u64,
    /// The source's id of the record.
    pub id: Option<String>,
    /// For plots: the plot that the row tells about, where that is not its id.
    pub plot: Option<String>,
    /// For plots: of which plot it is a duplicate.
    pub duplicate_of: Option<String>,
    /// For plots: the season that the row is about.
    pub season: Option<Season>,
    /// For plots: the plot's id over all files, once settled; rejected rows have one too.
    pub plot_id: Option<PlotId>,
    /// The facts; their keys and plot ids are empty until they are settled over the whole file.
    pub facts: Vec<Event>,
    /// Why the row is rejected; empty: it is not.
    pub reasons: Vec<Reason>,
    /// What a person should look at.
    pub warnings: Vec<RowWarning>,
}
