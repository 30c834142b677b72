//! Bans: who may not come back.

use decentra_core::community::ban::{BanUsers, Unban, read_bulk, read_deletion};
use decentra_core::community::{Form, Refusal};
use decentra_core::wire;
use decentra_model::limits::BANS_PAGE_MAX;
use decentra_model::{Ban, Id, Permissions};
use serde_json::json;

use super::call::Call;
use super::guilds::guild_with;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, post, put};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let ban = "/guilds/{guild_id}/bans/{user_id}";
    vec![
        get("/guilds/{guild_id}/bans", "Read the bans of a guild", list).asks(page),
        get(ban, "Read a ban", show),
        put(ban, "Ban someone", create).takes(read_deletion).gives(204),
        delete(ban, "Lift a ban", remove).gives(204),
        post("/guilds/{guild_id}/bulk-ban", "Ban several at once", create_many).takes(read_bulk),
    ]
}

/// How many bans, and before and after which ids.
fn page(form: &mut Form<'_>) -> (usize, Option<Id>, Option<Id>) {
    let limit = form.small("limit", 1..=BANS_PAGE_MAX).unwrap_or(BANS_PAGE_MAX) as usize;
    (limit, form.id("before"), form.id("after"))
}

async fn list(call: Call) -> ApiResult {
    let (limit, before, after) = call.query(page)?;
    let guild = guild_with(&call, Permissions::BAN_MEMBERS)?;
    let committed = call.committed();
    let state = committed.community.guild(guild).ok_or(Refusal::UnknownGuild)?;
    let bans = state.bans.values();
    let mut chosen: Vec<&Ban> = match before {
        // The last ones before the id.
        Some(before) => bans.filter(|ban| ban.user_id < before).rev().take(limit).collect(),
        None => bans.filter(|ban| after.is_none_or(|after| ban.user_id > after)).take(limit).collect(),
    };
    chosen.sort_unstable_by_key(|ban| ban.user_id);
    let objects = chosen.into_iter().filter_map(|ban| wire::member::ban(&committed.community, ban));
    Reply::json(&objects.collect::<Vec<_>>())
}

async fn show(call: Call) -> ApiResult {
    let user = call.id("user_id")?;
    let guild = guild_with(&call, Permissions::BAN_MEMBERS)?;
    let committed = call.committed();
    let ban = committed.community.guild(guild).and_then(|state| state.bans.get(&user));
    let object = ban.and_then(|ban| wire::member::ban(&committed.community, ban));
    Reply::json(&object.ok_or(Refusal::UnknownBan)?)
}

async fn create(call: Call) -> ApiResult {
    let delete_secs = call.form(read_deletion)?;
    let (actor, guild_id, user_ids) = (call.actor(), call.id("guild_id")?, vec![call.id("user_id")?]);
    let reason = call.reason.clone();
    call.run(BanUsers { actor, guild_id, user_ids, bulk: false, delete_secs, reason }).await?;
    Reply::none()
}

async fn create_many(call: Call) -> ApiResult {
    let (user_ids, delete_secs) = call.form(read_bulk)?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    let command = BanUsers { actor, guild_id, user_ids, bulk: true, delete_secs, reason };
    let (banned, failed) = call.run(command).await?;
    Reply::json(&json!({"banned_users": banned, "failed_users": failed}))
}

async fn remove(call: Call) -> ApiResult {
    let (actor, guild_id, user_id) = (call.actor(), call.id("guild_id")?, call.id("user_id")?);
    call.run(Unban { actor, guild_id, user_id, reason: call.reason.clone() }).await?;
    Reply::none()
}
