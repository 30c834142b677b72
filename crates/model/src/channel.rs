//! A place within a guild.

use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};

use crate::{Id, Permissions, Timestamp};

/// A channel of a guild.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: Id,
    /// The guild it is in.
    pub guild_id: Id,
    /// What kind it is.
    pub kind: ChannelKind,
    /// What it is called.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub topic: Option<String>,
    /// Its place in the list.
    #[serde(default)]
    pub position: i32,
    /// Whether it is for adults.
    #[serde(default)]
    pub nsfw: bool,
    /// Seconds that one must wait between two messages.
    #[serde(default)]
    pub rate_limit_per_user: u32,
    /// The category it stands under.
    #[serde(default)]
    pub parent_id: Option<Id>,
    /// Its exceptions to what roles allow.
    #[serde(default)]
    pub overwrites: Vec<Overwrite>,
    /// Bits per second of voice.
    #[serde(default = "bitrate")]
    pub bitrate: u32,
    /// How many may speak at once; 0 is no limit.
    #[serde(default)]
    pub user_limit: u32,
    /// Minutes after which a thread in it is archived, unless it says otherwise.
    #[serde(default)]
    pub default_auto_archive_duration: Option<u32>,
    /// When a message was last pinned.
    #[serde(default)]
    pub last_pin_at: Option<Timestamp>,
}

fn bitrate() -> u32 {
    64_000
}

impl Channel {
    /// A channel that has just been made.
    pub fn new(id: Id, guild_id: Id, kind: ChannelKind, name: impl Into<String>) -> Self {
        Self {
            id,
            guild_id,
            kind,
            name: name.into(),
            topic: None,
            position: 0,
            nsfw: false,
            rate_limit_per_user: 0,
            parent_id: None,
            overwrites: Vec::new(),
            bitrate: bitrate(),
            user_limit: 0,
            default_auto_archive_duration: None,
            last_pin_at: None,
        }
    }
}

/// What kind of channel it is. Source: Discord's documentation, "Channel Types".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize_repr, Deserialize_repr)]
#[repr(u8)]
pub enum ChannelKind {
    /// For text.
    Text = 0,
    /// For voice, and text beside it.
    Voice = 2,
    /// A heading over others.
    Category = 4,
    /// For news that other guilds may follow.
    Announcement = 5,
}

impl ChannelKind {
    /// The kind with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Text, Self::Voice, Self::Category, Self::Announcement]
            .into_iter()
            .find(|kind| u64::from(*kind as u8) == number)
    }

    /// Whether messages can be written in it.
    pub fn takes_messages(self) -> bool {
        self != Self::Category
    }

    /// Whether people can speak in it.
    pub fn is_voice(self) -> bool {
        self == Self::Voice
    }
}

/// A channel's exception for a role or a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overwrite {
    /// Whom it is for.
    pub id: Id,
    /// Whether that is a role or a member.
    #[serde(rename = "type")]
    pub kind: OverwriteKind,
    /// What is allowed here.
    #[serde(default)]
    pub allow: Permissions,
    /// What is not.
    #[serde(default)]
    pub deny: Permissions,
}

/// Whom an overwrite is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_repr, Deserialize_repr)]
#[repr(u8)]
pub enum OverwriteKind {
    /// All who have a role.
    Role = 0,
    /// One member.
    Member = 1,
}
