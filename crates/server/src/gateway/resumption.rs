//! How a session goes on where it was left: its client is told what it missed, of the end of the log that is kept in memory,
//! or from the disk.

use std::ops::ControlFlow;

use decentra_core::gateway::replay::{Heard, Rewind, Step, hear};
use decentra_model::close::gateway;
use decentra_model::{Dispatch, GatewaySession, Position};
use decentra_store::Reader;
use serde_json::json;
use tokio::sync::oneshot;

use super::connection::Connection;
use super::hub::shared;
use super::opening::{Turn, close};
use crate::log::Command;
use crate::recent::{Entry, PAGE, Stretch};

impl Connection {
    /// Goes on with a session.
    pub(super) async fn resume(&mut self, token: &str, session_id: String, sequence: u64) -> Turn {
        let Some((actor, login)) = self.app.authenticate(token) else {
            return close(gateway::AUTHENTICATION_FAILED, "Authentication failed.");
        };
        let key = self.app.next_connection();
        let (reply, claimed) = oneshot::channel();
        let claim = Command::Claim { session_id: session_id.clone(), user_id: actor.user_id, key, reply };
        self.command(claim).await?;
        let claimed = claimed.await.ok().flatten().filter(|session| session.login == login);
        let caught_up = match claimed {
            Some(session) => self.catch_up(session, sequence).await,
            None => None,
        };
        let Some(session) = caught_up else {
            self.command(Command::Unclaim { session_id, key }).await?;
            return self.cannot_resume();
        };
        self.attach(key, session, true).await?;
        let shown = self.presence_of(actor, None);
        self.appear(shown).await;
        ControlFlow::Continue(())
    }

    /// Tells the client to begin anew. It may do so on this connection.
    fn cannot_resume(&self) -> Turn {
        self.say(9, &json!(false));
        ControlFlow::Continue(())
    }

    /// Tells `session`, whose client has what came up to `sequence`, what it missed; `None`, if that cannot be had.
    ///
    /// The log may be ahead of the state that all read, which says who sees what: what was not delivered yet is left to
    /// [`Self::attach`]. And the state may be ahead of the page that was read: nothing of a page is told before it is known
    /// that nothing after it, as far as the state has come, changed what the session sees.
    async fn catch_up(&self, mut session: GatewaySession, sequence: u64) -> Option<GatewaySession> {
        let mut missed = if sequence <= session.mark.sequence {
            self.rewound(&session, sequence).await?
        } else {
            Vec::new()
        };
        // What the client has beyond the mark is counted off.
        let mut surplus = sequence.saturating_sub(session.mark.sequence);
        let mut position = session.mark.position;
        session.mark.resumed.retain(|resumed| *resumed <= sequence);
        session.mark.sequence = sequence;
        // Up to here, nothing changed what the session sees.
        let mut clear = position;
        loop {
            let Some(stretch) = self.after(position, &session).await? else { break };
            let (delivered, heard) = self.hear_delivered(&session, &stretch);
            for (entry, heard) in stretch.entries.into_iter().zip(heard) {
                match heard {
                    Heard::SightChanged => return None,
                    Heard::NotTold => {}
                    Heard::Told if surplus > 0 => surplus -= 1,
                    Heard::Told => missed.push(entry),
                }
            }
            position = position.max(stretch.end.min(delivered));
            clear = self.sees_the_same(&session, clear.max(stretch.end), delivered).await?;
            self.tell(&mut session, std::mem::take(&mut missed)).await?;
            if position >= delivered {
                break;
            }
        }
        self.tell(&mut session, missed).await?;
        session.mark.position = position;
        // A client cannot have what was never sent.
        (surplus == 0).then_some(session)
    }

