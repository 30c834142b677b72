//! Questions, in SQL.

use std::collections::HashMap;

use decentra_model::message::{Anchor, Page, Reaction};
use decentra_model::{AuditEntry, Id, Message, Position, Timestamp};
use decentra_store::{AuditQuery, Logged};
use rusqlite::{Connection, OptionalExtension, Params, Result, named_params, params};

use crate::row::{MESSAGE, WRITTEN, dispatch_of, document, message_of};

pub(crate) fn message(c: &Connection, channel: Id, id: Id, viewer: Option<Id>) -> Result<Option<Message>> {
    let wanted = "channel_id = ?1 AND id = ?2";
    Ok(messages_where(c, wanted, params![channel.to_i64(), id.to_i64()], viewer)?.pop())
}

pub(crate) fn messages(c: &Connection, channel: Id, page: Page, viewer: Option<Id>) -> Result<Vec<Message>> {
    let channel = channel.to_i64();
    match page.anchor {
        Anchor::Newest => {
            let wanted = "channel_id = ?1 ORDER BY id DESC LIMIT ?2";
            messages_where(c, wanted, params![channel, page.limit], viewer)
        }
        Anchor::Before(id) => before(c, channel, id.to_i64(), page.limit, viewer),
        Anchor::After(id) => after(c, channel, id.to_i64(), page.limit, viewer),
        Anchor::Around(id) => {
            let half = page.limit / 2;
            let mut around = after(c, channel, id.to_i64(), half, viewer)?;
            // The one asked for counts among those before.
            let older = before(c, channel, id.to_i64().saturating_add(1), page.limit - half, viewer)?;
            around.extend(older);
            Ok(around)
        }
    }
}

fn before(c: &Connection, channel: i64, id: i64, limit: u32, viewer: Option<Id>) -> Result<Vec<Message>> {
    let wanted = "channel_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    messages_where(c, wanted, params![channel, id, limit], viewer)
}

fn after(c: &Connection, channel: i64, id: i64, limit: u32, viewer: Option<Id>) -> Result<Vec<Message>> {
    let wanted = "channel_id = ?1 AND id > ?2 ORDER BY id ASC LIMIT ?3";
    let mut messages = messages_where(c, wanted, params![channel, id, limit], viewer)?;
    messages.reverse();
    Ok(messages)
}

pub(crate) fn message_with(c: &Connection, dedupe: &str) -> Result<Option<Message>> {
    let wanted = "dedupe = ?1 ORDER BY id DESC LIMIT 1";
    Ok(messages_where(c, wanted, params![dedupe], None)?.pop())
}

pub(crate) fn pins(
    c: &Connection,
    channel: Id,
    before: Option<Timestamp>,
    limit: u32,
    viewer: Option<Id>,
) -> Result<Vec<Message>> {
    let before = before.map_or(i64::MAX, Timestamp::unix_micros);
    let wanted = "channel_id = ?1 AND pinned_at < ?2 ORDER BY pinned_at DESC LIMIT ?3";
    messages_where(c, wanted, params![channel.to_i64(), before, limit], viewer)
}

pub(crate) fn pin_count(c: &Connection, channel: Id) -> Result<usize> {
    let sql = "SELECT count(*) FROM message WHERE channel_id = ?1 AND pinned_at IS NOT NULL";
    c.prepare_cached(sql)?
        .query_row([channel.to_i64()], |row| row.get::<_, u32>(0))
        .map(|count| count as usize)
}

fn messages_where(
    c: &Connection,
    wanted: &str,
    params: impl Params,
    viewer: Option<Id>,
) -> Result<Vec<Message>> {
    let rows = rows_where(c, wanted, params)?;
    let is_reacted = rows.iter().any(|(_, reacted)| *reacted);
    let mut messages: Vec<Message> = rows.into_iter().map(|(message, _)| message).collect();
    if is_reacted {
        add_reactions(c, &mut messages, viewer)?;
    }
    Ok(messages)
}

/// Messages without their reactions, of whatever channels.
pub(crate) fn bare(c: &Connection, wanted: &str, params: impl Params) -> Result<Vec<Message>> {
    Ok(rows_where(c, wanted, params)?.into_iter().map(|(message, _)| message).collect())
}

/// Messages, and whether anyone reacted to them.
fn rows_where(c: &Connection, wanted: &str, params: impl Params) -> Result<Vec<(Message, bool)>> {
    let mut statement = c.prepare_cached(&format!("SELECT {MESSAGE} FROM message WHERE {wanted}"))?;
    statement.query_map(params, message_of)?.collect()
}

/// Adds their reactions to messages of one channel.
fn add_reactions(c: &Connection, messages: &mut [Message], viewer: Option<Id>) -> Result<()> {
    let Some(channel) = messages.first().map(|message| message.channel_id) else { return Ok(()) };
    let oldest = messages.iter().map(|message| message.id).min().unwrap_or(channel);
    let newest = messages.iter().map(|message| message.id).max().unwrap_or(channel);
    let sql = "SELECT message_id, emoji, count(*), max(user_id = :viewer) FROM reaction
        WHERE channel_id = :channel AND message_id BETWEEN :oldest AND :newest
        GROUP BY message_id, emoji ORDER BY message_id, min(nth)";
    let mut statement = c.prepare_cached(sql)?;
    let params = named_params! {
        ":viewer": viewer.map_or(0, Id::to_i64), ":channel": channel.to_i64(),
        ":oldest": oldest.to_i64(), ":newest": newest.to_i64(),
    };
    let mut rows = statement.query(params)?;
    let mut reactions: HashMap<i64, Vec<Reaction>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let reaction = Reaction { emoji: row.get(1)?, count: row.get::<_, u32>(2)?.into(), me: row.get(3)? };
        reactions.entry(row.get(0)?).or_default().push(reaction);
    }
    for message in messages {
        message.reactions = reactions.remove(&message.id.to_i64()).unwrap_or_default();
    }
    Ok(())
}

