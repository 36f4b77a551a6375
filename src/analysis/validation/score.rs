//! Figures of a flagged area, and of every first part of a ranking.

/// What was found on ground, cell by cell.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    /// What was found; finite, not negative.
    pub actual: &'a [f64],
    /// m² of ground; finite, not negative.
    pub area: &'a [f64],
}

/// Why there is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoScore {
    /// There is no ground.
    NoGround,
    /// Nothing was found anywhere: no map could have been right.
    NothingFound,
    /// The map flags nothing.
    NothingFlagged,
    /// Nothing was found in the season the map was made from.
    NothingBefore,
}

impl NoScore {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoGround => "no-ground",
            Self::NothingFound => "nothing-found",
            Self::NothingFlagged => "nothing-flagged",
            Self::NothingBefore => "nothing-before",
        }
    }
}

/// How good a flagged area was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// What was found in the flagged area, n.
    pub captured: f64,
    /// What was found everywhere, N.
    pub found: f64,
    /// The flagged area a, m².
    pub flagged: f64,
    /// All ground A, m².
    pub ground: f64,
    /// PAI over the best that any selection of the same area could have reached, 0 to 1.
    pub pei: f64,
}

impl Score {
    /// n/N.
    pub fn hit_rate(self) -> f64 {
        self.captured / self.found
    }

    /// a/A.
    pub fn area_share(self) -> f64 {
        self.flagged / self.ground
    }

    /// (n/N)/(a/A): 1 is what chance has.
    pub fn pai(self) -> f64 {
        self.hit_rate() / self.area_share()
    }
}

/// Scores a flagged area; `flagged` is the part of each cell that is in it, 0 to 1.
///
/// Cost: a sort, of the cells where anything was found.
///
/// # Errors
///
/// [`NoScore`] where a share would be one of nothing.
pub fn score(flagged: &[f64], cells: Cells<'_>) -> Result<Score, NoScore> {
    let sum = |of: &[f64]| of.iter().zip(flagged).map(|(it, part)| it * part).sum::<f64>();
    let (captured, area) = (sum(cells.actual), sum(cells.area));
    let (found, ground) = (cells.actual.iter().sum::<f64>(), cells.area.iter().sum::<f64>());
    if ground <= 0.0 {
        return Err(NoScore::NoGround);
    }
    if found <= 0.0 {
        return Err(NoScore::NothingFound);
    }
    if area <= 0.0 {
        return Err(NoScore::NothingFlagged);
    }
    let pei = captured / best(cells, area);
    Ok(Score { captured, found, flagged: area, ground, pei })
}

/// The most that could have been found on `area` m²: the densest ground first, the last cell in
/// part.
fn best(cells: Cells<'_>, area: f64) -> f64 {
    let mut with: Vec<(f64, f64)> = cells
        .actual
        .iter()
        .zip(cells.area)
        .filter(|(actual, _)| **actual > 0.0)
        .map(|(actual, area)| (*actual, *area))
        .collect();
    with.sort_by(|a, b| (b.0 * a.1).total_cmp(&(a.0 * b.1)));
    let (mut left, mut most) = (area, 0.0);
    for (actual, ground) in with {
        let part = if ground > left { left / ground } else { 1.0 };
        most += actual * part;
        left -= ground * part;
        if left <= 0.0 {
            break;
        }
    }
    most
}

/// The recapture rate index of Levine (2008), (n2/n1)/(N2/N1): n in the flagged area, N everywhere,
/// 1 in the season that the map was made from, 2 in the next. 1: the flagged area kept its share;
/// below: what was there was passing.
///
/// # Errors
///
/// [`NoScore`] where a share would be one of nothing.
pub fn recapture(flagged: &[f64], first: &[f64], second: &[f64]) -> Result<f64, NoScore> {
    let inside = |of: &[f64]| of.iter().zip(flagged).map(|(it, part)| it * part).sum::<f64>();
    let all = |of: &[f64]| of.iter().sum::<f64>();
    if all(first) <= 0.0 {
        Err(NoScore::NothingBefore)
    } else if all(second) <= 0.0 {
        Err(NoScore::NothingFound)
    } else if inside(first) <= 0.0 {
        Err(NoScore::NothingFlagged)
    } else {
        Ok((inside(second) / inside(first)) / (all(second) / all(first)))
    }
}

/// The first so many cells of a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The last cell of them, by its place.
    pub place: usize,
    /// What was found in them.
    pub captured: f64,
    /// Their ground, m².
    pub area: f64,
    /// Of all that was found, 0 to 1; `None` where nothing was.
    pub hit_rate: Option<f64>,
    /// Of all ground, 0 to 1; `None` without any.
    pub area_share: Option<f64>,
    /// Predictive accuracy index.
    pub pai: Option<f64>,
    /// PAI over the best of the same area.
    pub pei: Option<f64>,
    /// PAI over that of as many cells of the densest finds (ptools' PEI: of cells of unlike size
    /// another area, so that it may exceed 1).
    pub pei_cells: Option<f64>,
}

