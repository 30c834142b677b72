//! What the database holds, read without the server's code.

use std::path::Path;

use anyhow::{Result, ensure};
use decentra_store_sqlite::DATABASE_FILE;
use rusqlite::{Connection, OpenFlags};

use super::record::Entry;

/// All messages in the database of a server that has stopped, in their order. The file must be sound.
pub(crate) fn rows(data_dir: &Path) -> Result<Vec<Entry>> {
    let database =
        Connection::open_with_flags(data_dir.join(DATABASE_FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let state: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(state == "ok", "the database is damaged: {state}");
    let mut statement = database.prepare("SELECT id, content FROM message ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(Entry { id: row.get(0)?, content: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
