//! The one path of every change: commands go in, are decided and made durable, and come out in one order.
//!
//! A thread owns the store. It takes all commands that wait, decides them one after the other, writes what happened
//! and what sessions are told of it in one transaction, with one sync for all, and delivers the batch. What comes
//! meanwhile waits, and makes the next batch: the busier the server, the larger the batches. Commands that need no
//! storing take the same way, so that their place among the others is kept.

mod archive;
mod attach;
mod claims;
mod gate;
mod task;

use std::sync::Arc;
use std::time::{Duration, Instant};

use decentra_core::community::login::ByLogin;
use decentra_core::community::message::SayInLobby;
use decentra_core::community::{Command as _, Community, Desk, Happened, Refusal};
use decentra_core::gateway::payload::MembersRequest;
use decentra_core::wire::dispatch::{Context, dispatches, marker};
use decentra_model::dispatch::SightChange;
use decentra_model::limits::{COMMANDS_PER_COMMIT_MAX, IDS_AHEAD, LOG_KEPT};
use decentra_model::lobby::Draft;
use decentra_model::{Author, Dispatch, Event, GatewaySession, Id, Message, Name, Position, TokenHash};
use decentra_store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

pub(crate) use self::archive::StoreArchive;
pub(crate) use self::attach::{Attach, Attached, Attachment};
use self::claims::Claims;
pub(crate) use self::gate::Commands;
use self::gate::{Cost, Gate, Waiting, gate};
pub(crate) use self::task::{Settle, Task, task};
use crate::clock::Clock;
use crate::gateway::hub::SessionKey;
use crate::lobby::hub::{Account, ConnectionId};
use crate::machine::{Crew, Dice, Machine};
use crate::metrics::Metrics;
use crate::recent::{Entry, Recent};
use crate::socket::outlet::Outlet;
use crate::state::State;

/// What connections ask for.
pub(crate) enum Command {
    /// Decide a command of the community.
    Run(Box<dyn Task>),
    /// Let someone into the lobby, and reply with the name they go by; an account keeps its name.
    Join {
        id: ConnectionId,
        wish: Name,
        account: Option<Account>,
        outlet: Arc<Outlet>,
        reply: oneshot::Sender<Name>,
    },
    /// Let someone out; `done` is dropped once all that they said before has been sent to all.
    Leave { id: ConnectionId, done: oneshot::Sender<()> },
    /// Say something in the lobby; a member by their login.
    Say { author: Author, login: Option<TokenHash>, draft: Draft, outlet: Arc<Outlet> },
    /// Tell who is in the lobby.
    Who { outlet: Arc<Outlet> },
    /// See who is still in the lobby.
    Sweep,
    /// Take a gateway session from where it was left, if there is one for this user, to attach it as `key`; or not, as
    /// [`Command::Unclaim`] says.
    Claim { session_id: String, user_id: Id, key: SessionKey, reply: oneshot::Sender<Option<GatewaySession>> },
    /// A gateway session that was claimed is not going to be attached.
    Unclaim { session_id: String, key: SessionKey },
    /// Tell a gateway session, from here on, what happens.
    Attach(Box<Attach>),
    /// Tell a gateway session nothing more; it may come back, unless it is over. Replies whether it was its user's last.
    Detach { key: SessionKey, over: bool, reply: oneshot::Sender<bool> },
    /// Tell a gateway session who is in a guild.
    Chunk { key: SessionKey, user_id: Id, request: MembersRequest },
    /// Note where gateway sessions stand, and forget those that were left for too long.
    Tick,
    /// Take some older messages into the index of searches, and reply whether there are more of them.
    IndexOlder { reply: oneshot::Sender<bool> },
    /// Tell whether anything can be stored; if the last could not, by trying again.
    Check { reply: oneshot::Sender<Result<(), StoreError>> },
}

/// Something that happened, and what sessions are told of it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) event: Event,
    pub(crate) told: Vec<Entry>,
}

/// What became of a command.
pub(crate) enum Outcome {
    /// It was decided, and what happened is on disk.
    Ran { steps: Vec<Step>, settle: Settle },
    /// The message had been stored before, and is only sent again.
    Repeated { message: Message, nonce: Option<String>, outlet: Arc<Outlet> },
    /// The message was not taken.
    NotSaid { draft: Draft, why: Refusal, outlet: Arc<Outlet> },
    /// A gateway session begins, or goes on.
    Attached(Box<Attached>),
    /// A gateway session is to be told who is in a guild, which has this place in the log.
    Chunk { key: SessionKey, request: MembersRequest, position: Position },
    /// The command needs no storing.
    Passed(Command),
}

