//! Pinned messages.

use decentra_core::community::Form;
use decentra_core::community::pin::Pin;
use decentra_core::wire;
use decentra_model::limits::PINS_PAGE_MAX;
use decentra_model::{Id, Message, Timestamp};
use serde_json::json;

use super::call::Call;
use super::error::ApiError;
use super::messages::may_read;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, put};

/// The routes of this file: the new paths, and the old ones that older libraries use.
pub(super) fn routes() -> Vec<Route> {
    let (one, old) =
        ("/channels/{channel_id}/messages/pins/{message_id}", "/channels/{channel_id}/pins/{message_id}");
    vec![
        get("/channels/{channel_id}/messages/pins", "Read the pinned messages", page_of).asks(page),
        put(one, "Pin a message", pin).gives(204),
        delete(one, "Let a pinned message go", unpin).gives(204),
        get("/channels/{channel_id}/pins", "Read the messages that were pinned last", newest),
        put(old, "Pin a message", pin).gives(204),
        delete(old, "Let a pinned message go", unpin).gives(204),
    ]
}

/// Those pinned before when, and how many.
fn page(form: &mut Form<'_>) -> (Option<Timestamp>, u32) {
    (form.time("before"), form.small("limit", 1..=PINS_PAGE_MAX).unwrap_or(PINS_PAGE_MAX))
}

/// The pinned messages of the channel in the path, the newest pin first; none for who may not read its past.
async fn read(call: &Call, before: Option<Timestamp>, limit: u32) -> Result<Vec<Message>, ApiError> {
    let (channel, viewer): (Id, Id) = (call.id("channel_id")?, call.actor().user_id);
    if !may_read(call, channel, viewer)? {
        return Ok(Vec::new());
    }
    Ok(call.app.readers.ask(move |reader| reader.pins(channel, before, limit, Some(viewer))).await?)
}

async fn page_of(call: Call) -> ApiResult {
    let (before, limit) = call.query(page)?;
    let mut pins = read(&call, before, limit + 1).await?;
    let has_more = pins.len() > limit as usize;
    pins.truncate(limit as usize);
    let committed = call.committed();
    let items = pins.iter().map(|message| {
        json!({
            "pinned_at": message.pinned_at.map(Timestamp::zoned),
            "message": wire::message::message(&committed.community, message, None, None),
        })
    });
    Reply::json(&json!({"items": items.collect::<Vec<_>>(), "has_more": has_more}))
}

async fn newest(call: Call) -> ApiResult {
    let pins = read(&call, None, PINS_PAGE_MAX).await?;
    let committed = call.committed();
    let messages =
        pins.iter().map(|message| wire::message::message(&committed.community, message, None, None));
    Reply::json(&messages.collect::<Vec<_>>())
}

async fn pin(call: Call) -> ApiResult {
    set(&call, true).await
}

async fn unpin(call: Call) -> ApiResult {
    set(&call, false).await
}

async fn set(call: &Call, pinned: bool) -> ApiResult {
    let (actor, reason) = (call.actor(), call.reason.clone());
    let (channel_id, message_id) = (call.id("channel_id")?, call.id("message_id")?);
    call.run(Pin { actor, channel_id, message_id, pinned, reason }).await?;
    Reply::none()
}
