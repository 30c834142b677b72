//! Every bound of the program, with its unit and its reason. Nothing is unbounded (DESIGN 2.5).

use std::time::Duration;

/// Characters of a message, at most. Discord's limit for accounts without a subscription.
pub const MESSAGE_CHARS_MAX: usize = 2_000;

/// Characters of a name, at most. Discord's limit for user names and nicknames.
pub const NAME_CHARS_MAX: usize = 32;

/// Characters of a nonce, at most. Discord's limit for the `nonce` of a message.
pub const NONCE_CHARS_MAX: usize = 25;

/// Bytes of one frame from a lobby client, at most; what is longer is skipped, never kept.
///
/// A message of [`MESSAGE_CHARS_MAX`] characters, each written as two `\uXXXX` escapes, takes 24,000 bytes; the
/// rest is room for the keys around it and for what a client may add.
pub const LOBBY_FRAME_BYTES_MAX: usize = 32 * 1024;

/// Messages that a newcomer to the lobby is shown. The number that the first Decentra chose.
pub const LOBBY_HISTORY_MAX: usize = 100;

/// Names in one list of who is in the lobby, at most; the count beside it is always whole.
pub const ROSTER_NAMES_MAX: usize = 100;

/// Messages that one lobby connection may send at once, after a quiet time.
pub const LOBBY_BURST: u32 = 10;

/// Time after which one more message may be sent, once the burst is used up: five each second.
pub const LOBBY_REFILL: Duration = Duration::from_millis(200);

/// Pause in reading from a connection for each frame that came too fast.
///
/// Every such frame is answered, so a flood would buy answers at its own rate; the pause lets at most a thousand
/// a second through, and the rest waits in the sender's own socket.
pub const FLOOD_PAUSE: Duration = Duration::from_millis(1);

/// Time that a connection has to send the head of its request.
pub const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of the head of a request, at most.
pub const REQUEST_HEAD_BYTES_MAX: usize = 16 * 1024;

/// Time that a lobby connection has to join.
pub const JOIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Quiet time after which the server pings everyone in the lobby.
///
/// Shorter than the 60 s after which common reverse proxies (nginx's `proxy_read_timeout`) drop a silent connection.
pub const PING_INTERVAL: Duration = Duration::from_secs(45);

/// Silence after which a lobby connection counts as dead: two pings and their answers went missing.
pub const SILENCE_MAX: Duration = Duration::from_mins(2);

/// Time that the last bytes of a connection that is being closed have to leave.
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Time that a stop may take, in all (DESIGN 2.1).
pub const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes that wait for one slow reader, at most; then it is cut off, and catches up when it comes back.
///
/// The bytes are shared by all who wait for them, so a thousand slow readers hold one copy.
pub const BACKLOG_BYTES_MAX: usize = 1024 * 1024;

/// Pieces that wait for one slow reader, at most: each costs 32 bytes of its own, however short.
pub const BACKLOG_PIECES_MAX: usize = 512;

/// Commands that wait for the log, at most; connections that send more wait to be read.
pub const COMMANDS_WAITING_MAX: usize = 1_024;

/// Commands written in one transaction, at most. Bounds the work that a crash undoes, and the size of one fan-out.
pub const COMMANDS_PER_COMMIT_MAX: usize = 256;

/// Connections in all, unless configured. Each takes about 6.5 KiB (`docs/performance.md`), and a
/// file descriptor.
pub const CONNECTIONS_MAX: usize = 20_000;

/// Connections from one address (an IPv6 /64 counts as one), unless configured.
///
/// Room for a school or a company behind one address, too few to fill the server.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;

/// Bytes of one message from a server to our client, at most; a server that sends more is left.
///
/// A history of [`LOBBY_HISTORY_MAX`] messages of [`MESSAGE_CHARS_MAX`] characters, each written as two `\uXXXX`
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
