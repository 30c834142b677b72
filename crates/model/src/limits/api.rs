//! Calls of the API: their bodies, and how many.

use std::time::Duration;

/// Bytes of the body of a request that may hold a picture, at most: room for it as text, and for what stands beside it.
pub const LONG_BODY_BYTES_MAX: usize = 12 * 1024 * 1024;

/// Bodies longer than [`BODY_BYTES_MAX`] that are read and worked on at once. Each takes up to three times its bytes: as
/// it came, as JSON and as what it means.
pub const LONG_BODIES_AT_ONCE: usize = 8;

/// Bytes of the body of any other request, at most: what a caller without an account makes the server hold is counted in
/// these. The longest that makes sense are the overwrites of a channel, and the order of all channels: 50 KB.
pub const BODY_BYTES_MAX: usize = 128 * 1024;

/// Commas in a body of JSON, at most: they bound how many values it has, each of which takes up to a hundred bytes in
/// memory, and two in the body. The longest message with embeds holds 30,000, most of them in its words.
pub const BODY_COMMAS_MAX: usize = 65_536;

/// Characters of a reason in the audit log, at most. Discord's.
pub const REASON_CHARS_MAX: usize = 512;

/// Calls that one account, or one address without an account, may make at once, and the time after which one more is
/// free: 50 a second, as Discord has it for all routes together ("Global Rate Limit").
pub const CALLS_BURST: u32 = 100;

/// See [`CALLS_BURST`].
pub const CALLS_REFILL: Duration = Duration::from_millis(20);

/// Callers whose rates are kept, at most; beyond it those that are quiet are forgotten.
pub const CALLERS_MAX: usize = 65_536;

/// Calls of one route, for one channel or guild, that one account may make within [`ROUTE_WINDOW`].
///
/// Discord's are lower and differ by route; bots wait as they are told, but some give up, so ours are generous.
pub const ROUTE_CALLS: u32 = 30;

/// See [`ROUTE_CALLS`].
pub const ROUTE_WINDOW: Duration = Duration::from_secs(1);
