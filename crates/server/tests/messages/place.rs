//! A guild with a channel that nothing was written in, and who meets there.

#![allow(dead_code, clippy::allow_attributes, reason = "each test program uses what it needs of it")]

use decentra_testkit::{Answer, Gateway, Rest, World};
use serde_json::{Value, json};

/// A guild of Ana's with Ben in it, and a channel of it.
pub(crate) struct Place {
    pub(crate) world: World,
    pub(crate) ana: Rest,
    pub(crate) ben: Rest,
    pub(crate) guild: String,
    pub(crate) channel: String,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let world = World::open().await;
        let ana = Rest::register(world.address(), "ana").await;
        let ben = Rest::register(world.address(), "ben").await;
        let guild = text(&ana.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
        let channel = ana.post(&format!("/guilds/{guild}/channels"), json!({"name": "plot"})).await.ok();
        let channel = text(&channel["id"]);
        let invite = ana.post(&format!("/channels/{channel}/invites"), json!({})).await.ok();
        ben.post(&format!("/invites/{}", text(&invite["code"])), Value::Null).await.ok();
        Self { world, ana, ben, guild, channel }
    }

    /// The path of something in the channel.
    pub(crate) fn at(&self, rest: &str) -> String {
        format!("/channels/{}{rest}", self.channel)
    }

    /// Has someone send a message.
    pub(crate) async fn send(&self, who: &Rest, draft: Value) -> Answer {
        who.post(&self.at("/messages"), draft).await
    }

    /// The id of a new message.
    pub(crate) async fn say(&self, who: &Rest, content: &str) -> String {
        text(&self.send(who, json!({"content": content})).await.ok()["id"])
    }

    /// The message, as someone reads it.
    pub(crate) async fn read(&self, who: &Rest, message: &str) -> Value {
        who.get(&self.at(&format!("/messages/{message}"))).await.ok()
    }

    /// Has the channel deny everyone something.
    pub(crate) async fn deny(&self, permissions: u64) {
        let overwrite = json!({"type": 0, "allow": "0", "deny": permissions.to_string()});
        self.ana.put(&self.at(&format!("/permissions/{}", self.guild)), overwrite).await.ok();
    }

    /// Has the channel allow Ben something.
    pub(crate) async fn allow_ben(&self, permissions: u64) {
        let overwrite = json!({"type": 1, "allow": permissions.to_string(), "deny": "0"});
        self.ana.put(&self.at(&format!("/permissions/{}", self.ben.user_id)), overwrite).await.ok();
    }

    /// A session of Ben's, who hears what Ana does.
    pub(crate) async fn bens_session(&self) -> Gateway {
        Gateway::identify(self.world.address(), self.ben.token.as_deref().unwrap()).await
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The keys of a list, such as the ids of users.
pub(crate) fn each<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap()).collect()
}
