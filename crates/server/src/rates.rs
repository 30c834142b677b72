//! How fast each of many may go.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use decentra_core::rate::Rate;
use decentra_model::limits::CALLERS_MAX;

/// A rate for each key. At most [`CALLERS_MAX`] are kept.
#[derive(Debug)]
pub(crate) struct Rates<K> {
    burst: u32,
    refill: Duration,
    kept: Mutex<HashMap<K, Rate>>,
}

impl<K: Eq + Hash> Rates<K> {
    /// Rates of `burst` at once, and one more for each `refill` that passes.
    pub(crate) fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill, kept: Mutex::default() }
    }

    /// Counts one for `key` at the time `now`, or tells how long to wait.
    pub(crate) fn take(&self, key: K, now: Duration) -> Result<(), Duration> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CALLERS_MAX {
            kept.retain(|_, rate| !rate.is_whole(now));
        }
        // So many at once is an attack: then nobody new may go, rather than everyone as fast as they like.
        if kept.len() >= CALLERS_MAX && !kept.contains_key(&key) {
            return Err(self.refill);
        }
        kept.entry(key).or_insert_with(|| Rate::new(self.burst, self.refill)).take(now)
    }

    /// Forgets what `key` has taken.
    pub(crate) fn forget(&self, key: &K) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_there_are_too_many_nobody_new_may_go_and_the_others_stay_counted() {
        let rates = Rates::new(1, Duration::from_secs(1));
        for key in 0..CALLERS_MAX {
            assert_eq!(rates.take(key, Duration::ZERO), Ok(()));
        }
        assert!(rates.take(CALLERS_MAX, Duration::ZERO).is_err());
        assert!(rates.take(0, Duration::ZERO).is_err(), "it has taken its one");
        assert_eq!(rates.take(CALLERS_MAX, Duration::from_secs(1)), Ok(()), "the others are whole again");
    }
}
