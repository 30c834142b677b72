//! The way into the log: no more is let in than the log takes in a moment.
//!
//! What waits is all taken in the next turn of the log, so it waits for the rest of one turn and for its own. A *change*
//! that somebody asked for is let in while the waiting ones are fewer than a turn of [`TURN_MAX`] holds, by what they
//! cost lately, and is turned down at once else: nothing was done for it, and whoever asked knows it now, not later. A
//! *passage* cannot be turned down, since it is how connections come, go on and go; it waits outside, where it costs a
//! place in a queue, and so few come in at once that changes are not held up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use decentra_core::community::Refusal;
use decentra_model::limits::{
    CHANGES_WAITING_MAX, CHANGES_WAITING_MIN, COMMANDS_PER_COMMIT_MAX, PASSAGES_WAITING_MAX, TURN_MAX,
    TURN_STUCK,
};
use tokio::sync::{Notify, Semaphore, mpsc};

use super::Command;
use crate::machine::Crew;
use crate::metrics::Metrics;

/// What marks that no turn is under way.
const NO_TURN: u64 = u64::MAX;

/// The way into the log. The log ends when the last of these is dropped.
#[derive(Clone)]
pub(crate) struct Commands {
    sender: mpsc::Sender<Waiting>,
    gate: Arc<Gate>,
}

/// The log has ended.
#[derive(Debug)]
pub(crate) struct Ended;

/// A command that waits for its turn.
pub(crate) struct Waiting {
    pub(super) command: Command,
    lane: Lane,
}

/// How a command came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Change,
    Passage,
}

/// Counts what waits, and what it costs.
pub(crate) struct Gate {
    /// Changes that wait.
    waiting: AtomicUsize,
    /// Changes that may wait.
    room: AtomicUsize,
    /// When the turn began that is not stored yet, in nanoseconds since `start`; else [`NO_TURN`].
    turn_began: AtomicU64,
    /// Told when there may be room again.
    freed: Notify,
    /// Places for passages.
    passages: Semaphore,
    /// From when on time is counted. It is the processor's: what the log can do follows no clock that can be turned. None
    /// on a simulated machine, where work takes no time.
    start: Option<Instant>,
    metrics: Arc<Metrics>,
}

/// A place for a change. Given back if nothing is put there.
pub(crate) struct Place<'a> {
    commands: &'a Commands,
}

/// The way in, what comes of it, and what counts it.
pub(super) fn gate(crew: &Crew, metrics: Arc<Metrics>) -> (Commands, mpsc::Receiver<Waiting>, Arc<Gate>) {
    let (sender, receiver) = mpsc::channel(COMMANDS_PER_COMMIT_MAX);
    metrics.changes_waiting_max.set(as_gauge(CHANGES_WAITING_MAX));
    let gate = Arc::new(Gate {
        waiting: AtomicUsize::new(0),
        room: AtomicUsize::new(CHANGES_WAITING_MAX),
        turn_began: AtomicU64::new(NO_TURN),
        freed: Notify::new(),
        passages: Semaphore::new(PASSAGES_WAITING_MAX),
        start: matches!(crew, Crew::Runtime).then(Instant::now),
        metrics,
    });
    (Commands { sender, gate: Arc::clone(&gate) }, receiver, gate)
}

impl Commands {
    /// Whether a change would be let in now. To be asked before work is done for one; [`Commands::admit`] decides.
    pub(crate) fn have_room(&self) -> bool {
        let has_room = self.gate.has_room(self.gate.waiting.load(Ordering::Relaxed));
        if !has_room {
            self.gate.metrics.changes_refused.inc();
        }
        has_room
    }

