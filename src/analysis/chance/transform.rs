//! Skewed values made tamer before a test: their ranks, or the logarithm of one more.
//!
//! Source: METHODS §2: on skewed data local Moran is asked of ranks or of log(1 + x) too. A test by
//! permutation is exact on either; what changes is how much one large value weighs.

use thiserror::Error;

/// What is done to the values first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Transform {
    /// Nothing.
    #[default]
    None,
    /// Their ranks from 1, equal values sharing the mean of theirs.
    Ranks,
    /// ln(1 + x); values must be above −1.
    Log1p,
}

/// A value that has no logarithm.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error(
    "the value {value} of unit {place} has no ln(1 + x): values must be above -1; ask for ranks"
)]
pub struct NoLogarithm {
    /// The place of the unit, from 0.
    pub place: usize,
    /// Its value.
    pub value: f64,
}

impl Transform {
    /// Every transform.
    pub const ALL: [Self; 3] = [Self::None, Self::Ranks, Self::Log1p];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Ranks => "ranks",
            Self::Log1p => "log1p",
        }
    }

    /// The transform of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transform| transform.word() == word)
    }

    /// The values transformed, in their order. `values` are finite. Cost: ranks take a sort.
    ///
    /// # Errors
    ///
    /// [`NoLogarithm`] for the first value that has none.
    pub fn of(self, values: &[f64]) -> Result<Vec<f64>, NoLogarithm> {
        match self {
            Self::None => Ok(values.to_vec()),
            Self::Ranks => Ok(ranks(values)),
            Self::Log1p => {
                let one = |(place, value): (usize, &f64)| {
                    let fits = *value > -1.0;
                    fits.then(|| value.ln_1p()).ok_or(NoLogarithm { place, value: *value })
                };
                values.iter().enumerate().map(one).collect()
            }
        }
    }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let shared = f64::midpoint((before + 1) as f64, (before + equal.len()) as f64);
        for place in equal {
            ranks[*place] = shared;
        }
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn equal_values_share_their_rank() {
        let ranks = Transform::Ranks.of(&[5.0, 0.0, 0.0, 9.0, -0.0]).unwrap();
        assert_eq!(ranks, [4.0, 2.0, 2.0, 5.0, 2.0]);
        assert!(Transform::Ranks.of(&[]).unwrap().is_empty());
    }

    #[test]
    fn what_has_no_logarithm_is_refused() {
        assert_eq!(Transform::Log1p.of(&[0.0, 1.0]).unwrap(), [0.0, 2_f64.ln()]);
        let refused = Transform::Log1p.of(&[0.0, -1.0]);
        assert_eq!(refused, Err(NoLogarithm { place: 1, value: -1.0 }));
        for transform in Transform::ALL {
            assert_eq!(Transform::from_word(transform.word()), Some(transform));
        }
    }

    proptest! {
        #[test]
        fn ranks_are_what_counting_says(values in vec((0..6_i32).prop_map(f64::from), 0..20)) {
            for (place, rank) in Transform::Ranks.of(&values).unwrap().iter().enumerate() {
                let below = values.iter().filter(|x| **x < values[place]).count() as f64;
                let equal = values.iter().filter(|x| **x == values[place]).count() as f64;
                prop_assert_eq!(*rank, below + f64::midpoint(equal, 1.0));
            }
        }
    }
}
