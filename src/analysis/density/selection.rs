//! How far to spread: bandwidths that the points themselves prefer.
//!
//! Both look at every pair of points, so they are asked up to [`MOST_PAIRED`] points only. Neither
//! is corrected for edges: the bandwidths that they find are small beside the domain.

use std::f64::consts::PI;

use geo_types::Coord;
use rayon::prelude::*;

use super::{NoBandwidth, bandwidth::TOO_FEW};

/// The most points whose pairs are looked at.
pub const MOST_PAIRED: usize = 5000;

/// Likelihood cross-validation, as a sigma: the Gaussian under which every point is best foretold by
/// the others, max Σ log λ₋ᵢ(xᵢ). Sigmas from half the smallest distance between two points to half
/// the longer side of their frame. Source: Loader (1999), *Local regression and likelihood*,
/// section 5.3; spatstat's `bw.ppl` without its edge correction. Cost: for each of n² pairs one
/// exponential and some thirty products, then 14 more exponentials where points are near.
///
/// # Errors
///
/// [`NoBandwidth`].
pub fn likelihood(places: &[Coord<f64>]) -> Result<f64, NoBandwidth> {
    let (nearest, longest) = extremes(places)?;
    let (low, high) = (nearest / 2.0, longest / 2.0);
    let steps = (2.0 * (high / low).log2()).ceil() as usize;
    let tried = ladder(places, high, steps + 1);
    // From the widest on; the first and the last are no optimum but where the search ends.
    let best = (0..tried.len()).fold(0, |best, i| if tried[i] > tried[best] { i } else { best });
    if best == 0 || best == steps {
        return Err(NoBandwidth::NoOptimum);
    }
    let sigma = |step: usize| high * 0.5_f64.powf(step as f64 / 2.0);
    let nearest: Vec<f64> = places
        .par_iter()
        .enumerate()
        .map(|(i, _)| apart(places, i).fold(f64::INFINITY, f64::min))
        .collect();
    Ok(refined(sigma(best + 1), sigma(best - 1), |sigma| foretold(places, &nearest, sigma)))
}

/// Σ log λ₋ᵢ(xᵢ) but for a constant, of `widest` and of `rungs` − 1 sigmas below it, each the one before over √2:
/// then each exponential is the square of the one before.
fn ladder(places: &[Coord<f64>], widest: f64, rungs: usize) -> Vec<f64> {
    // Pairs that climb down together: as many as fill a few registers.
    const ABREAST: usize = 8;
    let scale = -0.5 / (widest * widest);
    let each = places.par_iter().enumerate().map(|(i, a)| {
        let mut sums = vec![[0.0; ABREAST]; rungs];
        for (number, some) in places.chunks(ABREAST).enumerate() {
            let mut near = [0.0; ABREAST];
            for (lane, b) in some.iter().enumerate() {
                let apart = (a.x - b.x).powi(2) + (a.y - b.y).powi(2);
                near[lane] = if number * ABREAST + lane == i { 0.0 } else { (scale * apart).exp() };
            }
            for sums in &mut sums {
                for (sum, near) in sums.iter_mut().zip(&mut near) {
                    *sum += *near;
                    *near *= *near;
                }
            }
        }
        sums.iter().map(|sums| sums.iter().sum::<f64>().ln()).collect::<Vec<_>>()
    });
    // Collected, then summed in the order of the points: threads decide nothing.
    let each: Vec<Vec<f64>> = each.collect();
    let of = |rung: usize| {
        let sigma = widest * 0.5_f64.powf(rung as f64 / 2.0);
        let sum: f64 = each.iter().map(|logs| logs[rung]).sum();
        sum - 2.0 * places.len() as f64 * sigma.ln()
    };
    (0..rungs).map(of).collect()
}

/// The same of one sigma, each exponential by itself; `nearest` are the squares of the distances to
/// the nearest other.
fn foretold(places: &[Coord<f64>], nearest: &[f64], sigma: f64) -> f64 {
    let scale = -0.5 / (sigma * sigma);
    let each = nearest.par_iter().enumerate().map(|(i, nearest)| {
        // Beside the nearest, what is so much farther is lost in the rounding of the sum.
        let far = nearest + LOST / -scale;
        let near = apart(places, i).filter(|apart| *apart <= far);
        scale * nearest + near.map(|apart| (scale * (apart - nearest)).exp()).sum::<f64>().ln()
    });
    let sum: f64 = each.collect::<Vec<_>>().iter().sum();
    sum - 2.0 * places.len() as f64 * sigma.ln()
}

