//! Whom we measure: our server or a floor, with a room full of connections.

use std::env;
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::cores::spawn_on;
use crate::drive::Drive;
use crate::figure::number;
use crate::join::{Entrance, enter};
use crate::packed::{Transport, Volume};
use crate::port::free_address;
use crate::poster::Poster;
use crate::process::Process;
use crate::rivals::rival::{Rival, Running};
use crate::room::Room;
use crate::seed::Seed;
use crate::senders::Senders;
use crate::server::Server;
use crate::session::{packed_sessions, sessions};
use crate::setup::{Setup, data_dir, home};
use crate::usage;

/// How many are on their way into a room at once.
pub const WINDOW: usize = 128;

/// How many of those in a room send, at most; they are spread evenly over it.
const SENDERS_MAX: usize = 10;

/// How many post over HTTP: as many as there are messages under way in the lobby, pipelined.
const POSTERS: usize = 40;

/// Time that a floor has to listen.
const LISTEN_MAX: Duration = Duration::from_secs(5);

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Our server, and everyone in its lobby.
    Lobby,
    /// Our server, and everyone on its gateway; messages are posted over HTTP.
    Gateway,
    /// The same, with streams that are compressed.
    Packed(Transport),
    /// Someone else's server.
    Rival(Rival),
    /// The floor that writes each message, of so many bytes at least, to each socket.
    OneWrite(usize),
    /// The floor that gathers what waits for a socket into one write.
    Gathering(usize),
}

/// One that runs, with everyone in.
pub struct Subject {
    room: Room,
    host: Host,
}

/// Who runs the room.
#[derive(Debug)]
enum Host {
    Server(Server, TempDir),
    Floor(Process),
    Rival(Running),
}

/// One measurement.
#[derive(Debug)]
pub struct Sample {
    drive: Drive,
    /// The processor time that the subject took.
    processor: Duration,
    /// The processor time that the load took.
    load: Duration,
}

impl Subject {
    /// Starts one of `kind`, and lets `receivers` in.
    pub fn open(setup: &Setup, kind: Kind, receivers: usize) -> Result<Self> {
        let (host, address) = match kind {
            Kind::Gateway => return Self::gateway(setup, None, receivers),
            Kind::Packed(transport) => return Self::gateway(setup, Some(transport), receivers),
            Kind::Rival(rival) => return Self::rival(setup, rival, receivers),
            Kind::Lobby => {
                let home = home(&setup.server)?;
                let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
                let address = server.address;
                (Host::Server(server, home), address)
            }
            Kind::OneWrite(bytes) => floor(setup, &["--frame-bytes", &bytes.to_string()])?,
            Kind::Gathering(bytes) => floor(setup, &["--gather", "--frame-bytes", &bytes.to_string()])?,
        };
        let announced = kind == Kind::Lobby;
        let entrance = Entrance { address, connections: receivers, window: WINDOW, announced };
        let (swarm, _) = enter(&entrance).with_context(|| host.last_words())?;
        Ok(Self { room: Room::new(swarm, Senders::Among(SENDERS_MAX.min(receivers))), host })
    }

    /// Our server, with a session for each of `receivers` members of one guild.
    fn gateway(setup: &Setup, transport: Option<Transport>, receivers: usize) -> Result<Self> {
        let home = home(&setup.server)?;
        let seed = Seed { members: receivers, guilds: 1, messages: 0 };
        let place = seed.sow(&data_dir(&home))?;
        let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
        let address = server.address;
        let token = |nth| place.token(nth);
        let opened = match transport {
            Some(transport) => packed_sessions(address, transport, receivers, token),
            None => sessions(address, receivers, token).map(|swarm| (swarm, Vec::new())),
        };
        let (swarm, packed) = opened.with_context(|| server.last_words())?;
        let posters = (0..POSTERS.min(receivers))
            .map(|nth| Poster::connect(address, &place.channel, &place.token(nth)))
            .collect::<Result<Vec<_>>>()?;
        let room = Room::new(swarm, Senders::Posting(posters)).unpacking(packed);
        Ok(Self { room, host: Host::Server(server, home) })
    }

