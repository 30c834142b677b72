//! How far people have read, and what notifies them, as the API shows it to them.

use decentra_model::read::{ChannelNotifications, NotificationRule, Notifications, ReadState, Reading};
use decentra_model::timestamp::Zoned;
use decentra_model::{Id, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::community::Community;

/// The level that means: as what stands above it has it.
const INHERITED: u8 = 3;

/// How far someone has read in a channel.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those that Discord's clients know")]
pub struct ReadStateObject {
    pub id: Id,
    pub last_message_id: Id,
    pub mention_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_pin_timestamp: Option<Zoned>,
    pub flags: u32,
}

/// How far `viewer` has read, wherever there is something to tell.
pub fn read_states(community: &Community, viewer: Id) -> Vec<ReadStateObject> {
    // A bot reads nothing.
    if community.is_bot(viewer) {
        return Vec::new();
    }
    let object = |state: ReadState| ReadStateObject {
        id: state.channel_id,
        last_message_id: state.last_message_id,
        mention_count: state.mention_count,
        last_pin_timestamp: state.pins_seen_at.map(Timestamp::zoned),
        flags: 0,
    };
    community.read_states(viewer).into_iter().map(object).collect()
}

/// What the devices of whoever has read are told of it at the time `now`.
pub fn ack(state: &ReadState, reading: Reading, now: Timestamp) -> Value {
    let mut ack = json!({
        "channel_id": state.channel_id, "message_id": state.last_message_id, "version": version(now), "flags": 0,
        "last_viewed": null,
    });
    if reading == Reading::Marked {
        ack["manual"] = true.into();
        ack["mention_count"] = state.mention_count.into();
    }
    ack
}

/// What the devices of whoever has seen what is pinned are told of it at the time `now`.
pub fn pins_ack(state: &ReadState, now: Timestamp) -> Value {
    json!({
        "channel_id": state.channel_id, "timestamp": state.pins_seen_at.map(Timestamp::zoned),
        "version": version(now),
    })
}

/// By which a client knows the later of two states: milliseconds since 1970.
pub fn version(now: Timestamp) -> i64 {
    now.unix_micros() / 1_000
}

/// What notifies someone in a guild, or in direct channels.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those that Discord's clients know")]
#[expect(clippy::struct_excessive_bools, reason = "so do the clients have it")]
pub struct NotificationsObject {
    pub guild_id: Option<Id>,
    pub version: u64,
    #[serde(flatten)]
    pub rule: RuleObject,
    pub suppress_everyone: bool,
    pub suppress_roles: bool,
    pub mobile_push: bool,
    pub mute_scheduled_events: bool,
    pub hide_muted_channels: bool,
    pub notify_highlights: u8,
    pub flags: u32,
    pub channel_overrides: Vec<ChannelNotificationsObject>,
}

/// What notifies someone in one channel.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those that Discord's clients know")]
pub struct ChannelNotificationsObject {
    pub channel_id: Id,
    #[serde(flatten)]
    pub rule: RuleObject,
    pub collapsed: bool,
    pub flags: u32,
}

/// Which messages notify someone.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those that Discord's clients know")]
pub struct RuleObject {
    pub message_notifications: u8,
    pub muted: bool,
    pub mute_config: Option<MuteObject>,
}

/// For how long someone wants no messages to notify them.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those that Discord's clients know")]
pub struct MuteObject {
    pub end_time: Option<Zoned>,
    pub selected_time_window: Option<i64>,
}

/// What notifies someone in a guild, or in direct channels.
pub fn notifications(of: &Notifications) -> NotificationsObject {
    NotificationsObject {
        guild_id: of.guild_id,
        version: of.version,
        rule: rule(&of.rule),
        suppress_everyone: of.suppress_everyone,
        suppress_roles: of.suppress_roles,
        mobile_push: of.mobile_push.unwrap_or(true),
        mute_scheduled_events: of.mute_scheduled_events,
        hide_muted_channels: of.hide_muted_channels,
        notify_highlights: 0,
        flags: of.flags,
        channel_overrides: of.channels.iter().map(channel).collect(),
    }
}

fn channel(of: &ChannelNotifications) -> ChannelNotificationsObject {
    ChannelNotificationsObject {
        channel_id: of.channel_id,
        rule: rule(&of.rule),
        collapsed: of.collapsed,
        flags: of.flags,
    }
}

fn rule(of: &NotificationRule) -> RuleObject {
    let is_timed = of.muted && (of.muted_until.is_some() || of.muted_secs.is_some());
    RuleObject {
        message_notifications: of.level.unwrap_or(INHERITED),
        muted: of.muted,
        mute_config: is_timed.then(|| MuteObject {
            end_time: of.muted_until.map(Timestamp::zoned),
            selected_time_window: of.muted_secs,
        }),
    }
}
