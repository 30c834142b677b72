//! What an event changes, in SQL.

use decentra_model::limits::{BROAD_MENTIONS_MAX, MENTION_COUNT_MAX};
use decentra_model::message::Extra;
use decentra_model::read::BroadMention;
use decentra_model::{
    AuditEntry, Author, DirectChange, Dispatch, Event, GatewaySession, Id, Invite, Message, Picture,
    Position, ReactionMark, Timestamp,
};
use rusqlite::{Connection, Params, Result, params};
use serde::Serialize;

use crate::row::WRITTEN;
use crate::search;

/// The tables of what people have for themselves.
const OF_PEOPLE: [&str; 5] = ["relationship", "privacy", "note", "read_state", "notification"];

pub(crate) fn event(c: &Connection, event: &Event) -> Result<()> {
    match event {
        Event::InstanceSet(instance) => {
            run(c, "INSERT OR REPLACE INTO instance VALUES (1, ?1)", [json(instance)])
        }
        Event::UserCreated(user) | Event::UserUpdated(user) => put(c, "user", user.id, user),
        Event::PasswordSet { user_id, hash: Some(hash) } => {
            run(c, "INSERT OR REPLACE INTO password VALUES (?1, ?2)", params![user_id.to_i64(), hash])
        }
        Event::PasswordSet { user_id, hash: None } => {
            run(c, "DELETE FROM password WHERE user_id = ?1", [user_id.to_i64()])
        }
        Event::LoginSet(login) => {
            run(c, "INSERT OR REPLACE INTO login VALUES (?1, ?2)", [login.hash.to_hex(), json(login)])
        }
        Event::LoginEnded(hash) => run(c, "DELETE FROM login WHERE hash = ?1", [hash.to_hex()]),
        Event::ApplicationSet(application) => put(c, "application", application.id, application),
        Event::ApplicationDeleted(id) => run(c, "DELETE FROM application WHERE id = ?1", [id.to_i64()]),
        Event::GuildCreated { guild, roles, channels, members } => {
            put(c, "guild", guild.id, guild)?;
            roles.iter().try_for_each(|role| put_in(c, "role", guild.id, role.id, role))?;
            channels.iter().try_for_each(|channel| put_in(c, "channel", guild.id, channel.id, channel))?;
            members.iter().try_for_each(|member| put_in(c, "member", guild.id, member.user_id, member))
        }
        Event::GuildUpdated(guild) => put(c, "guild", guild.id, guild),
        Event::GuildDeleted(id) => delete_guild(c, *id),
        Event::ChannelCreated(channel) | Event::ChannelUpdated(channel) => {
            put_in(c, "channel", channel.guild_id, channel.id, channel)
        }
        Event::ChannelDeleted(channel) => delete_channel(c, channel.guild_id, channel.id),
        Event::DirectSet(direct, change) => {
            put(c, "direct", direct.id, direct)?;
            let DirectChange::Left(user) = change else { return Ok(()) };
            let params = [user.to_i64(), direct.id.to_i64()];
            run(c, "DELETE FROM read_state WHERE user_id = ?1 AND channel_id = ?2", params)
        }
        Event::DirectDeleted(id) => delete_direct(c, *id),
        Event::RelationshipSet { .. }
        | Event::RelationshipEnded { .. }
        | Event::PrivacySet { .. }
        | Event::NoteSet { .. }
        | Event::ReadSet { .. }
        | Event::Called { .. }
        | Event::ManyCalled(_)
        | Event::NotificationsSet { .. }
        | Event::PersonErased(_) => of_person(c, event),
        Event::RoleCreated(guild, role) | Event::RoleUpdated(guild, role) => {
            put_in(c, "role", *guild, role.id, role)
        }
        // Who had it keeps its id, which then means nothing.
        Event::RoleDeleted(guild, id) => delete_in(c, "role", *guild, *id),
        Event::MemberJoined(guild, member) | Event::MemberUpdated(guild, member) => {
            put_in(c, "member", *guild, member.user_id, member)
        }
        Event::MemberLeft(guild, user) => {
            let params = [guild.to_i64(), user.to_i64()];
            run(c, "DELETE FROM notification WHERE guild_id = ?1 AND user_id = ?2", params)?;
            delete_in(c, "member", *guild, *user)
        }
        Event::BanAdded(guild, ban) => put_in(c, "ban", *guild, ban.user_id, ban),
        Event::BanRemoved(guild, user) => delete_in(c, "ban", *guild, *user),
        Event::InviteCreated(invite) | Event::InviteUsed(invite) => put_invite(c, invite),
        Event::InviteDeleted(invite) => run(c, "DELETE FROM invite WHERE code = ?1", [&invite.code]),
        Event::Audited(guild, entry) => add_audit(c, *guild, entry),
        Event::MessageCreated { message, dedupe, .. } => add_message(c, message, dedupe.as_deref()),
        Event::MessageUpdated(message) => {
            update_message(c, message)?;
            search::put(c, message)
        }
        Event::MessagePinned(message) => {
            update_message(c, message)?;
            note_pin(c, message)
        }
        Event::MessagesDeleted { channel_id, ids, .. } => {
            ids.iter().try_for_each(|id| delete_message(c, *channel_id, *id))
        }
        Event::ReactionAdded(mark) => add_reaction(c, mark),
        Event::ReactionRemoved(mark) => remove_reaction(c, mark),
        Event::ReactionsCleared { channel_id, message_id, emoji } => {
            let sql = "DELETE FROM reaction WHERE channel_id = ?1 AND message_id = ?2 AND (?3 IS NULL OR emoji = ?3)";
            run(c, sql, params![channel_id.to_i64(), message_id.to_i64(), emoji])
        }
        Event::PictureSet { owner_id, picture } => set_picture(c, *owner_id, picture.as_ref()),
        Event::TypingStarted { .. } | Event::PresenceChanged { .. } => Ok(()),
    }
}

