//! What sessions are told, as it stands in the log.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Id, Intents, Permissions, Timestamp};

/// A place in the log. Later ones are greater.
pub type Position = i64;

/// An event as the gateway tells it, encoded once for all who hear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Its name, such as `MESSAGE_CREATE`.
    pub name: Arc<str>,
    /// Who is told.
    pub audience: Audience,
    /// Its `d`, as JSON.
    pub body: Arc<[u8]>,
}

/// Who is told of a dispatch. What one may not see, one is not told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The circle.
    pub circle: Circle,
    /// The intents of which a session needs one; 0 is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub intents: u64,
    /// The user whom it is about, who is told whatever their intents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Id>,
    /// If there are any, nobody but these users is told: who they were is known only at the time when it happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<Id>,
    /// The user who is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except: Option<Id>,
    /// Who may read the text without the intent for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextGate>,
    /// Whose sight or permissions it changes: sessions cannot resume across it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes_sight: Option<SightChange>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Audience {
    /// All in `circle` with one of `intents`.
    pub fn new(circle: Circle, intents: Intents) -> Self {
        Self {
            circle,
            intents: intents.bits(),
            subject: None,
            among: Vec::new(),
            except: None,
            text: None,
            changes_sight: None,
        }
    }
}

/// A circle of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Circle {
    /// One user.
    User(Id),
    /// The members of a guild.
    Guild(Id),
    /// The members of a guild who have these permissions at this time.
    Holders(Id, Permissions, Timestamp),
    /// The members of a guild who see a channel: the guild, the channel.
    Viewers(Id, Id),
    /// The members of a guild who have these permissions in a channel at this time.
    ChannelHolders(Id, Id, Permissions, Timestamp),
    /// Those whom the audience names, whatever has become of them since.
    Named,
    /// Those who are in a direct channel.
    Direct(Id),
    /// Nobody: it only marks a place in the log.
    Nobody,
}

/// Who may read a message without the intent for content: its author, and whom it mentions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextGate {
    /// Whose it is.
    pub author: Option<Id>,
    /// Whom it mentions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Id>,
}

/// Whose sight changes: that of a guild's members, or of one user, there or among their direct channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightChange {
    /// The guild; none, where it is a direct channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
    /// The one user, or all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Id>,
}
