//! How densely do points lie? Kernel density on a lattice, and what follows from it.
//!
//! Source: Silverman (1986), *Density estimation for statistics and data analysis*; Diggle (1985),
//! *A kernel method for smoothing point process data*; METHODS §6. One question a file: `kernel`
//! and `bandwidth` say how points are spread, `estimate` spreads them, `edge` gives back what fell
//! outside, `risk` compares two seasons, `volume` and `contours` draw lines around the answer.
//! All measures are in the units of the plane: densities per square unit, so of metres per m².

mod adaptive;
mod bandwidth;
mod contours;
mod edge;
mod estimate;
mod exact;
mod gauss;
mod kernel;
mod lattice;
mod mask;
mod raster;
mod risk;
mod selection;
mod sweep;
mod volume;

pub use adaptive::adaptive;
pub use bandwidth::{
    Bandwidth, NoBandwidth, Rule, esri, scott, scott_factor, silverman, silverman_factor,
};
pub use contours::contours;
pub use edge::{Density, Edge, corrected, mass, mass_at};
pub use estimate::{Source, estimate, sources};
pub use exact::{Ellipse, at, at_with_covariance, covariance};
pub use kernel::Kernel;
pub use lattice::{Lattice, TooManyNodes};
pub use mask::Domain;
pub use raster::{Band, Raster};
pub use risk::{NoRisk, Risk, risk};
pub use selection::{MOST_PAIRED, diggle, likelihood};
pub use volume::{SHARES, Volume, volumes};