/// What an event changes of what people have for themselves.
fn of_person(c: &Connection, event: &Event) -> Result<()> {
    match event {
        Event::RelationshipSet { user_id, relationship, .. } => {
            let params = params![user_id.to_i64(), relationship.user_id.to_i64(), json(relationship)];
            run(c, "INSERT OR REPLACE INTO relationship VALUES (?1, ?2, ?3)", params)
        }
        Event::RelationshipEnded { user_id, relationship } => {
            let params = [user_id.to_i64(), relationship.user_id.to_i64()];
            run(c, "DELETE FROM relationship WHERE user_id = ?1 AND id = ?2", params)
        }
        Event::PrivacySet { user_id, privacy } => put(c, "privacy", *user_id, privacy),
        Event::NoteSet { user_id, about, note: Some(note) } => {
            let params = params![user_id.to_i64(), about.to_i64(), note];
            run(c, "INSERT OR REPLACE INTO note VALUES (?1, ?2, ?3)", params)
        }
        Event::NoteSet { user_id, about, note: None } => {
            let params = [user_id.to_i64(), about.to_i64()];
            run(c, "DELETE FROM note WHERE user_id = ?1 AND about = ?2", params)
        }
        Event::ReadSet { user_id, state, .. } => {
            let sql = "INSERT INTO read_state VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT DO UPDATE SET last = excluded.last, mentions = excluded.mentions, pins = excluded.pins";
            let (user, channel) = (user_id.to_i64(), state.channel_id.to_i64());
            let (last, pins) =
                (state.last_message_id.to_i64(), state.pins_seen_at.map(Timestamp::unix_micros));
            run(c, sql, params![user, channel, last, state.mention_count, pins])
        }
        Event::Called { channel_id, users } => users.iter().try_for_each(|user| {
            let sql = "INSERT INTO read_state VALUES (?1, ?2, 0, 1, NULL)
                ON CONFLICT DO UPDATE SET mentions = min(mentions + 1, ?3)";
            run(c, sql, params![user.to_i64(), channel_id.to_i64(), MENTION_COUNT_MAX])
        }),
        Event::ManyCalled(mention) => add_broad_mention(c, mention),
        Event::NotificationsSet { user_id, notifications } => {
            let guild = notifications.guild_id.map_or(0, Id::to_i64);
            let params = params![user_id.to_i64(), guild, json(notifications)];
            run(c, "INSERT OR REPLACE INTO notification VALUES (?1, ?2, ?3)", params)
        }
        Event::PersonErased(user) => OF_PEOPLE.iter().try_for_each(|table| {
            run(c, &format!("DELETE FROM {table} WHERE user_id = ?1"), [user.to_i64()])
        }),
        _ => Ok(()),
    }
}

pub(crate) fn append(c: &Connection, dispatch: &Dispatch) -> Result<Position> {
    let sql = "INSERT INTO log (name, audience, body) VALUES (?1, ?2, ?3)";
    run(c, sql, params![&*dispatch.name, json(&dispatch.audience), &*dispatch.body])?;
    Ok(c.last_insert_rowid())
}

