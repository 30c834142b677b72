//! The store on SQLite: one file, `decentra.db`, in the data folder.
//!
//! Write-ahead log with `synchronous=FULL`: a commit is on disk when it returns, and costs one sync.

mod error;
mod load;
mod migration;
mod read;
mod row;
mod search;
mod write;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use decentra_model::limits::INDEXED_AT_ONCE;
use decentra_model::message::Page;
use decentra_model::search::{Found, Query};
use decentra_model::{AuditEntry, Dispatch, Event, GatewaySession, Id, Message, Position, Timestamp};
use decentra_store::{AuditQuery, Loaded, Logged, Reader, Store, StoreError};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::translate;

/// The name of the database in the data folder.
pub const DATABASE_FILE: &str = "decentra.db";

/// The name of the file that a running server holds a lock on.
const LOCK_FILE: &str = "decentra.lock";

/// Bytes that the write-ahead log keeps after a checkpoint: room that later commits reuse rather than grow into.
const WAL_KEPT_BYTES: i64 = 8 * 1024 * 1024;

/// Bytes that a probe writes: more than any one message needs.
const PROBE_BYTES: u32 = 64 * 1024;

/// Time to wait for a lock that another program holds, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Statements that are kept prepared: all that there are, and room for more.
const STATEMENTS_KEPT: usize = 128;

/// A SQLite database.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    /// Held as long as the store lives, so that no second server writes to the same folder.
    lock: Option<File>,
    /// How many messages came after those in the index of searches, and up to which id it goes.
    unindexed: (usize, Id),
}

impl SqliteStore {
    /// Opens the database in `data_dir`, both made when they are not there, and brings its schema up to date.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        create_private_dir(data_dir).map_err(place(data_dir))?;
        let lock = lock(data_dir)?;
        let file = data_dir.join(DATABASE_FILE);
        // SQLite gives the files beside it the same mode.
        private().append(true).create(true).open(&file).map_err(place(&file))?;
        let connection = Connection::open(file).map_err(translate)?;
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
        let unindexed = search::newer_than_indexed(&connection).map_err(translate)?;
        Ok(Self { connection, lock, unindexed })
    }

    /// Why something could not be written. SQLite says of some disks only that they failed; then the disk itself is
    /// asked, by one byte into the lock's file.
    fn not_written(&self, error: rusqlite::Error) -> StoreError {
        let failed = error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure);
        let asked = self.lock.as_ref().filter(|_| failed).map(|lock| lock.write_at(b".", 0));
        match asked.and_then(Result::err).map(|reason| reason.kind()) {
            Some(ErrorKind::StorageFull) => StoreError::Full,
            Some(ErrorKind::ReadOnlyFilesystem) => StoreError::ReadOnly,
            _ => translate(error),
        }
    }

    /// Carries out a statement that is kept prepared, since each batch needs it.
    fn run(&self, sql: &str) -> Result<(), StoreError> {
        let ran = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        ran.map(drop).map_err(|error| self.not_written(error))
    }
}

/// Writes a copy of the database in `data_dir`, whole and consistent, to `target`, also while a server runs.
pub fn backup(data_dir: &Path, target: &Path) -> Result<(), StoreError> {
    let source = data_dir.join(DATABASE_FILE);
    fs::metadata(&source).map_err(place(&source))?;
    let connection = Connection::open(&source).map_err(translate)?;
    // SQLite writes into an empty file, and would make one that others can read.
    private().write(true).create_new(true).open(target).map_err(place(target))?;
    let written = connection.execute("VACUUM INTO ?1", [target.to_string_lossy()]);
    if written.is_err() {
        // What is left of it is no backup; that it cannot be removed is less than what went wrong before.
        let _ = fs::remove_file(target);
    }
    written.map_err(translate)?;
    Ok(())
}

impl Store for SqliteStore {
    fn load(&mut self) -> Result<Loaded, StoreError> {
        load::load(&self.connection).map_err(translate)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.run("BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        while self.unindexed.0 >= INDEXED_AT_ONCE {
            let indexed = search::index_newer(&self.connection).map_err(|error| self.not_written(error))?;
            // Some may have been deleted since they were counted.
            let Some((count, newest)) = indexed else {
                self.unindexed.0 = 0;
                break;
            };
            self.unindexed = (self.unindexed.0.saturating_sub(count), newest);
        }
        self.run("COMMIT")
    }

    fn rollback(&mut self) {
        // Some errors have ended the transaction already.
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        // If it cannot be read, the index takes in what there is when it is due, as ever.
        if let Ok(unindexed) = search::newer_than_indexed(&self.connection) {
            self.unindexed = unindexed;
        }
    }

    fn write(&mut self, event: &Event) -> Result<(), StoreError> {
        write::event(&self.connection, event).map_err(|error| self.not_written(error))?;
        if let Event::MessageCreated { message, .. } = event {
            if message.id > self.unindexed.1 {
                self.unindexed.0 += 1;
            } else {
                search::put(&self.connection, message).map_err(|error| self.not_written(error))?;
            }
        }
        Ok(())
    }

    fn index_older(&mut self) -> Result<bool, StoreError> {
        search::index_older(&self.connection).map_err(|error| self.not_written(error))
    }

