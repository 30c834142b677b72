//! From the log to the surfaces: each is told what was committed, in its order.

use std::sync::Arc;

use decentra_model::lobby::Line;
use decentra_model::{Author, Event, Id, Message};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::gateway;
use crate::lobby;
use crate::log::{Command, Deliver, Note, Outcome, Settle, Step};
use crate::metrics::Metrics;
use crate::state::State;

/// The surfaces, as the log's thread sees them.
pub(crate) struct Delivery {
    state: State,
    lobby: lobby::hub::Hub,
    gateway: gateway::hub::Hub,
    /// The channel behind the lobby.
    lobby_id: Id,
    metrics: Arc<Metrics>,
}

impl Delivery {
    /// The surfaces of a server whose lobby has `history`, newest first, and in which `left` sessions may come back.
    pub(crate) fn new(
        state: State,
        lobby_id: Id,
        history: &[Message],
        left: Vec<decentra_model::GatewaySession>,
        clock: Clock,
        metrics: Arc<Metrics>,
        stopping: CancellationToken,
    ) -> Self {
        let lines: Vec<Line> =
            history.iter().rev().filter_map(|message| line(&state, message, None)).collect();
        let lobby = lobby::hub::Hub::new(&lines, clock.clone(), Arc::clone(&metrics), stopping);
        let gateway = gateway::hub::Hub::new(state.clone(), left, clock, Arc::clone(&metrics));
        Self { state, lobby, gateway, lobby_id, metrics }
    }

    fn take(&mut self, step: &Step) {
        self.gateway.take(step);
        if step.told.iter().any(|entry| entry.1.audience.changes_sight.is_some()) {
            let committed = self.state.read();
            self.lobby.keep(|account| committed.community.may_see_lobby(account));
        }
        match &step.event {
            Event::MessageCreated { message, nonce, .. } => {
                self.metrics.messages.inc();
                let nonce = nonce.as_ref().and_then(|nonce| nonce.as_str());
                if let Some(line) = self.line(message, nonce) {
                    self.lobby.say(&line);
                }
            }
            Event::MessageUpdated(message) => match self.line(message, None) {
                Some(line) => self.lobby.edit(&line),
                None => self.lobby.forget(&[message.id]),
            },
            Event::MessagesDeleted { ids, .. } => self.lobby.forget(ids),
            Event::LoginEnded(hash) => self.lobby.end_login(hash),
            Event::UserCreated(user) | Event::UserUpdated(user) if !user.bot && !user.deleted => {
                self.lobby.reserve(&user.username);
            }
            _ => {}
        }
    }

    /// What the lobby is told of a message, if it stands in the channel behind it.
    fn line(&self, message: &Message, nonce: Option<&str>) -> Option<Line> {
        if message.channel_id == self.lobby_id { line(&self.state, message, nonce) } else { None }
    }

    fn carry_out(&mut self, command: Command) -> Vec<Note> {
        match command {
            Command::Join { .. } | Command::Leave { .. } | Command::Who { .. } | Command::Sweep => {
                self.lobby.carry_out(command);
                Vec::new()
            }
            command => self.gateway.carry_out(command),
        }
    }
}

impl Deliver for Delivery {
    fn deliver(&mut self, outcomes: Vec<Outcome>) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut answers = Vec::new();
        for outcome in outcomes {
            match outcome {
                Outcome::Ran { steps, settle } => {
                    for step in &steps {
                        self.take(step);
                    }
                    if let Settle::Answer(answer) = settle {
                        answers.push(answer);
                    }
                }
                Outcome::Repeated { message, nonce, outlet } => {
                    if let Some(line) = line(&self.state, &message, nonce.as_deref()) {
                        self.lobby.repeat(&line, &outlet);
                    }
                }
                Outcome::NotSaid { draft, why, outlet } => {
                    self.metrics.messages_not_stored.inc();
                    self.lobby.refuse(draft, &why, &outlet);
                }
                Outcome::Attached(attached) => self.gateway.attach(*attached),
                Outcome::Chunk { key, request, position } => self.gateway.chunk(key, &request, position),
                Outcome::Passed(command) => notes.extend(self.carry_out(command)),
            }
        }
        self.gateway.flush();
        self.lobby.flush();
        for answer in answers {
            answer(true);
        }
        notes
    }
}

/// A message of the channel behind the lobby, as the lobby tells it.
fn line(state: &State, message: &Message, nonce: Option<&str>) -> Option<Line> {
    let author = match &message.author {
        Author::Guest(name) => name.clone(),
        Author::User(id) => state.read().community.user(*id)?.username.clone(),
    };
    Line::of(message, author, nonce)
}
