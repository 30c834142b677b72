//! Searching what was written.

use decentra_core::community::search::Wanted;
use decentra_core::wire;
use decentra_core::wire::message::MessageObject;
use decentra_model::search::Query;
use serde::Serialize;
use serde_json::json;

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, get};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/guilds/{guild_id}/messages/search", "Search the messages of a guild", in_guild)
            .asks(Wanted::read),
        get("/channels/{channel_id}/messages/search", "Search the messages of a channel", in_channel)
            .asks(Wanted::read),
    ]
}

async fn in_guild(call: Call) -> ApiResult {
    let (wanted, guild, user) = (call.query(Wanted::read)?, call.id("guild_id")?, call.actor().user_id);
    let query = wanted.in_guild(&call.committed().community, guild, user, call.app.clock.now())?;
    answer(&call, query).await
}

async fn in_channel(call: Call) -> ApiResult {
    let (wanted, channel, user) = (call.query(Wanted::read)?, call.id("channel_id")?, call.actor().user_id);
    let query = wanted.in_channel(&call.committed().community, channel, user, call.app.clock.now())?;
    answer(&call, query).await
}

/// A message that was found.
#[derive(Serialize)]
struct Hit<'a> {
    #[serde(flatten)]
    message: MessageObject<'a>,
    hit: bool,
}

async fn answer(call: &Call, query: Query) -> ApiResult {
    let viewer = call.actor().user_id;
    let found = call.app.readers.ask_long(move |reader| reader.search(&query, Some(viewer))).await?;
    let committed = call.committed();
    let hits = found.messages.iter().map(|message| {
        [Hit { message: wire::message::message(&committed.community, message, None, None), hit: true }]
    });
    Reply::json(&json!({
        "messages": hits.collect::<Vec<_>>(),
        "total_results": found.total,
        "doing_deep_historical_index": found.is_indexing,
    }))
}
