//! Guilds: their channels, roles and members, and their order.

/// Members of a guild, at most. The largest community that Decentra is made for is a tenth of it.
pub const MEMBERS_MAX: usize = 100_000;

/// Characters of the name of a guild, channel or role, at most. Discord's.
pub const TITLE_CHARS_MAX: usize = 100;

/// Characters of a guild's description, at most. Discord's.
pub const GUILD_DESCRIPTION_CHARS_MAX: usize = 300;

/// Guilds that one account may be in, at most. Discord's limit for accounts without a subscription.
pub const GUILDS_PER_USER_MAX: usize = 100;

/// Channels of a guild, at most. Discord's, categories counted.
pub const CHANNELS_MAX: usize = 500;

/// Channels under one category, at most. Discord's.
pub const CHANNELS_PER_CATEGORY_MAX: usize = 50;

/// Characters of a channel's topic, at most. Discord's.
pub const TOPIC_CHARS_MAX: usize = 1_024;

/// Seconds of slow mode, at most: six hours. Discord's.
pub const SLOW_MODE_MAX: u32 = 21_600;

/// Bits per second of a voice channel, at least and at most. Discord's.
pub const BITRATE_MIN: u32 = 8_000;

/// See [`BITRATE_MIN`].
pub const BITRATE_MAX: u32 = 384_000;

/// People in one voice channel, at most, where that is limited. Discord's.
pub const VOICE_USERS_MAX: u32 = 99;

/// Exceptions of one channel to what roles allow, at most. Above the 250 roles of a guild; each takes 40 bytes.
pub const OVERWRITES_MAX: usize = 500;

/// Roles of a guild, at most, `@everyone` counted. Discord's.
pub const ROLES_MAX: usize = 250;

/// Members in one page of a list, at most. Discord's.
pub const MEMBERS_PAGE_MAX: u32 = 1_000;

/// Seconds that a member can be timed out, at most: 28 days. Discord's.
pub const TIMEOUT_SECS_MAX: i64 = 28 * 24 * 60 * 60;

/// Members that one prune removes, at most; who wants more prunes again. Each is an event that all are told of.
pub const PRUNE_MAX: usize = 1_000;

/// Days without a login after which a prune removes a member, at most. Discord's.
pub const PRUNE_DAYS_MAX: u32 = 30;

/// Bans of a guild, at most: as many as it may have members.
pub const BANS_MAX: usize = MEMBERS_MAX;

/// Bans in one page of a list, at most. Discord's.
pub const BANS_PAGE_MAX: u32 = 1_000;

/// Accounts that one call may ban, at most. Discord's limit for a bulk ban.
pub const BULK_BAN_MAX: usize = 200;

/// Seconds back from a ban, for which messages may be deleted with it, at most: seven days. Discord's.
pub const BAN_DELETE_SECS_MAX: u32 = 7 * 24 * 60 * 60;

/// Messages of one channel that a call deletes with its bans, at most: the newest. Bounds the work of one command.
pub const BAN_DELETE_MAX: usize = 10_000;

/// Invites of a guild, at most. Discord's.
pub const INVITES_MAX: usize = 1_000;

/// Seconds that an invite holds, at most: seven days. Discord's.
pub const INVITE_AGE_MAX: u32 = 7 * 24 * 60 * 60;

/// Times that an invite can be used, at most, where that is limited. Discord's.
pub const INVITE_USES_MAX: u32 = 100;

/// Characters of an invite's code: 62 to the power of 8 cannot be guessed at the rate that calls are taken.
pub const INVITE_CODE_CHARS: usize = 8;

/// Entries of the audit log in one page, at most. Discord's.
pub const AUDIT_PAGE_MAX: u32 = 100;
