//! Groups: to make, rename and leave them, and to add and remove people.

use decentra_model::limits::{GROUPS_PER_USER_MAX, RECIPIENTS_MAX, TITLE_CHARS_MAX};
use decentra_model::message::{Extra, MessageKind};
use decentra_model::{Author, Direct, DirectChange, DirectKind, Event, Id, Message, Picture};

use super::guild::set;
use super::read::post;
use super::{Actor, Command, Community, Desk, Form, Refusal};

/// Makes a group of `actor` and `recipients`, of whom there are several.
pub(super) fn open_group(desk: &mut Desk<'_>, actor: Actor, recipients: &[Id]) -> Result<Direct, Refusal> {
    if actor.is_bot {
        return Err(Refusal::NotForBots);
    }
    if recipients.contains(&actor.user_id) {
        return Err(Refusal::InvalidRecipients);
    }
    if recipients.len() > RECIPIENTS_MAX {
        return Err(Refusal::TooManyRecipients(RECIPIENTS_MAX + 1));
    }
    check_room(desk.community(), actor.user_id)?;
    for recipient in recipients {
        check_addition(desk.community(), actor.user_id, *recipient)?;
    }
    let members: Vec<Id> = std::iter::once(actor.user_id).chain(recipients.iter().copied()).collect();
    let group = Direct::group(desk.new_id(), members);
    emit(desk, group.clone(), DirectChange::Created);
    Ok(group)
}

/// Refuses, if `user` may not bring `other` into a group: friends only.
fn check_addition(community: &Community, user: Id, other: Id) -> Result<(), Refusal> {
    let account = community.user(other).filter(|account| !account.deleted && !account.bot);
    account.ok_or(Refusal::InvalidRecipients)?;
    if !community.are_friends(user, other) {
        return Err(Refusal::CannotWriteTo);
    }
    check_room(community, other)
}

/// Refuses, if `user` is in as many groups as one can be.
fn check_room(community: &Community, user: Id) -> Result<(), Refusal> {
    let groups = community.directs_of(user).filter(|direct| direct.kind == DirectKind::Group);
    if groups.count() >= GROUPS_PER_USER_MAX {
        return Err(Refusal::Forbidden("That would be in too many groups."));
    }
    Ok(())
}

fn emit(desk: &mut Desk<'_>, group: Direct, change: DirectChange) {
    desk.emit(Event::DirectSet(Box::new(group), change));
}

/// Says in a group what was done to it.
fn say(desk: &mut Desk<'_>, group: Id, author: Id, kind: MessageKind, content: String, about: Option<Id>) {
    let message = Message {
        id: desk.new_id(),
        channel_id: group,
        author: Author::User(author),
        content,
        timestamp: desk.now,
        edited_at: None,
        pinned_at: None,
        extra: Extra { kind, mentions: about.into_iter().collect(), ..Extra::default() },
        reactions: Vec::new(),
    };
    super::direct::show_to_all(desk, group);
    post(desk, message, None, None);
}

/// The group with this id, which `user` is in.
fn group_for(desk: &Desk<'_>, id: Id, user: Id) -> Result<Direct, Refusal> {
    let direct = desk.community().direct_for(id, user)?;
    if direct.kind == DirectKind::Group { Ok(direct.clone()) } else { Err(Refusal::DirectChannel) }
}

/// Brings someone into a group. Of a channel of two, a group is made for it, and the channel stays as it was.
#[derive(Debug)]
pub struct AddRecipient {
    /// Who.
    pub actor: Actor,
    /// Which group.
    pub channel_id: Id,
    /// Whom.
    pub user_id: Id,
}

impl Command for AddRecipient {
    /// The group that was made, if one was.
    type Answer = Option<Direct>;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Option<Direct>, Refusal> {
        let Self { actor, channel_id, user_id } = self;
        let mut group = desk.community().direct_for(channel_id, actor.user_id)?.clone();
        if let Some(partner) = group.partner(actor.user_id) {
            if user_id == partner {
                return Err(Refusal::InvalidRecipients);
            }
            return open_group(desk, actor, &[partner, user_id]).map(Some);
        }
        if group.has(user_id) {
            return Ok(None);
        }
        if group.members.len() > RECIPIENTS_MAX {
            return Err(Refusal::TooManyRecipients(RECIPIENTS_MAX + 1));
        }
        check_addition(desk.community(), actor.user_id, user_id)?;
        group.members.push(user_id);
        emit(desk, group, DirectChange::Joined(user_id));
        say(desk, channel_id, actor.user_id, MessageKind::RecipientAdd, String::new(), Some(user_id));
        Ok(None)
    }
}

