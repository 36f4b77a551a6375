//! Boundaries in force, the lines and strips between them, and each commune's season in figures.

mod border_lines;
mod border_strips;
mod commune_summary;
mod summary_properties;
mod units;

pub use border_lines::BorderLines;
pub use border_strips::BorderStrips;
pub use commune_summary::CommuneSummary;
pub use units::{COMMUNES, DISTRICTS, PROVINCES};
