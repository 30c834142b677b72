//! Questions to a database.

use decentra_model::message::Page;
use decentra_model::search::{Found, Query};
use decentra_model::{AuditEntry, Dispatch, Id, Message, Position, Timestamp};

use crate::StoreError;

/// Answers questions. Absence is `None` or empty; a [`StoreError`] means that the database failed.
pub trait Reader: Send + 'static {
    /// A message. Its reactions tell whether `viewer` is among them.
    fn message(&mut self, channel: Id, id: Id, viewer: Option<Id>) -> Result<Option<Message>, StoreError>;

    /// The messages of a page, newest first.
    fn messages(&mut self, channel: Id, page: Page, viewer: Option<Id>) -> Result<Vec<Message>, StoreError>;

    /// The message that was stored under `dedupe`.
    fn message_with(&mut self, dedupe: &str) -> Result<Option<Message>, StoreError>;

    /// The pinned messages, the one pinned last first, of those pinned before `before`; at most `limit`.
    fn pins(
        &mut self,
        channel: Id,
        before: Option<Timestamp>,
        limit: u32,
        viewer: Option<Id>,
    ) -> Result<Vec<Message>, StoreError>;

    /// How many messages are pinned.
    fn pin_count(&mut self, channel: Id) -> Result<usize, StoreError>;

    /// Whether `user` put `emoji` under the message.
    fn has_reacted(&mut self, channel: Id, message: Id, emoji: &str, user: Id) -> Result<bool, StoreError>;

    /// Who put `emoji` under the message: users after the id `after`, at most `limit`, in the order of their ids.
    fn reactors(
        &mut self,
        channel: Id,
        message: Id,
        emoji: &str,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<Id>, StoreError>;

    /// The newest messages that any of `authors` wrote in the channel after the id `after`: oldest first, at most `limit`.
    ///
    /// It looks once at each message after `after`, however many authors there are.
    fn written_by(
        &mut self,
        channel: Id,
        authors: &[Id],
        after: Id,
        limit: usize,
    ) -> Result<Vec<Id>, StoreError>;

    /// When `author` wrote in the channel last, if that was after the id `after`, also if it was deleted since. What the
    /// server says of them, such as that they joined, does not count; nor what is dated after `now`, since the clock was
    /// set back.
    fn last_written(
        &mut self,
        channel: Id,
        author: Id,
        after: Id,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Entries of a guild's audit log, newest first.
    fn audit(&mut self, guild: Id, query: AuditQuery) -> Result<Vec<AuditEntry>, StoreError>;

    /// The picture of an account or a guild with this hash, at least `side` pixels wide, or the largest there is: PNG.
    fn picture(&mut self, owner: Id, hash: &str, side: u32) -> Result<Option<Vec<u8>>, StoreError>;

    /// The messages that `query` asks for, also those that have just been committed. Their reactions tell whether `viewer` is
    /// among them.
    fn search(&mut self, query: &Query, viewer: Option<Id>) -> Result<Found, StoreError>;

    /// What the log has after `position`, oldest first, at most `limit`.
    fn log_after(&mut self, position: Position, limit: u32) -> Result<Vec<Logged>, StoreError>;

    /// What the log has up to `position`, newest first, at most `limit`.
    fn log_until(&mut self, position: Position, limit: u32) -> Result<Vec<Logged>, StoreError>;
}

/// A dispatch at its place in the log.
pub type Logged = (Position, Dispatch);

/// Which entries of an audit log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Those of one user.
    pub user_id: Option<Id>,
    /// Those of one kind.
    pub action_type: Option<u16>,
    /// Those about one thing.
    pub target_id: Option<Id>,
    /// Those before this id.
    pub before: Option<Id>,
    /// Those after this id: then the oldest first.
    pub after: Option<Id>,
    /// How many, at most.
    pub limit: u32,
}
