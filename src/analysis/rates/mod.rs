//! Rates: how much for how many, and how far a rate of few can be trusted.
//!
//! `cases` holds events and what they are divided by; `smooth` has the raw rate, the excess risk
//! and the estimates that borrow strength from the whole or from neighbours; `standardised` makes
//! rates of unequal populations comparable for maps and tests; `surprise` says which counts chance
//! does not explain, and between which rates the truth may lie; `together` what several units let
//! expect, where rates differ by chance from unit to unit.
//!
//! The denominator decides what a rate means. Plots per km² of ground says where they lie; per km²
//! of searched ground, where they would have been found; per hour or km of patrols, what looking
//! returned. METHODS §4.

mod cases;
mod smooth;
mod standardised;
mod surprise;
mod together;

pub use cases::{Cases, NoRate};
pub use smooth::{
    LocalPrior, Prior, excess_risk, global_bayes, local_bayes, overall, prior, raw, spatial_rate,
};
pub use standardised::standardised;
pub use surprise::{Surprise, rate_interval, surprise};
pub use together::{Together, neighbourhoods, scattered};
