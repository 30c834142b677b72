//! Guilds, as the API shows them.

use decentra_model::timestamp::Zoned;
use decentra_model::{Guild, Id, Permissions, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::channel::{ChannelObject, channel};
use super::member::{MemberObject, member};
use super::role::{RoleObject, role};
use super::user::{PresenceObject, presence};
use crate::community::{Community, GuildState};

/// Members, above which a guild counts as large unless a session says otherwise. Discord's default.
pub const LARGE_THRESHOLD: usize = 50;

/// A guild, without its channels and members.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct GuildObject<'a> {
    pub id: Id,
    pub name: &'a str,
    pub icon: Option<&'a str>,
    pub description: Option<&'a str>,
    pub home_header: Option<&'a str>,
    pub splash: Option<&'a str>,
    pub discovery_splash: Option<&'a str>,
    pub features: [(); 0],
    pub banner: Option<&'a str>,
    pub owner_id: Id,
    pub application_id: Option<Id>,
    pub region: &'static str,
    pub afk_channel_id: Option<Id>,
    pub afk_timeout: u32,
    pub system_channel_id: Option<Id>,
    pub system_channel_flags: u32,
    pub widget_enabled: bool,
    pub widget_channel_id: Option<Id>,
    pub verification_level: u8,
    pub roles: Vec<RoleObject<'a>>,
    pub default_message_notifications: u8,
    pub mfa_level: u8,
    pub explicit_content_filter: u8,
    pub max_presences: Option<u32>,
    pub max_members: u32,
    pub max_stage_video_channel_users: u32,
    pub max_video_channel_users: u32,
    pub vanity_url_code: Option<&'a str>,
    pub premium_tier: u8,
    pub premium_subscription_count: u32,
    pub preferred_locale: &'a str,
    pub rules_channel_id: Option<Id>,
    pub safety_alerts_channel_id: Option<Id>,
    pub public_updates_channel_id: Option<Id>,
    pub premium_progress_bar_enabled: bool,
    pub nsfw: bool,
    pub nsfw_level: u8,
    pub emojis: [(); 0],
    pub stickers: [(); 0],
    pub incidents_data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_member_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_presence_count: Option<usize>,
}

/// The guild, as REST answers it.
pub fn guild(state: &GuildState) -> GuildObject<'_> {
    let Guild { name, icon, description, preferred_locale, .. } = &state.guild;
    let guild = &state.guild;
    GuildObject {
        id: guild.id,
        name,
        icon: icon.as_deref(),
        description: description.as_deref(),
        home_header: None,
        splash: None,
        discovery_splash: None,
        features: [],
        banner: None,
        // Before the first account is made, nobody owns the home, and nobody is there to see it.
        owner_id: guild.owner_id.unwrap_or(guild.id),
        application_id: None,
        region: "deprecated",
        afk_channel_id: guild.afk_channel_id,
        afk_timeout: guild.afk_timeout,
        system_channel_id: guild.system_channel_id,
        system_channel_flags: guild.system_channel_flags,
        widget_enabled: false,
        widget_channel_id: None,
        verification_level: guild.verification_level,
        roles: state.roles.values().map(role).collect(),
        default_message_notifications: guild.default_message_notifications,
        mfa_level: 0,
        explicit_content_filter: guild.explicit_content_filter,
        max_presences: None,
        max_members: u32::try_from(decentra_model::limits::MEMBERS_MAX).unwrap_or(u32::MAX),
        max_stage_video_channel_users: 50,
        max_video_channel_users: 25,
        vanity_url_code: None,
        premium_tier: 0,
        premium_subscription_count: 0,
        preferred_locale,
        rules_channel_id: guild.rules_channel_id,
        safety_alerts_channel_id: None,
        public_updates_channel_id: guild.public_updates_channel_id,
        premium_progress_bar_enabled: guild.premium_progress_bar_enabled,
        nsfw: false,
        nsfw_level: 0,
        emojis: [],
        stickers: [],
        incidents_data: None,
        approximate_member_count: None,
        approximate_presence_count: None,
    }
}

/// The guild, and how many members it has.
pub fn guild_with_counts<'a>(community: &Community, state: &'a GuildState) -> GuildObject<'a> {
    GuildObject {
        approximate_member_count: Some(state.members.len()),
        approximate_presence_count: Some(online(community, state).count()),
        ..guild(state)
    }
}