pub(crate) fn put_last_id(c: &Connection, id: Id) -> Result<()> {
    run(c, "INSERT OR REPLACE INTO last_id VALUES (1, ?1)", [id.to_i64()])
}

pub(crate) fn put_session(c: &Connection, session: &GatewaySession) -> Result<()> {
    run(c, "INSERT OR REPLACE INTO session VALUES (?1, ?2)", [&session.id, &json(session)])
}

pub(crate) fn delete_session(c: &Connection, id: &str) -> Result<()> {
    run(c, "DELETE FROM session WHERE id = ?1", [id])
}

pub(crate) fn trim(c: &Connection, position: Position) -> Result<()> {
    run(c, "DELETE FROM log WHERE position <= ?1 AND position < (SELECT max(position) FROM log)", [position])
}

pub(crate) fn adopt_lobby(c: &Connection, lobby: Id) -> Result<()> {
    run(c, "UPDATE message SET channel_id = ?1 WHERE channel_id = 0", [lobby.to_i64()])
}

fn add_message(c: &Connection, message: &Message, dedupe: Option<&str>) -> Result<()> {
    let sql =
        "INSERT INTO message (channel_id, id, author_id, author_name, content, created_at, dedupe, extra)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (id, name) = match &message.author {
        Author::User(id) => (Some(id.to_i64()), None),
        Author::Guest(name) => (None, Some(name.as_str())),
    };
    let params = params![
        message.channel_id.to_i64(),
        message.id.to_i64(),
        id,
        name,
        message.content,
        message.timestamp.unix_micros(),
        dedupe,
        extra(message),
    ];
    run(c, sql, params)
}

fn update_message(c: &Connection, message: &Message) -> Result<()> {
    let sql = "UPDATE message SET content = ?3, edited_at = ?4, pinned_at = ?5, extra = ?6
        WHERE channel_id = ?1 AND id = ?2";
    let params = params![
        message.channel_id.to_i64(),
        message.id.to_i64(),
        message.content,
        message.edited_at.map(decentra_model::Timestamp::unix_micros),
        message.pinned_at.map(Timestamp::unix_micros),
        extra(message),
    ];
    run(c, sql, params)
}

/// What most messages do not have, if this one does.
fn extra(message: &Message) -> Option<String> {
    (message.extra != Extra::default()).then(|| json(&message.extra))
}

/// Notes in the channel when something was pinned in it last.
fn note_pin(c: &Connection, message: &Message) -> Result<()> {
    let Some(at) = message.pinned_at else { return Ok(()) };
    ["channel", "direct"].iter().try_for_each(|table| {
        let sql = format!("UPDATE {table} SET data = json_set(data, '$.last_pin_at', ?2) WHERE id = ?1");
        run(c, &sql, params![message.channel_id.to_i64(), at.to_string()])
    })
}

fn delete_message(c: &Connection, channel: Id, id: Id) -> Result<()> {
    let params = [channel.to_i64(), id.to_i64()];
    let left = format!(
        "INSERT INTO gone SELECT channel_id, coalesce(author_id, 0), id, CASE WHEN {WRITTEN} THEN created_at END
            FROM message WHERE channel_id = ?1 AND id = ?2
        ON CONFLICT DO UPDATE SET id = max(id, excluded.id),
            written_at = coalesce(max(written_at, excluded.written_at), written_at, excluded.written_at)"
    );
    run(c, &left, params)?;
    search::remove(c, id)?;
    for table in ["reaction", "broad_mention"] {
        run(c, &format!("DELETE FROM {table} WHERE channel_id = ?1 AND message_id = ?2"), params)?;
    }
    run(c, "DELETE FROM message WHERE channel_id = ?1 AND id = ?2", params)
}

/// Notes a message that is meant for many, and forgets the oldest of too many.
fn add_broad_mention(c: &Connection, mention: &BroadMention) -> Result<()> {
    let channel = mention.channel_id.to_i64();
    let params = params![channel, mention.message_id.to_i64(), json(mention)];
    run(c, "INSERT INTO broad_mention VALUES (?1, ?2, ?3)", params)?;
    let sql = "DELETE FROM broad_mention WHERE channel_id = ?1 AND message_id NOT IN (
        SELECT message_id FROM broad_mention WHERE channel_id = ?1 ORDER BY message_id DESC LIMIT ?2)";
    run(c, sql, params![channel, BROAD_MENTIONS_MAX])
}

