//! Everyone in one place: who sends, who receives, and whether what is received is right.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::inbox::Piece;
use crate::ledger::Ledger;
use crate::packed::{Packed, Volume};
use crate::protocol::{Look, Protocol};
use crate::senders::Senders;
use crate::stamp::{CONTENT_BYTES, Stamp};
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, Opcode, WebSocket};

/// Time without a single frame after which a server counts as stuck.
const STALL: Duration = Duration::from_secs(10);

/// Joined connections, all in one room.
pub struct Room {
    swarm: Swarm,
    /// What all in it speak.
    protocol: &'static dyn Protocol,
    senders: Senders,
    /// How [`Room::poll`] waits.
    wait: Wait,
    ledger: Ledger,
    shape: Option<Shape>,
    /// What came compressed, for each connection, until [`Room::settle`] unpacks it; empty where nothing is.
    packed: Vec<Packed>,
    /// The beginning of this room's time.
    epoch: Instant,
    /// How many messages each sender has sent.
    sent: Vec<u64>,
    /// How many frames have arrived, of all messages and receivers.
    delivered: u64,
    /// How long the load has looked at sockets in vain, in all.
    idle: Duration,
    /// When something last arrived.
    arrived: Duration,
    frame: Vec<u8>,
}

/// What one read brought.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// The sender on whose connection it was, if it was a sender's.
    pub sender: Option<usize>,
    /// How many of that sender's own messages were among it.
    pub echoes: u64,
}

/// What all message frames of one server have in common: how many bytes follow the content. What comes before it may
/// hold a number that grows.
#[derive(Debug, Clone, Copy)]
struct Shape {
    look: Look,
    after_bytes: usize,
    /// Bytes of the first one.
    payload_bytes: usize,
}

impl Room {
    /// The room that the connections of `swarm` have joined, and where these send. Whoever waits in it spins.
    pub fn new(swarm: Swarm, senders: Senders) -> Self {
        Self {
            ledger: Ledger::new(swarm.connections(), senders.count()),
            sent: vec![0; senders.count()],
            swarm,
            protocol: &WebSocket,
            senders,
            wait: Wait::Spin,
            shape: None,
            packed: Vec::new(),
            epoch: Instant::now(),
            delivered: 0,
            idle: Duration::ZERO,
            arrived: Duration::ZERO,
            frame: Vec::new(),
        }
    }

    /// The same room, in which another protocol is spoken.
    #[must_use]
    pub fn speaking(self, protocol: &'static dyn Protocol) -> Self {
        Self { protocol, ..self }
    }

    /// The same room, in which one waits like this.
    #[must_use]
    pub fn waiting(self, wait: Wait) -> Self {
        Self { wait, ..self }
    }

    /// The same room, where messages come compressed. They are counted as they come, and unpacked and checked in
    /// [`Room::settle`]; since nobody looks into them before, no sender knows its own: it cannot be driven pipelined.
    #[must_use]
    pub fn unpacking(self, packed: Vec<Packed>) -> Self {
        Self { packed, ..self }
    }

    /// The time in this room.
    pub fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// How many receive each message: everyone, its sender too.
    pub fn receivers(&self) -> usize {
        self.swarm.connections()
    }

    /// How many send.
    pub fn senders(&self) -> usize {
        self.sent.len()
    }

    /// How many messages each sender can have under way.
    pub fn in_flight_max(&self) -> usize {
        self.senders.in_flight_max()
    }

    /// Bytes of a message as it came, but unpacked, once one has.
    pub fn payload_bytes(&self) -> Option<usize> {
        self.shape.map(|shape| shape.payload_bytes)
    }

    /// How much came compressed, on all connections.
    pub fn packed_volume(&self) -> Volume {
        self.packed.iter().map(Packed::volume).fold(Volume::default(), |all, each| Volume {
            frames: all.frames + each.frames,
            bytes: all.bytes + each.bytes,
        })
    }

    /// How many messages were sent, by all.
    pub fn sent(&self) -> u64 {
        self.sent.iter().sum()
    }

    /// How many frames are still to come: one for each message sent and receiver, less those that came.
    pub fn outstanding(&self) -> u64 {
        self.sent() * self.receivers() as u64 - self.delivered
    }

    /// How long the load has looked at sockets in vain, in all.
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// Sends the next message of `sender`, which was due at `due`.
    pub fn send(&mut self, sender: usize, due: Duration) -> Result<()> {
        let content = Stamp { sender, sequence: self.sent[sender], due }.content();
        if self.outstanding() == 0 {
            self.arrived = self.now();
        }
        self.sent[sender] += 1;
        self.frame.clear();
        self.protocol.put_message(&content, &mut self.frame);
        match &mut self.senders {
            Senders::Posting(posters) => posters[sender].post(&content),
            Senders::Apart(swarm) => swarm.send(sender, &self.frame),
            Senders::Among(_) => self.swarm.send(self.connection_of(sender), &self.frame),
        }
    }

