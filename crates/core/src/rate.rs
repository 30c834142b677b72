//! How fast someone may go.

use std::time::Duration;

/// A rate with a burst: the generic cell rate algorithm, which needs one number per connection.
///
/// Times are durations since any fixed moment.
#[derive(Debug, Clone)]
pub struct Rate {
    refill: Duration,
    burst: Duration,
    /// When the burst is whole again.
    whole_at: Duration,
}

impl Rate {
    /// At most `burst` at once, and one more for each `refill` that passes.
    pub fn new(burst: u32, refill: Duration) -> Self {
        Self { refill, burst: refill * burst, whole_at: Duration::ZERO }
    }

    /// Takes one at the time `now`; or tells how long to wait, and takes nothing.
    pub fn take(&mut self, now: Duration) -> Result<(), Duration> {
        let whole_at = self.whole_at.max(now) + self.refill;
        let too_early = whole_at.saturating_sub(now + self.burst);
        if !too_early.is_zero() {
            return Err(too_early);
        }
        self.whole_at = whole_at;
        Ok(())
    }

    /// Whether nothing is taken at the time `now`: then it is as good as a new one.
    pub fn is_whole(&self, now: Duration) -> bool {
        self.whole_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_burst_and_then_the_rate() {
        let mut rate = Rate::new(3, 100 * MS);
        let start = 5_000 * MS;
        assert_eq!(
            [(); 5].map(|()| rate.take(start)),
            [Ok(()), Ok(()), Ok(()), Err(100 * MS), Err(100 * MS)]
        );
        assert_eq!(rate.take(start + 60 * MS), Err(40 * MS));
        assert_eq!(rate.take(start + 100 * MS), Ok(()));
        assert_eq!(rate.take(start + 100 * MS), Err(100 * MS));
    }

    #[test]
    fn a_long_quiet_time_gives_no_more_than_the_burst() {
        let mut rate = Rate::new(2, 100 * MS);
        let later = 100_000_000 * MS;
        assert_eq!([(); 3].map(|()| rate.take(later)), [Ok(()), Ok(()), Err(100 * MS)]);
    }
}
