//! Emoji under messages.

use decentra_core::community::reaction::{AddReaction, ClearReactions, RemoveReaction, emoji};
use decentra_core::community::{Form, Refusal};
use decentra_core::wire;
use decentra_model::Id;
use decentra_model::limits::REACTORS_PAGE_MAX;

use super::call::Call;
use super::error::ApiError;
use super::messages::may_read;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, put};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let all = "/channels/{channel_id}/messages/{message_id}/reactions";
    let of_one = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}";
    let own = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me";
    let of_user = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}";
    vec![
        put(own, "Put an emoji under a message", add).gives(204),
        delete(own, "Take one's emoji away", remove).gives(204),
        delete(of_user, "Take someone's emoji away", remove).gives(204),
        get(of_one, "Read who put an emoji there", list).asks(page),
        delete(of_one, "Take an emoji away for all", clear).gives(204),
        delete(all, "Take all emoji away", clear).gives(204),
    ]
}

/// The message and the emoji in the path.
fn target(call: &Call) -> Result<(Id, Id, String), ApiError> {
    Ok((call.id("channel_id")?, call.id("message_id")?, emoji(call.text("emoji_name"))?))
}

async fn add(call: Call) -> ApiResult {
    let (channel_id, message_id, emoji) = target(&call)?;
    call.run(AddReaction { actor: call.actor(), channel_id, message_id, emoji }).await?;
    Reply::none()
}

async fn remove(call: Call) -> ApiResult {
    let (actor, (channel_id, message_id, emoji)) = (call.actor(), target(&call)?);
    let user_id = if call.params.contains_key("user_id") { call.id("user_id")? } else { actor.user_id };
    call.run(RemoveReaction { actor, channel_id, message_id, emoji, user_id }).await?;
    Reply::none()
}

async fn clear(call: Call) -> ApiResult {
    let (actor, channel_id, message_id) = (call.actor(), call.id("channel_id")?, call.id("message_id")?);
    let emoji = call.params.get("emoji_name").map(|name| emoji(name)).transpose()?;
    call.run(ClearReactions { actor, channel_id, message_id, emoji }).await?;
    Reply::none()
}

/// How many, and those after whom.
fn page(form: &mut Form<'_>) -> (u32, Option<Id>) {
    // There is one sort of reactions, the usual one.
    form.small("type", 0..=1);
    (form.small("limit", 1..=REACTORS_PAGE_MAX).unwrap_or(25), form.id("after"))
}

async fn list(call: Call) -> ApiResult {
    let (limit, after) = call.query(page)?;
    let (channel, message, emoji) = target(&call)?;
    if !may_read(&call, channel, call.actor().user_id)? {
        return Err(Refusal::MissingPermissions.into());
    }
    let read = move |reader: &mut dyn decentra_store::Reader| {
        let found = reader.message(channel, message, None)?;
        let users = reader.reactors(channel, message, &emoji, after, limit)?;
        Ok(found.map(|_| users))
    };
    let users = call.app.readers.ask(read).await?.ok_or(Refusal::UnknownMessage)?;
    let committed = call.committed();
    let users = users.iter().filter_map(|id| committed.community.user(*id)).map(wire::user::user);
    Reply::json(&users.collect::<Vec<_>>())
}
