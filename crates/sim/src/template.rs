//! An instance with accounts and channels, made once: what each run starts on.

use std::fs;
use std::time::Duration;

use anyhow::Context;
use decentra_model::{Id, Position};
use decentra_store::Store;
use decentra_store_sqlite::{DATABASE_FILE, SqliteStore};
use serde_json::{Value, json};

use crate::caller::Account;
use crate::run::runtime;
use crate::world::{Manner, World};

/// An instance with accounts and channels.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its database.
    pub database: Vec<u8>,
    /// The last place in its log.
    pub position: Position,
    /// Who owns it, and two members.
    pub accounts: [Account; 3],
    /// The guild.
    pub guild: String,
    /// The channel behind the lobby, one for all, and one that only some see.
    pub channels: [String; 3],
    /// The role that shows the last.
    pub role: String,
    /// What lets someone in again.
    pub invite: String,
    /// The guild, its channels and its members, as its owner is shown them.
    pub shown: [Value; 3],
}

impl Template {
    /// Makes one, through the API.
    pub fn make() -> anyhow::Result<Self> {
        runtime()?.block_on(async {
            let world = World::new(Manner::CALM, 0, None, false)?;
            world.start()?;
            tokio::select! {
                biased;
                made = Self::furnish(&world) => made,
                () = world.turns.run() => unreachable!("turns are given for ever"),
                () = world.network.deliver() => unreachable!("a network delivers for ever"),
            }
        })
    }

    async fn furnish(world: &World) -> anyhow::Result<Self> {
        let mut accounts = <[Account; 3]>::default();
        for (account, name) in accounts.iter_mut().zip(["olga", "mia", "ned"]) {
            let body = json!({"username": name, "password": format!("the password of {name}")});
            let made = Account::default().must(world, "POST", "/auth/register", Some(&body)).await?;
            *account =
                Account { name: name.into(), id: text(&made["user_id"])?, token: text(&made["token"])? };
        }
        let [owner, ..] = &accounts;
        let guilds = owner.must(world, "GET", "/users/@me/guilds", None).await?;
        let guild = text(&guilds[0]["id"])?;
        let role = json!({"name": "insiders", "permissions": "0"});
        let role = owner.must(world, "POST", &format!("/guilds/{guild}/roles"), Some(&role)).await?;
        let role = text(&role["id"])?;
        let overwrites = json!([
            {"id": guild, "type": 0, "allow": "0", "deny": "1024"},
            {"id": role, "type": 0, "allow": "1024", "deny": "0"},
        ]);
        let den = json!({"name": "den", "type": 0, "permission_overwrites": overwrites});
        owner.must(world, "POST", &format!("/guilds/{guild}/channels"), Some(&den)).await?;
        let channels = owner.must(world, "GET", &format!("/guilds/{guild}/channels"), None).await?;
        let named = |name: &str| {
            let mut all = channels.as_array().into_iter().flatten();
            text(&all.find(|channel| channel["name"] == name).context("no such channel")?["id"])
        };
        let ids = [named("lobby")?, named("general")?, named("den")?];
        let lasting = json!({"max_age": 0, "max_uses": 0});
        let invite = format!("/channels/{}/invites", ids[1]);
        let invite = text(&owner.must(world, "POST", &invite, Some(&lasting)).await?["code"])?;
        let members = owner.must(world, "GET", &format!("/guilds/{guild}/members?limit=100"), None).await?;
        let shown = owner.must(world, "GET", &format!("/guilds/{guild}"), None).await?;
        crate::time::sleep(Duration::from_secs(1)).await;
        world.stop().await?;
        let database = fs::read(world.left_data().join(DATABASE_FILE))?;
        let position = SqliteStore::open(&world.left_data())?.load()?.position;
        Ok(Self {
            database,
            position,
            guild,
            channels: ids,
            role,
            invite,
            shown: [shown, channels, members],
            accounts,
        })
    }
}

/// An id, a token, a code.
pub fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("a text was due, not {value}"))
}

/// An id, as a number.
pub fn id(text: &str) -> anyhow::Result<Id> {
    text.parse().map_err(|_| anyhow::anyhow!("{text} is no id"))
}
