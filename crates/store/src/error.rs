//! What can go wrong with a database.

use std::path::PathBuf;

/// A database failed us. The sentences are for the person who runs the server.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room is left for the data.
    #[error("the disk is full")]
    Full,
    /// The data may not be written.
    #[error("the data folder is read-only")]
    ReadOnly,
    /// The data was written by a newer program.
    #[error(
        "the data is from a newer Decentra (schema {found}; this program knows up to {known}): \
         install that version or a later one, or restore a backup"
    )]
    Newer {
        /// The version of the schema that the data has.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// Another process works on the data.
    #[error("another server is running on {}: stop it first, or choose another --data-dir", .0.display())]
    InUse(PathBuf),
    /// The place for the data is not to be had.
    #[error("{}: {reason}", path.display())]
    Place {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// What is stored makes no sense.
    #[error("the database is damaged ({0}): restore a backup")]
    Damaged(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
}
