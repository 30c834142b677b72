//! What holds of the database as a file.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::os::unix::fs::PermissionsExt;

use decentra_model::{Body, Id, Message, Name, Timestamp};
use decentra_store::{Store, StoreError};
use decentra_store_sqlite::{DATABASE_FILE, SqliteStore, backup};
use tempfile::TempDir;

fn message(text: &str) -> Message {
    let timestamp = Timestamp::from_unix_micros(1_700_000_000_000_000);
    let author = Name::parse("Ana").unwrap();
    Message { id: Id::at(timestamp), author, body: Body::parse(text).unwrap(), timestamp, nonce: None }
}

#[test]
fn what_was_stored_is_there_after_it_was_closed() {
    let dir = TempDir::new().unwrap();
    SqliteStore::open(dir.path()).unwrap().append(vec![message("kept")]).unwrap();
    assert_eq!(SqliteStore::open(dir.path()).unwrap().newest(1).unwrap(), [message("kept")]);
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let dir = TempDir::new().unwrap();
    let _first = SqliteStore::open(dir.path()).unwrap();
    assert!(matches!(SqliteStore::open(dir.path()), Err(StoreError::InUse(_))));
}

#[test]
fn data_of_a_newer_version_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    drop(SqliteStore::open(dir.path()).unwrap());
    let file = rusqlite::Connection::open(dir.path().join(DATABASE_FILE)).unwrap();
    file.pragma_update(None, "user_version", 999).unwrap();
    assert!(matches!(SqliteStore::open(dir.path()), Err(StoreError::Newer { found: 999, .. })));
}

#[test]
fn a_file_that_is_no_database_is_called_damaged() {
    let dir = TempDir::new().unwrap();
    std::fs::write(
        dir.path().join(DATABASE_FILE),
        "not a database, but long enough to be read as one".repeat(99),
    )
    .unwrap();
    assert!(matches!(SqliteStore::open(dir.path()), Err(StoreError::Damaged(_))));
}

#[test]
fn the_folder_is_for_its_owner_only() {
    let parent = TempDir::new().unwrap();
    let dir = parent.path().join("deep/data");
    drop(SqliteStore::open(&dir).unwrap());
    assert_eq!(dir.metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_backup_is_whole_while_the_server_runs() {
    let dir = TempDir::new().unwrap();
    let mut running = SqliteStore::open(&dir.path().join("data")).unwrap();
    running.append(vec![message("kept")]).unwrap();
    let target = dir.path().join("copy/decentra.db");
    std::fs::create_dir(dir.path().join("copy")).unwrap();
    backup(&dir.path().join("data"), &target).unwrap();
    assert_eq!(SqliteStore::open(&dir.path().join("copy")).unwrap().newest(9).unwrap(), [message("kept")]);
    assert!(matches!(backup(&dir.path().join("data"), &target), Err(StoreError::Place { .. })));
}
