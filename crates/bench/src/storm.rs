//! `decentra-bench storm`: the server is started anew, and everyone comes back at once.
//!
//! All are sessions of the gateway, each of an account of its own, in one guild. They identify at once; then messages are
//! posted, of which the last ones are not read by everyone, and the server ends: by `kill -9`, by SIGTERM, and by an upgrade,
//! which is a SIGTERM after which another program starts. Who is asked to reconnect by a server that stops must be told so
//! in the words of the gateway. More is posted to the next server, and all connect and resume. Each must have every message
//! once, in order, and `RESUMED`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::calls::Calls;
use crate::cores::{pin, raise_file_limit};
use crate::figure::{Case, Figure, Target, number};
use crate::inbox::Piece;
use crate::ledger::Ledger;
use crate::payload::{Payload, stamp_in, text_at};
use crate::poster::{head, put_request};
use crate::report::Report;
use crate::seed::{Place, Seed};
use crate::server::Server;
use crate::session::{INTENTS, identify, resume};
use crate::setup::{Setup, data_dir, home};
use crate::stamp::Stamp;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, GATEWAY, Opcode, is_accepted};

/// Seconds until the last one has all that it missed, at most (issue 4).
const SECONDS: Target = Target::AtMost(10.0);

/// Messages posted while all are there and read, while they are there and do not read, and while they are away.
const POSTS: [usize; 3] = [10, 20, 100];

/// Connections that are made between two looks at what has come.
const CONNECTS: usize = 32;

/// Time without anything arriving after which a server counts as stuck.
const STALL: Duration = Duration::from_secs(30);

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Killed,
    Stopped,
    Upgraded,
}

/// The codes by which a server that stops closes: by each of them the session may be resumed.
const RESUMABLE: u16 = 4_000;

/// What asks to reconnect (op 7).
const RECONNECT: Payload<'_> = Payload::Other(7);

/// Has `count` sessions come back, after each way in which a server can end. Fails if that takes too long. The upgrade is
/// one from the `older` program; without it, it is a restart.
pub fn run(setup: &Setup, older: Option<&Path>, count: usize) -> Result<()> {
    raise_file_limit()?;
    pin(setup.cores.load)?;
    let home = home(&setup.server)?;
    let place = Seed { members: count, guilds: 1, messages: 0 }.sow(&data_dir(&home))?;
    let start = |program: &Path| Server::start(program, &data_dir(&home), Some(setup.cores.subject));
    let older = older.unwrap_or(&setup.server);
    let mut storm = Storm { place, crowd: Vec::new(), ledger: Ledger::new(count, 1), posted: 0 };
    let mut report = Report::default();
    let mut server = start(older)?;
    let mut swarm;
    let identified;
    (swarm, identified) = storm.identify(server.address, count).with_context(|| server.last_words())?;
    report.add(case("storm of identifies", count, &identified, &server)?)?;
    for end in [End::Killed, End::Stopped, End::Upgraded] {
        storm.live(&mut swarm, server.address).with_context(|| server.last_words())?;
        let mut stopped = None;
        if end == End::Killed {
            server.kill()?;
        } else {
            let asked = Instant::now();
            server.process().ask_to_stop()?;
            storm.leave(&mut swarm).with_context(|| server.last_words())?;
            server.stop()?;
            stopped = Some(asked.elapsed());
        }
        drop(swarm);
        server = start(if end == End::Upgraded { &setup.server } else { older })?;
        storm.post(server.address, POSTS[2])?;
        let resumed;
        (swarm, resumed) = storm.resume(server.address).with_context(|| server.last_words())?;
        let name = match end {
            End::Killed => "storm of resumes after kill -9",
            End::Stopped => "storm of resumes after SIGTERM",
            End::Upgraded => "storm of resumes after an upgrade",
        };
        let mut case = case(name, count, &resumed, &server)?;
        case.figures
            .extend(stopped.map(|stopped| Figure::of("stop_s", stopped.as_secs_f64()).to_reach(SECONDS)));
        report.add(case)?;
    }
    drop(swarm);
    server.stop()?;
    report.print_table()?;
    report.require_targets()
}

