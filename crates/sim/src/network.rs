//! A network that can be slowed down, held up, and cut at any byte.
//!
//! A connection is two lanes, one each way. What is written to a lane arrives later, in order, in pieces of any size;
//! how much later, and in which pieces, is decided by the lane's own chance, so that it does not depend on what happens
//! on others. One task delivers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use decentra_server::{Pipe, Port, Stream};
use fastrand::Rng;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::time;

/// Connections that wait to be taken, at most.
const ARRIVING_MAX: usize = 64;

/// Who connects has this address; nothing depends on it.
const PEER: ([u8; 4], u16) = ([10, 0, 0, 1], 40_000);

type LinkId = u64;

/// One of a connection's two lanes.
type LaneId = (LinkId, Way);

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From a client to the server.
    Up,
    /// From the server to a client.
    Down,
}

/// How a network is.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    /// How long bytes take, at most.
    pub delay_max: Duration,
    /// Bytes that a lane holds, at most: beyond it, who writes must wait.
    pub room: usize,
    /// Bytes that are read at once, at most.
    pub grain: usize,
}

impl Weather {
    /// Nothing takes any time.
    pub const CALM: Self = Self { delay_max: Duration::ZERO, room: 1 << 20, grain: 1 << 20 };
}

/// A network. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Network {
    shared: Arc<Mutex<Shared>>,
    changed: Arc<Notify>,
}

#[derive(Debug)]
struct Shared {
    weather: Weather,
    chance: Rng,
    lanes: BTreeMap<LaneId, Lane>,
    /// How many ends of each connection are held.
    ends: BTreeMap<LinkId, u8>,
    /// What arrives when.
    agenda: BTreeSet<(Instant, LaneId)>,
    last: LinkId,
    server: Option<mpsc::Sender<(Box<dyn Pipe>, SocketAddr)>>,
}

/// Bytes on their way in one direction.
#[derive(Debug)]
struct Lane {
    chance: Rng,
    weather: Weather,
    /// What is on its way, and when it arrives.
    flying: VecDeque<(Instant, Vec<u8>)>,
    /// Bytes on their way.
    flying_bytes: usize,
    /// What has arrived and was not read yet.
    arrived: VecDeque<u8>,
    /// Whether more can come.
    tail: Tail,
    /// Nobody reads any more: writing is an error.
    is_deaf: bool,
    /// What happens to one end is not noticed at the other.
    is_silent: bool,
    /// Nothing arrives before this.
    held_until: Option<Instant>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// Whether more can come out of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tail {
    /// As long as someone writes.
    Open,
    /// The end was written, and arrives after all else.
    Ended,
    /// Nothing, but for what has arrived; reading on is an error.
    Cut,
}

impl Lane {
    fn new(chance: Rng, weather: Weather) -> Self {
        Self {
            chance,
            weather,
            flying: VecDeque::new(),
            flying_bytes: 0,
            arrived: VecDeque::new(),
            tail: Tail::Open,
            is_deaf: false,
            is_silent: false,
            held_until: None,
            reader: None,
            writer: None,
        }
    }

    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }

    fn room(&self) -> usize {
        self.weather.room.saturating_sub(self.flying_bytes + self.arrived.len())
    }

    /// When bytes arrive that are written now.
    fn arrival(&mut self, now: Instant) -> Instant {
        let millis = u64::try_from(self.weather.delay_max.as_millis()).unwrap_or(u64::MAX);
        // Mostly it is quick.
        let millis = if self.chance.u8(..4) == 0 { millis } else { millis / 8 };
        let after = now + Duration::from_millis(self.chance.u64(..=millis));
        let after = self.flying.back().map_or(after, |last| last.0.max(after));
        self.held_until.map_or(after, |until| until.max(after))
    }

    /// Whether nothing more can arrive.
    fn is_over(&self) -> bool {
        self.tail == Tail::Cut || (self.tail == Tail::Ended && self.flying.is_empty())
    }
}

impl Network {
    /// A network with this weather. What happens on it follows from `chance`.
    pub fn new(weather: Weather, chance: Rng) -> Self {
        let shared = Shared {
            weather,
            chance,
            lanes: BTreeMap::new(),
            ends: BTreeMap::new(),
            agenda: BTreeSet::new(),
            last: 0,
            server: None,
        };
        Self { shared: Arc::new(Mutex::new(shared)), changed: Arc::default() }
    }

