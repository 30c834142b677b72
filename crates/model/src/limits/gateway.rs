//! Sessions of the gateway.

use std::time::Duration;

/// Time that a gateway session may be left before it is forgotten.
///
/// Long enough for a tunnel, a closed lid, an upgrade of the server or of the bot's machine.
pub const RESUME_WINDOW: Duration = Duration::from_mins(10);

/// Pause between two notes of where gateway sessions stand.
pub const SESSION_NOTE_INTERVAL: Duration = Duration::from_secs(2);

/// Gateway sessions that are noted at once, unless the log moves so fast that more have to be. Each takes about 20 µs, and
/// changes wait for them.
pub const SESSION_NOTES_MAX: usize = 256;

/// Bytes of one payload from a gateway client, at most. Discord's ("Sending Events").
pub const GATEWAY_PAYLOAD_BYTES_MAX: usize = 4_096;

/// Payloads that one gateway connection may send at once, and the time after which one more is free: 120 in 60 s, as
/// Discord has it ("Rate Limiting").
pub const GATEWAY_BURST: u32 = 120;

/// See [`GATEWAY_BURST`].
pub const GATEWAY_REFILL: Duration = Duration::from_millis(500);

/// Sessions that one account may open at once, and the time after which one more is free. Far above what Discord
/// allows, since a small server has no need to spread restarts over time.
pub const IDENTIFY_BURST: u32 = 64;

/// See [`IDENTIFY_BURST`].
pub const IDENTIFY_REFILL: Duration = Duration::from_secs(1);

/// Sessions that one account may have, live and left together, at most: the oldest left one goes first.
pub const SESSIONS_PER_USER_MAX: usize = 1_024;

/// Time between two heartbeats of a gateway client. Discord's usual value.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(41_250);

/// Time that a gateway client has to take what it is sent at once when its session begins or goes on: one guild, or 64
/// dispatches. A few hundred kilobytes over the slowest of lines.
pub const TAKE_TIMEOUT: Duration = Duration::from_mins(1);

/// Time that a gateway connection has to identify or resume.
pub const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of a presence's activities, at most.
pub const PRESENCE_BYTES_MAX: usize = 4_096;

/// Activities of a presence, at most.
pub const ACTIVITIES_MAX: usize = 8;

/// Members in one `GUILD_MEMBERS_CHUNK`. Discord's.
pub const MEMBERS_PER_CHUNK: usize = 1_000;

/// Members that a search may find, at most. Discord's limit for a request by name.
pub const MEMBERS_FOUND_MAX: usize = 100;

/// Pause between two looks for custom statuses that are to end.
pub const STATUS_INTERVAL: Duration = Duration::from_secs(5);

/// Characters of a custom status, at most. Discord's.
pub const CUSTOM_STATUS_CHARS_MAX: usize = 128;
