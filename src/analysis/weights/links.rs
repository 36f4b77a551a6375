//! What local statistics ask of weights, whether every link weighs the same or not.

use super::{Neighbours, Weights};

/// Rows of links.
pub trait Links: Sync {
    /// How many units there are.
    fn units(&self) -> usize;

    /// The neighbours of the unit at `place` with their weights, ascending; itself only where the
    /// maker of the weights said so.
    fn links(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_;

    /// The neighbours without the unit itself.
    fn others(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.links(place).filter(move |(other, _)| *other != place)
    }

    /// What the unit weighs in its own neighbourhood for Gi* (METHODS §1): as the maker of the
    /// weights said, else as much as its heaviest neighbour, which is 1 for binary weights; 1
    /// where it has none.
    fn own(&self, place: usize) -> f64 {
        let mut heaviest: Option<f64> = None;
        for (other, weight) in self.links(place) {
            if other == place {
                return weight;
            }
            heaviest = Some(heaviest.map_or(weight, |most| most.max(weight)));
        }
        heaviest.unwrap_or(1.0)
    }
}

impl Links for Neighbours {
    fn units(&self) -> usize {
        self.len()
    }

    fn links(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.of(place).iter().map(|other| (*other as usize, 1.0))
    }

    fn others(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.links(place)
    }

    fn own(&self, _place: usize) -> f64 {
        1.0
    }
}

impl Links for Weights {
    fn units(&self) -> usize {
        self.len()
    }

    fn links(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.row(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_weighs_as_said_or_as_its_heaviest_neighbour() {
        let rows = vec![vec![(1, 0.5), (2, 2.0)], vec![(1, 7.0), (0, 9.0)], vec![]];
        let weights = Weights::from_rows(rows).unwrap();
        assert_eq!([0, 1, 2].map(|place| weights.own(place)), [2.0, 7.0, 1.0]);
        assert_eq!(weights.others(1).collect::<Vec<_>>(), [(0, 9.0)]);
        let lists = Neighbours::from_lists([vec![1], vec![]]);
        assert_eq!((lists.own(0), lists.units()), (1.0, 2));
        assert_eq!(lists.others(0).collect::<Vec<_>>(), [(1, 1.0)]);
    }
}
