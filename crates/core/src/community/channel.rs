//! Channels: to make, change, order and delete them.

use std::collections::BTreeMap;

use decentra_model::audit::action;
use decentra_model::limits::{
    BITRATE_MAX, BITRATE_MIN, CHANNELS_MAX, CHANNELS_PER_CATEGORY_MAX, OVERWRITES_MAX, SLOW_MODE_MAX,
    TITLE_CHARS_MAX, TOPIC_CHARS_MAX, VOICE_USERS_MAX,
};
use decentra_model::{Channel, ChannelKind, Event, Guild, Id, Overwrite, Permissions};

use super::audit::{Keys, Note, changes};
use super::guild::{choose, set};
use super::{Actor, Command, Desk, Form, GuildState, Refusal, overwrite};

/// Minutes after which a thread can be archived. Source: Discord's documentation, "Channel Object".
const ARCHIVE_AFTER: [u32; 4] = [60, 1_440, 4_320, 10_080];

const KEYS: &Keys = &[
    ("name", "name"),
    ("kind", "type"),
    ("topic", "topic"),
    ("position", "position"),
    ("nsfw", "nsfw"),
    ("rate_limit_per_user", "rate_limit_per_user"),
    ("parent_id", "parent_id"),
    ("overwrites", "permission_overwrites"),
    ("bitrate", "bitrate"),
    ("user_limit", "user_limit"),
    ("default_auto_archive_duration", "default_auto_archive_duration"),
];

/// What a channel is to be.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the channel's fields")]
pub struct ChannelPatch {
    pub name: Option<String>,
    pub kind: Option<ChannelKind>,
    pub topic: Option<Option<String>>,
    pub position: Option<i32>,
    pub nsfw: Option<bool>,
    pub rate_limit_per_user: Option<u32>,
    pub parent_id: Option<Option<Id>>,
    pub overwrites: Option<Vec<Overwrite>>,
    pub bitrate: Option<u32>,
    pub user_limit: Option<u32>,
    pub default_auto_archive_duration: Option<Option<u32>>,
}

impl ChannelPatch {
    /// What a form says of a channel that is there.
    pub fn read(form: &mut Form<'_>) -> Self {
        Self { name: form.name("name", 1..=TITLE_CHARS_MAX), ..Self::read_but_name(form) }
    }

    /// What a form says of a channel that is to be made.
    pub fn read_new(form: &mut Form<'_>) -> Self {
        Self { name: Some(form.required_name("name", 1..=TITLE_CHARS_MAX)), ..Self::read_but_name(form) }
    }

    fn read_but_name(form: &mut Form<'_>) -> Self {
        let archive = form.small("default_auto_archive_duration", 60..=10_080);
        let is_null = archive.is_none() && form.has("default_auto_archive_duration");
        if let Some(minutes) = archive {
            choose(form, "default_auto_archive_duration", ARCHIVE_AFTER.contains(&minutes));
        }
        Self {
            name: None,
            kind: read_kind(form),
            topic: form.patch_text("topic", 0..=TOPIC_CHARS_MAX),
            position: form.position("position"),
            nsfw: form.flag("nsfw"),
            rate_limit_per_user: form.small("rate_limit_per_user", 0..=SLOW_MODE_MAX),
            parent_id: form.patch_id("parent_id"),
            overwrites: form.list("permission_overwrites", OVERWRITES_MAX, overwrite::read).map(each_once),
            bitrate: form.small("bitrate", BITRATE_MIN..=BITRATE_MAX),
            user_limit: form.small("user_limit", 0..=VOICE_USERS_MAX),
            default_auto_archive_duration: archive.map(Some).or(is_null.then_some(None)),
        }
    }

    fn apply(self, channel: &mut Channel) {
        set(&mut channel.kind, self.kind);
        let kind = channel.kind;
        set(&mut channel.name, self.name.map(|name| name_for(kind, &name)));
        set(&mut channel.topic, self.topic.map(|topic| topic.filter(|topic| !topic.is_empty())));
        set(&mut channel.position, self.position);
        set(&mut channel.nsfw, self.nsfw);
        set(&mut channel.rate_limit_per_user, self.rate_limit_per_user);
        set(&mut channel.parent_id, self.parent_id);
        set(&mut channel.overwrites, self.overwrites);
        set(&mut channel.bitrate, self.bitrate);
        set(&mut channel.user_limit, self.user_limit);
        set(&mut channel.default_auto_archive_duration, self.default_auto_archive_duration);
    }
}

