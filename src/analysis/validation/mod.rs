//! How good was the map? The map of one season, frozen, scored on what the next one found.
//!
//! Hit rate, predictive accuracy index (PAI), predictive efficiency index (PEI), recapture rate
//! index and the capture curve ([`score`], [`table`], [`curve`], [`recapture`]), with intervals by
//! drawing blocks of ground, none narrower than the exact one of the hits ([`intervals`]), and against other maps of the same area: other
//! rankings ([`flag`]) and areas at random ([`at_random`]).
//!
//! What is found is found where people look. A map that sends patrols to its own hot cells makes
//! itself right; so score also on the cells that were surveyed in both seasons, and believe the
//! finds of people who did not follow the map.
//!
//! Units: plots (or any other amount) and m². Source: Chainey, Tompson and Uhlig (2008); Hunt
//! (2016); Levine (2008); METHODS §8, DOMAIN §3.5.

mod bands;
mod curve;
mod score;

pub use bands::{Band, Blocks, FEW_BLOCKS, FEW_CAPTURED, at_random, intervals};
pub use curve::{area_under, curve, flag};
pub use score::{Cells, NoScore, Row, Score, recapture, score, table};
