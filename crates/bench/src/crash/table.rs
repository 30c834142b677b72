//! What the database holds, read without the server's code, also while a server runs on it.

use std::path::Path;

use anyhow::{Result, ensure};
use decentra_store_sqlite::DATABASE_FILE;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::truth::Row;
use crate::entry::Entry;

/// A message, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// Its text.
    pub(super) content: String,
    /// The emoji under it.
    pub(super) reactions: Vec<String>,
}

/// The database in `data_dir`.
pub(crate) fn open(data_dir: &Path) -> Result<Connection> {
    Ok(Connection::open_with_flags(data_dir.join(DATABASE_FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// Checks that the file is sound.
pub(crate) fn check(database: &Connection) -> Result<()> {
    let state: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(state == "ok", "the database is damaged: {state}");
    Ok(())
}

/// The log from `position` on.
pub(super) fn log(database: &Connection, position: i64) -> Result<Vec<Row>> {
    let sql = "SELECT position, name, body FROM log WHERE position >= ?1 ORDER BY position";
    let mut statement = database.prepare(sql)?;
    let rows = statement.query_map([position], |row| {
        let body: Vec<u8> = row.get(2)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Row { position: row.get(0)?, name: row.get(1)?, body })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A message, if it is there.
pub(super) fn message(database: &Connection, channel: i64, id: i64) -> Result<Option<Stored>> {
    let sql = "SELECT content FROM message WHERE channel_id = ?1 AND id = ?2";
    let mut statement = database.prepare_cached(sql)?;
    let content = statement.query_row(params![channel, id], |row| row.get(0)).optional()?;
    let Some(content) = content else { return Ok(None) };
    let sql = "SELECT emoji FROM reaction WHERE channel_id = ?1 AND message_id = ?2";
    let mut statement = database.prepare_cached(sql)?;
    let reactions = statement.query_map(params![channel, id], |row| row.get(0))?;
    Ok(Some(Stored { content, reactions: reactions.collect::<Result<_, _>>()? }))
}

/// All messages that have words, in their order.
pub(crate) fn messages(database: &Connection) -> Result<Vec<Entry>> {
    let mut statement =
        database.prepare("SELECT id, content FROM message WHERE content <> '' ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(Entry { id: row.get(0)?, content: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