fn read_kind(form: &mut Form<'_>) -> Option<ChannelKind> {
    let number = form.small("type", 0..=u8::MAX.into())?;
    let kind = ChannelKind::from_number(number.into());
    choose(form, "type", kind.is_some());
    kind
}

/// The overwrites, the last of those for the same one.
fn each_once(overwrites: Vec<Overwrite>) -> Vec<Overwrite> {
    let mut once: Vec<Overwrite> = Vec::with_capacity(overwrites.len());
    for overwrite in overwrites {
        match once.iter_mut().find(|known| known.id == overwrite.id) {
            Some(known) => *known = overwrite,
            None => once.push(overwrite),
        }
    }
    once
}

/// The name, as channels of this kind have it: those for text are in lower case and without spaces.
fn name_for(kind: ChannelKind, name: &str) -> String {
    match kind {
        ChannelKind::Text | ChannelKind::Announcement => {
            name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
        }
        ChannelKind::Voice | ChannelKind::Category => name.to_owned(),
    }
}

/// Makes a channel.
#[derive(Debug)]
pub struct CreateChannel {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// What.
    pub draft: ChannelPatch,
    /// Why.
    pub reason: Option<String>,
}

impl Command for CreateChannel {
    type Answer = Channel;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Channel, Refusal> {
        let Self { actor, guild_id, mut draft, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::MANAGE_CHANNELS)?;
        if state.channels.len() >= CHANNELS_MAX {
            return Err(Refusal::TooManyChannels(CHANNELS_MAX));
        }
        let kind = draft.kind.unwrap_or(ChannelKind::Text);
        let parent = draft.parent_id.flatten();
        let category = check_parent(state, kind, None, parent, actor.user_id)?;
        match (&draft.overwrites, category) {
            (Some(overwrites), _) => {
                overwrite::check(desk, state, None, parent, actor.user_id, overwrites)?;
            }
            (None, Some(category)) => draft.overwrites = Some(category.overwrites.clone()),
            (None, None) => {}
        }
        let last = state.channels.values().map(|channel| channel.position).max();
        draft.position = draft.position.or(last.map(|last| last.saturating_add(1)));
        let mut channel = Channel::new(desk.new_id(), guild_id, kind, "");
        draft.apply(&mut channel);
        let note = Note::new(actor, action::CHANNEL_CREATE, reason).on(channel.id);
        let note = note.with(changes(None, Some(&channel), KEYS));
        desk.emit(Event::ChannelCreated(channel.clone()));
        note.emit(desk, guild_id);
        Ok(channel)
    }
}

/// The category that a channel is to stand under, if it may.
fn check_parent<'a>(
    state: &'a GuildState,
    kind: ChannelKind,
    channel: Option<&Channel>,
    parent: Option<Id>,
    user: Id,
) -> Result<Option<&'a Channel>, Refusal> {
    let wrong = |code, message: &str| Err(Refusal::field("parent_id", code, message));
    let Some(parent) = parent else { return Ok(None) };
    let category = state.channels.get(&parent).filter(|category| state.may_view(category, user));
    let Some(category) = category else { return wrong("CHANNEL_PARENT_INVALID", "Category does not exist") };
    if category.kind != ChannelKind::Category || kind == ChannelKind::Category {
        return wrong("CHANNEL_PARENT_INVALID_TYPE", "Not a category");
    }
    let is_there = channel.is_some_and(|channel| channel.parent_id == Some(parent));
    if !is_there && children(state, parent).count() >= CHANNELS_PER_CATEGORY_MAX {
        let message = format!("Maximum number of channels in category reached ({CHANNELS_PER_CATEGORY_MAX})");
        return wrong("CHANNEL_PARENT_MAX_CHANNELS", &message);
    }
    Ok(Some(category))
}

