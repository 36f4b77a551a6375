//! Values on a lattice, as files of rasters hold them.

use super::Lattice;

/// Values on a lattice.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    /// Where the cells are.
    pub lattice: Lattice,
    /// One or more kinds of values.
    pub bands: Vec<Band>,
}

/// One kind of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// What they are, such as `density`.
    pub name: &'static str,
    /// Their unit (UCUM).
    pub unit: &'static str,
    /// Row by row from the south-west; `None` where nothing is known.
    pub values: Vec<Option<f64>>,
}
