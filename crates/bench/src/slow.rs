//! `decentra-bench slow`: many who read slowly, or not at all, among those who read at once (issue 4).
//!
//! All are told of each message that is posted, at a fixed rate. First the quick ones are alone. Then the slow ones come,
//! nine of ten as sessions of the gateway, the others in the lobby; half of them read a little every second, half nothing.
//! For a while the kernel takes for them what they do not read: so long there are only more readers. Then it waits in the
//! server, and then they are cut off: from then on the quick ones must fare nearly as if they were alone.
//!
//! Each slow one must have been told to come back by a code that says that it can, and must have all up to a point, once and
//! in order; and some come back, and must get the rest.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::audience::Audience;
use crate::callers::{Call, Callers, Verdict};
use crate::cores::{pin, raise_file_limit};
use crate::figure::{Case, Figure, Target, number};
use crate::histogram::Histogram;
use crate::inbox::Piece;
use crate::join::join_frame;
use crate::payload::{Payload, stamp_in, text_at};
use crate::poster::{MORE, head, put_request};
use crate::report::Report;
use crate::seed::{Place, Seed};
use crate::server::Server;
use crate::session::{HEARTBEAT, INTENTS, heartbeat, identify, is_hello, resume};
use crate::setup::{Setup, data_dir, home};
use crate::stamp::Stamp;
use crate::swarm::{Reading, Swarm, Wait};
use crate::usage::kernel_socket_mib;
use crate::websocket::{Frame, GATEWAY, LOBBY, Opcode, is_accepted};

/// The quick ones' p99 does not double (issue 4).
const DOUBLED: Target = Target::RatioAtMost(2.0);

/// Milliseconds within which 99 of 100 deliveries come while the slow ones still seem quick (issue 4).
const LATENCY_MS: Target = Target::AtMost(250.0);

/// Bytes of the server for each connection, at most: 16 KiB that may wait for it, and 16 KiB for itself.
const CONNECTION_BYTES: usize = 32 * 1024;

/// Bytes of the server besides: 64 MiB that may wait for all, 64 for the end of the log and the pages of history, and 64 for
/// the program, its database and what the allocator keeps.
const SERVER_BYTES: usize = 192 * 1024 * 1024;

/// Messages posted in a second: few enough that a thousand get each before the next comes.
const PER_S: u32 = 50;

/// Connections over which they are posted.
const CALLERS: usize = 64;

/// One of so many slow ones is in the lobby.
const IN_LOBBY: usize = 10;

/// One of so many reads a little, every second.
const READS_ONE_IN: usize = 2;

/// What it reads.
const SIP_BYTES: usize = 512;

/// Bytes that the kernel is to keep for a slow one at its end: what it keeps there says nothing of the server.
const RECEIVE_BYTES: usize = 4 * 1024;

/// Slow ones who come in at once.
const WINDOW: usize = 64;

/// Slow ones who come back in the end.
const COME_BACK: usize = 200;

/// Time that each part may take, at most.
const PATIENCE: Duration = Duration::from_mins(3);

/// The codes by which a slow one is cut off: in the gateway, which it may resume after, and in the lobby, whose history tells
/// what was missed.
const CODES: [u16; 2] = [4_000, 4_008];

/// Who takes part, and for how long the quick ones are alone.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Those who read at once.
    pub quick: usize,
    /// Those who do not.
    pub slow: usize,
    /// For how long the quick ones are alone.
    pub alone: Duration,
}

/// Has slow ones come among the quick ones. Fails if a target is missed, or something was lost.
pub fn run(setup: &Setup, plan: &Plan) -> Result<()> {
    raise_file_limit()?;
    pin(setup.cores.load)?;
    let home = home(&setup.server)?;
    let place = Seed { members: plan.quick, guilds: 1, messages: 0 }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let mut report = Report::default();
    measure(&server, &place, plan, &mut report).with_context(|| server.last_words())?;
    server.stop()?;
    report.print_table()?;
    report.require_targets()
}

