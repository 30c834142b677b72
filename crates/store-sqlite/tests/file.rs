//! What holds of the database as a file.

use std::os::unix::fs::PermissionsExt;

use decentra_model::limits::INDEXED_AT_ONCE;
use decentra_model::search::{Query, terms};
use decentra_model::{Author, Id, Message, Name};
use decentra_store::suite::{created, message, newest, transact};
use decentra_store::{Reader, Store, StoreError};
use decentra_store_sqlite::{DATABASE_FILE, SqliteStore, backup};
use tempfile::TempDir;

#[test]
fn what_was_stored_is_there_after_it_was_closed() {
    let dir = TempDir::new().unwrap();
    transact(&mut SqliteStore::open(dir.path()).unwrap(), [created(message(1))]);
    assert_eq!(newest(&mut SqliteStore::open(dir.path()).unwrap(), 1), [message(1)]);
}

#[test]
fn a_reader_sees_what_is_committed_and_nothing_else() {
    let dir = TempDir::new().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    let mut reader = store.reader().unwrap();
    store.begin().unwrap();
    store.write(&created(message(1))).unwrap();
    let (channel, id) = (message(1).channel_id, message(1).id);
    assert_eq!(reader.message(channel, id, None).unwrap(), None);
    store.commit().unwrap();
    assert_eq!(reader.message(channel, id, None).unwrap(), Some(message(1)));
}

#[test]
fn the_lobby_of_the_first_version_is_adopted() {
    let dir = TempDir::new().unwrap();
    let file = rusqlite::Connection::open(dir.path().join(DATABASE_FILE)).unwrap();
    file.execute_batch(include_str!("../migrations/1_lobby.sql")).unwrap();
    file.execute_batch("INSERT INTO messages VALUES (9, 'Ana', 'old', 1700000000000000, 'n')").unwrap();
    file.pragma_update(None, "user_version", 1).unwrap();
    drop(file);
    let mut store = SqliteStore::open(dir.path()).unwrap();
    store.adopt_lobby(message(1).channel_id).unwrap();
    let old = newest(&mut store, 9).pop().unwrap();
    assert_eq!((old.id, old.content.as_str()), (Id::from_i64(9), "old"));
    assert_eq!(old.author, Author::Guest(Name::parse("Ana").unwrap()));
    assert_eq!(store.message_with("n").unwrap(), Some(old));
}

#[test]
fn what_was_there_before_the_index_is_found_when_it_was_taken_in() {
    let dir = TempDir::new().unwrap();
    let file = rusqlite::Connection::open(dir.path().join(DATABASE_FILE)).unwrap();
    file.execute_batch(include_str!("../migrations/1_lobby.sql")).unwrap();
    file.execute_batch(include_str!("../migrations/2_community.sql")).unwrap();
    let old = i64::try_from(INDEXED_AT_ONCE).unwrap() + 10;
    let mut insert = file
        .prepare("INSERT INTO message (channel_id, id, author_id, content, created_at) VALUES (7, ?1, 8, 'old beans', 0)")
        .unwrap();
    for id in 1..=old {
        insert.execute([id]).unwrap();
    }
    drop(insert);
    file.pragma_update(None, "user_version", 2).unwrap();
    drop(file);
    let mut store = SqliteStore::open(dir.path()).unwrap();
    let query =
        Query { channels: vec![Id::from_i64(7)], terms: terms("beans"), limit: 1, ..Query::default() };
    let found = |store: &mut SqliteStore| {
        let found = store.search(&query, None).unwrap();
        (found.total, found.is_indexing, found.messages.first().map(|message| message.id.to_i64()))
    };
    assert_eq!(found(&mut store), (0, true, None));
    let new = Message { channel_id: Id::from_i64(7), content: "new beans".into(), ..message(1) };
    transact(&mut store, [created(new.clone())]);
    assert_eq!(found(&mut store), (1, true, Some(new.id.to_i64())));
    assert!(store.index_older().unwrap());
    assert_eq!(found(&mut store), (INDEXED_AT_ONCE + 1, true, Some(new.id.to_i64())));
    assert!(!store.index_older().unwrap());
    assert_eq!(found(&mut store), (INDEXED_AT_ONCE + 11, false, Some(new.id.to_i64())));
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
    transact(&mut running, [created(message(1))]);
    let target = dir.path().join("copy/decentra.db");
    std::fs::create_dir(dir.path().join("copy")).unwrap();
    backup(&dir.path().join("data"), &target).unwrap();
    assert_eq!(newest(&mut SqliteStore::open(&dir.path().join("copy")).unwrap(), 9), [message(1)]);
    assert!(matches!(backup(&dir.path().join("data"), &target), Err(StoreError::Place { .. })));
}
