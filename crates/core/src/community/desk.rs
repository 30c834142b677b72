//! Where a command is decided.

use decentra_model::dispatch::SightChange;
use decentra_model::message::Page;
use decentra_model::{Channel, Event, Id, Message, Permissions, Timestamp};

use super::{Community, GuildState, Refusal, Venue};

/// Something that someone asks for. All its checks come before the first event that it gives.
pub trait Command: Send + 'static {
    /// What whoever asked is told when it is done.
    type Answer: Send + 'static;

    /// Decides it.
    fn decide(self, desk: &mut Desk<'_>) -> Result<Self::Answer, Refusal>;
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub user_id: Id,
    /// Whether it is a bot's.
    pub is_bot: bool,
}

/// The database failed; what it said is in the server's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveError;

impl From<ArchiveError> for Refusal {
    fn from(_: ArchiveError) -> Self {
        Self::NotStored
    }
}

/// The messages, which do not fit into memory. What earlier events gave is in it.
pub trait Archive {
    /// A message. Its reactions tell whether `viewer` is among them.
    fn message(&mut self, channel: Id, id: Id, viewer: Option<Id>) -> Result<Option<Message>, ArchiveError>;

    /// The messages of a page, newest first.
    fn messages(&mut self, channel: Id, page: Page, viewer: Option<Id>)
    -> Result<Vec<Message>, ArchiveError>;

    /// The message that was stored under `dedupe`.
    fn message_with(&mut self, dedupe: &str) -> Result<Option<Message>, ArchiveError>;

    /// Whether `user` put `emoji` under the message.
    fn has_reacted(&mut self, channel: Id, message: Id, emoji: &str, user: Id) -> Result<bool, ArchiveError>;

    /// How many messages of the channel are pinned.
    fn pin_count(&mut self, channel: Id) -> Result<usize, ArchiveError>;

    /// The newest messages that any of `authors` wrote in the channel after the id `after`: oldest first, at most `limit`.
    fn written_by(
        &mut self,
        channel: Id,
        authors: &[Id],
        after: Id,
        limit: usize,
    ) -> Result<Vec<Id>, ArchiveError>;

    /// When `author` wrote in the channel last, if that was after the id `after`.
    fn last_written(
        &mut self,
        channel: Id,
        author: Id,
        after: Id,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, ArchiveError>;
}

/// What a command is decided with, and what it gives.
pub struct Desk<'a> {
    community: &'a mut Community,
    /// The messages.
    pub archive: &'a mut dyn Archive,
    /// The time.
    pub now: Timestamp,
    /// What gives a random number: asked for when one is needed, since few commands do.
    random: &'a dyn Fn() -> u64,
    last_id: &'a mut Option<Id>,
    events: &'a mut Vec<Happened>,
}

/// An event, and whose sight it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// What happened.
    pub event: Event,
    /// Whose sight it changed, if anyone's.
    pub changes_sight: Option<SightChange>,
}

impl<'a> Desk<'a> {
    /// A desk. `last_id` is the greatest id that was ever given, and `events` takes what is decided.
    pub fn new(
        community: &'a mut Community,
        archive: &'a mut dyn Archive,
        now: Timestamp,
        random: &'a dyn Fn() -> u64,
        last_id: &'a mut Option<Id>,
        events: &'a mut Vec<Happened>,
    ) -> Self {
        Self { community, archive, now, random, last_id, events }
    }

    /// A random number, for invite codes and the like.
    pub fn random(&self) -> u64 {
        (self.random)()
    }

    /// What there is.
    pub fn community(&self) -> &Community {
        self.community
    }

    /// Makes something happen.
    pub fn emit(&mut self, event: Event) {
        let changes_sight = self.community.sight_change(&event);
        self.community.apply(&event);
        self.events.push(Happened { event, changes_sight });
    }

    /// An id that nothing has.
    pub fn new_id(&mut self) -> Id {
        let id = Id::next(*self.last_id, self.now);
        *self.last_id = Some(id);
        id
    }

    /// The guild, if `user` is in it.
    pub fn guild(&self, id: Id, user: Id) -> Result<&GuildState, Refusal> {
        self.community.guild_for(id, user)
    }

    /// The guild, if `user` has `needed` in it.
    pub fn guild_with(&self, id: Id, user: Id, needed: Permissions) -> Result<&GuildState, Refusal> {
        let state = self.guild(id, user)?;
        state.require(user, needed, self.now)?;
        Ok(state)
    }

    /// The channel and its guild, if `user` may see it.
    pub fn channel(&self, id: Id, user: Id) -> Result<(&GuildState, &Channel), Refusal> {
        self.community.channel_for(id, user)
    }

    /// Where people write, if `user` may see it.
    pub fn venue(&self, id: Id, user: Id) -> Result<Venue<'_>, Refusal> {
        self.community.venue_for(id, user)
    }

    /// Where people write, if `user` sees it and has `needed` in it.
    pub fn venue_with(&self, id: Id, user: Id, needed: Permissions) -> Result<Venue<'_>, Refusal> {
        let venue = self.venue(id, user)?;
        venue.require(user, needed, self.now)?;
        Ok(venue)
    }

    /// The channel and its guild, if `user` sees it and has `needed` in it.
    pub fn channel_with(
        &self,
        id: Id,
        user: Id,
        needed: Permissions,
    ) -> Result<(&GuildState, &Channel), Refusal> {
        let (state, channel) = self.channel(id, user)?;
        state.require_in(channel, user, needed, self.now)?;
        Ok((state, channel))
    }
}

impl Community {
    /// The guild, if `user` is in it; else as if it did not exist.
    pub fn guild_for(&self, id: Id, user: Id) -> Result<&GuildState, Refusal> {
        self.guild(id).filter(|state| state.member(user).is_some()).ok_or(Refusal::UnknownGuild)
    }

    /// The channel and its guild, if `user` may see it; else as if it did not exist. For what is done in guilds only.
    pub fn channel_for(&self, id: Id, user: Id) -> Result<(&GuildState, &Channel), Refusal> {
        match self.venue_for(id, user)? {
            Venue::Guild(state, channel) => Ok((state, channel)),
            Venue::Direct(..) => Err(Refusal::DirectChannel),
        }
    }
}

impl GuildState {
    /// Refuses unless `user` has `needed` in the guild.
    pub fn require(&self, user: Id, needed: Permissions, now: Timestamp) -> Result<(), Refusal> {
        if self.permissions(user, now).contains(needed) { Ok(()) } else { Err(Refusal::MissingPermissions) }
    }

    /// Refuses unless `user` has `needed` in `channel`.
    pub fn require_in(
        &self,
        channel: &Channel,
        user: Id,
        needed: Permissions,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let here = self.permissions_in(channel, user, now);
        if here.contains(needed) { Ok(()) } else { Err(Refusal::MissingPermissions) }
    }
}
