//! displacement: did poppy move from where it was cleared to the ground around?

mod displaced;
mod figures;
mod layer;

pub use layer::Displacement;
