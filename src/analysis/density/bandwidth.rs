//! How far to spread: rules of thumb for the bandwidth.
//!
//! Each rule gives a sigma (the standard deviation of the kernel along an axis), from which the
//! radius of a kernel follows; Esri's gives the radius of the quartic. They suit one cluster better
//! than many: of plots in several valleys they spread too far, and [`super::likelihood`] or
//! [`super::diggle`] follow the clusters. Cost: one sort.

use geo_types::Coord;

use super::Kernel;

/// A bandwidth and where it came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bandwidth {
    /// The rule.
    pub rule: Rule,
    /// The kernel's h.
    pub radius: f64,
    /// The kernel's standard deviation along an axis.
    pub sigma: f64,
}

/// How a bandwidth was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Somebody said so.
    Given,
    /// [`scott`].
    Scott,
    /// [`silverman`].
    Silverman,
    /// [`esri`].
    Esri,
    /// [`super::likelihood`].
    Likelihood,
    /// [`super::diggle`].
    Diggle,
}

impl Rule {
    /// Every rule that finds one.
    pub const FINDING: [Self; 5] =
        [Self::Scott, Self::Silverman, Self::Esri, Self::Likelihood, Self::Diggle];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Scott => "scott",
            Self::Silverman => "silverman",
            Self::Esri => "esri",
            Self::Likelihood => "ppl",
            Self::Diggle => "diggle",
        }
    }

    /// The rule of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::FINDING.into_iter().find(|rule| rule.word() == word)
    }
}

impl Bandwidth {
    /// A radius as it was given.
    pub fn given(kernel: Kernel, radius: f64) -> Self {
        Self { rule: Rule::Given, radius, sigma: radius / kernel.radius_per_sigma() }
    }

    /// A sigma that a rule found.
    pub fn of_sigma(rule: Rule, kernel: Kernel, sigma: f64) -> Self {
        Self { rule, radius: sigma * kernel.radius_per_sigma(), sigma }
    }

    /// What a rule finds for `places`, whose ground measures `area`; `weights` (only Esri's rule
    /// looks at them) without which each counts 1.
    ///
    /// # Errors
    ///
    /// [`NoBandwidth`] where the rule finds none.
    pub fn find(
        rule: Rule,
        kernel: Kernel,
        places: &[Coord<f64>],
        weights: Option<&[f64]>,
        area: f64,
    ) -> Result<Self, NoBandwidth> {
        let sigma = match rule {
            // Esri's is the radius of the quartic.
            Rule::Esri => esri(places, weights)? / Kernel::Quartic.radius_per_sigma(),
            Rule::Silverman => silverman(places)?,
            Rule::Likelihood => super::likelihood(places)?,
            Rule::Diggle => super::diggle(places, area)?,
            Rule::Scott | Rule::Given => scott(places)?,
        };
        Ok(Self::of_sigma(rule, kernel, sigma))
    }
}

/// Why a rule finds no bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoBandwidth {
    /// Under three points.
    TooFew,
    /// All points lie in one place, or on a line along an axis.
    NoSpread,
    /// More points than [`super::MOST_PAIRED`]: a rule that looks at every pair is not asked.
    TooMany,
    /// The best is the smallest or the greatest that was tried: points in one place, or spread so
    /// evenly that no bandwidth is better than another.
    NoOptimum,
}

impl NoBandwidth {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too-few",
            Self::NoSpread => "no-spread",
            Self::TooMany => "too-many",
            Self::NoOptimum => "no-optimum",
        }
    }
}

/// Fewer points than these have no bandwidth.
pub(super) const TOO_FEW: usize = 3;

/// Scott's factor in the plane, n^(−1/6).
pub fn scott_factor(n: f64) -> f64 {
    n.powf(-1.0 / 6.0)
}

/// Silverman's factor, (n (d + 2)/4)^(−1/(d + 4)): in the plane the same as Scott's.
pub fn silverman_factor(n: f64) -> f64 {
    (n * (2.0 + 2.0) / 4.0).powf(-1.0 / 6.0)
}

/// Scott's rule, as a sigma: n^(−1/6) times the geometric mean of the standard deviations of x and
/// y (divisor n − 1). Source: Scott (1992), *Multivariate density estimation*, section 6.3.
///
/// # Errors
///
/// [`NoBandwidth::TooFew`], [`NoBandwidth::NoSpread`].
pub fn scott(places: &[Coord<f64>]) -> Result<f64, NoBandwidth> {
    let [x, y] = axes(places)?;
    positive(scott_factor(places.len() as f64) * (deviation(&x) * deviation(&y)).sqrt())
}

/// Silverman's rule with the robust spread, as a sigma: n^(−1/6) times the geometric mean over x and
/// y of min(standard deviation, interquartile range/1.349), the first where the second is 0. Source:
/// Silverman (1986), sections 3.4.2 and 4.3.2.
///
/// # Errors
///
/// [`NoBandwidth::TooFew`], [`NoBandwidth::NoSpread`].
pub fn silverman(places: &[Coord<f64>]) -> Result<f64, NoBandwidth> {
    let spread = |values: &[f64]| {
        let quartiles = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.349;
        let deviation = deviation(values);
        if quartiles > 0.0 { deviation.min(quartiles) } else { deviation }
    };
    let [x, y] = axes(places)?;
    positive(silverman_factor(places.len() as f64) * (spread(&x) * spread(&y)).sqrt())
}

