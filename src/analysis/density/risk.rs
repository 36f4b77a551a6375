//! Where did it grow? The density of one season's plots over that of another's.
//!
//! Source: Kelsall and Diggle (1995), *Non-parametric estimation of spatial variation in relative
//! risk*, Statistics in Medicine 14. The log ratio of the two densities, each made to hold 1, with
//! one bandwidth for both: so what edges take from one they take from the other, and no correction is
//! needed. It asks where a season has a greater *share* of its plots, whatever their number.
//!
//! Tolerance by permutation: the labels (this season, that one) are shuffled over all places, each
//! place keeping its plots; p is pointwise, the share of shuffles with as much of the new season
//! around, ties counted. With under five plots of either nothing is said. Cost: one density a
//! permutation.

use geo_types::Coord;
use rayon::prelude::*;

use super::{Domain, Kernel, estimate, sources};
use crate::analysis::{
    chance::{
        draws::Draws,
        tally::{TIE, Tally},
    },
    watch::{Gone, Watch},
};

/// A surface of relative risk.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// Natural logarithm of (share of the new)/(share of the old) at every centre; `None` outside of
    /// the domain, or where one of the two has no plot in reach.
    pub log_ratio: Vec<Option<f64>>,
    /// Shuffles with as much or more of the new, and as little or less; `None` outside of the
    /// domain and where no plot of either is in reach: there is nothing to compare.
    pub tallies: Vec<Option<Tally>>,
    /// New plots in the domain.
    pub new: usize,
    /// Old plots in the domain.
    pub old: usize,
}

/// Why there is no such surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoRisk {
    /// Under five plots of one of the two.
    TooFew {
        /// New ones.
        new: usize,
        /// Old ones.
        old: usize,
    },
}

impl NoRisk {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooFew { .. } => "too-few",
        }
    }
}

/// The least plots of either season.
const FEWEST: usize = 5;

/// The surface of `new` against `old`; `radius` is the kernel's h for both.
///
/// # Errors
///
/// [`Gone`] where nobody waits any more; inside, [`NoRisk`].
pub fn risk(
    kernel: Kernel,
    new: &[Coord<f64>],
    old: &[Coord<f64>],
    radius: f64,
    domain: &Domain,
    draws: Draws<'_>,
    watch: &dyn Watch,
) -> Result<Result<Risk, NoRisk>, Gone> {
    let inside = |places: &[Coord<f64>]| -> Vec<Coord<f64>> {
        places.iter().filter(|place| domain.holds(**place)).copied().collect()
    };
    let (new, old) = (inside(new), inside(old));
    if new.len() < FEWEST || old.len() < FEWEST {
        return Ok(Err(NoRisk::TooFew { new: new.len(), old: old.len() }));
    }
    let density =
        |places: &[Coord<f64>]| estimate(kernel, &sources(places, None, radius), &domain.lattice);
    let (of_new, of_old) = (density(&new), density(&old));
    let places = [new.as_slice(), old.as_slice()].concat();
    // What summing leaves behind is no density.
    let speck = SPECK * places.len() as f64 * kernel.peak(radius);
    let pooled: Vec<f64> = of_new.iter().zip(&of_old).map(|(a, b)| a + b).collect();
    let asked: Vec<usize> =
        (0..domain.cover.len()).filter(|cell| domain.has(*cell) && pooled[*cell] > speck).collect();
    // The pooled density is the same in every shuffle, so the new one's alone orders them.
    let slack: Vec<f64> = asked.iter().map(|cell| TIE * pooled[*cell] + speck).collect();
    let (streams, permutations) = (draws.streams(), u64::from(draws.permutations));
    let zeros = || vec![[0_u32; 2]; asked.len()];
    let counts = (0..permutations)
        .into_par_iter()
        .try_fold(zeros, |mut counts, number| {
            watch.go_on()?;
            let mut stream = streams.stream(number);
            let mut order: Vec<u32> = (0..places.len() as u32).collect();
            stream.shuffle(&mut order);
            // In the order of the places, so that sums are rounded alike.
            let drawn = &mut order[..new.len()];
            drawn.sort_unstable();
            let shuffled: Vec<Coord<f64>> = drawn.iter().map(|i| places[*i as usize]).collect();
            let shuffled = density(&shuffled);
            for ((count, cell), slack) in counts.iter_mut().zip(&asked).zip(&slack) {
                let (simulated, observed) = (shuffled[*cell], of_new[*cell]);
                count[0] += u32::from(simulated >= observed - slack);
                count[1] += u32::from(simulated <= observed + slack);
            }
            watch.tell(number, permutations);
            Ok(counts)
        })
        .try_reduce(zeros, |mut sums, counts| {
            for (sum, count) in sums.iter_mut().zip(counts) {
                sum[0] += count[0];
                sum[1] += count[1];
            }
            Ok(sums)
        })?;
    let mut tallies = vec![None; domain.cover.len()];
    for (cell, [ge, le]) in asked.iter().zip(counts) {
        tallies[*cell] = Some(Tally { permutations: draws.permutations, ge, le });
    }
    let scale = (old.len() as f64 / new.len() as f64).ln();
    let log_ratio = (0..domain.cover.len()).map(|cell| {
        let both = domain.has(cell) && of_new[cell] > speck && of_old[cell] > speck;
        both.then(|| (of_new[cell] / of_old[cell]).ln() + scale)
    });
    let log_ratio = log_ratio.collect();
    Ok(Ok(Risk { log_ratio, tallies, new: new.len(), old: old.len() }))
}

