//! Other people's servers, each with a configuration under which it does its best.
//!
//! They listen on this machine only, keep nothing on disk, log nothing that costs, look up no names, and have no limit that
//! a thousand loud clients from one address would meet: none on connections, rates or floods, and room for what
//! waits for a slow reader. All else is as Debian and its authors set it.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use tempfile::TempDir;

use super::debian;
use super::guest::{Guest, enter};
use super::irc::Irc;
use super::mqtt::Mqtt;
use super::nats::Nats;
use crate::cores::spawn_on;
use crate::port::free_address;
use crate::process::Process;
use crate::room::Room;
use crate::senders::Senders;
use crate::setup::{Setup, home};

/// Time that one has to listen.
const LISTEN_MAX: Duration = Duration::from_secs(10);

/// Pause between two looks whether it listens.
const LISTEN_LOOK: Duration = Duration::from_millis(1);

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rival {
    /// NATS: in Go, on as many threads as there are cores
    Nats,
    /// ngIRCd: in C, one thread
    Ngircd,
    /// `InspIRCd`: in C++, one thread
    Inspircd,
    /// Mosquitto: in C, one thread
    Mosquitto,
}

/// One that runs.
#[derive(Debug)]
pub struct Running {
    rival: Rival,
    address: SocketAddr,
    process: Process,
    home: TempDir,
}

impl Rival {
    /// Its package in Debian, which is also the name of its program.
    pub fn package(self) -> &'static str {
        match self {
            Self::Nats => "nats-server",
            Self::Ngircd => "ngircd",
            Self::Inspircd => "inspircd",
            Self::Mosquitto => "mosquitto",
        }
    }

    /// Starts it on the core of those whom we measure, and waits until it listens.
    pub fn start(self, setup: &Setup) -> Result<Running> {
        let debian = debian::unpacked(&setup.server)?;
        let home = home(&setup.server)?;
        let address = free_address()?;
        let configuration = home.path().join("rival.conf");
        let modules = debian.join("usr/lib/inspircd/modules");
        fs::write(&configuration, self.configuration(address, home.path(), &modules))?;
        fs::create_dir(home.path().join("more"))?;
        let log = File::create(home.path().join("rival.log"))?;
        let mut command = debian::command(&debian, self.package())?;
        self.add_arguments(&mut command, &configuration);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let process = Process::new(spawn_on(setup.cores.subject, &mut command)?);
        let mut running = Running { rival: self, address, process, home };
        running.wait_until_it_listens().with_context(|| running.last_words())?;
        Ok(running)
    }

    fn add_arguments(self, command: &mut Command, configuration: &Path) {
        match self {
            // Only with this word it starts for root; for others, the word changes nothing.
            Self::Inspircd => {
                command.args(["--nofork", "--runasroot"]);
                command.arg(format!("--config={}", configuration.display()));
            }
            Self::Ngircd => {
                command.args(["--nodaemon", "--config"]).arg(configuration);
            }
            Self::Nats | Self::Mosquitto => {
                command.arg("-c").arg(configuration);
            }
        }
    }

    /// Its configuration file.
    fn configuration(self, address: SocketAddr, home: &Path, modules: &Path) -> String {
        let (home, modules, port) = (home.display(), modules.display(), address.port());
        match self {
            Self::Nats => format!(
                "listen: \"{address}\"\nmax_connections: 100000\nmax_pending: 256MB\nping_interval: \"1h\"\n"
            ),
            Self::Mosquitto => format!(
                "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_connections -1\n\
                max_queued_messages 0\nmax_inflight_messages 0\nset_tcp_nodelay true\nlog_type error\n"
            ),
            Self::Ngircd => format!(
                "[Global]\nName = rival.local\nInfo = rival\nListen = 127.0.0.1\nPorts = {port}\n\
                MotdPhrase = hello\n\
                [Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxJoins = 0\nMaxPenaltyTime = 0\n\
                PingTimeout = 3600\nPongTimeout = 3600\n\
                [Options]\nDNS = no\nIdent = no\nPAM = no\nIncludeDir = {home}/more\n"
            ),
            Self::Inspircd => format!(
                "<config format=\"xml\">\n\
                <server name=\"rival.local\" description=\"rival\" network=\"rival\">\n\
                <admin name=\"rival\" nick=\"rival\" email=\"rival@localhost\">\n\
                <bind address=\"127.0.0.1\" port=\"{port}\" type=\"clients\">\n\
                <connect name=\"main\" allow=\"*\" timeout=\"1h\" pingfreq=\"1h\" resolvehostnames=\"no\" \
                useident=\"no\" hardsendq=\"256M\" softsendq=\"256M\" recvq=\"1M\" fakelag=\"no\" \
                threshold=\"100000000\" commandrate=\"100000000\" localmax=\"100000\" globalmax=\"100000\" \
                maxconnwarn=\"no\" limit=\"100000\">\n\
                <options defaultmodes=\"\">\n\
                <performance somaxconn=\"4096\" softlimit=\"100000\" netbuffersize=\"65534\">\n\
                <path configdir=\"{home}\" datadir=\"{home}\" logdir=\"{home}\" moduledir=\"{modules}\">\n\
                <pid file=\"{home}/rival.pid\">\n"
            ),
        }
    }

    fn protocol(self) -> &'static dyn Guest {
        match self {
            Self::Nats => &Nats,
            Self::Ngircd | Self::Inspircd => &Irc,
            Self::Mosquitto => &Mqtt,
        }
    }

    /// Whether it sends whoever sends a message that message back, if they receive the others' ones.
    fn echoes(self) -> bool {
        matches!(self, Self::Nats | Self::Mosquitto)
    }
}

impl Running {
    /// A room of its own with `receivers`, and so many who send: some of these, or, where one's own messages do not come
    /// back, others.
    pub fn enter(&self, receivers: usize, senders: usize) -> Result<Room> {
        let protocol = self.rival.protocol();
        let swarm = enter(protocol, self.address, receivers, ('r', true))?;
        let senders = if self.rival.echoes() {
            Senders::Among(senders)
        } else {
            Senders::Apart(enter(protocol, self.address, senders, ('s', false))?)
        };
        Ok(Room::new(swarm, senders).speaking(protocol))
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Ends it at once: it has nothing to save.
    pub fn stop(self) -> Result<()> {
        let last_words = self.last_words();
        self.process.kill().context(last_words)
    }

    /// What it printed last, for whoever looks for the reason of a failure.
    pub fn last_words(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(5)..].join(" | ");
        format!("the last words of {}: {last}", self.rival.package())
    }

    fn log(&self) -> PathBuf {
        self.home.path().join("rival.log")
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let start = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            self.process.require_running()?;
            ensure!(start.elapsed() < LISTEN_MAX, "it does not listen after {LISTEN_MAX:?}");
            thread::sleep(LISTEN_LOOK);
        }
        Ok(())
    }
}