/// All sessions, whether they are connected or not.
struct Storm {
    place: Place,
    crowd: Vec<Session>,
    ledger: Ledger,
    /// Messages posted so far.
    posted: u64,
}

/// One session.
#[derive(Debug, Clone, Default)]
struct Session {
    id: String,
    /// The last sequence that came.
    sequence: u64,
    /// Whether it has what this storm is for.
    is_in: bool,
    /// Whether it was asked to reconnect.
    is_asked: bool,
}

/// How a storm went.
#[derive(Debug)]
struct Stormed {
    connected: Duration,
    half_in: Duration,
    all_in: Duration,
}

fn case(name: &'static str, count: usize, stormed: &Stormed, server: &Server) -> Result<Case> {
    let figures = vec![
        Figure::of("all_connected_s", stormed.connected.as_secs_f64()),
        Figure::of("half_in_s", stormed.half_in.as_secs_f64()),
        Figure::of("all_in_s", stormed.all_in.as_secs_f64()).to_reach(SECONDS),
        Figure::of("processor_s", server.process().processor_time()?.as_secs_f64()),
        Figure::of("resident_mib", number(server.process().resident_kib()?.into()) / 1024.0),
    ];
    Ok(Case { name, connections: Some(count), figures })
}

impl Storm {
    /// Opens `count` sessions at once.
    fn identify(&mut self, address: SocketAddr, count: usize) -> Result<(Swarm, Stormed)> {
        self.crowd = vec![Session::default(); count];
        self.come(address, |storm, nth| identify(&storm.place.token(nth), INTENTS))
    }

    /// Goes on with all sessions at once.
    fn resume(&mut self, address: SocketAddr) -> Result<(Swarm, Stormed)> {
        self.crowd.iter_mut().for_each(|session| (session.is_in, session.is_asked) = (false, false));
        let come = self.come(address, |storm, nth| {
            let session = &storm.crowd[nth];
            resume(&storm.place.token(nth), &session.id, session.sequence)
        })?;
        self.ledger.settle(&[self.posted], true)?;
        Ok(come)
    }

    /// Everyone connects, says their `opening` when they are greeted, and is in when they are told so.
    fn come(
        &mut self,
        address: SocketAddr,
        opening: impl Fn(&Self, usize) -> Vec<u8>,
    ) -> Result<(Swarm, Stormed)> {
        let count = self.crowd.len();
        let mut swarm = Swarm::new()?;
        let start = Instant::now();
        let mut stormed =
            Stormed { connected: Duration::ZERO, half_in: Duration::ZERO, all_in: Duration::ZERO };
        let mut arrived = start;
        let mut came_in = 0;
        while came_in < count {
            for _ in swarm.connections()..count.min(swarm.connections() + CONNECTS) {
                swarm.connect(address, GATEWAY)?;
                stormed.connected = start.elapsed();
            }
            let ready = swarm.poll(Wait::Spin)?;
            if ready > 0 {
                arrived = Instant::now();
            }
            ensure!(arrived.elapsed() < STALL, "stuck: of {count} sessions, {came_in} are in");
            for nth in 0..ready {
                let at = swarm.ready(nth);
                let read = self.read(&mut swarm, at)?;
                if read.is_greeted {
                    swarm.send(at, &opening(self, at))?;
                }
                came_in += usize::from(read.is_in);
                if came_in >= count.div_ceil(2) && stormed.half_in.is_zero() {
                    stormed.half_in = start.elapsed();
                }
            }
        }
        stormed.all_in = start.elapsed();
        Ok((swarm, stormed))
    }

