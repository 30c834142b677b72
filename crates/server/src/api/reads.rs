//! How far one has read, and what notifies one.

use decentra_core::community::notifications::{NotificationsPatch, SetNotifications};
use decentra_core::community::read::{
    Acknowledge, AcknowledgeGuild, AcknowledgeMany, AcknowledgePins, Mark, read_manual, read_marks,
};
use decentra_core::wire;
use serde_json::json;

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, patch, post};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let one = "/channels/{channel_id}/messages/{message_id}/ack";
    let routes = vec![
        post(one, "Note how far one has read in a channel", acknowledge).takes(read_manual),
        post("/read-states/ack-bulk", "Note how far one has read in many channels", acknowledge_many)
            .takes(read_marks)
            .gives(204),
        post("/guilds/{guild_id}/ack", "Note that one has read all in a guild", acknowledge_guild).gives(204),
        post("/channels/{channel_id}/pins/ack", "Note that one has seen what is pinned", acknowledge_pins)
            .gives(204),
        patch("/users/@me/guilds/{guild_id}/settings", "Say what notifies one in a guild", set_notifications)
            .takes(NotificationsPatch::read),
        patch(
            "/users/@me/guilds/@me/settings",
            "Say what notifies one in direct channels",
            set_notifications,
        )
        .takes(NotificationsPatch::read),
    ];
    routes.into_iter().map(Route::for_people).collect()
}

async fn acknowledge(call: Call) -> ApiResult {
    let (channel_id, message_id, manual) =
        (call.id("channel_id")?, call.id("message_id")?, call.form(read_manual)?);
    call.run(Acknowledge { actor: call.actor(), mark: Mark { channel_id, message_id, manual } }).await?;
    Reply::json(&json!({"token": null}))
}

async fn acknowledge_many(call: Call) -> ApiResult {
    let (actor, marks) = (call.actor(), call.form(read_marks)?);
    call.run(AcknowledgeMany { actor, marks }).await?;
    Reply::none()
}

async fn acknowledge_guild(call: Call) -> ApiResult {
    call.run(AcknowledgeGuild { actor: call.actor(), guild_id: call.id("guild_id")? }).await?;
    Reply::none()
}

async fn acknowledge_pins(call: Call) -> ApiResult {
    call.run(AcknowledgePins { actor: call.actor(), channel_id: call.id("channel_id")? }).await?;
    Reply::none()
}

async fn set_notifications(call: Call) -> ApiResult {
    let guild_id = if call.text("guild_id").is_empty() { None } else { Some(call.id("guild_id")?) };
    let (actor, patch) = (call.actor(), call.form(NotificationsPatch::read)?);
    let set = call.run(SetNotifications { actor, guild_id, patch }).await?;
    Reply::json(&wire::read::notifications(&set))
}
