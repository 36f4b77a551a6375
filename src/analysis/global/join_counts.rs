//! Join counts: do places that have something lie beside places that have it too?
//!
//! Each unit has it (black) or has not (white). BB = ½ Σ_i Σ_j w_ij x_i x_j counts joins of two
//! that have it, WW of two that have not, BW of one and the other; with binary mutual weights each
//! join counts once. For presence and absence this is the plain question: no amounts, no mean.
//!
//! Source: Moran (1948); Cliff and Ord (1981), *Spatial processes*, §1.4.1. Two kinds of chance:
//! *non-free*, the same number of black units in another order (usual: the number is what was
//! found), and *free*, each unit black by itself with the chance p (known from elsewhere, or the
//! share of black units). Links of a unit to itself are left out. Cost: one pass over the links,
//! and one for each permutation.

use super::{Chance, NoGlobal, Simulated, TOO_FEW, shuffled_maps};
use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Watch},
    weights::{Sums, Weights},
};

/// Joins of one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joins {
    /// How many there are, by weight.
    pub joins: f64,
    /// By chance, the same black units in another order. Needs four units.
    pub non_free: Chance,
    /// By chance, each unit black by itself.
    pub free: Chance,
}

/// The joins of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoinCounts {
    /// How many units.
    pub n: usize,
    /// How many of them are black.
    pub black: usize,
    /// Black beside black.
    pub bb: Joins,
    /// Black beside white.
    pub bw: Joins,
    /// White beside white.
    pub ww: Joins,
}

/// What shuffled maps gave, for each kind of join.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoinsShuffled {
    /// Black beside black.
    pub bb: Simulated,
    /// Black beside white.
    pub bw: Simulated,
    /// White beside white.
    pub ww: Simulated,
}

/// The joins of `black` units over `weights`. `chance` is the chance p of being black under free
/// sampling; `None` takes the share of black units.
///
/// # Errors
///
/// [`NoGlobal`]: fewer than three units, all of one colour, no links, or weights that sum to
/// nothing.
///
/// # Panics
///
/// Where `black` and `weights` differ in number.
pub fn join_counts(
    black: &[bool],
    weights: &Weights,
    chance: Option<f64>,
) -> Result<JoinCounts, NoGlobal> {
    let weights = weights.without_self();
    let sums = prepared(black, &weights)?;
    let counted = count(&indicator(black), &weights, sums.s0);
    let (n, b) = (black.len() as f64, black.iter().filter(|it| **it).count());
    let (nb, nw) = (b as f64, n - b as f64);
    let p = chance.unwrap_or(nb / n);
    // Chances that 2, 3, 4 given units in random order are black: falling factorials.
    let of = |drawn: &[f64]| drawn.iter().enumerate().map(|(k, d)| d / (n - k as f64)).product();
    let alike = |joins: f64, m: f64, p: f64| Joins {
        joins,
        non_free: if black.len() > 3 {
            let two = of(&[m, m - 1.0]);
            let three = of(&[m, m - 1.0, m - 2.0]);
            standing(joins, sums, two, two, three, of(&[m, m - 1.0, m - 2.0, m - 3.0]))
        } else {
            Chance::without(sums.s0 / 2.0 * of(&[m, m - 1.0]), NoGlobal::TooFew)
        },
        free: standing(joins, sums, p * p, p * p, p.powi(3), p.powi(4)),
    };
    let mixed = Joins {
        joins: counted.bw,
        non_free: if black.len() > 3 {
            let two = 2.0 * of(&[nb, nw]);
            // One of a colour, two of the other: either way round.
            let three = of(&[nb, nw, nw - 1.0]) + of(&[nw, nb, nb - 1.0]);
            let four = 4.0 * of(&[nb, nb - 1.0, nw, nw - 1.0]);
            standing(counted.bw, sums, two, two, three, four)
        } else {
            Chance::without(sums.s0 * of(&[nb, nw]), NoGlobal::TooFew)
        },
        free: {
            let two = 2.0 * p * (1.0 - p);
            standing(counted.bw, sums, two, two, two / 2.0, two * two)
        },
    };
    Ok(JoinCounts {
        n: black.len(),
        black: b,
        bb: alike(counted.bb, nb, p),
        bw: mixed,
        ww: alike(counted.ww, nw, 1.0 - p),
    })
}

