//! The time: the only place of this crate that asks for it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use decentra_model::Timestamp;
use tokio::time::Instant;

/// The time of day, for people.
#[expect(clippy::disallowed_methods, reason = "this is the clock that the others take the time from")]
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}

/// Waits until `at`; forever if there is nothing to wait for.
pub async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// The moment `pause` from now.
pub(crate) fn after(pause: Duration) -> Instant {
    Instant::now() + pause
}
