//! The instance: where its gateway is, and what it has for all.

use decentra_model::limits::{IDENTIFY_BURST, IDENTIFY_REFILL};
use serde_json::json;

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, get};
use crate::origin::Origin;
use crate::settings::OnOff;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/instance", "Read what one should know before one has an account", instance).for_anyone(),
        get("/gateway", "Read where the gateway is", gateway).for_anyone(),
        get("/gateway/bot", "Read where the gateway is, and how a bot is to use it", gateway_bot),
        get("/voice/regions", "Read the voice regions", nothing),
        get("/sticker-packs", "Read the packs of stickers that all can use", sticker_packs).for_anyone(),
        get("/soundboard-default-sounds", "Read the sounds that all can use", nothing),
    ]
}

/// What the web client has to know to say hello. `has_owner`: the first account is made, which needs no invite.
async fn instance(call: Call) -> ApiResult {
    let committed = call.committed();
    let instance = committed.community.instance();
    let home = instance.and_then(|instance| committed.community.guild(instance.home_id));
    let settings = &call.app.settings;
    Reply::json(&json!({
        "name": home.map_or(settings.name.as_str(), |home| home.guild.name.as_str()),
        "version": env!("CARGO_PKG_VERSION"),
        "has_owner": instance.is_some_and(|instance| instance.owner_id.is_some()),
        "registration": settings.registration,
        "guests": settings.guests == OnOff::On,
        "home_guild_id": instance.map(|instance| instance.home_id),
        "lobby_channel_id": instance.map(|instance| instance.lobby_id),
    }))
}

async fn gateway(call: Call) -> ApiResult {
    Reply::json(&json!({"url": Origin::gateway(&call.host, call.is_secure)}))
}

async fn gateway_bot(call: Call) -> ApiResult {
    let reset_after = IDENTIFY_REFILL.as_millis() * u128::from(IDENTIFY_BURST);
    Reply::json(&json!({
        "url": Origin::gateway(&call.host, call.is_secure),
        // One process serves all guilds: there is no need for more.
        "shards": 1,
        "session_start_limit": {
            "total": 1_000,
            "remaining": 1_000,
            "reset_after": u64::try_from(reset_after).unwrap_or(u64::MAX),
            "max_concurrency": 16,
        },
    }))
}

async fn nothing(_call: Call) -> ApiResult {
    Reply::json(&[(); 0])
}

async fn sticker_packs(_call: Call) -> ApiResult {
    Reply::json(&json!({"sticker_packs": []}))
}
