//! The methods that need to know when.

mod emerging;
mod knox;
mod mann_kendall;
mod series;

pub(super) use emerging::METHOD as EMERGING;
pub(super) use knox::{KNOX, NEAR_REPEAT};
pub(super) use mann_kendall::METHOD as MANN_KENDALL;
