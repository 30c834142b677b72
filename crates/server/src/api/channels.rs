//! Channels: to make, see, change, order and delete them.

use decentra_core::community::channel::{
    ChannelPatch, CreateChannel, DeleteChannel, MoveChannels, Place, UpdateChannel,
};
use decentra_core::community::overwrite::{SetOverwrite, read_for};
use decentra_core::wire;
use decentra_model::Id;

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post, put};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let channel = "/channels/{channel_id}";
    let channels = "/guilds/{guild_id}/channels";
    let overwrite = "/channels/{channel_id}/permissions/{overwrite_id}";
    vec![
        get(channels, "Read the channels of a guild", list),
        post(channels, "Make a channel", create).takes(ChannelPatch::read_new).gives(201),
        patch(channels, "Order channels", order).takes(Place::read).gives(204),
        get(channel, "Read a channel", show),
        patch(channel, "Change a channel", update).takes(ChannelPatch::read),
        put(channel, "Change a channel", update).takes(ChannelPatch::read),
        delete(channel, "Delete a channel", remove),
        put(overwrite, "Allow or deny in a channel", set_overwrite)
            .takes(|form| _ = read_for(form, Id::from_i64(0)))
            .gives(204),
        delete(overwrite, "Take an overwrite away", remove_overwrite).gives(204),
    ]
}

async fn list(call: Call) -> ApiResult {
    let (guild, user) = (call.id("guild_id")?, call.actor().user_id);
    let committed = call.committed();
    let state = committed.community.guild_for(guild, user)?;
    let seen = state.channels.values().filter(|channel| state.may_view(channel, user));
    Reply::json(
        &seen.map(|channel| wire::channel::channel(&committed.community, channel)).collect::<Vec<_>>(),
    )
}

async fn create(call: Call) -> ApiResult {
    let draft = call.form(ChannelPatch::read_new)?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    let channel = call.run(CreateChannel { actor, guild_id, draft, reason }).await?;
    Reply::created(&wire::channel::channel(&call.committed().community, &channel))
}

async fn order(call: Call) -> ApiResult {
    let places = call.list(Place::read)?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    call.run(MoveChannels { actor, guild_id, places, reason }).await?;
    Reply::none()
}

async fn show(call: Call) -> ApiResult {
    let id = call.id("channel_id")?;
    let committed = call.committed();
    let (_, channel) = committed.community.channel_for(id, call.actor().user_id)?;
    Reply::json(&wire::channel::channel(&committed.community, channel))
}

async fn update(call: Call) -> ApiResult {
    let patch = call.form(ChannelPatch::read)?;
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    let channel = call.run(UpdateChannel { actor, channel_id, patch, reason }).await?;
    Reply::json(&wire::channel::channel(&call.committed().community, &channel))
}

async fn remove(call: Call) -> ApiResult {
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    let channel = call.run(DeleteChannel { actor, channel_id, reason }).await?;
    Reply::json(&wire::channel::channel(&call.committed().community, &channel))
}

async fn set_overwrite(call: Call) -> ApiResult {
    let overwrite_id = call.id("overwrite_id")?;
    let overwrite = Some(call.form(|form| read_for(form, overwrite_id))?);
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    call.run(SetOverwrite { actor, channel_id, overwrite_id, overwrite, reason }).await?;
    Reply::none()
}

async fn remove_overwrite(call: Call) -> ApiResult {
    let (channel_id, overwrite_id) = (call.id("channel_id")?, call.id("overwrite_id")?);
    let (actor, reason) = (call.actor(), call.reason.clone());
    call.run(SetOverwrite { actor, channel_id, overwrite_id, overwrite: None, reason }).await?;
    Reply::none()
}
