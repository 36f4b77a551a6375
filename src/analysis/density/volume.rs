//! The smallest ground that holds a given share of the density: volume contours.
//!
//! The level of a share is the density at which the cells that are as dense or denser hold that
//! share of the integral (Worton 1989, *Kernel methods for estimating the utilization distribution
//! in home-range studies*). Cost: one sort of the cells.

use super::Domain;

/// The shares that are drawn unless others are asked for.
pub const SHARES: [f64; 4] = [0.25, 0.5, 0.75, 0.95];

/// The level of a share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volume {
    /// The share that was asked for, 0 to 1.
    pub share: f64,
    /// The density of its edge, per square unit.
    pub level: f64,
    /// The ground of the cells as dense or denser.
    pub area: f64,
}

/// The level of each share of `values`, in the order of `shares`; none where nothing is dense.
pub fn volumes(domain: &Domain, values: &[f64], shares: &[f64]) -> Vec<Volume> {
    let mut cells: Vec<(f64, f64)> = domain
        .cover
        .iter()
        .zip(values)
        .filter(|(cover, value)| **cover > 0.0 && **value > 0.0)
        .map(|(cover, value)| (*value, *cover))
        .collect();
    cells.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
    let total: f64 = cells.iter().map(|(value, cover)| value * cover).sum();
    let cell_area = domain.lattice.cell_area();
    let one = |share: f64| {
        let (mut sum, mut ground, mut level) = (0.0, 0.0, None);
        for (value, cover) in &cells {
            if level.is_some_and(|level| *value < level) {
                break;
            }
            sum += value * cover;
            ground += cover;
            if level.is_none() && sum >= share * total {
                level = Some(*value);
            }
        }
        // Rounding may leave the sum a hair under the whole.
        let level = level.or(cells.last().map(|(value, _)| *value))?;
        Some(Volume { share, level, area: ground * cell_area })
    };
    shares.iter().filter_map(|share| one(*share)).collect()
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;

    use super::*;
    use crate::analysis::density::Lattice;

    #[test]
    fn cells_are_taken_from_the_densest_down() {
        let lattice = Lattice { first: Coord { x: 5.0, y: 5.0 }, cell: 10.0, cols: 5, rows: 1 };
        let mut domain = Domain::whole(lattice);
        let values = [1.0, 4.0, 2.0, 2.0, 1.0];
        let levels = |domain: &Domain, shares: &[f64]| -> Vec<(f64, f64)> {
            volumes(domain, &values, shares).iter().map(|it| (it.level, it.area)).collect()
        };
        // Of 10: 4, 6, 8, 9, 10; equals come together.
        assert_eq!(
            levels(&domain, &[0.4, 0.5, 0.8, 0.81, 1.0]),
            [(4.0, 100.0), (2.0, 300.0), (2.0, 300.0), (1.0, 500.0), (1.0, 500.0)]
        );
        // Half of the densest cell, none of the first: of 2 + 2 + 2 + 1.
        domain.cover = vec![0.0, 0.5, 1.0, 1.0, 1.0];
        assert_eq!(levels(&domain, &[0.25, 0.95]), [(4.0, 50.0), (1.0, 350.0)]);
        assert!(volumes(&domain, &[0.0; 5], &SHARES).is_empty());
    }
}
