//! The store, as the rules see it.

use decentra_core::community::{Archive, ArchiveError};
use decentra_model::message::Page;
use decentra_model::{Id, Message, Timestamp};
use decentra_store::{Reader, StoreError};

/// The store, and what went wrong with it.
pub(crate) struct StoreArchive<'a, S> {
    pub(crate) store: &'a mut S,
    pub(crate) fault: &'a mut Option<StoreError>,
}

impl<S: Reader> StoreArchive<'_, S> {
    fn ask<T>(&mut self, ask: impl FnOnce(&mut S) -> Result<T, StoreError>) -> Result<T, ArchiveError> {
        ask(self.store).map_err(|error| {
            self.fault.get_or_insert(error);
            ArchiveError
        })
    }
}

impl<S: Reader> Archive for StoreArchive<'_, S> {
    fn message(&mut self, channel: Id, id: Id, viewer: Option<Id>) -> Result<Option<Message>, ArchiveError> {
        self.ask(|store| store.message(channel, id, viewer))
    }

    fn messages(
        &mut self,
        channel: Id,
        page: Page,
        viewer: Option<Id>,
    ) -> Result<Vec<Message>, ArchiveError> {
        self.ask(|store| store.messages(channel, page, viewer))
    }

    fn message_with(&mut self, dedupe: &str) -> Result<Option<Message>, ArchiveError> {
        self.ask(|store| store.message_with(dedupe))
    }

    fn has_reacted(&mut self, channel: Id, message: Id, emoji: &str, user: Id) -> Result<bool, ArchiveError> {
        self.ask(|store| store.has_reacted(channel, message, emoji, user))
    }

    fn pin_count(&mut self, channel: Id) -> Result<usize, ArchiveError> {
        self.ask(|store| store.pin_count(channel))
    }

    fn written_by(
        &mut self,
        channel: Id,
        authors: &[Id],
        after: Id,
        limit: usize,
    ) -> Result<Vec<Id>, ArchiveError> {
        self.ask(|store| store.written_by(channel, authors, after, limit))
    }

    fn last_written(
        &mut self,
        channel: Id,
        author: Id,
        after: Id,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, ArchiveError> {
        self.ask(|store| store.last_written(channel, author, after, now))
    }
}
