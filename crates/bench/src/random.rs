//! Chance that can be had again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// A sequence of numbers that follows from its seed (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// The sequence of `seed`, or of any seed.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one("seed"));
        Self { seed, state: seed }
    }

    /// What it follows from.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Another sequence, which follows from the same seed; each `nth` is its own.
    pub(crate) fn fork(&self, nth: u64) -> Self {
        let mut other = Self { seed: self.seed, state: self.seed ^ nth.wrapping_mul(0xd6e8_feb8_6659_fd93) };
        other.state = other.next();
        other
    }

    /// Whether something happens that happens once in `count` times.
    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.next().is_multiple_of(count)
    }

    /// A place in a list of `length`, which is not empty.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("it is below a usize")
    }

    /// A time from zero up to `max`, to the microsecond.
    pub(crate) fn up_to(&mut self, max: Duration) -> Duration {
        let micros = u64::try_from(max.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.next() % micros.saturating_add(1).max(1))
    }

    /// A number from zero up to, but not, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_again() {
        let moments = |seed| {
            let mut random = Random::new(Some(seed));
            [(); 3].map(|()| random.up_to(Duration::from_secs(1)))
        };
        assert_eq!(moments(7), moments(7));
        assert_ne!(moments(7), moments(8));
        let fork = |nth| Random::new(Some(7)).fork(nth).up_to(Duration::from_secs(1));
        assert_eq!(fork(1), fork(1));
        assert_ne!(fork(1), fork(2));
    }
}
