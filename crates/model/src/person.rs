//! What is between people, and what each of them wishes for themselves.

use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};

use crate::{Id, Timestamp};

/// What someone is to a user, as that user has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// Who it is.
    pub user_id: Id,
    /// What they are.
    pub kind: RelationshipKind,
    /// Since when.
    pub since: Timestamp,
    /// What the user calls them.
    #[serde(default)]
    pub nickname: Option<String>,
}

/// What someone is to a user. The numbers are those that Discord's own clients know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_repr, Deserialize_repr)]
#[repr(u8)]
pub enum RelationshipKind {
    /// A friend; each is the other's.
    Friend = 1,
    /// Someone whom the user wants nothing to do with. The other does not know.
    Blocked = 2,
    /// Someone who asks to be a friend.
    Incoming = 3,
    /// Someone whom the user has asked.
    Outgoing = 4,
}

/// Who may come up to someone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// Whether guilds that they come to are restricted from the beginning.
    #[serde(default)]
    pub default_guilds_restricted: bool,
    /// The guilds that are no reason to write to them.
    #[serde(default)]
    pub restricted_guilds: Vec<Id>,
    /// Who may ask to be a friend.
    #[serde(default)]
    pub friend_source: FriendSource,
}

/// Who may ask to be a friend: any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendSource {
    /// Everyone.
    pub all: bool,
    /// Friends of friends.
    pub mutual_friends: bool,
    /// Who shares a guild.
    pub mutual_guilds: bool,
}

impl Default for FriendSource {
    fn default() -> Self {
        Self { all: true, mutual_friends: true, mutual_guilds: true }
    }
}
