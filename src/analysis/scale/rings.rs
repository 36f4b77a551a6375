//! Neighbours of growing distance bands, listed once: each band is the one before and a ring.
//!
//! All pairs within the widest band are listed (bucket grid) in the order of the bands they enter
//! at, and a map is one pass over the list for all bands together, eight maps at a time.

use std::sync::atomic::{AtomicU64, Ordering};

use geo_types::Coord;
use rayon::prelude::*;

use crate::analysis::{
    chance::draws::Draws,
    watch::{Gone, Watch},
    weights::{Sums, TooManyLinks, within},
};

/// How the neighbours of a band weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BandWeights {
    /// A unit's neighbours share a weight of 1.
    #[default]
    RowStandardised,
    /// Every neighbour weighs 1: units with many neighbours say more.
    Binary,
}

/// Maps that are looked at together.
const LANES: usize = 8;

type Lanes = [f64; LANES];

/// Every unit's neighbours in the order of the bands they enter at.
pub(super) struct Rings {
    bands: usize,
    /// Where the neighbours of a unit begin in `list`,
    starts: Vec<usize>,
    list: Vec<u32>,
    /// and how many of them there are within each band, `bands` numbers a unit.
    within: Vec<u32>,
}

impl Rings {
    pub(super) fn of(
        points: &[Coord<f64>],
        bands: &[f64],
        widest: f64,
    ) -> Result<Self, TooManyLinks> {
        let mut starts = vec![0];
        let (mut list, mut counts) = (Vec::new(), Vec::new());
        for mut row in within(points, widest)? {
            // Ties by place: the sums then do not depend on how neighbours were found.
            row.sort_unstable_by(|a, b| {
                a.distance.total_cmp(&b.distance).then(a.place.cmp(&b.place))
            });
            counts.extend(
                bands.iter().map(|band| row.partition_point(|it| it.distance <= *band) as u32),
            );
            list.extend(row.iter().map(|near| near.place));
            starts.push(list.len());
        }
        Ok(Self { bands: bands.len(), starts, list, within: counts })
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many neighbours a unit has within a band.
    fn count(&self, unit: usize, band: usize) -> u32 {
        self.within[unit * self.bands + band]
    }

    pub(super) fn islands(&self, band: usize) -> usize {
        (0..self.len()).filter(|unit| self.count(*unit, band) == 0).count()
    }

    pub(super) fn links(&self, band: usize) -> u64 {
        (0..self.len()).map(|unit| u64::from(self.count(unit, band))).sum()
    }

    /// What each link of a unit weighs within a band.
    fn weight(&self, unit: usize, band: usize, weights: BandWeights) -> f64 {
        match (weights, self.count(unit, band)) {
            (_, 0) => 0.0,
            (BandWeights::Binary, _) => 1.0,
            (BandWeights::RowStandardised, count) => 1.0 / f64::from(count),
        }
    }

    /// The neighbours of a unit within a band.
    fn near(&self, unit: usize, band: usize) -> &[u32] {
        &self.list[self.starts[unit]..][..self.count(unit, band) as usize]
    }

    pub(super) fn sums(&self, band: usize, weights: BandWeights) -> Sums {
        let each: Vec<f64> = (0..self.len()).map(|unit| self.weight(unit, band, weights)).collect();
        let column = |unit: usize| -> f64 {
            self.near(unit, band).iter().map(|other| each[*other as usize]).sum()
        };
        let columns: Vec<f64> = (0..self.len()).into_par_iter().map(column).collect();
        let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
        for unit in 0..self.len() {
            let (w, column) = (each[unit], columns[unit]);
            let row = w * f64::from(self.count(unit, band));
            s0 += row;
            // Links are mutual: Σ_j w_ij² + w_ij w_ji.
            s1 += w * row + w * column;
            s2 += (row + column).powi(2);
        }
        Sums { s0, s1, s2 }
    }

    /// Σ w_ij z_i z_j of every band, and the same of the sizes.
    pub(super) fn observed(&self, z: &[f64], weights: BandWeights) -> (Vec<f64>, Vec<f64>) {
        let sizes: Vec<f64> = z.iter().map(|z| z.abs()).collect();
        let lanes: Vec<Lanes> = z
            .iter()
            .zip(&sizes)
            .map(|(z, size)| [*z, *size, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
            .collect();
        let cross = self.cross(&lanes, weights);
        (cross.iter().map(|it| it[0]).collect(), cross.iter().map(|it| it[1]).collect())
    }

    /// Σ w_ij z_i z_j of every band for eight maps at once.
    fn cross(&self, maps: &[Lanes], weights: BandWeights) -> Vec<Lanes> {
        let mut cross = vec![[0.0; LANES]; self.bands];
        for unit in 0..self.len() {
            let (mut lag, mut from) = ([0.0; LANES], self.starts[unit]);
            for (band, cross) in cross.iter_mut().enumerate() {
                let to = self.starts[unit] + self.count(unit, band) as usize;
                for other in &self.list[from..to] {
                    let other = &maps[*other as usize];
                    for lane in 0..LANES {
                        lag[lane] += other[lane];
                    }
                }
                from = to;
                let weight = self.weight(unit, band, weights);
                for lane in 0..LANES {
                    cross[lane] += weight * maps[unit][lane] * lag[lane];
                }
            }
        }
        cross
    }

    /// Σ w_ij z_i z_j of every shuffled map: of each a number a band.
    pub(super) fn shuffled(
        &self,
        z: &[f64],
        weights: BandWeights,
        draws: Draws<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<Vec<f64>>, Gone> {
        let streams = draws.streams();
        let done = AtomicU64::new(0);
        let mut all = vec![Vec::new(); draws.permutations as usize];
        all.par_chunks_mut(LANES).enumerate().try_for_each_init(
            || (z.to_vec(), vec![[0.0; LANES]; z.len()]),
            |(map, maps), (chunk, answers)| {
                watch.go_on()?;
                for lane in 0..answers.len() {
                    map.copy_from_slice(z);
                    streams.stream((chunk * LANES + lane) as u64).shuffle(map);
                    for (lanes, z) in maps.iter_mut().zip(&*map) {
                        lanes[lane] = *z;
                    }
                }
                let cross = self.cross(maps, weights);
                for (lane, answer) in answers.iter_mut().enumerate() {
                    *answer = cross.iter().map(|band| band[lane]).collect();
                }
                let before = done.fetch_add(answers.len() as u64, Ordering::Relaxed);
                watch.tell(before + answers.len() as u64, u64::from(draws.permutations));
                Ok(())
            },
        )?;
        Ok(all)
    }
}