/// Every first part of the ranking by `rank`, the highest first, of equal ones the lower place
/// first. Cost: sorts.
pub fn table(rank: &[f64], cells: Cells<'_>) -> Vec<Row> {
    let (actual, area) = (cells.actual, cells.area);
    let mut order: Vec<usize> = (0..rank.len()).collect();
    order.sort_by(|a, b| rank[*b].total_cmp(&rank[*a]));
    let mut densest = order.clone();
    densest.sort_by(|a, b| (actual[*b] * area[*a]).total_cmp(&(actual[*a] * area[*b])));
    let (found, ground) = (actual.iter().sum::<f64>(), area.iter().sum::<f64>());
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let index = |captured: f64, of: f64| {
        let (hit, area) = (share(captured, found)?, share(of, ground)?);
        share(hit, area)
    };
    // The best of the same area walks along with it.
    let (mut most, mut used, mut next) = (0.0, 0.0, 0);
    let (mut captured, mut flagged) = (0.0, 0.0);
    let (mut dense, mut of_dense) = (0.0, 0.0);
    let mut rows = Vec::with_capacity(order.len());
    for (place, densest_place) in order.iter().zip(&densest) {
        captured += actual[*place];
        flagged += area[*place];
        dense += actual[*densest_place];
        of_dense += area[*densest_place];
        while next < densest.len() && used + area[densest[next]] <= flagged * (1.0 + 1e-12) {
            most += actual[densest[next]];
            used += area[densest[next]];
            next += 1;
        }
        let rest = densest
            .get(next)
            .filter(|it| area[**it] > 0.0)
            .map_or(0.0, |it| actual[*it] * ((flagged - used).max(0.0) / area[*it]));
        let pai = index(captured, flagged);
        let over = |best: Option<f64>| share(pai?, best?);
        rows.push(Row {
            place: *place,
            captured,
            area: flagged,
            hit_rate: share(captured, found),
            area_share: share(flagged, ground),
            pai,
            pei: over(index(most + rest, flagged)),
            pei_cells: over(index(dense, of_dense)),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn as_worked_by_hand() {
        let cells = Cells { actual: &[6.0, 0.0, 2.0, 2.0], area: &[1.0, 2.0, 1.0, 4.0] };
        let flagged = score(&[1.0, 0.0, 0.0, 0.5], cells).unwrap();
        // 7 of 10 on 3 of 8; the best 3 m² hold 6 + 2 + a quarter of 2.
        assert_eq!((flagged.hit_rate(), flagged.area_share()), (0.7, 0.375));
        assert!((flagged.pai() - 0.7 / 0.375).abs() < 1e-15);
        assert!((flagged.pei - 7.0 / 8.5).abs() < 1e-15);
        assert_eq!(recapture(&[1.0, 0.0], &[4.0, 4.0], &[1.0, 3.0]), Ok(0.5));
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        let cells = Cells { actual: &[1.0, 0.0], area: &[1.0, 1.0] };
        assert_eq!(score(&[0.0, 0.0], cells), Err(NoScore::NothingFlagged));
        assert_eq!(
            score(&[1.0, 0.0], Cells { actual: &[0.0; 2], ..cells }),
            Err(NoScore::NothingFound)
        );
        assert_eq!(score(&[], Cells { actual: &[], area: &[] }), Err(NoScore::NoGround));
        assert_eq!(score(&[0.0, 1.0], cells).unwrap().pei, 0.0);
        assert_eq!(recapture(&[1.0], &[0.0], &[1.0]), Err(NoScore::NothingBefore));
        assert_eq!(recapture(&[0.0], &[1.0], &[1.0]), Err(NoScore::NothingFlagged));
        assert_eq!(recapture(&[1.0], &[1.0], &[0.0]), Err(NoScore::NothingFound));
        let rows = table(&[2.0, 1.0], Cells { actual: &[0.0; 2], ..cells });
        assert!(rows.iter().all(|row| row.pai.is_none() && row.pei.is_none()));
    }

    proptest! {
        /// The table's rows are the scores of their areas, and no selection of cells beats the best.
        #[test]
        fn rows_are_scores(cells in vec((0..5_u8, 1..5_u8, 0..9_u8), 1..9)) {
            let actual: Vec<f64> = cells.iter().map(|it| f64::from(it.0)).collect();
            let area: Vec<f64> = cells.iter().map(|it| f64::from(it.1)).collect();
            let rank: Vec<f64> = cells.iter().map(|it| f64::from(it.2)).collect();
            let cells = Cells { actual: &actual, area: &area };
            let rows = table(&rank, cells);
            let mut part = vec![0.0; rank.len()];
            for row in rows {
                part[row.place] = 1.0;
                match score(&part, cells) {
                    Ok(score) => {
                        prop_assert!((row.pai.unwrap() - score.pai()).abs() < 1e-12);
                        prop_assert!((row.pei.unwrap() - score.pei).abs() < 1e-9);
                        prop_assert!(score.pei <= 1.0 + 1e-12);
                        for mask in 0_u32..1 << area.len() {
                            let chosen = |of: &[f64]| -> f64 {
                                (0..of.len()).filter(|at| mask >> at & 1 == 1).map(|at| of[at]).sum()
                            };
                            if chosen(&area) <= score.flagged {
                                prop_assert!(chosen(&actual) * score.pei <= score.captured + 1e-9);
                            }
                        }
                    }
                    Err(reason) => {
                        prop_assert_eq!(reason, NoScore::NothingFound);
                        prop_assert_eq!(row.pai, None);
                    }
                }
            }
        }
    }
}
