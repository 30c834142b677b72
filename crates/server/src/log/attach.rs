//! A gateway session on its way through the log: it is told the rest, and its place is noted.

use std::sync::Arc;

use decentra_core::gateway::replay::{Heard, hear};
use decentra_model::{GatewaySession, Position};
use decentra_store::Store;
use tokio::sync::oneshot;

use super::Log;
use crate::gateway::hub::SessionKey;
use crate::gateway::way::Way;
use crate::recent::{Entry, PAGE, Stretch};

/// A session that is to be told what happens after its mark.
pub(crate) struct Attach {
    pub(crate) key: SessionKey,
    pub(crate) session: GatewaySession,
    pub(crate) way: Arc<Way>,
    /// Whether it was left, and is to be told when it has caught up.
    pub(crate) resumes: bool,
    /// Told whether it is noted; nothing, if it cannot go on.
    pub(crate) reply: oneshot::Sender<Attachment>,
}

/// Whether it is noted that a session is told what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attachment {
    /// It is.
    Noted,
    /// Nothing could be stored: where it was left, it can go on later.
    NotNoted,
}

/// A session that has caught up with the log.
pub(crate) struct Attached {
    pub(crate) attach: Attach,
    /// What it is yet to be told; `None` if it cannot go on, since its sight changed meanwhile or another claimed it.
    pub(crate) missed: Option<Vec<Entry>>,
}

impl<S: Store> Log<S> {
    /// Notes `attach` as having been told all up to here.
    pub(super) fn attach(&mut self, mut attach: Attach) -> Attached {
        self.begin();
        let is_its_own = !attach.resumes || self.claims.settle(&attach.session.id, attach.key);
        let missed = if is_its_own { self.missed(&attach.session) } else { None };
        if let Some(missed) = &missed {
            let mark = &mut attach.session.mark;
            mark.sequence += missed.len() as u64;
            mark.position = self.position;
            if attach.resumes {
                mark.sequence += 1;
                mark.resumed.push(mark.sequence);
            }
            self.put(|store| store.put_session(&attach.session));
        }
        Attached { attach, missed }
    }

    /// What `session` is to be told of what happened after its mark; `None` if its sight changed.
    fn missed(&mut self, session: &GatewaySession) -> Option<Vec<Entry>> {
        let mut missed = Vec::new();
        let mut position: Position = session.mark.position;
        while let Some(stretch) = self.after(position, session) {
            position = stretch.end;
            self.hear_all(session, &stretch.entries, &mut missed)?;
        }
        // And what stands in this transaction.
        self.hear_all(session, &self.fresh, &mut missed)?;
        (self.fault.is_none()).then_some(missed)
    }

    /// The next stretch of what is committed after `position`; nothing, if that is all.
    fn after(&mut self, position: Position, session: &GatewaySession) -> Option<Stretch> {
        if let Some(stretch) = self.recent.after(position, session) {
            return Some(stretch).filter(|stretch| stretch.end > position);
        }
        match self.store.log_after(position, PAGE) {
            Ok(page) => {
                let begin = self.fresh.first().map_or(Position::MAX, |entry| entry.0);
                Stretch::read(page.into_iter().filter(|logged| logged.0 < begin))
            }
            Err(error) => {
                self.note_fault(Err(error));
                None
            }
        }
    }

    /// Adds to `missed` what `session` is told of `entries`; `None` if its sight changed.
    fn hear_all(&self, session: &GatewaySession, entries: &[Entry], missed: &mut Vec<Entry>) -> Option<()> {
        for entry in entries {
            match hear(&self.community, session, &entry.1) {
                Heard::Told => missed.push(Arc::clone(entry)),
                Heard::NotTold => {}
                Heard::SightChanged => return None,
            }
        }
        Some(())
    }
}
