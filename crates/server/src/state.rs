//! What is committed, for all to read.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use decentra_core::community::Community;
use decentra_model::{Event, Position};

/// What is committed. Cheap to clone. Readers hold it for moments: whoever waits, waits with it let go.
#[derive(Debug, Clone)]
pub(crate) struct State(Arc<RwLock<Committed>>);

/// What is committed, up to a place in the log.
#[derive(Debug)]
pub(crate) struct Committed {
    pub(crate) community: Community,
    pub(crate) position: Position,
}

impl State {
    pub(crate) fn new(community: Community, position: Position) -> Self {
        Self(Arc::new(RwLock::new(Committed { community, position })))
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Committed> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was committed; only the log's thread does.
    pub(crate) fn apply(&self, event: &Event, position: Option<Position>) {
        let mut committed = self.write();
        committed.community.apply(event);
        committed.position = position.unwrap_or(committed.position);
    }

    /// Takes in that the log has come to `position`.
    pub(crate) fn reach(&self, position: Position) {
        self.write().position = position;
    }

    fn write(&self) -> RwLockWriteGuard<'_, Committed> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