    /// A place for a change, or [`Refusal::Busy`] if too many wait.
    pub(crate) fn admit(&self) -> Result<Place<'_>, Refusal> {
        self.place().ok_or_else(|| {
            self.gate.metrics.changes_refused.inc();
            Refusal::Busy
        })
    }

    /// A place for a change, once there is one; [`Refusal::Busy`] if there was none when `patience` ended.
    pub(crate) async fn admit_within(
        &self,
        patience: impl Future<Output = ()>,
    ) -> Result<Place<'_>, Refusal> {
        if let Some(place) = self.place() {
            return Ok(place);
        }
        tokio::select! {
            place = self.wait_for_place() => Ok(place),
            () = patience => self.admit(),
        }
    }

    async fn wait_for_place(&self) -> Place<'_> {
        loop {
            self.gate.freed.notified().await;
            if let Some(place) = self.place() {
                // One is told at a time, and tells the next.
                self.gate.freed.notify_one();
                return place;
            }
        }
    }

    fn place(&self) -> Option<Place<'_>> {
        let before = self.gate.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place { commands: self };
        self.gate.has_room(before).then_some(place)
    }

    /// Gives the log a command that is not turned down; waits until it may come in.
    pub(crate) async fn pass(&self, command: Command) -> Result<(), Ended> {
        let place = self.gate.passages.acquire().await.map_err(|_| Ended)?;
        self.put(command, Lane::Passage)?;
        // The log gives it back when it takes the command.
        place.forget();
        Ok(())
    }

    fn put(&self, command: Command, lane: Lane) -> Result<(), Ended> {
        // There is room for all that is let in: it is taken out before its place is given back.
        self.sender.try_send(Waiting { command, lane }).map_err(|_| Ended)
    }
}

impl Place<'_> {
    /// Gives the log a change.
    pub(crate) fn take(self, command: Command) -> Result<(), Ended> {
        self.commands.put(command, Lane::Change)?;
        // The log gives it back when it takes the command.
        std::mem::forget(self);
        Ok(())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.commands.gate.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Gate {
    fn has_room(&self, waiting: usize) -> bool {
        waiting < self.room.load(Ordering::Relaxed) && !self.is_stuck(self.now())
    }

    /// Whether what is to be stored takes so long that nobody knows, at the time `now`, when it will be.
    fn is_stuck(&self, now: u64) -> bool {
        let began = self.turn_began.load(Ordering::Relaxed);
        began != NO_TURN && now > began.saturating_add(as_nanos(TURN_STUCK))
    }

    /// Notes that the log has taken what waited.
    pub(super) fn begin_turn(&self, taken: &[Waiting]) -> Turn {
        let changes = taken.iter().filter(|waiting| waiting.lane == Lane::Change).count();
        let began = self.now();
        self.turn_began.store(began, Ordering::Relaxed);
        self.waiting.fetch_sub(changes, Ordering::Relaxed);
        self.passages.add_permits(taken.len() - changes);
        self.freed.notify_one();
        Turn { began, commands: taken.len() }
    }

    /// Notes that what was decided in a turn is stored, or cannot be.
    pub(super) fn note_stored(&self) {
        self.turn_began.store(NO_TURN, Ordering::Relaxed);
    }

    /// Notes that a turn is done, and that its transactions took so long.
    pub(super) fn end_turn(&self, turn: &Turn, syncing: Duration, cost: &mut Cost) {
        let commands = turn.commands;
        let turn = Duration::from_nanos(self.now().saturating_sub(turn.began));
        cost.note(turn.saturating_sub(syncing), commands);
        let room = cost.room();
        self.room.store(room, Ordering::Relaxed);
        self.metrics.turn_seconds.observe(turn.as_secs_f64());
        self.metrics.changes_waiting_max.set(as_gauge(room));
        self.freed.notify_one();
    }

    fn now(&self) -> u64 {
        self.start.map_or(0, |start| as_nanos(start.elapsed()))
    }
}

/// A turn of the log.
#[derive(Debug)]
pub(super) struct Turn {
    /// When it began, in nanoseconds since the gate was made.
    began: u64,
    commands: usize,
}

/// What a command costs the log, without the sync that all of a turn share.
#[derive(Debug, Default)]
pub(super) struct Cost(Duration);

impl Cost {
    /// Notes that `commands` took so long: quickly, if that is more than before, and else slowly, since to let in too
    /// many delays all, and too few for a moment only some.
    fn note(&mut self, took: Duration, commands: usize) {
        let count = u32::try_from(commands.max(1)).unwrap_or(u32::MAX);
        // One that takes very long says nothing of the next.
        let each = (took / count).min(TURN_MAX / to_u32(CHANGES_WAITING_MIN));
        self.0 = if each > self.0 { (self.0 + each) / 2 } else { self.0 * 7 / 8 + each / 8 };
    }

    /// How many may wait.
    fn room(&self) -> usize {
        let fit = TURN_MAX.as_nanos().checked_div(self.0.as_nanos()).unwrap_or(u128::MAX);
        usize::try_from(fit).unwrap_or(usize::MAX).clamp(CHANGES_WAITING_MIN, CHANGES_WAITING_MAX)
    }
}

fn as_nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(NO_TURN)
}

