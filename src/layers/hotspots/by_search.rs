//! How many plots the search of a neighbourhood lets expect: where people look more, more is found,
//! and a crowd of plots may be a crowd of patrols.
//!
//! Expected are the plots that the ground searched there would hold at the mean of all searched
//! ground, rates differing from cell to cell as they do (analysis/rates/together.rs).

use rayon::prelude::*;

use crate::{
    analysis::{
        rates::{Cases, Prior, Together, prior},
        weights::Neighbours,
    },
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

/// A cell and its neighbours, or these alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BySearch {
    pub(super) plots: u64,
    /// Ground searched in them, km²; above 0.
    pub(super) km2: f64,
    /// What as much searched ground lets expect.
    pub(super) together: Together,
}

impl BySearch {
    /// Whether as many plots or more are no wonder where so much was searched.
    pub(super) fn explains(self) -> bool {
        self.together.upper > ALPHA
    }

    /// What there is to say of a hot cell, with a space before it.
    pub(super) fn sentence(self, language: Language) -> String {
        let km2 = rough(self.km2, 2, language);
        let expected = rough(self.together.expected, 2, language);
        match (self.explains(), language) {
            (false, Language::Vi) => format!(
                " Theo mức trung bình của đất đã rà soát, {km2} km² rà soát quanh đây có {expected} nương."
            ),
            (false, Language::En) => format!(
                " At the mean of all searched ground, the {km2} km² searched around here would hold {expected} plots."
            ),
            (true, Language::Vi) => format!(
                " Có thể chỉ vì ở đây rà soát nhiều: theo mức trung bình của đất đã rà soát, {km2} km² rà soát quanh \
                 đây đã có {expected} nương (p = {}).",
                number(self.together.upper, 2, language)
            ),
            (true, Language::En) => format!(
                " It may only be that much was searched: at the mean of all searched ground, the {km2} km² searched \
                 around here would hold {expected} plots anyway (p = {}).",
                number(self.together.upper, 2, language)
            ),
        }
    }
}

/// Of each of the cells at `places`, with their neighbours among them; of these alone unless
/// `with_itself`. `None` where the search of one of them is not known though it has plots, and of
/// cells of which nothing is known at all.
pub(super) fn by_search(
    (cells, found, searched): (&Cells, &Found, &Searched),
    places: &[usize],
    near: &Neighbours,
    with_itself: bool,
) -> Vec<Option<BySearch>> {
    let km2: Vec<Option<f64>> = places.iter().map(|place| searched.km2(cells, *place)).collect();
    let plots: Vec<u64> = places.iter().map(|place| found.cells[*place].plots).collect();
    of_lists(&km2, &plots, near, with_itself)
}

fn of_lists(
    km2: &[Option<f64>],
    plots: &[u64],
    near: &Neighbours,
    with_itself: bool,
) -> Vec<Option<BySearch>> {
    let counts: Vec<Option<f64>> = plots.iter().map(|plots| Some(*plots as f64)).collect();
    let Some(prior) = prior(&Cases::new(&counts, km2)) else { return vec![None; plots.len()] };
    let each = |at: usize| {
        km2[at]?;
        let itself = with_itself.then_some(at);
        let members = near.of(at).iter().map(|other| *other as usize).chain(itself);
        around(prior, members.map(|at| (km2[at], plots[at])))
    };
    (0..km2.len()).into_par_iter().map(each).collect()
}

fn around(prior: Prior, members: impl Iterator<Item = (Option<f64>, u64)>) -> Option<BySearch> {
    let (mut plots, mut all_km2) = (0, Vec::new());
    for (km2, here) in members {
        match (km2, here) {
            (None, 0) => {}
            (None, _) => return None,
            (Some(km2), here) => {
                all_km2.push(km2);
                plots += here;
            }
        }
    }
    let together = prior.together(&all_km2, plots)?;
    Some(BySearch { plots, km2: all_km2.iter().sum(), together })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four cells in a row.
    fn row() -> Neighbours {
        Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)])
    }

    fn of(km2: [Option<f64>; 4], plots: [u64; 4]) -> Vec<Option<(u64, f64, f64)>> {
        let found = of_lists(&km2, &plots, &row(), true);
        found.iter().map(|it| it.map(|it| (it.plots, it.km2, it.together.expected))).collect()
    }

    #[test]
    fn a_neighbourhood_is_held_against_all_searched_ground() {
        // One plot a km² in all.
        let found = of([Some(3.0), Some(1.0), Some(1.0), Some(5.0)], [6, 2, 1, 1]);
        assert_eq!(
            found,
            [Some((8, 4.0, 4.0)), Some((9, 5.0, 5.0)), Some((4, 7.0, 7.0)), Some((2, 6.0, 6.0))]
        );
        let alone =
            of_lists(&[Some(3.0), Some(1.0), Some(1.0), Some(5.0)], &[6, 2, 1, 1], &row(), false);
        assert_eq!(alone[0].map(|it| (it.plots, it.km2)), Some((2, 1.0)));
    }

    #[test]
    fn plots_that_no_search_stands_behind_are_never_held_against_one() {
        let found = of([Some(3.0), Some(1.0), None, None], [6, 2, 0, 4]);
        assert_eq!(found[1], Some((8, 4.0, 8.0)));
        let found = of([Some(3.0), Some(1.0), None, None], [6, 2, 4, 0]);
        assert!(found[0].is_some() && found[1..].iter().all(Option::is_none), "{found:?}");
    }

    #[test]
    fn it_is_said_in_both_languages_whether_search_explains_a_crowd() {
        let of = |upper, language| {
            let together = Together { expected: 4.0, upper, lower: 0.9 };
            BySearch { plots: 9, km2: 4.0, together }.sentence(language)
        };
        assert!(of(0.2, Language::En).contains("may only be that much was searched"));
        assert!(of(0.2, Language::Vi).contains("rà soát nhiều"));
        assert!(!of(0.02, Language::En).contains("only"));
        assert!(!of(0.02, Language::Vi).contains("Có thể"));
    }
}
