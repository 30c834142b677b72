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
pub const SILENCE_MAX: Duration = Duration::from_secs(120);

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

/// Committed batches that wait for the fan-out, at most; the log waits for it beyond that.
pub const BATCHES_WAITING_MAX: usize = 4;

/// Connections in all, unless configured. Each takes about 2 KiB, and a file descriptor.
pub const CONNECTIONS_MAX: usize = 20_000;

/// Connections from one address (an IPv6 /64 counts as one), unless configured.
///
/// Room for a school or a company behind one address, too few to fill the server.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;
