//! A gateway session, as far as it must outlive its connection and the process.

use serde::{Deserialize, Serialize};

use crate::{Id, Position, TokenHash};

/// A gateway session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewaySession {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub user_id: Id,
    /// The login it was opened with: it ends with it.
    pub login: TokenHash,
    /// What it wants to hear of.
    pub intents: u64,
    /// Which shard it is, and of how many.
    #[serde(default)]
    pub shard: Option<(u32, u32)>,
    /// Members, above which a guild is told without those who are offline.
    pub large_threshold: usize,
    /// Whether it is a person's client, which gets the guilds whole.
    #[serde(default)]
    pub whole: bool,
    /// Where it stood when this was written.
    pub mark: Mark,
}

/// Where a session stands: dispatch `sequence` was the last that it was told of what the log has up to `position`.
///
/// From one mark, the place of any other sequence is found by counting, in the log, what the session is told of, since
/// all that a session is told has a place there, with two exceptions, which are noted here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The last dispatch that was sent.
    pub sequence: u64,
    /// The place in the log up to which it was told.
    pub position: Position,
    /// The last dispatch that is not in the log: what came before it cannot be told again.
    pub floor: u64,
    /// The sequences of `RESUMED` since then, which are not in the log and need not be told again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resumed: Vec<u64>,
}
