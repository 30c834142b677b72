//! Channels, roles and members under one owner.

use serde::{Deserialize, Serialize};

use crate::{Id, Permissions, Timestamp};

/// A guild, without what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guild {
    /// Its id; also the id of its `@everyone` role.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// Who owns it; the home of an instance has none until its first account is made.
    pub owner_id: Option<Id>,
    /// The hash of the picture.
    #[serde(default)]
    pub icon: Option<String>,
    /// A line on what it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// How much an account must have shown before it may write: 0 to 4.
    #[serde(default)]
    pub verification_level: u8,
    /// What notifies members by default: 0 all messages, 1 mentions.
    #[serde(default)]
    pub default_message_notifications: u8,
    /// Whose media is looked through: 0 to 2.
    #[serde(default)]
    pub explicit_content_filter: u8,
    /// Where members go who are idle in a voice channel.
    #[serde(default)]
    pub afk_channel_id: Option<Id>,
    /// After how long, in seconds.
    #[serde(default = "afk_timeout")]
    pub afk_timeout: u32,
    /// Where newcomers are announced.
    #[serde(default)]
    pub system_channel_id: Option<Id>,
    /// What is not announced there.
    #[serde(default)]
    pub system_channel_flags: u32,
    /// Where the rules stand.
    #[serde(default)]
    pub rules_channel_id: Option<Id>,
    /// Where moderators get notices.
    #[serde(default)]
    pub public_updates_channel_id: Option<Id>,
    /// The language of the guild.
    #[serde(default = "locale")]
    pub preferred_locale: String,
    /// Whether a progress bar is shown.
    #[serde(default)]
    pub premium_progress_bar_enabled: bool,
}

fn afk_timeout() -> u32 {
    300
}

fn locale() -> String {
    "en-US".into()
}

impl Guild {
    /// A guild that has just been made.
    pub fn new(id: Id, name: String, owner_id: Option<Id>) -> Self {
        Self {
            id,
            name,
            owner_id,
            icon: None,
            description: None,
            verification_level: 0,
            default_message_notifications: 0,
            explicit_content_filter: 0,
            afk_channel_id: None,
            afk_timeout: afk_timeout(),
            system_channel_id: None,
            system_channel_flags: 0,
            rules_channel_id: None,
            public_updates_channel_id: None,
            preferred_locale: locale(),
            premium_progress_bar_enabled: false,
        }
    }
}

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its id; that of `@everyone` is the guild's.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// Its rank: `@everyone` is 0, and a higher number stands above a lower one.
    pub position: i32,
    /// Its colour as 0xRRGGBB; 0 is none.
    #[serde(default)]
    pub color: u32,
    /// Whether its members are listed apart.
    #[serde(default)]
    pub hoist: bool,
    /// Whether everyone may mention it.
    #[serde(default)]
    pub mentionable: bool,
    /// The bot that it came with, and whose it is alone.
    #[serde(default)]
    pub bot_id: Option<Id>,
}

impl Role {
    /// The role that everyone has.
    pub fn everyone(guild: Id) -> Self {
        Self {
            id: guild,
            name: "@everyone".into(),
            permissions: Permissions::everyone_default(),
            position: 0,
            color: 0,
            hoist: false,
            mentionable: false,
            bot_id: None,
        }
    }

    /// Where it stands: by position, and among equals the older role is the higher one, as Discord says.
    pub fn rank(&self) -> (i32, std::cmp::Reverse<Id>) {
        (self.position, std::cmp::Reverse(self.id))
    }
}

/// An account within one guild.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Whose membership it is.
    pub user_id: Id,
    /// What they are called here.
    #[serde(default)]
    pub nick: Option<String>,
    /// The roles they have, beside `@everyone`.
    #[serde(default)]
    pub roles: Vec<Id>,
    /// Since when they are here.
    pub joined_at: Timestamp,
    /// Whether they go when they are not there any more, unless they were given a role.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
    /// Until when they may only read.
    #[serde(default)]
    pub timed_out_until: Option<Timestamp>,
    /// Whether others do not hear them.
    #[serde(default)]
    pub mute: bool,
    /// Whether they do not hear others.
    #[serde(default)]
    pub deaf: bool,
}

impl Member {
    /// Someone who has just joined.
    pub fn new(user_id: Id, joined_at: Timestamp) -> Self {
        Self {
            user_id,
            nick: None,
            roles: Vec::new(),
            joined_at,
            temporary: false,
            timed_out_until: None,
            mute: false,
            deaf: false,
        }
    }

    /// Whether they may only read at the time `now`.
    pub fn is_timed_out(&self, now: Timestamp) -> bool {
        self.timed_out_until.is_some_and(|until| until > now)
    }
}

/// Someone who may not come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// Who it is.
    pub user_id: Id,
    /// Why.
    pub reason: Option<String>,
}

/// A way into a guild.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// What one types.
    pub code: String,
    /// Where it leads.
    pub guild_id: Id,
    /// The channel that it opens.
    pub channel_id: Id,
    /// Who made it.
    pub inviter_id: Id,
    /// When.
    pub created_at: Timestamp,
    /// For how long it holds, in seconds; 0 is for ever.
    pub max_age: u32,
    /// How often it may be used; 0 is no limit.
    pub max_uses: u32,
    /// How often it was used.
    pub uses: u32,
    /// Whether members that came by it go when they log out.
    pub temporary: bool,
}

impl Invite {
    /// When it ends, if it does.
    pub fn expires_at(&self) -> Option<Timestamp> {
        (self.max_age > 0).then(|| self.created_at.plus_secs(self.max_age.into()))
    }

    /// Whether it can be used no more.
    pub fn is_spent(&self, now: Timestamp) -> bool {
        self.expires_at().is_some_and(|end| end <= now) || (self.max_uses > 0 && self.uses >= self.max_uses)
    }
}
