//! How fast one may call.
//!
//! Source: Discord's documentation, "Rate Limits": one limit for all routes together, and one for each route and the
//! channel, guild or webhook in its path. The headers tell of the second.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use decentra_core::rate::Rate;
use decentra_model::limits::{CALLERS_MAX, CALLS_BURST, CALLS_REFILL, ROUTE_CALLS, ROUTE_WINDOW};
use decentra_model::{Id, Timestamp};

use super::error::ApiError;

/// Who is counted: an account, or the network of who has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    User(Id),
    Network(std::net::IpAddr),
}

/// A route, and the channel, guild or webhook in its path; what is no id makes no bucket of its own.
pub(crate) type Bucket = (usize, Option<Id>);

/// Counts calls.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    all: Mutex<HashMap<Caller, Rate>>,
    each: Mutex<HashMap<(Caller, Bucket), Window>>,
}

/// Calls within a stretch of time.
#[derive(Debug, Clone, Copy)]
struct Window {
    began: Duration,
    calls: u32,
}

/// What the headers tell of a bucket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    route: usize,
    left: u32,
    reset_after: Duration,
}

impl Limits {
    /// Counts a call of `caller` at the time `now`, or refuses it.
    ///
    /// With the refusal of a route comes how it stands; the limit for all routes has no headers of its own.
    pub(crate) fn take(
        &self,
        caller: Caller,
        bucket: Bucket,
        now: Duration,
    ) -> Result<Standing, (ApiError, Option<Standing>)> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut all);
        let rate = all.entry(caller).or_insert_with(|| Rate::new(CALLS_BURST, CALLS_REFILL));
        rate.take(now).map_err(|wait| (ApiError::TooFast { wait, global: true }, None))?;
        drop(all);
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        if each.len() >= CALLERS_MAX {
            each.retain(|_, window| now.saturating_sub(window.began) < ROUTE_WINDOW);
        }
        make_room(&mut each);
        let window = each.entry((caller, bucket)).or_insert(Window { began: now, calls: 0 });
        if now.saturating_sub(window.began) >= ROUTE_WINDOW {
            *window = Window { began: now, calls: 0 };
        }
        let reset_after = ROUTE_WINDOW.saturating_sub(now.saturating_sub(window.began));
        if window.calls >= ROUTE_CALLS {
            let standing = Standing { route: bucket.0, left: 0, reset_after };
            return Err((ApiError::TooFast { wait: reset_after, global: false }, Some(standing)));
        }
        window.calls += 1;
        Ok(Standing { route: bucket.0, left: ROUTE_CALLS - window.calls, reset_after })
    }
}

/// Forgets all, should there be too many to keep: that is kinder than to refuse everyone new.
fn make_room<K: Eq + Hash, V>(map: &mut HashMap<K, V>) {
    if map.len() >= CALLERS_MAX {
        map.clear();
    }
}

impl Standing {
    /// Writes the headers; `now` is what the calendar says.
    pub(crate) fn write(self, headers: &mut HeaderMap, now: Timestamp) {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 with milliseconds fit")]
        let now = (now.unix_micros() / 1_000) as f64 / 1_000.0;
        let after = self.reset_after.as_secs_f64();
        let mut put = |name, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        };
        put("x-ratelimit-limit", ROUTE_CALLS.to_string());
        put("x-ratelimit-remaining", self.left.to_string());
        put("x-ratelimit-reset", format!("{:.3}", now + after));
        put("x-ratelimit-reset-after", format!("{after:.3}"));
        put("x-ratelimit-bucket", format!("route-{}", self.route));
    }
}
