//! What waits for slow readers, all of them together.

use std::sync::atomic::{AtomicUsize, Ordering};

use decentra_model::limits::WAITING_BYTES_MAX;
use prometheus_client::metrics::gauge::Gauge;

/// Counts what waits. Bytes that many wait for are held once, so each counts only what it alone holds.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Bytes that are held for one reader each.
    bytes: AtomicUsize,
    /// How many have something waiting.
    readers: Gauge,
}

impl Held {
    /// Counts for `readers`, which tells how many have something waiting.
    pub(crate) fn new(readers: Gauge) -> Self {
        Self { bytes: AtomicUsize::new(0), readers }
    }

    /// Notes how many bytes are held for one reader now, and `before`; `None`, when nothing waits.
    pub(super) fn change(&self, before: Option<usize>, now: Option<usize>) {
        match (before, now) {
            (None, Some(_)) => _ = self.readers.inc(),
            (Some(_), None) => _ = self.readers.dec(),
            _ => {}
        }
        self.bytes.fetch_add(now.unwrap_or_default(), Ordering::Relaxed);
        self.bytes.fetch_sub(before.unwrap_or_default(), Ordering::Relaxed);
    }

    /// Whether more is held than may be.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > WAITING_BYTES_MAX
    }
}
