//! Messages: to send, read, edit and delete them.

#![expect(clippy::unwrap_used, reason = "a test")]

mod delete;
mod edit;
mod embed;
mod history;
mod mention;
mod place;
mod reply;
mod send;

/// Permissions, by Discord's numbers.
mod permission {
    pub(crate) const VIEW: u64 = 1 << 10;
    pub(crate) const SEND: u64 = 1 << 11;
    pub(crate) const MANAGE_MESSAGES: u64 = 1 << 13;
    pub(crate) const EMBED_LINKS: u64 = 1 << 14;
    pub(crate) const HISTORY: u64 = 1 << 16;
    pub(crate) const MENTION_EVERYONE: u64 = 1 << 17;
}
