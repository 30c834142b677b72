//! Messages: to send, read, edit and delete them.

use decentra_core::community::deletion::{DeleteMessage, DeleteMessages, read_bulk};
use decentra_core::community::edit::{EditMessage, MessagePatch};
use decentra_core::community::message::{Draft, SendMessage};
use decentra_core::community::presence::Type;
use decentra_core::community::{Form, Refusal};
use decentra_core::wire;
use decentra_model::limits::HISTORY_PAGE_MAX;
use decentra_model::message::{Anchor, MessageKind, Page};
use decentra_model::{Id, Message, Permissions};

use super::call::Call;
use super::error::ApiError;
use super::reply::{ApiResult, Reply, json_bytes};
use super::route::{Route, delete, get, patch, post};
use crate::pages::Key;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let one = "/channels/{channel_id}/messages/{message_id}";
    vec![
        post("/channels/{channel_id}/messages", "Post in a channel", create).takes(Draft::read).long(),
        get("/channels/{channel_id}/messages", "Read a channel", list).asks(page),
        get(one, "Read one message", show),
        patch(one, "Edit a message", edit).takes(MessagePatch::read).long(),
        delete(one, "Delete a message", remove).gives(204),
        post("/channels/{channel_id}/messages/bulk-delete", "Delete many messages", remove_many)
            .takes(read_bulk)
            .gives(204),
        post("/channels/{channel_id}/typing", "Show that one types", write).gives(204),
    ]
}

async fn create(call: Call) -> ApiResult {
    let draft = call.form(Draft::read)?;
    let (actor, channel_id) = (call.actor(), call.id("channel_id")?);
    let (message, nonce) = call.run(SendMessage { actor, channel_id, draft }).await?;
    let original = replied_to(&call, &message, actor.user_id).await?;
    let committed = call.committed();
    let original = original.as_ref().map(Option::as_ref);
    Reply::json(&wire::message::message(&committed.community, &message, nonce.as_ref(), original))
}

async fn list(call: Call) -> ApiResult {
    let page = call.query(page)?;
    let (viewer, channel) = (call.actor().user_id, call.id("channel_id")?);
    if !may_read(&call, channel, viewer)? {
        return Reply::json(&[(); 0]);
    }
    let revision = call.committed().revision(channel);
    if let Some(bytes) = call.app.pages.get(channel, page, viewer, revision) {
        return Reply::raw(bytes);
    }
    let read = move |reader: &mut dyn decentra_store::Reader| {
        let messages = reader.messages(channel, page, Some(viewer))?;
        let mut originals = Vec::with_capacity(messages.len());
        for message in &messages {
            let original = match message.extra.reference.filter(|_| message.extra.kind == MessageKind::Reply)
            {
                Some(reference) => {
                    Some(reader.message(reference.channel_id, reference.message_id, Some(viewer))?)
                }
                None => None,
            };
            originals.push(original);
        }
        Ok((messages, originals))
    };
    let (messages, originals) = call.app.readers.ask(read).await?;
    let committed = call.committed();
    let is_own = messages.iter().any(|message| !message.reactions.is_empty())
        || originals.iter().flatten().flatten().any(|message| !message.reactions.is_empty());
    let objects: Vec<_> = messages
        .iter()
        .zip(&originals)
        .map(|(message, original)| {
            let original = original.as_ref().map(Option::as_ref);
            wire::message::message(&committed.community, message, None, original)
        })
        .collect();
    let bytes = json_bytes(&objects);
    drop(committed);
    let key = Key { channel, page, viewer: is_own.then_some(viewer) };
    call.app.pages.keep(key, revision, bytes.clone());
    Reply::raw(bytes)
}

async fn show(call: Call) -> ApiResult {
    let (viewer, channel, id) = (call.actor().user_id, call.id("channel_id")?, call.id("message_id")?);
    if !may_read(&call, channel, viewer)? {
        return Err(Refusal::MissingPermissions.into());
    }
    let message = call.app.readers.ask(move |reader| reader.message(channel, id, Some(viewer))).await?;
    let message = message.ok_or(Refusal::UnknownMessage)?;
    let original = replied_to(&call, &message, viewer).await?;
    let committed = call.committed();
    let original = original.as_ref().map(Option::as_ref);
    Reply::json(&wire::message::message(&committed.community, &message, None, original))
}

async fn edit(call: Call) -> ApiResult {
    let patch = call.form(MessagePatch::read)?;
    let (actor, channel_id, message_id) = (call.actor(), call.id("channel_id")?, call.id("message_id")?);
    let message = call.run(EditMessage { actor, channel_id, message_id, patch }).await?;
    let original = replied_to(&call, &message, actor.user_id).await?;
    let committed = call.committed();
    let original = original.as_ref().map(Option::as_ref);
    Reply::json(&wire::message::message(&committed.community, &message, None, original))
}

async fn remove(call: Call) -> ApiResult {
    let (actor, reason) = (call.actor(), call.reason.clone());
    let (channel_id, message_id) = (call.id("channel_id")?, call.id("message_id")?);
    call.run(DeleteMessage { actor, channel_id, message_id, reason }).await?;
    Reply::none()
}

async fn remove_many(call: Call) -> ApiResult {
    let ids = call.form(read_bulk)?;
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    call.run(DeleteMessages { actor, channel_id, ids, reason }).await?;
    Reply::none()
}

async fn write(call: Call) -> ApiResult {
    call.run(Type { actor: call.actor(), channel_id: call.id("channel_id")? }).await?;
    Reply::none()
}

/// The page that a query asks for: the newest 50, unless it says otherwise.
fn page(form: &mut Form<'_>) -> Page {
    let limit = form.small("limit", 1..=HISTORY_PAGE_MAX).unwrap_or(50);
    let around = form.id("around").map(Anchor::Around);
    let before = form.id("before").map(Anchor::Before);
    let after = form.id("after").map(Anchor::After);
    Page { anchor: around.or(before).or(after).unwrap_or(Anchor::Newest), limit }
}

/// Whether `viewer`, who must see the channel, may read what was written in it before.
pub(super) fn may_read(call: &Call, channel: Id, viewer: Id) -> Result<bool, ApiError> {
    let committed = call.committed();
    let venue = committed.community.venue_for(channel, viewer)?;
    let here = venue.permissions(viewer, call.app.clock.now());
    Ok(here.contains(Permissions::READ_MESSAGE_HISTORY))
}

/// The message that `message` answers, if it is a reply; `Some(None)`, if that is gone.
pub(super) async fn replied_to(
    call: &Call,
    message: &Message,
    viewer: Id,
) -> Result<Option<Option<Message>>, ApiError> {
    let reference = message.extra.reference.filter(|_| message.extra.kind == MessageKind::Reply);
    let Some(reference) = reference else { return Ok(None) };
    let read = move |reader: &mut dyn decentra_store::Reader| {
        reader.message(reference.channel_id, reference.message_id, Some(viewer))
    };
    Ok(Some(call.app.readers.ask(read).await?))
}
