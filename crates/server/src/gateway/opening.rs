//! How a session begins, or goes on where it was left.

use std::ops::ControlFlow;
use std::sync::Arc;

use decentra_core::community::Actor;
use decentra_core::community::presence::wished;
use decentra_core::gateway::payload::Identify;
use decentra_core::gateway::replay::{Heard, Rewind, Step, hear};
use decentra_core::wire::guild::{LARGE_THRESHOLD, guild_create};
use decentra_core::wire::ready::Welcome;
use decentra_model::close::gateway;
use decentra_model::session::Mark;
use decentra_model::{Dispatch, GatewaySession, Intents, Position, Presence, TokenHash};
use decentra_store::Reader;
use serde_json::json;
use tokio::sync::oneshot;

use super::connection::{Connection, End, Seat};
use super::encoded::Encoded;
use super::hub::{shared, wish_of};
use crate::log::{Attach, Command};
use crate::machine::Dice;
use crate::recent::{Entry, Stretch};

/// Entries of the log that are read at once.
const PAGE: u32 = 512;

/// The flags of an application that allow the privileged intents (Discord's documentation, "Application Flags"): for
/// presences, members and content, each in its form for large and for small bots.
const ALLOWING: [(Intents, u32); 3] = [
    (Intents::GUILD_PRESENCES, (1 << 12) | (1 << 13)),
    (Intents::GUILD_MEMBERS, (1 << 14) | (1 << 15)),
    (Intents::MESSAGE_CONTENT, (1 << 18) | (1 << 19)),
];

type Turn = ControlFlow<End>;

impl Connection {
    /// Opens a session, and tells it what there is.
    pub(super) async fn identify(&mut self, identify: Identify) -> Turn {
        let Some((actor, login)) = self.app.authenticate(&identify.token) else {
            return close(gateway::AUTHENTICATION_FAILED, "Authentication failed.");
        };
        if identify.shard.is_some_and(|(shard, of)| of == 0 || shard >= of) {
            return close(gateway::INVALID_SHARD, "Invalid shard.");
        }
        let intents = match self.intents(&identify, actor) {
            Ok(intents) => intents,
            Err(turn) => return turn,
        };
        if !self.app.may_identify(actor.user_id) {
            self.say(9, &json!(false));
            return ControlFlow::Continue(());
        }
        let mut session = GatewaySession {
            id: session_id(&self.app.dice),
            user_id: actor.user_id,
            login,
            intents,
            shard: identify.shard,
            large_threshold: identify
                .large_threshold
                .and_then(|threshold| usize::try_from(threshold).ok())
                .map_or(LARGE_THRESHOLD, |threshold| threshold.clamp(50, 250)),
            whole: identify.whole,
            mark: Mark::default(),
        };
        let Some(rest) = self.welcome(&mut session) else {
            return close(gateway::AUTHENTICATION_FAILED, "Authentication failed.");
        };
        // However much it is, it leaves at the pace at which the client takes it.
        for (sequence, encoded) in (2..).zip(&rest) {
            self.way.push(std::iter::once((sequence, encoded)));
            if !self.is_taken().await {
                return ControlFlow::Continue(());
            }
        }
        let shown = self.presence_of(actor, identify.presence);
        self.attach(session, false).await?;
        self.appear(shown).await;
        ControlFlow::Continue(())
    }

    /// The intents of a session, or what to do if it may not have them.
    fn intents(&self, identify: &Identify, actor: Actor) -> Result<u64, Turn> {
        let Some(intents) = identify.intents else {
            if actor.is_bot {
                return Err(close(gateway::INVALID_INTENTS, "Invalid intent(s)."));
            }
            return Ok(Intents::all().bits());
        };
        if Intents::from_bits(intents).is_none() {
            return Err(close(gateway::INVALID_INTENTS, "Invalid intent(s)."));
        }
        let committed = self.app.state.read();
        let application = committed.community.application(actor.user_id).filter(|_| actor.is_bot);
        let is_disallowed = application.is_some_and(|application| {
            ALLOWING
                .iter()
                .any(|(intent, flags)| intents & intent.bits() != 0 && application.flags & flags == 0)
        });
        if is_disallowed {
            return Err(close(gateway::DISALLOWED_INTENTS, "Disallowed intent(s)."));
        }
        Ok(intents)
    }

