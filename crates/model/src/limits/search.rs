//! Searches.

use std::time::Duration;

/// Characters of a word in the index of messages, at most: a word is known by so many. Longer ones are no words that
/// somebody would type.
pub const WORD_CHARS_MAX: usize = 40;

/// Characters of what is searched for, at most. Discord's.
pub const SEARCH_CHARS_MAX: usize = 1_024;

/// Terms in what is searched for, at most: each takes a few reads in the index. A long paragraph has fewer.
pub const SEARCH_TERMS_MAX: usize = 256;

/// Terms of these that may be the beginning of a word, at most: for each, all words are gathered that begin so.
pub const SEARCH_PREFIXES_MAX: usize = 4;

/// Letters, at least, of what is to be the beginning of a word, where they are Latin: too many words begin with fewer.
pub const PREFIX_CHARS_MIN: usize = 4;

/// Letters, at least, of the last word that is searched for to stand for longer ones as well.
pub const UNFINISHED_CHARS_MIN: usize = 4;

/// Messages in one page of what was found, at most. Discord's.
pub const SEARCH_PAGE_MAX: u32 = 25;

/// Messages that a page may pass over, at most. Discord's.
pub const SEARCH_OFFSET_MAX: u32 = 9_975;

/// Messages that are found, at most: as many as can be paged to. Of more, so many are told.
pub const SEARCH_FOUND_MAX: usize = (SEARCH_OFFSET_MAX + SEARCH_PAGE_MAX) as usize;

/// Messages that are compared by what they say, at most: the newest of those that are found. Each takes a few microseconds.
pub const SEARCH_RANKED_MAX: usize = 1_000;

/// Accounts, roles, messages or hosts that one filter of a search may name, at most. Discord's.
pub const SEARCH_CHOICES_MAX: usize = 100;

/// Characters of a host's name, at most: what DNS has room for (RFC 1035).
pub const HOST_CHARS_MAX: usize = 253;

/// Messages that the index of searches takes in at once. To look through those that wait for it takes a search a few
/// milliseconds, and to take them in about as long.
pub const INDEXED_AT_ONCE: usize = 1_024;

/// Pause between two steps in which older messages are taken into the index of searches, of [`INDEXED_AT_ONCE`] each: a step
/// holds the log up for about 10 ms. A million messages take a minute.
pub const INDEX_PAUSE: Duration = Duration::from_millis(50);
