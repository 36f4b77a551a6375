//! Counts before and after, set against those of other ground.
//!
//! Cost: none to speak of; the E-test sums over some twelve standard deviations each way.

/// A count before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Before.
    pub before: u32,
    /// After.
    pub after: u32,
}

impl Change {
    /// After less before.
    pub fn by(self) -> f64 {
        f64::from(self.after) - f64::from(self.before)
    }
}

/// Why there is no quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoQuotient {
    /// The control area had nothing before.
    ControlBefore,
    /// The control area has nothing after.
    ControlAfter,
    /// The response area changed exactly as the control did: there is nothing that could have
    /// moved.
    NoResponse,
}

impl NoQuotient {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ControlBefore => "control-zero-before",
            Self::ControlAfter => "control-zero-after",
            Self::NoResponse => "no-response",
        }
    }
}

/// The weighted displacement quotient of Bowers and Johnson (2003):
/// (Da/Ca − Db/Cb)/(Ra/Ca − Rb/Cb), R response, D buffer, C control, b before, a after.
///
/// Where the response area fell against the control (the denominator is negative), below −1 more
/// moved to the buffer than was won, −1 to 0 less, and above 0 the buffer won as well (diffusion of
/// benefits). Where the response did not fall it says nothing of use.
///
/// # Errors
///
/// [`NoQuotient`]: undefined where Ca, Cb or the denominator is 0.
pub fn wdq(response: Change, buffer: Change, control: Change) -> Result<f64, NoQuotient> {
    if control.before == 0 {
        return Err(NoQuotient::ControlBefore);
    }
    if control.after == 0 {
        return Err(NoQuotient::ControlAfter);
    }
    // Multiplied by Ca·Cb, both parts are whole numbers: a denominator of 0 is exactly 0.
    let against = |area: Change| {
        i128::from(area.after) * i128::from(control.before)
            - i128::from(area.before) * i128::from(control.after)
    };
    match (against(buffer), against(response)) {
        (_, 0) => Err(NoQuotient::NoResponse),
        (moved, won) => Ok(moved as f64 / won as f64),
    }
}

/// Total net effects of Guerette (2009): [Rb·(Ca/Cb) − Ra] + [Db·(Ca/Cb) − Da], in plots: how many
/// fewer there are in response and buffer together than the control would have let expect;
/// negative: more.
///
/// # Errors
///
/// [`NoQuotient::ControlBefore`] where Cb is 0.
pub fn tne(response: Change, buffer: Change, control: Change) -> Result<f64, NoQuotient> {
    if control.before == 0 {
        return Err(NoQuotient::ControlBefore);
    }
    let trend = f64::from(control.after) / f64::from(control.before);
    let less = |area: Change| f64::from(area.before) * trend - f64::from(area.after);
    Ok(less(response) + less(buffer))
}

/// A difference of counts with its error: the weighted displacement difference of Wheeler and
/// Ratcliffe (2018), whole or in parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// In plots; negative: fewer than the control areas let expect.
    pub estimate: f64,
    /// Its standard error, each count taken as Poisson.
    pub error: f64,
}

impl Difference {
    /// Σ w (after − before) with variance Σ w² (after + before), over areas each with its weight:
    /// 1 for what was treated, −1 for its control, or −(ground treated)/(ground of the control)
    /// where they are not of one size. Defined for counts of zero.
    ///
    /// The whole of it (WDD) sums response, buffer and the controls of both:
    /// (Ra − Rb) − (Ca − Cb) + (Da − Db) − (DCa − DCb).
    pub fn of(areas: &[(f64, Change)]) -> Self {
        let estimate = areas.iter().map(|(weight, change)| weight * change.by()).sum();
        let variance: f64 = areas
            .iter()
            .map(|(weight, it)| weight * weight * (f64::from(it.before) + f64::from(it.after)))
            .sum();
        Self { estimate, error: variance.sqrt() }
    }

    /// Estimate over error; `None` where nothing was counted.
    pub fn z(self) -> Option<f64> {
        (self.error > 0.0).then(|| self.estimate / self.error)
    }

    /// The two-sided p of z by the normal law: rough below some five plots an area.
    pub fn p(self) -> Option<f64> {
        self.z().map(|z| libm::erfc(z.abs() / std::f64::consts::SQRT_2))
    }

    /// The interval of `estimate` ± `z` errors: 1.96 for 95 %, 1.645 for 90 %.
    pub fn interval(self, z: f64) -> [f64; 2] {
        [self.estimate - z * self.error, self.estimate + z * self.error]
    }
}

/// The most that an E-test sums over: above it the normal law is as good.
const MOST_SUMMED: f64 = 1e6;