pub(crate) fn has_reacted(c: &Connection, channel: Id, message: Id, emoji: &str, user: Id) -> Result<bool> {
    let sql =
        "SELECT 1 FROM reaction WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND user_id = ?4";
    c.prepare_cached(sql)?.exists(params![channel.to_i64(), message.to_i64(), emoji, user.to_i64()])
}

pub(crate) fn reactors(
    c: &Connection,
    channel: Id,
    message: Id,
    emoji: &str,
    after: Option<Id>,
    limit: u32,
) -> Result<Vec<Id>> {
    let sql = "SELECT user_id FROM reaction WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND user_id > ?4
        ORDER BY user_id LIMIT ?5";
    let after = after.map_or(0, Id::to_i64);
    ids(c, sql, params![channel.to_i64(), message.to_i64(), emoji, after, limit])
}

pub(crate) fn written_by(
    c: &Connection,
    channel: Id,
    authors: &[Id],
    after: Id,
    limit: usize,
) -> Result<Vec<Id>> {
    // Their number is not in the statement, so that it is prepared once.
    let authors: Vec<String> = authors.iter().map(Id::to_string).collect();
    let authors = format!("[{}]", authors.join(","));
    let sql = "SELECT id FROM message WHERE channel_id = ?1 AND id > ?2
        AND author_id IN (SELECT value FROM json_each(?3)) ORDER BY id DESC LIMIT ?4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = ids(c, sql, params![channel.to_i64(), after.to_i64(), authors, limit])?;
    found.reverse();
    Ok(found)
}

pub(crate) fn last_written(
    c: &Connection,
    channel: Id,
    author: Id,
    after: Id,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let sql = format!(
        "SELECT max(at) FROM (
            SELECT created_at AS at FROM message
                WHERE channel_id = ?1 AND id > ?2 AND author_id = ?3 AND {WRITTEN}
            UNION ALL SELECT written_at FROM gone WHERE channel_id = ?1 AND author_id = ?3 AND id > ?2)
        WHERE at <= ?4"
    );
    let params = params![channel.to_i64(), after.to_i64(), author.to_i64(), now.unix_micros()];
    let at: Option<i64> = c.prepare_cached(&sql)?.query_row(params, |row| row.get(0))?;
    Ok(at.map(Timestamp::from_unix_micros))
}

fn ids(c: &Connection, sql: &str, params: impl Params) -> Result<Vec<Id>> {
    c.prepare_cached(sql)?.query_map(params, |row| row.get(0).map(Id::from_i64))?.collect()
}

pub(crate) fn picture(c: &Connection, owner: Id, hash: &str, side: u32) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM picture WHERE owner_id = ?1 AND hash = ?2 ORDER BY side < ?3, abs(side - ?3) LIMIT 1";
    c.prepare_cached(sql)?.query_row(params![owner.to_i64(), hash, side], |row| row.get(0)).optional()
}

pub(crate) fn audit(c: &Connection, guild: Id, query: AuditQuery) -> Result<Vec<AuditEntry>> {
    let direction = if query.after.is_some() { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT data FROM audit WHERE guild_id = :guild AND id < :before AND id > :after
            AND (:user IS NULL OR user_id = :user) AND (:action IS NULL OR action_type = :action)
            AND (:target IS NULL OR target_id = :target)
        ORDER BY id {direction} LIMIT :limit"
    );
    let params = named_params! {
        ":guild": guild.to_i64(),
        ":before": query.before.map_or(i64::MAX, Id::to_i64),
        ":after": query.after.map_or(0, Id::to_i64),
        ":user": query.user_id.map(Id::to_i64),
        ":action": query.action_type,
        ":target": query.target_id.map(Id::to_i64),
        ":limit": query.limit,
    };
    c.prepare_cached(&sql)?.query_map(params, |row| document(row, 0))?.collect()
}

pub(crate) fn log_after(c: &Connection, position: Position, limit: u32) -> Result<Vec<Logged>> {
    let sql = "SELECT position, name, audience, body FROM log WHERE position > ?1 ORDER BY position LIMIT ?2";
    log(c, sql, params![position, limit])
}

pub(crate) fn log_until(c: &Connection, position: Position, limit: u32) -> Result<Vec<Logged>> {
    let sql =
        "SELECT position, name, audience, body FROM log WHERE position <= ?1 ORDER BY position DESC LIMIT ?2";
    log(c, sql, params![position, limit])
}

fn log(c: &Connection, sql: &str, params: impl Params) -> Result<Vec<Logged>> {
    c.prepare_cached(sql)?.query_map(params, |row| Ok((row.get(0)?, dispatch_of(row, 1)?)))?.collect()
}
