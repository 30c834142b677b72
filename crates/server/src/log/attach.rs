//! A gateway session on its way through the log: it is told the rest, and its place is noted.

use std::sync::Arc;

use decentra_core::gateway::replay::{Heard, hear};
use decentra_model::{GatewaySession, Position};
use decentra_store::{Logged, Store};
use tokio::sync::oneshot;

use super::Log;
use crate::gateway::hub::SessionKey;
use crate::gateway::way::Way;

/// Entries of the log that are read at once.
const PAGE: u32 = 512;

/// A session that is to be told what happens after its mark.
pub(crate) struct Attach {
    pub(crate) key: SessionKey,
    pub(crate) session: GatewaySession,
    pub(crate) way: Arc<Way>,
    /// Whether it was left, and is to be told when it has caught up.
    pub(crate) resumes: bool,
    /// Told the session's state once it is noted; nothing, if it cannot go on.
    pub(crate) reply: oneshot::Sender<()>,
}

/// A session that has caught up with the log.
pub(crate) struct Attached {
    pub(crate) attach: Attach,
    /// What it is yet to be told; `None` if its sight changed meanwhile, so that it cannot go on.
    pub(crate) missed: Option<Vec<Logged>>,
}

impl<S: Store> Log<S> {
    /// Notes `attach` as having been told all up to here.
    pub(super) fn attach(&mut self, mut attach: Attach) -> Attached {
        self.begin();
        let missed = self.missed(&attach.session);
        if let Some(missed) = &missed {
            let mark = &mut attach.session.mark;
            mark.sequence += missed.len() as u64;
            mark.position = self.position;
            if attach.resumes {
                mark.sequence += 1;
                mark.resumed.push(mark.sequence);
            }
            let noted = self.store.put_session(&attach.session);
            self.note_fault(noted);
        }
        Attached { attach, missed }
    }

    /// What `session` is to be told of what happened after its mark; `None` if its sight changed.
    fn missed(&mut self, session: &GatewaySession) -> Option<Vec<Logged>> {
        let mut missed = Vec::new();
        let mut position: Position = session.mark.position;
        loop {
            let page = match self.store.log_after(position, PAGE) {
                Ok(page) => page,
                Err(error) => {
                    self.note_fault(Err(error));
                    return None;
                }
            };
            let Some(last) = page.last() else { return Some(missed) };
            position = last.0;
            for logged in page {
                match hear(&self.community, session, &logged.1) {
                    Heard::Told => missed.push(logged),
                    Heard::NotTold => {}
                    Heard::SightChanged => return None,
                }
            }
        }
    }
}
