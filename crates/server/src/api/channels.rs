//! Channels: to make, see, change, order and delete them.

use decentra_core::community::channel::{
    ChannelPatch, CreateChannel, DeleteChannel, MoveChannels, Place, UpdateChannel,
};
use decentra_core::community::direct::CloseDirect;
use decentra_core::community::group::{AddRecipient, GroupPatch, LeaveGroup, RemoveRecipient, UpdateGroup};
use decentra_core::community::overwrite::{SetOverwrite, read_for};
use decentra_core::community::{Form, Venue};
use decentra_core::wire;
use decentra_model::{DirectKind, Id};

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post, put};
use crate::picture;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let channel = "/channels/{channel_id}";
    let channels = "/guilds/{guild_id}/channels";
    let recipient = "/channels/{channel_id}/recipients/{user_id}";
    let overwrite = "/channels/{channel_id}/permissions/{overwrite_id}";
    vec![
        get(channels, "Read the channels of a guild", list),
        post(channels, "Make a channel", create).takes(ChannelPatch::read_new).gives(201),
        patch(channels, "Order channels", order).takes(Place::read).gives(204),
        get(channel, "Read a channel", show),
        patch(channel, "Change a channel", update).takes(read_channel).long(),
        put(channel, "Change a channel", update).takes(read_channel).long(),
        delete(channel, "Delete a channel, or put a direct one away", remove).asks(read_silent),
        put(recipient, "Bring someone into a group", add_recipient).gives(204).for_people(),
        delete(recipient, "Send someone away from a group", remove_recipient).gives(204).for_people(),
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
    let (id, viewer) = (call.id("channel_id")?, call.actor().user_id);
    let committed = call.committed();
    let community = &committed.community;
    match community.venue_for(id, viewer)? {
        Venue::Guild(_, channel) => Reply::json(&wire::channel::channel(community, channel)),
        Venue::Direct(_, direct) => Reply::json(&wire::direct::direct(community, direct, viewer)),
    }
}

/// What kind of direct channel has this id, if whoever calls is in it: to others it is as if it did not exist.
fn direct_kind(call: &Call, id: Id) -> Option<DirectKind> {
    let committed = call.committed();
    let direct = committed.community.direct_for(id, call.actor().user_id).ok()?;
    Some(direct.kind)
}

/// Whether one leaves without a word. A query has texts.
fn read_silent(form: &mut Form<'_>) -> bool {
    form.text("silent", 0..=5).is_some_and(|silent| silent == "true")
}

async fn update(call: Call) -> ApiResult {
    if direct_kind(&call, call.id("channel_id")?) == Some(DirectKind::Group) {
        return update_group(call).await;
    }
    let patch = call.form(read_channel)?;
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    let channel = call.run(UpdateChannel { actor, channel_id, patch, reason }).await?;
    Reply::json(&wire::channel::channel(&call.committed().community, &channel))
}

fn read_group(form: &mut Form<'_>) -> (GroupPatch, Option<Option<Vec<u8>>>) {
    (GroupPatch::read(form), picture::read(form, "icon"))
}

/// What may stand in a change of a channel. What only groups have must make sense elsewhere, too.
fn read_channel(form: &mut Form<'_>) -> ChannelPatch {
    let patch = ChannelPatch::read(form);
    picture::read(form, "icon");
    form.id("owner");
    patch
}

async fn update_group(call: Call) -> ApiResult {
    let (mut patch, icon) = call.form(read_group)?;
    let (actor, channel_id) = (call.actor(), call.id("channel_id")?);
    patch.icon = picture::patch(&call.app.pictures, "icon", icon).await?;
    let group = call.run(UpdateGroup { actor, channel_id, patch }).await?;
    Reply::json(&wire::direct::direct(&call.committed().community, &group, actor.user_id))
}

async fn add_recipient(call: Call) -> ApiResult {
    let (actor, channel_id, user_id) = (call.actor(), call.id("channel_id")?, call.id("user_id")?);
    match call.run(AddRecipient { actor, channel_id, user_id }).await? {
        Some(group) => {
            Reply::created(&wire::direct::direct(&call.committed().community, &group, actor.user_id))
        }
        None => Reply::none(),
    }
}

async fn remove_recipient(call: Call) -> ApiResult {
    let (actor, channel_id, user_id) = (call.actor(), call.id("channel_id")?, call.id("user_id")?);
    call.run(RemoveRecipient { actor, channel_id, user_id }).await?;
    Reply::none()
}

async fn remove(call: Call) -> ApiResult {
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    let is_silent = call.query(read_silent)?;
    if let Some(kind) = direct_kind(&call, channel_id) {
        let direct = match kind {
            DirectKind::Pair => call.run(CloseDirect { actor, channel_id }).await?,
            DirectKind::Group => call.run(LeaveGroup { actor, channel_id, is_silent }).await?,
        };
        return Reply::json(&wire::direct::direct(&call.committed().community, &direct, actor.user_id));
    }
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