fn add_reaction(c: &Connection, mark: &ReactionMark) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO reaction SELECT ?1, ?2, ?3, ?4, 1 + coalesce(max(nth), 0)
        FROM reaction WHERE channel_id = ?1 AND message_id = ?2";
    let (channel, message) = (mark.channel_id.to_i64(), mark.message_id.to_i64());
    run(c, sql, params![channel, message, mark.emoji, mark.user_id.to_i64()])?;
    run(
        c,
        "UPDATE message SET reacted = 1 WHERE channel_id = ?1 AND id = ?2 AND reacted = 0",
        [channel, message],
    )
}

fn remove_reaction(c: &Connection, mark: &ReactionMark) -> Result<()> {
    let sql =
        "DELETE FROM reaction WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND user_id = ?4";
    run(
        c,
        sql,
        params![mark.channel_id.to_i64(), mark.message_id.to_i64(), mark.emoji, mark.user_id.to_i64()],
    )
}

fn set_picture(c: &Connection, owner: Id, picture: Option<&Picture>) -> Result<()> {
    run(c, "DELETE FROM picture WHERE owner_id = ?1", [owner.to_i64()])?;
    for (picture, (side, bytes)) in picture.iter().flat_map(|p| p.sizes.iter().map(move |size| (p, size))) {
        let params = params![owner.to_i64(), picture.hash, side, bytes];
        run(c, "INSERT INTO picture (owner_id, hash, side, bytes) VALUES (?1, ?2, ?3, ?4)", params)?;
    }
    Ok(())
}

fn put_invite(c: &Connection, invite: &Invite) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO invite VALUES (?1, ?2, ?3, ?4)";
    let (guild, channel) = (invite.guild_id.to_i64(), invite.channel_id.to_i64());
    run(c, sql, params![invite.code, guild, channel, json(invite)])
}

fn add_audit(c: &Connection, guild: Id, entry: &AuditEntry) -> Result<()> {
    let params = params![
        guild.to_i64(),
        entry.id.to_i64(),
        entry.user_id.to_i64(),
        entry.action_type,
        entry.target_id.map(Id::to_i64),
        json(entry),
    ];
    run(c, "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6)", params)
}

fn delete_guild(c: &Connection, id: Id) -> Result<()> {
    let mut statement = c.prepare_cached("SELECT id FROM channel WHERE guild_id = ?1")?;
    let channels = statement.query_map([id.to_i64()], |row| row.get(0).map(Id::from_i64))?;
    for channel in channels.collect::<Result<Vec<_>>>()? {
        delete_channel(c, id, channel)?;
    }
    for table in ["role", "member", "ban", "invite", "audit", "notification"] {
        run(c, &format!("DELETE FROM {table} WHERE guild_id = ?1"), [id.to_i64()])?;
    }
    set_picture(c, id, None)?;
    run(c, "DELETE FROM guild WHERE id = ?1", [id.to_i64()])
}

fn delete_channel(c: &Connection, guild: Id, id: Id) -> Result<()> {
    delete_in(c, "channel", guild, id)?;
    run(c, "DELETE FROM invite WHERE channel_id = ?1", [id.to_i64()])?;
    delete_content(c, id)
}

fn delete_direct(c: &Connection, id: Id) -> Result<()> {
    set_picture(c, id, None)?;
    run(c, "DELETE FROM direct WHERE id = ?1", [id.to_i64()])?;
    delete_content(c, id)
}

/// Deletes all that was written in a channel.
fn delete_content(c: &Connection, channel: Id) -> Result<()> {
    search::remove_channel(c, channel)?;
    ["message", "reaction", "gone", "read_state", "broad_mention"].iter().try_for_each(|table| {
        run(c, &format!("DELETE FROM {table} WHERE channel_id = ?1"), [channel.to_i64()])
    })
}

fn put(c: &Connection, table: &str, id: Id, entity: &impl Serialize) -> Result<()> {
    run(c, &format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2)"), params![id.to_i64(), json(entity)])
}

fn put_in(c: &Connection, table: &str, guild: Id, id: Id, entity: &impl Serialize) -> Result<()> {
    let sql = format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2, ?3)");
    run(c, &sql, params![guild.to_i64(), id.to_i64(), json(entity)])
}

fn delete_in(c: &Connection, table: &str, guild: Id, id: Id) -> Result<()> {
    run(c, &format!("DELETE FROM {table} WHERE guild_id = ?1 AND id = ?2"), [guild.to_i64(), id.to_i64()])
}

fn run(c: &Connection, sql: &str, params: impl Params) -> Result<()> {
    c.prepare_cached(sql)?.execute(params).map(drop)
}

fn json(entity: &impl Serialize) -> String {
    serde_json::to_string(entity).expect("entities always serialise")
}
