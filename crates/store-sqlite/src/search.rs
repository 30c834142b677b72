//! The index of messages, and what is asked of it.
//!
//! To take a message into the index costs about as much as to store it, but less for each of many: so that is done for
//! [`INDEXED_AT_ONCE`] of them at once, within the transaction that brings the last of them. Those that came since are
//! looked through one by one by whoever searches: there are never more, and what is committed is found at once.

use std::collections::HashSet;

use decentra_model::limits::{INDEXED_AT_ONCE, SEARCH_FOUND_MAX, SEARCH_RANKED_MAX};
use decentra_model::search::{Found, Mark, Order, Query, Term, entry};
use decentra_model::{Id, Message};
use rusqlite::{Connection, Result, params};

use crate::read::{bare, message};

/// Which messages are in the index: their ids are from the first on, up to the second.
#[derive(Debug, Clone, Copy)]
struct Range {
    oldest: i64,
    newest: i64,
}

impl Range {
    fn of(c: &Connection) -> Result<Self> {
        let sql = "SELECT oldest, newest FROM searchable";
        c.prepare_cached(sql)?.query_row([], |row| Ok(Self { oldest: row.get(0)?, newest: row.get(1)? }))
    }

    fn holds(self, id: Id) -> bool {
        (self.oldest..=self.newest).contains(&id.to_i64())
    }
}

/// Takes in the oldest of what came after what is in the index: how many messages, and up to which.
pub(crate) fn index_newer(c: &Connection) -> Result<Option<(usize, Id)>> {
    let newest = Range::of(c)?.newest;
    let messages = bare(c, "id > ?1 ORDER BY id LIMIT ?2", params![newest, number(INDEXED_AT_ONCE)])?;
    put_all(c, &messages)?;
    let Some(last) = messages.last() else { return Ok(None) };
    c.prepare_cached("UPDATE searchable SET newest = ?1")?.execute([last.id.to_i64()])?;
    Ok(Some((messages.len(), last.id)))
}

/// Takes in the newest of what is older than what is in the index; whether there is more of it.
pub(crate) fn index_older(c: &Connection) -> Result<bool> {
    let oldest = Range::of(c)?.oldest;
    if oldest == 0 {
        return Ok(false);
    }
    let wanted = "id < ?1 ORDER BY id DESC LIMIT ?2";
    let mut messages = bare(c, wanted, params![oldest, number(INDEXED_AT_ONCE)])?;
    let is_more = messages.len() == INDEXED_AT_ONCE;
    // The index wants what it takes in one transaction in the order of ids.
    messages.reverse();
    put_all(c, &messages)?;
    let oldest = messages.first().filter(|_| is_more).map_or(0, |first| first.id.to_i64());
    c.prepare_cached("UPDATE searchable SET oldest = ?1")?.execute([oldest])?;
    Ok(is_more)
}

/// How many messages came after what is in the index, and up to which id it goes.
pub(crate) fn newer_than_indexed(c: &Connection) -> Result<(usize, Id)> {
    let newest = Range::of(c)?.newest;
    let sql = "SELECT count(*) FROM message WHERE id > ?1";
    let count: u32 = c.prepare_cached(sql)?.query_row([newest], |row| row.get(0))?;
    Ok((count as usize, Id::from_i64(newest)))
}

fn put_all(c: &Connection, messages: &[Message]) -> Result<()> {
    let mut insert = c.prepare_cached("INSERT INTO search (rowid, entry) VALUES (?1, ?2)")?;
    for message in messages {
        if let Some(entry) = entry(message) {
            insert.execute(params![message.id.to_i64(), entry.text()])?;
        }
    }
    Ok(())
}

/// Takes a message in that changed, or whose id is not newer than those in the index.
pub(crate) fn put(c: &Connection, message: &Message) -> Result<()> {
    if Range::of(c)?.holds(message.id) {
        remove(c, message.id)?;
        put_all(c, std::slice::from_ref(message))?;
    }
    Ok(())
}

/// Takes a message out that is gone.
pub(crate) fn remove(c: &Connection, id: Id) -> Result<()> {
    c.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([id.to_i64()]).map(drop)
}

/// Takes all messages of a channel out, before they are gone.
pub(crate) fn remove_channel(c: &Connection, channel: Id) -> Result<()> {
    let sql = "DELETE FROM search WHERE rowid IN (SELECT id FROM message WHERE channel_id = ?1)";
    c.prepare_cached(sql)?.execute([channel.to_i64()]).map(drop)
}

