//! The suite of the store, on SQLite in memory and in a file.

#![expect(clippy::unwrap_used, reason = "a test")]

mod in_memory {
    use decentra_store_sqlite::SqliteStore;

    decentra_store::store_conformance!(((), SqliteStore::in_memory().unwrap()));
}

mod in_a_file {
    use decentra_store_sqlite::SqliteStore;
    use tempfile::TempDir;

    fn open() -> (TempDir, SqliteStore) {
        let dir = TempDir::new().unwrap();
        let store = SqliteStore::open(dir.path()).unwrap();
        (dir, store)
    }

    decentra_store::store_conformance!(open());
}
