//! What an attacker would try, and what protects. `docs/security.md` tells which threat is shown by which test; what other
//! tests show already is not repeated here.

#![expect(clippy::unwrap_used, reason = "a test")]

mod nonces;

use decentra_testkit::Rest;
use serde_json::{Value, json};

/// Permissions, as Discord numbers them.
mod bit {
    pub const VIEW_CHANNEL: u64 = 1 << 10;
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A guild of `owner` and its text channel.
async fn garden(owner: &Rest) -> (String, String) {
    let guild = text(&owner.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
    let channels = owner.get(&format!("/guilds/{guild}/channels")).await.ok();
    let channel = channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap();
    (guild, text(&channel["id"]))
}
