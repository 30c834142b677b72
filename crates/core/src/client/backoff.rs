//! Pauses before a reconnect.

use std::time::Duration;

use decentra_model::limits::{BACKOFF_BASE, BACKOFF_FORGIVEN_AFTER, BACKOFF_MAX};

/// Growing pauses with full jitter: each is drawn evenly from zero up to a ceiling that doubles.
///
/// Full jitter spreads the clients of a server that went away over the whole of the pause, so that they do not all
/// come back at once. Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The pause before the next attempt, drawn with the evenly distributed number `random`.
    pub fn pause(&mut self, random: u64) -> Duration {
        let ceiling = BACKOFF_BASE.saturating_mul(1 << self.failures.min(16)).min(BACKOFF_MAX);
        self.failures = self.failures.saturating_add(1);
        let ceiling_ms = u64::try_from(ceiling.as_millis()).expect("the longest pause is short");
        Duration::from_millis(random % (ceiling_ms + 1))
    }

    /// A connection stood for `lasted`. After a good one, pauses start small again.
    pub fn connection_lasted(&mut self, lasted: Duration) {
        if lasted >= BACKOFF_FORGIVEN_AFTER {
            self.failures = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A random number that draws the ceiling itself, whatever it is.
    fn longest(backoff: &Backoff) -> Duration {
        (0..=u64::from(u16::MAX)).map(|random| backoff.clone().pause(random)).max().unwrap()
    }

    #[test]
    fn pauses_grow_up_to_the_longest_and_start_anew_after_a_good_connection() {
        let mut backoff = Backoff::default();
        let mut ceilings = Vec::new();
        for _ in 0..9 {
            ceilings.push(longest(&backoff).as_millis());
            backoff.pause(0);
        }
        assert_eq!(ceilings, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        backoff.connection_lasted(Duration::from_millis(10));
        assert_eq!(longest(&backoff), BACKOFF_MAX);
        backoff.connection_lasted(BACKOFF_FORGIVEN_AFTER);
        assert_eq!(longest(&backoff), BACKOFF_BASE);
    }

    #[test]
    fn a_thousand_failures_are_no_trouble() {
        let mut backoff = Backoff { failures: u32::MAX };
        assert!(backoff.pause(u64::MAX) <= BACKOFF_MAX);
    }
}
