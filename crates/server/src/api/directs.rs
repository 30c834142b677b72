//! Direct messages: to open a channel for them, and to see which one has.

use decentra_core::community::direct::{OpenDirect, read_recipients};
use decentra_core::wire;

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, get, post};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let own = "/users/@me/channels";
    vec![
        get(own, "Read one's direct channels", list),
        post(own, "Open a direct channel", open).takes(read_recipients),
    ]
}

async fn list(call: Call) -> ApiResult {
    let actor = call.actor();
    let committed = call.committed();
    // A bot opens those that it needs.
    let own =
        if actor.is_bot { Vec::new() } else { wire::direct::directs(&committed.community, actor.user_id) };
    Reply::json(&own)
}

async fn open(call: Call) -> ApiResult {
    let (actor, recipients) = (call.actor(), call.form(read_recipients)?);
    let direct = call.run(OpenDirect { actor, recipients }).await?;
    Reply::json(&wire::direct::direct(&call.committed().community, &direct, actor.user_id))
}
