//! What was posted.

use crate::{Body, Id, Name, Nonce, Timestamp};

/// A message that a database holds, or is about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place among all messages: later ones have greater ids.
    pub id: Id,
    /// Who said it, as they were called then.
    pub author: Name,
    /// What was said.
    pub body: Body,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// The mark that its author's client put on it.
    pub nonce: Option<Nonce>,
}

/// Text that has not yet become a [`Message`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who wants to say it.
    pub author: Name,
    /// What they want to say.
    pub body: Body,
    /// The mark that their client put on it.
    pub nonce: Option<Nonce>,
}

impl Draft {
    /// The message that this draft becomes.
    pub fn accepted(self, id: Id, timestamp: Timestamp) -> Message {
        Message { id, author: self.author, body: self.body, timestamp, nonce: self.nonce }
    }
}
