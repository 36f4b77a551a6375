//! How long it lasts: the share that has not ended, by time.
//!
//! The product-limit estimate of Kaplan and Meier (1958): S(t) = Π over times t_i ≤ t of
//! 1 − d_i/n_i, with d_i spells that end at t_i and n_i that were still known to last just before
//! it. Variance by Greenwood (1926), S² Σ d_i / (n_i (n_i − d_i)); the interval on the scale of
//! log(−log S), which stays within 0 and 1 (Kalbfleisch and Prentice 1980). Spells that are cut
//! off count as long as they are known.
//!
//! Cutting off must have nothing to do with the ending: ground that is searched because a tip said
//! that poppy stands there makes the curve fall too fast.
//!
//! Units: those of the times. Cost: a sort. Without spells there is no curve; a curve that never
//! falls to a half has no median.

/// A length of time that was watched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// How long it is known to have lasted; finite, not negative.
    pub time: f64,
    /// Whether it ended then, or was only watched so long.
    pub ended: bool,
}

/// The curve at one time at which something ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// How many were known to last just before it.
    pub at_risk: u32,
    /// How many ended at it.
    pub ended: u32,
    /// The share that lasts longer, 0 to 1.
    pub survival: f64,
    /// Greenwood's standard error of the share; `None` where none lasts.
    pub error: Option<f64>,
    /// The interval of the share; `None` where none lasts.
    pub interval: Option<[f64; 2]>,
}

/// The normal deviate of an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// The curve: one step a time at which something ended, ascending. Intervals are of 95 %.
pub fn survival(spells: &[Spell]) -> Vec<Step> {
    let mut order: Vec<Spell> = spells.to_vec();
    order.sort_by(|a, b| a.time.total_cmp(&b.time));
    let (mut share, mut sum) = (1.0, 0.0);
    let mut steps = Vec::new();
    let mut before = 0;
    for at_once in order.chunk_by(|a, b| a.time == b.time) {
        let at_risk = order.len() - before;
        before += at_once.len();
        let ended = at_once.iter().filter(|spell| spell.ended).count();
        if ended == 0 {
            continue;
        }
        let (n, d) = (at_risk as f64, ended as f64);
        share *= 1.0 - d / n;
        sum += d / (n * (n - d));
        let lasts = at_risk > ended && share > 0.0;
        steps.push(Step {
            time: at_once[0].time,
            at_risk: at_risk as u32,
            ended: ended as u32,
            survival: share,
            error: lasts.then(|| share * f64::sqrt(sum)),
            interval: lasts.then(|| {
                let off = Z * f64::sqrt(sum) / f64::ln(share).abs();
                [share.powf(off.exp()), share.powf((-off).exp())]
            }),
        });
    }
    steps
}

/// The first time at which no more than half lasts; `None` where more than half lasts to the end
/// of the watching.
pub fn median(steps: &[Step]) -> Option<f64> {
    steps.iter().find(|step| step.survival <= 0.5 * (1.0 + 1e-12)).map(|step| step.time)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn spells(of: &[(f64, bool)]) -> Vec<Spell> {
        of.iter().map(|(time, ended)| Spell { time: *time, ended: *ended }).collect()
    }

    #[test]
    fn as_worked_by_hand() {
        // The six-mercaptopurine arm of Freireich et al. (1963), the example of every textbook:
        // 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+.
        let told = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";
        let of: Vec<(f64, bool)> = told
            .split(' ')
            .map(|it| (it.trim_end_matches('+').parse().unwrap(), !it.ends_with('+')))
            .collect();
        let steps = survival(&spells(&of));
        let shares: Vec<f64> = steps.iter().map(|it| it.survival).collect();
        for (share, by_hand) in shares.iter().zip([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448])
        {
            assert!((share - by_hand).abs() < 6e-4, "{shares:?}");
        }
        assert_eq!((steps[0].at_risk, steps[0].ended, steps[6].at_risk), (21, 3, 6));
        let errors: Vec<f64> = steps.iter().filter_map(|it| it.error).collect();
        for (error, by_hand) in
            errors.iter().zip([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346])
        {
            assert!((error - by_hand).abs() < 6e-5, "{errors:?}");
        }
        assert_eq!(median(&steps), Some(23.0));
        // At 10: 0.753 with log-log limits 0.503 and 0.889 (worked with six digits).
        let [low, high] = steps[2].interval.unwrap();
        assert!((low - 0.5032).abs() < 5e-4 && (high - 0.8894).abs() < 5e-4, "{low} {high}");
    }

    #[test]
    fn few_and_none() {
        assert!(survival(&[]).is_empty());
        assert_eq!(median(&[]), None);
        // None ends.
        assert!(survival(&spells(&[(1.0, false), (2.0, false)])).is_empty());
        // All end at once: nothing lasts, and nothing is said of how sure that is.
        let steps = survival(&spells(&[(2.0, true), (2.0, true)]));
        assert_eq!((steps[0].survival, steps[0].error, steps[0].interval), (0.0, None, None));
        assert_eq!(median(&steps), Some(2.0));
        // Exactly half.
        assert_eq!(median(&survival(&spells(&[(1.0, true), (2.0, false)]))), Some(1.0));
    }

    proptest! {
        #[test]
        fn without_cut_offs_it_is_the_share_that_lasts(times in vec(0..9_u8, 1..40)) {
            let all = spells(&times.iter().map(|t| (f64::from(*t), true)).collect::<Vec<_>>());
            for step in survival(&all) {
                let longer = all.iter().filter(|it| it.time > step.time).count();
                let share = longer as f64 / all.len() as f64;
                prop_assert!((step.survival - share).abs() < 1e-12);
                if let (Some(error), Some([low, high])) = (step.error, step.interval) {
                    // Greenwood's becomes the binomial error.
                    let binomial = (share * (1.0 - share) / all.len() as f64).sqrt();
                    prop_assert!((error - binomial).abs() < 1e-12);
                    prop_assert!(0.0 < low && low < share && share < high && high < 1.0);
                }
            }
        }

        #[test]
        fn it_only_falls(of in vec((0.0..9.0_f64, any::<bool>()), 0..40)) {
            let steps = survival(&spells(&of));
            prop_assert!(steps.windows(2).all(|w| w[0].time < w[1].time && w[0].survival > w[1].survival));
            prop_assert!(steps.iter().all(|step| step.survival.is_finite()));
        }
    }
}
