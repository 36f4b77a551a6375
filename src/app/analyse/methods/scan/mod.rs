//! The scan statistic.

mod method;
mod table;

pub(super) use method::METHOD;
