//! Rates as distances from the overall one, in the deviations that their population lets expect.
//!
//! Moran's I and Gi of raw rates take the noise of small populations for structure. Of
//! z_i = (r_i − b)/√(a + b/n_i), with b = Σ y/Σ n and a = max(0, s² − b/n̄), every unit has the same
//! variance under chance. Source: Assunção and Reis (1999), *A new proposal to adjust Moran's I for
//! population density*, Statistics in Medicine 18. No unit. Cost: a pass over the units.

use super::{Cases, prior, raw};

/// The standardised rate of each kept unit: give it to `global_moran` (EB-Moran), `gi` or any other
/// statistic, with the weights among the kept units. `None` where there is no event anywhere.
pub fn standardised(cases: &Cases) -> Option<Vec<f64>> {
    let prior = prior(cases).filter(|prior| prior.mean > 0.0)?;
    let rates = raw(cases).into_iter().zip(&cases.population);
    Some(
        rates
            .map(|(rate, n)| (rate - prior.mean) / (prior.variance + prior.mean / n).sqrt())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_communes_as_worked_by_hand() {
        // 30 of 100 and 10 of 100: b = .2, a = .008, b/n = .002: ±.1/√.01.
        let some = |all: [f64; 2]| all.map(Some);
        let cases = Cases::new(&some([30.0, 10.0]), &some([100.0, 100.0]));
        let z = standardised(&cases).unwrap();
        assert!((z[0] - 1.0).abs() < 1e-12 && (z[1] + 1.0).abs() < 1e-12);
        assert_eq!(standardised(&Cases::new(&some([0.0, 0.0]), &some([1.0, 1.0]))), None);
    }
}
