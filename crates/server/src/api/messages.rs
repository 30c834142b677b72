//! Messages: to send and to read them.

use decentra_core::community::Form;
use decentra_core::community::message::{Draft, SendMessage};
use decentra_core::wire;
use decentra_model::limits::HISTORY_PAGE_MAX;
use decentra_model::message::{Anchor, MessageKind, Page};
use decentra_model::{Id, Message, Permissions};

use super::call::Call;
use super::error::ApiError;
use super::reply::{ApiResult, Reply};
use super::route::{Route, get, post};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/channels/{channel_id}/messages", "Post in a channel", create)
            .takes(|form| drop(Draft::read(form))),
        get("/channels/{channel_id}/messages", "Read a channel", list).asks(|form| drop(page(form))),
        get("/channels/{channel_id}/messages/{message_id}", "Read one message", show),
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
    let objects: Vec<_> = messages
        .iter()
        .zip(&originals)
        .map(|(message, original)| {
            let original = original.as_ref().map(Option::as_ref);
            wire::message::message(&committed.community, message, None, original)
        })
        .collect();
    Reply::json(&objects)
}

async fn show(call: Call) -> ApiResult {
    let (viewer, channel, id) = (call.actor().user_id, call.id("channel_id")?, call.id("message_id")?);
    if !may_read(&call, channel, viewer)? {
        return Err(decentra_core::community::Refusal::MissingPermissions.into());
    }
    let message = call.app.readers.ask(move |reader| reader.message(channel, id, Some(viewer))).await?;
    let message = message.ok_or(decentra_core::community::Refusal::UnknownMessage)?;
    let original = replied_to(&call, &message, viewer).await?;
    let committed = call.committed();
    let original = original.as_ref().map(Option::as_ref);
    Reply::json(&wire::message::message(&committed.community, &message, None, original))
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
    let (state, channel) = committed.community.channel_for(channel, viewer)?;
    let here = state.permissions_in(channel, viewer, call.app.clock.now());
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
