//! Whether what a loss of power left is all that it must be.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use decentra_store_sqlite::DATABASE_FILE;
use rusqlite::{Connection, OpenFlags};

use super::record::{Entry, Record};
use super::writers::Writers;
use crate::server::Server;

/// Starts `program` on the disk in `folder`, and looks for what is in `record`: in the history that it shows, and in the
/// database. Returns how many messages that were.
pub(super) fn check(program: &Path, folder: &Path, record: &Record) -> Result<usize> {
    let data = folder.join("data");
    let server = Server::start(program, &data, None)?;
    Writers::default().enter(server.address, record).with_context(|| server.last_words())?;
    server.stop()?;
    let verdict = record.compare(&rows(&data)?);
    ensure!(verdict.is_clean(), "{verdict}");
    Ok(record.len())
}

/// All messages in the database of a server that has stopped, in their order, read without the server's code. The file
/// must be sound.
fn rows(data_dir: &Path) -> Result<Vec<Entry>> {
    let database =
        Connection::open_with_flags(data_dir.join(DATABASE_FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let state: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(state == "ok", "the database is damaged: {state}");
    let mut statement = database.prepare("SELECT id, content FROM message ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(Entry { id: row.get(0)?, content: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
