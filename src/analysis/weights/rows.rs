//! Weights: a number for each link, in compressed rows.
//!
//! Notation as in METHODS: W_i = Σ_j w_ij, S1_i = Σ_j w_ij²; S0, S1, S2 of the whole as in Cliff
//! and Ord (1981), *Spatial processes*, §1.

use thiserror::Error;

use super::Neighbours;

/// Weights between units. A link may go one way only, and may weigh what it likes as long as it is
/// a finite number; a unit is linked to itself only where its maker said so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    starts: Vec<u32>,
    places: Vec<u32>,
    values: Vec<f64>,
}

/// Why numbers are no weights.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum BadWeights {
    /// A weight is NaN or infinite.
    #[error("the weight of {to} for {from} is {value}: it must be a finite number")]
    NotFinite {
        /// The unit whose row it is, from 0.
        from: usize,
        /// The neighbour, from 0.
        to: usize,
        /// What was given.
        value: f64,
    },
    /// A neighbour that does not exist.
    #[error("the row of {from} names {to}, but the units are numbered 0 to {last}")]
    NoSuchUnit {
        /// The unit whose row it is, from 0.
        from: usize,
        /// What was named.
        to: usize,
        /// The last unit.
        last: usize,
    },
    /// One link twice.
    #[error("the row of {from} names {to} twice")]
    Twice {
        /// The unit whose row it is, from 0.
        from: usize,
        /// The neighbour, from 0.
        to: usize,
    },
}

/// Sums over all weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums {
    /// S0 = Σ_i Σ_j w_ij.
    pub s0: f64,
    /// S1 = ½ Σ_i Σ_j (w_ij + w_ji)².
    pub s1: f64,
    /// S2 = Σ_i (Σ_j w_ij + Σ_j w_ji)².
    pub s2: f64,
}

impl Weights {
    /// Weights from a row of (place, weight) for each unit, in any order. Weights of 0 are no
    /// links and are left out.
    ///
    /// # Errors
    ///
    /// [`BadWeights`] for the first link that cannot be.
    pub fn from_rows(rows: Vec<Vec<(u32, f64)>>) -> Result<Self, BadWeights> {
        let count = rows.len();
        let mut rows = rows;
        for (from, row) in rows.iter_mut().enumerate() {
            row.sort_by_key(|(place, _)| *place);
            for (at, (place, value)) in row.iter().enumerate() {
                let to = *place as usize;
                if to >= count {
                    return Err(BadWeights::NoSuchUnit { from, to, last: count - 1 });
                }
                if !value.is_finite() {
                    return Err(BadWeights::NotFinite { from, to, value: *value });
                }
                if at > 0 && row[at - 1].0 == *place {
                    return Err(BadWeights::Twice { from, to });
                }
            }
        }
        Ok(Self::from_lawful_rows(rows))
    }

    /// [`Self::from_rows`] for makers of rows that cannot be wrong: places ascend, are distinct
    /// and exist, weights are finite.
    pub(super) fn from_lawful_rows(rows: Vec<Vec<(u32, f64)>>) -> Self {
        let mut made = Self { starts: vec![0], ..Self::default() };
        for row in rows {
            debug_assert!(row.is_sorted_by(|a, b| a.0 < b.0), "ascending and distinct");
            let links = row.into_iter().filter(|(_, value)| *value != 0.0);
            for (place, value) in links {
                made.places.push(place);
                made.values.push(value);
            }
            made.starts.push(made.places.len() as u32);
        }
        made
    }

