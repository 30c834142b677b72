//! The three ways in which a room is driven. Each ends when all that was sent has arrived everywhere, and been checked.

use std::time::Duration;

use anyhow::Result;

use crate::histogram::Histogram;
use crate::room::Room;

/// What came of it.
#[derive(Debug)]
pub struct Drive {
    /// How many messages were sent.
    pub messages: u64,
    /// How many frames that made: one for each message and receiver.
    pub deliveries: u64,
    /// How long it took.
    pub wall: Duration,
    /// For how long of that the load had nothing to read.
    pub idle: Duration,
    /// For each delivery, the time since its message was due.
    pub latency: Histogram,
}

/// One message in flight, for `window`: the next is sent when all receivers have the last.
pub fn one_in_flight(room: &mut Room, window: Duration) -> Result<Drive> {
    let mut run = Run::begin(room);
    while run.elapsed() < window {
        run.room.send(0, run.room.now())?;
        while run.room.outstanding() > 0 {
            run.turn(|_, _| Ok(()))?;
        }
    }
    run.end()
}

/// Each sender keeps `in_flight` messages under way, for `window`: it sends its next when it has one of its own back.
pub fn pipelined(room: &mut Room, in_flight: usize, window: Duration) -> Result<Drive> {
    let mut run = Run::begin(room);
    for _ in 0..in_flight {
        for sender in 0..run.room.senders() {
            run.room.send(sender, run.room.now())?;
        }
    }
    while run.room.outstanding() > 0 {
        let sending = run.elapsed() < window;
        run.turn(|room, sender| if sending { room.send(sender, room.now()) } else { Ok(()) })?;
    }
    run.end()
}

/// `per_second` messages a second, for `window`, whether or not the server keeps up; the senders take turns.
pub fn paced(room: &mut Room, per_second: u32, window: Duration) -> Result<Drive> {
    let mut run = Run::begin(room);
    let mut due = run.start;
    let mut sender = 0;
    while due < run.start + window || run.room.outstanding() > 0 {
        while due < run.start + window && run.room.now() >= due {
            run.room.send(sender, due)?;
            due += Duration::from_secs(1) / per_second;
            sender = (sender + 1) % run.room.senders();
        }
        run.turn(|_, _| Ok(()))?;
    }
    run.end()
}

/// A drive that is under way.
struct Run<'a> {
    room: &'a mut Room,
    start: Duration,
    sent_before: u64,
    idle_before: Duration,
    latency: Histogram,
}

impl<'a> Run<'a> {
    /// Begins to drive `room`.
    fn begin(room: &'a mut Room) -> Self {
        let (start, sent_before, idle_before) = (room.now(), room.sent(), room.idle());
        Self { room, start, sent_before, idle_before, latency: Histogram::default() }
    }

    /// The time since it began.
    fn elapsed(&self) -> Duration {
        self.room.now().saturating_sub(self.start)
    }

    /// Reads what is there. For each message that is back at its sender, `echoed` is told that sender, at once.
    fn turn(&mut self, mut echoed: impl FnMut(&mut Room, usize) -> Result<()>) -> Result<()> {
        for nth in 0..self.room.poll()? {
            let received = self.room.read(nth, |age| self.latency.record(age))?;
            let Some(sender) = received.sender else { continue };
            for _ in 0..received.echoes {
                echoed(self.room, sender)?;
            }
        }
        Ok(())
    }

    /// Checks everything, and sums up.
    fn end(mut self) -> Result<Drive> {
        let wall = self.elapsed();
        self.room.settle(|age| self.latency.record(age))?;
        let messages = self.room.sent() - self.sent_before;
        Ok(Drive {
            messages,
            deliveries: messages * self.room.receivers() as u64,
            wall,
            idle: self.room.idle().saturating_sub(self.idle_before),
            latency: self.latency,
        })
    }
}
