//! Guilds: to make, see, change and delete them.

use decentra_core::community::form::Form;
use decentra_core::community::guild::{CreateGuild, DeleteGuild, GUILD_NAME_CHARS, GuildPatch, UpdateGuild};
use decentra_core::community::{GuildState, Refusal};
use decentra_core::wire;
use decentra_model::Id;
use serde_json::json;

use super::call::Call;
use super::error::ApiError;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post};
use crate::picture;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/guilds", "Make a guild", create).takes(draft).gives(201).long(),
        get("/guilds/{guild_id}", "Read a guild", show).asks(with_counts),
        get("/guilds/{guild_id}/preview", "Read what a guild shows of itself", preview),
        patch("/guilds/{guild_id}", "Change a guild", update).takes(change).long(),
        delete("/guilds/{guild_id}", "Delete a guild", remove).gives(204),
        post("/guilds/{guild_id}/delete", "Delete a guild", remove).gives(204),
        get("/guilds/{guild_id}/regions", "Read the voice regions of a guild", nothing),
        get("/guilds/{guild_id}/emojis", "Read the emojis of a guild", nothing),
        get("/guilds/{guild_id}/stickers", "Read the stickers of a guild", nothing),
        get("/guilds/{guild_id}/integrations", "Read the integrations of a guild", nothing),
        get("/guilds/{guild_id}/webhooks", "Read the webhooks of a guild", nothing),
        get("/guilds/{guild_id}/scheduled-events", "Read the scheduled events of a guild", nothing),
        get("/guilds/{guild_id}/auto-moderation/rules", "Read the moderation rules of a guild", nothing),
        get("/guilds/{guild_id}/templates", "Read the templates of a guild", nothing),
        get("/guilds/{guild_id}/soundboard-sounds", "Read the sounds of a guild", sounds),
        get("/guilds/{guild_id}/threads/active", "Read the active threads of a guild", threads),
        get("/guilds/{guild_id}/vanity-url", "Read the vanity address of a guild", vanity),
    ]
}

/// The name and the picture of a new guild.
fn draft(form: &mut Form<'_>) -> (String, Option<Vec<u8>>) {
    (form.required_name("name", GUILD_NAME_CHARS), picture::read(form, "icon").flatten())
}

/// What is to change, and the picture.
fn change(form: &mut Form<'_>) -> (GuildPatch, Option<Option<Vec<u8>>>) {
    (GuildPatch::read(form), picture::read(form, "icon"))
}

pub(super) fn with_counts(form: &mut Form<'_>) -> bool {
    // In a query, yes and no are texts.
    form.text("with_counts", 0..=5).is_some_and(|text| matches!(text.as_str(), "true" | "True" | "1"))
}

async fn create(call: Call) -> ApiResult {
    let (name, icon) = call.form(draft)?;
    let icon = picture::patch(&call.app.pictures, "icon", Some(icon)).await?.flatten();
    let id = call.run(CreateGuild { actor: call.actor(), name, icon }).await?;
    let committed = call.committed();
    let state = committed.community.guild(id).ok_or(Refusal::UnknownGuild)?;
    Reply::created(&wire::guild::guild(state))
}

/// What `read` makes of the guild in the path, if the caller is in it.
pub(super) fn in_guild(call: &Call, read: impl FnOnce(&GuildState) -> ApiResult) -> ApiResult {
    let guild = call.id("guild_id")?;
    let committed = call.committed();
    read(committed.community.guild_for(guild, call.actor().user_id)?)
}

async fn show(call: Call) -> ApiResult {
    let with_counts = call.query(with_counts)?;
    let guild = call.id("guild_id")?;
    let committed = call.committed();
    let state = committed.community.guild_for(guild, call.actor().user_id)?;
    if with_counts {
        Reply::json(&wire::guild::guild_with_counts(&committed.community, state))
    } else {
        Reply::json(&wire::guild::guild(state))
    }
}

async fn preview(call: Call) -> ApiResult {
    let guild = call.id("guild_id")?;
    let committed = call.committed();
    let state = committed.community.guild_for(guild, call.actor().user_id)?;
    Reply::json(&wire::guild::preview(&committed.community, state))
}

async fn update(call: Call) -> ApiResult {
    let (mut patch, icon) = call.form(change)?;
    patch.icon = picture::patch(&call.app.pictures, "icon", icon).await?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    call.run(UpdateGuild { actor, guild_id, patch, reason }).await?;
    in_guild(&call, |state| Reply::json(&wire::guild::guild(state)))
}

async fn remove(call: Call) -> ApiResult {
    call.run(DeleteGuild { actor: call.actor(), guild_id: call.id("guild_id")? }).await?;
    Reply::none()
}

/// A list of what guilds do not have here.
async fn nothing(call: Call) -> ApiResult {
    in_guild(&call, |_| Reply::json(&[(); 0]))
}

async fn sounds(call: Call) -> ApiResult {
    in_guild(&call, |_| Reply::json(&json!({"items": []})))
}

async fn threads(call: Call) -> ApiResult {
    in_guild(&call, |_| Reply::json(&json!({"threads": [], "members": [], "has_more": false})))
}

async fn vanity(call: Call) -> ApiResult {
    in_guild(&call, |_| Reply::json(&json!({"code": null, "uses": 0})))
}

/// The guild in the path, if the caller is in it and has `needed`.
pub(super) fn guild_with(call: &Call, needed: decentra_model::Permissions) -> Result<Id, ApiError> {
    let guild = call.id("guild_id")?;
    let committed = call.committed();
    let user = call.actor().user_id;
    committed.community.guild_for(guild, user)?.require(user, needed, call.app.clock.now())?;
    Ok(guild)
}
