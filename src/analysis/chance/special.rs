//! The incomplete gamma and beta functions: the tails of Poisson and binomial counts.
//!
//! Source: series and continued fractions as in Press et al. (2007), *Numerical recipes*, §6.2 and
//! §6.4 (the fractions by Lentz's method), written anew; the logarithm of gamma is `libm`'s. About
//! thirteen digits for arguments up to some thousands. Cost: some tens of terms, about √a at most
//! of them.

const STEPS: u32 = 100_000;
const LEAST: f64 = 1e-300;

/// P(a, x) = γ(a, x)/Γ(a) for a > 0, from 0 at x ≤ 0 to 1.
pub fn gamma_lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x == f64::INFINITY {
        return 1.0;
    }
    let front = (a * x.ln() - x - libm::lgamma(a)).exp();
    if x < a + 1.0 {
        // γ(a, x) = e^−x x^a Σ x^k / (a (a + 1) … (a + k)).
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for k in 1..STEPS {
            term *= x / (a + f64::from(k));
            sum += term;
            if term <= sum * f64::EPSILON {
                break;
            }
        }
        (front * sum).min(1.0)
    } else {
        // Γ(a, x) = e^−x x^a / (x + 1 − a − 1·(1 − a)/(x + 3 − a − 2·(2 − a)/(…))).
        let first = x + 1.0 - a;
        let fraction = lentz(1.0 / first, first, |k| {
            let k = f64::from(k);
            (-k * (k - a), x + 1.0 - a + 2.0 * k)
        });
        (1.0 - front * fraction).clamp(0.0, 1.0)
    }
}

/// I_x(a, b) = B(x; a, b)/B(a, b) for a, b > 0, from 0 at x ≤ 0 to 1 at x ≥ 1.
pub fn beta_share(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * x.ln() + b * (-x).ln_1p();
    let front = log.exp();
    // The fraction converges quickly on the near side of the mean only.
    if x < (a + 1.0) / (a + b + 2.0) {
        (front * beta_fraction(a, b, x) / a).min(1.0)
    } else {
        (1.0 - front * beta_fraction(b, a, 1.0 - x) / b).max(0.0)
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    lentz(1.0, 1.0, |step| {
        let m = f64::from(step / 2);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        (if step % 2 == 0 { even } else { odd }, 1.0)
    })
}

/// 1/(b0 + a1/(b1 + a2/(b2 + …))), where `part(k)` is (a_k, b_k) and `start` is 1/b0.
fn lentz(start: f64, b0: f64, part: impl Fn(u32) -> (f64, f64)) -> f64 {
    let away = |it: f64| if it.abs() < LEAST { LEAST } else { it };
    let (mut value, mut c, mut d) = (start, 1.0 / LEAST, 1.0 / away(b0));
    for k in 1..STEPS {
        let (a, b) = part(k);
        d = 1.0 / away(b + a * d);
        c = away(b + a / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_as_known() {
        // P(1, x) = 1 − e^−x; P(½, x) = erf √x; the others by SciPy.
        for x in [1e-8, 0.1, 0.9, 1.0, 2.5, 30.0] {
            assert!((gamma_lower(1.0, x) + (-x).exp_m1()).abs() < 1e-14, "{x}");
            assert!((gamma_lower(0.5, x) - libm::erf(x.sqrt())).abs() < 1e-14, "{x}");
        }
        for (a, x, known) in [
            (0.1, 1e-5, 0.3323984050405032),
            (2.5, 20.0, 0.99999985066321),
            (5000.0, 4900.0, 0.07794495622651393),
            (5000.0, 5100.0, 0.9206711189223811),
            (1e5, 1e5, 0.5004205221103651),
        ] {
            assert!((gamma_lower(a, x) - known).abs() < 1e-9 * known, "{a} {x}");
        }
        assert_eq!((gamma_lower(3.0, 0.0), gamma_lower(3.0, f64::INFINITY)), (0.0, 1.0));
    }

    #[test]
    fn beta_as_known() {
        // I_x(1, b) = 1 − (1 − x)^b; I_x(a, 1) = x^a; I_½(a, a) = ½; the others by SciPy.
        for x in [1e-6_f64, 0.2, 0.5, 0.77, 0.999] {
            assert!((beta_share(1.0, 7.0, x) - (1.0 - (1.0 - x).powi(7))).abs() < 1e-14, "{x}");
            assert!((beta_share(4.0, 1.0, x) - x.powi(4)).abs() < 1e-14, "{x}");
        }
        for (a, b, x, known) in [
            (2000.0, 98_000.0, 0.02, 0.5028835918738628),
            (0.3, 40.0, 0.001, 0.4193450007349808),
            (12.5, 3.25, 0.9, 0.8654001122367354),
        ] {
            assert!((beta_share(a, b, x) - known).abs() < 1e-9 * known, "{a} {b} {x}");
        }
        assert!((beta_share(123.4, 123.4, 0.5) - 0.5).abs() < 1e-12);
        assert_eq!((beta_share(2.0, 3.0, -1.0), beta_share(2.0, 3.0, 1.5)), (0.0, 1.0));
    }
}