/// A guild, as it stands in the list of those that one is in.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct PartialGuild<'a> {
    pub id: Id,
    pub name: &'a str,
    pub icon: Option<&'a str>,
    pub banner: Option<&'a str>,
    pub owner: bool,
    pub permissions: Permissions,
    pub features: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_member_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate_presence_count: Option<usize>,
}

/// The guild in the list of `viewer`.
pub fn partial<'a>(
    community: &Community,
    state: &'a GuildState,
    viewer: Id,
    now: Timestamp,
    with_counts: bool,
) -> PartialGuild<'a> {
    PartialGuild {
        id: state.guild.id,
        name: &state.guild.name,
        icon: state.guild.icon.as_deref(),
        banner: None,
        owner: state.is_owner(viewer),
        permissions: state.permissions(viewer, now),
        features: [],
        approximate_member_count: with_counts.then_some(state.members.len()),
        approximate_presence_count: with_counts.then(|| online(community, state).count()),
    }
}

/// What a guild shows of itself.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct GuildPreview<'a> {
    pub id: Id,
    pub name: &'a str,
    pub icon: Option<&'a str>,
    pub description: Option<&'a str>,
    pub home_header: Option<&'a str>,
    pub splash: Option<&'a str>,
    pub discovery_splash: Option<&'a str>,
    pub features: [(); 0],
    pub approximate_member_count: usize,
    pub approximate_presence_count: usize,
    pub emojis: [(); 0],
    pub stickers: [(); 0],
}

/// The preview of a guild.
pub fn preview<'a>(community: &'a Community, state: &'a GuildState) -> GuildPreview<'a> {
    GuildPreview {
        id: state.guild.id,
        name: &state.guild.name,
        icon: state.guild.icon.as_deref(),
        description: state.guild.description.as_deref(),
        home_header: None,
        splash: None,
        discovery_splash: None,
        features: [],
        approximate_member_count: state.members.len(),
        approximate_presence_count: online(community, state).count(),
        emojis: [],
        stickers: [],
    }
}

/// The members who are shown as being there.
pub(super) fn online<'a>(community: &'a Community, state: &'a GuildState) -> impl Iterator<Item = Id> + 'a {
    let shown = |user: Id| community.presence(user).map(|presence| presence.status.shown());
    let is_there =
        move |user: &Id| shown(*user).is_some_and(|status| status != decentra_model::user::Status::Offline);
    state.members.keys().copied().filter(is_there)
}

/// A guild with what it holds, as its member is told of it by `GUILD_CREATE`.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct GuildCreate<'a> {
    #[serde(flatten)]
    pub guild: GuildObject<'a>,
    pub joined_at: Option<Zoned>,
    pub large: bool,
    pub unavailable: bool,
    pub member_count: usize,
    pub members: Vec<MemberObject<'a>>,
    pub channels: Vec<ChannelObject<'a>>,
    pub threads: [(); 0],
    pub presences: Vec<PresenceObject<'a>>,
    pub voice_states: [(); 0],
    pub stage_instances: [(); 0],
    pub guild_scheduled_events: [(); 0],
    pub soundboard_sounds: [(); 0],
}

/// What a session wants of the guilds it is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuildWish {
    /// Members, above which only those who are online are told.
    pub large_threshold: usize,
    /// Whether members other than oneself are told, which needs an intent.
    pub members: bool,
    /// Whether presences are told, which needs an intent.
    pub presences: bool,
}

/// The guild, as `viewer` sees it.
pub fn guild_create<'a>(
    community: &'a Community,
    state: &'a GuildState,
    viewer: Id,
    wish: GuildWish,
) -> GuildCreate<'a> {
    let large = state.members.len() > wish.large_threshold;
    let is_told =
        |user: &Id| *user == viewer || (wish.members && (!large || community.presence(*user).is_some()));
    let members = state.members.iter().filter(|(user, _)| is_told(user)).map(|(_, of)| member(community, of));
    let channels = state.channels.values().filter(|channel| state.may_view(channel, viewer));
    let presences = online(community, state).filter(|_| wish.presences).filter_map(|user| {
        let shown = community.presence(user)?;
        Some(presence(user, None, shown))
    });
    GuildCreate {
        guild: guild(state),
        joined_at: state.member(viewer).map(|member| member.joined_at.zoned()),
        large,
        unavailable: false,
        member_count: state.members.len(),
        members: members.collect(),
        channels: channels.map(|of| channel(community, of)).collect(),
        threads: [],
        presences: presences.collect(),
        voice_states: [],
        stage_instances: [],
        guild_scheduled_events: [],
        soundboard_sounds: [],
    }
}