    /// A server's port. The one before, if there was one, takes nobody any more.
    pub fn listen(&self, address: SocketAddr) -> Port {
        let (sender, receiver) = mpsc::channel(ARRIVING_MAX);
        self.shared().server = Some(sender);
        Port::Simulated(address, receiver)
    }

    /// Nobody listens any more.
    pub fn close(&self) {
        self.shared().server = None;
    }

    /// A connection to the server.
    pub async fn connect(&self) -> io::Result<Stream> {
        let delay = {
            let mut shared = self.shared();
            let millis = u64::try_from(shared.weather.delay_max.as_millis()).unwrap_or(u64::MAX) / 4;
            Duration::from_millis(shared.chance.u64(..=millis))
        };
        time::sleep(delay).await;
        let mut shared = self.shared();
        let Some(server) = shared.server.clone() else { return Err(ErrorKind::ConnectionRefused.into()) };
        shared.last += 1;
        let link = shared.last;
        for way in [Way::Up, Way::Down] {
            let mut weather = shared.weather;
            weather.grain = if weather.grain > 1 { shared.chance.usize(1..=weather.grain) } else { 1 };
            let lane = Lane::new(shared.chance.fork(), weather);
            shared.lanes.insert((link, way), lane);
        }
        shared.ends.insert(link, 2);
        drop(shared);
        let end = |reads, writes| Box::new(End { network: self.clone(), link, reads, writes });
        let (near, far) = (end(Way::Down, Way::Up), end(Way::Up, Way::Down));
        server.try_send((far, SocketAddr::from(PEER))).map_err(|_| ErrorKind::ConnectionRefused)?;
        Ok(Stream::Simulated(near))
    }

    /// Brings what is written to where it goes, for ever.
    pub async fn deliver(&self) {
        loop {
            let next = self.shared().agenda.first().copied();
            let Some((at, lane)) = next else {
                self.changed.notified().await;
                continue;
            };
            if at > Instant::now() {
                tokio::select! {
                    biased;
                    () = self.changed.notified() => {}
                    () = time::until(at) => {}
                }
                continue;
            }
            self.arrive(at, lane);
        }
    }

    fn arrive(&self, at: Instant, id: LaneId) {
        let mut shared = self.shared();
        shared.agenda.remove(&(at, id));
        let Some(lane) = shared.lanes.get_mut(&id) else { return };
        if lane.tail == Tail::Cut {
            return;
        }
        if let Some(until) = lane.held_until.filter(|until| *until > at) {
            shared.agenda.insert((until, id));
            return;
        }
        while lane.flying.front().is_some_and(|first| first.0 <= at) {
            let (_, bytes) = lane.flying.pop_front().expect("it was just looked at");
            lane.flying_bytes -= bytes.len();
            lane.arrived.extend(bytes);
        }
        lane.wake();
    }

    /// The connections that there are.
    pub fn links(&self) -> Vec<u64> {
        let shared = self.shared();
        shared.lanes.keys().filter(|lane| lane.1 == Way::Up).map(|lane| lane.0).collect()
    }

    /// Breaks a connection. What was on its way arrives up to some byte, or not at all.
    pub fn cut(&self, link: LinkId) {
        self.break_lane((link, Way::Up), true);
        self.break_lane((link, Way::Down), true);
    }

    /// Breaks a connection so that only the client notices: to the server it is as if nobody said or read anything.
    pub fn vanish(&self, link: LinkId) {
        self.break_lane((link, Way::Down), false);
        let mut shared = self.shared();
        if let Some(lane) = shared.lanes.get_mut(&(link, Way::Down)) {
            lane.is_silent = true;
        }
        if let Some(lane) = shared.lanes.get_mut(&(link, Way::Up)) {
            lane.flying.clear();
            lane.flying_bytes = 0;
            lane.is_deaf = true;
            lane.is_silent = true;
            lane.writer.take().into_iter().for_each(Waker::wake);
        }
    }

    /// Lets nothing arrive on one lane for a while.
    pub fn hold(&self, link: LinkId, way: Way, duration: Duration) {
        let mut shared = self.shared();
        if let Some(lane) = shared.lanes.get_mut(&(link, way)) {
            lane.held_until = Some(Instant::now() + duration);
        }
    }

    /// Ends all that holds anything up.
    pub fn heal(&self) {
        let mut shared = self.shared();
        shared.lanes.values_mut().for_each(|lane| lane.held_until = None);
    }

