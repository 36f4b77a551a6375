//! The capture curve of a ranking: how much of what was found lies in the first so much of ground.
//!
//! Cells of equal rank cannot be told apart by the map: they enter together, along a straight line,
//! as if they were taken in any order. So a map that says nothing captures as chance does, and the
//! order of rows decides nothing. Cost: a sort.

use super::score::Cells;

/// The groups of equal rank, the highest first.
fn groups(rank: &[f64]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..rank.len()).collect();
    order.sort_by(|a, b| rank[*b].total_cmp(&rank[*a]).then(a.cmp(b)));
    order.chunk_by(|a, b| rank[*a] == rank[*b]).map(<[usize]>::to_vec).collect()
}

/// Corners of the curve from (0, 0) to (1, 1): share of the ground, share of what was found.
/// `None` where there is no ground, or nothing was found.
pub fn curve(rank: &[f64], cells: Cells<'_>) -> Option<Vec<[f64; 2]>> {
    let (found, ground) = (cells.actual.iter().sum::<f64>(), cells.area.iter().sum::<f64>());
    if found <= 0.0 || ground <= 0.0 {
        return None;
    }
    let (mut area, mut captured) = (0.0, 0.0);
    let mut corners = vec![[0.0, 0.0]];
    for group in groups(rank) {
        area += group.iter().map(|at| cells.area[*at]).sum::<f64>();
        captured += group.iter().map(|at| cells.actual[*at]).sum::<f64>();
        corners.push([area / ground, captured / found]);
    }
    Some(corners)
}

/// The area under a capture curve, 0 to 1: one half is what chance has.
pub fn area_under(corners: &[[f64; 2]]) -> f64 {
    let piece = |w: &[[f64; 2]]| (w[1][0] - w[0][0]) * f64::midpoint(w[0][1], w[1][1]);
    corners.windows(2).map(piece).sum()
}

/// The part of each cell that the ranking flags when it may flag `area` m²: the highest first, a
/// group of equal rank that does not fit in whole each cell in the same part.
pub fn flag(rank: &[f64], grounds: &[f64], area: f64) -> Vec<f64> {
    let mut parts = vec![0.0; rank.len()];
    let mut left = area;
    for group in groups(rank) {
        let ground: f64 = group.iter().map(|at| grounds[*at]).sum();
        let part = if ground > left { left / ground } else { 1.0 };
        for at in group {
            parts[at] = part;
        }
        left -= ground * part;
        if left <= 0.0 {
            break;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn equal_ranks_enter_together() {
        let cells = Cells { actual: &[3.0, 1.0, 0.0, 0.0], area: &[1.0; 4] };
        let corners = curve(&[2.0, 1.0, 1.0, 0.0], cells).unwrap();
        assert_eq!(corners, [[0.0, 0.0], [0.25, 0.75], [0.75, 1.0], [1.0, 1.0]]);
        assert!((area_under(&corners) - (0.09375 + 0.4375 + 0.25)).abs() < 1e-15);
        // A map that says nothing is chance.
        assert_eq!(area_under(&curve(&[7.0; 4], cells).unwrap()), 0.5);
        assert_eq!(flag(&[2.0, 1.0, 1.0, 0.0], cells.area, 2.0), [1.0, 0.5, 0.5, 0.0]);
        assert_eq!(flag(&[2.0, 1.0], &[1.0, 1.0], 9.0), [1.0, 1.0]);
        assert_eq!(curve(&[1.0], Cells { actual: &[0.0], area: &[1.0] }), None);
    }

    proptest! {
        #[test]
        fn the_order_of_cells_is_nothing(cells in vec((0..4_u8, 1..5_u8, 0..4_u8), 1..20), area in 0.5..30.0_f64) {
            let split = |cells: &[(u8, u8, u8)]| {
                let of = |pick: fn(&(u8, u8, u8)) -> u8| cells.iter().map(|it| f64::from(pick(it))).collect::<Vec<_>>();
                (of(|it| it.0), of(|it| it.1), of(|it| it.2))
            };
            let back: Vec<_> = cells.iter().rev().copied().collect();
            let ((actual, ground, rank), (b_actual, b_ground, b_rank)) = (split(&cells), split(&back));
            let one = curve(&rank, Cells { actual: &actual, area: &ground });
            let two = curve(&b_rank, Cells { actual: &b_actual, area: &b_ground });
            prop_assert_eq!(&one, &two);
            let parts = flag(&rank, &ground, area);
            let flagged: f64 = parts.iter().zip(&ground).map(|(part, ground)| part * ground).sum();
            prop_assert!((flagged - area.min(ground.iter().sum())).abs() < 1e-9);
            // The flagged capture lies on the curve.
            if let Some(corners) = one {
                let share = flagged / ground.iter().sum::<f64>();
                let captured: f64 = parts.iter().zip(&actual).map(|(part, it)| part * it).sum();
                let at = corners.windows(2).find(|w| share <= w[1][0] + 1e-12).unwrap();
                let along = (share - at[0][0]) / (at[1][0] - at[0][0]);
                let on_curve = at[0][1] + along * (at[1][1] - at[0][1]);
                prop_assert!((captured / actual.iter().sum::<f64>() - on_curve).abs() < 1e-9);
            }
        }
    }
}
