//! How many plots the search of a neighbourhood lets expect: where people look more, more is found,
//! and a crowd of plots may be a crowd of patrols.
//!
//! Expected are the plots that the ground searched there would hold at the mean of all searched
//! ground, rates differing from cell to cell as they do (analysis/rates/together.rs).

use rayon::prelude::*;

use crate::{
    analysis::{
        rates::{Cases, Prior, Together, scattered},
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

/// A cell and its neighbours, or these alone, as far as their search is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BySearch {
    /// Plots in them that were found by search.
    pub(super) plots: u64,
    /// Ground searched in them, km²; above 0.
    pub(super) km2: f64,
    /// What as much searched ground lets expect.
    pub(super) together: Together,
    /// Other plots: they came by other ways than search, or lie where hardly anything was searched.
    pub(super) beside: u64,
}

/// Whether a crowd of plots is one of search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Explained {
    /// As many plots or more are no wonder where so much was searched.
    Yes,
    /// There are more than that.
    No,
    /// There are not, but others were found where it is not known how much was searched.
    Unknown,
}

impl BySearch {
    pub(super) fn explained(self) -> Explained {
        match (self.together.upper > ALPHA, self.beside) {
            (false, _) => Explained::No,
            (true, 0) => Explained::Yes,
            (true, _) => Explained::Unknown,
        }
    }

    /// What there is to say of a hot cell, with a space before it.
    pub(super) fn sentence(self, language: Language) -> String {
        let n = |count: u64| number(count as f64, 0, language);
        let km2 = rough(self.km2, 2, language);
        let expected = rough(self.together.expected, 2, language);
        let p = rough(self.together.upper, 2, language);
        let plots = n(self.plots);
        let search = match (language, self.explained()) {
            (Language::Vi, Explained::Yes) => format!(
                " Có thể chỉ vì ở đây rà soát nhiều: theo mức trung bình của đất đã rà soát, {km2} km² rà soát quanh đây đã \
                 có {expected} nương (p = {p})."
            ),
            (Language::Vi, Explained::No) => format!(
                " Theo mức trung bình của đất đã rà soát, {km2} km² rà soát quanh đây có {expected} nương; rà soát đã thấy \
                 {plots} (p = {p})."
            ),
            (Language::Vi, Explained::Unknown) => format!(
                " Trên {km2} km² rà soát quanh đây, rà soát đã thấy {plots} nương, không hơn hẳn mức trung bình ({expected}; \
                 p = {p})."
            ),
            (Language::En, Explained::Yes) => format!(
                " It may only be that much was searched: at the mean of all searched ground, the {km2} km² searched around \
                 here would hold {expected} plots anyway (p = {p})."
            ),
            (Language::En, Explained::No) => format!(
                " At the mean of all searched ground, the {km2} km² searched around here would hold {expected} plots; \
                 search found {plots} (p = {p})."
            ),
            (Language::En, Explained::Unknown) => format!(
                " On the {km2} km² searched around here search found {plots}, not shown to be more than at the mean \
                 ({expected}; p = {p})."
            ),
        };
        search + &self.other_plots(language)
    }

    /// The plots that are not held against the search; with a space before it.
    pub(super) fn other_plots(self, language: Language) -> String {
        let some = number(self.beside as f64, 0, language);
        match (self.beside, language) {
            (0, _) => String::new(),
            (_, Language::Vi) => format!(
                " {some} nương khác biết qua tin báo hay cách khác, hoặc nằm ở nơi hầu như chưa rà soát."
            ),
            (1, Language::En) => {
                " 1 other plot became known by other ways, or lies where hardly anything was searched."
                    .to_owned()
            }
            (_, Language::En) => format!(
                " {some} other plots became known by other ways, or lie where hardly anything was searched."
            ),
        }
    }
}

