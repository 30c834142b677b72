//! What is kept in memory, as it was stored.

use std::collections::BTreeMap;

use decentra_model::read::{ReadState, Reading};
use decentra_model::{
    Ban, Channel, Direct, DirectChange, Event, Guild, Id, Invite, Member, OverwriteKind, Role, Timestamp,
};
use decentra_store::Loaded;
use rusqlite::{Connection, OptionalExtension, Result, Row};
use serde::de::DeserializeOwned;

use crate::row::document;

pub(crate) fn load(c: &Connection) -> Result<Loaded> {
    let mut events = Vec::new();
    events.extend(documents(c, "user")?.into_iter().map(Event::UserCreated));
    events.extend(passwords(c)?);
    events.extend(documents(c, "login")?.into_iter().map(Event::LoginSet));
    events.extend(documents(c, "application")?.into_iter().map(Event::ApplicationSet));
    let mut last_messages = guilds(c, &mut events)?;
    people(c, &mut events)?;
    for direct in documents::<Direct>(c, "direct")? {
        last_messages.extend(last_message(c, direct.id)?.map(|last| (direct.id, last)));
        events.push(Event::DirectSet(Box::new(direct), DirectChange::Created));
    }
    events.extend(documents::<Invite>(c, "invite")?.into_iter().map(Event::InviteCreated));
    events.extend(documents(c, "instance")?.into_iter().map(Event::InstanceSet));
    let position: Option<i64> = c.query_row("SELECT max(position) FROM log", [], |row| row.get(0))?;
    let position = position.unwrap_or_default();
    let last_id = c.query_row("SELECT last FROM last_id", [], |row| row.get(0)).optional()?;
    let last_id = last_id.filter(|last| *last > 0).map(Id::from_i64);
    Ok(Loaded { events, last_messages, sessions: documents(c, "session")?, position, last_id })
}

/// Adds the guilds and what they hold; the newest message of each channel.
fn guilds(c: &Connection, events: &mut Vec<Event>) -> Result<Vec<(Id, Id)>> {
    let mut channels = by_guild::<Channel>(c, "channel")?;
    let mut roles = by_guild::<Role>(c, "role")?;
    let mut members = by_guild::<Member>(c, "member")?;
    let mut bans = by_guild::<Ban>(c, "ban")?;
    let mut last_messages = Vec::new();
    for guild in documents::<Guild>(c, "guild")? {
        let id = guild.id.to_i64();
        let roles = roles.remove(&id).unwrap_or_default();
        let mut channels = channels.remove(&id).unwrap_or_default();
        for channel in &mut channels {
            last_messages.extend(last_message(c, channel.id)?.map(|last| (channel.id, last)));
            let is_role_gone = |id| !roles.iter().any(|role| role.id == id);
            channel.overwrites.retain(|of| of.kind == OverwriteKind::Member || !is_role_gone(of.id));
        }
        let mut members = members.remove(&id).unwrap_or_default();
        for member in &mut members {
            member.roles.retain(|held| roles.iter().any(|role| role.id == *held));
        }
        let guild_id = guild.id;
        events.push(Event::GuildCreated { guild: Box::new(guild), roles, channels, members });
        let bans = bans.remove(&id).unwrap_or_default();
        events.extend(bans.into_iter().map(|ban| Event::BanAdded(guild_id, ban)));
    }
    Ok(last_messages)
}

/// Adds what people have for themselves.
fn people(c: &Connection, events: &mut Vec<Event>) -> Result<()> {
    let mut rows = |table: &str, event: fn(Id, &Row<'_>) -> Result<Event>| -> Result<()> {
        let mut statement = c.prepare(&format!("SELECT * FROM {table}"))?;
        let found = statement.query_map([], |row| event(Id::from_i64(row.get(0)?), row))?;
        found.collect::<Result<Vec<_>>>().map(|found| events.extend(found))
    };
    rows("relationship", |user_id, row| {
        Ok(Event::RelationshipSet { user_id, relationship: document(row, 2)?, is_renamed: false })
    })?;
    rows("privacy", |user_id, row| Ok(Event::PrivacySet { user_id, privacy: document(row, 1)? }))?;
    rows("note", |user_id, row| {
        Ok(Event::NoteSet { user_id, about: Id::from_i64(row.get(1)?), note: Some(row.get(2)?) })
    })?;
    rows("read_state", |user_id, row| {
        let (channel_id, last_message_id) = (Id::from_i64(row.get(1)?), Id::from_i64(row.get(2)?));
        let pins_seen_at = row.get::<_, Option<i64>>(4)?.map(Timestamp::from_unix_micros);
        let state = ReadState { channel_id, last_message_id, mention_count: row.get(3)?, pins_seen_at };
        Ok(Event::ReadSet { user_id, state, reading: Reading::Wrote })
    })?;
    rows("notification", |user_id, row| {
        Ok(Event::NotificationsSet { user_id, notifications: document(row, 2)? })
    })?;
    // In the order of their keys: as they were written.
    rows("broad_mention", |_, row| Ok(Event::ManyCalled(document(row, 2)?)))
}

fn last_message(c: &Connection, channel: Id) -> Result<Option<Id>> {
    let sql = "SELECT max(id) FROM (SELECT max(id) AS id FROM message WHERE channel_id = ?1
        UNION ALL SELECT max(id) FROM gone WHERE channel_id = ?1)";
    let last: Option<i64> = c.prepare_cached(sql)?.query_row([channel.to_i64()], |row| row.get(0))?;
    Ok(last.map(Id::from_i64))
}

fn passwords(c: &Connection) -> Result<Vec<Event>> {
    let mut statement = c.prepare("SELECT user_id, hash FROM password")?;
    let rows = statement.query_map([], |row| {
        Ok(Event::PasswordSet { user_id: Id::from_i64(row.get(0)?), hash: row.get(1)? })
    })?;
    rows.collect()
}

fn documents<T: DeserializeOwned>(c: &Connection, table: &str) -> Result<Vec<T>> {
    c.prepare(&format!("SELECT data FROM {table}"))?.query_map([], |row| document(row, 0))?.collect()
}

fn by_guild<T: DeserializeOwned>(c: &Connection, table: &str) -> Result<BTreeMap<i64, Vec<T>>> {
    let mut statement = c.prepare(&format!("SELECT guild_id, data FROM {table} ORDER BY guild_id, id"))?;
    let mut rows = statement.query([])?;
    let mut found: BTreeMap<i64, Vec<T>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().push(document(row, 1)?);
    }
    Ok(found)
}
