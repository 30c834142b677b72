//! Friends, and those one wants nothing to do with.
//!
//! Each has what the other is to them for themselves: a request stands with both, and so does a friendship; a block stands
//! with who blocks alone.

use decentra_model::limits::{BLOCKS_MAX, FRIENDS_MAX, NAME_CHARS_MAX};
use decentra_model::person::{Privacy, Relationship, RelationshipKind};
use decentra_model::{Event, Id};

use super::{Actor, Command, Community, Desk, Form, Refusal};

/// What one asks for: a block, or else a friendship.
pub fn read_kind(form: &mut Form<'_>) -> bool {
    let kind = form.small("type", 1..=2);
    kind == Some(RelationshipKind::Blocked as u32)
}

/// By what name somebody is to be asked. Who still sends four digits gets along with zeros.
pub fn read_name(form: &mut Form<'_>) -> String {
    form.required_text("username", 1..=NAME_CHARS_MAX)
}

/// What one calls a friend, or a null.
pub fn read_nickname(form: &mut Form<'_>) -> Option<String> {
    let is_none = form.value("nickname").is_none_or(|nickname| nickname.as_str() == Some(""));
    if is_none && form.has("nickname") { None } else { form.name("nickname", 0..=NAME_CHARS_MAX) }
}

/// Asks someone to be a friend, or accepts that they ask.
#[derive(Debug)]
pub struct Befriend {
    /// Who.
    pub actor: Actor,
    /// Whom: by their id, or by their name.
    pub whom: Whom,
}

/// Someone who is to be a friend.
#[derive(Debug)]
pub enum Whom {
    /// By their id.
    Id(Id),
    /// By the name that they log in with.
    Named(String),
}

impl Command for Befriend {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user = self.actor.user_id;
        let community = desk.community();
        let other = match self.whom {
            Whom::Id(id) => community.user(id).filter(|other| !other.deleted).ok_or(Refusal::UnknownUser)?.id,
            Whom::Named(name) => community.user_named(&name).ok_or(Refusal::NobodyOfThatName)?.id,
        };
        let kind = |kind| Relationship { user_id: other, kind, since: desk.now, nickname: None };
        if check(community, user, other)? {
            let (ours, theirs) = (kind(RelationshipKind::Friend), kind(RelationshipKind::Friend));
            set(desk, user, ours);
            set(desk, other, Relationship { user_id: user, ..theirs });
        } else if !community.person(user).is(other, RelationshipKind::Outgoing) {
            let (ours, theirs) = (kind(RelationshipKind::Outgoing), kind(RelationshipKind::Incoming));
            set(desk, user, ours);
            set(desk, other, Relationship { user_id: user, ..theirs });
        }
        Ok(())
    }
}

/// Whether `user` accepts what `other` has asked, and does not ask; refuses, if they may not.
fn check(community: &Community, user: Id, other: Id) -> Result<bool, Refusal> {
    if user == other {
        return Err(Refusal::FriendOfOneself);
    }
    if community.is_bot(other) {
        return Err(Refusal::FriendOfBot);
    }
    let (own, theirs) = (community.person(user), community.person(other));
    if own.is(other, RelationshipKind::Friend) {
        return Err(Refusal::AlreadyFriends);
    }
    if own.is(other, RelationshipKind::Blocked) {
        return Err(Refusal::FriendBlocked);
    }
    // Who has blocked one, and who takes no requests, look the same.
    if theirs.is(user, RelationshipKind::Blocked) {
        return Err(Refusal::FriendRequestsDisabled);
    }
    let accepts = own.is(other, RelationshipKind::Incoming);
    let is_asked = own.is(other, RelationshipKind::Outgoing);
    let takes_more = |user| friends_and_requests(community, user) < FRIENDS_MAX;
    if !accepts && !is_asked {
        if !community.takes_requests(other, user) || !takes_more(other) {
            return Err(Refusal::FriendRequestsDisabled);
        }
        if !takes_more(user) {
            return Err(Refusal::TooManyFriends(FRIENDS_MAX));
        }
    }
    Ok(accepts)
}

fn friends_and_requests(community: &Community, user: Id) -> usize {
    let counts = |of: &&Relationship| of.kind != RelationshipKind::Blocked;
    community.person(user).relationships().filter(counts).count()
}

fn set(desk: &mut Desk<'_>, user_id: Id, relationship: Relationship) {
    desk.emit(Event::RelationshipSet { user_id, relationship, is_renamed: false });
}

/// Ends what `other` is to `user`, whatever that is.
fn end(desk: &mut Desk<'_>, user: Id, other: Id) {
    if let Some(relationship) = desk.community().person(user).relationship(other).cloned() {
        desk.emit(Event::RelationshipEnded { user_id: user, relationship });
    }
}

/// Blocks someone: what else they were to each other ends.
#[derive(Debug)]
pub struct Block {
    /// Who.
    pub actor: Actor,
    /// Whom.
    pub user_id: Id,
}

