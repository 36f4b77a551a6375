//! "Nhổ chỗ này, trồng chỗ khác": did poppy move from where it was cleared to the ground around?
//!
//! Counts before and after in a *response* area (where something was done), a *buffer* around it
//! (where it may have moved to) and a *control* area (where neither is expected): the weighted
//! displacement quotient, total net effects and the weighted displacement difference with its
//! variance ([`wdq`], [`tne`], [`Difference`]). Which ground is which is told by distance
//! ([`zones`]); and how far areas chosen at random would show the same by [`placebo`].
//!
//! None of this knows why: a season of more searches looks like one of more poppy. Counts that are
//! compared must come from ground that was searched in both seasons.
//!
//! Source: Bowers and Johnson (2003); Guerette (2009); Wheeler and Ratcliffe (2018); Krishnamoorthy
//! and Thomson (2004); METHODS §8.

mod counts;
mod placebo;
mod zones;

pub use counts::{Change, Difference, NoQuotient, e_test, tne, wdq};
pub use placebo::{NoPlacebo, Place, Placebo, placebo};
pub use zones::{Zone, zones};