    /// Looks how many connections have something to read.
    pub fn poll(&mut self) -> Result<usize> {
        let before = self.now();
        let ready = self.swarm.poll(self.wait)?;
        if ready == 0 {
            let now = self.now();
            self.idle += now.saturating_sub(before);
            let stalled = self.outstanding() > 0 && now > self.arrived + STALL;
            ensure!(!stalled, "nothing for {STALL:?}, and {} frames are still to come", self.outstanding());
        } else {
            self.arrived = before;
        }
        Ok(ready)
    }

    /// Reads from the connection in the `nth` place of the last [`Room::poll`], checks each message that is there,
    /// and hands its age, since it was due, to `each`.
    pub fn read(&mut self, nth: usize, mut each: impl FnMut(Duration)) -> Result<Received> {
        let place = self.swarm.ready(nth);
        let sender = self.sender_on(place);
        let now = self.now();
        let mut received = Received { sender, echoes: 0 };
        let Self { swarm, protocol, ledger, shape, delivered, packed, .. } = self;
        let reading = swarm.read(place, |piece| {
            *delivered += 1;
            let Piece::Frame(Frame { opcode, payload, .. }) = piece else {
                bail!("not a message, but {piece:?}")
            };
            match (opcode, packed.get_mut(place)) {
                (Opcode::Binary, Some(packed)) => packed.keep(payload, now),
                (Opcode::Text, None) => {
                    let stamp = Stamp::read(content(shape, *protocol, payload)?);
                    ledger.receive(place, &stamp)?;
                    each(now.saturating_sub(stamp.due));
                    received.echoes += u64::from(sender == Some(stamp.sender));
                }
                _ => bail!("not a message, but {piece:?}"),
            }
            Ok(())
        })?;
        ensure!(reading == Reading::Drained, "the server ended the connection of receiver {place}");
        Ok(received)
    }

    /// Checks, when nothing is under way, that nothing was lost, doubled or put out of order. What came compressed is
    /// unpacked, message by message, and `each` is told its age, as [`Room::read`] does with the rest.
    pub fn settle(&mut self, mut each: impl FnMut(Duration)) -> Result<()> {
        let Self { protocol, ledger, shape, packed, .. } = self;
        for (place, packed) in packed.iter_mut().enumerate() {
            packed.unpack(|payload, came| {
                let stamp = Stamp::read(content(shape, *protocol, payload)?);
                ledger.receive(place, &stamp)?;
                each(came.saturating_sub(stamp.due));
                Ok(())
            })?;
        }
        ledger.settle(&self.sent, protocol.has_one_order())
    }

    /// The connection on which `sender` is.
    fn connection_of(&self, sender: usize) -> usize {
        sender * (self.receivers() / self.senders())
    }

    /// The sender that is on `connection`, if it is a sender's.
    fn sender_on(&self, connection: usize) -> Option<usize> {
        let stride = self.receivers() / self.senders();
        let sender = connection / stride;
        (connection.is_multiple_of(stride) && sender < self.senders()).then_some(sender)
    }
}

/// The content of the message in `payload`, which must have the same shape as all before it.
fn content<'a>(
    shape: &mut Option<Shape>,
    protocol: &dyn Protocol,
    payload: &'a [u8],
) -> Result<&'a [u8; CONTENT_BYTES]> {
    let known = match *shape {
        Some(known) => known,
        None => *shape.insert(Shape::of(payload, protocol.look())?),
    };
    known.content(payload)
}

impl Shape {
    /// The shape of the message frame in `payload`.
    fn of(payload: &[u8], look: Look) -> Result<Self> {
        match payload.windows(look.before.len()).position(|window| window == look.before) {
            Some(key_at) => Ok(Self {
                look,
                after_bytes: payload.len().saturating_sub(key_at + look.before.len() + CONTENT_BYTES),
                payload_bytes: payload.len(),
            }),
            None => bail!("a frame without a content: {}", String::from_utf8_lossy(payload)),
        }
    }

    /// The content in `payload`, if this is its shape.
    fn content<'a>(&self, payload: &'a [u8]) -> Result<&'a [u8; CONTENT_BYTES]> {
        let content_at = payload.len().saturating_sub(self.after_bytes + CONTENT_BYTES);
        let (before, after) = payload.split_at_checked(content_at).unwrap_or_default();
        let fits = self.look.heads.iter().any(|head| payload.starts_with(head));
        match after.first_chunk() {
            Some(content) if fits && before.ends_with(self.look.before) => Ok(content),
            _ => bail!("not a message as the first one was: {}", String::from_utf8_lossy(payload)),
        }
    }
}
