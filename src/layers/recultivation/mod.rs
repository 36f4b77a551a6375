//! recultivation: cleared ground, and whether poppy came back to it.

mod cleared;
mod figures;
mod layer;

pub use layer::Recultivation;
