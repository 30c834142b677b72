//! Whether what a loss of power left is all that it must be.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::record::Record;
use super::writers::Writers;
use crate::crash::table;
use crate::server::Server;

/// Starts `program` on the disk in `folder`, and looks for what is in `record`: in the history that it shows, and in the
/// database. Returns how many messages that were.
pub(super) fn check(program: &Path, folder: &Path, record: &Record) -> Result<usize> {
    let data = folder.join("data");
    let server = Server::start(program, &data, None)?;
    Writers::default().enter(server.address, record).with_context(|| server.last_words())?;
    server.stop()?;
    let database = table::open(&data)?;
    table::check(&database)?;
    let verdict = record.compare(&table::messages(&database)?);
    ensure!(verdict.is_clean(), "{verdict}");
    Ok(record.len())
}
