//! Roles: to make, see, change, order and delete them.

use std::collections::BTreeMap;

use decentra_core::community::Refusal;
use decentra_core::community::role::{CreateRole, DeleteRole, MoveRoles, Rank, RolePatch, UpdateRole};
use decentra_core::wire;
use decentra_model::Id;

use super::call::Call;
use super::guilds::in_guild;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let (roles, role) = ("/guilds/{guild_id}/roles", "/guilds/{guild_id}/roles/{role_id}");
    vec![
        get(roles, "Read the roles of a guild", list),
        post(roles, "Make a role", create).takes(RolePatch::read),
        patch(roles, "Order roles", order).takes(Rank::read),
        get("/guilds/{guild_id}/roles/member-counts", "Count the members of each role", counts),
        get(role, "Read a role", show),
        patch(role, "Change a role", update).takes(RolePatch::read),
        delete(role, "Delete a role", remove).gives(204),
    ]
}

async fn list(call: Call) -> ApiResult {
    in_guild(&call, |state| Reply::json(&state.roles.values().map(wire::role::role).collect::<Vec<_>>()))
}

async fn create(call: Call) -> ApiResult {
    let draft = call.form(RolePatch::read)?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    let role = call.run(CreateRole { actor, guild_id, draft, reason }).await?;
    Reply::json(&wire::role::role(&role))
}

async fn order(call: Call) -> ApiResult {
    let ranks = call.list(Rank::read)?;
    let (actor, guild_id, reason) = (call.actor(), call.id("guild_id")?, call.reason.clone());
    call.run(MoveRoles { actor, guild_id, ranks, reason }).await?;
    list(call).await
}

/// How many members have each role; everyone's is not counted.
async fn counts(call: Call) -> ApiResult {
    in_guild(&call, |state| {
        let roles = state.roles.keys().filter(|role| **role != state.guild.id);
        let mut counts: BTreeMap<Id, usize> = roles.map(|role| (*role, 0)).collect();
        for role in state.members.values().flat_map(|member| &member.roles) {
            if let Some(count) = counts.get_mut(role) {
                *count += 1;
            }
        }
        Reply::json(&counts)
    })
}

async fn show(call: Call) -> ApiResult {
    let id = call.id("role_id")?;
    in_guild(&call, |state| {
        let role = state.roles.get(&id).ok_or(Refusal::UnknownRole)?;
        Reply::json(&wire::role::role(role))
    })
}

async fn update(call: Call) -> ApiResult {
    let patch = call.form(RolePatch::read)?;
    let (actor, guild_id, role_id) = (call.actor(), call.id("guild_id")?, call.id("role_id")?);
    let reason = call.reason.clone();
    let role = call.run(UpdateRole { actor, guild_id, role_id, patch, reason }).await?;
    Reply::json(&wire::role::role(&role))
}

async fn remove(call: Call) -> ApiResult {
    let (actor, guild_id, role_id) = (call.actor(), call.id("guild_id")?, call.id("role_id")?);
    call.run(DeleteRole { actor, guild_id, role_id, reason: call.reason.clone() }).await?;
    Reply::none()
}