/// The two-sided p that two counts of one expectation differ as much: the E-test of Krishnamoorthy
/// and Thomson (2004), with |x − y|/√(x + y) as its measure, made for small counts. `None` for two
/// zeroes, of which nothing can be said, and for counts of more than a million together.
pub fn e_test(one: u32, other: u32) -> Option<f64> {
    let sum = f64::from(one) + f64::from(other);
    if sum == 0.0 || sum > MOST_SUMMED {
        return None;
    }
    let mean = sum / 2.0;
    let measure = |x: f64, y: f64| if x + y > 0.0 { (x - y).abs() / (x + y).sqrt() } else { 0.0 };
    let least = measure(f64::from(one), f64::from(other)) * (1.0 - 1e-12);
    // Beyond twelve standard deviations there is less than 1e-30.
    let (spread, top) = (12.0 * mean.sqrt() + 40.0, mean.floor());
    let first = (top - spread).max(0.0);
    let chances: Vec<f64> = (0..=(top + spread - first) as u32)
        .map(|k| first + f64::from(k))
        .map(|x| (x * mean.ln() - mean - libm::lgamma(x + 1.0)).exp())
        .collect();
    // Of all y up to a place, and from it on.
    let mut up_to = vec![0.0];
    for chance in &chances {
        up_to.push(up_to[up_to.len() - 1] + chance);
    }
    let mut from = vec![0.0; chances.len() + 1];
    for place in (0..chances.len()).rev() {
        from[place] = from[place + 1] + chances[place];
    }
    let mut p = 0.0;
    for (place, chance) in chances.iter().enumerate() {
        let x = first + place as f64;
        // The measure grows with the distance of y from x, either way.
        let reached = |y: &usize| measure(x, first + *y as f64) >= least;
        let below: Vec<usize> = (0..=place).collect();
        let low = below.partition_point(reached);
        let above: Vec<usize> = (place..chances.len()).collect();
        let high = place + above.partition_point(|y| !reached(y));
        p += chance * (up_to[low] + from[high.max(low)]);
    }
    Some(p.min(1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(before: u32, after: u32) -> Change {
        Change { before, after }
    }

    #[test]
    fn the_worked_example() {
        let (r, d, c) = (change(80, 40), change(60, 75), change(100, 90));
        assert!((wdq(r, d, c).unwrap() + 0.65625).abs() < 1e-12);
        assert!((tne(r, d, c).unwrap() - 11.0).abs() < 1e-12);
    }

    #[test]
    fn undefined_is_told() {
        let some = change(3, 2);
        assert_eq!(wdq(some, some, change(0, 4)), Err(NoQuotient::ControlBefore));
        assert_eq!(wdq(some, some, change(4, 0)), Err(NoQuotient::ControlAfter));
        assert_eq!(wdq(change(2, 4), some, change(10, 20)), Err(NoQuotient::NoResponse));
        assert_eq!(tne(some, some, change(0, 4)), Err(NoQuotient::ControlBefore));
        assert_eq!(tne(some, change(0, 0), change(4, 0)), Ok(-2.0));
        let nothing = Difference::of(&[(1.0, change(0, 0)), (-1.0, change(0, 0))]);
        assert_eq!((nothing.estimate, nothing.z(), nothing.p()), (0.0, None, None));
        assert_eq!((e_test(0, 0), e_test(600_000, 600_000)), (None, None));
    }

    #[test]
    fn controls_are_weighed_by_their_ground() {
        // A control of ten times the ground with ten times the counts is as good as one of the
        // same size, and its error smaller.
        let even = Difference::of(&[(1.0, change(8, 2)), (-1.0, change(5, 6))]);
        let large = Difference::of(&[(1.0, change(8, 2)), (-0.1, change(50, 60))]);
        assert!((even.estimate + 7.0).abs() < 1e-12 && (large.estimate + 7.0).abs() < 1e-12);
        assert!((even.error - 21.0_f64.sqrt()).abs() < 1e-12);
        assert!((large.error - 11.1_f64.sqrt()).abs() < 1e-12);
    }

    /// The same by loops over both counts.
    fn slow_e_test(one: u32, other: u32) -> f64 {
        let mean = f64::from(one + other) / 2.0;
        let chance =
            |x: u32| (1..=x).fold((-mean).exp(), |product, k| product * mean / f64::from(k));
        let measure = |x: u32, y: u32| {
            if x + y == 0 { 0.0 } else { f64::from(x.abs_diff(y)) / f64::from(x + y).sqrt() }
        };
        let chances: Vec<f64> = (0..150).map(chance).collect();
        let mut p = 0.0;
        for (x, of_x) in (0..).zip(&chances) {
            for (y, of_y) in (0..).zip(&chances) {
                if measure(x, y) >= measure(one, other) * (1.0 - 1e-12) {
                    p += of_x * of_y;
                }
            }
        }
        p
    }

    proptest! {
        #[test]
        fn the_e_test_agrees_with_the_slow_loops(one in 0..40_u32, other in 0..40_u32) {
            prop_assume!(one + other > 0);
            let (fast, slow) = (e_test(one, other).unwrap(), slow_e_test(one, other));
            prop_assert!((fast - slow).abs() < 1e-9, "{fast} {slow}");
            prop_assert_eq!(e_test(other, one), Some(fast));
        }

        #[test]
        fn the_quotient_is_its_formula(
            rb in 0..30_u32, ra in 0..30_u32, db in 0..30_u32, da in 0..30_u32, cb in 1..30_u32, ca in 1..30_u32,
        ) {
            let (f, g) = (f64::from(ca), f64::from(cb));
            let below = f64::from(ra) / f - f64::from(rb) / g;
            let above = f64::from(da) / f - f64::from(db) / g;
            match wdq(change(rb, ra), change(db, da), change(cb, ca)) {
                Ok(quotient) => prop_assert!((quotient - above / below).abs() < 1e-9 * (1.0 + quotient.abs())),
                Err(reason) => {
                    prop_assert_eq!(reason, NoQuotient::NoResponse);
                    prop_assert!(below.abs() < 1e-12);
                }
            }
        }
    }
}