/// Esri's default search radius of the quartic: 0.9 min(SD, √(1/ln 2) D_median) n^(−0.2). SD is the
/// standard distance (divisor n), D_median the median distance from the mean centre; with weights all of
/// these are weighted and n is the sum of the weights. Source: Esri, *How Kernel Density works*.
///
/// # Errors
///
/// [`NoBandwidth::TooFew`], [`NoBandwidth::NoSpread`] (all in one place, or weights without a sum).
///
/// # Panics
///
/// Where `weights` are not as many as `places`.
pub fn esri(places: &[Coord<f64>], weights: Option<&[f64]>) -> Result<f64, NoBandwidth> {
    if places.len() < TOO_FEW {
        return Err(NoBandwidth::TooFew);
    }
    let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
    let n: f64 = (0..places.len()).map(weight).sum();
    let mean = |of: fn(&Coord<f64>) -> f64| {
        places.iter().enumerate().map(|(i, c)| weight(i) * of(c)).sum::<f64>() / n
    };
    let centre = Coord { x: mean(|c| c.x), y: mean(|c| c.y) };
    let mut distances: Vec<(f64, f64)> = places
        .iter()
        .enumerate()
        .map(|(i, c)| ((c.x - centre.x).hypot(c.y - centre.y), weight(i)))
        .collect();
    let standard = (distances.iter().map(|(d, w)| w * d * d).sum::<f64>() / n).sqrt();
    distances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let median = if weights.is_none() {
        let sorted: Vec<f64> = distances.iter().map(|(d, _)| *d).collect();
        quantile_of_sorted(&sorted, 0.5)
    } else {
        let mut sum = 0.0;
        let half = distances.iter().find(|(_, w)| {
            sum += w;
            sum >= n / 2.0
        });
        half.map_or(0.0, |(d, _)| *d)
    };
    let robust = (1.0 / std::f64::consts::LN_2).sqrt() * median;
    positive(0.9 * standard.min(robust) * n.powf(-0.2))
}

fn positive(bandwidth: f64) -> Result<f64, NoBandwidth> {
    if bandwidth > 0.0 && bandwidth.is_finite() {
        Ok(bandwidth)
    } else {
        Err(NoBandwidth::NoSpread)
    }
}

fn axes(places: &[Coord<f64>]) -> Result<[Vec<f64>; 2], NoBandwidth> {
    if places.len() < TOO_FEW {
        return Err(NoBandwidth::TooFew);
    }
    Ok([places.iter().map(|c| c.x).collect(), places.iter().map(|c| c.y).collect()])
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, share)
}

/// Between the two nearest ranks (Hyndman and Fan's type 7, as R and numpy).
fn quantile_of_sorted(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let low = at as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (at - low as f64) * (sorted[high] - sorted[low])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cross() -> Vec<Coord<f64>> {
        [(0.0, 0.0), (10.0, 0.0), (-10.0, 0.0), (0.0, 20.0), (0.0, -20.0)]
            .map(|(x, y)| Coord { x, y })
            .to_vec()
    }

    #[test]
    fn rules_worked_by_hand() {
        let factor = 5f64.powf(-1.0 / 6.0);
        // Deviations √50 and √200; quartiles of {-10, 0, 0, 0, 10} are 0 and 0.
        let scotts = factor * (50f64.sqrt() * 200f64.sqrt()).sqrt();
        assert!((scott(&cross()).unwrap() - scotts).abs() < 1e-12);
        assert!((silverman(&cross()).unwrap() - scotts).abs() < 1e-12);
        // Distances 0, 10, 10, 20, 20: median 10, standard distance √(1000/5).
        let radius = 0.9 * (10.0 / std::f64::consts::LN_2.sqrt()) * 5f64.powf(-0.2);
        assert!((esri(&cross(), None).unwrap() - radius).abs() < 1e-12);
        // The two far ones twice as heavy: sum 7, weighted median 20, √(1800/7) is less.
        let heavy = esri(&cross(), Some(&[1.0, 1.0, 1.0, 2.0, 2.0])).unwrap();
        assert!((heavy - 0.9 * (1800.0_f64 / 7.0).sqrt() * 7f64.powf(-0.2)).abs() < 1e-12);
        let found = Bandwidth::find(Rule::Esri, Kernel::Quartic, &cross(), None, 1.0).unwrap();
        assert!((found.radius - radius).abs() < 1e-12);
        assert!((found.sigma - radius / 8f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn without_points_or_spread_there_is_none() {
        let one = Coord { x: 4.0, y: 5.0 };
        for rule in Rule::FINDING {
            let find = |places: &[Coord<f64>]| {
                Bandwidth::find(rule, Kernel::Quartic, places, None, 100.0).map(|it| it.radius)
            };
            assert_eq!(find(&[]), Err(NoBandwidth::TooFew), "{rule:?}");
            assert_eq!(find(&[one, one]), Err(NoBandwidth::TooFew), "{rule:?}");
            assert!(find(&[one; 6]).is_err(), "{rule:?}");
            assert_eq!(Rule::from_word(rule.word()), Some(rule));
        }
        assert_eq!(esri(&cross(), Some(&[0.0; 5])), Err(NoBandwidth::NoSpread));
        assert_eq!(Rule::from_word("given"), None);
    }

    #[test]
    fn both_names_of_a_bandwidth_are_told() {
        let given = Bandwidth::given(Kernel::Epanechnikov, 600.0);
        assert!((given.sigma - 600.0 / 6f64.sqrt()).abs() < 1e-12);
        assert_eq!(Bandwidth::of_sigma(Rule::Scott, Kernel::Gaussian, 5.0).radius, 5.0);
    }
}
