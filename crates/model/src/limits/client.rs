//! The client.

use std::time::Duration;

use super::LOBBY_HISTORY_MAX;

/// Bytes of one message from a server to our client, at most; a server that sends more is left.
///
/// A history of [`LOBBY_HISTORY_MAX`] messages of [`MESSAGE_CHARS_MAX`](super::MESSAGE_CHARS_MAX) characters, each written as two `\uXXXX`
/// escapes (as Python's `json` does), takes 2.4 MB.
pub const SERVER_FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Messages that a client keeps until the server has confirmed them. Hours of typing on a train.
pub const OUTBOX_MAX: usize = 1_000;

/// Entries that a client can scroll back to. Days of a lively lobby; each costs a few hundred bytes.
pub const SCROLLBACK_MAX: usize = 10_000;

/// Bytes of text that a client can scroll back to, so that a server of another make, without our limits, cannot
/// fill the memory.
pub const SCROLLBACK_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Messages that a client remembers having seen, to tell what is new in the history after a reconnect.
///
/// Ten times what our server tells; a server that tells more is met halfway.
pub const SEEN_MAX: usize = 10 * LOBBY_HISTORY_MAX;

/// Bytes of messages that may come before the history; a server that sends more is left.
pub const EARLY_BYTES_MAX: usize = SERVER_FRAME_BYTES_MAX;

/// Time to reach a server: the name, the connection, TLS and the upgrade.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Time in which the history must come after `join`.
pub const ENTRY_TIMEOUT: Duration = Duration::from_secs(15);

/// Time in which the echo of a message must come; then the client reconnects, and looks for it in the history.
///
/// The server's disk may be busy, and the message may lie behind others in a slow connection.
pub const ECHO_TIMEOUT: Duration = Duration::from_secs(20);

/// Times that a message may stay without an echo on a living connection; then it counts as failed.
pub const ECHO_ATTEMPTS_MAX: u32 = 3;

/// Pause before a message is sent again that the server could not take, where the server names none.
pub const RESEND_PAUSE: Duration = Duration::from_secs(3);

/// Pause before a message is sent again, at most, whatever the server asks for.
pub const RESEND_PAUSE_MAX: Duration = Duration::from_mins(1);

/// Quiet time between two pings of the client. Shorter than what makes proxies and home routers forget a connection.
pub const CLIENT_PING_INTERVAL: Duration = Duration::from_secs(30);

/// Silence after which the client counts the connection as lost: two pings were not answered, and some slack.
pub const SERVER_SILENCE_MAX: Duration = Duration::from_secs(75);

/// Time in which one frame must leave; then the connection counts as lost.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Time that a client that leaves waits for the server's answer to its goodbye.
pub const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// The first pause before a reconnect is between zero and this; each further one may be twice as long.
///
/// A server that restarts is back within a second; and after it, a thousand clients come spread over that time.
pub const BACKOFF_BASE: Duration = Duration::from_millis(500);

/// The longest pause before a reconnect: how long a person may have to wait once the server is back.
pub const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// Time that a connection must have lasted for the pauses to start small again.
pub const BACKOFF_FORGIVEN_AFTER: Duration = Duration::from_secs(5);
