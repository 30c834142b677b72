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

use serde_json::Value;
use tokio::task::JoinSet;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The server's binary.
fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_decentra-server"))
}

/// All of these at once, each in a task of its own; what they gave, in no order.
async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    tasks.into_iter().collect::<JoinSet<T>>().join_all().await
}
