//! What the server asks of a database.
//!
//! [`Reader`] answers questions, and [`Store`] takes what happened; each backend is a crate of its own, and passes the
//! suite that [`store_conformance!`] writes out. [`StoreError`] is for the person who runs the server.

mod conformance;
mod error;
mod reader;

pub use conformance::suite;
use decentra_model::{Dispatch, Event, GatewaySession, Id, Position};
pub use error::StoreError;
pub use reader::{AuditQuery, Logged, Reader};

/// A home for all that happened. One task owns it, so it needs no locks of its own.
///
/// What is written between [`Store::begin`] and [`Store::commit`] is one transaction: all is on disk when `commit`
/// returns, or nothing is. Within it, what was written can be read.
pub trait Store: Reader {
    /// What is kept in memory, as it was stored.
    fn load(&mut self) -> Result<Loaded, StoreError>;

    /// Begins a transaction.
    fn begin(&mut self) -> Result<(), StoreError>;

    /// Ends it, and what was written is on disk.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Ends it, and nothing was written. Never fails: what cannot be undone was not done.
    fn rollback(&mut self);

    /// Changes the rows that `event` changes.
    fn write(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Appends to the log; the place that it has there.
    fn append(&mut self, dispatch: &Dispatch) -> Result<Position, StoreError>;

    /// Notes an id up to which all are taken, whether they were given or not.
    fn put_last_id(&mut self, id: Id) -> Result<(), StoreError>;

    /// Notes where a gateway session stands.
    fn put_session(&mut self, session: &GatewaySession) -> Result<(), StoreError>;

    /// Forgets a gateway session.
    fn delete_session(&mut self, id: &str) -> Result<(), StoreError>;

    /// Forgets what the log has up to `position`, but never its newest entry: the next one comes after that.
    fn trim(&mut self, position: Position) -> Result<(), StoreError>;

    /// Gives the messages of the time before there were channels to `lobby`.
    fn adopt_lobby(&mut self, lobby: Id) -> Result<(), StoreError>;

    /// Takes some of the older messages, which a database had before there was an index of searches, into that; whether
    /// there are more of them.
    fn index_older(&mut self) -> Result<bool, StoreError>;

    /// Writes to the disk and leaves nothing behind: an error tells why nothing can be stored now.
    fn probe(&mut self) -> Result<(), StoreError>;

    /// Someone else who can read what is committed, at the same time.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError>;
}

/// What is kept in memory.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Events that make all of it, in an order in which they can be applied.
    pub events: Vec<Event>,
    /// The newest message of each channel.
    pub last_messages: Vec<(Id, Id)>,
    /// The gateway sessions.
    pub sessions: Vec<GatewaySession>,
    /// The last place in the log.
    pub position: Position,
    /// An id that is not less than any that was ever given.
    pub last_id: Option<Id>,
}