/// The squares of the distances from one place to the others.
fn apart(places: &[Coord<f64>], from: usize) -> impl Iterator<Item = f64> + '_ {
    let a = places[from];
    let others = places[..from].iter().chain(&places[from + 1..]);
    others.map(move |b| (a.x - b.x).powi(2) + (a.y - b.y).powi(2))
}

/// e to the power of minus this, five thousand times, is less than half the last digit of 1.
const LOST: f64 = 46.0;

/// The greatest value between two places, by the golden section of their logarithms, to 1 in 1000.
fn refined(low: f64, high: f64, score: impl Fn(f64) -> f64) -> f64 {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (low.ln(), high.ln());
    let (mut c, mut d) = (b - golden * (b - a), a + golden * (b - a));
    let (mut at_c, mut at_d) = (score(c.exp()), score(d.exp()));
    while b - a > 1e-3 {
        if at_c > at_d {
            (b, d, at_d) = (d, c, at_c);
            c = b - golden * (b - a);
            at_c = score(c.exp());
        } else {
            (a, c, at_c) = (c, d, at_d);
            d = a + golden * (b - a);
            at_d = score(d.exp());
        }
    }
    f64::midpoint(a, b).exp()
}

/// Steps at which Diggle's error is reckoned, and so the precision of its answer.
const STEPS: usize = 512;

/// Diggle's rule, as a sigma: the disc of radius t = 2 sigma with the least mean square error under a
/// Cox process, M(t) = (1/λ − 2K(t))/(πt²) + ∫ A(s, t) dK(s)/(πt²)², with the ground A that two
/// discs of radius t at distance s share. `area` is the ground that was looked at; K is Ripley's,
/// not corrected for edges. Source: Diggle (1985); Berman and Diggle (1989), JRSS B 51; spatstat's
/// `bw.diggle`. Cost: n²/2 distances.
///
/// # Errors
///
/// [`NoBandwidth`].
pub fn diggle(places: &[Coord<f64>], area: f64) -> Result<f64, NoBandwidth> {
    let (_, longest) = extremes(places)?;
    if area <= 0.0 || !area.is_finite() {
        return Err(NoBandwidth::NoSpread);
    }
    let n = places.len() as f64;
    let intensity = n / area;
    // The greatest distance looked at, as spatstat's rule of thumb for K has it; M(t) needs K(2t).
    let reach = (longest / 4.0).min((1000.0 / (PI * intensity)).sqrt());
    let bins = 4 * STEPS;
    let width = reach / bins as f64;
    let counts: Vec<u64> = places
        .par_iter()
        .enumerate()
        .fold(
            || vec![0_u64; bins],
            |mut counts, (i, a)| {
                for b in &places[i + 1..] {
                    let bin = (a.x - b.x).hypot(a.y - b.y) / width;
                    if bin < bins as f64 {
                        counts[bin as usize] += 2;
                    }
                }
                counts
            },
        )
        .reduce(
            || vec![0_u64; bins],
            |mut sums, counts| {
                for (sum, count) in sums.iter_mut().zip(counts) {
                    *sum += count;
                }
                sums
            },
        );
    let unit = area / (n * (n - 1.0));
    let mut best = (0, f64::INFINITY);
    for step in 1..=STEPS {
        let t = reach / 2.0 * step as f64 / STEPS as f64;
        let within = (t / width).round() as usize;
        let k: f64 = counts[..within].iter().map(|count| *count as f64).sum::<f64>() * unit;
        let shared: f64 = counts[..(2 * within).min(bins)]
            .iter()
            .enumerate()
            .map(|(bin, count)| *count as f64 * lens((bin as f64 + 0.5) * width, t))
            .sum();
        let disc = PI * t * t;
        let error = (1.0 / intensity - 2.0 * k) / disc + shared * unit / (disc * disc);
        if error < best.1 {
            best = (step, error);
        }
    }
    if best.0 <= 1 || best.0 == STEPS {
        return Err(NoBandwidth::NoOptimum);
    }
    Ok(reach / 4.0 * best.0 as f64 / STEPS as f64)
}

/// The ground that two discs of radius t share at distance s.
fn lens(s: f64, t: f64) -> f64 {
    let y = (s / (2.0 * t)).min(1.0);
    2.0 * t * t * (y.acos() - y * (1.0 - y * y).sqrt())
}

