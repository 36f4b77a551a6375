//! At which distance do places cluster most? Moran's I over growing distance bands.
//!
//! For each band every unit's neighbours are those within d ≤ band; the z of I (randomisation)
//! rises as the band takes in more of the clusters, and falls when it reaches beyond them. A peak
//! names a scale of the pattern. Shown is the whole curve with the band that shuffled maps fill;
//! chosen is the *first significant local maximum*: higher than the band before, not lower than
//! the one after, and so high that at most `alpha` of the shuffled maps reach it at *any* of the
//! bands. (Esri's manual advises the first statistically significant peak too, judged by the
//! normal p.) Without such a peak: the mean distance to K neighbours ([`super::spacing::reach`]).
//!
//! Source: METHODS §3; Cliff and Ord (1981) for the moments; Westfall and Young (1993) for the
//! maximum over bands. Units of distance: those of the coordinates. A unit without a neighbour
//! keeps a row of zeros and stays in n. Cost: a pass over all pairs within the widest band for
//! each shuffled map.

use geo_types::Coord;
use thiserror::Error;

pub use super::rings::BandWeights;
use super::{
    rings::Rings,
    spacing::{Reach, reach},
};
use crate::analysis::{
    chance::{draws::Draws, tally::TIE},
    global::{
        NoGlobal, Simulated, TOO_FEW, constant, deviations,
        moran::{GlobalMoran, of_parts},
    },
    watch::{Gone, Watch},
    weights::{Sums, TooManyLinks},
};

/// One band of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Its distance.
    pub distance: f64,
    /// Units without a neighbour in it.
    pub islands: usize,
    /// Neighbours of a unit, on average.
    pub neighbours: f64,
    /// I with its moments, or why there is none.
    pub moran: Result<GlobalMoran, NoGlobal>,
    /// I of the shuffled maps against the observed one.
    pub shuffled: Option<Simulated>,
    /// Between which I the middle 1 − alpha of the shuffled maps lie; `None` where there are too
    /// few of them to say.
    pub envelope: Option<(f64, f64)>,
    /// The share of shuffled maps whose z is as high at *any* band: the p that counts when a band
    /// is chosen by looking at all.
    pub p_any: Option<f64>,
}

impl Band {
    /// z under randomisation, where there is one.
    pub fn z(&self) -> Option<f64> {
        self.moran.ok().and_then(|moran| moran.randomisation.z.ok())
    }
}

/// The distance to go on with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chosen {
    /// The first significant local maximum: which band.
    Peak(usize),
    /// No band stands out: a distance by the number of neighbours it gives.
    Neighbours(Reach),
    /// All units lie at one place.
    Nothing,
}

impl Chosen {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Peak(_) => "first-significant-peak",
            Self::Neighbours(Reach { capped: false, .. }) => "mean-distance-to-k-neighbours",
            Self::Neighbours(Reach { capped: true, .. }) => "standard-distance",
            Self::Nothing => "one-place",
        }
    }
}

/// z(I) by distance.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The bands, narrowest first.
    pub bands: Vec<Band>,
    /// What is taken.
    pub chosen: Chosen,
}

impl Curve {
    /// The chosen distance.
    pub fn distance(&self) -> Option<f64> {
        match self.chosen {
            Chosen::Peak(band) => Some(self.bands[band].distance),
            Chosen::Neighbours(reach) => Some(reach.distance),
            Chosen::Nothing => None,
        }
    }
}

