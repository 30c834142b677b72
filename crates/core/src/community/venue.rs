//! Where people write: in a channel of a guild, or in a direct one.

use decentra_model::{Channel, Direct, Id, Permissions, Role, Timestamp};

use super::{Community, GuildState, Refusal};

/// What writing in a direct channel takes, beyond being in it: that those who read it may be written to.
const WRITING: Permissions =
    Permissions::SEND_MESSAGES.union(Permissions::ADD_REACTIONS).union(Permissions::PIN_MESSAGES);

/// Where people write.
#[derive(Debug, Clone, Copy)]
pub enum Venue<'a> {
    /// A channel of a guild.
    Guild(&'a GuildState, &'a Channel),
    /// A direct channel.
    Direct(&'a Community, &'a Direct),
}

impl<'a> Venue<'a> {
    /// Its id.
    pub fn id(&self) -> Id {
        match self {
            Self::Guild(_, channel) => channel.id,
            Self::Direct(_, direct) => direct.id,
        }
    }

    /// The guild that it is in, if it is in one.
    pub fn guild(&self) -> Option<&'a GuildState> {
        match self {
            Self::Guild(state, _) => Some(state),
            Self::Direct(..) => None,
        }
    }

    /// The id of that guild.
    pub fn guild_id(&self) -> Option<Id> {
        self.guild().map(|state| state.guild.id)
    }

    /// Whether `user` may see it.
    pub fn may_view(&self, user: Id) -> bool {
        match self {
            Self::Guild(state, channel) => state.may_view(channel, user),
            Self::Direct(_, direct) => direct.has(user),
        }
    }

    /// What `user` may do in it; nothing, if they may not see it.
    pub fn permissions(&self, user: Id, now: Timestamp) -> Permissions {
        match self {
            Self::Guild(state, channel) => state.permissions_in(channel, user, now),
            Self::Direct(_, direct) if direct.has(user) => Permissions::in_direct(),
            Self::Direct(..) => Permissions::empty(),
        }
    }

    /// Refuses unless `user`, who sees it, has `needed` in it.
    pub fn require(&self, user: Id, needed: Permissions, now: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::Guild(state, channel) => state.require_in(channel, user, needed, now),
            Self::Direct(..) if !Permissions::in_direct().contains(needed) => Err(Refusal::DirectChannel),
            Self::Direct(..) if needed.intersects(WRITING) => self.require_writable(user),
            Self::Direct(..) => Ok(()),
        }
    }

    /// Refuses, if it is a direct channel of two in which `user` may not write to the other.
    pub fn require_writable(&self, user: Id) -> Result<(), Refusal> {
        let Self::Direct(community, direct) = self else { return Ok(()) };
        match direct.partner(user) {
            Some(partner) if !community.may_write_to(user, partner) => Err(Refusal::CannotWriteTo),
            _ => Ok(()),
        }
    }

    /// Whether messages can be written in it.
    pub fn takes_messages(&self) -> bool {
        match self {
            Self::Guild(_, channel) => channel.kind.takes_messages(),
            Self::Direct(..) => true,
        }
    }

    /// When a message was last pinned in it.
    pub fn last_pin_at(&self) -> Option<Timestamp> {
        match self {
            Self::Guild(_, channel) => channel.last_pin_at,
            Self::Direct(_, direct) => direct.last_pin_at,
        }
    }

    /// Seconds that one must wait between two messages.
    pub fn rate_limit_per_user(&self) -> u32 {
        match self {
            Self::Guild(_, channel) => channel.rate_limit_per_user,
            Self::Direct(..) => 0,
        }
    }

    /// Whether `user` may only read for now, even what is their own.
    pub fn is_silenced(&self, user: Id, now: Timestamp) -> bool {
        self.guild().is_some_and(|state| state.is_silenced(user, now))
    }

    /// Whether `user` can be mentioned in it.
    pub fn has(&self, user: Id) -> bool {
        match self {
            Self::Guild(state, _) => state.member(user).is_some(),
            Self::Direct(_, direct) => direct.has(user),
        }
    }

    /// The role with this id that can be mentioned in it.
    pub fn role(&self, id: Id) -> Option<&'a Role> {
        self.guild()?.roles.get(&id)
    }
}

impl Community {
    /// Where people write by this id, whoever asks.
    pub fn venue(&self, id: Id) -> Option<Venue<'_>> {
        match self.channel(id) {
            Some((state, channel)) => Some(Venue::Guild(state, channel)),
            None => self.direct(id).map(|direct| Venue::Direct(self, direct)),
        }
    }

    /// Where people write, if `user` may see it; else as if it did not exist.
    pub fn venue_for(&self, id: Id, user: Id) -> Result<Venue<'_>, Refusal> {
        self.venue(id).filter(|venue| venue.may_view(user)).ok_or(Refusal::UnknownChannel)
    }
}
