//! Waiting on the simulation's clock, which stands still until nobody has anything to do.

use std::time::Duration;

use tokio::time::Instant;

/// Waits for `duration`; not at all, if that is nothing.
#[expect(clippy::disallowed_methods, reason = "the clock of a simulation is its runtime's")]
pub async fn sleep(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}

/// Waits until `at`.
pub async fn until(at: Instant) {
    tokio::time::sleep_until(at).await;
}

/// What `event` gives, if it comes within `duration`.
pub async fn within<T>(duration: Duration, event: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        value = event => Some(value),
        () = sleep(duration) => None,
    }
}
