//! Sessions of the gateway that are told of every message.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::inbox::Piece;
use crate::payload::{Payload, stamp_in};
use crate::seed::Place;
use crate::session::{HEARTBEAT, heartbeat, is_hello, known_sessions, resume};
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, GATEWAY, Opcode, is_accepted};

/// The code by which one is cut off that reads too slowly: it may resume.
const TOO_SLOW: u16 = 4_000;

/// The sessions. One that is cut off, since it reads too slowly for what it is told, comes back and goes on.
pub struct Audience {
    swarm: Swarm,
    address: SocketAddr,
    /// The id and the token of each.
    known: Vec<(String, String)>,
    came_back: u64,
    /// What each has heard so far.
    heard: Vec<Heard>,
    /// When each gave its last sign of life, and who is to look first whether it is time for the next.
    beats: Vec<Instant>,
    next: usize,
}

/// What a session has heard.
#[derive(Debug, Clone, Copy, Default)]
struct Heard {
    /// The last sequence; 0, as long as none came since it was opened.
    sequence: u64,
    messages: u64,
}

impl Audience {
    /// Opens `count` sessions, each of another member of `place`.
    pub fn open(address: SocketAddr, place: &Place, count: usize) -> Result<Self> {
        let (swarm, ids) = known_sessions(address, count, |nth| place.token(nth))?;
        let known = ids.into_iter().enumerate().map(|(nth, id)| (id, place.token(nth))).collect();
        Ok(Self {
            swarm,
            address,
            known,
            came_back: 0,
            heard: vec![Heard::default(); count],
            beats: vec![Instant::now(); count],
            next: 0,
        })
    }

    /// How often one was cut off, and came back.
    pub fn came_back(&self) -> u64 {
        self.came_back
    }

    /// Takes what came, and tells `delivered` of each message when it was due.
    pub fn turn(&mut self, mut delivered: impl FnMut(Duration)) -> Result<()> {
        self.beat()?;
        for nth in 0..self.swarm.poll(Wait::Spin)? {
            let session = self.swarm.ready(nth);
            let Self { swarm, heard, .. } = self;
            let heard = &mut heard[session];
            let (mut is_cut, mut is_greeted) = (false, false);
            let reading = swarm.read(session, |piece| {
                let payload = match piece {
                    Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) => payload,
                    Piece::Frame(Frame { opcode: Opcode::Close, payload, .. })
                        if payload.starts_with(&TOO_SLOW.to_be_bytes()) =>
                    {
                        is_cut = true;
                        return Ok(());
                    }
                    Piece::Head(answer) if is_accepted(answer) => return Ok(()),
                    other => bail!("session {session} got {other:?}"),
                };
                if is_hello(payload) {
                    is_greeted = true;
                    return Ok(());
                }
                let (name, sequence, d) = match Payload::read(payload)? {
                    Payload::Dispatch { name, sequence, d } => (name, sequence, d),
                    Payload::Other(11) => return Ok(()),
                    other @ Payload::Other(_) => bail!("session {session} got {other:?}"),
                };
                let is_next = heard.sequence == 0 || sequence == heard.sequence + 1;
                ensure!(is_next, "session {session} stands at {}, and got {sequence}", heard.sequence);
                heard.sequence = sequence;
                if name == b"MESSAGE_CREATE" {
                    heard.messages += 1;
                    delivered(stamp_in(d)?.due);
                }
                Ok(())
            })?;
            if is_cut {
                self.came_back += 1;
                self.swarm.connect_again(session, self.address, GATEWAY)?;
            } else if is_greeted {
                let (id, token) = &self.known[session];
                self.swarm.send(session, &resume(token, id, self.heard[session].sequence))?;
            } else {
                ensure!(reading == Reading::Drained, "the server ended session {session}");
            }
        }
        Ok(())
    }

    /// Gives a sign of life, if it is time for one.
    fn beat(&mut self) -> Result<()> {
        self.next = (self.next + 1) % self.beats.len();
        let last = &mut self.beats[self.next];
        if last.elapsed() < HEARTBEAT {
            return Ok(());
        }
        *last = Instant::now();
        self.swarm.send(self.next, &heartbeat())
    }

    /// Whether each has heard so many messages.
    pub fn has_all(&self, taken: u64) -> bool {
        self.heard.iter().all(|heard| heard.messages == taken)
    }

    /// Checks, when nothing is under way, that each was told of all that was taken, and of nothing else.
    pub fn settle(&self, taken: u64) -> Result<()> {
        let other = self.heard.iter().map(|heard| heard.messages).find(|messages| *messages != taken);
        ensure!(other.is_none(), "{taken} messages were taken, and a session heard {other:?}");
        Ok(())
    }
}
