//! A disk that can be full, read-only, broken or slow for a while; and one that lies.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use decentra_model::message::Page;
use decentra_model::search::{Found, Query};
use decentra_model::{AuditEntry, Dispatch, Event, GatewaySession, Id, Message, Position, Timestamp};
use decentra_store::{AuditQuery, Loaded, Logged, Reader, Store, StoreError};
use fastrand::Rng;

use crate::world::copy;

/// What can be wrong with a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing can be written.
    Full,
    /// Nothing can be written, and it says so at the beginning.
    ReadOnly,
    /// Now and then it fails, be it asked to read or to write.
    Broken,
    /// It takes its time, up to `SLOW`.
    Slow,
}

/// How long a disk that is slow takes, at most.
const SLOW: Duration = Duration::from_secs(3);

/// A disk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    pause_max: Duration,
    trouble: Option<Trouble>,
    chance: Rng,
}

impl Disk {
    /// A disk that is well, and takes `pause_max` at most. How often it fails when it is not follows from `chance`.
    pub fn new(pause_max: Duration, chance: Rng) -> Self {
        Self(Arc::new(Mutex::new(State { pause_max, trouble: None, chance })))
    }

    /// How long it takes, at most.
    pub fn pause_max(&self) -> Duration {
        let state = self.state();
        if state.trouble == Some(Trouble::Slow) { SLOW } else { state.pause_max }
    }

    /// From now on this is wrong with it.
    pub fn set(&self, trouble: Option<Trouble>) {
        self.state().trouble = trouble;
    }

    fn begin(&self) -> Result<(), StoreError> {
        match self.state().trouble {
            Some(Trouble::ReadOnly) => Err(StoreError::ReadOnly),
            _ => Ok(()),
        }
    }

    fn write(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        match state.trouble {
            Some(Trouble::Full) => state.fail(2, StoreError::Full),
            Some(Trouble::Broken) => state.fail(4, broken()),
            _ => Ok(()),
        }
    }

    fn read(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.trouble == Some(Trouble::Broken) { state.fail(4, broken()) } else { Ok(()) }
    }

    fn ends_transaction(&self) -> bool {
        self.state().chance.bool()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Fails with `error`, once in `times`.
    fn fail(&mut self, times: u32, error: StoreError) -> Result<(), StoreError> {
        if self.chance.u32(..times) == 0 { Err(error) } else { Ok(()) }
    }
}

fn broken() -> StoreError {
    StoreError::Failed("a simulated fault".into())
}

/// A store on such a disk.
#[derive(Debug)]
pub struct Fallible<S: ?Sized> {
    disk: Disk,
    /// Where the data lie, and where what was truly kept of them; on a disk that lies.
    lie: Option<(PathBuf, PathBuf)>,
    inner: Box<S>,
}

impl<S> Fallible<S> {
    /// `inner` on `disk`.
    pub fn new(disk: Disk, inner: S) -> Self {
        Self { disk, lie: None, inner: Box::new(inner) }
    }

    /// As it is, but on a disk that lies: what is in `data` is only kept, in `kept`, when the next is committed.
    #[must_use]
    pub fn that_keeps(self, data: PathBuf, kept: PathBuf) -> Self {
        Self { lie: Some((data, kept)), ..self }
    }
}

impl<S: Store> Fallible<S> {
    /// Whether something can be written. If not, the transaction may be over, as after some errors of SQLite.
    fn may_write(&mut self) -> Result<(), StoreError> {
        let written = self.disk.write();
        if written.is_err() && self.disk.ends_transaction() {
            self.inner.rollback();
        }
        written
    }
}

/// Passes questions on, unless the disk fails.
macro_rules! reads {
    ($(fn $name:ident(&mut self $(, $argument:ident: $type:ty)*) -> $answer:ty;)*) => {
        $(fn $name(&mut self $(, $argument: $type)*) -> Result<$answer, StoreError> {
            self.disk.read()?;
            self.inner.$name($($argument),*)
        })*
    };
}

/// Passes on what is to be written, unless the disk fails.
macro_rules! writes {
    ($(fn $name:ident(&mut self $(, $argument:ident: $type:ty)*) -> $answer:ty;)*) => {
        $(fn $name(&mut self $(, $argument: $type)*) -> Result<$answer, StoreError> {
            self.may_write()?;
            self.inner.$name($($argument),*)
        })*
    };
}

impl<S: Reader + ?Sized> Reader for Fallible<S> {
    reads! {
        fn message(&mut self, channel: Id, id: Id, viewer: Option<Id>) -> Option<Message>;
        fn messages(&mut self, channel: Id, page: Page, viewer: Option<Id>) -> Vec<Message>;
        fn message_with(&mut self, dedupe: &str) -> Option<Message>;
        fn pins(&mut self, channel: Id, before: Option<Timestamp>, limit: u32, viewer: Option<Id>) -> Vec<Message>;
        fn pin_count(&mut self, channel: Id) -> usize;
        fn has_reacted(&mut self, channel: Id, message: Id, emoji: &str, user: Id) -> bool;
        fn reactors(&mut self, channel: Id, message: Id, emoji: &str, after: Option<Id>, limit: u32) -> Vec<Id>;
        fn written_by(&mut self, channel: Id, authors: &[Id], after: Id, limit: usize) -> Vec<Id>;
        fn last_written(&mut self, channel: Id, author: Id, after: Id, now: Timestamp) -> Option<Timestamp>;
        fn audit(&mut self, guild: Id, query: AuditQuery) -> Vec<AuditEntry>;
        fn picture(&mut self, owner: Id, hash: &str, side: u32) -> Option<Vec<u8>>;
        fn search(&mut self, query: &Query, viewer: Option<Id>) -> Found;
        fn log_after(&mut self, position: Position, limit: u32) -> Vec<Logged>;
        fn log_until(&mut self, position: Position, limit: u32) -> Vec<Logged>;
    }
}

impl<S: Store> Store for Fallible<S> {
    writes! {
        fn write(&mut self, event: &Event) -> ();
        fn append(&mut self, dispatch: &Dispatch) -> Position;
        fn put_last_id(&mut self, id: Id) -> ();
        fn put_session(&mut self, session: &GatewaySession) -> ();
        fn delete_session(&mut self, id: &str) -> ();
        fn trim(&mut self, position: Position) -> ();
        fn adopt_lobby(&mut self, lobby: Id) -> ();
        fn index_older(&mut self) -> bool;
        fn probe(&mut self) -> ();
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.may_write()?;
        if let Some((data, kept)) = &self.lie {
            let removed = if kept.exists() { fs::remove_dir_all(kept) } else { Ok(()) };
            removed.and_then(|()| copy(data, kept)).map_err(|error| StoreError::Failed(error.to_string()))?;
        }
        self.inner.commit()
    }

    fn load(&mut self) -> Result<Loaded, StoreError> {
        self.inner.load()
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.disk.begin()?;
        self.inner.begin()
    }

    fn rollback(&mut self) {
        self.inner.rollback();
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(Fallible { disk: self.disk.clone(), lie: None, inner: self.inner.reader()? }))
    }
}
