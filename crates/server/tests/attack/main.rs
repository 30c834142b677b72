//! What an attacker would try, and what protects. `docs/security.md` tells which threat is shown by which test; what other
//! tests show already is not repeated here.

#![expect(clippy::unwrap_used, reason = "a test")]

mod bodies;
mod brute_force;
mod calls_out;
mod document;
mod escalation;
mod files;
mod floods;
mod names;
mod nonces;
mod pictures;
mod races;
mod secrets;
mod slow;
mod web;

use std::future::Future;
use std::process::Command;

use decentra_testkit::Rest;
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The server's binary.
fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_decentra-server"))
}

/// A guild of `owner` and its text channel.
async fn garden(owner: &Rest) -> (String, String) {
    let guild = text(&owner.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
    let channels = owner.get(&format!("/guilds/{guild}/channels")).await.ok();
    let channel = channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap();
    (guild, text(&channel["id"]))
}

/// The code of a new invite to `channel`.
async fn invite(owner: &Rest, channel: &str, draft: Value) -> String {
    text(&owner.post(&format!("/channels/{channel}/invites"), draft).await.ok()["code"])
}

/// Lets `who` into the guild of `channel`.
async fn let_in(owner: &Rest, channel: &str, who: &Rest) {
    let code = invite(owner, channel, json!({"max_age": 0})).await;
    who.post(&format!("/invites/{code}"), json!({})).await.ok();
}

/// All of these at once, each in a task of its own; what they gave, in no order.
async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    tasks.into_iter().collect::<JoinSet<T>>().join_all().await
}
