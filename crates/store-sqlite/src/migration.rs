//! The steps from an older schema to today's.

use decentra_store::StoreError;
use rusqlite::Connection;

use crate::error::translate;

/// The steps, oldest first; the schema's version is the number of them that were taken. None is changed once shipped.
const STEPS: &[&str] = &[
    include_str!("../migrations/1_lobby.sql"),
    include_str!("../migrations/2_community.sql"),
    include_str!("../migrations/3_direct.sql"),
    include_str!("../migrations/4_read.sql"),
    include_str!("../migrations/5_search.sql"),
];

/// Refuses data that a newer program wrote.
pub(crate) fn check(connection: &Connection) -> Result<(), StoreError> {
    let found = version(connection).map_err(translate)?;
    let known = u32::try_from(STEPS.len()).expect("there are few steps");
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
}

/// Takes the steps that are missing, each in a transaction of its own.
pub(crate) fn run(connection: &mut Connection) -> rusqlite::Result<()> {
    let taken = version(connection)?;
    for (step, number) in STEPS.iter().zip(1_u32..).skip(taken as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
