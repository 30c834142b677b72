//! What people did, and what they were told: by this the server is judged.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use decentra_core::client::Replica;
use decentra_model::Id;
use tokio::time::Instant;

/// What people did, and what they were told. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<Entries>>);

/// What is in a record.
#[derive(Debug, Default)]
pub struct Entries {
    /// The gateway's sessions, in the order in which they were told READY.
    pub sessions: Vec<Session>,
    /// What was posted by calls.
    pub posts: Vec<Post>,
    /// Who is in the lobby.
    pub guests: Vec<Guest>,
}

impl Record {
    /// What is in it.
    pub fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session of the gateway.
#[derive(Debug)]
pub struct Session {
    /// Whose client it is.
    pub client: String,
    /// The account.
    pub user_id: String,
    /// Its intents.
    pub intents: u64,
    /// Guilds that it is yet to be told of, right after READY.
    pub guilds_to_come: usize,
    /// The newest message of the channel for all, as it stood then; `None` if the channel was not shown.
    pub newest: Option<Option<Id>>,
    /// What it was told after that: the names and the bodies.
    pub heard: Vec<(String, String)>,
    /// Whether it could not be resumed.
    pub refused: bool,
    /// Whether it has a connection, or means to have one again.
    pub is_live: bool,
}

/// A message that was posted by a call.
#[derive(Debug)]
pub struct Post {
    /// The channel.
    pub channel: String,
    /// What it says, and what it was edited to say; no two are the same. Those that are settled were acknowledged.
    pub texts: Vec<(String, bool)>,
    /// When it was sent first.
    pub sent: Instant,
    /// What came of it.
    pub fate: Fate,
    /// Its deletion, if that was asked for: whether it was acknowledged.
    pub deleted: Option<bool>,
    /// Whether someone reacted to it, and that was acknowledged.
    pub reacted: bool,
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is not known.
    Unknown,
    /// It was acknowledged.
    Taken(Id),
    /// It was refused. It may be there if the question was asked more than once.
    Refused {
        /// Whether it was asked once, so that it cannot be there.
        surely: bool,
    },
}

/// Someone in the lobby.
#[derive(Debug)]
pub struct Guest {
    /// Their name.
    pub name: String,
    /// What they said, in order.
    pub said: Vec<String>,
    /// What they see.
    pub replica: Replica,
    /// Whether they were in the lobby at all.
    pub has_entered: bool,
    /// Whether they have said all that they wanted to.
    pub is_done: bool,
}
