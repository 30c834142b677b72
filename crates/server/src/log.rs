//! The one path of every change: commands go in, are made durable, and come out in one order.
//!
//! A thread owns the store. It takes all commands that wait, stores what is to be stored in one transaction, with one
//! sync for all, and delivers the batch. What comes meanwhile waits, and makes the next batch: the busier the server,
//! the larger the batches. Commands that need no storing take the same way, so that their place among the others is kept.

use std::sync::Arc;
use std::time::Instant;

use decentra_model::limits::{COMMANDS_PER_COMMIT_MAX, COMMANDS_WAITING_MAX};
use decentra_model::{Draft, Id, Message, Name};
use decentra_store::{Appended, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::lobby::hub::ConnectionId;
use crate::lobby::outlet::Outlet;
use crate::metrics::Metrics;

/// What connections ask for.
pub(crate) enum Command {
    /// Let someone in, and reply with the name they go by.
    Join { id: ConnectionId, wish: Name, outlet: Arc<Outlet>, reply: oneshot::Sender<Name> },
    /// Let someone out; `done` is dropped once all that they said before has been sent to all.
    Leave { id: ConnectionId, done: oneshot::Sender<()> },
    /// Store a message and tell everyone.
    Post { draft: Draft, outlet: Arc<Outlet> },
    /// Tell who is there.
    Who { outlet: Arc<Outlet> },
    /// See who is still there.
    Sweep,
    /// Tell whether messages can be stored; if the last ones could not, by trying again.
    Check { reply: oneshot::Sender<Result<(), StoreError>> },
}

/// What became of a command.
pub(crate) enum Outcome {
    /// The message is on disk.
    Posted(Message),
    /// The message had been stored before, and was only sent again.
    Repeated { message: Message, outlet: Arc<Outlet> },
    /// The message could not be stored.
    NotStored { draft: Draft, outlet: Arc<Outlet> },
    /// The command needs no storing.
    Passed(Command),
}

/// The way into the log. The log ends when the last of these is dropped.
pub(crate) type Commands = mpsc::Sender<Command>;

/// Starts the log on `store`, whose newest message has `last_id`; what becomes of each batch of commands is given to
/// `deliver`. Returns the way in, and what is dropped when the log has ended.
pub(crate) fn start<S: Store>(
    store: S,
    last_id: Option<Id>,
    clock: Clock,
    metrics: Arc<Metrics>,
    deliver: impl FnMut(Vec<Outcome>) + Send + 'static,
) -> std::io::Result<(Commands, oneshot::Receiver<()>)> {
    let (commands, receiver) = mpsc::channel(COMMANDS_WAITING_MAX);
    let (ended, end) = oneshot::channel();
    let log = Log { store, last_id, failing: false, clock, metrics };
    std::thread::Builder::new().name("log".into()).spawn(move || {
        log.run(receiver, deliver);
        drop(ended);
    })?;
    Ok((commands, end))
}

struct Log<S> {
    store: S,
    last_id: Option<Id>,
    /// Whether the last transaction failed.
    failing: bool,
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl<S: Store> Log<S> {
    fn run(mut self, mut commands: mpsc::Receiver<Command>, mut deliver: impl FnMut(Vec<Outcome>)) {
        let mut waiting = Vec::with_capacity(COMMANDS_PER_COMMIT_MAX);
        while commands.blocking_recv_many(&mut waiting, COMMANDS_PER_COMMIT_MAX) > 0 {
            let appended = self.append_posts(&waiting);
            deliver(self.outcomes(waiting.drain(..), appended));
        }
    }

    /// Stores all posts among `commands`; `None` if they could not be stored.
    fn append_posts(&mut self, commands: &[Command]) -> Option<Vec<Appended>> {
        let drafts = commands.iter().filter_map(|command| match command {
            Command::Post { draft, .. } => Some(draft.clone()),
            _ => None,
        });
        let messages: Vec<_> = drafts.map(|draft| self.stamp(draft)).collect();
        if messages.is_empty() {
            return Some(Vec::new());
        }
        let count = messages.len() as u64;
        let begun = Instant::now();
        let appended = self.store.append(messages);
        self.metrics.commit_seconds.observe(begun.elapsed().as_secs_f64());
        self.note(appended.as_ref().err());
        let counter =
            if appended.is_ok() { &self.metrics.messages } else { &self.metrics.messages_not_stored };
        counter.inc_by(count);
        appended.ok()
    }

    fn stamp(&mut self, draft: Draft) -> Message {
        let now = self.clock.now();
        let id = Id::next(self.last_id, now);
        self.last_id = Some(id);
        draft.accepted(id, now)
    }

    /// What became of `commands`, in their order, `appended` telling it of the posts among them.
    fn outcomes(
        &mut self,
        commands: impl Iterator<Item = Command>,
        appended: Option<Vec<Appended>>,
    ) -> Vec<Outcome> {
        let mut appended = appended.map(Vec::into_iter);
        let outcomes = commands.filter_map(|command| match command {
            Command::Check { reply } => {
                // Whoever asked may have gone.
                let _ = reply.send(self.check());
                None
            }
            Command::Post { draft, outlet } => Some(match appended.as_mut().and_then(Iterator::next) {
                Some(Appended::New(message)) => Outcome::Posted(message),
                Some(Appended::Before(message)) => Outcome::Repeated { message, outlet },
                None => Outcome::NotStored { draft, outlet },
            }),
            passed => Some(Outcome::Passed(passed)),
        });
        outcomes.collect()
    }

    fn check(&mut self) -> Result<(), StoreError> {
        if self.failing {
            let probed = self.store.probe();
            self.note(probed.as_ref().err());
            return probed;
        }
        Ok(())
    }

    /// Notes whether the store works, and logs when that changes.
    fn note(&mut self, error: Option<&StoreError>) {
        match error {
            Some(error) if !self.failing => tracing::error!(%error, "messages cannot be stored"),
            None if self.failing => tracing::info!("messages can be stored again"),
            _ => {}
        }
        self.failing = error.is_some();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use decentra_model::Body;
    use decentra_store_sqlite::SqliteStore;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// A store that tells how many messages it is given, and waits for leave to store them.
    struct Gate {
        store: SqliteStore,
        given: Sender<usize>,
        leave: Receiver<()>,
    }

    impl Store for Gate {
        fn append(&mut self, messages: Vec<Message>) -> Result<Vec<Appended>, StoreError> {
            self.given.send(messages.len()).unwrap();
            self.leave.recv().unwrap();
            self.store.append(messages)
        }
        fn newest(&mut self, limit: usize) -> Result<Vec<Message>, StoreError> {
            self.store.newest(limit)
        }
        fn last_id(&mut self) -> Result<Option<Id>, StoreError> {
            self.store.last_id()
        }
        fn probe(&mut self) -> Result<(), StoreError> {
            self.store.probe()
        }
    }

    async fn outlet() -> Arc<Outlet> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        Arc::new(Outlet::new(stream, std::time::Duration::ZERO))
    }

    fn post(nth: usize, outlet: &Arc<Outlet>) -> Command {
        let body = Body::parse(&nth.to_string()).unwrap();
        let draft = Draft { author: Name::anonymous(), body, nonce: None };
        Command::Post { draft, outlet: Arc::clone(outlet) }
    }

    #[tokio::test]
    async fn all_that_waits_is_stored_in_one_transaction_and_comes_out_in_order() {
        let (given, was_given) = channel();
        let (allow, leave) = channel();
        let store = Gate { store: SqliteStore::in_memory().unwrap(), given, leave };
        let metrics = Arc::new(Metrics::new());
        let (deliver, batches) = channel();
        let deliver = move |outcomes| deliver.send(outcomes).unwrap();
        let (commands, _end) = start(store, None, Clock::manual().0, metrics, deliver).unwrap();
        let outlet = outlet().await;
        commands.send(post(0, &outlet)).await.unwrap();
        assert_eq!(was_given.recv().unwrap(), 1);
        for nth in 1..=100 {
            commands.send(post(nth, &outlet)).await.unwrap();
            commands.send(Command::Who { outlet: Arc::clone(&outlet) }).await.unwrap();
        }
        assert!(batches.try_recv().is_err(), "it came out before it was stored");
        allow.send(()).unwrap();
        allow.send(()).unwrap();
        assert_eq!(was_given.recv().unwrap(), 100);
        assert!(matches!(batches.recv().unwrap()[..], [Outcome::Posted(_)]));
        for (nth, pair) in (1..).zip(batches.recv().unwrap().chunks(2)) {
            let [Outcome::Posted(message), Outcome::Passed(Command::Who { .. })] = pair else {
                panic!("out of order")
            };
            assert_eq!(message.body.as_str(), nth.to_string());
        }
    }
}
