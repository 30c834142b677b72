//! What was posted.

use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};

use crate::{Embed, Id, Name, Timestamp};

/// A message in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id: later ones are greater.
    pub id: Id,
    /// Where it stands.
    pub channel_id: Id,
    /// Whose it is.
    pub author: Author,
    /// Its text.
    pub content: String,
    /// When it was taken.
    pub timestamp: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// When it was pinned.
    pub pinned_at: Option<Timestamp>,
    /// All that most messages do not have.
    pub extra: Extra,
    /// What others put under it, in the order in which each emoji came first.
    #[serde(skip)]
    pub reactions: Vec<Reaction>,
}

/// What most messages do not have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    /// What kind of message it is.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: MessageKind,
    /// The flags of Discord's documentation, "Message Flags".
    #[serde(skip_serializing_if = "is_default")]
    pub flags: u32,
    /// Whether it is to be read aloud.
    #[serde(skip_serializing_if = "is_default")]
    pub tts: bool,
    /// Whether it mentions everyone.
    #[serde(skip_serializing_if = "is_default")]
    pub mention_everyone: bool,
    /// The accounts that it mentions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Id>,
    /// The roles that it mentions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mention_roles: Vec<Id>,
    /// Its cards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub embeds: Vec<Embed>,
    /// The message that it answers, or that was pinned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Whose a message is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// An account's.
    User(Id),
    /// A guest's, by the name they went by in the lobby.
    Guest(Name),
}

impl Author {
    /// The account, if it is one.
    pub fn user(&self) -> Option<Id> {
        match self {
            Self::User(id) => Some(*id),
            Self::Guest(_) => None,
        }
    }
}

/// What kind of message it is. Source: Discord's documentation, "Message Types".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize_repr, Deserialize_repr)]
#[repr(u8)]
pub enum MessageKind {
    /// Someone wrote it.
    #[default]
    Default = 0,
    /// Someone came into a group.
    RecipientAdd = 1,
    /// Someone left a group, or was sent away.
    RecipientRemove = 2,
    /// A group is called otherwise.
    ChannelNameChange = 4,
    /// A group looks otherwise.
    ChannelIconChange = 5,
    /// Someone pinned a message.
    ChannelPinnedMessage = 6,
    /// Someone joined.
    UserJoin = 7,
    /// Someone answered a message.
    Reply = 19,
}

/// Another message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Its id.
    pub message_id: Id,
    /// Where it stands.
    pub channel_id: Id,
    /// In which guild; none, if it stands in a direct channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
}

/// An emoji under a message, and how many put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many chose it.
    pub count: u64,
    /// Whether the one who asks did.
    pub me: bool,
}

/// Messages of one channel, up to a number of them. They come newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Page {
    /// Which.
    pub anchor: Anchor,
    /// How many, at most.
    pub limit: u32,
}

/// Where a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// The newest.
    Newest,
    /// The newest of those before this id.
    Before(Id),
    /// The oldest of those after this id.
    After(Id),
    /// Half before, half after, and the one with this id.
    Around(Id),
}
