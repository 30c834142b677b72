//! What the server takes from the machine that it runs on: the time, chance, and who does the work.
//!
//! A simulation gives it another machine: one thread that does a little of each task in turn, on a clock that it turns
//! and with dice that a seed decides. The server cannot tell, and runs as it is.

use std::fmt::{self, Debug, Formatter};
use std::pin::Pin;
use std::sync::Arc;
use std::{io, thread};

use tokio::runtime;
use tokio::task::JoinError;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;

/// What the server takes from the machine that it runs on. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// Who does the work.
    pub crew: Crew,
}

impl Machine {
    /// The operating system's, but for the clock.
    pub fn with(clock: Clock) -> Self {
        Self { clock, dice: Dice::System, crew: Crew::Runtime }
    }
}

/// What fills bytes by chance.
pub type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Random bytes: the system's, which nobody can guess, or a simulation's.
#[derive(Clone)]
pub enum Dice {
    /// Those of the operating system.
    System,
    /// What this fills in.
    Simulated(Arc<Fill>),
}

impl Dice {
    /// So many random bytes.
    pub(crate) fn bytes<const COUNT: usize>(&self) -> [u8; COUNT] {
        let mut bytes = [0; COUNT];
        match self {
            Self::System => getrandom::fill(&mut bytes).expect("the system has random numbers"),
            Self::Simulated(fill) => fill(&mut bytes),
        }
        bytes
    }
}

impl Debug for Dice {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Dice")
    }
}

/// Something to be done, as far as it can be done now.
pub type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Who does the work.
#[derive(Debug, Clone)]
pub enum Crew {
    /// The runtime's tasks, and threads for what blocks.
    Runtime,
    /// Someone who does all of it.
    Simulated(Arc<dyn Worker>),
}

/// Someone who does all of a simulated server's work.
pub trait Worker: Debug + Send + Sync {
    /// Takes on a task.
    fn spawn(&self, task: Job);

    /// The time that a piece of work seems to take that would block.
    fn pause(&self) -> Job;
}

impl Crew {
    /// Starts a task.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        match self {
            Self::Runtime => drop(tokio::spawn(task)),
            Self::Simulated(worker) => worker.spawn(Box::pin(task)),
        }
    }

    /// Starts a task that may block, on a thread of its own.
    pub(crate) fn thread(
        &self,
        name: &str,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        match self {
            Self::Runtime => {
                let runtime = runtime::Builder::new_current_thread().build()?;
                thread::Builder::new().name(name.into()).spawn(move || runtime.block_on(task)).map(drop)
            }
            Self::Simulated(worker) => {
                worker.spawn(Box::pin(task));
                Ok(())
            }
        }
    }

    /// Lets others have their turn where, on a machine that is not simulated, a thread may block.
    pub(crate) async fn pause(&self) {
        if let Self::Simulated(worker) = self {
            worker.pause().await;
        }
    }

    /// What `work` gives, which may block.
    pub(crate) async fn block<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match self {
            Self::Runtime => tokio::task::spawn_blocking(work).await,
            Self::Simulated(_) => {
                self.pause().await;
                let done = work();
                self.pause().await;
                Ok(done)
            }
        }
    }
}

/// The tasks that work for connections: a server that stops waits for them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    crew: Crew,
}

impl Tasks {
    pub(crate) fn new(crew: Crew) -> Self {
        Self { tracker: TaskTracker::new(), crew }
    }

    /// Starts a task.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.crew.spawn(self.tracker.track_future(task));
    }

    /// Waits until all have ended.
    pub(crate) async fn ended(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}
