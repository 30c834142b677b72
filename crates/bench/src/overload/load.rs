//! The load: callers, guests and sessions, which one thread drives, and what becomes of what they ask.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::guests::Guests;
use super::mix::{Kind, MIX};
use super::tally::Stretch;
use crate::audience::Audience;
use crate::callers::{Call, Callers};
use crate::poster::{head, put_request};
use crate::seed::Place;
use crate::stamp::Stamp;

/// How many there are of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd {
    /// Connections over HTTP: as many as are under way at most, so that what is due need not wait in the load.
    pub(super) callers: usize,
    /// Guests in the lobby.
    pub(super) guests: usize,
    /// Sessions of the gateway.
    pub(super) sessions: usize,
}

/// Messages in a page of history.
const PAGE: usize = 50;

/// Things asked at once, before what came is read.
const ASKED_AT_ONCE: usize = 64;

/// Time without a single answer after which a server counts as stuck.
const STALL: Duration = Duration::from_secs(10);

/// The load.
pub(super) struct Load {
    epoch: Instant,
    callers: Callers,
    guests: Guests,
    audience: Audience,
    requests: Requests,
    /// How many things were asked so far.
    asked: usize,
    /// What became of it, by when it was due.
    stretches: Vec<Stretch>,
    /// When the last answer came.
    answered: Duration,
}

/// What callers send.
struct Requests {
    /// Heads of posts, one for each member who posts.
    heads: Vec<String>,
    pages: Vec<String>,
    posted: u64,
    read: usize,
}

impl Load {
    /// Everyone comes to the server at `address`.
    pub(super) fn come(address: SocketAddr, place: &Place, crowd: Crowd) -> Result<Self> {
        let members = crowd.sessions;
        let page = |nth| {
            format!(
                "GET /api/v10/channels/{}/messages?limit={PAGE} HTTP/1.1\r\nHost: localhost\r\n\
                Authorization: {}\r\n\r\n",
                place.channel,
                place.token(nth)
            )
        };
        Ok(Self {
            audience: Audience::open(address, place, crowd.sessions)?,
            guests: Guests::enter(address, crowd.guests)?,
            callers: Callers::new(address, crowd.callers)?,
            requests: Requests {
                heads: (0..members).map(|nth| head(&place.channel, &place.token(nth))).collect(),
                pages: (0..members).map(page).collect(),
                posted: 0,
                read: 0,
            },
            epoch: Instant::now(),
            asked: 0,
            stretches: vec![Stretch::new(Duration::ZERO)],
            answered: Duration::ZERO,
        })
    }

    /// How often a session was cut off, and came back.
    pub(super) fn came_back(&self) -> u64 {
        self.audience.came_back()
    }

    fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// Keeps `in_flight` things under way, for `window`.
    pub(super) fn drive_closed(&mut self, in_flight: usize, window: Duration) -> Result<()> {
        self.begin();
        let start = self.now();
        while self.now() < start + window {
            while self.under_way() < in_flight {
                self.ask(self.now())?;
            }
            self.turn()?;
        }
        Ok(())
    }

    /// Asks `per_second` things a second, for `window`, whether or not the server keeps up.
    pub(super) fn drive_open(&mut self, per_second: f64, window: Duration) -> Result<()> {
        self.begin();
        let start = self.now();
        let step = Duration::from_secs_f64(1.0 / per_second);
        let mut due = start;
        while due < start + window {
            // A few at a time: who is late must go on reading, too.
            for _ in 0..ASKED_AT_ONCE {
                if due >= start + window || self.now() < due {
                    break;
                }
                self.ask(due)?;
                due += step;
            }
            self.turn()?;
        }
        Ok(())
    }

    /// Waits until all is answered, and everyone has been told of what was taken; checks that it was that, and no more.
    pub(super) fn settle(&mut self) -> Result<()> {
        while self.under_way() > 0 || !self.audience.has_all(self.taken(&[Kind::Post, Kind::Say])) {
            self.turn()?;
            ensure!(
                self.now() < self.answered + STALL,
                "nothing for {STALL:?}; {} under way, of {} messages to tell",
                self.under_way(),
                self.taken(&[Kind::Post, Kind::Say])
            );
        }
        self.guests.settle(self.taken(&[Kind::Say]))?;
        self.audience.settle(self.taken(&[Kind::Post, Kind::Say]))
    }

    /// What became of all, since the beginning, by stretches of time.
    pub(super) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    fn begin(&mut self) {
        self.stretches.push(Stretch::new(self.now()));
    }

    fn under_way(&self) -> usize {
        self.callers.under_way() + self.guests.under_way()
    }

    fn taken(&self, kinds: &[Kind]) -> u64 {
        let of = |stretch: &Stretch| kinds.iter().map(|kind| stretch.kinds[kind.number()].taken).sum::<u64>();
        self.stretches.iter().map(of).sum()
    }

    /// Asks the next thing, which was due at `due`.
    fn ask(&mut self, due: Duration) -> Result<()> {
        let kind = MIX[self.asked % MIX.len()];
        self.asked += 1;
        stretch_of(&mut self.stretches, due).kinds[kind.number()].offered += 1;
        if kind == Kind::Say {
            return self.guests.say(due);
        }
        let Self { callers, requests, .. } = self;
        callers.call(Call { kind: kind.number(), due }, &mut |call, bytes| requests.put(call, bytes))
    }

    /// Takes what came.
    fn turn(&mut self) -> Result<()> {
        let Self { callers, guests, audience, requests, stretches, answered, epoch, .. } = self;
        let now = || epoch.elapsed();
        let mut note = |kind: usize, due: Duration, verdict| {
            *answered = now();
            let after = answered.saturating_sub(due);
            stretch_of(stretches, due).kinds[kind].note(verdict, after);
        };
        callers.turn(&mut |call, bytes| requests.put(call, bytes), |call, verdict| {
            note(call.kind, call.due, verdict);
        })?;
        guests.turn(|due, verdict| note(Kind::Say.number(), due, verdict))?;
        audience.turn(|due| stretch_of(stretches, due).deliveries.record(now().saturating_sub(due)))
    }
}

/// The stretch in which `due` lies.
fn stretch_of(stretches: &mut [Stretch], due: Duration) -> &mut Stretch {
    let nth = stretches.iter().rposition(|stretch| stretch.start <= due).unwrap_or_default();
    &mut stretches[nth]
}

impl Requests {
    /// Writes the request of `call`.
    fn put(&mut self, call: Call, bytes: &mut Vec<u8>) {
        if call.kind == Kind::Read.number() {
            bytes.extend_from_slice(self.pages[self.read % self.pages.len()].as_bytes());
            self.read += 1;
            return;
        }
        let Self { heads, posted, .. } = self;
        let head = &heads[usize::try_from(*posted).unwrap_or_default() % heads.len()];
        let stamp = Stamp { sender: call.kind, sequence: *posted, due: call.due };
        put_request(head, &stamp.content(), bytes);
        *posted += 1;
    }
}
