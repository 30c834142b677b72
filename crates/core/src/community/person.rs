//! What each person has for themselves: what others are to them, who may come up to them, what they have noted.

use std::collections::BTreeMap;

use decentra_model::limits::{BROAD_MENTIONS_MAX, MENTION_COUNT_MAX};
use decentra_model::person::{Privacy, Relationship, RelationshipKind};
use decentra_model::read::{BroadMention, Notifications, ReadState};
use decentra_model::{Event, Id};

use super::Community;

/// What one person has for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub(super) relationships: BTreeMap<Id, Relationship>,
    pub(super) privacy: Privacy,
    pub(super) notes: BTreeMap<Id, String>,
    pub(super) reads: BTreeMap<Id, ReadState>,
    pub(super) notifications: BTreeMap<Option<Id>, Notifications>,
}

impl Person {
    /// What others are to them, by the others' ids.
    pub fn relationships(&self) -> impl Iterator<Item = &Relationship> {
        self.relationships.values()
    }

    /// What `other` is to them.
    pub fn relationship(&self, other: Id) -> Option<&Relationship> {
        self.relationships.get(&other)
    }

    /// Whether `other` is this to them.
    pub fn is(&self, other: Id, kind: RelationshipKind) -> bool {
        self.relationship(other).is_some_and(|relationship| relationship.kind == kind)
    }

    /// Those who are this to them.
    pub fn all(&self, kind: RelationshipKind) -> impl Iterator<Item = Id> {
        self.relationships().filter(move |of| of.kind == kind).map(|of| of.user_id)
    }

    /// Who may come up to them.
    pub fn privacy(&self) -> &Privacy {
        &self.privacy
    }

    /// What they have noted on others, by the others' ids.
    pub fn notes(&self) -> &BTreeMap<Id, String> {
        &self.notes
    }

    /// How far they have read, by the channels' ids; what is meant for many is not counted in it.
    pub fn reads(&self) -> impl Iterator<Item = ReadState> {
        self.reads.values().copied()
    }

    /// How far they have read in a channel.
    pub fn read(&self, channel: Id) -> Option<ReadState> {
        self.reads.get(&channel).copied()
    }

    /// What notifies them in a guild, or in direct channels.
    pub fn notifications(&self, guild: Option<Id>) -> Option<&Notifications> {
        self.notifications.get(&guild)
    }

    /// What notifies them, wherever they have said so.
    pub fn all_notifications(&self) -> impl Iterator<Item = &Notifications> {
        self.notifications.values()
    }
}

/// Someone who has nothing for themselves.
static NOBODY: Person = Person {
    relationships: BTreeMap::new(),
    privacy: Privacy {
        default_guilds_restricted: false,
        restricted_guilds: Vec::new(),
        friend_source: decentra_model::person::FriendSource {
            all: true,
            mutual_friends: true,
            mutual_guilds: true,
        },
    },
    notes: BTreeMap::new(),
    reads: BTreeMap::new(),
    notifications: BTreeMap::new(),
};

impl Community {
    /// What `user` has for themselves.
    pub fn person(&self, user: Id) -> &Person {
        self.people.get(&user).unwrap_or(&NOBODY)
    }

    /// Whether the two are friends.
    pub fn are_friends(&self, one: Id, other: Id) -> bool {
        self.person(one).is(other, RelationshipKind::Friend)
    }

    /// The friends that the two have in common.
    pub fn mutual_friends(&self, one: Id, other: Id) -> impl Iterator<Item = Id> {
        self.person(one).all(RelationshipKind::Friend).filter(move |friend| self.are_friends(*friend, other))
    }

    /// Whether `one` has blocked `other`.
    pub fn has_blocked(&self, one: Id, other: Id) -> bool {
        self.person(one).is(other, RelationshipKind::Blocked)
    }

    /// Whether either has blocked the other.
    pub fn is_blocked_between(&self, one: Id, other: Id) -> bool {
        self.has_blocked(one, other) || self.has_blocked(other, one)
    }

    /// Makes of what people have for themselves what it is after `event`.
    pub(super) fn apply_to_person(&mut self, event: &Event) {
        match event {
            Event::RelationshipSet { user_id, relationship, .. } => self.in_person(*user_id, |person| {
                person.relationships.insert(relationship.user_id, relationship.clone());
            }),
            Event::RelationshipEnded { user_id, relationship } => {
                self.in_person(*user_id, |person| drop(person.relationships.remove(&relationship.user_id)));
            }
            Event::PrivacySet { user_id, privacy } => {
                self.in_person(*user_id, |person| person.privacy.clone_from(privacy));
            }
            Event::NoteSet { user_id, about, note } => self.in_person(*user_id, |person| match note {
                Some(note) => drop(person.notes.insert(*about, note.clone())),
                None => drop(person.notes.remove(about)),
            }),
            Event::ReadSet { user_id, state, .. } => {
                self.in_person(*user_id, |person| _ = person.reads.insert(state.channel_id, *state));
            }
            Event::Called { channel_id, users } => {
                for user in users {
                    self.in_person(*user, |person| {
                        let unread = || ReadState::unread(*channel_id);
                        let state = person.reads.entry(*channel_id).or_insert_with(unread);
                        state.mention_count = (state.mention_count + 1).min(MENTION_COUNT_MAX);
                    });
                }
            }
            Event::NotificationsSet { user_id, notifications } => self.in_person(*user_id, |person| {
                drop(person.notifications.insert(notifications.guild_id, notifications.clone()));
            }),
            Event::PersonErased(user) => drop(self.people.remove(user)),
            _ => {}
        }
    }

    /// Forgets what `user` has for themselves in a guild that they are not in any more.
    pub(super) fn forget_in_guild(&mut self, user: Id, guild: Id) {
        if self.people.contains_key(&user) {
            self.in_person(user, |person| drop(person.notifications.remove(&Some(guild))));
        }
    }

    /// Forgets how far `user` has read in a channel.
    pub(super) fn forget_read(&mut self, user: Id, channel: Id) {
        if self.people.contains_key(&user) {
            self.in_person(user, |person| _ = person.reads.remove(&channel));
        }
    }

    /// Forgets of channels that are gone how far all have read in them, and what was meant for many.
    pub(super) fn forget_reads(&mut self, is_gone: impl Fn(&Id) -> bool) {
        self.broad.retain(|channel, _| !is_gone(channel));
        for person in self.people.values_mut() {
            person.reads.retain(|channel, _| !is_gone(channel));
        }
        self.people.retain(|_, person| *person != NOBODY);
    }

    /// Notes a message that is meant for many.
    pub(super) fn note_broad(&mut self, mention: &BroadMention) {
        let mentions = self.broad.entry(mention.channel_id).or_default();
        mentions.push_back(mention.clone());
        if mentions.len() > BROAD_MENTIONS_MAX as usize {
            mentions.pop_front();
        }
    }

    /// Forgets what was meant for many of those messages that are gone.
    pub(super) fn forget_broad(&mut self, channel: Id, ids: &[Id]) {
        let Some(mentions) = self.broad.get_mut(&channel) else { return };
        mentions.retain(|mention| !ids.contains(&mention.message_id));
        if mentions.is_empty() {
            self.broad.remove(&channel);
        }
    }

    /// Changes what `user` has. Who has nothing takes no room.
    pub(super) fn in_person(&mut self, user: Id, change: impl FnOnce(&mut Person)) {
        let person = self.people.entry(user).or_default();
        change(person);
        if *person == NOBODY {
            self.people.remove(&user);
        }
    }
}
