//! The store on SQLite: one file, `decentra.db`, in the data folder.
//!
//! Write-ahead log with `synchronous=FULL`: a commit is on disk when it returns, and costs one sync.

mod error;
mod migration;
mod row;

use std::fs::{self, File, TryLockError};
use std::path::Path;

use decentra_model::{Id, Message, Nonce};
use decentra_store::{Appended, Store, StoreError};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::translate;
use crate::row::message_of;

/// The name of the database in the data folder.
pub const DATABASE_FILE: &str = "decentra.db";

/// The name of the file that a running server holds a lock on.
const LOCK_FILE: &str = "decentra.lock";

/// Bytes that the write-ahead log keeps after a checkpoint: room that later commits reuse rather than grow into.
const WAL_KEPT_BYTES: i64 = 8 * 1024 * 1024;

/// Bytes that a probe writes: more than any one message needs.
const PROBE_BYTES: u32 = 64 * 1024;

const COLUMNS: &str = "id, author, content, created_at, nonce";

/// A SQLite database.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    /// Held as long as the store lives, so that no second server writes to the same folder.
    _lock: Option<File>,
}

impl SqliteStore {
    /// Opens the database in `data_dir`, both made when they are not there, and brings its schema up to date.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        create_private_dir(data_dir).map_err(place(data_dir))?;
        let lock = lock(data_dir)?;
        let connection = Connection::open(data_dir.join(DATABASE_FILE)).map_err(translate)?;
        Self::prepare(connection, Some(lock))
    }

    /// An empty database that is gone when it is dropped.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory().map_err(translate)?, None)
    }

    fn prepare(mut connection: Connection, lock: Option<File>) -> Result<Self, StoreError> {
        migration::check(&connection)?;
        configure(&connection).map_err(translate)?;
        migration::run(&mut connection).map_err(translate)?;
        Ok(Self { connection, _lock: lock })
    }
}

/// Writes a copy of the database in `data_dir`, whole and consistent, to `target`, also while a server runs.
pub fn backup(data_dir: &Path, target: &Path) -> Result<(), StoreError> {
    let source = data_dir.join(DATABASE_FILE);
    fs::metadata(&source).map_err(place(&source))?;
    let exists = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
    if target.exists() {
        return Err(StoreError::Place { path: target.to_owned(), reason: exists });
    }
    let connection = Connection::open(&source).map_err(translate)?;
    connection.execute("VACUUM INTO ?1", [target.to_string_lossy()]).map_err(translate)?;
    Ok(())
}

impl Store for SqliteStore {
    fn append(&mut self, messages: Vec<Message>) -> Result<Vec<Appended>, StoreError> {
        let transaction = self.connection.transaction().map_err(translate)?;
        let appended = messages.into_iter().map(|message| insert(&transaction, message));
        let appended = appended.collect::<Result<Vec<_>, _>>().map_err(translate)?;
        transaction.commit().map_err(translate)?;
        Ok(appended)
    }

    fn newest(&mut self, limit: usize) -> Result<Vec<Message>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM messages ORDER BY id DESC LIMIT ?1");
        let mut statement = self.connection.prepare_cached(&sql).map_err(translate)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map([limit], message_of).map_err(translate)?;
        let mut messages = rows.collect::<Result<Vec<_>, _>>().map_err(translate)?;
        messages.reverse();
        Ok(messages)
    }

    fn last_id(&mut self) -> Result<Option<Id>, StoreError> {
        let sql = "SELECT max(id) FROM messages";
        let newest: Option<i64> = self.connection.query_row(sql, [], |row| row.get(0)).map_err(translate)?;
        Ok(newest.map(Id::from_i64))
    }

    fn probe(&mut self) -> Result<(), StoreError> {
        self.connection
            .execute("INSERT INTO probe VALUES (zeroblob(?1))", [PROBE_BYTES])
            .map_err(translate)?;
        self.connection.execute("DELETE FROM probe", []).map_err(translate)?;
        Ok(())
    }
}

/// Adds `message`, unless its nonce is there already.
fn insert(transaction: &Transaction<'_>, message: Message) -> rusqlite::Result<Appended> {
    let nonce = message.nonce.as_ref();
    if let Some(before) = nonce.map(|nonce| with_nonce(transaction, nonce)).transpose()?.flatten() {
        return Ok(Appended::Before(before));
    }
    let mut statement = transaction.prepare_cached("INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5)")?;
    statement.execute(params![
        message.id.to_i64(),
        message.author.as_str(),
        message.body.as_str(),
        message.timestamp.unix_micros(),
        nonce.map(Nonce::as_str),
    ])?;
    Ok(Appended::New(message))
}

fn with_nonce(connection: &Connection, nonce: &Nonce) -> rusqlite::Result<Option<Message>> {
    let sql = format!("SELECT {COLUMNS} FROM messages WHERE nonce = ?1");
    connection.prepare_cached(&sql)?.query_row([nonce.as_str()], message_of).optional()
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)
}

/// Makes `dir`, readable for its owner only.
fn create_private_dir(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Takes the folder for this process; the operating system lets go of it when the process ends, however it ends.
fn lock(data_dir: &Path) -> Result<File, StoreError> {
    let path = data_dir.join(LOCK_FILE);
    let file = File::create(&path).map_err(place(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(reason)) => Err(StoreError::Place { path, reason }),
    }
}

/// What the operating system said of `path`, as a store's error.
fn place(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |reason| match reason.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        _ => StoreError::Place { path, reason },
    }
}
