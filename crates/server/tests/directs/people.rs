//! A few people, and what they do to one another.

#![allow(dead_code, clippy::allow_attributes, reason = "each test program uses what it needs of it")]

use std::net::SocketAddr;

use decentra_testkit::{Gateway, Rest, World};
use serde_json::{Value, json};

/// An instance with a few people, all in its home, which Ana owns.
pub(crate) struct People {
    world: World,
    pub(crate) ana: Rest,
    pub(crate) ben: Rest,
    pub(crate) cleo: Rest,
}

impl People {
    pub(crate) async fn new() -> Self {
        let world = World::open().await;
        let ana = Rest::register(world.address(), "Ana").await;
        let ben = Rest::register(world.address(), "Ben").await;
        let cleo = Rest::register(world.address(), "Cleo").await;
        Self { world, ana, ben, cleo }
    }

    /// The same after a restart of the server.
    pub(crate) async fn restart(self) -> Self {
        let world = self.world.restart().await;
        let at = |who: &Rest| who.at(world.address());
        let (ana, ben, cleo) = (at(&self.ana), at(&self.ben), at(&self.cleo));
        Self { world, ana, ben, cleo }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.world.address()
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// Someone else.
    pub(crate) async fn person(&self, name: &str) -> Rest {
        Rest::register(self.address(), name).await
    }

    /// A bot in the home.
    pub(crate) async fn bot(&self, name: &str) -> Rest {
        let made = self.ana.post("/applications", json!({"name": name})).await.ok();
        let id = text(&made["id"]);
        let made = self.ana.post(&format!("/applications/{id}/bot"), json!({})).await.ok();
        let add = json!({"authorize": true, "guild_id": self.home().await, "permissions": "0"});
        self.ana.post(&format!("/oauth2/authorize?client_id={id}&scope=bot&permissions=0"), add).await.ok();
        self.ana.bot(&text(&made["token"]), &id)
    }

    /// A session of `who` with every intent.
    pub(crate) async fn session(&self, who: &Rest) -> Gateway {
        Gateway::identify(self.address(), who.token.as_deref().unwrap()).await
    }

    /// The home of the instance.
    pub(crate) async fn home(&self) -> String {
        text(&self.ana.get("/users/@me/guilds").await.ok()[0]["id"])
    }

    /// A channel of the home that all see.
    pub(crate) async fn general(&self) -> String {
        let channels = self.ana.get(&format!("/guilds/{}/channels", self.home().await)).await.ok();
        let general = channels.as_array().unwrap().iter().find(|channel| channel["name"] == "general");
        text(&general.unwrap()["id"])
    }

    /// The direct channel that `one` opens with `other`.
    pub(crate) async fn open(&self, one: &Rest, other: &Rest) -> Value {
        one.post("/users/@me/channels", json!({"recipient_id": other.user_id})).await.ok()
    }

    /// Makes friends of the two.
    pub(crate) async fn befriend(&self, one: &Rest, other: &Rest) {
        for (who, whom) in [(one, other), (other, one)] {
            who.put(&format!("/users/@me/relationships/{}", whom.user_id), json!({})).await.ok();
        }
    }

    /// The channel of Ana and Ben, in which a word was said.
    pub(crate) async fn pair(&self) -> String {
        let id = text(&self.open(&self.ana, &self.ben).await["id"]);
        self.say(&self.ana, &id, "hello").await;
        id
    }

    /// What `who` says in a channel.
    pub(crate) async fn say(&self, who: &Rest, channel: &str, content: &str) -> Value {
        who.post(&format!("/channels/{channel}/messages"), json!({"content": content})).await.ok()
    }

    /// The direct channels in the list of `who`.
    pub(crate) async fn listed(&self, who: &Rest) -> Vec<String> {
        let list = who.get("/users/@me/channels").await.ok();
        list.as_array().unwrap().iter().map(|channel| text(&channel["id"])).collect()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A session that is asked what it is told, apart from who comes and goes.
pub(crate) trait Hears {
    /// The `d` of the next dispatch, which is `name`; who comes and goes is passed over, unless that is waited for.
    async fn hears(&mut self, name: &str) -> Value;
}

impl Hears for Gateway {
    async fn hears(&mut self, name: &str) -> Value {
        loop {
            let mut payload = self.next().await;
            if payload["t"] == name {
                return payload["d"].take();
            }
            assert_eq!(payload["t"], "PRESENCE_UPDATE", "before {name}: {payload}");
        }
    }
}