/// A part of the sum of all peaks that is rounding.
const SPECK: f64 = 1e-11;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{density::Lattice, watch::Nobody};

    const DRAWS: Draws<'_> = Draws { permutations: 99, seed: 1, analysis: "test" };

    fn domain() -> Domain {
        let corner = |x, y| Coord { x, y };
        Domain::whole(
            Lattice::around(corner(0.0, 0.0), corner(3000.0, 2000.0), 0.0, 100.0, 10_000).unwrap(),
        )
    }

    fn cluster(x: f64, y: f64, count: u32) -> Vec<Coord<f64>> {
        let at = |i: u32| Coord {
            x: x + f64::from(i * 37 % 101) * 3.0,
            y: y + f64::from(i * 53 % 97) * 3.0,
        };
        (0..count).map(at).collect()
    }

    #[test]
    fn what_moved_is_seen() {
        let old = [cluster(300.0, 300.0, 20), cluster(300.0, 1300.0, 20)].concat();
        let new = [cluster(300.0, 300.0, 20), cluster(2300.0, 1300.0, 20)].concat();
        let domain = domain();
        let risk = risk(Kernel::Quartic, &new, &old, 400.0, &domain, DRAWS, &Nobody);
        let risk = risk.unwrap().unwrap();
        let cell = |x: f64, y: f64| domain.lattice.cell_at(Coord { x, y }).unwrap();
        // Came, went, stayed, nothing ever.
        assert!(risk.tallies[cell(2450.0, 1450.0)].unwrap().upper() <= 0.01);
        assert!(risk.tallies[cell(450.0, 1450.0)].unwrap().lower() <= 0.01);
        let stayed = risk.tallies[cell(450.0, 450.0)].unwrap();
        assert!(stayed.upper() > 0.2 && stayed.lower() > 0.2);
        assert!(risk.log_ratio[cell(450.0, 450.0)].unwrap().abs() < 1e-12);
        assert_eq!(risk.tallies[cell(1450.0, 150.0)], None);
        assert_eq!(risk.log_ratio[cell(2450.0, 1450.0)], None);
        assert_eq!((risk.new, risk.old), (40, 40));
    }

    #[test]
    fn the_same_places_differ_nowhere() {
        let places = cluster(500.0, 500.0, 12);
        let risk =
            risk(Kernel::Quartic, &places, &places, 400.0, &domain(), DRAWS, &Nobody).unwrap();
        let ratios = risk.unwrap().log_ratio;
        assert!(ratios.iter().flatten().all(|ratio| ratio.abs() < 1e-9));
        assert!(ratios.iter().flatten().count() > 20);
    }

    #[test]
    fn few_plots_say_nothing_and_threads_decide_nothing() {
        let (few, many) = (cluster(500.0, 500.0, 4), cluster(500.0, 500.0, 30));
        let none = risk(Kernel::Quartic, &few, &many, 400.0, &domain(), DRAWS, &Nobody).unwrap();
        assert_eq!(none, Err(NoRisk::TooFew { new: 4, old: 30 }));
        let on = |threads| {
            let crew = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (a, b) = (cluster(500.0, 500.0, 9), cluster(900.0, 700.0, 14));
            crew.install(|| risk(Kernel::Gaussian, &a, &b, 150.0, &domain(), DRAWS, &Nobody))
        };
        assert_eq!(on(1), on(3));
    }

    /// Two draws from the same ground: at a place p is even, so at 5 % it is small in 5 % of cases.
    #[test]
    fn without_a_change_p_keeps_its_level() {
        let draws = Draws { permutations: 1, seed: 5, analysis: "null" };
        let streams = draws.streams();
        let cell = domain().lattice.cell_at(Coord { x: 1500.0, y: 1000.0 }).unwrap();
        let (runs, mut small) = (120_u32, 0_u32);
        for run in 0..runs {
            let mut stream = streams.stream(u64::from(run));
            let mut place = || Coord { x: 3000.0 * stream.unit(), y: 2000.0 * stream.unit() };
            let new: Vec<_> = (0..25).map(|_| place()).collect();
            let old: Vec<_> = (0..25).map(|_| place()).collect();
            let draws = Draws { permutations: 39, seed: run.into(), analysis: "null" };
            let risk = risk(Kernel::Quartic, &new, &old, 900.0, &domain(), draws, &Nobody).unwrap();
            small += u32::from(risk.unwrap().tallies[cell].unwrap().upper() <= 0.05);
        }
        // 6 are expected of 120; more than 14 has a chance under 1 in 1000.
        assert!(small <= 14, "{small}");
    }
}
