//! Many durations in little room.

use std::time::Duration;

/// Bits of a duration that are kept: 64 steps for each doubling, so that a figure is at most 1.6 % off.
const STEP_BITS: u32 = 6;
/// Steps for each doubling.
const STEPS: usize = 1 << STEP_BITS;
/// Buckets: one group of steps for each doubling of 64-bit nanoseconds, and one for what is shorter than a group.
const BUCKETS: usize = (64 - STEP_BITS as usize + 1) * STEPS;

/// How often each duration was seen, to within 1.6 %.
#[derive(Debug, Clone)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], total: 0 }
    }
}

impl Histogram {
    /// Counts `duration`.
    pub fn record(&mut self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.counts[bucket(nanos)] += 1;
        self.total += 1;
    }

    /// The duration that `percent` of all do not exceed; zero when none was recorded.
    pub fn percentile(&self, percent: u64) -> Duration {
        let rank = (self.total * percent).div_ceil(100);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank && seen > 0 {
                return Duration::from_nanos(longest_in(bucket));
            }
        }
        Duration::ZERO
    }
}

/// The bucket that counts `nanos`.
fn bucket(nanos: u64) -> usize {
    let group = (u64::BITS - nanos.leading_zeros()).saturating_sub(STEP_BITS) as usize;
    let shift = group.saturating_sub(1);
    group.saturating_sub(1) * STEPS + usize::try_from(nanos >> shift).expect("at most two groups of steps")
}

/// The longest duration that `bucket` counts, in nanoseconds.
fn longest_in(bucket: usize) -> u64 {
    let shift = (bucket / STEPS).saturating_sub(1);
    let step = (bucket - shift * STEPS) as u64;
    (((u128::from(step) + 1) << shift) - 1).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duration_lies_in_its_bucket() {
        for nanos in (0..2_000).chain([4_095, 4_096, 1_000_000_007, u64::MAX / 2, u64::MAX]) {
            let longest = longest_in(bucket(nanos));
            assert!(longest >= nanos && longest - nanos <= nanos / 64, "{nanos} is told as {longest}");
            assert_eq!(bucket(longest), bucket(nanos), "{nanos}");
        }
    }

    #[test]
    fn a_percentile_is_the_least_that_so_many_do_not_exceed() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(50), Duration::ZERO);
        for nanos in 1..=60 {
            histogram.record(Duration::from_nanos(nanos));
        }
        assert_eq!(histogram.percentile(50), Duration::from_nanos(30));
        assert_eq!(histogram.percentile(99), Duration::from_nanos(60));
        assert_eq!(histogram.percentile(100), Duration::from_nanos(60));
    }
}
