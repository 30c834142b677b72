//! A place with people in it, written into a database before the server starts: to register a thousand accounts one by
//! one would take as long as their passwords are meant to.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use decentra_model::user::Login;
use decentra_model::{
    Author, Channel, ChannelKind, Event, Guild, Id, Instance, Member, Message, Name, Role, Timestamp,
    TokenHash, User,
};
use decentra_store::Store;
use decentra_store_sqlite::SqliteStore;
use sha2::{Digest, Sha256};

/// Messages written in one transaction: few transactions for a million, and none whose log outgrows the database.
const MESSAGES_PER_COMMIT: usize = 100_000;

/// How large the place is.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    /// How many people, all in all guilds.
    pub members: usize,
    /// How many guilds.
    pub guilds: usize,
    /// How many messages, all in the first guild's channel.
    pub messages: usize,
}

/// What was sown.
#[derive(Debug)]
pub struct Place {
    /// The channel of the first guild.
    pub channel: String,
    /// The lobby's.
    pub lobby: String,
    /// How many people are there.
    pub members: usize,
}

impl Place {
    /// The token of the `nth` member.
    pub fn token(&self, nth: usize) -> String {
        token(nth)
    }
}

fn token(nth: usize) -> String {
    format!("token-of-{nth:05}")
}

impl Seed {
    /// Writes it into a new database in `data_dir`.
    pub fn sow(&self, data_dir: &Path) -> Result<Place> {
        fs::create_dir_all(data_dir)?;
        let mut store = SqliteStore::open(data_dir)?;
        let began = now();
        let mut last = None;
        let mut new_id = || {
            let id = Id::next(last, began);
            last = Some(id);
            id
        };
        let users: Vec<Id> = (0..self.members).map(|_| new_id()).collect();
        store.begin()?;
        for (nth, id) in users.iter().enumerate() {
            let name = Name::parse(&format!("member{nth:05}"))?;
            store.write(&Event::UserCreated(User::new(*id, name)))?;
            let token = token(nth);
            let hash = TokenHash(Sha256::digest(token.as_bytes()).into());
            let login = Login { hash, user_id: *id, created_at: began, used_at: began, device: None };
            store.write(&Event::LoginSet(login))?;
        }
        let mut first = None;
        for nth in 0..self.guilds.max(1) {
            let id = new_id();
            let channels: Vec<Channel> = ["lobby", "general", "talk", "off-topic", "voice"]
                .into_iter()
                .map(|name| {
                    let kind = if name == "voice" { ChannelKind::Voice } else { ChannelKind::Text };
                    Channel::new(new_id(), id, kind, name)
                })
                .collect();
            let channel = channels[1].id;
            let lobby_id = channels[0].id;
            let owner = users.first().copied();
            let guild = Box::new(Guild::new(id, format!("Guild {nth}"), owner));
            let members = users.iter().map(|user| Member::new(*user, began)).collect();
            store.write(&Event::GuildCreated {
                guild,
                roles: vec![Role::everyone(id)],
                channels,
                members,
            })?;
            if first.is_none() {
                first = Some((channel, lobby_id));
                store.write(&Event::InstanceSet(Instance { home_id: id, lobby_id, owner_id: owner }))?;
            }
        }
        let (channel, lobby) = first.context("at least one guild")?;
        for nth in 0..self.messages {
            if nth > 0 && nth.is_multiple_of(MESSAGES_PER_COMMIT) {
                store.commit()?;
                store.begin()?;
            }
            let author = users[nth % users.len()];
            let message = message(
                new_id(),
                channel,
                author,
                began,
                format!("message {nth} of a place like many others"),
            );
            store.write(&Event::MessageCreated { message, nonce: None, dedupe: None })?;
        }
        store.put_last_id(new_id())?;
        store.commit()?;
        Ok(Place { channel: channel.to_string(), lobby: lobby.to_string(), members: self.members })
    }
}

/// What the clock says.
#[expect(clippy::disallowed_methods, reason = "a load has no clock that could be turned")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// A message as most are.
pub fn message(id: Id, channel_id: Id, author: Id, timestamp: Timestamp, content: String) -> Message {
    Message {
        id,
        channel_id,
        author: Author::User(author),
        content,
        timestamp,
        edited_at: None,
        pinned_at: None,
        extra: decentra_model::message::Extra::default(),
        reactions: Vec::new(),
    }
}
