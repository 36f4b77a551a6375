//! How many plots the search of a neighbourhood lets expect: where people look more, more is found,
//! and a crowd of plots may be a crowd of patrols.
//!
//! Expected are the plots that the ground searched there would hold at the mean of all searched
//! ground; whether there are more is asked as Choynowski (1959) does (analysis/rates).

use crate::{
    analysis::{chance::exact_interval::poisson_upper, weights::Neighbours},
    domain::Language,
    layers::{
        cells::{
            Cells,
            season::{Found, Searched},
        },
        say::{number, rough},
    },
};

/// The p up to which more is there than the search lets expect.
const ALPHA: f64 = 0.05;

/// A cell and its neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BySearch {
    pub(super) plots: u64,
    /// Ground searched in them, km²; above 0.
    pub(super) km2: f64,
    /// Plots that as much searched ground holds at the mean of all.
    pub(super) expected: f64,
}

impl BySearch {
    /// P(Y ≥ plots) of a Poisson count with the mean expected.
    fn p(self) -> Option<f64> {
        poisson_upper(self.plots as f64, self.expected)
    }

    /// Whether as many plots or more are no wonder where so much was searched.
    pub(super) fn explains(self) -> bool {
        self.p().is_some_and(|p| p > ALPHA)
    }

    /// What there is to say of a hot cell, with a space before it.
    pub(super) fn sentence(self, language: Language) -> String {
        let km2 = rough(self.km2, 2, language);
        let expected = rough(self.expected, 2, language);
        match (self.p().filter(|p| *p > ALPHA), language) {
            (None, Language::Vi) => format!(
                " Theo mức trung bình của đất đã rà soát, {km2} km² rà soát quanh đây có {expected} nương."
            ),
            (None, Language::En) => format!(
                " At the mean of all searched ground, the {km2} km² searched around here would hold {expected} plots."
            ),
            (Some(p), Language::Vi) => format!(
                " Có thể chỉ vì ở đây rà soát nhiều: theo mức trung bình của đất đã rà soát, {km2} km² rà soát quanh \
                 đây đã có {expected} nương (p = {}).",
                number(p, 2, language)
            ),
            (Some(p), Language::En) => format!(
                " It may only be that much was searched: at the mean of all searched ground, the {km2} km² searched \
                 around here would hold {expected} plots anyway (p = {}).",
                number(p, 2, language)
            ),
        }
    }
}

/// Of each of the cells at `places`, with their neighbours among them; `None` where the search of
/// the cell, or of a neighbour with plots, is not known.
pub(super) fn by_search(
    (cells, found, searched): (&Cells, &Found, &Searched),
    places: &[usize],
    near: &Neighbours,
) -> Vec<Option<BySearch>> {
    let km2: Vec<Option<f64>> = places.iter().map(|place| searched.km2(cells, *place)).collect();
    let plots: Vec<u64> = places.iter().map(|place| found.cells[*place].plots).collect();
    expected(&km2, &plots, near)
}

fn expected(km2: &[Option<f64>], plots: &[u64], near: &Neighbours) -> Vec<Option<BySearch>> {
    let known = || km2.iter().zip(plots).filter_map(|(km2, plots)| Some(((*km2)?, *plots)));
    let all_km2: f64 = known().map(|(km2, _)| km2).sum();
    let all_plots: u64 = known().map(|(_, plots)| plots).sum();
    let each = |at: usize| {
        let mut around = BySearch { plots: plots[at], km2: km2[at]?, expected: 0.0 };
        for other in near.of(at).iter().map(|other| *other as usize) {
            match (km2[other], plots[other]) {
                (None, 0) => {}
                (None, _) => return None,
                (Some(km2), plots) => {
                    around.km2 += km2;
                    around.plots += plots;
                }
            }
        }
        around.expected = around.km2 * all_plots as f64 / all_km2;
        Some(around)
    };
    (0..km2.len()).map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four cells in a row.
    fn row() -> Neighbours {
        Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)])
    }

    #[test]
    fn a_neighbourhood_is_held_against_all_searched_ground() {
        let found = expected(&[Some(3.0), Some(1.0), Some(1.0), Some(5.0)], &[6, 2, 1, 1], &row());
        // One plot a km² in all.
        assert_eq!(found[0], Some(BySearch { plots: 8, km2: 4.0, expected: 4.0 }));
        assert_eq!(found[3], Some(BySearch { plots: 2, km2: 6.0, expected: 6.0 }));
        // P(Y >= 8 | 4) = 0.0511, P(Y >= 9 | 4) = 0.0214.
        assert!(found[0].unwrap().explains());
        assert!(!BySearch { plots: 9, km2: 4.0, expected: 4.0 }.explains());
    }

    #[test]
    fn plots_that_no_search_stands_behind_are_never_held_against_one() {
        let found = expected(&[Some(3.0), Some(1.0), None, None], &[6, 2, 0, 4], &row());
        assert_eq!(found[1], Some(BySearch { plots: 8, km2: 4.0, expected: 8.0 }));
        let found = expected(&[Some(3.0), Some(1.0), None, None], &[6, 2, 4, 0], &row());
        assert_eq!((found[1], found[2], found[3]), (None, None, None));
        assert!(found[0].is_some());
    }

    #[test]
    fn it_is_said_in_both_languages_whether_search_explains_a_crowd() {
        let of = |plots, language| BySearch { plots, km2: 4.0, expected: 4.0 }.sentence(language);
        assert!(of(5, Language::En).contains("may only be that much was searched"));
        assert!(of(5, Language::Vi).contains("rà soát nhiều"));
        assert!(!of(12, Language::En).contains("only"));
        assert!(!of(12, Language::Vi).contains("Có thể"));
    }
}
