//! What a season did: how well ground was searched, how much of what was found is destroyed, where
//! outreach went.

pub mod effort;
pub mod eradication;
pub mod outreach;
