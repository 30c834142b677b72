//! Invites: ways into a guild.

use decentra_core::community::Refusal;
use decentra_core::community::invite::{AcceptInvite, CreateInvite, DeleteInvite, InviteDraft};
use decentra_core::wire;
use decentra_model::{Id, Invite, Permissions};
use serde_json::json;

use super::call::Call;
use super::guilds::with_counts;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, post};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let (invite, invites) = ("/invites/{code}", "/channels/{channel_id}/invites");
    vec![
        post(invites, "Make an invite", create).takes(InviteDraft::read),
        get(invites, "Read the invites to a channel", list_of_channel),
        get("/guilds/{guild_id}/invites", "Read the invites to a guild", list_of_guild),
        get(invite, "Read an invite", show).asks(with_counts).for_anyone(),
        post(invite, "Take an invite", accept).for_people(),
        delete(invite, "Take an invite back", remove),
    ]
}

async fn create(call: Call) -> ApiResult {
    let draft = call.form(InviteDraft::read)?;
    let (actor, channel_id, reason) = (call.actor(), call.id("channel_id")?, call.reason.clone());
    let invite = call.run(CreateInvite { actor, channel_id, draft, reason }).await?;
    let committed = call.committed();
    let object = wire::invite::invite_with_usage(&committed.community, &invite);
    Reply::json(&object.ok_or(Refusal::UnknownChannel)?)
}

async fn list_of_channel(call: Call) -> ApiResult {
    let (id, user) = (call.id("channel_id")?, call.actor().user_id);
    let guild = {
        let committed = call.committed();
        let (state, channel) = committed.community.channel_for(id, user)?;
        state.require_in(channel, user, Permissions::MANAGE_CHANNELS, call.app.clock.now())?;
        state.guild.id
    };
    list(&call, guild, true, |invite| invite.channel_id == id)
}

async fn list_of_guild(call: Call) -> ApiResult {
    let guild = call.id("guild_id")?;
    let (user, now) = (call.actor().user_id, call.app.clock.now());
    let own = call.committed().community.guild_for(guild, user)?.permissions(user, now);
    if !own.intersects(Permissions::MANAGE_GUILD | Permissions::VIEW_AUDIT_LOG) {
        return Err(Refusal::MissingPermissions.into());
    }
    // Who only reads what was done is not told how they are used.
    list(&call, guild, own.contains(Permissions::MANAGE_GUILD), |_| true)
}

/// Those invites to a guild that can still be used.
fn list(call: &Call, guild: Id, with_usage: bool, is_wanted: impl Fn(&Invite) -> bool) -> ApiResult {
    let committed = call.committed();
    let now = call.app.clock.now();
    let invites = committed.community.invites_to(guild);
    let mut open: Vec<&Invite> =
        invites.filter(|invite| is_wanted(invite) && !invite.is_spent(now)).collect();
    open.sort_unstable_by_key(|invite| (invite.created_at, &invite.code));
    let object = if with_usage { wire::invite::invite_with_usage } else { wire::invite::invite };
    let objects = open.into_iter().filter_map(|of| object(&committed.community, of));
    Reply::json(&objects.collect::<Vec<_>>())
}

async fn show(call: Call) -> ApiResult {
    let with_counts = call.query(with_counts)?;
    let committed = call.committed();
    let invite = committed.community.open_invite(call.text("code"), call.app.clock.now())?;
    let object = if with_counts {
        wire::invite::invite_with_counts(&committed.community, invite)
    } else {
        wire::invite::invite(&committed.community, invite)
    };
    Reply::json(&object.ok_or(Refusal::UnknownInvite)?)
}

async fn accept(call: Call) -> ApiResult {
    let code = call.text("code").to_owned();
    let (invite, is_new) = call.run(AcceptInvite { actor: call.actor(), code }).await?;
    let committed = call.committed();
    let object = wire::invite::invite(&committed.community, &invite).ok_or(Refusal::UnknownInvite)?;
    let mut object = json!(object);
    object["new_member"] = json!(is_new);
    Reply::json(&object)
}

async fn remove(call: Call) -> ApiResult {
    let (actor, code, reason) = (call.actor(), call.text("code").to_owned(), call.reason.clone());
    let invite = call.run(DeleteInvite { actor, code, reason }).await?;
    let committed = call.committed();
    let object = wire::invite::invite(&committed.community, &invite);
    Reply::json(&object.ok_or(Refusal::UnknownInvite)?)
}
