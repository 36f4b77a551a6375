//! Plots as points and as outlines; the walk along them, and their merging for small scales.

mod outlines;
mod points;
mod pyramid;
mod values;
mod walk;

pub use outlines::PlotOutlines;
pub use points::Plots;