/// The messages that `query` asks for.
pub(crate) fn search(c: &Connection, query: &Query, viewer: Option<Id>) -> Result<Found> {
    // What was committed up to one moment, whatever is written meanwhile.
    let _moment = if c.is_autocommit() { Some(c.unchecked_transaction()?) } else { None };
    let range = Range::of(c)?;
    let places = if query.is_wordless || query.channels.is_empty() {
        Vec::new()
    } else if query.pinned == Some(true) {
        pinned(c, query)?
    } else {
        let (mut first, mut rest) = (newer(c, query, range)?, older(c, query, range)?);
        if query.order == Order::Oldest {
            std::mem::swap(&mut first, &mut rest);
        }
        first.extend(rest);
        first.truncate(SEARCH_FOUND_MAX);
        first
    };
    let total = places.len();
    let places = ranked(c, query, places)?;
    let page = places.into_iter().skip(query.offset).take(query.limit);
    let mut messages = Vec::with_capacity(query.limit);
    for (channel, id) in page {
        messages.extend(message(c, channel, id, viewer)?);
    }
    Ok(Found { messages, total, is_indexing: range.oldest > 0 })
}

/// Where a message stands.
type Place = (Id, Id);

/// Those pinned: few, and the index does not know of them.
fn pinned(c: &Connection, query: &Query) -> Result<Vec<Place>> {
    let mut found = Vec::new();
    for channel in &query.channels {
        let wanted = "channel_id = ?1 AND pinned_at IS NOT NULL";
        let pinned = bare(c, wanted, [channel.to_i64()])?;
        found.extend(pinned.iter().filter(|message| query.admits(message)).map(place));
    }
    sort(&mut found, query.order);
    Ok(found)
}

/// Those that came after what is in the index.
fn newer(c: &Connection, query: &Query, range: Range) -> Result<Vec<Place>> {
    let wanted = "id > ?1 ORDER BY id";
    let messages = bare(c, wanted, [range.newest])?;
    let mut found: Vec<_> = messages.iter().filter(|message| query.admits(message)).map(place).collect();
    sort(&mut found, query.order);
    Ok(found)
}

fn place(message: &Message) -> Place {
    (message.channel_id, message.id)
}

fn sort(places: &mut [Place], order: Order) {
    places.sort_by_key(|(_, id)| *id);
    if order != Order::Oldest {
        places.reverse();
    }
}

/// Those in the index, at most [`SEARCH_FOUND_MAX`]: the newest, or the oldest, come first.
fn older(c: &Connection, query: &Query, range: Range) -> Result<Vec<Place>> {
    let mut hunt = Hunt {
        c,
        query,
        after: query.after.map_or(0, Id::to_i64).max(range.oldest - 1),
        before: query.before.map_or(i64::MAX, Id::to_i64).min(range.newest.saturating_add(1)),
    };
    if query.channels.len() > ONE_BY_ONE_MAX
        && let Some(found) = hunt.everywhere()?
    {
        return Ok(found);
    }
    hunt.one_by_one()
}

/// Channels, at most, that are searched one by one without trying first whether all at once is quicker.
const ONE_BY_ONE_MAX: usize = 2;

/// Messages that are looked at in all channels at once, at most, before the channels are searched one by one.
const LOOKED_AT_MAX: usize = 4 * SEARCH_FOUND_MAX;

/// A search of the index.
struct Hunt<'a> {
    c: &'a Connection,
    query: &'a Query,
    after: i64,
    before: i64,
}