fn measure(server: &Server, place: &Place, plan: &Plan, report: &mut Report) -> Result<()> {
    let mut scene = Scene::open(server, place, plan.quick)?;
    scene.run_until(|scene| Ok(scene.lasted() > plan.alone))?;
    let before = scene.settle()?;
    let alone = scene.take_latency();
    scene.slow = Some(Slow::come(server, place, plan.slow)?);
    scene.run_until(|scene| Ok(scene.metric("readers_waiting ")? >= plan.slow as u64))?;
    let filling = scene.take_latency();
    let kernel_mib = kernel_socket_mib()?;
    scene.run_until(|scene| Ok(scene.metric("slow_readers_total ")? >= plan.slow as u64))?;
    let cut = scene.take_latency();
    scene.run_until(|scene| Ok(scene.lasted() > plan.alone))?;
    let after = scene.take_latency();
    let posted = scene.settle()?;
    let mut slow = scene.slow.take().context("they were there")?;
    slow.hear_all()?;
    slow.come_back(server, place, posted - before)?;
    let p99 = |latency: &Histogram| latency.percentile(99).as_secs_f64() * 1e3;
    let beside = |name, latency| Figure::beside(name, &[(p99(latency), p99(&alone))]);
    let bytes = SERVER_BYTES + (plan.quick + plan.slow) * CONNECTION_BYTES;
    let peak_mib = number(server.process().peak_kib()?.into()) / 1024.0;
    let figures = vec![
        Figure::of("alone_p99_ms", p99(&alone)),
        Figure::of("kernel_takes_it_p99_ms", p99(&filling)).to_reach(LATENCY_MS),
        beside("waiting_and_cut_p99_ms", &cut).to_reach(DOUBLED),
        beside("after_p99_ms", &after).to_reach(DOUBLED),
        Figure::of("posted", number(posted)),
        Figure::of("refused", number(scene.refused)),
        Figure::of("kernel_sockets_mib", kernel_mib),
        Figure::of("peak_resident_mib", peak_mib)
            .to_reach(Target::AtMost(number(bytes as u64) / 1024.0 / 1024.0)),
        Figure::of("came_back", number(COME_BACK.min(plan.slow) as u64)),
    ];
    let case =
        Case { name: "slow readers among quick ones", connections: Some(plan.quick + plan.slow), figures };
    Ok(report.add(case)?)
}

/// The quick ones, and messages at a fixed rate.
struct Scene<'a> {
    server: &'a Server,
    epoch: Instant,
    quick: Audience,
    callers: Callers,
    head: String,
    /// When the next message is due.
    due: Duration,
    /// When this part began.
    began: Duration,
    /// When it was last asked whether it is over.
    asked: Duration,
    posted: u64,
    refused: u64,
    latency: Histogram,
    slow: Option<Slow>,
}

impl<'a> Scene<'a> {
    fn open(server: &'a Server, place: &Place, quick: usize) -> Result<Self> {
        Ok(Self {
            server,
            quick: Audience::open(server.address, place, quick)?,
            callers: Callers::new(server.address, CALLERS)?,
            head: head(&place.lobby, &place.token(0)),
            epoch: Instant::now(),
            due: Duration::ZERO,
            began: Duration::ZERO,
            asked: Duration::ZERO,
            posted: 0,
            refused: 0,
            latency: Histogram::default(),
            slow: None,
        })
    }

    /// How long this part lasts so far.
    fn lasted(&self) -> Duration {
        self.epoch.elapsed().saturating_sub(self.began)
    }

    /// Posts, and has all read, until `is_over`, which is asked once a second.
    fn run_until(&mut self, is_over: impl Fn(&Self) -> Result<bool>) -> Result<()> {
        self.began = self.epoch.elapsed();
        self.due = self.began;
        loop {
            let now = self.epoch.elapsed();
            if now > self.asked + Duration::from_secs(1) {
                self.asked = now;
                if is_over(self)? {
                    return Ok(());
                }
                ensure!(self.lasted() < PATIENCE, "it is not over after {PATIENCE:?}");
            }
            while self.due <= now {
                let call = Call { kind: 0, due: self.due };
                let Self { callers, head, posted, .. } = self;
                callers.call(call, &mut |call, bytes| put(head, posted, call, bytes))?;
                self.due += Duration::from_secs(1) / PER_S;
            }
            self.turn()?;
        }
    }

    /// Takes what came.
    fn turn(&mut self) -> Result<()> {
        let Self { callers, head, posted, refused, quick, epoch, latency, slow, .. } = self;
        callers.turn(&mut |call, bytes| put(head, posted, call, bytes), |_, verdict| {
            *refused += u64::from(verdict != Verdict::Taken);
        })?;
        quick.turn(|due| latency.record(epoch.elapsed().saturating_sub(due)))?;
        slow.as_mut().map_or(Ok(()), |slow| slow.sip(epoch.elapsed()))
    }