/// What is to be noted of a gateway session.
#[derive(Debug)]
pub(crate) enum Note {
    /// Where it stands.
    Stands(GatewaySession),
    /// It is over.
    Over(String),
}

/// What carries out what was committed.
pub(crate) trait Deliver: Send + 'static {
    /// Tells everyone of a batch; what is to be noted of gateway sessions.
    fn deliver(&mut self, outcomes: Vec<Outcome>) -> Vec<Note>;
}

/// Starts the log on `store`, whose content is `state`, with the greatest id that was ever given; what becomes of each batch is given to `deliver`. Returns the
/// way in, and what is dropped when the log has ended.
pub(crate) fn start<S: Store>(
    store: S,
    (state, recent, last_id): (State, Recent, Option<Id>),
    machine: Machine,
    metrics: Arc<Metrics>,
    deliver: impl Deliver,
) -> std::io::Result<(Commands, oneshot::Receiver<()>)> {
    let (commands, receiver, gate) = gate(&machine.crew, Arc::clone(&metrics));
    let (ended, end) = oneshot::channel();
    let (community, position) = {
        let committed = state.read();
        (committed.community.clone(), committed.position)
    };
    let Machine { clock, dice, crew } = machine;
    let log = Log {
        store,
        state,
        community,
        position,
        fresh: Vec::new(),
        recent,
        claims: Claims::default(),
        last_id,
        stored_id: last_id,
        in_transaction: false,
        fault: None,
        failing: false,
        syncing: Duration::ZERO,
        clock,
        dice,
        metrics,
        crew: crew.clone(),
    };
    crew.thread("log", async move {
        log.run(receiver, &gate, deliver).await;
        drop(ended);
    })?;
    Ok((commands, end))
}

struct Log<S> {
    store: S,
    /// What is committed.
    state: State,
    /// What is committed and what is decided in this batch.
    community: Community,
    position: Position,
    /// What was appended in this transaction.
    fresh: Vec<Entry>,
    /// The end of what was committed.
    recent: Recent,
    /// Who is about to go on with which gateway session.
    claims: Claims,
    /// The greatest id that was ever given.
    last_id: Option<Id>,
    /// Up to which id all are taken, as it is stored.
    stored_id: Option<Id>,
    in_transaction: bool,
    /// What went wrong in this batch: then all of it is undone.
    fault: Option<StoreError>,
    /// Whether the last transaction failed.
    failing: bool,
    /// What the transactions of this turn took.
    syncing: Duration,
    clock: Clock,
    dice: Dice,
    metrics: Arc<Metrics>,
    crew: Crew,
}

impl<S: Store> Log<S> {
    /// Takes turns until nobody is left who could give a command.
    async fn run(mut self, mut commands: mpsc::Receiver<Waiting>, gate: &Gate, mut deliver: impl Deliver) {
        let mut waiting = Vec::with_capacity(COMMANDS_PER_COMMIT_MAX);
        let mut cost = Cost::default();
        while commands.recv_many(&mut waiting, COMMANDS_PER_COMMIT_MAX).await > 0 {
            let turn = gate.begin_turn(&waiting);
            let outcomes = self.decide_all(waiting.drain(..).map(|waiting| waiting.command));
            self.crew.pause().await;
            gate.note_stored();
            let notes = deliver.deliver(outcomes);
            self.crew.pause().await;
            self.write_notes(notes);
            gate.end_turn(&turn, std::mem::take(&mut self.syncing), &mut cost);
        }
    }

    /// Decides `commands`, and writes what they give in one transaction.
    fn decide_all(&mut self, commands: impl Iterator<Item = Command>) -> Vec<Outcome> {
        let outcomes: Vec<_> = commands.filter_map(|command| self.decide(command)).collect();
        if self.commit() { outcomes } else { self.undo(outcomes) }
    }

