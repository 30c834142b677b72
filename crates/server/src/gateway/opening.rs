//! How a session begins, and how it takes its place among those that are told what happens.

use std::ops::ControlFlow;

use decentra_core::community::Actor;
use decentra_core::community::presence::wished;
use decentra_core::gateway::payload::Identify;
use decentra_core::wire::guild::{LARGE_THRESHOLD, guild_create};
use decentra_core::wire::ready::Welcome;
use decentra_model::close::gateway;
use decentra_model::session::Mark;
use decentra_model::{GatewaySession, Intents, Presence, TokenHash};
use serde_json::json;
use tokio::sync::oneshot;

use super::connection::{Connection, End, Seat};
use super::encoded::Encoded;
use super::hub::{SessionKey, wish_of};
use crate::log::{Attach, Attachment, Command};
use crate::machine::Dice;

/// The flags of an application that allow the privileged intents (Discord's documentation, "Application Flags"): for
/// presences, members and content, each in its form for large and for small bots.
const ALLOWING: [(Intents, u32); 3] = [
    (Intents::GUILD_PRESENCES, (1 << 12) | (1 << 13)),
    (Intents::GUILD_MEMBERS, (1 << 14) | (1 << 15)),
    (Intents::MESSAGE_CONTENT, (1 << 18) | (1 << 19)),
];

/// How it goes on with a connection.
pub(super) type Turn = ControlFlow<End>;

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
        if !self.is_taken().await {
            return ControlFlow::Continue(());
        }
        for (sequence, encoded) in (2..).zip(&rest) {
            self.way.push(std::iter::once((sequence, encoded)));
            if !self.is_taken().await {
                return ControlFlow::Continue(());
            }
        }
        let shown = self.presence_of(actor, identify.presence);
        self.attach(self.app.next_connection(), session, false).await?;
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
            now: self.app.clock.now(),
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
    pub(super) fn presence_of(&self, actor: Actor, asked: Option<Presence>) -> Presence {
        let committed = self.app.state.read();
        let now = self.app.clock.now();
        let saved = committed.community.user(actor.user_id).map(|user| wished(user, now));
        asked.or(saved).unwrap_or_default()
    }

    /// Has `session`, as `key`, told what happens from here on.
    pub(super) async fn attach(&mut self, key: SessionKey, session: GatewaySession, resumes: bool) -> Turn {
        let user_id = session.user_id;
        let (reply, attached) = oneshot::channel();
        let attach = Attach { key, session, way: self.way.clone(), resumes, reply };
        // Set before it is known, so that it is given back whatever happens.
        self.seat = Some(Seat { key, user_id });
        self.session.opened();
        self.command(Command::Attach(Box::new(attach))).await?;
        match attached.await {
            Ok(Attachment::Noted) => ControlFlow::Continue(()),
            Ok(Attachment::NotNoted) => {
                self.seat = None;
                close(gateway::UNKNOWN_ERROR, "The server cannot store anything now: try again later.")
            }
            // At this very moment its sight changed, or it went on elsewhere: from the beginning, then.
            Err(_) => {
                self.seat = None;
                self.say(9, &json!(false));
                close(gateway::UNKNOWN_ERROR, "The session could not be opened: identify again.")
            }
        }
    }
}

/// The connection is to be closed with this code, for this reason.
pub(super) fn close(code: u16, reason: &'static str) -> Turn {
    ControlFlow::Break(End::Close(code, reason))
}

/// An id that nobody can guess.
fn session_id(dice: &Dice) -> String {
    let bytes: [u8; 16] = dice.bytes();
    TokenHash([bytes, [0; 16]].concat().try_into().expect("twice sixteen are thirty-two")).to_hex()[..32]
        .to_owned()
}
