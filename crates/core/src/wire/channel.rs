//! Channels, as the API shows them.

use decentra_model::timestamp::Zoned;
use decentra_model::{Channel, ChannelKind, Id, Overwrite, Timestamp};
use serde::Serialize;

use crate::community::Community;

/// A channel of a guild.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct ChannelObject<'a> {
    pub id: Id,
    #[serde(rename = "type")]
    pub kind: ChannelKind,
    pub guild_id: Id,
    pub name: &'a str,
    pub position: i32,
    pub permission_overwrites: &'a [Overwrite],
    pub parent_id: Option<Id>,
    pub flags: u32,
    pub nsfw: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextFields<'a>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub voice: Option<VoiceFields>,
}

/// What channels with messages have.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct TextFields<'a> {
    pub topic: Option<&'a str>,
    pub last_message_id: Option<Id>,
    pub rate_limit_per_user: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_pin_timestamp: Option<Zoned>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_auto_archive_duration: Option<u32>,
}

/// What channels for voice have.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct VoiceFields {
    pub bitrate: u32,
    pub user_limit: u32,
    pub rtc_region: Option<String>,
}

/// The channel.
pub fn channel<'a>(community: &Community, channel: &'a Channel) -> ChannelObject<'a> {
    ChannelObject {
        id: channel.id,
        kind: channel.kind,
        guild_id: channel.guild_id,
        name: &channel.name,
        position: channel.position,
        permission_overwrites: &channel.overwrites,
        parent_id: channel.parent_id,
        flags: 0,
        nsfw: channel.nsfw,
        text: channel.kind.takes_messages().then(|| TextFields {
            topic: channel.topic.as_deref(),
            last_message_id: community.last_message(channel.id),
            rate_limit_per_user: channel.rate_limit_per_user,
            last_pin_timestamp: channel.last_pin_at.map(Timestamp::zoned),
            default_auto_archive_duration: channel.default_auto_archive_duration,
        }),
        voice: channel.kind.is_voice().then_some(VoiceFields {
            bitrate: channel.bitrate,
            user_limit: channel.user_limit,
            rtc_region: None,
        }),
    }
}
