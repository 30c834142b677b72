//! Connections: how long each may take, and what may wait for one.

use std::time::Duration;

/// Time that a connection has to send the head of its request.
pub const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of the head of a request, at most.
pub const REQUEST_HEAD_BYTES_MAX: usize = 16 * 1024;

/// Time in which a client must take something of an answer; one that takes nothing is let go, and the answer with it.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

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

/// Bytes that one piece takes while it waits for one reader, beside its own: its place in the queue, and how it is kept.
pub const BACKLOG_PIECE_BYTES: usize = 160;

/// Bytes that wait for one reader each, of all readers together, at most; beyond it, whoever has more than
/// [`WAITING_BYTES_FREE`] is cut off, rather than that the memory fills. What many wait for is held once, and not counted.
pub const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Bytes that may wait for any reader, whatever waits for the others: a hundred messages that it shares with others.
pub const WAITING_BYTES_FREE: usize = 16 * 1024;

/// Bytes that the kernel takes for one connection before it has sent them, about; the rest waits with us, where it is shared
/// and counted. It takes megabytes else for each who does not read, and ten thousand of these slow down all that is sent.
///
/// Several times what leaves between two looks at a busy socket, so that nobody's line stands still for want of bytes.
pub const UNSENT_BYTES_MAX: u32 = 32 * 1024;

/// Connections in all, unless configured. Each takes about 6.5 KiB (`docs/performance.md`), and a
/// file descriptor.
pub const CONNECTIONS_MAX: usize = 20_000;

/// File descriptors that connections leave to the rest: the database with its log and its readers, the listener, the
/// runtime, and room for what a checkpoint or a library opens. About 25 are in use.
pub const DESCRIPTORS_KEPT: u64 = 64;

/// Connections from one address (an IPv6 /64 counts as one), unless configured.
///
/// Room for a school or a company behind one address, too few to fill the server.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;

/// Bytes of a body that is too long, that are taken and thrown away so that its sender hears the answer, at most.
pub const DISCARDED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of a body that nobody wants, which are taken all the same, at most; beyond it the connection is closed.
pub const SKIPPED_BYTES_MAX: usize = 64 * 1024;

/// Time that such a body has to come in.
pub const SKIP_TIMEOUT: Duration = Duration::from_secs(1);

/// Time that the body of a request has to come in.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);
