//! What became of what was asked.

use std::time::Duration;

use super::mix::Kind;
use crate::callers::Verdict;
use crate::histogram::Histogram;

/// What became of what was due within a stretch of time.
#[derive(Debug)]
pub(super) struct Stretch {
    /// When it began.
    pub(super) start: Duration,
    /// By kind.
    pub(super) kinds: [Tally; Kind::ALL.len()],
    /// For each frame that brought a message to a session of the gateway, the time since the message was due.
    pub(super) deliveries: Histogram,
}

/// What became of one kind of thing.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many were due.
    pub(super) offered: u64,
    /// How many were taken.
    pub(super) taken: u64,
    /// How many were turned down, with 429, or in the lobby with `too_fast`.
    pub(super) limited: u64,
    /// How many were turned down with 503.
    pub(super) busy: u64,
    /// For what was taken, the time from when it was due to its answer; for a guest, to the echo.
    pub(super) taking: Histogram,
    /// The same for what was turned down.
    pub(super) refusing: Histogram,
}

impl Stretch {
    /// One that begins at `start`.
    pub(super) fn new(start: Duration) -> Self {
        Self { start, kinds: Default::default(), deliveries: Histogram::default() }
    }

    /// All kinds together.
    pub(super) fn sum(&self, figure: impl Fn(&Tally) -> u64) -> u64 {
        self.kinds.iter().map(figure).sum()
    }

    /// The time within which 99 of 100 things of each kind that were taken were answered: of the kind that waits longest.
    pub(super) fn slowest_p99(&self) -> Duration {
        self.kinds.iter().map(|tally| tally.taking.percentile(99)).max().unwrap_or_default()
    }
}

impl Tally {
    /// Notes what came of one thing, `after` so long.
    pub(super) fn note(&mut self, verdict: Verdict, after: Duration) {
        match verdict {
            Verdict::Taken => {
                self.taken += 1;
                self.taking.record(after);
                return;
            }
            Verdict::Limited => self.limited += 1,
            Verdict::Busy => self.busy += 1,
        }
        self.refusing.record(after);
    }
}
