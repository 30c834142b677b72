//! A channel's exceptions to what roles allow.

use decentra_model::audit::action;
use decentra_model::limits::OVERWRITES_MAX;
use decentra_model::{Channel, Event, Id, Overwrite, OverwriteKind, Permissions};
use serde_json::{Value, json};

use super::audit::{Keys, Note, changes};
use super::{Actor, Command, Desk, Form, GuildState, Refusal};

const KEYS: &Keys = &[("id", "id"), ("type", "type"), ("allow", "allow"), ("deny", "deny")];

/// The overwrite in a form that says whom it is for.
pub(super) fn read(form: &mut Form<'_>) -> Overwrite {
    if form.value("id").is_none() {
        form.refuse("id", "BASE_TYPE_REQUIRED", "This field is required");
    }
    let id = form.id("id").unwrap_or(Id::from_i64(0));
    read_for(form, id)
}

/// The overwrite in a form, for `id`.
pub fn read_for(form: &mut Form<'_>, id: Id) -> Overwrite {
    let kind = form.small("type", 0..=1).unwrap_or_default();
    Overwrite {
        id,
        kind: if kind == 1 { OverwriteKind::Member } else { OverwriteKind::Role },
        allow: form.permissions("allow").unwrap_or_default(),
        deny: form.permissions("deny").unwrap_or_default(),
    }
}

/// Which permissions `user` may allow and deny in a channel that is, or will be, under `parent`.
///
/// Source: Discord's documentation, "Edit Channel Permissions": those that one has in the guild or the category, and
/// all, if an overwrite of the channel allows one to manage roles there.
fn grantable(
    desk: &Desk<'_>,
    state: &GuildState,
    channel: Option<&Channel>,
    parent: Option<Id>,
    user: Id,
) -> Permissions {
    let own = state.permissions(user, desk.now);
    let parent = parent.and_then(|parent| state.channels.get(&parent));
    let under = parent.map(|parent| state.permissions_in(parent, user, desk.now)).unwrap_or_default();
    let is_trusted = channel.is_some_and(|channel| {
        let holds =
            |id: Id| id == user || state.member(user).is_some_and(|member| member.roles.contains(&id));
        let trusts = |overwrite: &&Overwrite| overwrite.allow.contains(Permissions::MANAGE_ROLES);
        channel.overwrites.iter().filter(trusts).any(|overwrite| holds(overwrite.id))
    });
    if is_trusted || own.contains(Permissions::ADMINISTRATOR) {
        return Permissions::all();
    }
    // "Setting MANAGE_ROLES permission in channels is only possible for guild administrators": said of new ones.
    let barred = if channel.is_none() { Permissions::MANAGE_ROLES } else { Permissions::empty() };
    (own | under) - barred
}

/// Refuses to put `new` in the place of a channel's `old` overwrites, unless `user` may.
pub(super) fn check(
    desk: &Desk<'_>,
    state: &GuildState,
    channel: Option<&Channel>,
    parent: Option<Id>,
    user: Id,
    new: &[Overwrite],
) -> Result<(), Refusal> {
    let old = channel.map_or(&[][..], |channel| &channel.overwrites);
    if new.len() > OVERWRITES_MAX {
        return Err(Refusal::TooManyOverwrites(OVERWRITES_MAX));
    }
    let here = match channel {
        Some(channel) => state.permissions_in(channel, user, desk.now),
        None => state.permissions(user, desk.now),
    };
    let grantable = grantable(desk, state, channel, parent, user);
    for id in old.iter().chain(new).map(|overwrite| overwrite.id) {
        let (before, after) = (find(old, id), find(new, id));
        if before == after {
            continue;
        }
        if !here.contains(Permissions::MANAGE_ROLES) || !grantable.contains(difference(before, after)) {
            return Err(Refusal::MissingPermissions);
        }
        if let Some(after) = after
            && before.is_none_or(|before| before.kind != after.kind)
        {
            check_target(desk, state, after)?;
        }
    }
    Ok(())
}

pub(super) fn find(overwrites: &[Overwrite], id: Id) -> Option<Overwrite> {
    overwrites.iter().find(|overwrite| overwrite.id == id).copied()
}

/// The permissions that two overwrites treat differently.
fn difference(one: Option<Overwrite>, other: Option<Overwrite>) -> Permissions {
    let of = |overwrite: Option<Overwrite>| overwrite.map(|of| (of.allow, of.deny)).unwrap_or_default();
    let ((allow, deny), (new_allow, new_deny)) = (of(one), of(other));
    (allow ^ new_allow) | (deny ^ new_deny)
}