/// Why there is no curve.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum NoCurve {
    /// The values allow none.
    #[error("there is no Moran's I: {}", .0.word())]
    No(NoGlobal),
    /// The bands are no bands.
    #[error("distance bands must be above 0 and rise, such as 500, 1000, 1500")]
    Bands,
    /// The widest band links too many.
    #[error(transparent)]
    TooMany(#[from] TooManyLinks),
    /// The asker has gone.
    #[error(transparent)]
    Gone(#[from] Gone),
}

/// The curve of `values` (finite) at `points` over `bands` (rising), with significance at `alpha`.
///
/// # Errors
///
/// [`NoCurve`].
///
/// # Panics
///
/// Where `points` and `values` differ in number.
pub fn incremental_moran(
    points: &[Coord<f64>],
    values: &[f64],
    bands: &[f64],
    weights: BandWeights,
    draws: Draws<'_>,
    alpha: f64,
    watch: &dyn Watch,
) -> Result<Curve, NoCurve> {
    assert_eq!(points.len(), values.len(), "one point a value");
    if values.len() < TOO_FEW {
        return Err(NoCurve::No(NoGlobal::TooFew));
    }
    if constant(values) {
        return Err(NoCurve::No(NoGlobal::Constant));
    }
    let rise = bands.windows(2).all(|pair| pair[0] < pair[1]);
    if !rise || bands.iter().any(|band| !(*band > 0.0 && band.is_finite())) {
        return Err(NoCurve::Bands);
    }
    let Some(widest) = bands.last() else { return Err(NoCurve::Bands) };
    let rings = Rings::of(points, bands, *widest)?;
    watch.go_on()?;
    let z = deviations(values);
    let sums: Vec<Sums> = (0..bands.len()).map(|band| rings.sums(band, weights)).collect();
    let (cross, scale) = rings.observed(&z, weights);
    let moran = |band: usize| match sums[band].s0 {
        0.0 => Err(NoGlobal::NoLinks),
        _ => Ok(of_parts(&z, cross[band], sums[band])),
    };
    let mut curve: Vec<Band> = (0..bands.len())
        .map(|band| Band {
            distance: bands[band],
            islands: rings.islands(band),
            neighbours: rings.links(band) as f64 / values.len() as f64,
            moran: moran(band),
            shuffled: None,
            envelope: None,
            p_any: None,
        })
        .collect();

    let simulated = rings.shuffled(&z, weights, draws, watch)?;
    let squares: f64 = z.iter().map(|z| z * z).sum();
    let mut highest = vec![f64::NEG_INFINITY; draws.permutations as usize];
    let mut ties = vec![0.0; bands.len()];
    for (at, band) in curve.iter_mut().enumerate() {
        let Ok(moran) = band.moran else { continue };
        let factor = z.len() as f64 / sums[at].s0 / squares;
        let mut all: Vec<f64> = simulated.iter().map(|map| map[at] * factor).collect();
        let scale = scale[at] * factor;
        band.shuffled = Some(Simulated::of(moran.i, scale, &all));
        if let Ok(variance) = moran.randomisation.variance {
            ties[at] = TIE * scale.abs().max(moran.i.abs()) / variance.sqrt();
            for (highest, i) in highest.iter_mut().zip(&all) {
                *highest = highest.max((i - moran.randomisation.expected) / variance.sqrt());
            }
        }
        all.sort_unstable_by(f64::total_cmp);
        band.envelope = envelope(&all, alpha);
    }
    for (band, tie) in curve.iter_mut().zip(ties) {
        band.p_any = band.z().map(|z| {
            let reached = highest.iter().filter(|it| **it >= z - tie).count();
            (reached as f64 + 1.0) / (f64::from(draws.permutations) + 1.0)
        });
    }
    let chosen = first_peak(&curve, alpha)
        .map_or_else(|| reach(points).map_or(Chosen::Nothing, Chosen::Neighbours), Chosen::Peak);
    Ok(Curve { bands: curve, chosen })
}

/// The first band whose z is above that of the band before, not below that of the band after, and
/// significant. The first and the last band are no peaks: nobody knows what lies beyond.
fn first_peak(curve: &[Band], alpha: f64) -> Option<usize> {
    let z: Vec<f64> = curve.iter().map(|band| band.z().unwrap_or(f64::NAN)).collect();
    (1..z.len().saturating_sub(1)).find(|at| {
        let peak = z[*at] > z[at - 1] && z[*at] >= z[at + 1];
        peak && curve[*at].p_any.is_some_and(|p| p <= alpha)
    })
}

/// The order statistics that leave alpha/2 on either side.
fn envelope(sorted: &[f64], alpha: f64) -> Option<(f64, f64)> {
    let out = (alpha / 2.0 * (sorted.len() as f64 + 1.0) + 1e-9).floor() as usize;
    (out >= 1 && 2 * out <= sorted.len()).then(|| (sorted[out - 1], sorted[sorted.len() - out]))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::analysis::{
        global::moran::{global_moran, global_moran_shuffled},
        watch::Nobody,
        weights::{Neighbours, Weights},
    };

    const DRAWS: Draws<'_> = Draws { permutations: 99, seed: 4, analysis: "test" };

    fn curve(places: &[(f64, f64)], values: &[f64], bands: &[f64], weights: BandWeights) -> Curve {
        let points: Vec<Coord<f64>> = places.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect();
        incremental_moran(&points, values, bands, weights, DRAWS, 0.05, &Nobody).unwrap()
    }

    /// Patches of 3 × 3 high cells on a lattice of 18 × 18.
    fn patches() -> (Vec<(f64, f64)>, Vec<f64>) {
        let places: Vec<(f64, f64)> =
            (0..324).map(|i| (f64::from(i % 18), f64::from(i / 18))).collect();
        let values = (0..324).map(|i| f64::from((i % 18 / 3 + i / 54) % 3 % 2)).collect();
        (places, values)
    }

    #[test]
    fn the_scale_of_patches_is_found() {
        let (places, values) = patches();
        let bands: Vec<f64> = (2..13).map(|band| f64::from(band) / 2.0).collect();
        let found = curve(&places, &values, &bands, BandWeights::RowStandardised);
        let Chosen::Peak(at) = found.chosen else { panic!("{:?}", found.chosen) };
        assert!((1.0..=3.0).contains(&found.bands[at].distance), "{}", found.bands[at].distance);
        assert_eq!(found.distance(), Some(found.bands[at].distance));
        assert_eq!(found.chosen.word(), "first-significant-peak");
        let peak = &found.bands[at];
        assert!(peak.moran.unwrap().i > peak.envelope.unwrap().1);
        assert_eq!((peak.p_any, peak.shuffled.unwrap().tally.upper()), (Some(0.01), 0.01));
    }

    #[test]
    fn where_no_scale_stands_out_neighbours_decide() {
        let places: Vec<(f64, f64)> =
            (0..60).map(|i| (f64::from(i % 10), f64::from(i / 10))).collect();
        // A board of chess: neighbours differ, which is no cluster.
        let values: Vec<f64> = (0..60).map(|i| f64::from((i % 10 + i / 10) % 2)).collect();
        let found = curve(&places, &values, &[0.5, 1.0, 2.0], BandWeights::Binary);
        assert_eq!(found.bands[0].moran, Err(NoGlobal::NoLinks));
        assert_eq!((found.bands[0].islands, found.bands[0].p_any), (60, None));
        let Chosen::Neighbours(reach) = found.chosen else { panic!("{:?}", found.chosen) };
        assert_eq!((reach.neighbours, found.chosen.word()), (3, "mean-distance-to-k-neighbours"));
    }

    #[test]
    fn no_curve_has_a_reason() {
        let points = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 1.0)].map(|(x, y)| Coord { x, y });
        let ask = |values: &[f64], bands: &[f64]| {
            let points = &points[..values.len()];
            let weights = BandWeights::Binary;
            incremental_moran(points, values, bands, weights, DRAWS, 0.05, &Nobody).unwrap_err()
        };
        assert_eq!(ask(&[1.0, 2.0], &[1.0]), NoCurve::No(NoGlobal::TooFew));
        assert_eq!(ask(&[1.0; 4], &[1.0]), NoCurve::No(NoGlobal::Constant));
        for wrong in [&[][..], &[0.0], &[2.0, 1.0], &[f64::NAN], &[1.0, f64::INFINITY]] {
            assert_eq!(ask(&[1.0, 2.0, 3.0, 4.0], wrong), NoCurve::Bands);
        }
    }

    #[test]
    fn an_envelope_leaves_as_much_on_either_side() {
        let sorted: Vec<f64> = (1..=99).map(f64::from).collect();
        assert_eq!(envelope(&sorted, 0.1), Some((5.0, 95.0)));
        assert_eq!(envelope(&sorted[..9], 0.1), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// The rings are only a short cut: each band must be what Moran's I over its own weights
        /// is, shuffled maps included.
        #[test]
        fn each_band_is_morans_i_over_its_weights(
            units in vec((0_u8..12, 0_u8..12, 0_u8..6), 4..25), binary: bool,
        ) {
            let places: Vec<(f64, f64)> =
                units.iter().map(|it| (f64::from(it.0), f64::from(it.1))).collect();
            let values: Vec<f64> = units.iter().map(|it| f64::from(it.2)).collect();
            prop_assume!(!constant(&values));
            let weigh = if binary { BandWeights::Binary } else { BandWeights::RowStandardised };
            let found = curve(&places, &values, &[1.5, 3.0, 20.0], weigh);
            for band in &found.bands {
                let n = places.len();
                let near = |i: usize, j: usize| {
                    let (x, y) = (places[i].0 - places[j].0, places[i].1 - places[j].1);
                    x * x + y * y <= band.distance * band.distance
                };
                let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
                let links = Neighbours::from_pairs(n, pairs.filter(|(i, j)| near(*i, *j)));
                let weights = Weights::binary(&links);
                prop_assert_eq!(band.islands, weights.islands());
                let weights = if binary { weights } else { weights.row_standardised() };
                let slow = global_moran(&values, &weights);
                match (band.moran, slow) {
                    (Err(a), Err(b)) => prop_assert_eq!(a, b),
                    (Ok(a), Ok(b)) => {
                        prop_assert!((a.i - b.i).abs() < 1e-9);
                        match (a.randomisation.z, b.randomisation.z) {
                            (Ok(a), Ok(b)) => prop_assert!((a - b).abs() < 1e-6 * (1.0 + b.abs())),
                            (a, b) => prop_assert_eq!(a, b),
                        }
                        let slow =
                            global_moran_shuffled(&values, &weights, DRAWS, &Nobody).unwrap();
                        prop_assert_eq!(band.shuffled.unwrap().tally, slow.unwrap().tally);
                    }
                    (a, b) => prop_assert!(false, "{a:?} {b:?}"),
                }
            }
        }

        #[test]
        fn where_the_map_lies_decides_nothing(
            units in vec((0_u8..30, 0_u8..30, 0_u8..6), 4..20), east in -5000_i32..5000,
        ) {
            let values: Vec<f64> = units.iter().map(|it| f64::from(it.2)).collect();
            prop_assume!(!constant(&values));
            let at = |shift: f64| -> Vec<(f64, f64)> {
                units.iter().map(|it| (f64::from(it.0) + shift, f64::from(it.1))).collect()
            };
            let run = |shift| curve(&at(shift), &values, &[4.0, 8.0], BandWeights::Binary).bands;
            prop_assert_eq!(run(0.0), run(f64::from(east)));
        }
    }
}