/// Of each of the cells at `places`, with their neighbours among them; of these alone unless
/// `with_itself`. `None` where the search of none of them is known.
pub(super) fn by_search(
    (cells, found, searched): (&Cells, &Found, &Searched),
    places: &[usize],
    near: &Neighbours,
    with_itself: bool,
) -> Vec<Option<BySearch>> {
    let km2: Vec<Option<f64>> = places.iter().map(|place| searched.km2(cells, *place)).collect();
    let plots: Vec<[u64; 2]> = places
        .iter()
        .map(|place| found.cells[*place])
        .map(|here| [here.by_search, here.plots - here.by_search])
        .collect();
    of_lists(&km2, &plots, near, with_itself)
}

/// `plots`: of each cell those found by search, and the others.
fn of_lists(
    km2: &[Option<f64>],
    plots: &[[u64; 2]],
    near: &Neighbours,
    with_itself: bool,
) -> Vec<Option<BySearch>> {
    let counts: Vec<Option<f64>> = plots.iter().map(|[found, _]| Some(*found as f64)).collect();
    let Some(prior) = scattered(&Cases::new(&counts, km2)) else { return vec![None; plots.len()] };
    let each = |at: usize| {
        let itself = with_itself.then_some(at);
        let members = near.of(at).iter().map(|other| *other as usize).chain(itself);
        around(prior, members.map(|at| (km2[at], plots[at])))
    };
    (0..km2.len()).into_par_iter().map(each).collect()
}

fn around(
    prior: Prior,
    members: impl Iterator<Item = (Option<f64>, [u64; 2])>,
) -> Option<BySearch> {
    let (mut plots, mut beside, mut all_km2) = (0, 0, Vec::new());
    for (km2, [found, others]) in members {
        beside += others;
        match km2 {
            None => beside += found,
            Some(km2) => {
                all_km2.push(km2);
                plots += found;
            }
        }
    }
    let together = prior.together(&all_km2, plots)?;
    Some(BySearch { plots, km2: all_km2.iter().sum(), together, beside })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four cells in a row.
    fn row() -> Neighbours {
        Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)])
    }

    fn of(km2: [Option<f64>; 4], plots: [u64; 4]) -> Vec<Option<(u64, f64, f64)>> {
        let found = of_lists(&km2, &plots.map(|plots| [plots, 0]), &row(), true);
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
        let km2 = [Some(3.0), Some(1.0), Some(1.0), Some(5.0)];
        let alone = of_lists(&km2, &[[6, 0], [2, 1], [1, 0], [1, 0]], &row(), false);
        assert_eq!(alone[0].map(|it| (it.plots, it.km2, it.beside)), Some((2, 1.0, 1)));
    }

    #[test]
    fn plots_that_no_search_stands_behind_are_never_held_against_one() {
        let km2 = [Some(3.0), Some(1.0), None, None];
        let found = of_lists(&km2, &[[6, 1], [2, 0], [4, 2], [1, 0]], &row(), true);
        let told = |at: usize| found[at].map(|it| (it.plots, it.km2, it.beside));
        assert_eq!((told(0), told(1)), (Some((8, 4.0, 1)), Some((8, 4.0, 7))));
        assert_eq!((told(2), told(3)), (Some((2, 1.0, 7)), None));
    }

    fn crowd(upper: f64, beside: u64) -> BySearch {
        let together = Together { expected: 4.0, upper, lower: 0.9 };
        BySearch { plots: 9, km2: 4.0, together, beside }
    }

    #[test]
    fn it_is_said_in_both_languages_whether_search_explains_a_crowd() {
        for (upper, beside, explained, en, vi) in [
            (0.2, 0, Explained::Yes, "may only be that much was searched", "rà soát nhiều"),
            (0.02, 0, Explained::No, "search found 9 (p = 0.02)", "rà soát đã thấy 9"),
            (0.02, 3, Explained::No, "3 other plots became known", "3 nương khác"),
            (0.2, 3, Explained::Unknown, "not shown to be more", "không hơn hẳn"),
        ] {
            let told = crowd(upper, beside);
            assert_eq!(told.explained(), explained);
            assert!(told.sentence(Language::En).contains(en), "{}", told.sentence(Language::En));
            assert!(told.sentence(Language::Vi).contains(vi), "{}", told.sentence(Language::Vi));
            let only = told.sentence(Language::En).contains("may only");
            assert_eq!(only, explained == Explained::Yes);
        }
    }
}
