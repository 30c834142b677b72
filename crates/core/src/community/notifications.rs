//! What notifies people, in a guild or in their direct channels.

use decentra_model::limits::{CHANNELS_MAX, MUTE_SECS_MAX};
use decentra_model::read::{ChannelNotifications, NotificationRule, Notifications};
use decentra_model::{Event, Id, Timestamp};

use super::guild::set;
use super::{Actor, Command, Community, Desk, Form, Refusal};

/// The level that means: as what stands above it has it.
const INHERITED: u32 = 3;

/// What is to change of what notifies one.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the settings")]
pub struct NotificationsPatch {
    pub rule: RulePatch,
    pub suppress_everyone: Option<bool>,
    pub suppress_roles: Option<bool>,
    pub mobile_push: Option<bool>,
    pub mute_scheduled_events: Option<bool>,
    pub hide_muted_channels: Option<bool>,
    pub flags: Option<u32>,
    pub channels: Vec<ChannelPatch>,
}

/// What is to change of which messages notify one.
#[derive(Debug, Default, Clone, Copy)]
#[expect(missing_docs, reason = "the names are those of the settings")]
pub struct RulePatch {
    pub level: Option<Option<u8>>,
    pub muted: Option<bool>,
    /// Until when, and the seconds that were chosen for it.
    pub mute: Option<(Option<Timestamp>, Option<i64>)>,
}

/// What is to change for one channel.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the names are those of the settings")]
pub struct ChannelPatch {
    pub channel_id: Id,
    pub rule: RulePatch,
    pub collapsed: Option<bool>,
    pub flags: Option<u32>,
}

impl RulePatch {
    fn read(form: &mut Form<'_>) -> Self {
        let level = form.small("message_notifications", 0..=INHERITED);
        let takes_away = form.has("mute_config") && form.value("mute_config").is_none();
        let mute = form.nested("mute_config", |form| {
            // For good is minus one.
            let secs = form.number("selected_time_window", -1..=MUTE_SECS_MAX);
            (form.time("end_time"), secs)
        });
        Self {
            level: level.map(|level| u8::try_from(level).ok().filter(|level| u32::from(*level) != INHERITED)),
            muted: form.flag("muted"),
            mute: if takes_away { Some((None, None)) } else { mute },
        }
    }

    fn apply(self, rule: &mut NotificationRule) {
        set(&mut rule.level, self.level);
        set(&mut rule.muted, self.muted);
        if let Some((until, secs)) = self.mute {
            (rule.muted_until, rule.muted_secs) = (until, secs);
        }
        if !rule.muted {
            (rule.muted_until, rule.muted_secs) = (None, None);
        }
    }
}

impl NotificationsPatch {
    /// What a form says of it. Channels stand under their ids.
    pub fn read(form: &mut Form<'_>) -> Self {
        let given = form.value("channel_overrides").and_then(serde_json::Value::as_object);
        let mut ids: Vec<String> = given.into_iter().flat_map(|of| of.keys().cloned()).collect();
        if ids.len() > CHANNELS_MAX {
            let message = format!("Must be {CHANNELS_MAX} or fewer in length.");
            form.refuse("channel_overrides", "BASE_TYPE_MAX_LENGTH", message);
            ids.clear();
        }
        let channels = form.nested("channel_overrides", |form| {
            let mut channels = Vec::with_capacity(ids.len());
            for key in &ids {
                let Ok(channel_id) = key.parse::<Id>() else {
                    form.refuse(key, "NUMBER_TYPE_COERCE", "This key is not snowflake.");
                    continue;
                };
                channels.extend(form.nested(key, |form| ChannelPatch {
                    channel_id,
                    rule: RulePatch::read(form),
                    collapsed: form.flag("collapsed"),
                    flags: form.small("flags", 0..=u32::MAX),
                }));
            }
            channels
        });
        Self {
            rule: RulePatch::read(form),
            suppress_everyone: form.flag("suppress_everyone"),
            suppress_roles: form.flag("suppress_roles"),
            mobile_push: form.flag("mobile_push"),
            mute_scheduled_events: form.flag("mute_scheduled_events"),
            hide_muted_channels: form.flag("hide_muted_channels"),
            flags: form.small("flags", 0..=u32::MAX),
            channels: channels.unwrap_or_default(),
        }
    }

    fn apply(self, to: &mut Notifications) {
        self.rule.apply(&mut to.rule);
        set(&mut to.suppress_everyone, self.suppress_everyone);
        set(&mut to.suppress_roles, self.suppress_roles);
        set(&mut to.mobile_push, self.mobile_push.map(Some));
        set(&mut to.mute_scheduled_events, self.mute_scheduled_events);
        set(&mut to.hide_muted_channels, self.hide_muted_channels);
        set(&mut to.flags, self.flags);
        for patch in self.channels {
            patch.apply(&mut to.channels);
        }
    }
}

impl ChannelPatch {
    fn apply(self, to: &mut Vec<ChannelNotifications>) {
        let channel_id = self.channel_id;
        let place = to.iter().position(|channel| channel.channel_id == channel_id).unwrap_or_else(|| {
            let rule = NotificationRule::default();
            to.push(ChannelNotifications { channel_id, rule, collapsed: false, flags: 0 });
            to.len() - 1
        });
        let channel = &mut to[place];
        self.rule.apply(&mut channel.rule);
        set(&mut channel.collapsed, self.collapsed);
        set(&mut channel.flags, self.flags);
    }
}

/// Says what notifies one.
#[derive(Debug)]
pub struct SetNotifications {
    /// Who.
    pub actor: Actor,
    /// In which guild; in direct channels, if it is none.
    pub guild_id: Option<Id>,
    /// What.
    pub patch: NotificationsPatch,
}

impl Command for SetNotifications {
    type Answer = Notifications;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Notifications, Refusal> {
        let Self { actor, guild_id, patch } = self;
        let user_id = actor.user_id;
        let community = desk.community();
        if let Some(guild) = guild_id {
            desk.guild(guild, user_id)?;
        }
        for channel in &patch.channels {
            let venue = community.venue_for(channel.channel_id, user_id)?;
            if venue.guild_id() != guild_id {
                return Err(Refusal::UnknownChannel);
            }
        }
        let old = community.person(user_id).notifications(guild_id).cloned();
        let mut new = old.clone().unwrap_or(Notifications { guild_id, ..Notifications::default() });
        patch.apply(&mut new);
        new.channels.retain(|channel| is_there(community, guild_id, channel.channel_id));
        if new.channels.len() > CHANNELS_MAX {
            return Err(Refusal::TooManyChannels(CHANNELS_MAX));
        }
        if old.as_ref() != Some(&new) {
            new.version += 1;
            desk.emit(Event::NotificationsSet { user_id, notifications: new.clone() });
        }
        Ok(new)
    }
}

/// Whether a channel for which something was said is still there.
fn is_there(community: &Community, guild: Option<Id>, channel: Id) -> bool {
    community.venue(channel).is_some_and(|venue| venue.guild_id() == guild)
}