    fn append(&mut self, dispatch: &Dispatch) -> Result<Position, StoreError> {
        write::append(&self.connection, dispatch).map_err(|error| self.not_written(error))
    }

    fn put_last_id(&mut self, id: Id) -> Result<(), StoreError> {
        write::put_last_id(&self.connection, id).map_err(translate)
    }

    fn put_session(&mut self, session: &GatewaySession) -> Result<(), StoreError> {
        write::put_session(&self.connection, session).map_err(translate)
    }

    fn delete_session(&mut self, id: &str) -> Result<(), StoreError> {
        write::delete_session(&self.connection, id).map_err(translate)
    }

    fn trim(&mut self, position: Position) -> Result<(), StoreError> {
        write::trim(&self.connection, position).map_err(translate)
    }

    fn adopt_lobby(&mut self, lobby: Id) -> Result<(), StoreError> {
        write::adopt_lobby(&self.connection, lobby).map_err(translate)
    }

    fn probe(&mut self) -> Result<(), StoreError> {
        self.connection
            .execute("INSERT INTO probe VALUES (zeroblob(?1))", [PROBE_BYTES])
            .map_err(|error| self.not_written(error))?;
        self.connection.execute("DELETE FROM probe", []).map_err(|error| self.not_written(error))?;
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        let path = self.connection.path().filter(|path| !path.is_empty());
        let path = path.ok_or_else(|| StoreError::Failed("a database in memory has one reader".into()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(translate)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(translate)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(Box::new(Self { connection, lock: None, unindexed: (0, Id::from_i64(0)) }))
    }
}

impl Reader for SqliteStore {
    fn message(&mut self, channel: Id, id: Id, viewer: Option<Id>) -> Result<Option<Message>, StoreError> {
        read::message(&self.connection, channel, id, viewer).map_err(translate)
    }

    fn messages(&mut self, channel: Id, page: Page, viewer: Option<Id>) -> Result<Vec<Message>, StoreError> {
        read::messages(&self.connection, channel, page, viewer).map_err(translate)
    }

    fn message_with(&mut self, dedupe: &str) -> Result<Option<Message>, StoreError> {
        read::message_with(&self.connection, dedupe).map_err(translate)
    }

    fn pins(
        &mut self,
        channel: Id,
        before: Option<Timestamp>,
        limit: u32,
        viewer: Option<Id>,
    ) -> Result<Vec<Message>, StoreError> {
        read::pins(&self.connection, channel, before, limit, viewer).map_err(translate)
    }

    fn pin_count(&mut self, channel: Id) -> Result<usize, StoreError> {
        read::pin_count(&self.connection, channel).map_err(translate)
    }

    fn has_reacted(&mut self, channel: Id, message: Id, emoji: &str, user: Id) -> Result<bool, StoreError> {
        read::has_reacted(&self.connection, channel, message, emoji, user).map_err(translate)
    }

    fn reactors(
        &mut self,
        channel: Id,
        message: Id,
        emoji: &str,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<Id>, StoreError> {
        read::reactors(&self.connection, channel, message, emoji, after, limit).map_err(translate)
    }

    fn written_by(
        &mut self,
        channel: Id,
        authors: &[Id],
        after: Id,
        limit: usize,
    ) -> Result<Vec<Id>, StoreError> {
        read::written_by(&self.connection, channel, authors, after, limit).map_err(translate)
    }

    fn last_written(
        &mut self,
        channel: Id,
        author: Id,
        after: Id,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        read::last_written(&self.connection, channel, author, after, now).map_err(translate)
    }

    fn audit(&mut self, guild: Id, query: AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
        read::audit(&self.connection, guild, query).map_err(translate)
    }

    fn picture(&mut self, owner: Id, hash: &str, side: u32) -> Result<Option<Vec<u8>>, StoreError> {
        read::picture(&self.connection, owner, hash, side).map_err(translate)
    }

    fn search(&mut self, query: &Query, viewer: Option<Id>) -> Result<Found, StoreError> {
        search::search(&self.connection, query, viewer).map_err(translate)
    }

    fn log_after(&mut self, position: Position, limit: u32) -> Result<Vec<Logged>, StoreError> {
        read::log_after(&self.connection, position, limit).map_err(translate)
    }

    fn log_until(&mut self, position: Position, limit: u32) -> Result<Vec<Logged>, StoreError> {
        read::log_until(&self.connection, position, limit).map_err(translate)
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)
}

/// Makes `dir`, readable for its owner only, and its name durable: SQLite sees to the names within it, not to its own.
fn create_private_dir(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let missing = dir.ancestors().take_while(|folder| !folder.exists()).count();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    // Also where nothing was missing: whoever made the folder may have been stopped before this.
    for parent in dir.ancestors().skip(1).take(missing.max(1)) {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        // As with SQLite, what cannot be synced is not: some file systems know no such thing.
        let _ = File::open(parent).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// How to open a file that is for its owner only, if it is made by that.
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Takes the folder for this process; the operating system lets go of it when the process ends, however it ends.
fn lock(data_dir: &Path) -> Result<File, StoreError> {
    let path = data_dir.join(LOCK_FILE);
    let file = private().write(true).create(true).truncate(false).open(&path).map_err(place(&path))?;
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
        ErrorKind::StorageFull => StoreError::Full,
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        _ => StoreError::Place { path, reason },
    }
}