/// The smallest distance above 0 between two points, and the longer side of their frame.
fn extremes(places: &[Coord<f64>]) -> Result<(f64, f64), NoBandwidth> {
    if places.len() < TOO_FEW {
        return Err(NoBandwidth::TooFew);
    }
    if places.len() > MOST_PAIRED {
        return Err(NoBandwidth::TooMany);
    }
    let nearest2 = places
        .par_iter()
        .enumerate()
        .map(|(i, a)| {
            let away = places[i + 1..].iter().map(|b| (a.x - b.x).powi(2) + (a.y - b.y).powi(2));
            away.filter(|d2| *d2 > 0.0).fold(f64::INFINITY, f64::min)
        })
        .reduce(|| f64::INFINITY, f64::min);
    let side = |of: fn(&Coord<f64>) -> f64| {
        let values = places.iter().map(of);
        values.clone().fold(f64::NEG_INFINITY, f64::max) - values.fold(f64::INFINITY, f64::min)
    };
    let longest = side(|c| c.x).max(side(|c| c.y));
    if nearest2.is_finite() && longest > 0.0 {
        Ok((nearest2.sqrt(), longest))
    } else {
        Err(NoBandwidth::NoSpread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::chance::draws::Draws;

    /// Clusters of twenty points with this sigma, far from each other.
    fn clusters(sigma: f64) -> Vec<Coord<f64>> {
        let draws = Draws { permutations: 1, seed: 3, analysis: "clusters" };
        let mut random = draws.streams().stream(0);
        let mut normal = || (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
        let middles = [(0.0, 0.0), (9000.0, 1000.0), (4000.0, 8000.0), (800.0, 5000.0)];
        let mut places = Vec::new();
        for (x, y) in middles {
            for _ in 0..20 {
                places.push(Coord { x: x + sigma * normal(), y: y + sigma * normal() });
            }
        }
        places
    }

    #[test]
    fn clusters_are_followed() {
        // The best bandwidth inside a cluster of twenty is about sigma · 20^(-1/6) = 0.6 sigma.
        let places = clusters(200.0);
        let found = likelihood(&places).unwrap();
        assert!((60.0..250.0).contains(&found), "{found}");
        let found = diggle(&places, 1e8).unwrap();
        assert!((40.0..400.0).contains(&found), "{found}");
        // Lengths in other units give the same lengths.
        let scaled: Vec<Coord<f64>> =
            places.iter().map(|c| Coord { x: c.x * 8.0, y: c.y * 8.0 }).collect();
        let again = likelihood(&scaled).unwrap();
        assert!((again / likelihood(&places).unwrap() - 8.0).abs() < 1e-6);
        assert!((diggle(&scaled, 64e8).unwrap() / found - 8.0).abs() < 1e-9);
    }

    #[test]
    fn the_likelihood_is_the_best_of_all() {
        let places = clusters(300.0);
        let slow = |sigma: f64| {
            let foretold = |i: usize| {
                let near = places.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, b)| {
                    let (dx, dy) = (places[i].x - b.x, places[i].y - b.y);
                    (-(dx * dx + dy * dy) / (2.0 * sigma * sigma)).exp()
                        / (2.0 * PI * sigma * sigma)
                });
                near.sum::<f64>().ln()
            };
            (0..places.len()).map(foretold).sum::<f64>()
        };
        let found = likelihood(&places).unwrap();
        for other in [0.2, 0.5, 0.9, 1.1, 2.0, 5.0] {
            assert!(slow(found) >= slow(found * other), "{other}");
        }
    }

    #[test]
    fn two_discs_share_what_they_share() {
        assert!((lens(0.0, 2.0) - 4.0 * PI).abs() < 1e-12);
        assert_eq!(lens(4.0, 2.0), 0.0);
        // One third of the disc less a triangle, twice.
        let exact = 2.0 * (PI / 3.0 - 3f64.sqrt() / 4.0);
        assert!((lens(1.0, 1.0) - exact).abs() < 1e-12);
    }

    #[test]
    fn reasons_are_given() {
        let one = Coord { x: 0.0, y: 0.0 };
        assert_eq!(likelihood(&[one; 4]), Err(NoBandwidth::NoSpread));
        let many: Vec<Coord<f64>> =
            (0..=MOST_PAIRED).map(|i| Coord { x: i as f64, y: 0.0 }).collect();
        assert_eq!(diggle(&many, 1.0), Err(NoBandwidth::TooMany));
        let line: Vec<Coord<f64>> = (0..4).map(|i| Coord { x: f64::from(i), y: 0.0 }).collect();
        assert_eq!(diggle(&line, 0.0), Err(NoBandwidth::NoSpread));
        assert_eq!(NoBandwidth::NoOptimum.word(), "no-optimum");
    }
}
