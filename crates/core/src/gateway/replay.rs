//! What a session is told of the log, and where it goes on after it was left.

use decentra_model::session::Mark;
use decentra_model::{Circle, Dispatch, GatewaySession, Id};

use crate::community::Community;
use crate::wire::ready::is_on_shard;

/// What an entry of the log is to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It is told.
    Told,
    /// It is not.
    NotTold,
    /// It is not known what it was told before this entry, since what it may see changed here.
    SightChanged,
}

/// Whether `session` is told of `dispatch`, if its sight is what it was then.
pub fn hear(community: &Community, session: &GatewaySession, dispatch: &Dispatch) -> Heard {
    if let Some(change) = dispatch.audience.changes_sight {
        let concerns = change.user_id.is_none_or(|user| user == session.user_id);
        let guild = change.guild_id.and_then(|guild| community.guild(guild));
        let is_member = || guild.is_none_or(|state| state.member(session.user_id).is_some());
        if concerns && (change.user_id.is_some() || is_member()) {
            return Heard::SightChanged;
        }
    }
    if is_told(community, session, dispatch) { Heard::Told } else { Heard::NotTold }
}

/// Whether `session` is told of `dispatch` now.
pub fn is_told(community: &Community, session: &GatewaySession, dispatch: &Dispatch) -> bool {
    is_on_shard_of(session, dispatch)
        && community.is_told(&dispatch.audience, session.user_id, session.intents)
}

/// Whether a dispatch falls to the session's shard: what is of no guild falls to the first.
pub fn is_on_shard_of(session: &GatewaySession, dispatch: &Dispatch) -> bool {
    let on_shard_of = |guild: Option<Id>| match guild {
        Some(guild) => is_on_shard(guild, session.shard),
        None => session.shard.is_none_or(|(shard, _)| shard == 0),
    };
    if let Some(change) = dispatch.audience.changes_sight {
        return on_shard_of(change.guild_id);
    }
    match dispatch.audience.circle {
        Circle::Guild(guild)
        | Circle::Holders(guild, ..)
        | Circle::Viewers(guild, _)
        | Circle::ChannelHolders(guild, ..) => on_shard_of(Some(guild)),
        Circle::User(_) | Circle::Direct(_) | Circle::Named => on_shard_of(None),
        Circle::Nobody => true,
    }
}

/// The way back from a session's mark to an earlier sequence, entry by entry, newest first.
#[derive(Debug)]
pub struct Rewind<'a> {
    mark: &'a Mark,
    sequence: u64,
    wanted: u64,
}

/// How a rewind goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The entry before is to be looked at, too; this one is told again, or not.
    On(bool),
    /// It cannot be done.
    Lost,
}

impl<'a> Rewind<'a> {
    /// A rewind from `mark` to `wanted`; `None` if what came since cannot be told again.
    pub fn new(mark: &'a Mark, wanted: u64) -> Option<Self> {
        (wanted >= mark.floor && wanted <= mark.sequence).then_some(Self {
            mark,
            sequence: mark.sequence,
            wanted,
        })
    }

    /// Whether the sequence is reached that was wanted.
    pub fn is_done(&mut self) -> bool {
        while self.sequence > self.wanted && self.mark.resumed.contains(&self.sequence) {
            self.sequence -= 1;
        }
        self.sequence <= self.wanted
    }

    /// Goes back over one entry.
    pub fn back_over(&mut self, heard: Heard) -> Step {
        match heard {
            Heard::SightChanged => Step::Lost,
            Heard::NotTold => Step::On(false),
            Heard::Told => {
                self.sequence -= 1;
                Step::On(true)
            }
        }
    }
}