    /// `rival`, with `receivers` in its room.
    fn rival(setup: &Setup, rival: Rival, receivers: usize) -> Result<Self> {
        let running = rival.start(setup)?;
        let senders = SENDERS_MAX.min(receivers);
        let room = running.enter(receivers, senders).with_context(|| running.last_words())?;
        Ok(Self { room, host: Host::Rival(running) })
    }

    /// Bytes of a message as it came, once one has.
    pub fn payload_bytes(&self) -> Option<usize> {
        self.room.payload_bytes()
    }

    /// How much came compressed, on all connections.
    pub fn packed_volume(&self) -> Volume {
        self.room.packed_volume()
    }

    /// Its resident memory, in KiB.
    pub fn resident_kib(&self) -> Result<u32> {
        self.host.process().resident_kib()
    }

    /// Measures what `drive` does with the room.
    pub fn measure(&mut self, drive: impl FnOnce(&mut Room) -> Result<Drive>) -> Result<Sample> {
        let before = (self.host.process().processor_time()?, own_processor_time()?);
        let drive = drive(&mut self.room).with_context(|| self.host.last_words())?;
        let after = (self.host.process().processor_time()?, own_processor_time()?);
        Ok(Sample {
            drive,
            processor: after.0.saturating_sub(before.0),
            load: after.1.saturating_sub(before.1),
        })
    }

    /// Lets everyone go, and ends it. Our server must stop cleanly.
    pub fn close(self) -> Result<()> {
        drop(self.room);
        match self.host {
            Host::Server(server, _home) => server.stop(),
            Host::Floor(process) => process.kill(),
            Host::Rival(running) => running.stop(),
        }
    }
}

impl Host {
    fn process(&self) -> &Process {
        match self {
            Self::Server(server, _) => server.process(),
            Self::Floor(process) => process,
            Self::Rival(running) => running.process(),
        }
    }

    fn last_words(&self) -> String {
        match self {
            Self::Server(server, _) => server.last_words(),
            Self::Floor(_) => "against a floor".to_owned(),
            Self::Rival(running) => running.last_words(),
        }
    }
}

impl Sample {
    /// How many deliveries there were in each second.
    pub fn deliveries_per_s(&self) -> f64 {
        number(self.drive.deliveries) / self.drive.wall.as_secs_f64()
    }

    /// How many messages there were in each second.
    pub fn messages_per_s(&self) -> f64 {
        number(self.drive.messages) / self.drive.wall.as_secs_f64()
    }

    /// Processor time of the subject for each delivery, in µs.
    pub fn cpu_us_per_delivery(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / number(self.drive.deliveries)
    }

    /// The latency that half of all deliveries did not exceed, in µs.
    pub fn latency_p50_us(&self) -> f64 {
        self.drive.latency.percentile(50).as_secs_f64() * 1e6
    }

    /// The latency that 99 of 100 deliveries did not exceed, in µs.
    pub fn latency_p99_us(&self) -> f64 {
        self.drive.latency.percentile(99).as_secs_f64() * 1e6
    }

    /// The share of its core that the subject took, in percent.
    pub fn core_percent(&self) -> f64 {
        self.percent(self.processor)
    }

    /// The share of its core that the load took, in percent. It spins, so this should be all of it: where it is
    /// less, something else ran there.
    pub fn load_percent(&self) -> f64 {
        self.percent(self.load)
    }

    /// The share of the time in which the load had something to read, in percent. Near 100 the load is what limits.
    pub fn load_busy_percent(&self) -> f64 {
        100.0 - self.percent(self.drive.idle)
    }

    /// `time` as a share of the time that this took.
    fn percent(&self, time: Duration) -> f64 {
        100.0 * time.as_secs_f64() / self.drive.wall.as_secs_f64()
    }
}

/// Starts a floor, which is this very program, on the core of those whom we measure.
fn floor(setup: &Setup, options: &[&str]) -> Result<(Host, SocketAddr)> {
    let address = free_address()?;
    let mut command = Command::new(env::current_exe()?);
    command.args(["floor", "--port", &address.port().to_string()]).args(options).stdin(Stdio::null());
    let process = Process::new(spawn_on(setup.cores.subject, &mut command)?);
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        ensure!(start.elapsed() < LISTEN_MAX, "the floor does not listen");
    }
    Ok((Host::Floor(process), address))
}

/// The processor time of this process.
fn own_processor_time() -> Result<Duration> {
    usage::processor_time(std::process::id())
}