    /// Tells a new session READY; gives what it is told after it, and notes in it that it was. `None`, if the account is
    /// gone.
    fn welcome(&self, session: &mut GatewaySession) -> Option<Vec<Encoded>> {
        let committed = self.app.state.read();
        let community = &committed.community;
        let wish = wish_of(session);
        let welcome = Welcome {
            user_id: session.user_id,
            session_id: &session.id,
            resume_gateway_url: &self.address,
            shard: session.shard,
            version: self.version,
            whole: session.whole,
            wish,
        };
        // At once: what follows takes longer to put together.
        self.way.push(std::iter::once((1, &Encoded::of("READY", &welcome.ready(community)?))));
        let mut rest = Vec::new();
        if session.whole {
            rest.push(Encoded::of("READY_SUPPLEMENTAL", &welcome.supplemental(community)));
        } else if session.intents & Intents::GUILDS.bits() != 0 {
            for state in welcome.guilds(community) {
                let create = guild_create(community, state, session.user_id, wish);
                rest.push(Encoded::of("GUILD_CREATE", &create));
            }
        }
        let sequence = 1 + rest.len() as u64;
        session.mark = Mark { sequence, position: committed.position, floor: sequence, resumed: Vec::new() };
        Some(rest)
    }

    /// How a user appears who has just come: as they ask for, else as they last wished to.
    fn presence_of(&self, actor: Actor, asked: Option<Presence>) -> Presence {
        let committed = self.app.state.read();
        let now = self.app.clock.now();
        let saved = committed.community.user(actor.user_id).map(|user| wished(user, now));
        asked.or(saved).unwrap_or_default()
    }

    /// Goes on with a session.
    pub(super) async fn resume(&mut self, token: &str, session_id: String, sequence: u64) -> Turn {
        let Some((actor, login)) = self.app.authenticate(token) else {
            return close(gateway::AUTHENTICATION_FAILED, "Authentication failed.");
        };
        let (reply, claimed) = oneshot::channel();
        let claim = Command::Claim { session_id, user_id: actor.user_id, reply };
        self.command(claim).await?;
        let Some(session) = claimed.await.ok().flatten().filter(|session| session.login == login) else {
            return self.cannot_resume();
        };
        match self.catch_up(session, sequence).await {
            Some(session) => {
                self.attach(session, true).await?;
                let shown = self.presence_of(actor, None);
                self.appear(shown).await;
                ControlFlow::Continue(())
            }
            None => self.cannot_resume(),
        }
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
        let Some(end) = page.last().map(|logged| logged.0) else { return Some(None) };
        // A gap in the log: what stood there was trimmed.
        if page.first()?.0 != position + 1 && self.is_trimmed(position).await? {
            return None;
        }
        Some(Some(Stretch { entries: page.into_iter().map(Arc::new).collect(), end }))
    }

    /// The stretch of the log up to `position`, newest first; `None`, if it is lost.
    async fn until(&self, position: Position, session: &GatewaySession) -> Option<Stretch> {
        self.app.recent.fetch(&self.app.readers).await;
        if let Some(stretch) = self.app.recent.until(position, session) {
            return Some(stretch);
        }
        let read = move |reader: &mut dyn Reader| reader.log_until(position, PAGE);
        let page = self.app.readers.ask_in_time(read).await.ok()?;
        // The log does not go back so far.
        let end = page.last()?.0;
        Some(Stretch { entries: page.into_iter().map(Arc::new).collect(), end })
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

    /// Has `session` told what happens from here on.
    async fn attach(&mut self, session: GatewaySession, resumes: bool) -> Turn {
        let key = self.app.next_connection();
        let user_id = session.user_id;
        let (reply, attached) = oneshot::channel();
        let attach = Attach { key, session, way: self.way.clone(), resumes, reply };
        // Set before it is known, so that it is given back whatever happens.
        self.seat = Some(Seat { key, user_id });
        self.session.opened();
        self.command(Command::Attach(Box::new(attach))).await?;
        if attached.await.is_err() {
            // Its sight changed at this very moment, or the disk failed: from the beginning, then.
            self.seat = None;
            self.say(9, &json!(false));
            return close(gateway::UNKNOWN_ERROR, "The session could not be opened: identify again.");
        }
        ControlFlow::Continue(())
    }
}

fn close(code: u16, reason: &'static str) -> Turn {
    ControlFlow::Break(End::Close(code, reason))
}

/// An id that nobody can guess.
fn session_id(dice: &Dice) -> String {
    let bytes: [u8; 16] = dice.bytes();
    TokenHash([bytes, [0; 16]].concat().try_into().expect("twice sixteen are thirty-two")).to_hex()[..32]
        .to_owned()
}
