//! What the server asks of a database.
//!
//! [`Store`] is the whole of it; each backend is a crate of its own, and passes the suite that
//! [`store_conformance!`] writes out. [`StoreError`] is for the person who runs the server.

mod conformance;
mod error;

pub use conformance::suite;
use decentra_model::{Id, Message};
pub use error::StoreError;

/// A home for messages. One task owns it, so it needs no locks of its own.
pub trait Store: Send + 'static {
    /// Adds `messages`, whose ids grow, in one transaction: all are on disk when this returns, or none is.
    ///
    /// A message whose nonce is stored already, or stands twice among `messages`, is stored once; the answer tells, for
    /// each message in turn, what became of it.
    fn append(&mut self, messages: Vec<Message>) -> Result<Vec<Appended>, StoreError>;

    /// The newest `limit` messages, oldest first.
    fn newest(&mut self, limit: usize) -> Result<Vec<Message>, StoreError>;

    /// The id of the newest message.
    fn last_id(&mut self) -> Result<Option<Id>, StoreError>;

    /// Writes to the disk and leaves nothing behind: an error tells why messages cannot be stored now.
    fn probe(&mut self) -> Result<(), StoreError>;
}

/// What became of a message that was to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is stored.
    New(Message),
    /// It had been stored before, as this.
    Before(Message),
}
