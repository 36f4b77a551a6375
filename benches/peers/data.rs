//! Where data are laid for the peers, how they are made, and how we are timed.

use std::{fs, hint::black_box, path::PathBuf, time::Instant};

use geo_types::{Coord, MultiPolygon};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// The folder of one work.
pub struct Desk {
    /// Where the peers' script reads.
    pub folder: PathBuf,
    /// A twentieth of the data: to try whether everything runs.
    pub small: bool,
}

impl Desk {
    /// `whole`, or a twentieth of it.
    pub fn size(&self, whole: usize) -> usize {
        if self.small { whole / 20 } else { whole }
    }

    /// Numbers, eight bytes each, the least first.
    pub fn write(&self, name: &str, numbers: impl IntoIterator<Item = f64>) {
        let bytes: Vec<u8> = numbers.into_iter().flat_map(f64::to_le_bytes).collect();
        fs::write(self.folder.join(name), bytes).unwrap();
    }

    /// x and y of points.
    pub fn write_points(&self, name: &str, points: &[Coord<f64>]) {
        self.write(name, points.iter().flat_map(|at| [at.x, at.y]));
    }

    /// Outlines of one ring each: their corners, and how many corners each has.
    pub fn write_outlines(&self, name: &str, outlines: &[MultiPolygon<f64>]) {
        let rings = || outlines.iter().map(|outline| outline.0[0].exterior());
        self.write(&format!("{name}.corners"), rings().flatten().flat_map(|at| [at.x, at.y]));
        self.write(&format!("{name}.counts"), rings().map(|ring| ring.0.len() as f64));
    }
}

/// Times `work` and prints the median of `runs`, after one run that is not counted.
pub fn time<T>(name: &str, runs: usize, mut work: impl FnMut() -> T, told: impl Fn(&T) -> String) {
    let told = told(&work());
    let mut seconds: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{name} {} {told}", seconds[runs / 2]);
}

/// Random numbers from a fixed seed.
pub struct Random(ChaCha8Rng);

impl Random {
    /// The numbers of `seed`.
    pub fn of(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// From 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normal deviate (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        let (radius, turn) = ((-2.0 * (1.0 - self.unit()).ln()).sqrt(), self.unit());
        radius * (std::f64::consts::TAU * turn).cos()
    }

    /// Points on a square of `side`: two thirds crowd around middles, one for each thousand points,
    /// with a spread of `spread`; the others lie anywhere. None lies outside.
    pub fn crowds(&mut self, count: usize, side: f64, spread: f64) -> Vec<Coord<f64>> {
        let anywhere =
            |random: &mut Self| Coord { x: random.unit() * side, y: random.unit() * side };
        let middles: Vec<Coord<f64>> = (0..count.div_ceil(1000)).map(|_| anywhere(self)).collect();
        let mut place = |number: usize| {
            if number.is_multiple_of(3) {
                return anywhere(self);
            }
            let middle = middles[self.bits() as usize % middles.len()];
            let by = Coord { x: self.normal(), y: self.normal() } * spread;
            let at = middle + by;
            Coord { x: at.x.clamp(0.0, side), y: at.y.clamp(0.0, side) }
        };
        (0..count).map(&mut place).collect()
    }
}
