//! Where teams walked, and how well ground was searched.

pub(super) mod commune_search;
mod coverage;
mod tracks;

pub use coverage::Coverage;
pub use tracks::PatrolTracks;
