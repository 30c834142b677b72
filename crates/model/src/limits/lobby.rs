//! The lobby.

use std::time::Duration;

/// Characters of a name, at most. Discord's limit for user names and nicknames.
pub const NAME_CHARS_MAX: usize = 32;

/// Bytes of one frame from a lobby client, at most; what is longer is skipped, never kept.
///
/// A message of [`MESSAGE_CHARS_MAX`](super::MESSAGE_CHARS_MAX) characters, each written as two `\uXXXX` escapes, takes 24,000 bytes; the
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

/// Times that the guests of one network may join at once, and the time after which one more is free.
///
/// As many as may be connected ([`CONNECTIONS_PER_ADDRESS_MAX`](super::CONNECTIONS_PER_ADDRESS_MAX)), so that all can come back after a restart; but nobody
/// fills the screens of others by coming and going.
pub const GUEST_JOINS_BURST: u32 = 256;

/// See [`GUEST_JOINS_BURST`].
pub const GUEST_JOINS_REFILL: Duration = Duration::from_secs(1);

/// Messages that the guests of one network may send at once together, and the time after which one more is free: 20 a
/// second, more than anyone reads, so that many connections do not fill the disk faster than a few.
pub const GUEST_MESSAGES_BURST: u32 = 100;

/// See [`GUEST_MESSAGES_BURST`].
pub const GUEST_MESSAGES_REFILL: Duration = Duration::from_millis(50);

/// Time that a lobby connection has to join.
pub const JOIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Time that a message in the lobby waits to be taken, at most. With twice [`TURN_MAX`](super::TURN_MAX) it is less than 250 ms.
pub const BUSY_WAIT: Duration = Duration::from_millis(100);
