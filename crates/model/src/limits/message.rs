//! Messages.

use std::time::Duration;

/// Characters of a message, at most. Discord's limit for accounts without a subscription.
pub const MESSAGE_CHARS_MAX: usize = 2_000;

/// Characters of a nonce, at most. Discord's limit for the `nonce` of a message.
pub const NONCE_CHARS_MAX: usize = 25;

/// Embeds of a message, at most. This and the next are Discord's ("Embed Limits").
pub const EMBEDS_MAX: usize = 10;

/// Characters in all embeds of a message together, at most.
pub const EMBEDS_CHARS_MAX: usize = 6_000;

/// Characters of an embed's title, at most.
pub const EMBED_TITLE_CHARS_MAX: usize = 256;

/// Characters of an embed's text, at most.
pub const EMBED_DESCRIPTION_CHARS_MAX: usize = 4_096;

/// Cells of an embed's table, at most.
pub const EMBED_FIELDS_MAX: usize = 25;

/// Characters of a cell's heading, at most.
pub const EMBED_NAME_CHARS_MAX: usize = 256;

/// Characters of a cell's text, at most.
pub const EMBED_VALUE_CHARS_MAX: usize = 1_024;

/// Characters of an embed's last line, at most.
pub const EMBED_FOOTER_CHARS_MAX: usize = 2_048;

/// Characters of the name of an embed's author, at most.
pub const EMBED_AUTHOR_CHARS_MAX: usize = 256;

/// Characters of an address, at most. Discord's limit for the addresses of embeds.
pub const URL_CHARS_MAX: usize = 2_048;

/// Users or roles that one message may mention. Discord's limit for `allowed_mentions`.
pub const MENTIONS_MAX: usize = 100;

/// Time in which a message with the same `nonce` and `enforce_nonce` counts as the same message.
///
/// Discord says "the past few minutes".
pub const NONCE_MEMORY: Duration = Duration::from_mins(5);

/// Messages in one page of history, at most. Discord's.
pub const HISTORY_PAGE_MAX: u32 = 100;

/// Messages that one event deletes, at most. Discord's limit for a bulk.
pub const BULK_DELETE_MAX: usize = 100;

/// Different emoji under one message, at most. Discord's.
pub const REACTIONS_MAX: usize = 20;

/// Users in one page of those who reacted, at most. Discord's.
pub const REACTORS_PAGE_MAX: u32 = 100;

/// Pinned messages of a channel, at most. Discord's.
pub const PINS_MAX: usize = 250;

/// Pins in one page, at most. Discord's.
pub const PINS_PAGE_MAX: u32 = 50;

/// Seconds after which a message cannot be deleted in bulk any more: two weeks. Discord's.
pub const BULK_DELETE_SECS_MAX: i64 = 14 * 24 * 60 * 60;

/// Bytes of pages of history that are kept ready, at most: what most read again and again is the newest page.
pub const PAGES_BYTES_MAX: usize = 32 * 1024 * 1024;
