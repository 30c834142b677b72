//! People among themselves, and how far they have read.

/// Users in a direct channel beside the one who asks, at most. Discord's: a group has ten.
pub const RECIPIENTS_MAX: usize = 9;

/// Direct channels in a list of one's own, at most: those that were written in last. Who has more finds the others by whom
/// they are with.
pub const DIRECTS_SHOWN_MAX: usize = 1_000;

/// Groups that one can be in, at most. Ours: each costs all who are in it a place in their lists.
pub const GROUPS_PER_USER_MAX: usize = 100;

/// Friends and requests of one person, at most. Discord's limit for friends.
pub const FRIENDS_MAX: usize = 1_000;

/// Those whom one person has blocked, at most.
pub const BLOCKS_MAX: usize = 1_000;

/// Those who are told how someone appears outside of guilds, at most: all friends, and about as many with whom there is a
/// direct channel.
pub const CONTACTS_MAX: usize = 2 * FRIENDS_MAX;

/// Characters of a note on somebody, at most. Discord's.
pub const NOTE_CHARS_MAX: usize = 256;

/// Notes of one person, at most. Discord's.
pub const NOTES_MAX: usize = 500;

/// Channels in which one notes at once how far one has read, at most. Discord's.
pub const ACKS_MAX: usize = 100;

/// Messages meant for one that are counted in a channel, at most: more than any badge shows.
pub const MENTION_COUNT_MAX: u32 = 9_999;

/// Messages meant for many that are noted for each channel, the newest: what is older is counted for nobody any more.
pub const BROAD_MENTIONS_MAX: u32 = 100;

/// Seconds for which clients offer to mute, at most: a year.
pub const MUTE_SECS_MAX: i64 = 366 * 24 * 60 * 60;
