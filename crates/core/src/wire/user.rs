//! Accounts, as the API shows them.

use decentra_model::user::Status;
use decentra_model::{Id, Presence, User};
use serde::Serialize;
use serde_json::Value;

/// What everyone may know of an account.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct UserObject<'a> {
    pub id: Id,
    pub username: &'a str,
    pub discriminator: &'static str,
    pub global_name: Option<&'a str>,
    pub avatar: Option<&'a str>,
    pub bot: bool,
    pub system: bool,
    pub public_flags: u32,
    pub flags: u32,
    pub banner: Option<&'a str>,
    pub accent_color: Option<u32>,
    pub avatar_decoration_data: Option<Value>,
    pub collectibles: Option<Value>,
    pub primary_guild: Option<Value>,
}

/// The account, as everyone sees it.
pub fn user(user: &User) -> UserObject<'_> {
    UserObject {
        id: user.id,
        username: user.username.as_str(),
        // The old four digits: people have none any more, bots keep them.
        discriminator: if user.bot { "0000" } else { "0" },
        global_name: user.global_name.as_deref(),
        avatar: user.avatar.as_deref(),
        bot: user.bot,
        system: false,
        public_flags: 0,
        flags: 0,
        banner: None,
        accent_color: None,
        avatar_decoration_data: None,
        collectibles: None,
        primary_guild: None,
    }
}

/// The author of a guest's message: as of a webhook, whose id is the channel's.
pub(super) fn guest(channel: Id, name: &str) -> UserObject<'_> {
    UserObject {
        id: channel,
        username: name,
        discriminator: "0000",
        global_name: None,
        avatar: None,
        bot: true,
        system: false,
        public_flags: 0,
        flags: 0,
        banner: None,
        accent_color: None,
        avatar_decoration_data: None,
        collectibles: None,
        primary_guild: None,
    }
}

/// What an account may know of itself.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct SelfObject<'a> {
    #[serde(flatten)]
    pub user: UserObject<'a>,
    pub mfa_enabled: bool,
    pub locale: &'static str,
    pub premium_type: u8,
    pub email: Option<&'a str>,
    pub verified: bool,
    pub bio: &'a str,
}

/// The account, as it sees itself.
pub fn oneself(account: &User) -> SelfObject<'_> {
    SelfObject {
        user: user(account),
        mfa_enabled: false,
        locale: "en-US",
        premium_type: 0,
        email: account.email.as_deref(),
        verified: true,
        bio: &account.bio,
    }
}

/// How someone appears.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct PresenceObject<'a> {
    pub user: IdOnly,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
    pub status: Status,
    pub activities: &'a [Value],
    pub client_status: ClientStatus,
}

/// An account by its id alone.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the key is Discord's")]
pub struct IdOnly {
    pub id: Id,
}

/// On which devices someone is there.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the key is Discord's")]
pub struct ClientStatus {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<Status>,
}

/// How `user` appears in a guild, to others.
pub fn presence(user: Id, guild_id: Option<Id>, presence: &Presence) -> PresenceObject<'_> {
    let status = presence.status.shown();
    let is_there = status != Status::Offline;
    PresenceObject {
        user: IdOnly { id: user },
        guild_id,
        status,
        activities: if is_there { &presence.activities } else { &[] },
        client_status: ClientStatus { web: is_there.then_some(status) },
    }
}
