//! The tables of fields, one a kind: names, meanings, headings that are guessed.

pub(super) mod boundaries;
mod outreach;
mod patrols;
mod place;
pub(super) mod plots;

pub use boundaries::{BORDER_LINES, BOUNDARIES};
pub use outreach::OUTREACH;
pub use patrols::{EMPTY_SEARCHES, TRACKS};
pub use plots::PLOTS;
