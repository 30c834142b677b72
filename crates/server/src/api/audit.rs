//! The audit log of a guild.

use decentra_core::community::Form;
use decentra_core::wire;
use decentra_model::Permissions;
use decentra_model::limits::AUDIT_PAGE_MAX;
use decentra_store::AuditQuery;

use super::call::Call;
use super::guilds::guild_with;
use super::reply::{ApiResult, Reply};
use super::route::{Route, get};

/// The route of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/guilds/{guild_id}/audit-logs", "Read who did what", list).asks(query)]
}

fn query(form: &mut Form<'_>) -> AuditQuery {
    let action = form.small("action_type", 0..=u16::MAX.into()).and_then(|action| u16::try_from(action).ok());
    AuditQuery {
        user_id: form.id("user_id"),
        // Some libraries send 0 for all kinds.
        action_type: action.filter(|action| *action > 0),
        target_id: form.id("target_id"),
        before: form.id("before"),
        after: form.id("after"),
        limit: form.small("limit", 1..=AUDIT_PAGE_MAX).unwrap_or(50),
    }
}

async fn list(call: Call) -> ApiResult {
    let query = call.query(query)?;
    let guild = guild_with(&call, Permissions::VIEW_AUDIT_LOG)?;
    let entries = call.app.readers.ask(move |reader| reader.audit(guild, query)).await?;
    Reply::json(&wire::audit::log(&call.committed().community, &entries))
}
