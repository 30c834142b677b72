//! Pinning messages.

use decentra_model::audit::action;
use decentra_model::limits::PINS_MAX;
use decentra_model::message::{Extra, MessageKind, Reference};
use decentra_model::{Author, Event, Id, Message, Permissions};
use serde_json::json;

use super::audit::Note;
use super::direct::show_to_all;
use super::read::post;
use super::{Actor, Command, Desk, Refusal};

/// Pins a message, or lets it go.
#[derive(Debug)]
pub struct Pin {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// Which.
    pub message_id: Id,
    /// Whether it is to be pinned.
    pub pinned: bool,
    /// Why.
    pub reason: Option<String>,
}

impl Command for Pin {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, message_id, pinned, reason } = self;
        let guild_id = desk.venue_with(channel_id, actor.user_id, Permissions::PIN_MESSAGES)?.guild_id();
        let old = desk.archive.message(channel_id, message_id, None)?.ok_or(Refusal::UnknownMessage)?;
        if old.pinned_at.is_some() == pinned {
            return Ok(());
        }
        if !matches!(old.extra.kind, MessageKind::Default | MessageKind::Reply) {
            return Err(Refusal::SystemMessage);
        }
        if pinned && desk.archive.pin_count(channel_id)? >= PINS_MAX {
            return Err(Refusal::TooManyPins(PINS_MAX));
        }
        let new = Message { pinned_at: pinned.then_some(desk.now), ..old };
        desk.emit(Event::MessagePinned(new.clone()));
        if pinned {
            show_to_all(desk, channel_id);
            let message = notice(desk, actor.user_id, Reference { message_id, channel_id, guild_id });
            post(desk, message, None, None);
        }
        let Some(guild_id) = guild_id else { return Ok(()) };
        let kind = if pinned { action::MESSAGE_PIN } else { action::MESSAGE_UNPIN };
        let note = Note::new(actor, kind, reason);
        let note = match new.author.user() {
            Some(author) => note.on(author),
            None => note,
        };
        note.options(json!({"channel_id": channel_id, "message_id": message_id})).emit(desk, guild_id);
        Ok(())
    }
}

/// What tells those in the channel that a message was pinned.
fn notice(desk: &mut Desk<'_>, user: Id, reference: Reference) -> Message {
    Message {
        id: desk.new_id(),
        channel_id: reference.channel_id,
        author: Author::User(user),
        content: String::new(),
        timestamp: desk.now,
        edited_at: None,
        pinned_at: None,
        extra: Extra {
            kind: MessageKind::ChannelPinnedMessage,
            reference: Some(reference),
            ..Extra::default()
        },
        reactions: Vec::new(),
    }
}
