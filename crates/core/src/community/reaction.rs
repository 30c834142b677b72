//! Emoji under messages.

use decentra_model::event::ReactionMark;
use decentra_model::limits::REACTIONS_MAX;
use decentra_model::{Event, Id, Message, Permissions};

use super::{Actor, Command, Desk, Refusal};

/// The emoji in `text`, in the one form in which we keep it. Those of guilds are not served yet.
pub fn emoji(text: &str) -> Result<String, Refusal> {
    emojis::get(text).map(|emoji| emoji.as_str().to_owned()).ok_or(Refusal::UnknownEmoji)
}

/// Puts an emoji under a message.
#[derive(Debug)]
pub struct AddReaction {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// Under which.
    pub message_id: Id,
    /// Which.
    pub emoji: String,
}

impl Command for AddReaction {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, message_id, emoji } = self;
        let user_id = actor.user_id;
        let message = read(desk, user_id, channel_id, message_id)?;
        let venue = desk.venue(channel_id, user_id)?;
        // Who is blocked puts nothing under what the one who blocked them wrote.
        if message.author.user().is_some_and(|author| desk.community().has_blocked(author, user_id)) {
            return Err(Refusal::ReactionBlocked);
        }
        venue.require_writable(user_id)?;
        let is_first = !message.reactions.iter().any(|reaction| reaction.emoji == emoji);
        if is_first {
            venue.require(user_id, Permissions::ADD_REACTIONS, desk.now)?;
        }
        if venue.is_silenced(user_id, desk.now) {
            return Err(Refusal::MissingPermissions);
        }
        if is_first && message.reactions.len() >= REACTIONS_MAX {
            return Err(Refusal::TooManyReactions(REACTIONS_MAX));
        }
        if !desk.archive.has_reacted(channel_id, message_id, &emoji, user_id)? {
            desk.emit(Event::ReactionAdded(mark(&message, user_id, emoji)));
        }
        Ok(())
    }
}

/// The message, if `user` may read what was written in the channel.
fn read(desk: &mut Desk<'_>, user: Id, channel: Id, message: Id) -> Result<Message, Refusal> {
    desk.venue_with(channel, user, Permissions::READ_MESSAGE_HISTORY)?;
    desk.archive.message(channel, message, Some(user))?.ok_or(Refusal::UnknownMessage)
}

fn mark(message: &Message, user_id: Id, emoji: String) -> ReactionMark {
    ReactionMark {
        channel_id: message.channel_id,
        message_id: message.id,
        message_author_id: message.author.user(),
        user_id,
        emoji,
    }
}

/// Takes an emoji away: one's own, or as one who manages messages.
#[derive(Debug)]
pub struct RemoveReaction {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// From under which.
    pub message_id: Id,
    /// Which.
    pub emoji: String,
    /// Whose.
    pub user_id: Id,
}

impl Command for RemoveReaction {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, message_id, emoji, user_id } = self;
        let message = read(desk, actor.user_id, channel_id, message_id)?;
        if user_id != actor.user_id {
            desk.venue_with(channel_id, actor.user_id, Permissions::MANAGE_MESSAGES)?;
        }
        if desk.archive.has_reacted(channel_id, message_id, &emoji, user_id)? {
            desk.emit(Event::ReactionRemoved(mark(&message, user_id, emoji)));
        }
        Ok(())
    }
}

/// Takes away all reactions, or all with one emoji.
#[derive(Debug)]
pub struct ClearReactions {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// From under which.
    pub message_id: Id,
    /// Which; all, if it is none.
    pub emoji: Option<String>,
}

impl Command for ClearReactions {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, message_id, emoji } = self;
        let needed = Permissions::MANAGE_MESSAGES;
        desk.venue_with(channel_id, actor.user_id, needed)?;
        let message = desk.archive.message(channel_id, message_id, None)?.ok_or(Refusal::UnknownMessage)?;
        let is_meant = |of: &str| emoji.as_deref().is_none_or(|emoji| emoji == of);
        if message.reactions.iter().any(|reaction| is_meant(&reaction.emoji)) {
            desk.emit(Event::ReactionsCleared { channel_id, message_id, emoji });
        }
        Ok(())
    }
}
