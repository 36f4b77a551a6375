//! Feature ids of things that have none of their own.

use sha2::{Digest, Sha256};

/// SHA-256 of words, its first 53 bits: the same on every machine and in every release.
pub(super) fn stable_id<'w>(words: impl IntoIterator<Item = &'w str>) -> u64 {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    let hash = hash.finalize();
    hash.iter().take(8).fold(0_u64, |id, byte| (id << 8) | u64::from(*byte)) >> 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_and_tells_words_apart() {
        assert!(stable_id(["a"]) < 1 << 53);
        assert_ne!(stable_id(["ab", "c"]), stable_id(["a", "bc"]));
    }
}