fn children(state: &GuildState, category: Id) -> impl Iterator<Item = &Channel> {
    state.channels.values().filter(move |channel| channel.parent_id == Some(category))
}

/// Changes a channel.
#[derive(Debug)]
pub struct UpdateChannel {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel_id: Id,
    /// What.
    pub patch: ChannelPatch,
    /// Why.
    pub reason: Option<String>,
}

impl Command for UpdateChannel {
    type Answer = Channel;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Channel, Refusal> {
        let Self { actor, channel_id, patch, reason } = self;
        let (state, channel) = desk.channel(channel_id, actor.user_id)?;
        state.require_in(channel, actor.user_id, Permissions::MANAGE_CHANNELS, desk.now)?;
        check_kind(channel.kind, patch.kind)?;
        let parent = patch.parent_id.unwrap_or(channel.parent_id);
        if parent != channel.parent_id {
            check_parent(state, channel.kind, Some(channel), parent, actor.user_id)?;
        }
        if let Some(overwrites) = &patch.overwrites {
            overwrite::check(desk, state, Some(channel), parent, actor.user_id, overwrites)?;
        }
        let old = channel.clone();
        let mut new = old.clone();
        patch.apply(&mut new);
        update(desk, actor, &old, new.clone(), reason);
        Ok(new)
    }
}

/// Only text and announcement channels can become one another.
fn check_kind(old: ChannelKind, new: Option<ChannelKind>) -> Result<(), Refusal> {
    let converts = |kind| matches!(kind, ChannelKind::Text | ChannelKind::Announcement);
    match new {
        Some(new) if new != old && !(converts(new) && converts(old)) => Err(Refusal::field(
            "type",
            "BASE_TYPE_CHOICES",
            "A channel of this kind cannot become one of that kind.",
        )),
        _ => Ok(()),
    }
}

fn update(desk: &mut Desk<'_>, actor: Actor, old: &Channel, new: Channel, reason: Option<String>) {
    if *old == new {
        return;
    }
    let note = Note::new(actor, action::CHANNEL_UPDATE, reason).on(new.id);
    let note = note.with(changes(Some(old), Some(&new), KEYS));
    let guild = new.guild_id;
    let synced = overwrite::synced(desk, old, &new);
    desk.emit(Event::ChannelUpdated(new));
    for child in synced {
        desk.emit(Event::ChannelUpdated(child));
    }
    note.emit(desk, guild);
}

/// Deletes a channel with its messages.
#[derive(Debug)]
pub struct DeleteChannel {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel_id: Id,
    /// Why.
    pub reason: Option<String>,
}

impl Command for DeleteChannel {
    /// What it was.
    type Answer = Channel;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Channel, Refusal> {
        let Self { actor, channel_id, reason } = self;
        let (state, channel) = desk.channel(channel_id, actor.user_id)?;
        state.require_in(channel, actor.user_id, Permissions::MANAGE_CHANNELS, desk.now)?;
        if desk.community().instance().is_some_and(|instance| instance.lobby_id == channel_id) {
            return Err(Refusal::Forbidden("The lobby cannot be deleted."));
        }
        let channel = channel.clone();
        let orphans: Vec<Channel> =
            children(state, channel_id).map(|child| Channel { parent_id: None, ..child.clone() }).collect();
        let guild = without_channel(&state.guild, channel_id);
        let guild_id = channel.guild_id;
        desk.emit(Event::ChannelDeleted(channel.clone()));
        for orphan in orphans {
            desk.emit(Event::ChannelUpdated(orphan));
        }
        if let Some(guild) = guild {
            desk.emit(Event::GuildUpdated(Box::new(guild)));
        }
        let note = Note::new(actor, action::CHANNEL_DELETE, reason).on(channel_id);
        note.with(changes(Some(&channel), None, KEYS)).emit(desk, guild_id);
        Ok(channel)
    }
}

