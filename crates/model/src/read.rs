//! How far someone has read, and what is to be counted for them.

use serde::{Deserialize, Serialize};

use crate::{Id, Timestamp};

/// How far someone has read in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadState {
    /// The channel.
    pub channel_id: Id,
    /// The last message that they have read; 0, if they have read none.
    pub last_message_id: Id,
    /// Messages since then that are meant for them.
    pub mention_count: u32,
    /// When that message was pinned of which they have seen last that it is.
    pub pins_seen_at: Option<Timestamp>,
}

impl ReadState {
    /// Of someone who has read nothing.
    pub fn unread(channel_id: Id) -> Self {
        Self { channel_id, last_message_id: Id::from_i64(0), mention_count: 0, pins_seen_at: None }
    }
}

/// Why someone has read so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// They wrote: they were looking at the channel.
    Wrote,
    /// They were shown it.
    Acknowledged,
    /// They say so, and may have read further.
    Marked,
    /// They were shown what is pinned.
    SawPins,
}

/// A message that is meant for many: it is noted once, and not for each of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadMention {
    /// Where it stands.
    pub channel_id: Id,
    /// Which.
    pub message_id: Id,
    /// Whose it is.
    pub author_id: Id,
    /// Whether it is meant for everyone.
    #[serde(default)]
    pub everyone: bool,
    /// The roles that it is meant for.
    #[serde(default)]
    pub roles: Vec<Id>,
}

/// What notifies someone in a guild, or in their direct channels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Notifications {
    /// The guild; none, for direct channels.
    pub guild_id: Option<Id>,
    /// How often they were changed.
    #[serde(default)]
    pub version: u64,
    /// For all channels that do not say otherwise.
    #[serde(default)]
    pub rule: NotificationRule,
    /// Whether those meant for everyone are meant for others.
    #[serde(default)]
    pub suppress_everyone: bool,
    /// Whether those meant for roles are meant for others.
    #[serde(default)]
    pub suppress_roles: bool,
    /// Whether telephones are notified.
    #[serde(default)]
    pub mobile_push: Option<bool>,
    /// Whether scheduled events notify nobody.
    #[serde(default)]
    pub mute_scheduled_events: bool,
    /// Whether muted channels are not shown in lists.
    #[serde(default)]
    pub hide_muted_channels: bool,
    /// What Discord's clients keep here.
    #[serde(default)]
    pub flags: u32,
    /// The channels that say otherwise.
    #[serde(default)]
    pub channels: Vec<ChannelNotifications>,
}

/// What notifies someone in one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelNotifications {
    /// The channel.
    pub channel_id: Id,
    /// What.
    #[serde(default)]
    pub rule: NotificationRule,
    /// Whether it is shown folded up.
    #[serde(default)]
    pub collapsed: bool,
    /// What Discord's clients keep here.
    #[serde(default)]
    pub flags: u32,
}

/// Which messages notify someone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationRule {
    /// Which: 0 all, 1 mentions, 2 nothing; `None` is as what stands above it has it.
    #[serde(default)]
    pub level: Option<u8>,
    /// Whether they are silent.
    #[serde(default)]
    pub muted: bool,
    /// Until when they are, if not for good.
    #[serde(default)]
    pub muted_until: Option<Timestamp>,
    /// The seconds that were chosen for it, for clients to show.
    #[serde(default)]
    pub muted_secs: Option<i64>,
}

/// The level at which nothing is meant for someone.
pub const LEVEL_NOTHING: u8 = 2;

impl NotificationRule {
    /// Whether it is silent at the time `now`.
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.muted && self.muted_until.is_none_or(|until| until > now)
    }
}

impl Notifications {
    /// What is said of a channel.
    pub fn channel(&self, id: Id) -> Option<&ChannelNotifications> {
        self.channels.iter().find(|channel| channel.channel_id == id)
    }
}
