//! What waits for the log and for the database, and what is kept of the log.

use std::time::Duration;

/// Questions to the database that wait, at most; who asks more is told that the server is busy. Most take less than a
/// millisecond.
pub const READS_WAITING_MAX: usize = 256;

/// Questions that may always wait, however dear they are: as with [`CHANGES_WAITING_MIN`].
pub const READS_WAITING_MIN: usize = 64;

/// Time that a question to the database waits for others, about, at most: no more are let in than are answered within it.
/// It is as long as a turn of the log ([`TURN_MAX`]), so that reading is as quick as writing when there is too much of both.
pub const READS_TIME_MAX: Duration = Duration::from_millis(50);

/// Time that one turn of the log is to take at most, its sync not counted: no more changes are let in than that many.
///
/// A change waits for the rest of one turn and for its own, so it is answered after twice this and two syncs; DESIGN asks
/// for 250 ms at most, and the network and other work on the processor need theirs.
pub const TURN_MAX: Duration = Duration::from_millis(50);

/// Changes that wait for the log, at most, however cheap they are; who asks for more is told that the server is busy.
///
/// Each takes a few KiB, and those that wait are all written in one transaction: more would save no more syncs.
pub const CHANGES_WAITING_MAX: usize = 256;

/// Changes that may always wait, however dear they are: some dozens of people at the same moment are not too many, also
/// where the processor has much else to do.
pub const CHANGES_WAITING_MIN: usize = 64;

/// Commands of connections that come, go on or go, which wait for the log at once; the others wait outside.
///
/// So few that changes are not held up by a storm of them, and enough that they share their syncs.
pub const PASSAGES_WAITING_MAX: usize = 64;

/// Time after which nobody knows when what was decided will be stored: the disk does not answer. Until it does, changes
/// are turned down at once, so that nobody waits for it who need not.
pub const TURN_STUCK: Duration = Duration::from_secs(2);

/// Time after which whoever was told that the server is busy may try again.
pub const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// Commands written in one transaction, at most: all that wait. Bounds the work that a crash undoes, and the size of one
/// fan-out.
pub const COMMANDS_PER_COMMIT_MAX: usize = CHANGES_WAITING_MAX + PASSAGES_WAITING_MAX;

/// Dispatches that the log keeps, at least: as far back a session can resume. About 50 MB.
pub const LOG_KEPT: i64 = 65_536;

/// Dispatches at the end of the log that are kept in memory, at most, for sessions that resume.
///
/// Enough for twenty thousand sessions that went and came back, and for what was said meanwhile.
pub const RECENT_MAX: usize = 65_536;

/// Bytes of these, at most.
pub const RECENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Time for which ids are taken ahead. After a crash, what is new gets ids of up to so far in the future.
pub const IDS_AHEAD: Duration = Duration::from_secs(1);

/// Searches that wait, at most; who asks for more is told that the server is busy. Most take a few milliseconds, and the
/// longest ones some dozens.
pub const LONG_READS_WAITING_MAX: usize = 32;