    /// Waits until all that was posted has come to the quick ones.
    fn quiet(&mut self) -> Result<()> {
        let began = Instant::now();
        while self.callers.under_way() > 0 || !self.quick.has_all(self.posted - self.refused) {
            self.turn()?;
            ensure!(began.elapsed() < PATIENCE, "the quick ones have not all that was posted");
        }
        Ok(())
    }

    /// Checks that the quick ones have all that was posted; how much that is.
    fn settle(&mut self) -> Result<u64> {
        self.quiet()?;
        ensure!(self.quick.came_back() == 0, "a quick one was cut off");
        self.quick.settle(self.posted - self.refused)?;
        Ok(self.posted - self.refused)
    }

    /// The times that deliveries took since it was last asked.
    fn take_latency(&mut self) -> Histogram {
        std::mem::take(&mut self.latency)
    }

    /// What the server counts under this `name`.
    fn metric(&self, name: &str) -> Result<u64> {
        let text = self.server.metrics()?;
        let figure = text.lines().find_map(|line| line.strip_prefix("decentra_")?.strip_prefix(name));
        Ok(figure.with_context(|| format!("{name}is not counted"))?.trim().parse()?)
    }
}

/// Writes the request that posts the next message.
fn put(head: &str, posted: &mut u64, call: Call, bytes: &mut Vec<u8>) {
    let stamp = Stamp { sender: 0, sequence: *posted, due: call.due };
    put_request(head, &[&stamp.content(), MORE].concat(), bytes);
    *posted += 1;
}

/// Those who read slowly, or not at all.
struct Slow {
    swarm: Swarm,
    each: Vec<Reader>,
    /// Who is next to read a little, and when.
    next: usize,
    at: Duration,
}

/// One of them.
#[derive(Debug, Clone, Default)]
struct Reader {
    /// Its session; empty, if it is a guest in the lobby.
    session: String,
    sequence: u64,
    messages: u64,
    is_in: bool,
    /// When it last gave a sign of life.
    beat: Duration,
    /// The code by which it was cut off.
    closed: Option<u16>,
    has_ended: bool,
}

impl Slow {
    /// Lets `count` of them in.
    fn come(server: &Server, place: &Place, count: usize) -> Result<Self> {
        let swarm = Swarm::keeping(RECEIVE_BYTES)?;
        let mut slow = Self { swarm, each: vec![Reader::default(); count], next: 0, at: Duration::ZERO };
        let began = Instant::now();
        let mut came_in = 0;
        while came_in < count {
            ensure!(began.elapsed() < PATIENCE, "of {count} slow ones, {came_in} came in");
            for nth in slow.swarm.connections()..count.min(came_in + WINDOW) {
                slow.swarm.connect(server.address, if is_guest(nth) { LOBBY } else { GATEWAY })?;
            }
            for nth in 0..slow.swarm.poll(Wait::Spin)? {
                let at = slow.swarm.ready(nth);
                let was_in = slow.each[at].is_in;
                if let Some(answer) = slow.read(at, place)? {
                    slow.swarm.send(at, &answer)?;
                }
                came_in += usize::from(slow.each[at].is_in && !was_in);
            }
        }
        Ok(slow)
    }

    /// Reads on the way in; what is to be answered.
    fn read(&mut self, at: usize, place: &Place) -> Result<Option<Vec<u8>>> {
        let Self { swarm, each, .. } = self;
        let reader = &mut each[at];
        let mut answer = None;
        let token = || place.token(at % place.members);
        let reading = swarm.read(at, |piece| {
            match piece {
                Piece::Head(head) if is_accepted(head) => {
                    answer = is_guest(at).then(|| join_frame(&format!("s{at:05}")));
                }
                Piece::Frame(Frame { payload, .. }) if is_hello(payload) => {
                    answer = Some(identify(&token(), INTENTS));
                }
                piece => reader.hear(&piece, is_guest(at))?,
            }
            Ok(())
        })?;
        ensure!(reading == Reading::Drained, "the server ended slow reader {at}");
        Ok(answer)
    }

    /// Has one read a little, if that is due at `now`.
    fn sip(&mut self, now: Duration) -> Result<()> {
        if now < self.at {
            return Ok(());
        }
        let Self { swarm, each, .. } = self;
        let at = self.next;
        let reader = &mut each[at];
        if !reader.has_ended && at.is_multiple_of(READS_ONE_IN) {
            reader.has_ended = swarm.sip(at, SIP_BYTES, |piece| reader.hear(&piece, is_guest(at)))?.is_none();
        }
        // Slow as they are, they live. Who was cut off meanwhile finds out by reading.
        if !reader.has_ended && !is_guest(at) && now > reader.beat + HEARTBEAT {
            reader.beat = now;
            let _ = swarm.send(at, &heartbeat());
        }
        self.next = (at + 1) % each.len();
        // Late or not, each reads at most once a second.
        self.at = now + Duration::from_secs(1) / u32::try_from(each.len())?;
        Ok(())
    }

