//! A guild to try things in.

use serde_json::{Value, json};

use crate::Rest;

/// A new guild, and the text channel that it was made with.
#[derive(Debug, Clone)]
pub struct Garden {
    /// The guild's id.
    pub guild: String,
    /// The channel's id.
    pub channel: String,
}

impl Garden {
    /// One of `owner`'s.
    pub async fn of(owner: &Rest) -> Self {
        let guild = owner.post("/guilds", json!({"name": "Garden"})).await.ok();
        Self { guild: text(&guild["id"]), channel: text(&guild["system_channel_id"]) }
    }

    /// The code of a new invite of `owner`'s.
    pub async fn invite(&self, owner: &Rest, draft: Value) -> String {
        text(&owner.post(&format!("/channels/{}/invites", self.channel), draft).await.ok()["code"])
    }

    /// Lets all of these in, by an invite of `owner`'s.
    pub async fn let_in<'a>(&self, owner: &Rest, people: impl IntoIterator<Item = &'a Rest>) {
        let path = format!("/invites/{}", self.invite(owner, json!({"max_age": 0})).await);
        for who in people {
            who.post(&path, Value::Null).await.ok();
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("an id or a code").to_owned()
}