/// The joins of shuffled maps, each kind against the observed one.
///
/// # Errors
///
/// [`Gone`] where the asker has gone; inside, [`NoGlobal`] as [`join_counts`] has it.
///
/// # Panics
///
/// As [`join_counts`].
pub fn join_counts_shuffled(
    black: &[bool],
    weights: &Weights,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<JoinsShuffled, NoGlobal>, Gone> {
    let weights = weights.without_self();
    let sums = match prepared(black, &weights) {
        Ok(sums) => sums,
        Err(reason) => return Ok(Err(reason)),
    };
    let x = indicator(black);
    let observed = count(&x, &weights, sums.s0);
    let all = shuffled_maps(&x, draws, watch, |map| count(map, &weights, sums.s0))?;
    let of = |kind: fn(&Counted) -> f64| {
        let simulated: Vec<f64> = all.iter().map(kind).collect();
        Simulated::of(kind(&observed), sums.s0, &simulated)
    };
    Ok(Ok(JoinsShuffled { bb: of(|it| it.bb), bw: of(|it| it.bw), ww: of(|it| it.ww) }))
}

fn prepared(black: &[bool], weights: &Weights) -> Result<Sums, NoGlobal> {
    assert_eq!(black.len(), weights.len(), "one row of weights a unit");
    if black.len() < TOO_FEW {
        return Err(NoGlobal::TooFew);
    }
    if weights.links() == 0 {
        return Err(NoGlobal::NoLinks);
    }
    if black.windows(2).all(|pair| pair[0] == pair[1]) {
        return Err(NoGlobal::Constant);
    }
    let sums = weights.sums();
    if sums.s0 == 0.0 { Err(NoGlobal::ZeroSum) } else { Ok(sums) }
}

fn indicator(black: &[bool]) -> Vec<f64> {
    black.iter().map(|it| f64::from(u8::from(*it))).collect()
}

#[derive(Clone, Copy, Default)]
struct Counted {
    bb: f64,
    bw: f64,
    ww: f64,
}

/// All three kinds in one pass over the links.
fn count(x: &[f64], weights: &Weights, s0: f64) -> Counted {
    let (mut both, mut mixed) = (0.0, 0.0);
    for i in 0..x.len() {
        for (j, w) in weights.row(i) {
            both += w * x[i] * x[j];
            mixed += w * (x[i] - x[j]).abs();
        }
    }
    Counted { bb: both / 2.0, bw: mixed / 2.0, ww: (s0 - both - mixed) / 2.0 }
}

/// Moments of ½ Σ Σ w_ij y_ij, where y_ij is 1 with the chance `one`, and two of them are 1
/// together with the chance `same` (the same pair), `shared` (one unit in common), `apart` (none).
/// The weights of such pairs of links sum to S1, S2 − 2 S1 and S0² + S1 − S2.
fn standing(joins: f64, sums: Sums, one: f64, same: f64, shared: f64, apart: f64) -> Chance {
    let Sums { s0, s1, s2 } = sums;
    let expected = s0 / 2.0 * one;
    let square = s1 * same + (s2 - 2.0 * s1) * shared + (s0 * s0 + s1 - s2) * apart;
    let variance = square / 4.0 - expected * expected;
    if expected == 0.0 {
        return Chance::without(expected, NoGlobal::NoVariance);
    }
    Chance::of(joins, expected, variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{
        global::chance::tests::{moments, orders, row, uneven},
        watch::Nobody,
        weights::Neighbours,
    };

    fn blacks(order: &[f64]) -> Vec<bool> {
        order.iter().map(|x| *x > 0.0).collect()
    }

    #[test]
    fn five_in_a_row_as_worked_by_hand() {
        // B B W W B: joins BB, BW, WW, BW.
        let joins = join_counts(&[true, true, false, false, true], &row(5), None).unwrap();
        assert_eq!((joins.n, joins.black), (5, 3));
        assert_eq!((joins.bb.joins, joins.bw.joins, joins.ww.joins), (1.0, 2.0, 1.0));
        // Four joins; two given places are both black with 3/5 · 2/4.
        assert!((joins.bb.non_free.expected - 1.2).abs() < 1e-15);
        assert!((joins.bw.non_free.expected - 2.4).abs() < 1e-15);
        assert!((joins.ww.non_free.expected - 0.4).abs() < 1e-15);
        assert!((joins.bb.free.expected - 4.0 * 0.36).abs() < 1e-15);
    }

    type Kind = fn(&JoinCounts) -> Joins;
    const KINDS: [Kind; 3] = [|it| it.bb, |it| it.bw, |it| it.ww];

    #[test]
    fn moments_are_those_of_all_maps() {
        let weights = uneven();
        let black = [1.0, 0.0, 1.0, 1.0, 0.0];
        let joins = join_counts(&blacks(&black), &weights, Some(0.3)).unwrap();
        for kind in KINDS {
            let all: Vec<f64> = orders(&black)
                .iter()
                .map(|order| kind(&join_counts(&blacks(order), &weights, None).unwrap()).joins)
                .collect();
            let (mean, variance) = moments(&all);
            let chance = kind(&joins).non_free;
            assert!((chance.expected - mean).abs() < 1e-12);
            assert!((chance.variance.unwrap() - variance).abs() < 1e-12);

            // Free: every colouring with its own chance.
            let (mut first, mut second) = (0.0, 0.0);
            for colours in 0_u32..32 {
                let x: Vec<f64> = (0..5).map(|i| f64::from(colours >> i & 1)).collect();
                let counted = count(&x, &weights, weights.sums().s0);
                let here = [counted.bb, counted.bw, counted.ww]
                    [KINDS.iter().position(|it| std::ptr::fn_addr_eq(*it, kind)).unwrap()];
                let share = 0.3_f64.powi(colours.count_ones().cast_signed())
                    * 0.7_f64.powi(5 - colours.count_ones().cast_signed());
                first += share * here;
                second += share * here * here;
            }
            let chance = kind(&joins).free;
            assert!((chance.expected - first).abs() < 1e-12);
            assert!((chance.variance.unwrap() - (second - first * first)).abs() < 1e-12);
        }
    }

    #[test]
    fn shuffled_joins_count_ties_in_both_tails() {
        let black = [true, true, false, false, true];
        let draws = Draws { permutations: 3000, seed: 1, analysis: "test" };
        let ours = join_counts_shuffled(&black, &row(5), draws, &Nobody).unwrap().unwrap();
        // Of the ten maps BB is at least 1 in nine, at most 1 in seven (BBBWW, WBBBW, WWBBB: 2).
        for (count, p) in [(ours.bb.tally.ge, 0.9), (ours.bb.tally.le, 0.7)] {
            let share = f64::from(count) / 3000.0;
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / 3000.0_f64).sqrt(), "{share} {p}");
        }
        assert!((ours.bw.mean - 2.4).abs() < 0.1 && (ours.ww.mean - 0.4).abs() < 0.1);
    }

    #[test]
    fn no_answer_has_a_reason() {
        let no = |black: &[bool], weights| join_counts(black, &weights, None).unwrap_err();
        assert_eq!(no(&[true, false], row(2)), NoGlobal::TooFew);
        assert_eq!(no(&[false; 4], row(4)), NoGlobal::Constant);
        let alone = Weights::binary(&Neighbours::from_pairs(3, []));
        assert_eq!(no(&[true, false, true], alone), NoGlobal::NoLinks);
        // One black unit can have no black neighbour, in any order.
        let lone = join_counts(&[true, false, false, false], &row(4), None).unwrap();
        assert_eq!(lone.bb.non_free.z, Err(NoGlobal::NoVariance));
        assert!(lone.bw.non_free.z.is_ok());
    }
}