    /// Has all read to the end. Each must have been told to come back.
    fn hear_all(&mut self) -> Result<()> {
        let began = Instant::now();
        for at in 0..self.each.len() {
            while !self.each[at].has_ended {
                ensure!(began.elapsed() < PATIENCE, "slow reader {at} was not cut off: {:?}", self.each[at]);
                let Self { swarm, each, .. } = self;
                let reader = &mut each[at];
                let reading = swarm.read(at, |piece| reader.hear(&piece, is_guest(at)))?;
                reader.has_ended = reading == Reading::Ended || reader.closed.is_some();
            }
            let code = CODES[usize::from(is_guest(at))];
            let closed = self.each[at].closed;
            ensure!(
                closed.is_none_or(|closed| closed == code),
                "slow reader {at} was told {closed:?}, not {code}"
            );
        }
        let told = self.each.iter().filter(|reader| reader.closed.is_some()).count();
        eprintln!(
            "of {} slow readers, {told} were still there to read why they were cut off",
            self.each.len()
        );
        Ok(())
    }

    /// Has some come back, who must get the rest of the `posted` messages.
    fn come_back(&self, server: &Server, place: &Place, posted: u64) -> Result<()> {
        let of_gateway = self.each.iter().enumerate().filter(|(_, reader)| !reader.session.is_empty());
        for (at, was) in of_gateway.take(COME_BACK) {
            let mut swarm = Swarm::new()?;
            swarm.connect(server.address, GATEWAY)?;
            let mut reader = Reader { is_in: false, ..was.clone() };
            let began = Instant::now();
            while !reader.is_in {
                ensure!(began.elapsed() < PATIENCE, "slow reader {at} did not come back");
                if swarm.poll(Wait::Sleep(Duration::from_secs(1)))? == 0 {
                    continue;
                }
                let mut is_greeted = false;
                swarm.read(0, |piece| {
                    match piece {
                        Piece::Head(head) if is_accepted(head) => {}
                        Piece::Frame(Frame { payload, .. }) if is_hello(payload) => is_greeted = true,
                        piece => reader.hear(&piece, false)?,
                    }
                    Ok(())
                })?;
                if is_greeted {
                    let token = place.token(at % place.members);
                    swarm.send(0, &resume(&token, &was.session, was.sequence))?;
                }
            }
            ensure!(
                reader.messages == posted,
                "of {posted} messages, slow reader {at} got {}",
                reader.messages
            );
        }
        Ok(())
    }
}

impl Reader {
    /// Takes in a piece.
    fn hear(&mut self, piece: &Piece<'_>, is_guest: bool) -> Result<()> {
        let (opcode, payload) = match piece {
            Piece::Frame(Frame { opcode, payload, .. }) => (*opcode, *payload),
            Piece::Head(head) => bail!("not an upgrade: {}", String::from_utf8_lossy(head)),
        };
        match opcode {
            Opcode::Close => {
                self.closed = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                return Ok(());
            }
            _ if is_guest => {
                self.is_in |= payload.starts_with(br#"{"type":"history""#);
                return Ok(());
            }
            _ => {}
        }
        let (name, sequence, d) = match Payload::read(payload)? {
            Payload::Dispatch { name, sequence, d } => (name, sequence, d),
            Payload::Other(11) => return Ok(()),
            other @ Payload::Other(_) => bail!("{other:?} came"),
        };
        ensure!(sequence == self.sequence + 1, "at {}, {sequence} came", self.sequence);
        self.sequence = sequence;
        match name {
            b"READY" => {
                let id = text_at(br#""session_id":""#, d).context("READY without a session")?;
                self.session = String::from_utf8(id.to_vec())?;
                self.is_in = true;
            }
            b"RESUMED" => self.is_in = true,
            b"MESSAGE_CREATE" => {
                stamp_in(d)?;
                self.messages += 1;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether the slow reader `nth` is in the lobby.
fn is_guest(nth: usize) -> bool {
    nth % IN_LOBBY == IN_LOBBY - 1
}