/// The guild without this channel for its notices, if it had it for any.
fn without_channel(guild: &Guild, channel: Id) -> Option<Guild> {
    let left = |place: Option<Id>| place.filter(|id| *id != channel);
    let new = Guild {
        afk_channel_id: left(guild.afk_channel_id),
        system_channel_id: left(guild.system_channel_id),
        rules_channel_id: left(guild.rules_channel_id),
        public_updates_channel_id: left(guild.public_updates_channel_id),
        ..guild.clone()
    };
    (new != *guild).then_some(new)
}

/// Where a channel is to stand.
#[derive(Debug)]
pub struct Place {
    /// Which.
    pub id: Id,
    /// Its place in the list.
    pub position: Option<i32>,
    /// Its category.
    pub parent_id: Option<Option<Id>>,
    /// Whether it is to have the overwrites of its category.
    pub lock_permissions: bool,
}

impl Place {
    /// The places in a body that is a list.
    pub fn read(form: &mut Form<'_>) -> Vec<Self> {
        form.whole_list(CHANNELS_MAX, |form| Self {
            id: form.required_id("id"),
            position: form.position("position"),
            parent_id: form.patch_id("parent_id"),
            lock_permissions: form.flag("lock_permissions").unwrap_or_default(),
        })
    }
}

/// Puts channels elsewhere in the list.
#[derive(Debug)]
pub struct MoveChannels {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// Which go where.
    pub places: Vec<Place>,
    /// Why.
    pub reason: Option<String>,
}

impl Command for MoveChannels {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, places, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::MANAGE_CHANNELS)?;
        let mut moved: Vec<(Channel, Channel)> = Vec::with_capacity(places.len());
        for place in places {
            let id = place.id;
            let old = state.channels.get(&id).filter(|channel| state.may_view(channel, actor.user_id));
            let old = old.ok_or(Refusal::UnknownChannel)?;
            moved.retain(|(before, _)| before.id != id);
            moved.push((old.clone(), moved_to(desk, state, old, &place, actor.user_id)?));
        }
        check_room(state, &moved)?;
        for (old, new) in moved {
            update(desk, actor, &old, new, reason.clone());
        }
        Ok(())
    }
}

/// Refuses, if a category would hold too many once all have moved.
fn check_room(state: &GuildState, moved: &[(Channel, Channel)]) -> Result<(), Refusal> {
    let mut counts: BTreeMap<Id, usize> = BTreeMap::new();
    for channel in state.channels.values() {
        let new = moved.iter().find(|(old, _)| old.id == channel.id).map_or(channel, |(_, new)| new);
        if let Some(parent) = new.parent_id {
            *counts.entry(parent).or_default() += 1;
        }
    }
    if counts.values().all(|count| *count <= CHANNELS_PER_CATEGORY_MAX) {
        return Ok(());
    }
    let message = format!("Maximum number of channels in category reached ({CHANNELS_PER_CATEGORY_MAX})");
    Err(Refusal::field("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", message))
}

/// The channel at its new place, if `user` may put it there.
fn moved_to(
    desk: &Desk<'_>,
    state: &GuildState,
    old: &Channel,
    place: &Place,
    user: Id,
) -> Result<Channel, Refusal> {
    let mut new = old.clone();
    set(&mut new.position, place.position);
    if let Some(parent) = place.parent_id.filter(|parent| *parent != old.parent_id) {
        check_parent(state, old.kind, Some(old), parent, user)?;
        // One manages the channel, and the category where it goes.
        let category = parent.and_then(|parent| state.channels.get(&parent));
        for channel in [Some(old), category].into_iter().flatten() {
            state.require_in(channel, user, Permissions::MANAGE_CHANNELS, desk.now)?;
        }
        new.parent_id = parent;
    }
    let category = new.parent_id.and_then(|parent| state.channels.get(&parent));
    if let Some(category) = category.filter(|_| place.lock_permissions) {
        overwrite::check(desk, state, Some(old), new.parent_id, user, &category.overwrites)?;
        new.overwrites.clone_from(&category.overwrites);
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_text_are_in_lower_case_and_without_spaces() {
        assert_eq!(name_for(ChannelKind::Text, "Off  Topic Talk"), "off-topic-talk");
        assert_eq!(name_for(ChannelKind::Voice, "Off Topic"), "Off Topic");
    }
}