    /// Every link weighs 1.
    pub fn binary(neighbours: &Neighbours) -> Self {
        let mut made = Self { starts: vec![0], ..Self::default() };
        for place in 0..neighbours.len() {
            made.places.extend(neighbours.of(place));
            made.starts.push(made.places.len() as u32);
        }
        made.values = vec![1.0; made.places.len()];
        made
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many links there are.
    pub fn links(&self) -> usize {
        self.places.len()
    }

    fn range(&self, place: usize) -> std::ops::Range<usize> {
        self.starts[place] as usize..self.starts[place + 1] as usize
    }

    /// The places of the neighbours of the unit at `place`, ascending.
    ///
    /// # Panics
    ///
    /// Where `place` is not below [`Self::len`]; so do the others.
    pub fn places(&self, place: usize) -> &[u32] {
        &self.places[self.range(place)]
    }

    /// Their weights, in the same order; none is 0.
    pub fn values(&self, place: usize) -> &[f64] {
        &self.values[self.range(place)]
    }

    /// Both together.
    pub fn row(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let places = self.places(place).iter().map(|place| *place as usize);
        places.zip(self.values(place).iter().copied())
    }

    /// W_i: the sum of a row.
    pub fn total(&self, place: usize) -> f64 {
        self.values(place).iter().sum()
    }

    /// S1_i: the sum of the squares of a row.
    pub fn squares(&self, place: usize) -> f64 {
        self.values(place).iter().map(|w| w * w).sum()
    }

    /// The weighted sum of the neighbours' values: the spatial lag Σ_j w_ij x_j.
    pub fn lag(&self, place: usize, values: &[f64]) -> f64 {
        self.row(place).map(|(j, w)| w * values[j]).sum()
    }

    /// Every row divided by its sum; a row whose sum is 0 stays as it is.
    #[must_use]
    pub fn row_standardised(&self) -> Self {
        let mut made = self.clone();
        for place in 0..self.len() {
            let total = self.total(place);
            if total != 0.0 {
                let range = self.range(place);
                made.values[range].iter_mut().for_each(|w| *w /= total);
            }
        }
        made
    }

    /// Without links of a unit to itself.
    #[must_use]
    pub fn without_self(&self) -> Self {
        self.keep(|from, to| from != to)
    }

    /// Only the units at `kept` (ascending, distinct), numbered anew in that order, and the links
    /// among them: what is not in the domain is nobody's neighbour.
    #[must_use]
    pub fn among(&self, kept: &[usize]) -> Self {
        let mut number = vec![u32::MAX; self.len()];
        for (new, old) in kept.iter().enumerate() {
            number[*old] = new as u32;
        }
        let mut made = Self { starts: vec![0], ..Self::default() };
        for old in kept {
            for (to, weight) in self.row(*old).filter(|(to, _)| number[*to] != u32::MAX) {
                made.places.push(number[to]);
                made.values.push(weight);
            }
            made.starts.push(made.places.len() as u32);
        }
        made
    }

    /// The same weights with the units in another order: unit `order[i]` becomes unit i. `order`
    /// names every unit once.
    #[must_use]
    pub fn reordered(&self, order: &[usize]) -> Self {
        let mut number = vec![0_u32; self.len()];
        for (new, old) in order.iter().enumerate() {
            number[*old] = new as u32;
        }
        let mut made = Self { starts: vec![0], ..Self::default() };
        for old in order {
            let mut row: Vec<(u32, f64)> = self.row(*old).map(|(to, w)| (number[to], w)).collect();
            row.sort_by_key(|(place, _)| *place);
            made.places.extend(row.iter().map(|(place, _)| *place));
            made.values.extend(row.iter().map(|(_, weight)| *weight));
            made.starts.push(made.places.len() as u32);
        }
        made
    }

    fn keep(&self, asked: impl Fn(usize, usize) -> bool) -> Self {
        let mut made = Self { starts: vec![0], ..Self::default() };
        for from in 0..self.len() {
            for (to, weight) in self.row(from).filter(|(to, _)| asked(from, *to)) {
                made.places.push(to as u32);
                made.values.push(weight);
            }
            made.starts.push(made.places.len() as u32);
        }
        made
    }

    /// The sums that moments of global statistics need.
    pub fn sums(&self) -> Sums {
        let mut columns = vec![0.0; self.len()];
        let (mut s0, mut s1) = (0.0, 0.0);
        for from in 0..self.len() {
            for (to, weight) in self.row(from) {
                columns[to] += weight;
                s0 += weight;
                // ½ (w_ij + w_ji)² over all pairs is w_ij² + w_ij w_ji over all links.
                s1 += weight * (weight + self.between(to, from));
            }
        }
        let s2 = (0..self.len()).map(|place| (self.total(place) + columns[place]).powi(2)).sum();
        Sums { s0, s1, s2 }
    }

    /// The weight of one unit for another; 0 where they are not linked.
    pub fn between(&self, from: usize, to: usize) -> f64 {
        let found = self.places(from).binary_search(&(to as u32));
        found.map_or(0.0, |at| self.values(from)[at])
    }

    /// How many units have no neighbour but perhaps themselves.
    pub fn islands(&self) -> usize {
        let alone = |place: &usize| self.places(*place).iter().all(|to| *to as usize == *place);
        (0..self.len()).filter(alone).count()
    }

    /// The neighbours, where within each row every link weighs the same and no unit is linked to
    /// itself: then the statistics that do not change when a row is scaled (Gi, Gi*, the ranks of
    /// local Moran) need no more, and shared draws serve them.
    pub fn equal(&self) -> Option<Neighbours> {
        let alike = |place: usize| {
            let values = self.values(place);
            let same = |w: &f64| (w - values[0]).abs() <= 1e-12 * values[0].abs();
            values.iter().all(|w| *w > 0.0 && same(w))
                && !self.places(place).contains(&(place as u32))
        };
        (0..self.len())
            .all(alike)
            .then(|| Neighbours::from_lists((0..self.len()).map(|at| self.places(at).to_vec())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn small() -> Weights {
        Weights::from_rows(vec![vec![(2, 3.0), (1, 1.0)], vec![(0, 2.0), (1, 5.0)], vec![(0, 0.0)]])
            .unwrap()
    }

    #[test]
    fn rows_are_kept_in_order_without_zeros() {
        let weights = small();
        assert_eq!((weights.places(0), weights.values(0)), (&[1, 2][..], &[1.0, 3.0][..]));
        assert_eq!((weights.len(), weights.links(), weights.islands()), (3, 4, 1));
        assert_eq!((weights.total(0), weights.squares(0)), (4.0, 10.0));
        assert_eq!(weights.lag(0, &[9.0, 1.0, 2.0]), 7.0);
        assert_eq!((weights.between(0, 2), weights.between(2, 0)), (3.0, 0.0));
        assert_eq!(weights.row_standardised().values(0), &[0.25, 0.75]);
        assert_eq!(weights.without_self().places(1), &[0]);
        let among = weights.among(&[1, 2]);
        assert_eq!((among.places(0), among.values(0), among.len()), (&[0][..], &[5.0][..], 2));
        let turned = weights.reordered(&[2, 0, 1]);
        assert_eq!((turned.places(1), turned.values(1)), (&[0, 2][..], &[3.0, 1.0][..]));
        assert!(weights.equal().is_none());
        assert!(Weights::default().is_empty());
    }

    #[test]
    fn equal_rows_are_lists() {
        let lists = Neighbours::from_lists([vec![1, 2], vec![0], vec![]]);
        let weights = Weights::binary(&lists);
        assert_eq!(weights.equal(), Some(lists.clone()));
        assert_eq!(weights.row_standardised().equal(), Some(lists));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let of = |row| Weights::from_rows(vec![row, vec![]]);
        assert!(matches!(of(vec![(2, 1.0)]), Err(BadWeights::NoSuchUnit { to: 2, .. })));
        assert!(matches!(of(vec![(1, f64::NAN)]), Err(BadWeights::NotFinite { .. })));
        assert!(matches!(of(vec![(1, 1.0), (1, 2.0)]), Err(BadWeights::Twice { .. })));
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_full_matrix(cells in vec(vec(prop_oneof![Just(0.0), -3.0..3.0_f64], 5), 5)) {
            let rows = cells.iter().map(|row| (0..).zip(row.iter().copied()).collect()).collect();
            let sums = Weights::from_rows(rows).unwrap().sums();
            let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
            for i in 0..5 {
                let row: f64 = cells[i].iter().sum();
                let column: f64 = cells.iter().map(|row| row[i]).sum();
                s2 += (row + column).powi(2);
                for (j, weight) in cells[i].iter().enumerate() {
                    s0 += weight;
                    s1 += (weight + cells[j][i]).powi(2) / 2.0;
                }
            }
            prop_assert!((sums.s0 - s0).abs() < 1e-9);
            prop_assert!((sums.s1 - s1).abs() < 1e-9);
            prop_assert!((sums.s2 - s2).abs() < 1e-9);
        }
    }
}
