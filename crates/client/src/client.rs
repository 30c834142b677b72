//! What a program uses.

use decentra_core::client::Event;
use decentra_model::{Body, Name};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};

use crate::stay::Stay;
use crate::world::Real;
use crate::{ClientError, ServerAddress, Timing, World};

/// Commands that wait for the task, at most. Who types does not come near it; who pipes waits.
const COMMANDS_WAITING_MAX: usize = 16;

/// Events that wait for the program, at most; beyond that the task waits, and so does the server.
const EVENTS_WAITING_MAX: usize = 256;

/// Where to go, and under which name.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server.
    pub server: ServerAddress,
    /// The name to ask for.
    pub name: Name,
    /// How long things may take.
    pub timing: Timing,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Say this. It is kept until the server has confirmed it.
    Say(Body),
    /// Ask who is here.
    AskWho,
}

/// A stay in the lobby, kept by a task of its own.
///
/// Until the lobby was entered once, any error ends it. After that, a lost connection is made again, unless the server
/// does not want that. Read [`Client::events`] steadily, and send commands without waiting for a place: each side
/// waiting for the other would be forever.
#[derive(Debug)]
pub struct Client {
    /// What the person wants goes in here.
    pub commands: mpsc::Sender<Command>,
    /// What happens comes out here; when it ends, so has the stay.
    pub events: mpsc::Receiver<Event>,
    task: JoinHandle<Result<(), ClientError>>,
}

impl Client {
    /// Starts a stay, on the current tokio runtime.
    pub fn start(options: Options) -> Self {
        Self::start_in(Real, options)
    }

    /// Starts a stay in another world.
    pub fn start_in(world: impl World, options: Options) -> Self {
        let (commands, inbox) = mpsc::channel(COMMANDS_WAITING_MAX);
        let (outbox, events) = mpsc::channel(EVENTS_WAITING_MAX);
        let task = tokio::spawn(Stay::new(world, options, inbox, outbox).run());
        Self { commands, events, task }
    }

    /// Leaves, unless the stay has ended already, and says how it ended; `hear` is told what still happened.
    ///
    /// What is not confirmed yet stays unsaid.
    pub async fn leave(mut self, mut hear: impl FnMut(Event)) -> Result<(), ClientError> {
        drop(self.commands);
        while let Some(event) = self.events.recv().await {
            hear(event);
        }
        self.task.await.unwrap_or_else(|error: JoinError| Err(ClientError::Broken(error.to_string())))
    }
}
