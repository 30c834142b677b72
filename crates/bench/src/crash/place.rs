//! The community in which all happens, founded over the API.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::line::{Answer, Line, Request};

/// The members' accounts. The first owns the place.
const MEMBERS: usize = 8;

/// What a bot may do: everything.
const ADMINISTRATOR: &str = "8";

/// The community.
#[derive(Debug)]
pub(super) struct Place {
    /// The guild that everyone is in.
    pub(super) guild: String,
    /// The channel behind the lobby.
    pub(super) lobby: String,
    /// A channel that only members are in.
    pub(super) talk: String,
    tokens: Vec<String>,
}

/// Who founds it.
struct Founder {
    line: Line,
    token: String,
}

impl Place {
    /// Founds it on the fresh server at `address`.
    pub(super) fn found(address: SocketAddr) -> Result<Self> {
        let line = Line::connect(address)?.context("the server is there")?;
        let mut founder = Founder { line, token: String::new() };
        founder.token = founder.register(0, &Value::Null)?;
        let guild = text(&founder.ask("GET", "/users/@me/guilds", None)?[0]["id"])?;
        let channels = founder.ask("GET", &format!("/guilds/{guild}/channels"), None)?;
        let first = channels.as_array().context("channels")?.iter().find(|channel| channel["type"] == 0);
        let lobby = text(&first.context("a lobby")?["id"])?;
        let talk = json!({"name": "talk", "type": 0});
        let talk = text(&founder.ask("POST", &format!("/guilds/{guild}/channels"), Some(talk))?["id"])?;
        let invite =
            founder.ask("POST", &format!("/channels/{talk}/invites"), Some(json!({"max_uses": 0})))?;
        let mut tokens = vec![founder.token.clone()];
        for nth in 1..MEMBERS {
            tokens.push(founder.register(nth, &invite["code"])?);
        }
        Ok(Self { guild, lobby, talk, tokens })
    }

    /// How many members there are.
    pub(super) fn members(&self) -> usize {
        self.tokens.len()
    }

    /// The token of the `nth` member.
    pub(super) fn token(&self, nth: usize) -> &str {
        &self.tokens[nth]
    }

    /// The channels that are written in.
    pub(super) fn channels(&self) -> [&str; 2] {
        [&self.lobby, &self.talk]
    }

    /// Brings in a bot; its token.
    pub(super) fn bring_bot(&self, address: SocketAddr, name: &str) -> Result<String> {
        let line = Line::connect(address)?.context("the server is there")?;
        let mut owner = Founder { line, token: self.tokens[0].clone() };
        let application = text(&owner.ask("POST", "/applications", Some(json!({"name": name})))?["id"])?;
        let bot = owner.ask("POST", &format!("/applications/{application}/bot"), None)?;
        let grant = json!({"authorize": true, "guild_id": self.guild, "permissions": ADMINISTRATOR});
        let path = format!("/oauth2/authorize?client_id={application}&scope=bot&permissions={ADMINISTRATOR}");
        owner.ask("POST", &path, Some(grant))?;
        text(&bot["token"])
    }
}

impl Founder {
    /// Makes the account of the member `nth`; its token.
    fn register(&mut self, nth: usize, invite: &Value) -> Result<String> {
        let form = json!({"username": format!("member{nth}"), "password": "correct horse battery", "invite": invite});
        let token = std::mem::take(&mut self.token);
        let answer = self.ask("POST", "/auth/register", Some(form));
        self.token = token;
        text(&answer?["token"])
    }

    /// What the server answers, with whom all is well.
    fn ask(&mut self, method: &'static str, path: &str, body: Option<Value>) -> Result<Value> {
        let token = Some(self.token.as_str()).filter(|token| !token.is_empty());
        let request = Request { method, path: path.to_owned(), token, body };
        let answer = self.line.call(&request)?.context("the server is there")?;
        ensure!(answer.is_well(), "{method} {path}: {answer:?}");
        let Answer { body, .. } = answer;
        Ok(body)
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().with_context(|| format!("a text, not {value}"))?.to_owned())
}