    fn break_lane(&self, id: LaneId, both: bool) {
        let mut shared = self.shared();
        let Some(lane) = shared.lanes.get_mut(&id) else { return };
        let keep = lane.chance.usize(..=lane.flying_bytes);
        let flying: Vec<u8> = lane.flying.drain(..).flat_map(|piece| piece.1).collect();
        lane.arrived.extend(&flying[..keep]);
        lane.flying_bytes = 0;
        lane.tail = Tail::Cut;
        lane.is_deaf = both;
        lane.wake();
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One end of a connection.
#[derive(Debug)]
struct End {
    network: Network,
    link: LinkId,
    reads: Way,
    writes: Way,
}

impl End {
    fn with<T>(&self, way: Way, act: impl FnOnce(&mut Lane) -> T) -> T {
        let mut shared = self.network.shared();
        act(shared.lanes.get_mut(&(self.link, way)).expect("a lane is there as long as one of its ends"))
    }
}

impl Pipe for End {
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.with(self.reads, |lane| {
            if lane.arrived.is_empty() {
                return match lane.tail {
                    Tail::Cut => Err(ErrorKind::ConnectionReset.into()),
                    Tail::Ended if lane.flying.is_empty() => Ok(0),
                    Tail::Open | Tail::Ended => Err(ErrorKind::WouldBlock.into()),
                };
            }
            let count = lane.arrived.len().min(buffer.len()).min(lane.weather.grain);
            for (slot, byte) in buffer.iter_mut().zip(lane.arrived.drain(..count)) {
                *slot = byte;
            }
            lane.writer.take().into_iter().for_each(Waker::wake);
            Ok(count)
        })
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.with(self.writes, |lane| {
            if lane.is_deaf || lane.tail == Tail::Ended {
                return Err(io::Error::from(ErrorKind::BrokenPipe));
            }
            let count = bytes.len().min(lane.room());
            if count == 0 && !bytes.is_empty() {
                return Err(ErrorKind::WouldBlock.into());
            }
            let now = Instant::now();
            // Sometimes in two pieces, wherever that cuts it.
            let cut = if lane.chance.u8(..4) == 0 { lane.chance.usize(..=count) } else { count };
            let mut arrivals = Vec::with_capacity(2);
            for piece in [&bytes[..cut], &bytes[cut..count]].into_iter().filter(|piece| !piece.is_empty()) {
                let at = lane.arrival(now);
                lane.flying.push_back((at, piece.to_vec()));
                lane.flying_bytes += piece.len();
                arrivals.push(at);
            }
            Ok((count, arrivals))
        });
        let (count, arrivals) = written?;
        let id = (self.link, self.writes);
        self.network.shared().agenda.extend(arrivals.into_iter().map(|at| (at, id)));
        self.network.changed.notify_one();
        Ok(count)
    }

    fn poll_readable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(self.reads, |lane| {
            if !lane.arrived.is_empty() || lane.is_over() {
                return Poll::Ready(Ok(()));
            }
            lane.reader = Some(context.waker().clone());
            Poll::Pending
        })
    }

    fn poll_writable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(self.writes, |lane| {
            if lane.is_deaf || lane.tail == Tail::Ended || lane.room() > 0 {
                return Poll::Ready(Ok(()));
            }
            lane.writer = Some(context.waker().clone());
            Poll::Pending
        })
    }

    fn end(&self) -> io::Result<()> {
        self.with(self.writes, |lane| {
            lane.tail = lane.tail.max(Tail::Ended);
            lane.reader.take().into_iter().for_each(Waker::wake);
        });
        Ok(())
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let mut shared = self.network.shared();
        let reads =
            shared.lanes.get_mut(&(self.link, self.reads)).expect("a lane is there as long as its ends");
        // As the kernel does it: who hangs up with something unread resets the connection.
        let resets = !reads.arrived.is_empty();
        if !reads.is_silent {
            reads.is_deaf = true;
            reads.wake();
        }
        let writes =
            shared.lanes.get_mut(&(self.link, self.writes)).expect("a lane is there as long as its ends");
        if !writes.is_silent {
            writes.tail = writes.tail.max(if resets { Tail::Cut } else { Tail::Ended });
            writes.wake();
        }
        let left = shared.ends.entry(self.link).or_default();
        *left -= 1;
        if *left == 0 {
            shared.ends.remove(&self.link);
            shared.lanes.remove(&(self.link, Way::Up));
            shared.lanes.remove(&(self.link, Way::Down));
        }
    }
}