fn as_gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// How many may wait after turns that took so long, of so many commands each.
    fn room_after(turns: &[(Duration, usize)]) -> usize {
        let mut cost = Cost::default();
        for (took, commands) in turns {
            cost.note(*took, *commands);
        }
        cost.room()
    }

    #[test]
    fn as_many_may_wait_as_a_turn_holds() {
        assert_eq!(room_after(&[]), CHANGES_WAITING_MAX);
        let each = TURN_MAX / 100;
        assert_eq!(room_after(&[(each * 10, 10); 50]), 100);
        assert_eq!(room_after(&[(MS, 100); 50]), CHANGES_WAITING_MAX);
    }

    #[test]
    fn one_that_takes_very_long_is_soon_forgotten() {
        let dear = (TURN_MAX * 100, 1);
        assert_eq!(room_after(&[dear; 9]), CHANGES_WAITING_MIN);
        let cheap = (MS / 10, 1);
        let turns: Vec<_> = [dear].into_iter().chain([cheap; 30]).collect();
        assert!(room_after(&turns) > 100);
    }

    #[test]
    fn too_many_are_turned_down_and_what_is_taken_makes_room() {
        let (commands, mut receiver, gate) = gate(&Crew::Runtime, Arc::new(Metrics::new()));
        for _ in 0..CHANGES_WAITING_MAX {
            commands.admit().unwrap().take(Command::Sweep).unwrap();
        }
        assert!(!commands.have_room());
        assert_eq!(commands.admit().err(), Some(Refusal::Busy));
        let mut taken = Vec::new();
        receiver.blocking_recv_many(&mut taken, COMMANDS_PER_COMMIT_MAX);
        gate.begin_turn(&taken);
        assert!(commands.have_room());
    }

    #[test]
    fn while_nobody_knows_when_something_is_stored_nothing_is_let_in() {
        let (_commands, _receiver, gate) = gate(&Crew::Runtime, Arc::new(Metrics::new()));
        let turn = gate.begin_turn(&[]);
        let later = turn.began + as_nanos(TURN_STUCK);
        assert!(!gate.is_stuck(later) && gate.is_stuck(later + 1));
        gate.note_stored();
        assert!(!gate.is_stuck(later + 1));
    }

    #[tokio::test]
    async fn who_waits_gets_the_next_place_or_is_told_when_patience_ends() {
        let (commands, mut receiver, gate) = gate(&Crew::Runtime, Arc::new(Metrics::new()));
        for _ in 0..CHANGES_WAITING_MAX {
            commands.admit().unwrap().take(Command::Sweep).unwrap();
        }
        assert_eq!(commands.admit_within(std::future::ready(())).await.err(), Some(Refusal::Busy));
        let log = async {
            let mut taken = Vec::new();
            receiver.recv_many(&mut taken, COMMANDS_PER_COMMIT_MAX).await;
            gate.begin_turn(&taken);
        };
        let places = [(); 3].map(|()| commands.admit_within(std::future::pending()));
        let (places, ()) = tokio::join!(futures_util::future::join_all(places), log);
        assert!(places.iter().all(Result::is_ok));
    }

    #[test]
    fn a_place_that_is_not_taken_is_given_back() {
        let (commands, _receiver, gate) = gate(&Crew::Runtime, Arc::new(Metrics::new()));
        drop(commands.admit());
        assert_eq!(gate.waiting.load(Ordering::Relaxed), 0);
    }
}