    fn decide(&mut self, command: Command) -> Option<Outcome> {
        Some(match command {
            Command::Check { reply } => {
                // Whoever asked may have gone.
                let _ = reply.send(self.check());
                return None;
            }
            Command::IndexOlder { reply } => {
                self.begin();
                let is_more = self.put(S::index_older);
                // Whoever asked may have gone. If it could not be written, there is as much as before.
                let _ = reply.send(is_more.unwrap_or(true));
                return None;
            }
            Command::Run(task) => {
                let (steps, settle) = self.at_desk(|desk| task.decide(desk));
                Outcome::Ran { steps, settle }
            }
            Command::Say { author, login, draft, outlet } => self.say(author, login, draft, outlet),
            Command::Chunk { key, user_id, request } => {
                self.mark_chunk(user_id, request.guild_id);
                Outcome::Chunk { key, request, position: self.position }
            }
            Command::Attach(attach) => Outcome::Attached(Box::new(self.attach(*attach))),
            Command::Claim { ref session_id, key, .. } => {
                self.claims.note(session_id.clone(), key);
                Outcome::Passed(command)
            }
            Command::Unclaim { session_id, key } => {
                self.claims.settle(&session_id, key);
                return None;
            }
            passed => Outcome::Passed(passed),
        })
    }

    fn say(
        &mut self,
        author: Author,
        login: Option<TokenHash>,
        draft: Draft,
        outlet: Arc<Outlet>,
    ) -> Outcome {
        let nonce = draft.nonce.as_ref().map(|nonce| nonce.as_str().to_owned());
        let command = SayInLobby { author, content: draft.body.as_str().to_owned(), nonce: nonce.clone() };
        let command = ByLogin { login, command };
        let (steps, said) = self.at_desk(|desk| command.decide(desk));
        match said {
            Ok((_, true)) => Outcome::Ran { steps, settle: Settle::Said(draft, outlet) },
            Ok((message, false)) => Outcome::Repeated { message, nonce, outlet },
            Err(why) => Outcome::NotSaid { draft, why, outlet },
        }
    }

