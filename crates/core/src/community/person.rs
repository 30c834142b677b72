//! What each person has for themselves: what others are to them, who may come up to them, what they have noted.

use std::collections::BTreeMap;

use decentra_model::person::{Privacy, Relationship, RelationshipKind};
use decentra_model::{Event, Id};

use super::Community;

/// What one person has for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub(super) relationships: BTreeMap<Id, Relationship>,
    pub(super) privacy: Privacy,
    pub(super) notes: BTreeMap<Id, String>,
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
            Event::PersonErased(user) => drop(self.people.remove(user)),
            _ => {}
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