/// Sends someone away from a group, as its owner.
#[derive(Debug)]
pub struct RemoveRecipient {
    /// Who.
    pub actor: Actor,
    /// Which group.
    pub channel_id: Id,
    /// Whom; oneself is to leave.
    pub user_id: Id,
}

impl Command for RemoveRecipient {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, user_id } = self;
        let group = group_for(desk, channel_id, actor.user_id)?;
        if user_id != actor.user_id && group.owner_id != Some(actor.user_id) {
            return Err(Refusal::MissingPermissions);
        }
        if !group.has(user_id) {
            return Err(Refusal::UnknownUser);
        }
        leave_group(desk, group, user_id, Some(actor.user_id));
        Ok(())
    }
}

/// Leaves a group.
#[derive(Debug)]
pub struct LeaveGroup {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel_id: Id,
    /// Whether nothing is said of it.
    pub is_silent: bool,
}

impl Command for LeaveGroup {
    /// What it was.
    type Answer = Direct;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Direct, Refusal> {
        let user = self.actor.user_id;
        let group = group_for(desk, self.channel_id, user)?;
        leave_group(desk, group.clone(), user, Some(user).filter(|_| !self.is_silent));
        Ok(group)
    }
}

/// Takes `user` out of a group, and says in it that this was done by `author`. The last one leaves nothing behind; who owned
/// it leaves it to who came next.
fn leave_group(desk: &mut Desk<'_>, mut group: Direct, user: Id, author: Option<Id>) {
    let id = group.id;
    group.members.retain(|member| *member != user);
    group.hidden.retain(|hidden| *hidden != user);
    emit(desk, group.clone(), DirectChange::Left(user));
    let Some(heir) = group.members.first().copied() else {
        desk.emit(Event::DirectDeleted(id));
        return;
    };
    if group.owner_id == Some(user) {
        group.owner_id = Some(heir);
        emit(desk, group, DirectChange::Updated);
    }
    if let Some(author) = author {
        say(desk, id, author, MessageKind::RecipientRemove, String::new(), Some(user));
    }
}

/// Takes `user`, whose account goes, out of all groups.
pub(super) fn leave_groups(desk: &mut Desk<'_>, user: Id) {
    let groups = desk.community().directs_of(user).filter(|direct| direct.kind == DirectKind::Group);
    let groups: Vec<Direct> = groups.cloned().collect();
    for group in groups {
        leave_group(desk, group, user, Some(user));
    }
}

/// What is to change of a group.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the group's fields")]
pub struct GroupPatch {
    pub name: Option<Option<String>>,
    pub icon: Option<Option<Picture>>,
    pub owner_id: Option<Id>,
}

impl GroupPatch {
    /// What a form says of it. The picture is read apart, since it is work.
    pub fn read(form: &mut Form<'_>) -> Self {
        // An empty name is none, as well as a null.
        let is_none =
            form.value("name").is_none_or(|name| name.as_str().is_some_and(|name| name.trim().is_empty()));
        let takes_away = is_none && form.has("name");
        let name = if takes_away { Some(None) } else { form.name("name", 0..=TITLE_CHARS_MAX).map(Some) };
        Self { name, icon: None, owner_id: form.id("owner") }
    }
}

/// Changes a group: anyone in it may, but for who owns it.
#[derive(Debug)]
pub struct UpdateGroup {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel_id: Id,
    /// What.
    pub patch: GroupPatch,
}

impl Command for UpdateGroup {
    type Answer = Direct;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Direct, Refusal> {
        let Self { actor, channel_id, patch } = self;
        let user = actor.user_id;
        let old = group_for(desk, channel_id, user)?;
        if let Some(heir) = patch.owner_id.filter(|heir| old.owner_id != Some(*heir)) {
            if old.owner_id != Some(user) {
                return Err(Refusal::MissingPermissions);
            }
            if !old.has(heir) {
                return Err(Refusal::InvalidRecipients);
            }
        }
        let mut new = old.clone();
        set(&mut new.name, patch.name);
        new.owner_id = patch.owner_id.or(old.owner_id);
        if let Some(picture) = patch.icon {
            new.icon = picture.as_ref().map(|picture| picture.hash.clone());
            desk.emit(Event::PictureSet { owner_id: channel_id, picture });
        }
        if new == old {
            return Ok(new);
        }
        emit(desk, new.clone(), DirectChange::Updated);
        if new.name != old.name {
            let name = new.name.clone().unwrap_or_default();
            say(desk, channel_id, user, MessageKind::ChannelNameChange, name, None);
        }
        if new.icon != old.icon {
            say(desk, channel_id, user, MessageKind::ChannelIconChange, String::new(), None);
        }
        Ok(desk.community().direct(channel_id).cloned().unwrap_or(new))
    }
}
