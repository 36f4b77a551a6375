//! Chance that can be repeated: which draws are made, and the stream of numbers of each.
//!
//! Permutation number r draws from the ChaCha8 stream r of a key made of seed and analysis id
//! (METHODS §0): an answer depends on no thread, no chunk, and no order in which permutations run.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

/// The most shuffled maps that may be asked for: a p of one in a million.
pub const MOST_PERMUTATIONS: u32 = 999_999;

/// Which draws are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws<'a> {
    /// How many shuffled maps.
    pub permutations: u32,
    /// The asker's seed.
    pub seed: u64,
    /// What the draws are for: two analyses with one seed do not share their luck.
    pub analysis: &'a str,
}

impl Draws<'_> {
    /// The streams of these draws: the key is made once.
    pub fn streams(&self) -> Streams {
        let key = Sha256::new()
            .chain_update(self.seed.to_le_bytes())
            .chain_update(self.analysis.as_bytes())
            .finalize();
        Streams { start: ChaCha8Rng::from_seed(key.into()) }
    }
}

/// A stream of random numbers for each permutation.
#[derive(Clone, Debug)]
pub struct Streams {
    start: ChaCha8Rng,
}

impl Streams {
    /// The stream of permutation `number`, from its beginning.
    pub fn stream(&self, number: u64) -> Stream {
        let mut random = self.start.clone();
        random.set_stream(number);
        Stream { random }
    }
}

/// The random numbers of one permutation.
#[derive(Clone, Debug)]
pub struct Stream {
    random: ChaCha8Rng,
}

impl Stream {
    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        self.random.next_u32()
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.random.next_u64()
    }

    /// A number below `range`, each as likely; 0 for a range of 0. Source: Lemire (2019), *Fast
    /// random integer generation in an interval*.
    pub fn below(&mut self, range: u32) -> u32 {
        let mut product = u64::from(self.next_u32()) * u64::from(range);
        if (product as u32) < range {
            let short = range.wrapping_neg() % range;
            while (product as u32) < short {
                product = u64::from(self.next_u32()) * u64::from(range);
            }
        }
        (product >> 32) as u32
    }

    /// A number from 0 up to and without 1, in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Every order of `items` as likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        let n = items.len() as u32;
        for place in 0..n.saturating_sub(1) {
            let other = place + self.below(n - place);
            items.swap(place as usize, other as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Draws<'_> = Draws { permutations: 1, seed: 7, analysis: "test" };

    #[test]
    fn a_stream_is_repeated_and_another_one_is_another() {
        let bits = |draws: Draws<'_>, number| draws.streams().stream(number).next_u64();
        assert_eq!(bits(DRAWS, 3), bits(DRAWS, 3));
        let mut all = vec![
            bits(DRAWS, 3),
            bits(DRAWS, 4),
            bits(Draws { seed: 8, ..DRAWS }, 3),
            bits(Draws { analysis: "tests", ..DRAWS }, 3),
        ];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn every_order_of_three_is_as_likely() {
        let streams = DRAWS.streams();
        let mut seen = std::collections::BTreeMap::<[u8; 3], u32>::new();
        for number in 0..6000 {
            let mut items = [0, 1, 2];
            streams.stream(number).shuffle(&mut items);
            *seen.entry(items).or_default() += 1;
        }
        // 1000 of each, σ = 29.
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|count| count.abs_diff(1000) < 150), "{seen:?}");
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut stream = DRAWS.streams().stream(0);
        assert_eq!((stream.below(0), stream.below(1)), (0, 0));
        let units: Vec<f64> = (0..10_000).map(|_| stream.unit()).collect();
        assert!(units.iter().all(|u| (0.0..1.0).contains(u)));
        let mean = units.iter().sum::<f64>() / 1e4;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        stream.shuffle::<u8>(&mut []);
    }
}
