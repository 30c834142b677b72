//! What is committed, for all to read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use decentra_core::community::Community;
use decentra_model::{Channel, Event, Id, Position};

/// What is committed. Cheap to clone. Readers hold it for moments: whoever waits, waits with it let go.
#[derive(Debug, Clone)]
pub(crate) struct State(Arc<RwLock<Committed>>);

/// What is committed, up to a place in the log.
#[derive(Debug)]
pub(crate) struct Committed {
    pub(crate) community: Community,
    pub(crate) position: Position,
    revisions: Revisions,
}

/// How often what is shown of messages has changed.
#[derive(Debug, Default)]
struct Revisions {
    last: u64,
    /// When something changed last that stands in messages everywhere: what someone is called.
    everywhere: u64,
    /// When something changed last in each channel.
    channels: HashMap<Id, u64>,
}

impl Committed {
    /// A number that changes whenever a message of `channel` comes, goes, or looks otherwise.
    pub(crate) fn revision(&self, channel: Id) -> u64 {
        let own = self.revisions.channels.get(&channel).copied().unwrap_or_default();
        own.max(self.revisions.everywhere)
    }
}

impl Revisions {
    fn note(&mut self, event: &Event) {
        let channel = match event {
            Event::MessageCreated { message, .. }
            | Event::MessageUpdated(message)
            | Event::MessagePinned(message) => message.channel_id,
            Event::MessagesDeleted { channel_id, .. } | Event::ReactionsCleared { channel_id, .. } => {
                *channel_id
            }
            Event::ReactionAdded(mark) | Event::ReactionRemoved(mark) => mark.channel_id,
            Event::UserUpdated(_) => {
                self.last += 1;
                self.everywhere = self.last;
                return;
            }
            Event::ChannelDeleted(Channel { id, .. }) | Event::DirectDeleted(id) => {
                self.channels.remove(id);
                return;
            }
            _ => return,
        };
        self.last += 1;
        self.channels.insert(channel, self.last);
    }
}

impl State {
    pub(crate) fn new(community: Community, position: Position) -> Self {
        Self(Arc::new(RwLock::new(Committed { community, position, revisions: Revisions::default() })))
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Committed> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was committed; only the log's thread does.
    pub(crate) fn apply(&self, event: &Event, position: Option<Position>) {
        let mut committed = self.write();
        committed.community.apply(event);
        committed.revisions.note(event);
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