    /// Everyone is asked to go, and goes: half of them at once, the others when they have read why.
    fn leave(&mut self, swarm: &mut Swarm) -> Result<()> {
        let mut here = 0;
        for at in 0..swarm.connections() {
            self.crowd[at].is_in = at.is_multiple_of(2);
            if self.crowd[at].is_in {
                here += 1;
            } else {
                swarm.end(at)?;
            }
        }
        let mut arrived = Instant::now();
        while here > 0 {
            for nth in 0..swarm.poll(Wait::Spin)? {
                let at = swarm.ready(nth);
                if self.crowd[at].is_in && self.read(swarm, at)?.is_closed {
                    self.crowd[at].is_in = false;
                    swarm.end(at)?;
                    here -= 1;
                    arrived = Instant::now();
                }
            }
            ensure!(arrived.elapsed() < STALL, "{here} sessions were not told to reconnect");
        }
        Ok(())
    }

    /// Reads what came for the session `at`.
    fn read(&mut self, swarm: &mut Swarm, at: usize) -> Result<Read> {
        let mut read = Read::default();
        let session = &mut self.crowd[at];
        let ledger = &mut self.ledger;
        let reading = swarm.read(at, |piece| {
            let payload = match piece {
                Piece::Head(head) if is_accepted(head) => return Ok(()),
                Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) => Payload::read(payload)?,
                Piece::Frame(Frame { opcode: Opcode::Close, payload, .. }) if session.is_asked => {
                    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                    ensure!(code == Some(RESUMABLE), "session {at} was closed with {code:?}");
                    read.is_closed = true;
                    return Ok(());
                }
                other => bail!("session {at} got {other:?}"),
            };
            let Payload::Dispatch { name, sequence, d } = payload else {
                session.is_asked |= payload == RECONNECT;
                if session.is_asked {
                    return Ok(());
                }
                ensure!(payload == Payload::Other(10), "session {at} got {payload:?}");
                read.is_greeted = true;
                return Ok(());
            };
            ensure!(sequence == session.sequence + 1, "session {at} has {session:?}, and got {sequence}");
            session.sequence = sequence;
            match name {
                b"READY" => {
                    let id = text_at(br#""session_id":""#, d).context("READY without a session")?;
                    session.id = String::from_utf8(id.to_vec())?;
                    (session.is_in, read.is_in) = (true, true);
                }
                b"RESUMED" => (session.is_in, read.is_in) = (true, true),
                b"MESSAGE_CREATE" => ledger.receive(at, &stamp_in(d)?)?,
                _ => {}
            }
            Ok(())
        })?;
        ensure!(reading == Reading::Drained || read.is_closed, "the server ended session {at}");
        Ok(read)
    }

    /// Posts while all are there: first they read, then they do not.
    fn live(&mut self, swarm: &mut Swarm, address: SocketAddr) -> Result<()> {
        self.post(address, POSTS[0])?;
        let mut arrived = Instant::now();
        while self.ledger.settle(&[self.posted], true).is_err() {
            for nth in 0..swarm.poll(Wait::Spin)? {
                self.read(swarm, swarm.ready(nth))?;
                arrived = Instant::now();
            }
            ensure!(arrived.elapsed() < STALL, "messages are still to come");
        }
        self.post(address, POSTS[1])
    }

    /// Posts `count` messages, one after the other.
    fn post(&mut self, address: SocketAddr, count: usize) -> Result<()> {
        let head = head(&self.place.channel, &self.place.token(0));
        let mut calls = Calls::connect(address, 1)?;
        for _ in 0..count {
            let stamp = Stamp { sender: 0, sequence: self.posted, due: Duration::ZERO };
            let mut request = Vec::new();
            put_request(&head, &stamp.content(), &mut request);
            calls.one(std::str::from_utf8(&request)?)?;
            self.posted += 1;
        }
        Ok(())
    }
}

/// What one read brought.
#[derive(Debug, Clone, Copy, Default)]
struct Read {
    is_greeted: bool,
    is_in: bool,
    is_closed: bool,
}