    /// The next stretch of the log after `position`; nothing, if the log ends there. `None`, if it is lost.
    async fn after(&self, position: Position, session: &GatewaySession) -> Option<Option<Stretch>> {
        self.app.recent.fetch(&self.app.readers).await;
        if let Some(stretch) = self.app.recent.after(position, session) {
            return Some(Some(stretch).filter(|stretch| stretch.end > position));
        }
        let read = move |reader: &mut dyn Reader| reader.log_after(position, PAGE);
        let page = self.app.readers.ask_in_time(read).await.ok()?;
        let Some(stretch) = Stretch::read(page) else { return Some(None) };
        // A gap in the log: what stood there was trimmed.
        if stretch.entries.first()?.0 != position + 1 && self.is_trimmed(position).await? {
            return None;
        }
        Some(Some(stretch))
    }

    /// The stretch of the log up to `position`, newest first; `None`, if it is lost.
    async fn until(&self, position: Position, session: &GatewaySession) -> Option<Stretch> {
        self.app.recent.fetch(&self.app.readers).await;
        if let Some(stretch) = self.app.recent.until(position, session) {
            return Some(stretch);
        }
        let read = move |reader: &mut dyn Reader| reader.log_until(position, PAGE);
        let page = self.app.readers.ask_in_time(read).await.ok()?;
        // If there is none, the log does not go back so far.
        Stretch::read(page)
    }

    /// How far the state has come, and what a stretch of the log up to there is to `session`.
    fn hear_delivered(&self, session: &GatewaySession, stretch: &Stretch) -> (Position, Vec<Heard>) {
        let committed = self.app.state.read();
        let delivered = stretch.entries.iter().take_while(|entry| entry.0 <= committed.position);
        let heard = delivered.map(|entry| hear(&committed.community, session, &entry.1));
        (committed.position, heard.collect())
    }

    /// How far nothing changed what `session` sees, known to be so up to `clear`; `None`, if something did up to `delivered`.
    async fn sees_the_same(
        &self,
        session: &GatewaySession,
        mut clear: Position,
        delivered: Position,
    ) -> Option<Position> {
        while clear < delivered {
            let stretch = self.after(clear, session).await??;
            clear = stretch.end;
            if stretch.entries.iter().any(|entry| self.hear(session, &entry.1) == Heard::SightChanged) {
                return None;
            }
        }
        Some(clear)
    }

    /// Whether the log has lost what came right after `position`.
    async fn is_trimmed(&self, position: Position) -> Option<bool> {
        let oldest = self.app.readers.ask_in_time(|reader| reader.log_after(0, 1)).await.ok()?;
        Some(oldest.first().is_some_and(|logged| logged.0 > position + 1))
    }

    /// What came after `sequence` and up to the session's mark, oldest first; `None`, if that cannot be had.
    async fn rewound(&self, session: &GatewaySession, sequence: u64) -> Option<Vec<Entry>> {
        let mark = session.mark.clone();
        let mut rewind = Rewind::new(&mark, sequence)?;
        let mut position = mark.position;
        let mut missed = Vec::new();
        while !rewind.is_done() {
            let stretch = self.until(position, session).await?;
            position = stretch.end - 1;
            for entry in stretch.entries {
                if rewind.is_done() {
                    break;
                }
                match rewind.back_over(self.hear(session, &entry.1)) {
                    Step::Lost => return None,
                    Step::On(true) => missed.push(entry),
                    Step::On(false) => {}
                }
            }
        }
        missed.reverse();
        Some(missed)
    }

    fn hear(&self, session: &GatewaySession, dispatch: &Dispatch) -> Heard {
        hear(&self.app.state.read().community, session, dispatch)
    }

    /// Sends what was missed, at the pace at which the client takes it; `None`, if it takes nothing any more.
    async fn tell(&self, session: &mut GatewaySession, missed: Vec<Entry>) -> Option<()> {
        for group in missed.chunks(64) {
            let replayed: Vec<_> = group.iter().map(|entry| shared::replayed(session, &entry.1)).collect();
            let sequences = session.mark.sequence + 1..;
            session.mark.sequence += replayed.len() as u64;
            self.way.push(sequences.zip(&replayed));
            if !self.is_taken().await {
                return None;
            }
        }
        Some(())
    }
}
