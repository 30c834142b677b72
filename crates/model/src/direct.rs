//! A place outside of guilds, for direct messages.

use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};

use crate::{Id, Timestamp};

/// A channel outside of guilds: of two people, or of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direct {
    /// Its id.
    pub id: Id,
    /// Whether it is of two, or of a group.
    pub kind: DirectKind,
    /// Who is in it, in the order in which they came.
    pub members: Vec<Id>,
    /// Those in it who do not have it in their list: they have put it away, or nobody has written to them yet.
    #[serde(default)]
    pub hidden: Vec<Id>,
    /// What a group is called, if it is called anything.
    #[serde(default)]
    pub name: Option<String>,
    /// The hash of a group's picture.
    #[serde(default)]
    pub icon: Option<String>,
    /// Who may send others away from a group.
    #[serde(default)]
    pub owner_id: Option<Id>,
    /// When a message was last pinned.
    #[serde(default)]
    pub last_pin_at: Option<Timestamp>,
}

/// Whether a direct channel is of two, or of a group. Source: Discord's documentation, "Channel Types".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_repr, Deserialize_repr)]
#[repr(u8)]
pub enum DirectKind {
    /// Of two, for good.
    Pair = 1,
    /// Of a group, who come and go.
    Group = 3,
}

/// What happened to a direct channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectChange {
    /// It was made.
    Created,
    /// It is called otherwise, looks otherwise, or belongs to another.
    Updated,
    /// Someone in it has it in their list again.
    Shown(Id),
    /// Someone in it has put it away.
    Hidden(Id),
    /// Someone came.
    Joined(Id),
    /// Someone went.
    Left(Id),
}

impl Direct {
    /// A channel of these two, which only the first has in their list.
    pub fn pair(id: Id, one: Id, other: Id) -> Self {
        Self {
            id,
            kind: DirectKind::Pair,
            members: vec![one, other],
            hidden: vec![other],
            name: None,
            icon: None,
            owner_id: None,
            last_pin_at: None,
        }
    }

    /// A group of these, which the first owns, and all have in their lists.
    pub fn group(id: Id, members: Vec<Id>) -> Self {
        Self {
            id,
            kind: DirectKind::Group,
            owner_id: members.first().copied(),
            members,
            hidden: Vec::new(),
            name: None,
            icon: None,
            last_pin_at: None,
        }
    }

    /// Whether `user` is in it.
    pub fn has(&self, user: Id) -> bool {
        self.members.contains(&user)
    }

    /// Whether it is in the list of `user`.
    pub fn is_shown_to(&self, user: Id) -> bool {
        self.has(user) && !self.hidden.contains(&user)
    }

    /// Those in it beside `user`.
    pub fn others(&self, user: Id) -> impl Iterator<Item = Id> {
        self.members.iter().copied().filter(move |member| *member != user)
    }

    /// Whom `user` shares it with, if it is of two.
    pub fn partner(&self, user: Id) -> Option<Id> {
        if self.kind == DirectKind::Pair { self.others(user).next() } else { None }
    }
}