impl Hunt<'_> {
    /// Looks at all messages that are like it, wherever they stand. Nothing, if so many of them stand elsewhere that it is
    /// quicker not to, or if there is nothing to look for but where they stand.
    fn everywhere(&self) -> Result<Option<Vec<Place>>> {
        let Some(expression) = expression(self.query, None) else { return Ok(None) };
        let channels: HashSet<i64> = self.query.channels.iter().map(|channel| channel.to_i64()).collect();
        let mut found = Vec::new();
        let mut statement = self.c.prepare_cached(&self.sql("m.channel_id"))?;
        let mut rows =
            statement.query(params![expression, self.after, self.before, number(LOOKED_AT_MAX)])?;
        let mut looked_at = 0;
        while let Some(row) = rows.next()? {
            looked_at += 1;
            let channel = row.get(0)?;
            if channels.contains(&channel) {
                found.push((Id::from_i64(channel), Id::from_i64(row.get(1)?)));
                if found.len() == SEARCH_FOUND_MAX {
                    return Ok(Some(found));
                }
            }
        }
        Ok((looked_at < LOOKED_AT_MAX).then_some(found))
    }

    /// Looks into one channel after the other. Once there are enough, only for such as come before the last of them.
    fn one_by_one(&mut self) -> Result<Vec<Place>> {
        let mut found = Vec::new();
        for channel in &self.query.channels {
            let Some(expression) = expression(self.query, Some(*channel)) else { continue };
            let mut statement = self.c.prepare_cached(&self.sql("NULL"))?;
            let limit = number(SEARCH_FOUND_MAX);
            let mut rows = statement.query(params![expression, self.after, self.before, limit])?;
            while let Some(row) = rows.next()? {
                found.push((*channel, Id::from_i64(row.get(1)?)));
            }
            sort(&mut found, self.query.order);
            if found.len() >= SEARCH_FOUND_MAX {
                found.truncate(SEARCH_FOUND_MAX);
                let last = found.last().map_or(0, |(_, id)| id.to_i64());
                match self.query.order {
                    Order::Oldest => self.before = last,
                    _ => self.after = last,
                }
            }
        }
        Ok(found)
    }

    /// The ids that an expression matches between two, and something of their messages.
    fn sql(&self, column: &str) -> String {
        let direction = if self.query.order == Order::Oldest { "ASC" } else { "DESC" };
        let (join, wanted) = match (self.query.pinned, column) {
            // The index does not know it.
            (Some(false), _) => ("CROSS JOIN message AS m ON m.id = search.rowid", "AND m.pinned_at IS NULL"),
            (_, "NULL") => ("", ""),
            _ => ("CROSS JOIN message AS m ON m.id = search.rowid", ""),
        };
        format!(
            "SELECT {column}, search.rowid FROM search {join} WHERE search MATCH ?1
                AND search.rowid > ?2 AND search.rowid < ?3 {wanted} ORDER BY search.rowid {direction} LIMIT ?4"
        )
    }
}

/// A number for a statement.
fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What `query` asks for, in the language of FTS5: what a message has, if anything, and what it has not. Every word stands
/// in quotes, and none holds one, so that nothing that was typed is read as that language.
fn expression(query: &Query, channel: Option<Id>) -> Option<String> {
    let mut wanted: Vec<String> = query.terms.iter().map(term).collect();
    wanted.extend(query.any_of().iter().map(|marks| any(marks)));
    wanted.extend(channel.map(|channel| any(&[Mark::Channel(channel)])));
    if wanted.is_empty() {
        return None;
    }
    let unwanted = query.none_of();
    let wanted = wanted.join(" AND ");
    Some(if unwanted.is_empty() { wanted } else { format!("({wanted}) NOT {}", any(&unwanted)) })
}

fn term(term: &Term) -> String {
    format!("\"{}\"{}", term.words.join(" "), if term.is_prefix { " *" } else { "" })
}

fn any(marks: &[Mark]) -> String {
    let words: Vec<String> = marks.iter().map(|mark| format!("\"{}\"", mark.word())).collect();
    format!("({})", words.join(" OR "))
}

/// `places`, which are the newest first, in the order that is asked for.
fn ranked(c: &Connection, query: &Query, mut places: Vec<Place>) -> Result<Vec<Place>> {
    if !matches!(query.order, Order::Best | Order::Worst) {
        return Ok(places);
    }
    let rest = places.split_off(places.len().min(SEARCH_RANKED_MAX));
    let mut scored = Vec::with_capacity(places.len());
    for (channel, id) in places {
        let params = params![channel.to_i64(), id.to_i64()];
        let message = bare(c, "channel_id = ?1 AND id = ?2", params)?.pop();
        scored.push((message.map_or(0.0, |message| query.score(&message)), (channel, id)));
    }
    // Of those that say as much, the newest stays first.
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut places: Vec<Place> = scored.into_iter().map(|(_, place)| place).chain(rest).collect();
    if query.order == Order::Worst {
        places.reverse();
    }
    Ok(places)
}
