//! One worker who does everything: all tasks of the simulated machine, a turn of one after the other.
//!
//! Which of those that can go on gets the next turn is decided by the seed alone, not by the order in which they were
//! woken. So it does not matter what order a hash map has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use decentra_server::machine::{Job, Worker};
use fastrand::Rng;

use crate::disk::Disk;

/// Tasks that end together: those of one life of the server, or those of the people.
pub type Group = u64;

type Key = (Group, u64);

/// All tasks of the simulated machine.
#[derive(Default)]
pub struct Turns(Mutex<State>);

#[derive(Default)]
struct State {
    jobs: BTreeMap<Key, Slot>,
    ready: BTreeSet<Key>,
    last: u64,
    chance: Rng,
    waker: Option<Waker>,
}

struct Slot {
    /// Empty while it has its turn.
    job: Option<Job>,
    waker: Waker,
}

/// What makes one task ready.
struct Bell {
    key: Key,
    turns: Weak<Turns>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        if let Some(turns) = self.turns.upgrade() {
            turns.ready(self.key);
        }
    }
}

impl Turns {
    /// Nothing to do yet; what gets a turn when follows from `chance`.
    pub fn new(chance: Rng) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { chance, ..State::default() })))
    }

    /// Takes on a task of `group`.
    pub fn spawn(self: &Arc<Self>, group: Group, job: Job) {
        let mut state = self.state();
        state.last += 1;
        let key = (group, state.last);
        let waker = Waker::from(Arc::new(Bell { key, turns: Arc::downgrade(self) }));
        state.jobs.insert(key, Slot { job: Some(job), waker });
        drop(state);
        self.ready(key);
    }

    /// How many tasks of `group` there are.
    pub fn count(&self, group: Group) -> usize {
        self.state().jobs.range((group, 0)..=(group, u64::MAX)).count()
    }

    /// Ends all tasks of `group`, wherever they are.
    pub fn kill(&self, group: Group) {
        let mut ended = Vec::new();
        {
            let mut state = self.state();
            let keys: Vec<Key> = state.jobs.range((group, 0)..=(group, u64::MAX)).map(|job| *job.0).collect();
            for key in keys {
                ended.extend(state.jobs.remove(&key));
                state.ready.remove(&key);
            }
        }
        // What is dropped may wake others, for which the state must be free.
        drop(ended);
    }

    /// Gives turns for ever.
    pub async fn run(&self) {
        tokio::task::unconstrained(std::future::poll_fn(|context| {
            self.state().waker = Some(context.waker().clone());
            while let Some((key, mut job, waker)) = self.next() {
                let polled = job.as_mut().poll(&mut Context::from_waker(&waker));
                self.give_back(key, job, polled);
            }
            Poll::<()>::Pending
        }))
        .await;
    }

    fn next(&self) -> Option<(Key, Job, Waker)> {
        let mut state = self.state();
        let count = state.ready.len();
        let nth = if count > 1 { state.chance.usize(..count) } else { 0 };
        let key = *state.ready.iter().nth(nth)?;
        state.ready.remove(&key);
        let slot = state.jobs.get_mut(&key)?;
        Some((key, slot.job.take()?, slot.waker.clone()))
    }

    fn give_back(&self, key: Key, job: Job, polled: Poll<()>) {
        let mut state = self.state();
        if polled.is_pending()
            && let Some(slot) = state.jobs.get_mut(&key)
        {
            slot.job = Some(job);
            return;
        }
        let ended = state.jobs.remove(&key);
        // What is dropped may wake others, for which the state must be free.
        drop(state);
        drop((job, ended));
    }

    fn ready(&self, key: Key) {
        let waker = {
            let mut state = self.state();
            if !state.jobs.contains_key(&key) || !state.ready.insert(key) {
                return;
            }
            state.waker.clone()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The worker of one life of the server.
pub struct Gang {
    turns: Arc<Turns>,
    group: Group,
    /// What blocks waits for it.
    disk: Disk,
    /// Decides how long.
    chance: Mutex<Rng>,
}

impl Gang {
    /// The worker of `group`.
    pub fn new(turns: Arc<Turns>, group: Group, disk: Disk, chance: Rng) -> Self {
        Self { turns, group, disk, chance: Mutex::new(chance) }
    }
}

impl Worker for Gang {
    fn spawn(&self, task: Job) {
        self.turns.spawn(self.group, task);
    }

    fn pause(&self) -> Job {
        let max = u64::try_from(self.disk.pause_max().as_millis()).unwrap_or(u64::MAX);
        let millis = self.chance.lock().unwrap_or_else(PoisonError::into_inner).u64(..=max);
        Box::pin(crate::time::sleep(Duration::from_millis(millis)))
    }
}

impl Debug for Gang {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Gang {}", self.group)
    }
}