impl Command for Block {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (user, other) = (self.actor.user_id, self.user_id);
        let community = desk.community();
        community.user(other).ok_or(Refusal::UnknownUser)?;
        if user == other {
            return Err(Refusal::FriendOfOneself);
        }
        if community.has_blocked(user, other) {
            return Ok(());
        }
        if community.person(user).all(RelationshipKind::Blocked).count() >= BLOCKS_MAX {
            return Err(Refusal::Forbidden("You have blocked as many as you can."));
        }
        end(desk, user, other);
        if !desk.community().has_blocked(other, user) {
            end(desk, other, user);
        }
        let kind = RelationshipKind::Blocked;
        let block = Relationship { user_id: other, kind, since: desk.now, nickname: None };
        set(desk, user, block);
        Ok(())
    }
}

/// Ends what someone is to one: a friendship, a request of either, or one's own block.
#[derive(Debug)]
pub struct EndRelationship {
    /// Who.
    pub actor: Actor,
    /// With whom.
    pub user_id: Id,
}

impl Command for EndRelationship {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (user, other) = (self.actor.user_id, self.user_id);
        let was = desk.community().person(user).relationship(other).ok_or(Refusal::UnknownUser)?.kind;
        end(desk, user, other);
        if was != RelationshipKind::Blocked {
            end(desk, other, user);
        }
        Ok(())
    }
}

/// Calls a friend otherwise, for oneself.
#[derive(Debug)]
pub struct NameFriend {
    /// Who.
    pub actor: Actor,
    /// Whom.
    pub user_id: Id,
    /// What.
    pub nickname: Option<String>,
}

impl Command for NameFriend {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user_id = self.actor.user_id;
        let old = desk.community().person(user_id).relationship(self.user_id);
        let old = old.filter(|of| of.kind == RelationshipKind::Friend).ok_or(Refusal::UnknownUser)?;
        if old.nickname != self.nickname {
            let relationship = Relationship { nickname: self.nickname, ..old.clone() };
            desk.emit(Event::RelationshipSet { user_id, relationship, is_renamed: true });
        }
        Ok(())
    }
}

/// Ends all that `user`, whose account goes, is to others, and forgets what they had for themselves.
pub(super) fn erase_person(desk: &mut Desk<'_>, user: Id) {
    let person = desk.community().person(user);
    let others: Vec<Id> = person.relationships().map(|of| of.user_id).collect();
    // A block of theirs falls on nobody any more; that of another stays, and means nothing.
    for other in others {
        if !desk.community().has_blocked(other, user) {
            end(desk, other, user);
        }
    }
    desk.emit(Event::PersonErased(user));
}

impl Community {
    /// Whether `user` lets `other`, who is no friend, ask to be one.
    fn takes_requests(&self, user: Id, other: Id) -> bool {
        let source = self.person(user).privacy().friend_source;
        source.all
            || (source.mutual_guilds && self.are_acquainted(user, other))
            || (source.mutual_friends && self.mutual_friends(user, other).next().is_some())
    }
}

/// What is to change of who may come up to one.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the settings")]
pub struct PrivacyPatch {
    pub default_guilds_restricted: Option<bool>,
    pub restricted_guilds: Option<Vec<Id>>,
    pub friend_source: Option<decentra_model::person::FriendSource>,
}

impl PrivacyPatch {
    /// What a form says of it.
    pub fn read(form: &mut Form<'_>) -> Self {
        let source = form.nested("friend_source_flags", |form| {
            let all = form.flag("all").unwrap_or_default();
            decentra_model::person::FriendSource {
                all,
                mutual_friends: form.flag("mutual_friends").unwrap_or(all),
                mutual_guilds: form.flag("mutual_guilds").unwrap_or(all),
            }
        });
        Self {
            default_guilds_restricted: form.flag("default_guilds_restricted"),
            restricted_guilds: form.ids("restricted_guilds", decentra_model::limits::GUILDS_PER_USER_MAX),
            friend_source: source,
        }
    }
}

/// Says who may come up to one.
#[derive(Debug)]
pub struct SetPrivacy {
    /// Who.
    pub actor: Actor,
    /// What.
    pub patch: PrivacyPatch,
}

impl Command for SetPrivacy {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (user_id, patch) = (self.actor.user_id, self.patch);
        let old = desk.community().person(user_id).privacy();
        let privacy = Privacy {
            default_guilds_restricted: patch
                .default_guilds_restricted
                .unwrap_or(old.default_guilds_restricted),
            restricted_guilds: patch.restricted_guilds.unwrap_or_else(|| old.restricted_guilds.clone()),
            friend_source: patch.friend_source.unwrap_or(old.friend_source),
        };
        if privacy != *old {
            desk.emit(Event::PrivacySet { user_id, privacy });
        }
        Ok(())
    }
}