fn check_target(desk: &Desk<'_>, state: &GuildState, overwrite: Overwrite) -> Result<(), Refusal> {
    match overwrite.kind {
        OverwriteKind::Role if !state.roles.contains_key(&overwrite.id) => Err(Refusal::UnknownOverwrite),
        OverwriteKind::Member if desk.community().user(overwrite.id).is_none() => {
            Err(Refusal::UnknownOverwrite)
        }
        OverwriteKind::Role | OverwriteKind::Member => Ok(()),
    }
}

/// Sets one overwrite of a channel, or takes it away.
#[derive(Debug)]
pub struct SetOverwrite {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// For whom.
    pub overwrite_id: Id,
    /// What; `None` takes it away.
    pub overwrite: Option<Overwrite>,
    /// Why.
    pub reason: Option<String>,
}

impl Command for SetOverwrite {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, overwrite_id, overwrite, reason } = self;
        let user = actor.user_id;
        let (state, channel) = desk.channel_with(channel_id, user, Permissions::MANAGE_ROLES)?;
        let old = find(&channel.overwrites, overwrite_id);
        if old.is_none() && overwrite.is_none() {
            return Err(Refusal::UnknownOverwrite);
        }
        let mut new = channel.clone();
        match new.overwrites.iter_mut().find(|overwrite| overwrite.id == overwrite_id) {
            Some(place) => match overwrite {
                Some(overwrite) => *place = overwrite,
                None => new.overwrites.retain(|overwrite| overwrite.id != overwrite_id),
            },
            None => new.overwrites.extend(overwrite),
        }
        check(desk, state, Some(channel), channel.parent_id, user, &new.overwrites)?;
        if old == overwrite {
            return Ok(());
        }
        let guild = state.guild.id;
        let note = note(state, actor, channel_id, old, overwrite, reason);
        let synced = synced(desk, channel, &new);
        desk.emit(Event::ChannelUpdated(new));
        for child in synced {
            desk.emit(Event::ChannelUpdated(child));
        }
        note.emit(desk, guild);
        Ok(())
    }
}

/// The channels under a category that were in sync with it, as they are when it changes from `old` to `new`.
///
/// Source: Discord's documentation, "Permission Syncing": those whose overwrites are the same follow.
pub(super) fn synced(desk: &Desk<'_>, old: &Channel, new: &Channel) -> Vec<Channel> {
    if old.overwrites == new.overwrites {
        return Vec::new();
    }
    let Some((state, _)) = desk.community().channel(old.id) else { return Vec::new() };
    let before = in_force(state, &old.overwrites);
    let is_synced =
        |child: &&Channel| child.parent_id == Some(old.id) && in_force(state, &child.overwrites) == before;
    let children = state.channels.values().filter(is_synced);
    children.map(|child| Channel { overwrites: new.overwrites.clone(), ..child.clone() }).collect()
}

/// The overwrites but for those of members who have left, in an order that does not depend on when each was made.
fn in_force(state: &GuildState, overwrites: &[Overwrite]) -> Vec<Overwrite> {
    let is_here = |of: &&Overwrite| of.kind == OverwriteKind::Role || state.member(of.id).is_some();
    let mut overwrites: Vec<Overwrite> = overwrites.iter().filter(is_here).copied().collect();
    overwrites.sort_unstable_by_key(|overwrite| overwrite.id);
    overwrites
}

fn note(
    state: &GuildState,
    actor: Actor,
    channel: Id,
    old: Option<Overwrite>,
    new: Option<Overwrite>,
    reason: Option<String>,
) -> Note {
    let action = match (old, new) {
        (None, _) => action::CHANNEL_OVERWRITE_CREATE,
        (_, Some(_)) => action::CHANNEL_OVERWRITE_UPDATE,
        (_, None) => action::CHANNEL_OVERWRITE_DELETE,
    };
    let note = Note::new(actor, action, reason).on(channel).with(changes(old.as_ref(), new.as_ref(), KEYS));
    match new.or(old) {
        Some(about) => note.options(options(state, about)),
        None => note,
    }
}

/// For whom it was, as the audit log tells it.
fn options(state: &GuildState, about: Overwrite) -> Value {
    let kind = if about.kind == OverwriteKind::Member { "1" } else { "0" };
    let mut options = json!({"id": about.id, "type": kind});
    if let Some(role) = state.roles.get(&about.id).filter(|_| about.kind == OverwriteKind::Role) {
        options["role_name"] = json!(role.name);
    }
    options
}
