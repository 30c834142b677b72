//! Invites, as the API shows them.

use decentra_model::timestamp::Zoned;
use decentra_model::{ChannelKind, Id, Invite, Timestamp};
use serde::Serialize;

use super::guild::online;
use super::user::{UserObject, user};
use crate::community::{Community, GuildState};

/// An invite.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct InviteObject<'a> {
    #[serde(rename = "type")]
    pub kind: u8,
    pub code: &'a str,
    pub guild_id: Id,
    pub guild: InviteGuild<'a>,
    pub channel: InviteChannel<'a>,
    pub inviter: Option<UserObject<'a>>,
    pub expires_at: Option<Zoned>,
    pub flags: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_member_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_presence_count: Option<usize>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub usage: Option<InviteUsage>,
}

/// How an invite is used, for those who manage it.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct InviteUsage {
    pub uses: u32,
    pub max_uses: u32,
    pub max_age: u32,
    pub temporary: bool,
    pub created_at: Zoned,
}

/// Where an invite leads.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct InviteGuild<'a> {
    pub id: Id,
    pub name: &'a str,
    pub icon: Option<&'a str>,
    pub description: Option<&'a str>,
    pub banner: Option<&'a str>,
    pub splash: Option<&'a str>,
    pub features: [(); 0],
    pub verification_level: u8,
    pub vanity_url_code: Option<&'a str>,
    pub nsfw_level: u8,
    pub nsfw: bool,
    pub premium_subscription_count: u32,
    pub premium_tier: u8,
}

/// The channel that an invite opens.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct InviteChannel<'a> {
    pub id: Id,
    pub name: &'a str,
    #[serde(rename = "type")]
    pub kind: ChannelKind,
}

/// The invite, as everyone who has its code sees it; `None`, if what it leads to is gone.
pub fn invite<'a>(community: &'a Community, invite: &'a Invite) -> Option<InviteObject<'a>> {
    let (state, channel) = community.channel(invite.channel_id)?;
    Some(InviteObject {
        kind: 0,
        code: &invite.code,
        guild_id: invite.guild_id,
        guild: guild(state),
        channel: InviteChannel { id: channel.id, name: &channel.name, kind: channel.kind },
        inviter: community.user(invite.inviter_id).map(user),
        expires_at: invite.expires_at().map(Timestamp::zoned),
        flags: 0,
        approximate_member_count: Some(state.members.len()),
        approximate_presence_count: None,
        usage: None,
    })
}

/// The invite, and how many of the guild's members are there.
pub fn invite_with_counts<'a>(community: &'a Community, of: &'a Invite) -> Option<InviteObject<'a>> {
    let there = community.guild(of.guild_id).map(|state| online(community, state).count());
    Some(InviteObject { approximate_presence_count: there, ..invite(community, of)? })
}

/// The invite, as those see it who manage it.
pub fn invite_with_usage<'a>(community: &'a Community, of: &'a Invite) -> Option<InviteObject<'a>> {
    let usage = InviteUsage {
        uses: of.uses,
        max_uses: of.max_uses,
        max_age: of.max_age,
        temporary: of.temporary,
        created_at: of.created_at.zoned(),
    };
    Some(InviteObject { usage: Some(usage), ..invite(community, of)? })
}

fn guild(state: &GuildState) -> InviteGuild<'_> {
    InviteGuild {
        id: state.guild.id,
        name: &state.guild.name,
        icon: state.guild.icon.as_deref(),
        description: state.guild.description.as_deref(),
        banner: None,
        splash: None,
        features: [],
        verification_level: state.guild.verification_level,
        vanity_url_code: None,
        nsfw_level: 0,
        nsfw: false,
        premium_subscription_count: 0,
        premium_tier: 0,
    }
}
