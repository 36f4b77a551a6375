//! A bandwidth for every point: narrow where points crowd, wide where they are lonely.
//!
//! Source: Abramson (1982), *On bandwidth variation in kernel estimates — a square root law*,
//! Annals of Statistics 10; Silverman (1986), section 5.3. hᵢ = h (pilot(xᵢ)/g)^(−1/2) with the
//! geometric mean g of the pilot density at the points; never under a quarter of h or above four times
//! it, so that one lonely plot does not colour a province.

/// The least and the greatest a radius may be, in radii of the pilot.
const RANGE: [f64; 2] = [0.25, 4.0];

/// The radius of every point from the pilot density at it, made with `radius`. Where the pilot is 0 the
/// radius is the greatest.
pub fn adaptive(pilot: &[f64], radius: f64) -> Vec<f64> {
    let logs: Vec<f64> = pilot.iter().filter(|it| **it > 0.0).map(|it| it.ln()).collect();
    let mean = if logs.is_empty() { 0.0 } else { logs.iter().sum::<f64>() / logs.len() as f64 };
    let one = |pilot: &f64| {
        let factor = if *pilot > 0.0 { (0.5 * (mean - pilot.ln())).exp() } else { RANGE[1] };
        radius * factor.clamp(RANGE[0], RANGE[1])
    };
    pilot.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_times_as_dense_is_half_as_wide() {
        // The geometric mean of 1, 4 and 16 is 4.
        let radii = adaptive(&[1.0, 4.0, 16.0], 100.0);
        for (ours, theirs) in radii.iter().zip([200.0, 100.0, 50.0]) {
            assert!((ours - theirs).abs() < 1e-9);
        }
        assert_eq!(adaptive(&[3.0; 4], 100.0), [100.0; 4]);
        assert_eq!(adaptive(&[1e-9, 1e9, 0.0], 100.0), [400.0, 25.0, 400.0]);
        assert!(adaptive(&[], 1.0).is_empty());
    }
}
