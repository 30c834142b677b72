//! SQLite's errors in the words of the store.

use decentra_store::StoreError;
use rusqlite::ErrorCode;

/// What `error` means to the person who runs the server.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err, which passes by value")]
pub(crate) fn translate(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(error.to_string()),
        _ if is_nonsense(&error) => StoreError::Damaged(error.to_string()),
        _ => StoreError::Failed(error.to_string()),
    }
}

/// Whether what was read is not what we write: the file is whole to SQLite, and a value in it is not.
fn is_nonsense(error: &rusqlite::Error) -> bool {
    use rusqlite::Error;
    matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..)
    )
}
