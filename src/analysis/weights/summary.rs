//! What weights look like as a whole: before anybody trusts a statistic made with them.

use super::Weights;

/// Figures about weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Units.
    pub units: usize,
    /// Links, a unit's link to itself among them.
    pub links: usize,
    /// Units without a neighbour other than themselves.
    pub islands: usize,
    /// Neighbours of the unit that has the fewest, itself not counted. `None` without units.
    pub fewest: Option<usize>,
    /// Neighbours of a unit, on average. `None` without units.
    pub mean: Option<f64>,
    /// Neighbours of the unit that has the most. `None` without units.
    pub most: Option<usize>,
    /// Parts that no link joins, whichever way links go; a lone unit is one.
    pub components: usize,
    /// Whether every link goes both ways with the same weight, to one part in 10¹².
    pub symmetric: bool,
}

impl Summary {
    /// The figures of `weights`. Cost: links times the logarithm of links in a row.
    pub fn of(weights: &Weights) -> Self {
        let units = weights.len();
        let others = |at: usize| weights.places(at).iter().filter(move |to| **to as usize != at);
        let counts = || (0..units).map(|at| others(at).count());
        let mutual = |from: usize, to: usize, weight: f64| {
            (weights.between(to, from) - weight).abs() <= 1e-12 * weight.abs()
        };
        let symmetric = (0..units).all(|from| weights.row(from).all(|(to, w)| mutual(from, to, w)));
        let mean = counts().sum::<usize>() as f64 / units as f64;
        Self {
            units,
            links: weights.links(),
            islands: weights.islands(),
            fewest: counts().min(),
            mean: (units > 0).then_some(mean),
            most: counts().max(),
            components: components(weights),
            symmetric,
        }
    }
}

/// How many parts no link joins: union-find with halved paths (Tarjan 1975).
fn components(weights: &Weights) -> usize {
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    let mut parent: Vec<usize> = (0..weights.len()).collect();
    let mut parts = weights.len();
    for from in 0..weights.len() {
        for to in weights.places(from) {
            let (one, other) = (root(&mut parent, from), root(&mut parent, *to as usize));
            if one != other {
                parent[one.max(other)] = one.min(other);
                parts -= 1;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_by_hand() {
        // 0 → 1 → 2 one way, 3 alone but for itself, 4 and 5 both ways.
        let rows = vec![
            vec![(1, 1.0)],
            vec![(2, 1.0)],
            vec![],
            vec![(3, 1.0)],
            vec![(5, 2.0)],
            vec![(4, 2.0)],
        ];
        let summary = Summary::of(&Weights::from_rows(rows).unwrap());
        assert_eq!((summary.units, summary.links, summary.islands), (6, 5, 2));
        assert_eq!((summary.fewest, summary.most), (Some(0), Some(1)));
        assert!((summary.mean.unwrap() - 4.0 / 6.0).abs() < 1e-15);
        assert_eq!((summary.components, summary.symmetric), (3, false));
        let both = Weights::from_rows(vec![vec![(1, 0.1)], vec![(0, 0.1)]]).unwrap();
        assert!(Summary::of(&both).symmetric);
        let uneven = Weights::from_rows(vec![vec![(1, 0.1)], vec![(0, 0.2)]]).unwrap();
        assert!(!Summary::of(&uneven).symmetric);
    }

    #[test]
    fn nobody_has_no_average() {
        let summary = Summary::of(&Weights::default());
        assert_eq!((summary.mean, summary.fewest, summary.most), (None, None, None));
        assert_eq!((summary.components, summary.symmetric), (0, true));
    }
}