    /// What `decide` makes of what there is, and what happened by that.
    fn at_desk<T>(&mut self, decide: impl FnOnce(&mut Desk<'_>) -> T) -> (Vec<Step>, T) {
        self.begin();
        let mut events = Vec::new();
        let mut archive = StoreArchive { store: &mut self.store, fault: &mut self.fault };
        let now = self.clock.now();
        let random = || u64::from_ne_bytes(self.dice.bytes());
        let mut desk =
            Desk::new(&mut self.community, &mut archive, now, &random, &mut self.last_id, &mut events);
        let decided = decide(&mut desk);
        (events.into_iter().map(|happened| self.write(happened)).collect(), decided)
    }

    /// Writes an event and what sessions are told of it.
    fn write(&mut self, happened: Happened) -> Step {
        let Happened { event, changes_sight } = happened;
        let replied_to = self.replied_to(&event);
        let replied_to = replied_to.as_ref().map(Option::as_ref);
        let context = Context { now: self.clock.now(), replied_to, changes_sight };
        let dispatches = dispatches(&event, &self.community, context);
        self.put(|store| store.write(&event));
        let told = dispatches.into_iter().map(|dispatch| self.append(dispatch)).collect();
        Step { event, told }
    }

    /// Appends a dispatch; nobody hears of it if that fails, since then all of the batch is undone.
    fn append(&mut self, dispatch: Dispatch) -> Entry {
        let position = self.put(|store| store.append(&dispatch));
        self.position = position.unwrap_or(self.position);
        let entry = Arc::new((self.position, dispatch));
        if position.is_some() {
            self.fresh.push(Arc::clone(&entry));
        }
        entry
    }

    /// Marks the place at which a session is told of members, which is not in the log.
    fn mark_chunk(&mut self, user_id: Id, guild_id: Id) {
        self.begin();
        self.append(marker(Some(SightChange { guild_id: Some(guild_id), user_id: Some(user_id) })));
    }

    /// The message that a new reply answers; `Some(None)` if it is gone.
    fn replied_to(&mut self, event: &Event) -> Option<Option<Message>> {
        let Event::MessageCreated { message, .. } = event else { return None };
        let reference = message.extra.reference?;
        match self.store.message(reference.channel_id, reference.message_id, None) {
            Ok(found) => Some(found),
            Err(error) => {
                self.note_fault(Err(error));
                None
            }
        }
    }

    /// Writes something within this batch's transaction. Once something went wrong in it, nothing more is written: there
    /// may be no transaction any more, and what is written then would stay.
    fn put<T>(&mut self, write: impl FnOnce(&mut S) -> Result<T, StoreError>) -> Option<T> {
        if !self.in_transaction || self.fault.is_some() {
            return None;
        }
        let written = write(&mut self.store);
        written.map_err(|error| self.note_fault(Err(error))).ok()
    }

    fn note_fault(&mut self, written: Result<(), StoreError>) {
        if let Err(error) = written {
            self.fault.get_or_insert(error);
        }
    }

    /// Begins a transaction, unless this batch has one.
    fn begin(&mut self) {
        if !self.in_transaction && self.fault.is_none() {
            let begun = self.store.begin();
            self.in_transaction = begun.is_ok();
            self.note_fault(begun);
        }
    }

    /// Commits what this batch has written; whether all of it is on disk.
    fn commit(&mut self) -> bool {
        if self.in_transaction && self.fault.is_none() {
            let noted = self.note_last_id();
            self.note_fault(noted);
        }
        if self.in_transaction && self.fault.is_none() {
            let begun = Instant::now();
            let committed = self.store.commit();
            let took = begun.elapsed();
            self.syncing += took;
            self.metrics.commit_seconds.observe(took.as_secs_f64());
            self.in_transaction = committed.is_err();
            if committed.is_ok() {
                self.recent.add(self.fresh.drain(..));
            }
            self.note_fault(committed);
            self.note(None);
        }
        self.fault.is_none()
    }

    /// Notes up to which id all are taken, when more have been given: a little ahead, so that it is not written each time.
    fn note_last_id(&mut self) -> Result<(), StoreError> {
        let Some(last) = self.last_id.filter(|_| self.last_id > self.stored_id) else { return Ok(()) };
        let ahead = last.later(IDS_AHEAD);
        self.stored_id = Some(ahead);
        self.store.put_last_id(ahead)
    }

    /// Undoes all that this batch has decided, and tells those who asked.
    fn undo(&mut self, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        self.store.rollback();
        self.in_transaction = false;
        self.fresh.clear();
        self.stored_id = None;
        let fault = self.fault.take();
        self.note(fault.as_ref());
        let committed = self.state.read();
        self.community.clone_from(&committed.community);
        self.position = committed.position;
        outcomes.into_iter().filter_map(Outcome::undone).collect()
    }

    /// Notes where gateway sessions stand. A note that is lost costs one of them a fresh start, no more.
    fn write_notes(&mut self, notes: Vec<Note>) {
        if notes.is_empty() {
            return;
        }
        self.begin();
        for note in notes {
            self.put(|store| match note {
                Note::Stands(session) => store.put_session(&session),
                Note::Over(id) => store.delete_session(&id),
            });
        }
        let kept_from = self.position - LOG_KEPT;
        self.put(|store| store.trim(kept_from));
        if !self.commit() {
            self.undo(Vec::new());
        }
    }

    fn check(&mut self) -> Result<(), StoreError> {
        if self.failing && !self.in_transaction {
            let probed = self.store.probe();
            self.note(probed.as_ref().err());
            return probed;
        }
        Ok(())
    }

    /// Notes whether the store works, and logs when that changes.
    fn note(&mut self, error: Option<&StoreError>) {
        match error {
            Some(error) if !self.failing => tracing::error!(%error, "nothing can be stored"),
            None if self.failing => tracing::info!("storing works again"),
            _ => {}
        }
        self.failing = error.is_some();
    }
}

impl Outcome {
    /// What is left of it when nothing was stored.
    fn undone(self) -> Option<Self> {
        match self {
            Self::Ran { settle, .. } => match settle {
                Settle::Said(draft, outlet) => Some(Self::NotSaid { draft, why: Refusal::NotStored, outlet }),
                Settle::Answer(answer) => {
                    answer(false);
                    None
                }
            },
            Self::Attached(attached) => {
                // A connection that is gone needs no telling.
                let _ = attached.attach.reply.send(Attachment::NotNoted);
                None
            }
            // What it asked for it can ask again.
            Self::Chunk { .. } => None,
            other => Some(other),
        }
    }
}
