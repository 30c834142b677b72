//! Members: to see, change and prune them, and to send them away.

use decentra_core::community::member::{
    Idle, Kick, MemberPatch, Prune, SetMemberRole, TO_PRUNE, UpdateMember,
};
use decentra_core::community::{Form, Refusal};
use decentra_core::wire;
use decentra_model::limits::MEMBERS_PAGE_MAX;
use decentra_model::{Id, Member};
use serde_json::json;

use super::call::Call;
use super::error::ApiError;
use super::guilds::guild_with;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post, put};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let (member, own) = ("/guilds/{guild_id}/members/{user_id}", "/guilds/{guild_id}/members/@me");
    let role = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}";
    let prune = "/guilds/{guild_id}/prune";
    vec![
        get("/guilds/{guild_id}/members", "Read the members of a guild", list).asks(page),
        get("/guilds/{guild_id}/members/search", "Look for members", search).asks(wanted),
        get(member, "Read a member", show),
        get(own, "Read one's own membership", show),
        get("/users/@me/guilds/{guild_id}/member", "Read one's own membership", show),
        patch(member, "Change a member", update).takes(MemberPatch::read),
        patch(own, "Change one's own membership", update_own).takes(MemberPatch::read_own),
        patch("/guilds/{guild_id}/members/@me/nick", "Change one's own nickname", update_nick)
            .takes(MemberPatch::read_own),
        delete(member, "Kick a member", kick).gives(204),
        put(role, "Give a member a role", give_role).gives(204),
        delete(role, "Take a role from a member", take_role).gives(204),
        get(prune, "Count the members that a prune would remove", count_idle).asks(Idle::read),
        post(prune, "Remove the members who are not here any more", remove_idle).takes(pruning),
    ]
}

/// How many members, and those after which id.
fn page(form: &mut Form<'_>) -> (usize, Option<Id>) {
    (form.small("limit", 1..=MEMBERS_PAGE_MAX).unwrap_or(1) as usize, form.id("after"))
}

/// How many members, and the beginning of their names.
fn wanted(form: &mut Form<'_>) -> (usize, String) {
    let limit = form.small("limit", 1..=MEMBERS_PAGE_MAX).unwrap_or(1) as usize;
    (limit, form.required_text("query", 1..=100).to_lowercase())
}

/// Whom to prune, and whether to tell how many they were.
fn pruning(form: &mut Form<'_>) -> (Idle, bool) {
    (Idle::read(form), form.flag("compute_prune_count").unwrap_or(true))
}

async fn list(call: Call) -> ApiResult {
    let (limit, after) = call.query(page)?;
    let guild = call.id("guild_id")?;
    let committed = call.committed();
    let community = &committed.community;
    let state = community.guild_for(guild, call.actor().user_id)?;
    let members = state
        .members
        .range(after.map_or(Id::from_i64(0), |after| Id::from_i64(after.to_i64().saturating_add(1)))..);
    Reply::json(
        &members.take(limit).map(|(_, member)| wire::member::member(community, member)).collect::<Vec<_>>(),
    )
}

async fn search(call: Call) -> ApiResult {
    let (limit, query) = call.query(wanted)?;
    let guild = call.id("guild_id")?;
    let committed = call.committed();
    let community = &committed.community;
    let state = community.guild_for(guild, call.actor().user_id)?;
    let begins = |name: &str| name.to_lowercase().starts_with(&query);
    let is_wanted = |member: &&Member| {
        let account = community.user(member.user_id);
        let names = account.map(|user| (user.username.as_str(), user.global_name.as_deref()));
        let is_named = names.is_some_and(|(name, global)| begins(name) || global.is_some_and(begins));
        is_named || member.nick.as_deref().is_some_and(begins)
    };
    let found = state.members.values().filter(is_wanted).take(limit);
    Reply::json(&found.map(|member| wire::member::member(community, member)).collect::<Vec<_>>())
}

/// The member in the path; the caller, if it names none.
fn member_id(call: &Call) -> Result<Id, ApiError> {
    if call.params.contains_key("user_id") { call.id("user_id") } else { Ok(call.actor().user_id) }
}

async fn show(call: Call) -> ApiResult {
    let (guild, user) = (call.id("guild_id")?, member_id(&call)?);
    let committed = call.committed();
    let state = committed.community.guild_for(guild, call.actor().user_id)?;
    let member = state.member(user).ok_or(Refusal::UnknownMember)?;
    Reply::json(&wire::member::member(&committed.community, member))
}

async fn change(call: &Call, patch: MemberPatch) -> Result<Member, ApiError> {
    let (actor, guild_id, user_id) = (call.actor(), call.id("guild_id")?, member_id(call)?);
    call.run(UpdateMember { actor, guild_id, user_id, patch, reason: call.reason.clone() }).await
}

async fn update(call: Call) -> ApiResult {
    let patch = call.form(MemberPatch::read)?;
    let member = change(&call, patch).await?;
    Reply::json(&wire::member::member(&call.committed().community, &member))
}

async fn update_own(call: Call) -> ApiResult {
    let patch = call.form(MemberPatch::read_own)?;
    let member = change(&call, patch).await?;
    Reply::json(&wire::member::member(&call.committed().community, &member))
}

async fn update_nick(call: Call) -> ApiResult {
    let patch = call.form(MemberPatch::read_own)?;
    let member = change(&call, patch).await?;
    Reply::json(&json!({"nick": member.nick}))
}

async fn kick(call: Call) -> ApiResult {
    let (actor, guild_id, user_id) = (call.actor(), call.id("guild_id")?, member_id(&call)?);
    call.run(Kick { actor, guild_id, user_id, reason: call.reason.clone() }).await?;
    Reply::none()
}

async fn give_role(call: Call) -> ApiResult {
    set_role(&call, true).await
}

async fn take_role(call: Call) -> ApiResult {
    set_role(&call, false).await
}

async fn set_role(call: &Call, has: bool) -> ApiResult {
    let (actor, guild_id, user_id) = (call.actor(), call.id("guild_id")?, member_id(call)?);
    let (role_id, reason) = (call.id("role_id")?, call.reason.clone());
    call.run(SetMemberRole { actor, guild_id, user_id, role_id, has, reason }).await?;
    Reply::none()
}

async fn count_idle(call: Call) -> ApiResult {
    let idle = call.query(Idle::read)?;
    let guild = guild_with(&call, TO_PRUNE)?;
    let committed = call.committed();
    let user = call.actor().user_id;
    let state = committed.community.guild_for(guild, user)?;
    let members = idle.members(&committed.community, state, user, call.app.clock.now());
    Reply::json(&json!({"pruned": members.len()}))
}

async fn remove_idle(call: Call) -> ApiResult {
    let (idle, is_counted) = call.form(pruning)?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    let pruned = call.run(Prune { actor, guild_id, idle, reason }).await?;
    Reply::json(&json!({"pruned": is_counted.then_some(pruned)}))
}
