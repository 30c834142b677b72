//! Deleting what was posted.

use decentra_model::audit::action;
use decentra_model::limits::{BULK_DELETE_MAX, BULK_DELETE_SECS_MAX};
use decentra_model::{Author, Event, Id, Permissions};
use serde_json::{Value, json};

use super::audit::Note;
use super::{Actor, Command, Desk, Form, Refusal};

/// Deletes a message: one's own, or as one who manages messages.
#[derive(Debug)]
pub struct DeleteMessage {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// Which.
    pub message_id: Id,
    /// Why.
    pub reason: Option<String>,
}

impl Command for DeleteMessage {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, message_id, reason } = self;
        desk.venue(channel_id, actor.user_id)?;
        let message = desk.archive.message(channel_id, message_id, None)?.ok_or(Refusal::UnknownMessage)?;
        let is_own = message.author == Author::User(actor.user_id);
        let needed = if is_own { Permissions::empty() } else { Permissions::MANAGE_MESSAGES };
        let guild = desk.venue_with(channel_id, actor.user_id, needed)?.guild_id();
        desk.emit(Event::MessagesDeleted { channel_id, ids: vec![message_id], bulk: false });
        if let (Some(guild), Some(author)) = (guild, message.author.user().filter(|_| !is_own)) {
            let note = Note::new(actor, action::MESSAGE_DELETE, reason).on(author);
            note.options(json!({"channel_id": channel_id, "count": "1"})).emit(desk, guild);
        }
        Ok(())
    }
}

/// The messages that a bulk names, each once.
pub fn read_bulk(form: &mut Form<'_>) -> Vec<Id> {
    form.require("messages");
    let ids = form.ids("messages", 2 * BULK_DELETE_MAX).unwrap_or_default();
    let named = form.value("messages").and_then(Value::as_array).map_or(0, Vec::len);
    if !ids.is_empty() && named > ids.len() {
        form.refuse("messages", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
    ids
}

/// Deletes many messages at once. Those that are not there count, and are passed over.
#[derive(Debug)]
pub struct DeleteMessages {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// Which.
    pub ids: Vec<Id>,
    /// Why.
    pub reason: Option<String>,
}

impl Command for DeleteMessages {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, channel_id, ids, reason } = self;
        let (state, _) = desk.channel_with(channel_id, actor.user_id, Permissions::MANAGE_MESSAGES)?;
        let guild = state.guild.id;
        if !(2..=BULK_DELETE_MAX).contains(&ids.len()) {
            return Err(Refusal::BulkDeleteCount);
        }
        let oldest = Id::at(desk.now.plus_secs(-BULK_DELETE_SECS_MAX));
        if ids.iter().any(|id| *id < oldest) {
            return Err(Refusal::TooOldToBulkDelete);
        }
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if desk.archive.message(channel_id, id, None)?.is_some() {
                found.push(id);
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let count = found.len().to_string();
        desk.emit(Event::MessagesDeleted { channel_id, ids: found, bulk: true });
        let note = Note::new(actor, action::MESSAGE_BULK_DELETE, reason).on(channel_id);
        note.options(json!({"count": count})).emit(desk, guild);
        Ok(())
    }
}
